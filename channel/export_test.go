package channel

import "parley"

// States returns the state of everything that has a machine: the machine's name and the record's key, and where it stands.
func (s *State) States() map[string]string {
	all := map[string]string{}
	for key, r := range s.objects.rows {
		o := r.value
		all["notification "+key], all["currency "+key] = string(o.State), string(o.Currency)
		if o.Movement != "" {
			all["movement "+key] = string(o.Movement)
		}
	}
	for key, r := range s.releases.rows {
		all["release "+key] = string(r.value.State)
	}
	for key, r := range s.areas.rows {
		all["area "+key] = string(r.value.State)
	}
	for key, r := range s.indications.rows {
		all["indication "+key] = string(r.value.State)
	}
	for key, r := range s.corrections.rows {
		all["correction "+key] = string(r.value.State)
	}
	for key, r := range s.arrangements.rows {
		all["arrangement "+key] = string(r.value.State)
	}
	for key, r := range s.incidents.rows {
		all["incident "+key] = string(r.value.State)
	}
	for key, r := range s.screening.cases.rows {
		for _, c := range r.value.Candidates {
			all["screening "+key+" "+c.Entry] = string(c.State)
		}
	}
	for key, r := range s.founds.rows {
		all["found "+key] = string(r.value.State)
	}
	for key, r := range s.offers.rows {
		all["offer "+key] = string(r.value.State)
	}
	for key, r := range s.stops.rows {
		all["urgent stop "+key] = string(r.value.State)
	}
	return all
}

// NoticesFrom returns every account's notices from a number on, in the order in which they were made.
func (s *State) NoticesFrom(n int) []parley.Notice { return s.notices.rows[n:] }

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
