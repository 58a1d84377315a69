package main

import (
	"fmt"
	"strconv"
	"strings"

	"parley"
	"parley/release"
)

type incidentCmd struct {
	Record incidentRecordCmd `cmd:"" help:"Put an incident on record, from its sources. Nobody is asked who did it." example:"parley incident record object_harmed --from 2026-03-01T06:00:00Z --to 2026-03-01T07:00:00Z --at '35.95, 39.01' --precision street --killed 1-3 --source 'witness,A nurse,B2' --certainty probable --key monitor.key"`
	Update incidentUpdateCmd `cmd:"" help:"Give an incident a new version; its log of corrections says why." example:"parley incident update INC-7K3F-Q2/v1 object_harmed --reason correction --words 'The hour was wrong' --from 2026-03-01T05:00:00Z --to 2026-03-01T06:00:00Z --at '35.95, 39.01' --precision street --source 'witness,A nurse,B2' --certainty probable --key monitor.key"`
	Link   incidentLinkCmd   `cmd:"" help:"Desk: say which notified objects and reports of harm an incident concerns. Where nobody has reported the harm, this does: parties that held the object get their task." example:"parley incident link INC-7K3F-Q2 SITE-7K3F-Q2 --key verifier.key"`
	Match  incidentMatchCmd  `cmd:"" help:"Say whether two incidents are one. Nothing is merged." example:"parley incident match INC-7K3F-Q2 INC-9ZZZ-5N --same --words 'The same street and hour' --key monitor.key"`
	Close  incidentCloseCmd  `cmd:"" help:"End the work on an incident, or take it up again." example:"parley incident close INC-7K3F-Q2 'Both parties have answered' --key monitor.key"`
	Import incidentImportCmd `cmd:"" help:"Import an open set of incidents with its own precision. Entries that stand on record already are passed over; what may be one incident with another set's is proposed, never merged." example:"parley incident import ged_events.csv --dry-run --key verifier.key"`
}

type incidentFlags struct {
	Kind       string   `arg:"" enum:"object_harmed,people_harmed,access_impeded,other" help:"object_harmed, people_harmed, access_impeded or other."`
	From       *when    `required:"" placeholder:"TIME" help:"When it began."`
	To         *when    `placeholder:"TIME" help:"When it ended; the beginning if not said."`
	Uncertain  string   `placeholder:"DURATION" help:"Either end may be off by so much, such as 2h."`
	At         *place   `placeholder:"POSITION" help:"The middle of where it may have been; none with --precision unknown."`
	Precision  string   `required:"" enum:"exact,street,neighbourhood,village,district,region,country,unknown" help:"exact, street, neighbourhood, village, district, region, country or unknown."`
	Radius     int32    `placeholder:"METRES" help:"How far from there it may have been; by the precision if not said."`
	Admin      []string `placeholder:"NAME" help:"Administrative areas, the widest first."`
	PlaceName  string   `help:"The place in words."`
	Category   string   `help:"What was harmed: a category of protected objects, such as hospital."`
	Title      string   `help:"In a few words."`
	Narrative  string   `help:"What happened, as told."`
	Killed     string   `placeholder:"MIN-MAX" help:"People, as a range."`
	Injured    string   `placeholder:"MIN-MAX" help:"People, as a range."`
	Count      []string `sep:"none" placeholder:"WHAT,WHO,MIN-MAX" help:"Another count, such as 'killed,children,0-2'."`
	Damage     string   `help:"none, light, moderate, severe, destroyed or not_known."`
	Lost       []string `help:"Services lost: health, water, electricity, food, education, shelter, access or other."`
	Means      string   `help:"Means, as reported."`
	Object     []ref    `placeholder:"REF" help:"Notified objects that it concerns, if you may know them."`
	Harm       []ref    `placeholder:"HARM-…" help:"Reports of harm that it gathers."`
	Source     []string `required:"" sep:"none" placeholder:"KIND,NAME,GRADE" help:"A source with its grade, A-F and 1-6, such as 'witness,A nurse,B2'; again for another one."`
	Certainty  string   `required:"" enum:"confirmed,probable,possible,rumour" help:"confirmed, probable, possible or rumour."`
	Restricted bool     `help:"Never publish it."`
}

