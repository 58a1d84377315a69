package main

import (
	"bytes"
	"encoding"
	"errors"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/api"
	"parley/geo"
)

func TestArgumentsAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		into  encoding.TextUnmarshaler
		text  string
		sound bool
	}{
		{&when{}, "2026-03-01T06:00:00Z", true}, {&when{}, "2026-03-01T09:00:00+03:00", true}, {&when{}, "2026-03-01T09:00", true},
		{&when{}, "now", true}, {&when{}, "+26h", true}, {&when{}, "-90m", true}, {&when{}, "+2d", true},
		{&when{}, "tomorrow", false}, {&when{}, "2026-13-01T00:00", false}, {&when{}, "", false}, {&when{}, "+2 weeks", false},
		{&circle{}, "35.95, 39.01, 800m", true}, {&circle{}, "37S EV 00901 78402, 2km", true}, {&circle{}, "35.95, 39.01, 1.5 km", true},
		{&circle{}, "35.95, 39.01", false}, {&circle{}, "35.95, 39.01, 0", false}, {&circle{}, "35.95, 39.01, -5m", false}, {&circle{}, "35.95, 39.01, NaN", false},
		{&circle{}, "800m", false}, {&circle{}, "35.95, 39.01, 300km", false},
		{&ref{}, "desk", true}, {&ref{}, "SITE", false}, {&versioned{}, "SITE-7K3F-Q2", false}, {&hash{}, "00", false},
	} {
		err := c.into.UnmarshalText([]byte(c.text))
		if (err == nil) != c.sound {
			t.Errorf("%T %q: %v; expected sound: %v", c.into, c.text, err, c.sound)
		}
		if err != nil && problemOf(err).Expected == "" {
			t.Errorf("%T %q: %v says nothing of what was expected", c.into, c.text, err)
		}
	}
}

func TestLocalTimesAreReadInTheTheatresZone(t *testing.T) {
	var w when
	if err := w.UnmarshalText([]byte("2026-03-01T09:00")); err != nil {
		t.Fatal(err)
	}
	got, err := w.in(&api.Theatre{Profile: parley.Profile{Zone: "Asia/Damascus"}})
	if want := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC).UnixMilli(); err != nil || got != want {
		t.Errorf("read %s, %v; expected %s", parley.Stamp(got), err, parley.Stamp(want))
	}
	if _, err := w.in(&api.Theatre{Profile: parley.Profile{Zone: "Nowhere/Nothing"}}); err == nil {
		t.Error("a zone that there is not was taken")
	}
}

// In an exercise with simulated time, now is the theatre's.
func TestNowIsTheTheatresTimeWhereItIsSimulated(t *testing.T) {
	var w when
	if err := w.UnmarshalText([]byte("+2h")); err != nil {
		t.Fatal(err)
	}
	got, err := w.in(&api.Theatre{Clock: parley.ClockSimulated, Now: "2017-09-01T06:00:00.000Z"})
	if want := time.Date(2017, 9, 1, 8, 0, 0, 0, time.UTC).UnixMilli(); err != nil || got != want {
		t.Errorf("read %s, %v; expected %s", parley.Stamp(got), err, parley.Stamp(want))
	}
	if got, err = w.in(&api.Theatre{Clock: parley.ClockReal, Now: "2017-09-01T06:00:00.000Z"}); err != nil || got < time.Now().Add(time.Hour).UnixMilli() {
		t.Errorf("read %s, %v in a theatre that keeps real time; expected two hours from now", parley.Stamp(got), err)
	}
}

