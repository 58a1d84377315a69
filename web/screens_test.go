package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/internal/cast"
	"parley/internal/need"
)

// wear gives a browser the session of a member of the cast: the tests of screens look, they do not sign.
func (b *browser) wear(p *cast.Person) {
	b.t.Helper()
	v := b.h.visit(p)
	for _, c := range v.cookies() {
		b.run(chromedp.ActionFunc(network.SetCookie(c.Name, c.Value).WithURL(b.h.server.URL).WithHTTPOnly(true).Do))
	}
}

// Every screen, in both languages: no violation that axe-core finds, no sideways scroll on a telephone, every value that must not be
// reordered in its isolate, no complaint of the browser, no request to elsewhere. make test takes each screen in one of the languages, by turns; a submission in both.
func TestScreens(t *testing.T) {
	t.Parallel()
	languages := need.Times(t, 1, 2, 2)
	s := newHouse(t).play().arrange().record()
	report, ownReport := s.ask(s.visit(s.Verifier), "en", ""), s.ask(s.visit(s.A.Officer), "en", "")
	review := s.reads(s.visit(s.Monitor), "en", news)
	s.find()
	lookAt(t, s.newBrowser(), languages, []reader{
		{"notifier", s.Org, []string{"/", "/objects", "/objects/" + string(s.hospital), "/objects/" + string(s.convoy), "/objects/" + string(s.hospital) + "/update", "/notify/site", "/notify/site?step=1",
			"/notify/site?step=2", "/notify/site?step=3", "/notify/site?step=4", "/notify/site?step=5", "/notify/movement", "/notify/movement?step=1", "/notify/movement?step=2", "/notify/movement?step=3", "/notify/movement?step=4",
			"/receipt/" + s.receipt.String(), "/objects/SITE-NOT-THERE", "/admin/invited/INV-7K3F-Q2/SECRETSECRETSECRET", "/objects/" + string(s.convoy) + "/change", "/prompts", "/stops", "/stops/" + string(s.stop), "/harms", "/harms/" + string(s.harm), "/card/" + string(s.convoy), "/text", "/told", "/devices", "/about"}},
		{"officer", s.A.Officer, []string{"/", "/inbox", "/list", "/list/" + string(s.convoy), "/levels", "/pack", "/areas", "/areas/new", "/areas/" + string(s.areaA), "/areas/" + string(s.areaB), "/checks", "/checks/new", "/checks/" + string(s.check), "/watch", "/liaison", "/entries", "/stops/" + string(s.stop), "/tasks", "/tasks/" + string(s.task)}},
		{"verifier", s.Verifier, []string{"/harms/" + string(s.harm), "/", "/desk", "/desk/" + string(s.hospital), "/levels", "/texts"}},
		{"notifier", s.Org, []string{"/arrangements", "/arrangements/" + string(s.line), "/arrangements/" + string(s.corridor), "/arrangements/" + string(s.corridor) + "/day", "/arrange/corridor", "/arrange/pause", "/offers", "/offers/new", "/statistics", "/aid",
			"/aid/delivery?of=" + string(s.convoy), "/aid/outcome", "/warnings/" + string(s.hospital), "/objects/" + string(s.convoy)}},
		{"officer", s.A.Officer, []string{"/", "/inbox", "/arrangements", "/arrangements/" + string(s.line), "/arrangements/" + string(s.line) + "/amend", "/arrangements/" + string(s.zone), "/arrangements/" + string(s.corridor), "/arrangements/" + string(s.pause), "/arrange/line", "/arrange/zone", "/offers",
			"/offers/" + string(s.offer), "/offers/" + string(s.answered), "/warnings/" + string(s.hospital), "/arrangements/LINE-NOT-THERE"}},
		{"releaser", s.Releaser, []string{"/arrangements/" + string(s.line), "/arrangements/" + string(s.corridor) + "/amend", "/offers", "/offers/" + string(s.offer), "/statistics", "/aid", "/aid/delivery", "/desk/" + string(s.convoy)}},
		{"monitor", s.Monitor, []string{"/", "/incidents", "/incidents/new", "/incidents/" + string(s.incident), "/incidents/" + string(s.incident) + "/update", "/claims", "/claims?about=" + string(s.incident), "/claims/new", "/claims/" + string(s.claimA), "/claims/" + string(s.claimB),
			"/evidence", "/evidence/new", "/evidence/" + string(s.evidence), "/evidence/" + string(s.evidence) + "/copy", "/inquiry", "/inquiry?incident=" + string(s.incident), "/statements", review, "/statements/GONE/1", "/arrangements", "/arrangements/" + string(s.corridor)}},
		{"verifier", s.Verifier, []string{"/incidents/" + string(s.incident), report, "/statistics"}},
		{"officer", s.A.Officer, []string{"/incidents/" + string(s.incident), ownReport, "/inquiry"}},
		{"trustee", s.Trustees[0], []string{"/admin", "/publication"}},
		{"officer", s.A.Officer, []string{"/found", "/found/" + string(s.found), "/seals"}},
		{"releaser", s.Releaser, []string{"/found", "/found/" + string(s.found), "/found/" + string(s.kept)}},
		{"stranger", nil, []string{"/sign-in", "/about", s.invite(s.OrgRef, parley.Notifier), "/enter/INV-7K3F-Q2/SPENT"}},
	})
}

