package gazetteer

import (
	"fmt"
	"io"

	"parley/geo"
)

// The kinds of features that a map shows for orientation.
const (
	River = "river"
	Lake  = "lake"
	Admin = "admin" // a governorate or the like
)

// Landmark is a river, a lake or an administrative area.
type Landmark struct {
	Kind  string
	Name  Name
	Shape geo.Shape

	geometry []byte
}

// Orientation is what lies under the places on a map. Its lines are for orientation only: nothing is measured from them.
type Orientation struct {
	source    string
	landmarks []Landmark
}

// maxVertices bounds all the features of a file together, as a browser has to draw them.
const maxVertices = 200_000

// ReadOrientation reads a GeoJSON FeatureCollection (RFC 7946) with the properties kind, name_en and name_ar:
//
//	{"type": "FeatureCollection", "source": "…", "features": [
//	  {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[38.1, 36.1], [38.4, 35.9]]},
//	   "properties": {"kind": "river", "name_en": "Euphrates", "name_ar": "الفرات"}}]}
//
// kind is river (a line), lake or admin (a polygon); each has at least one name. Rings must be closed. Whether they cross themselves is not asked: official
// outlines do, and nothing is measured from them. Anything else is refused with a *Fault that names line and field.
func ReadOrientation(r io.Reader) (*Orientation, error) {
	o := &Orientation{}
	vertices := 0
	type properties struct {
		Kind    string `json:"kind"`
		English string `json:"name_en"`
		Arabic  string `json:"name_ar"`
	}
	source, err := readCollection(r, func(f *feature[properties]) *Fault {
		l := Landmark{Kind: f.Properties.Kind}
		var fault *Fault
		if l.Shape, fault = f.shape(); fault != nil {
			return fault
		}
		line := l.Shape.Kind == geo.LineString || l.Shape.Kind == geo.MultiLineString
		area := l.Shape.Kind == geo.Polygon || l.Shape.Kind == geo.MultiPolygon
		switch {
		case l.Kind != River && l.Kind != Lake && l.Kind != Admin:
			return f.fault("properties.kind", fmt.Sprintf("%q", l.Kind), "river, lake or admin")
		case l.Kind == River && !line:
			return f.fault("geometry.type", string(l.Shape.Kind), "LineString or MultiLineString for a river")
		case l.Kind != River && !area:
			return f.fault("geometry.type", string(l.Shape.Kind), "Polygon or MultiPolygon for a lake or an administrative area")
		}
		if fault := f.drawn(l.Shape); fault != nil {
			return fault
		}
		if vertices += l.Shape.Vertices(); vertices > maxVertices {
			return f.fault("geometry", fmt.Sprintf("more than %d positions so far", maxVertices), "fewer; simplify the outlines")
		}
		if l.Name, fault = f.names(f.Properties.English, f.Properties.Arabic, "name", true); fault != nil {
			return fault
		}
		var err error
		if l.geometry, err = l.Shape.GeoJSON(); err != nil {
			return geometryFault(f.line, f.field+".geometry", err)
		}
		o.landmarks = append(o.landmarks, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.source = source
	return o, nil
}

// drawn checks what a map needs to draw a shape.
func (f *feature[P]) drawn(s geo.Shape) *Fault {
	for i, line := range s.Lines {
		if len(line) < 2 {
			return f.fault(fmt.Sprintf("geometry line %d", i+1), fmt.Sprintf("%d position", len(line)), "two or more")
		}
	}
	for i, rings := range s.Polygons {
		for j, ring := range rings {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return f.fault(fmt.Sprintf("geometry polygon %d, ring %d", i+1, j+1), fmt.Sprintf("%d positions from %v to %v", len(ring), ring[0], ring[len(ring)-1]),
					"four or more, the last one equal to the first")
			}
		}
	}
	return nil
}

// Landmarks returns all features in the order of the file. The caller must not change them.
func (o *Orientation) Landmarks() []Landmark { return o.landmarks }

// Source returns what the file says of where it comes from.
func (o *Orientation) Source() string { return o.source }

// GeoJSON returns the features for the map, in a language: with the properties kind and name. It is written anew at each call.
func (o *Orientation) GeoJSON(language string) []byte {
	var c collection
	for _, l := range o.landmarks {
		c.add(l.geometry, "kind", l.Kind, "name", l.Name.In(language))
	}
	return c.end()
}
