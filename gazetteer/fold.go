package gazetteer

import (
	"slices"
	"strings"
	"unicode"
)

// folded is a text reduced to what two people would type alike: small Latin letters without marks, Arabic letters of one form, Western digits. Tashkeel,
// tatweel, hamza, apostrophes and doubled Latin letters are left out.
type folded struct {
	words []string // without the article: "Ar-Raqqa", "al Raqqa" and raqa are alike, and so are الرقة and رقه
	full  string   // all of it, without spaces
}

func fold(text string) (f folded) {
	var word []rune
	end := func() {
		if len(word) == 0 {
			return
		}
		f.full += string(word)
		f.words = append(f.words, string(withoutArticle(word)))
		word = nil
	}
	for _, r := range text {
		r = unicode.ToLower(r)
		if same, ok := sameAs[r]; ok {
			r = same
		}
		switch {
		case r == 0:
		case r >= 'a' && r <= 'z' && len(word) > 0 && word[len(word)-1] == r:
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, r)
		case unicode.Is(unicode.Mn, r): // a mark on the letter before
		default:
			end()
		}
	}
	end()
	if named := slices.DeleteFunc(slices.Clone(f.words), func(w string) bool { return articles[w] }); len(named) > 0 {
		f.words = named
	}
	return f
}

// withoutArticle drops ال from an Arabic word that goes on.
func withoutArticle(word []rune) []rune {
	if len(word) > 2 && word[0] == 'ا' && word[1] == 'ل' {
		return word[2:]
	}
	return word
}

// articles are the ways in which the article is written as a word of its own, before letters of every kind.
var articles = map[string]bool{}

// sameAs maps letters to the one that stands for them, or to 0 when they are left out.
var sameAs = map[rune]rune{}

func init() {
	for _, a := range strings.Fields("al el ul ar er as es ash esh ad ed adh at et ath az ez an en") {
		articles[a] = true
	}
	for to, from := range map[rune]string{
		'a': "àáâãäåāăąǎạảấầẩẫậ", 'c': "çćčĉċ", 'd': "ďđḍḏḑ", 'e': "èéêëēĕėęěẹẻẽ", 'g': "ĝğġģǧḡ", 'h': "ĥħḥḫḩẖ", 'i': "ìíîïĩīĭįıịỉ", 'j': "ĵ",
		'k': "ķḳḵǩ", 'l': "ĺļľłḷ", 'n': "ñńņňṇ", 'o': "òóôõöøōŏőọỏ", 'r': "ŕŗřṛ", 's': "śŝşšșṣß", 't': "ţťțṭṯŧ", 'u': "ùúûüũūŭůűųụủ", 'w': "ŵ", 'y': "ýÿŷ", 'z': "źżžẓẕ",
		'ا': "أإآٱ", 'ي': "ىئیې", 'ه': "ةۀہە", 'و': "ؤۆ", 'ك': "کگ",
		0: "'’‘ʼʻʿʾʹ`´′ءـ\u200c\u200d\u200e\u200f\u061c",
	} {
		for _, r := range from {
			sameAs[r] = to
		}
	}
	for i := range rune(10) {
		sameAs['٠'+i], sameAs['۰'+i] = '0'+i, '0'+i
	}
}

// skeleton returns the consonants of a folded Latin name: vowels are written in many ways, as in Deir ez-Zor and Dayr az Zawr. Other scripts are returned empty.
func skeleton(name string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range name {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
			last = r
			continue
		}
		if r < 'a' || r > 'z' {
			return ""
		}
		if strings.ContainsRune("aeiouwy", r) {
			continue
		}
		switch r {
		case 'q':
			r = 'k'
		case 'h': // of sh, kh, gh, th, dh, and mute at the end
			continue
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
