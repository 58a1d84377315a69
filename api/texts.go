package api

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/api/sms"
	"parley/channel"
	"parley/exchange/shorttext"
	"parley/geo/notation"
	"parley/node"
)

type textInput struct {
	Body struct {
		Text string `json:"text" maxLength:"4000" doc:"one short message, in Latin or Arabic letters, such as MOVE-7K3F-Q2 UNLOADING 09:30 35.9512 39.0123"`
		Dry  bool   `json:"dry,omitempty" doc:"explain it only; nothing is said or stored"`
	}
}

// TextAnswer is what a short message was understood to say, and what became of it.
type TextAnswer struct {
	Text       string      `json:"text" doc:"the message as it came"`
	Understood string      `json:"understood" doc:"in the message's language, with the hour in the theatre's zone"`
	Plain      string      `json:"plain" doc:"the message in its plain form"`
	Kind       string      `json:"kind" enum:"report,decision,stop"`
	Ref        parley.Ref  `json:"ref,omitzero"`
	At         string      `json:"at,omitzero"`
	Place      *TextPlace  `json:"place,omitzero"`
	Reply      string      `json:"reply,omitzero" doc:"one SMS, when it was said"`
	Results    []Result    `json:"results,omitempty" doc:"what became of each command: a decision that names a movement answers each of its open questions"`
	Drafts     []TextDraft `json:"drafts,omitempty" doc:"for whom no form may speak, such as the desk: what to sign and send"`
	Sentence   string      `json:"sentence"`
}

// TextPlace repeats a position in two notations that have nothing in common.
type TextPlace struct {
	Read      [2]string `json:"read"`
	Explained string    `json:"explained"`
}

// TextDraft is one command that nobody has signed.
type TextDraft struct {
	Kind     parley.CommandKind `json:"kind"`
	Body     rawObject          `json:"body"`
	Payloads []parley.Payload   `json:"payloads,omitempty"`
	OnBehalf parley.Ref         `json:"on_behalf_of,omitzero" doc:"for the desk: whose word it is"`
}

// rawObject is a JSON object in its written form.
type rawObject []byte

// MarshalJSON writes the object as it is.
func (o rawObject) MarshalJSON() ([]byte, error) { return o, nil }

// Schema describes it for OpenAPI: the body of a command.
func (rawObject) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "object", Description: "the body of the command", AdditionalProperties: true}
}

// postText reads a short message. For a member of an organisation the node's form key says it, as a page's form; anyone else gets drafts.
func (s *Server) postText(ctx context.Context, in *textInput) (*bodyOf[TextAnswer], error) {
	m := memberOf(ctx)
	var profile parley.Profile
	if err := s.node.Read(func(st *channel.State) { profile = st.Theatre().Profile }); err != nil {
		return nil, s.problem(ctx, err)
	}
	setting := sms.SettingOf(&profile, s.node.Now())
	msg, refusal := shorttext.Parse(in.Body.Text, setting)
	if refusal != nil {
		return nil, s.problem(ctx, refusal.Fault())
	}
	out := &bodyOf[TextAnswer]{understood(msg, setting.Zone)}
	if m.Account.Kind() == parley.RefOrganisation && !in.Body.Dry {
		receipts, err := sms.Say(ctx, s.node, parley.ByForm, m.Ref, msg)
		for _, r := range receipts {
			result := s.result(r)
			if p := s.refusal(ctx, r); p != nil {
				result.Problem = p
			}
			out.Body.Results = append(out.Body.Results, result)
		}
		var refused *node.Refused
		if err != nil && !(errors.As(err, &refused) && len(receipts) > 1) { // what was said before it stands, and is answered for
			return nil, s.problem(ctx, err)
		}
		if err == nil {
			out.Body.Reply = msg.Reply(receipts[len(receipts)-1].Outcome.Position, setting.Zone)
		}
		return out, nil
	}
	bodies, err := sms.Bodies(s.node, m.Ref, msg)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	for _, b := range bodies {
		if m.Account.Kind() == parley.RefOrganisation {
			if err := s.node.TryForm(m.Ref, b.Body, b.Draft.Payloads()); err != nil {
				return nil, s.problem(ctx, err)
			}
			continue
		}
		draft, err := s.textDraft(ctx, msg, &b)
		if err != nil {
			return nil, err
		}
		out.Body.Drafts = append(out.Body.Drafts, *draft)
	}
	return out, nil
}

