package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"parley"
	"parley/api"
	"parley/api/sms"
	"parley/exchange/shorttext"
	"parley/geo/notation"
	"parley/release"
)

type textCmd struct {
	Text   string `arg:"" help:"One short message as it came, in Latin or Arabic letters: MOVE-7K3F-Q2 UNLOADING 09:30 35.9512 39.0123 / free words; HOLD ASK-7K3F-Q2; STOP SITE-7K3F-Q2."`
	DryRun bool   `help:"Say what is understood and what would be refused now; send and store nothing."`
	behalf
}

func (c *textCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	setting := sms.SettingOf(&s.theatre.Profile, s.draft.MadeAt)
	m, refusal := shorttext.Parse(c.Text, setting)
	if refusal != nil {
		return refusal.Fault()
	}
	s.repeat(m, setting)
	asked := []parley.Ref{m.Of}
	if m.Decision != "" && m.Of.Kind() == parley.RefMovement {
		if asked, err = s.asked(m.Of); err != nil {
			return err
		}
	}
	for i := range max(len(asked), 1) { // a decision that names a movement answers each open question about it
		one := s
		if i > 0 {
			if one, err = a.begin(c.behalf); err != nil {
				return err
			}
			one.dryRun = c.DryRun
		}
		bodies, refusal := m.Bodies(s.draft.MadeAt, asked[min(i, len(asked)):min(i+1, len(asked))], one.text)
		if refusal != nil {
			return refusal.Fault()
		}
		if err := one.say(bodies[0]); err != nil {
			return err
		}
	}
	return nil
}

// repeat says what was understood, before anything is sent.
func (s *statement) repeat(m *shorttext.Message, setting shorttext.Setting) {
	if m.Place != nil {
		s.echoes = append(s.echoes, echo{"text", m.Place.Written, m.Place.Explained, notation.Echo(m.Place.Position)})
	}
	if s.JSON {
		return
	}
	fmt.Fprintf(s.err, "understood: %s\n", m.Understood(setting.Zone))
	if m.Place != nil {
		e := notation.Echo(m.Place.Position)
		fmt.Fprintf(s.err, "  position %s = %s\n", e[0], e[1])
	}
	if m.Words != "" {
		fmt.Fprintf(s.err, "  words %q\n", m.Words)
	}
}

// asked asks the server for the open questions about a movement. Without a line nobody knows them: the question's own reference does.
func (s *statement) asked(movement parley.Ref) ([]parley.Ref, error) {
	var open []parley.Ref
	err := s.client.all(s.ctx, "/v1/prompts", func(item json.RawMessage) error {
		var p release.Prompt
		if err := json.Unmarshal(item, &p); err != nil {
			return err
		}
		if p.Movement == movement && p.Answered == "" {
			open = append(open, p.Ref)
		}
		return nil
	})
	if err != nil && s.box != nil {
		return nil, errors.Join(parley.Invalid("text.reference", string(movement), "without a line, the question's own reference, ASK-…"), err)
	}
	return open, err
}

type textsCmd struct {
	List    textsListCmd    `cmd:"" default:"withargs" help:"List the short messages that wait for the desk." example:"parley texts list --key verifier.key"`
	Handled textsHandledCmd `cmd:"" help:"Note that a message was dealt with." example:"parley texts handled 7 --note 'called back, entered as told' --key verifier.key"`
}

type textsListCmd struct {
	All bool `help:"Every message that is kept, newest first."`
	CSV bool `name:"csv" help:"As CSV with a header."`
}

func (c *textsListCmd) Run(a *app) error {
	l := listing{"/v1/texts", []string{"id", "at", "from", "urgent", "state", "why", "member", "text"}}
	if c.All {
		l.path += "?all=true"
	}
	return l.print(a, c.CSV)
}

type textsHandledCmd struct {
	ID   uint64 `arg:"" help:"The message's number."`
	Note string `help:"What was done about it."`
}

func (c *textsHandledCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"note": c.Note})
	if err != nil {
		return err
	}
	if err := client.open(a.ctx); err != nil {
		return err
	}
	item := &api.WaitingText{}
	if err := client.call(a.ctx, http.MethodPost, "/v1/texts/"+url.PathEscape(fmt.Sprint(c.ID))+"/handled", body, item); err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(item)
	}
	fmt.Fprintln(a.out, strings.TrimSpace(fmt.Sprintf("%d %s at %s by %s  %s", item.ID, item.State, item.Handled, item.By, item.Note)))
	return nil
}
