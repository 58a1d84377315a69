package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"

	"parley"
	"parley/internal/draft"
)

// second is the key of another member of the account, who signs the same command.
type second struct {
	Second string `required:"" type:"existingfile" placeholder:"KEYFILE" help:"Key file of a second person with the role: two sign."`
}

func (s second) key() (ed25519.PrivateKey, error) {
	key, err := loadKey(s.Second)
	if err != nil {
		return nil, fmt.Errorf("--second: %w", err)
	}
	return key, nil
}

type admitCmd struct {
	Party        admitPartyCmd        `cmd:"" help:"Give a party an account. Two trustees sign." example:"parley admit party 'Northern Force' --kind force --key t1.key --second t2.key"`
	Organisation admitOrganisationCmd `cmd:"" help:"Give an organisation an account. Two trustees sign." example:"parley admit organisation 'Relief One' --kind notifier --key t1.key --second t2.key"`
}

type admitPartyCmd struct {
	Name string `arg:"" help:"The party's name."`
	Kind string `enum:"force,authority,go_between,affiliated" default:"force" help:"force, authority, go_between or affiliated."`
	second
}

func (c *admitPartyCmd) Run(a *app) error {
	return a.bySecond(c.second, func(s *statement) parley.Body {
		return &parley.PartyAdmit{Name: s.text(c.Name), PartyKind: parley.PartyKind(c.Kind)}
	})
}

type admitOrganisationCmd struct {
	Name string `arg:"" help:"The organisation's name."`
	Kind string `enum:"notifier,monitor" default:"notifier" help:"notifier or monitor."`
	second
}

func (c *admitOrganisationCmd) Run(a *app) error {
	return a.bySecond(c.second, func(s *statement) parley.Body {
		return &parley.OrganisationAdmit{Name: s.text(c.Name), OrganisationKind: parley.OrganisationKind(c.Kind)}
	})
}

// bySecond says something that two trustees sign.
func (a *app) bySecond(by second, body func(*statement) parley.Body) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	key, err := by.key()
	if err != nil {
		return err
	}
	return s.say(body(s), key)
}

type suspendCmd struct {
	Account ref    `arg:"" help:"The party or organisation."`
	Reason  string `required:"" help:"Why; it stays with the board."`
	Resume  bool   `help:"Wake the account again."`
	second
}

func (c *suspendCmd) Run(a *app) error {
	return a.bySecond(c.second, func(s *statement) parley.Body {
		b := parley.AccountSuspend{Account: c.Account.Ref, Resume: c.Resume, Reason: s.text(c.Reason)}
		if c.Account.Kind() == parley.RefOrganisation {
			return &parley.OrganisationSuspend{AccountSuspend: b}
		}
		return &parley.PartySuspend{AccountSuspend: b}
	})
}

type inviteCmd struct {
	Account ref      `arg:"" optional:"" help:"DESK, BOARD, or the party or organisation that the person will belong to."`
	Device  bool     `help:"For a further device of your own, in place of an account and roles. It has your name and roles and a key of its own."`
	Role    []string `placeholder:"ROLE" help:"What they may do; several with commas: verifier, releaser, administrator, notifier, movement_leader, monitor, duty_officer, planner, legal_adviser, trustee."`
	Echelon string   `enum:"headquarters,operations_room,unit," default:"" placeholder:"LEVEL" help:"Parties: headquarters, operations_room or unit."`
	Hours   int64    `default:"72" help:"How long the invitation can be used."`
}

// invited is what an invitation prints: the code is handed over by another way than the channel.
type invited struct {
	said
	Code string `json:"code"`
}

