package channel

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"sync"

	"parley"
	"parley/duty"
	"parley/release"
)

// Frozen is a state as it stood at a moment. It can be written while the state goes on: no record is ever changed in place.
type Frozen struct {
	tables  []dumper
	release func()
}

// dumper yields the canonical bodies of a table's records.
type dumper interface {
	dump(e *encoder, yield func(body []byte) bool) bool
}

// Freeze returns the state as it stands. It copies no records and none of the tables' maps, so it costs next to nothing, whatever the
// state holds. From then on, changes are kept beside what stood, until Release.
func (s *State) Freeze() *Frozen {
	f := &Frozen{release: sync.OnceFunc(func() { s.frozen.Add(-1) })}
	s.frozen.Add(1)
	for _, t := range s.tables {
		f.tables = append(f.tables, t.freeze())
	}
	return f
}

// Release says that the frozen state is not read any more. Any goroutine may call it, and more than once. A frozen state that is never
// released stays whole, and every change to the state is kept beside it for ever.
func (f *Frozen) Release() { f.release() }

// Record is one record of a snapshot: the number of its table, and its canonical encoding.
type Record struct {
	Kind uint8 // place of the table in New, which is fixed for a rules version
	Body []byte
}

// Records returns every record. The Body of one is whole until the next is asked for.
func (f *Frozen) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		var e encoder
		for kind, t := range f.tables {
			if !t.dump(&e, func(body []byte) bool { return yield(Record{uint8(kind), body}) }) {
				return
			}
		}
	}
}

// derive builds the look-ups from the records, those that have nothing to do with one another side by side. Records that contradict one
// another are an error: such a snapshot is not of a journal.
func (s *State) derive() error {
	return sideBySide(s.deriveOutcomes, s.deriveNotices, s.deriveDeadlines, s.deriveOpen, s.deriveRest)
}

// sideBySide runs each in a goroutine, and returns when all have ended.
func sideBySide(builds ...func()) error {
	errs := make([]error, len(builds))
	var all sync.WaitGroup
	for i, build := range builds {
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = fmt.Errorf("records that do not belong together: %v", r)
				}
			}()
			build()
		})
	}
	all.Wait()
	return cmp.Or(errs...)
}

func (s *State) deriveOutcomes() {
	payloads := 0
	for _, o := range s.outcomes.all() {
		payloads += len(o.Payloads)
	}
	s.names, s.payloads = s.newPlaces(s.outcomes.len(), payloads)
	for _, o := range s.outcomes.all() {
		s.noteOutcome(o)
	}
}

func (s *State) deriveNotices() {
	told := map[parley.Ref]int{}
	for _, n := range s.notices.all() {
		told[n.To]++
	}
	for to, count := range told {
		s.inboxes[to] = make([]uint64, 0, count)
	}
	for i, n := range s.notices.all() {
		s.inboxes[n.To] = append(s.inboxes[n.To], uint64(i))
	}
}

func (s *State) deriveDeadlines() {
	s.clocksOf = make(map[string][]string, s.objects.len())
	queue := make([]duty.Deadline, 0, s.deadlines.len())
	for key, d := range s.deadlines.all() {
		queue = append(queue, *d)
		s.clocksOf[d.Ref] = append(s.clocksOf[d.Ref], key)
	}
	s.queue.Fill(queue)
}

// deriveOpen indexes the newest version of every open object.
func (s *State) deriveOpen() {
	for _, o := range s.objectsInOrder() {
		if o.Open() {
			s.indexObject(o, s.newest(o))
		}
	}
}

func (s *State) deriveRest() {
	for _, key := range s.accounts.keys() {
		s.noteAccount(s.accounts.get(key))
	}
	for _, key := range s.members.keys() {
		s.noteMember(s.members.get(key))
	}
	for _, key := range s.keysInOrder() {
		s.noteKey(s.keys.get(key))
	}
	for _, key := range s.invitations.keys() {
		s.taken[parley.Ref(key)] = true
	}
	s.deriveObjects()
	s.deriveAreas()
}

