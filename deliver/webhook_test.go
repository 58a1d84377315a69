package deliver

import (
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/release"
)

// receiver takes webhooks and checks each signature.
type receiver struct {
	*httptest.Server
	t      testing.TB
	answer func(n int) int // status of the nth request, from 1

	mu     sync.Mutex
	events []Event
	ids    []string
	all    record // every byte of every request
	count  int
}

func receive(t testing.TB, answer func(n int) int) *receiver {
	r := &receiver{t: t, answer: answer}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return
	}
	key, err := webhookSecret([]byte(hookSecret))
	if err != nil {
		r.t.Error(err)
	}
	at, err := strconv.ParseInt(q.Header.Get("webhook-timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > time.Minute {
		r.t.Errorf("webhook-timestamp %q", q.Header.Get("webhook-timestamp"))
	}
	if got, want := q.Header.Get("webhook-signature"), Signature(key, q.Header.Get("webhook-id"), at, body); got != want {
		r.t.Errorf("webhook-signature %q, expected %q", got, want)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	_, _ = r.all.Write(body)
	_ = q.Header.Write(&r.all)
	if r.answer != nil {
		if status := r.answer(r.count); status != 200 {
			if status == 302 {
				w.Header().Set("Location", "/elsewhere")
			}
			w.WriteHeader(status)
			return
		}
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		r.t.Errorf("body %q: %v", body, err)
	}
	r.events, r.ids = append(r.events, e), append(r.ids, q.Header.Get("webhook-id"))
}

func (r *receiver) took() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

func (r *receiver) requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

func inboxOf(s *stage, p *cast.Person) (all []release.Notice) {
	s.t.Helper()
	if err := s.node.Read(func(st *channel.State) {
		all, _ = st.View(&parley.Member{Ref: p.Ref, Account: p.Account}, s.node.Now(), s.node.Text).Inbox(0, 10_000)
	}); err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestSignatureIsThatOfTheSpecification(t *testing.T) {
	key, err := webhookSecret([]byte(hookSecret))
	if err != nil {
		t.Fatal(err)
	}
	// The example of standard-webhooks, spec and libraries.
	got := Signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, expected %s", got, want)
	}
}

func TestWebhookBringsEveryNoticeOnceInOrder(t *testing.T) {
	s, r := enter(t), receive(t, nil)
	s.start(s.config(s.hook("north", r.URL, fields{"from": "first"})))
	for range 5 {
		s.resend()
	}
	want := inboxOf(s, s.A.Officer)
	eventually(t, "not every notice came", func() bool { return len(r.took()) >= len(want) })
	for i, e := range r.took() {
		if e.Notice != want[i] {
			t.Errorf("notice %d is %+v, expected %+v", i, e.Notice, want[i])
		}
		if !e.Exercise || e.Theatre != s.Theatre.String()[:8] || e.Account != s.A.Ref || e.Type != "parley.notice" {
			t.Errorf("marked %+v", e)
		}
	}
	ids := slices.Clone(r.ids)
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != len(want) {
		t.Errorf("%d ids for %d notices", n, len(want))
	}
	eventually(t, "the journal does not know of the delivery", func() bool {
		var delivered string
		if err := s.node.Read(func(st *channel.State) {
			f, ok := st.View(&parley.Member{Ref: s.Org.Ref, Account: s.OrgRef}, s.node.Now(), s.node.Text).Object(s.site)
			if ok {
				delivered = f.Holdings[0].Delivered
			}
		}); err != nil {
			t.Fatal(err)
		}
		return delivered != ""
	})
}

var timeOfDay = regexp.MustCompile(`\d\d:\d\d:\d\d(\.\d+)?`)

// TestNothingOfContentLeaves searches every byte that went out, the queue and the log.
func TestNothingOfContentLeaves(t *testing.T) {
	s, r := enter(t), receive(t, func(n int) int { return []int{500, 200}[n%2] })
	cfg := s.config(s.hook("north", r.URL, fields{"from": "first"}))
	d := s.start(cfg)
	s.raise()
	want := len(inboxOf(s, s.A.Officer))
	eventually(t, "not every notice came", func() bool { return len(r.took()) >= want })
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	bytes := r.all.String() + s.logged.String()
	for _, name := range []string{databaseFile, databaseFile + "-wal"} {
		text, err := os.ReadFile(filepath.Join(s.folder, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		bytes += string(text)
	}
	if !strings.Contains(bytes, string(s.site)) {
		t.Error("the reference is nowhere: the search looks at the wrong bytes")
	}
	bytes = timeOfDay.ReplaceAllString(bytes, "") // the seconds of a time look like degrees
	for _, content := range []string{"Invented", "مشفى", "+963", "35.95", "39.00", "3595", "hospital", "Force A", "Test theatre", hookSecret, "MfKQ9r8", "51-200"} {
		if strings.Contains(bytes, content) {
			t.Errorf("%q left", content)
		}
	}
	if strings.Contains(s.logged.String(), r.URL) {
		t.Error("the log holds an address")
	}
}

func TestWebhookTriesAgainAndGivesUp(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(int) int
		log    string
	}{
		{"broken twice", func(n int) int { return []int{0, 500, 503, 200}[min(n, 3)] }, "[failed failed delivered]"},
		{"busy", func(n int) int { return []int{0, 429, 200}[min(n, 2)] }, "[failed delivered]"},
		{"redirects", func(n int) int { return []int{0, 302, 200}[min(n, 2)] }, "[failed delivered]"},
		{"refuses", func(int) int { return 400 }, "[failed failed failed failed dead]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, r := enter(t), receive(t, c.answer)
			d := s.start(s.config(s.hook("north", r.URL, nil)))
			placed(t, d)
			s.resend()
			eventually(t, "log "+outcomes(s.lines("north", false)), func() bool { return outcomes(s.lines("north", false)) == c.log })
			dead := s.lines("", true)
			if c.name == "refuses" {
				if len(dead) != 1 || dead[0].Why != "answered 400" || dead[0].Attempts != 5 || dead[0].Reference != string(s.site)+"/v1" {
					t.Errorf("dead letters %+v", dead)
				}
			} else if len(dead) != 0 {
				t.Errorf("dead letters %+v", dead)
			}
		})
	}
}

func TestARefusedNoticeDoesNotHoldUpOthers(t *testing.T) {
	s, r := enter(t), receive(t, func(n int) int { return []int{0, 422, 200, 200, 422, 422, 422, 422}[min(n, 7)] })
	cfg := s.config(s.hook("north", r.URL, nil))
	cfg.pace.first, cfg.pace.most = 300*time.Millisecond, 300*time.Millisecond
	d := s.start(cfg)
	placed(t, d)
	for range 3 {
		s.resend()
	}
	eventually(t, "the others wait", func() bool { return len(r.took()) == 2 })
}

func TestAWaitThatIsTooLongMakesDeadLetters(t *testing.T) {
	s := enter(t)
	cfg := s.config(s.hook("north", "http://"+closedPort(t)+"/", nil))
	cfg.pace.giveUp = 300 * time.Millisecond
	d := s.start(cfg)
	placed(t, d)
	for range 3 {
		s.resend()
	}
	eventually(t, "nothing was given up", func() bool { return len(s.lines("", true)) == 3 })
}

// closedPort returns an address where nobody listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestADeadPeerDelaysNobodyAndUrgentGoesFirst(t *testing.T) {
	s, alive := enter(t), receive(t, nil)
	dead := closedPort(t)
	hanging := hang(t)
	d := s.start(s.config(s.hook("dead", "http://"+dead+"/", nil), s.hook("hanging", "http://"+hanging+"/", nil), s.hook("alive", alive.URL, nil)))
	placed(t, d)
	start := time.Now()
	for range 20 {
		s.resend()
	}
	s.raise()
	eventually(t, "a dead peer delays others", func() bool { return len(alive.took()) >= 21 })
	t.Logf("21 notices said and delivered in %s beside a dead and a hanging peer", time.Since(start))
	// The peer comes back: what waited comes, the urgent first.
	r := &receiver{t: t}
	l, err := net.Listen("tcp", dead)
	if err != nil {
		t.Fatalf("the dead peer's port %s is no longer free: %v", dead, err)
	}
	r.Server = &httptest.Server{Listener: l, Config: &http.Server{Handler: r}}
	r.Start()
	defer r.Close()
	want := len(alive.took())
	eventually(t, "what waited did not come", func() bool { return len(r.took()) == want })
	if first := r.took()[0].Notice; !first.Urgent || first.Kind != parley.NoticeStop {
		t.Errorf("first came %+v, expected the urgent stop", first)
	}
}

