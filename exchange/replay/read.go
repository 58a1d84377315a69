package replay

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley"
	"parley/geo"
)

// Read reads a timeline. Errors are *parley.Fault: the first place that does not hold, such as events[3].refs[0], what was read there and
// what was expected. JSON that cannot be read is CodeMalformed, more than MaxBytes CodeTooLarge, all else CodeInvalid.
func Read(text []byte) (*Case, error) {
	if len(text) > MaxBytes {
		return nil, &parley.Fault{Code: parley.CodeTooLarge, Read: fmt.Sprintf("%d bytes", len(text)), Expected: fmt.Sprintf("at most %d bytes: one case", MaxBytes)}
	}
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, malformed(err)
	}
	r := &reader{}
	c := r.readCase(value{r, "", whole})
	if r.fault == nil {
		r.hold(c)
	}
	if r.fault != nil {
		return nil, r.fault
	}
	return c, nil
}

func malformed(err error) *parley.Fault {
	f := &parley.Fault{Code: parley.CodeMalformed, Read: err.Error(), Expected: "one JSON object in UTF-8, each name once"}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		f.Field, f.Read = place(syntax.JSONPointer), fmt.Sprintf("%v at byte %d", syntax.Err, syntax.ByteOffset)
	}
	return f
}

// place writes a JSON pointer as the faults of parley name places.
func place(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			fmt.Fprintf(&b, "[%s]", token)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return b.String()
}

// reader keeps the first fault; after it nothing that is read counts.
type reader struct{ fault *parley.Fault }

func (r *reader) refuse(path, read, expected string) {
	if r.fault == nil {
		if path == "" {
			path = "$"
		}
		r.fault = parley.Invalid(path, read, expected)
	}
}

// value is a JSON value and where it stands.
type value struct {
	r    *reader
	path string
	is   any
}

// shown is a value as a fault repeats it.
func (v value) shown() string {
	text, err := json.Marshal(v.is, json.Deterministic(true))
	if err != nil {
		return fmt.Sprint(v.is)
	}
	return string(text)
}

func (v value) refuse(expected string) { v.r.refuse(v.path, v.shown(), expected) }

// object is a JSON object whose required members are there.
type object struct {
	value
	members map[string]any
}

// object reads an object of these members and no others. Where more are let in, open is true.
func (v value) object(required, optional []string, open bool) object {
	m, ok := v.is.(map[string]any)
	if !ok {
		v.refuse("an object")
		return object{v, nil}
	}
	for _, name := range required {
		if _, ok := m[name]; !ok {
			v.r.refuse(join(v.path, name), "nothing", "a value: it is required")
		}
	}
	if !open {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !slices.Contains(required, name) && !slices.Contains(optional, name) {
				v.r.refuse(join(v.path, name), value{v.r, "", m[name]}.shown(), "no member of this name; there are "+strings.Join(append(slices.Clone(required), optional...), ", "))
			}
		}
	}
	return object{v, m}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (o object) has(name string) bool { _, ok := o.members[name]; return ok }

func (o object) get(name string) value { return value{o.r, join(o.path, name), o.members[name]} }

// list reads a list of at least so many values.
func (v value) list(least int) []value {
	items, ok := v.is.([]any)
	if !ok || len(items) < least {
		expected := "a list"
		if least > 0 {
			expected = fmt.Sprintf("a list of %d or more", least)
		}
		v.refuse(expected)
		return nil
	}
	out := make([]value, len(items))
	for i, item := range items {
		out[i] = value{v.r, fmt.Sprintf("%s[%d]", v.path, i), item}
	}
	return out
}

func (v value) text() string {
	s, ok := v.is.(string)
	if !ok || s == "" {
		v.refuse("a text that is not empty")
	}
	return s
}

func (v value) matching(p *regexp.Regexp, expected string) string {
	s, ok := v.is.(string)
	if !ok || !p.MatchString(s) {
		v.refuse(expected)
	}
	return s
}

func (v value) word(of []string) string {
	s, ok := v.is.(string)
	if !ok || !slices.Contains(of, s) {
		v.refuse("one of " + strings.Join(of, ", "))
	}
	return s
}

func (v value) number(least, most float64) float64 {
	n, ok := v.is.(float64)
	if !ok || n < least || n > most {
		if math.IsInf(most, 1) {
			v.refuse(fmt.Sprintf("a number of at least %g", least))
		} else {
			v.refuse(fmt.Sprintf("a number from %g to %g", least, most))
		}
		return 0
	}
	return n
}

func (v value) flag() bool {
	b, ok := v.is.(bool)
	if !ok {
		v.refuse("true or false")
	}
	return b
}

var (
	namePattern    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	shapePattern   = regexp.MustCompile(`^[a-z_]+$`)
	countryPattern = regexp.MustCompile(`^[A-Z]{2}$`)
	offsetPattern  = regexp.MustCompile(`^[+-]\d\d:\d\d$`)
	stampPattern   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	urlPattern     = regexp.MustCompile(`^https?://`)
)

func (v value) name() string {
	return v.matching(namePattern, "a name of small Latin letters, digits and hyphens, such as e1")
}

func (v value) names(least int) (names []string) {
	for _, n := range v.list(least) {
		names = append(names, n.name())
	}
	return names
}

func (v value) texts(least int) (texts []string) {
	for _, n := range v.list(least) {
		texts = append(texts, n.text())
	}
	return texts
}

// stamp reads a time that is on the calendar, as milliseconds UTC.
func (v value) stamp() int64 {
	const expected = "a time in UTC to the second, such as 2015-10-02T21:38:00Z"
	s := v.matching(stampPattern, expected)
	at, err := time.Parse("2006-01-02T15:04:05Z", s)
	if err != nil || at.UnixMilli() < 0 || at.UnixMilli() > parley.MaxTime {
		v.refuse(expected)
		return 0
	}
	return at.UnixMilli()
}

// offset reads how far a zone is from UTC.
func (v value) offset() time.Duration {
	const expected = "an offset from UTC between -14:00 and +14:00, such as +04:30"
	s := v.matching(offsetPattern, expected)
	at, err := time.Parse("-07:00", s)
	if err != nil {
		v.refuse(expected)
		return 0
	}
	_, seconds := at.Zone()
	if seconds < -14*3600 || seconds > 14*3600 {
		v.refuse(expected)
	}
	return time.Duration(seconds) * time.Second
}

// position reads two degrees.
func position(lat, lon value) geo.Position {
	return geo.Position{Lat: int32(math.Round(lat.number(-90, 90) * geo.E7)), Lon: int32(math.Round(lon.number(-180, 180) * geo.E7))}
}
