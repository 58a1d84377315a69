package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// The scenarios of practice.md E.15 that are about a channel which is alive, each on a real node whose time is simulated, looked at through
// the API alone. Their numbers are those of that list.

// read gets a path as a person and reads the answer.
func read[T any](h *house, p *cast.Person, path string) (v T) {
	h.T.Helper()
	if err := json.Unmarshal([]byte(h.get(path, h.session(p))), &v); err != nil {
		h.T.Fatalf("GET %s: %v", path, err)
	}
	return v
}

// pass lets simulated time go by.
func (h *house) pass(ms int64) {
	h.T.Helper()
	if err := h.node.Advance(h.T.Context(), h.node.Now()+ms); err != nil {
		h.T.Fatal(err)
	}
}

// told returns the kinds of the notices that an account got from a number on.
func (h *house) told(p *cast.Person, from uint64) (kinds []parley.NoticeKind, next uint64) {
	h.T.Helper()
	for {
		inbox := read[api.Inbox](h, p, "/v1/inbox?limit=1000&from="+number(from))
		if len(inbox.Notices) == 0 {
			return kinds, from
		}
		for _, n := range inbox.Notices {
			kinds = append(kinds, n.Kind)
		}
		from = inbox.Next
	}
}

func number(n uint64) string { b, _ := json.Marshal(n); return string(b) }

func holdingOf(f release.File, party parley.Ref, version int) *release.Holding {
	for i, h := range f.Holdings {
		if h.Party == party && h.Version == version {
			return &f.Holdings[i]
		}
	}
	return nil
}

func TestScenario3AnAcknowledgementGoesStaleAndAReminderRuns(t *testing.T) {
	h := simulatedHouse(t)
	here := cast.At(35.9528, 39.0079)
	site := h.NotifyHospital(here)
	h.Release(cast.V(site, 1), h.A.Ref)
	update := func(version int, at geo.Position) {
		h.Must(h.Org, func(d *draft.Draft) parley.Body {
			return &parley.SiteUpdate{Of: cast.V(site, version), Site: cast.Hospital(d, at, cast.Start, h.A.Ref)}
		})
		h.Release(cast.V(site, version+1), h.A.Ref)
	}
	update(1, cast.At(35.9531, 39.0079))
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(site, 2), ReadBack: cast.At(35.9531, 39.0079)})
	update(2, cast.At(35.9561, 39.0079))
	f := read[release.File](h, h.Org, "/v1/objects/"+string(site))
	if v2 := holdingOf(f, h.A.Ref, 2); v2 == nil || !v2.Stale || v2.Acknowledged == "" {
		t.Errorf("version 2 at the party: %+v; expected its acknowledgement shown stale", v2)
	}
	if v3 := holdingOf(f, h.A.Ref, 3); v3 == nil || v3.Acknowledged != "" || v3.Due == "" {
		t.Errorf("version 3 at the party: %+v; expected it to wait for an acknowledgement", v3)
	}
	_, before := h.told(h.A.Officer, 0)
	h.pass(25 * parley.Hour)
	kinds, _ := h.told(h.A.Officer, before)
	if !slices.Contains(kinds, parley.NoticeNoAnswer) {
		t.Errorf("a day later the party was told %v; expected the reminder", kinds)
	}
	if v3 := holdingOf(read[release.File](h, h.Org, "/v1/objects/"+string(site)), h.A.Ref, 3); v3.NoAnswer != 1 {
		t.Errorf("%+v; expected one deadline that passed without an answer, counted", v3)
	}
}

func TestScenario4AnotherOfficerTakesTheStop(t *testing.T) {
	h := simulatedHouse(t)
	site := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(site, 1), h.A.Ref)
	now := h.node.Now()
	h.Tell(h.A.Officer, &parley.RotaSet{Account: h.A.Ref, Shifts: []parley.Shift{{Member: h.A.Officer.Ref, From: now, To: now + parley.Day}, {Member: h.A.Second.Ref, From: now + parley.Hour, To: now + parley.Day}}})
	stop := h.Tell(h.Org, &parley.StopRaise{Object: site}).Ref
	h.pass(90 * parley.Second)
	h.Tell(h.A.Second, &parley.StopTake{Stop: stop})
	h.pass(10 * parley.Minute)
	s := read[release.Stop](h, h.Org, "/v1/stops/"+string(stop))
	if s.State != string(parley.StopTaken) || s.Step != 0 || len(s.Log) != 2 || s.Log[1].What != "taken" || !s.Log[1].OffRota || s.Log[1].At != parley.Stamp(now+90*parley.Second) {
		t.Errorf("%s, %+v; expected it taken after 90 s by an officer who was not on duty, and no step climbed", s.State, s.Log)
	}
}

func TestScenario5AnAreaCheckedAgainstAnOldListIsRefusedWithWhatIsMissing(t *testing.T) {
	h := simulatedHouse(t)
	here := cast.At(35.9528, 39.0079)
	old := read[api.ListBody](h, h.A.Officer, "/v1/list").Head
	first := h.NotifyHospital(here)
	h.Release(cast.V(first, 1), h.A.Ref)
	second := h.NotifyHospital(cast.At(35.9628, 39.0179))
	h.Release(cast.V(second, 1), h.A.Ref)
	now := h.node.Now()
	d := h.Draft()
	s, err := d.Sign(&parley.CheckRecord{Shape: cast.Square(here, 0.02), Window: geo.Window{From: now, To: now + parley.Day}, Head: old}, h.A.Officer.Key)
	if err != nil {
		t.Fatal(err)
	}
	status, body := h.post("/v1/commands", map[string]any{"envelope": json.RawMessage(s.Envelope)})
	var p api.Problem
	if err := json.Unmarshal(body, &p); err != nil || status != 409 || p.Code != parley.CodeStale {
		t.Fatalf("%d %s; expected the refusal of a stale list", status, body)
	}
	for _, ref := range []parley.Ref{first, second} {
		if !strings.Contains(string(body), string(ref)) {
			t.Errorf("%s does not name %s, which the old list does not have", body, ref)
		}
	}
	if checks := read[api.Page[release.Check]](h, h.A.Officer, "/v1/checks"); len(checks.Items) != 0 {
		t.Errorf("%d checks on record; expected that a refused one leaves none", len(checks.Items))
	}
}

