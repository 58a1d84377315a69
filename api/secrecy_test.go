package api_test

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// session opens a read session for a person, as a client does.
func (h *house) session(p *cast.Person) string {
	h.T.Helper()
	key := draft.KeyOf(p.Key)
	status, body := h.post("/v1/sessions/challenge", map[string]any{"key": key.ID()})
	var c struct{ Challenge, Text string }
	if err := json.Unmarshal(body, &c); err != nil || status != 200 {
		h.T.Fatalf("challenge: %d %s", status, body)
	}
	status, body = h.post("/v1/sessions", map[string]any{"challenge": c.Challenge, "signature": ed25519.Sign(p.Key, []byte(c.Text))})
	var s struct{ Token string }
	if err := json.Unmarshal(body, &s); err != nil || status != 200 {
		h.T.Fatalf("session: %d %s", status, body)
	}
	return s.Token
}

// answer is all that a client sees of an answer, but for the time.
func (h *house) answer(method, path, token string, body []byte) string {
	h.T.Helper()
	req, err := http.NewRequest(method, h.server.URL+path, bytes.NewReader(body))
	if err != nil {
		h.T.Fatal(err)
	}
	req.Header.Set("Request-Id", "the-same")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		h.T.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		h.T.Fatal(err)
	}
	var headers []string
	for name, values := range r.Header {
		if name != "Date" {
			headers = append(headers, fmt.Sprintf("%s: %v", name, values))
		}
	}
	slices.Sort(headers)
	return fmt.Sprintf("%d\n%s\n%s", r.StatusCode, strings.Join(headers, "\n"), text)
}

// hidden is a reference that exists, and one of its kind that does not.
type hidden struct{ real, none parley.Ref }

func hide(ref parley.Ref) hidden {
	seed := parley.Hash{1, 2, 3, byte(len(ref))}
	return hidden{ref, parley.MakeRef(ref.Kind(), seed, 5)}
}

// scene is a theatre with things in it that most may not see.
type scene struct {
	*house
	site, siteB, move, pres, query, areaA, check, stop, prompt, force, member, invitation, party, harm, task hidden
	line, private, corridor, pause, notice, crossed, offer, delivery, outcome                                hidden
	incident, claim, evidence, seal, screening, found, kept                                                  hidden
	screener                                                                                                 *cast.Person
	name                                                                                                     parley.Hash // a command of Org
}

func newScene(t *testing.T) *scene {
	h := newHouse(t)
	s := &scene{house: h}
	here := cast.At(35.9528, 39.0079)
	now := h.clock.Load()
	out := h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, here, now, h.A.Ref)}
	})
	s.site, s.name = hide(out.Ref), out.Name
	h.Release(cast.V(out.Ref, 1), h.A.Ref)
	s.siteB = hide(h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.5528, 39.5079), now)}
	}).Ref)
	depart := now + 3*parley.Day
	s.move = hide(h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, here, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), h.A.Ref)}
	}).Ref)
	h.Release(cast.V(s.move.real, 1), h.A.Ref)
	s.pres = hide(h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.PresenceNotify{Presence: parley.Presence{Shape: cast.Square(cast.At(35.7003, 39.9003), 0.01), People: "51-200", From: now, Until: now + parley.Day, Shared: parley.Sharing{Sensitivity: parley.High}}}
	}).Ref)
	s.query = hide(h.Must(h.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectQuery{Of: cast.V(s.siteB.real, 1), Field: "name", Question: d.Text("Which name is used?")}
	}).Ref)
	head := parley.ListHead{}
	var list api.ListBody
	if err := json.Unmarshal([]byte(h.get("/v1/list", h.session(h.A.Officer))), &list); err != nil {
		t.Fatal(err)
	}
	head = list.Head
	s.areaA = hide(h.Tell(h.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(here, 0.01), Window: geo.Window{From: depart - parley.Hour, To: depart + parley.Hour}, Head: head}}).Ref)
	s.check = hide(h.Tell(h.A.Officer, &parley.CheckRecord{Shape: cast.Square(here, 0.01), Window: geo.Window{From: now, To: now + parley.Day}, Head: head}).Ref)
	s.stop = hide(h.Tell(h.Org, &parley.StopRaise{Object: s.site.real}).Ref)
	s.harm = hide(h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.HarmReport{Object: s.site.real, At: now, GoesOn: true, Effects: d.Text("a wall")}
	}).Ref)
	var tasks api.Page[release.Correction]
	if err := json.Unmarshal([]byte(h.get("/v1/corrections", h.session(h.A.Officer))), &tasks); err != nil || len(tasks.Items) != 1 {
		t.Fatalf("no task to hide: %v", err)
	}
	s.task = hide(tasks.Items[0].Ref)
	var prompts api.Page[struct {
		Ref parley.Ref `json:"ref"`
	}]
	if err := json.Unmarshal([]byte(h.get("/v1/prompts", h.session(h.Org))), &prompts); err != nil || len(prompts.Items) == 0 {
		t.Fatalf("no prompt to hide: %v", err)
	}
	s.prompt = hide(prompts.Items[0].Ref)
	s.force = hide(h.Tell(h.A.Officer, &parley.ForcePlace{Shape: cast.Point(here), Window: geo.Window{From: now, To: now + parley.Day}, Addressees: []parley.Ref{h.B.Ref}}).Ref)
	s.member = hide(h.A.Second.Ref)
	s.invitation = hide(h.Tell(h.Trustees[0], &parley.MemberInvite{Account: h.A.Ref, Roles: []parley.Role{parley.Planner}, Code: parley.Hash{9}, Expires: now + parley.Day}).Ref)
	s.found = hide(h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.SiteFound{Category: "school", Shape: cast.Point(cast.At(35.4528, 39.6079)), Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 15}, Occupancy: "201-1000", Words: d.Text("families in the yard"), Asked: parley.AskedPeople}
	}).Ref)
	s.kept = hide(h.Must(h.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.SiteAdopt{Found: s.found.real, Asked: parley.AskedPeople, Site: cast.Hospital(d, cast.At(35.4528, 39.6079), now-now%parley.Day)}
	}).Ref)
	s.party = hidden{h.OrgRef, parley.MakeRef(parley.RefOrganisation, parley.Hash{7}, 5)}
	s.arrange(here, depart)
	s.watched(here, head)
	return s
}

