package channel

import (
	"crypto/sha256"
	"fmt"

	"parley"
	"parley/duty"
)

// The kinds of deadlines, in the order in which deadlines about one thing at one moment fire.
const (
	deadlineAck               = "ack" // arg: key of the release
	deadlineAreaNear          = "area_near"
	deadlineAreaBegin         = "area_begins"
	deadlineAreaEnd           = "area_ends"
	deadlineArrangementBegins = "arrangement_begins"
	deadlineArrangementEnds   = "arrangement_ends"
	deadlineOffer             = "offer"
	deadlineAttest            = "attest"
	deadlineBehalf            = "behalf"
	deadlineCheck             = "check"
	deadlineCorrection        = "correction" // arg: receipt or answer
	deadlineDeparture         = "departure"  // so long before departure: is it acknowledged?
	deadlineDesk              = "desk"       // arg: version
	deadlineEnds              = "ends"
	deadlineFound             = "found"
	deadlineLapsed            = "lapsed"
	deadlineStop              = "ladder"
	deadlineStopUnit          = "ladder_unit"
	deadlineOverdue           = "overdue"
	deadlinePrompt            = "prompt"
	deadlineQuery             = "query"
	deadlineReadBack          = "read_back"
	deadlineRecall            = "recall" // arg: key of the release
	deadlineRelease           = "release"
	deadlineDue               = "revalidation_due"
	deadlineStale             = "revalidation_overdue"
	deadlineGap               = "rota_gap"
	deadlineSecond            = "second" // arg: key of the release
	deadlineTestCall          = "test_call"
	deadlineContact           = "contact"
	deadlineStanding          = "standing"
	deadlineUpdate            = "update" // arg: key of the release
	deadlineReack             = "reacknowledge"
	deadlinePublish           = "publish"  // arg: version
	deadlineResponse          = "response" // arg: receipt or answer, and the party
)

func deadlineKey(d duty.Deadline) string {
	return fmt.Sprintf("%s %s %015d %s", d.Ref, d.Kind, d.Due, d.Arg)
}

// after sets a deadline a span after a moment. One that has passed already fires before the next entry.
func (s *State) after(from, span int64, ref parley.Ref, kind, arg string) {
	d := duty.Deadline{Due: from + span, Ref: string(ref), Kind: kind, Arg: arg}
	key := deadlineKey(d)
	if s.deadlines.get(key) != nil {
		return
	}
	s.deadlines.put(key, &d)
	s.noteDeadline(key, d)
}

func (s *State) noteDeadline(key string, d duty.Deadline) {
	s.queue.Add(d)
	s.clocksOf[d.Ref] = append(s.clocksOf[d.Ref], key)
}

// cancel takes away the deadlines of one kind about one thing.
func (s *State) cancel(ref parley.Ref, kind string) {
	s.cancelWhere(ref, func(d *duty.Deadline) bool { return d.Kind == kind })
}

// cancelArg takes away the deadline of one kind about one thing with one argument.
func (s *State) cancelArg(ref parley.Ref, kind, arg string) {
	s.cancelWhere(ref, func(d *duty.Deadline) bool { return d.Kind == kind && d.Arg == arg })
}

// cancelAll takes away every deadline about one thing.
func (s *State) cancelAll(ref parley.Ref) {
	s.cancelWhere(ref, func(*duty.Deadline) bool { return true })
}

func (s *State) cancelWhere(ref parley.Ref, which func(*duty.Deadline) bool) {
	keys := s.clocksOf[string(ref)]
	kept := keys[:0]
	for _, key := range keys {
		if d := s.deadlines.get(key); d == nil {
			continue
		} else if which(d) {
			s.deadlines.remove(key) // the queue drops it when it comes up
		} else {
			kept = append(kept, key)
		}
	}
	if len(kept) == 0 {
		delete(s.clocksOf, string(ref))
	} else {
		s.clocksOf[string(ref)] = kept
	}
}

