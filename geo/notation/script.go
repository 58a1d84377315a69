package notation

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// kind is the sort of a token.
type kind uint8

const (
	number kind = iota // digits with at most one decimal point
	word               // letters A to Z, upper case
	mark               // one of the marks ° ' " : , ; / + -
)

// token is a piece of the text in one script: Western digits, upper case letters, one form of each mark.
type token struct {
	kind  kind
	text  string
	col   int  // column in the text as typed
	glued bool // nothing, not even a space, stands between this token and the one before
}

// is reports whether t is one of the given marks or words.
func (t token) is(texts ...string) bool {
	if t.kind == number {
		return false
	}
	for _, text := range texts {
		if t.text == text {
			return true
		}
	}
	return false
}

// whole reports whether t is a number without a decimal point.
func (t token) whole() bool { return t.kind == number && !strings.Contains(t.text, ".") }

// unseen lists characters that direct or join text and show nothing: bidi controls, joiners, byte order mark, soft hyphen.
const unseen = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u2060\ufeff\u00ad\u0640"

// sameAs maps the many forms of a mark, as keyboards, word processors and scripts produce them, to the one that the grammar knows.
var sameAs = map[rune]rune{}

func init() {
	for to, from := range map[rune]string{
		' ':  "\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000_",
		'-':  "\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63",
		'.':  "\u066b",             // Arabic decimal separator
		',':  "\u060c\u3001\ufe50", // Arabic and ideographic comma
		';':  "\u061b",             // Arabic semicolon
		'°':  "\u00ba\u02da\u2218\u2070\u25e6*",
		'\'': "\u2032\u2018\u2019\u201a\u201b\u02b9\u02bc\u02bb\u02c8\u00b4`\u2035\ua78c",
		'"':  "\u2033\u201c\u201d\u201e\u201f\u02ba\u02ee\u3003\u2036",
		':':  "\u2236\ufe55",
	} {
		for _, r := range from {
			sameAs[r] = to
		}
	}
}

// plain maps a character to the one that the grammar knows, or to 0 when it shows nothing.
func plain(r rune) rune {
	switch {
	case r >= '\uff01' && r <= '\uff5e': // full-width forms
		r = r - '\uff01' + '!'
	case r >= '٠' && r <= '٩': // Arabic-Indic digits
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹': // Persian digits
		return r - '۰' + '0'
	case strings.ContainsRune(unseen, r):
		return 0
	}
	if same, ok := sameAs[r]; ok {
		return same
	}
	if r >= 'a' && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// arabicWords gives the Latin word for the Arabic names of directions and of the two axes.
var arabicWords = map[string]string{
	"شمال": "NORTH", "شمالا": "NORTH", "شمالاً": "NORTH", "الشمال": "NORTH", "جنوب": "SOUTH", "جنوبا": "SOUTH", "جنوباً": "SOUTH", "الجنوب": "SOUTH",
	"شرق": "EAST", "شرقا": "EAST", "شرقاً": "EAST", "الشرق": "EAST", "غرب": "WEST", "غربا": "WEST", "غرباً": "WEST", "الغرب": "WEST",
	"عرض": "LAT", "العرض": "LAT", "طول": "LON", "الطول": "LON", "خط": "",
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' }
func isArabic(r rune) bool { return r >= '\u0621' && r <= '\u0652' }

// lex cuts a text into tokens. It accepts every character that some notation uses and faults on any other.
func lex(text string) ([]token, *Fault) {
	if n := utf8.RuneCountInString(text); n > maxText {
		return nil, &Fault{Read: fmt.Sprintf("a text of %d characters", n), Expected: fmt.Sprintf("one position, at most %d characters", maxText), Column: maxText + 1}
	}
	var (
		runes []rune // without what shows nothing
		cols  []int
		col   int
	)
	for _, r := range text {
		col++
		if p := plain(r); p != 0 {
			runes, cols = append(runes, p), append(cols, col)
		}
	}
	var tokens []token
	glued := false
	add := func(k kind, from, to int) {
		tokens = append(tokens, token{kind: k, text: string(runes[from:to]), col: cols[from], glued: glued})
		glued = true
	}
	for i := 0; i < len(runes); {
		r, from := runes[i], i
		switch {
		case r == ' ':
			glued = false
			i++
		case isDigit(r) || r == '.' && i+1 < len(runes) && isDigit(runes[i+1]):
			for i < len(runes) && isDigit(runes[i]) {
				i++
			}
			if i < len(runes) && runes[i] == '.' {
				for i++; i < len(runes) && isDigit(runes[i]); i++ {
				}
			}
			if i < len(runes) && runes[i] == '.' {
				return nil, &Fault{Read: quote(string(runes[from : i+1])), Expected: "at most one decimal point in a number", Column: cols[i]}
			}
			add(number, from, i)
		case isLetter(r):
			for i < len(runes) && isLetter(runes[i]) {
				i++
			}
			add(word, from, i)
		case isArabic(r):
			for i < len(runes) && isArabic(runes[i]) {
				i++
			}
			latin, known := arabicWords[string(runes[from:i])]
			if !known {
				return nil, &Fault{Read: quote(string(runes[from:i])), Expected: "شمال, جنوب, شرق, غرب, or N, S, E, W", Column: cols[from]}
			}
			if latin != "" {
				tokens = append(tokens, token{kind: word, text: latin, col: cols[from], glued: glued})
				glued = true
			}
		case r == '\'' && i+1 < len(runes) && runes[i+1] == '\'': // two minute signs stand for the second sign
			i += 2
			tokens = append(tokens, token{kind: mark, text: `"`, col: cols[from], glued: glued})
			glued = true
		case strings.ContainsRune("°'\":,;/+-", r):
			i++
			add(mark, from, i)
		default:
			return nil, &Fault{Read: fmt.Sprintf("the character %s (%U)", quote(string(r)), r), Expected: "digits, the letters N S E W or of a grid, degree, minute and second signs", Column: cols[from]}
		}
	}
	if len(tokens) == 0 {
		return nil, &Fault{Read: "nothing", Expected: "a position", Column: 1}
	}
	for _, t := range tokens {
		if t.is("NAN", "INF", "INFINITY") {
			return nil, &Fault{Read: quote(t.text) + ", which is not a number", Expected: "digits", Column: t.col}
		}
		if digits, _, _ := strings.Cut(t.text, "."); t.kind == number && len(digits) > 16 {
			return nil, &Fault{Read: fmt.Sprintf("a number of %d digits", len(digits)), Expected: "at most 16 digits in one number", Column: t.col}
		}
	}
	return tokens, nil
}

// dropLabel removes the name of a notation that stands before the position, such as "MGRS:".
func dropLabel(tokens []token, names ...string) []token {
	if len(tokens) == 0 || !tokens[0].is(names...) {
		return tokens
	}
	tokens = tokens[1:]
	if len(tokens) > 0 && tokens[0].is(":") {
		tokens = tokens[1:]
	}
	return tokens
}

// after returns the column behind the last token, where something missing was expected.
func after(tokens []token) int {
	if len(tokens) == 0 {
		return 1
	}
	last := tokens[len(tokens)-1]
	return last.col + utf8.RuneCountInString(last.text)
}

func quote(s string) string { return `"` + s + `"` }
