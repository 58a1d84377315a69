package geo

// Union returns a box that holds b and c: of the two ways round the globe, the narrower one.
func (b Box) Union(c Box) Box {
	west, width := unionFrom(b, c)
	if w, n := unionFrom(c, b); n < width {
		west, width = w, n
	}
	u := Box{Min: Position{Lat: min(b.Min.Lat, c.Min.Lat)}, Max: Position{Lat: max(b.Max.Lat, c.Max.Lat)}}
	if width >= 360*E7 {
		u.Min.Lon, u.Max.Lon = -180*E7, 180*E7
		return u
	}
	u.Min.Lon, u.Max.Lon = west, wrapLon(int64(west)+width)
	return u
}

// unionFrom returns the box from first's western edge east over both, as western edge and width.
func unionFrom(first, second Box) (west int32, width int64) {
	return first.Min.Lon, max(first.width(), first.eastOf(second.Min.Lon)+second.width())
}
