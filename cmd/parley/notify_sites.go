package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/api"
	"parley/internal/draft"
	"parley/release"
)

// batchRows is how many rows go to the server in one request.
const batchRows = 100

type notifySitesCmd struct {
	CSV string `name:"csv" required:"" type:"existingfile" placeholder:"FILE.csv" help:"Columns: name_en, name_ar (name_ and any language), category, position in any notation (or latitude and longitude), accuracy, method, phone; and as you have them contact, address, function, operator, keep_out, occupancy, markings, from, until, confirm."`
	sharingFlags
	behalf
}

func (c *notifySitesCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	sheet, err := readSheet(c.CSV)
	if err != nil {
		return err
	}
	rows, err := s.diagnoseAll(sheet, c.sharingFlags)
	if err != nil {
		return err
	}
	if !c.DryRun {
		if err := s.sendRows(rows); err != nil {
			return err
		}
	}
	counts := map[string]int{"rows": len(rows)}
	for _, r := range rows {
		counts[r.Outcome]++
	}
	if err := a.printRows(rows, counts); err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintln(a.err, "dry run: nothing was sent")
	} else if err := a.writeRejected(c.CSV+".rejected.csv", sheet, rows); err != nil {
		return err
	}
	if counts["problem"]+counts["refused"] > 0 {
		return errSaid
	}
	return nil
}

// diagnoseAll reads every row, holds it against the theatre, the rows before it and what was notified before.
func (s *statement) diagnoseAll(sheet *sheet, shared sharingFlags) ([]*candidate, error) {
	profile := &s.theatre.Profile
	var rows []*candidate
	var categories []parley.Category
	for i, cells := range sheet.rows {
		c := sheet.diagnose(cells, i+2, shared)
		rows = append(rows, c)
		if k := parley.Category(c.flags.Category); !slices.Contains(categories, k) {
			categories = append(categories, k)
		}
	}
	others, err := s.ownSites(categories)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		if c.flags.At != nil {
			c.findings(profile)
			c.near(others, profile)
			others = append(others, standing{fmt.Sprintf("row %d", c.Row), parley.Category(c.flags.Category), point(c.at.Position)})
		}
		if err := s.prepare(c); err != nil {
			return nil, err
		}
		c.Outcome = "clean"
		if c.Problems != nil {
			c.Outcome = "problem"
		}
	}
	return rows, nil
}

// ownSites fetches the sites of one's own organisation whose categories occur in the file.
func (s *statement) ownSites(categories []parley.Category) ([]standing, error) {
	if s.draft.OnBehalf != nil {
		return nil, nil // the desk sees possible duplicates beside each object
	}
	var refs []parley.Ref
	err := s.client.all(s.ctx, "/v1/objects?kind=site", func(item json.RawMessage) error {
		var sum release.Summary
		if err := json.Unmarshal(item, &sum); err != nil {
			return err
		}
		if slices.Contains(categories, parley.Category(sum.Category)) && sum.State != string(parley.Withdrawn) {
			refs = append(refs, sum.Ref)
		}
		return nil
	})
	var sites []standing
	for _, ref := range refs {
		var f release.File
		if err := s.client.read(s.ctx, objectPath(ref, ""), &f); err != nil {
			return nil, err
		}
		newest := f.Versions[len(f.Versions)-1]
		sites = append(sites, standing{string(ref), parley.Category(newest.Category), newest.Geometry.Shape})
	}
	return sites, err
}

// columnOf says which column a field of a site stands in.
var columnOf = map[string]string{"names": "name_en", "obtained.method": "method", "obtained.accuracy": "accuracy", "contact.phone": "phone", "from.to": "until"}

