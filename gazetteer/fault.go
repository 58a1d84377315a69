package gazetteer

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/geo"
)

// Fault says where a file is wrong: the line, the field, what was read there and what was expected.
type Fault struct {
	Line     int    // from 1
	Field    string // such as "features[3].properties.rank"; empty for the file as a whole
	Read     string
	Expected string
}

// Error writes the fault as one sentence.
func (f *Fault) Error() string {
	if f.Field == "" {
		return fmt.Sprintf("line %d: read %s, expected %s", f.Line, f.Read, f.Expected)
	}
	return fmt.Sprintf("line %d: %s: read %s, expected %s", f.Line, f.Field, f.Read, f.Expected)
}

// lineOf returns the number of the line that holds the byte at an offset.
func lineOf(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(max(offset, 0), int64(len(text)))], []byte("\n"))
}

// jsonFault turns an error of the JSON reader into a Fault. parent is the field that was being read; base is where its text begins in the file.
func jsonFault(text []byte, parent string, base int64, err error) *Fault {
	var (
		sem *json.SemanticError
		syn *jsontext.SyntacticError
	)
	switch {
	case errors.As(err, &sem):
		f := &Fault{Line: lineOf(text, base+sem.ByteOffset), Field: join(parent, string(sem.JSONPointer)), Read: "a value of another kind", Expected: "a value as documented"}
		switch {
		case errors.Is(sem.Err, json.ErrUnknownName):
			f.Read, f.Expected = "a field of that name", "only the fields that are documented, in small letters"
		case len(sem.JSONValue) > 0:
			f.Read = clip(string(sem.JSONValue))
		case sem.JSONKind != 0:
			f.Read = kindWords(sem.JSONKind)
		}
		if sem.GoType != nil && !errors.Is(sem.Err, json.ErrUnknownName) {
			f.Expected = map[string]string{"string": "text", "int": "a whole number"}[sem.GoType.Kind().String()]
			if f.Expected == "" {
				f.Expected = "an object"
			}
		}
		return f
	case errors.As(err, &syn):
		return &Fault{Line: lineOf(text, base+syn.ByteOffset), Field: join(parent, string(syn.JSONPointer)), Read: clip(syn.Err.Error()), Expected: "JSON text (RFC 8259) in UTF-8, each field once"}
	}
	return &Fault{Line: lineOf(text, base), Field: parent, Read: clip(err.Error()), Expected: "JSON text (RFC 8259) in UTF-8"}
}

// kindWords says a kind of JSON value in words.
func kindWords(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	case '0':
		return "a number"
	case 'n':
		return "null"
	}
	return k.String()
}

// geometryFault turns a fault of a geometry into one of the file.
func geometryFault(line int, parent string, err error) *Fault {
	var f *geo.Fault
	if !errors.As(err, &f) {
		f = &geo.Fault{Read: err.Error(), Expected: "one GeoJSON geometry"}
	}
	field := parent
	if f.Path != "" {
		field += "." + f.Path
	}
	return &Fault{Line: line, Field: field, Read: clip(f.Read), Expected: f.Expected}
}

// join writes a JSON pointer below a parent: "features[3].properties.rank".
func join(parent, pointer string) string {
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch {
		case token == "" || len(parent) > 120:
		case strings.Trim(token, "0123456789") == "":
			parent += "[" + token + "]"
		default:
			parent += "." + clip(token)
		}
	}
	return strings.TrimPrefix(parent, ".")
}

// clip shortens what was read, and shows what a screen would hide.
func clip(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	for _, r := range text {
		if !strconv.IsPrint(r) {
			return strconv.QuoteToASCII(text)
		}
	}
	return text
}
