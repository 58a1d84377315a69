package statement

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// reading is a document while it is read.
type reading struct {
	*Reader
	doc      Document
	text     []rune
	lang     *language
	people   []*person // the last mentioned last
	spoke    *person   // who spoke last
	claims   []Claim
	speakers []*person // of each claim; nil when it is not known
	direct   int       // the last claim whose words stand in quotation marks, in this paragraph; -1 for none
	at       int       // the paragraph
	colon    bool      // the paragraph before ends with a colon
	waited   int       // the paragraph of the last of pending
	pending  []Span    // quotations left open by the paragraphs before, whose speaker may yet come
}

// Read proposes the claims of a document.
func (d *Reader) Read(doc Document) Reading {
	doc.Text = strings.ReplaceAll(strings.ReplaceAll(doc.Text, "\r\n", "\n"), "\r", "\n")
	r := &reading{Reader: d, doc: doc, text: []rune(doc.Text), claims: []Claim{}}
	r.lang = languageOf(r.text)
	sum := sha256.Sum256([]byte(doc.Text))
	out := Reading{ID: doc.ID, Title: doc.Title, Publisher: optional(doc.Publisher), Source: doc.Source, SHA256: hex.EncodeToString(sum[:]), Text: doc.Text, NotClaims: []Span{}}
	if !doc.Published.IsZero() {
		out.Published = optional(doc.Published.String())
	}
	ps := paragraphs(r.text)
	open := false
	for i := range ps {
		open = ps[i].mark(r.text, open)
		r.paragraph(&ps[i], i)
		for _, q := range ps[i].quotes {
			if !q.taken {
				out.NotClaims = append(out.NotClaims, r.span(q.from, q.to))
			}
		}
	}
	r.unheard()
	r.name()
	out.Claims = r.claims
	out.Places, out.Organisations = []string{}, []string{}
	for i := range ps {
		for _, p := range r.placesIn(ps[i].tokens, true) {
			out.Places = once(out.Places, p)
		}
		for _, o := range r.organisationsIn(ps[i].tokens) {
			out.Organisations = once(out.Organisations, o)
		}
	}
	return out
}