// prepare makes the signed command of a row, or finds what the server would find wrong with it.
func (s *statement) prepare(c *candidate) error {
	if c.flags.At == nil {
		c.at.Position.Lat = 1 // stands in, so that the other fields are looked at too
		c.flags.At = &c.at
	}
	row := *s
	row.app = &app{globals: &globals{JSON: true}, ctx: s.ctx} // positions are repeated in the table
	d := *s.draft
	row.draft = &draft.Draft{Theatre: d.Theatre, MadeAt: d.MadeAt, NotBefore: d.NotBefore, OnBehalf: d.OnBehalf}
	site, err := row.site(&c.flags, nil)
	if err != nil {
		return err
	}
	var fault *parley.Fault
	if err := site.Validate(); errors.As(err, &fault) {
		column := either(columnOf[fault.Field], fault.Field)
		if !slices.ContainsFunc(c.Problems, func(t trouble) bool { return t.Column == column }) {
			c.wrong(column, string(fault.Code), fault.Read, fault.Expected)
		}
	}
	if c.Problems != nil {
		return nil
	}
	c.signed, err = row.sign(&parley.SiteNotify{Site: site})
	return err
}

// sendRows sends the clean rows, many in one request; each stands or falls by itself.
func (s *statement) sendRows(rows []*candidate) error {
	clean := slices.DeleteFunc(slices.Clone(rows), func(c *candidate) bool { return c.signed == nil })
	for part := range slices.Chunk(clean, batchRows) {
		var batch struct {
			Commands []json.RawMessage `json:"commands"`
		}
		for _, c := range part {
			batch.Commands = append(batch.Commands, c.signed)
		}
		body, err := json.Marshal(batch)
		if err != nil {
			return err
		}
		var answer struct{ Results []api.Result }
		if err := s.client.call(s.ctx, http.MethodPost, "/v1/commands/batch", body, &answer); err != nil {
			return fmt.Errorf("rows %d to %d: %w", part[0].Row, part[len(part)-1].Row, err)
		}
		for i, c := range part {
			r := answer.Results[i]
			if c.Outcome, c.Ref = "sent", r.Ref; r.Problem != nil {
				c.Outcome = "refused"
				c.wrong(either(r.Problem.Field, "row"), string(r.Problem.Code), either(r.Problem.Read, r.Problem.Title), r.Problem.Expected)
			}
		}
	}
	return nil
}

// printRows prints what became of each row, and the counts.
func (a *app) printRows(rows []*candidate, counts map[string]int) error {
	if a.JSON {
		for _, c := range rows {
			if err := a.printJSON(c); err != nil {
				return err
			}
		}
		return a.printJSON(counts)
	}
	var lines [][]string
	for _, c := range rows {
		name := either(c.flags.Name["en"], c.flags.Name["ar"])
		problem := ""
		if c.Problems != nil {
			problem = c.Problems[0].String()
		}
		lines = append(lines, []string{strconv.Itoa(c.Row), c.Outcome, name, c.flags.Category, c.Read, either(string(c.Ref), problem)})
		for i, t := range c.Problems {
			if i > 0 {
				lines = append(lines, []string{"", "", "", "", "", t.String()})
			}
		}
	}
	a.table([]string{"row", "outcome", "name", "category", "position", "reference or problem"}, lines)
	var parts []string
	for _, what := range []string{"rows", "clean", "sent", "problem", "refused"} {
		if n, ok := counts[what]; ok {
			parts = append(parts, fmt.Sprintf("%s %d", what, n))
		}
	}
	fmt.Fprintln(a.out, strings.Join(parts, ", "))
	return nil
}

// writeRejected keeps the rows that were not taken, as they were, with the reasons.
func (a *app) writeRejected(file string, sheet *sheet, rows []*candidate) (err error) {
	lines := [][]string{append(slices.Clone(sheet.header), "row", "problem")}
	for _, c := range rows {
		if c.Problems == nil {
			continue
		}
		var why []string
		for _, t := range c.Problems {
			why = append(why, t.String())
		}
		cells := slices.Clone(c.cells)
		for len(cells) < len(sheet.header) {
			cells = append(cells, "")
		}
		lines = append(lines, append(cells, strconv.Itoa(c.Row), strings.Join(why, "; ")))
	}
	if len(lines) == 1 {
		return nil
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("couldn't write the rows that were not taken: %w", err)
	}
	w := csv.NewWriter(f)
	err = errors.Join(w.WriteAll(lines), f.Close())
	if err == nil {
		fmt.Fprintf(a.err, "rows that were not taken: %s\n", file)
	}
	return err
}
