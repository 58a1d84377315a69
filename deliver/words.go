package deliver

import (
	"embed"
	"encoding/json"
	"strings"

	"parley"
	"parley/release"
)

//go:embed words/*.json
var wordFiles embed.FS

// phrases is what is said in one language. Say holds the few sentences around a notice, Notice a phrase for each kind.
type phrases struct {
	Say    map[string]string            `json:"say"`
	Notice map[parley.NoticeKind]string `json:"notice"`
}

// words are the languages by their codes. The phrases are those of the pages.
var words = func() map[string]*phrases {
	all := map[string]*phrases{}
	for _, code := range []string{"en", "ar"} {
		text, err := wordFiles.ReadFile("words/" + code + ".json")
		if err != nil {
			panic(err)
		}
		all[code] = new(phrases)
		if err := json.Unmarshal(text, all[code]); err != nil {
			panic("words/" + code + ".json: " + err.Error())
		}
	}
	return all
}()

// phrase returns what a notice says, its kind when the language has no words for it.
func (p *phrases) phrase(m *message) string {
	if m.Test {
		return p.Say["hello"]
	}
	if text := p.Notice[m.Notice.Kind]; text != "" {
		return text
	}
	return string(m.Notice.Kind)
}

// marks returns the marks that no message may lack: EXERCISE, TEST, URGENT, and that the journal does not have it yet.
func (p *phrases) marks(m *message) string {
	var marks []string
	if m.Exercise {
		marks = append(marks, p.Say["exercise"])
	}
	if m.Test {
		marks = append(marks, p.Say["test"])
	}
	if m.Notice.Urgent {
		marks = append(marks, p.Say["urgent"])
	}
	switch m.Notice.Mark {
	case "":
	case release.MarkLost:
		marks = append(marks, p.Say["lost"])
	default:
		marks = append(marks, p.Say["spooled"])
	}
	return strings.Join(marks, " ")
}
