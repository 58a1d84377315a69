package exercise

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
	"parley/internal/draft"
	"parley/node"
)

// person is somebody with a key.
type person struct {
	ref     parley.Ref
	account parley.Ref
	key     ed25519.PrivateKey
}

// side is an account that an actor of the case speaks for. A party has two duty officers: one is on duty by the rota, the other is not.
type side struct {
	id      string // of the actor
	role    replay.Role
	levels  []replay.Level
	ref     parley.Ref
	officer *person
	second  *person
	heads   []headAt // a party's list as it stood, oldest first
	place   int      // among the parties
}

type headAt struct {
	at   int64
	head parley.ListHead
}

// stage is a case on a running node.
type stage struct {
	ctx      context.Context
	story    *replay.Case
	folder   string
	node     *node.Node
	theatre  parley.Hash
	trustees [2]*person
	verifier *person
	releaser *person
	sides    map[string]*side
	parties  []*side
	waits    bool // a person does the desk's part
	pending  []waiting
	standIn  *side                   // the organisation that notifies where the case has no notifier
	things   map[string]*thing       // objects that are on the stage, by their names in the case
	calls    map[string]parley.Ref   // urgent stops by the event that raised them
	checks   map[string]*made        // checks by their event
	crossed  map[string]parley.Ref   // crossings by their event
	harms    map[string]parley.Ref   // reports of harm by their event
	alike    map[string][]string     // objects of the case that are one thing by its own word
	updated  map[string]int64        // lists by when they were last verified
	resent   map[string]int          // sendings by object and party
	since    map[string]int64        // what pages show now, by when it was first seen
	acks     map[string]int64        // acknowledgements by object, version and party
	asked    map[parley.Ref]string   // crossings about which a party was asked
	place    map[string]geo.Position // where something that is not in the channel was last said to be
	at       int                     // the event that is played
	last     parley.CommandKind      // what was said last
	said     int                     // commands that were taken
}

// waiting is an object that a person at the desk has yet to verify and release.
type waiting struct {
	thing *thing
	to    []*side
}

const opened = parley.Hour // so long before the first event the theatre opens

// profile is what the trustees of the exercise set: the defaults, and the tolerances that the case names for its own expectations.
func profile(c *replay.Case) parley.Profile {
	p := parley.DefaultProfile()
	p.Exercise, p.Zone = true, c.Zone.Name
	p.Quotas.CheckKM2, p.Quotas.CheckAhead = 1_000_000, 3660*parley.Day
	number := func(x *replay.Expectation, name string) float64 { n, _ := x.Args[name].(float64); return n }
	clock := func(ms *int64, value float64, unit int64, least int64) {
		if v := int64(value * float64(unit)); v > 0 {
			*ms = min(max(v, least), 3660*parley.Day)
		}
	}
	for i := range c.Expected {
		x := &c.Expected[i]
		minutes, days := number(x, "min_min"), number(x, "max_days")
		switch x.What {
		case "contrary_indication":
			p.KeepOut = metres(p.KeepOut, number(x, "buffer_m"), parley.MaxKeepOut)
		case "reverse_conflict":
			p.KeepOut = metres(p.KeepOut, number(x, "within_m"), parley.MaxKeepOut)
		case "nearby_fire", "recent_harm_near_movement":
			p.FireMetres = metres(p.FireMetres, number(x, "within_m"), 50_000)
			if h := int64(number(x, "hours") * float64(parley.Hour)); h > p.Clocks.HarmNear {
				p.Clocks.HarmNear = min(h, 3660*parley.Day)
			}
		case "position_mismatch":
			if m := int32(number(x, "min_m")); m > 0 && m < p.ReadBack.Metres {
				p.ReadBack.Metres = m
			}
		case "update_unacknowledged":
			clock(&p.Clocks.AckOnRoad, minutes, parley.Minute, parley.Second)
			p.Clocks.AckMovement = min(p.Clocks.AckMovement, p.Clocks.AckOnRoad)
			p.Clocks.AckEmergency = min(p.Clocks.AckEmergency, p.Clocks.AckOnRoad)
		case "contact_lost":
			if m := int64(minutes * float64(parley.Minute)); m > 0 && m < p.Clocks.Contact {
				p.Clocks.Contact = max(m, parley.Second)
			}
		case "stop_exceeds_window":
			if m := int64(minutes * float64(parley.Minute)); m > 0 && m < p.Clocks.Standing {
				p.Clocks.Standing = max(m, parley.Second)
			}
		case "reack_overdue":
			clock(&p.Clocks.Attestation, days, parley.Day, parley.Day)
			clock(&p.Clocks.Revalidation, days, parley.Day, parley.Day)
			p.Clocks.Grace = 2 * parley.Day
		case "stale_list":
			clock(&p.Clocks.Attestation, number(x, "max_age_days"), parley.Day, parley.Day)
		case "stale_entry":
			clock(&p.Clocks.Revalidation, number(x, "max_age_days"), parley.Day, parley.Day)
			p.Clocks.Grace = 2 * parley.Day
		case "correction_overdue":
			clock(&p.Clocks.CorrectionDue, days, parley.Day, parley.Day)
			p.Clocks.CorrectionTake = min(p.Clocks.CorrectionTake, p.Clocks.CorrectionDue)
		}
	}
	return p
}

