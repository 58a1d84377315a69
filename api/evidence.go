package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/channel"
	"parley/node"
	"parley/release"
)

// evidenceTime is how long a file may take to come in or go out.
const evidenceTime = 10 * time.Minute

// inert are the types that are handed out as what they are. Nothing of them runs in a reader's program; every other file, and each whose bytes are
// of another type than was stated, goes out as bytes of no type.
var inert = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/heic": true, "image/tiff": true, "audio/mpeg": true, "audio/wav": true, "audio/ogg": true,
	"video/mp4": true, "video/quicktime": true, "video/webm": true, "application/pdf": true, "text/plain": true, "text/csv": true}

// evidenceRoles are the roles that take evidence in.
var evidenceRoles = []parley.Role{parley.MonitorOfficer, parley.Verifier, parley.Releaser, parley.Notifier, parley.DutyOfficer, parley.LegalAdviser}

// FileInput is a file as it comes in. Its body is read as it arrives, never held whole. It is exported because the HTTP layer passes over types that
// are not.
type FileInput struct {
	Type string `query:"type" required:"true" maxLength:"100" doc:"its media type, as whoever brings it says"`
	body io.Reader
}

// Resolve implements huma.Resolver: it takes the body as it is.
func (in *FileInput) Resolve(ctx huma.Context) []error {
	in.body = ctx.BodyReader()
	if err := ctx.SetReadDeadline(time.Now().Add(evidenceTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return []error{err}
	}
	return nil
}

// FileBody is a file as the node has found it.
type FileBody struct {
	SHA256 parley.Hash `json:"sha256"`
	Size   int64       `json:"size"`
	Stated string      `json:"stated"`
	Found  string      `json:"found" doc:"the stated type where the bytes agree with it"`
}

// postFile takes the bytes of a file in. evidence.add or evidence.custody names it within a day, or it is taken away again.
func (s *Server) postFile(ctx context.Context, in *FileInput) (*bodyOf[FileBody], error) {
	m := memberOf(ctx)
	if !m.Has(evidenceRoles...) {
		return nil, plain(parley.CodeNotFound, requestID(ctx))
	}
	f, err := s.node.Keep(m.Account, in.body, in.Type)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &bodyOf[FileBody]{FileBody{f.SHA256, f.Size, f.Stated, f.Found}}, nil
}

type fileOfInput struct {
	RefInput
	Copy int `query:"copy" minimum:"0" maximum:"1000" doc:"0: the evidentiary copy; a number: that working copy"`
}

// getFile hands a file of evidence out: always to be saved, never to be shown in place, with nothing in it allowed to run.
func (s *Server) getFile(ctx context.Context, in *fileOfInput) (*huma.StreamResponse, error) {
	hidden := plain(parley.CodeNotFound, requestID(ctx))
	ref, err := parley.ParseRef(in.Ref)
	if err != nil {
		return nil, hidden
	}
	var file *release.EvidenceFile
	if err := s.view(ctx, func(v *channel.Viewer) {
		e, ok := v.Evidence(ref)
		switch {
		case ok && in.Copy == 0:
			file = &e.File
		case ok && in.Copy <= len(e.Copies):
			file = &e.Copies[in.Copy-1]
		}
	}); err != nil {
		return nil, err
	}
	if file == nil {
		return nil, hidden
	}
	open, err := s.node.OpenFile(file.SHA256)
	if errors.Is(err, node.ErrNoFile) {
		return nil, hidden // another node of this theatre took it in
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer open.Close()
		kind := "application/octet-stream"
		if !file.Lies && inert[file.Found] {
			kind = file.Found
		}
		ctx.SetHeader("Content-Type", kind)
		ctx.SetHeader("Content-Length", strconv.FormatInt(file.Size, 10))
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+file.SHA256.String()+`"`)
		ctx.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'")
		ctx.SetHeader("Cross-Origin-Resource-Policy", "same-origin")
		// The length is stated: a file that turns out damaged ends early, and its reader sees that it is not whole.
		if _, err := io.Copy(ctx.BodyWriter(), open); err != nil {
			s.log.Error("couldn't hand out a file of evidence", "why", err)
		}
	}}, nil
}
