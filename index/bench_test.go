package index

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/internal/need"
)

// Sizes of the benchmark sets; PARLEY_BENCH_VOLUMES replaces them by one of its own, as in 10000000.
func benchSizes(b *testing.B) []int {
	if text := os.Getenv("PARLEY_BENCH_VOLUMES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("PARLEY_BENCH_VOLUMES is %q, expected a number", text)
		}
		return []int{n}
	}
	return []int{10_000, 100_000, 1_000_000}
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // pools give their memory back at the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkFind reports, over the 2,000 queries of the common workload, the least of several runs of each query: half of them take no longer than p50-us.
func BenchmarkFind(b *testing.B) {
	generate := generator(b)
	queries := generate("-queries", "-n", "2000")
	for _, n := range benchSizes(b) {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			items := generate("-n", fmt.Sprint(n))
			for i := range items {
				items[i].Geometry = nil // its memory is not the index's
			}
			before := heap()
			start := time.Now()
			x := build(items)
			took := time.Since(start)
			bytes := heap() - before
			runtime.KeepAlive(items)
			for _, state := range []string{"as inserted", "rested"} {
				if state == "rested" {
					rest(x)
				}
				b.Run(state, func(b *testing.B) {
					best := make([]time.Duration, len(queries))
					results, rounds := 0, 0
					for b.Loop() {
						i := rounds % len(queries)
						began := time.Now()
						found := len(x.Find(queries[i].Volume))
						d := time.Since(began)
						if rounds < len(queries) {
							best[i] = d
							results += found
						} else {
							best[i] = min(best[i], d)
						}
						rounds++
					}
					if rounds < len(queries) {
						return
					}
					slices.Sort(best)
					var sum time.Duration
					for _, d := range best {
						sum += d
					}
					us := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
					b.ReportMetric(us(best[len(best)/2]), "p50-us")
					b.ReportMetric(us(sum)/float64(len(best)), "mean-us")
					b.ReportMetric(us(best[len(best)*99/100]), "p99-us")
					b.ReportMetric(float64(results), "results")
					b.ReportMetric(float64(n)/took.Seconds(), "puts/s")
					b.ReportMetric(float64(bytes)/float64(n), "B/volume")
				})
			}
		})
	}
}

// BenchmarkAny asks the same queries for a yes or no.
func BenchmarkAny(b *testing.B) {
	generate := generator(b)
	queries := generate("-queries", "-n", "2000")
	x := build(generate("-n", "100000"))
	i := 0
	for b.Loop() {
		x.Any(queries[i%len(queries)].Volume)
		i++
	}
}

// BenchmarkPostGIS puts the same queries to PostGIS over one connection.
func BenchmarkPostGIS(b *testing.B) {
	generate := generator(b)
	queries := generate("-queries", "-n", "2000")
	dsn := need.PostGIS(b)
	for _, n := range benchSizes(b) {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := loadPostGIS(b, dsn, generate("-n", fmt.Sprint(n)))
			i := 0
			for b.Loop() {
				p.find(b, &queries[i%len(queries)])
				i++
			}
		})
	}
}
