package parley_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"parley"
)

// around is a command with a body in JSON; the texts in change are exchanged in it.
func around(kind, body string, change ...string) string {
	return strings.NewReplacer(change...).Replace(fmt.Sprintf(`{"body":%s,"key":"%s","kind":"%s","made_at":1504245600000,"nonce":"%s","theatre":"%s"}`,
		body, public(1).ID(), kind, strings.Repeat("01", 16), seedOf(1)))
}

func TestMalformedCommandsSayWhereAndWhat(t *testing.T) {
	const bad = parley.CodeMalformed
	leg := fmt.Sprintf(`{"route":{"kind":"LineString","lines":[[[390079000,359528000],[392003000,359001000]]]},"depart":%d,"arrive":%d}`, now, now+1)
	site := fmt.Sprint(siteV1.Ref)
	for _, c := range []struct {
		what, text string
		code       parley.Code
		field      string
		read       string // a part of what the fault says was read
		expected   string // a part of what it says was expected
	}{
		{"nothing", "", bad, "", "end of the text", "rest of the JSON"},
		{"a beginning", `{"body":{"object":`, bad, "body.object", "end of the text", ""},
		{"a list", "[]", bad, "", "a list", "an object"},
		{"text", `"stop"`, bad, "", "text", "an object"},
		{"null", "null", bad, "", "null", ""},
		{"no JSON", "stop.raise", bad, "", "invalid character", "RFC 8259"},
		{"a second value", around("clock.advance", "{}") + "{}", bad, "", "more text at byte", "nothing after"},
		{"letters after it", around("clock.advance", "{}") + "x", bad, "", "more text at byte", "nothing after"},
		{"a comment", around("clock.advance", "{} /* */"), bad, "", "invalid character", "RFC 8259"},

		{"a key twice around the body", around("clock.advance", "{}", `"nonce"`, `"kind":"x","nonce"`), bad, "kind", "a second time", "once"},
		{"a key twice in the body", around("stop.take", `{"stop":"a","stop":"b"}`), bad, "body.stop", "a second time", "once"},
		{"a key twice deep in the body", around("movement.notify", `{"movement":{"legs":[{},{"depart":1,"depart":2}]}}`), bad, "body.movement.legs[1].depart", "a second time", "once"},
		{"a key twice by escapes", around("stop.take", `{"stop":"a","st\u006fp":"b"}`), bad, "body.stop", "a second time", "once"},

		{"an unknown field around the body", around("clock.advance", "{}", `"nonce"`, `"priority":1,"nonce"`), bad, "priority", "a field of that name", "only the fields"},
		{"an unknown field in the body", around("stop.take", `{"stop":"x","purpose":"x"}`, `"x"`, `"`+string(ref(parley.RefStop, 1))+`"`), bad, "body.purpose", "a field of that name", "only the fields"},
		{"an unknown field deep in the body", around("movement.notify", `{"movement":{"legs":[`+leg+`,{"speed":3}]}}`), bad, "body.movement.legs[1].speed", "a field of that name", ""},
		{"other case around the body", around("clock.advance", "{}", `"nonce"`, `"Nonce"`), bad, "Nonce", "a field of that name", "small letters"},
		{"other case in the body", around("stop.raise", `{"Object":"`+site+`"}`), bad, "body.Object", "a field of that name", ""},
		{"a field with a slash", around("stop.raise", `{"a/b":1}`), bad, "body.a/b", "a field of that name", ""},

		{"a fraction", around("clock.advance", "{}", "1504245600000", "1504245600000.0"), bad, "made_at", "1504245600000.0", "without fraction"},
		{"an exponent", around("clock.advance", "{}", "1504245600000", "15e11"), bad, "made_at", "15e11", "exponent"},
		{"a whole number as text", around("clock.advance", "{}", "1504245600000", `"1504245600000"`), bad, "made_at", "text", "an integer"},
		{"beyond 64 bits", around("clock.advance", "{}", "1504245600000", "9223372036854775808"), bad, "made_at", "9223372036854775808", "9223372036854775807"},
		{"beyond 32 bits", around("site.notify", `{"site":{"keep_out":2147483648}}`), bad, "body.site.keep_out", "2147483648", "-2147483648 to 2147483647"},
		{"a fraction deep in the body", around("movement.notify", `{"movement":{"legs":[`+leg+`,{"depart":1.5}]}}`), bad, "body.movement.legs[1].depart", "1.5", "an integer"},
		{"below zero where none is", around("clock.advance", "{}", `"nonce"`, `"not_before":{"size":-1},"nonce"`), bad, "not_before.size", "-1", "an integer from 0"},
		{"not a number", around("clock.advance", "{}", "1504245600000", "NaN"), bad, "made_at", "invalid character 'N'", ""},
		{"infinite", around("clock.advance", "{}", "1504245600000", "Infinity"), bad, "made_at", "invalid character 'I'", ""},
		{"a leading zero", around("clock.advance", "{}", "1504245600000", "01504245600000"), bad, "", "invalid character", ""},

		{"null for a time", around("clock.advance", "{}", "1504245600000", "null"), bad, "made_at", "null", "no such field"},
		{"null for the body", around("clock.advance", "null"), bad, "body", "null", "no such field"},
		{"null for what may be left out", around("stop.raise", `{"object":"`+site+`","place":null}`), bad, "body.place", "null", "no such field"},
		{"null in a list", around("movement.notify", `{"movement":{"legs":[`+leg+`,null]}}`), bad, "body.movement.legs[1]", "null", ""},
		{"no body", strings.Replace(around("clock.advance", "{}"), `"body":{},`, "", 1), bad, "body", "nothing", "clock.advance"},

		{"no UTF-8", around("object.query", "{\"field\":\"\xff\"}"), bad, "body.field", "UTF-8", ""},
		{"half a surrogate", around("object.query", `{"field":"\ud800"}`), bad, "body.field", "surrogate", ""},
		{"a raw newline in text", around("object.query", "{\"field\":\"a\nb\"}"), bad, "body.field", "invalid character", ""},
		{"10,001 lists in one another", around("stop.raise", `{"object":`+strings.Repeat("[", 10_001)+strings.Repeat("]", 10_001)+`}`), bad, "", "too deep", ""},

		{"a list for an object", around("stop.raise", "[]"), bad, "body", "a list", "an object"},
		{"an object for a list", around("payload.erase", `{"payloads":{}}`), bad, "body.payloads", "an object", "a list"},
		{"a number for text", around("stop.pass", `{"echelon":7}`), bad, "body.echelon", "a number", "text"},
		{"text for true or false", around("area.declare", `{"area":{"urgent":"yes"}}`), bad, "body.area.urgent", "text", "true or false"},
		{"a number for a reference", around("stop.take", `{"stop":7}`), bad, "body.stop", "a number", "SITE-7K3F-Q2"},
		{"a number for a version", around("site.revalidate", `{"of":7}`), bad, "body.of", "a number", "SITE-7K3F-Q2/v3"},
		{"a number for a hash", around("payload.erase", `{"payloads":[7]}`), bad, "body.payloads[0]", "a number", "64 lower-case"},
		{"a number for a commitment", around("stop.raise", `{"words":7}`), bad, "body.words", "a number", "64 lower-case"},
		{"an object for a place", around("stop.raise", `{"place":{"Lon":1,"Lat":2}}`), bad, "body.place", `{"Lon":1`, "[longitude, latitude]"},
		{"degrees for a place", around("stop.raise", `{"place":[39.0079,35.9528]}`), bad, "body.place", "[39.0079", "1e-7 degree"},
		{"a latitude of 95 degrees", around("stop.raise", `{"place":[390079000,950000000]}`), bad, "body.place", "950000000", "±900000000"},
		{"three coordinates", around("stop.raise", `{"place":[1,2,3]}`), bad, "body.place", "[1,2,3]", "two integers"},

		{"a short hash", around("stop.raise", `{"words":"ab"}`), parley.CodeInvalid, "body.words", "ab", "64"},
		{"a hash in capitals", around("stop.raise", `{"words":"`+strings.Repeat("AB", 32)+`"}`), parley.CodeInvalid, "body.words", "ABAB", "lower-case"},
		{"a mistyped reference", around("stop.take", `{"stop":"STOP-0000-01"}`), parley.CodeInvalid, "body.stop", "STOP-0000-01", "last character checks"},
		{"a reference in small letters", around("stop.take", `{"stop":"`+strings.ToLower(string(ref(parley.RefStop, 1)))+`"}`), parley.CodeInvalid, "body.stop", "stop-", "written form STOP-"},
		{"a version in small letters", around("site.revalidate", `{"of":"`+strings.ToLower(siteV1.String())+`"}`), parley.CodeInvalid, "body.of", "site-", "written form SITE-"},
		{"a mistyped reference in a list", around("force.place", `{"addressees":["`+string(partyA)+`","PARTY-0000-00"]}`), parley.CodeInvalid, "body.addressees[1]", "PARTY-0000-00", ""},
		{"no such kind", around("site.bless", "{}"), parley.CodeUnknownKind, "kind", "site.bless", "site.notify"},
		{"a kind in capitals", around("Stop.Raise", "{}"), parley.CodeUnknownKind, "kind", "Stop.Raise", ""},
		{"a value of no list", around("stop.pass", `{"echelon":"corps","stop":"`+string(ref(parley.RefStop, 1))+`"}`), parley.CodeInvalid, "body.echelon", "corps", "operations_room"},
		{"a year past all", around("clock.advance", "{}", "1504245600000", "253402300800000"), parley.CodeInvalid, "made_at", "253402300800000", "milliseconds"},
	} {
		got, err := parley.ParseCommand([]byte(c.text))
		if got != nil {
			t.Errorf("%s: returned a command", c.what)
		}
		f, ok := err.(*parley.Fault)
		if !ok {
			t.Errorf("%s: %T %v; expected a fault", c.what, err, err)
			continue
		}
		if strings.HasPrefix(c.what, "10,001") { // its path is cut, whatever it is
			c.field = f.Field
		}
		expectFault(t, c.what, err, c.code, c.field)
		if !strings.Contains(f.Read, c.read) || !strings.Contains(f.Expected, c.expected) {
			t.Errorf("%s: read %s; expected %s: it should speak of %q and %q", c.what, f.Read, f.Expected, c.read, c.expected)
		}
	}
}

