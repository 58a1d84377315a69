package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/exchange/shorttext"
	"parley/internal/draft"
	"parley/node"
)

// bodyMost is the largest request of a gateway, in bytes.
const bodyMost = 8 << 10

// Door takes messages from a gateway at POST /sms/in.
type Door struct {
	node   *node.Node
	config *Config
	queue  *Queue
	log    *slog.Logger
}

// NewDoor returns a door.
func NewDoor(n *node.Node, config *Config, queue *Queue, log *slog.Logger) *Door {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Door{node: n, config: config, queue: queue, log: log}
}

// answer is what a gateway gets: the text to send back, and whether the message was said or waits for the desk.
type answer struct {
	Reply string `json:"reply"`
	State State  `json:"state"`
}

// ServeHTTP takes one message. Whatever is in it, it is kept: only a stranger, a torn request and a full disk get an error.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost))
	if err != nil {
		trouble(w, http.StatusRequestEntityTooLarge, parley.CodeTooLarge, "body", "a longer body", "at most 8192 bytes")
		return
	}
	if !d.known(r, body) {
		trouble(w, http.StatusUnauthorized, "unauthenticated", "authorization", "no valid proof", "the gateway's bearer token, or its HMAC of the body")
		return
	}
	from, text, id, err := fields(r, body)
	var fault *parley.Fault
	if errors.As(err, &fault) {
		trouble(w, http.StatusUnprocessableEntity, fault.Code, fault.Field, fault.Read, fault.Expected)
		return
	}
	item, err := d.Take(r.Context(), from, text, id)
	if err != nil {
		d.log.Error("couldn't keep a short message", "why", err)
		trouble(w, http.StatusServiceUnavailable, "unavailable", "", "", "")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer{item.Reply, item.State}) // a gateway that has gone is no error of ours
}

// trouble writes a problem (RFC 9457).
func trouble(w http.ResponseWriter, status int, code parley.Code, field, read, expected string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": "The message was not taken.", "status": status, "code": code, "field": field, "read": read, "expected": expected})
}

// known reports whether a request comes from the gateway: by its bearer token, or by its HMAC-SHA-256 of the body.
func (d *Door) known(r *http.Request, body []byte) bool {
	if d.config.token != nil {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		sum := sha256.Sum256([]byte(token))
		return ok && subtle.ConstantTimeCompare(sum[:], d.config.token) == 1
	}
	given, err := hex.DecodeString(strings.TrimPrefix(r.Header.Get("Parley-Signature"), "sha256="))
	mac := hmac.New(sha256.New, d.config.secret)
	mac.Write(body)
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// fields reads from, text and id out of a JSON object or a form.
func fields(r *http.Request, body []byte) (from, text, id string, err error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var in struct{ From, Text, ID string }
		if err := json.Unmarshal(body, &in); err != nil {
			return "", "", "", &parley.Fault{Code: parley.CodeMalformed, Field: "body", Read: "no JSON object", Expected: `{"from": "+963…", "text": "…", "id": "…"}`}
		}
		from, text, id = in.From, in.Text, in.ID
	case "application/x-www-form-urlencoded":
		v, err := url.ParseQuery(string(body))
		if err != nil {
			return "", "", "", &parley.Fault{Code: parley.CodeMalformed, Field: "body", Read: "no form", Expected: "from=…&text=…&id=…"}
		}
		from, text, id = v.Get("from"), v.Get("text"), v.Get("id")
	default:
		return "", "", "", parley.Invalid("content-type", kind, "application/json or application/x-www-form-urlencoded")
	}
	if from == "" || len(from) > 64 {
		return "", "", "", parley.Invalid("from", from, "the sender's number")
	}
	if len(id) > 200 {
		return "", "", "", parley.Invalid("id", id, "at most 200 bytes")
	}
	return dialled(from), strings.ToValidUTF8(text, "\ufffd"), id, nil
}

// Take keeps a message and says it, or holds it for the desk. An error says that it could not be kept.
func (d *Door) Take(ctx context.Context, from, text, id string) (Item, error) {
	item, again, err := d.queue.Receive(from, text, id, d.node.Now())
	if err != nil || again {
		return item, err
	}
	d.say(context.WithoutCancel(ctx), &item) // a gateway that hangs up has still brought it
	return item, d.queue.Settle(item)
}