// watched puts into the scene what a monitor has recorded, with a photograph, and an area that a party has sealed.
func (s *scene) watched(here geo.Position, head parley.ListHead) {
	now := s.clock.Load()
	s.incident = hide(s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.IncidentRecord{Incident: parley.Incident{IncidentKind: parley.ObjectHarmed, Title: d.Text("Shells"), Narrative: d.Text("A nurse saw it."), From: now - parley.Hour, To: now, Place: &here, Precision: parley.PlaceStreet,
			Admin: []string{"SY11"}, PlaceName: d.Text("the bridge"), Tallies: []parley.Tally{{What: "injured", Min: 2, Max: 4}}, Means: d.Text("from the north"), Sources: []parley.Source{{SourceKind: "witness", Name: d.Text("A nurse"), Reliability: "B", Credibility: 2}}, Certainty: "probable"}}
	}).Ref)
	s.claim = hide(s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "accusation", Speaker: d.Text("A. Speaker"), Capacity: d.Text("spokesperson"), Party: s.B.Ref, Via: []parley.Commitment{d.Text("an agency")}, Published: now, Speech: parley.DirectSpeech,
			Language: "en", Quotation: d.Text("It was theirs."), About: []parley.Ref{s.incident.real}, Attribution: &parley.Attribution{Party: s.A.Ref, Actor: d.Text("they")}}}
	}).Ref)
	f, err := s.node.Keep(parley.Desk, strings.NewReader("<html><script>alert(1)</script>"), "image/png")
	if err != nil {
		s.T.Fatal(err)
	}
	s.evidence = hide(s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.EvidenceAdd{File: f, Name: d.Text("photo.png"), About: []parley.Ref{s.incident.real}, Obtained: "handed_over", From: d.Text("a doctor"), At: now}
	}).Ref)
	s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.AssessmentMake{Of: s.incident.real, Reliability: "B", Credibility: 3, Grade: "fair", Words: d.Text("two accounts")}
	})
	s.seal = hide(s.Tell(s.A.Officer, &parley.AreaSeal{Commitment: parley.Hash{4}, Head: head}).Ref)
	s.screener = s.Enrol(s.OrgRef, parley.ScreeningOfficer)
	s.Tell(s.screener, &parley.ListLoad{List: "UN", Published: now - parley.Day, Hash: parley.Hash{5}, Entries: 9})
	s.screening = hide(s.Must(s.screener, func(d *draft.Draft) parley.Body {
		return &parley.ScreeningOpen{Subject: d.Text("River Trading"), SubjectKind: "organisation", As: "supplier", Editions: []parley.Hash{{5}}, Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.900", Score: 900}}}
	}).Ref)
}

// arrange puts arrangements into the scene: a published line over the hospital, crossed by the convoy without notice; a line that the two
// parties keep to themselves; a corridor with the convoy in it; and an offer.
func (s *scene) arrange(here geo.Position, depart int64) {
	now := s.clock.Load()
	window := geo.Window{From: now, To: now + 10*parley.Day}
	line := func(d *draft.Draft, published bool, ps ...geo.Position) parley.Line {
		return parley.Line{LineKind: "deconfliction", Basis: parley.BasisUnilateral, Terms: parley.Terms{Shape: cast.Line(ps...), Window: window, Addressees: []parley.Ref{s.B.Ref}, Published: published, Text: d.Text("the river road")}}
	}
	s.line = hide(s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.LineImpose{Line: line(d, true, cast.At(35.9001, 39.0079), here, cast.At(36.0001, 39.0079))}
	}).Ref)
	s.private = hide(s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.LinePropose{Line: line(d, false, cast.At(35.9001, 39.0081), cast.At(36.0001, 39.0073))}
	}).Ref)
	s.pause = hide(s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.PausePropose{Pause: parley.Pause{Users: []parley.CorridorUser{"civilians"}, Terms: parley.Terms{Shape: cast.Square(cast.At(34.5001, 40.5001), 0.05), Window: window, Addressees: []parley.Ref{s.B.Ref}}}}
	}).Ref)
	s.corridor = hide(s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.CorridorPropose{Corridor: parley.Corridor{Direction: parley.BothWays, Users: []parley.CorridorUser{"goods", "humanitarian_staff"}, Inspection: d.Text("at the bridge"), Capacity: 40, Guarantors: []parley.Ref{s.B.Ref},
			Terms:      parley.Terms{Shape: cast.Line(here, cast.At(35.9001, 39.2003)), Radius: 500, Window: window, Addressees: []parley.Ref{s.B.Ref}},
			Crossings:  []parley.WaterCrossing{{Place: cast.At(35.9301, 39.1003), Means: "bridge", Name: d.Text("old bridge")}},
			Hazards:    []parley.Hazard{{Hazard: "mines", Place: cast.At(35.9201, 39.1203), Words: d.Text("south side")}},
			Evacuation: &parley.Evacuation{Voluntary: parley.Yes, Destination: parley.Unknown, Remain: parley.Yes, Return: parley.No, Family: parley.Yes, Points: []parley.AssemblyPoint{{Place: here, Capacity: 200, Name: d.Text("yard")}}}}}
	}).Ref)
	s.Tell(s.B.Officer, &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: cast.V(s.line.real, 1)}})
	s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.WarningLog{Of: s.site.real, Means: "telephone", Language: "ar", At: now, Words: d.Text("leave by the north door")}
	})
	s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.WarningLog{Of: s.line.real, To: s.B.Ref, Means: "radio", Language: "ar", At: now, Words: d.Text("turn round")}
	})
	s.notice = hide(s.Must(s.Org, func(d *draft.Draft) parley.Body {
		return &parley.CrossingNotice{Of: cast.V(s.line.real, 1), Movement: s.move.real, Place: here, Window: geo.Window{From: depart, To: depart + parley.Hour}, Words: d.Text("three lorries")}
	}).Ref)
	s.Tell(s.B.Officer, &parley.CrossingAnswer{Notice: s.notice.real, Answer: parley.CrossingNoted})
	s.crossed = hide(s.Tell(s.A.Officer, &parley.CrossingEvent{Line: s.line.real, Observed: s.B.Ref, Place: here, At: now}).Ref)
	s.Tell(s.A.Officer, &parley.PresenceAsk{Event: s.crossed.real, Party: s.B.Ref})
	s.offer = hide(s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.OfferMake{To: s.B.Ref, OfferKind: "coordination", Text: d.Text("a line open at all hours"), Language: "en", Deadline: now + parley.Day, About: s.line.real}
	}).Ref)
	s.delivery = hide(s.Must(s.Org, func(d *draft.Draft) parley.Body {
		return &parley.DeliveryRecord{Of: s.move.real, PlannedAt: now, At: now, People: "51-200", Consignee: d.Text("the hospital"), Items: []parley.Item{{Item: "food", Unit: "t", Planned: 10, Delivered: 7, Lost: 2}}}
	}).Ref)
	s.outcome = hide(s.Must(s.Org, func(d *draft.Draft) parley.Body {
		return &parley.OutcomeRecord{Asked: now, Of: s.A.Ref, Outcome: parley.Denied, Reason: "no_answer", At: now, Words: d.Text("nobody came to the telephone")}
	}).Ref)
}

