package deliver

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// gateway takes requests as a gateway for short messages does.
type gateway struct {
	*httptest.Server
	mu       sync.Mutex
	bodies   []string
	headers  []http.Header
	refusing bool
}

func newGateway(t testing.TB) *gateway {
	g := &gateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.bodies, g.headers = append(g.bodies, string(body)), append(g.headers, r.Header.Clone())
		if g.refusing {
			w.WriteHeader(400)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) last() (string, http.Header, int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.bodies) == 0 {
		return "", nil, 0
	}
	return g.bodies[len(g.bodies)-1], g.headers[len(g.headers)-1], len(g.bodies)
}

func TestShortMessagesGoToTheGatewayInItsForm(t *testing.T) {
	s, g := enter(t), newGateway(t)
	for _, c := range []struct {
		name, language string
		template       fields
		read           func(t *testing.T, body string) (to, text string)
	}{
		{"form", "en", fields{"form": fields{"recipient": "{to}", "message": "{text}", "key": "{secret}"}}, func(t *testing.T, body string) (string, string) {
			v, err := url.ParseQuery(body)
			if err != nil || v.Get("key") != smsSecret {
				t.Errorf("body %q: %v", body, err)
			}
			return v.Get("recipient"), v.Get("message")
		}},
		{"json", "ar", fields{"json": fields{"messages": []any{fields{"to": []string{"{to}"}, "body": "{text}", "id": "{id}"}}, "flash": false}}, func(t *testing.T, body string) (string, string) {
			var v struct {
				Messages []struct {
					To       []string
					Body, ID string
				}
				Flash bool
			}
			if err := json.Unmarshal([]byte(body), &v); err != nil || len(v.Messages) != 1 || v.Messages[0].ID == "" {
				t.Fatalf("body %q: %v", body, err)
			}
			return v.Messages[0].To[0], v.Messages[0].Body
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			gate := fields{"url": g.URL, "private": true, "secret": fields{"file": "sms.secret"}, "headers": fields{"Authorization": "Bearer {secret}"}}
			for k, v := range c.template {
				gate[k] = v
			}
			cfg := s.configOf(fields{"gateways": fields{"main": gate}, "channels": []any{
				fields{"name": c.name, "member": s.A.Officer.Ref, "kind": "sms", "address": "+963110000000", "gateway": "main", "language": c.language}}})
			d := s.start(cfg)
			placed(t, d)
			_, _, before := g.last()
			s.resend()
			eventually(t, "no request", func() bool { _, _, n := g.last(); return n > before })
			body, header, _ := g.last()
			if got := header.Get("Authorization"); got != "Bearer "+smsSecret {
				t.Errorf("Authorization %q", got)
			}
			to, text := c.read(t, body)
			p := words[c.language]
			want := string(s.site) + "/v1\n" + p.Say["exercise"] + "\n" + p.Notice["resent"]
			if to != "+963110000000" || text != want {
				t.Errorf("to %q: %q, expected %q", to, text, want)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{smsSecret, "+963110000000"} {
				if strings.Contains(s.logged.String(), secret) {
					t.Errorf("the log holds %q", secret)
				}
			}
		})
	}
}

func TestNoTextBreaksOutOfItsField(t *testing.T) {
	f := &fill{to: "+1", text: `"},{"to":"+2` + "&to=+2\r\n{secret}", id: "i", secret: "s"}
	form, err := (&Gateway{Form: map[string]string{"to": "{to}", "text": "{text}"}}).body(f)
	if v, e := url.ParseQuery(form); err != nil || e != nil || len(v["to"]) != 1 || v.Get("text") != f.text {
		t.Errorf("form %q", form)
	}
	text, err := (&Gateway{JSON: map[string]any{"to": "{to}", "text": "{text}"}}).body(f)
	var v map[string]string
	if e := json.Unmarshal([]byte(text), &v); err != nil || e != nil || len(v) != 2 || v["text"] != f.text {
		t.Errorf("JSON %q", text)
	}
}
