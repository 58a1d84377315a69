package designation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Stake is one owner's part of one thing, or that somebody says that the one controls the other.
type Stake struct {
	Owner   string `json:"owner"` // an ID, or a name where no list has it
	Asset   string `json:"asset"`
	Share   Share  `json:"share,omitempty"`   // zero: unknown
	Control string `json:"control,omitempty"` // how it is said to control, with or without a share: "owned or controlled by"
	From    Day    `json:"from,omitempty"`
	Until   Day    `json:"until,omitempty"`
	Source  string `json:"source"`
}

// in reports whether a holding stood on a day. An unknown day stands always.
func (h *Stake) in(on Day) bool {
	return (on == "" || h.From == "" || h.From <= on) && (on == "" || h.Until == "" || h.Until > on)
}

// OwnershipRule is how a regime counts ownership. It is an option of whoever asks; parley draws no consequence from it.
type OwnershipRule struct {
	Name      string `json:"name"`
	Threshold Share  `json:"threshold"` // at least this part, in hundredths of a percent
	More      bool   `json:"more"`      // more than it, not just that much
	Aggregate bool   `json:"aggregate"` // the parts of several listed owners are added
	Control   bool   `json:"control"`   // asserted control counts as well
}

// Rules are the counts that regimes publish: OFAC's 50 percent rule (2014: 50 % or more in the aggregate, ownership alone), the European Union's best
// practices (50 % or more, or control) and the United Kingdom's (more than 50 %, or control; parts of several are not added unless they act together).
var Rules = []OwnershipRule{
	{Name: "ofac", Threshold: 50_00, Aggregate: true},
	{Name: "eu", Threshold: 50_00, Aggregate: true, Control: true},
	{Name: "uk", Threshold: 50_00, More: true, Control: true},
}

// RuleNamed returns a rule by its name.
func RuleNamed(name string) (OwnershipRule, bool) {
	i := slices.IndexFunc(Rules, func(r OwnershipRule) bool { return r.Name == name })
	if i < 0 {
		return OwnershipRule{}, false
	}
	return Rules[i], true
}

func (r OwnershipRule) met(s Share) bool { return s > r.Threshold || s == r.Threshold && !r.More }

// Ownership is a graph of holdings.
type Ownership struct {
	of map[string][]Stake // asset → holdings, in order
}

// NewOwnership builds the graph. Parts of one thing that add up to more than the whole on one day are a fault of the sources; they are counted as they are
// and named by Overfull.
func NewOwnership(hs []Stake) *Ownership {
	g := &Ownership{of: map[string][]Stake{}}
	for _, h := range hs {
		g.of[h.Asset] = append(g.of[h.Asset], h)
	}
	for _, list := range g.of {
		slices.SortStableFunc(list, func(a, b Stake) int {
			return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.From, b.From))
		})
	}
	return g
}

// Overfull returns the things whose known parts add up to more than the whole on a day.
func (g *Ownership) Overfull(on Day) []string {
	var out []string
	for asset, hs := range g.of {
		sum := Share(0)
		for i := range hs {
			if hs[i].in(on) {
				sum += hs[i].Share
			}
		}
		if sum > 100_00 {
			out = append(out, asset)
		}
	}
	slices.Sort(out)
	return out
}

// Owned is what is known of the owners of one thing.
type Owned struct {
	Asset    string        `json:"asset"`
	On       Day           `json:"on,omitempty"`
	Rule     OwnershipRule `json:"rule"`
	Met      bool          `json:"met"`      // the rule's count is reached, by ownership or, where it counts, control
	Share    Share         `json:"share"`    // the part that listed owners hold, directly or through what they own by the rule; with Aggregate their sum, else the largest
	Paths    [][]Stake     `json:"paths"`    // from a listed owner down to the thing, each a way that counts
	Control  [][]Stake     `json:"control"`  // ways by asserted control, kept apart
	Cycle    bool          `json:"cycle"`    // the thing owns a part of an owner of its own
	Sentence string        `json:"sentence"` // in words
}

// deepestOwner is how many steps an owner may be away.
const deepestOwner = 12

