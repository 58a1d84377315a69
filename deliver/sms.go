package deliver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf16"
)

// texter asks the operator's gateway to send a short message.
type texter struct {
	to       string
	language *phrases
	gateway  *Gateway
	client   *http.Client
}

func (c *Config) texter(ch *Channel) (*texter, error) {
	pool, err := c.trust("ca", ch.gateway.CA)
	if err != nil {
		return nil, err
	}
	return &texter{to: ch.Address, language: words[ch.Language], gateway: ch.gateway, client: poster(ch.gateway.Private, pool, c.pace.timeout)}, nil
}

// reached: a gateway has it then, not the recipient.
func (t *texter) reached() bool { return false }

func (t *texter) send(ctx context.Context, m *message) error {
	text, ok := t.language.short(m)
	if !ok {
		return &refusal{fmt.Errorf("the text does not fit one short message")}
	}
	f := &fill{to: t.to, text: text, id: m.ID, secret: string(t.gateway.secret)}
	body, err := t.gateway.body(f)
	if err != nil {
		return &refusal{err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.gateway.URL, strings.NewReader(body))
	if err != nil {
		return &refusal{err}
	}
	r.Header.Set("Content-Type", "application/json")
	if t.gateway.Form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "parley")
	for name, value := range t.gateway.Headers {
		r.Header.Set(name, f.in(value))
	}
	return post(t.client, r)
}

// fill is what the places of a template are filled with.
type fill struct{ to, text, id, secret string }

func (f *fill) in(template string) string {
	return strings.NewReplacer("{to}", f.to, "{text}", f.text, "{id}", f.id, "{secret}", f.secret).Replace(template)
}

// body fills the gateway's template. Values are filled before they are encoded, so that no text can break out of its field.
func (g *Gateway) body(f *fill) (string, error) {
	if g.Form != nil {
		form := url.Values{}
		for name, value := range g.Form {
			form.Set(name, f.in(value))
		}
		return form.Encode(), nil
	}
	text, err := json.Marshal(f.within(g.JSON))
	return string(text), err
}

func (f *fill) within(value any) any {
	switch v := value.(type) {
	case string:
		return f.in(v)
	case []any:
		filled := make([]any, len(v))
		for i := range v {
			filled[i] = f.within(v[i])
		}
		return filled
	case map[string]any:
		filled := make(map[string]any, len(v))
		for name := range v {
			filled[name] = f.within(v[name])
		}
		return filled
	}
	return value
}

// short writes a message for one short message: 160 characters of the GSM alphabet, or 70 units of UCS-2 when a character is in no GSM
// table. The reference stands first and alone in its line, so that its direction does not depend on the language; marks come before
// words, and only words are cut. ok is false when reference and marks alone do not fit.
func (p *phrases) short(m *message) (text string, ok bool) {
	head := joined("\n", m.reference(), p.marks(m))
	if !fits(head) {
		return "", false
	}
	words := strings.Fields(p.phrase(m))
	for n := len(words); n > 0; n-- {
		if text := joined("\n", head, strings.Join(words[:n], " ")); fits(text) {
			return text, true
		}
	}
	return head, true
}

// fits reports whether a text goes into one short message (3GPP TS 23.038, TS 23.040).
func fits(text string) bool {
	septets := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsm, r):
			septets++
		case strings.ContainsRune(gsmExtended, r):
			septets += 2
		default:
			return len(utf16.Encode([]rune(text))) <= 70
		}
	}
	return septets <= 160
}

// The default alphabet of GSM and its extension (3GPP TS 23.038, section 6.2.1).
const (
	gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

	gsmExtended = "\f^{}\\[~]|€"
)
