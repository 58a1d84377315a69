package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"

	"parley"
	"parley/geo"
)

// sheet is a CSV file of sites with its columns found by their headers.
type sheet struct {
	header  []string
	columns map[string]int // column of each field; names stand under "name " and their language
	rows    [][]string
}

// headerNames maps what people write over a column to the field it holds. Columns with other headers are left out, and said so.
var headerNames = map[string]string{
	"category": "category", "type": "category", "kind": "category", "facility type": "category",
	"position": "position", "coordinates": "position", "location": "position", "gps": "position", "mgrs": "position",
	"latitude": "latitude", "lat": "latitude", "y": "latitude",
	"longitude": "longitude", "lon": "longitude", "long": "longitude", "lng": "longitude", "x": "longitude",
	"name": "name en", "name en": "name en", "name english": "name en", "facility name": "name en", "name ar": "name ar", "name arabic": "name ar",
	"accuracy": "accuracy", "accuracy m": "accuracy", "method": "method", "source": "method",
	"phone": "phone", "tel": "phone", "telephone": "phone", "phone number": "phone", "mobile": "phone",
	"contact": "contact", "contact name": "contact", "focal point": "contact",
	"address": "address", "landmarks": "address", "function": "function", "operator": "operator",
	"keep out": "keep_out", "keep out m": "keep_out", "occupancy": "occupancy", "markings": "markings", "marking": "markings",
	"from": "from", "valid from": "from", "until": "until", "valid until": "until", "confirm": "confirm",
}

// readSheet reads a CSV file: comma or semicolon, with or without a byte order mark, at most 5,000 rows.
func readSheet(file string) (*sheet, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the file: %w", err)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	top, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.Count(top, []byte(";")) > bytes.Count(top, []byte(",")) {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) < 2 || len(rows) > 5001 {
		return nil, parley.Invalid(file, fmt.Sprintf("%d lines", len(rows)), "a header and 1 to 5000 rows")
	}
	s := &sheet{header: rows[0], rows: rows[1:], columns: map[string]int{}}
	for i, head := range s.header {
		words := strings.Join(strings.FieldsFunc(strings.ToLower(head), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
		field, known := headerNames[words]
		if language, ok := strings.CutPrefix(words, "name "); ok && !known {
			field, known = "name "+strings.ReplaceAll(language, " ", "-"), true
		}
		if !known {
			continue
		}
		if other, twice := s.columns[field]; twice {
			return nil, parley.Invalid(file, fmt.Sprintf("the columns %q and %q", s.header[other], head), "one column for "+field)
		}
		s.columns[field] = i
	}
	_, lat := s.columns["latitude"]
	_, lon := s.columns["longitude"]
	if _, whole := s.columns["position"]; whole == (lat && lon) || lat != lon {
		return nil, parley.Invalid(file, strings.Join(s.header, ", "), "either a column position, or the columns latitude and longitude")
	}
	return s, nil
}

// get returns the cell of a field in a row, "" when there is none.
func (s *sheet) get(row []string, field string) string {
	i, ok := s.columns[field]
	if !ok || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// trouble is what is wrong in one cell of a row.
type trouble struct {
	Column   string `json:"column"`
	Code     string `json:"code"` // a code or a finding
	Read     string `json:"read"`
	Expected string `json:"expected"`
}

func (t trouble) String() string {
	return fmt.Sprintf("%s: %s: read %s, expected %s", t.Column, t.Code, t.Read, t.Expected)
}

// candidate is one row on its way.
type candidate struct {
	Row      int        `json:"row"` // as spreadsheets count: the header is row 1
	Outcome  string     `json:"outcome"`
	Ref      parley.Ref `json:"ref,omitzero"`
	Read     string     `json:"read,omitzero"` // the position as it was understood
	Problems []trouble  `json:"problems,omitempty"`

	cells  []string
	at     place
	flags  siteFlags
	signed []byte
}

func (c *candidate) wrong(column, code, read, expected string) {
	c.Problems = append(c.Problems, trouble{column, code, read, expected})
}

// diagnose reads one row. What is wrong is gathered, so that a person sees all of it at once.
func (s *sheet) diagnose(row []string, number int, shared sharingFlags) *candidate {
	c := &candidate{Row: number, cells: row}
	get := func(field string) string { return s.get(row, field) }
	c.flags = siteFlags{Category: strings.ReplaceAll(strings.ToLower(get("category")), " ", "_"), Phone: get("phone"), Contact: get("contact"), Address: get("address"),
		Function: get("function"), Operator: get("operator"), Method: strings.ToLower(get("method")), Occupancy: get("occupancy"), Name: map[string]string{}, sharingFlags: shared}
	c.flags.Confirm = append(words(get("confirm")), shared.Confirm...)
	c.flags.Marking = words(get("markings"))
	for field := range s.columns {
		if language, ok := strings.CutPrefix(field, "name "); ok && get(field) != "" {
			c.flags.Name[language] = get(field)
		}
	}
	if c.flags.Phone == "" {
		c.wrong("phone", string(parley.CodeInvalid), "nothing", "a number that answers day and night")
	}
	c.number("accuracy", get("accuracy"), &c.flags.Accuracy, true)
	c.number("keep_out", get("keep_out"), &c.flags.KeepOut, false)
	c.time("from", get("from"), &c.flags.From)
	c.time("until", get("until"), &c.flags.Until)
	s.locate(c, get)
	return c
}

// words splits a cell of several words.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;،؛", r) })
}

// locate reads the position of a row; a latitude and a longitude are looked at one by one first, to name the column that is wrong.
func (s *sheet) locate(c *candidate, get func(string) string) {
	text := get("position")
	column := "position"
	if _, apart := s.columns["latitude"]; apart {
		lat, lon := get("latitude"), get("longitude")
		latSound := c.degrees("latitude", lat, lat+" , 0", "decimal degrees from -90 to 90, such as 35.95123")
		lonSound := c.degrees("longitude", lon, "0 , "+lon, "decimal degrees from -180 to 180, such as 39.00874")
		if !latSound || !lonSound {
			return
		}
		text, column = lat+" , "+lon, "latitude, longitude"
	}
	if text == "" {
		c.wrong(column, "invalid", "nothing", "a position")
		return
	}
	if err := c.at.UnmarshalText([]byte(text)); err != nil {
		p := problemOf(err)
		c.wrong(column, string(p.Code), p.Read, p.Expected)
		return
	}
	c.flags.At = &c.at
	c.Read = spot(c.at.Position)
}

// degrees reports whether one half of a position can be read, by reading it beside a 0.
func (c *candidate) degrees(column, cell, pair, expected string) bool {
	var p place
	if err := p.UnmarshalText([]byte(pair)); cell == "" || err != nil {
		c.wrong(column, string(parley.CodeInvalid), strconv.Quote(cell), expected)
		return false
	}
	return true
}

// number reads whole metres, in any script's digits.
func (c *candidate) number(column, text string, into *int32, required bool) {
	if text == "" && !required {
		return
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(western(text)), "m"), 10, 32)
	if err != nil {
		c.wrong(column, "invalid", strconv.Quote(text), "whole metres, such as 10")
	}
	*into = int32(n)
}

