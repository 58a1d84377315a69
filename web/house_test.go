package web_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"parley/node/listfolder"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"

	"parley"
	"parley/api"
	"parley/api/sms"
	"parley/channel"
	"parley/gazetteer"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
	"parley/web"
)

// house is a running server with pages and a cast.
type house struct {
	*cast.Cast
	clock     *atomic.Int64
	folder    string
	node      *node.Node
	server    *httptest.Server
	simulated bool         // the theatre's time stands still until it is set forward
	journal   *readOnly    // a journal that can become read-only; nil: the node opens its own
	lines     atomic.Int32 // streams
	cut       atomic.Bool  // streams are refused, as by a proxy that lets none through
	texts     *sms.Queue
}

func newHouse(t testing.TB) *house { return newHouseWith(t, &house{}) }

// readOnly is a real journal whose writes can be made to fail, as those of a file that has become read-only do.
type readOnly struct {
	journal.Journal
	on atomic.Bool
}

func (j *readOnly) Append(ctx context.Context, b *journal.Block, p []journal.Payload) error {
	if j.on.Load() {
		return errors.New("attempt to write a readonly database (8)")
	}
	return j.Journal.Append(ctx, b, p)
}

// newHouseWith is newHouse with what h says of the clock and the journal.
func newHouseWith(t testing.TB, h *house) *house {
	t.Helper()
	h.clock = &atomic.Int64{}
	h.clock.Store(cast.Start)
	profile := cast.Profile()
	profile.Exercise, profile.Zone = true, "Asia/Damascus"
	found := cast.Folder
	if h.simulated {
		found = cast.SimulatedFolder
	}
	folder, theatre, trustees := found(t, profile, cast.Start)
	h.folder = folder
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.start(t, listener)
	t.Cleanup(h.close)
	h.Cast = cast.Enter(t, cast.OnNode{Node: h.node}, theatre, trustees, h.node.Now)
	return h
}

