package main

import (
	"strings"
	"testing"
	"time"

	"parley/bench/child"
)

func TestWhatIsNotFlat(t *testing.T) {
	const rate = 1000
	flat := func() []minute {
		var all []minute
		for i := range 11 {
			all = append(all, minute{acknowledged: (i + 1) * 60 * rate, answered: 60 * rate, p50: time.Millisecond, p99: 10 * time.Millisecond,
				use: child.Use{Memory: 100e6 + uint64(i)*60*rate*500, Resident: 300e6, Goroutines: 75, Files: 90}})
		}
		return all
	}
	for _, c := range []struct {
		name   string
		change func(i int, m *minute)
		want   string // "" is flat
	}{
		{"state that grows by 500 bytes a command", func(int, *minute) {}, ""},
		{"a slow first minute", func(i int, m *minute) {
			if i == 0 {
				m.p99, m.answered, m.use = time.Minute, 1, child.Use{Memory: 1e12}
			}
		}, ""},
		{"one slow minute", func(i int, m *minute) {
			if i == 9 {
				m.p99 = time.Second
			}
		}, ""},
		{"2,000 bytes a command", func(i int, m *minute) { m.use.Memory = uint64(i) * 60 * rate * 2000 }, "memory grew by 2000 bytes a command"},
		{"memory that grows faster and faster", func(i int, m *minute) { m.use.Memory = uint64(i*i) * 60 * rate * 100 }, "in the first half and by"},
		{"p99 that rises", func(i int, m *minute) { m.p99 *= time.Duration(i + 1) }, "p99 rose"},
		{"a goroutine a second", func(i int, m *minute) { m.use.Goroutines += 60 * i }, "goroutines rose from 135 to 675"},
		{"two files a minute", func(i int, m *minute) { m.use.Files += 2 * i }, "open files rose from 92 to 110"},
		{"memory outside the heap", func(i int, m *minute) { m.use.Resident = 1500e6 }, "are resident"},
		{"a minute that did not keep up", func(i int, m *minute) {
			if i == 5 {
				m.answered = 59_000
			}
		}, "minute 6: 59000 commands were answered"},
	} {
		all := flat()
		for i := range all {
			c.change(i, &all[i])
		}
		err := judge(all, rate, "revalidate")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: read %v, expected %q", c.name, err, c.want)
		}
	}
}
