package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/geo"
	"parley/index"
	"parley/internal/draft"
	"parley/internal/workload"
	"parley/node"
)

// fullNode is a node whose party holds every volume of a workload as a site, with an index of the same volumes to compare with.
type fullNode struct {
	*exercise
	profile parley.Profile
	shift   int64 // milliseconds from the workload's time to now: a check asks about what is to come
	index   *index.Index
	numbers map[parley.Ref]index.ID // of the sites

	officer            *person // of the party that holds the sites
	other              parley.Ref
	notifier, verifier *person
}

// fill makes a theatre in a folder, and has each volume notified and released there: three signed commands would be the ordinary way; this takes two, since a verifier may
// release in an emergency what nobody has verified. The list and the index that come of it are the same.
func (b *bench) fill(folder string) (*fullNode, error) {
	e, founders, err := begin(b.ctx, folder, time.Hour)
	if err != nil {
		return nil, err
	}
	f := &fullNode{exercise: e, profile: parley.DefaultProfile(), index: index.New(), numbers: make(map[parley.Ref]index.ID, len(b.items))}
	f.profile.Exercise, f.profile.KeepOut = true, 1
	f.profile.Quotas = parley.Quotas{CheckKM2: 1_000_000, CheckVertices: geo.MaxVertices, CheckAhead: 3660 * parley.Day, ChecksPerHour: 1_000_000, ChecksPerDay: 10_000_000, Indications: 10_000}
	server := filepath.Join(folder, "server")
	if f.theatre, err = foundTheatre(b.ctx, server, "parley.local/bench", "Measured", f.profile, parley.ClockReal, founders, f.now()); err != nil {
		return nil, err
	}
	// Nobody starts this node again: snapshots would be written for nothing.
	if f.node, err = node.Open(b.ctx, node.Config{Folder: server, SnapshotEvery: math.MaxInt64}); err != nil {
		return nil, err
	}
	if err := f.people(); err != nil {
		return nil, errors.Join(err, f.node.Close())
	}
	first := int64(math.MaxInt64)
	for _, all := range [][]workload.Item{b.items, b.queries} {
		for i := range all {
			first = min(first, all[i].Volume.Window.From)
		}
	}
	f.shift = f.end - first
	began := time.Now()
	last := began
	said := func(n int) {
		if time.Since(last) > 30*time.Second {
			last = time.Now()
			b.stage(fmt.Sprintf("%d of them are notified and released after %.0f s", n, time.Since(began).Seconds()))
		}
	}
	if err := f.sites(b.items, said); err != nil {
		return nil, errors.Join(err, f.node.Close())
	}
	took := time.Since(began)
	b.note("a node was filled in %.0f s: %d signed commands, %.0f a second", took.Seconds(), 2*len(b.items), 2*float64(len(b.items))/took.Seconds())
	f.index.Rest()
	f.index.Wait()
	select { // a node puts its index in order once it had nothing to apply for two seconds; that takes it a second for each million
	case <-time.After(4*time.Second + time.Duration(len(b.items))*2*time.Microsecond):
	case <-b.ctx.Done():
		return nil, errors.Join(b.ctx.Err(), f.node.Close())
	}
	return f, nil
}

// people admits those who speak.
func (f *fullNode) people() error {
	enrol := func(account parley.Ref, name string, roles ...parley.Role) *person {
		p := &person{File: name, English: name, Arabic: name}
		f.enrol(p, account, "", roles...)
		return p
	}
	f.verifier = enrol(parley.Desk, "verifier", parley.Verifier)
	party := f.party("Party", "Party")
	f.other = f.party("Other party", "Other party")
	f.officer = enrol(party, "officer", parley.DutyOfficer, parley.Planner)
	f.notifier = enrol(f.organisation("Organisation", "Organisation", parley.NotifierOrganisation), "notifier", parley.Notifier)
	return f.first
}

// later moves a window from the workload's time to now.
func (f *fullNode) later(w geo.Window) geo.Window {
	w.From += f.shift
	if w.To != geo.Forever {
		w.To += f.shift
	}
	return w
}

// sites has every volume notified and released. Many speak at once, as in the morning of a large theatre. said is told how many there are, by one at a time.
func (f *fullNode) sites(items []workload.Item, said func(int)) error {
	const speakers = 1000
	ctx, stop := context.WithCancelCause(f.ctx)
	defer stop(nil)
	var next atomic.Int64
	var speaking sync.WaitGroup
	var mu sync.Mutex // guards numbers and index
	for range speakers {
		speaking.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(items)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				ref, v, err := f.site(ctx, &items[i])
				if err != nil {
					stop(fmt.Errorf("%s: %w", items[i].ID, err))
					return
				}
				mu.Lock()
				f.numbers[ref] = index.ID(i)
				f.index.Put(index.ID(i), v)
				said(len(f.numbers))
				mu.Unlock()
			}
		})
	}
	speaking.Wait()
	return context.Cause(ctx)
}

// site has one volume notified and released as a site, and returns the volume that it then is.
func (f *fullNode) site(ctx context.Context, it *workload.Item) (parley.Ref, geo.Volume, error) {
	w := f.later(it.Volume.Window)
	s := parley.Site{Category: "hospital", Shape: it.Volume.Shape, KeepOut: it.Volume.Buffer, Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 10}, Occupancy: "unknown", From: w.From,
		Shared: parley.Sharing{Sensitivity: parley.High, Consents: []parley.Consent{{To: f.officer.Account, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldContact}}}}}
	if w.To != geo.Forever {
		s.Until = w.To
	}
	told, err := f.tellAt(ctx, f.notifier.key, func(d *draft.Draft) parley.Body {
		s.Names, s.Contact.Phone = []parley.LocalName{{Language: "en", Name: d.Text("Site " + it.ID)}}, d.Text("+963 00 000 0000")
		return &parley.SiteNotify{Site: s}
	})
	if err != nil {
		return "", geo.Volume{}, err
	}
	v := s.Volumes(&f.profile)[0]
	v.Shape = v.Shape.Normalize()
	_, err = f.tellAt(ctx, f.verifier.key, func(*draft.Draft) parley.Body {
		return &parley.ObjectRelease{Of: parley.Versioned{Ref: told.Ref, Version: 1}, To: f.officer.Account, Emergency: true}
	})
	return told.Ref, v, err
}

// tellAt signs a body and submits it now; several goroutines may.
func (f *fullNode) tellAt(ctx context.Context, key ed25519.PrivateKey, body func(*draft.Draft) parley.Body) (parley.Outcome, error) {
	d := &draft.Draft{Theatre: f.theatre, MadeAt: time.Now().UnixMilli()}
	s, err := d.Sign(body(d), key)
	if err != nil {
		return parley.Outcome{}, err
	}
	r, err := f.node.Submit(ctx, s.Envelope, s.Payloads)
	if err == nil && r.Refusal != nil {
		err = &r.Refusal.Fault
	}
	return r.Outcome, err
}
