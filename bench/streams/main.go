// Command streams measures an urgent stop on a busy node: from the moment it is raised until every open stream has it, while movements check in.
//
// A server in one process, everything else in another. 100 parties with 100 officers each hold a stream open, 1,000 movements are on the
// road. Stops are raised about an object that five parties hold, and about a place, which concerns everyone.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/api"
	"parley/bench/child"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/node"
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "internal: serve this folder")
	streams := flag.Int("streams", 10_000, "open streams, over 100 parties")
	moves := flag.Int("movements", 1_000, "movements on the road")
	rate := flag.Int("rate", 100, "check-ins a second while stops are raised")
	flag.Parse()
	var err error
	if *serve != "" {
		err = child.Serve(*serve, "127.0.0.1:0", "", "")
	} else {
		err = run(*streams, *moves, *rate)
	}
	if err != nil {
		log.Fatal(err)
	}
}

const parties = 100

// stage is the theatre that is measured.
type stage struct {
	theatre parley.Hash
	org     *cast.Person
	moves   []parley.Ref
	site    parley.Ref     // held by five parties
	watch   []*cast.Person // an officer of each party
}

// prepare opens a theatre with parties, movements on the road and a site.
func prepare(folder string, moves int) (*stage, error) {
	t := &cast.Silent{}
	data, theatre, trustees := cast.FolderAt(t, folder, cast.Profile(), time.Now().UnixMilli()-1000)
	n, err := node.Open(context.Background(), node.Config{Folder: data})
	if err != nil {
		return nil, err
	}
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, func() int64 { return time.Now().UnixMilli() })
	s := &stage{theatre: theatre, org: c.Org}
	for i := range parties {
		ref := c.Must(c.Trustees[0], func(d *draft.Draft) parley.Body {
			return &parley.PartyAdmit{Name: d.Text(fmt.Sprintf("Party %d", i)), PartyKind: parley.Force}
		}, c.Trustees[1]).Ref
		s.watch = append(s.watch, c.Enrol(ref, parley.DutyOfficer))
	}
	five := []parley.Ref{s.watch[0].Account, s.watch[1].Account, s.watch[2].Account, s.watch[3].Account, s.watch[4].Account}
	s.site = c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528, 39.0079), c.Now(), five...)}
	}).Ref
	c.Release(cast.V(s.site, 1), five...)
	for i := range moves {
		a := cast.At(33+float64(i%40)/13.7, 37+float64(i/40)/7.3)
		ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
			b, e := geo.Position{Lon: a.Lon + 100_003, Lat: a.Lat}, geo.Position{Lon: a.Lon + 200_007, Lat: a.Lat}
			return &parley.MovementNotify{Movement: cast.Convoy(d, c.Now()+parley.Minute, a, b, e, s.watch[i%parties].Account)}
		}).Ref
		c.Release(cast.V(ref, 1), s.watch[i%parties].Account)
		c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, At: c.Now()})
		s.moves = append(s.moves, ref)
	}
	return s, n.Close()
}

func run(streams, moves, rate int) error {
	folder, err := os.MkdirTemp("", "parley-streams-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	s, err := prepare(filepath.Join(folder, "data"), moves)
	if err != nil {
		return err
	}
	server, err := child.Start("-serve", filepath.Join(folder, "data"))
	if err != nil {
		return err
	}
	b := &bench{stage: s, url: server.URL, heard: make(chan heard, 1<<20), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 0}}}
	idle, err := server.Use()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := b.open(streams); err != nil {
		return err
	}
	full, err := server.Use()
	if err != nil {
		return err
	}
	fmt.Printf("%d streams open after %.1f s: %.1f kB of heap and stacks each on the server\n", streams, time.Since(begin).Seconds(), float64(full.Memory-idle.Memory)/float64(streams)/1024)
	done, stop := make(chan struct{}), make(chan struct{})
	go func() { // ends with stop
		defer close(done)
		b.checkIn(rate, stop)
	}()
	for _, kind := range []string{"object", "place"} {
		if err := b.stops(kind, 20, streams); err != nil {
			return err
		}
	}
	close(stop)
	<-done
	fmt.Printf("meanwhile %d check-ins at %d/s: p50 %s, p99 %s\n", len(b.times), rate, at(b.times, 0.5), at(b.times, 0.99))
	if err := b.flood(64, 10_000); err != nil {
		return err
	}
	_, err = server.Stop()
	return err
}

// heard is one stream's word of a stop.
type heard struct {
	stop parley.Ref
	at   time.Time
}

type bench struct {
	*stage
	url    string
	client *http.Client
	heard  chan heard
	times  []time.Duration
}

// session opens a session and returns its token.
func (b *bench) session(key ed25519.PrivateKey) (string, error) {
	var challenge struct{ Challenge string }
	if err := b.post("/v1/sessions/challenge", map[string]any{"key": draft.KeyOf(key).ID()}, &challenge); err != nil {
		return "", err
	}
	var session struct{ Token string }
	err := b.post("/v1/sessions", map[string]any{"challenge": challenge.Challenge, "signature": ed25519.Sign(key, api.ChallengeText(b.theatre, challenge.Challenge))}, &session)
	return session.Token, err
}

