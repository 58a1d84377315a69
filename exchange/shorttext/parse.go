package shorttext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/geo/notation"
)

// maxText is the longest message in characters: three joined SMS of Latin letters.
const maxText = 480

// token is one word of a message. Once it is understood it is used, and nothing else may claim it.
type token struct {
	text   string // in plain digits
	folded string
	used   bool
}

// parser reads one message.
type parser struct {
	text   string
	lang   Language
	set    Setting
	tokens []token
	msg    *Message
	bare   []parley.Ref // what a code without its kind may stand for
	means  int          // statuses and decisions that were read
	first  int          // token at which the first meaning stands, -1 before
}

// Parse reads a message. A message that reads in no way, or in two, is a Refusal.
func Parse(text string, set Setting) (*Message, *Refusal) {
	p := &parser{text: text, lang: languageOf(text), set: set, first: -1}
	p.msg = &Message{Text: text, Language: p.lang}
	if n := utf8.RuneCountInString(text); n > maxText {
		return nil, p.refuse(FieldText, strconv.Itoa(n)+" characters", "text")
	}
	head, words := split(text)
	p.msg.Words = words
	for _, t := range strings.Fields(loosened(plain(head))) {
		p.tokens = append(p.tokens, token{text: t, folded: fold(t)})
	}
	for _, step := range []func() *Refusal{p.reference, p.alarm, p.times, p.phrases, p.rest, p.fit} {
		if r := step(); r != nil {
			return nil, r
		}
	}
	return p.msg, nil
}

func (p *parser) refuse(field Field, read, expected string) *Refusal {
	if strings.TrimSpace(read) == "" {
		read = map[Language]string{English: "nothing", Arabic: "لا شيء"}[p.lang]
	}
	r := refusal(p.text, p.lang, field, read, expected)
	r.Stop = p.msg.Stop
	return r
}

// split parts a message from the free words after a slash, a line's end, or a dash between spaces. The slash of a version, /v3, is none.
func split(text string) (head, words string) {
	runes := []rune(text)
	space := func(i int) bool { return i < 0 || i >= len(runes) || unicode.IsSpace(runes[i]) }
	for i, r := range runes {
		cut := false
		switch {
		case r == '\n':
			cut = strings.TrimSpace(string(runes[:i])) != ""
		case r == '/':
			cut = i+2 >= len(runes) || unicode.ToLower(runes[i+1]) != 'v' || !unicode.IsDigit(runes[i+2])
		case unicode.Is(unicode.Pd, r):
			cut = i > 0 && space(i-1) && space(i+1)
		}
		if cut {
			return string(runes[:i]), strings.TrimSpace(string(runes[i+1:]))
		}
	}
	return text, ""
}

// loosened puts a space where a comma or semicolon does not stand between digits: those may be a position's own.
func loosened(text string) string {
	runes := []rune(text)
	digit := func(i int) bool { return i >= 0 && i < len(runes) && runes[i] >= '0' && runes[i] <= '9' }
	for i, r := range runes {
		if (r == ',' || r == ';') && !(digit(i-1) && digit(i+1)) {
			runes[i] = ' '
		}
	}
	return string(runes)
}

// kindWords are the words that references begin with, as people write them. STOP is none here: it is what an urgent stop begins with.
var kindWords = []struct {
	word string
	kind parley.RefKind
}{{"MOVE", parley.RefMovement}, {"MOV", parley.RefMovement}, {"ASK", parley.RefPrompt}, {"SITE", parley.RefSite}, {"PRES", parley.RefPresence}}

var (
	versionEnd = regexp.MustCompile(`(?i)/v[0-9]+$`)
	group      = regexp.MustCompile(`^[0-9A-TV-Z]{1,8}(-[0-9A-TV-Z]{1,8})*-?$`)
	bareCode   = regexp.MustCompile(`^[0-9A-TV-Z]{4}-[0-9A-TV-Z]{2,4}(-[0-9A-TV-Z]{1,4})*$`)
	letterless = strings.NewReplacer("0", "O", "1", "I")
)

