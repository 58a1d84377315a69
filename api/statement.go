package api

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/exchange/news"
	"parley/statement"
)

// readers may have a text read into proposed claims: those who put claims on record.
var readers = []parley.Role{parley.MonitorOfficer, parley.Verifier, parley.Releaser}

// textKinds are the kinds of body that the reader of statements takes. What a text is it tells from the text itself.
var textKinds = []string{"text/plain", "text/html", "application/xhtml+xml", "application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/octet-stream"}

// StatementText is a text to read, as it came.
type StatementText struct {
	Name      string // where it comes from
	Data      []byte
	Encoding  string // WHATWG name; "": the text says it, or it is UTF-8
	Published string // day, 2016-09-17; "": the text says it, or nobody does
	Publisher string
	Issuer    string // the whole text is a statement of theirs
}

// UseReader gives the door a reader that knows places; without one it knows countries alone.
func (s *Server) UseReader(r *statement.Reader) { s.reader = r }

// ReadStatement proposes the claims in a text. Nothing is kept or sent; what it returns waits for a person. One text is read at a time: a long one keeps a
// processor busy for seconds.
func (s *Server) ReadStatement(ctx context.Context, in *StatementText) ([]statement.Reading, error) {
	published := statement.Date{}
	if in.Published != "" {
		day, err := time.Parse(time.DateOnly, in.Published)
		if err != nil {
			return nil, parley.Invalid("query.published", strconv.Quote(in.Published), "a day, as 2016-09-17")
		}
		published = statement.DateOf(day)
	}
	docs, err := news.Open(in.Name, in.Data, in.Encoding)
	var fault *news.Fault
	if errors.As(err, &fault) {
		f := &parley.Fault{Code: parley.CodeInvalid, Field: "body." + fault.Field, Read: fault.Read, Expected: fault.Expected}
		switch fault.Field {
		case "size":
			f.Code, f.Field = parley.CodeTooLarge, "body"
		case "encoding":
			f.Field = "query.encoding"
		}
		return nil, f
	}
	if err != nil {
		return nil, err
	}
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	reader := *s.reader
	if reader.Organisation == nil {
		reader.Organisation = s.bodies
	}
	out := make([]statement.Reading, 0, len(docs))
	for _, d := range docs {
		if !published.IsZero() {
			d.Published = published
		}
		if in.Publisher != "" {
			d.Publisher = in.Publisher
		}
		d.Issuer = in.Issuer
		out = append(out, reader.Read(d))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ProposedClaim is what somebody is said to have said, as the reader proposes it. A person confirms it or leaves it out.
type ProposedClaim struct {
	Speaker       string               `json:"speaker,omitzero" doc:"the fullest name in the text; left out where nobody fits"`
	Mention       string               `json:"mention,omitzero" doc:"the words beside the verb"`
	Role          string               `json:"role,omitzero"`
	Body          string               `json:"body,omitzero" doc:"of which the speaker is"`
	Confidence    statement.Confidence `json:"confidence" enum:"named,resolved,carried,unresolved" doc:"how the speaker was found"`
	Cue           string               `json:"cue,omitzero" doc:"the verb, as it stands"`
	Neutral       string               `json:"neutral,omitzero" doc:"how a neutral reader would put it"`
	Form          statement.Form       `json:"form" enum:"direct,indirect,mixed,issued"`
	Type          statement.Kind       `json:"claim_type" enum:"fact,denial,offer,accusation,justification,question" doc:"as proposed: a person decides"`
	Spans         []TextSpan           `json:"spans" doc:"where it stands"`
	Via           []string             `json:"via" doc:"through whom, the first hearer first"`
	Places        []string             `json:"places"`
	Organisations []string             `json:"organisations" doc:"bodies that are named; a mention is no accusation"`
	Day           string               `json:"day,omitzero" doc:"on which it was said, if the text lets one know"`
	DayWords      string               `json:"day_words,omitzero" doc:"what the text says of the day"`
	Rule          string               `json:"rule" doc:"which rule found it"`
}

// TextSpan is a stretch of a text, in Unicode characters from 0: from start up to, without, end.
type TextSpan struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// ReadText is a text with the claims that are proposed in it.
type ReadText struct {
	ID        string          `json:"id"`
	Title     string          `json:"title,omitzero"`
	Publisher string          `json:"publisher,omitzero"`
	Published string          `json:"published,omitzero"`
	Source    string          `json:"source,omitzero"`
	SHA256    string          `json:"sha256" doc:"of the text: claim.record names it"`
	Text      string          `json:"text" doc:"in which the spans count"`
	Claims    []ProposedClaim `json:"claims"`
	NotClaims []TextSpan      `json:"not_claims" doc:"in quotation marks, and nobody's claim"`
}

// ReadTexts is what was read: one text, or the items of a feed.
type ReadTexts struct {
	Texts []ReadText `json:"texts"`
}

type statementInput struct {
	Name      string `query:"name" maxLength:"200" doc:"where the text comes from"`
	Encoding  string `query:"encoding" maxLength:"40" doc:"WHATWG name; without it the text says it, or is UTF-8"`
	Published string `query:"published" maxLength:"10" doc:"day, as 2016-09-17; without it a weekday in the text stays unresolved"`
	Publisher string `query:"publisher" maxLength:"200"`
	Issuer    string `query:"issuer" maxLength:"200" doc:"the whole text is a statement of theirs: each sentence is a claim"`
	Kind      string `header:"Content-Type" doc:"a charset in it is the encoding"`
	RawBody   []byte
}

func (s *Server) readStatement(ctx context.Context, in *statementInput) (*bodyOf[ReadTexts], error) {
	if !memberOf(ctx).Has(readers...) {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	t := &StatementText{Name: in.Name, Data: in.RawBody, Encoding: in.Encoding, Published: in.Published, Publisher: in.Publisher, Issuer: in.Issuer}
	if t.Name == "" {
		t.Name = "text"
	}
	if _, parameters, err := mime.ParseMediaType(in.Kind); err == nil && t.Encoding == "" {
		t.Encoding = parameters["charset"]
	}
	readings, err := s.ReadStatement(ctx, t)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &bodyOf[ReadTexts]{ReadTexts{Texts: []ReadText{}}}
	for i := range readings {
		out.Body.Texts = append(out.Body.Texts, readText(&readings[i]))
	}
	return out, nil
}

// readText writes a reading without nulls: what is empty is left out, or an empty list.
func readText(r *statement.Reading) ReadText {
	word := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	spans := func(list []statement.Span) []TextSpan {
		out := make([]TextSpan, 0, len(list))
		for _, s := range list {
			out = append(out, TextSpan{s.Start, s.End, s.Text})
		}
		return out
	}
	some := func(list []string) []string { return append([]string{}, list...) }
	out := ReadText{ID: r.ID, Title: r.Title, Publisher: word(r.Publisher), Published: word(r.Published), Source: r.Source, SHA256: r.SHA256, Text: r.Text, Claims: []ProposedClaim{}, NotClaims: spans(r.NotClaims)}
	for i := range r.Claims {
		c := &r.Claims[i]
		out.Claims = append(out.Claims, ProposedClaim{Speaker: word(c.Speaker.Name), Mention: word(c.Speaker.Mention), Role: word(c.Speaker.Role), Body: word(c.Speaker.Org), Confidence: c.Speaker.Confidence, Cue: c.Cue, Neutral: c.Neutral, Form: c.Form, Type: c.Kind,
			Spans: spans(c.Spans), Via: some(c.Outlets()), Places: some(c.Places), Organisations: some(c.Organisations), Day: word(c.StatementDate), DayWords: word(c.DateWords), Rule: c.Rule})
	}
	return out
}

// statementRoute declares the reader's way in: a text, not JSON.
func (s *Server) statementRoute(read []map[string][]string) {
	content := map[string]*huma.MediaType{}
	for _, kind := range textKinds {
		content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: "string"}}
	}
	content["application/octet-stream"].Schema.Format = "binary"
	huma.Register(s.api, huma.Operation{Method: http.MethodPost, Path: "/v1/statements/read", OperationID: "read-statement", Summary: "Propose the claims in a news text, an HTML page or a feed: who is said to have said what. Nothing is kept; a person confirms each", Security: read,
		MaxBodyBytes: news.MaxBytes + 1, BodyReadTimeout: s.limits.BodyTime, SkipValidateBody: true, Errors: []int{401, 404, 408, 413, 415, 422, 429, 503}, RequestBody: &huma.RequestBody{Required: true, Content: content}}, s.readStatement)
}
