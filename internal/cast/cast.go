// Package cast gives tests a theatre with people in it: trustees, a desk, parties, organisations, each with keys, and the objects they speak of.
package cast

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"testing"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/draft"
)

// Start is the log time at which the cast's day begins: 2017-09-01T06:00:00Z.
const Start int64 = 1504245600000

// Person is somebody with a key.
type Person struct {
	Ref     parley.Ref
	Account parley.Ref
	Key     ed25519.PrivateKey
}

// Stage is where commands are played: a bare state, or a node.
type Stage interface {
	// Play takes a submission and returns its outcome, or the refusal as an error.
	Play(s *draft.Submission) (parley.Outcome, error)
}

// Cast is a theatre with its people.
type Cast struct {
	T        testing.TB
	Stage    Stage
	Theatre  parley.Hash
	Now      func() int64
	Node     ed25519.PrivateKey
	Trustees [2]*Person
	Verifier *Person
	Releaser *Person
	A, B     *Force  // two parties
	Org      *Person // notifier
	OrgRef   parley.Ref
	Other    *Person // notifier of another organisation
	OtherRef parley.Ref
	Monitor  *Person
}

// Force is a party with its people.
type Force struct {
	Ref     parley.Ref
	Officer *Person
	Second  *Person // another duty officer
	Adviser *Person
}

// Opening returns the signed first command of a theatre with two trustees and a node key.
func Opening(profile parley.Profile, clock parley.ClockKind, trustees [2]ed25519.PrivateKey, node parley.PublicKey, at int64) (*draft.Submission, error) {
	d := &draft.Draft{MadeAt: at}
	body := &parley.TheatreOpen{Title: d.Text("Test theatre"), Profile: profile, Nodes: []parley.PublicKey{node}, Clock: clock}
	for i, k := range trustees {
		body.Trustees = append(body.Trustees, parley.NewMember{Name: d.Text(fmt.Sprintf("Trustee %d", i+1)), Key: draft.KeyOf(k)})
	}
	return d.Sign(body, trustees[0], trustees[1])
}

// Profile returns the default profile over Syria and Iraq.
func Profile() parley.Profile {
	p := parley.DefaultProfile()
	p.Zone = "Asia/Damascus"
	p.SouthWest, p.NorthEast = geo.Position{Lon: 35 * geo.E7, Lat: 29 * geo.E7}, geo.Position{Lon: 49 * geo.E7, Lat: 38 * geo.E7}
	return p
}

// Enter admits everyone, on a stage whose theatre was opened by these trustees.
func Enter(t testing.TB, stage Stage, theatre parley.Hash, trustees [2]*Person, now func() int64) *Cast {
	t.Helper()
	c := &Cast{T: t, Stage: stage, Theatre: theatre, Now: now, Trustees: trustees}
	c.Verifier = c.Enrol(parley.Desk, parley.Verifier)
	c.Releaser = c.Enrol(parley.Desk, parley.Releaser, parley.Administrator)
	c.A, c.B = c.party("Force A"), c.party("Force B")
	c.OrgRef = c.admit("Organisation One", parley.NotifierOrganisation)
	c.Org = c.Enrol(c.OrgRef, parley.Notifier, parley.MovementLeader, parley.Administrator)
	c.OtherRef = c.admit("Organisation Two", parley.NotifierOrganisation)
	c.Other = c.Enrol(c.OtherRef, parley.Notifier)
	c.Monitor = c.Enrol(c.admit("Monitors", parley.MonitorOrganisation), parley.MonitorOfficer)
	return c
}

func (c *Cast) party(name string) *Force {
	c.T.Helper()
	f := &Force{}
	f.Ref = c.Must(c.Trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text(name), PartyKind: parley.Force}
	}, c.Trustees[1]).Ref
	f.Officer = c.Enrol(f.Ref, parley.DutyOfficer, parley.Planner, parley.Administrator)
	f.Second = c.Enrol(f.Ref, parley.DutyOfficer)
	f.Adviser = c.Enrol(f.Ref, parley.LegalAdviser)
	return f
}

func (c *Cast) admit(name string, kind parley.OrganisationKind) parley.Ref {
	c.T.Helper()
	return c.Must(c.Trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.OrganisationAdmit{Name: d.Text(name), OrganisationKind: kind}
	}, c.Trustees[1]).Ref
}

