package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// scene fills the theatre: a hospital released to A and acknowledged, a convoy, areas of A and B that meet, a check with an indication, a stop.
type scene struct {
	*house
	hospital, convoy, areaA, areaB, check, stop, harm, task parley.Ref
	receipt                                                 parley.Hash // of the convoy

	line, zone, corridor, pause, notice, event, offer, answered parley.Ref // of arrange

	found, kept, site parley.Ref // of find: a report that waits, one that the desk keeps a site for, and that site

	incident, claimA, claimB, evidence parley.Ref // of record
}

func (h *house) play() *scene {
	s := &scene{house: h}
	at := deirEzZor()
	s.hospital = h.NotifyHospital(at)
	h.Verify(cast.V(s.hospital, 1))
	h.Release(cast.V(s.hospital, 1), h.A.Ref)
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(s.hospital, 1), ReadBack: at})
	convoy := h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, h.Now()+72*parley.Hour, at, cast.At(35.50123, 40.00345), cast.At(35.60432, 39.80321), h.A.Ref)}
	})
	s.convoy, s.receipt = convoy.Ref, convoy.Name
	h.Verify(cast.V(s.convoy, 1))
	h.Release(cast.V(s.convoy, 1), h.A.Ref)
	window := geo.Window{From: h.Now() + parley.Hour, To: h.Now() + 5*parley.Hour}
	declare := func(by *cast.Force, to parley.Ref, p geo.Position) parley.Ref {
		return h.Tell(by.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(p, 0.02), Window: window, Addressees: []parley.Ref{to}, Head: h.headOf(by)}}).Ref
	}
	s.areaA = declare(h.A, h.B.Ref, at)
	s.areaB = declare(h.B, h.A.Ref, cast.At(35.35, 40.15))
	s.check = h.Tell(h.A.Officer, &parley.CheckRecord{Shape: cast.Square(at, 0.01), Window: window, Head: h.headOf(h.A)}).Ref
	h.Tell(h.A.Officer, &parley.ChannelStatus{With: h.B.Ref, State: parley.LineDegraded, Since: h.Now()})
	h.Tell(h.A.Officer, &parley.TestCall{To: parley.Desk, At: h.Now(), Answered: true, Seconds: 20})
	h.Must(h.Verifier, func(d *draft.Draft) parley.Body {
		d.OnBehalf = &parley.OnBehalf{Of: h.A.Ref, Channel: parley.ByTelephone, At: h.Now()}
		return &parley.ObjectAcknowledge{Of: cast.V(s.convoy, 1), ReadBack: cast.At(35.50123, 40.00345)}
	})
	s.stop = h.Tell(h.Org, &parley.StopRaise{Object: s.hospital}).Ref
	s.harm = h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.HarmReport{Object: s.hospital, At: h.Now(), GoesOn: true, Effects: d.Text("East wing hit")}
	}).Ref
	if err := h.node.Read(func(st *channel.State) {
		if tasks, _ := st.View(&parley.Member{Account: h.A.Ref}, h.Now(), h.node.Text).Corrections(0, 1); len(tasks) == 1 {
			s.task = tasks[0].Ref
		}
	}); err != nil || s.task == "" {
		h.T.Fatalf("no task after harm: %v", err)
	}
	north := cast.At(35.3412, 40.1512)
	h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.AreaContest{Of: cast.V(s.areaB, 1), Place: &north, Words: d.Text("told north of the bridge")}
	})
	h.Tell(h.A.Officer, &parley.AreaObject{Of: cast.V(s.areaB, 1), Reason: parley.OwnForces})
	return s
}

// headOf returns the head of a party's list as it stands.
func (h *house) headOf(f *cast.Force) (head parley.ListHead) {
	if err := h.node.Read(func(s *channel.State) {
		member, _ := s.Session(draft.KeyOf(f.Officer.Key).ID())
		head, _, _ = s.View(&member, h.Now(), h.node.Text).List(0, 1)
	}); err != nil {
		h.T.Fatal(err)
	}
	return head
}

var unsaid = regexp.MustCompile(`\[[a-z_]*\.[a-z_. 0-9]*\]`)

