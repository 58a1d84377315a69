package inquiry_test

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/inquiry"
	"parley/proof"
	"parley/release"
)

// signed is a file that a log has signed, without any entry.
func signed(t testing.TB) (raw []byte, key string) {
	t.Helper()
	log, err := proof.NewLogKey("parley.test/theatre")
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := note.Sign(&note.Note{Text: "parley.test/theatre\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"}, log)
	if err != nil {
		t.Fatal(err)
	}
	f := &inquiry.File{LogKey: log.Public(), Checkpoint: string(checkpoint), Entries: []inquiry.Entry{}}
	r := &inquiry.Report{Theatre: parley.Hash{1}, For: parley.Desk, Reader: parley.MakeRef(parley.RefMember, parley.Hash{2}, 5), Lines: []release.InquiryLine{{Section: "releases", Positions: []uint64{}, Facts: []release.Fact{{Name: "release", Value: "none by then"}}, Missing: []string{}}}, Missing: []string{}, Sentence: parley.SentenceInquiry}
	if err := f.Sign(r, log); err != nil {
		t.Fatal(err)
	}
	if raw, err = f.Marshal(); err != nil {
		t.Fatal(err)
	}
	return raw, log.Public()
}

// An empty answer is an answer too: it is signed, and its one line is the log's word that nothing was on record.
func TestALineWithoutAnEntryIsTheLogsWord(t *testing.T) {
	raw, key := signed(t)
	f, err := inquiry.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Verify(proof.Trust{LogKey: key})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Proved) != 1 || v.Proved[0] != inquiry.Stated {
		t.Errorf("proved %q; expected one line that is stated", v.Proved)
	}
}

func TestFilesThatAreNoInquiry(t *testing.T) {
	raw, _ := signed(t)
	for what, text := range map[string]string{"nothing": "", "a receipt": `{"format":"parley receipt v1"}`, "a field more": strings.Replace(string(raw), "{", `{"more":1,`, 1), "a field twice": strings.Replace(string(raw), "{", `{"format":"parley inquiry v1",`, 1), "half": string(raw[:len(raw)/2])} {
		if _, err := inquiry.Parse([]byte(text)); err == nil {
			t.Errorf("%s was read", what)
		}
	}
}

// Whatever is in a file, reading it ends, and what its log has not signed does not verify.
func FuzzFile(f *testing.F) {
	raw, key := signed(f)
	f.Add(raw)
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := inquiry.Parse(text)
		if err != nil {
			return
		}
		if v, err := file.Verify(proof.Trust{LogKey: key}); err == nil && (len(v.Lines) != 1 || v.Lines[0].Section != "releases") {
			t.Errorf("another report verifies: %+v", v.Report)
		}
	})
}
