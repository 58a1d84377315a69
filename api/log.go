package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/node"
)

// LogPath is where the log lies as C2SP tlog-tiles publishes one: LogPath/checkpoint, LogPath/tile/…
const LogPath = "/v1/log"

// logRoutes declares what anyone may read of the journal: checkpoints and tiles, which tell nothing of any command, and whose
// cosignatures count. Tiles stand in C2SP tlog-tiles, not in the OpenAPI document, which has no paths of any length.
func (s *Server) logRoutes(open func(path, id, summary string) huma.Operation) {
	huma.Register(s.api, open(LogPath+"/witnesses", "get-witnesses", "Whose cosignatures make a checkpoint a witnessed one, and how each witness stands"), s.witnesses)
	s.mux.HandleFunc("GET "+LogPath+"/checkpoint", s.checkpoint)
	s.mux.HandleFunc("GET "+LogPath+"/tile/{path...}", s.tile)
	s.api.OpenAPI().Paths[LogPath+"/checkpoint"] = &huma.PathItem{Get: &huma.Operation{OperationID: "get-checkpoint",
		Summary:   "The newest checkpoint, a C2SP signed note with the cosignatures it has; tiles lie beside it as C2SP tlog-tiles says",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string"}}}}}}}
}

func (s *Server) checkpoint(w http.ResponseWriter, r *http.Request) {
	signed, err := s.node.Checkpoint(r.Context(), false)
	if err == nil && signed == nil { // the first is a moment away
		err = node.ErrNoTile
	}
	if err != nil {
		s.logProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write(signed) // a reader that has gone is no error of ours
}

func (s *Server) tile(w http.ResponseWriter, r *http.Request) {
	data, full, err := s.node.Tile(r.Context(), "tile/"+strings.TrimPrefix(r.PathValue("path"), "/"))
	if err != nil {
		s.logProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if full {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Write(data) // a reader that has gone is no error of ours
}

func (s *Server) logProblem(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, node.ErrNoTile) {
		s.writeProblem(w, plain(parley.CodeNotFound, requestID(r.Context())))
		return
	}
	s.writeProblem(w, s.problem(r.Context(), err))
}

// Witnesses says whose cosignatures count in this theatre.
type Witnesses struct {
	Policy     string              `json:"policy" doc:"in the form that Sigsum, Torchwood and Tessera read; empty without witnesses"`
	Witnesses  []node.WitnessState `json:"witnesses"`
	Checkpoint string              `json:"checkpoint,omitzero" doc:"the newest whose cosignatures make the quorum"`
	Waiting    uint64              `json:"waiting,omitzero" doc:"entries that they have not cosigned yet"`
	PromisedBy string              `json:"promised_by,omitzero" doc:"by when receipts promise it for the oldest of these"`
	Overdue    bool                `json:"overdue,omitzero" doc:"that time has passed: the promise is broken"`
	Rotations  []string            `json:"log_key_rotations,omitempty" doc:"which key of the log followed which, signed by both"`
}

func (s *Server) witnesses(ctx context.Context, _ *struct{}) (*bodyOf[Witnesses], error) {
	signed, err := s.node.Checkpoint(ctx, true)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &bodyOf[Witnesses]{Witnesses{Policy: s.node.Policy(), Witnesses: s.node.Witnesses(), Checkpoint: string(signed), Rotations: s.node.LogKeyRotations()}}
	var promised int64
	if out.Body.Waiting, promised, err = s.node.Unwitnessed(ctx); err != nil {
		return nil, s.problem(ctx, err)
	}
	if promised != 0 {
		out.Body.PromisedBy, out.Body.Overdue = parley.Stamp(promised), s.node.Now() > promised
	}
	return out, nil
}
