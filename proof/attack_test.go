package proof_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parley/internal/need"
	"parley/proof"
	"parley/witness"
)

// operator holds the log's key and is free to sign whatever it likes.
type operator struct {
	t   testing.TB
	key *proof.LogKey
}

// history is what an operator says the log holds.
type history [][]byte

// grow returns a history with count more entries; seed makes them differ.
func (h history) grow(seed uint64, count int) history {
	more := slices.Clone(h)
	for range count {
		i := uint64(len(more))
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, seed), i))
		more = append(more, proof.NewLeaf(1_700_000_000_000+int64(i)*1000, sum))
	}
	return more
}

// with returns a history with a leaf replaced.
func (h history) with(i int, leaf []byte) history {
	other := slices.Clone(h)
	other[i] = leaf
	return other
}

func (o operator) tree(h history) *proof.Tree {
	o.t.Helper()
	var f proof.Frontier
	for _, leaf := range h {
		f.Append(leaf)
	}
	tree, err := proof.OpenTree(filepath.Join(o.t.TempDir(), "tree"), uint64(len(h)), f.Root(), func(from uint64) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for _, leaf := range h[from:] {
				if !yield(leaf, nil) {
					return
				}
			}
		}
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { tree.Close() })
	return tree
}

// request is the strongest question that the operator can put to a witness for a history: signed, with a proof from its own tree.
func (o operator) request(h history, old uint64) []byte {
	o.t.Helper()
	tree := o.tree(h)
	size := uint64(len(h))
	root, err := tree.Root(size)
	if err != nil {
		o.t.Fatal(err)
	}
	signed, err := proof.SignCheckpoint(size, root, o.key)
	if err != nil {
		o.t.Fatal(err)
	}
	r := witness.Request{Old: old, Checkpoint: signed}
	if old > 0 && old < size {
		if r.Consistency, err = tree.Consistency(old, size); err != nil {
			o.t.Fatal(err)
		}
	}
	return r.Text()
}

// publish writes a log as C2SP tlog-tiles lays it out: the checkpoint of one history, over tiles and leaves of what is shown.
func (o operator) publish(signed, tiles, leaves history) string {
	o.t.Helper()
	folder := o.t.TempDir()
	write := func(name string, data []byte) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			o.t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	head, tree := o.tree(signed), o.tree(tiles)
	root, err := head.Root(uint64(len(signed)))
	if err != nil {
		o.t.Fatal(err)
	}
	checkpoint, err := proof.SignCheckpoint(uint64(len(signed)), root, o.key)
	if err != nil {
		o.t.Fatal(err)
	}
	write("checkpoint", checkpoint)
	for _, tile := range proof.TilesOf(uint64(len(signed))) {
		if tile.Entries() {
			end := min(int(tile.First())+tile.Width(), len(leaves))
			write(tile.Path(), proof.Bundle(leaves[min(int(tile.First()), end):end]))
			continue
		}
		if !tile.Within(uint64(len(tiles))) {
			continue
		}
		data, err := tree.Tile(tile)
		if err != nil {
			o.t.Fatal(err)
		}
		write(tile.Path(), data)
	}
	return "file://" + folder
}

// attack is one way to cheat: what the honest log was when it was cosigned, and what is shown in its place.
type attack struct {
	name   string
	shown  func(honest history, grown history, r *rand.Rand) history // what the witness is shown after honest
	leaves func(honest history, r *rand.Rand) history                // what the auditor is shown under the honest checkpoint; nil: it has nothing to judge
}

