package designation

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley"
)

// Turn is how one name or body came out of another.
type Turn string

// The turns. Each is what its source says, not what is so.
const (
	Renamed    Turn = "renamed"    // From went on as To
	Merged     Turn = "merged"     // From went into To
	Split      Turn = "split"      // To came out of From, which may go on
	Front      Turn = "front"      // To is said to act for From
	Unit       Turn = "sub-unit"   // To is a part of From
	Successor  Turn = "successor"  // To is claimed to follow From
	ListedAs   Turn = "listed as"  // To was listed under From, as an alias of it
	Delisted   Turn = "delisted"   // From was taken off its list
	Associated Turn = "associated" // related, and no more is said
)

// Node is one end of an edge: an entry, or only a name where no list has one.
type Node struct {
	Entry ID     `json:"entry,omitempty"`
	Name  string `json:"name"`
}

// String returns the name, with its entry where there is one.
func (n Node) String() string {
	switch {
	case n.Entry == "":
		return n.Name + " (no entry of its own)"
	case n.Name == "":
		return string(n.Entry)
	}
	return n.Name + " (" + string(n.Entry) + ")"
}

// Edge is one step of a lineage, with who says it and on what ground.
type Edge struct {
	Turn  Turn   `json:"turn"`
	From  Node   `json:"from"`
	To    Node   `json:"to,omitzero"`
	On    Day    `json:"on,omitempty"`    // when it came about
	Until Day    `json:"until,omitempty"` // when it ended, for ListedAs
	By    string `json:"by"`              // who asserts it: "UN", or a person
	Text  string `json:"text"`            // the words of the source
	At    string `json:"at"`              // where they stand: "UN:QDe.137 narrative, edition of 2026-02-27"
	Grade string `json:"grade,omitempty"` // reliability of the source and credibility of the word, A1 to F6, when a person asserts it
}

// grades are what a person's assertion is graded with: the reliability of the source, A to F, and the credibility of the word, 1 to 6.
var grades = regexp.MustCompile(`^[A-F][1-6]$`)

// Validate checks an edge that a person asserts: its ends, its day, who says it with which words, where they stand, and a grade.
func (e *Edge) Validate() *parley.Fault {
	known := []Turn{Renamed, Merged, Split, Front, Unit, Successor, ListedAs, Delisted, Associated}
	if !slices.Contains(known, e.Turn) {
		return parley.Invalid("turn", string(e.Turn), "renamed, merged, split, front, sub-unit, successor, listed as, delisted or associated")
	}
	if e.From.Entry == "" && strings.TrimSpace(e.From.Name) == "" {
		return parley.Invalid("from", "nothing", "an entry as UN:QDe.137, or a name")
	}
	if e.Turn == Delisted && e.From.Entry == "" {
		return parley.Invalid("from", e.From.Name, "the entry that was taken off its list, as UN:QDe.137")
	}
	if e.Turn != Delisted && e.To.Entry == "" && strings.TrimSpace(e.To.Name) == "" {
		return parley.Invalid("to", "nothing", "an entry as UN:QDe.137, or a name")
	}
	for _, end := range []struct {
		field string
		id    ID
	}{{"from.entry", e.From.Entry}, {"to.entry", e.To.Entry}} {
		if end.id != "" && (end.id.List() == "" || end.id.Reference() == "") {
			return parley.Invalid(end.field, string(end.id), "a list and a reference, as UN:QDe.137")
		}
	}
	for _, d := range []struct {
		field string
		day   Day
	}{{"on", e.On}, {"until", e.Until}} {
		if _, ok := d.day.time(); d.day != "" && !ok {
			return parley.Invalid(d.field, string(d.day), "a date as 2006-01-02, 2006-01 or 2006")
		}
	}
	if e.Turn == Delisted && e.On == "" {
		return parley.Invalid("on", "nothing", "the day on which it was taken off")
	}
	for _, f := range []struct{ field, text, expected string }{{"by", e.By, "who asserts it"}, {"text", e.Text, "the words of the source"}, {"at", e.At, "where the words stand"}} {
		if strings.TrimSpace(f.text) == "" {
			return parley.Invalid(f.field, "nothing", f.expected)
		}
	}
	if !grades.MatchString(e.Grade) {
		return parley.Invalid("grade", e.Grade, "a grade from A1 to F6: how reliable the source is, and how credible its word")
	}
	return nil
}

// Lineage is a graph of dated names. It is built from the narratives of lists and from what people assert.
type Lineage struct {
	edges []Edge
	of    map[ID][]int     // entry → edges at it
	named map[string][]int // folded name → edges at it
}

