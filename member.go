package parley

import (
	"fmt"
	"slices"
	"strconv"
)

// Role is what a member may do for the account they belong to. A member may hold several.
type Role string

// The roles of members. The comment says to which account they belong.
const (
	Trustee        Role = "trustee"         // board
	Verifier       Role = "verifier"        // desk
	Releaser       Role = "releaser"        // desk
	Administrator  Role = "administrator"   // desk, party, organisation: invites, revokes, sets the rota
	Notifier       Role = "notifier"        // organisation
	MovementLeader Role = "movement_leader" // organisation
	MonitorOfficer Role = "monitor"         // organisation of kind monitor
	DutyOfficer    Role = "duty_officer"    // party
	Planner        Role = "planner"         // party
	LegalAdviser   Role = "legal_adviser"   // party

	ScreeningOfficer Role = "screening_officer" // desk, party, organisation: looks names up in lists of designations
)

// RolesOf returns the roles that members of an account may hold.
func RolesOf(account Ref) []Role {
	switch {
	case account == Board:
		return []Role{Trustee}
	case account == Desk:
		return []Role{Verifier, Releaser, ScreeningOfficer, Administrator}
	case account.Kind() == RefOrganisation:
		return []Role{Notifier, MovementLeader, MonitorOfficer, ScreeningOfficer, Administrator}
	case account.Kind() == RefParty:
		return []Role{DutyOfficer, Planner, LegalAdviser, ScreeningOfficer, Administrator}
	}
	return nil
}

// Echelon is the level of liaison a member or a list stands at, from the top down.
type Echelon string

// The echelons of a party.
const (
	Headquarters   Echelon = "headquarters"
	OperationsRoom Echelon = "operations_room"
	Unit           Echelon = "unit"
)

func validateEchelon(field string, e Echelon) error {
	switch e {
	case Headquarters, OperationsRoom, Unit:
		return nil
	}
	return Invalid(field, strconv.Quote(string(e)), "headquarters, operations_room or unit")
}

// MemberInvite opens a one-time invitation. Code is the SHA-256 of a secret that is handed over by another way.
//
// With Roles it is for somebody new. With Member it is for a further device of that member, who alone signs it: an administrator who
// could add a key to somebody else could speak as them. For a lost device the administrator revokes and invites anew.
type MemberInvite struct {
	Account Ref     `json:"account"`
	Member  Ref     `json:"member,omitzero"`
	Roles   []Role  `json:"roles,omitempty"`
	Echelon Echelon `json:"echelon,omitzero"` // parties only
	Code    Hash    `json:"code"`
	Expires int64   `json:"expires"` // milliseconds UTC
}

// Kind implements Body.
func (*MemberInvite) Kind() CommandKind { return "member.invite" }

// Validate implements Body.
func (b *MemberInvite) Validate() error {
	may := RolesOf(b.Account)
	if may == nil {
		return Invalid("account", strconv.Quote(string(b.Account)), "BOARD, DESK, or the reference of a party or organisation")
	}
	if b.Member != "" {
		if err := requireRef("member", b.Member, RefMember); err != nil {
			return err
		}
		if len(b.Roles) > 0 {
			return Invalid("roles", fmt.Sprintf("%d roles", len(b.Roles)), "none: a further device has its member's roles")
		}
		if b.Echelon != "" {
			return Invalid("echelon", strconv.Quote(string(b.Echelon)), "none: a further device has its member's level")
		}
	} else if len(b.Roles) == 0 || len(b.Roles) > len(may) {
		return Invalid("roles", fmt.Sprintf("%d roles", len(b.Roles)), fmt.Sprintf("1 to %d of %v; or none, and the member whose further device this is for", len(may), may))
	}
	for i, r := range b.Roles {
		if !slices.Contains(may, r) || slices.Contains(b.Roles[:i], r) {
			return Invalid(fmt.Sprintf("roles[%d]", i), strconv.Quote(string(r)), fmt.Sprintf("each of %v at most once", may))
		}
	}
	if b.Echelon != "" {
		if b.Account.Kind() != RefParty {
			return Invalid("echelon", strconv.Quote(string(b.Echelon)), "none: only members of a party stand at a level")
		}
		if err := validateEchelon("echelon", b.Echelon); err != nil {
			return err
		}
	}
	if b.Code.IsZero() {
		return Invalid("code", "zeros", "the SHA-256 of the invitation's secret")
	}
	return validateTime("expires", b.Expires)
}

