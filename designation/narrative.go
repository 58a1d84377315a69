package designation

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The narratives of the United Nations' list say in plain sentences what became of a body. What is read here is only what a sentence states; each edge
// keeps the sentence.

const (
	day   = `((?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|January|February|March|April|June|July|August|September|October|November|December)\.? (?:\d{1,2}, )?\d{4}|\d{4})`
	named = `(?:the )?([^();,]{3,110}?)`
	ref   = `(?: \(([A-Z][A-Za-z]{1,2}[a-z]?\.?\d{3})\))?`
	short = `(?: \(([A-Z][A-Za-z/ -]{1,20})\))?`
)

var (
	changedName  = regexp.MustCompile(`(?:changed (?:its|their) name to|renamed (?:itself|themselves|as)?) ?` + named + short + ref + `(?: and |,|;|\.|$| in | on | as )`)
	newNameFor   = regexp.MustCompile(`is the new name (?:for|of) ` + named + ref + `(?:,|\.|;|$)`)
	formerName   = regexp.MustCompile(`\((?:formerly|previously) known as ([^()]{3,80})\)`)
	listedBefore = regexp.MustCompile(`[Pp]reviously listed between ` + day + ` and ` + day + ` as an? (?:aka|alias|a\.k\.a\.) of ` + named + ref + `(?:\.|;|,|$)`)
	created      = regexp.MustCompile(`created ` + named + short + ref + ` as a (?:vehicle|front)`)
	mergedInto   = regexp.MustCompile(`merged with ` + named + short + ref + `(?: (?:in|on) ` + day + `)?(?: (?:and established|to form|and formed|forming) ` + named + short + ref + `)?(?:\.|,|;|$)`)
	mergerOf     = regexp.MustCompile(`(?:as (?:a |the )?result of a|by a|through (?:a|the)) merger (?:between|of) ` + named + short + ref + ` and ` + named + short + ref + `(?:\.|,|;|$)`)
	splitFrom    = regexp.MustCompile(`(?:split from|splintered from|broke away from|separated from) ` + named + short + ref + `(?: in ` + day + `| on ` + day + `| and |\.|,|;|$)`)
	splinterOf   = regexp.MustCompile(`(?:[Ss]plinter (?:group|faction)|[Bb]reakaway (?:group|faction)|offshoot) of ` + named + short + ref + `(?:\.|,|;|$)`)
	consolidated = regexp.MustCompile(`[Tt]he two entries (.{3,100}?)` + ref + ` and (.{3,100}?)` + ref + ` were consolidated into this entity on ` + day)
	wingOf       = regexp.MustCompile(`(?:wing|branch|arm|sub-unit|unit) of ` + named + short + ref + `(?:\.|,|;|$)`)
	aliasUsedBy  = regexp.MustCompile(`[Uu]sed as an alias by ` + named + short + ref + `(?: to |\.|,|;|$)`)
	sentenceDay  = regexp.MustCompile(`(?:^|[ ,])(?:[Ii]n|[Oo]n|[Ss]ince|[Aa]s of) ` + day)
	abbreviated  = regexp.MustCompile(`\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|No|no|Mr|Dr|St|Gen|Col|Lt|a\.k\.a|f\.k\.a|i\.e|e\.g|Co|Ltd|Inc)$`)
)

// ReadNarrative returns what the narrative of an entry says of its lineage, and its sub-units. Edition says where it stands: "edition of 2026-02-27".
func ReadNarrative(e *Entry, edition string) []Edge {
	var out []Edge
	self := Node{Entry: e.ID, Name: e.Name()}
	list := e.ID.List()
	node := func(name, short, ref string) Node {
		n := Node{Name: cleanName(name)}
		if ref != "" {
			n.Entry = ID(list + ":" + dotted(ref))
		}
		for i := range e.Names {
			if n.Entry == "" && SameName(e.Names[i].Text, n.Name) {
				n.Entry = e.ID // another name of the entry itself
			}
		}
		return n
	}
	for _, s := range sentences(e.Narrative) {
		add := func(turn Turn, from, to Node, on, until Day) {
			if from == to || turn != Delisted && (from.Name == "" && from.Entry == "" || to.Name == "" && to.Entry == "") {
				return
			}
			out = append(out, Edge{Turn: turn, From: from, To: to, On: on, Until: until, By: list, Text: s, At: fmt.Sprintf("%s narrative, %s", e.ID, edition)})
		}
		// dated returns the day that a sentence gives before what is said in it, or right at it: one that comes later dates something else.
		dated := func(m []int) Day {
			for _, d := range sentenceDay.FindAllStringSubmatchIndex(s, -1) {
				if d[0] <= m[1] {
					return dayIn(s[d[2]:d[3]])
				}
			}
			return ""
		}
		find := func(r *regexp.Regexp) ([]string, Day) {
			at := r.FindStringSubmatchIndex(s)
			if at == nil {
				return nil, ""
			}
			return r.FindStringSubmatch(s), dated(at)
		}
		if m, when := find(changedName); m != nil {
			add(Renamed, self, node(m[1], m[2], m[3]), when, "")
		}
		if m, when := find(newNameFor); m != nil {
			add(Renamed, node(m[1], "", m[2]), self, when, "")
		}
		for _, m := range formerName.FindAllStringSubmatch(s, -1) {
			add(Renamed, node(m[1], "", ""), self, "", "")
		}
		if m, _ := find(listedBefore); m != nil {
			add(ListedAs, node(m[3], "", m[4]), self, dayIn(m[1]), dayIn(m[2]))
		}
		if m, when := find(created); m != nil {
			add(Front, self, node(m[1], m[2], m[3]), when, "")
		}
		if m, _ := find(consolidated); m != nil {
			for _, n := range []Node{node(m[1], "", m[2]), node(m[3], "", m[4])} {
				if n.Entry != e.ID {
					add(Merged, n, self, dayIn(m[5]), "")
				}
			}
		}
		if m, when := find(mergerOf); m != nil {
			add(Merged, node(m[1], m[2], m[3]), self, when, "")
			add(Merged, node(m[4], m[5], m[6]), self, when, "")
		}
		if m, when := find(mergedInto); m != nil && !strings.Contains(s[:strings.Index(s, m[0])], "Members in") {
			on := when
			if d := dayIn(m[4]); d != "" {
				on = d
			}
			other := node(m[1], m[2], m[3])
			if m[5] != "" {
				formed := node(m[5], m[6], m[7])
				add(Merged, self, formed, on, "")
				add(Merged, other, formed, on, "")
			} else {
				add(Merged, self, other, on, "")
			}
		}
		if m, when := find(splitFrom); m != nil && !strings.HasPrefix(m[1], "that group") {
			on := when
			for _, d := range m[4:] {
				if d := dayIn(d); d != "" {
					on = d
				}
			}
			add(Split, node(m[1], m[2], m[3]), self, on, "")
		}
		if m, when := find(splinterOf); m != nil {
			add(Split, node(m[1], m[2], m[3]), self, when, "")
		}
		if m, when := find(wingOf); m != nil && m[3] != "" && e.Kind != Person {
			add(Unit, node(m[1], m[2], m[3]), self, when, "")
		}
		if m, when := find(aliasUsedBy); m != nil {
			add(Front, node(m[1], m[2], m[3]), self, when, "")
		}
	}
	for i := range e.Names {
		if n := &e.Names[i]; n.Quality == Sub {
			out = append(out, Edge{Turn: Unit, From: self, To: Node{Name: n.Text}, By: list, Text: e.Source(n).Text, At: fmt.Sprintf("%s %s, %s", e.ID, e.Source(n).Element, edition)})
		}
	}
	return out
}

