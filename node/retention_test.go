package node_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/journal"
	"parley/node"
	"parley/proof"
	"parley/witness"
)

// witnessedBy makes a folder's log one that the witness of a party cosigns.
func witnessedBy(t testing.TB, folder string) (policy *proof.Policy) {
	t.Helper()
	logKey, _, _, err := node.LogKeyOf(folder)
	if err != nil {
		t.Fatal(err)
	}
	memory := t.TempDir()
	key, err := witness.Prepare(memory, "party-a.example/witness")
	if err != nil {
		t.Fatal(err)
	}
	if err := witness.Know(memory, logKey); err != nil {
		t.Fatal(err)
	}
	w, err := witness.Open(t.Context(), memory, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w)
	t.Cleanup(func() {
		server.Close()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	text := "log " + logKey + "\nwitness a " + key + " " + server.URL + "\nquorum a\n"
	if err := os.WriteFile(filepath.Join(folder, node.PolicyFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if policy, err = proof.ParsePolicy(text); err != nil {
		t.Fatal(err)
	}
	return policy
}

func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// erasedIn counts the erased envelopes of a journal.
func erasedIn(t testing.TB, j journal.Journal) (n int) {
	t.Helper()
	for b, err := range j.Blocks(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		n += b.ErasedEntries()
	}
	return n
}

// past is a theatre in which a movement has ended and its retention too: one that goes, one beside it to which harm was reported.
type past struct {
	c          *cast.Cast
	clock      *atomic.Int64
	folder     string
	policy     *proof.Policy
	goes, held parley.Ref
	receipts   map[parley.Hash][]byte // of the commands about the movement that goes, as their author kept them
	envelopes  [][]byte
	outcomes   []parley.Outcome
}

func newPast(t testing.TB, cfg node.Config) (*past, *node.Node) {
	t.Helper()
	p := &past{clock: &atomic.Int64{}, receipts: map[parley.Hash][]byte{}}
	p.clock.Store(cast.Start)
	var theatre parley.Hash
	var trustees [2]*cast.Person
	p.folder, theatre, trustees = cast.Folder(t, cast.Profile(), cast.Start)
	p.policy = witnessedBy(t, p.folder)
	cfg.CheckpointEvery = 20 * time.Millisecond
	n := open(t, p.folder, p.clock, cfg)
	p.c = cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, p.clock.Load)
	notify := func() parley.Ref {
		return p.c.Must(p.c.Org, func(d *draft.Draft) parley.Body {
			m := cast.Convoy(d, p.clock.Load()+3*parley.Day, cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), p.c.A.Ref)
			return &parley.MovementNotify{Movement: m}
		}).Ref
	}
	p.goes, p.held = notify(), notify()
	p.c.Tell(p.c.Org, &parley.HarmReport{Object: p.held, At: p.clock.Load() - 10*parley.Day})
	for _, ref := range []parley.Ref{p.goes, p.held} {
		p.c.Tell(p.c.Org, &parley.MovementWithdraw{Withdraw: parley.Withdraw{Object: ref, Reason: parley.Cancelled}})
	}
	if err := n.Read(func(s *channel.State) {
		for position := range s.Size() {
			if o := s.OutcomeAt(position); o.Ref == p.goes {
				p.outcomes = append(p.outcomes, o)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if len(p.outcomes) != 2 {
		t.Fatalf("%d commands about the movement; expected 2", len(p.outcomes))
	}
	for _, o := range p.outcomes {
		var r *proof.Receipt
		eventually(t, "witnesses", func() bool {
			var err error
			if r, err = n.Proofs(t.Context(), o, nil); err != nil {
				t.Fatal(err)
			}
			v, err := r.Verify(proof.Trust{LogKey: n.LogKey(), Policy: p.policy})
			return err == nil && v.Tree.Quorum
		})
		p.envelopes = append(p.envelopes, bytes.Clone(r.Envelope))
	}
	p.clock.Add(parley.MovementRetention + parley.Day)
	return p, n
}

func (p *past) reopen(t testing.TB, n *node.Node, cfg node.Config) *node.Node {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.CheckpointEvery = 20 * time.Millisecond
	n = open(t, p.folder, p.clock, cfg)
	p.c.Stage = cast.OnNode{Node: n}
	return n
}

// end has the retention ended and waits until nothing more is to be erased.
func (p *past) end(t testing.TB, n *node.Node) {
	t.Helper()
	all, err := n.EndRetention(t.Context(), parley.MovementRetention)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if (r.Movement == p.goes) != (r.Why == nil) {
			t.Errorf("%s goes or is kept: %v", r.Movement, r.Why)
		}
	}
	eventually(t, "the erasure", func() bool {
		if err := n.Fault(); err != nil {
			t.Fatal(err)
		}
		return erasedIn(t, n.Journal()) == len(p.outcomes)
	})
}

func TestEnvelopesAreErasedBehindAWitnessedSnapshot(t *testing.T) {
	p, n := newPast(t, node.Config{})
	defer func() { n.Close() }()
	receipt, err := n.Proofs(t.Context(), p.outcomes[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	head, err := n.Head()
	if err != nil {
		t.Fatal(err)
	}
	tile := func() []byte {
		data, _, err := n.Tile(t.Context(), fmt.Sprintf("tile/entries/000.p/%d", head.Size))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	leaves := tile()
	p.end(t, n)

	// What was proved before is proved now; the log still has every leaf, and no longer gives the envelope out.
	if v, err := receipt.Verify(proof.Trust{LogKey: n.LogKey(), Policy: p.policy}); err != nil || !v.Tree.Quorum {
		t.Errorf("a receipt from before no longer verifies: %v", err)
	}
	if !bytes.Equal(tile(), leaves) {
		t.Error("the entry tile has changed")
	}
	if _, err := n.Proofs(t.Context(), p.outcomes[0], nil); !errors.Is(err, node.ErrErased) {
		t.Errorf("the receipt of an erased envelope: %v; expected ErrErased", err)
	}
	if got := n.Text(parley.Commitment{Hash: p.outcomes[0].Payloads[0].Hash}); got != "" {
		t.Errorf("a text of the movement reads %q", got)
	}
	// A restart, from the newest snapshot and from the base alone.
	digest, _ := digestOf(t, n)
	n = p.reopen(t, n, node.Config{})
	if again, _ := digestOf(t, n); again == digest {
		t.Error("closing writes an entry, so the digest has to differ")
	}
	digest, size := digestOf(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	bases, refused, err := node.Bases(p.folder)
	if err != nil || len(bases) != 1 || len(refused) != 0 {
		t.Fatalf("%d bases, %v, %v; expected one", len(bases), refused, err)
	}
	keepSnapshots(t, p.folder, bases[0].Note.Height)
	for _, name := range []string{"tree", "leaves"} {
		// The tree of what is erased is made again from the hashes that stay.
		if err := os.Remove(filepath.Join(p.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	n = open(t, p.folder, p.clock, node.Config{CheckpointEvery: 20 * time.Millisecond})
	if again, s := digestOf(t, n); again == digest || s != size+1 { // closing wrote one more entry
		t.Errorf("from the base there are %d entries; expected %d", s, size+1)
	}
	if !bytes.Equal(tile(), leaves) {
		t.Error("the entry tile is another one after the tree was made again")
	}
	p.c.Stage = cast.OnNode{Node: n}
	p.c.NotifyHospital(cast.At(35.9528, 39.0079)) // and it goes on
	// The movement under a hold is whole.
	if err := n.Read(func(s *channel.State) {
		for position := range s.Size() {
			if o := s.OutcomeAt(position); o.Ref == p.held {
				if _, err := n.Proofs(context.Background(), o, nil); err != nil {
					t.Errorf("held, position %d: %v", position, err)
				}
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// keepSnapshots removes every snapshot but the one of a height.
func keepSnapshots(t testing.TB, folder string, height uint64) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.snapshot"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.HasPrefix(filepath.Base(name), fmt.Sprintf("%012d", height)) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What stands in for the erased envelopes is missing, altered, of another state, or not witnessed: the node refuses to serve and says why.
func TestWithoutASoundBaseANodeRefuses(t *testing.T) {
	p, n := newPast(t, node.Config{})
	p.end(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	bases, _, err := node.Bases(p.folder)
	if err != nil || len(bases) != 1 {
		t.Fatal(err)
	}
	base := fmt.Sprintf("%012d.base", bases[0].Note.Height)
	snapshot := fmt.Sprintf("%012d.snapshot", bases[0].Note.Height)
	for name, spoil := range map[string]func(folder string) error{
		"no snapshot at all": func(f string) error {
			keepSnapshots(t, f, bases[0].Note.Height)
			return os.Remove(filepath.Join(f, snapshot))
		},
		"no receipt beside it": func(f string) error { return os.Remove(filepath.Join(f, base)) },
		"a snapshot with one bit flipped": func(f string) error {
			keepSnapshots(t, f, bases[0].Note.Height)
			data, err := os.ReadFile(filepath.Join(f, snapshot))
			if err != nil {
				return err
			}
			data[len(data)/2] ^= 1
			return os.WriteFile(filepath.Join(f, snapshot), data, 0o600)
		},
		"another record in it, with its checksum and digest repaired": func(f string) error {
			keepSnapshots(t, f, bases[0].Note.Height)
			return alterSnapshot(t, filepath.Join(f, snapshot))
		},
		"a receipt whose cosignature is taken away": func(f string) error {
			text, err := os.ReadFile(filepath.Join(f, base))
			if err != nil {
				return err
			}
			at := bytes.Index(text, []byte("— party-a.example/witness"))
			if at < 0 {
				at = bytes.Index(text, []byte(`party-a.example/witness `))
			}
			end := at + bytes.Index(text[at:], []byte(`\n`)) + 2
			for at > 0 && !bytes.HasPrefix(text[at:], []byte(`\n`)) {
				at--
			}
			return os.WriteFile(filepath.Join(f, base), append(bytes.Clone(text[:at+2]), text[end:]...), 0o600)
		},
		"another policy": func(f string) error {
			witnessedBy(t, f)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(folder, os.DirFS(p.folder)); err != nil {
				t.Fatal(err)
			}
			names, err := filepath.Glob(filepath.Join(folder, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				if err := os.Chmod(name, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := spoil(folder); err != nil {
				t.Fatal(err)
			}
			n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: p.clock.Load})
			if err == nil {
				n.Close()
				t.Fatal("it serves")
			}
			if !errors.Is(err, node.ErrNoBase) {
				t.Errorf("refused with %v; expected ErrNoBase", err)
			}
		})
	}
}

// alterSnapshot writes a snapshot again with one record changed, and whatever in the file speaks of its content repaired.
func alterSnapshot(t testing.TB, path string) error {
	t.Helper()
	header, records, err := journal.ReadSnapshot(path)
	if err != nil {
		return err
	}
	var all []journal.Record
	for r, err := range records {
		if err != nil {
			return err
		}
		all = append(all, journal.Record{Kind: r.Kind, Body: bytes.Clone(r.Body)})
	}
	all = all[:len(all)-1] // the last notice was never given
	state, err := channel.Restore(func(yield func(channel.Record, error) bool) {
		for _, r := range all {
			if !yield(channel.Record{Kind: r.Kind, Body: r.Body}, nil) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	header.Digest = state.Digest()
	return journal.WriteSnapshot(path, header, func(yield func(journal.Record) bool) {
		for _, r := range all {
			if !yield(r) {
				return
			}
		}
	})
}

// Without witnesses, or while they are away, nothing goes.
func TestNothingIsErasedUnwitnessed(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	if _, err := n.EndRetention(t.Context(), parley.MovementRetention); !errors.Is(err, node.ErrUnwitnessed) {
		t.Errorf("without witnesses: %v; expected ErrUnwitnessed", err)
	}
	if _, err := n.Retention(parley.MovementRetention - 1); err == nil {
		t.Error("a retention below 30 days is taken")
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: clock.Load, Retain: 1}); err == nil {
		t.Error("a node takes a retention below 30 days")
	}

	p, n := newPast(t, node.Config{})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	policy, err := os.ReadFile(filepath.Join(p.folder, node.PolicyFile))
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(policy), " http://")
	away := before + " http://127.0.0.1:1\nquorum a\n"
	if err := os.WriteFile(filepath.Join(p.folder, node.PolicyFile), []byte(away), 0o600); err != nil {
		t.Fatal(err)
	}
	n = open(t, p.folder, p.clock, node.Config{})
	defer func() { n.Close() }()
	if _, err := n.EndRetention(t.Context(), parley.MovementRetention); err != nil {
		t.Fatal(err)
	}
	if waits, err := n.EraseBehindBase(t.Context()); err != nil || !strings.Contains(waits, "witnesses") {
		t.Errorf("while the witness is away it waits for %q, %v", waits, err)
	}
	if got := erasedIn(t, n.Journal()); got != 0 {
		t.Errorf("%d envelopes are erased while the witness is away", got)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.folder, node.PolicyFile), policy, 0o600); err != nil {
		t.Fatal(err)
	}
	// The witness is back: the next start goes on by itself.
	n = open(t, p.folder, p.clock, node.Config{CheckpointEvery: 20 * time.Millisecond})
	eventually(t, "the erasure", func() bool { return erasedIn(t, n.Journal()) == len(p.outcomes) })
}

// Envelopes that vanish although no command let them go stop the node.
func TestErasedWithoutACommandIsDamage(t *testing.T) {
	p, n := newPast(t, node.Config{})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	j, err := journal.OpenSQLite(t.Context(), p.folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.EraseEnvelopes(t.Context(), []uint64{p.outcomes[0].Position}), j.Close()); err != nil {
		t.Fatal(err)
	}
	n = open(t, p.folder, p.clock, node.Config{}) // from the snapshot; older blocks are verified while it serves
	defer n.Close()
	eventually(t, "the fault", func() bool { return n.Fault() != nil })
	if d, ok := errors.AsType[*journal.Damage](n.Fault()); !ok || !strings.Contains(d.Expected, "retention") {
		t.Errorf("stopped because of %v", n.Fault())
	}
}

// Two nodes on one PostgreSQL journal: the database and the copy of each follow, and a third node that begins with nothing needs the base.
func TestRetentionOnADatabaseThatTwoNodesShare(t *testing.T) {
	address := need.Postgres(t)
	p, n := newPast(t, node.Config{})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	share := func(folder string) *node.Node {
		n := intoDatabase(t, folder, address, p.clock)
		t.Cleanup(func() { n.Close() })
		return n
	}
	first := share(p.folder)
	withPolicy := func() string {
		other := keysOf(t, p.folder)
		policy, err := os.ReadFile(filepath.Join(p.folder, node.PolicyFile))
		if err == nil {
			err = os.WriteFile(filepath.Join(other, node.PolicyFile), policy, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return other
	}
	secondFolder := withPolicy()
	second := share(secondFolder)
	p.end(t, first)
	eventually(t, "the other node's copy", func() bool {
		if err := second.Fault(); err != nil {
			t.Fatal(err)
		}
		return erasedIn(t, second.Journal()) == len(p.outcomes)
	})
	database, err := journal.OpenPostgres(t.Context(), address, p.folder)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if got := erasedIn(t, database); got != len(p.outcomes) {
		t.Errorf("%d envelopes are erased in the database; expected %d", got, len(p.outcomes))
	}
	if bases, _, err := node.Bases(secondFolder); err != nil || len(bases) != 1 {
		t.Errorf("the second node has %d bases, %v; expected one of its own", len(bases), err)
	}
	// A third node gets every block, and refuses to begin without what stands in for the erased envelopes.
	third := withPolicy()
	j, err := journal.OpenShared(t.Context(), address, third, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := node.Open(t.Context(), node.Config{Folder: third, Clock: p.clock.Load, Journal: j}); !errors.Is(err, node.ErrNoBase) {
		if err == nil {
			n.Close()
		}
		t.Fatalf("a node that begins with nothing: %v; expected ErrNoBase", err)
	}
	bases, _, err := node.Bases(p.folder)
	if err != nil || len(bases) != 1 {
		t.Fatalf("%d bases, %v", len(bases), err)
	}
	for _, suffix := range []string{"snapshot", "base"} {
		name := fmt.Sprintf("%012d.%s", bases[0].Note.Height, suffix)
		data, err := os.ReadFile(filepath.Join(p.folder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(third, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := share(third).Fault(); err != nil {
		t.Error(err)
	}
}
