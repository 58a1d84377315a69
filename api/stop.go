package api

import (
	"context"
	"time"

	"parley"
	"parley/channel"
	"parley/release"
)

// Spooled is what a stream says of an urgent stop that the journal does not have yet. It has no number: it is said again after a break.
type Spooled struct {
	Ref   parley.Ref `json:"ref"`
	State string     `json:"state"`
	Step  int        `json:"step"`
	Mark  string     `json:"mark"`
}

// watchesStops reports whether a member's account sees every urgent stop: the desk, the board, and monitors.
func watchesStops(m *parley.Member) bool {
	return m.Account == parley.Desk || m.Account == parley.Board || m.Has(parley.MonitorOfficer)
}

// stops lists the urgent stops that concern an account, on the last page with those that the journal does not have yet.
func (s *Server) stops(ctx context.Context, in *PageInput) (*pageOutput[release.Stop], error) {
	out, err := listing(s, (*channel.Viewer).Stops)(ctx, in)
	if err != nil {
		return nil, err
	}
	m := memberOf(ctx)
	merged := s.node.WithSpool(m.Account, watchesStops(m), out.Body.Items)
	if out.Body.Next != "" { // those that the state does not have come last
		merged = merged[:len(out.Body.Items)]
	}
	out.Body.Items = merged
	return out, nil
}

// stop returns one urgent stop, from the journal's state, the spool, or both.
func (s *Server) stop(ctx context.Context, in *RefInput) (*bodyOf[release.Stop], error) {
	m := memberOf(ctx)
	ref, _ := parley.ParseRef(in.Ref)
	out, err := oneOf(s, (*channel.Viewer).Stop)(ctx, in)
	var base []release.Stop
	if err == nil {
		base = append(base, out.Body)
	}
	for _, st := range s.node.WithSpool(m.Account, watchesStops(m), base) {
		if st.Ref == ref {
			return &bodyOf[release.Stop]{st}, nil
		}
	}
	return out, err
}

type clockInput struct {
	Body struct {
		To string `json:"to" format:"date-time" doc:"the time to go on to"`
	}
}

// Clock is the time of an exercise with simulated time.
type Clock struct {
	Now   string           `json:"now"`
	Clock parley.ClockKind `json:"clock"`
}

// advance sets the clock of an exercise forward. Only the board may, and only in a theatre whose first entry says that its time is simulated.
func (s *Server) advance(ctx context.Context, in *clockInput) (*bodyOf[Clock], error) {
	m := memberOf(ctx)
	if m.Account != parley.Board {
		return nil, plain(parley.CodeNotPermitted, requestID(ctx))
	}
	to, err := time.Parse(time.RFC3339Nano, in.Body.To)
	if err != nil {
		return nil, s.problem(ctx, parley.Invalid("to", in.Body.To, "a time such as 2026-03-01T06:00:00Z"))
	}
	if err := s.node.Advance(ctx, to.UnixMilli()); err != nil {
		return nil, s.problem(ctx, err)
	}
	return &bodyOf[Clock]{Clock{parley.Stamp(s.node.Now()), parley.ClockSimulated}}, nil
}
