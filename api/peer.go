package api

import (
	"net/http"
	"strconv"

	"parley"
	"parley/node"
)

// peerRoutes lend the journal to the operator's other nodes. They stand outside the OpenAPI document: whoever is no node of the theatre
// learns nothing from them, not even that they are there.
func (s *Server) peerRoutes() {
	s.mux.HandleFunc("GET "+node.PeerPath+"blocks", s.lend(func(w http.ResponseWriter, r *http.Request) error {
		from, err := strconv.ParseUint(r.URL.Query().Get("from"), 10, 64)
		if err != nil {
			return parley.Invalid("from", strconv.Quote(r.URL.Query().Get("from")), "a height")
		}
		return s.node.Lend(r.Context(), from, w)
	}))
	s.mux.HandleFunc("GET "+node.PeerPath+"base", s.lend(func(w http.ResponseWriter, _ *http.Request) error { return s.node.LendBase(w) }))
}

func (s *Server) lend(answer func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := s.node.PeerAsks(r); err != nil {
			s.writeProblem(w, plain(parley.CodeNotFound, requestID(r.Context())))
			return
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		if err := answer(w, r); err != nil {
			s.log.Error("the journal is not lent to its end", "why", err)
			panic(http.ErrAbortHandler) // the peer must not take what it has for the whole
		}
	}
}
