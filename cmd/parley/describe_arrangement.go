package main

import (
	"fmt"
	"strings"

	"parley"
	"parley/release"
)

// stated says how a state came about: nothing is endorsed, so each names whose word it is.
func stated(ar *release.Arrangement) string {
	by := "as its window says"
	for i := len(ar.Log) - 1; i >= 0; i-- {
		if ar.Log[i].State == ar.State {
			if ar.Log[i].Account != "" {
				by = "stated by " + string(ar.Log[i].Account)
			}
			break
		}
	}
	if ar.Imposed {
		by += "; imposed by " + string(ar.Proposer) + ": recorded, not endorsed"
	}
	return fmt.Sprintf("%s, %s", plain(ar.State), by)
}

// missingWords says what the plan of a corridor lacks.
var missingWords = map[string]string{
	"consent": "the word of a party that was asked", "pause": "a pause it rests on", "pause_open": "anybody's word that its pause is open", "movement": "a movement through it that you may know", "inspection": "rules of inspection",
	"capacity": "how many vehicles a day", "assembly_points": "assembly points", "accompanied": "who accompanies people", "voluntary": "that nobody is made to leave", "destination": "that people choose where to go",
	"remain": "that whoever stays may stay", "return": "that whoever leaves may come back", "family_unity": "that families stay together",
}

// plain writes a code as words.
func plain[T ~string](code T) string { return strings.ReplaceAll(string(code), "_", " ") }

// plainList writes codes as words, with commas.
func plainList[T ~string](codes []T) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = plain(c)
	}
	return strings.Join(words, ", ")
}

// shownFew bounds the lists of one description; --json holds all.
const shownFew = 20

// few returns the newest entries of a list that is in order of time, the oldest first, and how many are left out before them.
func few[T any](items []T) ([]T, int) {
	if len(items) <= shownFew {
		return items, 0
	}
	return items[len(items)-shownFew:], len(items) - shownFew
}

// more says how many entries are not printed.
func (a *app) more(name string, n int) {
	if n > 0 {
		a.row(name, fmt.Sprintf("and %d more, earlier; --json holds all", n))
	}
}

// fewRefs writes references with commas, at most a few, and how many more there are.
func fewRefs(refs []parley.Ref) string {
	if len(refs) <= shownFew {
		return list(refs)
	}
	return fmt.Sprintf("%s and %d more", list(refs[:shownFew]), len(refs)-shownFew)
}

// quoted writes words after what they are about.
func quoted(words string) string {
	if words == "" {
		return ""
	}
	return fmt.Sprintf(" — %q", words)
}

func toldBy(c parley.Channel) string {
	if c == "" {
		return ""
	}
	return fmt.Sprintf(", told by %s, not signed", c)
}

// describeArrangement prints a line, zone, corridor or pause.
func (a *app) describeArrangement(ar *release.Arrangement) {
	fmt.Fprintf(a.out, "%s/v%d  %s, %s\n", ar.Ref, ar.Version, ar.Kind, stated(ar))
	for _, n := range ar.Names {
		a.row("name "+n.Language, n.Name)
	}
	a.row("proposed by", strings.TrimPrefix(string(ar.Proposer)+toldBy(ar.Told), ", "))
	a.row("place", ar.Described.Words)
	a.row("window", span(ar.From, ar.To))
	a.row("words", ar.Text)
	if ar.Line != nil {
		a.row("said to be", fmt.Sprintf("%s, resting on %s", plain(ar.Line.Kind), map[parley.Basis]string{parley.BasisAgreement: "an agreement", parley.BasisUnilateral: "one side alone", parley.BasisCustomary: "a claim of custom"}[ar.Line.Basis]))
	}
	if ar.Published {
		a.row("published", "to organisations whose objects it touches")
	}
	a.row("for", plainList(ar.Users))
	a.row("agreed", fmt.Sprintf("by %d of %d that were asked", ar.Agreed, ar.Of))
	for _, c := range ar.Consents {
		text := plain(c.Status)
		if c.Version > 0 && c.At != "" {
			text += fmt.Sprintf(" about v%d at %s", c.Version, c.At)
		}
		a.row("  "+string(c.Party), text+toldBy(c.Told)+quoted(c.Words))
	}
	a.describeCorridor(ar)
	a.row("cuts", fewRefs(ar.Cuts))
	a.row("inside", fewRefs(ar.Inside))
	if ar.Uses > 0 {
		a.row("used", fmt.Sprintf("by %d movements that set out while it was stated open", ar.Uses))
	}
	a.describeCrossings(ar)
	a.describeWarnings(ar.Warnings)
	deliveries, left := few(ar.Deliveries)
	a.more("delivery", left)
	for _, d := range deliveries {
		a.row("delivery", fmt.Sprintf("%s: %s", d.Ref, itemsText(d.Items)))
	}
	log, left := few(ar.Log)
	a.more("log", left)
	for _, l := range log {
		who := "its window"
		if l.Account != "" {
			who = string(l.Account)
		}
		a.row(l.At, fmt.Sprintf("%s by %s%s%s", plain(l.State), who, toldBy(l.Told), quoted(l.Words)))
	}
	if len(ar.Versions) > 1 {
		versions, left := few(ar.Versions)
		a.more("versions", left)
		for _, v := range versions {
			a.row(fmt.Sprintf("v%d", v.Version), fmt.Sprintf("stated at %s, position %d, command %s: %s, %s", v.At, v.Position, v.Command, where(v.Geometry), span(v.From, v.To)))
		}
	}
	fmt.Fprintf(a.out, "  %s\n", ar.Sentence)
}

