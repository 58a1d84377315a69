package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/geo/notation"
	"parley/internal/draft"
)

// behalf are the flags by which the desk enters what somebody else said. It is shown as told, never as signed.
type behalf struct {
	OnBehalf ref    `placeholder:"REF" help:"Desk only: enter this for a party or organisation, as it was told."`
	By       string `placeholder:"CHANNEL" enum:"telephone,radio,paper,sms," default:"" help:"How it was told: telephone, radio, paper or sms."`
	SaidAt   *when  `placeholder:"TIME" help:"When it was said."`
	Speaker  string `placeholder:"NAME" help:"Who said it; stays with the desk."`
}

// statement is one command on its way: what it is drafted from, and the positions that were read for it.
type statement struct {
	*app
	client  *client
	theatre *api.Theatre
	draft   *draft.Draft
	echoes  []echo
	texts   []text
	dryRun  bool
	box     *outbox // nil: sent at once or not at all
}

// echo repeats a position as it was understood, in two notations that have nothing in common.
type echo struct {
	Field     string    `json:"field"`
	Written   string    `json:"written"`
	Explained string    `json:"explained"`
	Read      [2]string `json:"read"`
}

// text is a text with the commitment that the command holds in its place: what payload.erase needs.
type text struct {
	Commitment parley.Commitment `json:"commitment"`
	Text       string            `json:"text"`
}

// said is what a command prints with --json: the server's answer, and what was understood on the way there.
type said struct {
	api.Result
	Echo  []echo `json:"echo,omitempty"`
	Texts []text `json:"texts,omitempty"`

	Waiting int    `json:"waiting,omitzero"` // in the outbox, this one included
	Why     string `json:"why,omitzero"`     // it waits
}

// begin starts a statement in the server's theatre. It quotes the newest tree head: the command was not made before it.
func (a *app) begin(b behalf) (*statement, error) {
	c, err := a.client()
	if err != nil {
		return nil, err
	}
	if c.key == nil {
		return nil, usage("a command needs your key: --key FILE, or PARLEY_KEY; parley keygen makes one")
	}
	s := &statement{app: a, client: c}
	if a.Outbox != "" {
		if s.box, err = openOutbox(a.Outbox); err != nil {
			return nil, err
		}
	}
	head, err := s.reach()
	if err != nil {
		return nil, err
	}
	s.draft = &draft.Draft{Theatre: s.theatre.Name, MadeAt: now(s.theatre), NotBefore: head}
	if b.OnBehalf.Ref == "" {
		if b.By != "" || b.SaidAt != nil || b.Speaker != "" {
			return nil, usage("--by, --said-at and --speaker go with --on-behalf")
		}
		return s, nil
	}
	if b.By == "" || b.SaidAt == nil {
		return nil, usage("--on-behalf needs --by telephone, radio, paper or sms, and --said-at TIME")
	}
	at, err := b.SaidAt.in(s.theatre)
	if err != nil {
		return nil, err
	}
	s.draft.OnBehalf = &parley.OnBehalf{Of: b.OnBehalf.Ref, Channel: parley.Channel(b.By), At: at}
	if b.Speaker != "" {
		speaker := s.text(b.Speaker)
		s.draft.OnBehalf.Speaker = &speaker
	}
	return s, nil
}

// text commits to a text, and remembers the commitment for the one who may want it erased.
func (s *statement) text(words string) parley.Commitment {
	c := s.draft.Text(words)
	if words != "" {
		s.texts = append(s.texts, text{c, words})
	}
	return c
}

// place takes a position that was read from the command line and repeats it, before anything is sent.
func (s *statement) place(field string, p place) geo.Position {
	e := echo{field, p.typed, p.Explained, notation.Echo(p.Position)}
	s.echoes = append(s.echoes, e)
	if !s.JSON {
		fmt.Fprintf(s.err, "read %s: %s = %s\n  %s\n", field, e.Read[0], e.Read[1], e.Explained)
	}
	return p.Position
}

