package sms_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"parley"
	"parley/api/sms"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/node"
	"parley/release"
)

const (
	leaderNumber = "+963 11 000 0001"
	otherNumber  = "+963 11 000 0002"
)

// gateway is a running node with a door for short messages.
type gateway struct {
	*cast.Cast
	clock  *atomic.Int64
	node   *node.Node
	folder string
	queue  *sms.Queue
	server *httptest.Server
	config string
	convoy parley.Ref
}

// newGateway starts a node with a convoy on the road. settings are the fields of the configuration beside the numbers.
func newGateway(t *testing.T, settings string) *gateway {
	t.Helper()
	g := &gateway{clock: &atomic.Int64{}}
	g.clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: g.clock.Load})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	g.node, g.folder = n, folder
	g.Cast = cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, g.clock.Load)
	g.convoy = g.Must(g.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, g.Now(), cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), g.A.Ref)}
	}).Ref
	g.Release(cast.V(g.convoy, 1), g.A.Ref)
	g.config = filepath.Join(t.TempDir(), "sms.json")
	text := fmt.Sprintf(`{%s, "numbers": [{"number": %q, "member": %q, "bound_by": %q}, {"number": %q, "member": %q, "bound_by": %q}]}`,
		settings, leaderNumber, g.Org.Ref, g.Org.Ref, otherNumber, g.Other.Ref, g.Org.Ref) // Org is no administrator of Other's organisation
	if err := os.WriteFile(g.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	g.open()
	return g
}

// open opens the queue and the door over it.
func (g *gateway) open() {
	g.T.Helper()
	config, err := sms.ReadConfig(g.config)
	if err != nil {
		g.T.Fatal(err)
	}
	if g.queue, err = sms.OpenQueue(g.folder, g.Now()); err != nil {
		g.T.Fatal(err)
	}
	g.server = httptest.NewServer(sms.NewDoor(g.node, config, g.queue, nil))
	queue, server := g.queue, g.server
	g.T.Cleanup(func() {
		server.Close()
		if err := queue.Close(); err != nil {
			g.T.Error(err)
		}
	})
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return `"token_sha256": "` + hex.EncodeToString(sum[:]) + `"`
}

type answer struct{ Reply, State string }

// bring brings a message as the gateway does and returns the status and the answer.
func (g *gateway) bring(from, text, id string) (int, answer) {
	g.T.Helper()
	body, _ := json.Marshal(map[string]string{"from": from, "text": text, "id": id})
	return g.send("application/json", body, "Authorization", "Bearer secret token")
}

func (g *gateway) send(kind string, body []byte, header ...string) (int, answer) {
	g.T.Helper()
	r, err := http.NewRequest(http.MethodPost, g.server.URL+"/sms/in", bytes.NewReader(body))
	if err != nil {
		g.T.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		g.T.Fatal(err)
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		g.T.Fatal(err)
	}
	return resp.StatusCode, a
}

// road is the convoy as its organisation sees it.
func (g *gateway) road() *release.Road {
	g.T.Helper()
	var road *release.Road
	if err := g.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(g.Org.Key).ID())
		if f, ok := s.View(&m, g.Now(), g.node.Text).Object(g.convoy); ok {
			road = f.Road
		}
	}); err != nil {
		g.T.Fatal(err)
	}
	return road
}