func (s *State) deriveObjects() {
	for _, o := range s.objectsInOrder() {
		s.noteObject(o)
	}
	for _, q := range s.queries.all() {
		s.taken[q.Ref] = true
		if o := s.object(q.Of.Ref); q.Answered == 0 && q.Asker != o.Owner {
			s.asked[o.Ref]++
		}
	}
	for ref := range s.disputes.all() {
		s.taken[parley.Ref(ref)] = true
	}
	listed := map[parley.Ref]map[int]*release.Slot{}
	for _, key := range s.releasesInOrder() {
		r := s.releases.get(key)
		s.noteRelease(key, r)
		if r.Stands {
			s.stand(key)
		}
		if r.Listed {
			if listed[r.To] == nil {
				listed[r.To] = map[int]*release.Slot{}
			}
			listed[r.To][r.Slot] = &release.Slot{Of: r.Of, Hash: release.Fingerprint(r, s.version(r.Of))}
		}
	}
	for party, h := range s.held {
		for slot := range s.accounts.get(string(party)).Slots {
			h.set(slot, listed[party][slot])
		}
	}
	for _, c := range s.changes.all() {
		h := s.held[c.Party]
		h.changes = max(h.changes, c.Number+1)
	}
	for _, key := range s.prompts.keys() {
		p := s.prompts.get(key)
		s.taken[p.Ref] = true
		s.promptsOf[p.Movement] = append(s.promptsOf[p.Movement], p.Ref)
	}
}

// keysInOrder returns the ids of all keys in the order of their admission.
func (s *State) keysInOrder() []string {
	ids := s.keys.keys()
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(s.keys.get(a).From, s.keys.get(b).From) })
	return ids
}

// objectsInOrder returns the objects in the order of their notification.
func (s *State) objectsInOrder() []*parley.Object {
	type placed struct {
		object *parley.Object
		at     uint64
	}
	all := make([]placed, 0, s.objects.len())
	for _, r := range s.objects.all() {
		first := s.version(parley.Versioned{Ref: r.Ref, Version: 1})
		all = append(all, placed{r, first.Position})
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	objects := make([]*parley.Object, len(all))
	for i, p := range all {
		objects[i] = p.object
	}
	return objects
}

// releasesInOrder returns the keys of all releases in the order of their slots.
func (s *State) releasesInOrder() []string {
	type placed struct {
		key  string
		slot int
	}
	all := make([]placed, 0, s.releases.len())
	for key, r := range s.releases.all() {
		all = append(all, placed{key, r.Slot})
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Or(cmp.Compare(a.slot, b.slot), cmp.Compare(a.key, b.key)) })
	keys := make([]string, len(all))
	for i, p := range all {
		keys[i] = p.key
	}
	return keys
}

func (s *State) deriveAreas() {
	for _, key := range s.areas.keys() {
		a := s.areas.get(key)
		s.taken[a.Ref] = true
		s.areaOf[a.Party] = append(s.areaOf[a.Party], a.Ref)
		if a.State != parley.AreaEnded {
			s.areasIn.setOne(key, areaVolume(&a.Area))
		}
	}
	for _, key := range s.forces.keys() {
		s.noteForce(s.forces.get(key))
	}
	checks := make([]*parley.PrecautionCheck, 0, s.checks.len())
	for _, r := range s.checks.all() {
		checks = append(checks, r)
	}
	slices.SortFunc(checks, func(a, b *parley.PrecautionCheck) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Ref, b.Ref))
	})
	for _, c := range checks {
		s.noteCheck(c)
	}
	for _, key := range s.indications.keys() {
		of := s.indications.get(key).Of
		s.openOf[of] = append(s.openOf[of], key)
	}
	for _, key := range s.harms.keys() {
		s.noteHarm(s.harms.get(key))
	}
	for _, key := range s.corrections.keys() {
		s.taken[parley.Ref(key)] = true
	}
	for _, key := range s.arrangements.keys() {
		s.noteArrangement(s.arrangements.get(key))
	}
	for _, key := range s.incidents.keys() {
		s.noteIncident(s.incidents.get(key))
	}
	s.noteScreenings()
	for _, keys := range [][]string{s.claims.keys(), s.evidence.keys(), s.seals.keys(), s.founds.keys(), s.crossings.keys(), s.crossed.keys(), s.warnings.keys(), s.offers.keys(), s.deliveries.keys(), s.results.keys()} {
		for _, key := range keys {
			s.taken[parley.Ref(key)] = true
		}
	}
	for _, key := range s.stops.keys() {
		st := s.stops.get(key)
		s.taken[st.Ref] = true
		if st.State != parley.StopStoodDown {
			s.stopsOpen[st.Ref] = true
		}
	}
}