// Every page answers every person it is for, in both languages, with words for everything.
func TestPagesAnswerInBothLanguages(t *testing.T) {
	s := newHouse(t).play().arrange().record()
	s.find()
	s.Must(s.Verifier, func(*draft.Draft) parley.Body { return &parley.SiteHand{Of: cast.V(s.site, 1), To: s.OtherRef} }, s.Releaser)
	for _, person := range []struct {
		name  string
		who   *cast.Person
		paths []string
	}{
		{"notifier, arrangements", s.Org, []string{"/", "/arrangements", "/arrangements?kind=corridor&state=suspended", "/arrangements/" + string(s.line), "/arrangements/" + string(s.corridor), "/arrangements/" + string(s.corridor) + "/day", "/arrange/corridor", "/arrange/pause",
			"/offers", "/offers/new", "/statistics", "/aid", "/aid?of=" + string(s.convoy), "/aid/delivery?of=" + string(s.convoy), "/aid/outcome", "/warnings/" + string(s.hospital), "/objects/" + string(s.convoy)}},
		{"officer, arrangements", s.A.Officer, []string{"/", "/inbox", "/arrangements", "/arrangements/" + string(s.line), "/arrangements/" + string(s.line) + "?all=yes", "/arrangements/" + string(s.line) + "/amend", "/arrangements/" + string(s.zone), "/arrangements/" + string(s.corridor), "/arrangements/" + string(s.pause),
			"/arrangements/" + string(s.corridor) + "/day?date=2017-09-20", "/arrange/line", "/arrange/zone", "/arrange/corridor", "/arrange/pause", "/offers", "/offers?way=made&kind=pause&state=made", "/offers/" + string(s.offer), "/offers/" + string(s.answered), "/offers/new?counter=" + string(s.answered) + "&about=" + string(s.pause), "/statistics", "/warnings/" + string(s.hospital)}},
		{"other officer, arrangements", s.B.Officer, []string{"/inbox", "/arrangements/" + string(s.line), "/offers/" + string(s.offer)}},
		{"releaser, arrangements", s.Releaser, []string{"/", "/arrangements", "/arrangements/" + string(s.line), "/arrangements/" + string(s.corridor), "/arrangements/" + string(s.corridor) + "/amend", "/arrange/line", "/arrange/corridor", "/offers", "/offers/new", "/offers/" + string(s.offer), "/offers/" + string(s.answered), "/statistics", "/aid", "/aid/delivery", "/aid/outcome", "/warnings/" + string(s.hospital), "/desk/" + string(s.convoy)}},
		{"an organisation to take a site over", s.Other, []string{"/objects/" + string(s.site), "/objects/" + string(s.site) + "/update"}},
		{"officer, found", s.A.Officer, []string{"/seals", "/found", "/found/" + string(s.found), "/found/" + string(s.kept)}},
		{"releaser, found", s.Releaser, []string{"/", "/found", "/found/" + string(s.found), "/found/" + string(s.kept), "/desk/" + string(s.site)}},
		{"monitor", s.Monitor, []string{"/arrangements", "/arrangements/" + string(s.line), "/arrangements/" + string(s.corridor)}},
		{"monitor, harm", s.Monitor, []string{"/", "/incidents", "/incidents?kind=object_harmed&state=party_response", "/incidents/new", "/incidents/" + string(s.incident), "/incidents/" + string(s.incident) + "/update", "/claims", "/claims?about=" + string(s.incident), "/claims/new?about=" + string(s.incident), "/claims/" + string(s.claimA), "/claims/" + string(s.claimB), "/evidence", "/evidence/" + string(s.evidence), "/evidence/" + string(s.evidence) + "/copy", "/evidence/new?about=" + string(s.incident), "/inquiry", "/inquiry?incident=" + string(s.incident), "/statistics", "/statements", s.reads(s.visit(s.Monitor), "en", news)}},
		{"verifier, harm", s.Verifier, []string{"/incidents", "/incidents/" + string(s.incident), "/claims/" + string(s.claimB), "/evidence/" + string(s.evidence), "/inquiry", "/statistics"}},
		{"officer, harm", s.A.Officer, []string{"/incidents", "/incidents/" + string(s.incident), "/claims", "/evidence", "/inquiry", "/statistics"}},
		{"notifier, harm", s.Org, []string{"/incidents", "/incidents/" + string(s.incident), "/inquiry"}},
		{"notifier", s.Org, []string{"/", "/objects", "/objects?kind=site", "/objects/" + string(s.hospital), "/objects/" + string(s.hospital) + "?as=" + string(s.A.Ref), "/objects/" + string(s.convoy),
			"/objects/" + string(s.hospital) + "/update", "/objects/" + string(s.convoy) + "/change", "/card/" + string(s.convoy), "/text", "/notify/site", "/notify/movement", "/notify/movement?copy=" + string(s.convoy), "/prompts",
			"/stops", "/stops/" + string(s.stop), "/harms", "/harms/" + string(s.harm), "/tasks", "/tasks/" + string(s.task), "/told", "/devices", "/about"}},
		{"officer", s.A.Officer, []string{"/", "/inbox", "/list", "/list/" + string(s.hospital), "/list/" + string(s.convoy), "/levels", "/pack", "/areas", "/areas/new", "/areas/" + string(s.areaA), "/areas/" + string(s.areaB),
			"/areas/" + string(s.areaA) + "/amend", "/checks", "/checks/new", "/checks/" + string(s.check), "/stops/" + string(s.stop), "/told", "/liaison", "/watch", "/entries", "/harms", "/tasks", "/tasks/" + string(s.task)}},
		{"verifier", s.Verifier, []string{"/harms", "/harms/" + string(s.harm), "/tasks", "/tasks/" + string(s.task), "/", "/desk", "/desk/" + string(s.hospital), "/desk/" + string(s.convoy), "/card/" + string(s.convoy), "/text", "/texts", "/levels", "/stops", "/told"}},
		{"trustee", s.Trustees[0], []string{"/", "/admin", "/told", "/stops"}},
	} {
		v := s.visit(person.who)
		for _, lang := range []string{"en", "ar"} {
			for _, path := range person.paths {
				page := v.get("/" + lang + path)
				name := fmt.Sprintf("%s %s%s", person.name, lang, path)
				if page.status != http.StatusOK {
					t.Errorf("%s: status %d: %s", name, page.status, strings.TrimSpace(text(find(page.doc, "main", "", ""))))
					continue
				}
				if missing := unsaid.FindAllString(page.body, 5); missing != nil {
					t.Errorf("%s: no words for %v", name, missing)
				}
				dir := map[string]string{"en": "ltr", "ar": "rtl"}[lang]
				if root := find(page.doc, "html", "dir", dir); root == nil || attr(root, "lang") != lang {
					t.Errorf("%s: not in its direction and language", name)
				}
				if find(page.doc, "h1", "", "") == nil || find(page.doc, "div", "class", "exercise") == nil {
					t.Errorf("%s: no heading, or no mark of the exercise", name)
				}
				if strings.Contains(page.body, "style=") || strings.Contains(page.body, "onclick=") || strings.Contains(page.body, "<script>") {
					t.Errorf("%s: inline style or script", name)
				}
			}
		}
	}
}

