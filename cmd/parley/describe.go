package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley"
	"parley/geo/notation"
	"parley/release"
)

// row prints one line of a description, if there is something to say.
func (a *app) row(name string, value any) {
	if text := fmt.Sprint(value); text != "" && text != "0" && text != "false" {
		fmt.Fprintf(a.out, "  %-13s %s\n", name, text)
	}
}

// where writes a geometry for people: its middle in two notations, and how large it is.
func where(g release.Geometry) string {
	if g.Kind == "" {
		return ""
	}
	middle := g.Bounds().Center()
	e := notation.Echo(middle)
	text := fmt.Sprintf("%s  %s  (%s)", g.Kind, middle, e[1])
	if d := diagonal(g.Shape); d > 0 {
		text += fmt.Sprintf(", bounds with a diagonal of %d m", d)
	}
	return text
}

func span(from, until string) string {
	if from == "" {
		return ""
	}
	if until == "" {
		return from + ", open end"
	}
	return from + " to " + until
}

// describeVersion prints one version of an object.
func (a *app) describeVersion(o *release.Object) {
	fmt.Fprintf(a.out, "%s/v%d  %s %s (%s)\n", o.Ref, o.Version, o.Kind, o.Category, o.Precision)
	for _, n := range o.Names {
		a.row("name "+n.Language, n.Name)
	}
	if o.Legs == nil {
		a.row("place", where(o.Geometry))
	}
	for i, l := range o.Legs {
		a.row(fmt.Sprintf("leg %d", i+1), span(l.Depart, l.Arrive)+"  "+where(l.Route))
	}
	for _, s := range o.Stops {
		a.row(s.Phase, span(s.Arrive, s.Leave)+"  "+where(s.Place))
	}
	a.row("keep-out", metres(o.KeepOut))
	a.row("valid", span(o.From, o.Until))
	a.row("position by", o.Obtained)
	a.row("accuracy", metres(o.Accuracy))
	a.row("occupancy", o.Occupancy)
	a.row("markings", list(o.Markings))
	a.row("address", o.Address)
	a.row("contact", o.Contact)
	a.row("vehicles", o.Vehicles)
	a.row("persons", o.Persons)
	a.row("armed escort", o.Escort)
	a.row("plates", list(o.Plates))
	a.row("cargo", o.Cargo)
	if v := o.Verification; v != nil {
		apart := ""
		if v.Apart > 0 {
			apart = fmt.Sprintf(", %d m apart", v.Apart/1000)
		}
		a.row("verified", v.Method+" on "+v.On+apart)
	}
	if p := o.Private; p != nil {
		a.row("written as", p.Written)
		a.row("function", p.Function)
		a.row("operator", p.Operator)
		a.row("supporter", p.Supporter)
		a.row("signed off", list(p.SignedOff))
		a.row("admin", list(p.Admin))
		a.row("there since", p.Since)
		if c := p.CoLocation; c != nil {
			a.row("co-location", fmt.Sprintf("no military object within %d m, as known on %s", c.NoneWithin, c.KnownOn))
		}
		a.row("contact name", p.ContactName)
		a.row("sensitivity", p.Sensitivity)
		for _, c := range p.Consents {
			a.row("consent", fmt.Sprintf("%s %s %s", c.To, c.Precision, list(c.Fields)))
		}
		a.row("told by", p.OnBehalf)
	}
}

func metres(m int32) string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf("%d m", m)
}

