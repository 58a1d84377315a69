package deliver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/release"
)

// webhook posts notices as the Standard Webhooks specification says (symmetric signatures, v1): the headers webhook-id,
// webhook-timestamp and webhook-signature; the signature is HMAC-SHA256 over "id.timestamp.body".
type webhook struct {
	address string
	secret  []byte
	client  *http.Client
}

// Event is the body of a webhook.
type Event struct {
	Type     string         `json:"type"` // parley.notice, or parley.test
	Theatre  string         `json:"theatre"`
	Exercise bool           `json:"exercise,omitzero"`
	Account  parley.Ref     `json:"account,omitzero"`
	Notice   release.Notice `json:"notice,omitzero"`
	Test     string         `json:"test,omitzero"` // TEST in a test, which is about nothing
}

func (c *Config) webhook(ch *Channel) (*webhook, error) {
	pool, err := c.trust("ca", ch.CA)
	if err != nil {
		return nil, err
	}
	return &webhook{address: ch.Address, secret: ch.secret, client: poster(ch.Private, pool, c.pace.timeout)}, nil
}

// webhookSecret decodes a secret in the specification's form.
func webhookSecret(text []byte) ([]byte, error) {
	if text == nil {
		return nil, errors.New("nothing")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(text), "whsec_"))
	if err != nil || !strings.HasPrefix(string(text), "whsec_") {
		return nil, errors.New("another form")
	}
	if len(key) < 24 || len(key) > 64 {
		return nil, fmt.Errorf("%d bytes", len(key))
	}
	return key, nil
}

// Signature returns the value of webhook-signature.
func Signature(secret []byte, id string, timestamp int64, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%d.", id, timestamp)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (w *webhook) reached() bool { return true }

func (w *webhook) send(ctx context.Context, m *message) error {
	e := Event{Type: "parley.notice", Theatre: m.Theatre, Exercise: m.Exercise, Account: m.Account, Notice: m.Notice}
	if m.Test {
		e.Type, e.Test = "parley.test", "TEST"
	}
	body, err := json.Marshal(e)
	if err != nil {
		return &refusal{err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, bytes.NewReader(body))
	if err != nil {
		return &refusal{err}
	}
	now := time.Now().Unix()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "parley")
	r.Header.Set("webhook-id", m.ID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(now, 10))
	r.Header.Set("webhook-signature", Signature(w.secret, m.ID, now, body))
	return post(w.client, r)
}

// answerAtMost is how much of an answer is read, so that the connection can be used again. What it says does not matter.
const answerAtMost = 16 << 10

// post sends a request and judges the answer by its status alone.
func post(client *http.Client, r *http.Request) error {
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, answerAtMost) // the status is already here: a broken body changes nothing
	switch s := answer.StatusCode; {
	case s >= 200 && s < 300:
		return nil
	case s >= 300 && s < 400:
		return fmt.Errorf("answered %d: redirects are not followed", s)
	case s == http.StatusBadRequest, s == http.StatusRequestEntityTooLarge, s == http.StatusUnsupportedMediaType, s == http.StatusUnprocessableEntity:
		return &refusal{fmt.Errorf("answered %d", s)}
	default:
		return fmt.Errorf("answered %d", s)
	}
}
