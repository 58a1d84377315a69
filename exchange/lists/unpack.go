package lists

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/designation"
)

// An authority's "alias" is often several names in one string: in brackets, between semicolons, after enumerators, in two scripts. The patterns here
// were read off the United Nations' editions of 2018 and 2026 and OFAC's of 2019.

// namer collects the names of one entry.
type namer struct {
	e    *designation.Entry
	seen map[string]bool
}

func newNamer(e *designation.Entry) *namer { return &namer{e: e, seen: map[string]bool{}} }

// raw keeps a string of the list with its element.
func (n *namer) raw(element, text string) int {
	n.e.Raw = append(n.e.Raw, designation.Raw{Element: element, Text: text})
	return len(n.e.Raw) - 1
}

// add unpacks a string into names.
func (n *namer) add(element, text string, q designation.Quality) {
	if flat(text) == "" {
		return
	}
	at := n.raw(element, text)
	for i, p := range unpack(text) {
		quality := q
		switch {
		case p.quality != "":
			quality = p.quality
		case i > 0 && q == designation.Primary:
			quality = designation.Good
		}
		n.put(designation.Name{Text: p.text, Quality: quality, Raw: at})
	}
}

// put takes one name as it is.
func (n *namer) put(name designation.Name) {
	name.Text = flat(name.Text)
	if name.Text == "" {
		return
	}
	if n.seen[name.Text] { // the better word for it counts
		for i := range n.e.Names {
			if x := &n.e.Names[i]; x.Text == name.Text && x.Quality != designation.Primary && name.Quality == designation.Good {
				x.Quality = designation.Good
			}
		}
		return
	}
	n.seen[name.Text] = true
	name.Script = designation.ScriptOf(name.Text)
	n.e.Names = append(n.e.Names, name)
}

// remarked returns the quality of a name after the remark beside it.
func remarked(note string, q designation.Quality) designation.Quality {
	low := strings.ToLower(note)
	switch {
	case strings.Contains(low, "listed as"):
		return designation.Former
	case strings.Contains(low, "nom de guerre"), strings.Contains(low, "initials"), strings.Contains(low, "call sign"), strings.Contains(low, "combat name"):
		return designation.Low
	}
	return q
}

// note reads the names that stand in the remark beside an alias: its form in another script, its transliterations.
func (n *namer) note(element, text string, q designation.Quality) {
	if text = flat(text); text == "" {
		return
	}
	low := strings.ToLower(text)
	q = remarked(text, q)
	var found []string
	if m := inScript.FindStringSubmatch(text); m != nil {
		found = append(found, m[1])
	}
	switch {
	case strings.Contains(low, "transliteration"):
		body := strings.TrimLeft(transliterations.ReplaceAllString(text, ""), " :;,")
		if i := strings.Index(body, "(Translation"); i >= 0 {
			body = body[:i]
		}
		for _, piece := range strings.FieldsFunc(body, func(r rune) bool { return r == ';' || r == ',' || r == '(' || r == ')' }) {
			found = append(found, strings.Trim(piece, " ()."))
		}
	case strings.Contains(text, ";") && !digits.MatchString(listed(text)):
		for piece := range strings.SplitSeq(listed(text), ";") {
			found = append(found, strings.Trim(piece, " ()."))
		}
	}
	if len(found) > 0 {
		at := n.raw(element, text)
		for _, name := range found {
			if looksNamed(name) {
				n.put(designation.Name{Text: name, Quality: q, Raw: at})
			}
		}
	}
}

// listed returns the part of a note that lists names: the inside of a bracket that has semicolons, or the whole.
func listed(text string) string {
	if i, j := strings.Index(text, "("), strings.LastIndex(text, ")"); i >= 0 && j > i && strings.Contains(text[i:j], ";") {
		return text[i+1 : j]
	}
	return text
}

var (
	inScript         = regexp.MustCompile(`(?i)(?:in arabic(?: script)?|original script|in cyrillic(?: script)?|in russian)\s*:\s*([^);]+)`)
	transliterations = regexp.MustCompile(`(?i)\(?\s*transliterations?(?: of [a-z ]+)?\s*\)?`)
	digits           = regexp.MustCompile(`\d`)
	enumerator       = regexp.MustCompile(`(?:^|\s)(?:\(?(?:[a-z]|i{1,3}|iv|vi{0,3}|ix)\)|\((?:[a-z]|i{1,3}|iv|vi{0,3}|ix)\))\s+`)
	bornTail         = regexp.MustCompile(`(?i),?\s+(?:born (?:on|in)?|date of birth|dob\b|passport (?:no|number)).*$`)
	remark           = regexp.MustCompile(`(?i)^(?:original script|(?:previously|formerly) listed(?: as)?|birth name|combat name|nom de guerre|nickname|false identity.*|fraudulent.*|transliterations?.*|translation.*|third|.*\bpassport\b.*|linked to.*|deceased|[a-z]{2,3}\.\d{3})$`)
	formerRemark     = regexp.MustCompile(`(?i)^(?:previously|formerly) listed`)
	knownAs          = regexp.MustCompile(`(?i)^(?:a\.?k\.?a\.?|also known as|formerly(?: known as)?|f\.?k\.?a\.?|now known as|n\.?k\.?a\.?)[ :]+`)
	subUnit          = regexp.MustCompile(`(?i)\s*[-–]\s*sub-?unit name\s*$`)
	sonOf            = regexp.MustCompile(`(?i)^(.+?) (?:son|daughter) of (.+)$`)
)

