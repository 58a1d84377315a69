package web_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// watching notes every notice that a tab hears of.
const watching = `window.heard = []; document.addEventListener('parley-notice', e => heard.push(e.detail.number)); true`

// notify has another member of the organisation say something that the desk's stream tells of.
func (h *house) notifySome(n int) {
	for i := range n {
		h.Must(h.Org, func(d *draft.Draft) parley.Body {
			return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.33612+float64(i)*0.0031, 40.14121), h.Now(), h.A.Ref)}
		})
	}
}

// A server that goes and comes back costs no notice and shows none twice: the stream goes on where it was, under a session that the
// device's key has opened anew.
func TestStreamResumesAfterRestart(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("en", parley.Desk, "Nadia", parley.Verifier)
	b.open("/en/told")
	eval[bool](b, watching)
	b.until("the line", "document.documentElement.dataset.line === 'live'")
	h.notifySome(3)
	b.until("three notices", "heard.length >= 3")
	h.restart(func() { time.Sleep(300 * time.Millisecond) })
	h.notifySome(4)
	b.until("the line again", "document.documentElement.dataset.line === 'live'")
	b.until("four notices more", "heard.length >= 7")
	time.Sleep(1500 * time.Millisecond) // for what must not come
	heard := eval[[]int](b, "heard")
	for i, n := range heard {
		if i > 0 && n != heard[i-1]+1 {
			t.Fatalf("heard %v; expected each number once, in order", heard)
		}
	}
	if len(heard) != 7 {
		t.Errorf("heard %v; expected seven notices", heard)
	}
}

// Where no stream comes through, the page asks by itself, and shows each notice once.
func TestPollingWhereStreamsAreCut(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("en", parley.Desk, "Nadia", parley.Verifier)
	h.cut.Store(true)
	b.open("/en/told")
	eval[bool](b, watching)
	b.until("polling", "document.documentElement.dataset.line === 'polling'")
	h.notifySome(3)
	b.until("three notices", "heard.length >= 3")
	heard := eval[[]int](b, "heard")
	if len(heard) != 3 || heard[1] != heard[0]+1 || heard[2] != heard[1]+1 {
		t.Errorf("heard %v; expected three numbers, each once, in order", heard)
	}
}

// Seven tabs of one browser on plain HTTP all load and all hear; when the leader closes, another takes over.
func TestSevenTabsShareOneLine(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("en", parley.Desk, "Nadia", parley.Verifier)
	tabs := []*browser{b}
	for range 6 {
		tabs = append(tabs, b.tab())
	}
	for _, tab := range tabs {
		tab.open("/en/told")
		eval[bool](tab, watching)
	}
	for i, tab := range tabs {
		tab.until(fmt.Sprintf("the line in tab %d", i+1), "document.documentElement.dataset.line === 'live'")
	}
	if n := h.streams(); n != 1 {
		t.Errorf("seven tabs hold %d streams; expected one", n)
	}
	h.notifySome(2)
	for i, tab := range tabs {
		tab.until(fmt.Sprintf("two notices in tab %d", i+1), "heard.length === 2")
		if title := eval[string](tab, "document.title"); !strings.HasPrefix(title, "(2) ") && i > 0 {
			t.Errorf("tab %d is titled %q; expected the badge (2)", i+1, title)
		}
	}
	tabs[0].open("/assets/") // the first tab, which led, is no page of ours any more
	h.notifySome(1)
	for i, tab := range tabs[1:] {
		tab.until(fmt.Sprintf("a third notice in tab %d", i+2), "heard.length === 3")
	}
}

// A member who is revoked is cut off: the line ends, and the next page is the sign-in page.
func TestRevokedMemberIsCutOff(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("en", parley.Desk, "Nadia", parley.Verifier)
	b.open("/en/told")
	b.until("the line", "document.documentElement.dataset.line === 'live'")
	h.Tell(h.Trustees[0], &parley.MemberRevoke{Member: h.memberOf(parley.Desk, "Nadia")})
	from := time.Now()
	b.until("the end of the line", "document.documentElement.dataset.line !== 'live'")
	t.Logf("cut off after %v", time.Since(from).Round(10*time.Millisecond))
	b.until("being out", "document.documentElement.dataset.line === 'out'")
	b.open("/en/desk")
	if at := eval[string](b, "location.pathname"); at != "/en/sign-in" {
		t.Errorf("a revoked member got %s; expected the sign-in page", at)
	}
}

// Who signs out in one tab is not signed in again by another that is left open.
func TestSigningOutHoldsInEveryTab(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("en", parley.Desk, "Nadia", parley.Verifier)
	other := b.tab()
	other.open("/en/told")
	other.until("the line", "document.documentElement.dataset.line === 'live'")
	b.press("form[data-sign-out] button")
	b.arrive("/en/sign-in")
	other.until("being out", "document.documentElement.dataset.line === 'out'")
	other.open("/en/told")
	if at := eval[string](other, "location.pathname"); at != "/en/sign-in" {
		t.Errorf("the other tab got %s; expected the sign-in page", at)
	}
	other.until("the keys of this device", "document.querySelector('.keys button')")
	other.press(".keys button")
	other.arrive("/en/told")
}

// The first visit to a page without a map stays under 60 kB, compressed, without fonts.
func TestWeightOfAPage(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("ar", h.OrgRef, "سلمى", parley.Notifier)
	b.run(chromedp.Navigate(h.server.URL + "/ar/notify/site"))
	type file struct {
		Name string
		Size int
	}
	text := eval[[]file](b, `performance.getEntriesByType('resource').filter(e => !/woff2/.test(e.name) && new URL(e.name).pathname.startsWith('/assets/')).map(e => ({name: e.name, size: e.encodedBodySize}))`)
	sum := eval[int](b, "performance.getEntriesByType('navigation')[0].encodedBodySize")
	for _, f := range text {
		sum += f.Size
	}
	if len(text) < 2 {
		t.Fatalf("only %v was loaded; expected styles and code", text)
	}
	if sum > 60_000 {
		t.Errorf("%d bytes; expected at most 60 kB: %v", sum, text)
	}
	t.Logf("%d bytes", sum)
}

// streams counts the open streams of the door.
func (h *house) streams() int { return int(h.lines.Load()) }

// counting counts requests for the stream while they last.
func (h *house) counting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/inbox/stream") {
			h.lines.Add(1)
			defer h.lines.Add(-1)
			if h.cut.Load() {
				http.Error(w, "no streams here", http.StatusBadGateway)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// restart ends server and node, as a process that ends, and starts both again on the same address.
func (h *house) restart(while func()) {
	h.T.Helper()
	address := h.server.Listener.Addr().String()
	h.close()
	while()
	var listener net.Listener
	var err error
	for range 50 {
		if listener, err = net.Listen("tcp", address); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		h.T.Fatal(err)
	}
	h.start(h.T, listener)
	h.Stage = cast.OnNode{Node: h.node}
}
