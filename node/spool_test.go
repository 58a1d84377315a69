package node_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
	"parley/release"
)

// readOnly is a real journal whose writes can be made to fail, as those of a file that has become read-only do.
type readOnly struct {
	journal.Journal
	on atomic.Bool
}

var errReadOnly = errors.New("attempt to write a readonly database (8)")

func (j *readOnly) Append(ctx context.Context, b *journal.Block, payloads []journal.Payload) error {
	if j.on.Load() {
		return errReadOnly
	}
	return j.Journal.Append(ctx, b, payloads)
}

// spoolHouse is a node on a journal that can become read-only, with a hospital released to A.
type spoolHouse struct {
	*cast.Cast
	t       *testing.T
	folder  string
	clock   *atomic.Int64
	journal *readOnly
	node    *node.Node
	site    parley.Ref
}

func newSpoolHouse(t *testing.T) *spoolHouse {
	h := &spoolHouse{t: t, clock: &atomic.Int64{}}
	h.clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	h.folder = folder
	h.open()
	h.Cast = cast.Enter(t, cast.OnNode{Node: h.node}, theatre, trustees, h.clock.Load)
	h.site = h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(h.site, 1), h.A.Ref)
	t.Cleanup(func() { _ = h.node.Close() })
	return h
}

func (h *spoolHouse) open() {
	h.t.Helper()
	j, err := journal.OpenSQLite(context.Background(), h.folder)
	if err != nil {
		h.t.Fatal(err)
	}
	h.journal = &readOnly{Journal: j}
	h.node = open(h.t, h.folder, h.clock, node.Config{Journal: h.journal})
	if h.Cast != nil {
		h.Stage = cast.OnNode{Node: h.node}
	}
}

// submit sends a command and returns the answer with how long it took.
func (h *spoolHouse) submit(p *cast.Person, body func(*draft.Draft) parley.Body) (node.Receipt, time.Duration) {
	h.t.Helper()
	d := h.Draft()
	s, err := d.Sign(body(d), p.Key)
	if err != nil {
		h.t.Fatal(err)
	}
	from := time.Now()
	r, err := h.node.Submit(context.Background(), s.Envelope, s.Payloads)
	if err != nil {
		h.t.Fatalf("refused: %v", err)
	}
	return r, time.Since(from)
}

func (h *spoolHouse) raise() node.Receipt {
	r, _ := h.submit(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.StopRaise{Object: h.site, Words: d.Text("shelling from the west")}
	})
	return r
}

// until waits for something that another goroutine brings about.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (h *spoolHouse) stop(p *cast.Person, ref parley.Ref) (stop *release.Stop) {
	h.t.Helper()
	if err := h.node.Read(func(s *channel.State) {
		stop, _ = s.View(&parley.Member{Ref: p.Ref, Account: p.Account}, h.clock.Load(), h.node.Text).Stop(ref)
	}); err != nil {
		h.t.Fatal(err)
	}
	return stop
}