// hang returns the address of a server that takes connections and never answers.
func hang(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var held []net.Conn
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			held = append(held, c)
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
		for _, c := range held {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

func TestCloseCutsOffWhatHangsAndLosesNothing(t *testing.T) {
	s := enter(t)
	hook := s.hook("north", "http://"+hang(t)+"/", nil)
	d := s.start(s.config(hook))
	placed(t, d)
	s.resend()
	eventually(t, "nothing is queued", func() bool { it, _, _ := d.queue.next(t.Context(), "north", time.Now(), true, true); return it != nil })
	start := time.Now()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("closed after %s", time.Since(start))
	r := receive(t, nil)
	hook["address"] = r.URL
	s.start(s.config(hook))
	eventually(t, "the notice is lost", func() bool { return len(r.took()) == 1 })
}

func TestRevocationStopsAChannelWithinASecond(t *testing.T) {
	s, r := enter(t), receive(t, nil)
	hanging := s.hook("hanging", "http://"+hang(t)+"/", nil)
	d := s.start(s.config(s.hook("north", r.URL, nil), hanging))
	placed(t, d)
	s.resend()
	eventually(t, "nothing came", func() bool { return len(r.took()) == 1 })
	s.Tell(s.Trustees[0], &parley.MemberRevoke{Member: s.A.Officer.Ref})
	took := eventually(t, "the channel goes on", func() bool { return strings.Count(s.logged.String(), "the member is revoked") == 2 })
	t.Logf("stopped after %s", took)
	before := r.requests()
	s.resend()
	time.Sleep(700 * time.Millisecond)
	if after := r.requests(); after != before {
		t.Errorf("%d requests after the revocation", after-before)
	}
}

func TestACertificateThatNobodyTrustsGetsNothing(t *testing.T) {
	s := enter(t)
	r := &receiver{t: t}
	r.Server = httptest.NewTLSServer(r)
	r.Config.ErrorLog = nil
	defer r.Close()
	cfg := s.config(s.hook("north", r.URL, nil))
	d := s.start(cfg)
	placed(t, d)
	s.resend()
	eventually(t, "no failure in the log", func() bool { return len(s.lines("north", false)) >= 2 })
	if n := r.requests(); n != 0 {
		t.Errorf("%d requests by a certificate that nobody trusts", n)
	}
	if why := s.lines("north", false)[0].Why; !strings.Contains(why, "certificate") {
		t.Errorf("why %q", why)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	hook := s.hook("north", r.URL, fields{"ca": pemOf(t, r.Server.TLS)})
	s.start(s.config(hook))
	eventually(t, "nothing came by the trusted certificate", func() bool { return len(r.took()) == 1 })
}

// pemOf writes a server's certificate into a file.
func pemOf(t testing.TB, c *tls.Config) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificates[0].Certificate[0]}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAPrivateAddressIsRefusedUnlessConfigured(t *testing.T) {
	s := enter(t)
	var reached atomic.Int32
	r := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer r.Close()
	for _, host := range []string{"127.0.0.1", "localhost"} {
		address := strings.Replace(r.URL, "127.0.0.1", host, 1)
		err := Try(t.Context(), s.config(s.hook("north", address, fields{"private": false, "ca": pemOf(t, r.TLS)})), "north", "", true)
		if err == nil || !strings.Contains(err.Error(), "private address") {
			t.Errorf("%s: %v, expected a refusal of private addresses", host, err)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests reached a private address", n)
	}
}

func TestAnEndlessAnswerIsCutShort(t *testing.T) {
	s := enter(t)
	var sent atomic.Int64
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 64<<10)
		for range 10_000 {
			n, err := w.Write(block)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}))
	defer r.Close()
	start := time.Now()
	if err := Try(t.Context(), s.config(s.hook("north", r.URL, nil)), "north", "", true); err != nil {
		t.Error(err)
	}
	t.Logf("read for %s", time.Since(start))
	r.CloseClientConnections()
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d bytes of an endless answer were taken; expected it to be given up early", n)
	}
	t.Logf("%d bytes of 655 million were written", sent.Load())
}