// Enrol invites a person to an account and enrols them.
func (c *Cast) Enrol(account parley.Ref, roles ...parley.Role) *Person {
	c.T.Helper()
	secret := fmt.Sprintf("secret of %s %v %d", account, roles, c.Now())
	invitation := c.Must(c.Trustees[0], func(*draft.Draft) parley.Body {
		return &parley.MemberInvite{Account: account, Roles: roles, Code: sha256.Sum256([]byte(secret)), Expires: c.Now() + parley.Day}
	}).Ref
	p := &Person{Account: account, Key: draft.NewKey()}
	p.Ref = c.Must(p, func(d *draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: invitation, Secret: secret, Key: draft.KeyOf(p.Key), Name: d.Text("A person of " + string(account))}
	}).Ref
	return p
}

// Device invites a further device of a person and enrols it.
func (c *Cast) Device(p *Person) *Person {
	c.T.Helper()
	secret := fmt.Sprintf("secret of a device of %s %d", p.Ref, c.Now())
	invitation := c.Must(p, func(*draft.Draft) parley.Body {
		return &parley.MemberInvite{Account: p.Account, Member: p.Ref, Code: sha256.Sum256([]byte(secret)), Expires: c.Now() + parley.Day}
	}).Ref
	device := &Person{Ref: p.Ref, Account: p.Account, Key: draft.NewKey()}
	c.Must(device, func(*draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: invitation, Secret: secret, Key: draft.KeyOf(device.Key)}
	})
	return device
}

// Draft returns a draft in this theatre.
func (c *Cast) Draft() *draft.Draft { return &draft.Draft{Theatre: c.Theatre, MadeAt: c.Now()} }

// Say has a person sign a body and plays it.
func (c *Cast) Say(p *Person, body func(*draft.Draft) parley.Body, others ...*Person) (parley.Outcome, error) {
	c.T.Helper()
	d := c.Draft()
	b := body(d)
	var keys []ed25519.PrivateKey
	for _, o := range others {
		keys = append(keys, o.Key)
	}
	s, err := d.Sign(b, p.Key, keys...)
	if err != nil {
		return parley.Outcome{}, err
	}
	return c.Stage.Play(s)
}

// Must is Say for a command that has to be taken.
func (c *Cast) Must(p *Person, body func(*draft.Draft) parley.Body, others ...*Person) parley.Outcome {
	c.T.Helper()
	out, err := c.Say(p, body, others...)
	if err != nil {
		c.T.Fatalf("couldn't say: %v", err)
	}
	return out
}

// Tell is Must for a body without texts.
func (c *Cast) Tell(p *Person, body parley.Body, others ...*Person) parley.Outcome {
	c.T.Helper()
	return c.Must(p, func(*draft.Draft) parley.Body { return body }, others...)
}

// Refused has a person say something that must be refused with a code, and returns the refusal.
func (c *Cast) Refused(code parley.Code, p *Person, body func(*draft.Draft) parley.Body, others ...*Person) error {
	c.T.Helper()
	_, err := c.Say(p, body, others...)
	if err == nil {
		c.T.Fatalf("taken; expected the refusal %s", code)
	}
	if got := CodeOf(err); got != code {
		c.T.Fatalf("refused with %q (%v); expected %s", got, err, code)
	}
	return err
}

// At returns the position of a latitude and a longitude in degrees.
func At(lat, lon float64) geo.Position {
	round := func(v float64) int32 {
		if v < 0 {
			return int32(v*geo.E7 - 0.5)
		}
		return int32(v*geo.E7 + 0.5)
	}
	return geo.Position{Lon: round(lon), Lat: round(lat)}
}

// Point returns a shape of one position.
func Point(p geo.Position) geo.Shape { return geo.Shape{Kind: geo.Point, Points: []geo.Position{p}} }

// Square returns a square of half a side in degrees around a centre.
func Square(p geo.Position, half float64) geo.Shape {
	h := int32(half * geo.E7)
	return geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{{{Lon: p.Lon - h, Lat: p.Lat - h}, {Lon: p.Lon + h, Lat: p.Lat - h},
		{Lon: p.Lon + h, Lat: p.Lat + h}, {Lon: p.Lon - h, Lat: p.Lat + h}, {Lon: p.Lon - h, Lat: p.Lat - h}}}}}
}

// Line returns a line through positions.
func Line(ps ...geo.Position) geo.Shape {
	return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{ps}}
}

// Hospital returns a hospital at a position, with exact consent for the parties.
func Hospital(d *draft.Draft, p geo.Position, from int64, to ...parley.Ref) parley.Site {
	s := parley.Site{Category: "hospital", Names: []parley.LocalName{{Language: "en", Name: d.Text("Invented hospital")}, {Language: "ar", Name: d.Text("مشفى مخترع")}},
		Shape: Point(p), Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 10}, Occupancy: "51-200", Contact: parley.Contact{Phone: d.Text("+963 11 000 0000")}, From: from,
		Shared: parley.Sharing{Sensitivity: parley.High}}
	for _, r := range to {
		s.Shared.Consents = append(s.Shared.Consents, parley.Consent{To: r, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldContact}})
	}
	return s
}

