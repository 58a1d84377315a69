package designation

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// cyrillic gives each letter one Latin spelling, close to the English press. That a letter has many spellings in the world (ж: zh, j, sch, ž; й: y, j, i)
// is the business of sound.go, which weighs one spelling against another.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l",
	'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch",
	'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "yi", 'є': "ye", 'ў': "u", // Ukrainian, Belarusian
	'ђ': "dj", 'ј': "y", 'љ': "ly", 'њ': "ny", 'ћ': "ch", 'џ': "dzh", 'ѓ': "gy", 'ќ': "ky", 'ѕ': "dz", // Serbian, Macedonian
	'ә': "a", 'ғ': "gh", 'қ': "q", 'ң': "ng", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", // Kazakh, Tatar, Mongolian
	'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u", 'ҙ': "z", 'ҡ': "q", 'ҫ': "s", // Tajik, Bashkir
	'ӏ': "", 'Ӏ': "", // the stroke of Caucasian languages
}

// arabic gives the consonants and the long vowels; short vowels are not written, so they are not guessed. '`' stands for ain, which most Latin
// spellings leave out.
var arabic = map[rune]string{
	'ا': "a", 'أ': "a", 'إ': "i", 'آ': "a", 'ٱ': "a", 'ء': "", 'ؤ': "w", 'ئ': "y", 'ب': "b", 'ت': "t", 'ة': "a", 'ث': "th", 'ج': "j", 'ح': "h",
	'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "`", 'غ': "gh", 'ف': "f",
	'ق': "q", 'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'و': "w", 'ى': "a", 'ي': "y",
	'پ': "p", 'چ': "ch", 'ژ': "zh", 'ک': "k", 'گ': "g", 'ی': "y", 'ۀ': "h", 'ە': "h", 'ۆ': "w", 'ێ': "y", // Persian, Kurdish
	'ہ': "h", 'ھ': "h", 'ۂ': "h", 'ۃ': "a", 'ں': "n", 'ے': "y", 'ۓ': "y", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", // Urdu
	'ټ': "t", 'ډ': "d", 'ړ': "r", 'ڼ': "n", 'ښ': "sh", 'ږ': "zh", 'ځ': "z", 'څ': "s", 'ګ': "g", 'ې': "y", 'ۍ': "y", 'ۇ': "w", 'ۋ': "v", // Pashto, Uighur
	'ڤ': "v", 'ڭ': "ng",
}

// latin gives the letters that do not come apart into a letter of a to z with a mark.
var latin = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ə': "a", 'ŋ': "ng", 'ħ': "h", 'ĸ': "k", 'ŧ': "t", 'ɓ': "b", 'ɗ': "d",
}

// romanise writes a folded word (NFKC, lower case) in letters a to z, digits, '`' and, between letters that would look like one, '|'. Bare says that its script leaves vowels out.
func romanise(s string) (text string, bare bool) {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return s, false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case unicode.Is(unicode.Cyrillic, r):
			if t, ok := cyrillic[r]; ok {
				b.WriteString(t)
			} else {
				b.WriteString(unmarked(r))
			}
		case unicode.Is(unicode.Arabic, r):
			if t, ok := arabic[r]; ok {
				bare = true
				if n := b.Len(); n > 0 && t != "" && apart(b.String()[n-1], t[0]) {
					b.WriteByte('|')
				}
				b.WriteString(t)
			} else if d := digit(r); d >= 0 {
				b.WriteByte('0' + byte(d))
			}
		default:
			if t, ok := latin[r]; ok {
				b.WriteString(t)
			} else {
				bare = bare || unicode.Is(unicode.Hebrew, r)
				b.WriteString(unmarked(r))
			}
		}
	}
	return b.String(), bare
}

// apart tells two letters of which each stands for a sound of its own, though written one after the other they look like one: s and h of صحراء.
func apart(a, b byte) bool {
	return b == 'h' && strings.IndexByte("stkdgzcp", a) >= 0 || a == 't' && (b == 's' || b == 'z') || a == 'd' && b == 'j'
}

// unmarked takes the marks off a letter, and asks the general table for what is still no letter of a to z.
func unmarked(r rune) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(string(r)) {
		switch t, ok := cyrillic[c]; {
		case unicode.Is(unicode.M, c):
		case c < 0x80:
			b.WriteRune(c)
		case ok:
			b.WriteString(t)
		default:
			for _, d := range strings.ToLower(unidecode.Unidecode(string(c))) {
				if d >= 'a' && d <= 'z' || d >= '0' && d <= '9' {
					b.WriteRune(d)
				}
			}
		}
	}
	return b.String()
}

// digit returns the value of a decimal digit of any script, -1 for what is none.
func digit(r rune) int {
	if !unicode.Is(unicode.Nd, r) {
		return -1
	}
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	// Unicode keeps each script's digits together, zero first.
	zero := r
	for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return int(r - zero)
}
