package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/channel"
	"parley/internal/draft"
	"parley/release"
)

// claimsPage shows claims about one record side by side, or all that the reader may see, the newest first.
type claimsPage struct {
	About parley.Ref
	Type  string
	Types []parley.ClaimType
	Sides []side
	Items []release.Claim
	More  int
	May   bool
}

func (c *call) claims() error {
	const some = 50
	q := c.r.URL.Query()
	page := &claimsPage{Type: q.Get("type"), Types: parley.ClaimTypes, More: -1, May: c.member.Has(recorders...)}
	page.About, _ = parley.ParseRef(western(q.Get("about")))
	var all []release.Claim
	for from := 0; from >= 0; {
		var list []release.Claim
		if err := c.view(func(v *channel.Viewer) { list, from = v.Claims(from, 500) }); err != nil {
			return err
		}
		for _, k := range list {
			if (page.Type == "" || page.Type == string(k.Type)) && (page.About == "" || slices.Contains(k.About, page.About)) {
				all = append(all, k)
			}
		}
	}
	if page.About != "" {
		page.Sides = sidesOf(all)
	} else {
		slices.Reverse(all)
		from := min(c.form0("from"), len(all))
		page.Items = all[from:min(from+some, len(all))]
		if from+some < len(all) {
			page.More = from + some
		}
	}
	f := c.frame("claims", "claims.title", page)
	f.Dense = true
	return c.show(f)
}

// claimPage is one claim with how it stands to others.
type claimPage struct {
	K       *release.Claim
	Others  []release.Claim // those that it supports or contradicts, as far as the reader may see them
	Form    map[string]string
	Path    string
	Records bool
	Letters []parley.Reliability
	Figures []string
	Words   []parley.ClaimRelation
}

// Try reports whether a form was sent and came back.
func (p *claimPage) Try(act string) bool { return p.Form["act"] == act }

var claimRelations = []parley.ClaimRelation{parley.ClaimSupports, parley.ClaimContradicts, parley.ClaimApart}

func (c *call) claim() error { return c.showClaim(http.StatusOK, nil) }

