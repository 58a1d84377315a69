package node_test

import (
	"context"
	"strconv"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// BenchmarkInquiry asks about one place of a journal of 5,000 entries, a block each, from nothing: replay, proofs, signature.
func BenchmarkInquiry(b *testing.B) {
	a := newAftermath(b)
	for i := range 5000 {
		a.Must(a.Monitor, func(*draft.Draft) parley.Body {
			p := cast.At(35.1, 40.1)
			return &parley.IncidentRecord{Incident: parley.Incident{IncidentKind: parley.OtherIncident, From: a.then - int64(i)*parley.Hour, To: a.then - int64(i)*parley.Hour, Place: &p, Precision: parley.PlaceStreet,
				Sources: []parley.Source{{SourceKind: "data_set", Set: "bench", Entry: strconv.Itoa(i), Reliability: "F", Credibility: 6}}, Certainty: "rumour"}}
		})
	}
	at := a.clock.Load()
	m := a.member(a.Verifier)
	b.ResetTimer()
	for b.Loop() {
		raw, err := a.node.Inquire(context.Background(), m, release.Question{At: at, Place: bridge, Radius: 1500})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(raw))/1024, "KiB")
	}
}
