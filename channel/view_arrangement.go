package channel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/geo"
	"parley/release"
)

var arrangementKinds = map[parley.RefKind]string{parley.RefLine: "line", parley.RefZone: "zone", parley.RefCorridor: "corridor", parley.RefPause: "pause"}

// Arrangements lists the lines, zones, corridors and pauses that the viewer's account may see, in journal order.
func (v *Viewer) Arrangements(from, limit int) ([]release.Arrangement, int) {
	var mine []*parley.Arrangement
	for _, r := range v.s.arrangements.all() {
		if v.s.seesArrangement(v.account, r.Ref) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Arrangement) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Ref, b.Ref))
	})
	some, next := page(mine, from, limit)
	list := make([]release.Arrangement, 0, len(some))
	for _, a := range some {
		list = append(list, *v.arrangement(a))
	}
	return list, next
}

// Arrangement returns a line, zone, corridor or pause.
func (v *Viewer) Arrangement(ref parley.Ref) (*release.Arrangement, bool) {
	if !v.s.seesArrangement(v.account, ref) {
		return nil, false
	}
	return v.arrangement(v.s.arrangements.get(string(ref))), true
}

// known hides an organisation from those who do not know it.
func (v *Viewer) known(account parley.Ref) parley.Ref {
	if account.Kind() == parley.RefOrganisation && account != v.account && !v.desk() {
		return ""
	}
	return account
}

// mayName reports whether the viewer's account may know of an object or arrangement.
func (v *Viewer) mayName(ref parley.Ref) bool {
	if arrangementKinds[ref.Kind()] != "" {
		return v.s.seesArrangement(v.account, ref)
	}
	return v.s.Knows(v.account, ref)
}

func (v *Viewer) arrangement(a *parley.Arrangement) *release.Arrangement {
	s, terms := v.s, a.Terms()
	n, of := a.Agreed()
	out := &release.Arrangement{Ref: a.Ref, Kind: arrangementKinds[a.Ref.Kind()], Version: a.Version, State: string(a.State), Imposed: a.Imposed, Proposer: v.known(a.Proposer),
		Command: a.Name, Position: a.Position, At: stamp(a.At), Agreed: n, Of: of, Text: v.words(terms.Text), Geometry: release.Geometry{Shape: terms.Shape}, Radius: terms.Radius,
		Described: describe(terms), From: stamp(terms.Window.From), To: stamp(terms.Window.To), Published: terms.Published, Uses: a.Uses, Sentence: parley.SentencePassage}
	if a.OnBehalf != nil {
		out.Told = a.OnBehalf.Channel
	}
	for _, name := range terms.Names {
		out.Names = append(out.Names, release.Name{Language: name.Language, Name: v.words(name.Name)})
	}
	for _, p := range s.parties() {
		c := release.Consent{Party: p, Status: parley.ConsentNotTold}
		if i := slices.IndexFunc(a.Consents, func(c parley.ConsentRecord) bool { return c.Party == p }); i >= 0 {
			r := a.Consents[i]
			c.Status, c.Version, c.At, c.Told, c.Words = r.Status, r.Version, stamp(r.At), r.Told, v.words(r.Words)
		}
		out.Consents = append(out.Consents, c)
	}
	for _, l := range a.Log {
		out.Log = append(out.Log, release.ArrangementStep{State: string(l.State), Account: v.known(l.Account), Told: l.Told, Words: v.words(l.Words), Due: stamp(l.Due), At: stamp(l.At)})
	}
	for _, e := range append(slices.Clone(a.Earlier), parley.ArrangementVersion{Version: a.Version, Line: a.Line, Corridor: a.Corridor, Pause: a.Pause, Name: a.Name, Position: a.Position, At: a.At}) {
		t := e.Terms()
		out.Versions = append(out.Versions, release.ArrangementVersion{Version: e.Version, Command: e.Name, Position: e.Position, At: stamp(e.At), Geometry: release.Geometry{Shape: t.Shape},
			From: stamp(t.Window.From), To: stamp(t.Window.To)})
	}
	switch {
	case a.Line != nil:
		out.Line = &release.LineTerms{Kind: a.Line.LineKind, Basis: a.Line.Basis}
		v.atLine(a, out)
	case a.Corridor != nil:
		v.corridor(a, out)
	default:
		out.Users = a.Pause.Users
	}
	if a.Line == nil && !a.Ended() {
		out.Inside = v.inside(a)
	}
	for _, key := range s.deliveries.keysOf(a.Ref) {
		if d := s.deliveries.get(key); v.desk() || d.Owner == v.account {
			out.Deliveries = append(out.Deliveries, v.delivery(d))
		}
	}
	return out
}