// NewLineage builds the graph. Edges that say the same of the same ends are one: the first that is given.
func NewLineage(edges ...[]Edge) *Lineage {
	l := &Lineage{of: map[ID][]int{}, named: map[string][]int{}}
	seen := map[string]bool{}
	for _, list := range edges {
		for _, e := range list {
			key := strings.Join([]string{string(e.Turn), string(e.From.Entry), plain(e.From.Name), string(e.To.Entry), plain(e.To.Name), string(e.On)}, "\x00")
			if e.From.Entry != "" && e.To.Entry != "" && e.From.Entry != e.To.Entry {
				key = strings.Join([]string{string(e.Turn), string(e.From.Entry), string(e.To.Entry), string(e.On)}, "\x00")
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			n := len(l.edges)
			l.edges = append(l.edges, e)
			for _, end := range []Node{e.From, e.To} {
				if end.Entry != "" && !slices.Contains(l.of[end.Entry], n) {
					l.of[end.Entry] = append(l.of[end.Entry], n)
				}
				if p := plain(end.Name); p != "" && !slices.Contains(l.named[p], n) {
					l.named[p] = append(l.named[p], n)
				}
			}
		}
	}
	return l
}

// Edges returns all edges, in the order they were given.
func (l *Lineage) Edges() []Edge { return slices.Clone(l.edges) }

// Of returns the edges at an entry, by their days; undated ones last.
func (l *Lineage) Of(id ID) []Edge {
	return l.pick(l.of[id])
}

// Named returns the edges at a name, whatever its case, accents and spaces.
func (l *Lineage) Named(name string) []Edge { return l.pick(l.named[plain(name)]) }

func (l *Lineage) pick(at []int) []Edge {
	out := make([]Edge, 0, len(at))
	for _, i := range at {
		out = append(out, l.edges[i])
	}
	slices.SortStableFunc(out, func(a, b Edge) int {
		if (a.On == "") != (b.On == "") {
			return cmp.Compare(string(b.On), string(a.On)) // dated first
		}
		return cmp.Compare(a.On, b.On)
	})
	return out
}

// mostSteps is how far a path is followed. The longest of the lists has four steps.
const mostSteps = 6

// Reach is an entry that a lineage leads to, by which steps.
type Reach struct {
	Entry ID     `json:"entry"`
	Path  []Edge `json:"path"`
}

// Related returns the entries that can be reached from one by renaming, merging, splitting and the like, each by a shortest path, nearest first. Mere
// association is no path.
func (l *Lineage) Related(id ID) []Reach {
	type place struct {
		node Node
		path []Edge
	}
	seen := map[string]bool{string(id): true}
	queue := []place{{node: Node{Entry: id}}}
	var out []Reach
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if len(p.path) == mostSteps {
			continue
		}
		edges := l.Of(p.node.Entry)
		if p.node.Entry == "" {
			edges = l.Named(p.node.Name)
		}
		for _, e := range edges {
			if e.Turn == Associated || e.Turn == Delisted {
				continue
			}
			for _, end := range []Node{e.From, e.To} {
				key := string(end.Entry)
				if key == "" {
					key = "name " + plain(end.Name)
				}
				if seen[key] || end == (Node{}) {
					continue
				}
				seen[key] = true
				path := append(slices.Clone(p.path), e)
				if end.Entry != "" {
					out = append(out, Reach{end.Entry, path})
				}
				queue = append(queue, place{end, path})
			}
		}
	}
	return out
}

// Date writes the names of an entry with the days that its lineage gives them: a name that it took on from the day of taking it, and with it the names
// that the list has in the same string.
func (l *Lineage) Date(e *Entry) {
	for _, edge := range l.Of(e.ID) {
		if edge.On == "" || edge.Turn != Renamed && edge.Turn != Front && edge.Turn != Merged {
			continue
		}
		for _, end := range []struct {
			node Node
			from bool
		}{{edge.From, true}, {edge.To, false}} {
			if end.from && edge.Turn != Renamed || end.node.Name == "" {
				continue
			}
			for i := range e.Names {
				if !SameName(e.Names[i].Text, end.node.Name) {
					continue
				}
				for j := range e.Names {
					if n := &e.Names[j]; n.Raw == e.Names[i].Raw && n.Quality != Primary {
						if end.from {
							n.To = edge.On
						} else {
							n.From = edge.On
						}
					}
				}
			}
		}
	}
}

// Sentence says an edge in words, with who says it.
func (e *Edge) Sentence() string {
	var s string
	switch e.Turn {
	case Renamed:
		s = fmt.Sprintf("%s went on as %s", e.From, e.To)
	case Merged:
		s = fmt.Sprintf("%s merged into %s", e.From, e.To)
	case Split:
		s = fmt.Sprintf("%s split from %s", e.To, e.From)
	case Front:
		s = fmt.Sprintf("%s is said to act for %s", e.To, e.From)
	case Unit:
		s = fmt.Sprintf("%s is named as a part of %s", e.To, e.From)
	case Successor:
		s = fmt.Sprintf("%s is claimed to follow %s", e.To, e.From)
	case ListedAs:
		s = fmt.Sprintf("%s was listed as an alias of %s", e.To, e.From)
	case Delisted:
		s = fmt.Sprintf("%s was taken off the list", e.From)
	default:
		s = fmt.Sprintf("%s and %s are associated", e.From, e.To)
	}
	switch {
	case e.On != "" && e.Until != "":
		s += fmt.Sprintf(" from %s to %s", e.On, e.Until)
	case e.On != "":
		s += fmt.Sprintf(" (%s)", e.On)
	}
	s += ", says " + e.By
	if e.Grade != "" {
		s += ", graded " + e.Grade
	}
	return s
}

// plain is a name without case, marks and spaces: what two spellings of one written name have in common.
func plain(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r == '’' || r == '‘' || r == '\'' || r == 'ʼ' || r == '`' || r == '-' || r == ' ' || r == '.' || r == ',' || r == '\n' || r == '\t':
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SameName reports whether two names are written alike but for case, apostrophes, hyphens and spaces.
func SameName(a, b string) bool { return plain(a) == plain(b) }
