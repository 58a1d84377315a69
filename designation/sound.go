package designation

import "strings"

// sounds writes a romanised word as sounds, one byte each: what spellings of several languages write alike or unlike is told apart in cost, not here.
// S sh, C ch, X kh, J dj, Z zh, T th, D dh, G gh, c ts; the rest are the letters themselves. Doubled sounds are one.
func sounds(text string) string {
	var buf [48]byte
	out := buf[:0]
	for i := 0; i < len(text); {
		rest := text[i:]
		s, n := byte(0), 1
		switch c := text[i]; {
		case c == '`':
			s = '`'
		case c == '|':
			i++
			continue
		case strings.HasPrefix(rest, "shch"):
			s, n = 'S', 4
		case strings.HasPrefix(rest, "tsch"), strings.HasPrefix(rest, "dsch"):
			s, n = 'C', 4
			if c == 'd' {
				s = 'J'
			}
		case strings.HasPrefix(rest, "sch"):
			s, n = 'S', 3
		case strings.HasPrefix(rest, "tch"):
			s, n = 'C', 3
		case strings.HasPrefix(rest, "sz"):
			s, n = 'S', 2
		case strings.HasPrefix(rest, "cz"):
			s, n = 'C', 2
		case strings.HasPrefix(rest, "gu") && len(rest) > 2 && strings.IndexByte("ei", rest[2]) >= 0:
			s, n = 'g', 2
		case strings.HasPrefix(rest, "dzh"):
			s, n = 'J', 3
		case c == 'd' && len(rest) > 1 && rest[1] == 'j':
			s, n = 'J', 2
		case len(rest) > 1 && rest[1] == 'h' && strings.IndexByte("sckztdgp", c) >= 0:
			s, n = "SCXZTDGf"[strings.IndexByte("sckztdgp", c)], 2
		case strings.HasPrefix(rest, "tz"), strings.HasPrefix(rest, "ts"):
			s, n = 'c', 2
		case strings.HasPrefix(rest, "ck"):
			s, n = 'k', 2
		case strings.HasPrefix(rest, "qu") && len(rest) > 2 && strings.IndexByte("ei", rest[2]) >= 0:
			s, n = 'k', 2
		case strings.HasPrefix(rest, "ou"), strings.HasPrefix(rest, "oo"):
			s, n = 'u', 2
		case strings.HasPrefix(rest, "ee"):
			s, n = 'i', 2
		case c == 'c':
			s = 'k'
			if len(rest) > 1 && strings.IndexByte("eiy", rest[1]) >= 0 {
				s = 's'
			}
		case c == 'x':
			if s = 'S'; i > 0 { // Xi, Xavier; elsewhere ks
				out = append(out, 'k')
				s = 's'
			}
		default:
			s = c
		}
		if len(out) == 0 || out[len(out)-1] != s || s >= '0' && s <= '9' {
			out = append(out, s)
		}
		i += n
	}
	return string(out)
}

// The classes of a sound. A word's skeleton is the classes of its consonants in order; it finds words whose spellings may stand for one name, and the
// distance of their sounds then decides.
var skeletal = [128]byte{
	'b': 'p', 'p': 'p', 'f': 'f', 'v': 'f', 'd': 't', 't': 't', 'T': 't', 'D': 't', 's': 's', 'z': 's', 'c': 's', 'k': 'k', 'q': 'k', 'g': 'k', 'G': 'k',
	'X': 'h', 'h': 'h', 'J': 'j', 'j': 'j', 'Z': 'j', 'S': 'x', 'C': 'x', 'l': 'l', 'm': 'm', 'n': 'n', 'r': 'r',
	'0': '0', '1': '1', '2': '2', '3': '3', '4': '4', '5': '5', '6': '6', '7': '7', '8': '8', '9': '9',
}

// skeleton returns the consonant classes of a word of sounds. A first vowel is kept as a mark: Umar is no Mar. Semivowels count only as the first sound,
// and h not at the end, where it stands for ta marbuta.
func skeleton(s string) string {
	var buf [48]byte
	out := buf[:0]
	for i := 0; i < len(s); i++ {
		c := s[i]
		k := skeletal[c&127]
		if i == 0 {
			switch c {
			case 'a', 'e', 'i', 'o', 'u', '`':
				k = '\''
			case 'y':
				k = 'y'
			case 'w':
				k = 'w'
			}
		}
		if k == 0 || k == 'h' && i == len(s)-1 && i > 0 {
			continue
		}
		if n := len(out); n > 0 && out[n-1] == k {
			continue
		}
		out = append(out, k)
	}
	return string(out)
}

const (
	isVowel = 1 << iota
	isSemi  // y and w: a vowel or a consonant
	isWeak  // h and ain: often left out
)

var kind = [128]byte{
	'a': isVowel, 'e': isVowel, 'i': isVowel, 'o': isVowel, 'u': isVowel, 'y': isSemi, 'w': isSemi, 'h': isWeak, '`': isWeak,
}

