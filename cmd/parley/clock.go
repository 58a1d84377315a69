package main

import (
	"encoding/json"
	"fmt"

	"parley"
	"parley/api"
)

type clockCmd struct {
	To *when `placeholder:"TIME" help:"Set it forward to this time, or by so much: +2m. Only in an exercise that was opened with --simulated-clock, and only by a trustee."`
}

// Run shows the theatre's time, or sets that of an exercise forward.
func (c *clockCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	t, err := client.theatre(a.ctx)
	if err != nil {
		return err
	}
	at := api.Clock{Now: t.Now, Clock: t.Clock}
	if c.To != nil {
		to, err := c.To.in(t)
		if err != nil {
			return err
		}
		text, err := json.Marshal(map[string]string{"to": parley.Stamp(to)})
		if err != nil {
			return err
		}
		if err := client.post(a.ctx, "/v1/clock", text, &at); err != nil {
			return err
		}
	}
	if a.JSON {
		return a.printJSON(at)
	}
	fmt.Fprintf(a.out, "%s  %s\n", at.Now, at.Clock)
	return nil
}
