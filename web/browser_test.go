package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/internal/need"
)

// browser is a real Chromium with a profile of its own: one person's computer.
type browser struct {
	t   testing.TB
	h   *house
	ctx context.Context

	mu     sync.Mutex
	faults []string // what pages complained of: breaches of the policy, exceptions
	abroad []string // requests to other origins
}

// newBrowser starts a browser and its first tab. Flags are Chromium's, such as "disable-3d-apis".
func (h *house) newBrowser(flags ...string) *browser {
	h.T.Helper()
	program := need.Command(h.T, "chromium")
	if _, err := os.Stat(filepath.Join(need.Root(), "web", "dist", "manifest.json")); err != nil {
		need.Missing(h.T, "web/dist", "the browser's code was not built (make web)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(1280, 900), chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en"))
	for _, f := range flags {
		options = append(options, chromedp.Flag(f, true))
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	b := &browser{t: h.T, h: h, ctx: ctx}
	h.T.Cleanup(func() {
		stop()
		stopAllocator()
		for _, f := range b.faults {
			h.T.Errorf("a page complained: %s", f)
		}
		for _, a := range b.abroad {
			h.T.Errorf("a page asked another origin: %s", a)
		}
	})
	b.listen(ctx)
	if err := chromedp.Run(ctx, network.Enable(), cdplog.Enable()); err != nil {
		h.T.Fatalf("couldn't start the browser: %v", err)
	}
	return b
}

// listen notes what a tab complains of.
func (b *browser) listen(ctx context.Context) {
	chromedp.ListenTarget(ctx, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			b.faults = append(b.faults, ev.ExceptionDetails.Error())
		case *cdplog.EventEntryAdded:
			if ev.Entry.Source == cdplog.SourceSecurity || strings.Contains(ev.Entry.Text, "Content Security Policy") || strings.Contains(ev.Entry.Text, "TrustedHTML") {
				b.faults = append(b.faults, ev.Entry.Text+" "+ev.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			u := ev.Request.URL
			if strings.HasPrefix(u, "http") && !strings.HasPrefix(u, "http://127.0.0.1:") {
				b.abroad = append(b.abroad, u)
			}
		}
	})
}

// tab opens another tab of the same browser.
func (b *browser) tab() *browser {
	b.t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx)
	b.t.Cleanup(stop)
	b.listen(ctx)
	other := &browser{t: b.t, h: b.h, ctx: ctx}
	if err := chromedp.Run(ctx, network.Enable(), cdplog.Enable()); err != nil { // the tab lives as long as the context of its first run
		b.t.Fatalf("couldn't open a tab: %v", err)
	}
	return other
}

// run does something in the tab, with half a minute for it.
func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 30*time.Second)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.t.Fatalf("%v\n%s", err, b.shown())
	}
}

// shown is where the tab stands and what it shows, for a failure.
func (b *browser) shown() string {
	ctx, stop := context.WithTimeout(b.ctx, 3*time.Second)
	defer stop()
	var text string
	if err := chromedp.Run(ctx, chromedp.Evaluate("location.href + '\\n' + document.body.innerText", &text)); err != nil {
		return "the tab does not answer: " + err.Error()
	}
	return text
}

// open goes to a path.
func (b *browser) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.h.server.URL + path))
}

// eval runs an expression and returns its value.
func eval[T any](b *browser, expression string, args ...any) (v T) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(expression, args...), &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return v
}

// until waits for an expression to become true.
func (b *browser) until(what, expression string, args ...any) {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		var ok bool
		ctx, stop := context.WithTimeout(b.ctx, 5*time.Second)
		err := chromedp.Run(ctx, chromedp.Evaluate("!!("+fmt.Sprintf(expression, args...)+")", &ok))
		stop()
		if err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("waited in vain for: %s\n%s", what, b.shown())
}

// arrive waits until the tab stands at a path that begins so.
func (b *browser) arrive(path string) string {
	b.t.Helper()
	b.until("arriving at "+path, "location.pathname.startsWith(%q) && document.readyState === 'complete'", path)
	return eval[string](b, "location.pathname")
}

// enter comes in by a one-time link, as a person does: opens it, gives a name, presses the button. The key is made in the browser.
func (b *browser) enter(lang string, account parley.Ref, name string, roles ...parley.Role) {
	b.t.Helper()
	b.open("/" + lang + b.h.invite(account, roles...))
	b.fill("name", name)
	b.press("form[data-enter] button[type=submit]")
	b.arrive("/" + lang + "/")
	b.until("being signed in", "document.querySelector('p-live')")
}

// fill types into a field by its id, as the browser's own code sees it.
func (b *browser) fill(id, value string) {
	b.t.Helper()
	if !eval[bool](b, `(() => { const f = document.getElementById(%q); if (!f) return false; f.focus(); f.value = %q; f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true})); return true })()`, id, value) {
		b.t.Fatalf("no field %s at %s", id, eval[string](b, "location.pathname"))
	}
}

// choose ticks the box or radio button of a name and value.
func (b *browser) choose(name, value string) {
	b.t.Helper()
	b.press(fmt.Sprintf("input[name=%q][value=%q]", name, value))
}

// press clicks the first element that a selector finds.
func (b *browser) press(selector string) {
	b.t.Helper()
	if !eval[bool](b, `(() => { const e = document.querySelector(%q); if (!e) return false; e.click(); return true })()`, selector) {
		b.t.Fatalf("nothing to press: %s at %s", selector, eval[string](b, "location.pathname"))
	}
}

// phone makes the tab as wide as a telephone.
func (b *browser) size(width, height int64) {
	b.t.Helper()
	b.run(emulation.SetDeviceMetricsOverride(width, height, 1, false))
}

// picture writes a screenshot of the whole page into the folder that PARLEY_SCREENS names, for people to look at.
func (b *browser) picture(name string) {
	folder := os.Getenv("PARLEY_SCREENS")
	if folder == "" {
		return
	}
	var png []byte
	b.run(chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// axe runs axe-core on the page and returns what it found.
func (b *browser) axe() []string {
	b.t.Helper()
	source, err := os.ReadFile(filepath.Join(need.Root(), "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		need.Missing(b.t, "axe-core", "not installed (make web)")
	}
	b.run(chromedp.Evaluate(string(source)+"; true", nil))
	text := eval[string](b, `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).join(' | '))))`)
	var found []string
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		b.t.Fatal(err)
	}
	return found
}
