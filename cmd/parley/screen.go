package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"parley"
	"parley/designation"
)

type screenCmd struct {
	listsFlags
	Name      []string `arg:"" optional:"" help:"A name, in any script."`
	Batch     string   `placeholder:"FILE" help:"Names from a CSV file: a column name (or the first), and if there are any kind, born, country, imo, passport. - for standard input."`
	Kind      string   `placeholder:"KIND" help:"person, organisation, vessel or aircraft, if it is known."`
	Born      string   `placeholder:"DAY" help:"Date or year of birth."`
	Country   []string `placeholder:"NAME" help:"A country of nationality, seat or flag."`
	IMO       string   `name:"imo" placeholder:"NUMBER" help:"A ship's IMO number."`
	Passport  string   `placeholder:"NUMBER" help:"A passport's number."`
	On        string   `placeholder:"DAY" help:"By the lists of that day; without it today's."`
	Limit     int      `default:"10" help:"At most so many candidates for a name."`
	All       bool     `help:"Show candidates too that score too low to need a look."`
	Ownership string   `placeholder:"FILE" help:"Owners from a CSV file: owner, asset, percent, control, from, until, source. They are looked up too."`
	Rule      string   `default:"ofac" enum:"ofac,eu,uk" help:"How ownership is counted: ofac (50 % or more, added), eu (the same, or control), uk (more than 50 %, not added, or control)."`
}

// Run looks names up in the lists at hand. No server is asked, and nothing is put on record.
func (c *screenCmd) Run(a *app) error {
	if (len(c.Name) == 0) == (c.Batch == "") {
		return usage("read %d names and the file %q; expected a name, or --batch FILE", len(c.Name), c.Batch)
	}
	if c.Limit < 1 || c.Limit > 1000 {
		return usage("--limit: read %d; expected 1 to 1000", c.Limit)
	}
	s, err := c.screener()
	if err != nil {
		return err
	}
	if c.Batch != "" {
		return c.batch(a, s)
	}
	for _, name := range c.Name {
		q, err := c.query(name)
		if err != nil {
			return err
		}
		answer := s.Screen(q, c.Limit)
		if c.Ownership != "" {
			if answer.Owned, err = c.owned(s, name); err != nil {
				return err
			}
		}
		if a.JSON {
			if err := a.printJSON(answer); err != nil {
				return err
			}
			continue
		}
		c.print(a.out, &answer)
	}
	return nil
}

func (c *screenCmd) screener() (*designation.Screener, error) {
	on, err := listDay(c.On)
	if err != nil {
		return nil, err
	}
	editions, asserted, err := c.atHand()
	if err != nil {
		return nil, err
	}
	s := designation.NewScreener(editions, asserted, on)
	if len(s.Used()) == 0 {
		return nil, usage("--on: read %s; expected a day on or after the oldest edition at hand (parley lists show)", on)
	}
	return s, nil
}

var kindWords = map[string]designation.Kind{"": designation.Unknown, "person": designation.Person, "individual": designation.Person, "organisation": designation.Body, "organization": designation.Body,
	"entity": designation.Body, "company": designation.Body, "business": designation.Body, "vessel": designation.Vessel, "ship": designation.Vessel, "aircraft": designation.Aircraft}

// query makes a query of the flags.
func (c *screenCmd) query(name string) (designation.Query, error) {
	return queryOf(name, c.Kind, c.Born, c.Country, c.IMO, c.Passport)
}

func queryOf(name, kind, born string, countries []string, imo, passport string) (designation.Query, error) {
	q := designation.Query{Name: strings.TrimSpace(name), Countries: countries}
	if q.Name == "" {
		return q, usage("name: read nothing; expected a name")
	}
	if len(q.Name) > 1000 {
		return q, usage("name: read %d bytes; expected at most 1,000", len(q.Name))
	}
	k, ok := kindWords[strings.ToLower(strings.TrimSpace(kind))]
	if !ok {
		return q, usage("kind: read %q; expected person, organisation, vessel or aircraft", kind)
	}
	q.Kind = k
	if born = strings.TrimSpace(born); born != "" {
		day, err := designation.ParseDay(born)
		if err != nil {
			return q, usage("born: %v", err)
		}
		q.Born = day
	}
	if imo = strings.TrimSpace(imo); imo != "" {
		q.Identifiers = append(q.Identifiers, designation.Identifier{Scheme: "IMO", Value: strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(imo), "IMO"))})
	}
	if passport = strings.TrimSpace(passport); passport != "" {
		q.Identifiers = append(q.Identifiers, designation.Identifier{Scheme: "passport", Value: passport})
	}
	return q, nil
}

