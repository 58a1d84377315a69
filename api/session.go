package api

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley"
	"parley/channel"
)

// How long a challenge may be answered and a session lasts, in milliseconds.
const (
	challengeTime = 2 * parley.Minute
	sessionTime   = 8 * parley.Hour
	maxSessions   = 100_000
)

// ChallengeText is what a key signs to open a read session. It names the theatre, so that an answer serves nowhere else.
func ChallengeText(theatre parley.Hash, challenge string) []byte {
	return fmt.Appendf(nil, "parley read session v1\n%s\n%s\n", theatre, challenge)
}

// sessions holds open challenges and sessions. They live in memory: after a restart people sign again.
type sessions struct {
	mu         sync.Mutex
	challenges map[string]opened // challenge → key
	tokens     map[string]opened // token → key
}

type opened struct {
	key     parley.KeyID
	expires int64
}

func newSessions() *sessions {
	return &sessions{challenges: map[string]opened{}, tokens: map[string]opened{}}
}

func randomText() (string, error) {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(b[:]), nil
}

// put stores an entry under a new random name and drops those that have expired when the store is full.
func (s *sessions) put(store map[string]opened, o opened, now int64) (string, error) {
	name, err := randomText()
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(store) >= maxSessions {
		for k, v := range store {
			if v.expires <= now {
				delete(store, k)
			}
		}
		if len(store) >= maxSessions {
			return "", plain(codeRate, "")
		}
	}
	store[name] = o
	return name, nil
}

// take returns an entry and forgets it.
func (s *sessions) take(store map[string]opened, name string, now int64) (opened, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := store[name]
	delete(store, name)
	return o, ok && o.expires > now
}

// look returns an entry that has not expired.
func (s *sessions) look(store map[string]opened, name string, now int64) (opened, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := store[name]
	return o, ok && o.expires > now
}

type challengeInput struct {
	Body struct {
		Key parley.KeyID `json:"key" doc:"id of the key that will sign"`
	}
}

type challengeOutput struct {
	Body struct {
		Challenge string      `json:"challenge"`
		Theatre   parley.Hash `json:"theatre"`
		Text      string      `json:"text" doc:"the bytes to sign with Ed25519"`
		Expires   string      `json:"expires"`
	}
}

type sessionInput struct {
	Body struct {
		Challenge string `json:"challenge"`
		Signature []byte `json:"signature" doc:"Ed25519 over the challenge's text, base64"`
		Cookie    bool   `json:"cookie,omitzero" doc:"for browsers: set the token as a cookie that no script reads, and leave it out of the answer"`
	}
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Token   string     `json:"token,omitzero" doc:"sent as Authorization: Bearer; absent when it is set as a cookie"`
		Member  parley.Ref `json:"member"`
		Account parley.Ref `json:"account"`
		Expires string     `json:"expires"`
	}
}

// challenge answers every key alike, admitted or not.
func (s *Server) challenge(ctx context.Context, in *challengeInput) (*challengeOutput, error) {
	now := s.node.Now()
	name, err := s.sessions.put(s.sessions.challenges, opened{in.Body.Key, now + challengeTime}, now)
	if err != nil {
		return nil, problem(err, requestID(ctx))
	}
	out := &challengeOutput{}
	if err := s.node.Read(func(st *channel.State) { out.Body.Theatre = st.Theatre().Name }); err != nil {
		return nil, problem(err, requestID(ctx))
	}
	out.Body.Challenge, out.Body.Expires = name, parley.Stamp(now+challengeTime)
	out.Body.Text = string(ChallengeText(out.Body.Theatre, name))
	return out, nil
}

func (s *Server) openSession(ctx context.Context, in *sessionInput) (*sessionOutput, error) {
	now := s.node.Now()
	refused := plain(codeUnauthenticated, requestID(ctx))
	o, ok := s.sessions.take(s.sessions.challenges, in.Body.Challenge, now)
	if !ok {
		return nil, refused
	}
	var (
		member parley.Member
		key    parley.PublicKey
		text   []byte
	)
	if err := s.node.Read(func(st *channel.State) {
		if member, ok = st.Session(o.key); ok {
			key, _ = st.KeyOf(o.key)
			text = ChallengeText(st.Theatre().Name, in.Body.Challenge)
		}
	}); err != nil {
		return nil, problem(err, requestID(ctx))
	}
	if !ok || !ed25519.Verify(key[:], text, in.Body.Signature) {
		return nil, refused
	}
	token, err := s.newToken(o.key)
	if err != nil {
		return nil, problem(err, requestID(ctx))
	}
	out := &sessionOutput{}
	out.Body.Member, out.Body.Account, out.Body.Expires = member.Ref, member.Account, parley.Stamp(now+sessionTime)
	if in.Body.Cookie {
		out.SetCookie = []http.Cookie{*sessionCookie(token, secureOf(ctx))}
	} else {
		out.Body.Token = token
	}
	return out, nil
}

type closeOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *Server) closeSession(ctx context.Context, _ *struct{}) (*closeOutput, error) {
	s.sessions.take(s.sessions.tokens, tokenOf(ctx), s.node.Now())
	return &closeOutput{[]http.Cookie{*sessionCookie("", secureOf(ctx))}}, nil
}

type contextKey int

const (
	idKey contextKey = iota
	memberKey
	tokenKey
	secureKey
)

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(idKey).(string)
	return id
}

func tokenOf(ctx context.Context) string {
	t, _ := ctx.Value(tokenKey).(string)
	return t
}

func memberOf(ctx context.Context) *parley.Member {
	m, _ := ctx.Value(memberKey).(*parley.Member)
	return m
}

// authenticate lets a request with a session through. The member is looked up at every request: whoever is revoked is out at once.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	r, _ := humago.Unwrap(ctx)
	token := tokenIn(r)
	member, _, ok := s.memberBy(token)
	if !ok {
		p := plain(codeUnauthenticated, requestID(ctx.Context()))
		p.Field, p.Read, p.Expected = "Authorization", "no session that is open", "Bearer and the token of an open session, or its cookie"
		s.refuse(ctx, p)
		return
	}
	next(huma.WithValue(huma.WithValue(ctx, memberKey, &member), tokenKey, token))
}

// memberBy returns whose session a token is for, and the key that opened it.
func (s *Server) memberBy(token string) (member parley.Member, key parley.KeyID, ok bool) {
	o, ok := s.sessions.look(s.sessions.tokens, token, s.node.Now())
	if !ok {
		return member, "", false
	}
	if err := s.node.Read(func(st *channel.State) { member, ok = st.Session(o.key) }); err != nil {
		return member, "", false
	}
	return member, o.key, ok
}

func (s *Server) refuse(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", "application/problem+json")
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", "Bearer")
	}
	s.log.Info("request refused", "id", p.ID, "code", p.Code, "field", p.Field)
	ctx.SetStatus(p.Status)
	writeJSON(ctx.BodyWriter(), p)
}
