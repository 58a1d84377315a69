package gazetteer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/geo"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 64 << 20

const (
	maxFeatures = 200_000
	maxName     = 200 // characters
)

// strict refuses duplicate keys, unknown fields and other case, as commands are read.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false), json.MatchCaseInsensitiveNames(false))

// feature is a feature of one of our files, with where it stands.
type feature[P any] struct {
	Type       string         `json:"type"`
	Geometry   jsontext.Value `json:"geometry"`
	Properties P              `json:"properties"`

	field string
	line  int
}

// fault is about a part of the feature.
func (f *feature[P]) fault(part, read, expected string) *Fault {
	return &Fault{Line: f.line, Field: f.field + "." + part, Read: clip(read), Expected: expected}
}

// readCollection reads a FeatureCollection of RFC 7946 with the members type, source and features, and calls visit for each feature.
func readCollection[P any](r io.Reader, visit func(*feature[P]) *Fault) (source string, err error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return "", err
	}
	if len(text) > MaxBytes {
		return "", &Fault{Line: 1, Read: "more than " + strconv.Itoa(MaxBytes>>20) + " MiB", Expected: "a smaller file"}
	}
	d := jsontext.NewDecoder(bytes.NewReader(text), strict)
	here := func(field, read, expected string) *Fault {
		return &Fault{Line: lineOf(text, d.InputOffset()), Field: field, Read: clip(read), Expected: expected}
	}
	if kind := d.PeekKind(); kind != '{' && kind != jsontext.KindInvalid {
		return "", here("", kindWords(kind), "a GeoJSON FeatureCollection")
	}
	if _, err := d.ReadToken(); err != nil {
		return "", jsonFault(text, "", 0, err)
	}
	var kind string
	listed := false
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return "", jsonFault(text, "", 0, err)
		}
		switch member := name.String(); member {
		case "type", "source":
			into := map[string]*string{"type": &kind, "source": &source}[member]
			if err := json.UnmarshalDecode(d, into, strict); err != nil {
				return "", jsonFault(text, "", 0, err)
			}
		case "features":
			listed = true
			if fault := readFeatures(d, text, visit); fault != nil {
				return "", fault
			}
		default:
			return "", here(clip(member), "a field of that name", "only type, source and features")
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return "", jsonFault(text, "", 0, err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return "", here("", "more text after the collection", "nothing there")
	}
	switch {
	case kind != "FeatureCollection":
		return "", &Fault{Line: 1, Field: "type", Read: clip(strconv.Quote(kind)), Expected: "FeatureCollection"}
	case !listed:
		return "", &Fault{Line: 1, Field: "features", Read: "nothing", Expected: "a list of features"}
	}
	if fault := checkText(source, 500); fault != "" {
		return "", &Fault{Line: 1, Field: "source", Read: fault, Expected: "where the names come from, in at most 500 characters, or no such field"}
	}
	return source, nil
}

func readFeatures[P any](d *jsontext.Decoder, text []byte, visit func(*feature[P]) *Fault) *Fault {
	if kind := d.PeekKind(); kind != '[' && kind != jsontext.KindInvalid {
		return &Fault{Line: lineOf(text, d.InputOffset()), Field: "features", Read: kindWords(kind), Expected: "a list of features"}
	}
	if _, err := d.ReadToken(); err != nil {
		return jsonFault(text, "", 0, err)
	}
	// Lines are counted from the feature before, so that a long file is not read again for each.
	line, counted := 1, int64(0)
	for i := 0; ; i++ {
		kind := d.PeekKind()
		if kind == ']' {
			_, err := d.ReadToken()
			if err != nil {
				return jsonFault(text, "", 0, err)
			}
			return nil
		}
		value, err := d.ReadValue()
		if err != nil {
			return jsonFault(text, "", 0, err)
		}
		begin := d.InputOffset() - int64(len(value))
		line += bytes.Count(text[counted:begin], []byte("\n"))
		counted = begin
		f := feature[P]{field: fmt.Sprintf("features[%d]", i), line: line}
		if i == maxFeatures {
			return &Fault{Line: line, Field: "features", Read: fmt.Sprintf("more than %d", maxFeatures), Expected: "fewer"}
		}
		if err := json.Unmarshal(value, &f, strict); err != nil {
			return jsonFault(text, f.field, begin, err)
		}
		if f.Type != "Feature" {
			return f.fault("type", strconv.Quote(f.Type), "Feature")
		}
		if fault := visit(&f); fault != nil {
			return fault
		}
	}
}

