package index

import (
	"math"
	"math/rand/v2"

	"parley/geo"
)

const day = 86_400_000

// wrap brings a longitude into the range of a position.
func wrap(units int64) int32 {
	return int32((units+540*geo.E7)%(360*geo.E7) - 180*geo.E7)
}

func move(p geo.Position, azimuth, metres float64) geo.Position {
	lon, lat := p.Degrees()
	lon, lat = lon*math.Pi/180, lat*math.Pi/180
	d := metres / 6371008.8
	lat2 := math.Asin(math.Sin(lat)*math.Cos(d) + math.Cos(lat)*math.Sin(d)*math.Cos(azimuth))
	lon2 := lon + math.Atan2(math.Sin(azimuth)*math.Sin(d)*math.Cos(lat), math.Cos(d)-math.Sin(lat)*math.Sin(lat2))
	return geo.Position{Lon: wrap(int64(math.Round(lon2 * 180 / math.Pi * geo.E7))), Lat: int32(math.Round(lat2 * 180 / math.Pi * geo.E7))}
}

// scene makes volumes around a few places, so that many of them meet: inland, at both poles, on the antimeridian and the equator.
type scene struct {
	*rand.Rand
	places []geo.Position
	spread float64 // metres
}

func newScene(seed uint64, spread float64) *scene {
	s := &scene{Rand: rand.New(rand.NewPCG(seed, 1)), spread: spread}
	for _, p := range [][2]float64{{35, 39}, {36.2, 37.1}, {90, 0}, {-90, 0}, {15, 180}, {-17, -179.98}, {0, 0}, {0.01, 180}, {67, 20}} {
		s.places = append(s.places, geo.Position{Lon: wrap(int64(p[1] * geo.E7)), Lat: int32(p[0] * geo.E7)})
	}
	return s
}

func (s *scene) size(low, high float64) float64 {
	return low * math.Exp(s.Float64()*math.Log(high/low))
}

func (s *scene) place() geo.Position {
	return move(s.places[s.IntN(len(s.places))], s.Float64()*2*math.Pi, s.spread*s.Float64())
}

func (s *scene) ring(p geo.Position, radius float64, corners int) geo.Ring {
	var ring geo.Ring
	turn := 2 * math.Pi
	if s.IntN(2) == 0 {
		turn = -turn
	}
	for i := range corners {
		ring = append(ring, move(p, (float64(i)+0.8*s.Float64())*turn/float64(corners), radius*(0.6+0.4*s.Float64())))
	}
	return append(ring, ring[0])
}

func (s *scene) line() []geo.Position {
	line := []geo.Position{s.place()}
	azimuth, leg := s.Float64()*7, s.size(20, 3000)
	for range 1 + s.IntN(25) {
		line = append(line, move(line[len(line)-1], azimuth, leg*(0.5+s.Float64())))
		azimuth += s.NormFloat64() * 0.4
	}
	return line
}

func (s *scene) shape() geo.Shape {
	switch k := s.IntN(10); {
	case k < 4:
		return geo.Shape{Kind: geo.Point, Points: []geo.Position{s.place()}}
	case k == 4:
		return geo.Shape{Kind: geo.MultiPoint, Points: []geo.Position{s.place(), s.place(), s.place()}}
	case k == 5:
		return geo.Shape{Kind: geo.MultiLineString, Lines: [][]geo.Position{s.line(), s.line()}}
	case k < 8:
		return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{s.line()}}
	case k == 8:
		p, r := s.place(), s.size(100, 8000)
		shape := geo.Shape{Kind: geo.MultiPolygon, Polygons: [][]geo.Ring{
			{s.ring(p, r, 12), s.ring(p, r/3, 3+s.IntN(6))}, {s.ring(s.place(), r/2, 7)},
		}}
		return shape
	}
	return geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{s.ring(s.place(), s.size(50, 10000), 4+s.IntN(30))}}}
}

func (s *scene) volume() geo.Volume {
	v := geo.Volume{Shape: s.shape().Normalize(), Buffer: int32(s.IntN(400)), Band: geo.AllAltitudes}
	if s.IntN(4) == 0 {
		v.Buffer = 0
	}
	if s.IntN(3) > 0 {
		v.Band.Low = int32(s.IntN(1000))
		v.Band.High = v.Band.Low + int32(s.IntN(1000))
	}
	v.Window = geo.Window{To: geo.Forever}
	if s.IntN(3) > 0 {
		v.Window.From = s.Int64N(30 * day)
		v.Window.To = v.Window.From + s.Int64N(10*day)
	}
	return v
}
