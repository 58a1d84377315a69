package workload

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"parley/geo"
)

// Scene lays out volumes and queries like those of the common workload (70 % sites, 20 % routes, 10 % areas, within 60 days), but for one
// thing that an index may be bad at.
type Scene struct {
	Name  string
	About string
	place func(*rand.Rand) geo.Position
	only  func(*layout) // lays out every volume, in place of the three kinds
	span  func(*layout) // changes the window of a volume
	ask   func(*layout) // changes a query
}

// Scenes are all of them.
var Scenes = []Scene{
	{Name: "spread", About: "all over a country and around forty towns", place: towns(40, 20_000)},
	{Name: "city", About: "all within one city", place: around(44.36, 33.31, 5000)},
	{Name: "nation", About: "every volume is a polygon as large as a country", place: towns(40, 20_000), only: (*layout).nation},
	{Name: "north", About: "everything at 75 degrees north", place: band(75)},
	{Name: "same", About: "every volume is the same site", place: around(44.36, 33.31, 2000), only: (*layout).sameSite},
	{Name: "minute", About: "every window is one minute", place: towns(40, 20_000), span: (*layout).minute, ask: (*layout).minute},
}

// SceneNamed returns the scene of a name.
func SceneNamed(name string) (Scene, error) {
	at := slices.IndexFunc(Scenes, func(s Scene) bool { return s.Name == name })
	if at < 0 {
		var names []string
		for _, s := range Scenes {
			names = append(names, s.Name)
		}
		return Scene{}, fmt.Errorf("scene: read %q, expected one of %q", name, names)
	}
	return Scenes[at], nil
}

const (
	sceneStart  = 1_767_225_600_000 // 2026-01-01T00:00:00Z
	scenePeriod = 60 * 86_400_000
	hour        = 3_600_000
)

// layout is one volume in the making.
type layout struct {
	*rand.Rand
	at geo.Position
	v  geo.Volume
}

// Volumes yields n volumes. The i-th depends on the scene and i alone.
func (s Scene) Volumes(n int) iter.Seq2[Item, error] { return s.items("v", 1, n) }

// Queries yields n queries, whose windows all have an end.
func (s Scene) Queries(n int) iter.Seq2[Item, error] { return s.items("q", 2, n) }

func (s Scene) items(prefix string, stream uint64, n int) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for i := range n {
			l := &layout{Rand: rand.New(rand.NewPCG(stream, uint64(i)))}
			l.at = s.place(l.Rand)
			if query := stream == 2; s.only != nil && !query {
				s.only(l)
			} else {
				l.kind(query)
				if query && s.ask != nil {
					s.ask(l)
				}
			}
			if s.span != nil {
				s.span(l)
			}
			text, err := l.v.Shape.GeoJSON()
			if !yield(Item{ID: fmt.Sprint(prefix, i), Geometry: text, Volume: l.v}, err) {
				return
			}
		}
	}
}

// kind lays out a site, a route or an area.
func (l *layout) kind(query bool) {
	d := int64(l.between(hour, 30*24*hour))
	from := sceneStart + (l.Int64N(scenePeriod-d))/1000*1000
	l.v.Window = geo.Window{From: from, To: from + d/1000*1000}
	switch k := l.Float64(); {
	case k < 0.7:
		l.v.Shape = geo.Shape{Kind: geo.Point, Points: []geo.Position{l.at}}
		l.v.Buffer = 50 + l.Int32N(451)
		l.v.Band = geo.Band{High: 150 + l.Int32N(2851)}
		if !query {
			l.v.Window = geo.Window{From: sceneStart, To: sceneStart + scenePeriod}
		}
	case k < 0.9:
		l.route()
	default:
		l.area(l.between(1000, 30_000)/2, 5+l.IntN(56))
	}
}

func (l *layout) route() {
	n := 10 + l.IntN(31)
	leg := l.between(5000, 60_000) / float64(n-1)
	line := []geo.Position{l.at}
	bearing := l.Float64() * 2 * math.Pi
	for range n - 1 {
		line = append(line, offset(line[len(line)-1], bearing, leg*(0.5+l.Float64())))
		bearing += l.NormFloat64() * 20 * math.Pi / 180
	}
	l.v.Shape = geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{line}}.Normalize()
	l.v.Buffer = 100 + l.Int32N(401)
	l.v.Band = geo.Band{High: 100 + l.Int32N(401)}
	if l.IntN(2) == 0 {
		l.v.Band.Low = 500 + l.Int32N(3501)
		l.v.Band.High = l.v.Band.Low + 300 + l.Int32N(1201)
	}
}