func (c *inviteCmd) Run(a *app) error {
	if c.Device && (c.Account.Ref != "" || c.Role != nil || c.Echelon != "") {
		return usage("--device takes no account, role or echelon: a further device has yours")
	}
	if !c.Device && (c.Account.Ref == "" || c.Role == nil) {
		return usage("whom? An account and --role for somebody new, or --device for a further device of your own")
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	secret := rand.Text()
	b := &parley.MemberInvite{Account: c.Account.Ref, Echelon: parley.Echelon(c.Echelon), Code: sha256.Sum256([]byte(secret)), Expires: s.draft.MadeAt + c.Hours*parley.Hour}
	for _, r := range c.Role {
		b.Roles = append(b.Roles, parley.Role(r))
	}
	name := " --name NAME"
	if c.Device {
		self, err := s.client.self(a.ctx)
		if err != nil {
			return err
		}
		b.Account, b.Member, name = self.Account, self.Member, ""
	}
	result, err := s.tell(b)
	if err != nil {
		return err
	}
	code := string(result.Ref) + ":" + secret
	if a.JSON {
		return a.printJSON(invited{*result, code})
	}
	fmt.Fprintf(a.out, "%s\n  works once, until %s; hand it over by voice or on paper\n  next: parley keygen FILE, then parley enrol CODE%s --key FILE\n", code, parley.Stamp(b.Expires), name)
	return nil
}

type enrolCmd struct {
	Code  string `arg:"" help:"The invitation's code, as it was handed over: INV-…:secret."`
	Name  string `help:"Your name; your own account and the board see it. A further device has none of its own."`
	Phone string `help:"Where you are reached."`
}

func (c *enrolCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	name, secret, ok := strings.Cut(c.Code, ":")
	invitation, err := parley.ParseRef(name)
	if err != nil || !ok {
		return parley.Invalid("CODE", strconv.Quote(c.Code), "the code of an invitation, such as INV-7K3F-Q2:SECRET")
	}
	return s.say(&parley.MemberEnrol{Invitation: invitation, Secret: secret, Key: draft.KeyOf(s.client.key), Name: s.text(c.Name), Phone: s.text(c.Phone)})
}

type revokeCmd struct {
	Member ref    `arg:"" help:"The member whose keys end now."`
	Reason string `help:"Why."`
}

func (c *revokeCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.MemberRevoke{Member: c.Member.Ref, Reason: s.text(c.Reason)})
}

type rotateCmd struct {
	NewKey string `arg:"" type:"existingfile" name:"new-key-file" help:"The key that follows; parley keygen makes one. Both keys sign."`
}

func (c *rotateCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	next, err := loadKey(c.NewKey)
	if err != nil {
		return err
	}
	return s.say(&parley.KeyRotate{New: draft.KeyOf(next)}, next)
}

type rotaCmd struct {
	File string `arg:"" type:"existingfile" help:"CSV with the columns member, from, to, deputy (yes or empty). It replaces the whole rota."`
}

func (c *rotaCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	self, err := s.client.self(a.ctx)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("couldn't read the rota: %w", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("couldn't read the rota: %w", err)
	}
	b := &parley.RotaSet{Account: self.Account}
	for i, row := range rows {
		if i == 0 && len(row) > 0 && strings.EqualFold(strings.TrimSpace(row[0]), "member") {
			continue
		}
		shift, err := s.shift(row)
		if err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
		b.Shifts = append(b.Shifts, shift)
	}
	return s.say(b)
}

// shift reads one line of a rota.
func (s *statement) shift(row []string) (shift parley.Shift, err error) {
	if len(row) < 3 {
		return shift, parley.Invalid("", fmt.Sprintf("%d columns", len(row)), "member, from, to and perhaps deputy")
	}
	if shift.Member, err = parley.ParseRef(row[0]); err != nil {
		return shift, fmt.Errorf("member: %w", err)
	}
	for i, into := range []*int64{&shift.From, &shift.To} {
		var w when
		if err := w.UnmarshalText([]byte(row[i+1])); err != nil {
			return shift, err
		}
		if *into, err = s.time(&w); err != nil {
			return shift, err
		}
	}
	shift.Deputy = len(row) > 3 && strings.EqualFold(strings.TrimSpace(row[3]), "yes")
	return shift, nil
}
