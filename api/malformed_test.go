package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/node"
)

// ask sends one request and returns its answer as a problem.
func (h *house) ask(req *http.Request) (*http.Response, api.Problem) {
	h.T.Helper()
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		h.T.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		h.T.Fatal(err)
	}
	var p api.Problem
	if err := json.Unmarshal(text, &p); err != nil {
		h.T.Fatalf("%s %s: %d %.200s: %v", req.Method, req.URL.Path, r.StatusCode, text, err)
	}
	return r, p
}

// size returns how many entries the journal has, as anybody may read it.
func (h *house) size() uint64 {
	h.T.Helper()
	r, err := http.Get(h.server.URL + "/v1/journal/head")
	if err != nil {
		h.T.Fatal(err)
	}
	defer r.Body.Close()
	var head node.Head
	if err := json.NewDecoder(r.Body).Decode(&head); err != nil {
		h.T.Fatal(err)
	}
	return head.Size
}

// signed returns a submission of a text that nobody has looked at: what a client of another make might send.
func (h *house) signed(p *cast.Person, command string) string {
	e := &parley.Envelope{Body: []byte(command)}
	e.Sign(p.Key)
	return h.wrap(e)
}

func (h *house) wrap(e *parley.Envelope) string {
	written, err := e.MarshalJSON()
	if err != nil {
		h.T.Fatal(err)
	}
	return `{"envelope":` + string(written) + `}`
}

// bare returns the JSON of a command by a person, unsigned.
func (h *house) bare(p *cast.Person, body parley.Body) string {
	c := &parley.Command{Kind: body.Kind(), Theatre: h.Theatre, Key: draft.KeyOf(p.Key).ID(), Nonce: parley.Bits128{1}, MadeAt: h.clock.Load(), Body: body}
	text, err := c.Encode()
	if err != nil {
		h.T.Fatal(err)
	}
	return string(text)
}

// expectProblem checks everything a sender needs to mend a request, and that nothing was stored.
func (h *house) expectProblem(what string, req *http.Request, status int, code parley.Code, field string) {
	h.T.Helper()
	before := h.size()
	r, p := h.ask(req)
	if r.StatusCode != status || p.Status != status || p.Code != code || p.Field != field {
		h.T.Errorf("%s: %d (%d) %s at %q (read %q; expected %q); expected %d %s at %q", what, r.StatusCode, p.Status, p.Code, p.Field, p.Read, p.Expected, status, code, field)
	}
	if p.Read == "" || p.Expected == "" || p.Title == "" {
		h.T.Errorf("%s: title %q, read %q, expected %q: a problem says all three", what, p.Title, p.Read, p.Expected)
	}
	if n := len(p.Read) + len(p.Expected); n > 2000 {
		h.T.Errorf("%s: the problem repeats %d bytes", what, n)
	}
	if id := r.Header.Get("Request-Id"); id == "" || id != p.ID {
		h.T.Errorf("%s: Request-Id %q in the header, %q in the body", what, id, p.ID)
	}
	if ct := r.Header.Get("Content-Type"); ct != "application/problem+json" {
		h.T.Errorf("%s: Content-Type %q", what, ct)
	}
	if after := h.size(); after != before {
		h.T.Errorf("%s: the journal went from %d to %d entries", what, before, after)
	}
}

