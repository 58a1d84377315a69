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

const (
	// MaxInquiryRadius is how far round its place an inquiry reaches, in metres.
	MaxInquiryRadius int32 = 50_000
	// around is how near in time to the moment that is asked about windows have to come.
	around = parley.Day
	// before is how far back stops, offers and seals are shown.
	before = 30 * parley.Day
)

// MayInquire says whether the viewer may ask a question, against the state as it stands now. A monitor asks on account of an incident, about its own
// place and time: without that, asking would be a way to search.
func (v *Viewer) MayInquire(q *release.Question) *Refusal {
	switch {
	case q.At <= 0 || q.At > v.at:
		return refuse(parley.CodeClock, "at", parley.Stamp(q.At), "a time that has been")
	case !q.Place.Valid():
		return refuse(parley.CodeInvalid, "near", q.Place.String(), "a position on the earth")
	case q.Radius < 1 || q.Radius > MaxInquiryRadius:
		return refuse(parley.CodeInvalid, "radius", fmt.Sprintf("%d m", q.Radius), fmt.Sprintf("1 to %d m", MaxInquiryRadius))
	case v.board():
		return refuse(parley.CodeNotPermitted, "key", "a trustee", "the desk, a monitor, a party or an organisation: trustees see counts")
	}
	if q.Incident == "" {
		if v.monitor() {
			return refuse(parley.CodeNotPermitted, "incident", "nothing", "the incident on whose account a monitor asks")
		}
		return nil
	}
	i := v.s.incidents.get(string(q.Incident))
	if i == nil || v.incidentSight(i) == sightNone {
		return notFound("incident")
	}
	if !v.monitor() {
		return nil
	}
	n := &i.Incident
	metres, known := n.Metres()
	switch {
	case n.Place == nil || !known || metres > MaxInquiryRadius:
		return refuse(parley.CodeNotPermitted, "incident", string(n.Precision), fmt.Sprintf("an incident whose place is known to %d m", MaxInquiryRadius))
	case geo.DistanceMM(*n.Place, q.Place)/1000 > int64(metres)+1000:
		return refuse(parley.CodeNotPermitted, "near", q.Place.String(), "a place where the incident may have been")
	case q.At < n.From-n.Uncertain-around || q.At > n.To+n.Uncertain+around:
		return refuse(parley.CodeNotPermitted, "at", parley.Stamp(q.At), "a time within a day of the incident")
	}
	return nil
}

// inquest is one reading of a state for an inquiry.
type inquest struct {
	*Viewer
	q     *release.Question
	lines []release.InquiryLine
	byRef map[parley.Ref][]int // outcomes about a reference, by their place in the list
}

// inquest reads the outcomes by what they are about.
func (v *Viewer) inquest(q *release.Question) *inquest {
	x := &inquest{Viewer: v, q: q, byRef: map[parley.Ref][]int{}}
	for n, o := range v.s.outcomes.all() {
		if o.Ref != "" {
			x.byRef[o.Ref] = append(x.byRef[o.Ref], n)
		}
	}
	return x
}

// KnownAt returns what the state shows as known, as this viewer may see it. The state is that of the moment that is asked about.
func (v *Viewer) KnownAt(q *release.Question) []release.InquiryLine {
	x := v.inquest(q)
	for _, ref := range v.s.order {
		if o := v.s.object(ref); x.seesObject(o) && x.nearObject(o) {
			x.object(o)
		}
	}
	x.parties()
	x.liaised()
	x.areas()
	x.checks()
	x.stops()
	x.offers()
	x.arranged()
	return x.lines
}

// KnownLater returns what came into the journal from a position on, about the moment that is asked about. The state is the newest.
func (v *Viewer) KnownLater(q *release.Question, from uint64) []release.InquiryLine {
	x := v.inquest(q)
	x.seals(from)
	x.later(from)
	return x.lines
}

