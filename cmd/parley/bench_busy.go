package main

import (
	"runtime"
	"sync/atomic"
	"time"

	"parley/index"
)

// busy measures queries while another goroutine puts volumes, takes some out and lets others expire, at the pace that is asked for or as fast as it can. Each query is asked once a round and every
// time counts; the same is done before, on the quiet index, to compare with.
func (b *bench) busy() {
	quiet := b.everyTime("parley, every time, quiet", func() bool { return false })
	stop, ended := make(chan struct{}), make(chan struct{})
	var puts, taken atomic.Int64
	began := time.Now()
	go func() {
		defer close(ended)
		b.write(stop, &puts, &taken)
	}()
	busy := b.everyTime("parley, every time, busy", func() bool { return time.Since(began) < busyLeast })
	took := time.Since(began).Seconds()
	rate, out := float64(puts.Load())/took, float64(taken.Load())/took
	close(stop)
	<-ended
	b.note("while queries ran, %.0f volumes were put a second and %.0f taken out; p99 %.2f times that of the quiet index", rate, out, busy.P99/quiet.P99)
}

// busyLeast is how long the writer writes at least.
const busyLeast = 10 * time.Second

// everyTime asks all queries for some rounds, and for more while it is told to.
func (b *bench) everyTime(name string, more func() bool) figure {
	var all []time.Duration
	results := 0
	runtime.GC()
	for round := 0; round < b.cmd.Rounds || more(); round++ {
		for i := range b.queries {
			began := time.Now()
			results += len(b.index.Find(b.queries[i].Volume))
			all = append(all, time.Since(began))
		}
	}
	f := newFigure(b.size, name, all, results)
	b.lines = append(b.lines, f)
	return f
}

// write puts volumes under new ids, and once it has put a tenth of what was there takes the oldest of its own out for each new one. After each thousand it lets
// expire what has ended by a clock that passes through the sixty days while ten million are put.
func (b *bench) write(stop chan struct{}, puts, taken *atomic.Int64) {
	first := b.items[0].Volume.Window.From
	for i := range b.items {
		first = min(first, b.items[i].Volume.Window.From)
	}
	const clock = 60 * 86_400_000 / 10_000_000 // milliseconds a volume
	began := time.Now()
	for n := 0; ; n++ {
		var wait time.Duration
		if b.cmd.Pace > 0 && n%100 == 0 {
			wait = time.Until(began.Add(time.Duration(n) * time.Second / time.Duration(b.cmd.Pace)))
		}
		select {
		case <-stop:
			return
		default:
			time.Sleep(wait)
		}
		id := index.ID(b.size + n)
		b.index.Put(id, b.items[n%len(b.items)].Volume)
		puts.Add(1)
		if own := max(1000, b.size/10); n >= own {
			b.index.Remove(id - index.ID(own))
			taken.Add(1)
		}
		if n%1000 == 999 {
			before := b.index.Len()
			b.index.Expire(first + int64(n)*clock)
			taken.Add(int64(before - b.index.Len()))
		}
	}
}