func (h *house) request(method, path string, body io.Reader) *http.Request {
	h.T.Helper()
	req, err := http.NewRequestWithContext(h.T.Context(), method, h.server.URL+path, body)
	if err != nil {
		h.T.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func TestMalformedInputChangesNothingAndSaysWhy(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Load()
	gone := h.Enrol(h.A.Ref, parley.DutyOfficer)
	h.Tell(h.Trustees[0], &parley.MemberRevoke{Member: gone.Ref})
	stranger := &cast.Person{Key: draft.NewKey()}
	here := cast.At(35.9528, 39.0079)
	raise := &parley.StopRaise{Place: &here}
	good := h.bare(h.Org, raise)
	hospital := func(change func(*parley.Site)) parley.Body {
		s := cast.Hospital(&draft.Draft{}, here, now, h.A.Ref)
		change(&s)
		return &parley.SiteNotify{Site: s}
	}
	ring := make(geo.Ring, 0, 2001)
	for i := range 2000 {
		a := 2 * math.Pi * float64(i) / 2000
		ring = append(ring, geo.Position{Lon: here.Lon + int32(1e5*math.Cos(a)), Lat: here.Lat + int32(1e5*math.Sin(a))})
	}
	ring = append(ring, ring[0])
	bow := geo.Ring{here, {Lon: here.Lon + 1000, Lat: here.Lat + 1000}, {Lon: here.Lon + 1000, Lat: here.Lat}, {Lon: here.Lon, Lat: here.Lat + 1000}, here}
	forged := &parley.Envelope{Body: []byte(good)}
	forged.Sign(h.Org.Key)
	forged.Signatures[0].Sig[9] ^= 1
	other := strings.Replace(good, h.Theatre.String(), parley.Hash{5}.String(), 1)

	const command, batch = "/v1/commands", "/v1/commands/batch"
	for _, c := range []struct {
		what, path, body string
		status           int
		code             parley.Code
		field            string
	}{
		{"nothing", command, "", 400, parley.CodeMalformed, "body"},
		{"spaces", command, "  \n", 400, parley.CodeMalformed, ""},
		{"half an object", command, `{"envelope":`, 400, parley.CodeMalformed, "envelope"},
		{"a list", command, `[]`, 400, parley.CodeMalformed, ""},
		{"no envelope", command, `{}`, 400, parley.CodeMalformed, "envelope"},
		{"null for the envelope", command, `{"envelope":null}`, 400, parley.CodeMalformed, "envelope"},
		{"text for the envelope", command, `{"envelope":"x"}`, 400, parley.CodeMalformed, "envelope"},
		{"a key twice", command, `{"envelope":{},"envelope":{}}`, 400, parley.CodeMalformed, "envelope"},
		{"an unknown field beside the envelope", command, `{"envelope":{},"note":1}`, 400, parley.CodeMalformed, "note"},
		{"other case", command, `{"Envelope":{}}`, 400, parley.CodeMalformed, "Envelope"},
		{"a salt that is none", command, `{"envelope":{},"payloads":[{"salt":"x","text":"y"}]}`, 422, parley.CodeInvalid, "payloads[0].salt"},
		{"a key twice in the command", command, h.signed(h.Org, strings.Replace(good, `"kind"`, `"kind":"x","kind"`, 1)), 400, parley.CodeMalformed, "kind"},
		{"a key twice in the body", command, h.signed(h.Org, strings.Replace(good, `"place"`, `"place":[1,2],"place"`, 1)), 400, parley.CodeMalformed, "body.place"},
		{"an unknown kind", command, h.signed(h.Org, strings.Replace(good, "stop.raise", "stop.please", 1)), 422, parley.CodeUnknownKind, "kind"},
		{"an unknown field", command, h.signed(h.Org, strings.Replace(good, `"place"`, `"purpose":"x","place"`, 1)), 400, parley.CodeMalformed, "body.purpose"},
		{"not a number", command, h.signed(h.Org, strings.Replace(good, fmt.Sprintf("[%d,", here.Lon), "[NaN,", 1)), 400, parley.CodeMalformed, "body.place[0]"},
		{"a latitude of 95 degrees", command, h.signed(h.Org, strings.Replace(good, fmt.Sprintf(",%d]", here.Lat), ",950000000]", 1)), 400, parley.CodeMalformed, "body.place"},
		{"a fraction", command, h.signed(h.Org, strings.Replace(good, fmt.Sprint(now), fmt.Sprint(now)+".5", 1)), 400, parley.CodeMalformed, "made_at"},
		{"a signature that does not verify", command, h.wrap(forged), 401, parley.CodeBadSignature, "signatures[0].sig"},
		{"a key that is not the author's", command, h.signed(h.Other, good), 401, parley.CodeBadSignature, "key"},
		{"a key that was never admitted", command, h.signed(stranger, h.bare(stranger, raise)), 401, parley.CodeUnknownKey, "signatures[0].keyid"},
		{"a key that was revoked", command, h.signed(gone, h.bare(gone, raise)), 403, parley.CodeKeyRevoked, "key"},
		{"another theatre", command, h.signed(h.Org, other), 422, parley.CodeOtherTheatre, "theatre"},
		{"a role that may not say it", command, h.signed(h.Monitor, h.bare(h.Monitor, hospital(func(*parley.Site) {}))), 403, parley.CodeNotPermitted, "kind"},
		{"a text that is missing", command, h.signed(h.Org, h.bare(h.Org, hospital(func(*parley.Site) {}))), 422, parley.CodePayloadMissing, "payloads"},
		{"a text too many", command, strings.TrimSuffix(h.signed(h.Org, good), "}") + `,"payloads":[{"salt":"` + strings.Repeat("01", 16) + `","text":"x"}]}`, 422, parley.CodePayloadMismatch, "payloads"},
		{"an empty text", command, strings.TrimSuffix(h.signed(h.Org, good), "}") + `,"payloads":[{"salt":"` + strings.Repeat("01", 16) + `","text":""}]}`, 422, parley.CodeInvalid, "payloads[0].text"},
		{"a ring that crosses itself", command, h.signed(h.Org, h.bare(h.Org, hospital(func(s *parley.Site) {
			s.Shape = geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{bow}}}
		}))), 422, parley.CodeInvalid, "body.site.shape.polygons[0][0][2]"},
		{"2,000 vertices", command, h.signed(h.Org, h.bare(h.Org, hospital(func(s *parley.Site) {
			s.Shape = geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{ring}}}
		}))), 422, parley.CodeInvalid, "body.site.shape"},
		{"times the wrong way round", command, h.signed(h.Org, h.bare(h.Org, hospital(func(s *parley.Site) { s.Until = s.From - 1 }))), 422, parley.CodeClock, "body.site.until"},
		{"an envelope too large", command, h.signed(h.Org, good+strings.Repeat(" ", parley.MaxEnvelope)), 413, parley.CodeTooLarge, "envelope"},

		{"no list of commands", batch, `{}`, 422, parley.CodeInvalid, "commands"},
		{"an empty batch", batch, `{"commands":[]}`, 422, parley.CodeInvalid, "commands"},
		{"a batch too long", batch, `{"commands":[` + strings.TrimSuffix(strings.Repeat(`{},`, 501), ",") + `]}`, 422, parley.CodeInvalid, "commands"},
		{"a batch of something else", batch, `{"commands":{}}`, 400, parley.CodeMalformed, "commands"},
		{"nothing for a batch", batch, ``, 400, parley.CodeMalformed, "body"},

		{"no key to challenge", "/v1/sessions/challenge", `{}`, 422, parley.CodeInvalid, "body.key"},
		{"no JSON to challenge", "/v1/sessions/challenge", `{`, 400, parley.CodeMalformed, "body"},
		{"a number for a key", "/v1/sessions/challenge", `{"key":7}`, 422, parley.CodeInvalid, "body.key"},
		{"nothing to challenge", "/v1/sessions/challenge", ``, 400, parley.CodeMalformed, "body"},
	} {
		h.expectProblem(c.what, h.request("POST", c.path, strings.NewReader(c.body)), c.status, c.code, c.field)
	}

	token := h.session(h.Org)
	for _, c := range []struct{ path, field string }{
		{"/v1/objects?limit=-1", "query.limit"}, {"/v1/objects?limit=0", "query.limit"}, {"/v1/objects?limit=501", "query.limit"}, {"/v1/objects?limit=ten", "query.limit"},
		{"/v1/objects?limit=99999999999999999999", "query.limit"}, {"/v1/objects?cursor=next", "query.cursor"}, {"/v1/objects?cursor=-1", "query.cursor"},
		{"/v1/objects?cursor=012345678901234567890", "query.cursor"}, {"/v1/objects?kind=house", "query.kind"}, {"/v1/accounts?cursor=1e3", "query.cursor"},
		{"/v1/inbox?from=-1", "query.from"}, {"/v1/inbox?limit=1001", "query.limit"}, {"/v1/objects/SITE-0000-00?purpose=curiosity", "query.purpose"},
	} {
		req := h.request("GET", c.path, nil)
		req.Header.Set("Authorization", "Bearer "+token)
		h.expectProblem(c.path, req, 422, parley.CodeInvalid, c.field)
	}

	for _, path := range []string{command, batch, "/v1/sessions/challenge", "/v1/sessions"} {
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/cbor", "multipart/form-data; boundary=x", "json"} {
			req := h.request("POST", path, strings.NewReader(h.signed(h.Org, good)))
			req.Header.Set("Content-Type", kind)
			h.expectProblem(path+" as "+kind, req, 415, "content_type", "Content-Type")
		}
	}
	h.expectProblem("no session", h.request("GET", "/v1/objects", nil), 401, "unauthenticated", "Authorization")
}

