package channel

import (
	"fmt"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// checkBound bounds what a check may ask (channel.md section 4). It binds checks, never declarations.
func (t *turn) checkBound(b *parley.CheckRecord) *Refusal {
	q := t.s.profile().Quotas
	if km2 := askedM2(b.Volume()) / 1_000_000; km2 > q.CheckKM2 {
		return refuse(parley.CodeQuota, "body.shape", fmt.Sprintf("%d km², buffer included", km2), fmt.Sprintf("at most %d km² a check", q.CheckKM2))
	}
	if n := b.Shape.Vertices(); n > q.CheckVertices {
		return refuse(parley.CodeQuota, "body.shape", fmt.Sprintf("%d positions", n), fmt.Sprintf("at most %d positions a check", q.CheckVertices))
	}
	if b.Window.To > t.at+q.CheckAhead {
		return refuse(parley.CodeQuota, "body.window.to", parley.Stamp(b.Window.To), "at most "+parley.Stamp(t.at+q.CheckAhead))
	}
	if b.Window.To <= t.at {
		return refuse(parley.CodeClock, "body.window.to", parley.Stamp(b.Window.To), "a time to come")
	}
	return nil
}

// askedM2 is the area that a volume asks about, in square metres: its shape and the strip that its buffer adds along every edge and
// around every end. It is exact for a point and a convex shape, and never too small for one part. Without the strip a point with a
// wide buffer would ask about thousands of square kilometres for nothing.
func askedM2(v geo.Volume) int64 {
	shape, buffer := v.Shape.Normalize(), int64(v.Buffer)
	area := shape.AreaM2()
	ends := int64(len(shape.Points) + len(shape.Lines) + len(shape.Polygons))
	area += ends * buffer * buffer * 355 / 113
	length := func(line []geo.Position) (mm int64) {
		for i := 1; i < len(line); i++ {
			mm += apart(line[i-1], line[i])
		}
		return mm
	}
	for _, line := range shape.Lines {
		area += 2 * length(line) / 1000 * buffer
	}
	for _, rings := range shape.Polygons {
		for _, ring := range rings {
			area += length(ring) / 1000 * buffer
		}
	}
	return area
}

// checkRadius is the radius of a circle of 1 km², in metres.
const checkRadius = 565

// Widened is what a check asks, at least 1 km² large, so that a check cannot feel its way to a place.
func Widened(v geo.Volume) geo.Volume {
	v.Shape = v.Shape.Normalize()
	if v.Shape.AreaM2() < 1_000_000 {
		v.Buffer = max(v.Buffer, checkRadius)
	}
	return v
}

func (t *turn) checkRecord(b *parley.CheckRecord) (effect, *Refusal) {
	if r := t.quotes("body.head", b.Head); r != nil {
		return nil, r
	}
	if r := t.checkBound(b); r != nil {
		return nil, r
	}
	v := Widened(b.Volume())
	head := t.s.accounts.get(string(t.account)).Head
	if missing := t.s.missed(b.Head, v); len(missing) > 0 {
		r := refuse(parley.CodeStale, "body.head", fmt.Sprintf("the list at position %d", b.Head.Position), fmt.Sprintf("the list at position %d: entries changed within 10 km", head.Position))
		r.Missing, r.Head = missing, &head
		return nil, r
	}
	return func() {
		s := t.s
		profile := s.profile()
		t.ref = t.newRef(parley.RefCheck)
		c := &parley.PrecautionCheck{Ref: t.ref, Party: t.account, By: t.by(), At: t.at, Shape: b.Shape, Buffer: v.Buffer, Band: b.Band, Window: b.Window, Head: head,
			Expires: t.at + profile.Clocks.CheckShelfLife, AnswerAt: t.at}
		for i, m := range s.touched(t.account, v) {
			if i == profile.Quotas.Indications {
				c.More = true
				break
			}
			c.Indications = append(c.Indications, m.object)
			key := indicationKey(t.ref, m.object.Ref)
			s.indications.put(key, &parley.Indication{Of: t.ref, Object: m.object, Party: t.account, State: parley.IndicationOpen, Window: m.window, At: t.at})
			s.openOf[t.ref] = append(s.openOf[t.ref], key)
		}
		t.countCheck(c, v)
		s.checks.put(string(t.ref), c)
		s.noteCheck(c)
		s.after(c.Expires, 0, t.ref, deadlineCheck, "")
		t.extentKnown(c)
	}, nil
}

// noteCheck keeps a party's checks in the order of their time, and those of one millisecond in that of their references: a snapshot brings
// them back in this order, and notices follow it.
func (s *State) noteCheck(c *parley.PrecautionCheck) {
	s.taken[c.Ref] = true
	refs := append(s.checksOf[c.Party], c.Ref)
	for i := len(refs) - 1; i > 0 && refs[i-1] > refs[i] && s.checks.get(string(refs[i-1])).At == c.At; i-- {
		refs[i-1], refs[i] = refs[i], refs[i-1]
	}
	s.checksOf[c.Party] = refs
}

// tiling is how many of a day's checks touch one another before the board is told, and told again at each multiple.
const tiling = 10

// countCheck holds a check against the party's quota and looks for a pattern of checks that feel their way over an area. Beyond
// the quota, answers come 30 s late and the board is told; only trustees pause a party.
func (t *turn) countCheck(c *parley.PrecautionCheck, v geo.Volume) {
	s, q := t.s, t.s.profile().Quotas
	box := v.Shape.Bounds().Widen(v.Buffer)
	hour, day, near := 1, 1, 0
	refs := s.checksOf[c.Party]
	for i := len(refs) - 1; i >= 0; i-- {
		earlier := s.checks.get(string(refs[i]))
		if earlier.At <= t.at-parley.Day {
			break
		}
		if earlier.Attested {
			continue
		}
		day++
		if earlier.At > t.at-parley.Hour {
			hour++
		}
		if earlier.Shape.Bounds().Widen(earlier.Buffer).Overlaps(box) {
			near++
		}
	}
	if hour > q.ChecksPerHour || day > q.ChecksPerDay {
		c.AnswerAt = t.at + 30*parley.Second
		t.tell(parley.Board, parley.NoticeQuota, parley.Versioned{Ref: c.Party})
	}
	if near > 0 && near%tiling == 0 {
		t.tell(parley.Board, parley.NoticeTiling, parley.Versioned{Ref: c.Party})
	}
}

// checkedFor reports whether a check of the party that still counts covers a volume: its shape within, its window around.
func (s *State) checkedFor(party parley.Ref, v geo.Volume) bool {
	refs := s.checksOf[party]
	for i := len(refs) - 1; i >= 0; i-- {
		c := s.checks.get(string(refs[i]))
		if c.At <= s.Now()-s.profile().Clocks.CheckShelfLife {
			return false
		}
		if c.Ended != parley.StillGood || c.StaleList || c.Window.From > v.Window.From || c.Window.To < v.Window.To || c.Buffer < v.Buffer {
			continue
		}
		if covers(c.Shape.Normalize(), v.Shape) {
			return true
		}
	}
	return false
}

// covers reports whether every position of inner lies in outer. Shapes that bulge between their positions were split before.
func covers(outer, inner geo.Shape) bool {
	all := true
	inner.Each(func(p geo.Position) {
		all = all && geo.Within(outer, geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}, 0)
	})
	return all
}

