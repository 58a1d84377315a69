package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// Stops lists the urgent stops that concern the viewer's account.
func (v *Viewer) Stops(from, limit int) ([]release.Stop, int) {
	var refs []parley.Ref
	for _, key := range v.s.stops.keys() {
		if v.knowsStop(v.s.stops.get(key)) {
			refs = append(refs, parley.Ref(key))
		}
	}
	some, next := page(refs, from, limit)
	list := make([]release.Stop, 0, len(some))
	for _, ref := range some {
		st, _ := v.Stop(ref)
		list = append(list, *st)
	}
	return list, next
}

func (v *Viewer) knowsStop(e *parley.UrgentStop) bool {
	monitor := false
	if a := v.s.accounts.get(string(v.account)); a != nil {
		monitor = a.OrganisationKind == parley.MonitorOrganisation
	}
	return v.desk() || v.board() || monitor || concerns(e, v.account)
}

// Stop returns an urgent stop.
func (v *Viewer) Stop(ref parley.Ref) (*release.Stop, bool) {
	e := v.s.stops.get(string(ref))
	if e == nil || !v.knowsStop(e) {
		return nil, false
	}
	out := &release.Stop{Ref: ref, Object: e.Object, State: string(e.State), At: stamp(e.At), Raised: e.Raised, Step: e.Step, Parties: e.Parties, Unpassed: unpassed(e), Log: []release.StopStep{}}
	if e.Place != nil {
		p := point(*e.Place)
		out.Place = &p
	}
	for _, l := range e.Log {
		account := l.Account
		if account.Kind() == parley.RefOrganisation && account != v.account && !v.desk() && !v.board() {
			account = "" // which organisation raised it is not for those who are told to stop
		}
		step := release.StopStep{What: l.What, Account: account, Echelon: l.Echelon, Effect: l.Effect, Words: v.words(l.Words), OffRota: l.OffRota, Calls: len(l.Called), Told: l.Told,
			Spooled: stamp(l.Spooled), Lost: l.Lost, Position: l.Position, Due: stamp(l.Due), At: stamp(l.At)}
		for _, m := range l.Called {
			if who := v.s.members.get(string(m)); who.Account == v.account || v.desk() {
				step.Called = append(step.Called, m)
			}
		}
		out.Log = append(out.Log, step)
	}
	// What was told from the spool stands where it was told.
	slices.SortStableFunc(out.Log, func(a, b release.StopStep) int { return cmp.Compare(cmp.Or(a.Spooled, a.At), cmp.Or(b.Spooled, b.At)) })
	return out, true
}