func metres(now int32, asked float64, most int32) int32 {
	if asked > float64(most) {
		return most
	}
	return max(now, int32(asked))
}

// enter opens an exercise theatre for a case in a folder of its own, and gives its actors accounts.
func enter(ctx context.Context, c *replay.Case) (_ *stage, err error) {
	s := &stage{ctx: ctx, story: c, sides: map[string]*side{}, things: map[string]*thing{}, calls: map[string]parley.Ref{}, checks: map[string]*made{}, crossed: map[string]parley.Ref{},
		harms: map[string]parley.Ref{}, alike: map[string][]string{}, updated: map[string]int64{}, resent: map[string]int{}, since: map[string]int64{}, acks: map[string]int64{},
		asked: map[parley.Ref]string{}, place: map[string]geo.Position{}}
	if s.folder, err = os.MkdirTemp("", "parley-exercise-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.leave())
		}
	}()
	data := filepath.Join(s.folder, "data")
	key, err := node.Prepare(data, "parley.exercise/theatre")
	if err != nil {
		return nil, err
	}
	at := c.Events[0].At - opened
	d := &draft.Draft{MadeAt: at}
	body := &parley.TheatreOpen{Title: d.Text("Exercise"), Profile: profile(c), Nodes: []parley.PublicKey{key}, Clock: parley.ClockSimulated}
	for i := range s.trustees {
		s.trustees[i] = &person{account: parley.Board, key: draft.NewKey()}
		body.Trustees = append(body.Trustees, parley.NewMember{Name: d.Text(fmt.Sprintf("Trustee %d", i+1)), Key: draft.KeyOf(s.trustees[i].key)})
	}
	opening, err := d.Sign(body, s.trustees[0].key, s.trustees[1].key)
	if err != nil {
		return nil, err
	}
	if err := node.Create(ctx, data, opening.Envelope, opening.Payloads, at); err != nil {
		return nil, err
	}
	s.theatre = opening.Name
	if s.node, err = node.Open(ctx, node.Config{Folder: data}); err != nil {
		return nil, err
	}
	return s, s.people()
}

// leave closes the node and takes its folder away.
func (s *stage) leave() error {
	var err error
	if s.node != nil {
		err = s.node.Close()
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// people enters the desk and every actor that can have an account. An actor whose role is other has none: others say what it did.
func (s *stage) people() (err error) {
	if s.verifier, err = s.enrol(parley.Desk, parley.Verifier); err != nil {
		return err
	}
	if s.releaser, err = s.enrol(parley.Desk, parley.Releaser, parley.Administrator); err != nil {
		return err
	}
	for _, a := range s.story.Actors {
		e := &side{id: a.ID, role: a.Role, levels: a.Levels}
		switch a.Role {
		case replay.Desk:
			e.ref, e.officer, e.second = parley.Desk, s.releaser, s.releaser
		case replay.Notifier:
			if err = s.organisation(e); err != nil {
				return err
			}
		case replay.Party:
			if err = s.party(e); err != nil {
				return err
			}
		}
		s.sides[a.ID] = e
	}
	if s.anyNotifier() == nil {
		s.standIn = &side{id: "notifier", role: replay.Notifier}
		if err = s.organisation(s.standIn); err != nil {
			return err
		}
	}
	s.remember()
	return nil
}

func (s *stage) organisation(e *side) error {
	out, err := s.say(s.trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.OrganisationAdmit{Name: d.Text(e.id), OrganisationKind: parley.NotifierOrganisation}
	}, s.trustees[1])
	if err != nil {
		return err
	}
	e.ref = out.Ref
	e.officer, err = s.enrol(e.ref, parley.Notifier, parley.MovementLeader, parley.Administrator)
	e.second = e.officer
	return err
}

func (s *stage) party(e *side) error {
	out, err := s.say(s.trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text(e.id), PartyKind: parley.Force}
	}, s.trustees[1])
	if err != nil {
		return err
	}
	e.ref, e.place = out.Ref, len(s.parties)
	if e.officer, err = s.enrol(e.ref, parley.DutyOfficer, parley.Planner, parley.Administrator); err != nil {
		return err
	}
	if e.second, err = s.enrol(e.ref, parley.DutyOfficer); err != nil {
		return err
	}
	s.parties = append(s.parties, e)
	_, err = s.tell(e.officer, &parley.RotaSet{Account: e.ref, Shifts: []parley.Shift{{Member: e.officer.ref, From: s.now(), To: s.now() + 3650*parley.Day}}})
	return err
}

