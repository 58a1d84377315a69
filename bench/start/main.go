// Command start measures how long a node takes to start, from nothing and from a snapshot, and what its state weighs.
//
// The journal holds a day's mixture: of five commands, one notifies a site with four texts, one verifies it, one releases it to a
// party, one acknowledges it, one re-validates it. It is written block by block without a server, every signature real.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
)

func main() {
	log.SetFlags(0)
	count := flag.Int("n", 100_000, "commands")
	folder := flag.String("folder", "", "folder for the data; a temporary one when empty")
	opened := flag.String("open", "", "internal: open this folder")
	objects := flag.Int("objects", 1, "internal: objects in it")
	flag.Parse()
	if *opened != "" {
		if err := open(*opened, *objects); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(*count, *folder); err != nil {
		log.Fatal(err)
	}
}

func run(count int, folder string) error {
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "parley-start-"); err != nil {
			return err
		}
		defer os.RemoveAll(folder)
	}
	data := filepath.Join(folder, "data")
	at := time.Now().UnixMilli() - 1000
	_, theatre, trustees := cast.FolderAt(&cast.Silent{}, data, cast.Profile(), at)
	begin := time.Now()
	objects, err := write(data, theatre, trustees, count)
	if err != nil {
		return err
	}
	fmt.Printf("wrote %d commands about %d objects in %.1f s\n", count, objects, time.Since(begin).Seconds())
	if err := again(data, "from nothing", objects); err != nil {
		return err
	}
	return again(data, "from a snapshot", objects)
}

// again opens the folder in a process of its own, as a server would.
func again(data, how string, objects int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "-open", data, "-objects", fmt.Sprint(objects))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	fmt.Printf("start %s: %s", how, out)
	return err
}

// open starts a node, says how long that took and what it weighs, and closes it, which writes a snapshot.
func open(data string, objects int) error {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	n, err := node.Open(context.Background(), node.Config{Folder: data})
	if err != nil {
		return err
	}
	took := time.Since(begin)
	runtime.GC()
	runtime.ReadMemStats(&after)
	begin = time.Now()
	if err := n.Close(); err != nil {
		return err
	}
	fmt.Printf("%.2f s; heap %d MiB, %d bytes an object; closing with a snapshot: %.2f s\n", took.Seconds(), (after.HeapAlloc-before.HeapAlloc)>>20,
		int(after.HeapAlloc-before.HeapAlloc)/objects, time.Since(begin).Seconds())
	return nil
}

// write appends blocks of 1,000 commands with their digests.
func write(data string, theatre parley.Hash, trustees [2]*cast.Person, count int) (objects int, err error) {
	n, err := node.Open(context.Background(), node.Config{Folder: data})
	if err != nil {
		return 0, err
	}
	c := cast.Enter(&cast.Silent{}, cast.OnNode{Node: n}, theatre, trustees, func() int64 { return time.Now().UnixMilli() })
	if err := n.Close(); err != nil {
		return 0, err
	}
	ctx := context.Background()
	j, err := journal.OpenSQLite(ctx, data)
	if err != nil {
		return 0, err
	}
	defer j.Close()
	var chain journal.Chain
	state := channel.New()
	if _, err := journal.Verify(ctx, j, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			state.Apply(e.Time, signed)
		}
		return chain.Follow(b)
	}); err != nil {
		return 0, err
	}
	r := rand.New(rand.NewPCG(2, 2))
	var of parley.Versioned
	var place struct{ lat, lon float64 }
	var entries []journal.Entry
	var payloads []journal.Payload
	log := max(time.Now().UnixMilli(), state.Now())
	digest := state.Digest()
	flush := func() error {
		b, err := chain.Next(journal.Header{Theatre: theatre, Time: log, Digest: digest, Rules: channel.Rules}, entries)
		if err != nil {
			return err
		}
		if err := j.Append(ctx, b, payloads); err != nil {
			return err
		}
		if err := chain.Follow(b); err != nil {
			return err
		}
		digest, entries, payloads = state.Digest(), nil, nil
		return nil
	}
	for i := range count {
		d := &draft.Draft{Theatre: theatre, MadeAt: log}
		who, body := c.Org, parley.Body(nil)
		switch i % 5 {
		case 0:
			place.lat, place.lon = 30+r.Float64()*7, 36+r.Float64()*12
			body = &parley.SiteNotify{Site: cast.Hospital(d, cast.At(place.lat, place.lon), cast.Start, c.A.Ref)}
		case 1:
			who, body = c.Verifier, &parley.ObjectVerify{Of: of, Method: parley.CheckedMap, Source: d.Text("map sheet"), On: log}
		case 2:
			who, body = c.Releaser, &parley.ObjectRelease{Of: of, To: c.A.Ref}
		case 3:
			who, body = c.A.Officer, &parley.ObjectAcknowledge{Of: of, ReadBack: cast.At(place.lat, place.lon)}
		case 4:
			body = &parley.SiteRevalidate{Of: of}
		}
		s, err := d.Sign(body, who.Key)
		if err != nil {
			return 0, err
		}
		signed, _, err := channel.Open(s.Envelope)
		if err != nil {
			return 0, err
		}
		out, refusal := state.Apply(log, signed)
		if refusal != nil {
			return 0, fmt.Errorf("command %d, %s: %v", i, out.Kind, refusal.Fault)
		}
		if i%5 == 0 {
			of = cast.V(out.Ref, 1)
			objects++
		}
		entries = append(entries, journal.Entry{Time: log, Envelope: s.Envelope})
		for _, p := range s.Payloads {
			plain, err := p.MarshalBinary()
			if err != nil {
				return 0, err
			}
			payloads = append(payloads, journal.Payload{Commitment: p.Commitment().Hash, Plain: plain})
		}
		if len(entries) == 1000 || i == count-1 {
			if err := flush(); err != nil {
				return 0, err
			}
		}
	}
	return objects, nil
}