// western writes digits of any script as 0 to 9. A range of decimal digits in Unicode holds whole runs of ten, each from its zero on.
func western(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		for _, run := range unicode.Nd.R16 {
			if r >= rune(run.Lo) && r <= rune(run.Hi) {
				return '0' + (r-rune(run.Lo))%10
			}
		}
		return r
	}, text)
}

func (c *candidate) time(column, text string, into **when) {
	if text == "" {
		return
	}
	w := &when{}
	if err := w.UnmarshalText([]byte(western(text))); err != nil {
		p := problemOf(err)
		c.wrong(column, string(p.Code), p.Read, p.Expected)
		return
	}
	*into = w
}

// findings holds the position of a row against the theatre, as the server will.
func (c *candidate) findings(profile *parley.Profile) {
	for _, f := range profile.PositionFindings(point(c.at.Position), c.flags.Accuracy) {
		c.doubt(f, c.at.Position.String(), whatToDo[f])
	}
}

// doubt is a problem unless somebody has confirmed it.
func (c *candidate) doubt(f parley.Finding, read, expected string) {
	for _, confirmed := range c.flags.Confirm {
		if confirmed == string(f) {
			return
		}
	}
	c.wrong("position", string(f), read, expected+" (if it is as you say, write "+string(f)+" into a column confirm)")
}

// standing is a site that is there already: in the file before, or notified by one's own organisation.
type standing struct {
	what     string
	category parley.Category
	shape    geo.Shape
}

// near looks for a site of the same category so close that it may be the same one.
func (c *candidate) near(others []standing, profile *parley.Profile) {
	for _, o := range others {
		if string(o.category) == c.flags.Category && geo.Within(point(c.at.Position), o.shape, float64(profile.NearMetres)) {
			c.doubt(parley.FindingNear, o.what, fmt.Sprintf("no %s within %d m: is it the same one?", c.flags.Category, profile.NearMetres))
			return
		}
	}
}
