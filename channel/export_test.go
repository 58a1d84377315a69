package channel

import "parley"

// States returns the state of everything that has a machine: the machine's name and the record's key, and where it stands.
func (s *State) States() map[string]string {
	all := map[string]string{}
	for key, o := range s.objects.all() {
		all["notification "+key], all["currency "+key] = string(o.State), string(o.Currency)
		if o.Movement != "" {
			all["movement "+key] = string(o.Movement)
		}
	}
	for key, r := range s.releases.all() {
		all["release "+key] = string(r.State)
	}
	for key, r := range s.areas.all() {
		all["area "+key] = string(r.State)
	}
	for key, r := range s.indications.all() {
		all["indication "+key] = string(r.State)
	}
	for key, r := range s.corrections.all() {
		all["correction "+key] = string(r.State)
	}
	for key, r := range s.arrangements.all() {
		all["arrangement "+key] = string(r.State)
	}
	for key, r := range s.incidents.all() {
		all["incident "+key] = string(r.State)
	}
	for key, r := range s.screening.cases.all() {
		for _, c := range r.Candidates {
			all["screening "+key+" "+c.Entry] = string(c.State)
		}
	}
	for key, r := range s.founds.all() {
		all["found "+key] = string(r.State)
	}
	for key, r := range s.offers.all() {
		all["offer "+key] = string(r.State)
	}
	for key, r := range s.stops.all() {
		all["urgent stop "+key] = string(r.State)
	}
	return all
}

// NoticesFrom returns every account's notices from a number on, in the order in which they were made.
func (s *State) NoticesFrom(n int) []parley.Notice {
	var all []parley.Notice
	for _, notice := range s.notices.from(n) {
		all = append(all, *notice)
	}
	return all
}

// ForceTold reports whether an account placed a force, was told of it, or is the desk.
func (s *State) ForceTold(account, ref parley.Ref) bool {
	f := s.forces.get(string(ref))
	if f == nil {
		return false
	}
	for _, p := range f.Addressees {
		if p == account {
			return true
		}
	}
	return account == parley.Desk || f.Party == account
}

// Export returns a version as it is kept.
func (s *State) Export(of parley.Versioned) *parley.Version { return s.version(of) }

// Beside returns how many rows are kept beside their tables.
func (s *State) Beside() (n int) {
	for _, t := range s.tables {
		if t, ok := t.(interface{ kept() int }); ok {
			n += t.kept()
		}
	}
	return n
}

func (t *table[V]) kept() int { return len(t.beside) }

func (t *table[V]) called() string { return t.name }
func (t *list[V]) called() string  { return t.name }

// KindName returns the name of the table of a kind of records.
func KindName(kind uint8) string { return New().tables[kind].(interface{ called() string }).called() }