func TestMessageFromABoundNumberIsSaidAndShownAsTold(t *testing.T) {
	g := newGateway(t, hashOf("secret token"))
	status, a := g.bring("00963 (11) 000-0001", string(g.convoy)+" غادرنا مرحلة ١ / باسم الله", "g-1")
	if status != 200 || a.State != "said" || !strings.Contains(a.Reply, string(g.convoy)) {
		t.Fatalf("%d %+v; expected it to be said", status, a)
	}
	road := g.road()
	if road == nil || road.Reports[0].Status != parley.MovementDeparted || road.Reports[0].Told != parley.BySMS || road.Reports[0].Words != "باسم الله" {
		t.Errorf("the road reads %+v; expected the report, told by sms", road)
	}
	// Its organisation is told, and may disown it: a number can be forged.
	var entries []release.Entered
	if err := g.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(g.Org.Key).ID())
		entries, _ = s.View(&m, g.Now(), g.node.Text).Entries(0, 10)
	}); err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Told != parley.BySMS || entries[0].Due == "" {
		t.Errorf("entries %+v; expected one told by sms with a deadline to confirm or disown it", entries)
	}
	if n := len(g.queue.Items(false)); n != 0 {
		t.Errorf("%d messages wait; expected none", n)
	}
	// The gateway brings it once more: it counts once, and is answered as before.
	if status, again := g.bring(leaderNumber, string(g.convoy)+" غادرنا مرحلة ١ / باسم الله", "g-1"); status != 200 || again != a || len(g.road().Reports) != 1 {
		t.Errorf("brought again: %d %+v with %d reports; expected the same answer and one report", status, again, len(g.road().Reports))
	}
}

func TestWhatCouldNotBeSaidWaitsForTheDesk(t *testing.T) {
	g := newGateway(t, hashOf("secret token"))
	foreign := g.Must(g.Other, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, g.Now(), cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), g.A.Ref)}
	}).Ref
	absent := parley.MakeRef(parley.RefMovement, parley.Hash{42}, 5)
	var hidden, nothing string
	for _, c := range []struct {
		from, text string
		why        sms.Why
		urgent     bool
	}{
		{"+1 555 0100", string(g.convoy) + " departed", sms.UnknownNumber, false},
		{"+1 555 0100", "SOS 35.9528 39.0079 shelling", sms.UnknownNumber, true},
		{"+1 555 0100", "STOP shelling the hospital", sms.UnknownNumber, true}, // names nothing, and is urgent all the same
		{otherNumber, string(foreign) + " departed", sms.UnknownNumber, false}, // bound by somebody of another organisation
		{leaderNumber, "where are you?", sms.NotUnderstood, false},
		{leaderNumber, "", sms.NotUnderstood, false},
		{leaderNumber, string(g.convoy) + " arrived", sms.NotTaken, false}, // it has not departed
		{leaderNumber, string(foreign) + " departed", sms.NotTaken, false}, // another organisation's
		{leaderNumber, string(absent) + " departed", sms.NotTaken, false},  // nobody's
		{leaderNumber, "HOLD " + string(absent), sms.NotTaken, false},      // nobody asked
	} {
		before := len(g.queue.Items(false))
		status, a := g.bring(c.from, c.text, "")
		items := g.queue.Items(true)
		if status != 200 || a.State != "waiting" || len(g.queue.Items(false)) != before+1 {
			t.Errorf("%q: %d %+v; expected it to wait", c.text, status, a)
			continue
		}
		if got := items[0]; got.Why != c.why || got.Urgent != c.urgent || got.Text != c.text {
			t.Errorf("%q waits as %+v; expected %s, urgent: %v", c.text, got, c.why, c.urgent)
		}
		switch {
		case strings.HasPrefix(c.text, string(foreign)) && c.from == leaderNumber:
			hidden = strings.ReplaceAll(a.Reply, string(foreign), "REF")
		case strings.HasPrefix(c.text, string(absent)):
			nothing = strings.ReplaceAll(a.Reply, string(absent), "REF")
		}
	}
	if hidden != nothing || hidden == "" {
		t.Errorf("what the sender may not know is answered %q, what does not exist %q; expected the same", hidden, nothing)
	}
	if first := g.queue.Items(false)[0]; !first.Urgent {
		t.Errorf("first of those that wait is %+v; expected an urgent one", first)
	}
	// They wait through a restart, until somebody of the desk has dealt with them.
	n := len(g.queue.Items(false))
	g.open()
	if got := len(g.queue.Items(false)); got != n {
		t.Fatalf("after a restart %d wait; expected %d", got, n)
	}
	id := g.queue.Items(false)[0].ID
	if _, ok, err := g.queue.Handle(id, g.Verifier.Ref, g.Now(), "called back"); !ok || err != nil {
		t.Fatalf("handled: %v, %v", ok, err)
	}
	if _, ok, _ := g.queue.Handle(id, g.Verifier.Ref, g.Now(), "again"); ok {
		t.Error("it was handled twice")
	}
	g.open()
	if got := len(g.queue.Items(false)); got != n-1 {
		t.Errorf("%d wait after one was handled and a restart; expected %d", got, n-1)
	}
}

