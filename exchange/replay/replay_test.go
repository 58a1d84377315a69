package replay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/exchange/replay"
	"parley/internal/need"
)

// open returns the cases of the open set, by file, and the invented timeline of the examples.
func open(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(need.Shared(t, "replays"), "*-*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 6 {
		t.Fatalf("%d open cases; expected 6", len(files))
	}
	texts := map[string][]byte{"timeline.json": ford(t)}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(f)] = text
	}
	return texts
}

func ford(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(need.Root(), "examples", "timeline.json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEveryOpenCaseIsRead(t *testing.T) {
	for file, text := range open(t) {
		c, err := replay.Read(text)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		var raw struct {
			Events, Expected, Objects []any
			Actors                    []struct {
				InPublicRecord string `json:"in_public_record"`
			}
		}
		if err := json.Unmarshal(text, &raw); err != nil {
			t.Fatal(err)
		}
		if len(c.Events) != len(raw.Events) || len(c.Expected) != len(raw.Expected) || len(c.Objects) != len(raw.Objects) {
			t.Errorf("%s: %d events, %d expectations and %d objects; the file has %d, %d and %d", file, len(c.Events), len(c.Expected), len(c.Objects), len(raw.Events), len(raw.Expected), len(raw.Objects))
		}
		kept, err := json.Marshal([]any{c.Actors, c.Objects})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range raw.Actors {
			if strings.Contains(string(kept), a.InPublicRecord) {
				t.Errorf("%s: what an actor is called in the public record was kept: %s", file, a.InPublicRecord)
			}
		}
	}
}

func TestACaseIsReadInFull(t *testing.T) {
	c, err := replay.Read(ford(t))
	if err != nil {
		t.Fatal(err)
	}
	if at := c.Place.At; at.Lat != 15_000_000 || at.Lon != -1_502_500_000 {
		t.Errorf("the place is %v", at)
	}
	if c.Zone.Offset != -10*time.Hour {
		t.Errorf("the offset is %v; expected -10 h", c.Zone.Offset)
	}
	m := c.Object("m1")
	if m == nil || len(m.Geometry.Points) != 2 || m.Geometry.Points[1].Lat != 16_000_000 || fmt.Sprint(m.More["notified_phases"]) != "[drive]" {
		t.Errorf("the movement is %+v", m)
	}
	e := c.Event("e5")
	if e == nil || !e.Urgent || e.Data["reached"] != false || e.At != time.Date(2031, 3, 1, 11, 2, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("the call is %+v", e)
	}
	if lead, ok := e.Lead(e.At - 3*parley.Minute); !ok || lead != 3*time.Minute {
		t.Errorf("the lead is %v, %v; expected 3 minutes", lead, ok)
	}
	if _, ok := c.Event("e3").Lead(0); ok {
		t.Error("a lead was measured to a time that only orders")
	}
	if known := c.Known(&c.Expected[0]); len(known.Events) != 2 || len(c.Events) != 5 {
		t.Errorf("%d of %d events are known; expected 2 of 5", len(known.Events), len(c.Events))
	}
	if c.Event("e9") != nil || c.Object("e1") != nil || c.Actor("m1") != nil {
		t.Error("something was found by a name of nothing")
	}
}

// A fault is told with its place, what was read and what was expected.
func TestFaultsAreToldWithTheirPlace(t *testing.T) {
	for name, x := range map[string]struct{ old, new, field, read, expected string }{
		"unknown kind of event":        {`"kind": "harm"`, `"kind": "attack"`, "events[3].kind", `"attack"`, "one of notify, update"},
		"unknown kind of warning":      {`"what": "ack_missing"`, `"what": "all_missing"`, "expected[0].what", `"all_missing"`, "one of ack_missing"},
		"a day that is not":            {"2031-03-01T09:00:00Z", "2031-02-29T09:00:00Z", "events[1].t", `"2031-02-29T09:00:00Z"`, "a time in UTC"},
		"a time with another zone":     {"2031-03-01T09:00:00Z", "2031-03-01T09:00:00+02:00", "events[1].t", `+02:00"`, "a time in UTC"},
		"before the event before it":   {"2031-03-01T09:00:00Z", "2031-03-01T07:00:00Z", "events[1].t", "2031-03-01T07:00:00", "on, that of the event before it"},
		"a reference to nothing":       {`"refs": ["m1", "e4"]`, `"refs": ["m1", "m7"]`, "events[4].refs[1]", `"m7"`, "an object of the case"},
		"a reference to a later event": {`"kind": "harm", "refs": ["m1"]`, `"kind": "harm", "refs": ["e5"]`, "events[3].refs[0]", `"e5"`, "an event before this one"},
		"a reference to itself":        {`"kind": "harm", "refs": ["m1"]`, `"kind": "harm", "refs": ["e4"]`, "events[3].refs[0]", `"e4"`, "an event before this one"},
		"an answer before its object":  {`"kind": "notify", "refs": ["m1"]`, `"kind": "acknowledge", "refs": ["m1"]`, "", "", ""},
		"given is not before":          {`"given": ["e1", "e2"]`, `"given": ["e1", "e4"]`, "expected[0].given[1]", `"e4"`, "an event before e4"},
		"due before nothing":           {`"before": "e4", "level": "must"`, `"before": "e8", "level": "must"`, "expected[0].before", `"e8"`, "an event of the case"},
		"nobody of that name":          {`"actor": "p1", "kind": "harm"`, `"actor": "p7", "kind": "harm"`, "events[3].actor", `"p7"`, "an actor"},
		"to nobody":                    {`"to": ["p1"], "urgent"`, `"to": ["p9"], "urgent"`, "events[4].to[0]", `"p9"`, "an actor"},
		"an owner who is not":          {`"owner": "p1"`, `"owner": "p2"`, "objects[1].owner", `"p2"`, "an actor"},
		"no such source":               {`"result": {"event": "e4", "text": "The boat sank", "source": ["s1"]`, `"result": {"event": "e4", "text": "The boat sank", "source": ["s2"]`, "result.source[0]", `"s2"`, "a source"},
		"a claim about nothing":        {`"about": "e4"`, `"about": "e44"`, "claims[0].about", `"e44"`, "an event, object or actor"},
		"no such result":               {`"result": {"event": "e4"`, `"result": {"event": "m1"`, "result.event", `"m1"`, "an event"},
		"two objects of one name":      {`"id": "a1"`, `"id": "m1"`, "objects[1].id", `"m1"`, "another name than that of objects[0]"},
		"an event named as an object":  {`"id": "e3"`, `"id": "a1"`, "events[2].id", `"a1"`, "another name than that of objects[1]"},
		"an argument that is not":      {`"buffer_m": 0`, `"buffer": 0`, "expected[1].args.buffer", "0", "no member of this name"},
		"an argument of another kind":  {`"buffer_m": 0`, `"buffer_m": "0"`, "expected[1].args.buffer_m", `"0"`, "a number of at least 0"},
		"an argument that names none":  {`"area": "a1", "buffer_m"`, `"area": "a2", "buffer_m"`, "expected[1].args.area", `"a2"`, "an object"},
		"a circle without radius":      {`"radius_m": 400, `, ``, "objects[1].geometry.radius_m", "nothing", "a Circle has one"},
		"a line with a radius":         {`"type": "LineString", `, `"type": "LineString", "radius_m": 3, `, "objects[0].geometry.radius_m", "3", "a LineString has no radius_m"},
		"north of the pole":            {`[1.6, -150.25]`, `[91.6, -150.25]`, "objects[0].geometry.points[1][0]", "91.6", "a number from -90 to 90"},
		"three of two":                 {`[1.6, -150.25]`, `[1.6, -150.25, 7]`, "objects[0].geometry.points[1]", "7]", "a latitude and a longitude"},
		"a member that is not":         {`"urgent": true`, `"urgency": true`, "events[4].urgency", "true", "no member of this name"},
		"a member that is missing":     {`"never": ["approval_state"],`, ``, "never", "nothing", "required"},
		"an offset of no zone":         {`"-10:00"`, `"-19:00"`, "time_zone.utc_offset", `"-19:00"`, "between -14:00 and +14:00"},
		"another form":                 {`"parley-replay/1"`, `"parley-replay/2"`, "schema", `"parley-replay/2"`, "parley-replay/1"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(string(ford(t)), x.old, x.new, 1)
			if name == "an answer before its object" {
				text = strings.Replace(text, `"kind": "acknowledge", "refs": ["m1"], "level"`, `"kind": "notify", "refs": ["m1"], "level"`, 1)
				x.field, x.read, x.expected = "events[0].refs[0]", `"m1"`, "events[1] enters it only later"
			}
			if text == string(ford(t)) {
				t.Fatal("nothing was changed")
			}
			c, err := replay.Read([]byte(text))
			var f *parley.Fault
			if !errors.As(err, &f) || c != nil {
				t.Fatalf("read as %v, %v; expected a fault", c, err)
			}
			if f.Code != parley.CodeInvalid || f.Field != x.field || !strings.Contains(f.Read, x.read) || !strings.Contains(f.Expected, x.expected) {
				t.Errorf("the fault is %v; expected one at %s that read %s and expected %s", f, x.field, x.read, x.expected)
			}
		})
	}
}

