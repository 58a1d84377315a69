package parley

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// CommandKind names what a command does, such as "site.notify".
type CommandKind string

// Body is the part of a command that depends on its kind.
type Body interface {
	// Kind returns the command kind this body belongs to.
	Kind() CommandKind
	// Validate checks the body by itself, without any state. Errors are *Fault with a field below "body".
	Validate() error
}

// Command is what a member or a node says, as it was signed.
type Command struct {
	Kind      CommandKind // which Body follows
	Theatre   Hash        // name of the theatre's first command; zero only in that command
	Key       KeyID       // the author's key
	Nonce     Bits128     // random: two equal intentions are two commands
	MadeAt    int64       // milliseconds UTC by the signer's own clock: evidence, never order
	NotBefore *Checkpoint // a recent head the signer saw: the command was not made before it
	OnBehalf  *OnBehalf   // set when the signer enters what somebody else said
	Body      Body
}

// Checkpoint is a tree head that was public when a command was made.
type Checkpoint struct {
	Size uint64 `json:"size"`
	Root Hash   `json:"root"`
}

// OnBehalf says for whom a command is entered, and how their word came. It is shown as told, never as signed.
type OnBehalf struct {
	Of      Ref         `json:"of"`               // the party or organisation whose word it is
	Channel Channel     `json:"channel"`          // how it came
	Speaker *Commitment `json:"speaker,omitzero"` // who said it
	At      int64       `json:"at"`               // when it was said, milliseconds UTC
	Member  Ref         `json:"member,omitzero"`  // what a node signs: whose session it came in, or whose number it came from; none otherwise
}

// Channel is a way by which a word came to the one who entered it.
type Channel string

// The channels of entries on behalf.
const (
	ByTelephone Channel = "telephone"
	ByRadio     Channel = "radio"
	ByPaper     Channel = "paper"
	ByForm      Channel = "form" // a page without a key: signed by the node's form key
	BySMS       Channel = "sms"  // a short message: entered by the desk, or from a gateway and signed by the node's form key; its sender's number can be forged
)

// wireCommand is the JSON form of a command.
type wireCommand struct {
	Body      jsontext.Value `json:"body"`
	Key       KeyID          `json:"key"`
	Kind      CommandKind    `json:"kind"`
	MadeAt    int64          `json:"made_at"`
	Nonce     Bits128        `json:"nonce"`
	NotBefore *Checkpoint    `json:"not_before,omitzero"`
	OnBehalf  *OnBehalf      `json:"on_behalf,omitzero"`
	Theatre   Hash           `json:"theatre"`
}

// Encode writes c as the JSON that is signed.
func (c *Command) Encode() ([]byte, error) {
	body, err := json.Marshal(c.Body)
	if err != nil {
		return nil, fmt.Errorf("couldn't write the body of %s: %w", c.Kind, err)
	}
	return json.Marshal(wireCommand{Body: body, Key: c.Key, Kind: c.Kind, MadeAt: c.MadeAt, Nonce: c.Nonce, NotBefore: c.NotBefore,
		OnBehalf: c.OnBehalf, Theatre: c.Theatre})
}

// bodies maps each command kind to a function that returns an empty body.
var bodies = map[CommandKind]func() Body{}

// register adds the kinds of T to the commands of this rules version. It is called from the files that declare the bodies.
func register[T any, P interface {
	*T
	Body
}]() bool {
	kind := P(new(T)).Kind()
	if bodies[kind] != nil {
		panic("parley: command kind declared twice: " + string(kind))
	}
	bodies[kind] = func() Body { return P(new(T)) }
	return true
}

// CommandKinds returns every kind of this rules version, in alphabetical order.
func CommandKinds() []CommandKind {
	kinds := make([]CommandKind, 0, len(bodies))
	for k := range bodies {
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i] < kinds[j] })
	return kinds
}

// NewBody returns an empty body of a kind, or nil when there is no such kind.
func NewBody(kind CommandKind) Body {
	if make := bodies[kind]; make != nil {
		return make()
	}
	return nil
}

