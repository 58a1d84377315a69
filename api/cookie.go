package api

import (
	"context"
	"net/http"
	"strings"

	"parley"
	"parley/channel"
)

// The names of the session cookie. The prefix __Host- binds it to this host and to TLS: no other host can plant one.
const (
	cookieName       = "parley"
	secureCookieName = "__Host-parley"
)

// overTLS reports whether the browser's own connection is encrypted: here, or before a proxy that says so. Whoever lies about it
// hardens their own cookie and nothing else.
func overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

func nameOfCookie(secure bool) string {
	if secure {
		return secureCookieName
	}
	return cookieName
}

// sessionCookie returns the cookie that holds a token, or that takes it away when the token is empty.
func sessionCookie(token string, secure bool) *http.Cookie {
	c := &http.Cookie{Name: nameOfCookie(secure), Value: token, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode, MaxAge: int(sessionTime / parley.Second)}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// tokenIn returns the token of a request's session: that of its Authorization header, or without one that of its cookie.
func tokenIn(r *http.Request) string {
	if given := r.Header.Get("Authorization"); given != "" {
		return strings.TrimPrefix(given, "Bearer ")
	}
	c, err := r.Cookie(nameOfCookie(overTLS(r)))
	if err != nil {
		return ""
	}
	return c.Value
}

// SessionOf returns whose session a request comes in, and the key that opened it. Both are looked up at each call: whoever is revoked is out at once.
func (s *Server) SessionOf(r *http.Request) (member parley.Member, key parley.KeyID, ok bool) {
	return s.memberBy(tokenIn(r))
}

// OpenSession opens a session for a key and sets its cookie; the session before it ends. Whoever calls it has seen a proof that the
// key's holder asks.
func (s *Server) OpenSession(w http.ResponseWriter, r *http.Request, key parley.KeyID) error {
	ok := false
	if err := s.node.Read(func(st *channel.State) { _, ok = st.Session(key) }); err != nil {
		return err
	}
	if !ok {
		return plain(codeUnauthenticated, requestID(r.Context()))
	}
	token, err := s.newToken(key)
	if err != nil {
		return err
	}
	s.sessions.take(s.sessions.tokens, tokenIn(r), s.node.Now())
	http.SetCookie(w, sessionCookie(token, overTLS(r)))
	return nil
}

// EndSession ends the session of a request, if there is one, and takes its cookie away.
func (s *Server) EndSession(w http.ResponseWriter, r *http.Request) {
	s.sessions.take(s.sessions.tokens, tokenIn(r), s.node.Now())
	http.SetCookie(w, sessionCookie("", overTLS(r)))
}

// newToken opens a session for a key whose holder has proved to have it.
func (s *Server) newToken(key parley.KeyID) (string, error) {
	now := s.node.Now()
	return s.sessions.put(s.sessions.tokens, opened{key, now + sessionTime}, now)
}

// secureOf reports whether the request of a context came over TLS.
func secureOf(ctx context.Context) bool {
	secure, _ := ctx.Value(secureKey).(bool)
	return secure
}
