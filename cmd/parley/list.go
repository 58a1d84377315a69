package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// listing is a list that can be printed: where it comes from and which fields its table shows.
type listing struct {
	path    string
	columns []string
}

var listings = map[string]listing{
	"objects":      {"/v1/objects", []string{"ref", "version", "kind", "category", "state", "currency", "from", "until", "movement", "due"}},
	"sites":        {"/v1/objects?kind=site", []string{"ref", "version", "category", "state", "currency", "from", "until", "due"}},
	"movements":    {"/v1/objects?kind=move", []string{"ref", "version", "category", "state", "movement", "from", "until", "due", "late", "overdue"}},
	"presences":    {"/v1/objects?kind=pres", []string{"ref", "version", "state", "from", "until", "due"}},
	"areas":        {"/v1/areas", []string{"ref", "version", "party", "state", "from", "to", "stale", "open_indications"}},
	"checks":       {"/v1/checks", []string{"ref", "at", "from", "to", "expires", "ended", "sentence"}},
	"stops":        {"/v1/stops", []string{"ref", "object", "state", "at", "raised", "step"}},
	"harms":        {"/v1/harms", []string{"ref", "object", "at", "reported", "goes_on", "stop", "first"}},
	"tasks":        {"/v1/corrections", []string{"ref", "object", "party", "state", "days_open", "late", "cause", "receipt_due", "answer_due"}},
	"arrangements": {"/v1/arrangements", []string{"ref", "version", "kind", "state", "imposed", "proposer", "agreed", "of", "from", "to", "missing"}},
	"offers":       {"/v1/offers", []string{"ref", "from", "to", "offer_kind", "state", "made", "deadline", "late", "text"}},
	"found":        {"/v1/found", []string{"ref", "category", "state", "occupancy", "asked", "noted", "due", "late", "party", "site"}},
	"deliveries":   {"/v1/deliveries", []string{"ref", "of", "owner", "planned_at", "at", "people", "consignee", "replaced_by"}},
	"outcomes":     {"/v1/outcomes", []string{"ref", "movement", "asked_of", "outcome", "delay", "reason", "at", "replaced_by"}},
	"incidents":    {"/v1/incidents", []string{"ref", "version", "sight", "kind", "state", "from", "to", "precision", "radius", "certainty", "sets", "published"}},
	"claims":       {"/v1/claims", []string{"ref", "type", "speaker", "party", "published", "about", "quotation"}},
	"evidence":     {"/v1/evidence", []string{"ref", "name", "about", "obtained", "obtained_at", "account"}},
	"seals":        {"/v1/seals", []string{"ref", "party", "at", "list_position", "opened"}},
	"screenings":   {"/v1/screenings", []string{"ref", "subject", "subject_kind", "as", "about", "waiting", "stale", "at"}},
	"editions":     {"/v1/list-editions", []string{"list", "published", "age_days", "entries", "hash", "by", "at"}},
	"prompts":      {"/v1/prompts", []string{"ref", "movement", "cause", "at", "due", "decision", "text"}},
	"members":      {"/v1/members", []string{"ref", "account", "roles", "echelon", "name", "on_duty", "revoked"}},
	"accounts":     {"/v1/accounts", []string{"ref", "kind", "name", "since", "suspended"}},
	"liaison":      {"/v1/liaison", []string{"kind", "from", "to", "means", "state", "at", "reached", "seconds", "words"}},
	"entries":      {"/v1/entries", []string{"name", "kind", "at", "due", "confirmed", "disowned"}},
	"counts":       {"/v1/counts", []string{"account", "objects", "listed", "no_answers", "checks", "refusals", "prompts"}},
}

type listCmd struct {
	What string `arg:"" enum:"sites,movements,presences,objects,areas,checks,stops,harms,tasks,arrangements,offers,found,deliveries,outcomes,incidents,claims,evidence,seals,screenings,editions,prompts,members,accounts,liaison,entries,counts" help:"sites, movements, presences, objects, areas, checks, stops, harms, tasks (of parties after harm), arrangements (lines, zones, corridors, pauses), offers, found (places that parties came upon), deliveries, outcomes, incidents, claims, evidence, seals (sealed areas), screenings, editions (of designation lists on record), prompts, members, accounts, liaison (contacts, lines, test calls), entries (what the desk entered for you) or counts (board)."`
	CSV  bool   `name:"csv" help:"As CSV with a header."`
}

func (c *listCmd) Run(a *app) error { return listings[c.What].print(a, c.CSV) }

// print prints a list as a table, as CSV, or one JSON object a line.
func (l listing) print(a *app, asCSV bool) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	var rows [][]string
	err = client.all(a.ctx, l.path, func(item json.RawMessage) error {
		if a.JSON {
			return a.printJSON(item)
		}
		var fields map[string]any
		if err := json.Unmarshal(item, &fields); err != nil {
			return err
		}
		row := make([]string, len(l.columns))
		for i, name := range l.columns {
			row[i] = cell(fields[name])
		}
		rows = append(rows, row)
		return nil
	})
	switch {
	case err != nil || a.JSON:
		return err
	case asCSV:
		return a.writeCSV(l.columns, rows)
	}
	a.table(l.columns, rows)
	return nil
}

// cell writes a JSON value in one cell.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return ""
	case []any:
		words := make([]string, len(v))
		for i, item := range v {
			words[i] = cell(item)
		}
		return strings.Join(words, ", ")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// table prints rows under a header, in columns.
func (a *app) table(header []string, rows [][]string) {
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, strings.ToUpper(strings.Join(header, "\t")))
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
}

// writeCSV prints rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
func (a *app) writeCSV(header []string, rows [][]string) error {
	w := csv.NewWriter(a.out)
	if err := w.Write(header); err != nil {
		return err
	}
	for _, row := range rows {
		row = slices.Clone(row)
		for i, v := range row {
			if v != "" && strings.ContainsRune("=@+-\t\r", rune(v[0])) {
				row[i] = "'" + v
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
