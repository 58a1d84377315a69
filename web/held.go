package web

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"parley"
	"parley/channel"
)

// How long a command waits for its second signature, in milliseconds, and how many may wait.
const (
	heldTime = parley.Day
	heldMost = 200
)

// heldDrafts keeps commands that one person has signed until a second does. They lie in memory: what is not yet said is no record,
// and after a restart it is drafted again.
type heldDrafts struct {
	mu   sync.Mutex
	list []heldDraft
}

type heldDraft struct {
	Name       parley.Hash
	Account    parley.Ref
	Kind       parley.CommandKind
	By         parley.Ref
	About      parley.Ref // of hold.end and site.hand
	At         int64
	Text       string // what it says, for the second signer
	body       []byte
	payloads   []parley.Payload
	signatures []signature
}

func newHeldDrafts() *heldDrafts { return &heldDrafts{} }

// add keeps a draft; the oldest go when there are too many.
func (h *heldDrafts) add(d heldDraft, now int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = slices.DeleteFunc(h.list, func(o heldDraft) bool { return o.At+heldTime < now || o.Name == d.Name })
	if len(h.list) >= heldMost {
		h.list = slices.Delete(h.list, 0, 1)
	}
	h.list = append(h.list, d)
}

// of returns the drafts of an account that wait.
func (h *heldDrafts) of(account parley.Ref, now int64) []heldDraft {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []heldDraft
	for _, d := range h.list {
		if d.Account == account && d.At+heldTime >= now {
			out = append(out, d)
		}
	}
	return out
}

// drop forgets a draft: it was stored, or taken back.
func (h *heldDrafts) drop(name parley.Hash) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = slices.DeleteFunc(h.list, func(o heldDraft) bool { return o.Name == name })
}

// hold takes a command with its first signature.
func (c *call) hold(w http.ResponseWriter, r *http.Request) error {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var in struct {
		Envelope json.RawMessage  `json:"envelope"`
		Payloads []parley.Payload `json:"payloads"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return c.sendProblem(parley.Malformed("", err))
	}
	e, err := parley.ParseEnvelope(in.Envelope)
	if err != nil {
		return c.sendProblem(err)
	}
	command, err := parley.ParseCommand(e.Body)
	if err != nil {
		return c.sendProblem(err)
	}
	var key parley.PublicKey
	var ok bool
	if err := c.p.node.Read(func(s *channel.State) { key, ok = s.KeyOf(c.key) }); err != nil {
		return err
	}
	if !ok || len(e.Signatures) != 1 || e.Signatures[0].Key != c.key || command.Key != c.key || !ed25519.Verify(key[:], parley.PAE(e.Body), e.Signatures[0].Sig[:]) {
		return c.sendProblem(&parley.Fault{Code: parley.CodeBadSignature, Field: "envelope", Read: "another signature", Expected: "one signature by the key of this session"})
	}
	name := e.Name()
	d := heldDraft{Name: name, Account: c.member.Account, Kind: command.Kind, By: c.member.Ref, At: c.p.node.Now(), body: e.Body, payloads: in.Payloads,
		signatures: []signature{{c.key, e.Signatures[0].Sig[:]}}}
	d.Text = describeHeld(command, in.Payloads)
	switch b := command.Body.(type) {
	case *parley.HoldEnd:
		d.About = b.Of
	case *parley.SiteHand: // shown beside the report that the site was made from
		if err := c.view(func(v *channel.Viewer) {
			if file, ok := v.Object(b.Of.Ref); ok && file.Kept != nil {
				d.About = file.Kept.Found
			}
		}); err != nil {
			return err
		}
	}
	c.p.held.add(d, d.At)
	w.WriteHeader(http.StatusAccepted)
	return c.sendJSON(map[string]string{"name": name.String(), "ref": ""})
}

// describeHeld says what a held command would do: its texts, and the references it names.
func describeHeld(c *parley.Command, payloads []parley.Payload) string {
	var words []string
	for _, p := range payloads {
		words = append(words, p.Text)
	}
	switch b := c.Body.(type) {
	case *parley.PartyAdmit:
		words = append(words, string(b.PartyKind))
	case *parley.OrganisationAdmit:
		words = append(words, string(b.OrganisationKind))
	case *parley.HoldEnd:
		words = append(words, string(b.Of), string(b.Reason))
	case *parley.SiteHand:
		words = append(words, b.Of.String(), string(b.To))
	case *parley.PublicationSet:
		words = append(words, fmt.Sprintf("%d h, %d", b.Publication.Delay/parley.Hour, b.Publication.Threshold))
		for _, f := range b.Publication.Fields {
			words = append(words, string(f))
		}
	case *parley.ScreeningDecide:
		words = append(words, string(b.Screening), b.Entry, string(b.Reason))
	case *parley.PartySuspend:
		words = append(words, string(b.Account))
	case *parley.OrganisationSuspend:
		words = append(words, string(b.Account))
	}
	return strings.Join(words, ", ")
}

// back is the page that shows a held command.
func (d *heldDraft) back() string {
	switch d.Kind {
	case "screening.decide":
		return "/screenings"
	case "publication.set":
		return "/publication"
	case "site.hand":
		return "/found/" + string(d.About)
	case "hold.end":
		return "/incidents/" + string(d.About)
	}
	return "/admin"
}

// second hands a held command to a second member's device, or drops it.
func (c *call) second() error {
	name, err := parley.ParseHash(c.r.PathValue("name"))
	if err != nil {
		return errMissing
	}
	for _, d := range c.p.held.of(c.member.Account, c.p.node.Now()) {
		if d.Name != name || d.Kind == "screening.decide" && !c.member.Has(parley.ScreeningOfficer, parley.Trustee) {
			continue
		}
		if c.r.PostForm.Get("act") == "drop" {
			c.p.held.drop(name)
			c.redirect(d.back())
			return nil
		}
		if d.By == c.member.Ref {
			c.trouble(http.StatusForbidden, "trouble.second_person")
			return nil
		}
		if !c.wantsDraft() {
			c.trouble(http.StatusForbidden, "trouble.needs_key")
			return nil
		}
		return c.sendDraft(drafted{Body: d.body, Payloads: d.payloads, Signatures: d.signatures, Send: "/v1/commands", Next: "/" + c.lang + d.back() + "?stored={name}"})
	}
	return errMissing
}

// sendJSON answers the browser's code.
func (c *call) sendJSON(v any) error {
	if c.w.Header().Get("Content-Type") == "" {
		c.w.Header().Set("Content-Type", "application/json")
	}
	return json.NewEncoder(c.w).Encode(v)
}

// sendProblem answers the browser's code with a problem (RFC 9457).
func (c *call) sendProblem(err error) error {
	c.w.Header().Set("Content-Type", "application/problem+json")
	c.w.WriteHeader(http.StatusUnprocessableEntity)
	return c.sendJSON(map[string]any{"title": c.say("wrong.title"), "detail": err.Error(), "status": http.StatusUnprocessableEntity})
}