// all reports whether the viewer sees every object's record in an inquiry: the desk, and a monitor after an incident.
func (x *inquest) all() bool { return x.desk() || x.monitor() }

func (x *inquest) seesObject(o *parley.Object) bool {
	return x.all() || x.s.Knows(x.account, o.Ref)
}

// precision is how exactly the viewer knows a version; ok is false when not at all.
func (x *inquest) precision(o *parley.Object, v *parley.Version) (p parley.Precision, ok bool) {
	if x.all() || o.Owner == x.account {
		return parley.Exact, true
	}
	if r := x.s.releases.get(releaseKey(v.Of, x.account)); r != nil {
		return r.Precision, true
	}
	return "", false
}

func (x *inquest) circle(s geo.Shape, more int32) bool {
	at := geo.Shape{Kind: geo.Point, Points: []geo.Position{x.q.Place}}
	return geo.Within(at, s, float64(x.q.Radius)+float64(more))
}

func (x *inquest) meets(w geo.Window) bool {
	return w.From <= x.q.At+around && w.To > x.q.At-around
}

// nearObject reports whether any version of an object that the viewer knows lies near the place; of what moves, near the time too.
func (x *inquest) nearObject(o *parley.Object) bool {
	for n := 1; n <= o.Newest; n++ {
		v := x.s.version(parley.Versioned{Ref: o.Ref, Version: n})
		p, ok := x.precision(o, v)
		if !ok {
			continue
		}
		for _, part := range x.s.volumesOf(o, v, p) {
			if x.circle(part.Shape, 0) && (o.Ref.Kind() == parley.RefSite || x.meets(part.Window)) {
				return true
			}
		}
	}
	return false
}

// line adds a line. What its reader may not have of an entry is named.
func (x *inquest) line(section string, l release.InquiryLine, positions []uint64, facts ...release.Fact) *release.InquiryLine {
	l.Section, l.Positions = section, positions
	for _, f := range facts {
		if f.Value != "" {
			l.Facts = append(l.Facts, f)
		}
	}
	if l.Positions == nil {
		l.Positions = []uint64{}
	}
	if len(positions) > 0 {
		l.At = stamp(x.s.timeOf(positions[0]))
	}
	if l.Facts == nil {
		l.Facts = []release.Fact{}
	}
	l.Missing = []string{}
	x.lines = append(x.lines, l)
	return &x.lines[len(x.lines)-1]
}

func fact(name string, value any) release.Fact {
	return release.Fact{Name: name, Value: fmt.Sprint(value)}
}

func yes(name string, is bool) release.Fact {
	if !is {
		return release.Fact{}
	}
	return release.Fact{Name: name, Value: "yes"}
}

func when(name string, ms int64) release.Fact { return release.Fact{Name: name, Value: stamp(ms)} }

// said returns the positions of commands about a reference, of kinds, by an account or by any.
func (x *inquest) said(ref, account parley.Ref, kinds ...parley.CommandKind) []uint64 {
	var at []uint64
	for _, n := range x.byRef[ref] {
		if o := x.s.outcomes.at(uint64(n)); slices.Contains(kinds, o.Kind) && (account == "" || o.Account == account) && o.Code != parley.Duplicate {
			at = append(at, o.Position)
		}
	}
	return at
}