// get returns the body of a successful answer.
func (h *house) get(path, token string) string {
	h.T.Helper()
	text := h.answer("GET", path, token, nil)
	if !strings.HasPrefix(text, "200\n") {
		h.T.Fatalf("GET %s: %s", path, text)
	}
	return text[strings.LastIndex(text, "\n{")+1:]
}

// role is a person, and the references that they may not know.
type roleIn struct {
	name   string
	who    *cast.Person
	hidden []hidden
}

func (s *scene) roles() []roleIn {
	objects := []hidden{s.site, s.siteB, s.move, s.pres, s.kept}
	others := []hidden{s.query, s.areaA, s.check, s.stop, s.prompt, s.member, s.invitation, s.party, s.harm, s.task}
	arranged := []hidden{s.line, s.private, s.pause, s.corridor, s.notice, s.crossed, s.offer}
	aid := []hidden{s.delivery, s.outcome}
	watched := []hidden{s.incident, s.claim, s.evidence, s.seal, s.screening, s.found}
	all := slices.Concat(objects, others, arranged, aid, watched)
	between := slices.Concat(objects, others, aid, watched) // what the two parties arrange is known to both
	without := func(list []hidden, seen ...hidden) []hidden {
		return slices.DeleteFunc(slices.Clone(list), func(h hidden) bool { return slices.Contains(seen, h) })
	}
	return []roleIn{
		{"another notifier", s.Other, all},
		{"a party that nothing was released to", s.B.Officer, between},
		{"its legal adviser", s.B.Adviser, between},
		{"the monitor", s.Monitor, without(all, s.stop, s.line, s.private, s.pause, s.corridor, s.incident, s.claim, s.evidence)},
		{"a trustee", s.Trustees[0], without(all, s.stop, s.member, s.invitation, s.party)},
		{"the desk's verifier", s.Verifier, []hidden{s.screening, s.check, s.member, s.invitation}},
		{"the desk's releaser", s.Releaser, []hidden{s.screening, s.check, s.member, s.invitation}},
		{"the notifier", s.Org, []hidden{s.screening, s.found, s.kept, s.areaA, s.check, s.member, s.invitation, s.force, s.private, s.pause, s.crossed, s.offer, s.incident, s.claim, s.evidence, s.seal}},
		{"the party it was released to", s.A.Officer, []hidden{s.screening, s.siteB, s.kept, s.pres, s.query, s.prompt, s.party, s.harm, s.delivery, s.outcome, s.incident, s.claim, s.evidence}},
		{"its legal adviser", s.A.Adviser, []hidden{s.screening, s.siteB, s.kept, s.pres, s.query, s.prompt, s.party, s.harm, s.delivery, s.outcome, s.incident, s.claim, s.evidence}},
	}
}

// How each route is crawled. A route that is not here fails the test.
var crawled = map[string]string{
	"GET /v1/objects/{ref}": "ref", "GET /v1/objects/{ref}/as/{party}": "ref", "GET /v1/areas/{ref}": "ref", "GET /v1/checks/{ref}": "ref", "GET /v1/stops/{ref}": "ref",
	"GET /v1/harms/{ref}": "ref", "GET /v1/corrections/{ref}": "ref", "GET /v1/harms": "list", "GET /v1/corrections": "list",
	"GET /v1/arrangements": "list", "GET /v1/arrangements/{ref}": "ref", "GET /v1/offers": "list", "GET /v1/offers/{ref}": "ref", "GET /v1/objects/{ref}/warnings": "ref",
	"GET /v1/incidents": "list", "GET /v1/incidents/{ref}": "ref", "GET /v1/claims": "list", "GET /v1/claims/{ref}": "ref", "GET /v1/evidence": "list", "GET /v1/evidence/{ref}": "ref", "GET /v1/evidence/{ref}/file": "ref",
	"GET /v1/found": "list", "GET /v1/found/{ref}": "ref", "GET /v1/seals": "list", "GET /v1/seals/{ref}": "ref", "GET /v1/screenings": "list", "GET /v1/screenings/{ref}": "ref", "GET /v1/list-editions": "list", "POST /v1/screen": "public", "GET /v1/publication": "public", "GET /v1/inquiry": "inquiry", "POST /v1/evidence/files": "public", "POST /v1/statements/read": "public",
	"GET /v1/deliveries": "list", "GET /v1/outcomes": "list", "GET /v1/statistics": "list",
	"GET /v1/commands/{name}": "name", "GET /v1/commands/{name}/receipt": "name",
	"GET /v1/objects": "list", "GET /v1/list": "list", "GET /v1/areas": "list", "GET /v1/checks": "list", "GET /v1/prompts": "list", "GET /v1/liaison": "list", "GET /v1/levels": "list", "GET /v1/pack": "pack", "GET /v1/stops": "list",
	"GET /v1/accounts": "list", "GET /v1/members": "list", "GET /v1/entries": "list", "GET /v1/inbox": "list", "GET /v1/self": "list", "GET /v1/counts": "counts",
	"GET /v1/inbox/stream": "stream",
	"GET /v1/texts":        "desk", "POST /v1/texts": "text", "POST /v1/texts/{id}/handled": "desk",
	"POST /v1/commands": "command", "POST /v1/commands/batch": "command",
	// These say the same to everyone, and nothing about any record.
	"POST /v1/sessions/challenge": "public", "POST /v1/sessions": "public", "POST /v1/clock": "public", "DELETE /v1/sessions": "public", "GET /v1/theatre": "public", "GET /v1/journal/head": "public", "GET /v1/health": "public",
	"GET /v1/log/witnesses": "public", "GET /v1/log/checkpoint": "public",
}

func operations(doc *huma.OpenAPI) []string {
	var ops []string
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete, "PATCH": item.Patch} {
			if op != nil {
				ops = append(ops, method+" "+path)
			}
		}
	}
	slices.Sort(ops)
	return ops
}