// A fault repeats a part of what was read, in whole characters, however long it was.
func TestFaultsClipWhatTheyRepeat(t *testing.T) {
	for _, long := range []string{strings.Repeat("م", 20_000), strings.Repeat("x", 20_000)} {
		for _, text := range []string{around(long, "{}"), around("stop.raise", `{"`+long+`":1}`), around("stop.take", `{"stop":"`+long+`"}`), around("stop.raise", `{"place":"`+long+`"}`),
			around("stop.pass", `{"echelon":"`+long+`","stop":"`+string(ref(parley.RefStop, 1))+`"}`), around("clock.advance", "{}", "1504245600000", "1"+strings.Repeat("0", 20_000))} {
			_, err := parley.ParseCommand([]byte(text))
			f, ok := err.(*parley.Fault)
			if !ok {
				t.Fatalf("%T %v; expected a fault", err, err)
			}
			if n := len(f.Read) + len(f.Field); n > 600 {
				t.Errorf("%s: the fault repeats %d bytes", f.Code, n)
			}
			written, err := json.Marshal(f)
			if err != nil || strings.Contains(string(written), `\ufffd`) {
				t.Errorf("the fault cuts a character: %s", written)
			}
		}
	}
}

func FuzzParseCommand(f *testing.F) {
	for _, make := range examples {
		f.Add(encode(f, command(make())))
	}
	f.Add([]byte(around("stop.raise", `{"place":[-0,+0]}`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parley.ParseCommand(text)
		if err != nil {
			if _, ok := err.(*parley.Fault); !ok || c != nil {
				t.Fatalf("%T %v with %v; expected a fault alone", err, err, c)
			}
			return
		}
		written := encode(t, c)
		again, err := parley.ParseCommand(written)
		if err != nil {
			t.Fatalf("%s was taken and written as %s, which is refused: %v", text, written, err)
		}
		if twice := encode(t, again); string(twice) != string(written) {
			t.Fatalf("written as\n%s and then as\n%s", written, twice)
		}
		c.Commitments()
	})
}
