package web

import (
	"net/http"
	"strings"

	"parley"
	"parley/channel"
)

// publicationPage is what of incidents and claims is published, and when; trustees set it, in pairs.
type publicationPage struct {
	Profile parley.Publication
	Fields  []parley.PublicField
	Form    map[string]string
	Held    []heldDraft
	Sets    bool
}

// On reports whether a field is published, or was ticked in a form that came back.
func (p *publicationPage) On(f parley.PublicField) bool { return p.Profile.Shows(f) }

func (c *call) publication() error { return c.showPublication(http.StatusOK, nil, nil) }

func (c *call) showPublication(status int, typed *parley.Publication, p *problem) error {
	page := &publicationPage{Fields: parley.PublicFields, Form: c.typed(), Sets: c.member.Has(parley.Trustee), Held: c.heldOf("publication.set")}
	if err := c.view(func(v *channel.Viewer) { page.Profile = *v.Publication() }); err != nil {
		return err
	}
	if typed != nil {
		page.Profile.Fields = typed.Fields
	}
	c.dropStored()
	f := c.frame("publication", "publication.title", page)
	f.Problem = p
	return c.showWith(status, f)
}

// publicationSays sets the profile: one trustee begins, a second signs.
func (c *call) publicationSays() error {
	f := c.form()
	next := parley.Publication{Delay: int64(f.number("hours", 1, 87_840, 72)) * parley.Hour, Threshold: int32(f.number("threshold", 1, 1000, 5)), Fields: []parley.PublicField{}}
	for _, v := range c.r.PostForm["fields"] {
		next.Fields = append(next.Fields, parley.PublicField(v))
	}
	again := func(p *problem) error { return c.showPublication(http.StatusUnprocessableEntity, &next, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: c.newDraft(), body: &parley.PublicationSet{Publication: next}, next: "/publication", two: true, again: again, plain: true,
		field: func(path string) string {
			return fieldIn(map[string]string{"delay": "hours", "threshold": "threshold", "fields": "fields"}, strings.TrimPrefix(path, "publication."))
		}})
}

// heldOf returns the drafts of a kind in the reader's account that wait for a second signature.
func (c *call) heldOf(kind parley.CommandKind) (of []heldDraft) {
	for _, d := range c.p.held.of(c.member.Account, c.p.node.Now()) {
		if d.Kind == kind {
			of = append(of, d)
		}
	}
	return of
}

// dropStored forgets a held draft whose second signature has brought the reader here.
func (c *call) dropStored() {
	if name, err := parley.ParseHash(c.r.URL.Query().Get("stored")); err == nil {
		c.p.held.drop(name)
	}
}