// incident reads the flags.
func (s *statement) incident(f *incidentFlags) (i parley.Incident, err error) {
	i = parley.Incident{IncidentKind: parley.IncidentKind(f.Kind), Title: s.text(f.Title), Narrative: s.text(f.Narrative), Place: s.placeOrNil("--at", f.At), Precision: parley.PlacePrecision(f.Precision), Radius: f.Radius,
		Admin: f.Admin, PlaceName: s.text(f.PlaceName), Category: parley.Category(f.Category), Damage: parley.DamageGrade(f.Damage), Lost: f.Lost, Means: s.text(f.Means), Objects: refs(f.Object), Harms: refs(f.Harm),
		Certainty: parley.Certainty(f.Certainty), Restricted: f.Restricted}
	if i.From, err = s.time(f.From); err != nil {
		return i, err
	}
	if i.To, err = s.timeOr(f.To, i.From); err != nil {
		return i, err
	}
	if f.Uncertain != "" {
		if i.Uncertain, err = duration(f.Uncertain); err != nil {
			return i, fmt.Errorf("--uncertain: %w", err)
		}
	}
	counts := f.Count
	for what, text := range map[string]string{"killed": f.Killed, "injured": f.Injured} {
		if text != "" {
			counts = append(counts, what+",,"+text)
		}
	}
	for _, text := range counts {
		t, err := tally(text)
		if err != nil {
			return i, err
		}
		i.Tallies = append(i.Tallies, t)
	}
	for _, text := range f.Source {
		src, err := s.source(text)
		if err != nil {
			return i, err
		}
		i.Sources = append(i.Sources, src)
	}
	return i, nil
}

// tally reads WHAT,WHO,MIN-MAX.
func tally(text string) (t parley.Tally, err error) {
	parts := strings.Split(text, ",")
	bad := parley.Invalid("--count", strconv.Quote(text), "what, who and a range, such as 'killed,children,0-2'")
	if len(parts) != 3 {
		return t, bad
	}
	low, high, isRange := strings.Cut(strings.TrimSpace(western(parts[2])), "-")
	if !isRange {
		high = low
	}
	a, errA := strconv.ParseInt(low, 10, 32)
	b, errB := strconv.ParseInt(high, 10, 32)
	if errA != nil || errB != nil {
		return t, bad
	}
	return parley.Tally{What: parley.TallyWhat(strings.TrimSpace(parts[0])), Who: parley.TallyWho(strings.TrimSpace(parts[1])), Min: int32(a), Max: int32(b)}, nil
}

// source reads KIND,NAME,GRADE.
func (s *statement) source(text string) (src parley.Source, err error) {
	first, last := strings.Index(text, ","), strings.LastIndex(text, ",")
	bad := parley.Invalid("--source", strconv.Quote(text), "a kind, a name and a grade of a letter A to F and a figure 1 to 6, such as 'witness,A nurse,B2'")
	if first < 0 || first == last {
		return src, bad
	}
	grade := strings.ToUpper(strings.TrimSpace(western(text[last+1:])))
	if len(grade) != 2 || grade[1] < '0' || grade[1] > '9' {
		return src, bad
	}
	return parley.Source{SourceKind: parley.SourceKind(strings.TrimSpace(text[:first])), Name: s.text(strings.TrimSpace(text[first+1 : last])), Reliability: parley.Reliability(grade[:1]), Credibility: parley.Credibility(grade[1] - '0')}, nil
}

type incidentRecordCmd struct{ incidentFlags }

func (c *incidentRecordCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	i, err := s.incident(&c.incidentFlags)
	if err != nil {
		return err
	}
	return s.say(&parley.IncidentRecord{Incident: i})
}

type incidentUpdateCmd struct {
	Of versioned `arg:"" help:"The version that stands, such as INC-7K3F-Q2/v1."`
	incidentFlags
	Reason string `required:"" enum:"more_known,correction,source_withdrawn,merged" help:"more_known, correction, source_withdrawn or merged."`
	Words  string `required:"" help:"What was wrong, or became known."`
}

func (c *incidentUpdateCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	i, err := s.incident(&c.incidentFlags)
	if err != nil {
		return err
	}
	return s.say(&parley.IncidentUpdate{Of: c.Of.Versioned, Incident: i, Reason: parley.IncidentChange(c.Reason), Words: s.text(c.Words)})
}

type incidentLinkCmd struct {
	Incident ref   `arg:"" help:"The incident."`
	Concerns []ref `arg:"" help:"Notified objects and reports of harm."`
}

func (c *incidentLinkCmd) Run(a *app) error {
	b := &parley.IncidentLink{Incident: c.Incident.Ref}
	for _, r := range refs(c.Concerns) {
		if r.Kind() == parley.RefHarm {
			b.Harms = append(b.Harms, r)
		} else {
			b.Objects = append(b.Objects, r)
		}
	}
	return a.just(b)
}

