package main

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/draft"
	"parley/node"
)

// exercise is a theatre being filled with people and what they say, from some time ago until now. Whatever is refused ends it: first keeps the first error.
type exercise struct {
	ctx     context.Context
	node    *node.Node
	theatre parley.Hash
	keys    string // folder of the people's keys
	board   [2]*person
	end     int64        // when it is now, milliseconds UTC
	clock   atomic.Int64 // the exercise's time, which the node reads; it only goes on
	steps   []step
	first   error
}

// step is something that happens so long ago.
type step struct {
	ago time.Duration
	do  func()
}

// ago plans a step. A story is told subject by subject, and played in the order of time.
func (e *exercise) ago(ago time.Duration, do func()) { e.steps = append(e.steps, step{ago, do}) }

// play plays what was planned, the longest ago first.
func (e *exercise) play() {
	slices.SortStableFunc(e.steps, func(a, b step) int { return cmp.Compare(b.ago, a.ago) })
	for i, s := range e.steps {
		late := int64(i) * 17 % 50 * parley.Second // nobody speaks on the full minute
		e.clock.Store(max(e.clock.Load(), e.end-s.ago.Milliseconds()+late))
		s.do()
	}
	e.steps = nil
	if e.first == nil && e.clock.Load() > e.end {
		e.first = errors.New("the story runs past now")
	}
}

func (e *exercise) now() int64 { return e.clock.Load() }

// in is a planned time, so long from the end of the story or, when negative, before it: a full five minutes, as people plan.
func (e *exercise) in(span time.Duration) int64 {
	at := e.end + span.Milliseconds()
	return at - at%(5*parley.Minute)
}

// say has somebody say something and returns what the command made or concerns. It takes them four seconds.
func (e *exercise) say(p *person, body func(*draft.Draft) parley.Body, others ...*person) parley.Ref {
	return e.submit(&draft.Draft{Theatre: e.theatre, MadeAt: e.now()}, p, body, others...)
}

func (e *exercise) submit(d *draft.Draft, p *person, body func(*draft.Draft) parley.Body, others ...*person) parley.Ref {
	if e.first != nil {
		return ""
	}
	var keys []ed25519.PrivateKey
	for _, o := range others {
		keys = append(keys, o.key)
	}
	b := body(d)
	s, err := d.Sign(b, p.key, keys...)
	if err != nil {
		e.first = fmt.Errorf("%s by %s: %w", b.Kind(), p.File, err)
		return ""
	}
	r, err := e.node.Submit(e.ctx, s.Envelope, s.Payloads)
	if err == nil && r.Refusal != nil {
		err = &r.Refusal.Fault
	}
	if err != nil {
		e.first = fmt.Errorf("%s by %s: %w", b.Kind(), p.File, err)
	}
	e.clock.Add(4 * parley.Second)
	return r.Outcome.Ref
}

// tell is say for a body without texts.
func (e *exercise) tell(p *person, body parley.Body, others ...*person) parley.Ref {
	return e.say(p, func(*draft.Draft) parley.Body { return body }, others...)
}

// look reads the state, unless something was refused before.
func (e *exercise) look(at func(*channel.State)) {
	if e.first != nil {
		return
	}
	if err := e.node.Read(at); err != nil {
		e.first = err
	}
}

// head returns the head of the list of a person's party.
func (e *exercise) head(p *person) (head parley.ListHead) {
	e.viewed(p, func(v viewer) { head, _, _ = v.List(0, 1) })
	return head
}

// marked is a text of the exercise in both languages, in one field: nobody can take it for something that happened.
func marked(english, arabic string) string {
	return "EXERCISE " + english + " · تمرين: " + arabic
}

// enrol makes a key, keeps it under the people's keys, and enrols its holder in an account.
func (e *exercise) enrol(p *person, account parley.Ref, echelon parley.Echelon, roles ...parley.Role) {
	e.makeKey(p)
	secret := rand.Text()
	invitation := e.tell(e.board[0], &parley.MemberInvite{Account: account, Roles: roles, Echelon: echelon, Code: sha256.Sum256([]byte(secret)), Expires: e.now() + parley.Day})
	p.Account = account
	p.Ref = e.say(p, func(d *draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: invitation, Secret: secret, Key: draft.KeyOf(p.key), Name: d.Text(marked(p.English, p.Arabic)), Phone: d.Text("+963 00 000 0000")}
	})
}

func (e *exercise) makeKey(p *person) {
	p.key = draft.NewKey()
	if e.first == nil {
		e.first = saveKey(filepath.Join(e.keys, p.File+".key"), p.key)
	}
}

func (e *exercise) party(english, arabic string) parley.Ref {
	return e.say(e.board[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text(marked(english, arabic)), PartyKind: parley.Force}
	}, e.board[1])
}

func (e *exercise) organisation(english, arabic string, kind parley.OrganisationKind) parley.Ref {
	return e.say(e.board[0], func(d *draft.Draft) parley.Body {
		return &parley.OrganisationAdmit{Name: d.Text(marked(english, arabic)), OrganisationKind: kind}
	}, e.board[1])
}

// opened is how long before now the demo's theatre was opened: its first sites are due for renewal.
const opened = 92 * 24 * time.Hour

// stage makes an exercise in a folder, opened so long ago: DIR/server is the server's, DIR/keys the people's. fill says what happens in it.
func stage(ctx context.Context, folder string, ago time.Duration, fill func(*exercise)) (err error) {
	e, founders, err := begin(ctx, folder, ago)
	if err != nil {
		return err
	}
	profile := parley.DefaultProfile()
	profile.Exercise, profile.Zone = true, "Asia/Damascus"
	profile.SouthWest, profile.NorthEast = geo.Position{Lon: 35 * geo.E7, Lat: 32 * geo.E7}, geo.Position{Lon: 43 * geo.E7, Lat: 38 * geo.E7}
	server := filepath.Join(folder, "server")
	title := marked("Euphrates 2017", "الفرات ٢٠١٧")
	if e.theatre, err = foundTheatre(ctx, server, "parley.local/exercise", title, profile, parley.ClockReal, founders, e.now()); err != nil {
		return err
	}
	if e.node, err = node.Open(ctx, node.Config{Folder: server, Clock: e.clock.Load}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.node.Close()) }()
	for _, p := range e.board {
		e.look(func(s *channel.State) {
			member, _ := s.Session(draft.KeyOf(p.key).ID())
			p.Ref = member.Ref
		})
	}
	fill(e)
	return e.first
}

// begin makes the folder of an exercise that begins so long ago, and its trustees with their keys; the theatre is yet to be founded.
func begin(ctx context.Context, folder string, ago time.Duration) (*exercise, []founder, error) {
	e := &exercise{ctx: ctx, keys: filepath.Join(folder, "keys"), end: time.Now().UnixMilli()}
	e.clock.Store(e.in(-ago))
	if err := os.MkdirAll(e.keys, 0o700); err != nil {
		return nil, nil, err
	}
	e.board = [2]*person{{File: "trustee-1", English: "First trustee", Arabic: "الأمين الأول", Account: parley.Board}, {File: "trustee-2", English: "Second trustee", Arabic: "الأمين الثاني", Account: parley.Board}}
	var founders []founder
	for _, p := range e.board {
		e.makeKey(p)
		founders = append(founders, founder{marked(p.English, p.Arabic), p.key})
	}
	return e, founders, e.first
}
