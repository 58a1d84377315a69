// Package workload reads and lays out the volumes and queries on which the conflict index is tested and measured.
package workload

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"parley/geo"
)

// Item is one volume with the name it has in its file.
type Item struct {
	ID       string
	Geometry []byte // GeoJSON as read or laid out
	Volume   geo.Volume
}

// record is one line of a file; bench/volumes/README.md of the shared data set says what the fields mean.
type record struct {
	ID       string          `json:"id"`
	Geometry json.RawMessage `json:"geometry"`
	Buffer   int32           `json:"buffer_m"`
	Low      int32           `json:"alt_lower"`
	High     int32           `json:"alt_upper"`
	Start    int64           `json:"t_start"` // seconds since 1970
	End      int64           `json:"t_end"`
}

// Read yields the volumes of a file, one JSON object a line. It ends with the first line that cannot be read, whose number the error tells.
func Read(r io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 1<<20), 16<<20)
		for n := 1; lines.Scan(); n++ {
			it, err := parse(lines.Bytes())
			if err != nil {
				yield(Item{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(it, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Item{}, fmt.Errorf("couldn't read: %w", err))
		}
	}
}

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
		return Item{}, err
	}
	shape, err := geo.ParseGeoJSON(rec.Geometry)
	if err != nil {
		return Item{}, fmt.Errorf("%s: %w", rec.ID, err)
	}
	if err := shape.Validate(geo.MaxVertices); err != nil {
		return Item{}, fmt.Errorf("%s: %w", rec.ID, err)
	}
	return Item{ID: rec.ID, Geometry: rec.Geometry, Volume: geo.Volume{
		Shape: shape.Normalize(), Buffer: rec.Buffer, Band: geo.Band{Low: rec.Low, High: rec.High},
		Window: geo.Window{From: rec.Start * 1000, To: rec.End * 1000},
	}}, nil
}

// Line writes an item as a line of a file.
func (it *Item) Line() ([]byte, error) {
	v := &it.Volume
	return json.Marshal(record{it.ID, it.Geometry, v.Buffer, v.Band.Low, v.Band.High, v.Window.From / 1000, v.Window.To / 1000})
}