func (c *call) showClaim(status int, p *problem) error {
	page := &claimPage{Form: c.typed(), Letters: parley.Reliabilities, Figures: figures, Words: claimRelations}
	if err := c.view(func(v *channel.Viewer) {
		if page.K, _ = v.Claim(c.ref("ref")); page.K == nil {
			return
		}
		for _, r := range page.K.Relations {
			if other, ok := v.Claim(r.Other); ok && !slices.ContainsFunc(page.Others, func(o release.Claim) bool { return o.Ref == other.Ref }) {
				page.Others = append(page.Others, *other)
			}
		}
	}); err != nil {
		return err
	}
	if page.K == nil {
		return errMissing
	}
	page.Path = "/" + c.lang + "/claims/" + string(page.K.Ref)
	page.Records = page.K.Sight == "whole" && c.member.Has(recorders...)
	f := c.frame("claim", "claim.title", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// claimActs takes a grade for a claim, or how it stands to another record.
func (c *call) claimActs() error {
	ref := c.ref("ref")
	f, d := c.form(), c.newDraft()
	var body parley.Body
	fields := map[string]string{}
	switch f.text("act") {
	case "assess":
		body = c.assessment(f, d, ref)
	case "relate":
		b := &parley.ClaimRelate{Claim: ref, Other: f.refOf("other")}
		if b.Other.Kind() == parley.RefClaim {
			b.Relation = choice(f, "relation", claimRelations)
		}
		body, fields = b, map[string]string{"other": "other", "relation": "relation", "claim": "other"}
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showClaim(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/claims/" + string(ref), again: again, plain: true, field: func(path string) string { return fieldIn(fields, path) }})
}

// claimNewPage is the form that puts a claim on record.
type claimNewPage struct {
	claimForm
	Form map[string]string
}

// claimForm is what the fields of a claim offer.
type claimForm struct {
	Types    []parley.ClaimType
	Speeches []parley.Speech
	Parties  []parley.Ref
}

// claimForm gathers what the fields of a claim offer.
func (c *call) claimForm() (claimForm, error) {
	out := claimForm{Types: parley.ClaimTypes, Speeches: []parley.Speech{parley.DirectSpeech, parley.IndirectSpeech, parley.MixedSpeech}}
	parties, err := c.parties()
	for _, p := range parties {
		out.Parties = append(out.Parties, p.Ref)
	}
	return out, err
}

func (c *call) claimNew() error { return c.showClaimNew(http.StatusOK, nil) }

func (c *call) showClaimNew(status int, p *problem) error {
	page := &claimNewPage{Form: c.typed()}
	var err error
	if page.claimForm, err = c.claimForm(); err != nil {
		return err
	}
	if c.r.Method == http.MethodGet {
		q := c.r.URL.Query()
		for _, name := range []string{"about", "supports", "contradicts"} {
			if ref, err := parley.ParseRef(western(q.Get(name))); err == nil {
				page.Form[name] = string(ref)
			}
		}
		page.Form["language"], page.Form["speech"] = c.lang, string(parley.DirectSpeech)
	}
	f := c.frame("claim_new", "claim.new", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

var claimFields = map[string]string{"claim_type": "type", "speaker": "speaker", "quotation": "quotation", "party": "party", "speech": "speech", "language": "language", "translator": "translation",
	"published": "published", "event": "event", "about": "about", "supports": "supports", "contradicts": "contradicts", "attribution": "says_actor", "archived": "archived", "via": "via"}

// claimSays takes a claim.
func (c *call) claimSays() error {
	f, d := c.form(), c.newDraft()
	claim := c.readClaim(f, d)
	again := func(p *problem) error { return c.showClaimNew(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: &parley.ClaimRecord{Claim: claim}, next: "/claims/{ref}", again: again, plain: true, field: func(path string) string { return fieldIn(claimFields, strings.TrimPrefix(path, "claim.")) }})
}

// readClaim reads the fields of a claim.
func (c *call) readClaim(f *form, d *draft.Draft) parley.Claim {
	k := parley.Claim{ClaimType: choice(f, "type", parley.ClaimTypes), Capacity: d.Text(f.long("capacity")), Published: f.moment("published", false), Event: f.moment("event", false),
		Speech: choice(f, "speech", []parley.Speech{parley.DirectSpeech, parley.IndirectSpeech, parley.MixedSpeech}), Language: f.required("language"), Translation: d.Text(f.long("translation")), Link: d.Text(f.long("link")),
		About: f.refs("about", false), Supports: f.refs("supports", false), Contradicts: f.refs("contradicts", false), Restricted: f.has("restricted")}
	if f.required("speaker") != "" {
		k.Speaker = d.Text(f.long("speaker"))
	}
	if f.required("quotation") != "" {
		k.Quotation = d.Text(f.long("quotation"))
	}
	if f.has("translator") {
		if k.Translation.IsZero() {
			f.wrong("translation", "wrong.missing")
		}
		k.Translator = d.Text(f.long("translator"))
	}
	if f.has("party") {
		k.Party = f.refOf("party")
	}
	if f.has("archived") {
		k.Archived = f.refOf("archived")
	}
	for _, outlet := range lines(f.text("via")) {
		k.Via = append(k.Via, d.Text(outlet))
	}
	for _, name := range lines(f.text("places")) {
		k.Places = append(k.Places, d.Text(name))
	}
	for _, name := range lines(f.text("organisations")) {
		k.Organisations = append(k.Organisations, d.Text(name))
	}
	if f.has("says_party") || f.has("says_actor") {
		k.Attribution = &parley.Attribution{Actor: d.Text(f.long("says_actor"))}
		if f.has("says_party") {
			k.Attribution.Party = f.refOf("says_party")
		}
	}
	return k
}

// lines parts a field with one value a line.
func lines(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Said writes who is said to have spoken, as what.
func (f *frame) Said(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, "\u2068"+p+"\u2069")
		}
	}
	return strings.Join(said, f.T("list.comma"))
}

// Tongue is the language of a quotation for its element: the page's where none is stated.
func (f *frame) Tongue(language string) string { return cmp.Or(language, f.Lang) }