func (c *screenCmd) print(out io.Writer, a *designation.Answer) {
	fmt.Fprintf(out, "%s: %s\n", a.Query, a.State)
	lesser := 0
	for i := range a.Candidates {
		f := &a.Candidates[i]
		if f.Level != designation.Alert && !c.All {
			lesser++
			continue
		}
		fmt.Fprintf(out, "\n  %.3f  %s  %s\n", f.Score, f.ID, f.Listed)
		if f.Name != f.Listed {
			fmt.Fprintf(out, "         by its name %s (%s%s)\n", f.Name, f.Quality, nameDays(f))
		}
		fmt.Fprintf(out, "         %s", f.State)
		if f.Since != "" {
			fmt.Fprintf(out, ", since %s", f.Since)
		}
		if f.Until != "" {
			fmt.Fprintf(out, ", until %s", f.Until)
		}
		fmt.Fprintf(out, "; %s; %s\n", f.Kind, strings.Join(f.Programmes, ", "))
		fmt.Fprintf(out, "         why: %s\n", f.Why)
		for _, l := range f.Lineage {
			fmt.Fprintf(out, "         lineage: %s\n", l)
		}
		for _, k := range f.CarveOut {
			fmt.Fprintf(out, "         look at: %s\n", designation.CarveOutTexts[k])
		}
	}
	if lesser > 0 {
		fmt.Fprintf(out, "\n  %d more score too low to need a look (--all shows them)\n", lesser)
	}
	if o := a.Owned; o != nil {
		met := "not reached"
		if o.Met {
			met = "reached"
		}
		fmt.Fprintf(out, "\n  Ownership, if the owners are the ones listed: %s The count of the rule %s is %s.\n", o.Sentence, o.Rule.Name, met)
	}
	fmt.Fprintln(out)
	for _, u := range a.Lists {
		old := ""
		if u.Old {
			old = ": OLD, take in a newer one"
		}
		fmt.Fprintf(out, "  %s of %s, %d days old%s\n", u.List, u.Date, u.Age, old)
	}
	fmt.Fprintf(out, "  %s\n", a.Sentence)
}

func nameDays(f *designation.Found) string {
	switch {
	case f.NameFrom != "" && f.NameTo != "":
		return fmt.Sprintf(", borne %s to %s", f.NameFrom, f.NameTo)
	case f.NameFrom != "":
		return ", borne from " + string(f.NameFrom)
	case f.NameTo != "":
		return ", borne until " + string(f.NameTo)
	}
	return ""
}

// row is one line of a batch.
type screenRow struct {
	line  int
	id    string
	query designation.Query
}

// line of the answer to a batch: what was asked, where it stood in the file, and what was found.
type screenLine struct {
	Line int    `json:"line"`
	Key  string `json:"key,omitempty"` // the file's own column id
	*designation.Answer
	Lists []designation.Used `json:"lists,omitempty"` // in the first line alone
}

// batch reads the whole file first: a line that does not hold ends the run before anything is printed.
func (c *screenCmd) batch(a *app, s *designation.Screener) error {
	rows, err := c.rows(a)
	if err != nil {
		return err
	}
	const block = 256 // lines that are worked on at once
	answers := make([]designation.Answer, block)
	for from := 0; from < len(rows); from += block {
		some := rows[from:min(from+block, len(rows))]
		var wait sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for w := range workers {
			wait.Go(func() {
				for i := w; i < len(some); i += workers {
					answers[i] = s.Screen(some[i].query, c.Limit)
				}
			})
		}
		wait.Wait()
		for i := range some {
			answer := &answers[i]
			if a.JSON {
				l := screenLine{Line: some[i].line, Key: some[i].id, Answer: answer}
				if from+i == 0 {
					l.Lists = answer.Lists
				}
				if err := a.printJSON(l); err != nil {
					return err
				}
				continue
			}
			best := ""
			for _, f := range answer.Candidates {
				if f.Level == designation.Alert {
					best += fmt.Sprintf("  %s %.3f %s;", f.ID, f.Score, f.Name)
				}
			}
			fmt.Fprintf(a.out, "%d\t%s\t%s\t%s\n", some[i].line, answer.Query, answer.State, strings.Trim(best, " ;"))
		}
	}
	return nil
}

const mostBatch = 64 << 20

// columnsOf finds the columns of a batch by their heads. Without a head that says name or query, the first line is a name already.
func columnsOf(head []string) (at map[string]int, headed bool) {
	at = map[string]int{}
	synonyms := map[string]string{"name": "name", "query": "name", "subject": "name", "supplier": "name", "consignee": "name", "full_name": "name", "kind": "kind", "type": "kind", "born": "born", "birth_date": "born", "dob": "born",
		"country": "country", "nationality": "country", "imo": "imo", "passport": "passport", "id": "id", "key": "id"}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if col, ok := synonyms[strings.ReplaceAll(h, " ", "_")]; ok {
			if _, twice := at[col]; !twice {
				at[col] = i
			}
		}
	}
	if _, ok := at["name"]; ok {
		return at, true
	}
	return map[string]int{"name": 0}, false
}

