package shorttext

import (
	"strings"
	"unicode"
)

// plain writes a text in one script of digits and without what shows nothing: marks of direction, tatweel, vowel signs. Letters stay.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '٫':
			return '.'
		case r == '،':
			return ','
		case r == '؛':
			return ';'
		case r == 'ـ', unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == '٬':
			return -1
		case r == '–', r == '—', r == '‒', r == '−', r == '‐', r == '‑':
			return '-'
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
}

// fold writes a word so that its variants compare equal: upper case, one alef, one yaa, taa marbuta as haa, no hamza seat, no marks around it.
func fold(word string) string {
	word = strings.Map(func(r rune) rune {
		switch r {
		case 'أ', 'إ', 'آ', 'ٱ':
			return 'ا'
		case 'ى', 'ی', 'ئ':
			return 'ي'
		case 'ؤ':
			return 'و'
		case 'ة':
			return 'ه'
		case 'ک':
			return 'ك'
		case 'ء':
			return -1
		}
		return unicode.ToUpper(r)
	}, plain(word))
	return strings.Trim(word, ".,;:!?؟\"'()[]<>«»*#=")
}

// languageOf is the language of most letters of a text; references and grids are Latin in both, so any Arabic letter decides.
func languageOf(text string) Language {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) }) {
		return Arabic
	}
	return English
}

// clip cuts a text to so many characters.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-2]) + ".."
}