type incidentMatchCmd struct {
	Incident ref    `arg:"" help:"The one."`
	Other    ref    `arg:"" help:"The other."`
	Same     bool   `help:"They are one; without it, they are not."`
	Words    string `help:"Why."`
}

func (c *incidentMatchCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.IncidentMatch{Incident: c.Incident.Ref, Other: c.Other.Ref, Same: c.Same, Words: s.text(c.Words)})
}

type incidentCloseCmd struct {
	Incident ref    `arg:"" help:"The incident."`
	Words    string `arg:"" help:"Why."`
	Reopen   bool   `help:"Take it up again."`
}

func (c *incidentCloseCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.IncidentClose{Incident: c.Incident.Ref, Reopen: c.Reopen, Words: s.text(c.Words)})
}

// describeIncident prints an incident with what was said about it, side by side.
func (a *app) describeIncident(i *release.Incident) {
	fmt.Fprintf(a.out, "%s/v%d  %s  %s\n", i.Ref, i.Version, i.Kind, i.State)
	if i.Sight != "whole" {
		a.row("you see", i.Sight)
	}
	a.row("title", i.Title)
	a.row("when", span(i.From, i.To))
	a.row("day", i.Date)
	if i.Uncertain > 0 {
		a.row("", fmt.Sprintf("either end may be off by %s", hoursOf(i.Uncertain)))
	}
	if i.Place != nil {
		a.row("where", fmt.Sprintf("%s, %s, within %d m", where(*i.Place), i.Precision, i.Radius))
	}
	a.row("area", strings.Join(i.Admin, ", "))
	a.row("place", i.PlaceName)
	a.row("category", i.Category)
	for _, t := range i.Tallies {
		a.row(string(t.What), strings.TrimSpace(fmt.Sprintf("%d to %d %s", t.Min, t.Max, t.Who)))
	}
	for _, t := range i.Totals {
		if t.Fewer > 0 {
			a.row(string(t.What), fmt.Sprintf("fewer than %d", t.Fewer))
		} else {
			a.row(string(t.What), fmt.Sprintf("%d to %d", t.Min, t.Max))
		}
	}
	a.row("damage", i.Damage)
	a.row("lost", strings.Join(i.Lost, ", "))
	a.row("means", i.Means)
	a.row("narrative", i.Narrative)
	a.row("certainty", i.Certainty)
	for _, s := range i.Sources {
		a.row("source", strings.TrimSpace(fmt.Sprintf("%s%d  %s %s %s", s.Reliability, s.Credibility, s.Kind, s.Name, strings.TrimSpace(s.Set+" "+s.Entry))))
	}
	a.row("objects", list(i.Objects))
	a.row("harm", list(i.Harms))
	for _, c := range i.Corrections {
		a.row("task", fmt.Sprintf("%s of %s: %s", c.Ref, c.Party, c.State))
	}
	for _, c := range i.Changes {
		a.row(fmt.Sprintf("v%d", c.Version), fmt.Sprintf("%s at %s%s", c.Reason, c.At, quoted(c.Words)))
	}
	for _, m := range i.Matches {
		why := make([]string, len(m.Reasons))
		for n, r := range m.Reasons {
			why[n] = string(r)
		}
		a.row("may be", fmt.Sprintf("%s: %s (%s)%s", m.Other, m.Said, strings.Join(why, ", "), quoted(m.Words)))
	}
	for n := range i.Claims {
		a.describeClaim(&i.Claims[n])
	}
	a.assessments(i.Assessments)
	for _, r := range i.Responses {
		a.row("response", fmt.Sprintf("%s: asked %s, %d days open", r.Party, either(r.Asked, "never"), r.DaysOpen))
		for _, w := range r.Said {
			a.row("", fmt.Sprintf("%s at %s%s%s", w.Response, w.At, toldBy(w.Told), quoted(w.Words)))
		}
	}
	a.row("evidence", list(i.Evidence))
	a.row("published", i.Published)
	if i.Restricted {
		a.row("published", "never: it is restricted")
	}
	a.row("hold", i.Hold)
	a.row("closed", strings.TrimSpace(i.Closed+quoted(i.Closing)))
	fmt.Fprintf(a.out, "  %s\n", i.Sentence)
}

func hoursOf(ms int64) string {
	return strconv.FormatFloat(float64(ms)/float64(parley.Hour), 'g', 4, 64) + " h"
}

func (a *app) assessments(all []release.Assessment) {
	for _, g := range all {
		a.row("assessed", strings.TrimSpace(fmt.Sprintf("%s%d %s by %s at %s%s", g.Reliability, g.Credibility, g.Grade, g.By, g.At, quoted(g.Words))))
	}
}