// cleanName takes off what a sentence puts around a name.
func cleanName(s string) string {
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:\"“”")
	for _, p := range []string{"the ", "The ", "its ", "former "} {
		s = strings.TrimPrefix(s, p)
	}
	return s
}

// dotted writes a reference as the list does: "QDi322" is QDi.322.
func dotted(ref string) string {
	if strings.Contains(ref, ".") || len(ref) < 4 {
		return ref
	}
	return ref[:len(ref)-3] + "." + ref[len(ref)-3:]
}

// sentences cuts a narrative. A point behind an abbreviation ends none.
func sentences(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	var out []string
	start := 0
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '.' || text[i+1] != ' ' || abbreviated.MatchString(text[start:i]) {
			continue
		}
		out = append(out, text[start:i+1])
		start = i + 2
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

var months = map[string]string{"jan": "01", "feb": "02", "mar": "03", "apr": "04", "may": "05", "jun": "06", "jul": "07", "aug": "08", "sep": "09", "oct": "10", "nov": "11", "dec": "12"}

var (
	dayFirst   = regexp.MustCompile(`^(?:(\d{1,2}) )?([A-Za-z]{3})[a-z]*\.? (\d{4})$`)
	monthFirst = regexp.MustCompile(`^([A-Za-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})$`)
)

// dayIn reads a date as a narrative writes it: "30 May 2013", "Jul. 2016", "January 10, 2015", "2013". Anything else is no day.
func dayIn(s string) Day {
	s = strings.TrimSpace(s)
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		month := months[strings.ToLower(m[2])]
		switch {
		case month == "":
			return ""
		case m[1] == "":
			return Day(m[3] + "-" + month)
		}
		return Day(fmt.Sprintf("%s-%s-%02s", m[3], month, m[1]))
	}
	if m := monthFirst.FindStringSubmatch(s); m != nil && months[strings.ToLower(m[1])] != "" {
		return Day(fmt.Sprintf("%s-%s-%02s", m[3], months[strings.ToLower(m[1])], m[2]))
	}
	if len(s) == 4 && strings.Trim(s, "0123456789") == "" {
		return Day(s)
	}
	return ""
}

// Resolve gives the ends of edges that have no entry the one entry of an edition that bears their name, if there is just one.
func Resolve(edges []Edge, e *Edition) {
	of := map[string][]ID{}
	for i := range e.Entries {
		for j := range e.Entries[i].Names {
			if p := plain(e.Entries[i].Names[j].Text); len(of[p]) == 0 || of[p][len(of[p])-1] != e.Entries[i].ID {
				of[p] = append(of[p], e.Entries[i].ID)
			}
		}
	}
	for i := range edges {
		for _, end := range []*Node{&edges[i].From, &edges[i].To} {
			if ids := of[plain(end.Name)]; end.Entry == "" && len(ids) == 1 {
				end.Entry = ids[0]
			}
		}
	}
}

// LineageOf builds the lineage that some editions state, the newest edition of each list first, and people beside them.
func LineageOf(editions []*Edition, asserted []Edge) *Lineage {
	newest := slices.Clone(editions)
	slices.SortStableFunc(newest, func(a, b *Edition) int { return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(a.List, b.List)) })
	all := [][]Edge{asserted}
	for _, e := range newest {
		var edges []Edge
		for i := range e.Entries {
			edges = append(edges, ReadNarrative(&e.Entries[i], "edition of "+string(e.Date))...)
		}
		Resolve(edges, e)
		all = append(all, edges)
	}
	return NewLineage(all...)
}