// reference finds the one reference of a message. Its check character decides between letters that look alike.
func (p *parser) reference() *Refusal {
	for i := 0; i < len(p.tokens); i++ {
		ref, used, r := p.referenceAt(i)
		if r != nil {
			return r
		}
		if used == 0 {
			continue
		}
		if p.msg.Of != "" && p.msg.Of != ref {
			return p.refuse(FieldReference, string(p.msg.Of)+" "+string(ref), "one_reference")
		}
		p.msg.Of = ref
		for j := range used {
			p.tokens[i+j].used = true
		}
		i += used - 1
	}
	if p.msg.Of != "" {
		return nil
	}
	for i := range p.tokens {
		code := strings.ToUpper(p.tokens[i].text)
		if !bareCode.MatchString(code) {
			continue
		}
		for _, kind := range []parley.RefKind{parley.RefMovement, parley.RefPrompt, parley.RefSite, parley.RefPresence} {
			if ref, err := parley.ParseRef(string(kind) + "-" + code); err == nil {
				p.bare = append(p.bare, ref)
			}
		}
		if p.bare == nil {
			return p.refuse(FieldReference, p.tokens[i].text, "check")
		}
		p.tokens[i].used = true
		break
	}
	return nil
}

// referenceAt reads a reference that begins at a token, and says how many tokens it takes: none when no reference begins there.
func (p *parser) referenceAt(i int) (parley.Ref, int, *Refusal) {
	word := strings.Trim(strings.ToUpper(p.tokens[i].text), "#().,;:!?\"'")
	word = versionEnd.ReplaceAllString(word, "")
	for _, k := range kindWords {
		if len(word) < len(k.word) || letterless.Replace(word[:len(k.word)]) != k.word {
			continue
		}
		body := word[len(k.word):]
		if body == "" && i+1 == len(p.tokens) || body != "" && body[0] != '-' && (len(body) < 6 || !strings.ContainsAny(body, "0123456789")) || !group.MatchString("0"+strings.TrimPrefix(body, "-")) {
			continue
		}
		var found parley.Ref
		used := 0
		for n := 1; n <= 4 && i+n <= len(p.tokens); n++ {
			if n > 1 {
				next := versionEnd.ReplaceAllString(strings.Trim(strings.ToUpper(p.tokens[i+n-1].text), "#().,;:!?\"'"), "")
				if !group.MatchString(next) || p.known(i+n-1) {
					break
				}
				body += "-" + next
			}
			ref, err := parley.ParseRef(string(k.kind) + "-" + strings.Trim(body, "-"))
			if err != nil {
				continue
			}
			if found != "" {
				return "", 0, p.refuse(FieldReference, string(found)+" "+string(ref), "one_reference")
			}
			found, used = ref, n
			if last := body[strings.LastIndexByte(strings.TrimRight(body, "-"), '-')+1:]; len(strings.TrimRight(last, "-")) != 4 || n == 1 {
				break // a written form ends with a group that is not full, or is written in one piece
			}
		}
		if found != "" {
			return found, used, nil
		}
		if body == "" || p.known(i) {
			continue // "MOVE" or "ASK" as a plain word
		}
		return "", 0, p.refuse(FieldReference, p.tokens[i].text, "check")
	}
	return "", 0, nil
}

// known reports whether a token begins a phrase of the lexicon.
func (p *parser) known(i int) bool {
	return slices.ContainsFunc(lexicon, func(e entry) bool { return p.matches(i, e) })
}

func (p *parser) matches(i int, e entry) bool {
	if i+len(e.words) > len(p.tokens) {
		return false
	}
	for j, w := range e.words {
		if t := &p.tokens[i+j]; t.used || t.folded != w {
			return false
		}
	}
	return true
}

func (p *parser) use(i, n int) {
	for j := range n {
		p.tokens[i+j].used = true
	}
}

// alarm reads an urgent stop: its word stands before any status or decision. Of the rest only what names the object or the place is
// read; everything else is kept as its words, so that no stop is lost to a grammar.
func (p *parser) alarm() *Refusal {
	for i := range p.tokens {
		at := slices.IndexFunc(lexicon, func(e entry) bool { return e.answer == "" && p.matches(i, e) })
		if at < 0 {
			continue
		}
		switch e := &lexicon[at]; {
		case e.stop:
			p.msg.Stop, p.means, p.first = true, 1, i
			p.use(i, len(e.words))
			return nil
		case e.status != "" || e.choice != "":
			return nil
		}
	}
	return nil
}

