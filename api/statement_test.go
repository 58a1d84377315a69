package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/api"
	"parley/exchange/news"
	"parley/internal/need"
)

// read sends a text to the reader of statements.
func (s *scene) read(query, kind string, text io.Reader) (*http.Response, []byte) {
	s.T.Helper()
	req := s.request("POST", "/v1/statements/read?"+query, text)
	req.Header.Set("Authorization", "Bearer "+s.session(s.Monitor))
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		s.T.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return r, body
}

// The seed article gives its 12 claims, each with the characters where it stands, as a text, as an HTML page and as an item of a feed. Nothing is stored by that.
func TestStatementsAreReadByTheAPI(t *testing.T) {
	s := newScene(t)
	article, err := os.ReadFile(need.Shared(t, "seed/article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	before := s.size()
	var out api.ReadTexts
	r, body := s.read("name=article.txt&published=2017-09-21", "text/plain; charset=utf-8", bytes.NewReader(article))
	if err := json.Unmarshal(body, &out); err != nil || r.StatusCode != 200 || len(out.Texts) != 1 {
		t.Fatalf("%d %.300s (%v)", r.StatusCode, body, err)
	}
	doc := out.Texts[0]
	if len(doc.Claims) != 12 {
		t.Errorf("%d claims; expected 12", len(doc.Claims))
	}
	runes := []rune(doc.Text)
	for i, c := range doc.Claims {
		if c.Speaker != "Oleg Syromolotov" {
			t.Errorf("claim %d: speaker %q", i+1, c.Speaker)
		}
		for _, span := range c.Spans {
			if span.Start < 0 || span.End > len(runes) || string(runes[span.Start:span.End]) != span.Text {
				t.Errorf("claim %d: characters %d to %d are not %q", i+1, span.Start, span.End, span.Text)
			}
		}
	}
	page := "<html><head><title>News</title></head><body><article>"
	for _, line := range strings.Split(string(article), "\n") {
		page += "<p>" + line
	}
	feed := `<?xml version="1.0"?><rss version="2.0"><channel><title>An agency</title><item><title>News</title><guid>1</guid><pubDate>Thu, 21 Sep 2017 10:00:00 GMT</pubDate><description><![CDATA[` + page + `]]></description></item></channel></rss>`
	for kind, text := range map[string]string{"text/html": page + "</article>", "application/rss+xml": feed} { // the page's paragraphs and body are never closed
		var other api.ReadTexts
		if r, body := s.read("", kind, strings.NewReader(text)); r.StatusCode != 200 || json.Unmarshal(body, &other) != nil || len(other.Texts) != 1 || len(other.Texts[0].Claims) != 12 {
			t.Errorf("%s: %d %.300s; expected one text with 12 claims", kind, r.StatusCode, body)
		}
	}
	// A body of the lists at hand is a mention by its whole name, and nothing more is said of it.
	if r, body := s.read("", "text/plain", strings.NewReader("“We paid the Zarghun River League twice,” Ann Lee said.")); r.StatusCode != 200 || json.Unmarshal(body, &out) != nil || !slices.Contains(out.Texts[0].Claims[0].Organisations, "Zarghun River League") || strings.Contains(string(body), "QDe.900") {
		t.Errorf("%d %s; expected the league as a mention, without its entry", r.StatusCode, body)
	}
	if after := s.size(); after != before {
		t.Errorf("reading made %d entries in the journal", after-before)
	}
}

// What is no text is refused with what was read and what was expected: a program, two encodings, too much, a language's name that is none. Nothing is half done.
func TestStatementsRefuseWhatIsNoText(t *testing.T) {
	s := newScene(t)
	mixed := append([]byte("Первый абзац.\n"), 0xcf, 0xe5, 0xf0, 0xe2, 0xfb, 0xe9)
	for name, c := range map[string]struct {
		query, kind string
		text        io.Reader
		status      int
		code        parley.Code
		field       string
	}{
		"a program":           {"", "text/plain", strings.NewReader("\x7fELF\x02\x01"), 422, parley.CodeInvalid, "body.content"},
		"zeros":               {"", "text/plain", strings.NewReader("a\x00b"), 422, parley.CodeInvalid, "body.content"},
		"an archive":          {"", "application/octet-stream", strings.NewReader("PK\x03\x04"), 422, parley.CodeInvalid, "body.content"},
		"two encodings":       {"", "text/plain", bytes.NewReader(mixed), 422, parley.CodeInvalid, "query.encoding"},
		"no encoding":         {"encoding=klingon", "text/plain", strings.NewReader("A text."), 422, parley.CodeInvalid, "query.encoding"},
		"a charset like that": {"", "text/plain; charset=klingon", strings.NewReader("A text."), 422, parley.CodeInvalid, "query.encoding"},
		"nothing":             {"", "text/plain", strings.NewReader(" \n"), 422, parley.CodeInvalid, "body.content"},
		"a feed without text": {"", "text/xml", strings.NewReader(`<rss version="2.0"><channel><title>x</title></channel></rss>`), 422, parley.CodeInvalid, "body.feed"},
		"no day":              {"published=2017-13-40", "text/plain", strings.NewReader("A text."), 422, parley.CodeInvalid, "query.published"},
		"another kind":        {"", "application/json", strings.NewReader(`{"text":"a"}`), 415, "content_type", "Content-Type"},
		"50 MB":               {"", "text/html", bytes.NewReader(make([]byte, 50<<20)), 413, parley.CodeTooLarge, "body"},
		"one byte too many":   {"", "text/html", bytes.NewReader(bytes.Repeat([]byte("a"), news.MaxBytes+1)), 413, parley.CodeTooLarge, "body"},
		"50 MB, unannounced":  {"", "text/html", io.LimitReader(endless{}, 50<<20), 413, parley.CodeTooLarge, ""},
	} {
		r, body := s.read(c.query, c.kind, c.text)
		var p api.Problem
		if err := json.Unmarshal(body, &p); err != nil || r.StatusCode != c.status || p.Code != c.code || c.field != "" && p.Field != c.field || c.field != "" && (p.Read == "" || p.Expected == "") {
			t.Errorf("%s: %d %.300s; expected %d %s about %s", name, r.StatusCode, body, c.status, c.code, c.field)
		}
	}
	if r, body := s.read("", "text/html", strings.NewReader("<p>“It holds,” said Ann Lee<div></p><b>, a nurse")); r.StatusCode != 200 || !strings.Contains(string(body), "It holds") {
		t.Errorf("broken HTML: %d %s; expected that it is read as browsers read it", r.StatusCode, body)
	}
	if r, body := s.read("", "text/plain", strings.NewReader("قال المحافظ سليم عودة: «لم نبلغ بشيء».")); r.StatusCode != 200 || !strings.Contains(string(body), "لم نبلغ بشيء") {
		t.Errorf("right-to-left quotes: %d %s", r.StatusCode, body)
	}
}

// endless is a text without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	return len(b), nil
}
