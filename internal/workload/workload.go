// Package workload reads and lays out the volumes and queries on which the conflict index is tested and measured.
package workload

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley"
	"parley/geo"
)

// Item is one volume with the name it has in its file.
type Item struct {
	ID       string
	Geometry []byte // GeoJSON as read or laid out
	Volume   geo.Volume
}

// record is one line of a file; bench/volumes/README.md of the shared data set says what the fields mean. Each must be there; others, such as kind, are passed over.
type record struct {
	ID       *string        `json:"id"`
	Geometry jsontext.Value `json:"geometry"`
	Buffer   *int32         `json:"buffer_m"`
	Low      *int32         `json:"alt_lower"`
	High     *int32         `json:"alt_upper"`
	Start    *int64         `json:"t_start"` // seconds since 1970
	End      *int64         `json:"t_end"`
}

// Read yields the volumes of a file, one JSON object a line; lines without text are passed over. It ends with the first line that cannot be read. The error tells its number,
// the field, what was read there and what was expected.
func Read(r io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 64<<10), longestLine)
		n := 1
		for ; lines.Scan(); n++ {
			if len(bytes.TrimSpace(lines.Bytes())) == 0 {
				continue
			}
			it, err := parse(lines.Bytes())
			if err != nil {
				yield(Item{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(it, nil) {
				return
			}
		}
		switch err := lines.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(Item{}, fmt.Errorf("line %d: read more than %d bytes, expected a line of at most as many", n, longestLine))
		case err != nil:
			yield(Item{}, fmt.Errorf("couldn't read after line %d: %w", n-1, err))
		}
	}
}

// longestLine is the longest line that is read, in bytes.
const longestLine = 16 << 20

// All reads a whole file.
func All(r io.Reader) ([]Item, error) {
	var items []Item
	for it, err := range Read(r) {
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, nil
}

func parse(line []byte) (Item, error) {
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		var f *parley.Fault
		if err = parley.Malformed("", err); errors.As(err, &f) {
			return Item{}, wrong(f.Field, f.Read, f.Expected)
		}
		return Item{}, err
	}
	if err := rec.check(); err != nil {
		return Item{}, err
	}
	shape, err := geo.ParseGeoJSON(rec.Geometry)
	if err == nil {
		err = shape.Validate(geo.MaxVertices)
	}
	if err != nil {
		var f *geo.Fault
		if !errors.As(err, &f) {
			return Item{}, err
		}
		return Item{}, wrong(strings.TrimSuffix("geometry."+f.Path, "."), f.Read, f.Expected)
	}
	return Item{ID: *rec.ID, Geometry: rec.Geometry, Volume: geo.Volume{
		Shape: shape.Normalize(), Buffer: *rec.Buffer, Band: geo.Band{Low: *rec.Low, High: *rec.High},
		Window: geo.Window{From: *rec.Start * 1000, To: *rec.End * 1000},
	}}, nil
}

// wrong says where a line is wrong; the field is empty where it is no JSON.
func wrong(field, read, expected string) error {
	if field != "" {
		field += ": "
	}
	return fmt.Errorf("%sread %s, expected %s", field, read, expected)
}

// lastSecond is the last whose milliseconds can be counted.
const lastSecond = math.MaxInt64 / 1000

// check refuses what is missing, and what would be counted as a volume that conflicts with nothing.
func (r *record) check() error {
	for _, f := range []struct {
		name    string
		missing bool
	}{{"id", r.ID == nil || *r.ID == ""}, {"geometry", r.Geometry == nil}, {"buffer_m", r.Buffer == nil}, {"alt_lower", r.Low == nil}, {"alt_upper", r.High == nil},
		{"t_start", r.Start == nil}, {"t_end", r.End == nil}} {
		if f.missing {
			return wrong(f.name, "nothing", "a value: id, geometry, buffer_m, alt_lower, alt_upper, t_start and t_end are all needed")
		}
	}
	switch {
	case *r.Buffer < 0:
		return wrong("buffer_m", fmt.Sprint(*r.Buffer), "metres, 0 or more")
	case *r.High < *r.Low:
		return wrong("alt_upper", fmt.Sprint(*r.High), fmt.Sprintf("metres, alt_lower (%d) or more", *r.Low))
	case *r.Start < -lastSecond || *r.Start > lastSecond:
		return wrong("t_start", fmt.Sprint(*r.Start), "seconds since 1970")
	case *r.End < *r.Start || *r.End > lastSecond:
		return wrong("t_end", fmt.Sprint(*r.End), fmt.Sprintf("seconds since 1970, t_start (%d) or later", *r.Start))
	}
	return nil
}

// Line writes an item as a line of a file.
func (it *Item) Line() ([]byte, error) {
	v := &it.Volume
	start, end := v.Window.From/1000, v.Window.To/1000
	return json.Marshal(record{&it.ID, it.Geometry, &v.Buffer, &v.Band.Low, &v.Band.High, &start, &end})
}
