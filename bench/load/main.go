// Command load measures durable signed commands per second over TCP: a server in one process, clients in another.
//
// One request carries one command, unless -batch says otherwise. Commands are signed before the clock starts. Afterwards the
// journal is verified to hold as many commands as were acknowledged. Meanwhile the log's checkpoint is watched, and the longest time
// without a new one is printed.
//
// With -for it soaks instead: a steady rate for that long, with the server's memory, goroutines, open files and answers each minute.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/bench/child"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "internal: serve this folder")
	listen := flag.String("listen", "127.0.0.1:0", "internal: address to serve on")
	clients := flag.Int("clients", 64, "connections, each with one request at a time")
	count := flag.Int("n", 50_000, "commands")
	kind := flag.String("kind", "site", "site: site.notify with 4 texts; revalidate: site.revalidate without any")
	batch := flag.Int("batch", 1, "commands a request")
	folder := flag.String("folder", "", "folder for the data; a temporary one when empty")
	database := flag.String("journal", "", "a PostgreSQL database, empty: the journal is moved there and served from it")
	soaked := flag.Duration("for", 0, "soak for so long, in whole minutes, at -rate")
	rate := flag.Float64("rate", 0, "with -for, commands a second; 0 measures for ten seconds and takes half")
	profile := flag.String("profile", "", "write the server's CPU profile to this file")
	flag.Parse()
	var err error
	if *serve != "" {
		err = child.Serve(*serve, *listen, *database, *profile)
	} else if *soaked > 0 {
		err = soak(soaking{*soaked, *rate, *clients, *kind, *folder, *database})
	} else {
		err = run(*clients, *count, *kind, *batch, *folder, *database, *profile)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(clients, count int, kind string, batch int, folder, database, profile string) error {
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "parley-load-"); err != nil {
			return err
		}
		defer os.RemoveAll(folder)
	}
	data := filepath.Join(folder, "data")
	theatre, org, party, err := prepare(data)
	if err != nil {
		return err
	}
	bodies, err := sign(theatre, org, party, count, kind, batch, data)
	if err != nil {
		return err
	}
	before, err := size(data)
	if err != nil {
		return err
	}
	if database != "" {
		if err := move(data, database); err != nil {
			return err
		}
	}
	server, err := child.Start("-serve", data, "-journal", database, "-profile", profile)
	if err != nil {
		return err
	}
	url := server.URL
	if batch > 1 {
		url += "/v1/commands/batch"
	} else {
		url += "/v1/commands"
	}
	monitor, err := watch(server.URL, data)
	if err != nil {
		return err
	}
	took, times, acknowledged, err := post(url, bodies, clients, batch)
	if err := errors.Join(err, monitor.stop()); err != nil {
		return err
	}
	spent, err := server.Stop()
	if err != nil {
		return err
	}
	if database != "" {
		if err := bring(data, database); err != nil {
			return err
		}
	}
	applied, sync, err := verify(data, before, kind)
	if err != nil {
		return err
	}
	if applied != acknowledged {
		return fmt.Errorf("%d commands acknowledged, %d in the journal", acknowledged, applied)
	}
	slices.Sort(times)
	at := func(q float64) float64 { return times[int(q*float64(len(times)-1))].Seconds() * 1000 }
	cpu := spent.Microseconds() / int64(acknowledged)
	fmt.Printf("%s\tbatch %d\tclients %d\t%.0f commands/s\tp50 %.2f ms\tp99 %.2f ms\t%d acknowledged = %d in the journal\tserver %d µs of processor a command\tsynchronous=%s\t%d checkpoints, largest gap %.0f ms\n",
		kind, batch, clients, float64(acknowledged)/took.Seconds(), at(0.5), at(0.99), acknowledged, applied, cpu, sync, monitor.count, monitor.largest.Seconds()*1000)
	return nil
}

// move writes the journal of a folder into an empty database.
func move(data, database string) error {
	local, err := journal.OpenSQLite(context.Background(), data)
	if err != nil {
		return err
	}
	there, err := journal.OpenPostgres(context.Background(), database, data)
	if err != nil {
		return errors.Join(err, local.Close())
	}
	_, err = journal.Copy(context.Background(), there, local)
	return errors.Join(err, there.Close(), local.Close())
}

// bring brings the copy in a folder to the database's head.
func bring(data, database string) error {
	shared, err := journal.OpenShared(context.Background(), database, data, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(shared.Compare(context.Background()), shared.Close())
}

// prepare opens a theatre with an organisation and a party.
func prepare(data string) (theatre parley.Hash, org *cast.Person, party parley.Ref, err error) {
	t := &cast.Silent{}
	folder, theatre, trustees := cast.FolderAt(t, data, cast.Profile(), time.Now().UnixMilli()-1000)
	n, err := node.Open(context.Background(), node.Config{Folder: folder})
	if err != nil {
		return theatre, nil, "", err
	}
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, func() int64 { return time.Now().UnixMilli() })
	return theatre, c.Org, c.A.Ref, n.Close()
}