// 10 MB are refused while they still come: the answer does not wait for the end of a body that may never end.
func TestTooLargeABodyIsRefusedWhileItComes(t *testing.T) {
	h := newHouse(t)
	h.expectProblem("10 MB of a stated length", h.request("POST", "/v1/commands", bytes.NewReader(make([]byte, 10<<20))), 413, parley.CodeTooLarge, "body")

	in, out := io.Pipe()
	written := make(chan int)
	go func() {
		n, _ := out.Write(make([]byte, 10<<20)) // ends when the client gives up, or below
		written <- n
	}()
	h.expectProblem("a body without end", h.request("POST", "/v1/commands", in), 413, parley.CodeTooLarge, "body")
	_ = in.Close()
	if n := <-written; n == 10<<20 {
		t.Error("all 10 MB were read")
	}

	// A client that says how much will come, and sends nothing of it, is answered all the same.
	conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/commands HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", 10<<20)
	answer := make([]byte, 12)
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "HTTP/1.1 413" {
		t.Errorf("%q, %v; expected a refusal of the length", answer, err)
	}
}

// Every problem's id stands in the log, with the route and without the path.
func TestEveryProblemIsFoundInTheLog(t *testing.T) {
	h := newHouse(t)
	var log bytes.Buffer
	door := api.New(h.node, api.DefaultLimits(), slog.New(slog.NewJSONHandler(&log, nil)))
	for path, status := range map[string]int{"/v1/nowhere": 404, "/v1/objects": 401, "/v1/commands/x": 401, "/v1/commands": 404} {
		log.Reset()
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if id := w.Header().Get("Request-Id"); w.Code != status || id == "" || !strings.Contains(log.String(), `"id":"`+id+`"`) || strings.Contains(log.String(), "nowhere") {
			t.Errorf("%s: %d with the id %q; the log says %s", path, w.Code, id, &log)
		}
	}
	for _, body := range []string{"", "{}", `{"envelope":{}}`} {
		log.Reset()
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest("POST", "/v1/commands", strings.NewReader(body)))
		if id := w.Header().Get("Request-Id"); id == "" || !strings.Contains(log.String(), `"id":"`+id+`"`) {
			t.Errorf("%q: the id %q is not in the log %s", body, id, &log)
		}
	}
}

