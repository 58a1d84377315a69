package main

import (
	"fmt"
	"net/http"
	"os"

	"parley/api"
)

type witnessesCmd struct {
	Save string `placeholder:"FILE" help:"Keep whose cosignatures count in a file, for --policy. Compare it with what the parties say by another way."`
}

// Run shows whose cosignatures count in a theatre, and how each witness stands.
func (c *witnessesCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	var w api.Witnesses
	if err := client.call(a.ctx, http.MethodGet, api.LogPath+"/witnesses", nil, &w); err != nil {
		return err
	}
	if c.Save != "" {
		if w.Policy == "" {
			return fmt.Errorf("no witnesses are named here: there is nothing to keep")
		}
		if err := os.WriteFile(c.Save, []byte(w.Policy), 0o600); err != nil {
			return fmt.Errorf("couldn't keep the witnesses: %w", err)
		}
	}
	if a.JSON {
		return a.printJSON(w)
	}
	if w.Policy == "" {
		fmt.Fprintln(a.out, "no witnesses are named here: nothing from outside shows that there is one history only")
		return nil
	}
	for _, s := range w.Witnesses {
		at := ""
		if s.At != 0 {
			at = fmt.Sprintf(", %d entries at %s", s.Size, instant(s.At))
		}
		fmt.Fprintf(a.out, "%s  %s%s\n  %s\n", s.Label, s.State, at, s.Key)
	}
	switch {
	case w.Overdue:
		fmt.Fprintf(a.out, "%d entries wait for them, and receipts promised it by %s: the promise is broken\n", w.Waiting, w.PromisedBy)
	case w.Waiting > 0:
		fmt.Fprintf(a.out, "%d entries wait for them; receipts promise it by %s\n", w.Waiting, w.PromisedBy)
	default:
		fmt.Fprintln(a.out, "enough of them have cosigned every entry")
	}
	return nil
}