// Acceptance: a stop that is raised while the journal is read-only is told at once, marked, climbs, is taken, and is appended with its
// times when the journal comes back.
func TestAStopIsToldThoughTheJournalIsReadOnly(t *testing.T) {
	h := newSpoolHouse(t)
	h.journal.on.Store(true)
	changed := h.node.Changed()
	r := h.raise()
	if r.Spooled != release.MarkSpooled || r.Outcome.Ref.Kind() != parley.RefStop || r.Height != 0 {
		t.Fatalf("answered %+v; expected the mark of the spool, a reference, and no stored receipt", r)
	}
	select {
	case <-changed:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody who waits for news was woken")
	}
	ref := r.Outcome.Ref
	told := h.node.Spooled(h.A.Ref, false)
	if len(told) != 1 || told[0].Ref != ref || told[0].Mark != release.MarkSpooled || told[0].State != "raised" || told[0].Log[0].Words != "shelling from the west" || told[0].Log[0].Account != "" {
		t.Fatalf("the party that holds the object is told %+v; expected the stop, marked, without its raiser", told)
	}
	if got := h.node.Spooled(h.B.Ref, false); len(got) != 0 {
		t.Errorf("a party that is not concerned is told %+v", got)
	}
	if got := h.node.Spooled(h.OrgRef, false); len(got) != 1 || got[0].Log[0].Account != h.OrgRef {
		t.Errorf("the raiser sees %+v; expected its own stop", got)
	}
	raised := h.clock.Load()
	h.clock.Add(2 * parley.Minute)
	until(t, "the ladder climbs in the spool", func() bool { s := h.node.Spooled(h.A.Ref, false); return s[0].Step == 1 })
	h.clock.Add(10 * parley.Second)
	// Somebody takes it, and nothing of another's business may be done to it.
	if _, err := h.Say(h.B.Officer, func(*draft.Draft) parley.Body { return &parley.StopTake{Stop: ref} }); cast.CodeOf(err) != parley.CodeNotFound {
		t.Errorf("a party that is not concerned takes it: %v", err)
	}
	if _, err := h.Say(h.A.Adviser, func(*draft.Draft) parley.Body { return &parley.StopTake{Stop: ref} }); cast.CodeOf(err) != parley.CodeNotPermitted {
		t.Errorf("a legal adviser takes it: %v", err)
	}
	taken, _ := h.submit(h.A.Second, func(*draft.Draft) parley.Body { return &parley.StopTake{Stop: ref} })
	if taken.Spooled != release.MarkSpooled {
		t.Errorf("the take is answered %+v", taken)
	}
	h.clock.Add(parley.Minute)
	if s := h.node.Spooled(h.A.Ref, false); s[0].State != "taken" || s[0].Step != 1 {
		t.Errorf("after the take: %s at step %d; expected that the ladder rests", s[0].State, s[0].Step)
	}
	// Ordinary commands are refused meanwhile: what is not durable is not acknowledged.
	if _, err := h.Say(h.Org, func(*draft.Draft) parley.Body { return &parley.SiteRevalidate{Of: cast.V(h.site, 1)} }); err == nil {
		t.Error("an ordinary command was acknowledged without a journal")
	}
	h.clock.Add(parley.Minute)
	h.journal.on.Store(false)
	until(t, "the journal has the stop", func() bool { return h.stop(h.A.Officer, ref) != nil && len(h.node.Spooled(h.A.Ref, true)) == 0 })
	s := h.stop(h.A.Officer, ref)
	var what []string
	for _, l := range s.Log {
		what = append(what, l.What)
		if l.Spooled == "" || l.At <= l.Spooled {
			t.Errorf("%+v; expected both when it was told and when the journal had it", l)
		}
	}
	if !slices.Equal(what, []string{"raised", "climbed", "taken"}) || s.State != "taken" || s.Log[0].Spooled != parley.Stamp(raised) || s.Log[1].Spooled != parley.Stamp(raised+2*parley.Minute) {
		t.Errorf("in the journal: %s, %+v", s.State, s.Log)
	}
	// The verdict of the machines: a replay of the journal gives the same digest.
	before, _ := digestOf(t, h.node)
	if err := h.node.Close(); err != nil {
		t.Fatal(err)
	}
	h.open()
	if again, size := digestOf(t, h.node); size == 0 || again == before {
		t.Error("the journal does not open")
	}
	if got := h.stop(h.A.Officer, ref); got == nil || len(got.Log) != 3 {
		t.Errorf("after a restart: %+v", got)
	}
}

// The end of the process does not lose what was told.
func TestTheSpoolOutlivesItsProcess(t *testing.T) {
	h := newSpoolHouse(t)
	h.journal.on.Store(true)
	ref := h.raise().Outcome.Ref
	h.clock.Add(2 * parley.Minute)
	until(t, "the ladder climbs", func() bool { return h.node.Spooled(h.A.Ref, false)[0].Step == 1 })
	if err := h.node.Close(); err == nil {
		t.Fatal("closing said nothing about a journal that takes no snapshot's block")
	}
	h.clock.Add(parley.Minute)
	h.open()
	until(t, "the journal has the stop", func() bool { return h.stop(h.A.Officer, ref) != nil && len(h.node.Spooled(h.A.Ref, true)) == 0 })
	s := h.stop(h.A.Officer, ref)
	if s.State != "raised" || len(s.Log) != 2 || s.Log[1].What != "climbed" {
		t.Errorf("%s %+v; expected it raised and climbed, as it was told", s.State, s.Log)
	}
	// Nobody has it: the ladder runs on from when it was raised, 5 minutes after.
	h.clock.Add(2 * parley.Minute)
	until(t, "it climbs to the second step", func() bool { return h.stop(h.A.Officer, ref).Step == 2 })
	if text, err := os.ReadFile(filepath.Join(h.folder, "spool")); err != nil || strings.Trim(string(text), "\x00") != "" {
		t.Errorf("the spool still holds %q (%v)", strings.Trim(string(text), "\x00"), err)
	}
}