var clockTime = regexp.MustCompile(`^([0-9]{1,2})[:hH]([0-9]{2})(Z|UTC)?$`)

// times reads an hour, in the theatre's zone unless it says Z or UTC: the last time that the clock showed it.
func (p *parser) times() *Refusal {
	if p.msg.Stop {
		return nil
	}
	for i := range p.tokens {
		t := &p.tokens[i]
		m := clockTime.FindStringSubmatch(strings.Trim(strings.ToUpper(t.text), ".,;()!?"))
		if t.used || m == nil {
			continue
		}
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2])
		if hour > 23 || minute > 59 || p.msg.At != 0 {
			return p.refuse(FieldTime, t.text, "time")
		}
		zone := p.set.Zone
		used := 1
		if m[3] != "" {
			zone = time.UTC
		} else if i+1 < len(p.tokens) && (p.tokens[i+1].folded == "Z" || p.tokens[i+1].folded == "UTC") {
			zone, used = time.UTC, 2
		}
		now := time.UnixMilli(p.set.Now).In(zone)
		at := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, zone)
		if at.After(now.Add(5 * time.Minute)) {
			at = time.Date(now.Year(), now.Month(), now.Day()-1, hour, minute, 0, 0, zone)
		}
		p.msg.At = at.UnixMilli()
		p.use(i, used)
	}
	return nil
}

// phrases reads what the message means: the longest phrase at each place.
func (p *parser) phrases() *Refusal {
	if p.msg.Stop {
		return nil
	}
	for i := 0; i < len(p.tokens); i++ {
		if p.tokens[i].used {
			continue
		}
		at := slices.IndexFunc(lexicon, func(e entry) bool { return e.answer == "" && p.matches(i, e) })
		if at < 0 {
			continue
		}
		e := &lexicon[at]
		switch {
		case e.leg:
			if r := p.leg(i); r != nil {
				return r
			}
		case e.escort:
			if r := p.escort(i, len(e.words)); r != nil {
				return r
			}
		case e.status != "" || e.choice != "" || e.stop:
			again := !e.stop && (e.status != "" && e.status == p.msg.Status || e.choice != "" && e.choice == p.msg.Decision)
			if p.means > 0 && !again {
				return p.refuse(FieldMeaning, strings.Join([]string{p.tokens[p.first].text, p.tokens[i].text}, " + "), "one_meaning")
			}
			if p.means == 0 {
				p.first = i
			}
			p.means++
			p.msg.Status, p.msg.Decision = e.status, e.choice
			p.use(i, len(e.words))
		default:
			p.use(i, len(e.words))
		}
	}
	if p.means == 0 {
		return p.refuse(FieldMeaning, p.unused(), "meaning")
	}
	return nil
}

func (p *parser) unused() string {
	var words []string
	for _, t := range p.tokens {
		if !t.used {
			words = append(words, t.text)
		}
	}
	return strings.Join(words, " ")
}

func (p *parser) leg(i int) *Refusal {
	if i+1 < len(p.tokens) && !p.tokens[i+1].used {
		if n, err := strconv.Atoi(strings.Trim(p.tokens[i+1].text, ".,;")); err == nil && n >= 1 && n <= 32 && (p.msg.Leg == 0 || p.msg.Leg == n) {
			p.msg.Leg = n
			p.use(i, 2)
			return nil
		}
		return p.refuse(FieldLeg, p.tokens[i+1].text, "leg")
	}
	return p.refuse(FieldLeg, "", "leg")
}

func (p *parser) escort(i, words int) *Refusal {
	next := i + words
	at := slices.IndexFunc(lexicon, func(e entry) bool { return e.answer != "" && p.matches(next, e) })
	if at < 0 {
		read := ""
		if next < len(p.tokens) {
			read = p.tokens[next].text
		}
		return p.refuse(FieldEscort, read, "escort")
	}
	if p.msg.Armed != "" && p.msg.Armed != lexicon[at].answer {
		return p.refuse(FieldEscort, p.tokens[next].text, "escort")
	}
	p.msg.Armed = lexicon[at].answer
	p.use(i, words+len(lexicon[at].words))
	return nil
}