// object adds all that was known of one object.
func (x *inquest) object(o *parley.Object) {
	s := x.s
	whole := x.all() || o.Owner == x.account
	for n := 1; n <= o.Newest; n++ {
		v := s.version(parley.Versioned{Ref: o.Ref, Version: n})
		p, ok := x.precision(o, v)
		if !ok {
			continue
		}
		of := release.InquiryLine{Ref: o.Ref, Version: n}
		x.version(o, v, p, of)
		if whole {
			for _, d := range v.Doubts {
				x.line("findings", of, []uint64{v.Position}, fact("finding", d))
			}
		}
		for _, party := range s.parties() {
			if r := s.releases.get(releaseKey(v.Of, party)); r != nil && (whole || party == x.account) {
				x.released(o, r)
			} else if whole && n == o.Newest && o.Open() && r == nil {
				of.Party = party
				x.line("releases", of, nil, fact("release", "none by then"))
			}
		}
	}
	if whole {
		x.asked(o)
	}
	for _, key := range s.warnings.keysOf(o.Ref) {
		if w := s.warnings.get(key); whole || w.From == x.account {
			x.line("warnings", release.InquiryLine{Ref: w.Ref, Party: w.From}, []uint64{w.Position}, fact("about", o.Ref), fact("means", w.Means), fact("step", w.Step), when("given", w.At), when("time_to_act", w.Act))
		}
	}
	for _, ref := range s.promptsOf[o.Ref] {
		if p := s.prompts.get(string(ref)); whole && p.At > x.q.At-before {
			x.line("prompts", release.InquiryLine{Ref: p.Ref}, x.said(p.Ref, "", "prompt.answer"), fact("movement", o.Ref), fact("cause", p.Cause), when("asked", p.At), when("due", p.Due), fact("decision", p.Decision), when("answered", p.Answered), yes("no_answer", p.NoAnswer))
		}
	}
}

func (x *inquest) version(o *parley.Object, v *parley.Version, p parley.Precision, of release.InquiryLine) {
	at, exact := v.Object().Anchor(), "exact"
	if p == parley.Coarse {
		at, exact = geo.Shape{Kind: geo.Point, Points: []geo.Position{at}}.Coarse().Bounds().Center(), "coarse"
	}
	facts := []release.Fact{yes("in_force", v.Of.Version == o.Newest && o.Open()), fact("place", at), fact("precision", exact), fact("metres_away", geo.DistanceMM(at, x.q.Place)/1000)}
	if v.Site != nil {
		facts = append(facts, fact("category", v.Site.Category), when("from", v.Site.From), when("until", v.Site.Until))
		if p == parley.Exact {
			facts = append(facts, fact("keep_out_metres", cmp.Or(v.Site.KeepOut, x.s.profile().KeepOut)))
		}
	}
	if x.all() || o.Owner == x.account {
		facts = append(facts, fact("state", o.State), fact("currency", o.Currency), fact("movement", o.Movement))
	}
	positions := []uint64{v.Position}
	if c := v.Verification; c != nil {
		facts = append(facts, fact("verified_by", c.Method), when("verified", c.At))
		if x.all() || o.Owner == x.account {
			positions = append(positions, slices.DeleteFunc(x.said(o.Ref, "", "object.verify"), func(n uint64) bool { return x.s.timeOf(n) != c.At })...)
			if c.Place != nil {
				facts = append(facts, fact("sources_apart_metres", c.Apart/1000))
			}
		}
	} else {
		facts = append(facts, fact("verified_by", "nobody by then"))
	}
	x.line("versions", of, positions, facts...)
}