func (s *statement) placeOrNil(field string, p *place) *geo.Position {
	if p == nil {
		return nil
	}
	at := s.place(field, *p)
	return &at
}

// time reads a time in the theatre's zone; nil is 0.
func (s *statement) time(w *when) (int64, error) {
	if w == nil {
		return 0, nil
	}
	return w.in(s.theatre)
}

// timeOr is time with something else for a time that was not given.
func (s *statement) timeOr(w *when, other int64) (int64, error) {
	if w == nil {
		return other, nil
	}
	return s.time(w)
}

// submission is what goes to the server, and what --save-envelope keeps.
type submission struct {
	Envelope json.RawMessage  `json:"envelope"`
	Payloads []parley.Payload `json:"payloads,omitempty"`
}

// sign signs a body with the user's key and those of others who sign the same command.
func (s *statement) sign(body parley.Body, others ...ed25519.PrivateKey) ([]byte, error) {
	d, err := s.draft.Sign(body, s.client.key, others...)
	if err != nil {
		return nil, err
	}
	return json.Marshal(submission{d.Envelope, d.Payloads})
}

// say signs a body, sends it and prints what became of it.
func (s *statement) say(body parley.Body, others ...ed25519.PrivateKey) error {
	result, err := s.tell(body, others...)
	if err != nil {
		return err
	}
	return s.print(result)
}

// tell is say without printing.
func (s *statement) tell(body parley.Body, others ...ed25519.PrivateKey) (*said, error) {
	signed, err := s.sign(body, others...)
	if err != nil {
		return nil, err
	}
	if s.SaveEnvelope != "" {
		if err := os.WriteFile(s.SaveEnvelope, append(signed, '\n'), 0o600); err != nil {
			return nil, fmt.Errorf("couldn't keep the command: %w", err)
		}
	}
	if s.box != nil && !s.dryRun {
		return s.tellByOutbox(signed)
	}
	result, err := s.client.send(s.ctx, signed, s.dryRun)
	if err != nil {
		return nil, err
	}
	return &said{Result: *result, Echo: s.echoes, Texts: s.texts}, nil
}

// send sends a submission as it stands.
func (c *client) send(ctx context.Context, signed []byte, dryRun bool) (*api.Result, error) {
	path := "/v1/commands"
	if dryRun {
		path += "?dry_run=true"
	}
	result := &api.Result{}
	return result, c.call(ctx, http.MethodPost, path, signed, result)
}

// print writes the answer to a command.
func (a *app) print(r *said) error {
	if a.JSON {
		return a.printJSON(r)
	}
	if r.Name.IsZero() {
		fmt.Fprintln(a.out, r.Outcome+": nothing was sent or stored")
		return nil
	}
	if r.Waiting > 0 {
		fmt.Fprintf(a.out, "signed and kept, not yet received\n  command %s\n  %d in the outbox; parley outbox send tries again\n  %s\n  %s\n", r.Name, r.Waiting, r.Why, r.Sentence)
		return nil
	}
	if r.Ref != "" {
		fmt.Fprintf(a.out, "%s\n", r.Ref)
	}
	again := ""
	if r.Duplicate {
		again = " (it was in the journal before)"
	}
	if r.Mark != "" {
		fmt.Fprintf(a.out, "  told at %s, %s: there is no stored receipt yet\n  command %s\n  %s\n", r.At, r.Mark, r.Name, r.Sentence)
		return nil
	}
	fmt.Fprintf(a.out, "  %s at %s, position %d%s\n  command %s\n", r.Outcome, r.At, r.Position, again, r.Name)
	if r.Check != nil {
		a.describeCheck(r.Check)
	}
	if r.Area != nil {
		a.describeArea(r.Area)
	}
	if r.Check == nil {
		fmt.Fprintf(a.out, "  %s\n", r.Sentence)
	}
	return nil
}
