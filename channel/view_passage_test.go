package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// A party that draws a line through the cell in which a site was released learns only that: the line meets the cell, wherever in it the site
// lies; and a line that misses the cell misses the site.
func TestLineThroughACellSaysNoMoreThanTheCell(t *testing.T) {
	c, b := cast.NewBare(t)
	place := cast.At(35.91234, 39.01234)
	site := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		s := cast.Hospital(d, place, b.At, c.A.Ref)
		for i := range s.Shared.Consents {
			s.Shared.Consents[i].Precision, s.Shared.Consents[i].Fields = parley.Coarse, nil
		}
		return &parley.SiteNotify{Site: s}
	}).Ref
	c.Verify(cast.V(site, 1))
	c.Release(cast.V(site, 1), c.A.Ref)
	cell := cast.Point(place).Coarse().Bounds()
	line := func(lat int32) parley.Ref {
		p, q := geo.Position{Lat: lat, Lon: cell.Min.Lon + 1000}, geo.Position{Lat: lat, Lon: cell.Max.Lon - 1000}
		return c.Tell(c.A.Officer, &parley.LineImpose{Line: parley.Line{LineKind: "exclusion", Basis: parley.BasisUnilateral, Terms: termsOf(b, cast.Line(p, q), c.B.Ref)}}).Ref
	}
	through, apart, far := line(place.Lat), line(cell.Min.Lat+1000), line(cell.Max.Lat+200_000)
	for _, ref := range []parley.Ref{through, apart} {
		if a := arranged(c, b, c.A.Officer, ref); !slices.Equal(a.Cuts, []parley.Ref{site}) {
			t.Errorf("A's line in the cell meets %v; expected the site, whose cell it meets", a.Cuts)
		}
	}
	if a := arranged(c, b, c.A.Officer, far); len(a.Cuts) != 0 {
		t.Errorf("A's line beside the cell meets %v", a.Cuts)
	}
	if a, d := arranged(c, b, c.Verifier, through), arranged(c, b, c.Verifier, apart); !slices.Equal(a.Cuts, []parley.Ref{site}) || len(d.Cuts) != 0 {
		t.Errorf("to the desk the lines meet %v and %v; expected the site itself for the first alone", a.Cuts, d.Cuts)
	}
	if refs := viewer(c, b, c.Org).ArrangedAt(site); len(refs) != 0 {
		t.Errorf("its owner reads %v; none of the lines is published", refs)
	}
	if refs := viewer(c, b, c.Verifier).ArrangedAt(site); !slices.Equal(refs, []parley.Ref{through}) {
		t.Errorf("the desk reads %v at the site; expected the line through it", refs)
	}
	if refs := viewer(c, b, c.A.Officer).ArrangedAt(site); refs != nil {
		t.Errorf("A reads %v at the site", refs)
	}
}

// What a corridor's plan lacks never depends on a movement that its reader may not know; who passes on a day neither.
func TestPlanOfACorridorHidesMovements(t *testing.T) {
	c, b := cast.NewBare(t)
	move := convoy(c, b)
	c.Release(cast.V(move, 1), c.A.Ref)
	shape := arrangedShape(c, b, move)
	corridor := c.Tell(c.Releaser, &parley.CorridorPropose{Corridor: parley.Corridor{Direction: parley.BothWays, Users: []parley.CorridorUser{"goods"}, Terms: termsOf(b, shape, c.A.Ref, c.B.Ref)}}).Ref
	week := geo.Window{From: b.At, To: b.At + 7*parley.Day}
	for who, want := range map[*cast.Person]bool{c.A.Officer: true, c.Verifier: true, c.Org: true, c.B.Officer: false, c.Monitor: false} {
		a := arranged(c, b, who, corridor)
		if lacks := slices.Contains(a.Missing, "movement"); lacks == want || (len(a.Inside) == 1) != want {
			t.Errorf("%s: missing %v, inside %v; expected that the movement is known: %v", who.Account, a.Missing, a.Inside, want)
		}
		if got := viewer(c, b, who).Passing(corridor, week); (len(got) == 1 && got[0] == move) != want {
			t.Errorf("%s reads %v on the way; expected that the movement is known: %v", who.Account, got, want)
		}
	}
	if got := viewer(c, b, c.Verifier).Passing(corridor, geo.Window{From: b.At - 2*parley.Day, To: b.At - parley.Day}); len(got) != 0 {
		t.Errorf("on a day before, %v is on the way", got)
	}
	if got := viewer(c, b, c.Other).Passing(corridor, week); len(got) != 0 {
		t.Errorf("an organisation that may not see the corridor reads %v", got)
	}
}

// arrangedShape is the route of a movement's first leg, as its owner knows it.
func arrangedShape(c *cast.Cast, b *cast.Bare, move parley.Ref) geo.Shape {
	c.T.Helper()
	file, ok := viewer(c, b, c.Org).Object(move)
	if !ok {
		c.T.Fatal("no movement")
	}
	return file.Versions[0].Legs[0].Route.Shape
}

// What waits for a party's word waits for that party alone, until it has spoken or it has ended; offers until they are answered.
func TestAwaited(t *testing.T) {
	c, b := cast.NewBare(t)
	line := c.Tell(c.A.Officer, &parley.LineImpose{Line: lineOf(b, dividing, c.B.Ref)}).Ref
	other := c.Tell(c.A.Officer, &parley.LineImpose{Line: lineOf(b, dividing, c.B.Ref)}).Ref
	ref := offer(c, c.A.Officer, c.B.Ref, b.At+parley.Day, "")
	counts := func(p *cast.Person) [2]int {
		asked, offers := viewer(c, b, p).Awaited()
		return [2]int{len(asked), len(offers)}
	}
	for who, p := range map[string]*cast.Person{"its proposer": c.A.Officer, "the desk": c.Verifier, "an organisation": c.Org, "a monitor": c.Monitor} {
		if got := counts(p); got != [2]int{} {
			t.Errorf("for %s %v wait", who, got)
		}
	}
	if got := counts(c.B.Officer); got != [2]int{2, 1} {
		t.Errorf("for B %v wait; expected two lines and an offer", got)
	}
	c.Tell(c.B.Officer, &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: cast.V(line, 1)}})
	c.Tell(c.A.Officer, &parley.LineEnd{Line: other})
	b.At += parley.Day
	advance(c, b)
	if got := counts(c.B.Officer); got != [2]int{0, 1} {
		t.Errorf("after its words %v wait; expected the offer, also past its deadline", got)
	}
	c.Tell(c.B.Officer, &parley.OfferRespond{Offer: ref, Response: parley.OfferDeclined})
	if got := counts(c.B.Officer); got != [2]int{} {
		t.Errorf("after all were answered %v wait", got)
	}
}
