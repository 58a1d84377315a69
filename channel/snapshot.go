package channel

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"parley"
	"parley/release"
)

// Frozen is a state as it stood at a moment. It can be written while the state goes on: no record is ever changed in place.
type Frozen struct{ tables []settler }

// Freeze returns the state as it stands. It costs a copy of the tables' maps, not of the records.
func (s *State) Freeze() *Frozen {
	f := &Frozen{}
	for _, t := range s.tables {
		f.tables = append(f.tables, t.freeze())
	}
	return f
}

// Record is one record of a snapshot: the number of its table, and its canonical encoding.
type Record struct {
	Kind uint8 // place of the table in New, which is fixed for a rules version
	Body []byte
}

// Records returns every record.
func (f *Frozen) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for kind, t := range f.tables {
			if !t.dump(func(body []byte) bool { return yield(Record{uint8(kind), body}) }) {
				return
			}
		}
	}
}

// Restore builds a state from the records of a snapshot. The digest is computed anew from every record, never taken from the
// snapshot: the caller compares it with the journal's. Bodies are not kept.
func Restore(records iter.Seq2[Record, error]) (*State, error) {
	s := New()
	for r, err := range records {
		if err != nil {
			return nil, fmt.Errorf("snapshot: %w", err)
		}
		if int(r.Kind) >= len(s.tables) {
			return nil, fmt.Errorf("snapshot: read a record of kind %d; expected 0 to %d in rules version %d", r.Kind, len(s.tables)-1, Rules)
		}
		if err := s.tables[r.Kind].load(&s.digest, r.Body); err != nil {
			return nil, fmt.Errorf("snapshot: %w", err)
		}
	}
	if err := s.derive(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

// derive builds the look-ups from the records. Records that contradict one another are an error: such a snapshot is not of a journal.
func (s *State) derive() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("records that do not belong together: %v", r)
		}
	}()
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
	for i := range s.outcomes.rows {
		s.noteOutcome(&s.outcomes.rows[i])
	}
	for i, n := range s.notices.rows {
		s.inboxes[n.To] = append(s.inboxes[n.To], uint64(i))
	}
	for key, r := range s.deadlines.rows {
		s.noteDeadline(key, *r.value)
	}
	s.deriveObjects()
	s.deriveAreas()
	return nil
}

func (s *State) deriveObjects() {
	for _, o := range s.objectsInOrder() {
		s.noteObject(o)
		if o.Open() {
			s.indexObject(o, s.newest(o))
		}
	}
	for _, q := range s.queries.rows {
		s.taken[q.value.Ref] = true
		if o := s.object(q.value.Of.Ref); q.value.Answered == 0 && q.value.Asker != o.Owner {
			s.asked[o.Ref]++
		}
	}
	for ref := range s.disputes.rows {
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
	for _, c := range s.changes.rows {
		h := s.held[c.value.Party]
		h.changes = max(h.changes, c.value.Number+1)
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
	for _, r := range s.objects.rows {
		first := s.version(parley.Versioned{Ref: r.value.Ref, Version: 1})
		all = append(all, placed{r.value, first.Position})
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
	for key, r := range s.releases.rows {
		all = append(all, placed{key, r.value.Slot})
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
	for _, r := range s.checks.rows {
		checks = append(checks, r.value)
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
