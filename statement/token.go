package statement

import (
	"strings"
	"unicode"
)

// token is a word, a number or a mark. Its range counts characters.
type token struct {
	from, to int
	text     string
	low      string // in lower case, without a possessive ending and without vowel signs
	word     bool
	quote    int // the number of the quotation whose mark this is, plus 1; 0 for none
}

// capital reports whether the token begins with an upper-case letter.
func (t *token) capital() bool {
	for _, r := range t.text {
		return unicode.IsUpper(r)
	}
	return false
}

// possessive reports whether the token ends as in "Russia's".
func (t *token) possessive() bool {
	return strings.HasSuffix(t.text, "’s") || strings.HasSuffix(t.text, "'s") || strings.HasSuffix(t.text, "s’")
}

// paragraph is a line of the text: its range, its tokens, and the passages in quotation marks in it.
type paragraph struct {
	from, to int
	tokens   []token
	quotes   []quotation
}

// paragraphs cuts a text at its line breaks. Empty lines are left out.
func paragraphs(text []rune) []paragraph {
	var out []paragraph
	for from := 0; from < len(text); {
		to := from
		for to < len(text) && text[to] != '\n' {
			to++
		}
		p := paragraph{from: from, to: to}
		if p.tokens = tokens(text, from, to); len(p.tokens) > 0 {
			out = append(out, p)
		}
		from = to + 1
	}
	return out
}

// tokens cuts a range of a text into tokens. A hyphen, an apostrophe or a full stop within a word belongs to it: "US-led", "Russia’s", "U.S.".
func tokens(text []rune, from, to int) []token {
	out := make([]token, 0, (to-from)/5+1) // a word and its space are five characters and more
	for i := from; i < to; {
		r := text[i]
		if unicode.IsSpace(r) || invisible(r) {
			i++
			continue
		}
		at := i
		if !letter(r) {
			i++
			out = append(out, token{from: at, to: i, text: string(r), low: string(r)})
			continue
		}
		for i < to && (letter(text[i]) || i+1 < to && inWord(text[i]) && letter(text[i+1])) {
			i++
		}
		// "U.S." and "p.m.": single letters, each with a full stop.
		if i < to && text[i] == '.' && initials(text[at:i]) {
			i++
		}
		word := string(text[at:i])
		if i+1 < to && text[i] == '.' && abbreviations[strings.ToLower(word)] && unicode.IsUpper(text[at]) && text[i+1] == ' ' {
			i++
			out = append(out, token{from: at, to: i, text: word + ".", low: fold(word), word: true})
			continue
		}
		out = append(out, token{from: at, to: i, text: word, low: fold(word), word: true})
	}
	return out
}

func letter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func inWord(r rune) bool {
	switch r {
	case '-', '‐', '‑', '’', '\'', '.', '_', '@':
		return true
	}
	return false
}

// initials reports whether letters alternate with full stops, one by one.
func initials(rs []rune) bool {
	for i, r := range rs {
		if (i%2 == 0) != unicode.IsLetter(r) {
			return false
		}
	}
	return len(rs)%2 == 1 && len(rs) > 1
}

// invisible reports whether a character only directs how others are set.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

// fold prepares a word for comparison.
func fold(word string) string {
	plain := true
	for i := 0; i < len(word); i++ {
		plain = plain && (word[i] >= 'a' && word[i] <= 'z')
	}
	if plain {
		return word
	}
	word = strings.ToLower(word)
	for _, end := range []string{"’s", "'s", "’", "'"} {
		if cut, ok := strings.CutSuffix(word, end); ok {
			word = cut
			break
		}
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == 'ـ':
			return -1
		case r == 'أ', r == 'إ', r == 'آ':
			return 'ا'
		case r == 'ى':
			return 'ي'
		case r == 'ة':
			return 'ه'
		case r == 'ё':
			return 'е'
		case r == '‐', r == '‑':
			return '-'
		}
		return r
	}, word)
}
