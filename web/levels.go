package web

import (
	"net/http"

	"parley"
	"parley/channel"
	"parley/release"
)

// levelsPage is what each level of a party is stated to hold: the reader's own party, or every party for the desk.
type levelsPage struct {
	Boards   []release.LevelBoard
	Echelons []parley.Echelon
	Own      bool
	Form     map[string]string
}

func (c *call) levels() error { return c.showLevels(http.StatusOK, nil) }

func (c *call) showLevels(status int, p *problem) error {
	page := &levelsPage{Echelons: echelons, Own: c.member.Account != parley.Desk, Form: map[string]string{}}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	for from := 0; from >= 0; {
		if err := c.view(func(v *channel.Viewer) { // one party at a time: the state is held only for that
			var some []release.LevelBoard
			some, from = v.Levels(from, 1)
			page.Boards = append(page.Boards, some...)
		}); err != nil {
			return err
		}
	}
	f := c.frame("levels", "nav.levels", page)
	f.Dense, f.Problem = true, p
	return c.showWith(status, f)
}

// levelsSays takes a level's word about the list that it holds.
func (c *call) levelsSays() error {
	f, d := c.form(), c.newDraft()
	b := &parley.ListAttest{Echelon: choice(f, "echelon", echelons), Level: d.Text(f.text("level"))}
	again := func(p *problem) error { return c.showLevels(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	if f.has("current") {
		if err := c.view(func(v *channel.Viewer) {
			head, _, _ := v.List(0, 1)
			b.Head = &head
		}); err != nil {
			return err
		}
	}
	return c.finish(act{draft: d, body: b, next: "/levels", again: again})
}
