package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/designation"
	"parley/internal/draft"
	"parley/release"
)

type screeningCmd struct {
	Record screeningRecordCmd `cmd:"" help:"Look names up in the lists at hand and put on record what was found: candidates for people to look at, or none." example:"parley screening record 'River Trading' --as supplier --about MOVE-7K3F-Q2 --key screener.key"`
	Again  screeningAgainCmd  `cmd:"" help:"Look names of screenings up again, in the newest editions." example:"parley screening again --key screener.key"`
	Decide screeningDecideCmd `cmd:"" help:"Say what two people find of one candidate, and why. It stops nothing." example:"parley screening decide SCR-7K3F-Q2 UN:QDe.137 set-aside other_body 'founded in 1960, a mill' --key s1.key --second s2.key"`
	Appeal screeningAppealCmd `cmd:"" help:"Contest what was found of a candidate: two others decide anew." example:"parley screening appeal SCR-7K3F-Q2 UN:QDe.137 'we are a mill' --key screener.key"`
	Note   screeningNoteCmd   `cmd:"" help:"Add to a screening: the ground on which humanitarian work goes on, or words." example:"parley screening note SCR-7K3F-Q2 'food for the town' --carve-out unscr_2664 --key screener.key"`
}

type screeningRecordCmd struct {
	screenCmd
	As    string `default:"supplier" enum:"supplier,consignee,carrier,donor,staff,bank_account,account,other" help:"supplier, consignee, carrier, donor, staff, bank_account, account or other."`
	About *ref   `placeholder:"REF" help:"The movement that it supplies, or the account that asks to be admitted."`
	Words string `help:"What it is about."`
}

// Run looks every name up first. Then it sends what was found, with the editions if they are not on record yet.
func (c *screeningRecordCmd) Run(a *app) error {
	if (len(c.Name) == 0) == (c.Batch == "") {
		return usage("read %d names and the file %q; expected a name, or --batch FILE", len(c.Name), c.Batch)
	}
	look, err := c.screener()
	if err != nil {
		return err
	}
	var queries []designation.Query
	for _, name := range c.Name {
		q, err := c.query(name)
		if err != nil {
			return err
		}
		queries = append(queries, q)
	}
	if c.Batch != "" {
		rows, err := c.rows(a)
		if err != nil {
			return err
		}
		for _, r := range rows {
			queries = append(queries, r.query)
		}
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	editions, err := s.editions(look)
	if err != nil {
		return err
	}
	var bodies []func(*draft.Draft) parley.Body
	var answers []designation.Answer
	for _, q := range queries {
		answer := look.Screen(q, min(c.Limit, parley.MostCandidates))
		answers = append(answers, answer)
		bodies = append(bodies, func(d *draft.Draft) parley.Body {
			b := &parley.ScreeningOpen{Subject: d.Text(q.Name), SubjectKind: subjectKind(q.Kind), As: parley.ScreenedAs(c.As), Editions: editions, Candidates: candidatesOf(&answer), Words: d.Text(c.Words)}
			if c.About != nil {
				b.About = c.About.Ref
			}
			return b
		})
	}
	for n := 0; n < len(bodies); n += importBatch {
		results, err := s.sendMany(bodies[n:min(n+importBatch, len(bodies))])
		if err != nil {
			return err
		}
		for i, r := range results {
			answer := &answers[n+i]
			if r.Problem != nil {
				return fmt.Errorf("%s; what stands before it is on record: %w", answer.Query, r.Problem)
			}
			if a.JSON {
				if err := a.printJSON(struct {
					Ref parley.Ref `json:"ref"`
					*designation.Answer
				}{r.Ref, answer}); err != nil {
					return err
				}
				continue
			}
			var found []string
			for _, x := range candidatesOf(answer) {
				found = append(found, x.Entry)
			}
			fmt.Fprintf(a.out, "%s  %s: %s %s\n", r.Ref, answer.Query, answer.State, strings.Join(found, ", "))
		}
	}
	return nil
}

func subjectKind(k designation.Kind) parley.SubjectKind {
	switch k {
	case designation.Person:
		return "person"
	case designation.Vessel:
		return "vessel"
	case designation.Unknown, designation.Aircraft:
		return "other"
	}
	return "organisation"
}

// candidatesOf takes those that have to be looked at.
func candidatesOf(a *designation.Answer) []parley.ScreenedEntry {
	var out []parley.ScreenedEntry
	for _, f := range a.Candidates {
		if f.Level == designation.Alert {
			out = append(out, parley.ScreenedEntry{Entry: string(f.ID), Score: int32(math.Round(f.Score * 1000))})
		}
	}
	return out
}

// editions returns the hashes of the editions that were looked through, and puts those on record that are not yet.
func (s *statement) editions(look *designation.Screener) ([]parley.Hash, error) {
	var known []parley.Hash
	if err := s.client.all(s.ctx, "/v1/list-editions", func(item json.RawMessage) error {
		var e release.ListEdition
		err := json.Unmarshal(item, &e)
		known = append(known, e.Hash)
		return err
	}); err != nil {
		return nil, err
	}
	var hashes []parley.Hash
	var fresh []func(*draft.Draft) parley.Body
	for _, u := range look.Used() {
		var h parley.Hash
		if _, err := hex.Decode(h[:], []byte(u.Hash)); err != nil {
			return nil, err
		}
		hashes = append(hashes, h)
		if slices.Contains(known, h) {
			continue
		}
		published, err := time.Parse(time.DateOnly, string(u.Date))
		if err != nil {
			return nil, fmt.Errorf("the edition of %s has the date %s; expected a day", u.List, u.Date)
		}
		fresh = append(fresh, func(*draft.Draft) parley.Body {
			return &parley.ListLoad{List: u.List, Published: published.UnixMilli(), Hash: h, Entries: int32(u.Count)}
		})
	}
	results, err := s.sendMany(fresh)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		if r.Problem != nil {
			return nil, r.Problem
		}
	}
	return hashes, nil
}

