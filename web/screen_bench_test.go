package web_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// holding names the stream that a process of this test's program holds open, many times over; holdingAs is its cookie.
const holding, holdingAs = "PARLEY_HOLD_STREAM", "PARLEY_HOLD_COOKIE"

// openStreams and liveMovements are the load under which a stop has to be on screen.
const openStreams, liveMovements = 10_000, 1_000

func TestMain(m *testing.M) {
	if url := os.Getenv(holding); url != "" {
		if err := hold(url, os.Getenv(holdingAs)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// hold opens streams and reads them until its input ends: they are in a process of their own, as each takes a descriptor on both sides.
func hold(url, cookie string) error {
	transport := &http.Transport{MaxIdleConnsPerHost: -1}
	for range openStreams {
		r, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		r.Header.Set("Cookie", cookie)
		answer, err := transport.RoundTrip(r)
		if err != nil {
			return err
		}
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("a stream: %s", answer.Status)
		}
		go io.Copy(io.Discard, answer.Body) // ends with the process
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// The time from the moment an officer's stop is sent to the first frame of a real browser that shows it, with 10,000 streams of the same
// parties open and 1,000 movements live on the node. Every stream is told of every stop.
func BenchmarkStopOnScreen(b *testing.B) {
	h := newHouse(b)
	for i := range liveMovements {
		at := func(n float64) (lat, lon float64) {
			return 34.5003 + float64(i%100)*0.01 + n, 40.1003 + float64(i/100)*0.02
		}
		move := h.Must(h.Org, func(d *draft.Draft) parley.Body {
			lat, lon := at(0)
			return &parley.MovementNotify{Movement: cast.Convoy(d, h.node.Now(), cast.At(lat, lon), cast.At(lat+0.0507, lon+0.0507), cast.At(lat+0.1007, lon+0.1007), h.A.Ref)}
		}).Ref
		h.Tell(h.Org, &parley.MovementReport{Movement: move, Status: parley.MovementDeparted, Leg: 1, At: h.node.Now()})
	}
	browser := h.newBrowser()
	browser.enter("en", h.A.Ref, "Nadia", parley.DutyOfficer)
	browser.open("/en/watch")
	browser.until("the line", "document.documentElement.dataset.line === 'live'")

	streams := exec.Command(os.Args[0])
	cookie := h.visit(h.A.Second).cookies()[0]
	streams.Env = append(os.Environ(), holding+"="+h.server.URL+"/v1/inbox/stream?from=10000000", holdingAs+"="+cookie.Name+"="+cookie.Value)
	streams.Stderr = os.Stderr
	in, err := streams.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := streams.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		in.Close()
		if err := streams.Wait(); err != nil {
			b.Error(err)
		}
	}()
	for deadline := time.Now().Add(2 * time.Minute); h.lines.Load() < openStreams; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatalf("%d streams are open; expected %d", h.lines.Load(), openStreams)
		}
	}
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		browser.shownAt()
		place := cast.At(36.1003+float64(i%50)*0.02, 38.1003+float64(i/50)*0.02)
		begin := time.Now()
		stop := h.Tell(h.Org, &parley.StopRaise{Place: &place}).Ref
		browser.until("the stop on screen", "window.shownAt > 0")
		times = append(times, time.UnixMicro(eval[int64](browser, "Math.round(window.shownAt * 1000)")).Sub(begin))
		h.Tell(h.A.Officer, &parley.StopTake{Stop: stop})
		h.Must(h.A.Officer, func(d *draft.Draft) parley.Body { return &parley.StopStandDown{Stop: stop, Report: d.Text("measured")} })
		browser.until("quiet", "!document.querySelector('[data-raised]')")
	}
	slices.Sort(times)
	at := func(q float64) float64 { return times[int(q*float64(len(times)-1))].Seconds() * 1000 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// shownAt has the page note, in milliseconds since 1970, the first frame in which a stop waits.
func (b *browser) shownAt() {
	eval[bool](b, `(() => {
		window.shownAt = 0
		const look = () => document.querySelector('[data-raised]') ? requestAnimationFrame(() => window.shownAt = performance.timeOrigin + performance.now()) : requestAnimationFrame(look)
		requestAnimationFrame(look)
		return true
	})()`)
}
