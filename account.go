package parley

import "strconv"

// PartyKind says what a party is. The rules are the same for every kind but the go-between.
type PartyKind string

// The kinds of party.
const (
	Force      PartyKind = "force"
	Authority  PartyKind = "authority"
	GoBetween  PartyKind = "go_between" // relays and never answers for another
	Affiliated PartyKind = "affiliated" // shown as claimed or denied, and by whom
)

// OrganisationKind says what an organisation does in the channel.
type OrganisationKind string

// The kinds of organisation.
const (
	NotifierOrganisation OrganisationKind = "notifier"
	MonitorOrganisation  OrganisationKind = "monitor"
)

// PartyAdmit gives a party an account. Two trustees sign.
type PartyAdmit struct {
	Name      Commitment `json:"name"`
	PartyKind PartyKind  `json:"party_kind"`
}

// Kind implements Body.
func (*PartyAdmit) Kind() CommandKind { return "party.admit" }

// Validate implements Body.
func (b *PartyAdmit) Validate() error {
	switch b.PartyKind {
	case Force, Authority, GoBetween, Affiliated:
	default:
		return Invalid("party_kind", strconv.Quote(string(b.PartyKind)), "force, authority, go_between or affiliated")
	}
	return requireText("name", b.Name)
}

// OrganisationAdmit gives an organisation an account. Two trustees sign.
type OrganisationAdmit struct {
	Name             Commitment       `json:"name"`
	OrganisationKind OrganisationKind `json:"organisation_kind"`
}

// Kind implements Body.
func (*OrganisationAdmit) Kind() CommandKind { return "organisation.admit" }

// Validate implements Body.
func (b *OrganisationAdmit) Validate() error {
	if b.OrganisationKind != NotifierOrganisation && b.OrganisationKind != MonitorOrganisation {
		return Invalid("organisation_kind", strconv.Quote(string(b.OrganisationKind)), "notifier or monitor")
	}
	return requireText("name", b.Name)
}

// AccountSuspend lets an account rest, or wakes it. History stays. Two trustees sign.
type AccountSuspend struct {
	Account Ref        `json:"account"`
	Resume  bool       `json:"resume,omitzero"`
	Reason  Commitment `json:"reason"`
}

// PartySuspend is AccountSuspend for a party.
type PartySuspend struct{ AccountSuspend }

// Kind implements Body.
func (*PartySuspend) Kind() CommandKind { return "party.suspend" }

// Validate implements Body.
func (b *PartySuspend) Validate() error { return b.validate(RefParty) }

// OrganisationSuspend is AccountSuspend for an organisation.
type OrganisationSuspend struct{ AccountSuspend }

// Kind implements Body.
func (*OrganisationSuspend) Kind() CommandKind { return "organisation.suspend" }

// Validate implements Body.
func (b *OrganisationSuspend) Validate() error { return b.validate(RefOrganisation) }

func (b *AccountSuspend) validate(kind RefKind) error {
	return first(requireRef("account", b.Account, kind), requireText("reason", b.Reason))
}

// requireText checks that a commitment is there.
func requireText(field string, c Commitment) error {
	if c.IsZero() {
		return Invalid(field, "nothing", "the commitment of a text")
	}
	return nil
}

// requireRef checks that a reference is there and of one of the kinds.
func requireRef(field string, r Ref, kinds ...RefKind) error {
	for _, k := range kinds {
		if r.Kind() == k {
			return nil
		}
	}
	expected := "a reference of the kind " + string(kinds[0])
	for _, k := range kinds[1:] {
		expected += " or " + string(k)
	}
	return Invalid(field, strconv.Quote(string(r)), expected)
}

var _ = register[PartyAdmit]() && register[OrganisationAdmit]() && register[PartySuspend]() && register[OrganisationSuspend]()
