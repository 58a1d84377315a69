package lists

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"parley"
)

// mostDepth is how deep elements may lie in one another, and mostText how long the text of one element may be. Lists stay below 12 and 64 KiB.
const (
	mostDepth = 64
	mostText  = 1 << 20
)

// rooted returns a test for XML files with a root element of a name, in any namespace.
func rooted(name string) func(File) bool {
	return func(f File) bool {
		d := xml.NewDecoder(bytes.NewReader(f.Data))
		d.CharsetReader = charset
		for {
			t, err := d.RawToken()
			if err != nil {
				return false
			}
			if s, ok := t.(xml.StartElement); ok {
				return s.Name.Local == name
			}
		}
	}
}

// charset reads the encodings that an XML declaration may name. One that is declared and is not that of the bytes is found where text becomes no UTF-8.
func charset(label string, r io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, parley.Invalid("encoding", label, "UTF-8, or another encoding of the WHATWG's list")
	}
	return enc.NewDecoder().Reader(r), nil
}

// errDescend is what visit returns of an element whose inside is to be walked through too.
var errDescend = errors.New("descend")

var declared = regexp.MustCompile(`^<\?xml[^>]*encoding=["']([^"']+)["']`)

// elements walks through an XML file and calls visit at each element with one of the names; visit decodes it or leaves it. The file has to be whole, in the
// encoding that it says, and without declarations of entities: those could make a small file into a very large one.
func elements(f File, names []string, visit func(d *xml.Decoder, s *xml.StartElement) error) error {
	if m := declared.FindSubmatch(f.Data); m == nil || strings.EqualFold(string(m[1]), "utf-8") {
		if at := notUTF8(f.Data); at >= 0 {
			return parley.Invalid(f.Name, fmt.Sprintf("byte %#02x at byte %d, line %d, which is no UTF-8", f.Data[at], at, 1+bytes.Count(f.Data[:at], []byte("\n"))), "XML in UTF-8, or in the encoding that it declares")
		}
	}
	d := xml.NewDecoder(bytes.NewReader(f.Data))
	d.CharsetReader = charset
	want := map[string]bool{}
	for _, n := range names {
		want[n] = true
	}
	depth := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(f, d, err)
		}
		switch t := t.(type) {
		case xml.Directive:
			if upper := strings.ToUpper(string(t)); strings.Contains(upper, "ENTITY") {
				return parley.Invalid(f.Name, "a declaration of an entity: "+beginning([]byte(t)), "a list without declarations of its own")
			}
		case xml.StartElement:
			if depth++; depth > mostDepth {
				return parley.Invalid(f.Name, fmt.Sprintf("elements more than %d deep", mostDepth), "a list of one of the forms")
			}
			if want[t.Name.Local] {
				err := visit(d, &t)
				if errors.Is(err, errDescend) {
					continue
				}
				if err != nil {
					var own *parley.Fault
					if errors.As(err, &own) {
						return own
					}
					return broken(f, d, err)
				}
				depth--
			}
		case xml.EndElement:
			depth--
		}
	}
}

// broken says where XML does not hold.
func broken(f File, d *xml.Decoder, err error) error {
	var own *parley.Fault
	if errors.As(err, &own) {
		return own
	}
	line, column := d.InputPos()
	var syntax *xml.SyntaxError
	what := err.Error()
	if errors.As(err, &syntax) {
		what = syntax.Msg
	}
	if strings.Contains(what, "unexpected EOF") {
		return parley.Invalid(f.Name, fmt.Sprintf("the end of the file at line %d, in the middle of an element", line), "the whole list: the file seems to be cut short")
	}
	return parley.Invalid(f.Name, fmt.Sprintf("%s at line %d, column %d", what, line, column), "well-formed XML")
}

// notUTF8 returns the place of the first byte that is no UTF-8, or -1.
func notUTF8(data []byte) int {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}