// atLine adds what happened at a line or zone, and what it cuts.
func (v *Viewer) atLine(a *parley.Arrangement, out *release.Arrangement) {
	s := v.s
	if !a.Ended() {
		out.Cuts = v.meeting(arrangedVolume(a))
		var corridors []parley.Ref
		for _, id := range s.arrangedIn.index.Find(arrangedVolume(a)) {
			if ref := parley.Ref(s.arrangedIn.keys[id]); ref.Kind() == parley.RefCorridor && v.mayName(ref) {
				corridors = append(corridors, ref)
			}
		}
		slices.Sort(corridors)
		out.Cuts = append(out.Cuts, slices.Compact(corridors)...)
	}
	party := v.desk() || slices.Contains(partiesOf(a), v.account) || v.monitor()
	for _, key := range s.crossings.keysOf(a.Ref) {
		c := s.crossings.get(key)
		if !party && c.From != v.account {
			continue
		}
		n := release.Crossing{Ref: c.Ref, Of: c.Of, From: v.known(c.From), Told: c.Told, Place: point(c.Place), Begins: stamp(c.Window.From), Ends: stamp(c.Window.To), Words: v.words(c.Words),
			Noted: stamp(c.Noted), Late: c.Late}
		if c.Movement != "" && v.mayName(c.Movement) {
			n.Movement = c.Movement
		}
		for _, w := range c.Answers {
			n.Answers = append(n.Answers, release.CrossingWord{Party: w.Party, Answer: w.Answer, Words: v.words(w.Words), At: stamp(w.At)})
		}
		out.Notices = append(out.Notices, n)
	}
	for _, key := range s.crossed.keysOf(a.Ref) {
		e := s.crossed.get(key)
		if !party && e.From != v.account {
			continue
		}
		x := release.Crossed{Ref: e.Ref, Of: e.Of, From: v.known(e.From), Told: e.Told, Own: e.Own, Observed: e.Observed, Place: point(e.Place), At: stamp(e.At), Noted: stamp(e.Noted),
			Words: v.words(e.Words), Notice: e.Notice, Warnings: e.Warnings, Contradiction: e.Contradiction}
		if e.Movement != "" && v.mayName(e.Movement) {
			x.Movement = e.Movement
		}
		for _, w := range e.Asked {
			x.Asked = append(x.Asked, release.PresenceWord{Party: w.Party, Asked: stamp(w.Asked), Answer: w.Answer, At: stamp(w.At)})
		}
		out.Events = append(out.Events, x)
	}
	slices.SortStableFunc(out.Notices, func(a, b release.Crossing) int { return strings.Compare(a.Noted, b.Noted) })
	slices.SortStableFunc(out.Events, func(a, b release.Crossed) int { return strings.Compare(a.At, b.At) })
	if party {
		out.Warnings = v.Warnings(a.Ref)
	}
}

func (v *Viewer) monitor() bool {
	a := v.s.accounts.get(string(v.account))
	return a != nil && a.OrganisationKind == parley.MonitorOrganisation
}