// For every role, what they may not know and what does not exist give the same bytes, on every route and in every command.
func TestHiddenAndAbsentLookTheSame(t *testing.T) {
	s := newScene(t)
	for _, op := range operations(s.door.OpenAPI()) {
		if crawled[op] == "" {
			t.Errorf("%s is not crawled: say how in the table", op)
		}
	}
	// A crawl that asks in vain shows nothing: whoever may know gets an answer on every route.
	for path, who := range map[string]*cast.Person{
		"/v1/objects/" + string(s.site.real): s.A.Officer, "/v1/objects/" + string(s.move.real): s.Verifier, "/v1/objects/" + string(s.pres.real): s.Org,
		"/v1/objects/" + string(s.site.real) + "/as/" + string(s.A.Ref): s.Org, "/v1/areas/" + string(s.areaA.real): s.A.Adviser,
		"/v1/checks/" + string(s.check.real): s.A.Officer, "/v1/stops/" + string(s.stop.real): s.Monitor,
		"/v1/harms/" + string(s.harm.real): s.Org, "/v1/corrections/" + string(s.task.real): s.A.Adviser,
		"/v1/arrangements/" + string(s.line.real): s.Org, "/v1/arrangements/" + string(s.private.real): s.Monitor, "/v1/arrangements/" + string(s.corridor.real): s.Org, "/v1/arrangements/" + string(s.pause.real): s.B.Officer,
		"/v1/found/" + string(s.found.real): s.A.Adviser, "/v1/offers/" + string(s.offer.real): s.B.Adviser, "/v1/objects/" + string(s.site.real) + "/warnings": s.Org,
		"/v1/incidents/" + string(s.incident.real): s.Monitor, "/v1/claims/" + string(s.claim.real): s.Verifier, "/v1/evidence/" + string(s.evidence.real): s.Monitor, "/v1/seals/" + string(s.seal.real): s.A.Adviser, "/v1/screenings/" + string(s.screening.real): s.screener,
		"/v1/commands/" + s.name.String(): s.Org, "/v1/commands/" + s.name.String() + "/receipt": s.Org,
	} {
		if text := s.get(path, s.session(who)); !strings.Contains(text, "{") {
			t.Errorf("GET %s by %s, who may know: %s", path, who.Account, text)
		}
	}
	for kind, who := range map[parley.CommandKind]*cast.Person{"object.query": s.A.Officer, "site.revalidate": s.Org, "object.dispute": s.A.Second, "stop.raise": s.Org} {
		sub, err := s.Draft().Sign(bodiesAbout[kind](s.site.real, s.clock.Load()), who.Key)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(map[string]any{"envelope": json.RawMessage(sub.Envelope)})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.answer("POST", "/v1/commands?dry_run=true", "", text); strings.HasPrefix(got, "404") {
			t.Errorf("%s by %s, who may know: %s", kind, who.Account, got)
		}
	}
	compared := 0
	for _, r := range s.roles() {
		token := s.session(r.who)
		same := func(where, a, b string) {
			t.Helper()
			compared++
			if a != b {
				t.Errorf("%s, %s: hidden answers\n%s\nabsent answers\n%s", r.name, where, a, b)
			}
		}
		for op, how := range crawled {
			method, path, _ := strings.Cut(op, " ")
			switch how {
			case "ref":
				for _, h := range r.hidden {
					at := func(ref parley.Ref) string {
						return strings.NewReplacer("{ref}", string(ref), "{party}", string(s.A.Ref)).Replace(path)
					}
					same(op+" "+string(h.real), s.answer(method, at(h.real), token, nil), s.answer(method, at(h.none), token, nil))
				}
			case "pack": // a whole sector round everything: nothing hidden is in it
				compared++
				text := s.answer(method, path+"?bbox=38.7,35.7,39.3,36.2&echelon=unit&from="+parley.Stamp(s.clock.Load())+"&until="+parley.Stamp(s.clock.Load()+10*parley.Day), token, nil)
				if r.who.Account.Kind() == parley.RefParty != strings.HasPrefix(text, "200") {
					t.Errorf("%s, %s: %.200s", r.name, op, text)
				}
				for _, h := range r.hidden {
					if strings.Contains(text, string(h.real)) {
						t.Errorf("%s, %s: %s is in it", r.name, op, h.real)
					}
				}
			case "inquiry": // of everything round: nothing hidden is in it
				compared++
				text := s.answer(method, path+"?near=35.9528,39.0079&radius=50000&at="+parley.Stamp(s.clock.Load()), token, nil)
				for _, h := range r.hidden {
					if strings.Contains(text, string(h.real)) {
						t.Errorf("%s, %s: %s is in it", r.name, op, h.real)
					}
				}
			case "text": // the answer repeats the text, and with it the reference
				for _, h := range r.hidden {
					say := func(ref parley.Ref, format string) string {
						body, _ := json.Marshal(map[string]any{"text": fmt.Sprintf(format, ref), "dry": true})
						return strings.ReplaceAll(s.answer(method, path, token, body), string(ref), "REF")
					}
					if k := h.real.Kind(); k == parley.RefMovement || k == parley.RefSite || k == parley.RefPresence || k == parley.RefPrompt {
						for _, format := range []string{"%s HELD", "HOLD %s", "STOP %s"} {
							same(op+" "+format+" "+string(h.real), say(h.real, format), say(h.none, format))
						}
					}
				}
			case "name":
				if r.who == s.Org {
					continue
				}
				at := func(name parley.Hash) string { return strings.Replace(path, "{name}", name.String(), 1) }
				same(op, s.answer(method, at(s.name), token, nil), s.answer(method, at(parley.Hash{5}), token, nil))
				same(op+" that is no name", s.answer(method, at(s.name), token, nil), s.answer(method, strings.Replace(path, "{name}", "x", 1), token, nil))
			}
		}
		for kind, body := range bodiesAbout {
			for _, h := range r.hidden {
				if body(h.real, s.clock.Load()) == nil || body(h.none, s.clock.Load()).Validate() != nil {
					continue // this command is not about such a thing
				}
				say := func(ref parley.Ref) string {
					d := s.Draft()
					sub, err := d.Sign(body(ref, s.clock.Load()), r.who.Key)
					if err != nil {
						t.Fatalf("%s about %s: %v", kind, ref, err)
					}
					text, err := json.Marshal(map[string]any{"envelope": json.RawMessage(sub.Envelope)})
					if err != nil {
						t.Fatal(err)
					}
					one := s.answer("POST", "/v1/commands?dry_run=true", "", text)
					many, err := json.Marshal(map[string]any{"commands": []json.RawMessage{text}})
					if err != nil {
						t.Fatal(err)
					}
					if strings.HasPrefix(one, "200") {
						return one // it would be taken: the batch would take it
					}
					return one + s.answer("POST", "/v1/commands/batch", "", many)
				}
				same(string(kind)+" about "+string(h.real), say(h.real), say(h.none))
			}
		}
	}
	t.Logf("%d pairs of answers compared", compared)
}

// words is a commitment that nobody opens: refusals about references come before texts are looked for.
var words = parley.CommitmentOf(parley.Bits128{1}, "words")