// released adds what one party had of a version, and what it had said about it.
func (x *inquest) released(o *parley.Object, r *parley.Release) {
	of := release.InquiryLine{Ref: r.Of.Ref, Version: r.Of.Version, Party: r.To}
	own := x.desk() || r.To == x.account
	due := r.AckDue
	if !own && !x.monitor() {
		due = r.AckShown
	}
	facts := []release.Fact{fact("state", r.State), fact("precision", r.Precision), when("delivered", r.DeliveredAt), when("acknowledgement_due", due), yes("not_yet_verified", r.Unverified), yes("emergency", r.Emergency), when("recalled", r.RecalledAt), when("deletion_confirmed", r.DeletedAt)}
	if x.account != r.To {
		facts = append(facts, fact("sendings", r.Sendings))
	}
	x.line("releases", of, []uint64{r.Position}, facts...)
	var acks, wrong []uint64
	for _, n := range x.byRef[o.Ref] {
		e := x.s.outcomes.at(uint64(n))
		if e.Kind == "object.acknowledge" && e.Account == r.To {
			if e.Code == parley.Applied && (e.At == r.AckAt || e.At == r.AgainAt) {
				acks = append(acks, e.Position)
			} else if e.Code == parley.OutcomeCode(parley.CodeReadBack) {
				wrong = append(wrong, e.Position)
			}
		}
	}
	switch {
	case r.AckAt != 0:
		f := []release.Fact{when("acknowledged", r.AckAt), fact("means", "receipt, not agreement"), when("again", r.AgainAt)}
		if r.AckOnBehalf != nil {
			f = append(f, fact("told_by", r.AckOnBehalf.Channel))
		}
		x.line("acknowledgements", of, acks, f...)
	default:
		noAnswers := r.NoAnswer
		if !own && !x.monitor() {
			noAnswers = r.NoAnswerShown
		}
		x.line("acknowledgements", of, nil, fact("acknowledgement", "none by then"), fact("deadlines_passed", noAnswers))
	}
	if r.Wrong > 0 && own {
		x.line("acknowledgements", of, wrong, fact("wrong_read_backs", r.Wrong))
	}
	for _, l := range r.Levels {
		f := []release.Fact{fact("echelon", l.Echelon), yes("list_was_old", l.Stale)}
		if own {
			f = append(f, release.Fact{Name: "level", Value: x.words(l.Level)})
			if l.Place != nil {
				f = append(f, fact("place_apart_metres", l.Apart/1000))
			}
		}
		said := slices.DeleteFunc(x.said(o.Ref, r.To, "object.dissemination", "entry.attest"), func(n uint64) bool { return x.s.timeOf(n) != l.At })
		x.line("levels", of, said, f...)
	}
	if len(r.Levels) == 0 {
		x.line("levels", of, nil, fact("dissemination", "no level was stated by then"))
	}
	for _, key := range x.s.relays.keysOf(o.Ref) {
		if e := x.s.relays.get(key); e.Party == r.To && (own || o.Owner == x.account || x.monitor()) {
			x.line("levels", of, []uint64{e.Position}, fact("relayed_by", x.known(e.Account)), fact("echelon", e.Echelon), yes("delivered", e.Delivered))
		}
	}
}

// asked adds questions that were open, and disputes.
func (x *inquest) asked(o *parley.Object) {
	for _, key := range x.s.queries.keysOf(o.Ref) {
		if q := x.s.queries.get(key); q.Answered == 0 {
			x.line("findings", release.InquiryLine{Ref: q.Ref, Version: q.Of.Version}, x.said(q.Ref, "", "object.query"), fact("finding", "question not answered"), fact("about", q.Of.Ref), fact("field", q.Field), when("due", q.Due), yes("late", q.Late))
		}
	}
	for _, key := range x.s.disputes.keysOf(o.Ref) {
		d := x.s.disputes.get(key)
		x.line("findings", release.InquiryLine{Ref: d.Ref, Version: d.Of.Version, Party: d.Party}, x.said(d.Ref, "", "object.dispute"), fact("finding", "disputed"), fact("about", d.Of.Ref), fact("reason", d.Reason))
	}
}

// parties adds which list each level of a party was stated to hold.
func (x *inquest) parties() {
	for _, party := range x.s.parties() {
		if !x.all() && party != x.account {
			continue
		}
		for _, l := range x.s.levelsOf(party) {
			f := []release.Fact{fact("echelon", l.Echelon)}
			if l.Head == nil {
				f = append(f, fact("list", "none"))
			} else {
				f = append(f, fact("list_position", l.Head.Position), fact("entries_behind", x.s.behind(*l.Head)))
			}
			if !x.monitor() {
				f = append(f, release.Fact{Name: "level", Value: x.words(l.Level)})
			}
			said := slices.DeleteFunc(x.said(party, party, "list.attest"), func(n uint64) bool { return x.s.timeOf(n) != l.At })
			x.line("levels", release.InquiryLine{Party: party}, said, f...)
		}
	}
}