func TestReportOfAClosedMovementBySMSIsKept(t *testing.T) {
	g := newGateway(t, hashOf("secret token"))
	g.Tell(g.Org, &parley.MovementReport{Movement: g.convoy, Status: parley.MovementDeparted, At: g.Now()})
	g.Tell(g.Org, &parley.MovementReport{Movement: g.convoy, Status: parley.MovementClosed, At: g.Now()})
	if _, a := g.bring(leaderNumber, string(g.convoy)+" held", ""); a.State != "waiting" {
		t.Errorf("%+v; expected it to wait for the desk", a)
	}
	if i := g.queue.Items(false)[0]; len(i.Names) != 1 {
		t.Errorf("%+v; expected the name of the command that stands in the journal, refused", i)
	}
}

// A forged number must not take a movement off every list: closing by SMS waits for a call back.
func TestClosingBySMSWaitsForTheDesk(t *testing.T) {
	g := newGateway(t, hashOf("secret token"))
	g.Tell(g.Org, &parley.MovementReport{Movement: g.convoy, Status: parley.MovementDeparted, At: g.Now()})
	if _, a := g.bring(leaderNumber, string(g.convoy)+" closed", ""); a.State != "waiting" {
		t.Errorf("%+v; expected it to wait for the desk", a)
	}
	if n := len(g.road().Reports); n != 1 {
		t.Errorf("%d reports; expected the movement to be on the road still", n)
	}
	g.Must(g.Verifier, func(d *draft.Draft) parley.Body { // who has called back enters it
		d.OnBehalf = &parley.OnBehalf{Of: g.OrgRef, Channel: parley.BySMS, At: g.Now()}
		return &parley.MovementReport{Movement: g.convoy, Status: parley.MovementClosed, At: g.Now()}
	})
}

func TestRevokedMemberSpeaksNoMore(t *testing.T) {
	g := newGateway(t, hashOf("secret token"))
	g.Tell(g.Trustees[0], &parley.MemberRevoke{Member: g.Org.Ref})
	if _, a := g.bring(leaderNumber, string(g.convoy)+" departed", ""); a.State != "waiting" || g.road() != nil {
		t.Errorf("%+v; expected a revoked member's number to be nobody's", a)
	}
}

func TestOnlyTheGatewayIsHeard(t *testing.T) {
	g := newGateway(t, hashOf("secret token"))
	body := []byte(`{"from": "+963 11 000 0001", "text": "x"}`)
	for name, header := range map[string][]string{"nothing": nil, "another token": {"Authorization", "Bearer secret tokens"}, "no bearer": {"Authorization", "secret token"}, "a signature": {"Parley-Signature", "sha256=00"}} {
		if status, _ := g.send("application/json", body, header...); status != http.StatusUnauthorized {
			t.Errorf("%s: %d; expected 401", name, status)
		}
	}
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"no JSON": {"application/json", "{", 422}, "no number": {"application/json", `{"text": "x"}`, 422}, "text/plain": {"text/plain", "x", 422}, "a long number": {"application/json", `{"from": "` + strings.Repeat("1", 80) + `"}`, 422},
		"a long body": {"application/json", `{"from": "+1", "text": "` + strings.Repeat("x", 9000) + `"}`, 413}, "a form": {"application/x-www-form-urlencoded", "from=%2B963+11+000+0001&text=hello", 200},
	} {
		if status, _ := g.send(c.kind, []byte(c.body), "Authorization", "Bearer secret token"); status != c.status {
			t.Errorf("%s: %d; expected %d", name, status, c.status)
		}
	}
	if n := len(g.queue.Items(true)); n != 1 {
		t.Errorf("%d messages are kept; expected the form's alone", n)
	}
}