// bodiesAbout builds, for each kind of command that names records, one about a reference.
var bodiesAbout = map[parley.CommandKind]func(ref parley.Ref, now int64) parley.Body{
	"party.suspend": func(r parley.Ref, _ int64) parley.Body {
		return &parley.PartySuspend{AccountSuspend: parley.AccountSuspend{Account: r, Reason: words}}
	},
	"organisation.suspend": func(r parley.Ref, _ int64) parley.Body {
		return &parley.OrganisationSuspend{AccountSuspend: parley.AccountSuspend{Account: r, Reason: words}}
	},
	"member.invite": func(r parley.Ref, now int64) parley.Body {
		return &parley.MemberInvite{Account: r, Roles: []parley.Role{parley.Administrator}, Code: parley.Hash{3}, Expires: now + parley.Hour}
	},
	"member.revoke": func(r parley.Ref, _ int64) parley.Body { return &parley.MemberRevoke{Member: r} },
	"rota.set": func(r parley.Ref, now int64) parley.Body {
		return &parley.RotaSet{Account: parley.Desk, Shifts: []parley.Shift{{Member: r, From: now, To: now + 1}}}
	},
	"site.revalidate": func(r parley.Ref, _ int64) parley.Body { return &parley.SiteRevalidate{Of: cast.V(r, 1)} },
	"site.update": func(r parley.Ref, now int64) parley.Body {
		d := &draft.Draft{}
		return &parley.SiteUpdate{Of: cast.V(r, 1), Site: cast.Hospital(d, cast.At(35.1234, 39.1234), now)}
	},
	"site.withdraw": func(r parley.Ref, _ int64) parley.Body {
		return &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: r, Reason: parley.Cancelled}}
	},
	"movement.withdraw": func(r parley.Ref, _ int64) parley.Body {
		return &parley.MovementWithdraw{Withdraw: parley.Withdraw{Object: r, Reason: parley.Cancelled}}
	},
	"movement.update": func(r parley.Ref, now int64) parley.Body {
		d := &draft.Draft{}
		return &parley.MovementUpdate{Of: cast.V(r, 1), Movement: cast.Convoy(d, now+parley.Day, cast.At(35.1234, 39.1234), cast.At(35.2234, 39.1234), cast.At(35.3234, 39.1234))}
	},
	"movement.report": func(r parley.Ref, now int64) parley.Body {
		return &parley.MovementReport{Movement: r, Status: parley.MovementDeparted, At: now}
	},
	"presence.withdraw": func(r parley.Ref, _ int64) parley.Body {
		return &parley.PresenceWithdraw{Withdraw: parley.Withdraw{Object: r, Reason: parley.Cancelled}}
	},
	"prompt.answer": func(r parley.Ref, _ int64) parley.Body { return &parley.PromptAnswer{Prompt: r, Decision: parley.Hold} },
	"object.query": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectQuery{Of: cast.V(r, 1), Field: "name", Question: words}
	},
	"object.answer": func(r parley.Ref, _ int64) parley.Body { return &parley.ObjectAnswer{Query: r, Answer: words} },
	"object.verify": func(r parley.Ref, now int64) parley.Body {
		return &parley.ObjectVerify{Of: cast.V(r, 1), Method: parley.CheckedMap, Source: words, On: now}
	},
	"object.release": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectRelease{Of: cast.V(r, 1), To: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)}
	},
	"release.countersign": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ReleaseCountersign{Of: cast.V(r, 1), To: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)}
	},
	"object.recall": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(r, 1), To: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5), Reason: words}
	},
	"recall.confirm": func(r parley.Ref, _ int64) parley.Body { return &parley.RecallConfirm{Of: cast.V(r, 1)} },
	"object.resend": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectResend{Of: cast.V(r, 1), To: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)}
	},
	"object.acknowledge": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectAcknowledge{Of: cast.V(r, 1), ReadBack: cast.At(35.9528, 39.0079)}
	},
	"object.dissemination": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectDissemination{Of: cast.V(r, 1), Echelon: parley.Unit}
	},
	"entry.attest": func(r parley.Ref, _ int64) parley.Body {
		return &parley.EntryAttest{Of: cast.V(r, 1), Echelon: parley.Unit, Place: cast.At(35.9528, 39.0079)}
	},
	"object.dispute": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ObjectDispute{Of: cast.V(r, 1), Reason: parley.OtherDispute}
	},
	"relay.log": func(r parley.Ref, now int64) parley.Body {
		return &parley.RelayLog{Of: r, Party: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5), Echelon: parley.Unit, At: now}
	},
	"contact.try": func(r parley.Ref, now int64) parley.Body {
		return &parley.ContactTry{Movement: r, Means: parley.LiaisonRadio, At: now}
	},
	"liaison.log": func(r parley.Ref, now int64) parley.Body {
		return &parley.LiaisonLog{With: r, Means: parley.LiaisonRadio, At: now}
	},
	"channel.status": func(r parley.Ref, now int64) parley.Body {
		return &parley.ChannelStatus{With: r, State: parley.LineOpen, Since: now}
	},
	"testcall":       func(r parley.Ref, now int64) parley.Body { return &parley.TestCall{To: r, At: now} },
	"force.withdraw": func(r parley.Ref, _ int64) parley.Body { return &parley.ForceWithdraw{Force: r} },
	"area.end":       func(r parley.Ref, _ int64) parley.Body { return &parley.AreaEnd{Area: r} },
	"area.amend": func(r parley.Ref, now int64) parley.Body {
		return &parley.AreaAmend{Of: cast.V(r, 1), Area: parley.Area{Shape: cast.Square(cast.At(35.1, 39.1), 0.01), Window: geo.Window{From: now, To: now + parley.Hour}, Head: parley.ListHead{Party: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)}}}
	},
	"area.told": func(r parley.Ref, _ int64) parley.Body {
		return &parley.AreaTold{Area: r, Words: words, Place: cast.At(35.1, 39.1), Distance: 100}
	},
	"area.readback": func(r parley.Ref, now int64) parley.Body {
		return &parley.AreaReadback{Of: cast.V(r, 1), Center: cast.At(35.9528, 39.0079), Extent: 100, From: now, To: now + 1}
	},
	"area.object": func(r parley.Ref, _ int64) parley.Body {
		return &parley.AreaObject{Of: cast.V(r, 1), Reason: parley.OtherReason}
	},
	"area.withdraw": func(r parley.Ref, _ int64) parley.Body {
		return &parley.AreaWithdraw{Area: r, Reason: parley.OtherReason}
	},
	"area.dispute": func(r parley.Ref, _ int64) parley.Body { return &parley.AreaContest{Of: cast.V(r, 1), Words: words} },
	"harm.report":  func(r parley.Ref, now int64) parley.Body { return &parley.HarmReport{Object: r, At: now} },
	"correction.open": func(r parley.Ref, _ int64) parley.Body {
		return &parley.CorrectionOpen{Harm: r, Party: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)}
	},
	"correction.answer": func(r parley.Ref, _ int64) parley.Body {
		return &parley.CorrectionAnswer{Correction: r, Cause: parley.UnderReview}
	},
	"incident.record": func(r parley.Ref, now int64) parley.Body {
		i := eventAbout(now)
		if r.Kind() == parley.RefHarm {
			i.Harms = []parley.Ref{r}
		} else {
			i.Objects = []parley.Ref{r}
		}
		return &parley.IncidentRecord{Incident: i}
	},
	"incident.update": func(r parley.Ref, now int64) parley.Body {
		return &parley.IncidentUpdate{Of: cast.V(r, 1), Incident: eventAbout(now), Reason: "correction", Words: words}
	},
	"incident.link": func(r parley.Ref, _ int64) parley.Body {
		return &parley.IncidentLink{Incident: r, Harms: []parley.Ref{parley.MakeRef(parley.RefHarm, parley.Hash{8}, 5)}}
	},
	"incident.match": func(r parley.Ref, _ int64) parley.Body {
		return &parley.IncidentMatch{Incident: r, Other: parley.MakeRef(parley.RefIncident, parley.Hash{8}, 5)}
	},
	"incident.close": func(r parley.Ref, _ int64) parley.Body { return &parley.IncidentClose{Incident: r, Words: words} },
	"claim.record": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "fact", Speaker: words, Speech: parley.DirectSpeech, Language: "en", Quotation: words, About: []parley.Ref{r}}}
	},
	"claim.relate": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ClaimRelate{Claim: r, Other: parley.MakeRef(parley.RefIncident, parley.Hash{8}, 5)}
	},
	"assessment.make": func(r parley.Ref, _ int64) parley.Body {
		b := &parley.AssessmentMake{Of: r, Reliability: "A", Credibility: 1, Words: words}
		if r.Kind() == parley.RefIncident {
			b.Grade = "fair"
		}
		return b
	},
	"response.ask": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ResponseAsk{Incident: r, Party: parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)}
	},
	"response.give": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ResponseGive{Incident: r, Response: "rejected"}
	},
	"evidence.add": func(r parley.Ref, now int64) parley.Body {
		return &parley.EvidenceAdd{File: parley.File{SHA256: parley.Hash{1}, Size: 1, Stated: "image/png", Found: "image/png"}, Name: words, About: []parley.Ref{r}, Obtained: "made", At: now}
	},
	"evidence.custody": func(r parley.Ref, now int64) parley.Body {
		return &parley.EvidenceCustody{Evidence: r, Action: parley.CustodyExamined, At: now}
	},
	"hold.end": func(r parley.Ref, _ int64) parley.Body {
		return &parley.HoldEnd{Of: r, Reason: "inquiry_ended", Words: words}
	},
	"screening.open": func(r parley.Ref, now int64) parley.Body {
		return &parley.ScreeningOpen{Subject: words, SubjectKind: "person", As: "staff", About: r, Editions: []parley.Hash{{5}}}
	},
	"screening.repeat": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ScreeningRepeat{Screening: r, Editions: []parley.Hash{{5}}}
	},
	"screening.decide": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ScreeningDecide{Screening: r, Entry: "UN:QDe.900", Reason: "other_body", Words: words}
	},
	"screening.appeal": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ScreeningAppeal{Screening: r, Entry: "UN:QDe.900", From: "subject", Words: words}
	},
	"screening.note": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ScreeningNote{Screening: r, Words: words}
	},
	"site.adopt": func(r parley.Ref, now int64) parley.Body {
		s := parley.Site{Category: "school", Names: []parley.LocalName{{Language: "en", Name: words}}, Shape: cast.Point(cast.At(35.1001, 39.1001)), Obtained: parley.Obtained{Method: parley.ByMap, Accuracy: 9}, Occupancy: "unknown",
			Contact: parley.Contact{Phone: words}, From: now - now%parley.Day, Shared: parley.Sharing{Sensitivity: parley.High}}
		if r.Kind() == parley.RefFound {
			return &parley.SiteAdopt{Found: r, Asked: parley.AskedNobody, Site: s}
		}
		return &parley.SiteAdopt{Of: &parley.Versioned{Ref: r, Version: 1}, Asked: parley.AskedNobody, Site: s}
	},
	"site.hand": func(r parley.Ref, _ int64) parley.Body {
		return &parley.SiteHand{Of: parley.Versioned{Ref: r, Version: 1}, To: parley.MakeRef(parley.RefOrganisation, parley.Hash{8}, 5)}
	},
	"found.close": func(r parley.Ref, _ int64) parley.Body {
		if r.Kind() == parley.RefSite {
			return &parley.FoundClose{Found: parley.MakeRef(parley.RefFound, parley.Hash{8}, 5), Reason: parley.FoundKnown, Known: r}
		}
		return &parley.FoundClose{Found: r, Reason: parley.FoundInError}
	},
	"area.open": func(r parley.Ref, now int64) parley.Body {
		return &parley.AreaOpen{Seal: r, Area: parley.SealedArea{Shape: cast.Square(cast.At(35.1, 39.1), 0.01), Window: geo.Window{From: now, To: now + 1}}}
	},
	"correction.close": func(r parley.Ref, _ int64) parley.Body { return &parley.CorrectionClose{Correction: r} },
	"check.moved": func(r parley.Ref, _ int64) parley.Body {
		return &parley.CheckMoved{Check: r, To: cast.Point(cast.At(35.1, 39.1))}
	},
	"indication.answer": func(r parley.Ref, _ int64) parley.Body { return indicationAbout(r) },
	"stop.raise":        func(r parley.Ref, _ int64) parley.Body { return &parley.StopRaise{Object: r} },
	"stop.take":         func(r parley.Ref, _ int64) parley.Body { return &parley.StopTake{Stop: r} },
	"stop.pass":         func(r parley.Ref, _ int64) parley.Body { return &parley.StopPass{Stop: r, Echelon: parley.Unit} },
	"stop.effect": func(r parley.Ref, _ int64) parley.Body {
		return &parley.StopEffectReport{Stop: r, Effect: parley.NotOurs}
	},
	"stop.standdown": func(r parley.Ref, _ int64) parley.Body { return &parley.StopStandDown{Stop: r, Report: words} },
	"area.declare": func(r parley.Ref, now int64) parley.Body {
		return &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(cast.At(35.1, 39.1), 0.01), Window: geo.Window{From: now, To: now + parley.Hour}, Addressees: []parley.Ref{r}, Head: parley.ListHead{Party: r}}}
	},
	"check.record": func(r parley.Ref, now int64) parley.Body {
		return &parley.CheckRecord{Shape: cast.Square(cast.At(35.1, 39.1), 0.01), Window: geo.Window{From: now, To: now + parley.Hour}, Head: parley.ListHead{Party: r}}
	},
	"check.attest": func(r parley.Ref, now int64) parley.Body {
		return &parley.CheckAttest{Head: &parley.ListHead{Party: r, Position: 3}, On: now, Echelon: parley.Unit, Extent: cast.Point(cast.At(35.1, 39.1))}
	},
	"list.attest": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ListAttest{Head: &parley.ListHead{Party: r, Position: 3}, Echelon: parley.Unit}
	},
	"force.place": func(r parley.Ref, now int64) parley.Body {
		return &parley.ForcePlace{Shape: cast.Point(cast.At(35.1, 39.1)), Window: geo.Window{From: now, To: now + parley.Hour}, Addressees: []parley.Ref{r}}
	},
	"member.enrol": func(r parley.Ref, _ int64) parley.Body {
		return &parley.MemberEnrol{Invitation: r, Secret: "0123456789abcdef", Key: parley.PublicKey{1}, Name: words}
	},
	"line.propose": func(r parley.Ref, now int64) parley.Body { return &parley.LinePropose{Line: lineTo(r, now)} },
	"line.impose":  func(r parley.Ref, now int64) parley.Body { return &parley.LineImpose{Line: lineTo(r, now)} },
	"zone.propose": func(r parley.Ref, now int64) parley.Body { return &parley.ZonePropose{Line: zoneTo(r, now)} },
	"zone.impose":  func(r parley.Ref, now int64) parley.Body { return &parley.ZoneImpose{Line: zoneTo(r, now)} },
	"line.amend": func(r parley.Ref, now int64) parley.Body {
		return &parley.LineAmend{Of: cast.V(r, 1), Line: lineTo(someParty, now)}
	},
	"zone.amend": func(r parley.Ref, now int64) parley.Body {
		return &parley.ZoneAmend{Of: cast.V(r, 1), Line: zoneTo(someParty, now)}
	},
	"line.end": func(r parley.Ref, _ int64) parley.Body { return &parley.LineEnd{Line: r} },
	"zone.end": func(r parley.Ref, _ int64) parley.Body { return &parley.ZoneEnd{Zone: r} },
	"corridor.propose": func(r parley.Ref, now int64) parley.Body {
		c := corridorTo(someParty, now)
		c.Pause = r
		return &parley.CorridorPropose{Corridor: c}
	},
	"corridor.amend": func(r parley.Ref, now int64) parley.Body {
		return &parley.CorridorAmend{Of: cast.V(r, 1), Corridor: corridorTo(someParty, now)}
	},
	"corridor.status": func(r parley.Ref, _ int64) parley.Body {
		return &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: r, State: parley.ArrangementOpen}}
	},
	"pause.propose": func(r parley.Ref, now int64) parley.Body { return &parley.PausePropose{Pause: pauseTo(r, now)} },
	"pause.amend": func(r parley.Ref, now int64) parley.Body {
		return &parley.PauseAmend{Of: cast.V(r, 1), Pause: pauseTo(someParty, now)}
	},
	"pause.status": func(r parley.Ref, _ int64) parley.Body {
		return &parley.PauseStatus{StatusWord: parley.StatusWord{Of: r, State: parley.ArrangementEnded}}
	},
	"consent.give": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(r, 1)}}
	},
	"consent.refuse": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: cast.V(r, 1)}}
	},
	"consent.withdraw": func(r parley.Ref, _ int64) parley.Body {
		return &parley.ConsentWithdraw{ConsentWord: parley.ConsentWord{Of: cast.V(r, 1)}}
	},
	"crossing.notice": func(r parley.Ref, now int64) parley.Body {
		b := &parley.CrossingNotice{Of: cast.V(r, 1), Place: cast.At(35.9528, 39.0079), Window: geo.Window{From: now, To: now + parley.Hour}}
		if r.Kind() == parley.RefMovement {
			b.Of, b.Movement = cast.V(parley.MakeRef(parley.RefLine, parley.Hash{8}, 5), 1), r
		}
		return b
	},
	"crossing.answer": func(r parley.Ref, _ int64) parley.Body {
		return &parley.CrossingAnswer{Notice: r, Answer: parley.CrossingAgreed}
	},
	"crossing.event": func(r parley.Ref, now int64) parley.Body {
		return &parley.CrossingEvent{Line: r, Own: true, Place: cast.At(35.9528, 39.0079), At: now}
	},
	"presence.ask": func(r parley.Ref, _ int64) parley.Body { return &parley.PresenceAsk{Event: r, Party: someParty} },
	"presence.answer": func(r parley.Ref, _ int64) parley.Body {
		return &parley.PresenceAnswer{Event: r, Answer: parley.PresenceUnknown}
	},
	"warning.log": func(r parley.Ref, now int64) parley.Body {
		return &parley.WarningLog{Of: r, Means: "radio", Language: "ar", At: now, Words: words}
	},
	"offer.make": func(r parley.Ref, now int64) parley.Body { return offerAbout(r, now) },
	"offer.respond": func(r parley.Ref, _ int64) parley.Body {
		return &parley.OfferRespond{Offer: r, Response: parley.OfferAccepted}
	},
	"offer.fulfil": func(r parley.Ref, _ int64) parley.Body { return &parley.OfferFulfil{Offer: r} },
	"delivery.record": func(r parley.Ref, now int64) parley.Body {
		return &parley.DeliveryRecord{Of: r, PlannedAt: now, People: "unknown", Items: []parley.Item{{Item: "water", Unit: "m3", Planned: 1}}}
	},
	"outcome.record": func(r parley.Ref, now int64) parley.Body {
		return &parley.OutcomeRecord{Movement: r, Outcome: parley.Impeded, Reason: "road", At: now}
	},
}

