package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley"
	"parley/channel"
	"parley/node"
	"parley/proof"
	"parley/release"
)

// submission is what a client sends: a DSSE envelope and the payloads that its command commits to.
type submission struct {
	Envelope jsontext.Value   `json:"envelope"`
	Payloads []parley.Payload `json:"payloads,omitzero"`
}

// Result is the answer to a command.
type Result struct {
	Name      parley.Hash    `json:"name" doc:"of the command: SHA-256 of its DSSE pre-authentication bytes"`
	Outcome   string         `json:"outcome" doc:"applied, or the code of a refusal that is kept on record; spooled for an urgent stop that was told and waits for the journal"`
	Mark      string         `json:"mark,omitzero" doc:"of an urgent stop that was told without the journal: not yet in the journal, or not recorded. There is no stored receipt yet"`
	Ref       parley.Ref     `json:"ref,omitzero" doc:"what the command made or concerns"`
	Position  uint64         `json:"position" doc:"in the journal, from 0; of something spooled: none yet"`
	Height    uint64         `json:"height,omitzero" doc:"of the block; absent when the command was in the journal before"`
	Block     *proof.Hash    `json:"block,omitzero"`
	At        string         `json:"at" doc:"log time"`
	Told      parley.Channel `json:"told,omitzero" doc:"how the word came when its author did not sign it: telephone, radio, paper, sms or form"`
	Duplicate bool           `json:"duplicate,omitzero" doc:"the command was in the journal before; this is its first outcome"`
	Sentence  string         `json:"sentence"`
	Check     *release.Check `json:"check,omitzero" doc:"the answer to a precaution check"`
	Area      *release.Area  `json:"area,omitzero" doc:"a declared area as its owner sees it"`
	Problem   *Problem       `json:"problem,omitzero" doc:"in a batch: why this one was not taken"`
}

type commandInput struct {
	DryRun  bool   `query:"dry_run" doc:"say what would be refused now, and store nothing"`
	RawBody []byte `contentType:"application/json"`
}

type commandOutput struct {
	Status int
	Body   Result
}

// strict is how submissions are read: no duplicate keys, no unknown fields, no other case.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false))

func readSubmission(text []byte) (*submission, error) {
	var in submission
	if err := json.Unmarshal(text, &in, strict); err != nil {
		return nil, parley.Malformed("", err)
	}
	if len(in.Payloads) > 1000 {
		return nil, parley.Invalid("payloads", fmt.Sprintf("%d payloads", len(in.Payloads)), "at most 1000")
	}
	for i, p := range in.Payloads {
		var f *parley.Fault
		if errors.As(p.Validate(), &f) {
			return nil, &parley.Fault{Code: f.Code, Field: fmt.Sprintf("payloads[%d].%s", i, f.Field), Read: f.Read, Expected: f.Expected}
		}
	}
	return &in, nil
}

func (s *Server) postCommand(ctx context.Context, in *commandInput) (*commandOutput, error) {
	sub, err := readSubmission(in.RawBody)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if in.DryRun {
		if err := s.node.Try(sub.Envelope, sub.Payloads); err != nil {
			return nil, s.problem(ctx, err)
		}
		return &commandOutput{Status: http.StatusOK, Body: Result{Outcome: "would be taken", Sentence: parley.SentenceNotification}}, nil
	}
	r, err := s.node.Submit(ctx, sub.Envelope, sub.Payloads)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if p := s.refusal(ctx, r); p != nil {
		return nil, p
	}
	out := &commandOutput{Status: http.StatusCreated, Body: s.result(r)}
	if r.Spooled != "" {
		out.Status = http.StatusAccepted
		return out, nil
	}
	if r.Duplicate {
		out.Status = http.StatusOK
	}
	return out, nil
}

// refusal returns the problem of a command that is in the journal and was not taken there.
func (s *Server) refusal(ctx context.Context, r node.Receipt) *Problem {
	if r.Outcome.Code == parley.Applied || r.Spooled != "" {
		return nil
	}
	if r.Refusal != nil {
		return problem(&node.Refused{Refusal: r.Refusal}, requestID(ctx))
	}
	return plain(parley.Code(r.Outcome.Code), requestID(ctx))
}

func (s *Server) result(r node.Receipt) Result {
	if r.Spooled != "" {
		return Result{Name: r.Outcome.Name, Outcome: "spooled", Ref: r.Outcome.Ref, At: parley.Stamp(r.Outcome.At), Mark: r.Spooled, Sentence: parley.SentenceNotification}
	}
	out := Result{Name: r.Outcome.Name, Outcome: string(r.Outcome.Code), Ref: r.Outcome.Ref, Position: r.Outcome.Position, Height: r.Height, At: parley.Stamp(r.Outcome.At), Told: r.Outcome.Told,
		Duplicate: r.Duplicate, Sentence: parley.SentenceNotification}
	if r.Height > 0 {
		out.Block = &r.Block
	}
	if k := r.Outcome.Ref.Kind(); r.Outcome.By != "" && (r.Outcome.Kind == "check.record" || k == parley.RefArea) {
		_ = s.node.Read(func(st *channel.State) { // a node that has stopped meanwhile has still stored the command
			v := st.View(&parley.Member{Ref: r.Outcome.By, Account: r.Outcome.Account}, s.node.Now(), s.text)
			out.Check, _ = v.Check(r.Outcome.Ref)
			if r.Outcome.Kind == "area.declare" || r.Outcome.Kind == "area.amend" {
				out.Area, _ = v.Area(r.Outcome.Ref)
			}
		})
	}
	return out
}

