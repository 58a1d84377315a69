package designation_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"parley/designation"
)

// BenchmarkSearch asks the labelled queries of the list as it stands, and reports the median and the 99th of a hundred beside the mean.
func BenchmarkSearch(b *testing.B) {
	x := indexed(b)
	searches(b, x, asked(b))
}

func asked(t testing.TB) []string {
	var out []string
	for _, q := range queries(t) {
		out = append(out, q.query)
	}
	return out
}

func searches(b *testing.B, x *designation.Index, names []string) {
	times := make([]time.Duration, 0, b.N)
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		x.Search(designation.Query{Name: names[i%len(names)]}, 5)
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1e3, "p99-µs")
}

// BenchmarkNewIndex makes the index of the list as it stands.
func BenchmarkNewIndex(b *testing.B) {
	entries := listed(b)
	for b.Loop() {
		designation.NewIndex(entries)
	}
}

// many makes entries whose names are made of the syllables and words of listed names, one name in three spelled otherwise: a list of any size, alike in
// how often words recur. The same seed gives the same entries.
func many(t testing.TB, names int) []designation.Entry {
	r := rand.New(rand.NewPCG(1, 2))
	source := listed(t)
	var words []string
	for i := range source {
		for _, n := range source[i].Names {
			if n.Script == designation.Latin {
				words = append(words, splitWords(n.Text)...)
			}
		}
	}
	const letters = "aeiourstlmnkbdhz"
	word := func() string {
		w := words[r.IntN(len(words))]
		if r.IntN(3) == 0 && len(w) > 3 {
			b := []byte(w)
			b[1+r.IntN(len(b)-1)] = letters[r.IntN(len(letters))]
			w = string(b)
		}
		return w
	}
	var out []designation.Entry
	for n := 0; n < names; {
		e := designation.Entry{ID: designation.ID(fmt.Sprintf("MANY:%d", len(out))), Kind: designation.Person}
		if r.IntN(3) == 0 {
			e.Kind = designation.Body
		}
		for range 1 + r.IntN(4) {
			e.Names = append(e.Names, designation.Name{Text: word() + " " + word() + " " + word(), Script: designation.Latin, Quality: designation.Good})
			n++
		}
		out = append(out, e)
	}
	return out
}

func splitWords(s string) []string {
	return slices.DeleteFunc(splitAt(s), func(w string) bool { return len(w) < 2 })
}

func splitAt(s string) []string {
	var out []string
	at := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || !(s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z') {
			if i > at {
				out = append(out, s[at:i])
			}
			at = i + 1
		}
	}
	return out
}

// BenchmarkSearch50k asks among 50,000 names, each query one letter away from a listed name.
func BenchmarkSearch50k(b *testing.B) { amongMany(b, 50_000) }

// BenchmarkSearch1M asks among a million names, and reports what they take in memory.
func BenchmarkSearch1M(b *testing.B) { amongMany(b, 1_000_000) }

func amongMany(b *testing.B, names int) {
	entries := many(b, names)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	x := designation.NewIndex(entries)
	built := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	r := rand.New(rand.NewPCG(3, 4))
	var names_ []string
	found := 0
	for range 1000 {
		e := &entries[r.IntN(len(entries))]
		q := []byte(e.Names[r.IntN(len(e.Names))].Text)
		q[1+r.IntN(len(q)-1)] = 'a'
		names_ = append(names_, string(q))
		for _, c := range x.Search(designation.Query{Name: string(q)}, 5) {
			if c.Entry == e {
				found++
			}
		}
	}
	searches(b, x, names_)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	b.ReportMetric(built.Seconds(), "build-s")
	b.ReportMetric(float64(found)/1000, "R@5")
	runtime.KeepAlive(x)
}
