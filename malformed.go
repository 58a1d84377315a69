package parley

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/geo"
)

// strict refuses duplicate keys, unknown fields, other case and numbers that are not integers.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false), json.MatchCaseInsensitiveNames(false))

// refuseNull refuses a null anywhere in a JSON text that was read before. What has no value is left out: the reader takes null for
// zero everywhere, and a command would have many written forms.
func refuseNull(text []byte) error {
	if !bytes.Contains(text, []byte("null")) {
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return Malformed("", err)
		}
		if token.Kind() == 'n' {
			return &Fault{Code: CodeMalformed, Field: joinPointer("", string(d.StackPointer())), Read: "null", Expected: "a value, or no such field at all"}
		}
	}
}

// Malformed turns an error of the JSON reader into a Fault that says where it is, what was read and what was expected. A Fault of a
// type's own reader keeps its words.
func Malformed(parent string, err error) error {
	var (
		own *Fault
		sem *json.SemanticError
		syn *jsontext.SyntacticError
	)
	isSemantic := errors.As(err, &sem)
	switch {
	case errors.As(err, &own):
		inner := *own
		if isSemantic {
			inner.Field = joinPointer(parent, string(sem.JSONPointer))
		}
		return &inner
	case isSemantic:
		f := &Fault{Code: CodeMalformed, Field: joinPointer(parent, string(sem.JSONPointer))}
		f.Read, f.Expected = saidSemantic(sem)
		if errors.Is(sem.Err, json.ErrUnknownName) && namesAuthor(f.Field) {
			f.Expected = "no such field: an event has no author in it. Who is said to have done it is a claim of its own, with its speaker and source (claim.record)"
		}
		return f
	case errors.As(err, &syn):
		f := &Fault{Code: CodeMalformed, Field: joinPointer(parent, string(syn.JSONPointer))}
		f.Read, f.Expected = saidSyntactic(syn)
		return f
	}
	return &Fault{Code: CodeMalformed, Field: parent, Read: clip(err.Error()), Expected: "JSON text (RFC 8259) in UTF-8"}
}

// namesAuthor reports whether a field of an event is meant to say who did it.
func namesAuthor(field string) bool {
	name, ok := strings.CutPrefix(field, "body.incident.")
	return ok && slices.ContainsFunc([]string{"attribut", "perpetrator", "actor", "author", "responsible", "side_"}, func(word string) bool { return strings.HasPrefix(name, word) })
}

// saidSemantic says what was read and expected where sound JSON has a value of another kind.
func saidSemantic(sem *json.SemanticError) (read, expected string) {
	if errors.Is(sem.Err, json.ErrUnknownName) {
		return "a field of that name", "only the fields of the command, in small letters as documented"
	}
	read = jsonWords(sem.JSONKind)
	if len(sem.JSONValue) > 0 {
		read = clip(string(sem.JSONValue))
	}
	expected = "another value"
	if sem.GoType != nil {
		expected = plainType(sem.GoType)
	}
	if sem.Err != nil { // errors of package geo say "read …; expected …"
		if before, after, ok := strings.Cut(sem.Err.Error(), "; expected "); ok {
			if _, value, ok := strings.Cut(before, "read "); ok {
				return clip(value), after
			}
		}
	}
	return read, expected
}

// saidSyntactic says what was read and expected where the text is no sound JSON.
func saidSyntactic(syn *jsontext.SyntacticError) (read, expected string) {
	at := " at byte " + strconv.FormatInt(syn.ByteOffset, 10)
	switch text := syn.Err.Error(); {
	case errors.Is(syn.Err, jsontext.ErrDuplicateName):
		return "the field a second time" + at, "each field once"
	case errors.Is(syn.Err, io.ErrUnexpectedEOF) || errors.Is(syn.Err, io.EOF):
		return "the end of the text" + at, "the rest of the JSON text"
	case strings.Contains(text, "after top-level value"):
		return "more text" + at, "nothing after the JSON value"
	case strings.Contains(text, "max depth"):
		return "lists or objects nested too deep" + at, "the nesting that the fields need"
	default:
		return clip(text) + at, "JSON text (RFC 8259) in UTF-8"
	}
}

// jsonWords says a kind of JSON value in words.
func jsonWords(k jsontext.Kind) string {
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

// joinPointer writes a JSON pointer below a parent as faults write paths: "body.legs[1].depart". Long ones, which nothing of ours
// has, are cut.
func joinPointer(parent, pointer string) string {
	var b strings.Builder
	b.WriteString(parent)
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if token == "" {
			continue
		}
		if b.Len() > 120 {
			b.WriteString("…")
			break
		}
		if strings.Trim(token, "0123456789") == "" {
			b.WriteString("[" + clip(token) + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(clip(strings.NewReplacer("~1", "/", "~0", "~").Replace(token)))
	}
	return b.String()
}

// plainType says what a Go type expects, in words that a sender understands.
func plainType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[Ref]():
		return "a reference as text, such as \"SITE-7K3F-Q2\""
	case reflect.TypeFor[Versioned]():
		return "a reference with its version as text, such as \"SITE-7K3F-Q2/v3\""
	case reflect.TypeFor[Hash](), reflect.TypeFor[Commitment](), reflect.TypeFor[PublicKey]():
		return "text of 64 lower-case hexadecimal digits"
	case reflect.TypeFor[Bits128]():
		return "text of 32 lower-case hexadecimal digits"
	case reflect.TypeFor[geo.Position]():
		return "[longitude, latitude] as two integers of 1e-7 degree"
	}
	switch t.Kind() {
	case reflect.Int32:
		return fmt.Sprintf("an integer from %d to %d, without fraction or exponent", math.MinInt32, math.MaxInt32)
	case reflect.Int, reflect.Int64:
		return fmt.Sprintf("an integer from %d to %d, without fraction or exponent", math.MinInt64, math.MaxInt64)
	case reflect.Uint64:
		return fmt.Sprintf("an integer from 0 to %d, without fraction or exponent", uint64(math.MaxUint64))
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "text in base64"
		}
		return "a list"
	}
	return "an object"
}