// reader is a person with the pages they open; nil is a stranger.
type reader struct {
	name  string
	who   *cast.Person
	paths []string
}

// lookAt opens pages in one or both languages, on a desk's screen and on a telephone's.
func lookAt(t *testing.T, b *browser, languages int, readers []reader) {
	t.Helper()
	for _, person := range readers {
		if person.who == nil {
			b.run(network.ClearBrowserCookies())
		} else {
			b.wear(person.who)
		}
		for _, lang := range []string{"en", "ar"} {
			for i, path := range person.paths {
				if languages == 1 && (i%2 == 0) != (lang == "en") {
					continue
				}
				name := person.name + " " + lang + path
				b.size(1280, 900)
				b.open("/" + lang + path)
				if got := eval[string](b, "location.pathname + location.search"); got != "/"+lang+path {
					t.Errorf("%s: landed on %s", name, got)
					continue
				}
				if over := eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
					t.Errorf("%s: %d px wider than a desk's screen: %s", name, over, eval[string](b, widest))
				}
				for _, v := range b.axe() {
					t.Errorf("%s: %s", name, v)
				}
				if loose := eval[string](b, looseValues); loose != "" {
					t.Errorf("%s: not in an isolate: %s", name, loose)
				}
				b.picture(strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "").Replace(person.name+"-"+lang+path), "-"))
				b.size(360, 740)
				if over := eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
					t.Errorf("%s: %d px wider than a telephone: %s", name, over, eval[string](b, widest))
				}
				if strings.HasPrefix(path, "/i") || strings.HasPrefix(path, "/claims") || strings.HasPrefix(path, "/evidence") || strings.HasPrefix(path, "/statement") || strings.Contains(path, "/arrange") || strings.Contains(path, "/offers") || strings.Contains(path, "/found") || strings.Contains(path, "/aid") {
					b.picture(strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "").Replace(person.name+"-"+lang+path+"-phone"), "-"))
				}
			}
		}
	}
}

// looseValues finds a position, date, reference or telephone number in the page's text that no isolate holds.
const looseValues = `(() => {
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
	for (let n; n = walk.nextNode();) {
		const p = n.parentElement;
		if (p.closest('script,style,noscript,p-id,bdi,[dir=auto],.technical,pre,option,textarea,[lang=en],.hint')) continue;
		if (/\d{4}-\d\d-\d\d|\d+\.\d{4,}|[A-Z]{3,5}-[0-9A-Z]{4}-[0-9A-Z]+|\+\d{2,3} \d|[\u0660-\u0669]/.test(n.data)) out.push(n.data.trim());
	}
	return out.slice(0, 3).join(' | ');
})()`

// widest names what reaches beyond the screen.
const widest = `[...document.querySelectorAll('body *')].filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1) }).slice(0, 4).map(e => e.tagName + '.' + e.className + '#' + e.id).join(', ')`