// areas adds declared areas that reached the place, about that time.
func (x *inquest) areas() {
	for _, key := range x.s.areas.keys() {
		a := x.s.areas.get(key)
		addressed := func(of *parley.Area) bool { return slices.Contains(of.Addressees, x.account) }
		for n := 1; n <= a.Version; n++ {
			v, ok := versionOf(a, n)
			if !ok || !x.meets(v.Area.Window) || !x.circle(v.Area.Shape.Normalize(), v.Area.Buffer) {
				continue
			}
			own := a.Party == x.account
			if !own && !x.desk() && !x.monitor() && !addressed(&v.Area) {
				continue
			}
			l := release.InquiryLine{Ref: a.Ref, Version: n, Party: a.Party}
			f := []release.Fact{yes("in_force", n == a.Version && v.Area.Window.From <= x.q.At && x.q.At < v.Area.Window.To && a.State != parley.AreaEnded), fact("addressees", refWords(v.Area.Addressees)), fact("list_position", v.Area.Head.Position)}
			if n == a.Version {
				f = append(f, fact("state", a.State), yes("against_an_old_list", a.Stale))
			}
			if own || x.monitor() || addressed(&v.Area) {
				f = append(f, when("from", v.Area.Window.From), when("to", v.Area.Window.To), fact("middle", v.Area.Shape.Bounds().Center()))
			}
			if own && n == a.Version {
				f = append(f, fact("indications_open", x.openIndications(a.Ref)), fact("missed", versionWords(a.Missed)))
			}
			x.line("areas", l, []uint64{v.Position}, f...)
			for _, b := range a.ReadBacks {
				if b.Version == n && (own || x.desk() || x.monitor() || b.Party == x.account) {
					said := slices.DeleteFunc(x.said(a.Ref, b.Party, "area.readback"), func(p uint64) bool { return x.s.timeOf(p) != b.At })
					x.line("areas", release.InquiryLine{Ref: a.Ref, Version: n, Party: b.Party}, said, fact("read_back", map[bool]string{true: "right", false: "did not match"}[b.Right]))
				}
			}
			for _, b := range a.Objections {
				if b.Version == n && (own || x.desk() || x.monitor() || b.Party == x.account) {
					said := slices.DeleteFunc(x.said(a.Ref, b.Party, "area.object"), func(p uint64) bool { return x.s.timeOf(p) != b.At })
					x.line("areas", release.InquiryLine{Ref: a.Ref, Version: n, Party: b.Party}, said, fact("objection", b.Reason), when("taken_back", b.Ended))
				}
			}
		}
	}
}

func (x *inquest) openIndications(of parley.Ref) int {
	n := 0
	for _, key := range x.s.openOf[of] {
		if i := x.s.indications.get(key); i != nil && i.State == parley.IndicationOpen {
			n++
		}
	}
	return n
}

func refWords(refs []parley.Ref) string {
	words := make([]string, len(refs))
	for i, r := range refs {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

func versionWords(list []parley.Versioned) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = v.String()
	}
	return strings.Join(words, ", ")
}

// checks adds the party's own precaution checks; for the desk, that there were any. Nobody else learns of a check.
func (x *inquest) checks() {
	for _, key := range x.s.checks.keys() {
		c := x.s.checks.get(key)
		own := c.Party == x.account
		if !own && !x.desk() || !x.meets(c.Window) && !c.Attested || c.At <= x.q.At-before || !x.circle(c.Shape.Normalize(), c.Buffer) {
			continue
		}
		said := x.said(c.Ref, "", "check.record", "check.attest")
		if !own {
			x.line("checks", release.InquiryLine{Party: c.Party}, said, fact("check", "made"))
			continue
		}
		x.line("checks", release.InquiryLine{Ref: c.Ref, Party: c.Party}, said, fact("list_position", c.Head.Position), fact("indications", versionWords(c.Indications)), yes("more", c.More), when("expires", c.Expires), fact("ended", c.Ended), yes("attested", c.Attested), yes("list_was_old", c.StaleList))
		for _, key := range x.s.openOf[c.Ref] {
			if i := x.s.indications.get(key); i != nil {
				x.line("checks", release.InquiryLine{Ref: i.Object.Ref, Version: i.Object.Version, Party: c.Party}, nil, fact("indication", i.State), fact("reason", i.Reason), when("answered", i.Answer))
			}
		}
	}
}