// fire lets every deadline up to a log time fire, in order. Effects are noted at that time and carry when they were due.
func (s *State) fire(at int64) {
	for {
		d, ok := s.queue.Next()
		if !ok || d.Due > at {
			return
		}
		s.queue.Pop()
		if key := deadlineKey(d); s.deadlines.get(key) != nil {
			s.deadlines.remove(key)
			s.forgetClock(d.Ref, key)
			passed[d.Kind](s, d, at)
		}
	}
}

func (s *State) forgetClock(ref, key string) {
	keys := s.clocksOf[ref]
	for i, k := range keys {
		if k == key {
			keys[i] = keys[len(keys)-1]
			keys = keys[:len(keys)-1]
			break
		}
	}
	if len(keys) == 0 {
		delete(s.clocksOf, ref)
	} else {
		s.clocksOf[ref] = keys
	}
}

// passed says what happens when a deadline of a kind passes.
var passed map[string]func(s *State, d duty.Deadline, at int64)

func init() {
	passed = map[string]func(*State, duty.Deadline, int64){
		deadlineAck: (*State).ackPassed, deadlineAreaNear: (*State).areaNear, deadlineAreaBegin: (*State).areaBegins, deadlineAreaEnd: (*State).areaEnds,
		deadlineAttest: (*State).attestPassed, deadlineBehalf: (*State).behalfPassed, deadlineCheck: (*State).checkPassed,
		deadlineDeparture: (*State).departureNear, deadlineDesk: (*State).deskPassed, deadlineEnds: (*State).presenceEnds,
		deadlineLapsed: (*State).lapsed, deadlineStop: (*State).stopClimbs, deadlineStopUnit: (*State).stopUnpassed, deadlineOverdue: (*State).overdue, deadlinePrompt: (*State).promptPassed,
		deadlineQuery: (*State).queryPassed, deadlineReadBack: (*State).readBackPassed, deadlineRecall: (*State).recallPassed,
		deadlineRelease: (*State).releasePassed, deadlineDue: (*State).revalidationDue, deadlineStale: (*State).revalidationOverdue,
		deadlineSecond: (*State).secondPassed, deadlineCorrection: (*State).correctionPassed, deadlineGap: (*State).rotaGap, deadlineTestCall: (*State).testCallDue,
		deadlineArrangementBegins: (*State).arrangementBegins, deadlineArrangementEnds: (*State).arrangementEnds, deadlineOffer: (*State).offerPassed, deadlineFound: (*State).foundPassed,
		deadlineContact: (*State).contactPassed, deadlineStanding: (*State).standingPassed,
		deadlineUpdate: (*State).updatePassed, deadlineReack: (*State).reackPassed,
		deadlinePublish: (*State).published, deadlineResponse: (*State).responsePassed,
	}
}

// noted makes the notice of a deadline that passed.
func (s *State) noted(d duty.Deadline, at int64, to parley.Ref, kind parley.NoticeKind, of parley.Versioned, more ...func(*parley.Notice)) {
	n := parley.Notice{To: to, Kind: kind, Object: of.Ref, Version: of.Version, Due: d.Due, At: at, Position: s.Size()}
	for _, m := range more {
		m(&n)
	}
	s.tell(n)
}

// mix derives a seed for a reference from another seed and a text.
func mix(seed parley.Hash, text string) parley.Hash { return sha256.Sum256(append(seed[:], text...)) }

// deadlineSeed derives a seed from a deadline, for what a clock makes.
func deadlineSeed(d duty.Deadline) parley.Hash { return sha256.Sum256([]byte(deadlineKey(d))) }

func (s *State) deskPassed(d duty.Deadline, at int64) {
	if o := s.object(parley.Ref(d.Ref)); o.State == parley.Submitted && fmt.Sprint(o.Newest) == d.Arg {
		s.noted(d, at, parley.Desk, parley.NoticeDeskLate, parley.Versioned{Ref: o.Ref, Version: o.Newest})
	}
}

