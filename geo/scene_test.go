package geo

import (
	"math"
	"math/rand/v2"
)

// move goes from p by metres on a sphere; only to lay out shapes.
func move(p Position, azimuth, metres float64) Position {
	eastOf, northOf := p.Degrees()
	south := northOf * math.Pi / 180
	d := metres / 6371008.8
	lat := math.Asin(math.Sin(south)*math.Cos(d) + math.Cos(south)*math.Sin(d)*math.Cos(azimuth))
	lon := eastOf*math.Pi/180 + math.Atan2(math.Sin(azimuth)*math.Sin(d)*math.Cos(south), math.Cos(d)-math.Sin(south)*math.Sin(lat))
	return Position{
		Lon: wrapLon(int64(math.Round(lon * 180 / math.Pi * E7))),
		Lat: int32(math.Round(lat * 180 / math.Pi * E7)),
	}
}

// anywhere returns a place on Earth, with poles and antimeridian as likely as the rest.
func anywhere(r *rand.Rand) Position {
	p := Position{Lon: int32(r.Int64N(360*E7) - 180*E7 + 1), Lat: int32(r.Int64N(160*E7) - 80*E7)}
	switch r.IntN(4) {
	case 0:
		p.Lon = wrapLon(180*E7 + r.Int64N(E7/10) - E7/20)
	case 1:
		p.Lat = 90*E7 - r.Int32N(E7/10)
		if r.IntN(2) == 0 {
			p.Lat = -p.Lat
		}
	}
	return p
}

// star returns a simple ring around p.
func star(r *rand.Rand, p Position, radius float64, corners int) Ring {
	var ring Ring
	for i := range corners {
		a := (float64(i) + 0.8*r.Float64()) * 2 * math.Pi / float64(corners)
		ring = append(ring, move(p, -a, radius*(0.6+0.4*r.Float64())))
	}
	return append(ring, ring[0])
}

// track returns a line that starts at p.
func track(r *rand.Rand, p Position, legs int, metres float64) []Position {
	line := []Position{p}
	azimuth := r.Float64() * 2 * math.Pi
	for range legs {
		line = append(line, move(line[len(line)-1], azimuth, metres*(0.5+r.Float64())))
		azimuth += r.NormFloat64() * 0.5
	}
	return line
}

// shapeAt returns a random shape around p, of the given size in metres.
func shapeAt(r *rand.Rand, p Position, size float64) Shape {
	switch r.IntN(6) {
	case 0:
		return Shape{Kind: Point, Points: []Position{p}}
	case 1:
		return Shape{Kind: MultiPoint, Points: []Position{p, move(p, r.Float64()*7, size)}}
	case 2:
		return Shape{Kind: LineString, Lines: [][]Position{track(r, p, 1+r.IntN(8), size/3)}}
	case 3:
		q := move(p, r.Float64()*7, size*2)
		return Shape{Kind: MultiPolygon, Polygons: [][]Ring{{star(r, p, size/2, 5)}, {star(r, q, size/2, 6)}}}
	case 4:
		hole := star(r, p, size/3, 3+r.IntN(6))
		outer := star(r, p, size, 12)
		return Shape{Kind: Polygon, Polygons: [][]Ring{{outer, hole}}}
	}
	return Shape{Kind: Polygon, Polygons: [][]Ring{{star(r, p, size, 5+r.IntN(20))}}}
}