// Warnings returns the warnings about a line, zone or object, in the order of their steps, as the viewer's account may see them: all for the
// desk and the line's parties, an object's for its owner, and one's own.
func (v *Viewer) Warnings(of parley.Ref) []release.Warning {
	var list []release.Warning
	for _, key := range v.s.warnings.keysOf(of) {
		w := v.s.warnings.get(key)
		o := v.s.object(of)
		if o != nil && !v.desk() && o.Owner != v.account && w.From != v.account {
			continue
		}
		list = append(list, release.Warning{Ref: w.Ref, Of: w.Of, Step: w.Step, From: w.From, Told: w.Told, To: w.To, Means: w.Means, Language: w.Language, At: stamp(w.At), Act: stamp(w.Act),
			Words: v.words(w.Words), Sentence: parley.SentencePassage})
	}
	slices.SortFunc(list, func(a, b release.Warning) int { return cmp.Compare(a.Step, b.Step) })
	for i := range list {
		list[i].Step = i + 1 // of those shown: a gap would tell that somebody else has warned too
	}
	return list
}

// corridor adds the terms of a corridor, and what its plan lacks.
func (v *Viewer) corridor(a *parley.Arrangement, out *release.Arrangement) {
	c := a.Corridor
	out.Users = c.Users
	t := &release.CorridorTerms{Direction: c.Direction, Hours: c.Hours, Inspection: v.words(c.Inspection), Capacity: c.Capacity, Pause: c.Pause}
	for _, g := range c.Guarantors {
		if known := v.known(g); known != "" {
			t.Guarantors = append(t.Guarantors, known)
		}
	}
	for _, w := range c.Crossings {
		t.Crossings = append(t.Crossings, release.CorridorPoint{Kind: w.Means, Place: point(w.Place), Words: v.words(w.Name)})
	}
	for _, h := range c.Hazards {
		t.Hazards = append(t.Hazards, release.CorridorPoint{Kind: h.Hazard, Place: point(h.Place), Words: v.words(h.Words)})
	}
	var pause *parley.Arrangement
	if c.Pause != "" {
		pause = v.s.arrangements.get(string(c.Pause))
		t.PauseState = string(pause.State)
	}
	if e := c.Evacuation; e != nil {
		ev := &release.Evacuation{Voluntary: e.Voluntary, Destination: e.Destination, Remain: e.Remain, Return: e.Return, Family: e.Family, Accompanied: v.words(e.Accompanied)}
		for _, p := range e.Points {
			ev.Points = append(ev.Points, release.CorridorPoint{Kind: "assembly_point", Place: point(p.Place), Words: v.words(p.Name), Capacity: p.Capacity})
			ev.Capacity += int(p.Capacity)
		}
		t.Evacuation = ev
	}
	out.Corridor = t
	out.Missing = v.missingOf(a, pause)
}

// MissingParts are what the plan of a corridor may lack: its parts, the words of parties, and the safeguards of an evacuation.
var MissingParts = []string{"consent", "pause", "pause_open", "movement", "inspection", "capacity", "assembly_points", "accompanied", "voluntary", "destination", "remain", "return", "family_unity"}

// missingOf reads a corridor, its pause and its movements as one plan, as far as the viewer's account may know them.
func (v *Viewer) missingOf(a, pause *parley.Arrangement) []string {
	c := a.Corridor
	n, of := a.Agreed()
	e := c.Evacuation
	lacks := map[string]bool{"consent": n < of, "pause": pause == nil, "pause_open": pause != nil && pause.State != parley.ArrangementOpen, "inspection": c.Inspection.IsZero(), "capacity": c.Capacity == 0,
		"movement": !a.Ended() && len(v.movementsIn(a, geo.Window{From: max(v.at, a.Terms().Window.From), To: max(a.Terms().Window.To, v.at+1)})) == 0}
	if e != nil {
		lacks["assembly_points"], lacks["accompanied"] = len(e.Points) == 0, e.Accompanied.IsZero()
		lacks["voluntary"], lacks["destination"], lacks["remain"] = e.Voluntary != parley.Yes, e.Destination != parley.Yes, e.Remain != parley.Yes
		lacks["return"], lacks["family_unity"] = e.Return != parley.Yes, e.Family != parley.Yes
	}
	var missing []string
	for _, part := range MissingParts {
		if lacks[part] {
			missing = append(missing, part)
		}
	}
	return missing
}

