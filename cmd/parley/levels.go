package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"parley/release"
)

type levelsCmd struct{}

func (c *levelsCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	return client.all(a.ctx, "/v1/levels", func(item json.RawMessage) error {
		if a.JSON {
			return a.printJSON(item)
		}
		var b release.LevelBoard
		if err := json.Unmarshal(item, &b); err != nil {
			return err
		}
		a.describeLevels(&b)
		return nil
	})
}

// describeLevels prints one party's level board.
func (a *app) describeLevels(b *release.LevelBoard) {
	fmt.Fprintf(a.out, "%s  list version %d of %d entries\n", b.Party, b.Head.Position, b.Head.Count)
	attested := "never"
	if b.Attested != "" {
		attested = b.Attested
	}
	a.row("attested", attested+", next due "+b.Due)
	a.row("headquarters", b.Confirmed)
	if b.Aged > 0 {
		a.row("aged", fmt.Sprintf("%d acknowledgements: read back again, or parley attest headquarters", b.Aged))
	}
	for _, l := range b.Levels {
		words := []string{strings.TrimSpace(string(l.Echelon) + " " + l.Name)}
		switch {
		case l.Position != nil && l.Behind > 0:
			words = append(words, fmt.Sprintf("holds the list at position %d, %d entries behind", *l.Position, l.Behind))
		case l.Position != nil:
			words = append(words, fmt.Sprintf("holds the list at position %d, as it stands", *l.Position))
		case l.NoList:
			words = append(words, "holds no list")
		}
		if l.At != "" {
			words = append(words, "attested "+l.At, "due "+l.Due)
		}
		a.row("level", strings.Join(words, ", "))
		for _, p := range l.Places {
			same := "the same place"
			if p.Mismatch {
				same = fmt.Sprintf("ANOTHER PLACE, %d m apart", p.ApartMM/1000)
			}
			a.row("", fmt.Sprintf("  %s: %s, attested %s", p.Of, same, p.At))
		}
	}
	for _, g := range b.Gaps {
		words := []string{string(g.Kind), string(g.Echelon), string(g.Area)}
		for _, of := range g.Of {
			words = append(words, of.String())
		}
		a.row("gap", strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	}
	for _, o := range b.Open {
		a.row("open", fmt.Sprintf("%s since %s, due %s; no answer by %d deadlines, sent %d times", o.Of, o.Since, o.Due, o.NoAnswer, o.Sendings))
	}
	if more := b.OpenAll - len(b.Open); more > 0 {
		a.row("", fmt.Sprintf("  and %d more", more))
	}
}
