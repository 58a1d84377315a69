package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/designation"
	"parley/exchange/news"
	"parley/node/listfolder"
)

// UseLists gives the door the folder of designation lists in which its officers look names up. A text that is read is told which bodies they name: that is a mention,
// and says nothing about any of them.
func (s *Server) UseLists(l *listfolder.Live) { s.lists, s.bodies = l, news.Bodies(l.Bodies, time.Now) }

// screenName is a name to look up. It is exported in the body below for the description alone.
type screenName struct {
	Name    string `json:"name" minLength:"1" maxLength:"1000" doc:"in any script"`
	Kind    string `json:"kind,omitempty" enum:"person,organisation,vessel,aircraft" doc:"if it is known"`
	Born    string `json:"born,omitempty" maxLength:"10" doc:"a date or year of birth"`
	Country string `json:"country,omitempty" maxLength:"100" doc:"of nationality, seat or flag"`
	IMO     string `json:"imo,omitempty" maxLength:"12" doc:"of a ship"`
}

type screenInput struct {
	Body struct {
		Names []screenName `json:"names" minItems:"1" maxItems:"1000"`
		Limit int          `json:"limit,omitempty" minimum:"1" maximum:"100" default:"10" doc:"most candidates for a name"`
	}
}

type screenOutput struct {
	Body struct {
		Items []designation.Answer `json:"items"`
	}
}

// screen looks names up. Nothing is put on record by it, and nobody but those who screen has the route.
func (s *Server) screen(ctx context.Context, in *screenInput) (*screenOutput, error) {
	may := false
	if err := s.view(ctx, func(v *channel.Viewer) { may = v.MayScreen() }); err != nil {
		return nil, err
	}
	if !may || s.lists == nil {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	look, err := s.lists.Screener(time.UnixMilli(s.node.Now()))
	if errors.Is(err, listfolder.ErrNone) {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	queries := make([]designation.Query, len(in.Body.Names))
	for i, n := range in.Body.Names {
		q := designation.Query{Name: strings.TrimSpace(n.Name), Kind: designation.Kind(n.Kind)}
		if q.Name == "" {
			return nil, s.problem(ctx, parley.Invalid(fmt.Sprintf("names[%d].name", i), "nothing", "a name"))
		}
		if n.Born != "" {
			if q.Born, err = designation.ParseDay(n.Born); err != nil {
				return nil, s.problem(ctx, parley.Invalid(fmt.Sprintf("names[%d].born", i), n.Born, "a date as 2006-01-02, 2006-01 or 2006"))
			}
		}
		if n.Country != "" {
			q.Countries = []string{n.Country}
		}
		if n.IMO != "" {
			q.Identifiers = []designation.Identifier{{Scheme: "IMO", Value: strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(n.IMO), "IMO"))}}
		}
		queries[i] = q
	}
	limit := in.Body.Limit
	if limit == 0 {
		limit = 10
	}
	out := &screenOutput{}
	for _, q := range queries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, look.Screen(q, limit))
	}
	return out, nil
}
