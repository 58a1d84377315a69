package api

import (
	"fmt"
	"io"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// openBody is a request's body that net/http alone closes: closing early would wait for what is still being sent, and the answer with it.
type openBody struct{ io.Reader }

// Close implements io.Closer.
func (openBody) Close() error { return nil }

// judgeBody refuses a body by its kind and stated length, before any of it is read.
func (s *Server) judgeBody(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	if op.RequestBody == nil {
		next(ctx)
		return
	}
	if given := ctx.Header("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || op.RequestBody.Content[kind] == nil {
			p := plain(codeContentType, requestID(ctx.Context()))
			p.Field, p.Read, p.Expected = "Content-Type", said(given), strings.Join(slices.Sorted(maps.Keys(op.RequestBody.Content)), ", ")
			s.refuse(ctx, p)
			return
		}
	}
	if n, err := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64); err == nil && n >= op.MaxBodyBytes {
		p := plain(parley.CodeTooLarge, requestID(ctx.Context()))
		p.Field, p.Read, p.Expected = "body", fmt.Sprintf("%d bytes", n), fmt.Sprintf("fewer than %d bytes", op.MaxBodyBytes)
		s.refuse(ctx, p)
		return
	}
	next(ctx)
}