func (s *State) checkPassed(d duty.Deadline, at int64) {
	if c := s.checks.get(d.Ref); c.Ended == parley.StillGood {
		s.checks.edit(d.Ref).Ended = parley.ShelfLife
		s.noted(d, at, c.Party, parley.NoticeCheckEnded, parley.Versioned{Ref: c.Ref})
	}
}

// endChecks ends the checks of a party that its list's newest step concerns: a check ages as soon as its list does.
func (s *State) endChecks(r *parley.Release, change *parley.ListChange) {
	refs := s.checksOf[r.To]
	for i := len(refs) - 1; i >= 0; i-- {
		c := s.checks.get(string(refs[i]))
		if c.At <= s.Now()-s.profile().Clocks.CheckShelfLife {
			return
		}
		if c.Ended != parley.StillGood || !c.Window.Overlaps(change.Window) || !c.Shape.Bounds().Widen(c.Buffer).Overlaps(change.Box) {
			continue
		}
		s.checks.edit(string(c.Ref)).Ended = parley.ListMoved
		s.cancelAll(c.Ref)
		s.tell(parley.Notice{To: c.Party, Kind: parley.NoticeCheckEnded, Object: c.Ref, Other: r.Of.Ref, At: s.Now(), Position: change.Head.Position})
	}
}

// endChecksOf ends the checks that found a movement, once it does another thing than it did when they were made.
func (s *State) endChecksOf(o *parley.Object, at int64, position uint64) {
	for _, party := range s.holdingParties(o.Ref) {
		refs := s.checksOf[party]
		for i := len(refs) - 1; i >= 0; i-- {
			c := s.checks.get(string(refs[i]))
			if c.At <= at-s.profile().Clocks.CheckShelfLife {
				break
			}
			if c.Ended != parley.StillGood || !slices.ContainsFunc(c.Indications, func(of parley.Versioned) bool { return of.Ref == o.Ref }) {
				continue
			}
			s.checks.edit(string(c.Ref)).Ended = parley.ObjectMoved
			s.cancelAll(c.Ref)
			s.tell(parley.Notice{To: party, Kind: parley.NoticeCheckEnded, Object: c.Ref, Other: o.Ref, At: at, Position: position})
		}
	}
}

