package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/journal"
	"parley/release"
)

const (
	spoolFile = "spool"
	// spoolAfter is how long an urgent stop waits for the journal before it is told without it (DESIGN section 3).
	spoolAfter = 500 * time.Millisecond
	// spoolWrite is how long the spool's own disk may take.
	spoolWrite = 300 * time.Millisecond
	spoolBeat  = 100 * time.Millisecond
	spoolRetry = 500 * time.Millisecond
	// spoolBytes are laid out on the disk when the node opens, so that a full disk leaves room for a stop.
	spoolBytes = 1 << 20
)

// spool keeps urgent stops that the journal could not take, and runs their ladders, until the journal takes them.
//
// The file holds one JSON value a line, each synced before it is told, and zeros after the last. A line that is cut short was not told.
type spool struct {
	mu      sync.Mutex
	file    *os.File
	end     int64 // where the next line goes
	writing bool  // a write that took too long is still under way: its disk is not asked again
	entries []*spooled
	climbs  []parley.SpoolClimb
	stops   map[parley.Ref]*spooledStop
	order   []parley.Ref
	retried time.Time
	busy    bool // a recovery is under way
}

// spooled is one command that was told before it was appended.
type spooled struct {
	signed *channel.Signed
	line   spoolLine
	ref    parley.Ref
	lost   bool
}

// spoolLine is a line of the file: a command, or a step that a ladder climbed.
type spoolLine struct {
	Envelope json.RawMessage    `json:"envelope,omitempty"`
	Payloads []parley.Payload   `json:"payloads,omitempty"`
	At       int64              `json:"at"`
	Climb    *parley.SpoolClimb `json:"climb,omitempty"`
}

// spooledStop is a stop as it stands in the spool: raised there, or known to the journal and moved on since.
type spooledStop struct {
	ref     parley.Ref
	object  parley.Ref
	place   *geo.Position
	stop    release.Stop // without what only the state has
	raiser  parley.Ref
	parties []parley.Ref
	state   parley.StopState
	raised  int64 // when its ladder began
	step    int
	journal bool // the journal has the stop: this adds to it
	lost    bool
}

// openSpool opens the spool file of a folder and reads what an earlier process left in it.
func openSpool(folder string) (_ *spool, lines []spoolLine, err error) {
	sp := &spool{stops: map[parley.Ref]*spooledStop{}}
	if sp.file, err = os.OpenFile(filepath.Join(folder, spoolFile), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, nil, fmt.Errorf("couldn't open the spool: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, sp.file.Close())
		}
	}()
	text, err := io.ReadAll(io.LimitReader(sp.file, 64*spoolBytes))
	if err != nil {
		return nil, nil, fmt.Errorf("couldn't read the spool: %w", err)
	}
	text, _, _ = bytes.Cut(text, []byte{0})
	for line := range bytes.Lines(text) {
		var l spoolLine
		if line[len(line)-1] != '\n' || json.Unmarshal(line, &l) != nil {
			break // cut short by the end of the process: nobody was told of it
		}
		lines = append(lines, l)
		sp.end += int64(len(line))
	}
	return sp, lines, nil
}

// layOut fills the file with zeros behind its last line, up to its size, and syncs it.
func (sp *spool) layOut() error {
	if rest := spoolBytes - sp.end; rest > 0 {
		if _, err := sp.file.WriteAt(make([]byte, rest), sp.end); err != nil {
			return err
		}
	}
	return sp.file.Sync()
}

// keep writes a line and syncs it. It reports false when the disk does not take it in time.
func (sp *spool) keep(l spoolLine) bool {
	if sp.writing {
		return false
	}
	text, err := json.Marshal(l)
	if err != nil {
		return false
	}
	text = append(text, '\n')
	at := sp.end
	sp.writing = true
	done := make(chan error, 1)
	go func() { // owned by the file: it ends with the write, whether or not anybody still waits
		_, err := sp.file.WriteAt(text, at)
		if err == nil {
			err = sp.file.Sync()
		}
		done <- err
	}()
	select {
	case err := <-done:
		sp.writing = false
		if err == nil {
			sp.end += int64(len(text))
		}
		return err == nil
	case <-time.After(spoolWrite):
		go func() {
			<-done
			sp.mu.Lock()
			sp.writing = false
			sp.mu.Unlock()
		}()
		return false
	}
}

