package parley_test

import (
	"reflect"
	"testing"

	"parley"
	"parley/geo"
)

func TestPositionFindings(t *testing.T) {
	syria := profile() // 35 to 49 E, 29 to 38 N
	fiji := profile()  // over the antimeridian: 176 E to 178 W
	fiji.SouthWest, fiji.NorthEast = at(176, -21), at(-178, -12)
	const (
		zero, swapped, outside, rounded, accuracy = parley.FindingZero, parley.FindingSwapped, parley.FindingOutside, parley.FindingRounded, parley.FindingAccuracy
	)
	exact := geo.Position{Lon: 390079123, Lat: 359528456}
	for _, c := range []struct {
		what     string
		profile  parley.Profile
		shape    geo.Shape
		accuracy int32
		want     []parley.Finding
	}{
		{"a sound place", syria, point(exact), 10, nil},
		{"both zero", syria, point(geo.Position{}), 10, []parley.Finding{zero, outside, rounded}},
		{"longitude zero", syria, point(geo.Position{Lat: exact.Lat}), 10, []parley.Finding{zero, outside}},
		{"latitude zero", syria, point(geo.Position{Lon: exact.Lon}), 10, []parley.Finding{zero, outside}},
		{"exchanged", syria, point(geo.Position{Lon: 329528456, Lat: 390079123}), 10, []parley.Finding{swapped}},
		{"exchanged, and in the theatre both ways", syria, point(geo.Position{Lon: 360000001, Lat: 370000001}), 10, nil},
		{"outside", syria, point(geo.Position{Lon: 123456789, Lat: 123456789}), 10, []parley.Finding{outside}},
		{"outside, and exchanged outside too", syria, point(geo.Position{Lon: 1700000001, Lat: 350000001}), 10, []parley.Finding{outside}},
		{"on the corner", syria, point(syria.SouthWest), 10, []parley.Finding{rounded}},
		{"one unit off the corner", syria, point(geo.Position{Lon: syria.SouthWest.Lon - 1, Lat: syria.SouthWest.Lat}), 10, []parley.Finding{outside}},
		{"hundredths of a degree", syria, point(geo.Position{Lon: 390100000, Lat: 359500000}), 10, []parley.Finding{rounded}},
		{"one of the two in hundredths", syria, point(geo.Position{Lon: 390100000, Lat: 359500001}), 10, nil},
		{"a square in hundredths", syria, square(geo.Position{Lon: 390100000, Lat: 359500000}), 10, nil},
		{"1,000 m", syria, point(exact), 1000, nil},
		{"1,001 m", syria, point(exact), 1001, []parley.Finding{accuracy}},
		{"accuracy not stated", syria, point(exact), 0, nil},
		{"one end outside", syria, line(exact, geo.Position{Lon: 500000001, Lat: 350000001}), 10, []parley.Finding{outside}},
		{"one end exchanged", syria, line(exact, geo.Position{Lon: 329528456, Lat: 390079123}), 10, []parley.Finding{swapped}},
		{"all at once", syria, point(geo.Position{}), 5000, []parley.Finding{zero, outside, rounded, accuracy}},

		{"west of the antimeridian", fiji, point(geo.Position{Lon: 1784419001, Lat: -181416001}), 10, nil},
		{"east of the antimeridian", fiji, point(geo.Position{Lon: -1799000001, Lat: -168000001}), 10, nil},
		{"on it", fiji, point(geo.Position{Lon: 180 * geo.E7, Lat: -168000001}), 10, nil},
		{"on it, from the other side", fiji, point(geo.Position{Lon: -180 * geo.E7, Lat: -168000001}), 10, nil},
		{"across the world", fiji, point(geo.Position{Lon: 100000001, Lat: -168000001}), 10, []parley.Finding{outside}},
		{"just past its east", fiji, point(geo.Position{Lon: -178*geo.E7 + 1, Lat: -168000001}), 10, []parley.Finding{outside}},
		{"a line over it", fiji, line(geo.Position{Lon: 1799000001, Lat: -168000001}, geo.Position{Lon: -1799000001, Lat: -168000001}), 10, nil},
	} {
		if got := c.profile.PositionFindings(c.shape, c.accuracy); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v; expected %v", c.what, got, c.want)
		}
	}
}

// A place whose longitude no latitude can be is never called exchanged, whatever the theatre.
func TestExchangedNeedsALatitude(t *testing.T) {
	p := profile()
	p.SouthWest, p.NorthEast = at(-170, -90), at(170, 90)
	if got := p.PositionFindings(point(geo.Position{Lon: 1750000001, Lat: 100000001}), 0); !reflect.DeepEqual(got, []parley.Finding{parley.FindingOutside}) {
		t.Errorf("%v; expected outside alone", got)
	}
}

func TestDefaultProfileIsValid(t *testing.T) {
	p := parley.DefaultProfile()
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	if !p.Contains(geo.Position{Lon: 180 * geo.E7, Lat: 90 * geo.E7}) || !p.Contains(geo.Position{Lon: -180 * geo.E7, Lat: -90 * geo.E7}) {
		t.Error("the default profile does not hold the whole world")
	}
}

// Every machine is whole: its moves join its states, nothing leaves a final state, and each state can be reached and told from the others.
func TestMachinesAreWhole(t *testing.T) {
	for _, m := range parley.Machines {
		seen := map[string]bool{}
		for _, s := range m.States {
			if seen[s.Name] || s.About == "" {
				t.Errorf("%s: state %q stands twice or says nothing", m.Name, s.Name)
			}
			seen[s.Name] = true
		}
		reached := map[string]bool{m.States[0].Name: true}
		for _, v := range m.Moves {
			if v.By == "" || !seen[v.To] || v.From != parley.Any && !seen[v.From] {
				t.Errorf("%s: a move from %q to %q by %q", m.Name, v.From, v.To, v.By)
			}
			if s, ok := m.Find(v.From); ok && s.Final {
				t.Errorf("%s: a move out of %s, which is final", m.Name, v.From)
			}
			reached[v.To] = true
		}
		for _, s := range m.States {
			if !reached[s.Name] {
				t.Errorf("%s: nothing leads to %s", m.Name, s.Name)
			}
			if s.Final && m.May(s.Name, s.Name) {
				t.Errorf("%s may go on from %s, which is final", m.Name, s.Name)
			}
		}
		if m.May("nowhere", m.States[0].Name) || m.May(m.States[0].Name, "nowhere") {
			t.Errorf("%s moves to or from a state it has not", m.Name)
		}
	}
}
