package api_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// Wall 1: every receipt carries the sentence that notification creates no protection and its absence removes none; a check says
// that it is not clearance.
func TestEveryAnswerAboutARecordCarriesItsSentence(t *testing.T) {
	h := newHouse(t)
	d := h.Draft()
	s, err := d.Sign(&parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528, 39.0079), cast.Start, h.A.Ref)}, h.Org.Key)
	if err != nil {
		t.Fatal(err)
	}
	status, text := h.post("/v1/commands", map[string]any{"envelope": json.RawMessage(s.Envelope), "payloads": s.Payloads})
	var result api.Result
	if err := json.Unmarshal(text, &result); err != nil || status != 201 {
		t.Fatalf("%d %s", status, text)
	}
	h.Release(cast.V(result.Ref, 1), h.A.Ref)
	officer := h.session(h.A.Officer)
	var list api.ListBody
	if err := json.Unmarshal([]byte(h.get("/v1/list", officer)), &list); err != nil {
		t.Fatal(err)
	}
	now := h.clock.Load()
	area := h.Tell(h.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(cast.At(35.9528, 39.0079), 0.01), Window: geo.Window{From: now, To: now + parley.Hour}, Head: list.Head}}).Ref
	check := h.Tell(h.A.Officer, &parley.CheckRecord{Shape: cast.Square(cast.At(33.9528, 43.0079), 0.01), Window: geo.Window{From: now, To: now + parley.Hour}, Head: list.Head}).Ref
	for what, body := range map[string]string{
		"the answer to a command": string(text),
		"the outcome":             h.get("/v1/commands/"+result.Name.String(), h.session(h.Org)),
		"the receipt":             h.get("/v1/commands/"+result.Name.String()+"/receipt", h.session(h.Org)),
		"the object":              h.get("/v1/objects/"+string(result.Ref), officer),
		"the area":                h.get("/v1/areas/"+string(area), officer),
		"the theatre":             h.get("/v1/theatre", ""),
	} {
		if !strings.Contains(body, parley.SentenceNotification) {
			t.Errorf("%s does not carry the sentence: %s", what, body)
		}
	}
	if body := h.get("/v1/checks/"+string(check), officer); !strings.Contains(body, "This is not clearance and does not show that precautions were taken.") {
		t.Errorf("a check without findings says %s", body)
	}
}

// Wall 3: what is asked of a party about its areas, checks and forces is place, time, addressees and the list it used. A new field
// has to be argued for here.
func TestNothingIsAskedAboutAnOperationButPlaceAndTime(t *testing.T) {
	allowed := []string{"area", "shape", "kind", "points", "lines", "polygons", "buffer", "band", "low", "high", "window", "from", "to", "addressees", "echelons", "urgent",
		"head", "party", "position", "count", "root", "of", "ref", "version", "force", "check", "center", "extent", "on", "echelon", "reason", "words", "place", "distance", "bearing",
		"commitment", "seal", "salt"} // a sealed area holds shape, buffer, band and window, and no more
	for _, kind := range parley.CommandKinds() {
		name, _, _ := strings.Cut(string(kind), ".")
		if name != "area" && name != "check" && name != "force" {
			continue
		}
		for _, field := range fieldsOf(reflect.TypeOf(parley.NewBody(kind)).Elem()) {
			if !slices.Contains(allowed, field) {
				t.Errorf("%s asks for %q", kind, field)
			}
		}
	}
}

// fieldsOf returns the names of all fields below a type, in lower case.
func fieldsOf(t reflect.Type) []string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return fieldsOf(t.Elem())
	case reflect.Struct:
		if t == reflect.TypeFor[geo.Position]() || t == reflect.TypeFor[parley.Commitment]() {
			return nil
		}
		var names []string
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				continue
			}
			if !f.Anonymous {
				names = append(names, strings.ToLower(f.Name))
			}
			names = append(names, fieldsOf(f.Type)...)
		}
		return names
	}
	return nil
}

// Wall 7: with the two parties exchanged, everyone is told the same.
func TestPartiesAreTreatedAlike(t *testing.T) {
	play := func(swap bool) map[string][]parley.NoticeKind {
		c, b := cast.NewBare(t)
		one, two := c.A, c.B
		if swap {
			one, two = two, one
		}
		ref := c.NotifyHospital(cast.At(35.9528, 39.0079))
		c.Release(cast.V(ref, 1), one.Ref)
		c.Tell(one.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9528, 39.0079)})
		c.Must(one.Officer, func(d *draft.Draft) parley.Body {
			return &parley.ObjectDispute{Of: cast.V(ref, 1), Reason: parley.OtherDispute}
		})
		c.Tell(two.Officer, &parley.ForcePlace{Shape: cast.Point(cast.At(35.9528, 39.0079)), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Addressees: []parley.Ref{one.Ref}})
		c.Tell(c.Org, &parley.StopRaise{Object: ref})
		told := map[string][]parley.NoticeKind{}
		for name, p := range map[string]*cast.Person{"one": one.Officer, "two": two.Officer, "notifier": c.Org, "desk": c.Verifier, "board": c.Trustees[0]} {
			m, _ := b.State.Session(draft.KeyOf(p.Key).ID())
			notices, _ := b.State.View(&m, b.At, func(parley.Commitment) string { return "" }).Inbox(0, 1000)
			for _, n := range notices {
				told[name] = append(told[name], n.Kind)
			}
		}
		return told
	}
	if a, b := play(false), play(true); !reflect.DeepEqual(a, b) {
		t.Errorf("told\n%v\nand with the parties exchanged\n%v", a, b)
	}
}