// say says a message for the member whose number it is.
func (d *Door) say(ctx context.Context, item *Item) {
	wait := func(why Why, detail, reply string) {
		item.State, item.Why, item.Detail, item.Reply = Waiting, why, detail, reply
	}
	setting, err := settingOf(d.node)
	if err != nil {
		wait(Interrupted, err.Error(), "")
		return
	}
	m, refusal := shorttext.Parse(item.Text, setting)
	item.Urgent = m != nil && m.Stop || refusal != nil && refusal.Stop
	member, bound := d.sender(item.From)
	if !bound {
		reply := ""
		if m != nil {
			reply = m.Kept()
		} else {
			reply = refusal.Reply()
		}
		wait(UnknownNumber, "no member is bound to this number by an administrator of theirs", reply)
		return
	}
	item.Member = member
	if refusal != nil {
		wait(NotUnderstood, refusal.Error(), refusal.Reply())
		return
	}
	receipts, err := Say(ctx, d.node, parley.BySMS, member, m)
	for _, r := range receipts {
		item.Names = append(item.Names, r.Outcome.Name)
	}
	if err != nil {
		wait(NotTaken, err.Error(), m.Kept())
		return
	}
	item.State, item.Reply = Said, m.Reply(receipts[len(receipts)-1].Outcome.Position, setting.Zone)
}

// sender returns the member whose number it is: bound by an administrator of the same organisation who was not revoked.
func (d *Door) sender(number string) (member parley.Ref, ok bool) {
	n := d.config.of(number)
	if n == nil {
		return "", false
	}
	err := d.node.Read(func(s *channel.State) {
		ok = s.MayBind(n.BoundBy, n.Member)
	})
	return n.Member, ok && err == nil
}

// settingOf is what messages are read in now.
func settingOf(n *node.Node) (shorttext.Setting, error) {
	var profile parley.Profile
	if err := n.Read(func(s *channel.State) { profile = s.Theatre().Profile }); err != nil {
		return shorttext.Setting{}, err
	}
	return SettingOf(&profile, n.Now()), nil
}

// SettingOf is what messages are read in at a moment, by a theatre's profile.
func SettingOf(profile *parley.Profile, now int64) shorttext.Setting {
	zone, err := time.LoadLocation(profile.Zone)
	if err != nil {
		zone = time.UTC // a zone that this machine does not know: hours are UTC, and every answer repeats the hour
	}
	return shorttext.Setting{Now: now, Zone: zone, Contains: profile.Contains}
}

// Say says a message for a member of an organisation, signed by the node's form key. A decision that names a movement answers each
// open question about it. The receipts are of what is in the journal, also when an error follows.
func Say(ctx context.Context, n *node.Node, by parley.Channel, member parley.Ref, m *shorttext.Message) ([]node.Receipt, error) {
	bodies, err := Bodies(n, member, m)
	if err != nil {
		return nil, err
	}
	var receipts []node.Receipt
	for _, b := range bodies {
		submit := n.SubmitForm
		if by == parley.BySMS {
			submit = n.SubmitSMS
		}
		r, err := submit(ctx, member, b.Body, b.Draft.Payloads())
		if err == nil {
			receipts = append(receipts, r)
			if r.Refusal != nil {
				err = &node.Refused{Refusal: r.Refusal}
			}
		}
		if err != nil {
			return receipts, err
		}
	}
	return receipts, nil
}

// Sayable is one command of a message with the texts that it commits to.
type Sayable struct {
	Body  parley.Body
	Draft *draft.Draft
}

// Bodies returns what a message says as commands, one for each open question that a decision answers. A refusal is a *parley.Fault.
func Bodies(n *node.Node, member parley.Ref, m *shorttext.Message) ([]Sayable, error) {
	asked := []parley.Ref{""}
	if m.Decision != "" && m.Of.Kind() == parley.RefMovement {
		asked = nil
		if err := n.Read(func(s *channel.State) {
			if account, ok := s.AccountOfMember(member); ok {
				asked = s.View(&parley.Member{Ref: member, Account: account}, n.Now(), n.Text).Asked(m.Of)
			}
		}); err != nil {
			return nil, err
		}
		if len(asked) == 0 {
			_, refusal := m.Bodies(n.Now(), nil, func(string) parley.Commitment { return parley.Commitment{} })
			return nil, refusal.Fault()
		}
	}
	var all []Sayable
	for _, question := range asked {
		d := &draft.Draft{MadeAt: n.Now()}
		if err := n.Read(func(s *channel.State) { d.Theatre = s.Theatre().Name }); err != nil {
			return nil, err
		}
		bodies, refusal := m.Bodies(n.Now(), []parley.Ref{question}, d.Text)
		if refusal != nil {
			return nil, refusal.Fault()
		}
		all = append(all, Sayable{bodies[0], d})
	}
	return all, nil
}
