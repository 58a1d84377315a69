package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// queued is one object that waits for the desk.
type queued struct {
	Sum   release.Summary
	Name  string
	Why   string // key: what it waits for
	Look  string
	Risk  int   // the higher, the sooner
	Since int64 // how long it waits
}

// ageing is what a party has not answered, for the board at the top of the queue.
type ageing struct {
	Party  parley.Ref
	Open   int
	Oldest string // since when
	Ref    parley.Ref
}

type deskPage struct {
	Queue   []queued
	Board   []ageing
	Record  *recordPage
	Filter  string
	Counts  map[string]int
	Methods []parley.VerifyMethod
	Entries int
	Apart   *apart
	Today   string
}

// apart is the second source's place against the notified one.
type apart struct {
	Metres int64
	Words  string
}

var verifyMethods = []parley.VerifyMethod{parley.AsSubmitted, parley.CheckedMap, parley.SecondSource, parley.OnSite}

// queue lists what waits for the desk, by risk and age: emergencies and doubts first, then what has waited longest.
func (c *call) queue() (list []queued, board []ageing, err error) {
	parties := map[parley.Ref]*ageing{}
	err = c.eachObject(func(v *channel.Viewer, s release.Summary) {
		for _, h := range s.Parties {
			if h.Acknowledged != "" || h.Recalled != "" || h.Deleted != "" || h.Due == "" {
				continue
			}
			a := parties[h.Party]
			if a == nil {
				a = &ageing{Party: h.Party}
				parties[h.Party] = a
			}
			if a.Open++; a.Oldest == "" || h.Since < a.Oldest {
				a.Oldest, a.Ref = h.Since, s.Ref
			}
		}
		if q, ok := c.waitsForDesk(v, s); ok {
			list = append(list, q)
		}
	})
	slices.SortStableFunc(list, func(a, b queued) int { return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(b.Since, a.Since)) })
	for _, a := range parties {
		board = append(board, *a)
	}
	slices.SortFunc(board, func(a, b ageing) int { return cmp.Compare(a.Oldest, b.Oldest) })
	return list, board, err
}

// waitsForDesk says what an object waits for, if it waits for the desk.
func (c *call) waitsForDesk(v *channel.Viewer, s release.Summary) (q queued, ok bool) {
	if s.State != string(parley.Submitted) && s.State != string(parley.Queried) && s.State != string(parley.Verified) {
		return q, false
	}
	file, ok := v.Object(s.Ref)
	if !ok || len(file.Versions) == 0 {
		return q, false
	}
	newest := file.Versions[len(file.Versions)-1]
	q = queued{Sum: s, Name: c.nameOf(&newest)}
	switch {
	case s.State == string(parley.Submitted):
		q.Why, q.Look, q.Risk = "desk.why.verify", "waiting", 3
	case s.State == string(parley.Queried):
		q.Why, q.Look, q.Risk = "desk.why.queried", "waiting", 1
	case len(waits(&newest, file.Holdings)) > 0:
		q.Why, q.Look, q.Risk = "desk.why.release", "informed", 2
	case slices.ContainsFunc(file.Holdings, func(h release.Holding) bool { return h.NoAnswer > 0 }):
		q.Why, q.Look, q.Risk = "desk.why.no_answer", "waiting", 2
	default:
		return q, false
	}
	if len(file.Doubts) > 0 {
		q.Risk += 2
	}
	if newest.Urgency != "" && newest.Urgency != string(parley.StandardNotice) {
		q.Risk += 3
	}
	if len(file.Commands) > 0 {
		q.Since = c.p.node.Now() - milliseconds(file.Commands[len(file.Commands)-1].At)
	}
	return q, true
}

// waits are the parties that a verified version may be released to and was not.
func waits(o *release.Object, holdings []release.Holding) []parley.Ref {
	var refs []parley.Ref
	if o.Private == nil {
		return nil
	}
	for _, consent := range o.Private.Consents {
		if !slices.ContainsFunc(holdings, func(h release.Holding) bool { return h.Party == consent.To && h.Version == o.Version }) {
			refs = append(refs, consent.To)
		}
	}
	return refs
}