func (b *bench) post(path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := b.client.Post(b.url+path, "application/json", bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if text, err = io.ReadAll(r.Body); err != nil {
		return err
	}
	if r.StatusCode >= 300 {
		return fmt.Errorf("%s: %d %s", path, r.StatusCode, text)
	}
	return json.Unmarshal(text, answer)
}

// open opens the streams, each with a session of its own.
func (b *bench) open(streams int) error {
	transport := &http.Transport{MaxIdleConnsPerHost: -1}
	var failed atomic.Pointer[error]
	var wait sync.WaitGroup
	gate := make(chan struct{}, 32)
	for i := range streams {
		wait.Add(1)
		gate <- struct{}{}
		go func() {
			defer func() { <-gate; wait.Done() }()
			if err := b.stream(transport, b.watch[i%parties]); err != nil {
				failed.Store(&err)
			}
		}()
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

func (b *bench) stream(transport *http.Transport, p *cast.Person) error {
	token, err := b.session(p.Key)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodGet, b.url+"/v1/inbox/stream?from=10000000", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream: status %d", answer.StatusCode)
	}
	ready := make(chan struct{})
	go func() { // ends with the server
		defer answer.Body.Close()
		lines := bufio.NewReaderSize(answer.Body, 512)
		for first := true; ; first = false {
			line, err := lines.ReadString('\n')
			if first {
				close(ready)
			}
			if err != nil {
				return
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok && strings.Contains(data, `"urgent_stop"`) {
				var n struct{ Object parley.Ref }
				if json.Unmarshal([]byte(data), &n) == nil {
					b.heard <- heard{n.Object, time.Now()}
				}
			}
		}
	}()
	<-ready
	return nil
}

// say signs and sends a command, and returns what it made.
func (b *bench) say(key ed25519.PrivateKey, body parley.Body) (parley.Ref, error) {
	d := &draft.Draft{Theatre: b.theatre, MadeAt: time.Now().UnixMilli()}
	s, err := d.Sign(body, key)
	if err != nil {
		return "", err
	}
	var result struct{ Ref parley.Ref }
	return result.Ref, b.post("/v1/commands", map[string]any{"envelope": json.RawMessage(s.Envelope)}, &result)
}

// stops raises stops one after another and waits until every stream that is concerned has each.
func (b *bench) stops(kind string, count, streams int) error {
	concerned := streams
	if kind == "object" {
		concerned = streams / parties * 5
	}
	var all, last []time.Duration
	for i := range count {
		body := &parley.StopRaise{Object: b.site}
		if kind == "place" {
			p := cast.At(30.1+float64(i)/10, 44.2)
			body = &parley.StopRaise{Place: &p}
		}
		begin := time.Now()
		ref, err := b.say(b.org.Key, body)
		if err != nil {
			return err
		}
		worst := time.Duration(0)
		for range concerned {
			select {
			case h := <-b.heard:
				if h.stop != ref {
					return fmt.Errorf("a stream heard of %s; %s was raised", h.stop, ref)
				}
				all, worst = append(all, h.at.Sub(begin)), max(worst, h.at.Sub(begin))
			case <-time.After(time.Minute):
				return fmt.Errorf("a minute after %s was raised not every stream has it", ref)
			}
		}
		last = append(last, worst)
		if _, err := b.say(b.watch[0].Key, &parley.StopTake{Stop: ref}); err != nil {
			return err
		}
		// Stood down, so that the next one about the object is a stop of its own.
		d := &draft.Draft{Theatre: b.theatre, MadeAt: time.Now().UnixMilli()}
		s, err := d.Sign(&parley.StopStandDown{Stop: ref, Report: d.Text("measured")}, b.watch[0].Key)
		if err != nil {
			return err
		}
		var result struct{}
		if err := b.post("/v1/commands", map[string]any{"envelope": json.RawMessage(s.Envelope), "payloads": s.Payloads}, &result); err != nil {
			return err
		}
	}
	slices.Sort(all)
	slices.Sort(last)
	fmt.Printf("stop by %s, %d raised, %d streams each: raised to received p50 %s, p99 %s, last stream p50 %s, worst %s\n", kind, count, concerned, at(all, 0.5), at(all, 0.99),
		at(last, 0.5), last[len(last)-1].Round(time.Millisecond/10))
	return nil
}

// checkIn has movements report at a rate until stop is closed.
func (b *bench) checkIn(rate int, stop <-chan struct{}) {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-stop:
			slices.Sort(b.times)
			return
		case <-tick.C:
			begin := time.Now()
			if _, err := b.say(b.org.Key, &parley.MovementReport{Movement: b.moves[i%len(b.moves)], Status: parley.MovementResumed, At: begin.UnixMilli()}); err != nil {
				log.Print(err)
			}
			b.times = append(b.times, time.Since(begin))
		}
	}
}

// flood has movements report as fast as some clients can, with every stream open.
func (b *bench) flood(clients, count int) error {
	bodies := make([][]byte, count)
	for i := range bodies {
		d := &draft.Draft{Theatre: b.theatre, MadeAt: time.Now().UnixMilli()}
		s, err := d.Sign(&parley.MovementReport{Movement: b.moves[i%len(b.moves)], Status: parley.MovementResumed, At: d.MadeAt}, b.org.Key)
		if err != nil {
			return err
		}
		if bodies[i], err = json.Marshal(map[string]any{"envelope": json.RawMessage(s.Envelope)}); err != nil {
			return err
		}
	}
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wait sync.WaitGroup
	begin := time.Now()
	for range clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := int(next.Add(1)) - 1; i < count && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				r, err := b.client.Post(b.url+"/v1/commands", "application/json", bytes.NewReader(bodies[i]))
				if err == nil {
					_, _ = io.Copy(io.Discard, r.Body)
					if r.Body.Close(); r.StatusCode != http.StatusCreated {
						err = fmt.Errorf("status %d", r.StatusCode)
					}
				}
				if err != nil {
					failed.Store(&err)
				}
			}
		}()
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	took := time.Since(begin)
	fmt.Printf("%d check-ins by %d clients with every stream open: %.0f/s; %d processors\n", count, clients, float64(count)/took.Seconds(), runtime.NumCPU())
	return nil
}

// at returns a quantile of sorted times.
func at(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[int(q*float64(len(times)-1))].Round(time.Millisecond / 10)
}