// MemberEnrol spends an invitation. It is signed by the new key itself. Somebody new gives a name; a further device gives none.
type MemberEnrol struct {
	Invitation Ref        `json:"invitation"`
	Secret     string     `json:"secret"`
	Key        PublicKey  `json:"key"`
	Name       Commitment `json:"name,omitzero"`
	Phone      Commitment `json:"phone,omitzero"`
}

// Kind implements Body.
func (*MemberEnrol) Kind() CommandKind { return "member.enrol" }

// Validate implements Body.
func (b *MemberEnrol) Validate() error {
	if n := len(b.Secret); n < 16 || n > 128 {
		return Invalid("secret", fmt.Sprintf("%d characters", n), "the secret of the invitation, 16 to 128 characters")
	}
	if b.Key == (PublicKey{}) {
		return Invalid("key", "zeros", "an Ed25519 public key")
	}
	return requireRef("invitation", b.Invitation, RefInvitation)
}

// MemberRevoke ends a member's keys at once: nothing they sign is taken from this position on.
type MemberRevoke struct {
	Member Ref        `json:"member"`
	Reason Commitment `json:"reason,omitzero"`
}

// Kind implements Body.
func (*MemberRevoke) Kind() CommandKind { return "member.revoke" }

// Validate implements Body.
func (b *MemberRevoke) Validate() error { return requireRef("member", b.Member, RefMember) }

// KeyRevoke ends one key at once: that of a device that was lost. The member's other keys stay.
type KeyRevoke struct {
	Key KeyID `json:"key"`
}

// Kind implements Body.
func (*KeyRevoke) Kind() CommandKind { return "key.revoke" }

// Validate implements Body.
func (b *KeyRevoke) Validate() error {
	if !validKeyID(b.Key) {
		return Invalid("key", strconv.Quote(string(b.Key)), "a key id of 32 lower-case hexadecimal digits")
	}
	return nil
}

// KeyRotate replaces the key that signs it; the author's other keys stay. Both keys sign the command. The old one stays valid for a
// time for commands that quote a checkpoint from before the rotation.
type KeyRotate struct {
	New PublicKey `json:"new"`
}

// Kind implements Body.
func (*KeyRotate) Kind() CommandKind { return "key.rotate" }

// Validate implements Body.
func (b *KeyRotate) Validate() error {
	if b.New == (PublicKey{}) {
		return Invalid("new", "zeros", "an Ed25519 public key")
	}
	return nil
}

// RotaSet says who of an account is on duty when. A later rota replaces the whole.
type RotaSet struct {
	Account Ref     `json:"account"`
	Shifts  []Shift `json:"shifts"`
}

// Shift is one member's time on duty.
type Shift struct {
	_      struct{} `cbor:",toarray"`
	Member Ref      `json:"member"`
	From   int64    `json:"from"`
	To     int64    `json:"to"`
	Deputy bool     `json:"deputy,omitzero"`
}

// Kind implements Body.
func (*RotaSet) Kind() CommandKind { return "rota.set" }

// Validate implements Body.
func (b *RotaSet) Validate() error {
	if b.Account != Desk {
		if err := requireRef("account", b.Account, RefParty); err != nil {
			return err
		}
	}
	if len(b.Shifts) > 400 {
		return Invalid("shifts", fmt.Sprintf("%d shifts", len(b.Shifts)), "at most 400")
	}
	for i, s := range b.Shifts {
		field := fmt.Sprintf("shifts[%d]", i)
		if err := requireRef(field+".member", s.Member, RefMember); err != nil {
			return err
		}
		if s.From <= 0 || s.To > MaxTime || s.To <= s.From {
			return &Fault{Code: CodeClock, Field: field, Read: Stamp(s.From) + " to " + Stamp(s.To), Expected: "an end after the beginning"}
		}
	}
	return nil
}

var _ = register[MemberInvite]() && register[MemberEnrol]() && register[MemberRevoke]() && register[KeyRevoke]() &&
	register[KeyRotate]() && register[RotaSet]()