type screeningAgainCmd struct {
	listsFlags
	Screening []ref `arg:"" optional:"" help:"Screenings; without any, all of which a newer edition is at hand."`
	Limit     int   `default:"10" help:"At most so many candidates for a name."`
}

// Run looks up what is due. What people have decided stands; an entry that is new waits for them.
func (c *screeningAgainCmd) Run(a *app) error {
	look, err := (&screenCmd{listsFlags: c.listsFlags}).screener()
	if err != nil {
		return err
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	editions, err := s.editions(look)
	if err != nil {
		return err
	}
	var due []release.Screening
	if err := s.client.all(s.ctx, "/v1/screenings", func(item json.RawMessage) error {
		var x release.Screening
		if err := json.Unmarshal(item, &x); err != nil {
			return err
		}
		if slices.ContainsFunc(c.Screening, func(r ref) bool { return r.Ref == x.Ref }) || len(c.Screening) == 0 && len(x.Stale) > 0 {
			due = append(due, x)
		}
		return nil
	}); err != nil {
		return err
	}
	var bodies []func(*draft.Draft) parley.Body
	for _, x := range due {
		kind := designation.Unknown
		for _, k := range []designation.Kind{designation.Person, designation.Body, designation.Vessel} {
			if subjectKind(k) == x.SubjectKind {
				kind = k
			}
		}
		answer := look.Screen(designation.Query{Name: x.Subject, Kind: kind}, min(max(c.Limit, 1), parley.MostCandidates))
		bodies = append(bodies, func(*draft.Draft) parley.Body {
			return &parley.ScreeningRepeat{Screening: x.Ref, Editions: editions, Candidates: candidatesOf(&answer)}
		})
	}
	for n := 0; n < len(bodies); n += importBatch {
		results, err := s.sendMany(bodies[n:min(n+importBatch, len(bodies))])
		if err != nil {
			return err
		}
		for i, r := range results {
			if r.Problem != nil {
				return fmt.Errorf("%s: %w", due[n+i].Ref, r.Problem)
			}
		}
	}
	if a.JSON {
		return a.printJSON(struct {
			Again int `json:"again"`
		}{len(due)})
	}
	fmt.Fprintf(a.out, "%d screenings looked up again\n", len(due))
	return nil
}

type screeningDecideCmd struct {
	Screening ref    `arg:"" help:"The screening, as SCR-7K3F-Q2."`
	Entry     string `arg:"" help:"The candidate, as UN:QDe.137."`
	Finding   string `arg:"" enum:"confirm,set-aside" help:"confirm or set-aside."`
	Reason    string `arg:"" help:"To confirm: same_identifiers, same_details, own_statement, authority_says_so. To set aside: other_person, other_body, other_dates, other_place, other_identifiers, common_name, entry_delisted, not_enough_to_tell."`
	Words     string `arg:"" help:"Why, in words."`
	second
}

// Run says it with two signatures.
func (c *screeningDecideCmd) Run(a *app) error {
	return a.bySecond(c.second, func(s *statement) parley.Body {
		return &parley.ScreeningDecide{Screening: c.Screening.Ref, Entry: c.Entry, Confirmed: c.Finding == "confirm", Reason: parley.ScreeningReason(c.Reason), Words: s.text(c.Words)}
	})
}

type screeningAppealCmd struct {
	Screening ref    `arg:"" help:"The screening."`
	Entry     string `arg:"" help:"The candidate."`
	Words     string `arg:"" help:"What is said against it."`
	From      string `enum:"subject,member,partner,other" default:"subject" help:"Who says it: subject, member, partner or other."`
}

// Run contests.
func (c *screeningAppealCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.ScreeningAppeal{Screening: c.Screening.Ref, Entry: c.Entry, From: parley.AppealFrom(c.From), Words: s.text(c.Words)})
}