func TestEscalationSparesWhoeverWasReached(t *testing.T) {
	s, second := enter(t), receive(t, nil)
	var up atomic.Bool
	first := receive(t, func(int) int {
		if up.Load() {
			return 200
		}
		return 503
	})
	up.Store(true)
	d := s.start(s.config(s.hook("first", first.URL, nil), s.hook("second", second.URL, fields{"order": 2, "delay": "400ms"})))
	placed(t, d)
	s.resend()
	eventually(t, "the second is not spared", func() bool { return outcomes(s.lines("second", false)) == "[not_needed]" })
	up.Store(false)
	s.resend()
	eventually(t, "the second is not told", func() bool { return outcomes(s.lines("second", false)) == "[not_needed delivered]" })
	if n := second.requests(); n != 1 {
		t.Errorf("the second was told %d times, expected once", n)
	}
}

func TestAChannelTakesOnlyTheKindsItAsksFor(t *testing.T) {
	s, urgent, kinds := enter(t), receive(t, nil), receive(t, nil)
	d := s.start(s.config(s.hook("urgent", urgent.URL, fields{"urgent_only": true}), s.hook("kinds", kinds.URL, fields{"notices": []string{"resent"}})))
	placed(t, d)
	s.raise()
	s.resend()
	eventually(t, "not all came", func() bool { return len(urgent.took()) >= 1 && len(kinds.took()) == 1 })
	time.Sleep(50 * time.Millisecond)
	for _, e := range urgent.took() {
		if !e.Notice.Urgent {
			t.Errorf("not urgent: %+v", e.Notice)
		}
	}
	if e := kinds.took(); len(e) != 1 || e[0].Notice.Kind != parley.NoticeResent {
		t.Errorf("took %+v", e)
	}
}