// someParty does not exist.
var someParty = parley.MakeRef(parley.RefParty, parley.Hash{8}, 5)

func termsTo(r parley.Ref, shape geo.Shape, now int64) parley.Terms {
	return parley.Terms{Shape: shape, Window: geo.Window{From: now, To: now + parley.Hour}, Addressees: []parley.Ref{r}}
}

func lineTo(r parley.Ref, now int64) parley.Line {
	return parley.Line{LineKind: "no_fire", Basis: parley.BasisAgreement, Terms: termsTo(r, cast.Line(cast.At(35.1, 39.1), cast.At(35.2, 39.2)), now)}
}

func zoneTo(r parley.Ref, now int64) parley.Line {
	return parley.Line{LineKind: "protected", Basis: parley.BasisCustomary, Terms: termsTo(r, cast.Square(cast.At(35.1, 39.1), 0.01), now)}
}

func corridorTo(r parley.Ref, now int64) parley.Corridor {
	return parley.Corridor{Direction: parley.Along, Users: []parley.CorridorUser{"wounded"}, Terms: termsTo(r, cast.Line(cast.At(35.1, 39.1), cast.At(35.2, 39.2)), now)}
}

func pauseTo(r parley.Ref, now int64) parley.Pause {
	return parley.Pause{Users: []parley.CorridorUser{"wounded"}, Terms: termsTo(r, cast.Square(cast.At(35.1, 39.1), 0.01), now)}
}