var attacks = []attack{
	{"fork", func(h, _ history, r *rand.Rand) history { return h[:r.IntN(len(h))].grow(r.Uint64(), len(h)) }, func(h history, r *rand.Rand) history {
		at := r.IntN(len(h))
		return h[:at].grow(r.Uint64(), len(h)-at)
	}},
	{"rollback", func(h, _ history, r *rand.Rand) history { return h[:1+r.IntN(len(h)-1)] }, func(h history, r *rand.Rand) history { return h[:r.IntN(len(h))] }},
	{"drop", func(h, g history, r *rand.Rand) history {
		at := r.IntN(len(h))
		return slices.Delete(slices.Clone(g), at, at+1)
	}, func(h history, r *rand.Rand) history {
		at := r.IntN(len(h))
		return slices.Delete(slices.Clone(h), at, at+1)
	}},
	{"reorder", func(h, g history, r *rand.Rand) history { return swap(g, r.IntN(len(h)-1)) }, func(h history, r *rand.Rand) history { return swap(h, r.IntN(len(h)-1)) }},
	{"edit", func(h, g history, r *rand.Rand) history { return edit(g, r.IntN(len(h)), 8+r.IntN(32)) }, func(h history, r *rand.Rand) history {
		return edit(h, r.IntN(len(h)), 8+r.IntN(32))
	}},
	{"back-date", func(h, g history, r *rand.Rand) history { return earlier(g, r.IntN(len(h))) }, func(h history, r *rand.Rand) history { return earlier(h, r.IntN(len(h))) }},
	{"two views", func(h, _ history, r *rand.Rand) history { return edit(h, r.IntN(len(h)), 8) }, func(h history, r *rand.Rand) history { return edit(h, r.IntN(len(h)), 39) }},
	{"reused key", func(h, _ history, r *rand.Rand) history { return history(nil).grow(r.Uint64(), len(h)+3) }, func(h history, r *rand.Rand) history {
		return history(nil).grow(r.Uint64(), len(h))
	}},
}

func swap(h history, i int) history { return h.with(i, h[i+1]).with(i+1, h[i]) }

func edit(h history, i, at int) history {
	leaf := bytes.Clone(h[i])
	leaf[at] ^= 1
	return h.with(i, leaf)
}

// earlier gives an entry an earlier log time.
func earlier(h history, i int) history {
	at, envelope := proof.ReadLeaf(h[i])
	return h.with(i, proof.NewLeaf(at-3_600_000, envelope))
}

// Other people's programs judge our log and every attack on it: litewitness cosigns the honest one and refuses what is shown after it;
// fsck finds the honest tiles good and the altered ones not, under whichever checkpoint. The attacker has the log's key and our code.
func TestLogAttacksAreRefusedByOthers(t *testing.T) {
	fsck := need.Tool(t, need.FsckTool)
	seed := rand.Uint64()
	rounds := need.Times(t, 2, 3, 1000)
	t.Logf("seed %d, %d rounds each", seed, rounds)
	for n, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, uint64(n)))
			refused, found := 0, 0
			// A log of its own for each round, all known to one witness.
			operators := make([]operator, rounds)
			var keys []string
			for i := range operators {
				key, err := proof.NewLogKey(fmt.Sprintf("log.example/%d", i))
				if err != nil {
					t.Fatal(err)
				}
				operators[i] = operator{t, key}
				keys = append(keys, key.Public())
			}
			url, _ := need.Litewitness(t, "witness.example/lite", keys...)
			for i, o := range operators {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					o.t = t
					honest := history(nil).grow(uint64(i), 2+r.IntN(600))
					grown := honest.grow(uint64(i), 1+r.IntN(300))
					if status, text := ask(t, url, o.request(honest, 0)); status != http.StatusOK {
						t.Fatalf("litewitness refused the honest log: %d %s", status, text)
					}
					shown := a.shown(honest, grown, r)
					old := uint64(len(honest))
					for _, claim := range []uint64{old, min(old, uint64(len(shown))), 0} { // whatever the operator says it was
						if status, text := ask(t, url, o.request(shown, claim)); status == http.StatusOK {
							t.Fatalf("litewitness cosigned: %s", text)
						}
					}
					refused++
					if status, text := ask(t, url, o.request(grown, old)); status != http.StatusOK {
						t.Fatalf("litewitness refused the honest log that has grown: %d %s", status, text)
					}
					if good, text := need.Fsck(t, fsck, o.publish(honest, honest, honest), o.key.Public()); !good {
						t.Fatalf("fsck refused the honest log: %s", text)
					}
					altered := a.leaves(honest, r)
					for what, at := range map[string]string{"leaves": o.publish(honest, honest, altered), "leaves and tiles": o.publish(honest, altered, altered)} {
						if good, text := need.Fsck(t, fsck, at, o.key.Public()); good {
							t.Fatalf("fsck took altered %s: %s", what, text)
						}
					}
					found++
				})
			}
			t.Logf("%s: %d of %d refused by litewitness, %d of %d found by fsck", a.name, refused, rounds, found, rounds)
			if refused != rounds || found != rounds {
				t.Errorf("expected all")
			}
		})
	}
}

func ask(t testing.TB, url string, body []byte) (int, string) {
	t.Helper()
	r, err := http.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}
