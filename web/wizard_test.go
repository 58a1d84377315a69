package web_test

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/internal/draft"
	"parley/release"
)

// invite makes a one-time link for a role.
func (h *house) invite(account parley.Ref, roles ...parley.Role) string {
	secret := rand.Text()
	ref := h.Tell(h.Trustees[0], &parley.MemberInvite{Account: account, Roles: roles, Code: sha256.Sum256([]byte(secret)), Expires: h.Now() + parley.Day}).Ref
	return "/enter/" + string(ref) + "/" + secret
}

// form finds the page's form that goes to a path, and what it would send.
func (s *screen) form(t testing.TB, action string) url.Values {
	t.Helper()
	f := find(s.doc, "form", "action", action)
	if f == nil {
		t.Fatalf("%s has no form to %s: %s", s.path, action, text(find(s.doc, "main", "", "")))
	}
	return fields(f)
}

// newest is an object's newest version as the desk has it.
func (h *house) newest(ref parley.Ref) (*release.File, release.Object) {
	h.T.Helper()
	var file *release.File
	if err := h.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(h.Verifier.Key).ID())
		file, _ = s.View(&m, h.Now(), h.node.Text).Object(ref)
	}); err != nil {
		h.T.Fatal(err)
	}
	if file == nil {
		h.T.Fatalf("%s is not there", ref)
	}
	return file, file.Versions[len(file.Versions)-1]
}

// steps goes through the site form as a person without JavaScript does, in a language, and returns the page after the last.
func (v *visitor) notifySite(lang string, answers []url.Values) *screen {
	v.t.Helper()
	path := "/" + lang + "/notify/site"
	page := v.get(path)
	for _, answer := range answers {
		values := page.form(v.t, path)
		for name, vs := range answer {
			values[name] = vs
		}
		values.Set("next", "next")
		page = v.post(path, values)
	}
	return page
}

func (h *house) arabicAnswers() []url.Values {
	return []url.Values{
		{"category": {"hospital"}, "name_ar": {"مشفى الفرات"}, "occupancy": {"51-200"}},
		{"lat": {"٣٥٫٣٣٦"}, "lon": {"٤٠٫١٤١"}, "accuracy": {"١٠"}, "obtained": {"gps"}},
		{},
		{"sensitivity": {"high"}, "share_" + string(h.A.Ref): {"exact"}, "fields_" + string(h.A.Ref): {"name", "contact"}, "share_" + string(h.B.Ref): {"none"}},
		{"phone": {"+٩٦٣ ٥١ ١٢٣ ٤٥٦"}},
		{},
	}
}

// Without JavaScript, in Arabic, from a one-time link to a reference: what is stored is what was typed, the right way round, and the
// receipt says that it was entered on behalf.
func TestNotifySiteWithoutJavaScript(t *testing.T) {
	h := newHouse(t)
	v := h.stranger()
	link := "/ar" + h.invite(h.OrgRef, parley.Notifier)
	values := v.get(link).form(t, link)
	values.Set("name", "سلمى")
	if home := v.post(link, values); home.path != "/ar/" {
		t.Fatalf("after the link: %s, status %d", home.path, home.status)
	}
	if again := h.stranger().get(link); again.status != http.StatusNotFound {
		t.Errorf("the link opened twice: status %d; expected 404", again.status)
	}
	page := v.notifySite("ar", h.arabicAnswers())
	if !strings.HasPrefix(page.path, "/ar/receipt/") {
		t.Fatalf("landed on %s, status %d: %s", page.path, page.status, text(find(page.doc, "main", "", "")))
	}
	if find(page.doc, "p", "id", "on-behalf") == nil {
		t.Error("the receipt does not say that it was entered on behalf")
	}
	ref := parley.Ref(strings.TrimSuffix(text(find(page.doc, "p-id", "kind", "ref")), "/v1"))
	file, o := h.newest(ref)
	if p := o.Geometry.Points[0]; p.Lat != 353360000 || p.Lon != 401410000 {
		t.Errorf("stored %s; expected latitude 35.336, longitude 40.141", p)
	}
	if o.Contact != "+963 51 123 456" || o.Private == nil || o.Private.OnBehalf != "form" || o.Names[0].Name != "مشفى الفرات" {
		t.Errorf("stored contact %q, names %v, on behalf %+v", o.Contact, o.Names, o.Private)
	}
	if file.Owner != h.OrgRef {
		t.Errorf("owner %s; expected %s", file.Owner, h.OrgRef)
	}
	for _, want := range []string{"35.33600° N 40.14100° E"} {
		if !strings.Contains(page.body, `<p-id kind="coordinate" dir="ltr">`+want) {
			t.Errorf("the receipt does not show %s in its isolate", want)
		}
	}
}

// Words that disagree with the position stop the form, with both shown (practice.md E.15, scenario 1); a swapped pair raises a finding.
func TestSiteFormStopsAtDoubts(t *testing.T) {
	h := newHouse(t)
	v := h.stranger()
	link := "/en" + h.invite(h.OrgRef, parley.Notifier)
	values := v.get(link).form(t, link)
	values.Set("name", "Salma")
	v.post(link, values)
	answers := h.arabicAnswers()
	answers[1] = url.Values{"lat": {"35.31051"}, "lon": {"40.11012"}, "accuracy": {"10"}, "obtained": {"map"}, "told_distance": {"9"}, "told_direction": {"S"}, "told_place": {"Deir ez-Zor"}}
	page := v.notifySite("en", answers[:2])
	problem := text(find(page.doc, "div", "id", "problem"))
	if page.status != http.StatusUnprocessableEntity || !strings.Contains(problem, "9\u00a0km") || !strings.Contains(problem, "south-west of Deir ez-Zor") {
		t.Errorf("status %d: %s; expected both places shown", page.status, problem)
	}
	if got := page.form(t, "/en/notify/site"); got.Get("lat") != "35.31051" || got.Get("name_ar") != "مشفى الفرات" {
		t.Errorf("what was typed is lost: %v", got)
	}
	answers[1] = url.Values{"lat": {"40.14112"}, "lon": {"35.33623"}, "accuracy": {"10"}, "obtained": {"map"}}
	page = v.notifySite("en", answers)
	if page.status != http.StatusUnprocessableEntity || find(page.doc, "fieldset", "id", "finding_swapped_position") == nil {
		t.Fatalf("status %d, no finding: %s", page.status, text(find(page.doc, "main", "", "")))
	}
}