// start starts the node and its door.
func (h *house) start(t testing.TB, listener net.Listener) {
	t.Helper()
	cfg := node.Config{Folder: h.folder}
	if !h.simulated {
		cfg.Clock = h.clock.Load
	}
	if h.journal != nil {
		j, err := journal.OpenSQLite(t.Context(), h.folder)
		if err != nil {
			t.Fatal(err)
		}
		h.journal.Journal = j
		cfg.Journal = h.journal
	}
	n, err := node.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	limits := api.DefaultLimits()
	limits.Rate, limits.Burst = 1e6, 1e6
	door := api.New(n, limits, nil)
	places, err := gazetteer.Read(strings.NewReader(`{"type":"FeatureCollection","features":[
		{"type":"Feature","geometry":{"type":"Point","coordinates":[39.01,35.95]},"properties":{"name_en":"Raqqa","name_ar":"الرقة","rank":1,"admin_en":"Ar-Raqqa","admin_ar":"الرقة"}},
		{"type":"Feature","geometry":{"type":"Point","coordinates":[40.141,35.336]},"properties":{"name_en":"Deir ez-Zor","name_ar":"دير الزور","rank":1,"admin_en":"Deir-ez-Zor","admin_ar":"دير الزور"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if h.texts, err = sms.OpenQueue(h.folder, h.clock.Load()); err != nil {
		t.Fatal(err)
	}
	if _, err := web.New(web.Config{Node: n, API: door, Places: places, Texts: h.texts, Lists: listfolder.NewLive(listfolder.Open(filepath.Join(h.folder, "lists"))), Liaison: "+963 00 000 0100"}); err != nil {
		t.Fatal(err)
	}
	h.node, h.server = n, httptest.NewUnstartedServer(h.counting(door))
	h.server.Listener.Close()
	h.server.Listener = listener
	h.server.Start()
}

// close ends server and node.
func (h *house) close() {
	h.server.CloseClientConnections()
	h.server.Close()
	if err := errors.Join(h.node.Close(), h.texts.Close()); err != nil {
		h.T.Error(err)
	}
}

// memberOf finds a member of an account by name.
func (h *house) memberOf(account parley.Ref, name string) (ref parley.Ref) {
	h.T.Helper()
	if err := h.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(h.Trustees[0].Key).ID())
		members, _ := s.View(&m, h.Now(), h.node.Text).Members(0, 1000)
		for _, o := range members {
			if o.Account == account && o.Name == name {
				ref = o.Ref
			}
		}
	}); err != nil {
		h.T.Fatal(err)
	}
	return ref
}

// visitor is a browser without JavaScript.
type visitor struct {
	t      testing.TB
	h      *house
	client *http.Client
}

// stranger is a visitor who is not signed in.
func (h *house) stranger() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.T.Fatal(err)
	}
	return &visitor{t: h.T, h: h, client: &http.Client{Jar: jar}}
}

// visit signs a person in with their key, as the browser's code does.
func (h *house) visit(p *cast.Person) *visitor {
	v := h.stranger()
	var challenge struct{ Challenge string }
	v.json("/v1/sessions/challenge", map[string]any{"key": draft.KeyOf(p.Key).ID()}, &challenge)
	signature := ed25519.Sign(p.Key, api.ChallengeText(h.Theatre, challenge.Challenge))
	v.json("/v1/sessions", map[string]any{"challenge": challenge.Challenge, "signature": signature, "cookie": true}, &struct{}{})
	return v
}

func (v *visitor) json(path string, in, out any) {
	v.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := v.client.Post(v.h.server.URL+path, "application/json", bytes.NewReader(text))
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	if r.StatusCode >= 300 {
		v.t.Fatalf("%s: %s: %s", path, r.Status, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		v.t.Fatalf("%s: %v: %s", path, err, body)
	}
}

// cookies returns the visitor's session.
func (v *visitor) cookies() []*http.Cookie {
	u, err := url.Parse(v.h.server.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.client.Jar.Cookies(u)
}

// screen is a page as a visitor got it.
type screen struct {
	status int
	body   string
	doc    *html.Node
	path   string
}

func (v *visitor) get(path string) *screen {
	v.t.Helper()
	r, err := v.client.Get(v.h.server.URL + path)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(r)
}

// post sends a form to a path.
func (v *visitor) post(path string, form url.Values) *screen {
	v.t.Helper()
	r, err := v.client.PostForm(v.h.server.URL+path, form)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(r)
}

func (v *visitor) read(r *http.Response) *screen {
	v.t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	return &screen{r.StatusCode, string(body), doc, r.Request.URL.Path}
}

// find returns the first element that has an attribute of a value; an empty value takes any.
func find(n *html.Node, tag, attr, value string) *html.Node {
	if n.Type == html.ElementNode && (tag == "" || n.Data == tag) {
		if attr == "" {
			return n
		}
		for _, a := range n.Attr {
			if a.Key == attr && (value == "" || a.Val == value) {
				return n
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, tag, attr, value); f != nil {
			return f
		}
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// text returns the words of a node.
func text(n *html.Node) string {
	if n == nil {
		return ""
	}
	if n.Type == html.TextNode {
		return n.Data
	}
	if n.Data == "script" || n.Data == "style" {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

// fields returns what a browser would send of a form: its fields with their values, without buttons.
func fields(form *html.Node) url.Values {
	out := url.Values{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			name, kind := attr(n, "name"), attr(n, "type")
			switch {
			case name == "":
			case n.Data == "input" && (kind == "checkbox" || kind == "radio"):
				if has(n, "checked") {
					out.Add(name, attr(n, "value"))
				}
			case n.Data == "input" && kind != "submit":
				out.Add(name, attr(n, "value"))
			case n.Data == "textarea":
				out.Add(name, text(n))
			case n.Data == "select":
				chosen := ""
				for i, o := 0, n.FirstChild; o != nil; o = o.NextSibling {
					if o.Data == "option" && (i == 0 || has(o, "selected")) {
						chosen = attr(o, "value")
						i++
					}
				}
				out.Add(name, chosen)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(form)
	return out
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func deirEzZor() geo.Position { return geo.Position{Lat: 353360000, Lon: 401410000} }

// all returns the elements that have an attribute of a value, in order; empty values take any.
func all(n *html.Node, tag, key, value string) (found []*html.Node) {
	if n.Type == html.ElementNode && n.Data == tag && (key == "" || attr(n, key) == value) {
		found = append(found, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		found = append(found, all(c, tag, key, value)...)
	}
	return found
}
