package listfolder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/designation"
	"parley/exchange/lists"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// edition is a list of so many bodies that do not exist.
func edition(name, day string, entries int) []lists.File {
	var b strings.Builder
	fmt.Fprintf(&b, `<CONSOLIDATED_LIST dateGenerated="%sT00:00:00Z"><ENTITIES>`, day)
	for i := range entries {
		fmt.Fprintf(&b, `<ENTITY><FIRST_NAME>Zarghun League number %d</FIRST_NAME><REFERENCE_NUMBER>QDe.%03d</REFERENCE_NUMBER></ENTITY>`, i, 900+i)
	}
	b.WriteString(`</ENTITIES></CONSOLIDATED_LIST>`)
	return []lists.File{{Name: name, Data: []byte(b.String())}}
}

func load(t *testing.T, f *Folder, files []lists.File, o Options) *Kept {
	t.Helper()
	o.Now = now
	k, _, err := f.Load(files, o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func refused(t *testing.T, f *Folder, files []lists.File, o Options, words string) {
	t.Helper()
	o.Now = now
	_, _, err := f.Load(files, o)
	var fault *parley.Fault
	if !errors.As(err, &fault) || !strings.Contains(fault.Field+" "+fault.Read+" "+fault.Expected, words) {
		t.Errorf("read %v; expected a fault about %q", err, words)
	}
}

func TestEditionsStandSideBySide(t *testing.T) {
	f := Open(filepath.Join(t.TempDir(), "lists"))
	if all, err := f.All(); err != nil || len(all) > 0 {
		t.Fatalf("a folder that is not there: %v, %v", all, err)
	}
	old := load(t, f, edition("list.xml", "2026-01-01", 10), Options{})
	load(t, f, edition("edition.json", "2026-02-01", 9), Options{}) // the folder has a file of that name
	refused(t, f, edition("list.xml", "2026-02-10", 7), Options{}, "the edition of 2026-02-01 stays in force")
	load(t, f, edition("list.xml", "2026-02-10", 7), Options{Shrunk: true})
	refused(t, f, edition("list.xml", "2026-04-01", 9), Options{}, "a date that is not to come")
	refused(t, f, edition("list.xml", "2026-02-11", 9), Options{List: "A B"}, "a short name")
	refused(t, f, append(edition("a/list.csv", "2026-02-11", 9), edition("b/list.csv", "2026-02-11", 9)...), Options{}, "twice")
	load(t, f, edition("list.xml", "2026-02-11", 9), Options{List: "OURS"})
	if _, fresh, err := f.Load(edition("list.xml", "2026-01-01", 10), Options{Now: now}); err != nil || fresh {
		t.Errorf("an edition that is there: fresh %v, %v", fresh, err)
	}
	all, err := f.All()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		got = append(got, fmt.Sprintf("%s %s %d %s", e.List, e.Date, len(e.Entries), e.Entries[0].ID))
	}
	if want := "OURS 2026-02-11 9 OURS:QDe.900, UN 2026-01-01 10 UN:QDe.900, UN 2026-02-01 9 UN:QDe.900, UN 2026-02-10 7 UN:QDe.900"; strings.Join(got, ", ") != want {
		t.Errorf("read %s; expected %s", strings.Join(got, ", "), want)
	}
	// What lies half loaded, and what was altered, is not used.
	if err := os.MkdirAll(filepath.Join(f.Path(), ".loading-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.Path(), ".loading-1", editionFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if kept, err := f.Editions(); err != nil || len(kept) != 4 {
		t.Errorf("read %d editions, %v", len(kept), err)
	}
	if err := os.WriteFile(filepath.Join(old.folder, "list.xml"), edition("", "2026-01-01", 11)[0].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.All(); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("an altered edition: read %v", err)
	}
}

// Editions and assertions that come in beside a running server count from the next question on; so does another day.
func TestLiveFollowsTheFolder(t *testing.T) {
	f := Open(filepath.Join(t.TempDir(), "lists"))
	live := NewLive(f)
	if _, err := live.Screener(now); !errors.Is(err, ErrNone) {
		t.Fatalf("no list: read %v", err)
	}
	load(t, f, edition("list.xml", "2026-01-01", 10), Options{})
	first, err := live.Screener(now)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := live.Screener(now.Add(time.Hour)); again != first {
		t.Error("the same day and folder are looked through anew")
	}
	if err := f.Assert(designation.Edge{Turn: designation.Delisted, From: designation.Node{Entry: "UN:QDe.905"}, On: "2026-02-20", By: "A. Reader", Text: "taken off", At: "a notice", Grade: "B2"}); err != nil {
		t.Fatal(err)
	}
	second, err := live.Screener(now)
	if err != nil || second == first {
		t.Fatalf("an assertion does not count: %v", err)
	}
	a := second.Screen(designation.Query{Name: "Zarghun League number 5", Kind: designation.Body}, 1)
	if len(a.Candidates) != 1 || a.Candidates[0].State != designation.Gone || a.Candidates[0].Until != "2026-02-20" {
		t.Errorf("read %+v", a.Candidates)
	}
	load(t, f, edition("list.xml", "2026-02-25", 10), Options{})
	third, err := live.Screener(now)
	if err != nil || third.Used()[0].Date != "2026-02-25" || third.Used()[0].Old {
		t.Errorf("read %+v, %v", third.Used(), err)
	}
	if later, err := live.Screener(now.AddDate(0, 0, 9)); err != nil || !later.Used()[0].Old {
		t.Errorf("nine days later: %+v, %v", later.Used(), err)
	}
	if err := f.Assert(designation.Edge{Turn: designation.Delisted, From: designation.Node{Name: "somebody"}, On: "2026-02-20", By: "x", Text: "x", At: "x", Grade: "B2"}); err == nil {
		t.Error("a delisting of no entry is taken")
	}
}
