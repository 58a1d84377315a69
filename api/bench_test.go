package api_test

import (
	"io"
	"net/http"
	"testing"

	"parley"
	"parley/internal/cast"
)

// BenchmarkListOf200 reads a party's list of 200 sites over HTTP, each with its names and its contact's number.
func BenchmarkListOf200(b *testing.B) {
	h := newHouse(b)
	for i := range 200 {
		ref := h.NotifyHospital(cast.At(35.0113+float64(i%20)*0.0517, 39.0079+float64(i/20)*0.0519))
		h.Release(cast.V(ref, 1), h.A.Ref)
		h.clock.Add(parley.Second)
	}
	token := h.session(h.A.Officer)
	for b.Loop() {
		req, err := http.NewRequest("GET", h.server.URL+"/v1/list?limit=200", nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n < 50_000 || r.StatusCode != 200 {
			b.Fatalf("read %d bytes with status %d: %v", n, r.StatusCode, err)
		}
		if err := r.Body.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
