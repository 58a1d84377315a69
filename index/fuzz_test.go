package index

import (
	"encoding/binary"
	"testing"

	"parley/geo"
)

// FuzzChanges follows any list of changes with an index and with a plain list of volumes, and asks both.
func FuzzChanges(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 2, 3, 4, 9, 6, 7, 3, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{1, 1, 200, 200, 60, 5, 6, 7, 2, 1, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 4, 0, 0, 0, 0, 0, 0, 90, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		x := New()
		defer x.Close()
		held := map[ID]geo.Volume{}
		for ; len(data) >= 8; data = data[8:] {
			id := ID(data[1])
			switch data[0] % 8 {
			default:
				v := volumeFrom(data)
				x.Put(id, v)
				held[id] = v
			case 2:
				x.Remove(id)
				delete(held, id)
			case 3:
				q := volumeFrom(data)
				found := map[ID]bool{}
				for _, id := range x.Find(q) {
					found[id] = true
				}
				for id, v := range held {
					if geo.Conflict(v, q) != found[id] {
						t.Fatalf("volume %d: conflict is %v, found %v\n%v\n%v", id, !found[id], found[id], v, q)
					}
					delete(found, id)
				}
				if len(found) > 0 {
					t.Fatalf("found %v, which are not there", found)
				}
			case 4:
				before := int64(data[7]) * day / 16
				x.Expire(before)
				for id, v := range held {
					if v.Window.To <= before {
						delete(held, id)
					}
				}
			case 5:
				rest(x)
			case 6:
				x.mu.Lock()
				x.freeze()
				x.publish()
				x.mu.Unlock()
			}
			if x.Len() != len(held) {
				t.Fatalf("%d volumes, expected %d", x.Len(), len(held))
			}
		}
	})
}

// volumeFrom makes a valid volume of eight bytes: near one of a few places, among them a pole and the antimeridian.
func volumeFrom(b []byte) geo.Volume {
	at := [...]geo.Position{{Lon: 39_0000000, Lat: 35_9500000}, {Lon: 180 * geo.E7, Lat: 1000}, {Lon: 0, Lat: 899_990_000}, {Lon: -179_9990000, Lat: -650_000_000}}[b[6]%4]
	step := int32(1) << (b[5] % 21)
	at.Lon = wrap(int64(at.Lon) + int64(int8(b[2]))*int64(step))
	at.Lat = max(-90*geo.E7, min(at.Lat+int32(int8(b[3]))*step, 90*geo.E7))
	v := geo.Volume{Buffer: int32(binary.LittleEndian.Uint16(b[4:])) % 6000, Band: geo.AllAltitudes, Window: geo.Window{To: geo.Forever}}
	if b[7]%3 > 0 {
		v.Window = geo.Window{From: int64(b[7]) * day / 20, To: int64(b[7])*day/20 + int64(b[6])*1_234_567}
	}
	if b[7]%5 == 0 {
		v.Band = geo.Band{Low: int32(b[6]) - 100, High: int32(b[6]) + 40_000*int32(b[7]&1)}
	}
	to := func(east, north int64) geo.Position {
		return geo.Position{Lon: wrap(int64(at.Lon) + east*int64(step)), Lat: int32(max(-90*geo.E7, min(int64(at.Lat)+north*int64(step), 90*geo.E7)))}
	}
	shapes := []geo.Shape{
		{Kind: geo.LineString, Lines: [][]geo.Position{{at, to(30, 10), to(50, -20), to(90, 5), to(91, 40), to(60, 60), to(10, 80), to(-20, 70)}}},
		{Kind: geo.Polygon, Polygons: [][]geo.Ring{{{at, to(70, 3), to(60, 50), to(5, 60), at}, {to(20, 20), to(30, 40), to(40, 22), to(20, 20)}}}},
		{Kind: geo.MultiPoint, Points: []geo.Position{at, to(40, 1), to(3, 60)}},
	}
	if s := shapes[b[1]%3]; b[0]&16 != 0 && s.Validate(geo.MaxVertices) == nil {
		v.Shape = s.Normalize()
		return v
	}
	v.Shape = geo.Shape{Kind: geo.Point, Points: []geo.Position{at}}
	return v
}