func (s *Server) text(c parley.Commitment) string { return s.node.Text(c) }

type batchInput struct {
	RawBody []byte `contentType:"application/json"`
}

type batchOutput struct {
	Body struct {
		Results []Result `json:"results" doc:"one for each command, in order; each is taken or refused by itself"`
	}
}

// postBatch takes many commands in one request. Each stands or falls by itself.
func (s *Server) postBatch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	var batch struct {
		Commands []jsontext.Value `json:"commands"`
	}
	if err := json.Unmarshal(in.RawBody, &batch, strict); err != nil {
		return nil, s.problem(ctx, parley.Malformed("", err))
	}
	if n := len(batch.Commands); n < 1 || n > s.limits.Commands {
		return nil, s.problem(ctx, parley.Invalid("commands", fmt.Sprintf("%d commands", n), fmt.Sprintf("1 to %d", s.limits.Commands)))
	}
	type answer struct {
		i int
		r Result
	}
	answers := make(chan answer, len(batch.Commands))
	for i, text := range batch.Commands {
		go func() { answers <- answer{i, s.one(ctx, text)} }() // all are awaited below
	}
	out := &batchOutput{}
	out.Body.Results = make([]Result, len(batch.Commands))
	for range batch.Commands {
		a := <-answers
		out.Body.Results[a.i] = a.r
	}
	return out, nil
}

func (s *Server) one(ctx context.Context, text []byte) Result {
	sub, err := readSubmission(text)
	if err == nil {
		var r node.Receipt
		if r, err = s.node.Submit(ctx, sub.Envelope, sub.Payloads); err == nil {
			out := s.result(r)
			if p := s.refusal(ctx, r); p != nil {
				out.Problem = p
			}
			return out
		}
	}
	return Result{Outcome: "refused", Problem: s.problem(ctx, err)}
}

// problem builds the answer to an error and writes the log's line for it.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	p := problem(err, requestID(ctx))
	if p.Status >= 500 {
		s.log.Error("request failed", "id", p.ID, "code", p.Code, "why", err)
	} else {
		s.log.Info("request refused", "id", p.ID, "code", p.Code, "field", p.Field)
	}
	return p
}

// commandBody describes a submission for OpenAPI; the strict reader of package parley decides.
func commandBody() *huma.Schema {
	return &huma.Schema{Type: "object", Required: []string{"envelope"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"envelope": {Type: "object", Description: "DSSE envelope, payload type " + parley.PayloadType, Required: []string{"payload", "payloadType", "signatures"}, Properties: map[string]*huma.Schema{
			"payload":     {Type: "string", ContentEncoding: "base64", Description: "the command's JSON"},
			"payloadType": {Type: "string"},
			"signatures": {Type: "array", Items: &huma.Schema{Type: "object", Required: []string{"keyid", "sig"}, Properties: map[string]*huma.Schema{
				"keyid": {Type: "string"}, "sig": {Type: "string", ContentEncoding: "base64"}}}}}},
		"payloads": {Type: "array", Items: &huma.Schema{Type: "object", Required: []string{"salt", "text"}, Properties: map[string]*huma.Schema{
			"salt": {Type: "string", Description: "128 random bits in hexadecimal"}, "text": {Type: "string"}}}}}}
}

type nameInput struct {
	Name string `path:"name" doc:"name of a command: 64 hexadecimal digits"`
}

func (s *Server) getCommand(ctx context.Context, in *nameInput) (*struct{ Body Result }, error) {
	o, err := s.outcome(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Result }{s.result(node.Receipt{Outcome: o, Duplicate: true})}, nil
}

func (s *Server) outcome(ctx context.Context, text string) (o parley.Outcome, _ error) {
	hidden := plain(parley.CodeNotFound, requestID(ctx))
	name, err := parley.ParseHash(text)
	if err != nil {
		return o, hidden
	}
	ok := false
	if err := s.view(ctx, func(v *channel.Viewer) { o, ok = v.Outcome(name) }); err != nil {
		return o, err
	}
	if !ok {
		return o, hidden
	}
	return o, nil
}

func (s *Server) getReceipt(ctx context.Context, in *nameInput) (*bodyOf[proof.Receipt], error) {
	o, err := s.outcome(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	var acknowledgements []uint64
	if err := s.view(ctx, func(v *channel.Viewer) { acknowledgements = node.Acknowledgements(v, o) }); err != nil {
		return nil, err
	}
	e, err := s.node.Proofs(ctx, o, acknowledgements)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &bodyOf[proof.Receipt]{*e}, nil
}

// envelope describes a DSSE envelope in its written form for OpenAPI.
type envelope []byte

// Schema implements huma.SchemaProvider.
func (envelope) Schema(huma.Registry) *huma.Schema {
	return commandBody().Properties["envelope"]
}