// offerAbout names an account as whom the offer is made to, an offer as the one it counters, and anything else as what it is about.
func offerAbout(r parley.Ref, now int64) parley.Body {
	b := &parley.OfferMake{To: parley.Desk, OfferKind: "information", Text: words, Language: "en", Deadline: now + parley.Hour}
	switch r.Kind() {
	case parley.RefOrganisation, parley.RefParty:
		b.To = r
	case parley.RefOffer:
		b.Counter = r
	default:
		b.About = r
	}
	return b
}

// indicationAbout names an object of the area or check that is asked about, and the other way round.
func indicationAbout(r parley.Ref) parley.Body {
	b := &parley.IndicationAnswer{Of: r, Object: parley.MakeRef(parley.RefSite, parley.Hash{8}, 5), State: parley.IndicationDismissed, Reason: "area_changed"}
	if k := r.Kind(); k == parley.RefSite || k == parley.RefMovement || k == parley.RefPresence {
		b.Of, b.Object = parley.MakeRef(parley.RefArea, parley.Hash{8}, 5), r
	}
	return b
}

// Every kind of command whose body names a record has its place in the crawl.
func TestEveryCommandThatNamesARecordIsCrawled(t *testing.T) {
	without := map[parley.CommandKind]string{
		"site.notify": "names parties alone, which everyone knows", "movement.notify": "the same", "presence.notify": "the same",
		"area.seal": "names its own party alone", "delivery.note": "a node's", "read.note": "a node's", "refusal.count": "a node's", "stop.spooled": "a node's", "envelope.erase": "a node's",
	}
	for _, kind := range parley.CommandKinds() {
		if namesRecord(reflect.TypeOf(parley.NewBody(kind)).Elem()) && bodiesAbout[kind] == nil && without[kind] == "" {
			t.Errorf("%s names a record and is not crawled", kind)
		}
	}
}

