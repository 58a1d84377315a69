package web

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/designation"
	"parley/node/listfolder"
	"parley/release"
)

// atHand is an edition that names are looked up in here.
type atHand struct {
	designation.Used
	OnRecord bool
}

// screeningsPage is where names are looked up, and what was put on record of it.
type screeningsPage struct {
	Items []release.Screening
	Lists []atHand
	Held  []heldDraft
	Form  map[string]string
	Kinds []parley.SubjectKind
	More  int
}

// look returns the look at today's lists; nil when no list is at hand.
func (c *call) look() (*designation.Screener, error) {
	if c.p.lists == nil {
		return nil, nil
	}
	s, err := c.p.lists.Screener(time.UnixMilli(c.p.node.Now()))
	if errors.Is(err, listfolder.ErrNone) {
		return nil, nil
	}
	return s, err
}

func hashOf(text string) (h parley.Hash) {
	if n, err := hex.Decode(h[:], []byte(text)); err != nil || n != len(h) {
		return parley.Hash{}
	}
	return h
}

// listsAtHand says which editions are looked through, and whether the account has them on record.
func (c *call) listsAtHand(s *designation.Screener) ([]atHand, error) {
	if s == nil {
		return nil, nil
	}
	var known []release.ListEdition
	if err := c.view(func(v *channel.Viewer) { known, _ = v.ListEditions(0, 10_000) }); err != nil {
		return nil, err
	}
	var out []atHand
	for _, u := range s.Used() {
		out = append(out, atHand{u, slices.ContainsFunc(known, func(e release.ListEdition) bool { return e.Hash == hashOf(u.Hash) })})
	}
	return out, nil
}

func (c *call) screenings() error { return c.showScreenings(http.StatusOK, nil) }

func (c *call) showScreenings(status int, p *problem) error {
	const some = 50
	page := &screeningsPage{Form: c.typed(), Kinds: parley.SubjectKinds, More: -1}
	s, err := c.look()
	if err != nil {
		return err
	}
	if page.Lists, err = c.listsAtHand(s); err != nil {
		return err
	}
	var all []release.Screening
	for from := 0; from >= 0; {
		var list []release.Screening
		if err := c.view(func(v *channel.Viewer) { list, from = v.Screenings(from, 500) }); err != nil {
			return err
		}
		all = append(all, list...)
	}
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b release.Screening) int { return min(b.Waiting, 1) - min(a.Waiting, 1) }) // what waits for people first
	from := min(c.form0("from"), len(all))
	page.Items = all[from:min(from+some, len(all))]
	if from+some < len(all) {
		page.More = from + some
	}
	c.dropStored()
	page.Held = c.heldOf("screening.decide")
	f := c.frame("screenings", "nav.screenings", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// screeningLists puts the edition of a list that is at hand on record.
func (c *call) screeningLists() error {
	s, err := c.look()
	if err != nil || s == nil {
		return cmp.Or(err, errMissing)
	}
	wanted := c.form().text("hash")
	for _, u := range s.Used() {
		published, err := time.Parse(time.DateOnly, string(u.Date))
		if u.Hash != wanted || err != nil {
			continue
		}
		return c.finish(act{draft: c.newDraft(), body: &parley.ListLoad{List: u.List, Published: published.UnixMilli(), Hash: hashOf(u.Hash), Entries: int32(u.Count)}, next: "/screenings",
			again: func(p *problem) error { return c.showScreenings(http.StatusUnprocessableEntity, p) }, plain: true})
	}
	return errMissing
}

// shown is a candidate with its names in both scripts side by side.
type shown struct {
	designation.Found
	Latin, Original []designation.Name
	Checked         bool
}

// Value is what the form sends of it.
func (s shown) Value() string { return fmt.Sprintf("%s %d", s.ID, int(math.Round(s.Score*1000))) }

// lookPage is what was found of one name. Nothing of it is on record.
type lookPage struct {
	Answer  *designation.Answer
	Found   []shown
	Lesser  int
	Form    map[string]string
	Parts   []parley.ScreenedAs
	Kind    parley.SubjectKind
	Missing bool // an edition that was used is not on record
}

// screeningLook looks a name up. The name comes in the body of the request, so that it stands in no log of addresses.
func (c *call) screeningLook() error {
	f := c.form()
	name := f.required("subject")
	kind := choice(f, "subject_kind", parley.SubjectKinds)
	born := f.text("born")
	q := designation.Query{Name: name, Kind: map[parley.SubjectKind]designation.Kind{"person": designation.Person, "organisation": designation.Body, "vessel": designation.Vessel}[kind]}
	if born != "" {
		day, err := designation.ParseDay(western(born))
		if err != nil {
			f.wrong("born", "screening.wrong_day")
		}
		q.Born = day
	}
	if v := f.text("country"); v != "" {
		q.Countries = []string{v}
	}
	if len(name) > 1000 {
		f.wrong("subject", "screening.wrong_long")
	}
	s, err := c.look()
	if err != nil {
		return err
	}
	if s == nil {
		f.wrong("subject", "screening.no_lists")
	}
	if len(f.errors) > 0 {
		return c.showScreenings(http.StatusUnprocessableEntity, c.formProblem(f))
	}
	return c.showLook(http.StatusOK, s, q, kind, nil)
}

func (c *call) showLook(status int, s *designation.Screener, q designation.Query, kind parley.SubjectKind, p *problem) error {
	answer := s.Screen(q, 20)
	page := &lookPage{Answer: &answer, Form: c.typed(), Kind: kind, Parts: parley.ScreenedAsKinds}
	for _, f := range answer.Candidates {
		if f.Level != designation.Alert {
			page.Lesser++
		}
		page.Found = append(page.Found, shownOf(f))
	}
	lists, err := c.listsAtHand(s)
	if err != nil {
		return err
	}
	page.Missing = slices.ContainsFunc(lists, func(l atHand) bool { return !l.OnRecord })
	f := c.frame("screening_look", "screening.look_title", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

func shownOf(f designation.Found) shown {
	x := shown{Found: f, Checked: f.Level == designation.Alert}
	x.Latin, x.Original = bothScripts(f.Entry)
	return x
}

// bothScripts returns the names of an entry in Latin script, and in its others.
func bothScripts(e *designation.Entry) (latin, original []designation.Name) {
	const most = 12
	for _, n := range e.Names {
		if n.Script == designation.Latin {
			latin = append(latin, n)
		} else {
			original = append(original, n)
		}
	}
	return latin[:min(most, len(latin))], original[:min(most, len(original))]
}

// screeningOpens puts what was found on record.
func (c *call) screeningOpens() error {
	f, d := c.form(), c.newDraft()
	s, err := c.look()
	if err != nil || s == nil {
		return cmp.Or(err, errMissing)
	}
	name := f.required("subject")
	kind := choice(f, "subject_kind", parley.SubjectKinds)
	body := &parley.ScreeningOpen{Subject: d.Text(name), SubjectKind: kind, As: choice(f, "as", parley.ScreenedAsKinds), Words: d.Text(f.long("words"))}
	if f.has("about") {
		body.About = f.refOf("about")
	}
	for _, u := range s.Used() {
		body.Editions = append(body.Editions, hashOf(u.Hash))
	}
	for _, v := range c.r.PostForm["found"] {
		entry, score, _ := strings.Cut(v, " ")
		n, err := strconv.Atoi(score)
		if err != nil || n < 0 || n > 1000 {
			return errMissing
		}
		body.Candidates = append(body.Candidates, parley.ScreenedEntry{Entry: entry, Score: int32(n)})
	}
	again := func(p *problem) error {
		return c.showLook(http.StatusUnprocessableEntity, s, designation.Query{Name: name}, kind, p)
	}
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/screenings/{ref}", again: again, plain: true, field: func(path string) string {
		return fieldIn(map[string]string{"about": "about", "editions": "as", "subject": "subject"}, path)
	}})
}