func (s *State) revalidationDue(d duty.Deadline, at int64) {
	s.currency(d, at, parley.Due, parley.NoticeDue, deadlineStale, s.profile().Clocks.Grace/2)
}

func (s *State) revalidationOverdue(d duty.Deadline, at int64) {
	grace := s.profile().Clocks.Grace
	s.currency(d, at, parley.Overdue, parley.NoticeOverdue, deadlineLapsed, grace-grace/2)
}

// lapsed marks a site whose word was not renewed. It stays in every list: protection under the law does not lapse.
func (s *State) lapsed(d duty.Deadline, at int64) {
	s.currency(d, at, parley.Lapsed, parley.NoticeLapsed, "", 0)
	ref := parley.Ref(d.Ref)
	for _, key := range s.holdersOf(ref) {
		if r := s.releases.get(key); r.Holds() {
			s.noted(d, at, r.To, parley.NoticeLapsed, r.Of)
		}
	}
}

func (s *State) currency(d duty.Deadline, at int64, to parley.Currency, kind parley.NoticeKind, next string, span int64) {
	o := s.objects.edit(d.Ref)
	o.Currency = to
	of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
	s.noted(d, at, o.Owner, kind, of)
	if to != parley.Due {
		s.noted(d, at, parley.Desk, kind, of)
	}
	if next != "" {
		s.after(d.Due, span, o.Ref, next, "")
	}
}

// departureNear asks the owner of a movement that some recipient has not acknowledged so long before it departs.
func (s *State) departureNear(d duty.Deadline, at int64) {
	o := s.object(parley.Ref(d.Ref))
	if !o.Open() || o.Movement != parley.MovementPlanned || fmt.Sprint(o.Newest) != d.Arg {
		return
	}
	waiting := false
	for _, key := range s.holders[o.Ref] {
		if r := s.releases.get(key); r.Holds() && r.AckAt == 0 {
			waiting = true
		}
	}
	if waiting || len(s.holdingParties(o.Ref)) == 0 {
		s.ask(o, parley.CauseNoAck, false, at, s.Size(), deadlineSeed(d))
	}
}

func (s *State) overdue(d duty.Deadline, at int64) {
	o := s.object(parley.Ref(d.Ref))
	if !o.Departed() || o.Movement == parley.MovementArrived || o.Movement == parley.MovementReturned {
		return
	}
	s.objects.edit(d.Ref).Overdue = true
	of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
	s.noted(d, at, o.Owner, parley.NoticeMoveOverdue, of, urgent(true))
	s.noted(d, at, parley.Desk, parley.NoticeMoveOverdue, of, urgent(true))
	if e := s.objects.edit(d.Ref); !e.Uncovered && !s.newest(e).Movement.Covers(e.Movement, at) {
		e.Uncovered = true // what it last said it does, it does past its plan
		s.tellRoad(e, parley.NoticeUncovered, parley.Notice{Due: d.Due, At: at, Position: s.Size()})
	}
}

func (s *State) promptPassed(d duty.Deadline, at int64) {
	p := s.prompts.get(d.Ref)
	if p.Answered != 0 {
		return
	}
	s.prompts.edit(d.Ref).NoAnswer = true
	o := s.object(p.Movement)
	of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
	s.noted(d, at, o.Owner, parley.NoticePromptLate, of, other(p.Ref))
	s.noted(d, at, parley.Desk, parley.NoticePromptLate, of, other(p.Ref))
}

// presenceEnds closes a presence whose hours are over.
func (s *State) presenceEnds(d duty.Deadline, at int64) {
	o := s.object(parley.Ref(d.Ref))
	if !o.Open() {
		return
	}
	t := &turn{s: s, at: at, position: s.Size(), account: o.Owner}
	t.end(o.Ref, parley.Closed, "")
}
