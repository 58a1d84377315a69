package channel

import (
	"parley"
	"parley/duty"
)

// watchRota sets the clock of the first moment from which nobody of an account's rota is on duty.
func (s *State) watchRota(account parley.Ref, from int64) {
	s.cancel(account, deadlineGap)
	if rota := s.rotas.get(string(account)); len(rota.Shifts) > 0 {
		if gap, ok := duty.Gap(rota.Shifts, from); ok {
			s.after(gap, 0, account, deadlineGap, "")
		}
	}
}

// rotaGap tells an account and the desk that nobody is on duty. After the last shift it is told once: a rota that has run out.
func (s *State) rotaGap(d duty.Deadline, at int64) {
	ref := parley.Ref(d.Ref)
	s.noted(d, at, ref, parley.NoticeRotaGap, parley.Versioned{Ref: ref}, urgent(true))
	if ref != parley.Desk {
		s.noted(d, at, parley.Desk, parley.NoticeRotaGap, parley.Versioned{Ref: ref}, urgent(true))
	}
	shifts := s.rotas.get(d.Ref).Shifts
	if next, ok := duty.Next(shifts, d.Due); ok {
		if gap, ok := duty.Gap(shifts, next); ok {
			s.after(gap, 0, ref, deadlineGap, "")
		}
	}
}