// urgent reports whether a command belongs to an urgent stop: it is told though the journal cannot be written.
func urgent(c *parley.Command) bool {
	switch c.Body.(type) {
	case *parley.StopRaise, *parley.StopTake, *parley.StopPass, *parley.StopEffectReport, *parley.StopStandDown:
		return true
	}
	return false
}

// stopOf returns the stop that a command is about, and the state that it moves it to; "" for raising.
func stopOf(c *parley.Command) (parley.Ref, parley.StopState) {
	switch b := c.Body.(type) {
	case *parley.StopTake:
		return b.Stop, parley.StopTaken
	case *parley.StopPass:
		return b.Stop, parley.StopPassed
	case *parley.StopEffectReport:
		return b.Stop, parley.StopEffect
	case *parley.StopStandDown:
		return b.Stop, parley.StopStoodDown
	}
	return "", parley.StopRaised
}

// decideUrgent decides on a command about a stop that stands in the spool. handled is false when the journal's state decides.
func (n *Node) decideUrgent(signed *channel.Signed) (handled bool, err error) {
	ref, to := stopOf(signed.Command)
	n.spool.mu.Lock()
	defer n.spool.mu.Unlock()
	st := n.spool.stops[ref]
	if ref == "" || st == nil {
		return false, nil
	}
	n.mu.RLock()
	account, _, refusal := n.state.Seat(n.now(), signed)
	n.mu.RUnlock()
	if refusal != nil {
		return true, &Refused{refusal}
	}
	switch {
	case account != parley.Desk && account != st.raiser && !slices.Contains(st.parties, account), to == parley.StopTaken && !slices.Contains(st.parties, account):
		return true, &Refused{&channel.Refusal{Fault: parley.Fault{Code: parley.CodeNotFound, Field: "body.stop", Read: "a reference", Expected: "a reference that stands for something this member may see"}}}
	case !parley.StopMachine.May(string(st.state), string(to)):
		return true, &Refused{&channel.Refusal{Fault: parley.Fault{Code: parley.CodeWrongState, Field: "body.stop", Read: string(st.state), Expected: "a state from which it can become " + string(to)}}}
	}
	return true, nil
}

// submitUrgent sends a command of an urgent stop on. If the journal does not take it in time, it is told from the spool.
func (n *Node) submitUrgent(ctx context.Context, s *submission, payloads []parley.Payload) (Receipt, error) {
	ref, _ := stopOf(s.signed.Command)
	n.spool.mu.Lock()
	waiting := n.spool.stops[ref] != nil // what is about a spooled stop keeps its place behind it
	n.spool.mu.Unlock()
	if !waiting {
		patience, cancel := context.WithTimeout(ctx, spoolAfter)
		defer cancel()
		r, err := n.enqueueFor(patience, s)
		if err == nil || errors.Is(err, ErrClosed) || errors.Is(err, ErrFault) || ctx.Err() != nil {
			return r, err
		}
		n.log.Error("an urgent stop is told from the spool", "command", s.signed.Name.String(), "why", err)
	}
	return n.tellFromSpool(s, payloads), nil
}

// tellFromSpool keeps a command in the spool, tells it, and answers without a stored receipt.
func (n *Node) tellFromSpool(s *submission, payloads []parley.Payload) Receipt {
	e := &spooled{signed: s.signed, line: spoolLine{Envelope: s.envelope, Payloads: payloads, At: n.now()}}
	sp := n.spool
	sp.mu.Lock()
	e.lost = !sp.keep(e.line)
	n.place(e)
	mark := release.MarkSpooled
	if e.lost {
		mark = release.MarkLost
		n.log.Error("the spool could not keep an urgent stop: it is told all the same, and not recorded", "command", s.signed.Name.String())
	}
	sp.mu.Unlock()
	n.wake()
	return Receipt{Outcome: parley.Outcome{Name: s.signed.Name, Kind: s.signed.Command.Kind, Ref: e.ref, At: e.line.At, Account: n.speaker(s.signed)}, Spooled: mark}
}