// describe says in numbers what a geometry is.
func describe(terms *parley.Terms) release.Described {
	shape := terms.Shape
	d := release.Described{Center: point(shape.Bounds().Center())}
	at := func(p geo.Position) string { return p.String() }
	switch {
	case len(shape.Lines) > 0:
		for _, line := range shape.Lines {
			for i := 1; i < len(line); i++ {
				d.LengthM += apart(line[i-1], line[i]) / 1000
			}
		}
		first, last := shape.Lines[0], shape.Lines[len(shape.Lines)-1]
		start, end := point(first[0]), point(last[len(last)-1])
		d.Start, d.End = &start, &end
		d.Words = fmt.Sprintf("a line of %d m from %s to %s", d.LengthM, at(first[0]), at(last[len(last)-1]))
	case len(shape.Polygons) > 0:
		d.AreaM2 = shape.Normalize().AreaM2()
		d.Words = fmt.Sprintf("an area of %d m² around %s", d.AreaM2, at(shape.Bounds().Center()))
	default:
		d.Words = "everything around " + at(shape.Points[0])
	}
	if terms.Radius > 0 {
		d.Words += fmt.Sprintf(", and %d m around it", terms.Radius)
	}
	return d
}

// Offers lists the offers that the viewer's account made or got; the desk sees all. In journal order.
func (v *Viewer) Offers(from, limit int) ([]release.Offer, int) {
	var mine []*parley.Offer
	for _, r := range v.s.offers.all() {
		if v.knowsOffer(r) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Offer) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Offer, 0, len(some))
	for _, o := range some {
		list = append(list, *v.offer(o))
	}
	return list, next
}

func (v *Viewer) knowsOffer(o *parley.Offer) bool {
	return v.desk() || o.From == v.account || o.To == v.account
}

// Offer returns an offer.
func (v *Viewer) Offer(ref parley.Ref) (*release.Offer, bool) {
	o := v.s.offers.get(string(ref))
	if o == nil || !v.knowsOffer(o) {
		return nil, false
	}
	return v.offer(o), true
}

func (v *Viewer) offer(o *parley.Offer) *release.Offer {
	out := &release.Offer{Ref: o.Ref, From: o.From, To: o.To, Kind: o.OfferKind, Told: o.Told, Text: v.words(o.Text), Language: o.Language, Translation: v.words(o.Translation),
		Translator: v.words(o.Translator), Made: stamp(o.Made), Deadline: stamp(o.Deadline), Counter: o.Counter, State: string(o.State), Answered: stamp(o.Answered), AnswerTold: o.AnswerTold,
		Late: o.Late, Words: v.words(o.Words), Outcome: stamp(o.Outcome), OutcomeBy: o.OutcomeBy, OutcomeText: v.words(o.OutcomeText), Position: o.Position}
	if o.About != "" && v.mayName(o.About) {
		out.About = o.About
	}
	return out
}

func (v *Viewer) delivery(d *parley.Delivery) release.Delivery {
	return release.Delivery{Ref: d.Ref, Of: d.Of, Owner: v.known(d.Owner), Told: d.Told, PlannedAt: stamp(d.PlannedAt), At: stamp(d.At), Items: d.Items, People: d.People,
		Consignee: v.words(d.Consignee), Words: v.words(d.Words), Replaced: d.Replaced, Noted: stamp(d.Noted)}
}

// Deliveries lists the deliveries of the viewer's organisation; the desk sees all. In journal order.
func (v *Viewer) Deliveries(from, limit int) ([]release.Delivery, int) {
	var mine []*parley.Delivery
	for _, r := range v.s.deliveries.all() {
		if v.desk() || r.Owner == v.account {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Delivery) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Delivery, 0, len(some))
	for _, d := range some {
		list = append(list, v.delivery(d))
	}
	return list, next
}

