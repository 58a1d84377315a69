package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// GeoJSON returns s as a geometry of RFC 7946: decimal degrees, longitude first, exact to the unit. A shape over the antimeridian is not split.
func (s Shape) GeoJSON() ([]byte, error) {
	if f := s.lists(); f != nil {
		return nil, f
	}
	b := append([]byte(`{"type":"`), s.Kind...)
	b = append(b, `","coordinates":`...)
	switch s.Kind {
	case Point:
		b = appendPosition(b, s.Points[0])
	case MultiPoint:
		b = appendLine(b, s.Points)
	case LineString:
		b = appendLine(b, s.Lines[0])
	case MultiLineString:
		b = appendList(b, s.Lines, appendLine)
	case Polygon:
		b = appendPolygon(b, s.Polygons[0])
	case MultiPolygon:
		b = appendList(b, s.Polygons, appendPolygon)
	}
	return append(b, '}'), nil
}

func appendList[T any](b []byte, list []T, item func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, v)
	}
	return append(b, ']')
}

func appendPolygon(b []byte, rings []Ring) []byte {
	return appendList(b, rings, func(b []byte, r Ring) []byte { return appendLine(b, r) })
}

func appendLine(b []byte, line []Position) []byte { return appendList(b, line, appendPosition) }

func appendPosition(b []byte, p Position) []byte {
	b = appendDegrees(append(b, '['), p.Lon)
	return append(appendDegrees(append(b, ','), p.Lat), ']')
}

// appendDegrees writes units as decimal degrees without trailing zeros.
func appendDegrees(b []byte, v int32) []byte {
	u := int64(v)
	if u < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendInt(b, u/E7, 10)
	if u %= E7; u > 0 {
		b = append(b, '.')
		b = append(b, bytes.TrimRight(fmt.Appendf(nil, "%07d", u), "0")...)
	}
	return b
}

// node is a JSON array or number, the only things coordinates are made of.
type node struct {
	number string
	list   []node
	isList bool
}

// deepest is how far the coordinates of a MultiPolygon nest.
const deepest = 4

// ParseGeoJSON reads one geometry of RFC 7946 section 3.1, all but GeometryCollection. It returns a *Fault for anything else: other members than type,
// coordinates and bbox, members given twice, wrong nesting, positions that have not 2 or 3 numbers or lie out of range, text that is not JSON. Altitudes and bbox are read and left out; decimals
// beyond the seventh are rounded. Whether rings are closed and do not cross is for Validate to say. An edge over the antimeridian
// goes the shorter way.
func ParseGeoJSON(text []byte) (Shape, error) {
	s, err := parseGeometry(text)
	if err == nil {
		return s, nil
	}
	var f *Fault
	if !errors.As(err, &f) {
		f = fault("", err, "one GeoJSON geometry")
	}
	return Shape{}, f
}

func parseGeometry(text []byte) (Shape, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if open, err := d.Token(); err != nil {
		return Shape{}, err
	} else if open != json.Delim('{') {
		return Shape{}, fault("", fmt.Sprintf("%v", open), "a JSON object")
	}
	seen := map[string]bool{}
	var kind Kind
	var coordinates node
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return Shape{}, err
		}
		name, _ := token.(string)
		if seen[name] {
			return Shape{}, fault(name, "the member a second time", "each member once")
		}
		seen[name] = true
		switch name {
		case "type":
			value, err := d.Token()
			if err != nil {
				return Shape{}, err
			}
			text, ok := value.(string)
			if !ok {
				return Shape{}, fault("type", fmt.Sprintf("%v", value), "the name of a geometry")
			}
			kind = Kind(text)
		case "coordinates":
			if coordinates, err = parseNode(d, "coordinates", deepest); err != nil {
				return Shape{}, err
			}
		case "bbox":
			if _, err := parseNode(d, "bbox", 1); err != nil {
				return Shape{}, err
			}
		default:
			return Shape{}, fault(name, "the member "+strconv.Quote(name), "only type, coordinates and bbox")
		}
	}
	if _, err := d.Token(); err != nil {
		return Shape{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		return Shape{}, fault("", "more text after the geometry", "one geometry")
	}
	if !seen["type"] {
		return Shape{}, fault("type", "nothing", "the name of a geometry")
	}
	return shapeOf(kind, coordinates, seen["coordinates"])
}