func (s *stage) enrol(account parley.Ref, roles ...parley.Role) (*person, error) {
	secret := fmt.Sprintf("secret of %s %v %d", account, roles, s.said)
	out, err := s.tell(s.trustees[0], &parley.MemberInvite{Account: account, Roles: roles, Code: sha256.Sum256([]byte(secret)), Expires: s.now() + parley.Day})
	if err != nil {
		return nil, err
	}
	p := &person{account: account, key: draft.NewKey()}
	out, err = s.say(p, func(d *draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: out.Ref, Secret: secret, Key: draft.KeyOf(p.key), Name: d.Text("A person of the exercise")}
	})
	p.ref = out.Ref
	return p, err
}

func (s *stage) now() (at int64) {
	// The node answers until it is closed, or until its journal is damaged: then the next command says so.
	_ = s.node.Read(func(st *channel.State) { at = st.Now() })
	return at
}

// advance lets the clocks run to a time, from deadline to deadline, as a node does whose time runs by itself. Over long spans it lets some
// pass together: a small part of the span is late enough for none. Time that has passed stays passed.
func (s *stage) advance(to int64) error {
	least := (to - s.now()) / 400
	for now := s.now(); now < to; now = s.now() {
		next := to
		_ = s.node.Read(func(st *channel.State) {
			if due, ok := st.NextDeadline(); ok && due < to {
				next = min(to, max(due, now+max(least, 1)))
			}
		})
		if err := s.node.Advance(s.ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// say signs what a person says and gives it to the node.
func (s *stage) say(p *person, body func(*draft.Draft) parley.Body, others ...*person) (parley.Outcome, error) {
	d := &draft.Draft{Theatre: s.theatre, MadeAt: s.story.Events[0].At - opened}
	if s.node != nil {
		d.MadeAt = s.now()
	}
	b := body(d)
	s.last = b.Kind()
	keys := make([]ed25519.PrivateKey, len(others))
	for i, o := range others {
		keys[i] = o.key
	}
	signed, err := d.Sign(b, p.key, keys...)
	if err != nil {
		return parley.Outcome{}, err
	}
	r, err := s.node.Submit(s.ctx, signed.Envelope, signed.Payloads)
	if err == nil && r.Refusal != nil {
		err = &r.Refusal.Fault
	}
	if err == nil {
		s.said++
	}
	return r.Outcome, err
}

// tell is say for a body without texts.
func (s *stage) tell(p *person, body parley.Body) (parley.Outcome, error) {
	return s.say(p, func(*draft.Draft) parley.Body { return body })
}

// as looks at the channel as a person does.
func (s *stage) as(p *person, look func(*channel.Viewer)) error {
	return s.node.Read(func(st *channel.State) {
		member, ok := st.Session(draft.KeyOf(p.key).ID())
		if ok {
			look(st.View(&member, st.Now(), s.node.Text))
		}
	})
}

// remember keeps each party's list as it stands.
func (s *stage) remember() {
	for _, e := range s.parties {
		head := s.head(e)
		if n := len(e.heads); n == 0 || e.heads[n-1].head != head {
			e.heads = append(e.heads, headAt{s.now(), head})
		}
	}
}

func (s *stage) head(e *side) (head parley.ListHead) {
	_ = s.as(e.officer, func(v *channel.Viewer) { head, _, _ = v.List(0, 1) })
	return head
}

// headOf returns the list that a party had at a time: the one it began with, when the time is before all.
func (e *side) headOf(at int64) parley.ListHead {
	head := e.heads[0].head
	for _, h := range e.heads {
		if h.at <= at {
			head = h.head
		}
	}
	return head
}

// code returns the code of a refusal, "" for other errors.
func code(err error) parley.Code {
	var f *parley.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}
