package statement

import "strings"

// item is a token outside quotation marks, or a whole passage within them.
type item struct {
	token
	quote *quotation
	at    int // its token in the paragraph
}

// sentence is a sentence of a paragraph, with passages in quotation marks as single items. Its final mark is not among them.
type sentence struct {
	items []item
	to    int // where its content ends in the text, without the final mark
}

// abbreviations end with a full stop that ends no sentence.
var abbreviations = set("mr mrs ms dr gen lt col maj capt sgt adm st prof rep sen gov jan feb mar apr jun jul aug sep sept oct nov dec vs inc corp ltd")

// sentences cuts a paragraph into sentences.
func (p *paragraph) sentences(l *language) []sentence {
	var out []sentence
	var now sentence
	end := func() {
		if len(now.items) > 0 {
			out = append(out, now)
		}
		now = sentence{}
	}
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if t.quote > 0 {
			q := &p.quotes[t.quote-1]
			now.items = append(now.items, item{token: token{from: q.open, to: q.close}, quote: q, at: i})
			now.to = q.close
			i = q.last
			if p.endsAfter(q, l) {
				end()
			}
			continue
		}
		if !t.word && strings.Contains(".?!…؟।", t.text) {
			next := i + 1
			if next < len(p.tokens) && p.tokens[next].from == t.to && p.tokens[next].quote == 0 {
				continue
			}
			if next == len(p.tokens) || p.begins(next) {
				end()
				continue
			}
		}
		now.items = append(now.items, item{token: t, at: i})
		now.to = t.to
	}
	end()
	return out
}

// begins reports whether a sentence may begin with a token: with anything but a word in lower case. Scripts without case have no lower case.
func (p *paragraph) begins(i int) bool {
	t := &p.tokens[i]
	if t.quote > 0 || !t.word {
		return true
	}
	return strings.ToLower(t.text) != t.text || strings.ToUpper(t.text) == t.text
}

// endsAfter reports whether a sentence ends with a quotation: its last mark ends one, and what follows does not say who spoke.
func (p *paragraph) endsAfter(q *quotation, l *language) bool {
	next := q.last + 1
	if next >= len(p.tokens) {
		return true
	}
	mark := ""
	for i := q.last - 1; i > q.first && mark == ""; i-- {
		mark = p.tokens[i].text
	}
	if q.unclosed || !strings.Contains(".?!…؟", mark) {
		return false
	}
	if !p.begins(next) || !p.tokens[next].word && p.tokens[next].quote == 0 {
		return false
	}
	if mark == "." {
		return true
	}
	// “Who benefits?” Smith asked.
	for i := next; i < min(next+6, len(p.tokens)); i++ {
		if p.tokens[i].quote > 0 || !p.tokens[i].word {
			break
		}
		if _, _, ok := l.cueAt(p.tokens[i:]); ok {
			return false
		}
	}
	return true
}

// words counts the words of some items, those in quotation marks too.
func words(items []item) (n int) {
	for _, it := range items {
		if it.quote != nil {
			n += it.quote.words
		} else if it.word {
			n++
		}
	}
	return n
}

// plain returns the tokens of items that are not in quotation marks.
func plain(items []item) []token {
	out := make([]token, 0, len(items))
	for i := range items {
		if items[i].quote == nil {
			out = append(out, items[i].token)
		}
	}
	return out
}

// set makes a set of the words of a text.
func set(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(text) {
		out[fold(strings.ReplaceAll(w, "_", " "))] = true
	}
	return out
}
