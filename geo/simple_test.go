package geo

import "testing"

func TestALineThatMeetsItselfIsFound(t *testing.T) {
	at := func(pairs ...float64) (line []Position) {
		for i := 0; i < len(pairs); i += 2 {
			line = append(line, Position{Lon: int32(pairs[i+1] * E7), Lat: int32(pairs[i] * E7)})
		}
		return line
	}
	for what, c := range map[string]struct {
		line   []Position
		simple bool
	}{
		"two positions":                {at(35, 39, 36, 40), true},
		"a bend":                       {at(35, 39, 36, 40, 35, 41), true},
		"a cross":                      {at(35, 39, 36, 40, 36, 39, 35, 40), false},
		"a touch at a vertex":          {at(35, 39, 35, 41, 36, 41, 36, 40, 35, 40), false},
		"back over itself":             {at(35, 39, 35, 41, 35, 40), false},
		"closed":                       {at(35, 39, 36, 40, 35, 41, 35, 39), false},
		"over the antimeridian":        {at(35, 179, 35, -179, 36, -179, 36, 179), true},
		"crossing on the antimeridian": {at(35, 179, 36, -179, 36, 179, 35, -179), false},
		"twice the same position":      {at(35, 39, 35, 39, 36, 40), true},
	} {
		err := Shape{Kind: LineString, Lines: [][]Position{c.line}}.Simple()
		if (err == nil) != c.simple {
			t.Errorf("%s: %v; expected simple: %v", what, err, c.simple)
		}
		var f *Fault
		if err != nil {
			f = err.(*Fault)
			if f.Path == "" || f.Expected == "" {
				t.Errorf("%s: the fault %+v has no place or says not what was expected", what, f)
			}
		}
	}
}
