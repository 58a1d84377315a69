package channel

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"parley"
	"parley/duty"
)

// differs says how a body that is read by hand differs from what the general decoder reads, "" when it does not, or is not read by hand.
func differs[R any](body []byte, texts *texts) (how string, quickly bool) {
	var byHand, general R
	if !any(&byHand).(quick).readQuickly(body, texts) {
		if !reflect.DeepEqual(byHand, general) {
			return "what could not be read by hand left something behind", false
		}
		return "", false
	}
	if err := cbor.Unmarshal(body, &general); err != nil {
		return "read by hand; the general decoder says " + err.Error(), true
	}
	if !reflect.DeepEqual(byHand, general) {
		return "read by hand it is another record", true
	}
	return "", true
}

// differ reads a body as each kind of record that can be read by hand.
func differ(body []byte, texts *texts) (how string, quickly bool) {
	how1, quick1 := differs[numbered[parley.Notice]](body, texts)
	how2, quick2 := differs[numbered[parley.Outcome]](body, texts)
	how3, quick3 := differs[keyed[duty.Deadline]](body, texts)
	return how1 + how2 + how3, quick1 || quick2 || quick3
}

// samples are bodies of each kind, with every field set and with none.
func samples() [][]byte {
	var e encoder
	hash := parley.Hash{1, 2, 0xff}
	notice := parley.Notice{Number: 1 << 40, To: "PARTY-2B3C-D", Kind: parley.NoticeNotified, Object: "SITE-7K3F-Q", Version: 300, Other: "ORG-XXXX", Due: 1893456000000, At: -1, Position: 70000, Urgent: true, Count: 24}
	outcome := parley.Outcome{Position: 23, Name: hash, At: 1, Kind: "site.notify", Code: parley.Applied, First: 255, Ref: "SITE-7K3F-Q", Account: "ORG-XXXX", By: "MEMBER-ABCD", Told: "phone", Payloads: []parley.Commitment{{Hash: hash}, {Hash: parley.Hash{9}}}}
	none := outcome
	none.Payloads = []parley.Commitment{}
	unset := outcome
	unset.Payloads = []parley.Commitment{{}}
	arabic := notice
	arabic.Other = "مستشفى"
	deadline := duty.Deadline{Due: 1893456000000, Ref: "SITE-7K3F-Q", Kind: "desk", Arg: "2"}
	var all [][]byte
	for _, r := range []any{
		numbered[parley.Notice]{Number: 7, Value: notice}, numbered[parley.Notice]{}, numbered[parley.Notice]{Value: arabic},
		numbered[parley.Outcome]{Number: 1 << 60, Value: outcome}, numbered[parley.Outcome]{}, numbered[parley.Outcome]{Value: none}, numbered[parley.Outcome]{Value: unset},
		keyed[duty.Deadline]{Key: deadlineKey(deadline), Value: &deadline}, keyed[duty.Deadline]{Key: "", Value: &duty.Deadline{}}, keyed[duty.Deadline]{Key: "x"},
	} {
		all = append(all, slices.Clone(e.encode(r)))
	}
	return all
}

func TestQuickRecordsAreReadTheSame(t *testing.T) {
	texts := new(texts)
	quickly := 0
	for i, body := range samples() {
		how, quick := differ(body, texts)
		if how != "" {
			t.Errorf("sample %d, % x: %s", i, body, how)
		}
		if quick {
			quickly++
		}
		for cut := range body {
			if how, _ := differ(body[:cut], texts); how != "" {
				t.Errorf("sample %d cut at %d: %s", i, cut, how)
			}
		}
		for at := range body {
			for bit := range 8 {
				bad := slices.Clone(body)
				bad[at] ^= 1 << bit
				if how, _ := differ(bad, texts); how != "" {
					t.Errorf("sample %d with byte %d altered, % x: %s", i, at, bad, how)
				}
			}
		}
	}
	if quickly != 7 { // not the text that is no ASCII, nor the commitment that is unset, nor the record without a value
		t.Errorf("%d samples were read by hand; expected 7", quickly)
	}
}

func FuzzQuickRecordsAreReadTheSame(f *testing.F) {
	for _, body := range samples() {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if how, _ := differ(body, new(texts)); how != "" {
			t.Errorf("% x: %s", body, how)
		}
	})
}

func TestTextsAreSharedAndNeverMistaken(t *testing.T) {
	texts := new(texts)
	for _, text := range []string{"", "a", "ab", "abcdefg", "abcdefgh", "abcdefghi", "SITE-7K3F-Q2", "SITE-7K3F-Q3", strings.Repeat("x", 300)} {
		for range 3 {
			if got := texts.of([]byte(text)); got != text {
				t.Errorf("read %q; expected %q", got, text)
			}
		}
	}
}

// Hashes that begin with the same eight bytes are told apart.
func TestPlacesTellHashesApartThatBeginAlike(t *testing.T) {
	stand := map[uint64]parley.Hash{}
	p := newPlaces(func(position uint64, h parley.Hash) bool { return stand[position] == h }, 0)
	alike := func(end byte) parley.Hash { return parley.Hash{1, 2, 3, 4, 5, 6, 7, 8, 9: end} }
	for i := range uint64(5) {
		stand[i] = alike(byte(i))
		p.note(stand[i], i)
	}
	p.note(alike(3), 9) // it stands in an earlier one
	for i := range uint64(5) {
		if at, ok := p.of(alike(byte(i))); !ok || at != i {
			t.Errorf("hash %d: read %d, %t; expected its place", i, at, ok)
		}
	}
	if at, ok := p.of(alike(77)); ok {
		t.Errorf("a hash that stands nowhere was found at %d", at)
	}
}
