package channel

import (
	"slices"

	"parley"
	"parley/release"
)

// Liaison lists the contacts, statements about lines and test calls of the viewer's account, in the order of the journal; the desk's
// list holds everybody's.
func (v *Viewer) Liaison(from, limit int) ([]release.Liaison, int) {
	keys := v.s.liaisons.keysOf(v.account)
	if v.desk() {
		keys = v.s.liaisons.keys()
	}
	some, next := page(keys, from, limit)
	list := make([]release.Liaison, 0, len(some))
	for _, key := range some {
		list = append(list, v.liaison(v.s.liaisons.get(key)))
	}
	return list, next
}

func (v *Viewer) liaison(l *parley.Liaison) release.Liaison {
	return release.Liaison{Kind: l.Kind, From: l.From, To: l.To, Told: l.Told, Means: l.Means, State: l.State, At: stamp(l.At), Noted: stamp(l.Noted), Reached: l.Reached, Seconds: l.Seconds,
		Words: v.words(l.Words), Position: l.Position}
}

// Lines lists how each side of the viewer's lines says that they stand: the newest word of each side about each line, and the newest
// test call. A line that nobody spoke of is not in it.
func (v *Viewer) Lines() []release.Liaison {
	type line struct {
		kind     parley.CommandKind
		from, to parley.Ref
	}
	newest := map[line]string{}
	keys := v.s.liaisons.keysOf(v.account)
	if v.desk() {
		keys = v.s.liaisons.keys()
	}
	for _, key := range keys {
		if l := v.s.liaisons.get(key); l.Kind != "liaison.log" {
			newest[line{l.Kind, l.From, l.To}] = key
		}
	}
	var kept []string
	for _, key := range newest {
		kept = append(kept, key)
	}
	slices.Sort(kept)
	list := make([]release.Liaison, 0, len(kept))
	for _, key := range kept {
		list = append(list, v.liaison(v.s.liaisons.get(key)))
	}
	return list
}
