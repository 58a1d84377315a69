package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/draft"
)

// A file of evidence goes out so that nothing in it runs: to be saved, in a sandbox, and as bytes of no type when its bytes are of another type than
// was stated or of one that a browser runs.
func TestNothingInEvidenceRuns(t *testing.T) {
	s := newScene(t)
	const photo, page = "\x89PNG\r\n\x1a\n and more", "<!DOCTYPE html><script>alert(1)</script>"
	add := func(content, stated string) parley.Ref {
		f, err := s.node.Keep(parley.Desk, strings.NewReader(content), stated)
		if err != nil {
			t.Fatal(err)
		}
		return s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
			return &parley.EvidenceAdd{File: f, Name: d.Text("a file"), About: []parley.Ref{s.incident.real}, Obtained: "received", At: s.clock.Load()}
		}).Ref
	}
	for _, c := range []struct{ content, stated, want string }{
		{photo, "image/png", "image/png"}, {page, "image/png", "application/octet-stream"}, {page, "text/html", "application/octet-stream"},
		{`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml", "application/octet-stream"}, {page, "text/plain", "application/octet-stream"}, {"plain words", "text/plain", "text/plain"},
	} {
		req := s.request("GET", "/v1/evidence/"+string(add(c.content, c.stated))+"/file", nil)
		req.Header.Set("Authorization", "Bearer "+s.session(s.Monitor))
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != 200 || string(body) != c.content {
			t.Fatalf("%s: %d %q (%v)", c.stated, r.StatusCode, body, err)
		}
		for header, want := range map[string]string{"Content-Type": c.want, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%q stated as %s: %s: %s; expected %s", c.content, c.stated, header, got, want)
			}
		}
		if got := r.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") {
			t.Errorf("%s: %s; expected an attachment", c.stated, got)
		}
	}
}
