package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/designation"
)

// listKnowledge is every edition at hand with the lineage that they and people state.
type listKnowledge struct {
	editions []*designation.Edition
	lineage  *designation.Lineage
}

func (c *listsFlags) known() (*listKnowledge, error) {
	editions, asserted, err := c.atHand()
	if err != nil {
		return nil, err
	}
	return &listKnowledge{editions, designation.LineageOf(editions, asserted)}, nil
}

// atHand reads every edition, and what people assert. That none is there is an error.
func (c *listsFlags) atHand() ([]*designation.Edition, []designation.Edge, error) {
	folder, err := c.folder()
	if err != nil {
		return nil, nil, err
	}
	editions, err := folder.All()
	if err != nil {
		return nil, nil, err
	}
	if len(editions) == 0 {
		return nil, nil, usage("no list is at hand in %s; take one in: parley lists load FILE", folder.Path())
	}
	asserted, err := folder.Asserted()
	return editions, asserted, err
}

// day reads a day; empty is today.
func listDay(s string) (designation.Day, error) {
	if s == "" {
		return designation.Day(time.Now().UTC().Format(time.DateOnly)), nil
	}
	d, err := designation.ParseDay(s)
	if err != nil {
		return "", usage("--on: %v", err)
	}
	return d, nil
}

type listsAsofCmd struct {
	listsFlags
	Entry []string `arg:"" help:"Entries, as UN:QDe.137, or their references alone. A word that is a day, as 2013-06-01, is the day asked for."`
	On    string   `placeholder:"DAY" help:"The day; without it today."`
}

// Run says how the entry stood: in each list that has the reference.
func (c *listsAsofCmd) Run(a *app) error {
	var entries []string
	for _, word := range c.Entry {
		if _, err := designation.ParseDay(word); err == nil && c.On == "" {
			c.On = word
			continue
		}
		entries = append(entries, word)
	}
	if len(entries) == 0 {
		return usage("read no entry; expected one, as UN:QDe.137")
	}
	on, err := listDay(c.On)
	if err != nil {
		return err
	}
	k, err := c.known()
	if err != nil {
		return err
	}
	var ids []designation.ID
	for _, e := range entries {
		ids = append(ids, k.ids(e)...)
	}
	for _, id := range ids {
		s := designation.AsOf(id, on, k.editions, k.lineage)
		if a.JSON {
			name := ""
			if s.Entry != nil {
				name = s.Entry.Name()
			}
			if err := a.printJSON(struct {
				designation.Standing
				Name  string             `json:"name"`
				Entry *designation.Entry `json:"entry,omitempty"`
			}{s, name, s.Entry}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%s on %s: %s\n", id, on, s.State)
		if s.Entry != nil {
			fmt.Fprintf(a.out, "  %s\n", s.Entry.Name())
		}
		if s.Since != "" {
			fmt.Fprintf(a.out, "  since %s", s.Since)
			if s.Until != "" {
				fmt.Fprintf(a.out, ", until %s", s.Until)
			}
			fmt.Fprintln(a.out)
		}
		fmt.Fprintf(a.out, "  %s\n", s.Why)
		if s.Edition != "" {
			fmt.Fprintf(a.out, "  edition of %s, %d days old on that day\n", s.Edition, s.Age)
		}
		for _, e := range s.Edges {
			fmt.Fprintf(a.out, "  lineage: %s\n", e.Sentence())
		}
	}
	return nil
}

// ids returns the entries that a reference may mean: itself, if it names its list.
func (k *listKnowledge) ids(ref string) []designation.ID {
	if strings.Contains(ref, ":") {
		return []designation.ID{designation.ID(ref)}
	}
	var out []designation.ID
	for _, e := range k.editions {
		if id := designation.ID(e.List + ":" + ref); !slices.Contains(out, id) {
			if _, ok := e.Entry(id); ok {
				out = append(out, id)
			}
		}
	}
	if len(out) == 0 {
		for _, e := range k.editions {
			if id := designation.ID(e.List + ":" + ref); !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// bearing returns the entries that bear a name.
func (k *listKnowledge) bearing(name string) []designation.ID {
	var out []designation.ID
	for _, e := range k.editions {
		for i := range e.Entries {
			x := &e.Entries[i]
			if slices.ContainsFunc(x.Names, func(n designation.Name) bool { return designation.SameName(n.Text, name) }) && !slices.Contains(out, x.ID) {
				out = append(out, x.ID)
			}
		}
	}
	return out
}

type listsLineageCmd struct {
	listsFlags
	Entry string `arg:"" optional:"" help:"An entry or a name; without it every step."`
}

// Run prints the steps with their sources.
func (c *listsLineageCmd) Run(a *app) error {
	k, err := c.known()
	if err != nil {
		return err
	}
	edges := k.lineage.Edges()
	if c.Entry != "" {
		edges = k.lineage.Named(c.Entry)
		for _, id := range append(k.bearing(c.Entry), k.ids(c.Entry)...) {
			edges = append(edges, k.lineage.Of(id)...)
			for _, r := range k.lineage.Related(id) {
				edges = append(edges, r.Path...)
			}
		}
	}
	var said []designation.Edge
	for _, e := range edges {
		if slices.Contains(said, e) {
			continue
		}
		said = append(said, e)
		if a.JSON {
			if err := a.printJSON(e); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%s\n    “%s”\n    %s\n", e.Sentence(), e.Text, e.At)
	}
	if len(said) == 0 && !a.JSON {
		fmt.Fprintln(a.out, "No list at hand and nobody on record says anything of that.")
	}
	return nil
}

type listsAssertCmd struct {
	listsFlags
	Turn  string `arg:"" help:"renamed, merged, split, front, sub-unit, successor, 'listed as', delisted or associated."`
	From  string `arg:"" help:"An entry as UN:QDe.137, or a name."`
	To    string `arg:"" optional:"" help:"An entry or a name; none for delisted."`
	On    string `placeholder:"DAY" help:"When it came about."`
	Until string `placeholder:"DAY" help:"When it ended."`
	By    string `required:"" placeholder:"NAME" help:"Who asserts it."`
	Text  string `required:"" help:"The words of the source."`
	At    string `required:"" placeholder:"PLACE" help:"Where the words stand."`
	Grade string `required:"" placeholder:"B2" help:"How reliable the source is, A to F, and how credible its word, 1 to 6."`
}

// Run checks the step and keeps it. Nothing is overwritten: a step that was wrong is answered by another.
func (c *listsAssertCmd) Run(a *app) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	e := designation.Edge{Turn: designation.Turn(c.Turn), From: nodeOf(c.From), To: nodeOf(c.To), On: designation.Day(c.On), Until: designation.Day(c.Until), By: c.By, Text: c.Text, At: c.At, Grade: c.Grade}
	if err := folder.Assert(e); err != nil {
		return listFault(err, "The step is not taken in.")
	}
	if a.JSON {
		return a.printJSON(e)
	}
	fmt.Fprintf(a.out, "%s\n", e.Sentence())
	return nil
}

// nodeOf reads one end: a word with a colon and no space is an entry.
func nodeOf(s string) designation.Node {
	if strings.Contains(s, ":") && !strings.Contains(s, " ") {
		return designation.Node{Entry: designation.ID(s)}
	}
	return designation.Node{Name: s}
}