func (n *Node) speaker(signed *channel.Signed) parley.Ref {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.state.SpeakerOf(signed.Command)
}

// wake lets everyone who waits for news look again.
func (n *Node) wake() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.told {
		close(c)
	}
	clear(n.told)
	close(n.changed)
	n.changed = make(chan struct{})
}

// place puts a command where the spool's readers find it. The caller holds the spool.
func (n *Node) place(e *spooled) {
	sp := n.spool
	n.mu.RLock()
	defer n.mu.RUnlock()
	account, offRota, _ := n.state.Seat(e.line.At, e.signed)
	step := release.StopStep{Account: account, At: parley.Stamp(e.line.At), Spooled: parley.Stamp(e.line.At), Lost: e.lost}
	if b := e.signed.Command.OnBehalf; b != nil {
		step.Told = b.Channel
	}
	ref, to := stopOf(e.signed.Command)
	st := sp.stops[ref]
	switch b := e.signed.Command.Body.(type) {
	case *parley.StopRaise:
		step.What, step.Words = "raised", textOf(b.Words, e.line.Payloads)
		for _, r := range sp.order { // raised again while the first waits
			if o := sp.stops[r]; o.state != parley.StopStoodDown && channel.SameStop(b.Object, b.Place, o.object, o.place) {
				st = o
			}
		}
		if st == nil {
			st = n.foresee(e, b)
		}
		if st.stop.Raised++; st.stop.Raised > 1 {
			step.What = "raised again"
		}
		st.state, st.step, st.raised = parley.StopRaised, 0, e.line.At
	case *parley.StopTake:
		step.What, step.OffRota = "taken", offRota
	case *parley.StopPass:
		step.What, step.Echelon = "passed on", b.Echelon
	case *parley.StopEffectReport:
		step.What, step.Effect, step.Words = "effect", b.Effect, textOf(b.Words, e.line.Payloads)
	case *parley.StopStandDown:
		step.What, step.Words = "stood down", textOf(b.Report, e.line.Payloads)
	}
	if st == nil {
		st = n.standing(ref)
	}
	if to != parley.StopRaised {
		st.state = to
		if b, ok := e.signed.Command.Body.(*parley.StopEffectReport); ok && b.Effect == parley.FireGoesOn {
			st.state, st.step, st.raised = parley.StopRaised, 0, e.line.At
		}
	}
	st.lost = st.lost || e.lost
	st.stop.Log = append(st.stop.Log, step)
	e.ref = st.ref
	sp.entries = append(sp.entries, e)
	if sp.stops[st.ref] == nil {
		sp.stops[st.ref] = st
		sp.order = append(sp.order, st.ref)
	}
}

// foresee makes the spool's view of a stop that is raised there. The caller holds the spool and the state.
func (n *Node) foresee(e *spooled, b *parley.StopRaise) *spooledStop {
	f := n.state.ForeseeStop(e.signed)
	st := &spooledStop{ref: f.Ref, object: b.Object, place: b.Place, raiser: f.Account, parties: f.Parties, journal: f.Joins}
	if f.Joins {
		st = n.standing(f.Ref)
		st.parties = f.Parties
		return st
	}
	st.stop = release.Stop{Ref: f.Ref, Object: b.Object, At: parley.Stamp(e.line.At), Parties: f.Parties}
	if b.Place != nil {
		g := release.Geometry{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{*b.Place}}}
		st.stop.Place = &g
	}
	return st
}

// standing makes the spool's view of a stop that the journal has. The caller holds the spool and the state.
func (n *Node) standing(ref parley.Ref) *spooledStop {
	e := n.state.UrgentStop(ref)
	return &spooledStop{ref: ref, object: e.Object, place: e.Place, raiser: e.Raiser, parties: e.Parties, state: e.State, raised: e.Last, step: e.Step, journal: true,
		stop: release.Stop{Ref: ref, Raised: e.Raised}}
}

// textOf returns the text that opens a commitment, among those that came with it.
func textOf(c parley.Commitment, payloads []parley.Payload) string {
	for _, p := range payloads {
		if !c.IsZero() && p.Commitment() == c {
			return p.Text
		}
	}
	return ""
}