// Results lists the outcomes that the viewer's organisation has put on record; the desk sees all. In journal order.
func (v *Viewer) Results(from, limit int) ([]release.Result, int) {
	var mine []*parley.OutcomeNoted
	for _, r := range v.s.results.all() {
		if v.desk() || r.Owner == v.account {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.OutcomeNoted) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Result, 0, len(some))
	for _, o := range some {
		list = append(list, release.Result{Ref: o.Ref, Movement: o.Movement, Asked: stamp(o.Asked), Of: o.Of, Owner: v.known(o.Owner), Told: o.Told, Outcome: o.Outcome, Delay: o.Delay,
			Reason: o.Reason, At: stamp(o.At), Words: v.words(o.Words), Replaced: o.Replaced})
	}
	return list, next
}

// Statistics counts what the viewer's account may see, each number with what it is a part of.
func (v *Viewer) Statistics() *release.Statistics {
	s := v.s
	out := &release.Statistics{Outcomes: []release.OutcomeCount{}, Access: []release.OutcomeCount{}, Arrangements: []release.StateCount{}, Offers: []release.OfferCount{}, Sentence: parley.SentencePassage}
	ended := map[parley.Ref]parley.OutcomeKind{}
	moves, access := map[parley.OutcomeKind]int{}, map[parley.OutcomeKind]int{}
	for _, o := range s.results.all() {
		if !v.desk() && o.Owner != v.account || o.Replaced != "" {
			continue
		}
		if o.Movement == "" {
			access[o.Outcome]++
			out.AccessAsked++
			continue
		}
		moves[o.Outcome]++
		ended[o.Movement] = o.Outcome
	}
	for _, ref := range s.order {
		o := s.object(ref)
		if ref.Kind() != parley.RefMovement || !v.desk() && o.Owner != v.account {
			continue
		}
		out.Movements++
		if over := !o.Open() || !o.Departed() && s.newest(o).Movement.Window().To <= v.at; over {
			out.Over++
			if ended[ref] == "" {
				out.NoOutcome++
			}
		}
	}
	for _, kind := range parley.OutcomeKinds {
		if n := moves[kind]; n > 0 {
			out.Outcomes = append(out.Outcomes, release.OutcomeCount{Outcome: kind, N: n})
		}
		if n := access[kind]; n > 0 {
			out.Access = append(out.Access, release.OutcomeCount{Outcome: kind, N: n})
		}
	}
	counts := map[release.StateCount]int{}
	for _, a := range s.arrangements.all() {
		if s.seesArrangement(v.account, a.Ref) {
			counts[release.StateCount{Kind: arrangementKinds[a.Ref.Kind()], State: string(a.State)}]++
		}
	}
	for c, n := range counts {
		c.N = n
		out.Arrangements = append(out.Arrangements, c)
	}
	slices.SortFunc(out.Arrangements, func(a, b release.StateCount) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.State, b.State))
	})
	out.Offers = v.offerCounts()
	v.countKnown(out)
	return out
}

func (v *Viewer) offerCounts() []release.OfferCount {
	type way struct{ from, to parley.Ref }
	byWay := map[way]*release.OfferCount{}
	for _, o := range v.s.offers.all() {
		if !v.knowsOffer(o) {
			continue
		}
		c := byWay[way{o.From, o.To}]
		if c == nil {
			c = &release.OfferCount{From: o.From, To: o.To}
			byWay[way{o.From, o.To}] = c
		}
		c.Made++
		if o.Late {
			c.Late++
		}
		switch o.State {
		case parley.OfferMade:
			c.Open++
		case parley.OfferTaken, parley.OfferFulfilled, parley.OfferLapsed:
			c.Accepted++
		case parley.OfferTurnedDown:
			c.Declined++
		case parley.OfferAnsweredNew:
			c.Counters++
		case parley.OfferNoAnswer:
			c.NoAnswer++
		}
	}
	list := make([]release.OfferCount, 0, len(byWay))
	for _, c := range byWay {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b release.OfferCount) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}
