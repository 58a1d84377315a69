package node_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/journal"
	"parley/node"
)

// forge writes a snapshot again with one record changed, checksum and all.
func forge(t *testing.T, path string, edit func(i int, body []byte) []byte) {
	t.Helper()
	header, records, err := journal.ReadSnapshot(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []journal.Record
	for r, err := range records {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, journal.Record{Kind: r.Kind, Body: bytes.Clone(r.Body)})
	}
	if err := journal.WriteSnapshot(path, header, func(yield func(journal.Record) bool) {
		for i, r := range all {
			r.Body = edit(i, r.Body)
			if !yield(r) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func snapshots(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.snapshot"))
	if err != nil || len(names) == 0 {
		t.Fatalf("snapshots: %v, %v", names, err)
	}
	return names
}

// One altered record, with the file's checksum repaired, is refused: the digest stands in the journal.
func TestAnAlteredSnapshotIsRefused(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	ref := c.NotifyHospital(cast.At(35.9528, 39.0079))
	c.Release(cast.V(ref, 1), c.A.Ref)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	path := snapshots(t, folder)[0]
	changed := 0
	forge(t, path, func(i int, body []byte) []byte {
		if bytes.Contains(body, []byte("hospital")) {
			changed++
			return bytes.Replace(body, []byte("hospital"), []byte("bakery__"), 1)
		}
		return body
	})
	if changed != 1 {
		t.Fatalf("%d records speak of a hospital; expected 1", changed)
	}
	var log bytes.Buffer
	n = open(t, folder, &clock, node.Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	defer n.Close()
	if !strings.Contains(log.String(), "snapshot refused") || !strings.Contains(log.String(), "digest") {
		t.Errorf("the log says %q; expected the snapshot refused for its digest", log.String())
	}
	c.Stage = cast.OnNode{Node: n}
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9528, 39.0079)})
}

// Started in 2030, from a snapshot, a node lets the deadlines of 13 years fire; a replay from nothing gives the same digest.
func TestStartInAnotherYearGivesTheSameState(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	ref := c.NotifyHospital(cast.At(35.9528, 39.0079))
	c.Release(cast.V(ref, 1), c.A.Ref)
	_, size := digestOf(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	clock.Store(1893456000000) // 2030-01-01
	n = open(t, folder, &clock, node.Config{})
	changed := n.Changed()
	if _, now := digestOf(t, n); now == size+1 { // closing wrote one entry; the clock has not written yet
		<-changed
	}
	got, size := digestOf(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if got != replayed(t, folder, size) {
		t.Error("a replay from nothing has another digest than the node that started in 2030")
	}
}

// A snapshot that was written while commands came is as good as one that was written at the end.
func TestANodeStartsFromASnapshotThatWasWrittenBehind(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{SnapshotEvery: 15})
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	for i := range 40 {
		ref := c.NotifyHospital(cast.At(35.9+float64(i)/100, 39.0079))
		if i%4 == 0 {
			c.Release(cast.V(ref, 1), c.A.Ref)
		}
	}
	want, size := digestOf(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	names := snapshots(t, folder)
	if len(names) != 2 {
		t.Fatalf("read %d snapshots; expected the newest two", len(names))
	}
	if err := os.Remove(slices.Max(names)); err != nil { // written at the end, when nobody wrote any more
		t.Fatal(err)
	}
	if got := replayed(t, folder, size); got != want {
		t.Error("a replay from nothing has another digest than the node that wrote snapshots meanwhile")
	}
	var log bytes.Buffer
	n = open(t, folder, &clock, node.Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	defer n.Close()
	if strings.Contains(log.String(), "refused") {
		t.Errorf("the log says %q; expected no snapshot refused", log.String())
	}
	got, size := digestOf(t, n)
	if got != replayed(t, folder, size) {
		t.Error("a start from a snapshot that was written behind gives another digest than a replay from nothing")
	}
}
