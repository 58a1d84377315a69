package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// aidPage lists deliveries and outcomes, the newest first.
type aidPage struct {
	Deliveries []release.Delivery
	Results    []release.Result
	MoreD      int
	MoreR      int
	Of         parley.Ref // of one movement or corridor only
	May        bool
}

func (c *call) aid() error {
	page := &aidPage{May: c.member.Has(parley.Notifier, parley.MovementLeader) || c.speaksForOthers()}
	page.Of, _ = parley.ParseRef(western(c.r.URL.Query().Get("of")))
	var err error
	if page.Deliveries, page.Results, err = c.aidOf(page.Of); err != nil {
		return err
	}
	f := c.frame("aid", "nav.aid", page)
	f.Dense = true
	page.Deliveries, page.MoreD = few(f, page.Deliveries)
	page.Results, page.MoreR = few(f, page.Results)
	return c.show(f)
}

// aidOf reads the deliveries and outcomes that the reader may see: of one movement or corridor, or all; the newest first.
func (c *call) aidOf(of parley.Ref) (deliveries []release.Delivery, results []release.Result, err error) {
	for from := 0; from >= 0 && err == nil; {
		err = c.view(func(v *channel.Viewer) {
			var some []release.Delivery
			some, from = v.Deliveries(from, 200)
			for _, d := range some {
				if of == "" || d.Of == of {
					deliveries = append(deliveries, d)
				}
			}
		})
	}
	for from := 0; from >= 0 && err == nil; {
		err = c.view(func(v *channel.Viewer) {
			var some []release.Result
			some, from = v.Results(from, 200)
			for _, o := range some {
				if of == "" || o.Movement == of {
					results = append(results, o)
				}
			}
		})
	}
	slices.Reverse(deliveries)
	slices.Reverse(results)
	return deliveries, results, err
}

// Result says how a movement, or access that was asked for, ended.
func (f *frame) Result(kind parley.OutcomeKind) template.HTML {
	look := "waiting"
	switch kind {
	case parley.Facilitated:
		look = "acknowledged"
	case parley.Denied, parley.Impeded:
		look = "disputed"
	case parley.CancelledOrg:
		look = "lapsed"
	}
	return f.c.tongue.status(look, "result."+string(kind))
}

// aidForm is the form of a delivery or an outcome.
type aidForm struct {
	Delivery bool
	Form     map[string]string
	Moves    []parley.Ref
	Parties  []release.Account
	Items    []parley.ItemKind
	People   []parley.Occupancy
	Outcomes []parley.OutcomeKind
	Reasons  []parley.OutcomeReason
	Rows     []int
	Desk     bool
	Accounts []parley.Ref
	Channels []parley.Channel
	Now      string
}

// itemRows bounds the kinds of things in one delivery.
const itemRows = 50

func (c *call) deliveryForm() error { return c.showAidForm(true, http.StatusOK, nil) }
func (c *call) outcomeForm() error  { return c.showAidForm(false, http.StatusOK, nil) }

func (c *call) showAidForm(delivery bool, status int, p *problem) error {
	page := &aidForm{Delivery: delivery, Form: c.typed(), Items: parley.ItemKinds, People: parley.Occupancies, Outcomes: parley.OutcomeKinds, Reasons: parley.OutcomeReasons, Desk: c.speaksForOthers(), Channels: toldBy, Now: c.local(c.p.node.Now())}
	if c.r.Method == http.MethodGet {
		if ref, err := parley.ParseRef(western(c.r.URL.Query().Get("of"))); err == nil {
			page.Form["of"] = string(ref)
		}
		page.Form["at"] = page.Now
		if delivery {
			page.Form["planned_at"], page.Form["at"] = page.Now, ""
		}
	}
	last := 0
	for i := range itemRows {
		if page.Form[fmt.Sprintf("item_planned_%d", i)]+page.Form[fmt.Sprintf("item_unit_%d", i)] != "" {
			last = i + 1
		}
	}
	for i := range min(max(last+1, 3), itemRows) {
		page.Rows = append(page.Rows, i)
	}
	var err error
	if page.Desk {
		if page.Accounts, err = c.accounts(); err != nil {
			return err
		}
		page.Accounts = slices.DeleteFunc(page.Accounts, func(r parley.Ref) bool { return r.Kind() != parley.RefOrganisation })
	} else if page.Moves, err = c.openMovements(); err != nil {
		return err
	}
	if page.Parties, err = c.parties(); err != nil {
		return err
	}
	name, key := "outcome", "outcome_form.title"
	if delivery {
		name, key = "delivery", "delivery.title"
	}
	f := c.frame(name, key, page)
	f.Problem = p
	return c.showWith(status, f)
}

