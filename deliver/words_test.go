package deliver

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"parley"
	"parley/internal/need"
	"parley/release"
)

func TestEveryKindOfNoticeHasWordsInEveryLanguage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(need.Root(), "notice.go"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`NoticeKind = "([a-z_]+)"`).FindAllSubmatch(text, -1)
	if len(kinds) < 70 {
		t.Fatalf("%d kinds in notice.go, expected 70 at least", len(kinds))
	}
	for code, p := range words {
		for _, k := range kinds {
			if p.Notice[parley.NoticeKind(k[1])] == "" {
				t.Errorf("words/%s.json has no words for %s", code, k[1])
			}
		}
		for say, text := range words["en"].Say {
			if p.Say[say] == "" {
				t.Errorf("words/%s.json does not say %q", code, text)
			}
		}
		if len(p.Say) != len(words["en"].Say) || len(p.Notice) != len(words["en"].Notice) {
			t.Errorf("words/%s.json has other entries than words/en.json", code)
		}
	}
}

// Each notice fits one short message, with the reference first and every mark, in every language.
func TestEveryNoticeFitsOneShortMessage(t *testing.T) {
	for code, p := range words {
		cut := 0
		for kind, phrase := range p.Notice {
			for _, m := range []*message{
				{Exercise: true, Notice: release.Notice{Kind: kind, Object: "ORG-7K3FW2PQZ8-Q2", Version: 12, Urgent: true}},
				{Notice: release.Notice{Kind: kind, Object: "SITE-7K3FW-Q2", Version: 1}},
				{Exercise: true, Notice: release.Notice{Kind: kind}},
				{Exercise: true, Test: true, Notice: release.Notice{Kind: "test"}},
			} {
				text, ok := p.short(m)
				if !ok || !fits(text) || !strings.HasPrefix(text, m.reference()) || !strings.Contains(text, p.marks(m)) {
					t.Errorf("%s %s: %q", code, kind, text)
				}
				if m.Exercise && !strings.Contains(text, p.Say["exercise"]) {
					t.Errorf("%s %s: %q lacks the exercise mark", code, kind, text)
				}
				if !strings.Contains(text, phrase) && !m.Test {
					cut++
				}
			}
		}
		if cut > 0 {
			t.Errorf("%s: %d messages are cut", code, cut)
		}
	}
}

func TestShortMessagesAreMeasuredInTheirAlphabet(t *testing.T) {
	for _, c := range []struct {
		text string
		fits bool
	}{
		{strings.Repeat("a", 160), true}, {strings.Repeat("a", 161), false},
		{strings.Repeat("[", 80), true}, {strings.Repeat("[", 81), false}, // two each
		{strings.Repeat("ع", 70), true}, {strings.Repeat("ع", 71), false},
		{strings.Repeat("a", 69) + "ع", true}, {strings.Repeat("a", 70) + "ع", false}, // one of them makes all of them wide
		{strings.Repeat("😀", 35), true}, {strings.Repeat("😀", 36), false}, // two units each
	} {
		if got := fits(c.text); got != c.fits {
			t.Errorf("%d of %q: %v, expected %v", len([]rune(c.text)), []rune(c.text)[0], got, c.fits)
		}
	}
	long := &message{Exercise: true, Notice: release.Notice{Kind: "urgent_stop", Object: parley.Ref("SITE-" + strings.Repeat("7", 40) + "-Q2"), Version: 12, Urgent: true}}
	if text, ok := words["ar"].short(long); !ok || !fits(text) || !strings.HasPrefix(text, long.reference()) {
		t.Errorf("a long reference: %q, %v", text, ok)
	}
	long.Notice.Object += parley.Ref(strings.Repeat("7", 40))
	if text, ok := words["ar"].short(long); ok {
		t.Errorf("%q fits; expected that nothing is cut but words", text)
	}
}

// English stays in the GSM alphabet: one letter outside it would halve the space.
func TestEnglishIsWrittenInTheGSMAlphabet(t *testing.T) {
	for kind, phrase := range words["en"].Notice {
		for _, r := range phrase {
			if !strings.ContainsRune(gsm, r) {
				t.Errorf("%s: %q is not in it", kind, r)
			}
		}
	}
	for kind, phrase := range words["ar"].Notice {
		if !strings.ContainsFunc(phrase, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
			t.Errorf("%s: %q is not Arabic", kind, phrase)
		}
	}
}