func (c *screenCmd) rows(a *app) ([]screenRow, error) {
	text, err := readBatch(a, c.Batch)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	} else if bytes.Count(first, []byte("\t")) > bytes.Count(first, []byte(",")) {
		r.Comma = '\t'
	}
	var at map[string]int
	var rows []screenRow
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, batchFault(c.Batch, 0, err.Error(), "CSV")
		}
		line, _ := r.FieldPos(0)
		if at == nil {
			var headed bool
			if at, headed = columnsOf(record); headed {
				continue
			}
		}
		field := func(name string) string {
			if i, ok := at[name]; ok && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		name := strings.TrimPrefix(field("name"), "\ufeff")
		if name == "" {
			if strings.TrimSpace(strings.Join(record, "")) == "" {
				continue
			}
			return nil, batchFault(c.Batch, line, "no name", "a name in every line")
		}
		var countries []string
		if v := field("country"); v != "" {
			countries = []string{v}
		}
		kind := field("kind")
		if _, known := kindWords[strings.ToLower(kind)]; !known {
			kind = "" // a column type may be the file's own
		}
		q, err := queryOf(name, kind, field("born"), countries, field("imo"), field("passport"))
		if err != nil {
			return nil, batchFault(c.Batch, line, err.Error(), "a line that can be looked up")
		}
		rows = append(rows, screenRow{line, field("id"), q})
	}
	if len(rows) == 0 {
		return nil, batchFault(c.Batch, 0, "no names", "a CSV file with a column name")
	}
	return rows, nil
}

func batchFault(file string, line int, read, expected string) error {
	if line > 0 {
		file = fmt.Sprintf("%s line %d", file, line)
	}
	return listFault(parley.Invalid(file, read, expected), "The file is not screened.")
}

func readBatch(a *app, name string) ([]byte, error) {
	in := a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, mostBatch+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mostBatch {
		return nil, batchFault(name, 0, "more than 64 MiB", "at most 64 MiB")
	}
	if strings.ToValidUTF8(string(text), "") != string(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, batchFault(name, 0, "bytes that are no UTF-8", "text in UTF-8")
	}
	return text, nil
}

// owned looks the owners up and counts their parts, as if each candidate were the one listed.
func (c *screenCmd) owned(s *designation.Screener, asset string) (*designation.Owned, error) {
	f, err := os.Open(c.Ownership)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	rows, err := r.ReadAll()
	if err != nil {
		return nil, batchFault(c.Ownership, 0, err.Error(), "CSV with owner, asset, percent, control, from, until, source")
	}
	if len(rows) < 2 {
		return nil, batchFault(c.Ownership, 0, "no holdings", "a head line and a line for each holding")
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[strings.ToLower(strings.TrimSpace(h))] = i
	}
	for _, need := range []string{"owner", "asset"} {
		if _, ok := at[need]; !ok {
			return nil, batchFault(c.Ownership, 1, strings.Join(rows[0], ","), "the columns owner and asset, and any of percent, control, from, until, source")
		}
	}
	var holdings []designation.Stake
	for n, row := range rows[1:] {
		field := func(name string) string {
			if i, ok := at[name]; ok {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		h := designation.Stake{Owner: field("owner"), Asset: field("asset"), Control: field("control"), From: designation.Day(field("from")), Until: designation.Day(field("until")), Source: field("source")}
		for _, d := range []designation.Day{h.From, h.Until} {
			if d == "" {
				continue
			}
			if _, err := designation.ParseDay(string(d)); err != nil {
				return nil, batchFault(c.Ownership, n+2, string(d), "a date as 2006-01-02")
			}
		}
		if p := field("percent"); p != "" {
			v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(p, "%")), 64)
			if err != nil || !(v >= 0 && v <= 100) {
				return nil, batchFault(c.Ownership, n+2, p, "a percentage from 0 to 100")
			}
			h.Share = designation.Share(math.Round(v * 100))
		}
		if h.Share == 0 && h.Control == "" {
			h.Control = "part not known"
		}
		holdings = append(holdings, h)
	}
	rule, _ := designation.RuleNamed(c.Rule)
	on, err := listDay(c.On)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	listed := func(owner string) bool {
		if _, ok := known[owner]; !ok {
			known[owner] = s.Screen(designation.Query{Name: owner}, 1).State == designation.ToReview
		}
		return known[owner]
	}
	o := designation.NewOwnership(holdings).Owners(asset, on, rule, listed)
	return &o, nil
}