// rest reads what is left as a position: all of it, standing together.
func (p *parser) rest() *Refusal {
	if p.msg.Stop {
		return p.alarmPlace()
	}
	var left []string
	from, to := -1, -1
	for i, t := range p.tokens {
		if !t.used {
			if from < 0 {
				from = i
			}
			to = i
			left = append(left, t.text)
		}
	}
	if left == nil {
		return nil
	}
	together := !slices.ContainsFunc(p.tokens[from:to+1], func(t token) bool { return t.used && !filler(t) })
	reading, ok := position(left)
	switch {
	case !ok || !together:
		return p.refuse(FieldPosition, strings.Join(left, " "), "position")
	case p.outside(reading):
		return p.refuse(FieldPosition, strings.Join(left, " "), "in_theatre")
	}
	p.msg.Place = &reading
	return nil
}

func position(words []string) (notation.Reading, bool) {
	trimmed := make([]string, len(words))
	for i, w := range words {
		trimmed[i] = strings.Trim(w, ".;!?()")
	}
	r, err := notation.Parse(strings.Trim(strings.Join(trimmed, " "), ", "))
	return r, err == nil
}

func (p *parser) outside(r notation.Reading) bool {
	return p.set.Contains != nil && !p.set.Contains(r.Position)
}

func filler(t token) bool {
	return slices.ContainsFunc(lexicon, func(e entry) bool { return e.filler && len(e.words) == 1 && e.words[0] == t.folded })
}

// alarmPlace finds where an urgent stop is about when it names no object: the longest run of words that reads as a position. Two runs of
// that length are two readings. What is left are its words.
func (p *parser) alarmPlace() *Refusal {
	var left []string
	for _, t := range p.tokens {
		if !t.used {
			left = append(left, t.text)
		}
	}
	words := func(parts ...[]string) {
		p.msg.Words = strings.TrimSpace(strings.Join(slices.Concat(parts...), " ") + " " + p.msg.Words)
	}
	if p.msg.Of != "" || p.bare != nil {
		words(left)
		return nil
	}
	const most = 12 // no notation is written in more words
	for n := min(len(left), most); n > 0; n-- {
		at := -1
		var found notation.Reading
		for i := 0; i+n <= len(left); i++ {
			r, ok := position(left[i : i+n])
			if !ok {
				continue
			}
			if at >= 0 {
				return p.refuse(FieldPosition, strings.Join(left, " "), "object_ref")
			}
			at, found = i, r
		}
		if at < 0 {
			continue
		}
		if p.outside(found) {
			return p.refuse(FieldPosition, strings.Join(left[at:at+n], " "), "in_theatre")
		}
		p.msg.Place = &found
		words(left[:at], left[at+n:])
		return nil
	}
	return p.refuse(FieldReference, strings.Join(left, " "), "object_ref")
}

// fit holds the parts against each other.
func (p *parser) fit() *Refusal {
	m := p.msg
	kinds, expected := []parley.RefKind{parley.RefMovement}, "movement_ref"
	switch {
	case m.Stop:
		kinds, expected = []parley.RefKind{parley.RefMovement, parley.RefSite, parley.RefPresence}, "object_ref"
	case m.Decision != "":
		kinds, expected = []parley.RefKind{parley.RefPrompt, parley.RefMovement}, "prompt_ref"
	}
	if m.Of == "" {
		var fits []parley.Ref
		for _, ref := range p.bare {
			if slices.Contains(kinds, ref.Kind()) {
				fits = append(fits, ref)
			}
		}
		switch {
		case len(fits) == 1:
			m.Of = fits[0]
		case len(fits) > 1:
			return p.refuse(FieldReference, string(fits[0])+" / "+string(fits[1]), "one_reference")
		case len(p.bare) > 0:
			return p.refuse(FieldReference, string(p.bare[0]), expected)
		}
	}
	switch {
	case m.Of == "" && !(m.Stop && m.Place != nil):
		return p.refuse(FieldReference, p.unused(), expected)
	case m.Of != "" && !slices.Contains(kinds, m.Of.Kind()):
		return p.refuse(FieldReference, string(m.Of), expected)
	case m.Status == "" && (m.Leg != 0 || m.Armed != "" || m.Decision != "" && (m.Place != nil || m.At != 0)):
		return p.refuse(FieldMeaning, p.tokens[p.first].text, "report_only")
	}
	return nil
}