func namesRecord(t reflect.Type) bool {
	if t == reflect.TypeFor[parley.Ref]() {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return namesRecord(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if namesRecord(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// What happens unseen moves no byte of any list.
func TestListsDoNotMoveForWhatIsHidden(t *testing.T) {
	s := newScene(t)
	watchers := []*cast.Person{s.Other, s.B.Officer, s.B.Adviser, s.Monitor}
	read := func() map[string]string {
		all := map[string]string{}
		for _, w := range watchers {
			token := s.session(w)
			for op, how := range crawled {
				if how == "list" {
					_, path, _ := strings.Cut(op, " ")
					all[string(w.Ref)+" "+op] = s.answer("GET", path, token, nil)
				}
			}
		}
		return all
	}
	before := read()
	now := s.clock.Load()
	here := cast.At(35.9528, 39.0079)
	out := s.Must(s.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, here, now, s.A.Ref)}
	})
	s.Release(cast.V(out.Ref, 1), s.A.Ref)
	s.Tell(s.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(out.Ref, 1), ReadBack: here})
	var list api.ListBody
	if err := json.Unmarshal([]byte(s.get("/v1/list", s.session(s.A.Officer))), &list); err != nil {
		t.Fatal(err)
	}
	s.Tell(s.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(here, 0.02), Window: geo.Window{From: now, To: now + parley.Hour}, Head: list.Head}})
	s.Tell(s.A.Officer, &parley.CheckRecord{Shape: cast.Square(here, 0.02), Window: geo.Window{From: now, To: now + parley.Hour}, Head: list.Head})
	s.Must(s.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(out.Ref, 1), To: s.A.Ref, Reason: d.Text("test")}
	})
	after := read()
	for key, want := range before {
		if after[key] != want {
			t.Errorf("%s moved from\n%s\nto\n%s", key, want, after[key])
		}
	}
}

// The stream carries what the account was told, and only that; numbers tell nothing about others; a revoked member is cut off.
func TestStreamCarriesOwnNoticesAloneAndEndsWithTheMember(t *testing.T) {
	s := newScene(t)
	token := s.session(s.B.Second)
	var inbox api.Inbox
	if err := json.Unmarshal([]byte(s.get("/v1/inbox", token)), &inbox); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("%s/v1/inbox/stream?from=%d", s.server.URL, inbox.Next), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	now := s.clock.Load()
	out := s.Must(s.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528, 39.0079), now, s.A.Ref)}
	})
	s.Release(cast.V(out.Ref, 1), s.A.Ref)
	fresh := s.Enrol(s.B.Ref, parley.Planner) // B is told of its own new member
	lines := bufio.NewScanner(r.Body)
	var events []string
	for len(events) < 1 && lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			events = append(events, data)
		}
	}
	var n struct {
		Number uint64
		Kind   parley.NoticeKind
		Object parley.Ref
	}
	if len(events) == 0 {
		t.Fatal("the stream ended without an event")
	}
	if err := json.Unmarshal([]byte(events[0]), &n); err != nil {
		t.Fatal(err)
	}
	if n.Kind != parley.NoticeEnrolled || n.Object != fresh.Ref || n.Number != inbox.Next {
		t.Errorf("first event %+v; expected number %d, the enrolment of %s", n, inbox.Next, fresh.Ref)
	}
	s.Tell(s.Trustees[0], &parley.MemberRevoke{Member: s.B.Second.Ref})
	ended := make(chan struct{})
	go func() {
		for lines.Scan() {
		}
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the stream of a revoked member goes on")
	}
	if got := s.answer("GET", "/v1/objects", token, nil); !strings.HasPrefix(got, "401") {
		t.Errorf("the session of a revoked member answers %s", got)
	}
}

// eventAbout returns an incident that names nothing.
func eventAbout(now int64) parley.Incident {
	return parley.Incident{IncidentKind: parley.OtherIncident, From: now, To: now, Precision: parley.PlaceUnknown, Sources: []parley.Source{{SourceKind: "media", Name: words, Reliability: "F", Credibility: 6}}, Certainty: "rumour"}
}