func milliseconds(stamp string) int64 {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return 0
	}
	return at.UnixMilli()
}

func (c *call) desk() error { return c.showDesk(http.StatusOK, nil) }

func (c *call) showDesk(status int, p *problem) error {
	page := &deskPage{Methods: verifyMethods, Today: c.local(c.p.node.Now())}
	var err error
	if page.Queue, page.Board, err = c.queue(); err != nil {
		return err
	}
	heading := ""
	if ref := c.r.PathValue("ref"); ref != "" {
		record, err := c.record(c.ref("ref"))
		if err != nil {
			return err
		}
		page.Record = record
		heading = c.nameOf(&record.Newest)
		c.beside(page)
	}
	f := c.frame("desk", "nav.desk", page)
	f.Dense, f.Problem, f.Map, f.Heading = true, p, page.Record != nil, heading
	return c.showWith(status, f)
}

// beside puts a second source's place beside the notified one, on the map and in words.
func (c *call) beside(page *deskPage) {
	text := page.Record.Form["place"]
	at, ok := anchor(&page.Record.Newest)
	if text == "" || !ok {
		return
	}
	f := &form{c: c, values: c.r.PostForm}
	r, ok := f.position("place")
	if !ok {
		return
	}
	mm := geo.DistanceMM(at, r.Position)
	page.Apart = &apart{mm / 1000, c.say("desk.apart", "m", int(mm/1000), "direction", c.say("compass."+compassOf(at, r.Position)))}
	m := c.newChart("map")
	c.draw(m, &page.Record.Newest, "waiting", "")
	m.add(pointShape(r.Position), 0, properties{Kind: "place_of", Label: c.say("desk.second_source")})
	page.Record.Chart = m.done(page.Record.Newest.Geometry.Shape, pointShape(r.Position))
}

// Waits are the parties that the record's newest version waits to be released to.
func (p *deskPage) Waits() []parley.Ref { return waits(&p.Record.Newest, p.Record.File.Holdings) }

// deskSays takes what the desk says about an object.
func (c *call) deskSays() error {
	page, err := c.record(c.ref("ref"))
	if err != nil {
		return err
	}
	f, d := c.form(), c.newDraft()
	of := parley.Versioned{Ref: page.File.Ref, Version: page.Newest.Version}
	party := func() parley.Versioned { // the version that a party has, for what concerns its copy
		return parley.Versioned{Ref: of.Ref, Version: f.number("version", 1, 1<<20, of.Version)}
	}
	var body parley.Body
	switch f.text("act") {
	case "compare": // shows the second source's place beside the notified one, says nothing
		f.position("place")
		if len(f.errors) > 0 {
			return c.showDesk(http.StatusUnprocessableEntity, c.formProblem(f))
		}
		return c.showDesk(http.StatusOK, nil)
	case "verify":
		v := &parley.ObjectVerify{Of: of, Method: choice(f, "method", verifyMethods), Source: d.Text(f.required("source")), On: f.moment("on", true)}
		if f.has("place") || v.Method == parley.SecondSource || v.Method == parley.OnSite {
			if r, ok := f.position("place"); ok {
				v.Place = &r.Position
			}
		}
		body = v
	case "query":
		q := &parley.ObjectQuery{Of: of, Field: f.required("field"), Question: d.Text(f.required("question"))}
		if f.has("observed") {
			if r, ok := f.position("observed"); ok {
				q.Observed = &r.Position
			}
		}
		body = q
	case "release":
		body = &parley.ObjectRelease{Of: of, To: f.refOf("to"), Emergency: f.has("emergency")}
	case "countersign":
		body = &parley.ReleaseCountersign{Of: party(), To: f.refOf("to")}
	case "recall":
		body = &parley.ObjectRecall{Of: party(), To: f.refOf("to"), Reason: d.Text(f.required("reason"))}
	case "contact":
		body = c.contactBody(f, d, of.Ref)
	case "resend":
		body = &parley.ObjectResend{Of: party(), To: f.refOf("to")}
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showDesk(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/desk/" + string(of.Ref), again: again})
}
