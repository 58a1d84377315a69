package channel_test

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/channel"
)

// records returns all records of a state, to be kept.
func records(s *channel.State) []channel.Record {
	frozen := s.Freeze()
	defer frozen.Release()
	var all []channel.Record
	for r := range frozen.Records() {
		all = append(all, channel.Record{Kind: r.Kind, Body: slices.Clone(r.Body)})
	}
	return all
}

// read yields records, and then an error if there is one.
func read(all []channel.Record, last error) iter.Seq2[channel.Record, error] {
	return func(yield func(channel.Record, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
		if last != nil {
			yield(channel.Record{}, last)
		}
	}
}

// many returns a snapshot's records about so many sites, and its state.
func many(t testing.TB) ([]channel.Record, *channel.State) {
	b := day(t)
	return records(b.State), b.State
}

func TestRestoreTakesRecordsInAnyOrderOfTheirTables(t *testing.T) {
	all, s := many(t)
	byKind := map[uint8][]channel.Record{}
	for _, r := range all {
		byKind[r.Kind] = append(byKind[r.Kind], r)
	}
	r := rand.New(rand.NewPCG(11, 1))
	for range 20 { // lists keep their own order, and all kinds are mixed
		left := map[uint8][]channel.Record{}
		var mixed []channel.Record
		for kind, of := range byKind {
			left[kind] = of
		}
		for len(mixed) < len(all) {
			kind := all[r.IntN(len(all))].Kind
			if len(left[kind]) > 0 {
				mixed, left[kind] = append(mixed, left[kind][0]), left[kind][1:]
			}
		}
		back, err := channel.Restore(read(mixed, nil))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := back.Digest(), s.Digest(); got != want {
			t.Fatalf("digest %s; expected %s", got, want)
		}
	}
}

// What is said of a damaged snapshot is about the first record that is at fault, however the records were shared out.
func TestRestoreSaysWhatIsWrongWithTheFirstBadRecord(t *testing.T) {
	all, _ := many(t)
	last := len(all) - 1
	spoilt := func(i int, spoil func(*channel.Record)) []channel.Record {
		some := slices.Clone(all)
		some[i].Body = slices.Clone(some[i].Body)
		spoil(&some[i])
		return some
	}
	broken := func(r *channel.Record) { r.Body = r.Body[:len(r.Body)-1] }
	unknown := func(r *channel.Record) { r.Kind = 200 }
	late := errors.New("the file ends here")
	notice := slices.IndexFunc(all, func(r channel.Record) bool { return channel.KindName(r.Kind) == "notice" })
	tests := []struct {
		name    string
		records []channel.Record
		last    error
		want    string
	}{
		{"a record cut short", spoilt(0, broken), nil, "record of kind theatre: unexpected EOF"},
		{"the last one cut short", spoilt(last, broken), nil, "record of kind " + channel.KindName(all[last].Kind)},
		{"two are bad", append(spoilt(notice, broken), spoilt(0, broken)...), nil, "record of kind notice"},
		{"an unknown kind", spoilt(notice, unknown), nil, "read a record of kind 200"},
		{"an unknown kind after a bad record", append(spoilt(1, broken), spoilt(notice, unknown)...), nil, "record of kind " + channel.KindName(all[1].Kind)},
		{"a record twice", append(slices.Clone(all), all[1]), nil, fmt.Sprintf("record of kind %s: read ", channel.KindName(all[1].Kind))},
		{"a notice left out", slices.Delete(slices.Clone(all), notice, notice+1), nil, "record of kind notice: read number 1; expected 0"},
		{"no value", append(slices.Clone(all), channel.Record{Kind: all[1].Kind, Body: []byte{0x82, 0x61, 'x', 0xf6}}), nil, `read no value for "x"`},
		{"an error while reading", all, late, "the file ends here"},
		{"a bad record before that", spoilt(notice, broken), late, "record of kind notice"},
	}
	for _, test := range tests {
		s, err := channel.Restore(read(test.records, test.last))
		if err == nil || s != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: read %v and a state: %t; expected %q and none", test.name, err, s != nil, test.want)
		}
	}
}

// Freezing copies nothing, so a state that goes on keeps its changes beside what was frozen, and puts them back when it is let go.
func TestFrozenStatesStayWholeAndLeaveNoTrace(t *testing.T) {
	b := day(t)
	r := rand.New(rand.NewPCG(5, 5))
	for range 10 {
		s := channel.New()
		type held struct {
			frozen *channel.Frozen
			digest [32]byte
		}
		var open []held
		check := func(h held) {
			t.Helper()
			back, err := channel.Restore(func(yield func(channel.Record, error) bool) {
				for r := range h.frozen.Records() {
					if !yield(r, nil) {
						return
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if back.Digest() != h.digest {
				t.Fatal("a frozen state changed when the state went on")
			}
			h.frozen.Release()
			h.frozen.Release() // twice is once
		}
		for _, e := range b.Entries {
			s.Apply(e.At, e.Signed)
			if r.IntN(8) == 0 {
				open = append(open, held{digest: s.Digest(), frozen: s.Freeze()})
			}
			if r.IntN(10) == 0 && len(open) > 0 {
				i := r.IntN(len(open))
				check(open[i])
				open = slices.Delete(open, i, i+1)
			}
		}
		for _, h := range open {
			check(h)
		}
		if s.Digest() != b.State.Digest() {
			t.Fatal("a state that was frozen on its way has another digest")
		}
		if s.Beside() != 0 {
			t.Errorf("%d rows are still kept beside their tables; expected none", s.Beside())
		}
		back, err := channel.Restore(read(records(s), nil))
		if err != nil || back.Digest() != b.State.Digest() {
			t.Errorf("restored after all: %v, another digest", err)
		}
		if got, want := fmt.Sprint(s.States()), fmt.Sprint(b.State.States()); got != want {
			t.Error("a state that was frozen on its way has other records")
		}
	}
}

// What a frozen state reads is not touched by a state that goes on, also when it is let go meanwhile: the race detector would say so.
func TestAFrozenStateIsReadWhileTheStateGoesOn(t *testing.T) {
	b := day(t)
	s := channel.New()
	var reading sync.WaitGroup
	for i, e := range b.Entries {
		s.Apply(e.At, e.Signed)
		if i%7 != 0 {
			continue
		}
		want, frozen := s.Digest(), s.Freeze()
		reading.Go(func() {
			defer frozen.Release()
			back, err := channel.Restore(func(yield func(channel.Record, error) bool) {
				for r := range frozen.Records() {
					if !yield(r, nil) {
						return
					}
				}
			})
			if err != nil {
				t.Error(err)
			} else if back.Digest() != want {
				t.Error("a frozen state changed while it was read")
			}
		})
	}
	reading.Wait()
	if s.Digest() != b.State.Digest() {
		t.Error("a state that was read on its way has another digest")
	}
}
