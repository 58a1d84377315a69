package api

import (
	"context"
	"net/http"
	"strconv"

	"parley"
	"parley/channel"
	"parley/node"
	"parley/release"
)

// view reads the state for the member of the session.
func (s *Server) view(ctx context.Context, look func(*channel.Viewer)) error {
	m := memberOf(ctx)
	if err := s.node.Read(func(st *channel.State) { look(st.View(m, s.node.Now(), s.text)) }); err != nil {
		return s.problem(ctx, err)
	}
	return nil
}

// Page is one page of a list. Next is the cursor of the page after it, absent at the end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitzero"`
}

// PageInput is the part of a list that is wanted. It is exported because the HTTP layer passes over embedded fields that are not.
type PageInput struct {
	Cursor string `query:"cursor" maxLength:"20" doc:"from the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type pageOutput[T any] struct{ Body Page[T] }

// from reads the cursor. What is no cursor is refused: an empty page would look like an empty list.
func (p *PageInput) from() (int, error) {
	if p.Cursor == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(p.Cursor)
	if err != nil || n < 0 || strconv.Itoa(n) != p.Cursor {
		return 0, parley.Invalid("query.cursor", strconv.Quote(p.Cursor), "the cursor that the page before gave")
	}
	return n, nil
}

func pageOf[T any](items []T, next int) *pageOutput[T] {
	out := &pageOutput[T]{}
	if out.Body.Items = items; items == nil {
		out.Body.Items = []T{}
	}
	if next >= 0 {
		out.Body.Next = strconv.Itoa(next)
	}
	return out
}

// listing returns the handler of a list.
func listing[T any](s *Server, list func(v *channel.Viewer, from, limit int) ([]T, int)) func(context.Context, *PageInput) (*pageOutput[T], error) {
	return func(ctx context.Context, in *PageInput) (*pageOutput[T], error) {
		from, err := in.from()
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		var items []T
		var next int
		if err := s.view(ctx, func(v *channel.Viewer) { items, next = list(v, from, in.Limit) }); err != nil {
			return nil, err
		}
		return pageOf(items, next), nil
	}
}

// RefInput is the record that is wanted. It is exported for the same reason as PageInput.
type RefInput struct {
	Ref string `path:"ref" maxLength:"60" doc:"a reference such as SITE-7K3F-Q2"`
}

type bodyOf[T any] struct{ Body T }

// one returns the handler of one record. What is not found, not allowed and not a reference all look the same.
func oneOf[T any](s *Server, get func(v *channel.Viewer, ref parley.Ref) (*T, bool)) func(context.Context, *RefInput) (*bodyOf[T], error) {
	return func(ctx context.Context, in *RefInput) (*bodyOf[T], error) {
		hidden := plain(parley.CodeNotFound, requestID(ctx))
		ref, err := parley.ParseRef(in.Ref)
		if err != nil {
			return nil, hidden
		}
		var found *T
		ok := false
		if err := s.view(ctx, func(v *channel.Viewer) { found, ok = get(v, ref) }); err != nil {
			return nil, err
		}
		if !ok {
			return nil, hidden
		}
		return &bodyOf[T]{*found}, nil
	}
}

type objectsInput struct {
	PageInput
	Kind string `query:"kind" enum:"site,move,pres," doc:"only objects of this kind"`
}

func (s *Server) objects(ctx context.Context, in *objectsInput) (*pageOutput[release.Summary], error) {
	return listing(s, func(v *channel.Viewer, from, limit int) ([]release.Summary, int) {
		return v.Objects(in.Kind, from, limit)
	})(ctx, &in.PageInput)
}

type objectInput struct {
	RefInput
	Purpose string `query:"purpose" enum:"acknowledgement,verification,precaution,inquiry," doc:"why it is read; stands in the read log"`
}

// object returns an object and notes that it was read, and that it was delivered.
func (s *Server) object(ctx context.Context, in *objectInput) (*bodyOf[release.File], error) {
	var items []parley.Versioned
	out, err := oneOf(s, func(v *channel.Viewer, ref parley.Ref) (*release.File, bool) {
		f, ok := v.Object(ref)
		if ok {
			items = v.Undelivered(ref)
		}
		return f, ok
	})(ctx, &in.RefInput)
	if err != nil {
		return nil, err
	}
	m := memberOf(ctx)
	if m.Account.Kind() == parley.RefParty {
		s.node.Delivered(m.Account, items)
	}
	if in.Purpose != "" && out.Body.Owner != m.Account {
		s.node.Looked(parley.Read{Object: out.Body.Ref, Member: m.Ref, Purpose: parley.Purpose(in.Purpose), At: s.node.Now()})
	}
	return out, nil
}

type previewInput struct {
	RefInput
	Party string `path:"party" maxLength:"60"`
}

func (s *Server) preview(ctx context.Context, in *previewInput) (*bodyOf[release.Object], error) {
	party, err := parley.ParseRef(in.Party)
	if err != nil {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	return oneOf(s, func(v *channel.Viewer, ref parley.Ref) (*release.Object, bool) { return v.Preview(ref, party) })(ctx, &in.RefInput)
}

// ListBody is a party's list with its head.
type ListBody struct {
	Head    parley.ListHead     `json:"head"`
	Entries []release.ListEntry `json:"entries"`
	Next    string              `json:"next,omitzero"`
}

func (s *Server) list(ctx context.Context, in *PageInput) (*bodyOf[ListBody], error) {
	m := memberOf(ctx)
	if m.Account.Kind() != parley.RefParty {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	from, err := in.from()
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &bodyOf[ListBody]{}
	next := -1
	var items []parley.Versioned
	if err := s.view(ctx, func(v *channel.Viewer) {
		out.Body.Head, out.Body.Entries, next = v.List(from, in.Limit)
		for _, e := range out.Body.Entries {
			items = append(items, v.Undelivered(e.Of.Ref)...)
		}
	}); err != nil {
		return nil, err
	}
	if out.Body.Entries == nil {
		out.Body.Entries = []release.ListEntry{}
	}
	if next >= 0 {
		out.Body.Next = strconv.Itoa(next)
	}
	s.node.Delivered(m.Account, items)
	return out, nil
}

// Theatre is the theatre as every member sees it.
type Theatre struct {
	Name     parley.Hash      `json:"name"`
	Title    string           `json:"title"`
	Profile  parley.Profile   `json:"profile"`
	Clock    parley.ClockKind `json:"clock"`
	Exercise bool             `json:"exercise"`
	Now      string           `json:"now" doc:"log time of the last entry"`
	Size     uint64           `json:"size"`
	LogKey   string           `json:"log_key"`
	Sentence string           `json:"sentence"`
}

func (s *Server) theatre(ctx context.Context, _ *struct{}) (*bodyOf[Theatre], error) {
	out := &bodyOf[Theatre]{}
	if err := s.node.Read(func(st *channel.State) {
		t := st.Theatre()
		out.Body = Theatre{Name: t.Name, Title: s.text(t.Title), Profile: t.Profile, Clock: t.Clock, Exercise: t.Profile.Exercise, Now: parley.Stamp(st.Now()), Size: st.Size()}
	}); err != nil {
		return nil, s.problem(ctx, err)
	}
	out.Body.LogKey, out.Body.Sentence = s.node.LogKey(), parley.SentenceNotification
	return out, nil
}

// Self says who the session belongs to.
type Self struct {
	Member  parley.Ref     `json:"member"`
	Account parley.Ref     `json:"account"`
	Roles   []parley.Role  `json:"roles"`
	Echelon parley.Echelon `json:"echelon,omitzero"`
}

func (s *Server) self(ctx context.Context, _ *struct{}) (*bodyOf[Self], error) {
	m := memberOf(ctx)
	return &bodyOf[Self]{Self{m.Ref, m.Account, m.Roles, m.Echelon}}, nil
}

func (s *Server) head(ctx context.Context, _ *struct{}) (*bodyOf[node.Head], error) {
	h, err := s.node.Head()
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &bodyOf[node.Head]{h}, nil
}

func (s *Server) counts(ctx context.Context, _ *struct{}) (*bodyOf[Page[release.Counts]], error) {
	out := &bodyOf[Page[release.Counts]]{}
	ok := false
	if err := s.view(ctx, func(v *channel.Viewer) { out.Body.Items, ok = v.Counts() }); err != nil {
		return nil, err
	}
	if !ok {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	return out, nil
}

type health struct {
	Status string `json:"status"`
}

func (s *Server) health(ctx context.Context, _ *struct{}) (*bodyOf[health], error) {
	if err := s.node.Fault(); err != nil {
		return nil, s.problem(ctx, err)
	}
	return &bodyOf[health]{health{http.StatusText(http.StatusOK)}}, nil
}