// piece is a name that was unpacked, with the quality that the string itself gives it.
type piece struct {
	text    string
	quality designation.Quality
}

// mostPacked is how long a string may be whose names are unpacked, in bytes. The longest of the lists has 400.
const mostPacked = 4096

// unpack returns the names in a string, the first first.
func unpack(s string) []piece { return unpackTo(s, deepest) }

// deepest is how many brackets in brackets are taken apart. The lists have two.
const deepest = 4

func unpackTo(s string, depth int) []piece {
	if depth == 0 {
		return nil
	}
	s = flat(s)
	if len(s) > mostPacked { // no list packs so much; taking it apart would cost its square
		s = strings.ToValidUTF8(s[:mostPacked], "")
	}
	var out []piece
	for _, part := range split(s) {
		out = append(out, unbracket(part, depth)...)
	}
	seen := map[string]bool{}
	kept := out[:0]
	for _, p := range out {
		p.text = tidy(p.text)
		if looksNamed(p.text) && !seen[p.text] {
			seen[p.text] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// split cuts a string at semicolons, enumerators and slashes between spaces that stand outside brackets.
func split(s string) []string {
	s = enumerator.ReplaceAllString(s, " ; ")
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth = max(0, depth-1)
		case ';':
			if depth == 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		case '/':
			if depth == 0 && i > 0 && i+1 < len(s) && s[i-1] == ' ' && s[i+1] == ' ' {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// unbracket takes the brackets of one name apart.
func unbracket(s string, depth int) []piece {
	if m := subUnit.FindStringIndex(s); m != nil {
		return mark(unbracket(s[:m[0]], depth), designation.Sub)
	}
	outer, inner := brackets(s)
	var out []piece
	quality := designation.Quality("")
	name := "" // the name with the brackets that belong to it
	before := ""
	for i, o := range outer {
		name = strings.TrimSpace(name + " " + o)
		before = strings.TrimSpace(before + " " + o)
		if i == len(inner) {
			break
		}
		in := strings.TrimSpace(inner[i])
		switch {
		case in == "":
		case formerRemark.MatchString(in):
			quality = designation.Former
		case remark.MatchString(in):
		case knownAs.MatchString(in):
			out = append(out, unpackTo(knownAs.ReplaceAllString(in, ""), depth-1)...)
		case inScript.MatchString(in):
			out = append(out, piece{text: inScript.FindStringSubmatch(in)[1]})
		case subUnit.MatchString(in):
			out = append(out, mark(unpackTo(subUnit.ReplaceAllString(in, ""), depth-1), designation.Sub)...)
			quality = designation.Sub
		case strings.Contains(in, ";"):
			out = append(out, unpackTo(in, depth-1)...)
		case acronymOf(in, before):
			out = append(out, piece{text: in})
			if i+1 < len(outer) { // "… (NFRPC) AND … (ENTC)" are two names
				if rest := strings.TrimSpace(outer[i+1]); strings.HasPrefix(strings.ToUpper(rest), "AND ") {
					out = append(out, piece{text: before})
					outer[i+1], before = rest, ""
					if i+1 < len(inner) || len(rest) > 4 {
						out = append(out, piece{text: rest[4:]})
					}
				}
			}
		case otherScript(in, o):
			out = append(out, unpackTo(in, depth-1)...)
		case variantOf(in, before) != "":
			out = append(out, piece{text: variantOf(in, before)})
		case acronymList(in, before):
			for x := range strings.SplitSeq(in, ",") {
				out = append(out, piece{text: x})
			}
		default:
			name += " (" + in + ")"
			before += " " + in
		}
	}
	return append(mark(scripts(bornTail.ReplaceAllString(name, "")), quality), out...)
}

// scripts cuts a name that is written twice, in two scripts, into both; and takes the name of a father off.
func scripts(s string) []piece {
	var out []piece
	var run []string
	script := designation.Script("")
	flush := func() {
		if len(run) > 0 {
			out = append(out, piece{text: strings.Join(run, " ")})
		}
		run = nil
	}
	for _, word := range strings.Fields(s) {
		w := designation.ScriptOf(word)
		if w != designation.Other && script != "" && w != script {
			flush()
		}
		if w != designation.Other {
			script = w
		}
		run = append(run, word)
	}
	flush()
	for _, p := range out {
		if m := sonOf.FindStringSubmatch(p.text); m != nil {
			out = append(out, piece{text: m[1]})
		}
	}
	return out
}

func mark(ps []piece, q designation.Quality) []piece {
	if q != "" {
		for i := range ps {
			ps[i].quality = q
		}
	}
	return ps
}

// brackets cuts a string into what is outside of its outermost brackets and what is inside; a bracket that is not closed ends with the string.
func brackets(s string) (outer, inner []string) {
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			if depth == 0 {
				outer = append(outer, s[start:i])
				start = i + 1
			}
			depth++
		case ')':
			if depth == 1 {
				inner = append(inner, s[start:i])
				start = i + 1
			}
			if depth == 0 { // closes nothing
				s = s[:i] + " " + s[i+1:]
				continue
			}
			depth--
		}
	}
	if depth > 0 {
		return outer, append(inner, s[start:])
	}
	return append(outer, s[start:]), inner
}

// acronymOf reports whether a word in brackets is the acronym of the name before it: its letters stand in the name in their order and begin with the name's
// first letter or that of a later word, as HASI does in Hilal Ahmar Society Indonesia.
func acronymOf(in, name string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, in)
	if n := utf8.RuneCountInString(letters); n < 2 || n > 10 || strings.ContainsAny(in, " ,") || in == strings.ToLower(in) || designation.ScriptOf(in) != designation.Latin {
		return false
	}
	upper := 0
	for _, r := range in {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	if upper*2 < utf8.RuneCountInString(letters) {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) < 2 {
		return false
	}
	return follows([]rune(letters), words)
}

// mostWords is how many words a name may have whose acronym is looked for.
const mostWords = 40

// follows reports whether letters can be read off words in order, each word that gives any giving its first.
func follows(letters []rune, words []string) bool {
	if len(words) > mostWords {
		return false
	}
	// can[i] says whether letters[i:] can be read off the words from the present one on.
	can := make([]bool, len(letters)+1)
	can[len(letters)] = true
	for w := len(words) - 1; w >= 0; w-- {
		now := append([]bool(nil), can...)
		for i := range letters {
			at := 0
			for k, r := range []rune(words[w]) {
				if k == 0 && r != letters[i] {
					break
				}
				if i+at < len(letters) && r == letters[i+at] {
					at++
					now[i] = now[i] || can[i+at]
				}
			}
		}
		can = now
	}
	return can[0]
}

// acronymList reports whether brackets hold several short names between commas, the first an acronym: "ISIL-SEA, ISIL-South East Asia".
func acronymList(in, before string) bool {
	first, _, ok := strings.Cut(in, ",")
	return ok && acronymOf(first, before) && !digits.MatchString(in)
}

// variantOf returns the name with its last word replaced by the word in brackets, if that is another spelling of it: "Lom-ali Butayev (Butaev)".
func variantOf(in, name string) string {
	words := strings.Fields(name)
	if len(words) == 0 || strings.ContainsAny(in, " ,;") || !looksNamed(in) {
		return ""
	}
	last := words[len(words)-1]
	if !strings.EqualFold(in[:1], last[:1]) || strings.EqualFold(in, last) {
		return ""
	}
	a, b := []rune(strings.ToLower(in)), []rune(strings.ToLower(last))
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	tail := 0
	for tail < len(a)-same && tail < len(b)-same && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if max(len(a), len(b))-same-tail > 2 || min(len(a), len(b)) < 4 {
		return ""
	}
	return strings.Join(append(words[:len(words)-1:len(words)-1], in), " ")
}

// otherScript reports whether two texts are in different scripts.
func otherScript(a, b string) bool {
	x, y := designation.ScriptOf(a), designation.ScriptOf(b)
	return x != y && x != designation.Other && y != designation.Other
}

// looksNamed reports whether a text can be a name: it has two letters, or a letter and a digit.
func looksNamed(s string) bool {
	letters, ciphers := 0, 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			letters += 2
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			ciphers++
		}
	}
	return letters >= 2 || letters == 1 && ciphers >= 1
}

// tidy takes off what surrounds a name.
func tidy(s string) string {
	s = flat(s)
	s = strings.Trim(s, " ,;:\"“”«»")
	if strings.Count(s, "(") != strings.Count(s, ")") {
		s = strings.Trim(s, " ()")
	}
	if len(s) > 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = s[1 : len(s)-1]
	}
	return strings.TrimSpace(s)
}

// flat makes every run of white space one space.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
