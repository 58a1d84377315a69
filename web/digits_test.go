package web_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"parley"
)

// measure gives the page a function that says where a text stands on the screen: the left edge in pixels of its first occurrence
// below an element that is seen. What is copied keeps its order even when what is seen does not, so only pixels tell.
const measure = `window.leftOf = (selector, text) => {
	for (const root of document.querySelectorAll(selector)) {
		const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		for (let n; n = walk.nextNode();) {
			const i = n.data.indexOf(text);
			if (i < 0) continue;
			const range = document.createRange();
			range.setStart(n, i);
			range.setEnd(n, i + text.length);
			const box = range.getClientRects()[0];
			if (box && box.width > 0) return box.left;
		}
	}
	return null;
}; true`

// order returns how far the second text stands to the right of the first, in pixels: negative when it stands to its left.
func (b *browser) order(selector, first, second string) float64 {
	b.t.Helper()
	eval[bool](b, measure)
	for _, text := range []string{first, second} {
		if eval[bool](b, "leftOf(%q, %q) === null", selector, text) {
			b.t.Fatalf("%q is not seen below %s at %s", text, selector, eval[string](b, "location.pathname"))
		}
	}
	return eval[float64](b, "leftOf(%q, %q) - leftOf(%q, %q)", selector, second, selector, first)
}

// A position typed in Arabic digits is stored as it was meant, and its digits stand the right way round wherever they are seen: the
// latitude left of the longitude in the echo, among the answers, on the receipt, on the record and on paper (web.md section 1a).
func TestArabicDigitsStandTheRightWayRound(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("ar", h.OrgRef, "سلمى", parley.Notifier)
	right := func(where, selector, first, second string) {
		t.Helper()
		if by := b.order(selector, first, second); by <= 0 {
			t.Errorf("%s: %q stands %.0f px left of %q; expected it to the right", where, second, -by, first)
		}
	}

	b.open("/ar/notify/site")
	b.fill("category", "hospital")
	b.fill("name_ar", "مشفى الفرات")
	b.choose("occupancy", "51-200")
	b.goOn(1)
	for _, field := range []string{"lat", "lon", "free"} {
		if got := eval[string](b, "(s => s.direction + ' ' + s.unicodeBidi)(getComputedStyle(document.getElementById(%q)))", field); got != "ltr bidi-override" {
			t.Errorf("the field %s is %q; expected ltr bidi-override", field, got)
		}
	}
	b.run(chromedp.SendKeys("#lat", "٣٥٫٣٣٦", chromedp.ByQuery), chromedp.SendKeys("#lon", "٤٠٫١٤١", chromedp.ByQuery))
	const echo = "p-echo[for='lat,lon'] p-id[kind=coordinate]"
	b.until("the echo", "document.querySelector(%q)?.textContent === '35.33600° N 40.14100° E'", echo)
	right("echo", echo, "35", "40")
	right("echo", echo, "35", "N")
	right("echo", echo, "40", "E")
	b.fill("accuracy", "١٠")
	b.fill("obtained", "gps")
	b.goOn(2)
	b.goOn(3)
	b.share(h.A.Ref, h.B.Ref)
	b.goOn(4)
	b.run(chromedp.SendKeys("#phone", "+٩٦٣ ٥١ ١٢٣ ٤٥٦", chromedp.ByQuery))
	b.goOn(5)
	right("answers", "main p-id[kind=coordinate]", "35", "40")
	right("telephone among the answers", "main p-id[kind=phone]", "+", "456")
	site := b.send("ar")
	if _, o := h.newest(site.Ref); o.Geometry.Points[0] != deirEzZor() || o.Contact != "+963 51 123 456" {
		t.Errorf("stored %s and %q; expected %s and +963 51 123 456", o.Geometry.Points[0], o.Contact, deirEzZor())
	}

	// onPages looks at what a page shows, on the screen or on paper.
	onPages := func(medium string) {
		t.Helper()
		right("receipt, "+medium, "main p-id[kind=coordinate]", "35", "40")
		right("hour of the receipt, "+medium, "main p-id[kind=date]", "2017", "01 ")
		b.open("/ar/objects/" + string(site.Ref))
		right("record, "+medium, "main p-id[kind=coordinate]", "35", "40")
		right("date, "+medium, "main p-id[kind=date]", "2017", "01 ")
		right("hour after its date, "+medium, "main p-id[kind=date]", "01 ", "UTC")
		right("telephone, "+medium, "main p-id[kind=phone]", "+", "963")
		right("telephone, "+medium, "main p-id[kind=phone]", "963", "456")
		right("reference, "+medium, "main p-id[kind=ref]", "SITE", "/v1")
	}
	receipt := eval[string](b, "location.pathname")
	onPages("screen")
	b.open(receipt)
	b.run(emulation.SetEmulatedMedia().WithMedia("print"))
	onPages("paper")

	// The control: the same values loose in an Arabic sentence stand the wrong way round, and are found so.
	eval[bool](b, `(() => { const p = document.createElement('p'); p.id = 'loose'; p.textContent = 'الموضع 35.33600, 40.14100 في 2017-09-14 هاتف +963 51 123 456 هنا'; document.querySelector('main').prepend(p); return true })()`)
	for _, pair := range [][2]string{{"35.", "40."}, {"2017", "14 "}, {"+", "456"}} {
		if by := b.order("#loose", pair[0], pair[1]); by >= 0 {
			t.Errorf("%q and %q loose in a sentence are measured the right way round (%.0f px): the measure sees nothing", pair[0], pair[1], by)
		}
	}
}
