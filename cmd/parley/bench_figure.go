package main

import (
	"slices"
	"time"
)

// figure is what was measured of one way to answer the queries: microseconds a query.
type figure struct {
	Volumes   int     `json:"volumes"`
	Name      string  `json:"name"`
	P50       float64 `json:"p50_us"`
	Mean      float64 `json:"mean_us"`
	P99       float64 `json:"p99_us"`
	PerResult float64 `json:"per_result_us"` // all time by all results
	Results   int     `json:"results"`
	PerSecond float64 `json:"queries_per_second"`        // of one client that asks again as soon as it is answered
	Bytes     float64 `json:"bytes_per_volume,omitzero"` // of memory, or of table and index; 0: not measured
}

func newFigure(volumes int, name string, took []time.Duration, results int) figure {
	sorted := slices.Sorted(slices.Values(took))
	var sum time.Duration
	for _, d := range sorted {
		sum += d
	}
	mean := micros(sum) / float64(len(sorted))
	return figure{
		Volumes: volumes, Name: name, Results: results,
		P50: micros(sorted[len(sorted)/2]), P99: micros(sorted[len(sorted)*99/100]), Mean: mean,
		PerResult: micros(sum) / float64(max(1, results)), PerSecond: 1e6 / mean,
	}
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
