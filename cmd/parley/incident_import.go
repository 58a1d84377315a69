package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"parley"
	"parley/api"
	"parley/exchange/incidents"
	"parley/internal/draft"
)

type incidentImportCmd struct {
	File     string `arg:"" type:"existingfile" help:"CSV of UCDP GED, or of Insecurity Insight's attacks on health care."`
	DryRun   bool   `help:"Say what would be imported; send nothing."`
	NoClaims bool   `help:"Leave out whom the set names: without it each becomes a claim of the set."`
}

// importBatch is how many commands go in one request.
const importBatch = 200

// imported is what became of an import.
type imported struct {
	Set      string              `json:"set"`
	Licence  string              `json:"licence"`
	Rows     int                 `json:"rows"`
	Sent     int                 `json:"recorded"`
	Standing int                 `json:"on_record_already"`
	Claims   int                 `json:"claims"`
	Proposed int                 `json:"may_be_others"`
	Problems []incidents.Problem `json:"problems,omitempty"`
	DryRun   bool                `json:"dry_run,omitempty"`
}

// Run imports nothing unless every row can be read: half a set would look like a whole one.
func (c *incidentImportCmd) Run(a *app) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("couldn't read the file: %w", err)
	}
	defer file.Close()
	set, rows, err := incidents.Read(file)
	if err != nil {
		return err
	}
	out := &imported{Set: set.Name, Licence: set.Licence, Rows: len(rows), DryRun: c.DryRun}
	for _, r := range rows {
		out.Problems = append(out.Problems, r.Problems...)
	}
	if len(out.Problems) > 0 {
		if err := a.printImport(out); err != nil {
			return err
		}
		return errSaid
	}
	if c.DryRun {
		return a.printImport(out)
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	if err := s.importRows(set, rows, !c.NoClaims, out); err != nil {
		return fmt.Errorf("%w; %d of %d rows are on record: run it again, they are passed over", err, out.Sent+out.Standing, len(rows))
	}
	return a.printImport(out)
}

func (s *statement) importRows(set *incidents.Set, rows []*incidents.Row, claims bool, out *imported) error {
	for part := range slices.Chunk(rows, importBatch) {
		var bodies []func(d *draft.Draft) parley.Body
		for _, r := range part {
			bodies = append(bodies, func(d *draft.Draft) parley.Body {
				i := r.Incident
				i.Sources = slices.Clone(i.Sources)
				i.Title, i.Narrative, i.Means, i.PlaceName, i.Sources[0].Name = d.Text(r.Title), d.Text(r.Narrative), d.Text(r.Means), d.Text(r.PlaceName), d.Text(r.Source)
				return &parley.IncidentRecord{Incident: i}
			})
		}
		results, err := s.sendMany(bodies)
		if err != nil {
			return err
		}
		bodies = nil
		for n, r := range part {
			switch p := results[n].Problem; {
			case p != nil && p.Code == parley.CodeExists:
				out.Standing++
				continue
			case p != nil:
				return &parley.Fault{Code: p.Code, Field: fmt.Sprintf("line %d, %s", r.Line, p.Field), Read: either(p.Read, p.Title), Expected: p.Expected}
			}
			out.Sent++
			if claims && r.Actor != "" {
				bodies = append(bodies, claimOf(set, r, results[n].Ref))
			}
		}
		results, err = s.sendMany(bodies)
		if err != nil {
			return err
		}
		for _, r := range results {
			if r.Problem != nil {
				return errors.New("a claim of the set was refused: " + r.Problem.Title + " " + r.Problem.Read)
			}
			out.Claims++
		}
	}
	return s.client.all(s.ctx, "/v1/incidents", func(item json.RawMessage) error {
		var i struct {
			Sets    []string
			Matches []json.RawMessage
		}
		if err := json.Unmarshal(item, &i); err != nil {
			return err
		}
		if slices.Contains(i.Sets, set.Name) && len(i.Matches) > 0 {
			out.Proposed++
		}
		return nil
	})
}

// claimOf makes whom a set names a claim of the set: its coders' word, with its source.
func claimOf(set *incidents.Set, r *incidents.Row, incident parley.Ref) func(d *draft.Draft) parley.Body {
	return func(d *draft.Draft) parley.Body {
		c := parley.Claim{ClaimType: "accusation", Speaker: d.Text(set.Title), Capacity: d.Text("coders of an open data set"), Event: r.Incident.From, Speech: parley.IndirectSpeech, Language: "en",
			Quotation: d.Text(either(r.Words, r.Actor)), About: []parley.Ref{incident}, Attribution: &parley.Attribution{Actor: d.Text(r.Actor)}}
		if r.Source != "" {
			c.Via = []parley.Commitment{d.Text(r.Source)}
		}
		if set.Name == "ucdp-ged" && strings.Contains(r.Actor, " and ") {
			c.ClaimType = "fact" // between whom, not who began
		}
		return &parley.ClaimRecord{Claim: c}
	}
}

// sendMany signs bodies and sends them in one request; each stands or falls by itself.
func (s *statement) sendMany(bodies []func(d *draft.Draft) parley.Body) ([]api.Result, error) {
	if len(bodies) == 0 {
		return nil, nil
	}
	var batch struct {
		Commands []json.RawMessage `json:"commands"`
	}
	for _, body := range bodies {
		d := &draft.Draft{Theatre: s.draft.Theatre, MadeAt: s.draft.MadeAt, NotBefore: s.draft.NotBefore}
		signed, err := d.Sign(body(d), s.client.key)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(submission{signed.Envelope, signed.Payloads})
		if err != nil {
			return nil, err
		}
		batch.Commands = append(batch.Commands, text)
	}
	text, err := json.Marshal(batch)
	if err != nil {
		return nil, err
	}
	var answer struct{ Results []api.Result }
	if err := s.client.call(s.ctx, http.MethodPost, "/v1/commands/batch", text, &answer); err != nil {
		return nil, err
	}
	return answer.Results, nil
}

func (a *app) printImport(out *imported) error {
	if a.JSON {
		return a.printJSON(out)
	}
	fmt.Fprintf(a.out, "%s: %d rows\n", out.Set, out.Rows)
	a.row("licence", out.Licence)
	for _, p := range out.Problems {
		a.row("problem", p.Error())
	}
	switch {
	case len(out.Problems) > 0:
		a.row("", fmt.Sprintf("%d problems: nothing was sent", len(out.Problems)))
	case out.DryRun:
		a.row("", "every row can be read; nothing was sent")
	default:
		a.row("recorded", out.Sent)
		a.row("on record", fmt.Sprintf("%d already", out.Standing))
		a.row("claims", fmt.Sprintf("%d, each the set's own word", out.Claims))
		a.row("proposed", fmt.Sprintf("%d may be one with another set's; nothing was merged", out.Proposed))
	}
	return nil
}