// checkAttest takes a level's own check though its list is stale, or none; it is marked.
func (t *turn) checkAttest(b *parley.CheckAttest) (effect, *Refusal) {
	stale, refusal := t.headHeld("body.head", b.Head)
	if refusal != nil {
		return nil, refusal
	}
	// A list that nobody has held against the channel's for as long as levels may go without attesting theirs is old, though nothing in it changed.
	stale = stale || b.On < t.at-t.s.profile().Clocks.Attestation
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefCheck)
		c := &parley.PrecautionCheck{Ref: t.ref, Party: t.account, By: t.by(), At: t.at, Shape: b.Extent, Attested: true, Echelon: b.Echelon, StaleList: stale,
			Window: geo.Window{From: t.at, To: t.at + s.profile().Clocks.CheckShelfLife}, Expires: t.at + s.profile().Clocks.CheckShelfLife, AnswerAt: t.at}
		if b.Head != nil {
			c.Head = *b.Head
		}
		s.checks.put(string(t.ref), c)
		s.noteCheck(c)
		s.after(c.Expires, 0, t.ref, deadlineCheck, "")
		if stale {
			t.tell(t.account, parley.NoticeListStale, parley.Versioned{Ref: t.ref})
		}
		t.extentKnown(c)
	}, nil
}

// extentKnown tells whoever checked a point of each object that the point lies at and that has a known extent: what is held as a shape was
// checked as if it were a point. The same of an own area.
func (t *turn) extentKnown(c *parley.PrecautionCheck) {
	s := t.s
	if c.Shape.Kind != geo.Point && c.Shape.Kind != geo.MultiPoint {
		return
	}
	at := geo.Volume{Shape: c.Shape.Normalize(), Band: geo.AllAltitudes, Window: c.Window}
	for _, m := range s.touched(t.account, at) {
		if r := s.releases.get(releaseKey(m.object, t.account)); r == nil || r.Precision != parley.Exact {
			continue // a coarse place is no extent
		}
		if v := s.version(m.object); v.Site != nil && v.Site.Shape.Kind != geo.Point || v.Presence != nil && v.Presence.Shape.Kind != geo.Point {
			t.tell(t.account, parley.NoticeExtent, m.object, other(c.Ref))
		}
	}
	for _, ref := range s.areaOf[t.account] {
		if a := s.areas.get(string(ref)); a.State != parley.AreaEnded && a.Area.Shape.Kind != geo.Point && geo.Conflict(areaVolume(&a.Area), at) {
			t.tell(t.account, parley.NoticeExtent, parley.Versioned{Ref: a.Ref, Version: a.Version}, other(c.Ref))
		}
	}
}

// checkMoved voids a check: what was checked has another place.
func (t *turn) checkMoved(b *parley.CheckMoved) (effect, *Refusal) {
	c := t.s.checks.get(string(b.Check))
	if c == nil || c.Party != t.account {
		return nil, notFound("body.check")
	}
	if c.Ended != parley.StillGood {
		return nil, refuse(parley.CodeWrongState, "body.check", string(c.Ended), "a check that still counts")
	}
	return func() {
		t.ref = c.Ref
		t.s.checks.edit(string(c.Ref)).Ended = parley.ObjectMoved
		t.s.cancelAll(c.Ref)
		t.tell(t.account, parley.NoticeCheckEnded, parley.Versioned{Ref: c.Ref})
	}, nil
}

func (t *turn) indicationAnswer(b *parley.IndicationAnswer) (effect, *Refusal) {
	key := indicationKey(b.Of, b.Object)
	i := t.s.indications.get(key)
	if i == nil || i.Party != t.account {
		return nil, notFound("body.of")
	}
	if t.s.profile().AdviserAnswers && !t.author.Has(parley.LegalAdviser) {
		return nil, refuse(parley.CodeNotPermitted, "key", "a member without the role", "legal_adviser: the profile asks for it")
	}
	return func() {
		t.ref = b.Of
		e := t.s.indications.edit(key)
		e.State, e.Reason, e.Words, e.By, e.Answer = b.State, b.Reason, b.Words, t.by(), t.at
		t.tell(t.account, parley.NoticeIndicationAnswered, e.Object, other(b.Of))
	}, nil
}