// Owners counts what listed persons and bodies own of a thing on a day, by a rule. A body that they own by the rule counts as one of them, step by step:
// parts are not multiplied. Circles end by themselves, because what once counts goes on counting.
func (g *Ownership) Owners(asset string, on Day, rule OwnershipRule, listed func(string) bool) Owned {
	out := Owned{Asset: asset, On: on, Rule: rule, Paths: [][]Stake{}, Control: [][]Stake{}}
	// What lies above the thing, nearest first.
	above := []string{asset}
	depth := map[string]int{asset: 0}
	for i := 0; i < len(above); i++ {
		for _, h := range g.of[above[i]] {
			if !h.in(on) {
				continue
			}
			if h.Owner == asset {
				out.Cycle = true
			}
			if _, seen := depth[h.Owner]; !seen && depth[above[i]] < deepestOwner {
				depth[h.Owner] = depth[above[i]] + 1
				above = append(above, h.Owner)
			}
		}
	}
	counts := map[string]bool{} // listed, or owned by the rule
	for _, a := range above {
		counts[a] = listed(a) && a != asset
	}
	count := func(a string) (Share, bool) {
		var sum, most Share
		held := false
		parts := map[string]Share{}
		for _, h := range g.of[a] {
			if !h.in(on) || !counts[h.Owner] || h.Owner == a {
				continue
			}
			parts[h.Owner] += h.Share
			held = held || h.Control != "" && rule.Control
		}
		for _, p := range parts {
			sum += p
			most = max(most, p)
		}
		if !rule.Aggregate {
			sum = most
		}
		return sum, rule.met(sum) || held
	}
	for changed := true; changed; {
		changed = false
		for _, a := range above {
			if counts[a] {
				continue
			}
			if _, met := count(a); met && a != asset {
				counts[a], changed = true, true
			}
		}
	}
	out.Share, out.Met = count(asset)
	g.paths(asset, on, counts, listed, nil, map[string]bool{asset: true}, &out)
	out.Sentence = out.words()
	return out
}

// paths collects the ways down from listed owners.
func (g *Ownership) paths(asset string, on Day, counts map[string]bool, listed func(string) bool, below []Stake, seen map[string]bool, out *Owned) {
	const most = 64
	for _, h := range g.of[asset] {
		if !h.in(on) || !counts[h.Owner] || seen[h.Owner] || len(out.Paths)+len(out.Control) >= most {
			continue
		}
		way := append([]Stake{h}, below...)
		if listed(h.Owner) {
			if slices.ContainsFunc(way, func(h Stake) bool { return h.Share == 0 }) {
				out.Control = append(out.Control, way)
			} else {
				out.Paths = append(out.Paths, way)
			}
		}
		seen[h.Owner] = true
		g.paths(h.Owner, on, counts, listed, way, seen, out)
		delete(seen, h.Owner)
	}
}

func (o *Owned) words() string {
	way := func(hs []Stake) string {
		parts := []string{hs[0].Owner}
		for _, h := range hs {
			step := h.Share.String()
			if h.Share == 0 {
				step = h.Control
			}
			parts = append(parts, step, h.Asset)
		}
		return strings.Join(parts, " → ")
	}
	var s strings.Builder
	switch {
	case len(o.Paths)+len(o.Control) == 0:
		return "No listed owner is known."
	case len(o.Paths) > 0:
		fmt.Fprintf(&s, "Listed owners hold %s of %s", o.Share, o.Asset)
		if o.Rule.Aggregate {
			s.WriteString(" together")
		}
		var ways []string
		for _, p := range o.Paths {
			ways = append(ways, way(p))
		}
		s.WriteString(": " + strings.Join(ways, "; ") + ".")
	}
	if len(o.Control) > 0 {
		var ways []string
		for _, p := range o.Control {
			ways = append(ways, way(p))
		}
		if s.Len() > 0 {
			s.WriteByte(' ')
		}
		s.WriteString("Control is asserted: " + strings.Join(ways, "; ") + ".")
	}
	if o.Cycle {
		s.WriteString(" The holdings go in a circle.")
	}
	return s.String()
}

// Stakes returns what the entries of an edition say of ownership and control. Where a list names no percentage, that is asserted control.
func Stakes(e *Edition) []Stake {
	var out []Stake
	for i := range e.Entries {
		x := &e.Entries[i]
		for _, r := range x.Relations {
			kind := strings.ToLower(r.Kind)
			owner := string(r.To)
			if owner == "" {
				owner = r.Name
			}
			source := fmt.Sprintf("%s, edition of %s", x.ID, e.Date)
			switch {
			case strings.HasPrefix(kind, "formerly"):
			case strings.Contains(kind, "owned"), strings.Contains(kind, "owner"), kind == "parent company":
				h := Stake{Owner: owner, Asset: string(x.ID), Share: r.Share, From: r.From, Until: r.Until, Source: source}
				if r.Share == 0 {
					h.Control = r.Kind
				}
				out = append(out, h)
			case kind == "subsidiary":
				out = append(out, Stake{Owner: string(x.ID), Asset: owner, Control: "parent of", From: r.From, Until: r.Until, Source: source})
			}
		}
	}
	return out
}