func TestWhatIsNoJSONIsToldAsSuch(t *testing.T) {
	for name, x := range map[string]struct {
		text  string
		code  parley.Code
		field string
	}{
		"nothing":        {"", parley.CodeMalformed, ""},
		"half of it":     {string(ford(t)[:400]), parley.CodeMalformed, ""},
		"one name twice": {strings.Replace(string(ford(t)), `"id": "e4",`, `"id": "e4", "id": "e6",`, 1), parley.CodeMalformed, "events[3].id"},
		"a list":         {"[]", parley.CodeInvalid, "$"},
		"too much":       {strings.Repeat(" ", replay.MaxBytes+1), parley.CodeTooLarge, ""},
	} {
		_, err := replay.Read([]byte(x.text))
		var f *parley.Fault
		if !errors.As(err, &f) || f.Code != x.code || x.field != "" && f.Field != x.field {
			t.Errorf("%s: %v; expected %s at %q", name, err, x.code, x.field)
		}
	}
}

// Other names and other days make another case of the same worth.
func TestACaseMovedInNamesAndTimeIsRead(t *testing.T) {
	stamp := regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"`)
	for file, text := range open(t) {
		c, err := replay.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		moved := string(text)
		for i, e := range c.Events {
			moved = strings.ReplaceAll(moved, `"`+e.ID+`"`, fmt.Sprintf(`"renamed-%d"`, i))
		}
		moved = stamp.ReplaceAllStringFunc(moved, func(s string) string {
			at, err := time.Parse(`"2006-01-02T15:04:05Z"`, s)
			if err != nil {
				t.Fatal(err)
			}
			return at.AddDate(0, 0, 1000).Format(`"2006-01-02T15:04:05Z"`)
		})
		other, err := replay.Read([]byte(moved))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for i := range c.Events {
			if got := other.Events[i].At - c.Events[i].At; got != 1000*parley.Day || other.Events[i].ID == c.Events[i].ID {
				t.Errorf("%s: event %d is %d ms later and named %s", file, i, got, other.Events[i].ID)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(ford(f))
	f.Add([]byte(`{"schema":"parley-replay/1"}`))
	f.Add([]byte(`{"a":{"b":[1,{"a":1,"a":2}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := replay.Read(text)
		if (c == nil) == (err == nil) {
			t.Fatalf("read as %v with %v", c, err)
		}
		var fault *parley.Fault
		if err != nil && (!errors.As(err, &fault) || fault.Read == "" || fault.Expected == "") {
			t.Fatalf("a fault without what was read and expected: %v", err)
		}
		if c != nil {
			for i := range c.Expected {
				if known := c.Known(&c.Expected[i]); len(known.Events) == 0 || len(known.Events) >= len(c.Events) {
					t.Fatalf("%d of %d events are known before %s", len(known.Events), len(c.Events), c.Expected[i].Before)
				}
			}
		}
	})
}
