package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"time"

	"parley"
	"parley/internal/draft"
	"parley/node"
)

// person is somebody in the exercise. Their key lies in a file of their own.
type person struct {
	File    string     `json:"file"` // of the key, without folder and ending
	English string     `json:"english"`
	Arabic  string     `json:"arabic"`
	Account parley.Ref `json:"account"`
	Ref     parley.Ref `json:"member"`
	key     ed25519.PrivateKey
}

// force is a party with its people.
type force struct {
	ref                              parley.Ref
	officer, deputy, planner, lawyer *person
}

// crew are the people of an organisation.
type crew struct {
	ref              parley.Ref
	notifier, leader *person
	screener         *person
}

// people are those who speak in the exercise.
type people struct {
	verifier, second, releaser *person
	north, south, river        force
	relief, medical, water     crew
	all                        []*person
}

// enter admits everyone, and writes down who is on duty.
func (e *exercise) enter() *people {
	p := &people{all: e.board[:]}
	enrol := func(account parley.Ref, echelon parley.Echelon, file, english, arabic string, roles ...parley.Role) *person {
		one := &person{File: file, English: english, Arabic: arabic}
		e.enrol(one, account, echelon, roles...)
		p.all = append(p.all, one)
		return one
	}
	p.verifier = enrol(parley.Desk, "", "verifier", "Verifier, desk", "المدقق، المكتب", parley.Verifier)
	p.second = enrol(parley.Desk, "", "verifier-2", "Second verifier, desk", "المدقق الثاني، المكتب", parley.Verifier)
	p.releaser = enrol(parley.Desk, "", "releaser", "Releaser, desk", "مسؤول التسليم، المكتب", parley.Releaser, parley.Administrator)
	form := func(file, english, arabic, of, ofArabic string) force {
		f := force{ref: e.party(english, arabic)}
		f.officer = enrol(f.ref, parley.Headquarters, file+"-officer", "Duty officer, "+of, "الضابط المناوب، "+ofArabic, parley.DutyOfficer, parley.Administrator)
		f.deputy = enrol(f.ref, parley.OperationsRoom, file+"-deputy", "Deputy duty officer, "+of, "نائب الضابط المناوب، "+ofArabic, parley.DutyOfficer)
		f.planner = enrol(f.ref, parley.OperationsRoom, file+"-planner", "Planner, "+of, "ضابط التخطيط، "+ofArabic, parley.Planner)
		f.lawyer = enrol(f.ref, parley.Headquarters, file+"-adviser", "Legal adviser, "+of, "المستشار القانوني، "+ofArabic, parley.LegalAdviser)
		return f
	}
	p.north = form("north", "Northern Force", "القوة الشمالية", "Northern Force", "القوة الشمالية")
	p.south = form("south", "Southern Force", "القوة الجنوبية", "Southern Force", "القوة الجنوبية")
	// A third party, with one officer and no area of its own.
	p.river = force{ref: e.party("River Authority", "هيئة النهر")}
	p.river.officer = enrol(p.river.ref, parley.Headquarters, "river-officer", "Duty officer, River Authority", "الضابط المناوب، هيئة النهر", parley.DutyOfficer, parley.Administrator)
	gather := func(file, english, arabic string) crew {
		c := crew{ref: e.organisation(english, arabic, parley.NotifierOrganisation)}
		c.notifier = enrol(c.ref, "", file, "Notifier, "+english, "مسؤول الإبلاغ، "+arabic, parley.Notifier, parley.Administrator)
		c.leader = enrol(c.ref, "", file+"-leader", "Movement leader, "+english, "قائد القافلة، "+arabic, parley.MovementLeader)
		return c
	}
	p.relief = gather("relief", "Relief One", "الإغاثة الأولى")
	p.relief.screener = enrol(p.relief.ref, "", "relief-screener", "Screening officer, Relief One", "موظف فحص الإدراج، الإغاثة الأولى", parley.ScreeningOfficer)
	enrol(p.relief.ref, "", "relief-screener-2", "Second screening officer, Relief One", "موظف فحص الإدراج الثاني، الإغاثة الأولى", parley.ScreeningOfficer)
	p.medical = gather("medical", "Medical Aid", "العون الطبي")
	// In a small organisation one person does everything.
	p.water = crew{ref: e.organisation("Water Engineers", "مهندسو المياه", parley.NotifierOrganisation)}
	p.water.notifier = enrol(p.water.ref, "", "water", "Notifier and movement leader, Water Engineers", "مسؤول الإبلاغ وقائد القوافل، مهندسو المياه", parley.Notifier, parley.MovementLeader, parley.Administrator)
	observers := e.organisation("Observers", "المراقبون", parley.MonitorOrganisation)
	enrol(observers, "", "observer", "Monitor, Observers", "مراقب، المراقبون", parley.MonitorOfficer)

	e.rota(p.releaser, p.verifier, p.second)
	for _, f := range []force{p.north, p.south} {
		e.rota(f.officer, f.officer, f.deputy)
	}
	return p
}

// rota puts two people on duty by turns of twelve hours, one as the other's deputy, from the opening until two weeks from now. The first has the turn
// that is on now.
func (e *exercise) rota(admin, one, other *person) {
	const turn = 12 * parley.Hour
	now := e.end - e.end%turn
	b := &parley.RotaSet{Account: admin.Account}
	for i := -int64(opened.Hours()/12) - 1; i < 28; i++ {
		on, off := one, other
		if i%2 != 0 {
			on, off = other, one
		}
		from := now + i*turn
		b.Shifts = append(b.Shifts, parley.Shift{Member: on.Ref, From: from, To: from + turn})
		if i >= -4 {
			b.Shifts = append(b.Shifts, parley.Shift{Member: off.Ref, From: from, To: from + turn, Deputy: true})
		}
	}
	e.tell(admin, b)
}

// link lets one person of the exercise in, once, on a device that then has a key of its own.
type link struct {
	Who     string     `json:"who"`
	Arabic  string     `json:"who_ar"`
	Key     string     `json:"key"` // file of their first key
	Invited parley.Ref `json:"invitation"`
	Secret  string     `json:"secret"`
	URL     string     `json:"url"`
}

// linksFor is how long a link can be used.
const linksFor = 7 * parley.Day

// invite has each person invite a further device of their own, in the folder of an exercise that nobody serves yet.
func (s scene) invite(a *app, folder string) (links []link, err error) {
	n, err := node.Open(a.ctx, node.Config{Folder: filepath.Join(folder, "server")})
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := n.Close(); err == nil {
			err = e
		}
	}()
	for _, p := range s.People {
		file := filepath.Join(folder, "keys", p.File+".key")
		key, err := loadKey(file)
		if err != nil {
			return nil, err
		}
		now := time.Now().UnixMilli()
		l := link{Who: p.English, Arabic: p.Arabic, Key: file, Secret: rand.Text()}
		d := &draft.Draft{Theatre: s.Theatre, MadeAt: now}
		sent, err := d.Sign(&parley.MemberInvite{Account: p.Account, Member: p.Ref, Code: sha256.Sum256([]byte(l.Secret)), Expires: now + linksFor}, key)
		if err != nil {
			return nil, err
		}
		r, err := n.Submit(a.ctx, sent.Envelope, sent.Payloads)
		if err == nil && r.Refusal != nil {
			err = &r.Refusal.Fault
		}
		if err != nil {
			return nil, fmt.Errorf("couldn't invite a device of %s: %w", p.English, err)
		}
		l.Invited = r.Outcome.Ref
		links = append(links, l)
	}
	return links, nil
}
