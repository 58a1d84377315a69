package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"

	"parley"
	"parley/node"
)

// onceMost is how many sent forms are remembered. A second press comes within seconds.
const onceMost = 1000

// sentForms remembers forms that the node's form key has signed, so that a button pressed twice sends once. A device needs no such
// memory: its page sends once. After a restart nothing is remembered.
type sentForms struct {
	mu    sync.Mutex
	sent  map[[32]byte]*sentForm
	order [][32]byte // oldest first
}

type sentForm struct {
	done    chan struct{}
	outcome parley.Outcome
	err     error
}

func newSentForms() *sentForms { return &sentForms{sent: map[[32]byte]*sentForm{}} }

// do sends, or waits for the same form that was sent before and returns its outcome. What was not taken may be sent again.
func (s *sentForms) do(name [32]byte, send func() (parley.Outcome, error)) (parley.Outcome, error) {
	s.mu.Lock()
	if before := s.sent[name]; before != nil {
		s.mu.Unlock()
		<-before.done
		return before.outcome, before.err
	}
	f := &sentForm{done: make(chan struct{}), err: errors.New("the form was not sent")}
	s.sent[name] = f
	if s.order = append(s.order, name); len(s.order) > onceMost {
		delete(s.sent, s.order[0])
		s.order = s.order[1:]
	}
	s.mu.Unlock()
	defer func() {
		if f.err != nil {
			s.mu.Lock()
			delete(s.sent, name)
			s.mu.Unlock()
		}
		close(f.done)
	}()
	f.outcome, f.err = send()
	return f.outcome, f.err
}

// submitForm has the form key sign. A form that carries "once" is the same when all its fields are: then it counts once.
func (c *call) submitForm(a act) (parley.Outcome, error) {
	send := func() (parley.Outcome, error) {
		// A browser that is pressed again lets go of the first request; what was sent is sent all the same.
		r, err := c.p.node.SubmitForm(context.WithoutCancel(c.r.Context()), c.member.Ref, a.body, a.draft.Payloads())
		if err == nil && r.Refusal != nil {
			err = &node.Refused{Refusal: r.Refusal}
		}
		return r.Outcome, err
	}
	if c.r.PostForm.Get("once") == "" {
		return send()
	}
	return c.p.sent.do(sha256.Sum256([]byte(string(c.member.Ref)+" "+c.r.URL.Path+" "+c.r.PostForm.Encode())), send)
}