// deliverySays puts a delivery on record, planned or done.
func (c *call) deliverySays() error {
	f, d := c.form(), c.newDraft()
	d.OnBehalf = c.behalf(f, "b", true)
	b := &parley.DeliveryRecord{Of: f.refOf("of"), PlannedAt: f.moment("planned_at", true), At: f.moment("at", false), People: choice(f, "people", parley.Occupancies), Consignee: d.Text(f.long("consignee")), Words: d.Text(f.long("words"))}
	for i := range itemRows {
		row := func(name string) string { return fmt.Sprintf("item_%s_%d", name, i) }
		if !f.has(row("unit")) && !f.has(row("planned")) && !f.has(row("delivered")) {
			continue
		}
		count := func(name string) int64 { return int64(f.number(row(name), 0, 1_000_000_000, 0)) }
		it := parley.Item{Item: choice(f, row("kind"), parley.ItemKinds), Unit: f.required(row("unit")), Planned: count("planned"), Delivered: count("delivered"), Lost: count("lost"), Diverted: count("diverted")}
		if b.At == 0 && it.Delivered+it.Lost+it.Diverted > 0 {
			f.wrong("at", "wrong.delivered_when")
		}
		b.Items = append(b.Items, it)
	}
	if len(b.Items) == 0 {
		f.wrong("item_unit_0", "wrong.items")
	}
	again := func(p *problem) error { return c.showAidForm(true, http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	fields := map[string]string{"of": "of", "planned_at": "planned_at", "at": "at", "items": "item_unit_0", "people": "people", "on_behalf": "b_of"}
	return c.finish(act{draft: d, body: b, next: "/aid", again: again, plain: true, field: func(path string) string { return fieldIn(fields, path) }})
}

// outcomeSays puts on record how a movement ended, or that access was asked for and what came of it without any movement.
func (c *call) outcomeSays() error {
	f, d := c.form(), c.newDraft()
	d.OnBehalf = c.behalf(f, "b", true)
	b := &parley.OutcomeRecord{Outcome: choice(f, "outcome", parley.OutcomeKinds), Delay: int32(f.number("delay", 0, 86_400, 0)), Reason: choice(f, "reason", parley.OutcomeReasons), At: f.moment("at", true),
		Of: parley.Ref(f.text("asked_of")), Words: d.Text(f.long("words"))}
	switch {
	case f.has("of") && f.has("asked"):
		f.wrong("asked", "wrong.movement_or_access")
	case f.has("of"):
		b.Movement = f.refOf("of")
	case f.has("asked"):
		b.Asked = f.moment("asked", true)
	default:
		f.wrong("of", "wrong.movement_or_access")
	}
	again := func(p *problem) error { return c.showAidForm(false, http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	fields := map[string]string{"movement": "of", "asked": "asked", "asked_of": "asked_of", "outcome": "outcome", "delay": "delay", "reason": "reason", "at": "at", "on_behalf": "b_of"}
	return c.finish(act{draft: d, body: b, next: "/aid", again: again, plain: true, field: func(path string) string { return fieldIn(fields, path) }})
}
