package web

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// NewestFirst puts what parties have of an object in the order in which the road asks: the newest version first.
func (f *frame) NewestFirst(holdings []release.Holding) []release.Holding {
	list := slices.Clone(holdings)
	slices.SortStableFunc(list, func(a, b release.Holding) int { return cmp.Compare(b.Version, a.Version) })
	return list
}

// ContactMeans are the ways to reach a movement.
func (f *frame) ContactMeans() []parley.LiaisonMeans { return liaisonMeans }

// contactBody reads a try to reach a movement.
func (c *call) contactBody(f *form, d draftText, ref parley.Ref) parley.Body {
	b := &parley.ContactTry{Movement: ref, Means: choice(f, "means", liaisonMeans), At: f.moment("at", false), Reached: f.has("reached"), Words: d.Text(f.long("words"))}
	if b.At == 0 {
		b.At = c.p.node.Now()
	}
	return b
}