func TestScenario6AChangeUnderWayReachesHoldersAndTheConvoySeesWhoHasIt(t *testing.T) {
	h := simulatedHouse(t)
	a, b, end := cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003)
	depart := h.node.Now() + parley.Hour
	convoy := func(d *draft.Draft, armed parley.Answer) parley.Movement {
		m := cast.Convoy(d, depart, a, b, end, h.A.Ref)
		m.Escort.Armed = armed
		return m
	}
	move := h.Must(h.Org, func(d *draft.Draft) parley.Body { return &parley.MovementNotify{Movement: convoy(d, parley.No)} }).Ref
	h.Release(cast.V(move, 1), h.A.Ref)
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(move, 1), ReadBack: b})
	h.pass(parley.Hour)
	h.Tell(h.Org, &parley.MovementReport{Movement: move, Status: parley.MovementDeparted, At: h.node.Now()})
	_, before := h.told(h.A.Officer, 0)
	h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementUpdate{Of: cast.V(move, 1), Movement: convoy(d, parley.Yes)}
	})
	kinds, _ := h.told(h.A.Officer, before)
	if !slices.Contains(kinds, parley.NoticeUpdated) && !slices.Contains(kinds, parley.NoticeReleased) {
		t.Errorf("the holder was told %v; expected the update at once", kinds)
	}
	held := read[release.File](h, h.A.Officer, "/v1/objects/"+string(move))
	if n := len(held.Versions); n != 2 || held.Versions[1].Escort != string(parley.Yes) {
		t.Errorf("the holder sees %d versions, the escort %+v; expected the armed escort in the newest", n, held.Versions[n-1].Escort)
	}
	own := read[release.File](h, h.Org, "/v1/objects/"+string(move))
	if v2 := holdingOf(own, h.A.Ref, 2); v2 == nil || !v2.Unverified || v2.Acknowledged != "" {
		t.Errorf("the convoy sees %+v; expected that the party has version 2, not yet verified, not yet acknowledged", v2)
	}
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(move, 2), ReadBack: b})
	if v2 := holdingOf(read[release.File](h, h.Org, "/v1/objects/"+string(move)), h.A.Ref, 2); v2.Acknowledged == "" {
		t.Errorf("the convoy sees %+v; expected that the party has acknowledged version 2", v2)
	}
}

func TestScenario8ChecksByTheDozenMeetAQuotaAndTellTheBoard(t *testing.T) {
	h := simulatedHouse(t)
	head := read[api.ListBody](h, h.A.Officer, "/v1/list").Head
	now := h.node.Now()
	_, before := h.told(h.Trustees[0], 0)
	quota := h.node.Now() // every check is taken in one hour of simulated time
	late := 0
	answers := make(chan string, 10)
	var waiting sync.WaitGroup
	for i := range 25 {
		d := h.Draft()
		s, err := d.Sign(&parley.CheckRecord{Shape: cast.Square(cast.At(35.1+float64(i)/100, 39.1), 0.004), Window: geo.Window{From: now, To: now + parley.Day}, Head: head}, h.A.Officer.Key)
		if err != nil {
			t.Fatal(err)
		}
		if i < 20 {
			if status, body := h.post("/v1/commands", map[string]any{"envelope": json.RawMessage(s.Envelope)}); status != 201 {
				t.Fatalf("check %d: %d %s", i, status, body)
			}
			continue
		}
		// Beyond the quota the answer comes 30 s late, by the theatre's time: nobody waits for it here.
		late++
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			answers <- fmt.Sprint(h.post("/v1/commands", map[string]any{"envelope": json.RawMessage(s.Envelope)}))
		}()
	}
	count := func() (n int) {
		kinds, _ := h.told(h.Trustees[0], before)
		for _, k := range kinds {
			if k == parley.NoticeQuota {
				n++
			}
		}
		return n
	}
	untilTold(t, "the board is told of each check beyond the quota", func() bool { return count() == late })
	if h.node.Now() != quota {
		t.Fatal("the clock has moved")
	}
	var counted uint64
	for _, c := range read[api.Page[release.Counts]](h, h.Trustees[0], "/v1/counts").Items {
		if c.Account == h.A.Ref {
			counted = uint64(c.Checks)
		}
	}
	if counted != 25 {
		t.Errorf("the board counts %d checks; expected 25, all on record", counted)
	}
	if checks := read[api.Page[release.Check]](h, h.A.Officer, "/v1/checks"); len(checks.Items) != 20 {
		t.Errorf("the party sees %d answers; expected 20 until the others' time has come", len(checks.Items))
	}
	if len(answers) != 0 {
		t.Errorf("an answer came before its time: %s", <-answers)
	}
	h.pass(31 * parley.Second)
	waiting.Wait()
	if checks := read[api.Page[release.Check]](h, h.A.Officer, "/v1/checks"); len(checks.Items) != 25 {
		t.Errorf("half a minute later the party sees %d answers; expected 25", len(checks.Items))
	}
}