// What one may not open looks like what is not there.
func TestPagesShowNothingToOthers(t *testing.T) {
	s := newHouse(t).play()
	officer, other := s.visit(s.A.Officer), s.visit(s.B.Officer)
	shown := officer.get("/en/list/" + string(s.hospital))
	if shown.status != http.StatusOK || !strings.Contains(shown.body, string(s.hospital)) {
		t.Fatalf("A's officer got %d; the entry belongs to A's list", shown.status)
	}
	hidden, nothing := other.get("/en/list/"+string(s.hospital)), other.get("/en/list/"+string(parley.MakeRef(parley.RefSite, parley.Hash{7}, 5)))
	if hidden.status != http.StatusNotFound || nothing.status != http.StatusNotFound {
		t.Errorf("B got %d for A's entry and %d for none; expected 404 twice", hidden.status, nothing.status)
	}
	if text(find(hidden.doc, "main", "", "")) != text(find(nothing.doc, "main", "", "")) {
		t.Error("the page of what B may not see differs from that of what is not there")
	}
	for _, path := range []string{"/en/desk", "/en/objects", "/en/notify/site"} {
		if got := other.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: status %d for a duty officer; expected 404", path, got.status)
		}
	}
	if got := s.stranger().get("/en/inbox"); got.path != "/en/sign-in" {
		t.Errorf("a stranger landed on %s; expected the sign-in page", got.path)
	}
}
