package shorttext

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"parley"
	"parley/geo/notation"
)

// The lengths of one SMS: GSM 03.38 has 160 characters of 7 bits, UCS-2 has 70 of 16.
const (
	latinMost  = 160
	arabicMost = 70
)

// Fits reports whether a text is one SMS in its language's coding.
func Fits(text string, lang Language) bool {
	if lang == Arabic {
		return len(utf16.Encode([]rune(text))) <= arabicMost
	}
	return len(text) <= latinMost && strings.Trim(text, gsm) == ""
}

// gsm are the characters that replies use of the 7-bit alphabet: those that every coding has alike.
const gsm = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;/-+()'\"!?#=<>*&%"

// String writes the message in its plain form. Read again it says the same.
func (m *Message) String() string {
	var parts []string
	say := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	if m.Stop {
		say(stopWords.english[0])
	}
	say(string(m.Of))
	if m.Status != "" {
		say(statuses[m.Status].english[0])
	}
	if m.Decision != "" {
		say(decisions[m.Decision].english[0])
	}
	if m.Leg > 0 {
		say(fmt.Sprintf("LEG %d", m.Leg))
	}
	if m.At != 0 {
		say(parley.Time(m.At).Format("15:04Z"))
	}
	if m.Place != nil {
		say(notation.FormatDD(m.Place.Position, 7))
	}
	if m.Armed != "" {
		say("ARMED " + answers[m.Armed].english[0])
	}
	if m.Words != "" {
		say("/ " + m.Words)
	}
	return strings.Join(parts, " ")
}

// Understood says in the sender's language what a message was understood to say, with the hour in the theatre's zone. Free words are
// counted, not repeated: the line may be heard.
func (m *Message) Understood(zone *time.Location) string {
	var parts []string
	if m.Stop {
		parts = append(parts, stopWords.in(m.Language))
	}
	if m.Of != "" {
		parts = append(parts, string(m.Of))
	}
	if m.Status != "" {
		parts = append(parts, statuses[m.Status].in(m.Language))
	}
	if m.Decision != "" {
		parts = append(parts, decisions[m.Decision].in(m.Language))
	}
	if m.Leg > 0 {
		parts = append(parts, fmt.Sprintf("%s %d", legWords.in(m.Language), m.Leg))
	}
	if m.At != 0 {
		parts = append(parts, time.UnixMilli(m.At).In(zone).Format("15:04"))
	}
	if m.Place != nil {
		parts = append(parts, strings.ReplaceAll(notation.FormatMGRS(m.Place.Position, 5), " ", ""))
	}
	if m.Armed != "" {
		parts = append(parts, escortWords.in(m.Language)+" "+answers[m.Armed].in(m.Language))
	}
	return strings.Join(parts, " ")
}

var replies = map[string]phrases{
	"stored":  {[]string{"REC"}, []string{"حُفظ"}},
	"receipt": {[]string{"Receipt, not agreement."}, []string{"استلام لا موافقة"}},
	"not":     {[]string{"NOT UNDERSTOOD"}, []string{"لم يُفهم"}},
	"example": {[]string{"Example"}, []string{"مثال"}},
	"desk":    {[]string{"Kept for the desk."}, []string{"حُفظ للمكتب"}},
	"kept":    {[]string{"not taken, kept for the desk. Call your liaison."}, []string{"لم يُقبل وحُفظ للمكتب. اتصلوا"}},
}

func reply(key string, lang Language) string { return replies[key].in(lang) }

// Reply is the answer to a message that was taken: what was understood, and its place in the journal.
func (m *Message) Reply(position uint64, zone *time.Location) string {
	text := fmt.Sprintf("%s %s %d", m.Understood(zone), reply("stored", m.Language), position)
	return longest(m.Language, text+". "+reply("receipt", m.Language), text)
}

// Kept is the answer to a message that was understood and not taken. Whatever the reason, it is the same: it tells nothing about
// what its sender may not know.
func (m *Message) Kept() string {
	ref := string(m.Of)
	return longest(m.Language, strings.TrimSpace(ref+" "+reply("kept", m.Language)), reply("kept", m.Language))
}

// Reply is the answer to a message that was not understood: what was read, an example, and that it is not lost.
func (r *Refusal) Reply() string {
	read := r.Read
	if r.Language == English {
		read = strings.Map(func(c rune) rune {
			if strings.ContainsRune(gsm, c) {
				return c
			}
			return '?'
		}, read)
	}
	return longest(r.Language,
		fmt.Sprintf("%s: %s. %s: %s. %s", reply("not", r.Language), read, reply("example", r.Language), r.Example, reply("desk", r.Language)),
		fmt.Sprintf("%s: %s. %s: %s", reply("not", r.Language), clip(read, 20), reply("example", r.Language), r.Example),
		fmt.Sprintf("%s. %s: %s", reply("not", r.Language), reply("example", r.Language), r.Example),
		reply("not", r.Language)+". "+reply("desk", r.Language))
}

// longest returns the first text that is one SMS; the last one always is.
func longest(lang Language, texts ...string) string {
	for _, t := range texts {
		if Fits(t, lang) {
			return t
		}
	}
	return clip(texts[len(texts)-1], arabicMost)
}