func (l *layout) area(half float64, corners int) {
	var ring geo.Ring
	for i := range corners {
		a := (float64(i) + 0.8*l.Float64()) * 2 * math.Pi / float64(corners)
		ring = append(ring, offset(l.at, -a, half*(0.6+0.4*l.Float64())))
	}
	l.v.Shape = geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{append(ring, ring[0])}}}.Normalize()
	if l.IntN(2) == 1 {
		l.v.Band.Low = 1 + l.Int32N(5000)
	}
	l.v.Band.High = l.v.Band.Low + 300 + l.Int32N(5701)
}

func (l *layout) nation() {
	l.kind(true)
	l.v.Buffer, l.v.Band = 0, geo.Band{}
	l.area(l.between(200_000, 800_000)/2, 60+l.IntN(141))
}

func (l *layout) sameSite() {
	l.v = geo.Volume{
		Shape:  geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: 443_600_000, Lat: 333_100_000}}},
		Buffer: 250, Band: geo.Band{High: 1000}, Window: geo.Window{From: sceneStart, To: sceneStart + scenePeriod},
	}
}

func (l *layout) minute() {
	from := sceneStart + l.Int64N(scenePeriod-60_000)/1000*1000
	l.v.Window = geo.Window{From: from, To: from + 60_000}
}

// between returns a number whose logarithm is evenly spread.
func (l *layout) between(low, high float64) float64 {
	return low * math.Exp(l.Float64()*math.Log(high/low))
}

// towns are places of which 40 % lie anywhere in a box of some countries and the others around towns.
func towns(count int, sigma float64) func(*rand.Rand) geo.Position {
	const west, south, wide, high = 355_000_000, 290_000_000, 133_000_000, 84_000_000
	anywhere := func(r *rand.Rand) geo.Position {
		return geo.Position{Lon: west + r.Int32N(wide), Lat: south + r.Int32N(high)}
	}
	r := rand.New(rand.NewPCG(3, 1))
	var centers []geo.Position
	for range count {
		centers = append(centers, anywhere(r))
	}
	return func(r *rand.Rand) geo.Position {
		if r.Float64() < 0.4 {
			return anywhere(r)
		}
		return scatter(r, centers[r.IntN(count)], sigma)
	}
}

func around(lon, lat, sigma float64) func(*rand.Rand) geo.Position {
	center := geo.Position{Lon: int32(lon * geo.E7), Lat: int32(lat * geo.E7)}
	return func(r *rand.Rand) geo.Position { return scatter(r, center, sigma) }
}

// band are places within half a degree of a latitude and 50 degrees of longitude.
func band(lat int32) func(*rand.Rand) geo.Position {
	return func(r *rand.Rand) geo.Position {
		return geo.Position{Lon: r.Int32N(50 * geo.E7), Lat: lat*geo.E7 - geo.E7/2 + r.Int32N(geo.E7)}
	}
}

// scatter returns a place near another, in both directions normally spread.
func scatter(r *rand.Rand, p geo.Position, sigma float64) geo.Position {
	return offset(p, r.Float64()*2*math.Pi, sigma*math.Sqrt(-2*math.Log(1-r.Float64())))
}

// offset goes some metres on a bearing in radians, on a sphere: it only lays out shapes.
func offset(p geo.Position, bearing, metres float64) geo.Position {
	lon, lat := p.Degrees()
	lon, lat = lon*math.Pi/180, lat*math.Pi/180
	d := metres / 6371008.8
	to := math.Asin(math.Sin(lat)*math.Cos(d) + math.Cos(lat)*math.Sin(d)*math.Cos(bearing))
	lon += math.Atan2(math.Sin(bearing)*math.Sin(d)*math.Cos(lat), math.Cos(d)-math.Sin(lat)*math.Sin(to))
	return geo.Position{Lon: int32(math.Round(math.Remainder(lon*180/math.Pi, 360) * geo.E7)), Lat: int32(math.Round(to * 180 / math.Pi * geo.E7))}
}
