package web

import (
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// entries is what was entered on behalf of an account: by the desk, as it was told, or by a form without a key. The account confirms or
// disowns each.
func (c *call) entries() error { return c.showEntries(http.StatusOK, nil) }

func (c *call) showEntries(status int, p *problem) error {
	var list []release.Entered
	if err := c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			list, from = v.Entries(from, 200) // the last page is the newest
		}
	}); err != nil {
		return err
	}
	slices.Reverse(list)
	f := c.frame("entries", "entries.title", list)
	f.Problem = p
	return c.showWith(status, f)
}

// entriesSays takes an account's own word about an entry.
func (c *call) entriesSays() error {
	f, d := c.form(), c.newDraft()
	again := func(p *problem) error { return c.showEntries(http.StatusUnprocessableEntity, p) }
	name, err := parley.ParseHash(f.text("command"))
	if err != nil {
		return errMissing
	}
	return c.finish(act{draft: d, body: &parley.BehalfConfirm{Command: name, Disown: f.text("act") == "disown"}, next: "/entries", again: again})
}