// describeCorridor prints the terms of a corridor and what its plan lacks.
func (a *app) describeCorridor(ar *release.Arrangement) {
	c := ar.Corridor
	if c == nil {
		return
	}
	a.row("direction", map[parley.Direction]string{parley.BothWays: "both ways", parley.Along: "from its first point to its last", parley.Against: "from its last point to its first"}[c.Direction])
	for _, h := range c.Hours {
		a.row("hours", fmt.Sprintf("%02d:%02d to %02d:%02d UTC", h.From/60, h.From%60, h.To/60, h.To%60))
	}
	at := func(p release.CorridorPoint) string {
		return fmt.Sprintf("%s at %s%s", plain(p.Kind), where(p.Place), quoted(p.Words))
	}
	for _, p := range c.Crossings {
		a.row("water", at(p))
	}
	for _, p := range c.Hazards {
		a.row("hazard", at(p))
	}
	a.row("guarantors", list(c.Guarantors))
	a.row("inspection", c.Inspection)
	if c.Capacity > 0 {
		a.row("capacity", fmt.Sprintf("%d vehicles a day", c.Capacity))
	}
	a.row("pause", strings.TrimSpace(string(c.Pause)+" "+plain(c.PauseState)))
	if e := c.Evacuation; e != nil {
		a.row("evacuation", fmt.Sprintf("voluntary %s, destination %s, remain %s, return %s, families together %s", e.Voluntary, e.Destination, e.Remain, e.Return, e.Family))
		a.row("accompanied", e.Accompanied)
		for _, p := range e.Points {
			a.row("assembly", fmt.Sprintf("room for %d people %s", p.Capacity, at(p)))
		}
	}
	for _, part := range ar.Missing {
		a.row("MISSING", missingWords[part])
	}
}

// describeCrossings prints what was said of crossings of a line or zone.
func (a *app) describeCrossings(ar *release.Arrangement) {
	notices, left := few(ar.Notices)
	a.more("notice", left)
	for _, n := range notices {
		late := ""
		if n.Late {
			late = ", noted after its time had begun"
		}
		a.row("notice", fmt.Sprintf("%s of v%d by %s %s, %s, at %s%s%s", n.Ref, n.Of.Version, n.From, n.Movement, span(n.Begins, n.Ends), where(n.Place), late, quoted(n.Words)))
		for _, w := range n.Answers {
			a.row("", fmt.Sprintf("%s: %s%s", w.Party, map[parley.CrossingReply]string{parley.CrossingNoted: "noted; this gives no leave", parley.CrossingAgreed: "agrees to the crossing", parley.CrossingObjection: "objects"}[w.Answer], quoted(w.Words)))
		}
	}
	events, left := few(ar.Events)
	a.more("crossed", left)
	for _, e := range events {
		who := "its own people"
		switch {
		case e.Observed != "":
			who = string(e.Observed) + ", as observed"
		case e.Movement != "":
			who = string(e.Movement)
		}
		announced := "WITHOUT NOTICE"
		if e.Notice != "" {
			announced = "announced by " + string(e.Notice)
		}
		a.row("crossed", fmt.Sprintf("%s of v%d at %s: %s, stated by %s; %s; %d warnings before%s", e.Ref, e.Of.Version, e.At, who, e.From, announced, len(e.Warnings), quoted(e.Words)))
		for _, w := range e.Asked {
			answer := "asked, no answer"
			if w.Answer != "" {
				answer = map[parley.PresenceReply]string{parley.PresenceOwn: "its own people", parley.PresenceNotOwn: "not its people", parley.PresenceUnknown: "not known"}[w.Answer]
			}
			a.row("", fmt.Sprintf("%s: %s", w.Party, answer))
		}
		if e.Contradiction {
			a.row("", "what was observed and what was answered do not agree: both stand")
		}
	}
}

// describeWarnings prints warnings in the order of their steps.
func (a *app) describeWarnings(warnings []release.Warning) {
	warnings, left := few(warnings)
	a.more("warning", left)
	for _, w := range warnings {
		text := fmt.Sprintf("%s, step %d, by %s", w.Ref, w.Step, w.From)
		if w.To != "" {
			text += " to " + string(w.To)
		}
		text += fmt.Sprintf(" at %s by %s%s", w.At, plain(w.Means), toldBy(w.Told))
		if w.Act != "" {
			text += ", time to act until " + w.Act
		}
		a.row("warning", text+quoted(w.Words))
	}
}

// describeOffer prints an offer with what became of it.
func (a *app) describeOffer(o *release.Offer) {
	late := ""
	if o.Late {
		late = ", late"
	}
	fmt.Fprintf(a.out, "%s  offer of %s from %s to %s: %s%s\n", o.Ref, plain(o.Kind), o.From, o.To, plain(o.State), late)
	a.row("words", o.Text)
	a.row("translation", o.Translation)
	a.row("translator", o.Translator)
	a.row("told by", o.Told)
	a.row("about", o.About)
	a.row("counters", o.Counter)
	a.row("made", o.Made)
	a.row("deadline", o.Deadline)
	if o.Answered != "" {
		a.row("answered", o.Answered+toldBy(o.AnswerTold)+quoted(o.Words))
	}
	if o.Outcome != "" {
		a.row("outcome", fmt.Sprintf("%s, stated by %s at %s%s", plain(o.State), o.OutcomeBy, o.Outcome, quoted(o.OutcomeText)))
	}
}

func itemsText(items []parley.Item) string {
	var words []string
	for _, i := range items {
		words = append(words, fmt.Sprintf("%s %d of %d %s, lost %d, diverted %d", plain(i.Item), i.Delivered, i.Planned, i.Unit, i.Lost, i.Diverted))
	}
	return strings.Join(words, "; ")
}