func once(list []string, s string) []string {
	for _, each := range list {
		if each == s {
			return list
		}
	}
	return append(list, s)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func languageOf(text []rune) *language {
	arabic, cyrillic, latin := 0, 0, 0
	for _, c := range text {
		switch {
		case unicode.Is(unicode.Arabic, c):
			arabic++
		case unicode.Is(unicode.Cyrillic, c):
			cyrillic++
		case unicode.Is(unicode.Latin, c):
			latin++
		}
	}
	switch {
	case arabic > cyrillic && arabic > latin:
		return arabicLanguage
	case cyrillic > latin:
		return russian
	}
	return english
}

func (r *reading) paragraph(p *paragraph, number int) {
	r.at, r.direct = number, -1
	if r.doc.Issuer != "" {
		r.issued(p)
		return
	}
	for i, s := range p.sentences(r.lang) {
		switch r.lang {
		case arabicLanguage:
			r.arabic(p, &s)
		case russian:
			r.russian(p, &s)
		default:
			if i == 0 {
				s.items = afterDateline(s.items)
			}
			r.english(p, &s)
		}
		r.loose(p, &s)
	}
	r.colon = len(p.tokens) > 0 && p.tokens[len(p.tokens)-1].text == ":"
	if len(r.pending) > 0 && r.waited != number {
		r.unheard()
	}
}

// unheard writes down quotations whose speaker did not come.
func (r *reading) unheard() {
	for _, s := range r.pending {
		r.emit(found{spans: []Span{s}, form: Direct, kind: Fact, neutral: "said", rule: "quotation alone", confidence: Unresolved})
	}
	r.pending = nil
}

// afterDateline leaves out where and by whom a report was written: "KABUL (Reuters) - ".
func afterDateline(items []item) []item {
	for i := 1; i < min(len(items), 9); i++ {
		it := &items[i]
		if it.quote != nil {
			break
		}
		if !it.word && strings.Contains("-–—", it.text) && i+1 < len(items) && strings.ToUpper(items[0].text) == items[0].text && len([]rune(items[0].text)) > 2 && items[0].word {
			return items[i+1:]
		}
		if it.word && !it.capital() {
			break
		}
	}
	return items
}

// issued takes each sentence of a communiqué for a claim of whoever issued it.
func (r *reading) issued(p *paragraph) {
	for _, s := range p.sentences(r.lang) {
		items := s.items
		for len(items) > 0 && items[0].quote == nil && !items[0].word {
			items = items[1:] // the dash or dot of a list
		}
		if words(items) < 3 {
			continue
		}
		issuer := r.doc.Issuer
		r.emit(found{
			p: p, spans: []Span{r.span(items[0].from, s.to)}, form: Issued, kind: Fact, cue: "", neutral: "stated", rule: "issued",
			who: &person{name: issuer, body: true}, confidence: Named, mention: issuer, items: items,
		})
	}
}

// loose takes a quotation that is a sentence of its own: behind one whose speaker is known it is theirs too, and so is one that the paragraph before left open, or led up to.
func (r *reading) loose(p *paragraph, s *sentence) {
	if len(s.items) != 1 || s.items[0].quote == nil || s.items[0].quote.taken || s.items[0].quote.words < 4 && r.direct < 0 {
		return
	}
	q := s.items[0].quote
	q.taken = true
	if r.direct >= 0 {
		r.extend(r.direct, q)
		return
	}
	if q.unclosed && !(r.colon && r.spoke != nil) && !(q.continues && len(r.pending) == 0) {
		r.pending, r.waited = append(r.pending, r.span(q.from, q.to)), r.at
		return
	}
	f := found{p: p, spans: []Span{r.span(q.from, q.to)}, form: Direct, kind: Fact, neutral: "said", rule: "quotation alone", items: s.items, confidence: Unresolved}
	if (q.continues || r.colon) && r.spoke != nil {
		f.who, f.confidence = r.spoke, Carried
	} else if n := len(r.claims); r.spoke != nil && n > 0 && r.claims[n-1].Form == Direct && r.at-r.spoke.last <= 1 {
		f.who, f.confidence = r.spoke, Carried
	}
	r.emit(f)
	r.direct = len(r.claims) - 1
}

func (r *reading) extend(claim int, q *quotation) {
	c := &r.claims[claim]
	c.Spans = append(c.Spans, r.span(q.from, q.to))
	ts := tokens(r.text, q.from, q.to)
	for _, p := range r.placesIn(ts, false) {
		c.Places = once(c.Places, p)
	}
	for _, o := range r.organisationsIn(ts) {
		c.Organisations = once(c.Organisations, o)
	}
}

// found is a claim before it is written down.
type found struct {
	p          *paragraph
	items      []item // of its sentence
	spans      []Span
	form       Form
	kind       Kind
	cue        string
	neutral    string
	rule       string
	mention    string
	coref      bool
	who        *person
	confidence Confidence
	via        []string
	around     []token // where its date may stand
}

// emit writes a claim down. Who speaks is filled in at the end, when all that the text tells of them is known.
func (r *reading) emit(f found) {
	if f.form == Direct && len(r.pending) > 0 && f.rule != "quotation alone" && f.p != nil && f.p.quotes[0].continues {
		f.spans = append(r.pending, f.spans...)
		r.pending = nil
	}
	c := Claim{Cue: f.cue, Neutral: f.neutral, Form: f.form, Kind: f.kind, Spans: f.spans, Rule: f.rule, Places: []string{}, Organisations: []string{}}
	c.Speaker = Speaker{Mention: optional(f.mention), NeedsCoref: f.coref, Confidence: f.confidence}
	if f.who == nil {
		c.Speaker.Confidence = Unresolved
	}
	var inside []token
	for _, s := range f.spans {
		inside = append(inside, tokens(r.text, s.Start, s.End)...)
	}
	if last := f.spans[len(f.spans)-1].Text; c.Kind == Fact && f.form == Direct && len(f.spans) == 1 && strings.ContainsAny(last[len(last)-1:], "?") || c.Kind == Fact && strings.HasSuffix(last, "؟") {
		c.Kind = Question
	}
	c.Places, c.Organisations = r.placesIn(inside, false), r.organisationsIn(inside)
	chain := f.via
	if f.who != nil {
		r.spoke = f.who
		if len(chain) > 0 {
			f.who.via = strings.Join(chain, " > ")
		} else if f.form == Direct && f.who.via != "" {
			chain = []string{f.who.via} // the words of the same interview
		}
		f.who.last = r.at
	}
	c.Via = optional(strings.Join(chain, " > "))
	if words, d := day(f.around, r.doc.Published, r.lang); words != "" {
		c.DateWords = optional(words)
		if !d.IsZero() {
			c.StatementDate = optional(d.String())
		}
	}
	r.claims = append(r.claims, c)
	r.speakers = append(r.speakers, f.who)
}

// name fills in who speaks.
func (r *reading) name() {
	for i, p := range r.speakers {
		if p == nil {
			continue
		}
		s := &r.claims[i].Speaker
		s.Name, s.Role, s.Org = optional(p.name), optional(p.role), optional(p.org)
		if p.name == "" {
			s.Confidence = Unresolved
			note := "a role, and no name in the text"
			r.claims[i].Note = &note
		}
	}
}

func (r *reading) span(from, to int) Span {
	for to > from && unicode.IsSpace(r.text[to-1]) {
		to--
	}
	for from < to && unicode.IsSpace(r.text[from]) {
		from++
	}
	return Span{from, to, string(r.text[from:to])}
}
