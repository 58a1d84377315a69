package channel

import (
	"fmt"
	"slices"

	"parley"
)

// envelopeErase ends the retention of movements. What it decides follows from the state alone, so that no operator can have more erased
// than the rules let go.
func (t *turn) envelopeErase(b *parley.EnvelopeErase) (effect, *Refusal) {
	about := t.s.aboutMovements()
	for i, ref := range b.Movements {
		if r := t.s.kept(ref, about[ref], t.at); r != nil {
			r.Field = fmt.Sprintf("body.movements[%d]", i)
			return nil, r
		}
	}
	return func() {
		s := t.s
		texts := s.textsOf(b.Movements)
		for _, ref := range b.Movements {
			s.ended.put(string(ref), &parley.RetentionEnded{Movement: ref, At: t.at, Position: t.position})
			t.tell(s.object(ref).Owner, parley.NoticeErased, parley.Versioned{Ref: ref})
		}
		for _, c := range texts {
			s.erased.put(c.String(), &erasure{At: t.at})
		}
	}, nil
}

// wordAbout is what the outcomes say about a movement.
type wordAbout struct {
	last    int64  // log time of the last word about it
	newest  uint64 // position of it
	entries int
}

// aboutMovements gathers the words about every movement, those about its questions among them.
func (s *State) aboutMovements() map[parley.Ref]wordAbout {
	all := map[parley.Ref]wordAbout{}
	for _, o := range s.outcomes.all() {
		if ref := s.movementOf(o.Ref); ref != "" {
			w := all[ref]
			all[ref] = wordAbout{o.At, o.Position, w.entries + 1}
		}
	}
	return all
}

// movementOf returns the movement that a reference stands for or asks about, "" when there is none.
func (s *State) movementOf(ref parley.Ref) parley.Ref {
	switch ref.Kind() {
	case parley.RefMovement:
		return ref
	case parley.RefPrompt:
		if p := s.prompts.get(string(ref)); p != nil {
			return p.Movement
		}
	}
	return ""
}

// kept says why the envelopes about a movement stay; nil when they may go.
func (s *State) kept(ref parley.Ref, about wordAbout, at int64) *Refusal {
	o := s.object(ref)
	if o == nil || ref.Kind() != parley.RefMovement {
		return notFound("body.movements")
	}
	why := func(code parley.Code, read, expected string) *Refusal {
		return refuse(code, "body.movements", fmt.Sprintf("%s, %s", ref, read), expected)
	}
	if o.Open() {
		return why(parley.CodeWrongState, "which is open", "a movement that has ended")
	}
	if what := s.heldBy(ref); what != "" {
		return why(parley.CodeHold, what, "a movement under no incident hold: nothing that was said about harm is erased")
	}
	for _, key := range s.stops.keys() {
		if s.stops.get(key).Object == ref {
			return why(parley.CodeHold, "about which an urgent stop was raised", "a movement under no incident hold")
		}
	}
	if e := s.ended.get(string(ref)); e != nil && e.Position > about.newest {
		return why(parley.CodeExists, "whose retention has ended", "a movement about which envelopes are kept")
	}
	if about.last+parley.MovementRetention > at {
		return why(parley.CodeClock, "the last word about which is of "+parley.Stamp(about.last), "a last word 30 days ago or earlier: it is kept until "+parley.Stamp(about.last+parley.MovementRetention))
	}
	if len(s.clocksOf[string(ref)]) > 0 {
		return why(parley.CodeWrongState, "about which a clock runs", "a movement about which nothing is due")
	}
	for _, key := range s.holdersOf(ref) {
		if r := s.releases.get(key); r.Holds() || r.Stands || r.RecalledAt != 0 && r.DeletedAt == 0 {
			return why(parley.CodeWrongState, "which "+string(r.To)+" may still hold", "a movement that no party reckons with, and whose recalls are confirmed")
		}
	}
	for _, key := range s.queries.keysOf(ref) {
		if s.queries.get(key).Answered == 0 {
			return why(parley.CodeWrongState, "about which "+key+" is not answered", "a movement about which nothing is open")
		}
	}
	return nil
}

// heldBy says which report of harm or incident keeps a movement's envelopes while its hold stands, "" when none does.
func (s *State) heldBy(ref parley.Ref) string {
	holds := func(of parley.Ref) bool { return s.holds.get(string(of)) == nil }
	for _, h := range s.harms.all() {
		switch {
		case !holds(h.Ref):
		case h.Object.Ref == ref:
			return "to which harm was reported"
		case slices.Contains(h.Near, ref):
			return "which was near harm that was reported"
		}
	}
	for _, i := range s.incidents.all() {
		if holds(i.Ref) && slices.Contains(i.Objects, ref) {
			return "which an incident concerns"
		}
	}
	return ""
}

