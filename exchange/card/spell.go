package card

import (
	"strings"

	"parley/exchange/shorttext"
)

// alphabet is the spelling alphabet of radio telephony (ITU Radio Regulations, appendix 14), in both scripts. References hold no I, L, O or U.
var alphabet = map[shorttext.Language]map[rune]string{
	shorttext.English: {'A': "Alfa", 'B': "Bravo", 'C': "Charlie", 'D': "Delta", 'E': "Echo", 'F': "Foxtrot", 'G': "Golf", 'H': "Hotel", 'J': "Juliett", 'K': "Kilo", 'M': "Mike", 'N': "November",
		'P': "Papa", 'Q': "Quebec", 'R': "Romeo", 'S': "Sierra", 'T': "Tango", 'V': "Victor", 'W': "Whiskey", 'X': "X-ray", 'Y': "Yankee", 'Z': "Zulu",
		'0': "zero", '1': "one", '2': "two", '3': "three", '4': "four", '5': "five", '6': "six", '7': "seven", '8': "eight", '9': "nine"},
	shorttext.Arabic: {'A': "ألفا", 'B': "برافو", 'C': "تشارلي", 'D': "دلتا", 'E': "إيكو", 'F': "فوكستروت", 'G': "غولف", 'H': "هوتيل", 'J': "جولييت", 'K': "كيلو", 'M': "مايك", 'N': "نوفمبر",
		'P': "بابا", 'Q': "كيبك", 'R': "روميو", 'S': "سييرا", 'T': "تانغو", 'V': "فيكتور", 'W': "ويسكي", 'X': "إكس راي", 'Y': "يانكي", 'Z': "زولو",
		'0': "صفر", '1': "واحد", '2': "اثنان", '3': "ثلاثة", '4': "أربعة", '5': "خمسة", '6': "ستة", '7': "سبعة", '8': "ثمانية", '9': "تسعة"},
}

// kinds are how the word before the first hyphen is said.
var kinds = map[shorttext.Language]map[string]string{
	shorttext.Arabic: {"MOVE": "حركة", "ASK": "سؤال", "SITE": "موقع", "PRES": "وجود"},
}

// Spell writes a reference as it is said: its kind as a word, each character by the spelling alphabet, a pause between groups.
func Spell(ref string, lang shorttext.Language) string {
	kind, body, _ := strings.Cut(ref, "-")
	if word := kinds[lang][kind]; word != "" {
		kind = word
	}
	parts := []string{kind}
	for group := range strings.SplitSeq(body, "-") {
		var words []string
		for _, r := range group {
			words = append(words, alphabet[lang][r])
		}
		parts = append(parts, strings.Join(words, " "))
	}
	if lang == shorttext.Arabic {
		return strings.Join(parts, "، ")
	}
	return strings.Join(parts, ", ")
}
