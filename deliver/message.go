package deliver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"parley"
	"parley/release"
)

// message is one notice on its way out. It holds what the stream of an inbox shows and nothing else.
type message struct {
	ID       string // the same at each attempt: a receiver takes the second one for the first
	Theatre  string // the first eight hexadecimal digits of its name
	Exercise bool
	Test     bool // sent by hand, about nothing
	Account  parley.Ref
	Notice   release.Notice
}

// messageID names a notice for receivers. It ends in a hash, because numbers are given again after trustees accepted a journal that ends
// earlier. It holds no dot, which separates the parts that a webhook signs.
func messageID(theatre string, account parley.Ref, n release.Notice) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %+v", theatre, account, n))
	return fmt.Sprintf("%s-%s-%d-%x", theatre, account, n.Number, sum[:4])
}

// reference returns what the notice is about, "" when it is about nothing that has a name.
func (m *message) reference() string {
	if m.Notice.Object == "" {
		return ""
	}
	if m.Notice.Version == 0 {
		return string(m.Notice.Object)
	}
	return parley.Versioned{Ref: m.Notice.Object, Version: m.Notice.Version}.String()
}

// sender sends messages by one channel. One goroutine uses it.
type sender interface {
	// send returns nil when the other machine has taken the message. A *refusal says that this message will hardly ever be taken, any other
	// error that the way is closed just now. It returns soon after ctx ends.
	send(ctx context.Context, m *message) error
	// reached says whether taking a message means that the recipient's own machine has it.
	reached() bool
}

// refusal says that the other side refuses this message, though it answers.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// plainly writes an error for the log, without addresses and secrets: those of the channel, and URLs with what they may hold.
func plainly(err error, hide ...string) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	words := strings.ToValidUTF8(err.Error(), "?")
	for _, h := range hide {
		if h != "" {
			words = strings.ReplaceAll(words, h, "…")
		}
	}
	if len(words) > longestReason {
		words = strings.ToValidUTF8(words[:longestReason], "") + "…"
	}
	return strings.Join(strings.Fields(words), " ")
}

// longestReason is how much of an error the log keeps, in bytes: a server's answer may be of any length.
const longestReason = 300
