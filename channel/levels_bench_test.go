package channel_test

import (
	"testing"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// thousands gives A so many releases, two degrees wide.
func thousands(b *testing.B, n int) (*cast.Cast, *cast.Bare) {
	b.Helper()
	c, bare := cast.NewBare(b)
	for i := range n {
		at := cast.At(35.0123+float64(i/100)*0.0203, 38.0123+float64(i%100)*0.0201)
		ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
			return &parley.SiteNotify{Site: cast.Hospital(d, at, cast.Start, c.A.Ref)}
		}).Ref
		c.Release(cast.V(ref, 1), c.A.Ref)
	}
	return c, bare
}

// BenchmarkLevelBoard is the desk's view of one party with 5,000 releases.
func BenchmarkLevelBoard(b *testing.B) {
	c, bare := thousands(b, 5000)
	m, _ := bare.State.Session(draft.KeyOf(c.Verifier.Key).ID())
	v := bare.State.View(&m, bare.At, func(parley.Commitment) string { return "" })
	for b.Loop() {
		if list, _ := v.Levels(0, 1); len(list) != 1 {
			b.Fatal("no board")
		}
	}
}

// BenchmarkPack cuts a pack of a few hundred entries out of 5,000.
func BenchmarkPack(b *testing.B) {
	c, bare := thousands(b, 5000)
	m, _ := bare.State.Session(draft.KeyOf(c.A.Officer.Key).ID())
	v := bare.State.View(&m, bare.At, func(parley.Commitment) string { return "" })
	entries := 0
	for b.Loop() {
		p, refusal := v.Pack(&channel.PackRequest{Sector: cast.Square(cast.At(35.5, 39.0), 0.15), Buffer: 1000, Window: geo.Window{From: bare.At, To: bare.At + parley.Day}, Echelon: parley.Unit})
		if refusal != nil {
			b.Fatal(refusal)
		}
		entries = len(p.Entries)
	}
	b.ReportMetric(float64(entries), "entries")
}