func parseNode(d *json.Decoder, path string, depth int) (node, error) {
	token, err := d.Token()
	if err != nil {
		return node{}, err
	}
	switch v := token.(type) {
	case json.Number:
		return node{number: v.String()}, nil
	case json.Delim:
		if v != '[' {
			break
		}
		if depth == 0 {
			return node{}, fault(path, "a list within the numbers of a position", "numbers")
		}
		n := node{isList: true}
		for d.More() {
			item, err := parseNode(d, fmt.Sprintf("%s[%d]", path, len(n.list)), depth-1)
			if err != nil {
				return node{}, err
			}
			n.list = append(n.list, item)
		}
		_, err := d.Token()
		return n, err
	}
	return node{}, fault(path, fmt.Sprintf("%v", token), "a number or a list")
}

func shapeOf(kind Kind, n node, given bool) (Shape, error) {
	s := Shape{Kind: kind}
	var err error
	switch kind {
	case Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon:
	default:
		return Shape{}, fault("type", strconv.Quote(string(kind)), "Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon")
	}
	if !given {
		return Shape{}, fault("coordinates", "nothing", "the positions of the geometry")
	}
	const path = "coordinates"
	switch kind {
	case Point:
		var p Position
		p, err = readPosition(path, n)
		s.Points = []Position{p}
	case MultiPoint:
		s.Points, err = readList(path, n, readPosition)
	case LineString:
		var line []Position
		line, err = readLine(path, n)
		s.Lines = [][]Position{line}
	case MultiLineString:
		s.Lines, err = readList(path, n, readLine)
	case Polygon:
		var rings []Ring
		rings, err = readPolygon(path, n)
		s.Polygons = [][]Ring{rings}
	case MultiPolygon:
		s.Polygons, err = readList(path, n, readPolygon)
	}
	if err != nil {
		return Shape{}, err
	}
	return s, nil
}

func readList[T any](path string, n node, item func(string, node) (T, error)) ([]T, error) {
	if !n.isList || len(n.list) == 0 {
		return nil, fault(path, n.describe(), "a list that is not empty")
	}
	out := make([]T, len(n.list))
	for i, v := range n.list {
		var err error
		if out[i], err = item(fmt.Sprintf("%s[%d]", path, i), v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readPolygon(path string, n node) ([]Ring, error) {
	return readList(path, n, func(path string, n node) (Ring, error) { return readLine(path, n) })
}

func readLine(path string, n node) ([]Position, error) { return readList(path, n, readPosition) }

func readPosition(path string, n node) (Position, error) {
	if !n.isList {
		return Position{}, fault(path, n.describe(), "a position: longitude and latitude")
	}
	if len(n.list) != 2 && len(n.list) != 3 {
		return Position{}, fault(path, fmt.Sprintf("%d numbers", len(n.list)), "2 or 3: longitude, latitude and perhaps altitude")
	}
	var p Position
	for i, v := range n.list {
		at := fmt.Sprintf("%s[%d]", path, i)
		if v.isList {
			return Position{}, fault(at, v.describe(), "a number")
		}
		degrees, err := strconv.ParseFloat(v.number, 64)
		if err != nil {
			return Position{}, fault(at, v.number, "a number of ordinary size")
		}
		switch {
		case i == 0 && math.Abs(degrees) > 180:
			return Position{}, fault(at, v.number, "a longitude of -180 to 180 degrees")
		case i == 1 && math.Abs(degrees) > 90:
			return Position{}, fault(at, v.number, "a latitude of -90 to 90 degrees")
		case i == 0:
			p.Lon = int32(math.Round(degrees * E7))
		case i == 1:
			p.Lat = int32(math.Round(degrees * E7))
		}
	}
	return p, nil
}

func (n node) describe() string {
	if n.isList {
		return fmt.Sprintf("a list of %d", len(n.list))
	}
	return "the number " + n.number
}