type screeningNoteCmd struct {
	Screening ref    `arg:"" help:"The screening."`
	Words     string `arg:"" help:"The note."`
	CarveOut  string `enum:",unscr_2664,unscr_2761,licence,other" default:"" help:"The ground: unscr_2664, unscr_2761, licence or other."`
}

// Run notes.
func (c *screeningNoteCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.ScreeningNote{Screening: c.Screening.Ref, CarveOut: parley.CarveOut(c.CarveOut), Words: s.text(c.Words)})
}

func (a *app) describeScreening(x *release.Screening) {
	fmt.Fprintf(a.out, "%s  %s (%s), screened as %s\n", x.Ref, x.Subject, x.SubjectKind, x.As)
	a.row("about", string(x.About))
	a.row("words", x.Words)
	if len(x.Stale) > 0 {
		a.row("newer edition", strings.Join(x.Stale, ", ")+": to be looked up again")
	}
	for _, l := range x.Looks {
		var of []string
		for _, e := range l.Editions {
			day, _, _ := strings.Cut(e.Published, "T")
			of = append(of, fmt.Sprintf("%s of %s, now %d days old", e.List, day, e.Age))
		}
		a.row("looked up", fmt.Sprintf("%s by %s in %s: %d candidates", l.At, l.By, strings.Join(of, "; "), l.Found))
	}
	for _, c := range x.Candidates {
		gone := ""
		if c.Gone {
			gone = "; the newest look did not find it any more"
		}
		a.row("candidate", fmt.Sprintf("%s %.3f: %s%s", c.Entry, float64(c.Score)/1000, c.State, gone))
		for _, s := range c.Steps {
			why := string(s.Reason)
			if s.To == parley.CandidateContested {
				why = "by " + string(s.From)
			}
			a.row("", fmt.Sprintf("%s %s %s by %v%s", s.At, s.To, why, s.By, quoted(s.Words)))
		}
	}
	for _, n := range x.Notes {
		a.row("note", strings.TrimSpace(fmt.Sprintf("%s %s%s, by %s at %s", n.CarveOut, n.Words, "", n.By, n.At)))
	}
	a.row("", x.Sentence)
}