// seals adds areas that were sealed before the moment, with what has been opened of them since.
func (x *inquest) seals(from uint64) {
	for _, key := range x.s.seals.keys() {
		e := x.s.seals.get(key)
		if !x.knowsSeal(e) || e.Position >= from || e.At <= x.q.At-before {
			continue
		}
		l := release.InquiryLine{Ref: e.Ref, Party: e.Party}
		f := []release.Fact{fact("list_position", e.Head.Position), yes("against_an_old_list", e.Stale)}
		if e.Area == nil {
			x.line("seals", l, []uint64{e.Position}, f...).Missing = []string{"its content: the area is sealed and was not opened"}
			continue
		}
		if !x.circle(e.Area.Shape.Normalize(), e.Area.Buffer) || !x.meets(e.Area.Window) {
			continue
		}
		x.line("seals", l, []uint64{e.Position, e.OpenedAt}, append(f, when("opened", e.Opened), when("from", e.Area.Window.From), when("to", e.Area.Window.To), fact("middle", e.Area.Shape.Bounds().Center()))...)
	}
}

// stops adds urgent stops about what was near, with each hand-over.
func (x *inquest) stops() {
	for _, key := range x.s.stops.keys() {
		e := x.s.stops.get(key)
		if e.At > x.q.At-before && (x.knowsStop(e) || x.monitor()) && x.stopNear(e) {
			x.stop("stops", e, 0)
		}
	}
}

func (x *inquest) stopNear(e *parley.UrgentStop) bool {
	if e.Place != nil {
		return x.circle(geo.Shape{Kind: geo.Point, Points: []geo.Position{*e.Place}}, 0)
	}
	o := x.s.object(e.Object)
	return o != nil && x.nearObject(o)
}

func (x *inquest) stop(section string, e *parley.UrgentStop, from uint64) {
	for _, l := range e.Log {
		if l.Position < from {
			continue
		}
		account := l.Account
		if account.Kind() == parley.RefOrganisation && account != x.account && !x.desk() && !x.monitor() {
			account = ""
		}
		f := []release.Fact{fact("step", l.What), fact("object", e.Object), fact("echelon", l.Echelon), fact("effect", l.Effect), yes("off_the_rota", l.OffRota), when("due", l.Due), when("told_before_the_journal_had_it", l.Spooled), yes("not_recorded_then", l.Lost), fact("told_by", l.Told)}
		x.line(section, release.InquiryLine{Ref: e.Ref, Party: account}, []uint64{l.Position}, f...)
	}
}

// offers adds offers that were open or answered in the weeks before.
func (x *inquest) offers() {
	for _, key := range x.s.offers.keys() {
		o := x.s.offers.get(key)
		if !x.knowsOffer(o) && !x.monitor() || max(o.Deadline, o.Answered) <= x.q.At-before {
			continue
		}
		positions := append([]uint64{o.Position}, x.said(o.Ref, "", "offer.respond", "offer.fulfil")...)
		x.line("offers", release.InquiryLine{Ref: o.Ref, Party: o.From}, positions, fact("to", o.To), fact("offer", o.OfferKind), fact("state", o.State), when("deadline", o.Deadline), when("answered", o.Answered), yes("late", o.Late))
	}
}

