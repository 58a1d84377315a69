package geo

import "testing"

func TestUnionTakesTheNarrowerWayRound(t *testing.T) {
	box := func(w, s, e, n int32) Box {
		return Box{Min: Position{Lon: w * E7, Lat: s * E7}, Max: Position{Lon: e * E7, Lat: n * E7}}
	}
	for _, c := range []struct{ a, b, want Box }{
		{box(10, 0, 20, 5), box(30, -5, 40, 3), box(10, -5, 40, 5)},
		{box(10, 0, 20, 5), box(12, 1, 13, 2), box(10, 0, 20, 5)},
		{box(170, 0, 175, 5), box(-175, 0, -170, 5), box(170, 0, -170, 5)},
		{box(175, 0, -175, 5), box(-160, 0, -150, 5), box(175, 0, -150, 5)},
	} {
		for _, got := range []Box{c.a.Union(c.b), c.b.Union(c.a)} {
			if got != c.want {
				t.Errorf("%v and %v: %v, expected %v", c.a, c.b, got, c.want)
			}
		}
	}
}

func TestDestinationLiesAtItsDistance(t *testing.T) {
	from := Position{Lon: 40 * E7, Lat: 35 * E7}
	for bearing := int32(0); bearing < 360; bearing += 15 {
		to := Destination(from, bearing, 9000)
		if d := DistanceMM(from, to); d < 8_999_950 || d > 9_000_050 {
			t.Errorf("bearing %d: %d mm away, expected 9000000 within the rounding of positions", bearing, d)
		}
	}
	if south := Destination(from, 180, 9000); south.Lon != from.Lon || south.Lat >= from.Lat {
		t.Errorf("south of %v: %v", from, south)
	}
}
