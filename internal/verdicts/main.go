// Command verdicts prints a digest of many verdicts of the conflict engine, so that two machines can be compared: it must be the same on all.
//
// What it asks about is laid out in integers alone. Each pair of shapes is asked about at the limit at which the verdict changes, to a hundredth of a millimetre, so that the
// referee decides; then all are asked of an index, where the map of geo.Sketch decides first, in arithmetic that may differ between machines.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"hash"
	"math/rand/v2"

	"parley/geo"
	"parley/index"
)

func main() {
	n := flag.Int("n", 10_000, "pairs of shapes")
	flag.Parse()
	sum, counts := digest(*n)
	fmt.Printf("%x %d pairs, %d within at the limit, %d conflicts in the index\n", sum, counts.pairs, counts.within, counts.conflicts)
}

type counts struct{ pairs, within, conflicts int }

func digest(n int) (sum []byte, c counts) {
	d := &digester{Hash: sha256.New(), layout: layout{rand.New(rand.NewPCG(51, 1))}}
	x := index.New()
	defer x.Close()
	var volumes []geo.Volume
	for i := range n {
		at := d.place()
		size := int32(100) << d.IntN(12) // 1 m to 2 km in units of latitude
		a := d.shape(at, size)
		b := d.shape(geo.Position{Lon: wrap(int64(at.Lon) + int64(d.within(3*size))), Lat: clamp(at.Lat + d.within(3*size))}, size)
		a, b = a.Normalize(), b.Normalize()
		limit := d.limit(a, b)
		d.number(limit)
		for _, at := range []int64{limit - 1, limit, limit + 1, limit + 10_000} {
			if d.verdict(geo.Within(a, b, float64(at)/limitShare)) {
				c.within++
			}
		}
		d.number(geo.DistanceMM(at, b.Bounds().Center()))
		d.number(a.AreaM2())
		v := geo.Volume{Shape: a, Buffer: int32(min(limit/limitShare, 5000)), Band: geo.AllAltitudes, Window: geo.Window{To: geo.Forever}}
		volumes = append(volumes, v)
		x.Put(index.ID(i), v)
		v.Shape, v.Buffer = b, 0
		volumes = append(volumes, v)
		c.pairs++
	}
	for _, v := range volumes {
		for _, id := range x.Find(v) {
			d.number(int64(id))
			c.conflicts++
		}
	}
	return d.Sum(nil), c
}

// digester writes verdicts into a hash.
type digester struct {
	hash.Hash
	layout
}

func (d *digester) number(v int64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(v))
	d.Write(b[:])
}

func (d *digester) verdict(yes bool) bool {
	if yes {
		d.number(1)
	} else {
		d.number(0)
	}
	return yes
}

// limitShare is how many parts of a metre a limit counts.
const limitShare = 100_000

// limit returns the least number of parts of a metre within which two shapes come.
func (d *digester) limit(a, b geo.Shape) int64 {
	low, high := int64(-1), int64(21_000_000*limitShare)
	f, g := geo.NewFigure(a), geo.NewFigure(b)
	for high-low > 1 {
		if mid := (low + high) / 2; f.Within(g, geo.NewReach(float64(mid)/limitShare)) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// layout makes shapes from integers.
type layout struct{ *rand.Rand }

func wrap(lon int64) int32 {
	return int32((lon+540*geo.E7)%(360*geo.E7) - 180*geo.E7)
}

func clamp(lat int32) int32 { return max(-90*geo.E7, min(lat, 90*geo.E7)) }

// within returns a number from -most to most.
func (l layout) within(most int32) int32 { return l.Int32N(2*most+1) - most }

// place is anywhere, with the poles, the antimeridian and the equator as likely as the rest.
func (l layout) place() geo.Position {
	p := geo.Position{Lon: int32(l.Int64N(360*geo.E7) - 180*geo.E7), Lat: l.within(80 * geo.E7)}
	switch l.IntN(6) {
	case 0:
		p.Lon = wrap(180*geo.E7 + int64(l.within(geo.E7/20)))
	case 1:
		p.Lat = 90*geo.E7 - l.Int32N(geo.E7/20)
	case 2:
		p.Lat = l.within(geo.E7 / 20)
	}
	return p
}

// spokes are directions around a place, in thousandths.
var spokes = [12][2]int64{{1000, 0}, {866, 500}, {500, 866}, {0, 1000}, {-500, 866}, {-866, 500}, {-1000, 0}, {-866, -500}, {-500, -866}, {0, -1000}, {500, -866}, {866, -500}}

func (l layout) shape(at geo.Position, size int32) geo.Shape {
	switch l.IntN(4) {
	case 0:
		return geo.Shape{Kind: geo.Point, Points: []geo.Position{at}}
	case 1:
		line := []geo.Position{at}
		for range 1 + l.IntN(6) {
			p := line[len(line)-1]
			line = append(line, geo.Position{Lon: wrap(int64(p.Lon) + int64(l.within(size))), Lat: clamp(p.Lat + l.within(size))})
		}
		return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{line}}
	}
	if at.Lat > 89*geo.E7 {
		at.Lat = 89 * geo.E7
	}
	ring := l.ring(at, size)
	rings := []geo.Ring{ring}
	if l.IntN(3) == 0 {
		rings = append(rings, l.ring(at, size/3))
	}
	return geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{rings}}
}

// ring is a star around a place whose corners lie between a half and the whole of a size away.
func (l layout) ring(at geo.Position, size int32) geo.Ring {
	var ring geo.Ring
	for _, s := range spokes {
		far := int64(size) * int64(500+l.IntN(501)) / 1000
		ring = append(ring, geo.Position{Lon: wrap(int64(at.Lon) + s[0]*far/1000), Lat: clamp(at.Lat + int32(s[1]*far/1000))})
	}
	return append(ring, ring[0])
}