// Nothing of the circle is left out of the polygon that is drawn around it, and not much is added.
func TestCirclesAreDrawnAroundTheirRadius(t *testing.T) {
	for _, text := range []string{"35.95, 39.01, 800m", "89.5, 10, 20km", "-0.001, 179.999, 5km", "60, -120, 200km"} {
		var c circle
		if err := c.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		shape := c.shape()
		if err := shape.Validate(geo.MaxVertices); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		shape = shape.Normalize()
		for bearing := int32(0); bearing < 360; bearing++ {
			rim := geo.Destination(c.Position, bearing, c.radius)
			if !geo.Within(shape, point(rim), 0.5) {
				t.Errorf("%s: the point at bearing %d lies outside", text, bearing)
			}
			if far := geo.Destination(c.Position, bearing, c.radius+c.radius/100+5); geo.Within(shape, point(far), 0) {
				t.Errorf("%s: a point 1 %% further at bearing %d lies inside", text, bearing)
			}
		}
	}
}

func TestConsentsAreReadFromFlags(t *testing.T) {
	party := parley.MakeRef(parley.RefParty, parley.Hash{7}, 5)
	for text, want := range map[string]parley.Consent{
		string(party):                         {To: party, Precision: parley.Exact},
		string(party) + "=coarse":             {To: party, Precision: parley.Coarse},
		string(party) + "=exact:name+contact": {To: party, Precision: parley.Exact, Fields: []parley.Field{"name", "contact"}},
		string(party) + ":plates":             {To: party, Precision: parley.Exact, Fields: []parley.Field{"plates"}},
	} {
		var c consent
		if err := c.UnmarshalText([]byte(text)); err != nil || c.To != want.To || c.Precision != want.Precision || len(c.Fields) != len(want.Fields) {
			t.Errorf("%s: read %+v, %v; expected %+v", text, c.Consent, err, want)
		}
	}
	var c consent
	if err := c.UnmarshalText([]byte(string(party) + "=fuzzy")); err == nil {
		t.Error("a precision that there is not was taken")
	}
}

func TestDigitsOfEveryScriptAreRead(t *testing.T) {
	for text, want := range map[string]string{"١٢٣٤٥٦٧٨٩٠": "1234567890", "۱۲۳": "123", "१२": "12", "10": "10", "abc": "abc"} {
		if got := western(text); got != want {
			t.Errorf("%s: read %q; expected %q", text, got, want)
		}
	}
}

// The exit status tells what was taken, what was refused and what could not be read.
func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		line   string
		status int
		says   string
	}{
		{"position 35.95 N 39.01 E", taken, "MGRS"},
		{"position 95 N 39.01 E", refused, "expected"},
		{"--help", taken, "Usage: parley"},
		{"ack --help", taken, "Example:"},
		{"", misused, "expected one of"},
		{"nothing", misused, "unexpected argument"},
		{"ack SITE-1/v1 --read-back 35.95,39.01", misused, "reference"},
		{"release", misused, "expected"},
		{"--json position", misused, `"code":`},
		{"--server http://127.0.0.1:1 theatre", refused, "couldn't reach the server"},
		{"--server http://127.0.0.1:1 list sites", misused, "key"},
	} {
		var out, diag bytes.Buffer
		got := run(strings.Fields(c.line), strings.NewReader(""), &out, &diag)
		if text := out.String() + diag.String(); got != c.status || !strings.Contains(text, c.says) {
			t.Errorf("parley %s: status %d, %s; expected %d and %q", c.line, got, text, c.status, c.says)
		}
	}
}

// A problem says where, what was read, what was expected, what is missing, what to do, and the id.
func TestProblemsSayAllTheyKnow(t *testing.T) {
	var diag bytes.Buffer
	a := &app{globals: &globals{}, err: &diag}
	p := problemOf(&parley.Fault{Code: parley.CodeStale, Field: "body.head", Read: "the list at position 1", Expected: "the list at position 2"})
	p.ID, p.Missing, p.Findings = "abc", []parley.Versioned{{Ref: parley.Desk, Version: 1}}, []parley.Finding{parley.FindingSwapped}
	a.fail(errors.Join(p))
	for _, want := range []string{"list_stale", "body.head", "position 1", "position 2", "DESK/v1", "swapped_position", "change places", "--confirm", "abc"} {
		if !strings.Contains(diag.String(), want) {
			t.Errorf("read %s; expected %q in it", diag.String(), want)
		}
	}
}