// Convoy returns a movement of two legs of an hour each, with an hour of unloading between them, from a departure on.
func Convoy(d *draft.Draft, depart int64, a, b, c geo.Position, to ...parley.Ref) parley.Movement {
	m := parley.Movement{Name: d.Text("Invented convoy"), MovementKind: "food", Mode: "land", Urgency: parley.StandardNotice,
		Legs:     []parley.Leg{{Route: Line(a, b), Depart: depart, Arrive: depart + parley.Hour}, {Route: Line(b, c), Depart: depart + 2*parley.Hour, Arrive: depart + 3*parley.Hour}},
		Stops:    []parley.Stop{{Place: Point(b), AfterLeg: 1, Arrive: depart + parley.Hour, Leave: depart + 2*parley.Hour, Phase: parley.Unloading}},
		Vehicles: 12, Persons: 24, Plates: []parley.Commitment{d.Text("INV-1234")}, Escort: parley.Escort{Armed: parley.No},
		Leader: parley.Contact{Name: d.Text("Invented leader"), Phone: d.Text("+963 11 000 0001")}, Shared: parley.Sharing{Sensitivity: parley.High}}
	for _, r := range to {
		m.Shared.Consents = append(m.Shared.Consents, parley.Consent{To: r, Precision: parley.Exact, Fields: []parley.Field{parley.FieldContact}})
	}
	return m
}

// NotifyHospital notifies a hospital for both parties.
func (c *Cast) NotifyHospital(p geo.Position) parley.Ref {
	c.T.Helper()
	return c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: Hospital(d, p, Start, c.A.Ref, c.B.Ref)}
	}).Ref
}

// Verify has the desk verify a version against the map.
func (c *Cast) Verify(of parley.Versioned) {
	c.T.Helper()
	c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: of, Method: parley.CheckedMap, Source: d.Text("map sheet"), On: c.Now()}
	})
}

// Release verifies a version and releases it to parties.
func (c *Cast) Release(of parley.Versioned, to ...parley.Ref) {
	c.T.Helper()
	c.Verify(of)
	for _, p := range to {
		c.Tell(c.Releaser, &parley.ObjectRelease{Of: of, To: p})
	}
}

// V returns a version of a reference.
func V(ref parley.Ref, version int) parley.Versioned {
	return parley.Versioned{Ref: ref, Version: version}
}

// Bare is a stage that is a state and nothing else, with log times of its own.
type Bare struct {
	State   *channel.State
	At      int64 // log time of the next entry
	Entries []BareEntry
}

// BareEntry is an entry that was played, for playing it again.
type BareEntry struct {
	At       int64
	Signed   *channel.Signed
	Envelope []byte
}

// Play implements Stage. Refusals that are not kept leave no entry, as at a node.
func (b *Bare) Play(s *draft.Submission) (parley.Outcome, error) {
	signed, e, err := channel.Open(s.Envelope)
	if err != nil {
		return parley.Outcome{}, err
	}
	if err := channel.Verify(e, signed.Command, b.State.KeyOf); err != nil {
		return parley.Outcome{}, err
	}
	if r := b.State.Check(b.At, signed); r != nil && !r.Kept {
		return parley.Outcome{}, &Refusal{r}
	}
	b.Entries = append(b.Entries, BareEntry{b.At, signed, s.Envelope})
	out, refusal := b.State.Apply(b.At, signed)
	if refusal != nil {
		return out, &Refusal{refusal}
	}
	return out, nil
}

// Refusal is a refusal as an error.
type Refusal struct{ *channel.Refusal }

// Error says the fault.
func (r *Refusal) Error() string { return r.Fault.Error() }

// Unwrap returns the fault.
func (r *Refusal) Unwrap() error { return &r.Fault }

// NewBare opens a theatre on a bare state and enters the cast.
func NewBare(t testing.TB) (*Cast, *Bare) { return NewBareWith(t, Profile()) }

// NewBareWith is NewBare with a profile.
func NewBareWith(t testing.TB, profile parley.Profile) (*Cast, *Bare) {
	t.Helper()
	b := &Bare{State: channel.New(), At: Start}
	keys := [2]ed25519.PrivateKey{draft.NewKey(), draft.NewKey()}
	node := draft.NewKey()
	s, err := Opening(profile, parley.ClockReal, keys, draft.KeyOf(node), Start)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Play(s); err != nil {
		t.Fatal(err)
	}
	c := Enter(t, b, s.Name, [2]*Person{{Key: keys[0], Account: parley.Board}, {Key: keys[1], Account: parley.Board}}, func() int64 { return b.At })
	c.Node = node
	return c, b
}
