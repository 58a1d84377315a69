package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/channel"
)

// click presses what a person sees, with the mouse.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// write types into a field, key by key.
func (b *browser) write(selector, text string) {
	b.t.Helper()
	b.run(chromedp.SendKeys(selector, text, chromedp.ByQuery, chromedp.NodeVisible))
}

// A real browser without scripts, in Arabic, by mouse and keys: from the one-time link to the receipt, with a mistake on the way and
// back and forth. The receipt says that it was entered on behalf.
func TestNotifySiteInABrowserWithoutScripts(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.run(emulation.SetScriptExecutionDisabled(true))
	b.open("/ar" + h.invite(h.OrgRef, parley.Notifier))
	b.shows(word(t, "ar", "enter.noscript"))
	b.write("#name", "سلمى")
	b.click("form[data-enter] button[type=submit]")
	b.until("the first page", "location.pathname === '/ar/' && document.readyState === 'complete'") // the link's own path begins so too
	if eval[string](b, "document.documentElement.dataset.line ?? ''") != "" {
		t.Fatal("scripts run; expected none")
	}
	at := func(step string) {
		t.Helper()
		b.until("step "+step, "document.readyState === 'complete' && document.querySelector('.wizard input[name=step]')?.value === %q", step)
	}
	next := func(to string) {
		t.Helper()
		b.click(".wizard button.primary")
		at(to)
	}
	b.click("main a[href='/ar/notify/site']")
	at("0")
	b.write("#name_ar", "مشفى الفرات")
	b.click(".wizard button.primary")
	b.until("the fault", "document.querySelector('#problem a[href=\"#category\"]')")
	if got := eval[string](b, "document.getElementById('name_ar').value"); got != "مشفى الفرات" {
		t.Errorf("after a fault the name reads %q; expected what was typed", got)
	}
	b.run(chromedp.SetValue("#category", "hospital", chromedp.ByQuery))
	b.click("input[name=occupancy][value='51-200']")
	next("1")
	b.write("#lat", "٣٥٫٣٣٦")
	b.write("#lon", "٤٠٫١٤١")
	b.write("#accuracy", "١٠")
	b.run(chromedp.SetValue("#obtained", "gps", chromedp.ByQuery))
	next("2")
	b.click(".wizard button[name=back]")
	at("1")
	if got := eval[string](b, "document.getElementById('lat').value"); got != "٣٥٫٣٣٦" {
		t.Errorf("one step back the latitude reads %q; expected what was typed", got)
	}
	next("2")
	next("3")
	b.click("input[name=sensitivity][value=high]")
	b.click("input[name='share_" + string(h.A.Ref) + "'][value=exact]")
	b.click("input[name='fields_" + string(h.A.Ref) + "'][value=contact]")
	b.click("input[name='share_" + string(h.B.Ref) + "'][value=none]")
	next("4")
	b.write("#phone", "+٩٦٣ ٥١ ١٢٣ ٤٥٦")
	next("5")
	b.shows(word(t, "ar", "form.on_behalf"))
	if by := b.order("main p-id[kind=coordinate]", "35", "40"); by <= 0 {
		t.Errorf("among the answers the longitude stands %.0f px left of the latitude", -by)
	}
	b.click(".wizard button.primary")
	b.arrive("/ar/receipt/")
	if got := eval[string](b, "document.getElementById('on-behalf')?.textContent ?? ''"); strings.TrimSpace(got) != word(t, "ar", "on_behalf.form") {
		t.Errorf("the receipt says %q; expected %q", got, word(t, "ar", "on_behalf.form"))
	}
	of, err := parley.ParseVersioned(eval[string](b, "document.querySelector('.ref-large p-id').textContent"))
	if err != nil {
		t.Fatal(err)
	}
	_, o := h.newest(of.Ref)
	if o.Geometry.Points[0] != deirEzZor() || o.Contact != "+963 51 123 456" || o.Private == nil || o.Private.OnBehalf != "form" || o.Accuracy != 10 {
		t.Errorf("stored %s, contact %q, accuracy %d, %+v", o.Geometry.Points[0], o.Contact, o.Accuracy, o.Private)
	}
}

// Without scripts nothing on the page stops a second press of the last button: the server counts the form once. Another form with the
// same words is another site.
func TestSecondPressWithoutScriptsCountsOnce(t *testing.T) {
	h := newHouse(t)
	v := h.stranger()
	link := "/ar" + h.invite(h.OrgRef, parley.Notifier)
	values := v.get(link).form(t, link)
	values.Set("name", "سلمى")
	v.post(link, values)
	answers := h.arabicAnswers()
	last := v.notifySite("ar", answers[:5]).form(t, "/ar/notify/site")
	last.Set("next", "send")
	landed := make(chan string, 3)
	for range cap(landed) {
		go func() {
			r, err := v.client.PostForm(h.server.URL+"/ar/notify/site", last)
			if err != nil {
				landed <- err.Error()
				return
			}
			r.Body.Close()
			landed <- r.Request.URL.Path
		}()
	}
	first := <-landed
	for range cap(landed) - 1 {
		if again := <-landed; again != first || !strings.HasPrefix(first, "/ar/receipt/") {
			t.Errorf("pressed again, the form landed on %s; expected %s, a receipt", again, first)
		}
	}
	if n := h.sites(); n != 1 {
		t.Errorf("%d sites are stored; expected one", n)
	}
	if page := v.notifySite("ar", answers); page.path == first || !strings.HasPrefix(page.path, "/ar/receipt/") || h.sites() != 2 {
		t.Errorf("the same words in another form landed on %s with %d sites; expected a receipt of its own", page.path, h.sites())
	}
	last.Set("phone", "+963 51 123 457")
	if page := v.post("/ar/notify/site", last); page.path == first || h.sites() != 3 {
		t.Errorf("the form with another telephone landed on %s; expected that it is not taken for the first", page.path)
	}
}

// Without scripts and without a key on the device, arrangements are read: every party's word, the shape in words, the crossings. What is said
// there takes the device's key, and the page says so before anyone writes and after it was sent; nothing is stored.
func TestArrangementWithoutScripts(t *testing.T) {
	s := newHouse(t).play().arrange()
	b := s.newBrowser()
	b.run(emulation.SetScriptExecutionDisabled(true))
	b.wear(s.B.Officer)
	for _, lang := range []string{"en", "ar"} {
		path := "/" + lang + "/arrangements/" + string(s.line)
		b.open(path)
		b.shows(word(t, lang, "consent.contested"))
		b.shows(word(t, lang, "arrangement.length"))
		b.shows("35.36111° N 40.00222° E")
		b.shows(string(s.notice))
		b.shows(word(t, lang, "needs_key"))
		b.click("#consent > summary")
		b.click("#consent input[value=give]")
		b.click("#consent button.primary")
		b.shows(word(t, lang, "trouble.needs_key"))
		b.open("/" + lang + "/arrangements")
		b.run(chromedp.SetValue(".filters select[name=kind]", "pause", chromedp.ByQuery))
		b.click(".filters button[type=submit]")
		b.until("the filtered list", "location.search.includes('kind=pause') && document.querySelector('#arrangements-live')?.textContent.includes(%q)", string(s.pause))
		if eval[bool](b, "document.querySelector('#arrangements-live').textContent.includes(%q)", string(s.line)) {
			t.Errorf("%s: the list of pauses holds a line", lang)
		}
	}
	s.view(s.B.Officer, func(v *channel.Viewer) {
		if a, _ := v.Arrangement(s.line); a.Agreed != 1 {
			t.Errorf("agreed by %d; expected that nothing was stored", a.Agreed)
		}
	})
}
