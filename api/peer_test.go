package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/api"
	"parley/internal/cast"
	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
	"parley/node"
	"parley/proof"
)

// lentOut is a theatre whose log is witnessed, a node of it that lends over HTTP, and a folder that is a copy of its own.
type lentOut struct {
	url     string
	theatre proof.Hash
	folder  string // of the node that lends
	copied  string // of the node that is to be repaired
	blocks  [][]byte
	head    journal.Head
}

func lending(t *testing.T, objects int) *lentOut {
	t.Helper()
	h, policy, folder := witnessed(t)
	for i := range objects {
		h.NotifyHospital(cast.At(35.2013+float64(i%40)*0.0207, 38.2017+float64(i/40)*0.0207))
	}
	ref := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.witnessedReceipt(h.nameOf(ref), h.Org, proof.Trust{Policy: policy})
	l := &lentOut{folder: folder, theatre: h.Theatre, copied: filepath.Join(t.TempDir(), "data")}
	if err := h.node.Close(); err != nil {
		t.Fatal(err)
	}
	copyFolder(t, folder, l.copied)
	n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: h.clock.Load})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New(n, api.DefaultLimits(), nil))
	t.Cleanup(func() {
		server.Close()
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	l.url = server.URL
	l.blocks = journaltest.Read(t, n.Journal(), 1)
	if l.head, err = n.Journal().Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

func copyFolder(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(to, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.Chmod(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// broken returns a copy of the folder with one byte of its journal flipped.
func (l *lentOut) broken(t testing.TB, at int, mask byte) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "data")
	copyFolder(t, l.copied, folder)
	path := filepath.Join(folder, "journal.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at%len(data)] ^= mask
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func (l *lentOut) identical(t testing.TB, folder string) {
	t.Helper()
	j, err := journal.OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := journal.Verify(t.Context(), j, nil); err != nil {
		t.Fatal(err)
	}
	if got := journaltest.Read(t, j, 1); !slices.EqualFunc(got, l.blocks[:len(got)], bytes.Equal) || len(got) != len(l.blocks) {
		t.Fatalf("repaired to %d blocks; expected the peer's %d, byte for byte", len(got), len(l.blocks))
	}
}

func TestADamagedJournalIsRepairedFromAPeer(t *testing.T) {
	l := lending(t, 4)
	ask := func(url, folder string) error {
		p, err := node.NewPeer(url, folder, l.theatre, http.DefaultClient)
		if err != nil {
			return err
		}
		_, err = node.Repair(t.Context(), folder, p)
		return err
	}
	folder := l.broken(t, 9000, 4)
	if err := ask(l.url, folder); err != nil {
		t.Fatal(err)
	}
	l.identical(t, folder)
	if aside, err := filepath.Glob(filepath.Join(folder, "damaged-*", "journal.db")); err != nil || len(aside) != 1 {
		t.Errorf("the damaged file lies in %v, %v; expected it beside", aside, err)
	}
	n, err := node.Open(t.Context(), node.Config{Folder: folder})
	if err != nil {
		t.Fatalf("the repaired folder does not serve: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	// A folder whose journal is gone altogether, from another folder.
	folder = l.broken(t, 0, 0)
	for _, name := range []string{"journal.db", "head"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := node.Repair(t.Context(), folder, node.NewFolder(l.copied)); err != nil {
		t.Fatal(err)
	}
}

// A peer that lends another history, a shorter one, altered blocks or other texts is noticed and named, and nothing is changed.
func TestALyingPeerIsNoticedAndNamed(t *testing.T) {
	l := lending(t, 3)
	type line struct {
		Block    []byte   `json:"block"`
		Payloads [][]byte `json:"payloads,omitempty"`
		Listed   [][]byte `json:"listed,omitempty"`
	}
	for name, lie := range map[string]func(lines []line) []line{
		"shorter":           func(ls []line) []line { return ls[:len(ls)-5] },
		"nothing":           func([]line) []line { return nil },
		"a block left out":  func(ls []line) []line { return append(ls[:2:2], ls[3:]...) },
		"two blocks change": func(ls []line) []line { ls[1], ls[2] = ls[2], ls[1]; return ls },
		"an entry altered": func(ls []line) []line {
			b := ls[len(ls)/2].Block
			b[len(b)-3] ^= 1
			return ls
		},
		"another text": func(ls []line) []line {
			for i := range ls {
				if len(ls[i].Payloads) > 0 {
					p := ls[i].Payloads[0]
					p[len(p)-1] ^= 1
					return ls
				}
			}
			return ls
		},
		"another history, whole in itself": func(ls []line) []line {
			var chain journal.Chain
			for i := range ls {
				b, err := journal.ParseBlock(ls[i].Block)
				if err != nil {
					panic(err)
				}
				for k := range b.Entries {
					b.Entries[k].Time += 5 // every command is said to have come a little later
				}
				next, err := chain.Next(journal.Header{Theatre: b.Theatre, Time: b.Time + 5, Digest: b.Digest, Rules: b.Rules}, b.Entries)
				if err == nil {
					err = chain.Follow(next)
				}
				if err == nil {
					ls[i].Block, err = next.MarshalBinary()
				}
				if err != nil {
					panic(err)
				}
			}
			return ls
		},
		"cut in the middle of a line": nil,
	} {
		t.Run(name, func(t *testing.T) {
			liar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ask, err := http.NewRequest(r.Method, l.url+r.URL.RequestURI(), nil)
				if err != nil {
					panic(err)
				}
				ask.Header = r.Header
				answer, err := http.DefaultClient.Do(ask)
				if err != nil {
					panic(err)
				}
				defer answer.Body.Close()
				text, err := io.ReadAll(answer.Body)
				if err != nil {
					panic(err)
				}
				if lie == nil {
					w.Write(text[:len(text)*2/3])
					return
				}
				var lines []line
				for one := range bytes.Lines(text) {
					var l line
					if err := json.Unmarshal(one, &l); err != nil {
						panic(err)
					}
					lines = append(lines, l)
				}
				for _, l := range lie(lines) {
					one, _ := json.Marshal(l)
					fmt.Fprintf(w, "%s\n", one)
				}
			}))
			defer liar.Close()
			folder := l.broken(t, 9000, 4)
			before, err := os.ReadFile(filepath.Join(folder, "journal.db"))
			if err != nil {
				t.Fatal(err)
			}
			for _, guard := range []bool{true, false} {
				if !guard { // the head guard is lost too: the witnessed checkpoint is enough
					if err := os.Remove(filepath.Join(folder, "head")); err != nil {
						t.Fatal(err)
					}
				}
				p, err := node.NewPeer(liar.URL, folder, l.theatre, http.DefaultClient)
				if err != nil {
					t.Fatal(err)
				}
				if _, err = node.Repair(t.Context(), folder, p); !errors.Is(err, node.ErrLies) || !strings.Contains(err.Error(), liar.URL) {
					t.Errorf("guard %v: %v; expected ErrLies with the peer's address", guard, err)
				}
				if after, err := os.ReadFile(filepath.Join(folder, "journal.db")); err != nil || !bytes.Equal(before, after) {
					t.Errorf("the journal was changed: %v", err)
				}
			}
		})
	}
}

// The journal is lent to nodes of the theatre alone; to anybody else there is nothing.
func TestTheJournalIsLentToNodesAlone(t *testing.T) {
	l := lending(t, 1)
	stranger := filepath.Join(t.TempDir(), "data")
	if _, err := node.Prepare(stranger, "parley.test/stranger"); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]func() (node.Lender, error){
		"another node key": func() (node.Lender, error) {
			return node.NewPeer(l.url, stranger, l.theatre, http.DefaultClient)
		},
		"another theatre": func() (node.Lender, error) {
			return node.NewPeer(l.url, l.copied, proof.Hash{1}, http.DefaultClient)
		},
	} {
		lender, err := p()
		if err != nil {
			t.Fatal(err)
		}
		if err := lender.Blocks(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "404") {
			t.Errorf("%s: %v; expected 404", name, err)
		}
	}
	for _, header := range []string{"", "a b c d", "ed25519:x 1 n AAAA"} {
		r, err := http.NewRequest(http.MethodGet, l.url+node.PeerPath+"blocks?from=1", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Parley-Node", header)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("header %q: %s", header, answer.Status)
		}
	}
	if _, err := node.NewPeer("ftp://x", l.copied, l.theatre, http.DefaultClient); err == nil {
		t.Error("an address of another kind is taken")
	}
}

// Bytes of a journal of a mebibyte are flipped, one at a time: each flip is noticed or changes nothing that is read, and what is noticed is
// repaired from a peer, block by block the same. A release flips every byte.
func TestEveryFlippedByteIsNoticedAndRepaired(t *testing.T) {
	l := lending(t, 420)

	data, err := os.ReadFile(filepath.Join(l.copied, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	if len(data) < 1<<20 {
		t.Fatalf("the journal has %d bytes, expected a mebibyte at least", len(data))
	}
	times := need.Times(t, 300, 10_000, len(data))
	stride := max(1, len(data)/times)
	copied, err := journal.OpenSQLite(t.Context(), l.copied)
	if err != nil {
		t.Fatal(err)
	}
	whole := journaltest.Read(t, copied, 1)
	if err := copied.Close(); err != nil {
		t.Fatal(err)
	}
	places := make(chan int)
	var mu sync.Mutex
	noticed, harmless, repaired := 0, 0, 0
	var group sync.WaitGroup
	for range 2 {
		folder := filepath.Join(t.TempDir(), "data")
		copyFolder(t, l.copied, folder)
		guard, err := os.ReadFile(filepath.Join(folder, "head"))
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			for at := range places {
				flipped := bytes.Clone(data)
				flipped[at] ^= 1 << (at % 8)
				if err := errors.Join(os.WriteFile(filepath.Join(folder, "journal.db"), flipped, 0o600), os.WriteFile(filepath.Join(folder, "head"), guard, 0o600)); err != nil {
					t.Error(err)
					continue
				}
				os.Remove(filepath.Join(folder, "journal.db-wal"))
				os.Remove(filepath.Join(folder, "journal.db-shm"))
				got, err := readAll(t, folder)
				mu.Lock()
				switch {
				case err == nil && slices.EqualFunc(got, whole, bytes.Equal):
					harmless++
				case err == nil:
					t.Errorf("byte %d: unnoticed", at)
				default:
					noticed++
				}
				mend := err != nil && noticed%100 == 1
				mu.Unlock()
				if !mend {
					continue
				}
				p, err := node.NewPeer(l.url, folder, l.theatre, http.DefaultClient)
				if err == nil {
					_, err = node.Repair(t.Context(), folder, p)
				}
				if err != nil {
					t.Errorf("byte %d: not repaired: %v", at, err)
					continue
				}
				if got, err := readAll(t, folder); err != nil || !slices.EqualFunc(got, l.blocks, bytes.Equal) {
					t.Errorf("byte %d: repaired to %d blocks, %v", at, len(got), err)
				}
				aside, _ := filepath.Glob(filepath.Join(folder, "damaged-*"))
				for _, a := range aside {
					os.RemoveAll(a)
				}
				mu.Lock()
				repaired++
				mu.Unlock()
			}
		})
	}
	flips := 0
	for at := 0; at < len(data); at += stride {
		places <- at
		flips++
	}
	close(places)
	group.Wait()
	t.Logf("%d flips in %d bytes: %d noticed, %d in bytes that carry nothing (every block and text reads the same), 0 unnoticed; every hundredth repaired from a peer over HTTP: %d, each block identical", flips, len(data), noticed, harmless, repaired)
	if repaired == 0 {
		t.Error("nothing was repaired")
	}
}

// readAll opens a journal, verifies it and returns its blocks.
func readAll(t testing.TB, folder string) (blocks [][]byte, err error) {
	j, err := journal.OpenSQLite(t.Context(), folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	_, err = journal.Verify(t.Context(), j, func(b *journal.Block) error {
		data, err := b.MarshalBinary()
		blocks = append(blocks, data)
		return err
	})
	return blocks, err
}