// shape reads the geometry of the feature.
func (f *feature[P]) shape() (geo.Shape, *Fault) {
	if len(f.Geometry) == 0 || f.Geometry.Kind() == 'n' {
		return geo.Shape{}, f.fault("geometry", "nothing", "a geometry")
	}
	s, err := geo.ParseGeoJSON(f.Geometry)
	if err != nil {
		return geo.Shape{}, geometryFault(f.line, f.field+".geometry", err)
	}
	return s, nil
}

// names checks two names of the feature, of which one may be missing, or both when they are not needed.
func (f *feature[P]) names(english, arabic, suffix string, needed bool) (Name, *Fault) {
	for _, n := range []struct{ field, text string }{{suffix + "_en", english}, {suffix + "_ar", arabic}} {
		if read := checkText(n.text, maxName); read != "" {
			return Name{}, f.fault("properties."+n.field, read, fmt.Sprintf("a name of at most %d characters, without spaces around it or characters that do not show", maxName))
		}
	}
	if needed && english == "" && arabic == "" {
		return Name{}, f.fault("properties."+suffix+"_en", "nothing", "a name here or in "+suffix+"_ar")
	}
	return Name{English: english, Arabic: arabic}, nil
}

// checkText says what is wrong with a text that people will read, or nothing. Controls of direction are refused: they could show another name.
func checkText(text string, most int) string {
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Sprintf("%d characters", n)
	}
	for _, r := range text {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return fmt.Sprintf("the character %U", r)
		}
	}
	if strings.TrimSpace(text) != text {
		return strconv.Quote(text)
	}
	return ""
}

// collection writes features as a FeatureCollection, one a line. Properties without a text are left out.
type collection struct {
	source string
	text   []byte
}

func (c *collection) begin() {
	c.text = append(c.text, `{"type":"FeatureCollection",`...)
	if c.source != "" {
		c.text = append(c.text, `"source":`...)
		c.text, _ = jsontext.AppendQuote(c.text, c.source)
		c.text = append(c.text, ',')
	}
	c.text = append(c.text, `"features":[`...)
}

func (c *collection) add(geometry []byte, properties ...any) {
	if len(c.text) == 0 {
		c.begin()
	} else {
		c.text = append(c.text, ',')
	}
	c.text = append(c.text, "\n"+`{"type":"Feature","geometry":`...)
	c.text = append(c.text, geometry...)
	c.text = append(c.text, `,"properties":{`...)
	first := true
	for i := 0; i < len(properties); i += 2 {
		if empty(properties[i+1]) {
			continue
		}
		if !first {
			c.text = append(c.text, ',')
		}
		first = false
		c.text, _ = jsontext.AppendQuote(c.text, properties[i].(string))
		c.text = append(c.text, ':')
		switch v := properties[i+1].(type) {
		case int:
			c.text = strconv.AppendInt(c.text, int64(v), 10)
		case string:
			c.text, _ = jsontext.AppendQuote(c.text, v)
		case []string:
			for i, name := range v {
				c.text = append(c.text, "[,"[min(i, 1)])
				c.text, _ = jsontext.AppendQuote(c.text, name)
			}
			c.text = append(c.text, ']')
		}
	}
	c.text = append(c.text, "}}"...)
}

// empty reports whether a property says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	}
	return false
}

func (c *collection) end() []byte {
	if len(c.text) == 0 {
		c.begin()
		return append(c.text, "]}"...)
	}
	return append(c.text, "\n]}\n"...)
}
