// Package api is the HTTP door: commands in, views out, every error a problem (RFC 9457), and its own description (OpenAPI 3.1).
package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"parley"
	"parley/api/sms"
	"parley/geo"
	"parley/inquiry"
	"parley/node"
	"parley/node/listfolder"
	"parley/proof"
	"parley/release"
	"parley/statement"
)

// Version is the version of the API.
const Version = "1.0.0"

// Limits protect the process; quotas that decide anything are the channel's.
type Limits struct {
	Body     int64      // bytes of one request with one command
	Batch    int64      // bytes of one batch
	Rate     rate.Limit // requests a second from one address
	Burst    int
	Commands int           // in one batch
	BodyTime time.Duration // for reading the body of one request
}

// DefaultLimits returns limits for a theatre of ordinary size.
func DefaultLimits() Limits {
	return Limits{Body: 1 << 20, Batch: 8 << 20, Rate: 200, Burst: 400, Commands: 500, BodyTime: time.Minute}
}

// Server answers requests for one node.
type Server struct {
	node     *node.Node
	log      *slog.Logger
	limits   Limits
	sessions *sessions
	texts    *sms.Queue       // short messages that wait for the desk; nil when none are kept
	lists    *listfolder.Live // designation lists, or nil
	mux      *http.ServeMux
	api      huma.API
	cross    *http.CrossOriginProtection
	reader   *statement.Reader                // proposes claims in texts
	bodies   func(name string) (string, bool) // that designation lists name; nil without lists
	reading  chan struct{}                    // holds a token while a text is read

	mu       sync.Mutex // guards visitors
	visitors map[string]*visitor
}

type visitor struct {
	limiter *rate.Limiter
	seen    time.Time
}

// New returns the door of a node.
func New(n *node.Node, limits Limits, log *slog.Logger) *Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Server{node: n, log: log, limits: limits, sessions: newSessions(), mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), reader: &statement.Reader{}, reading: make(chan struct{}, 1), visitors: map[string]*visitor{}}
	huma.NewErrorWithContext = fromHuma
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return fromHuma(nil, status, msg, errs...)
	}
	config := huma.DefaultConfig("parley", Version)
	config.Info.Description = "A neutral notification and deconfliction channel. " + parley.SentenceNotification
	config.DocsPath = "" // no page that would load anything from elsewhere
	config.SchemasPath = ""
	config.CreateHooks = nil // bodies carry no links to schemas
	config.OpenAPIPath = "/openapi"
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "http", Scheme: "bearer", Description: "a read session, opened by signing a challenge"},
		"cookie":  {Type: "apiKey", In: "cookie", Name: secureCookieName, Description: "the same session for browsers; without TLS, on this machine alone, its name is " + cookieName}}
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[release.Geometry](), reflect.TypeFor[geoJSON]())
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[proof.Written](), reflect.TypeFor[envelope]())
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[geo.Position](), reflect.TypeFor[[2]int32]()) // longitude, latitude in 1e-7 degree
	s.api = humago.New(s.mux, config)
	s.api.UseMiddleware(s.authenticate, s.judgeBody)
	s.routes()
	return s
}

// schemaName names a type in the description. Some types have the name of another one there: a party's word about an arrangement is not a
// notifier's consent to share, and how a movement ended is not what became of a command.
func schemaName(t reflect.Type, hint string) string {
	switch t {
	case reflect.TypeFor[release.Consent]():
		return "ArrangementConsent"
	case reflect.TypeFor[release.Result]():
		return "MovementOutcome"
	case reflect.TypeFor[inquiry.File]():
		return "Inquiry"
	case reflect.TypeFor[inquiry.Entry]():
		return "InquiryEntry"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// geoJSON describes a geometry in the API's schemas.
type geoJSON struct {
	Type        string `json:"type" enum:"Point,MultiPoint,LineString,MultiLineString,Polygon,MultiPolygon"`
	Coordinates []any  `json:"coordinates" doc:"RFC 7946: longitude, latitude in decimal degrees"`
}

// OpenAPI returns the API's own description.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// UseTexts gives the door the queue of short messages that its desk looks through.
func (s *Server) UseTexts(q *sms.Queue) { s.texts = q }

// Handle adds a route of another room, such as the pages, behind the same outer checks.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// ServeHTTP gives every request an id, holds it to the limits and turns a panic into a problem.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("Request-Id")
	if !plainID(id) {
		var b [8]byte
		if _, err := rand.Read(b[:]); err != nil {
			http.Error(w, "no random bytes", http.StatusInternalServerError)
			return
		}
		id = hex.EncodeToString(b[:])
	}
	answer := &answered{ResponseWriter: w, status: http.StatusOK}
	w = answer
	defer func() {
		if answer.status >= 400 {
			s.log.Info("answered", "id", id, "status", answer.status, "method", r.Method, "route", answer.route)
		}
	}()
	h := w.Header()
	h.Set("Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.log.Error("panic", "id", id, "path", r.Pattern, "why", p, "stack", string(debug.Stack()))
			s.writeProblem(w, plain(codeInternal, id))
		}
	}()
	if !s.allowed(r) {
		s.writeProblem(w, plain(codeRate, id))
		return
	}
	_, answer.route = s.mux.Handler(r)
	if answer.route == "" {
		s.writeProblem(w, plain(parley.CodeNotFound, id))
		return
	}
	if err := s.cross.Check(r); err != nil { // a cookie comes along with what another site makes a browser send
		s.writeProblem(w, plain(codeCrossOrigin, id))
		return
	}
	r = r.WithContext(context.WithValue(context.WithValue(r.Context(), idKey, id), secureKey, overTLS(r)))
	r.Body = openBody{r.Body}
	s.mux.ServeHTTP(w, r)
}

// answered is a response writer that remembers its status for the log. The log holds the route, never the path: paths hold references.
type answered struct {
	http.ResponseWriter
	status int
	route  string
}

// WriteHeader implements http.ResponseWriter.
func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is below.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// plainID reports whether a client's request id may be repeated: short, letters, digits and hyphens.
func plainID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// allowed takes one request from the address's budget.
func (s *Server) allowed(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.visitors[host]
	if v == nil {
		if len(s.visitors) >= 10_000 {
			for k, old := range s.visitors {
				if now.Sub(old.seen) > time.Minute {
					delete(s.visitors, k)
				}
			}
		}
		v = &visitor{limiter: rate.NewLimiter(s.limits.Rate, s.limits.Burst)}
		s.visitors[host] = v
	}
	v.seen = now
	return v.limiter.AllowN(now, 1)
}

func (s *Server) writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	writeJSON(w, p)
}

// writeJSON writes v; a reader that has gone is no error of ours.
func writeJSON(w io.Writer, v any) { _ = json.NewEncoder(w).Encode(v) }