// arranged adds lines, zones, corridors and pauses that reached the place and whose window held, with each party's word.
func (x *inquest) arranged() {
	for _, key := range x.s.arrangements.keys() {
		a := x.s.arrangements.get(key)
		terms := a.Terms()
		if !x.s.seesArrangement(x.account, a.Ref) || !x.meets(terms.Window) || !x.circle(terms.Shape.Normalize(), terms.Radius) {
			continue
		}
		n, of := a.Agreed()
		x.line("arrangements", release.InquiryLine{Ref: a.Ref, Version: a.Version, Party: x.known(a.Proposer)}, []uint64{a.Position}, fact("kind", arrangementKinds[a.Ref.Kind()]), fact("state", a.State), yes("imposed", a.Imposed),
			fact("agreed", fmt.Sprintf("%d of %d", n, of)), when("from", terms.Window.From), when("to", terms.Window.To))
		for _, party := range x.s.parties() {
			at := slices.IndexFunc(a.Consents, func(c parley.ConsentRecord) bool { return c.Party == party })
			if at < 0 {
				x.line("arrangements", release.InquiryLine{Ref: a.Ref, Version: a.Version, Party: party}, nil, fact("consent", parley.ConsentNotTold))
				continue
			}
			c := a.Consents[at]
			said := slices.DeleteFunc(x.said(a.Ref, party, "consent.give", "consent.refuse", "consent.withdraw"), func(p uint64) bool { return x.s.timeOf(p) != c.At })
			x.line("arrangements", release.InquiryLine{Ref: a.Ref, Version: c.Version, Party: party}, said, fact("consent", c.Status), fact("told_by", c.Told))
		}
	}
}

// MayHave reports whether the viewer may have a signed command whole, in an inquiry: their own account's; for the desk, all but what parties keep to
// themselves; for a monitor, what an inquiry shows; for a notifier, what was sent and acknowledged of its objects; for a party, what was sent to it.
// Of every other entry it gets the hash and the place.
func (v *Viewer) MayHave(position uint64, body parley.Body) bool {
	o := v.s.outcomes.at(position)
	if o.Account == v.account {
		return true
	}
	room, _, _ := strings.Cut(string(o.Kind), ".")
	switch room {
	case "check", "indication", "force", "area":
		switch b := body.(type) {
		case *parley.AreaDeclare:
			return v.monitor() || slices.Contains(b.Area.Addressees, v.account)
		case *parley.AreaAmend:
			return v.monitor() || slices.Contains(b.Area.Addressees, v.account)
		case *parley.AreaSeal, *parley.AreaOpen:
			e := v.s.seals.get(string(o.Ref))
			return e != nil && e.Opened != 0 && (v.monitor() || v.desk())
		}
		return false
	}
	switch body.(type) {
	case *parley.SiteFound, *parley.SiteAdopt, *parley.FoundClose: // who came upon a place, and what came of the report, is the desk's and the finder's
		return v.desk()
	}
	if v.desk() || v.monitor() {
		return true
	}
	switch b := body.(type) {
	case *parley.ObjectAcknowledge:
		return v.owns(b.Of.Ref)
	case *parley.ObjectRelease:
		return v.owns(b.Of.Ref) || b.To == v.account
	case *parley.ObjectRecall:
		return v.owns(b.Of.Ref) || b.To == v.account
	}
	return false
}

func (v *Viewer) owns(ref parley.Ref) bool {
	o := v.s.object(ref)
	return o != nil && o.Owner == v.account
}

// MayReadTexts reports whether the viewer may have the texts of a command in an inquiry: the desk all, others their own account's.
func (v *Viewer) MayReadTexts(position uint64) bool {
	return v.desk() || v.s.outcomes.at(position).Account == v.account
}

// OwnerOf returns the notifier of an object, empty when there is no such object.
func (s *State) OwnerOf(ref parley.Ref) parley.Ref {
	if o := s.object(ref); o != nil {
		return o.Owner
	}
	return ""
}