func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, v := range items {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

// describeObject prints everything one may see of an object: its newest version, who has it, and what is asked.
func (a *app) describeObject(f *release.File) {
	if n := len(f.Versions); n > 0 {
		a.describeVersion(&f.Versions[n-1])
		if n > 1 {
			a.row("versions", fmt.Sprintf("%d; --json shows them all", n))
		}
	} else {
		fmt.Fprintf(a.out, "%s  %s\n", f.Ref, f.Kind)
	}
	a.row("owner", f.Owner)
	a.row("state", f.State)
	a.row("currency", f.Currency)
	a.row("confirmed", f.Confirmed)
	a.row("revalidate by", f.Due)
	a.row("movement", f.Movement)
	a.describeRoad(f.Road)
	a.row("findings", list(f.Doubts))
	a.row("perhaps same", list(f.Near))
	for _, h := range f.Holdings {
		a.row("held by", holding(h))
		for _, l := range h.Levels {
			a.row("", "  "+levelText(l))
		}
	}
	for _, q := range f.Queries {
		answer := q.Answer
		if answer == "" {
			answer = "no answer yet, due " + q.Due
		}
		a.row("question", fmt.Sprintf("%s by the %s about %s of %s: %s — %s", q.Ref, q.Asker, q.Field, q.Of, q.Question, answer))
	}
	for _, d := range f.Disputes {
		a.row("dispute", fmt.Sprintf("%s by %s of %s: %s %s", d.Ref, d.Party, d.Of, d.Reason, d.Words))
	}
	for _, p := range f.Prompts {
		a.row("asked", promptText(p))
	}
	for _, r := range f.Reads {
		a.row("read by", fmt.Sprintf("%s for %s at %s", r.Account, r.Purpose, r.At))
	}
	for _, c := range f.Commands {
		a.row(fmt.Sprintf("v%d command", c.Version), fmt.Sprintf("%s, position %d", c.Name, c.Position))
	}
	fmt.Fprintf(a.out, "  %s\n", f.Sentence)
}

// holding says in words how far one version has come with one party.
func holding(h release.Holding) string {
	words := []string{fmt.Sprintf("%s v%d: %s since %s, %s", h.Party, h.Version, h.State, h.Since, h.Precision)}
	say := func(is bool, format string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	say(h.Acknowledged != "", "acknowledged at %s (receipt, not agreement)", h.Acknowledged)
	say(h.Told != "", "told by %s, not signed", h.Told)
	say(h.Stale, "the acknowledgement is stale: there is a newer version")
	say(h.Due != "", "acknowledgement due %s", h.Due)
	say(h.NoAnswer > 0, "no answer by %d deadlines", h.NoAnswer)
	say(h.WrongReads > 0, "wrong read-backs: %d", h.WrongReads)
	say(h.Sendings > 1, "sent %d times", h.Sendings)
	say(h.OnRoad, "an update on the road")
	say(h.Emergency, "emergency release")
	say(h.NoSecond, "no second signature in time")
	say(h.Unverified, "not yet verified when sent")
	say(h.Recalled != "", "called back at %s", h.Recalled)
	say(h.Deleted != "", "deletion confirmed at %s", h.Deleted)
	return strings.Join(words, "; ")
}

func levelText(l release.Level) string {
	text := fmt.Sprintf("%s %s at %s", l.Echelon, l.Name, l.At)
	switch {
	case l.Position != nil:
		text += fmt.Sprintf(", holds the list at position %d", *l.Position)
	case l.NoList:
		text += ", holds no list"
	}
	if l.ApartMM > 0 {
		text += fmt.Sprintf(", holds a place %d m apart", l.ApartMM/1000)
	}
	if l.Stale {
		text += ", which is old"
	}
	return text
}

func promptText(p release.Prompt) string {
	answer := "answer by " + p.Due
	if p.Decision != "" {
		answer = fmt.Sprintf("decided: %s at %s", p.Decision, p.Answered)
		if p.Late {
			answer += ", after it was due"
		}
	}
	return fmt.Sprintf("%s %s — %s", p.Ref, p.Text, answer)
}

// describeIndications prints contrary indications.
func (a *app) describeIndications(is []release.Indication) {
	for _, i := range is {
		fmt.Fprintf(a.out, "  CONTRARY INDICATION  %s %s, keep-out %d m, %s\n", i.Object, i.Category, i.KeepOut, span(i.From, i.Until))
		a.row("", where(i.Geometry))
		verified := "not verified"
		if i.Verified != "" {
			verified = "verified on " + i.Verified
		}
		if i.Task != "" {
			a.row("", fmt.Sprintf("HARMED BEFORE: your task %s about it is open", i.Task))
		}
		a.row("", fmt.Sprintf("%s, %s; %s %s; liaison %s", verified, i.Currency, i.State, i.Reason, i.Liaison))
	}
}

// describeArea prints an area of operation.
func (a *app) describeArea(area *release.Area) {
	fmt.Fprintf(a.out, "%s/v%d  area of %s, %s\n", area.Ref, area.Version, area.Party, area.State)
	if area.Geometry != nil {
		a.row("place", where(*area.Geometry))
		a.row("buffer", metres(area.Buffer))
	}
	a.row("window", span(area.From, area.To))
	a.row("told to", list(area.Addressees))
	a.row("told by", area.Told)
	if area.Stale {
		missed := make([]string, len(area.Missed))
		for i, m := range area.Missed {
			missed[i] = m.String()
		}
		a.row("stale", "declared against an old list, which did not have "+strings.Join(missed, ", "))
	}
	if area.Unchecked {
		a.row("unchecked", "its window is near and no current check covers it")
	}
	a.describeIndications(area.Indications)
	a.row("open", area.Open)
	for _, r := range area.ReadBacks {
		what := "right"
		if !r.Right {
			what = "wrong: " + r.What
		}
		a.row("read back", fmt.Sprintf("v%d by %s at %s, %s", r.Version, r.Party, r.At, what))
	}
	for _, o := range area.Objections {
		back := ""
		if o.Ended != "" {
			back = ", taken back at " + o.Ended
		}
		a.row("objection", fmt.Sprintf("v%d by %s: %s %s%s", o.Version, o.Party, o.Reason, o.Words, back))
	}
	for _, d := range area.Disputes {
		text := fmt.Sprintf("v%d by %s at %s: %s", d.Version, d.Party, d.At, d.Words)
		if d.Place != nil {
			text += fmt.Sprintf("; told %s, %d m from the middle", where(*d.Place), d.ApartMM/1000)
		}
		if d.From != "" {
			text += "; told " + span(d.From, d.To)
		}
		a.row("dispute", text)
	}
	if len(area.Versions) > 1 {
		for _, v := range area.Versions {
			a.row(fmt.Sprintf("v%d", v.Version), fmt.Sprintf("declared at %s, position %d, command %s: %s, %s", v.At, v.Position, v.Command, where(v.Center), span(v.From, v.To)))
		}
	}
	for _, t := range area.ToldPlaces {
		differs := "agrees with the geometry"
		if t.Differs {
			differs = "DIFFERS from the geometry"
		}
		a.row("told", fmt.Sprintf("%q by %s: %d m apart, %s", t.Words, t.Party, t.ApartMM/1000, differs))
	}
	for _, o := range area.Overlaps {
		a.row("overlap", fmt.Sprintf("with %s, %s; read-back due %s", o.With, span(o.From, o.To), o.Due))
	}
}

// describeCheck prints the answer to a precaution check.
func (a *app) describeCheck(c *release.Check) {
	fmt.Fprintf(a.out, "%s  check at %s, list version %d of %d entries\n", c.Ref, c.At, c.Head.Position, c.Head.Count)
	a.row("place", where(c.Geometry))
	a.row("window", span(c.From, c.To))
	a.describeIndications(c.Indications)
	if c.More {
		a.row("", "there are more than are named here")
	}
	a.row("counts until", c.Expires)
	a.row("ended", c.Ended)
	fmt.Fprintf(a.out, "  %s\n", c.Sentence)
}

// describeStop prints an urgent stop with its ladder.
func (a *app) describeStop(s *release.Stop) {
	fmt.Fprintf(a.out, "%s  urgent stop %s, raised %d times, %d steps climbed\n", s.Ref, s.State, s.Raised, s.Step)
	a.row("object", s.Object)
	if s.Place != nil {
		a.row("place", where(*s.Place))
	}
	a.row("told", list(s.Parties))
	if len(s.Unpassed) > 0 {
		a.row("no word that a unit has it", list(s.Unpassed))
	}
	a.row("mark", s.Mark)
	for _, l := range s.Log {
		text := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", l.What, l.Account, l.Echelon, l.Effect)), " ")
		at := l.At
		if l.Spooled != "" {
			at = l.Spooled
			text += ", told before the journal had it"
			if l.At != l.Spooled {
				text += " at " + l.At
			}
		}
		if l.Lost {
			text += ", not recorded then"
		}
		if l.OffRota {
			text += ", by an officer who was not on duty"
		}
		if l.Calls > 0 {
			text += fmt.Sprintf(", calls %d", l.Calls)
			if len(l.Called) > 0 {
				text += ": " + list(l.Called)
			}
		}
		if l.Words != "" {
			text += fmt.Sprintf(" — %q", l.Words)
		}
		a.row(at, text)
	}
}

// describeFields prints a flat record, field by field.
func (a *app) describeFields(text json.RawMessage) error {
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	fmt.Fprintln(a.out, fields["ref"])
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != "ref" {
			a.row(name, cell(fields[name]))
		}
	}
	return nil
}

// noticeText says a notice in one line; more is added at its end.
func noticeText(n release.Notice, more string) string {
	of := string(n.Object)
	if n.Version > 0 {
		of = parley.Versioned{Ref: n.Object, Version: n.Version}.String()
	}
	words := []string{fmt.Sprintf("%6d  %s  %s", n.Number, n.At, n.Kind), of}
	if n.Other != "" {
		words = append(words, string(n.Other))
	}
	if n.Due != "" {
		words = append(words, "due "+n.Due)
	}
	if n.Count > 0 {
		words = append(words, fmt.Sprintf("%d of them", n.Count))
	}
	if n.Urgent {
		words = append(words, "URGENT")
	}
	return strings.TrimRight(strings.Join(append(words, more), "  "), " ")
}