func (s *Server) textDraft(ctx context.Context, msg *shorttext.Message, b *sms.Sayable) (*TextDraft, error) {
	text, err := json.Marshal(b.Body)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &TextDraft{Kind: b.Body.Kind(), Body: text, Payloads: b.Draft.Payloads()}
	if !msg.Stop {
		if err := s.view(ctx, func(v *channel.Viewer) { out.OnBehalf, _ = v.OwnerOf(msg.Of) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func understood(m *shorttext.Message, zone *time.Location) TextAnswer {
	out := TextAnswer{Text: m.Text, Understood: m.Understood(zone), Plain: m.String(), Kind: "report", Ref: m.Of, Sentence: parley.SentenceNotification}
	switch {
	case m.Stop:
		out.Kind = "stop"
	case m.Decision != "":
		out.Kind = "decision"
	}
	if m.At != 0 {
		out.At = parley.Stamp(m.At)
	}
	if m.Place != nil {
		out.Place = &TextPlace{notation.Echo(m.Place.Position), m.Place.Explained}
	}
	return out
}

// WaitingText is a short message that waits for the desk, or that was kept. Its sender's number can be forged.
type WaitingText struct {
	ID      uint64     `json:"id"`
	At      string     `json:"at"`
	From    string     `json:"from" doc:"the sender's number as the gateway gave it; it can be forged"`
	Text    string     `json:"text"`
	Urgent  bool       `json:"urgent,omitzero" doc:"it asks for an urgent stop"`
	Member  parley.Ref `json:"member,omitzero"`
	State   sms.State  `json:"state"`
	Why     sms.Why    `json:"why,omitzero"`
	Detail  string     `json:"detail,omitzero"`
	By      parley.Ref `json:"by,omitzero"`
	Handled string     `json:"handled,omitzero"`
	Note    string     `json:"note,omitzero"`
}

func waitingText(i *sms.Item) WaitingText {
	out := WaitingText{ID: i.ID, At: parley.Stamp(i.At), From: i.From, Text: i.Text, Urgent: i.Urgent, Member: i.Member, State: i.State, Why: i.Why, Detail: i.Detail, By: i.By, Note: i.Note}
	if i.Noted != 0 {
		out.Handled = parley.Stamp(i.Noted)
	}
	return out
}

type textsInput struct {
	PageInput
	All bool `query:"all" doc:"every message that is kept, newest first, not only those that wait"`
}

// listTexts lists the messages for a member of the desk; to anyone else there is no such list.
func (s *Server) listTexts(ctx context.Context, in *textsInput) (*pageOutput[WaitingText], error) {
	if memberOf(ctx).Account != parley.Desk {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	from, err := in.from()
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	var all []sms.Item
	if s.texts != nil {
		all = s.texts.Items(in.All)
	}
	from = min(from, len(all))
	end, next := min(from+in.Limit, len(all)), -1
	if end < len(all) {
		next = end
	}
	var list []WaitingText
	for i := range all[from:end] {
		list = append(list, waitingText(&all[from+i]))
	}
	return pageOf(list, next), nil
}

type handledInput struct {
	ID   uint64 `path:"id"`
	Body struct {
		Note string `json:"note,omitempty" maxLength:"1000" doc:"what was done about it"`
	}
}

func (s *Server) handleText(ctx context.Context, in *handledInput) (*bodyOf[WaitingText], error) {
	m := memberOf(ctx)
	if m.Account != parley.Desk || s.texts == nil {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	item, ok, err := s.texts.Handle(in.ID, m.Ref, s.node.Now(), in.Body.Note)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if !ok {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	return &bodyOf[WaitingText]{waitingText(&item)}, nil
}