// runSpool lets the ladders of spooled stops climb, and tries to bring the spool into the journal. It owns both until ctx ends.
func (n *Node) runSpool(ctx context.Context) {
	beat := time.NewTicker(spoolBeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			n.climbSpool()
			n.trySpool(ctx)
		}
	}
}

// climbSpool lets every spooled stop climb that nobody has taken, and those of the journal whose ladder is due while it cannot be written.
func (n *Node) climbSpool() {
	sp, now := n.spool, n.now()
	sp.mu.Lock()
	n.mu.RLock()
	if n.down() {
		for _, ref := range n.state.StopsLate(now) {
			if sp.stops[ref] == nil {
				sp.stops[ref] = n.standing(ref)
				sp.order = append(sp.order, ref)
			}
		}
	}
	climbed := false
	for _, ref := range sp.order {
		st := sp.stops[ref]
		for due := n.state.Ladder(st.raised, st.step); st.state == parley.StopRaised && due <= now; due = n.state.Ladder(st.raised, st.step) {
			st.step++
			climbed = true
			c := parley.SpoolClimb{Stop: ref, Step: st.step, Due: due, At: now}
			lost := !sp.keep(spoolLine{At: now, Climb: &c})
			sp.climbs = append(sp.climbs, c)
			st.stop.Log = append(st.stop.Log, release.StopStep{What: "climbed", Due: parley.Stamp(due), At: parley.Stamp(now), Spooled: parley.Stamp(now), Lost: lost})
		}
	}
	n.mu.RUnlock()
	sp.mu.Unlock()
	if climbed {
		n.wake()
	}
}

// trySpool starts bringing the spool into the journal, one try at a time.
func (n *Node) trySpool(ctx context.Context) {
	sp := n.spool
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.busy || len(sp.order) == 0 || time.Since(sp.retried) < spoolRetry {
		return
	}
	sp.busy, sp.retried = true, time.Now()
	n.done.Add(1)
	go func() {
		defer n.done.Done()
		if err := n.recoverSpool(ctx); err != nil && ctx.Err() == nil {
			n.log.Warn("the spool waits for the journal", "why", err)
		}
		sp.mu.Lock()
		sp.busy, sp.retried = false, time.Now()
		sp.mu.Unlock()
	}()
}

// recoverSpool appends what was told from the spool, in its order, and then when it was told. Nothing leaves the spool before the journal has it.
func (n *Node) recoverSpool(ctx context.Context) error {
	sp := n.spool
	sp.mu.Lock()
	entries, climbs := slices.Clone(sp.entries), slices.Clone(sp.climbs)
	entries, climbs = entries[:min(len(entries), 200)], climbs[:min(len(climbs), 200)]
	sp.mu.Unlock()
	note := &parley.StopSpooled{Climbs: climbs}
	for _, e := range entries {
		note.Told = append(note.Told, parley.SpoolTold{Command: e.signed.Name, At: e.line.At, Lost: e.lost})
		if n.knows(e.signed.Name) {
			continue // its append had an answer after all
		}
		var stored []journal.Payload
		stored, err := n.match(e.signed, e.line.Payloads)
		if err != nil {
			n.log.Error("a spooled command has lost its texts", "command", e.signed.Name.String(), "why", err)
			continue
		}
		if _, err := n.enqueue(ctx, &submission{signed: e.signed, envelope: e.line.Envelope, payloads: stored, answer: make(chan result, 1)}); err != nil {
			return err
		}
	}
	if len(note.Told)+len(climbs) > 0 {
		s, err := n.sign(note)
		if err != nil {
			return err
		}
		if _, err := n.enqueue(ctx, s); err != nil {
			return err
		}
	} else if n.down() {
		return nil // a ladder is due, and nothing was told yet
	}
	n.shed(len(entries), len(climbs))
	n.wake()
	return nil
}

func (n *Node) knows(name parley.Hash) bool {
	n.mu.RLock()
	defer n.mu.RUnlock()
	_, known := n.state.Known(name)
	return known
}

// down reports whether the journal takes no entries: the last append failed, or one has been under way for a second.
func (n *Node) down() bool {
	began := n.appending.Load()
	return n.failing.Load() || began != 0 && time.Since(time.UnixMilli(began)) > time.Second
}

