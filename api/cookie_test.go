package api_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/api"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/node"
)

// browser is a client that keeps cookies and says where its requests come from.
type browser struct {
	t      *testing.T
	client *http.Client
	url    string
	site   string // Sec-Fetch-Site; "" sends none, as programs do
}

func newBrowser(t *testing.T, server *httptest.Server) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.Jar = jar
	return &browser{t, client, server.URL, "same-origin"}
}

func (b *browser) do(method, path string, body any) (*http.Response, []byte) {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequest(method, b.url+path, bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.site != "" {
		req.Header.Set("Sec-Fetch-Site", b.site)
	}
	r, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return r, answer
}

// signIn opens a cookie session for a person.
func (b *browser) signIn(p *cast.Person) *http.Cookie {
	b.t.Helper()
	_, body := b.do("POST", "/v1/sessions/challenge", map[string]any{"key": draft.KeyOf(p.Key).ID()})
	var c struct{ Challenge, Text string }
	if err := json.Unmarshal(body, &c); err != nil {
		b.t.Fatalf("challenge: %s", body)
	}
	r, body := b.do("POST", "/v1/sessions", map[string]any{"challenge": c.Challenge, "signature": ed25519.Sign(p.Key, []byte(c.Text)), "cookie": true})
	if r.StatusCode != 200 || strings.Contains(string(body), "token") || len(r.Cookies()) != 1 {
		b.t.Fatalf("session: %d %s with %d cookies; expected one cookie and no token in the body", r.StatusCode, body, len(r.Cookies()))
	}
	return r.Cookies()[0]
}

func TestCookieOpensAndEndsASession(t *testing.T) {
	h := newHouse(t)
	tls := httptest.NewTLSServer(h.door)
	t.Cleanup(tls.Close)
	for name, server := range map[string]*httptest.Server{"parley": h.server, "__Host-parley": tls} {
		b := newBrowser(t, server)
		c := b.signIn(h.Org)
		if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge != 8*3600 || c.Secure != (server == tls) || c.Domain != "" {
			t.Errorf("the cookie is %s", c)
		}
		if r, body := b.do("GET", "/v1/self", nil); r.StatusCode != 200 || !strings.Contains(string(body), string(h.Org.Ref)) {
			t.Errorf("%s: self: %d %s", name, r.StatusCode, body)
		}
		if r, _ := b.do("DELETE", "/v1/sessions", nil); r.StatusCode != 204 || len(r.Cookies()) != 1 || r.Cookies()[0].MaxAge >= 0 {
			t.Errorf("%s: the end of the session: %d %v; expected the cookie taken away", name, r.StatusCode, r.Cookies())
		}
		req, err := http.NewRequest("GET", server.URL+"/v1/self", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		r, err := server.Client().Transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Body.Close(); err != nil || r.StatusCode != 401 {
			t.Errorf("%s: a cookie kept beyond the end answers %d", name, r.StatusCode)
		}
	}
	// A proxy on this machine that ends TLS gets the name that only TLS may set.
	req := httptest.NewRequest("POST", "/", nil)
	req.Header.Set("X-Forwarded-Proto", "https")
	w := httptest.NewRecorder()
	if err := h.door.OpenSession(w, req, draft.KeyOf(h.Org.Key).ID()); err != nil || !strings.Contains(w.Header().Get("Set-Cookie"), "__Host-parley=") {
		t.Errorf("behind a proxy: %v %s", err, w.Header().Get("Set-Cookie"))
	}
	// A cookie planted in plain HTTP does not count under TLS.
	c := newBrowser(t, h.server).signIn(h.Org)
	req = httptest.NewRequest("GET", "https://example.org/", nil)
	req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	if _, _, ok := h.door.SessionOf(req); ok {
		t.Error("a cookie without the prefix counts under TLS")
	}
}

func TestPagesOpenLookUpAndEndSessions(t *testing.T) {
	h := newHouse(t)
	key := draft.KeyOf(h.Org.Key).ID()
	open := func(key parley.KeyID, before *http.Cookie) (*http.Cookie, error) {
		r, w := httptest.NewRequest("POST", "/", nil), httptest.NewRecorder()
		if before != nil {
			r.AddCookie(before)
		}
		err := h.door.OpenSession(w, r, key)
		if cookies := w.Result().Cookies(); len(cookies) > 0 {
			return cookies[0], err
		}
		return nil, err
	}
	look := func(c *http.Cookie) (parley.Member, parley.KeyID, bool) {
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(c)
		return h.door.SessionOf(r)
	}
	if c, err := open(draft.KeyOf(draft.NewKey()).ID(), nil); err == nil || c != nil {
		t.Error("a key that was never admitted opens a session")
	}
	first, err := open(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := open(key, first)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := look(first); ok {
		t.Error("the session before goes on")
	}
	if m, k, ok := look(second); !ok || m.Ref != h.Org.Ref || k != key {
		t.Errorf("read %s, %s, %t", m.Ref, k, ok)
	}
	r, w := httptest.NewRequest("POST", "/", nil), httptest.NewRecorder()
	r.AddCookie(second)
	h.door.EndSession(w, r)
	if _, _, ok := look(second); ok || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Error("the session goes on after its end")
	}
	third, err := open(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Tell(h.Trustees[0], &parley.MemberRevoke{Member: h.Org.Ref})
	if _, _, ok := look(third); ok {
		t.Error("a revoked member's session goes on")
	}
}

// What another site makes a browser send is refused, for the API and for pages alike; reading goes on, and so do programs.
func TestAnotherSitesRequestsAreRefused(t *testing.T) {
	h := newHouse(t)
	posted := 0
	h.door.Handle("POST /en/form", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posted++ }))
	b := newBrowser(t, h.server)
	b.signIn(h.Org)
	for site, refused := range map[string]bool{"cross-site": true, "same-site": true, "same-origin": false, "none": false, "": false} {
		b.site = site
		for _, path := range []string{"/en/form", "/v1/sessions/challenge", "/v1/commands"} {
			before := posted
			r, body := b.do("POST", path, map[string]any{"key": "x"})
			if got := r.StatusCode == 403 && strings.Contains(string(body), "cross_origin"); got != refused || posted != before && refused {
				t.Errorf("POST %s from %q: %d %s", path, site, r.StatusCode, body)
			}
		}
		if r, _ := b.do("GET", "/v1/self", nil); r.StatusCode != 200 {
			t.Errorf("GET from %q: %d", site, r.StatusCode)
		}
	}
	b.site = "cross-site"
	if r, _ := b.do("DELETE", "/v1/sessions", nil); r.StatusCode != 403 {
		t.Errorf("DELETE from another site: %d", r.StatusCode)
	}
	req, err := http.NewRequest("POST", h.server.URL+"/en/form", nil) // a browser that says no more than its origin
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://elsewhere.example")
	r, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Body.Close(); err != nil || r.StatusCode != 403 {
		t.Errorf("POST from another origin: %d", r.StatusCode)
	}
}

// stream reads numbers of notices from a stream until it has n of them, and returns what ends it and a channel closed at its end.
func (b *browser) stream(from uint64, n int) (numbers []uint64, cut context.CancelFunc, ended chan struct{}) {
	b.t.Helper()
	ctx, cut := context.WithCancel(context.Background())
	b.t.Cleanup(cut)
	req, err := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/v1/inbox/stream?from=%d", b.url, from), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	if r.StatusCode != 200 {
		b.t.Fatalf("stream: %d", r.StatusCode)
	}
	lines := bufio.NewScanner(r.Body)
	for len(numbers) < n && lines.Scan() {
		var number uint64
		if _, err := fmt.Sscanf(lines.Text(), "id: %d", &number); err == nil {
			numbers = append(numbers, number)
		}
	}
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		defer r.Body.Close()
		for lines.Scan() {
		}
	}()
	return numbers, cut, ended
}

