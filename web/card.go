package web

import (
	"parley"
	mission "parley/exchange/card"
	"parley/exchange/shorttext"
)

// cardPage is the mission card of a movement: one sheet of paper for those who travel.
type cardPage struct {
	*recordPage
	Card *mission.Card
}

func (c *call) card() error {
	ref := c.ref("ref")
	if ref.Kind() != parley.RefMovement {
		return errMissing
	}
	record, err := c.record(ref)
	if err != nil {
		return err
	}
	made, err := mission.Make(&record.Newest, zoneOf(c.theatre.Profile.Zone), shorttext.Language(c.lang))
	if err != nil {
		return errMissing // whoever sees cells alone carries no card of it
	}
	f := c.frame("card", "card.title", &cardPage{record, made})
	f.Heading = c.nameOf(&record.Newest)
	return c.show(f)
}
