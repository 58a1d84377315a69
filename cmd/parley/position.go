package main

import (
	"fmt"
	"strings"

	"parley"
	"parley/geo/notation"
)

type positionCmd struct {
	Text []string `arg:"" help:"A position as it was written; quotes are not needed."`
}

// Run explains a position without asking any server.
func (c *positionCmd) Run(a *app) error {
	typed := strings.Join(c.Text, " ")
	r, err := notation.Parse(typed)
	if err != nil {
		return err
	}
	written := map[notation.Notation]string{}
	order := []notation.Notation{notation.DD, notation.DMM, notation.DMS, notation.MGRS, notation.UTM, notation.GARS, notation.PlusCode}
	for _, n := range order {
		if written[n], err = notation.Format(r.Position, n); err != nil {
			return err
		}
	}
	if a.JSON {
		return a.printJSON(struct {
			Notation  notation.Notation            `json:"notation"`
			Written   string                       `json:"written"`
			Explained string                       `json:"explained"`
			Precision int64                        `json:"precision_mm"`
			Lat       int32                        `json:"lat_e7"`
			Lon       int32                        `json:"lon_e7"`
			Read      [2]string                    `json:"read"`
			In        map[notation.Notation]string `json:"in"`
		}{r.Notation, r.Written, r.Explained, r.PrecisionMM, r.Position.Lat, r.Position.Lon, notation.Echo(r.Position), written})
	}
	fmt.Fprintf(a.out, "%s\n", r.Explained)
	for _, n := range order {
		a.row(string(n), written[n])
	}
	return nil
}

type eraseCmd struct {
	Commitment []hash `arg:"" help:"The commitments of texts, as --json gave them when they were sent."`
}

func (c *eraseCmd) Run(a *app) error {
	b := &parley.PayloadErase{}
	for _, h := range c.Commitment {
		b.Payloads = append(b.Payloads, h.Hash)
	}
	return a.just(b)
}
