package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/draft"
	"parley/node"
)

// exercise is a theatre being filled with people and what they say. Whatever is refused ends it: first keeps the first error.
type exercise struct {
	ctx     context.Context
	node    *node.Node
	theatre parley.Hash
	keys    string // folder of the people's keys
	board   [2]ed25519.PrivateKey
	now     int64
	first   error
}

// say has somebody say something and returns what the command made or concerns.
func (e *exercise) say(key ed25519.PrivateKey, body func(*draft.Draft) parley.Body, others ...ed25519.PrivateKey) parley.Ref {
	if e.first != nil {
		return ""
	}
	d := &draft.Draft{Theatre: e.theatre, MadeAt: e.now}
	b := body(d)
	s, err := d.Sign(b, key, others...)
	if err != nil {
		e.first = fmt.Errorf("%s: %w", b.Kind(), err)
		return ""
	}
	r, err := e.node.Submit(e.ctx, s.Envelope, s.Payloads)
	if err == nil && r.Refusal != nil {
		err = &r.Refusal.Fault
	}
	if err != nil {
		e.first = fmt.Errorf("%s: %w", b.Kind(), err)
	}
	return r.Outcome.Ref
}

// tell is say for a body without texts.
func (e *exercise) tell(key ed25519.PrivateKey, body parley.Body) parley.Ref {
	return e.say(key, func(*draft.Draft) parley.Body { return body })
}

// person makes a key, keeps it under the people's keys, and enrols its holder in an account.
func (e *exercise) person(file, name string, account parley.Ref, roles ...parley.Role) ed25519.PrivateKey {
	key := e.key(file)
	secret := rand.Text()
	invitation := e.tell(e.board[0], &parley.MemberInvite{Account: account, Roles: roles, Code: sha256.Sum256([]byte(secret)), Expires: e.now + parley.Day})
	e.say(key, func(d *draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: invitation, Secret: secret, Key: draft.KeyOf(key), Name: d.Text(name)}
	})
	return key
}

func (e *exercise) key(file string) ed25519.PrivateKey {
	key := draft.NewKey()
	if e.first == nil {
		e.first = saveKey(filepath.Join(e.keys, file+".key"), key)
	}
	return key
}

func (e *exercise) party(name string) parley.Ref {
	return e.say(e.board[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text(name), PartyKind: parley.Force}
	}, e.board[1])
}

func (e *exercise) organisation(name string, kind parley.OrganisationKind) parley.Ref {
	return e.say(e.board[0], func(d *draft.Draft) parley.Body {
		return &parley.OrganisationAdmit{Name: d.Text(name), OrganisationKind: kind}
	}, e.board[1])
}

// invented is a site of the exercise: near a real town, and made up.
type invented struct {
	at       place
	category parley.Category
	english  string
	arabic   string
	people   parley.Occupancy
}

// notify has an organisation notify a site, with consent for parties.
func (e *exercise) notify(key ed25519.PrivateKey, i invented, to ...parley.Ref) parley.Ref {
	return e.say(key, func(d *draft.Draft) parley.Body {
		site := parley.Site{Category: i.category, Names: []parley.LocalName{{Language: "en", Name: d.Text(i.english)}, {Language: "ar", Name: d.Text(i.arabic)}},
			Shape: point(i.at.Position), Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 10, On: e.now, Notation: string(i.at.Notation), Written: d.Text(i.at.typed)},
			Occupancy: i.people, Contact: parley.Contact{Phone: d.Text("+963 00 000 0000")}, From: e.now, Shared: parley.Sharing{Sensitivity: parley.High}}
		for _, party := range to {
			site.Shared.Consents = append(site.Shared.Consents, parley.Consent{To: party, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldContact}})
		}
		return &parley.SiteNotify{Site: site}
	})
}

// written reads a position of the exercise.
func (e *exercise) written(text string) (p place) {
	if err := p.UnmarshalText([]byte(text)); err != nil && e.first == nil {
		e.first = err
	}
	return p
}

