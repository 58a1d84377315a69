package news

import (
	"sync"

	"parley/gazetteer"
	"parley/statement"
)

// Reader returns a reader of statements that knows the places of gazetteers, of which each names those that the ones before it do not. Only whole names count: a
// place that is alike is another place. They are asked for when the first text is read, and may be nil.
func Reader(places ...func() *gazetteer.Gazetteer) *statement.Reader {
	names := sync.OnceValue(func() map[string]string {
		known := map[string]string{}
		for _, g := range places {
			add(known, g())
		}
		return known
	})
	return &statement.Reader{Place: func(name string) (string, bool) {
		found, ok := names()[statement.Fold(name)]
		return found, ok
	}}
}

// add puts the names of a gazetteer into those that are known: first what places are called, then their other names, so that no other name hides a name.
func add(known map[string]string, g *gazetteer.Gazetteer) {
	if g == nil {
		return
	}
	put := func(name, as string) {
		if key := statement.Fold(name); key != "" && known[key] == "" {
			known[key] = as
		}
	}
	for _, p := range g.Places() {
		put(p.Name.English, p.Name.In("en"))
		put(p.Name.Arabic, p.Name.In("en"))
	}
	for _, p := range g.Places() {
		for _, name := range p.Also {
			put(name, p.Name.In("en"))
		}
	}
}