// A body that stops coming is given up: the sender learns it and the connection is free again.
func TestSlowBodyIsGivenUp(t *testing.T) {
	h := newHouse(t)
	limits := api.DefaultLimits()
	limits.BodyTime = 50 * time.Millisecond
	impatient := httptest.NewServer(api.New(h.node, limits, nil))
	defer impatient.Close()
	before := h.size()
	conn, err := net.Dial("tcp", impatient.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /v1/commands HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"envelope\":")
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	head, text, _ := strings.Cut(string(answer), "\r\n\r\n")
	var p api.Problem
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	if !strings.HasPrefix(head, "HTTP/1.1 408") || p.Status != 408 || p.Code != "slow" || p.Read == "" || p.Expected == "" || !strings.Contains(head, "Request-Id: "+p.ID) {
		t.Errorf("%s; expected a problem of the code slow", answer)
	}
	if after := h.size(); after != before {
		t.Errorf("the journal went from %d to %d entries", before, after)
	}
}

// Malformed and sound commands in one batch: each stands or falls by itself.
func TestABatchTakesWhatIsSound(t *testing.T) {
	h := newHouse(t)
	here := cast.At(35.9528, 39.0079)
	before := h.size()
	status, body := h.post("/v1/commands/batch", []byte(`{"commands":[{"envelope":{}},`+h.signed(h.Org, h.bare(h.Org, &parley.StopRaise{Place: &here}))+`,{"x":1}]}`))
	var out struct{ Results []api.Result }
	if err := json.Unmarshal(body, &out); err != nil || status != 200 || len(out.Results) != 3 {
		t.Fatalf("%d %s", status, body)
	}
	for i, want := range []string{"refused", "applied", "refused"} {
		r := out.Results[i]
		if r.Outcome != want || (r.Problem == nil) != (want == "applied") {
			t.Errorf("command %d: %s with %+v; expected %s", i, r.Outcome, r.Problem, want)
		}
		if r.Problem != nil && (r.Problem.ID == "" || r.Problem.Field == "" || r.Problem.Read == "") {
			t.Errorf("command %d: %+v; expected field, id and what was read", i, r.Problem)
		}
	}
	if after := h.size(); after != before+1 {
		t.Errorf("the journal went from %d to %d entries; expected one more", before, after)
	}
}