func TestSignedBodies(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "gateway.secret")
	if err := os.WriteFile(secret, []byte("a secret of the gateway\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := newGateway(t, fmt.Sprintf(`"secret_file": %q`, secret))
	body := []byte("from=%2B963110000001&text=" + string(g.convoy) + "+departed")
	sign := func(key string) string {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		return "sha256=" + hex.EncodeToString(mac.Sum(nil))
	}
	if status, _ := g.send("application/x-www-form-urlencoded", body, "Parley-Signature", sign("another secret here")); status != http.StatusUnauthorized {
		t.Errorf("signed under another secret: %d; expected 401", status)
	}
	if status, a := g.send("application/x-www-form-urlencoded", body, "Parley-Signature", sign("a secret of the gateway")); status != 200 || a.State != "said" {
		t.Errorf("%d %+v; expected it to be said", status, a)
	}
}

func TestBadConfigurations(t *testing.T) {
	token := hashOf("secret token")
	number := `{"number": "+963110000001", "member": "` + string(parley.MakeRef(parley.RefMember, parley.Hash{1}, 5)) + `", "bound_by": "` + string(parley.MakeRef(parley.RefMember, parley.Hash{2}, 5)) + `"}`
	for _, c := range []struct{ text, says string }{
		{`{`, "malformed"}, {`{}`, "token_sha256"}, {`{` + token + `, "secret_file": "x", "numbers": []}`, "token_sha256"}, {`{"token_sha256": "ab", "numbers": []}`, "64 hexadecimal"},
		{`{` + token + `, "numbers": [` + number + `, ` + number + `]}`, "numbers[1].number"}, {`{` + token + `, "numbers": [{"number": "x"}]}`, "numbers[0].number"},
		{`{` + token + `, "people": []}`, "people"}, {`{"secret_file": "absent", "numbers": []}`, "secret"},
	} {
		file := filepath.Join(t.TempDir(), "sms.json")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sms.ReadConfig(file); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; expected a fault that names %s", c.text, err, c.says)
		}
	}
}

// A server that ends between keeping a message and saying it has it wait for the desk; a line that was cut off was never answered.
func TestInterruptedMessagesWait(t *testing.T) {
	folder := t.TempDir()
	q, err := sms.OpenQueue(folder, cast.Start)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := q.Receive("+963110000001", "held", "", cast.Start); err != nil {
		t.Fatal(err)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(folder, sms.File), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"id":2,"at":15`); err != nil {
		t.Fatal(err)
	}
	file.Close()
	q, err = sms.OpenQueue(folder, cast.Start)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	items := q.Items(false)
	if len(items) != 1 || items[0].Why != sms.Interrupted {
		t.Errorf("%+v; expected the one message, interrupted", items)
	}
	if err := os.WriteFile(filepath.Join(folder, sms.File), []byte("{\"id\":1}\nnonsense\n{\"id\":2}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sms.OpenQueue(folder, cast.Start); err == nil {
		t.Error("a line of nonsense in the middle was passed over")
	}
	// What was said or handled is dropped after a month; what waits stays.
	if err := os.WriteFile(filepath.Join(folder, sms.File), []byte(`{"id":1,"at":1,"state":"said"}`+"\n"+`{"id":2,"at":1,"state":"waiting"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	old, err := sms.OpenQueue(folder, cast.Start)
	if err != nil {
		t.Fatal(err)
	}
	if items := old.Items(true); len(items) != 1 || items[0].ID != 2 {
		t.Errorf("%+v; expected the one that waits", items)
	}
	if i, _, err := old.Receive("+1", "x", "", cast.Start); err != nil || i.ID != 3 {
		t.Errorf("%+v, %v; expected the next number", i, err)
	}
	old.Close()
}