// writer writes commands of one kind, signed; one goroutine uses it at a time.
type writer struct {
	theatre parley.Hash
	org     *cast.Person
	party   parley.Ref
	random  *rand.Rand
	known   parley.Ref // the site that is revalidated; "": each command notifies one
}

func newWriter(theatre parley.Hash, org *cast.Person, party parley.Ref, kind, data string) (*writer, error) {
	w := &writer{theatre: theatre, org: org, party: party, random: rand.New(rand.NewPCG(1, 1))}
	if kind != "revalidate" {
		return w, nil
	}
	n, err := node.Open(context.Background(), node.Config{Folder: data})
	if err != nil {
		return nil, err
	}
	s, err := w.sign()
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	receipt, err := n.Submit(context.Background(), s.Envelope, s.Payloads)
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	w.known = receipt.Outcome.Ref
	return w, n.Close()
}

func (w *writer) sign() (*draft.Submission, error) {
	d := &draft.Draft{Theatre: w.theatre, MadeAt: time.Now().UnixMilli()}
	if w.known != "" {
		return d.Sign(&parley.SiteRevalidate{Of: parley.Versioned{Ref: w.known, Version: 1}}, w.org.Key)
	}
	at := cast.At(30+w.random.Float64()*7, 36+w.random.Float64()*12)
	return d.Sign(&parley.SiteNotify{Site: cast.Hospital(d, at, cast.Start, w.party)}, w.org.Key)
}

// next returns the body of a request with one more command.
func (w *writer) next() ([]byte, error) {
	s, err := w.sign()
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"envelope": json.RawMessage(s.Envelope), "payloads": s.Payloads})
}

// sign makes every request's body before the clock starts.
func sign(theatre parley.Hash, org *cast.Person, party parley.Ref, count int, kind string, batch int, data string) ([][]byte, error) {
	w, err := newWriter(theatre, org, party, kind, data)
	if err != nil {
		return nil, err
	}
	bodies := make([][]byte, 0, count/batch)
	var group []json.RawMessage
	for range count {
		text, err := w.next()
		if err != nil {
			return nil, err
		}
		if batch == 1 {
			bodies = append(bodies, text)
			continue
		}
		if group = append(group, text); len(group) == batch {
			text, err := json.Marshal(map[string]any{"commands": group})
			if err != nil {
				return nil, err
			}
			bodies, group = append(bodies, text), nil
		}
	}
	return bodies, nil
}

// post sends every body over as many connections as there are clients, and returns how long that took and each request.
func post(url string, bodies [][]byte, clients, batch int) (time.Duration, []time.Duration, int, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}
	times := make([]time.Duration, len(bodies))
	var next, acknowledged atomic.Int64
	var failed atomic.Pointer[error]
	var wait sync.WaitGroup
	start := time.Now()
	for range clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(bodies) || failed.Load() != nil {
					return
				}
				begin := time.Now()
				n, err := one(client, url, bodies[i], batch)
				if err != nil {
					failed.Store(&err)
					return
				}
				times[i] = time.Since(begin)
				acknowledged.Add(int64(n))
			}
		}()
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		return 0, nil, 0, *err
	}
	return time.Since(start), times, int(acknowledged.Load()), nil
}

func one(client *http.Client, url string, body []byte, batch int) (int, error) {
	r, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, err
	}
	if r.StatusCode >= 300 {
		return 0, fmt.Errorf("status %d: %s", r.StatusCode, text)
	}
	n := bytes.Count(text, []byte(`"outcome":"applied"`))
	if n != batch {
		return 0, fmt.Errorf("%d of %d applied: %.300s", n, batch, text)
	}
	return n, nil
}

func size(data string) (uint64, error) {
	j, err := journal.OpenSQLite(context.Background(), data)
	if err != nil {
		return 0, err
	}
	defer j.Close()
	head, err := j.Head(context.Background())
	return head.Size, err
}

// verify reads the journal again and counts the commands of the run that took effect.
func verify(data string, before uint64, kind string) (applied int, synchronous string, err error) {
	j, err := journal.OpenSQLite(context.Background(), data)
	if err != nil {
		return 0, "", err
	}
	defer j.Close()
	settings, err := j.(*journal.SQLite).Settings(context.Background())
	if err != nil {
		return 0, "", err
	}
	want := parley.CommandKind("site.notify")
	if kind == "revalidate" {
		want = "site.revalidate"
	}
	state := channel.New()
	_, err = journal.Verify(context.Background(), j, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			if out, _ := state.Apply(e.Time, signed); out.Code == parley.Applied && out.Kind == want && out.Position >= before {
				applied++
			}
		}
		return nil
	})
	return applied, fmt.Sprint(settings.Synchronous), err
}