func TestStreamInACookieSessionEndsWithItsMember(t *testing.T) {
	h := newHouse(t)
	b := newBrowser(t, h.server)
	b.signIn(h.B.Second)
	_, _, ended := b.stream(0, 1)
	h.Tell(h.Trustees[0], &parley.MemberRevoke{Member: h.B.Second.Ref})
	select {
	case <-ended:
	case <-time.After(time.Second):
		t.Error("the stream of a revoked member goes on after a second")
	}
}

// After a restart nobody has a session. Whoever signs in again goes on exactly after the last notice seen.
func TestStreamGoesOnAfterARestart(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	start := func() (*node.Node, *httptest.Server, func()) {
		n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: clock.Load})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(api.New(n, api.DefaultLimits(), nil))
		return n, server, func() {
			server.CloseClientConnections()
			server.Close()
			if err := n.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	n, server, stop := start()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	b := newBrowser(t, server)
	b.signIn(c.Verifier)
	c.NotifyHospital(cast.At(35.9528, 39.0079))
	seen, cut, ended := b.stream(0, 3)
	cut()
	<-ended
	last := seen[len(seen)-1]
	stop()

	n, server, stop = start()
	defer stop()
	c.Stage = cast.OnNode{Node: n}
	b.client, b.url = newBrowser(t, server).client, server.URL
	if r, _ := b.do("GET", "/v1/inbox", nil); r.StatusCode != 401 {
		t.Errorf("the session of before the restart answers %d", r.StatusCode)
	}
	b.signIn(c.Verifier)
	_, body := b.do("GET", fmt.Sprintf("/v1/inbox?from=%d", last+1), nil)
	var inbox api.Inbox
	if err := json.Unmarshal(body, &inbox); err != nil || len(inbox.Notices) == 0 {
		t.Fatalf("inbox: %s", body)
	}
	next, cut, ended := b.stream(last+1, len(inbox.Notices))
	cut()
	<-ended
	for i, number := range next {
		if number != last+1+uint64(i) {
			t.Errorf("read %v; expected the numbers from %d on, each once", next, last+1)
			break
		}
	}
}