// ParseCommand reads the JSON of a command and validates it as far as that is possible without state. Errors are *Fault.
func ParseCommand(text []byte) (*Command, error) {
	var w wireCommand
	if err := json.Unmarshal(text, &w, strict); err != nil {
		return nil, Malformed("", err)
	}
	if err := refuseNull(text); err != nil {
		return nil, err
	}
	c := &Command{Kind: w.Kind, Theatre: w.Theatre, Key: w.Key, Nonce: w.Nonce, MadeAt: w.MadeAt, NotBefore: w.NotBefore, OnBehalf: w.OnBehalf}
	if c.Body = NewBody(w.Kind); c.Body == nil {
		return nil, &Fault{Code: CodeUnknownKind, Field: "kind", Read: strconv.Quote(clip(string(w.Kind))), Expected: "a command kind of this version, such as site.notify"}
	}
	if w.Body == nil {
		return nil, &Fault{Code: CodeMalformed, Field: "body", Read: "nothing", Expected: "the object that says what " + string(w.Kind) + " is about"}
	}
	if err := json.Unmarshal(w.Body, c.Body, strict); err != nil {
		return nil, Malformed("body", err)
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Command) validate() error {
	if !validKeyID(c.Key) {
		return Invalid("key", strconv.Quote(string(c.Key)), "a key id of 32 lower-case hexadecimal digits")
	}
	if c.Nonce == (Bits128{}) {
		return Invalid("nonce", "zeros", "16 random bytes in hexadecimal")
	}
	if c.MadeAt <= 0 || c.MadeAt > MaxTime {
		return Invalid("made_at", strconv.FormatInt(c.MadeAt, 10), "milliseconds UTC since 1970")
	}
	if c.Theatre.IsZero() != (c.Kind == "theatre.open") {
		return Invalid("theatre", c.Theatre.String(), "the name of this theatre's first command")
	}
	if c.NotBefore != nil && c.NotBefore.Root.IsZero() {
		return Invalid("not_before.root", "zeros", "the root of a tree head that was public")
	}
	if b := c.OnBehalf; b != nil {
		switch b.Channel {
		case ByTelephone, ByRadio, ByPaper, ByForm, BySMS:
		default:
			return Invalid("on_behalf.channel", strconv.Quote(string(b.Channel)), "telephone, radio, paper, sms or form")
		}
		if k := b.Of.Kind(); k != RefParty && k != RefOrganisation {
			return Invalid("on_behalf.of", string(b.Of), "the reference of a party or an organisation")
		}
		if b.At <= 0 || b.At > MaxTime {
			return Invalid("on_behalf.at", strconv.FormatInt(b.At, 10), "milliseconds UTC since 1970")
		}
		if err := b.validateForm(); err != nil {
			return err
		}
	}
	return within("body", c.Body.Validate())
}

// ByNode reports whether this is a word that a node signs for a member: a form, or an SMS from the member's number.
func (b *OnBehalf) ByNode() bool { return b.Channel == ByForm || b.Channel == BySMS && b.Member != "" }

// validateForm checks that what a node signs, and nothing else, names the member whose word it is.
func (b *OnBehalf) validateForm() error {
	switch {
	case !b.ByNode() && b.Member != "":
		return Invalid("on_behalf.member", string(b.Member), "none: only a form comes in a member's session, and an SMS from a member's number")
	case !b.ByNode():
		return nil
	case b.Member.Kind() != RefMember:
		return Invalid("on_behalf.member", strconv.Quote(string(b.Member)), "the member whose session the form came in")
	case b.Of.Kind() != RefOrganisation:
		return Invalid("on_behalf.of", string(b.Of), "the member's organisation: only organisations speak by form")
	case b.Speaker != nil:
		return Invalid("on_behalf.speaker", "a commitment", "none: the member speaks")
	}
	return nil
}

// Commitments returns every commitment in the command, in the order of the fields: the payloads that must come with it.
func (c *Command) Commitments() []Commitment {
	var found []Commitment
	if c.OnBehalf != nil && c.OnBehalf.Speaker != nil {
		found = append(found, *c.OnBehalf.Speaker)
	}
	collectCommitments(reflect.ValueOf(c.Body), &found)
	return found
}

// CommitmentsIn returns every commitment in a record, in the order of its fields.
func CommitmentsIn(record any) []Commitment {
	var found []Commitment
	collectCommitments(reflect.ValueOf(record), &found)
	return found
}

var commitmentType = reflect.TypeFor[Commitment]()

// collectCommitments walks v in field order. Commitments are found by type, so that no text can be forgotten.
func collectCommitments(v reflect.Value, found *[]Commitment) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collectCommitments(v.Elem(), found)
		}
	case reflect.Struct:
		if v.Type() == commitmentType {
			if c := v.Interface().(Commitment); !c.IsZero() {
				*found = append(*found, c)
			}
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				collectCommitments(v.Field(i), found)
			}
		}
	case reflect.Slice:
		if mayHoldCommitments(v.Type().Elem()) {
			for i := range v.Len() {
				collectCommitments(v.Index(i), found)
			}
		}
	}
}

// mayHoldCommitments spares the walk through long lists of positions and numbers.
func mayHoldCommitments(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return mayHoldCommitments(t.Elem())
	case reflect.Struct:
		return t.PkgPath() != "parley/geo"
	}
	return false
}