// shed takes out of the spool what the journal has, and keeps what came meanwhile.
func (n *Node) shed(entries, climbs int) {
	sp := n.spool
	sp.mu.Lock()
	defer sp.mu.Unlock()
	kept, keptClimbs := sp.entries[entries:], sp.climbs[climbs:]
	sp.entries, sp.climbs, sp.order, sp.stops, sp.end = nil, nil, nil, map[parley.Ref]*spooledStop{}, 0
	for _, e := range kept {
		e.lost = !sp.keep(e.line)
		n.place(e)
	}
	for _, c := range keptClimbs {
		if st := sp.stops[c.Stop]; st != nil {
			st.step = max(st.step, c.Step)
			sp.climbs = append(sp.climbs, c)
			sp.keep(spoolLine{At: c.At, Climb: &c})
		}
	}
	if sp.writing {
		return
	}
	if err := sp.layOut(); err != nil {
		n.log.Error("couldn't empty the spool; what is in it is in the journal, and is offered to it again at the next start", "why", err)
	}
}

// refill places what an earlier process left in the spool.
func (n *Node) refill(lines []spoolLine) {
	n.spool.mu.Lock()
	defer n.spool.mu.Unlock()
	for _, l := range lines {
		if l.Climb != nil {
			n.spool.climbs = append(n.spool.climbs, *l.Climb)
			continue
		}
		signed, e, err := channel.Open(l.Envelope)
		if err == nil {
			err = channel.Verify(e, signed.Command, n.state.KeyOf)
		}
		if err != nil || !urgent(signed.Command) {
			n.log.Error("the spool holds what is no command of an urgent stop", "why", err)
			continue
		}
		if n.state.UrgentStop(stopRef(signed)) == nil && signed.Command.Kind != "stop.raise" && n.spool.stops[stopRef(signed)] == nil {
			n.log.Error("the spool holds a command about a stop that nobody knows", "command", signed.Name.String())
			continue
		}
		n.place(&spooled{signed: signed, line: l})
	}
	for _, c := range n.spool.climbs {
		if st := n.spool.stops[c.Stop]; st != nil {
			st.step = max(st.step, c.Step)
		}
	}
}

func stopRef(signed *channel.Signed) parley.Ref {
	ref, _ := stopOf(signed.Command)
	return ref
}

// Spooled returns the urgent stops that the journal does not have yet, or whose newest steps it does not have, for an account: those it
// raised, those it is concerned by, and all for the desk, the board and monitors.
func (n *Node) Spooled(account parley.Ref, watches bool) []release.Stop {
	sp := n.spool
	sp.mu.Lock()
	defer sp.mu.Unlock()
	var list []release.Stop
	for _, ref := range sp.order {
		st := sp.stops[ref]
		if len(st.stop.Log) == 0 || !watches && account != st.raiser && !slices.Contains(st.parties, account) {
			continue
		}
		out := st.stop
		out.State, out.Step, out.Parties, out.Mark = string(st.state), st.step, st.parties, release.MarkSpooled
		if st.lost {
			out.Mark = release.MarkLost
		}
		out.Log = slices.Clone(st.stop.Log)
		for i := range out.Log {
			if a := out.Log[i].Account; a.Kind() == parley.RefOrganisation && a != account && !watches {
				out.Log[i].Account = ""
			}
		}
		list = append(list, out)
	}
	return list
}

// WithSpool adds to the stops that the state shows an account what the spool knows of them, and the stops that only the spool has.
func (n *Node) WithSpool(account parley.Ref, watches bool, stops []release.Stop) []release.Stop {
	for _, s := range n.Spooled(account, watches) {
		i := slices.IndexFunc(stops, func(b release.Stop) bool { return b.Ref == s.Ref })
		if i < 0 {
			stops = append(stops, s)
			continue
		}
		b := stops[i]
		b.Log = append(slices.Clone(b.Log), s.Log...)
		b.State, b.Step, b.Mark, b.Raised = s.State, s.Step, s.Mark, max(b.Raised, s.Raised)
		stops[i] = b
	}
	return stops
}
