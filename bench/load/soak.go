package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/bench/child"
)

// soaking says how a server is soaked.
type soaking struct {
	duration time.Duration
	rate     float64 // commands a second; 0: half of what it takes
	clients  int
	kind     string
	folder   string
	database string
}

// minute is what was seen of one minute.
type minute struct {
	acknowledged int // since the start
	answered     int // in this minute
	p50, p99     time.Duration
	use          child.Use
}

// soak sends commands at a steady rate and prints each minute what the server uses and how long answers take. The journal is verified
// afterwards; it fails when an answer is missing, or when judge finds that something is not flat.
func soak(s soaking) (err error) {
	planned := s.duration.Round(time.Minute)
	if planned == 0 {
		return fmt.Errorf("-for: read %s, expected a minute or more", s.duration)
	}
	if s.folder == "" {
		if s.folder, err = os.MkdirTemp("", "parley-soak-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.folder)) }()
	}
	data := filepath.Join(s.folder, "data")
	theatre, org, party, err := prepare(data)
	if err != nil {
		return err
	}
	w, err := newWriter(theatre, org, party, s.kind, data)
	if err != nil {
		return err
	}
	before, err := size(data)
	if err != nil {
		return err
	}
	if s.database != "" {
		if err := move(data, s.database); err != nil {
			return err
		}
	}
	server, err := child.Start("-serve", data, "-journal", s.database)
	if err != nil {
		return err
	}
	monitor, err := watch(server.URL, data)
	if err != nil {
		return err
	}
	f := &flow{url: server.URL + "/v1/commands", clients: s.clients, writer: w}
	if s.rate == 0 {
		f.run(10*time.Second, 1e9, nil) // all are due at once
		s.rate = float64(f.total) / 10 / 2
		f.times = nil
		fmt.Printf("ten seconds of %d clients: %.0f commands/s, so the rate is %.0f\n", s.clients, s.rate*2, s.rate)
	}
	var seen []minute
	f.run(planned, s.rate, func() {
		m, err := f.minute(server)
		if err != nil {
			f.fail(err)
			return
		}
		seen = append(seen, m)
		fmt.Printf("minute %d\t%.0f commands/s\tp50 %.2f ms\tp99 %.2f ms\theap and stacks %.1f MB\tresident %.1f MB\tgoroutines %d\topen files %d\n",
			len(seen), float64(m.answered)/60, m.p50.Seconds()*1000, m.p99.Seconds()*1000, float64(m.use.Memory)/1e6, float64(m.use.Resident)/1e6, m.use.Goroutines, m.use.Files)
	})
	watched := monitor.stop() // before there is nothing to watch
	_, stopped := server.Stop()
	if err := errors.Join(f.err, watched, stopped); err != nil {
		return err
	}
	if s.database != "" {
		if err := bring(data, s.database); err != nil {
			return err
		}
	}
	applied, _, err := verify(data, before, s.kind)
	if err != nil {
		return err
	}
	if applied != f.total {
		return fmt.Errorf("%d commands acknowledged, %d in the journal", f.total, applied)
	}
	fmt.Printf("%s\t%s at %.0f commands/s: %d acknowledged = %d in the journal\t%d checkpoints, largest gap %.0f ms\n",
		s.kind, planned, s.rate, f.total, applied, monitor.count, monitor.largest.Seconds()*1000)
	return judge(seen, s.rate, s.kind)
}

// flow sends commands at times that are fixed beforehand: an answer's time counts from when its command was due, so that a server that
// stands still for a second is seen in every command of that second.
type flow struct {
	url     string
	clients int

	mu     sync.Mutex // guards what follows
	writer *writer
	times  []time.Duration // of this minute
	total  int             // acknowledged since the start
	err    error
}

// run sends for so long, and calls each at the end of every minute.
func (f *flow) run(duration time.Duration, rate float64, each func()) {
	ctx, cancel := context.WithTimeout(context.Background(), duration)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: f.clients, MaxConnsPerHost: f.clients}}
	defer client.CloseIdleConnections()
	start := time.Now()
	var number int // of the next command; guarded by f.mu
	var wait sync.WaitGroup
	for range f.clients {
		wait.Go(func() {
			for {
				f.mu.Lock()
				due := time.Duration(float64(number) / rate * float64(time.Second))
				if f.err != nil || due >= duration || ctx.Err() != nil {
					f.mu.Unlock()
					return
				}
				number++
				body, err := f.writer.next()
				f.mu.Unlock()
				time.Sleep(due - time.Since(start))
				if err == nil {
					_, err = one(client, f.url, body, 1)
				}
				f.answered(time.Since(start)-due, err)
			}
		})
	}
	if each != nil {
		for at := time.Minute; at <= duration; at += time.Minute {
			time.Sleep(at - time.Since(start))
			each()
		}
	}
	wait.Wait()
}