// stage makes an exercise in a folder: DIR/server is the server's, DIR/keys the people's. fill says what happens in it.
func stage(ctx context.Context, folder string, fill func(*exercise)) (err error) {
	e := &exercise{ctx: ctx, keys: filepath.Join(folder, "keys"), now: time.Now().UnixMilli()}
	if err := os.MkdirAll(e.keys, 0o700); err != nil {
		return err
	}
	e.board = [2]ed25519.PrivateKey{e.key("trustee-1"), e.key("trustee-2")}
	if e.first != nil {
		return e.first
	}
	profile := parley.DefaultProfile()
	profile.Exercise, profile.Zone = true, "Asia/Damascus"
	profile.SouthWest, profile.NorthEast = geo.Position{Lon: 35 * geo.E7, Lat: 32 * geo.E7}, geo.Position{Lon: 43 * geo.E7, Lat: 38 * geo.E7}
	server := filepath.Join(folder, "server")
	founders := []founder{{"EXERCISE First trustee", e.board[0]}, {"EXERCISE Second trustee", e.board[1]}}
	if e.theatre, err = foundTheatre(ctx, server, "parley.local/exercise", "Euphrates", profile, founders); err != nil {
		return err
	}
	if e.node, err = node.Open(ctx, node.Config{Folder: server}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.node.Close()) }()
	fill(e)
	return e.first
}

// people are those who speak in the exercise.
type people struct {
	north, south       parley.Ref
	verifier, releaser ed25519.PrivateKey
	officer, southern  ed25519.PrivateKey // duty officers of north and south
	relief             ed25519.PrivateKey // notifiers
	medical, water     ed25519.PrivateKey
}

// enter admits everyone.
func (e *exercise) enter() (p people) {
	p.verifier = e.person("verifier", "EXERCISE Verifier", parley.Desk, parley.Verifier)
	p.releaser = e.person("releaser", "EXERCISE Releaser", parley.Desk, parley.Releaser, parley.Administrator)
	p.north, p.south = e.party("EXERCISE Northern Force"), e.party("EXERCISE Southern Force")
	p.officer = e.person("north-officer", "EXERCISE Duty officer, north", p.north, parley.DutyOfficer, parley.Administrator)
	e.person("north-planner", "EXERCISE Planner, north", p.north, parley.Planner, parley.LegalAdviser)
	p.southern = e.person("south-officer", "EXERCISE Duty officer, south", p.south, parley.DutyOfficer, parley.Planner, parley.Administrator)
	p.relief = e.person("relief", "EXERCISE Relief officer", e.organisation("EXERCISE Relief One", parley.NotifierOrganisation), parley.Notifier, parley.MovementLeader, parley.Administrator)
	p.medical = e.person("medical", "EXERCISE Medical officer", e.organisation("EXERCISE Medical Aid", parley.NotifierOrganisation), parley.Notifier, parley.Administrator)
	p.water = e.person("water", "EXERCISE Engineer", e.organisation("EXERCISE Water Engineers", parley.NotifierOrganisation), parley.Notifier, parley.Administrator)
	e.person("observer", "EXERCISE Observer", e.organisation("EXERCISE Observers", parley.MonitorOrganisation), parley.MonitorOfficer)
	return p
}

// play has people say what the exercise begins with.
func (e *exercise) play(p people) (made scene) {
	hospital := invented{e.written("35.95123, 39.00874"), "hospital", "EXERCISE Hospital, Raqqa", "تمرين: مشفى الرقة", "51-200"}
	bakery := invented{e.written("35° 50′ 12.4″ N 38° 32′ 53.1″ E"), "bakery", "EXERCISE Bakery, Tabqa", "تمرين: مخبز الطبقة", "1-50"}
	school := invented{e.written("35.33614, 40.14087"), "school", "EXERCISE School, Deir ez-Zor", "تمرين: مدرسة دير الزور", "201-1000"}
	camp := invented{e.written("35.75127, 39.60218"), "displaced_site", "EXERCISE Displaced people, Madan", "تمرين: موقع النازحين، معدان", "over-1000"}
	pump := invented{e.written("35.96363, 38.04612"), "water", "EXERCISE Pumping station, Maskanah", "تمرين: محطة ضخ مسكنة", "1-50"}

	clinic := e.notify(p.medical, hospital, p.north, p.south)
	made.Bakery = e.notify(p.relief, bakery, p.north, p.south)
	made.School = e.notify(p.relief, school, p.south)
	refuge := e.notify(p.relief, camp, p.north, p.south)
	e.notify(p.water, pump, p.north)
	made.BakeryAt, made.SchoolAt = mgrs(bakery.at), mgrs(school.at)
	for _, ref := range []parley.Ref{clinic, made.Bakery, refuge} {
		e.verified(p.verifier, ref)
		e.tell(p.releaser, &parley.ObjectRelease{Of: first(ref), To: p.north})
	}
	e.tell(p.releaser, &parley.ObjectRelease{Of: first(clinic), To: p.south})
	e.tell(p.officer, &parley.ObjectAcknowledge{Of: first(clinic), ReadBack: hospital.at.Position})
	e.tell(p.southern, &parley.ObjectAcknowledge{Of: first(clinic), ReadBack: hospital.at.Position})

	made.Convoy = e.convoy(p.relief, hospital.at.Position, camp.at.Position, school.at.Position, p.north)
	e.verified(p.verifier, made.Convoy)
	e.tell(p.releaser, &parley.ObjectRelease{Of: first(made.Convoy), To: p.north})
	made.Area = e.declare(p.officer, camp.at.Position, p.south)
	made.South = p.south
	made.Question = e.question(p.relief)
	return made
}

