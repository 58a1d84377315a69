package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/journal"
	"parley/node"
)

// Problem is an error as RFC 9457 writes it, with a stable code and what the sender needs to mend it. The id stands in the log.
type Problem struct {
	Type     string             `json:"type" doc:"always about:blank: the code says more"`
	Title    string             `json:"title"`
	Status   int                `json:"status"`
	Code     parley.Code        `json:"code" doc:"stable; programs may depend on it"`
	Field    string             `json:"field,omitzero" doc:"path of the field that is wrong"`
	Read     string             `json:"read,omitzero" doc:"what was read there"`
	Expected string             `json:"expected,omitzero" doc:"what was expected"`
	ID       string             `json:"id" doc:"stands in the server's log"`
	Missing  []parley.Versioned `json:"missing,omitempty" doc:"entries that the quoted list does not have"`
	Head     *parley.ListHead   `json:"head,omitzero" doc:"the list head that stands"`
	Findings []parley.Finding   `json:"findings,omitempty" doc:"doubts that a person has to answer"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Title }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Codes of the door itself; those of commands stand in package parley.
const (
	codeUnauthenticated parley.Code = "unauthenticated"
	codeRate            parley.Code = "rate"
	codeUnavailable     parley.Code = "unavailable"
	codeInternal        parley.Code = "internal"
	codeContentType     parley.Code = "content_type"
	codeSlow            parley.Code = "slow"
	codeCrossOrigin     parley.Code = "cross_origin"
	codeErased          parley.Code = "erased"
)

// statusOf maps each code to HTTP, once.
var statusOf = map[parley.Code]int{
	parley.CodeInvalid: 422, parley.CodeMalformed: 400, parley.CodeTooLarge: 413, parley.CodeUnknownKind: 422, parley.CodeUnknownKey: 401,
	parley.CodeBadSignature: 401, parley.CodeKeyRevoked: 403, parley.CodeOtherTheatre: 422, parley.CodeNotPermitted: 403, parley.CodeFourEyes: 403,
	parley.CodeNotFound: 404, parley.CodeWrongState: 409, parley.CodeVersion: 409, parley.CodeConsent: 409, parley.CodeFindings: 422,
	parley.CodePayloadMissing: 422, parley.CodePayloadMismatch: 422, parley.CodeReadBack: 409, parley.CodeStale: 409, parley.CodeUnknownHead: 409,
	parley.CodeQuota: 422, parley.CodeInvitation: 403, parley.CodeExists: 409, parley.CodeClock: 422, parley.CodeHold: 409, parley.CodeOnBehalf: 403,
	codeUnauthenticated: 401, codeRate: 429, codeContentType: 415, codeSlow: 408, codeCrossOrigin: 403, codeUnavailable: 503, codeInternal: 500, codeErased: 410,
}

// titles says each code in plain words.
var titles = map[parley.Code]string{
	parley.CodeInvalid: "A field has a value that cannot be.", parley.CodeMalformed: "The JSON cannot be read.", parley.CodeTooLarge: "That is too large.",
	parley.CodeUnknownKind: "There is no such command.", parley.CodeUnknownKey: "This key was never admitted.", parley.CodeBadSignature: "A signature does not verify.",
	parley.CodeKeyRevoked: "This key is no longer valid.", parley.CodeOtherTheatre: "The command is for another theatre.", parley.CodeNotPermitted: "This member may not say this.",
	parley.CodeFourEyes: "A second person has to sign.", parley.CodeNotFound: "Nothing is found there.", parley.CodeWrongState: "The record has moved on.",
	parley.CodeVersion: "Another version stands.", parley.CodeConsent: "The notifier has not consented.", parley.CodeFindings: "A person has to look at the findings first.",
	parley.CodePayloadMissing: "A text is missing that the command commits to.", parley.CodePayloadMismatch: "A text came along that the command does not commit to.",
	parley.CodeReadBack: "The read-back does not match. It is kept on record.", parley.CodeStale: "The list has changed here since.",
	parley.CodeUnknownHead: "This list head was never given to this party.", parley.CodeQuota: "That is beyond the quota.",
	parley.CodeInvitation: "The invitation cannot be used.", parley.CodeExists: "It is there already.", parley.CodeClock: "The times do not fit.",
	parley.CodeHold: "It is under an incident hold.", parley.CodeOnBehalf: "This cannot be entered on behalf.", codeUnauthenticated: "Open a session first.",
	codeContentType: "The body is of a kind that is not read here.", codeSlow: "The body did not come in time.", codeCrossOrigin: "This request was made by the page of another site.",
	codeErased: "The envelope is erased: its retention is over. A receipt kept from before still proves it.",
	codeRate:   "Too many requests; wait a little.", codeUnavailable: "This node does not answer.", codeInternal: "Something went wrong here. Send it again: a command counts once.",
}

// problem builds the answer to an error. Only what the sender may know goes in.
func problem(err error, id string) *Problem {
	var refused *node.Refused
	var fault *parley.Fault
	var own *Problem
	switch {
	case errors.As(err, &own):
		p := *own
		p.ID = id
		return &p
	case errors.As(err, &refused):
		p := problemOf(&refused.Fault, id)
		p.Missing, p.Head, p.Findings = refused.Missing, refused.Head, refused.Findings
		return p
	case errors.As(err, &fault):
		return problemOf(fault, id)
	case errors.Is(err, node.ErrErased):
		return plain(codeErased, id)
	case errors.Is(err, node.ErrFault), errors.Is(err, node.ErrClosed), errors.Is(err, journal.ErrAway), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return plain(codeUnavailable, id)
	}
	return plain(codeInternal, id)
}

func problemOf(f *parley.Fault, id string) *Problem {
	p := plain(f.Code, id)
	p.Field, p.Read, p.Expected = f.Field, f.Read, f.Expected
	return p
}

func plain(code parley.Code, id string) *Problem {
	status, ok := statusOf[code]
	if !ok {
		code, status = codeInternal, http.StatusInternalServerError
	}
	return &Problem{Type: "about:blank", Title: titles[code], Status: status, Code: code, ID: id}
}

// codeOf gives an error of the HTTP layer its code.
func codeOf(status int) parley.Code {
	switch status {
	case http.StatusNotFound:
		return parley.CodeNotFound
	case http.StatusRequestEntityTooLarge:
		return parley.CodeTooLarge
	case http.StatusUnauthorized:
		return codeUnauthenticated
	case http.StatusTooManyRequests:
		return codeRate
	case http.StatusBadRequest:
		return parley.CodeMalformed
	case http.StatusUnsupportedMediaType:
		return codeContentType
	case http.StatusRequestTimeout:
		return codeSlow
	case http.StatusInternalServerError:
		return codeInternal
	}
	return parley.CodeInvalid
}

// fromHuma turns an error of the HTTP layer itself, such as a parameter that cannot be read, into a Problem.
func fromHuma(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	id := ""
	if ctx != nil {
		id = requestID(ctx.Context())
	}
	for _, err := range errs {
		var p *Problem
		if errors.As(err, &p) {
			return p
		}
	}
	p := plain(codeOf(status), id)
	p.Status = status
	if status >= 500 || status == http.StatusNotFound {
		return p
	}
	p.Field, p.Read, p.Expected = "body", "nothing that can be read", msg
	var detail *huma.ErrorDetail
	switch {
	case status == http.StatusRequestEntityTooLarge || status == http.StatusRequestTimeout:
		p.Read, p.Expected = "a body that did not end in time", "the whole body without a pause"
		if ctx != nil && status == http.StatusRequestEntityTooLarge {
			p.Read, p.Expected = "a longer body", fmt.Sprintf("fewer than %d bytes", ctx.Operation().MaxBodyBytes)
		}
		if ctx != nil {
			ctx.SetHeader("Connection", "close") // the answer does not wait for what is still being sent
		}
	case len(errs) == 0:
		p.Read, p.Expected = "nothing", "a JSON body"
	case errors.As(errs[0], &detail):
		p.Field, p.Read, p.Expected = detail.Location, said(detail.Value), detail.Message
		if name, ok := strings.CutPrefix(detail.Message, "expected required property "); ok {
			p.Field, p.Read = detail.Location+"."+strings.TrimSuffix(name, " to be present"), "nothing"
		}
	default:
		p.Expected = errs[0].Error()
	}
	return p
}

// said repeats a value that was read, as far as it helps.
func said(v any) string {
	text, err := json.Marshal(v)
	if err != nil || v == nil {
		return "nothing that can be read"
	}
	if len(text) > 120 {
		return strings.ToValidUTF8(string(text[:120]), "") + "…"
	}
	return string(text)
}
