package channel

import (
	"crypto/sha256"
	"slices"

	"parley"
)

// Invitation returns an invitation to whoever holds its secret, unspent and not expired at a time. Anything else is not found.
func (s *State) Invitation(ref parley.Ref, secret string, at int64) (parley.Invitation, bool) {
	inv := s.invitations.get(string(ref))
	if inv == nil || inv.Spent || at >= inv.Expires || sha256.Sum256([]byte(secret)) != inv.Code {
		return parley.Invitation{}, false
	}
	return *inv, true
}

// NameOf returns the name of a party or an organisation.
func (s *State) NameOf(account parley.Ref) (parley.Commitment, bool) {
	a := s.accounts.get(string(account))
	if a == nil || a.Name.IsZero() {
		return parley.Commitment{}, false
	}
	return a.Name, true
}

// Rota returns the shifts of the viewer's own account.
func (v *Viewer) Rota() []parley.Shift {
	if r := v.s.rotas.get(string(v.account)); r != nil {
		return slices.Clone(r.Shifts)
	}
	return nil
}