// If the spool fails too, a stop is still told, marked "not recorded".
func TestAStopIsToldThoughTheSpoolFailsToo(t *testing.T) {
	h := newSpoolHouse(t)
	if err := h.node.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(h.folder, "spool")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", filepath.Join(h.folder, "spool")); err != nil { // a disk without room
		t.Fatal(err)
	}
	h.open()
	h.journal.on.Store(true)
	r := h.raise()
	if r.Spooled != release.MarkLost {
		t.Fatalf("answered %q; expected %q", r.Spooled, release.MarkLost)
	}
	if told := h.node.Spooled(h.A.Ref, false); len(told) != 1 || told[0].Mark != release.MarkLost {
		t.Fatalf("told %+v", told)
	}
	h.journal.on.Store(false)
	until(t, "the journal has the stop", func() bool {
		return h.stop(h.A.Officer, r.Outcome.Ref) != nil && len(h.node.Spooled(h.A.Ref, true)) == 0
	})
	if s := h.stop(h.A.Officer, r.Outcome.Ref); !s.Log[0].Lost || s.Log[0].Spooled == "" {
		t.Errorf("%+v; expected the mark to stay on record", s.Log[0])
	}
}

// A stop that the journal has climbs in the spool while the journal takes nothing, and is taken there.
func TestTheLadderOfAStoredStopGoesOnWithoutTheJournal(t *testing.T) {
	h := newSpoolHouse(t)
	ref := h.raise().Outcome.Ref
	if h.stop(h.A.Officer, ref) == nil {
		t.Fatal("the journal does not have it")
	}
	h.journal.on.Store(true)
	h.clock.Add(2 * parley.Minute)
	until(t, "the ladder climbs in the spool", func() bool { s := h.node.Spooled(h.A.Ref, false); return len(s) == 1 && s[0].Step == 1 })
	if r, _ := h.submit(h.A.Officer, func(*draft.Draft) parley.Body { return &parley.StopTake{Stop: ref} }); r.Spooled == "" {
		t.Errorf("the take was answered %+v", r)
	}
	h.clock.Add(parley.Minute)
	h.journal.on.Store(false)
	until(t, "the journal has the take", func() bool {
		return h.stop(h.A.Officer, ref).State == "taken" && len(h.node.Spooled(h.A.Ref, true)) == 0
	})
	var climbed int
	for _, l := range h.stop(h.A.Officer, ref).Log {
		if l.What == "climbed" {
			climbed++
			if l.Spooled == "" {
				t.Errorf("%+v; expected when the spool told it", l)
			}
		}
	}
	if climbed != 1 {
		t.Errorf("the log says that it climbed %d times; expected once", climbed)
	}
}

const lockEnv = "PARLEY_TEST_LOCK"

// A real lock by another process: the append hangs, and the stop does not wait for it.
func TestAStopDoesNotWaitForALockedJournal(t *testing.T) {
	if path := os.Getenv(lockEnv); path != "" {
		holdLock(t, path)
		return
	}
	h := newSpoolHouse(t)
	holder := exec.Command(os.Args[0], "-test.run", "^TestAStopDoesNotWaitForALockedJournal$", "-test.v")
	holder.Env = append(os.Environ(), lockEnv+"="+filepath.Join(h.folder, "journal.db"))
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	heard := make([]byte, 0, 4096)
	for buf := make([]byte, 512); !strings.Contains(string(heard), "locked\n"); {
		n, err := out.Read(buf)
		if err != nil {
			t.Fatalf("the other process ended: %v %s", err, heard)
		}
		heard = append(heard, buf[:n]...)
	}
	r := h.raise()
	if r.Spooled != release.MarkSpooled {
		t.Errorf("answered %+v; expected it told from the spool", r)
	}
	if err := in.Close(); err != nil { // the other process lets go
		t.Fatal(err)
	}
	until(t, "the journal has the stop", func() bool {
		return h.stop(h.A.Officer, r.Outcome.Ref) != nil && len(h.node.Spooled(h.A.Ref, true)) == 0
	})
	if s := h.stop(h.A.Officer, r.Outcome.Ref); s.Raised != 1 || len(s.Log) != 1 {
		t.Errorf("%+v; expected it raised once: its append and the spool's are one command", s)
	}
	if err := holder.Wait(); err != nil {
		t.Error(err)
	}
}

// holdLock takes the write lock of a database, says so, and holds it until its input ends.
func holdLock(t *testing.T, path string) {
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stdout.WriteString("locked\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}