// question returns the question that the convoy's people were asked because of the area.
func (e *exercise) question(key ed25519.PrivateKey) (ref parley.Ref) {
	e.look(func(s *channel.State) {
		member, _ := s.Session(draft.KeyOf(key).ID())
		prompts, _ := s.View(&member, e.now, e.node.Text).Prompts(0, 10)
		for _, q := range prompts {
			if q.Cause == parley.CauseContact {
				ref = q.Ref
			}
		}
		if ref == "" {
			e.first = errors.New("the convoy's people were not asked")
		}
	})
	return ref
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

func first(ref parley.Ref) parley.Versioned { return parley.Versioned{Ref: ref, Version: 1} }

func (e *exercise) verified(key ed25519.PrivateKey, ref parley.Ref) {
	e.say(key, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: first(ref), Method: parley.CheckedMap, Source: d.Text("EXERCISE map sheet"), On: e.now}
	})
}

// convoy notifies a movement of two legs with an hour of unloading between them, eight hours from now.
func (e *exercise) convoy(key ed25519.PrivateKey, a, b, c geo.Position, to parley.Ref) parley.Ref {
	t := e.now + 8*parley.Hour
	return e.say(key, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: parley.Movement{Name: d.Text("EXERCISE Food convoy, Raqqa to Deir ez-Zor"), MovementKind: "food", Mode: "land",
			Urgency: parley.EmergencyNotice, EmergencyReason: d.Text("EXERCISE Bakeries are without flour"),
			Legs:     []parley.Leg{{Route: line([]geo.Position{a, b}), Depart: t, Arrive: t + 2*parley.Hour}, {Route: line([]geo.Position{b, c}), Depart: t + 3*parley.Hour, Arrive: t + 5*parley.Hour}},
			Stops:    []parley.Stop{{Place: point(b), AfterLeg: 1, Arrive: t + 2*parley.Hour, Leave: t + 3*parley.Hour, Phase: parley.Unloading}},
			Vehicles: 12, Persons: 24, Markings: []parley.Marking{parley.Logo, parley.Flag}, Escort: parley.Escort{Armed: parley.No},
			Leader: parley.Contact{Name: d.Text("EXERCISE Leader"), Phone: d.Text("+963 00 000 0001")},
			Shared: parley.Sharing{Sensitivity: parley.High, Consents: []parley.Consent{{To: to, Precision: parley.Exact, Fields: []parley.Field{parley.FieldContact}}}}}}
	})
}

// declare has a party declare an area around the place where the convoy unloads, at the hour it does.
func (e *exercise) declare(key ed25519.PrivateKey, at geo.Position, to parley.Ref) parley.Ref {
	var head parley.ListHead
	e.look(func(s *channel.State) {
		member, _ := s.Session(draft.KeyOf(key).ID())
		head, _, _ = s.View(&member, e.now, e.node.Text).List(0, 1)
	})
	around := circle{place: place{}, radius: 3000}
	around.Position = geo.Destination(at, 45, 2500)
	return e.tell(key, &parley.AreaDeclare{Area: parley.Area{Shape: around.shape(), Window: geo.Window{From: e.now + 9*parley.Hour, To: e.now + 12*parley.Hour},
		Addressees: []parley.Ref{to}, Head: head}})
}
