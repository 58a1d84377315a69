package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/channel"
	"parley/release"
)

type inboxInput struct {
	From  uint64 `query:"from" doc:"number of the first notice wanted: one more than the last one seen"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// Inbox is a part of an account's inbox.
type Inbox struct {
	Notices []release.Notice `json:"notices"`
	Next    uint64           `json:"next" doc:"where to go on"`
	Spooled string           `json:"spooled,omitzero" doc:"urgent stops that the journal does not have yet, in one line that changes when they do: GET /v1/stops has them"`
}

func (s *Server) inbox(ctx context.Context, in *inboxInput) (*bodyOf[Inbox], error) {
	out := &bodyOf[Inbox]{}
	err := s.view(ctx, func(v *channel.Viewer) { out.Body.Notices, out.Body.Next = v.Inbox(in.From, in.Limit) })
	if err != nil {
		return nil, err
	}
	m := memberOf(ctx)
	for _, st := range s.node.Spooled(m.Account, watchesStops(m)) {
		out.Body.Spooled += fmt.Sprintf("%s %s %d %d;", st.Ref, st.State, st.Step, len(st.Log))
	}
	return out, nil
}

type streamInput struct {
	From        uint64 `query:"from" doc:"number of the first notice wanted"`
	LastEventID string `header:"Last-Event-ID"`
}

// streamBeat is how often a stream without news looks at its session; after quietBeats of them it sends a comment, so that nothing on the
// way takes it for dead.
const (
	streamBeat = 5 * time.Second
	quietBeats = 3
)

// stream sends an account's notices as server-sent events: references only, numbered, resumed exactly after the last one seen. A
// member who is revoked is cut off at once.
func (s *Server) stream(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
	from := in.From
	if n, err := strconv.ParseUint(in.LastEventID, 10, 64); err == nil {
		from = n + 1
	}
	token, account := tokenOf(ctx), memberOf(ctx).Account
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/event-stream")
		hc.SetHeader("X-Accel-Buffering", "no")
		w := hc.BodyWriter()
		control := http.NewResponseController(w.(http.ResponseWriter))
		_ = control.SetWriteDeadline(time.Time{})
		// Whoever is revoked or suspended is told so, which wakes the stream; the beat catches sessions that end by themselves.
		beat := time.NewTicker(streamBeat)
		defer beat.Stop()
		quiet := 0
		told := map[parley.Ref]string{} // spooled stops, as they were last told on this stream
		for {
			changed := s.node.ToldSomething(account)
			member, _, ok := s.memberBy(token)
			if !ok {
				return
			}
			var notices []release.Notice
			if err := s.node.Read(func(st *channel.State) { notices, from = st.View(&member, s.node.Now(), s.text).Inbox(from, 500) }); err != nil {
				return
			}
			for _, n := range notices {
				data, err := json.Marshal(n)
				if err != nil {
					return
				}
				if _, err := fmt.Fprintf(w, "id: %d\nevent: notice\ndata: %s\n\n", n.Number, data); err != nil {
					return
				}
				quiet = 0
			}
			for _, st := range s.node.Spooled(member.Account, watchesStops(&member)) {
				line := fmt.Sprintf("%s %d %d", st.State, st.Step, len(st.Log))
				if told[st.Ref] == line {
					continue
				}
				told[st.Ref] = line
				data, err := json.Marshal(Spooled{st.Ref, st.State, st.Step, st.Mark})
				if err != nil {
					return
				}
				if _, err := fmt.Fprintf(w, "event: spool\ndata: %s\n\n", data); err != nil {
					return
				}
				quiet = 0
			}
			if quiet == 0 || quiet >= quietBeats {
				if _, err := fmt.Fprint(w, ": \n\n"); err != nil {
					return
				}
				if err := control.Flush(); err != nil {
					return
				}
				quiet = 1
			}
			if len(notices) == 500 {
				continue
			}
			select {
			case <-hc.Context().Done():
				return
			case <-s.node.Closed():
				return
			case <-changed:
			case <-beat.C:
				quiet++
			}
		}
	}}, nil
}
