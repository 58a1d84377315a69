package designation

import "unicode"

// ScriptOf returns the script that most letters of a text are in; Other for a text without letters of a script that the package knows.
func ScriptOf(s string) Script {
	var latin, arabic, cyrillic, han, other int
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.Is(unicode.Han, r):
			han++
		default:
			other++
		}
	}
	best, script := other, Other
	for _, c := range []struct {
		n int
		s Script
	}{{latin, Latin}, {arabic, Arabic}, {cyrillic, Cyrillic}, {han, Han}} {
		if c.n > best || c.n == best && c.n > 0 && script == Other {
			best, script = c.n, c.s
		}
	}
	return script
}
