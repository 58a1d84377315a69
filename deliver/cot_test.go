package deliver

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/need"
	"parley/release"
)

// element is a parsed element, for comparing.
type element struct {
	Name     string
	Attrs    map[string]string
	Children []*element
	Text     string
}

func parseXML(t testing.TB, text []byte) *element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(text)))
	root := &element{}
	stack := []*element{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		top := stack[len(stack)-1]
		switch v := token.(type) {
		case xml.StartElement:
			e := &element{Name: v.Name.Local, Attrs: map[string]string{}}
			for _, a := range v.Attr {
				e.Attrs[a.Name.Local] = a.Value
			}
			top.Children = append(top.Children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.Text += string(v)
		}
	}
	if len(root.Children) != 1 {
		t.Fatalf("%d events in %q", len(root.Children), text)
	}
	return root.Children[0]
}

// lines writes an element as lines: path, attributes, text. Words that are ours to choose are left out.
func (e *element) lines(path string) []string {
	path += "/" + e.Name
	var attrs []string
	for k, v := range e.Attrs {
		if k != "uid" && k != "callsign" {
			attrs = append(attrs, k+"="+v)
		} else {
			attrs = append(attrs, k)
		}
	}
	slices.Sort(attrs)
	all := []string{fmt.Sprint(path, attrs)}
	for _, c := range e.Children {
		all = append(all, c.lines(path)...)
	}
	return all
}

func (e *element) child(name string) *element {
	for _, c := range e.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func at(lat, lon float64) geo.Position { return cast.At(lat, lon) }

// Each event has the elements, attributes and values of the sample of its kind; only uid, callsign and remarks are our own.
func TestEventsAreThoseOfTheSamples(t *testing.T) {
	now, until := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC), "2026-03-31T06:00:00Z"
	w := cotWriter{theatre: "b36c7f7b", stale: 10 * time.Minute}
	point := release.Object{Ref: "SITE-7K3F-Q2", Version: 2, Precision: parley.Exact, Category: "hospital", Geometry: release.Geometry{Shape: cast.Point(at(31.52411, 34.44627))}, KeepOut: 250, Until: until}
	square := release.Object{Ref: "SITE-7K3F-Q2", Version: 2, Precision: parley.Coarse, Geometry: release.Geometry{Shape: geo.Shape{Kind: geo.Polygon,
		Polygons: [][]geo.Ring{{{at(31.49, 34.44), at(31.49, 34.46), at(31.51, 34.46), at(31.51, 34.44), at(31.49, 34.44)}}}}}, Until: until}
	for _, c := range []struct {
		sample string
		object release.Object
		which  int
	}{{"site-point.cot", point, 0}, {"site-circle.cot", point, 1}, {"area-polygon.cot", square, 0}} {
		t.Run(c.sample, func(t *testing.T) {
			sample, err := os.ReadFile(need.Shared(t, "vectors", "cot", "parley-samples", c.sample))
			if err != nil {
				t.Fatal(err)
			}
			text, err := w.site(&c.object, now)[c.which].encode()
			if err != nil {
				t.Fatal(err)
			}
			got, want := parseXML(t, text).lines(""), parseXML(t, sample).lines("")
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("wrote\n%s\n\nexpected\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// Types and required attributes are judged by MITRE's own schema, read as text: its pattern for types, its names of attributes.
func TestEveryMarkerIsNeutral(t *testing.T) {
	folder := need.Shared(t, "vectors", "cot", "mitre")
	schema, err := os.ReadFile(filepath.Join(folder, "CoT Base-Event Schema  (PUBLIC RELEASE).xsd"))
	if err != nil {
		t.Fatal(err)
	}
	required := regexp.MustCompile(`<xs:attribute name="([a-z]+)"(?: type="[^"]+")? use="required"`).FindAllStringSubmatch(string(schema), -1)
	if len(required) < 10 {
		t.Fatalf("%d required attributes in the schema, expected 10 at least", len(required))
	}
	patterns := regexp.MustCompile(`<xs:pattern value="([^"]+)"`).FindAllStringSubmatch(string(schema), -1)
	if len(patterns) < 2 {
		t.Fatalf("%d patterns in the schema, expected those of type and how", len(patterns))
	}
	forms := map[string]*regexp.Regexp{"type": regexp.MustCompile("^(?:" + patterns[0][1] + ")$"), "how": regexp.MustCompile("^(?:" + patterns[len(patterns)-1][1] + ")$")}
	w := cotWriter{theatre: "b36c7f7b", exercise: true, stale: 10 * time.Minute}
	now := time.Now()
	for _, category := range append(slices.Clone(parley.Categories), "a category of tomorrow") {
		o := release.Object{Ref: "SITE-7K3F-Q2", Version: 1, Precision: parley.Exact, Category: string(category), KeepOut: 100, Geometry: release.Geometry{Shape: cast.Square(place, 0.01)}}
		for _, e := range append(w.site(&o, now), w.removal("x", now), w.ping(now)) {
			text, err := e.encode()
			if err != nil {
				t.Fatal(err)
			}
			event := parseXML(t, text)
			if kind := event.Attrs["type"]; !strings.HasPrefix(kind, "a-n-") && kind != "u-d-f" && kind != "u-d-c-c" && kind != "t-x-d-d" && kind != "t-x-c-t" {
				t.Errorf("%s: type %q", category, kind)
			}
			if event.Attrs["opex"] != "e" {
				t.Errorf("%s: not marked as an exercise: %s", category, text)
			}
			for attribute, form := range forms {
				if !form.MatchString(event.Attrs[attribute]) {
					t.Errorf("%s %q, expected the form %s", attribute, event.Attrs[attribute], form)
				}
			}
			for _, r := range required {
				_, here := event.Attrs[r[1]]
				_, there := event.child("point").Attrs[r[1]]
				if !here && !there {
					t.Errorf("%s lacks %s", text, r[1])
				}
			}
			stale, err := time.Parse(time.RFC3339, event.Attrs["stale"])
			if err != nil || !stale.After(now) || stale.After(now.Add(11*time.Minute)) {
				t.Errorf("stale %q", event.Attrs["stale"])
			}
		}
	}
}

func TestDegreesLoseNothing(t *testing.T) {
	for v, want := range map[int32]string{0: "0.0", 1: "0.0000001", -1: "-0.0000001", 315241100: "31.52411", -1800000000: "-180.0", 344600000: "34.46"} {
		if got := degrees(v); got != want {
			t.Errorf("%d: %s, expected %s", v, got, want)
		}
	}
}

func TestACoarseReleaseHasNoMarker(t *testing.T) {
	o := release.Object{Ref: "SITE-7K3F-Q2", Version: 1, Precision: parley.Coarse, Geometry: release.Geometry{Shape: cast.Point(place).Coarse()}}
	events := cotWriter{theatre: "b36c7f7b", stale: time.Minute}.site(&o, time.Now())
	if len(events) != 1 || events[0].Type != "u-d-f" {
		t.Errorf("events %+v, expected the cell alone", events)
	}
}