// near lists pairs of sounds that spellings of one name exchange, with what the exchange costs in hundredths (an unlike consonant costs 100).
var near = map[string]uint8{
	"aeiou": 25,
	"kq":    5, "qg": 25, "kg": 40, "gG": 10, "qG": 30, "GX": 60, "kX": 25, "qX": 50, "hX": 10, "kC": 45, "XC": 25, "hC": 60,
	"DzdZ": 40, "dD": 15, "zD": 15, "dz": 50, "tT": 15, "sT": 20, "dT": 50, "td": 45, "Ds": 60,
	"jJ": 10, "JZ": 15, "jZ": 20, "Jg": 30, "jg": 35, "jy": 20, "Jy": 35, "Zy": 60, "JC": 40, "jX": 45, "jh": 45, "ZS": 50, "jC": 45, "JD": 70, "JS": 60,
	"SC": 25, "Ss": 30, "SX": 50, "Cc": 30, "cs": 25, "cz": 30, "sz": 30, "Cs": 50, "ck": 55, "Zz": 30, "sX": 60,
	"wv": 15, "wu": 10, "wo": 15, "vf": 35, "vb": 35, "vu": 40, "wf": 55, "pb": 30, "pf": 45, "yi": 5, "ye": 10, "ya": 35, "mn": 75, "kh": 50, "gh": 50, "lr": 80, "bm": 95,
	"wb": 50, "hG": 55, "gZ": 55,
}

var costs = func() (t [128][128]uint8) {
	for i := range t {
		for j := range t[i] {
			switch a, b := kind[i], kind[j]; {
			case i == j:
			case a == isVowel && b == isVowel:
				t[i][j] = 25
			case a&(isVowel|isSemi) != 0 && b&(isVowel|isSemi) != 0:
				t[i][j] = 35
			default:
				t[i][j] = 100
			}
		}
	}
	for pair, c := range near {
		for _, a := range pair {
			for _, b := range pair {
				if a != b && (len(pair) == 2 || kind[a] == isVowel) {
					t[a][b] = c
				}
			}
		}
	}
	for _, p := range []string{"ei", "ou", "ae"} { // the vowels that spellings exchange most
		t[p[0]][p[1]], t[p[1]][p[0]] = 15, 15
	}
	return t
}()

// loss is what leaving out a sound costs. Where one of two words is written without vowels, a vowel costs nearly nothing.
func loss(c byte, bare, edge bool) int {
	switch k := kind[c&127]; {
	case k == isVowel && bare:
		return 3
	case k == isVowel:
		if edge {
			return 45
		}
		return 35
	case k == isSemi && bare:
		return 15
	case k == isSemi:
		return 40
	case c == '`':
		return 5
	case c == 'h' && edge:
		return 15
	case c == 'h':
		return 45
	}
	return 90
}

// losses is what leaving a sound out costs, by whether one word is bare and whether the sound is the last of its word.
var losses = func() (t [2][2][128]int32) {
	for c := range 128 {
		for bare := range 2 {
			for edge := range 2 {
				t[bare][edge][c] = int32(loss(byte(c), bare == 1, edge == 1))
			}
		}
	}
	return t
}()

// distance weighs two words of sounds against each other, in hundredths of an unlike consonant. What is beyond the limit is not told apart.
func distance(a, b string, bare bool, limit int32) int32 {
	const most = 48
	if len(a) > most {
		a = a[:most]
	}
	if len(b) > most {
		b = b[:most]
	}
	without := &losses[b2i(bare)]
	var rows [3][most + 1]int32
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := 1; j <= len(b); j++ {
		last[j] = last[j-1] + without[b2i(j == len(b))][b[j-1]&127]
	}
	for i := 1; i <= len(a); i++ {
		x := a[i-1]
		out := without[b2i(i == len(a))][x&127]
		cost := &costs[x&127]
		now[0] = last[0] + out
		least := now[0]
		inner := &without[0]
		for j := 1; j <= len(b); j++ {
			y := b[j-1]
			if j == len(b) {
				inner = &without[1]
			}
			d := last[j-1] + int32(cost[y&127])
			if i == 1 && j == 1 && x != y && kind[x&127]&kind[y&127] == 0 { // a name's first sound is rarely mistaken
				d += int32(cost[y&127]) / 4
			}
			d = min(d, last[j]+out, now[j-1]+inner[y&127])
			if i > 1 && j > 1 && x == b[j-2] && a[i-2] == y && x != y {
				d = min(d, before[j-2]+70)
			}
			now[j] = d
			least = min(least, d)
		}
		if least > limit {
			return least
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

// mass is how much there is to tell in a word of sounds: a vowel is half a consonant.
func mass(s string, bare bool) int {
	m := 0
	for i := 0; i < len(s); i++ {
		switch k := kind[s[i]&127]; {
		case k == isVowel && bare, s[i] == '`':
			m += 10
		case k == isVowel, k == isSemi:
			m += 50
		default:
			m += 100
		}
	}
	return m
}

func masses(s string) [2]uint16 {
	return [2]uint16{uint16(min(mass(s, false), 60000)), uint16(min(mass(s, true), 60000))}
}

// likeness of two words of sounds, 0 to 1; 0 for what is clearly less than alike.
func likeness(a, b string, bare bool) float64 {
	return likenessOf(a, b, bare, mass(a, bare), mass(b, bare))
}

func likenessOf(a, b string, bare bool, massA, massB int) float64 {
	m := (massA + massB) / 2
	if m == 0 {
		return 0
	}
	limit := int32(m) * 35 / 100
	d := distance(a, b, bare, limit)
	if d > limit {
		return 0
	}
	return 1 - float64(d)/float64(m)
}

// marks is the set of the consonant classes of a word of sounds: two words whose sets differ much are not alike, which is seen at once.
func marks(s string) uint32 {
	var m uint32
	for i := 0; i < len(s); i++ {
		if k := skeletal[s[i]&127]; k != 0 && k != 'h' {
			m |= 1 << (k & 31)
		}
	}
	return m
}
