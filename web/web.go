// Package web answers with pages: what a person sees on a screen or on paper, in their language, and the forms by which they speak.
//
// Every page works without JavaScript. A form becomes a draft of a command; the person's device signs it, or, for the few kinds
// where a form may speak, the node's form key does and says so. Reads go by the same views as the API's.
package web

import (
	"embed"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"parley"
	"parley/api"
	"parley/api/sms"
	"parley/channel"
	"parley/exchange/news"
	"parley/gazetteer"
	"parley/node"
	"parley/node/listfolder"
	"parley/statement"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Config is what the pages need.
type Config struct {
	Node        *node.Node
	API         *api.Server
	Places      *gazetteer.Gazetteer   // names of places; nil: none
	Orientation *gazetteer.Orientation // rivers and governorates; nil: none
	Liaison     string                 // how to reach the desk by another way, for every page and print
	Texts       *sms.Queue             // short messages that wait for the desk; nil: none
	Lists       *listfolder.Live       // designation lists in which names are looked up, or nil
	Log         *slog.Logger           // nil discards
}

// Pages holds the screens of one node.
type Pages struct {
	node    *node.Node
	api     *api.Server
	places  *gazetteer.Gazetteer
	ground  *gazetteer.Orientation
	liaison string
	texts   *sms.Queue
	log     *slog.Logger
	assets  *assets
	tongues map[string]*tongue
	lists   *listfolder.Live
	held    *heldDrafts
	sent    *sentForms
	reports *shelf[[]byte] // signed files of inquiries, for whoever asked
	// readings are texts that are being read into claims, for whoever brought them.
	readings *shelf[[]statement.Reading]
	mux      *http.ServeMux
}

// Languages are the tongues of the pages, the first for whoever asks for none of them.
var Languages = []string{"en", "ar"}

// maxForm bounds a form, in bytes: 1,000 positions in words fit.
const maxForm = 256 << 10

// formSize bounds the form of a request: files come in by two of them.
func formSize(r *http.Request) int64 {
	switch _, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); {
	case strings.HasPrefix(path, "evidence/") && strings.HasSuffix(path, "/files"), path == "evidence/files":
		return parley.MaxEvidence + maxForm
	case path == "statements":
		return news.MaxBytes + maxForm
	}
	return maxForm
}

// New mounts the pages on the door of a node.
func New(c Config) (*Pages, error) {
	p := &Pages{node: c.Node, api: c.API, places: c.Places, ground: c.Orientation, liaison: c.Liaison, texts: c.Texts, lists: c.Lists, log: c.Log, tongues: map[string]*tongue{}, held: newHeldDrafts(), sent: newSentForms(), reports: &shelf[[]byte]{}, readings: &shelf[[]statement.Reading]{}, mux: http.NewServeMux()}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if p.assets, err = openAssets(); err != nil {
		return nil, err
	}
	for _, lang := range Languages {
		if p.tongues[lang], err = p.newTongue(lang); err != nil {
			return nil, err
		}
	}
	p.api.UseReader(p.reader())
	p.routes()
	for _, lang := range Languages {
		p.api.Handle("/"+lang+"/", p)
		p.api.Handle("/"+lang, http.RedirectHandler("/"+lang+"/", http.StatusSeeOther))
	}
	p.api.Handle("GET /{$}", http.HandlerFunc(p.welcome))
	p.api.Handle("/assets/", p.assets)
	p.api.Handle("POST /csp", http.HandlerFunc(p.report))
	return p, nil
}

// reader knows the places that a text may name: the theatre's, and beside them those of GeoNames.
func (p *Pages) reader() *statement.Reader {
	return news.Reader(func() *gazetteer.Gazetteer { return p.places }, func() *gazetteer.Gazetteer {
		wide, err := GeoNames()
		if err != nil {
			p.log.Error("texts are read without the names of GeoNames", "why", err)
		}
		return wide
	})
}

// policy is the content security policy of every page: nothing from elsewhere, no inline code, no markup made by scripts but by
// the named policies.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
	"manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; " +
	"trusted-types lit-html parley-page parley-map 'allow-duplicates'; report-uri /csp"

// ServeHTTP sets the headers of pages and hands on.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin") // without an origin, older browsers' plain forms would look like another site's
	r.Body = http.MaxBytesReader(w, r.Body, formSize(r))
	p.mux.ServeHTTP(w, r)
}

// welcome sends a visitor to the pages in the language their browser asks for.
func (p *Pages) welcome(w http.ResponseWriter, r *http.Request) {
	tags := make([]language.Tag, len(Languages))
	for i, l := range Languages {
		tags[i] = language.MustParse(l)
	}
	wanted, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	_, i, _ := language.NewMatcher(tags).Match(wanted...)
	w.Header().Set("Vary", "Accept-Language")
	http.Redirect(w, r, "/"+Languages[i]+"/", http.StatusSeeOther)
}

// report takes a browser's report of a breach of the policy into the log: there should be none.
func (p *Pages) report(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<10))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	p.log.Warn("a page broke the content security policy", "report", string(text))
	w.WriteHeader(http.StatusNoContent)
}

// page is one screen: who may open it and what answers.
type page struct {
	pattern string // below /{lang}, such as "GET /objects"
	open    bool   // without a session
	roles   []parley.Role
	answer  func(*call) error
}

// handle puts a page into the mux, once for each language.
func (p *Pages) handle(pg page) {
	method, path, _ := strings.Cut(pg.pattern, " ")
	for _, lang := range Languages {
		p.mux.HandleFunc(method+" /"+lang+path, func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, lang, pg) })
	}
}

// serve answers one request with a page.
func (p *Pages) serve(w http.ResponseWriter, r *http.Request, lang string, pg page) {
	c := &call{p: p, w: w, r: r, lang: lang, tongue: p.tongues[lang]}
	if err := p.node.Read(func(s *channel.State) { c.theatre = *s.Theatre() }); err != nil {
		c.fail(err)
		return
	}
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			c.trouble(http.StatusRequestEntityTooLarge, "trouble.too_large")
			return
		}
	}
	if member, key, ok := p.api.SessionOf(r); ok {
		c.member, c.key = &member, key
	}
	switch {
	case pg.open:
	case c.member == nil:
		if c.wantsDraft() || r.Header.Get("Parley-Part") != "" {
			http.Error(w, "no session", http.StatusUnauthorized)
			return
		}
		c.redirect("/sign-in?next=" + strings.TrimPrefix(r.URL.Path, "/"+lang))
		return
	case len(pg.roles) > 0 && !c.member.Has(pg.roles...):
		c.trouble(http.StatusNotFound, "trouble.not_found") // what one may not open looks like what is not there
		return
	}
	if err := pg.answer(c); err != nil {
		c.fail(err)
	}
}

// errMissing says that a view has nothing to show: not there, or not for this reader.
var errMissing = fmt.Errorf("nothing is found there")