// textsOf returns the texts that came with what was said about movements and that nothing else was said with, in order of their coming.
// A text under an incident hold is not among them.
func (s *State) textsOf(movements []parley.Ref) []parley.Hash {
	about := map[parley.Ref]bool{}
	for _, ref := range movements {
		about[ref] = true
	}
	needed, found := s.heldTexts(), map[parley.Hash]bool{}
	var texts []parley.Hash
	for _, o := range s.outcomes.all() {
		goes := about[s.movementOf(o.Ref)]
		for _, c := range o.Payloads {
			switch {
			case !goes:
				needed[c.Hash] = true
			case !found[c.Hash]:
				found[c.Hash] = true
				texts = append(texts, c.Hash)
			}
		}
	}
	return slices.DeleteFunc(texts, func(c parley.Hash) bool { return needed[c] })
}

// stateNote takes note of the digest that a block's state had. Whether it had it, every node sees when it applies the note: the digest
// stands in the header of the block after.
func (t *turn) stateNote(b *parley.StateNote) (effect, *Refusal) {
	if b.Size > t.position {
		return nil, refuse(parley.CodeInvalid, "body.size", fmt.Sprint(b.Size), fmt.Sprintf("%d entries at most, which stand before this one", t.position))
	}
	if last := t.s.LastNote(); last != nil && b.Height <= last.Height {
		return nil, refuse(parley.CodeWrongState, "body.height", fmt.Sprint(b.Height), fmt.Sprintf("a block above %d, which is noted", last.Height))
	}
	return func() {
		t.s.stateNotes.put(fmt.Sprintf("%015d", b.Height), &parley.StateNoted{Height: b.Height, Block: b.Block, Size: b.Size, Digest: b.Digest, At: t.at, Position: t.position})
	}, nil
}

// Notes returns what was noted of the state after blocks, in order.
func (s *State) Notes() []parley.StateNoted {
	var all []parley.StateNoted
	for _, key := range s.stateNotes.keys() {
		all = append(all, *s.stateNotes.get(key))
	}
	return all
}

// LastNote returns the last note of the state after a block, nil when there is none.
func (s *State) LastNote() *parley.StateNoted {
	if keys := s.stateNotes.keys(); len(keys) > 0 {
		return s.stateNotes.get(keys[len(keys)-1])
	}
	return nil
}

// ErasedEnvelopes returns the positions of the envelopes that are to be erased by commands that stand below a size, in order.
func (s *State) ErasedEnvelopes(below uint64) []uint64 {
	var positions []uint64
	if s.ended.len() == 0 {
		return nil
	}
	for _, o := range s.outcomes.all() {
		ref := s.movementOf(o.Ref)
		if ref == "" {
			continue
		}
		if e := s.ended.get(string(ref)); e != nil && e.Position < below && o.Position < e.Position {
			positions = append(positions, o.Position)
		}
	}
	return positions
}

// Retained is how a movement stands with its retention.
type Retained struct {
	Movement parley.Ref    `json:"movement"`
	Entries  int           `json:"entries"`       // envelopes about it
	Last     int64         `json:"last"`          // log time of the last word about it, milliseconds UTC
	Why      *parley.Fault `json:"why,omitempty"` // it is kept; nil: it may go
}

// Retention returns how every movement stands at a time, when its envelopes are kept for longer than the rules ask for by a span, in
// milliseconds; in order of reference.
func (s *State) Retention(at, longer int64) []Retained {
	about := s.aboutMovements()
	var all []Retained
	for _, key := range s.objects.keys() {
		ref := parley.Ref(key)
		if ref.Kind() != parley.RefMovement {
			continue
		}
		r := Retained{Movement: ref, Entries: about[ref].entries, Last: about[ref].last}
		if refusal := s.kept(ref, about[ref], at-longer); refusal != nil {
			r.Why = &refusal.Fault
		}
		all = append(all, r)
	}
	return all
}

// EndedSince reports whether the retention of a movement was ended by a command at a position from one on and below another.
func (s *State) EndedSince(from, below uint64) bool {
	for _, r := range s.ended.all() {
		if p := r.Position; p >= from && p < below {
			return true
		}
	}
	return false
}

// OutcomeAt returns what became of the entry at a position, which is applied.
func (s *State) OutcomeAt(position uint64) parley.Outcome { return *s.outcomes.at(position) }

// ErasedTexts returns the texts that came with what was said about movements and are erased, in order of their coming.
func (s *State) ErasedTexts(movements []parley.Ref) []parley.Hash {
	if len(movements) == 0 {
		return nil
	}
	return slices.DeleteFunc(s.textsOf(movements), func(c parley.Hash) bool { return !s.Erased(c) })
}