// screeningPage is one screening: its candidates with what people found of them.
type screeningPage struct {
	Screening *release.Screening
	Cards     []candidateCard
	Held      []heldDraft
	Form      map[string]string
	Confirm   []parley.ScreeningReason
	SetAside  []parley.ScreeningReason
	Froms     []parley.AppealFrom
	CarveOuts []parley.CarveOut
	AtHand    bool
	Path      string
}

// candidateCard is a candidate beside the entry as the lists at hand have it.
type candidateCard struct {
	release.Candidate
	Entry           *designation.Entry
	Latin, Original []designation.Name
	Waits, Contests bool
}

// Try reports whether a form was sent for this candidate and came back.
func (p *screeningPage) Try(act, entry string) bool {
	return p.Form["act"] == act && p.Form["entry"] == entry
}

func (c *call) screening() error { return c.showScreening(http.StatusOK, nil) }

func (c *call) showScreening(status int, p *problem) error {
	page := &screeningPage{Form: c.typed(), Confirm: parley.ConfirmReasons, SetAside: parley.SetAsideReasons, Froms: parley.AppealFroms, CarveOuts: parley.CarveOuts}
	if err := c.view(func(v *channel.Viewer) { page.Screening, _ = v.Screening(c.ref("ref")) }); err != nil {
		return err
	}
	if page.Screening == nil {
		return errMissing
	}
	s, err := c.look()
	if err != nil {
		return err
	}
	page.AtHand = s != nil
	page.Path = "/" + c.lang + "/screenings/" + string(page.Screening.Ref)
	for _, x := range page.Screening.Candidates {
		card := candidateCard{Candidate: x, Waits: x.State == parley.CandidateToReview || x.State == parley.CandidateContested}
		card.Contests = !card.Waits
		if s != nil {
			if e, ok := s.Entry(designation.ID(x.Entry)); ok {
				card.Entry = e
				card.Latin, card.Original = bothScripts(e)
			}
		}
		page.Cards = append(page.Cards, card)
	}
	page.Held = c.heldOf("screening.decide")
	f := c.frame("screening", "screening.title", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// screeningSays takes a finding, a contest, a note, or another look.
func (c *call) screeningSays() error {
	ref := c.ref("ref")
	var known *release.Screening
	if err := c.view(func(v *channel.Viewer) { known, _ = v.Screening(ref) }); err != nil {
		return err
	}
	if known == nil {
		return errMissing
	}
	f, d := c.form(), c.newDraft()
	var body parley.Body
	two := false
	entry := f.text("entry")
	switch f.text("act") {
	case "decide":
		two = true
		reason := parley.ScreeningReason(f.text("reason"))
		b := &parley.ScreeningDecide{Screening: ref, Entry: entry, Confirmed: slices.Contains(parley.ConfirmReasons, reason), Reason: choice(f, "reason", append(slices.Clone(parley.ConfirmReasons), parley.SetAsideReasons...))}
		f.required("words")
		b.Words = d.Text(f.long("words"))
		body = b
	case "appeal":
		f.required("words")
		body = &parley.ScreeningAppeal{Screening: ref, Entry: entry, From: choice(f, "from", parley.AppealFroms), Words: d.Text(f.long("words"))}
	case "note":
		f.required("words")
		b := &parley.ScreeningNote{Screening: ref, Words: d.Text(f.long("words"))}
		if f.has("carve_out") {
			b.CarveOut = choice(f, "carve_out", parley.CarveOuts)
		}
		body = b
	case "again":
		s, err := c.look()
		if err != nil || s == nil {
			return cmp.Or(err, errMissing)
		}
		b := &parley.ScreeningRepeat{Screening: ref}
		for _, u := range s.Used() {
			b.Editions = append(b.Editions, hashOf(u.Hash))
		}
		kind := map[parley.SubjectKind]designation.Kind{"person": designation.Person, "organisation": designation.Body, "vessel": designation.Vessel}[known.SubjectKind]
		for _, x := range s.Screen(designation.Query{Name: known.Subject, Kind: kind}, 20).Candidates {
			if x.Level == designation.Alert {
				b.Candidates = append(b.Candidates, parley.ScreenedEntry{Entry: string(x.ID), Score: int32(math.Round(x.Score * 1000))})
			}
		}
		body = b
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showScreening(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/screenings/" + string(ref), again: again, two: two, plain: true, field: func(path string) string {
		return fieldIn(map[string]string{"words": "words", "reason": "reason", "entry": "reason", "editions": "again"}, path)
	}})
}

// Reason says a reason of a candidate's score in the reader's language.
func (f *frame) Reason(r designation.Reason) string {
	return r.In(isolated.Replace(f.T("screen_reason." + r.Key)))
}

// isolated keeps what is put into a sentence from being reordered by the language around it: names by their own direction, numbers from left to right.
var isolated = strings.NewReplacer("{query}", "\u2068{query}\u2069", "{list}", "\u2068{list}\u2069", "{numbers}", "\u2066{numbers}\u2069")

// Dated puts a day into words.
func (f *frame) Dated(key string, day designation.Day) string {
	return f.T(key, "day", "\u2066"+string(day)+"\u2069")
}

// Turn says a step of a lineage in the reader's language, with who says it.
func (f *frame) Turn(e designation.Edge) string {
	node := func(n designation.Node) string {
		if n.Name == "" {
			return "\u2068" + string(n.Entry) + "\u2069"
		}
		return "\u2068" + n.Name + "\u2069"
	}
	key := "screen_turn." + strings.ReplaceAll(strings.ReplaceAll(string(e.Turn), " ", "_"), "-", "_")
	s := f.T(key, "from", node(e.From), "to", node(e.To))
	switch {
	case e.On != "" && e.Until != "":
		s += " " + f.T("screening.turn_between", "from", "\u2066"+string(e.On)+"\u2069", "to", "\u2066"+string(e.Until)+"\u2069")
	case e.On != "":
		s += " (\u2066" + string(e.On) + "\u2069)"
	}
	s += " · " + f.T("screening.turn_by", "who", "\u2068"+e.By+"\u2069")
	if e.Grade != "" {
		s += " " + e.Grade
	}
	return s
}

// ListingState says how an entry stands.
func (f *frame) ListingState(s designation.State) string {
	return f.T("listing." + strings.ReplaceAll(string(s), " ", "_"))
}

// CandidateState shows how far people have come with a candidate.
func (f *frame) CandidateLook(s parley.CandidateState) string {
	return map[parley.CandidateState]string{parley.CandidateToReview: "waiting", parley.CandidateContested: "disputed", parley.CandidateConfirmed: "informed", parley.CandidateSetAside: "acknowledged"}[s]
}
