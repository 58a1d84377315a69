package geo

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// MarshalJSON writes p as [longitude, latitude] in units of 1e-7 degree: commands hold integers only.
func (p Position) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 26)
	b = append(b, '[')
	b = strconv.AppendInt(b, int64(p.Lon), 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(p.Lat), 10)
	return append(b, ']'), nil
}

// UnmarshalJSON reads [longitude, latitude] in units of 1e-7 degree. It refuses anything but two integers within range.
func (p *Position) UnmarshalJSON(text []byte) error {
	lon, rest, ok := cutInt(text, '[', ',')
	if ok {
		var lat int64
		if lat, rest, ok = cutInt(rest, 0, ']'); ok && len(rest) == 0 {
			if lon < -180*E7 || lon > 180*E7 || lat < -90*E7 || lat > 90*E7 {
				return fmt.Errorf("position: read %s; expected longitude within ±%d and latitude within ±%d (1e-7 degree)", text, 180*E7, 90*E7)
			}
			*p = Position{Lon: int32(lon), Lat: int32(lat)}
			return nil
		}
	}
	return fmt.Errorf("position: read %.40s; expected [longitude, latitude] as two integers of 1e-7 degree", text)
}

// cutInt reads an integer that stands between the byte open (0: none) and the byte end, with spaces allowed around it.
func cutInt(text []byte, open, end byte) (n int64, rest []byte, ok bool) {
	i := 0
	skip := func() {
		for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
			i++
		}
	}
	skip()
	if open != 0 {
		if i >= len(text) || text[i] != open {
			return 0, nil, false
		}
		i++
		skip()
	}
	start := i
	for i < len(text) && (text[i] == '-' || text[i] >= '0' && text[i] <= '9') {
		i++
	}
	n, err := strconv.ParseInt(string(text[start:i]), 10, 64)
	if err != nil {
		return 0, nil, false
	}
	skip()
	if i >= len(text) || text[i] != end {
		return 0, nil, false
	}
	return n, text[i+1:], true
}

// MarshalBinary writes p in 8 bytes, big endian: longitude, latitude. Records and digests hold this form.
func (p Position) MarshalBinary() ([]byte, error) {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 8), uint32(p.Lon))
	return binary.BigEndian.AppendUint32(b, uint32(p.Lat)), nil
}

// UnmarshalBinary reads the 8 bytes that MarshalBinary wrote.
func (p *Position) UnmarshalBinary(b []byte) error {
	if len(b) != 8 {
		return fmt.Errorf("position: read %d bytes; expected 8", len(b))
	}
	p.Lon = int32(binary.BigEndian.Uint32(b))
	p.Lat = int32(binary.BigEndian.Uint32(b[4:]))
	return nil
}