func (f *flow) answered(took time.Duration, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.err = errors.Join(f.err, err)
		return
	}
	f.total++
	f.times = append(f.times, took)
}

func (f *flow) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = errors.Join(f.err, err)
}

// minute takes what was answered since it was last asked.
func (f *flow) minute(server *child.Child) (m minute, err error) {
	f.mu.Lock()
	times := f.times
	f.times, m.acknowledged = nil, f.total
	f.mu.Unlock()
	if len(times) == 0 {
		return m, errors.New("no command was answered for a minute")
	}
	slices.Sort(times)
	m.answered, m.p50, m.p99 = len(times), times[(len(times)-1)/2], times[(len(times)-1)*99/100]
	m.use, err = server.Use()
	return m, err
}

const (
	warmUp    = 1   // minutes that are not judged
	leastSoak = 4   // minutes that can be judged at all
	steeper   = 1.5 // how much more memory a command may take in the second half than in the first
	slower    = 1.5 // how much higher the median of the minutes' p99 may be in the second half than in the first
	more      = 16  // goroutines, and open files, that may be added from the first judged minute to the last
	keptUp    = 0.99
	residents = 3 // how often the memory in use may be resident, with 256 MB over it
)

// kept is the most memory, in bytes, that a command may leave behind: the state keeps the outcome of every command, and a record of each site.
var kept = map[string]float64{"revalidate": 1_500, "site": 15_000}

// judge says what is not flat.
//
// Memory grows with what the state keeps, so it is judged by the command: the slope of the memory in use over the commands that were
// acknowledged, by least squares, is at most what a command of its kind leaves behind, and in the second half of the minutes not 1.5
// times that in the first. p99: the median of the second half's minutes is not 1.5 times the first half's. Goroutines and open files: at
// most 16 more in the last minute than in the first. Resident memory: at most three times the memory in use, and 256 MB. Rate: 99 %. The
// first minute is not judged.
func judge(all []minute, rate float64, kind string) error {
	if len(all) < warmUp+leastSoak {
		fmt.Printf("%d minutes are too few to judge, expected %d\n", len(all), warmUp+leastSoak)
		return nil
	}
	all = all[warmUp:]
	first, second := all[:len(all)/2], all[len(all)/2:]
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }

	whole, early, late := slope(all), slope(first), slope(second)
	fmt.Printf("memory: %.0f bytes a command; %.0f in the first half, %.0f in the second\n", whole, early, late)
	if whole > kept[kind] {
		fault("memory grew by %.0f bytes a command, expected at most %.0f", whole, kept[kind])
	}
	if late > steeper*max(early, kept[kind]/4) { // a slope near nothing has no ratio
		fault("memory grew by %.0f bytes a command in the first half and by %.0f in the second, expected at most %.1f times as much", early, late, steeper)
	}
	before, after := medianP99(first), medianP99(second)
	fmt.Printf("p99: median %.2f ms in the first half, %.2f ms in the second\n", before.Seconds()*1000, after.Seconds()*1000)
	if after.Seconds() > slower*before.Seconds() {
		fault("p99 rose from %s to %s, expected at most %.1f times as much", before, after, slower)
	}
	from, to := all[0].use, all[len(all)-1].use
	if to.Goroutines > from.Goroutines+more {
		fault("goroutines rose from %d to %d, expected at most %d more", from.Goroutines, to.Goroutines, more)
	}
	if to.Files > from.Files+more {
		fault("open files rose from %d to %d, expected at most %d more", from.Files, to.Files, more)
	}
	if to.Resident > residents*to.Memory+256e6 {
		fault("%d bytes are resident and %d in use, expected at most %d times those and 256 MB", to.Resident, to.Memory, residents)
	}
	for i, m := range all {
		if float64(m.answered) < keptUp*rate*60 {
			fault("minute %d: %d commands were answered, expected %.0f", i+1+warmUp, m.answered, rate*60)
		}
	}
	if faults != nil {
		return errors.New("not flat: " + strings.Join(faults, "; "))
	}
	fmt.Println("flat")
	return nil
}

// slope returns bytes of memory a command, by least squares.
func slope(of []minute) float64 {
	var x, y, xx, xy float64
	for _, m := range of {
		a, b := float64(m.acknowledged), float64(m.use.Memory)
		x, y, xx, xy = x+a, y+b, xx+a*a, xy+a*b
	}
	n := float64(len(of))
	return (n*xy - x*y) / (n*xx - x*x)
}

func medianP99(of []minute) time.Duration {
	var all []time.Duration
	for _, m := range of {
		all = append(all, m.p99)
	}
	slices.Sort(all)
	return all[len(all)/2]
}
