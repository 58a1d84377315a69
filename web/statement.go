package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/channel"
	"parley/exchange/news"
	"parley/release"
	"parley/statement"
)

// statementsPage is the form that takes a text to read.
type statementsPage struct {
	Form map[string]string
	Gone bool // a text that is no longer kept was asked for
	Most int  // MiB
}

func (c *call) statements() error { return c.showStatements(http.StatusOK, nil, false) }

func (c *call) showStatements(status int, p *problem, gone bool) error {
	f := c.frame("statements", "statements.title", &statementsPage{Form: c.typed(), Gone: gone, Most: news.MaxBytes >> 20})
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// textTime is how long a text may take to come in.
const textTime = 2 * time.Minute

// statementFields are the form's fields for what the reader refuses.
var statementFields = map[string]string{"published": "published", "encoding": "encoding", "body": "text", "content": "text", "feed": "text"}

// statementReads reads a text that was pasted or brought as a file, and keeps the reading for whoever brought it. Nothing is recorded by that.
func (c *call) statementReads() error {
	again := func(p *problem) error { return c.showStatements(http.StatusUnprocessableEntity, p, false) }
	refused := func(field, key string, values ...any) error {
		return again(&problem{Title: c.say("wrong.title"), Errors: []fieldError{{field, c.say(key, values...)}}})
	}
	if err := http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(textTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if err := c.r.ParseMultipartForm(2 * news.MaxBytes); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return refused("text", "wrong.text_size", "n", news.MaxBytes>>20)
	}
	f := c.form()
	in := &api.StatementText{Name: c.say("statements.pasted"), Data: []byte(f.text("text")), Encoding: f.text("encoding"), Published: western(f.text("published")), Publisher: f.text("publisher"), Issuer: f.text("issuer")}
	if len(in.Data) > 0 {
		in.Encoding = "" // what a page sends is UTF-8
	} else if file, head, err := c.r.FormFile("file"); err == nil {
		in.Data, err = io.ReadAll(io.LimitReader(file, news.MaxBytes+1))
		_ = file.Close()
		if err != nil {
			return refused("file", "wrong.file")
		}
		in.Name = head.Filename
	}
	if len(in.Data) == 0 {
		return refused("text", "wrong.missing")
	}
	readings, err := c.p.api.ReadStatement(c.r.Context(), in)
	if err != nil {
		return c.refuse(act{again: again, plain: true, field: func(path string) string { return fieldIn(statementFields, strings.TrimPrefix(path, "query.")) }}, err)
	}
	size := 0
	for i := range readings {
		size += 4 * len(readings[i].Text)
	}
	c.redirect("/statements/" + c.p.readings.put(c.member.Ref, readings, size, c.p.node.Now()) + "/1")
	return nil
}

// reviewPage is a text with marks on one side and the claims that are proposed in it on the other.
type reviewPage struct {
	claimForm
	R      *statement.Reading
	Texts  []string // of a feed: the titles of its items
	N      int      // this one, from 1
	Path   string
	Parts  [][]markedPart // the text by paragraphs
	Claims []proposal     // those of this page
	Before int            // where the page before begins; -1: there is none
	After  int            // where the next one begins; -1: there is none
	All    int
	Open   int
	Tried  int // the claim whose form was sent and came back, from 1
	About  string
}

// markedPart is a stretch of a paragraph with the claims that it belongs to.
type markedPart struct {
	Text   string
	Claims []int // from 1
	First  []int // those that begin here
}

// proposal is one proposed claim with the fields of its form.
type proposal struct {
	*statement.Claim
	N      int
	Words  string // its exact words
	Fields map[string]string
	Taken  *release.Claim // that is on record already
	Doubt  string         // key: how the speaker was found
}

// Field names a field of one of several forms.
func (p proposal) Field(name string) string { return name + "_" + strconv.Itoa(p.N) }

func (c *call) statement() error { return c.showStatement(http.StatusOK, nil, 0) }

// readingOf returns the text that the address names, with its number and how many there are.
func (c *call) readingOf() (list []statement.Reading, n int, ok bool) {
	list, ok = c.p.readings.get(c.member.Ref, c.r.PathValue("id"), c.p.node.Now())
	n, err := strconv.Atoi(c.r.PathValue("n"))
	return list, n, ok && err == nil && n >= 1 && n <= len(list)
}

func (c *call) showStatement(status int, p *problem, tried int) error {
	list, n, ok := c.readingOf()
	if !ok {
		return c.showStatements(http.StatusNotFound, nil, true)
	}
	page := &reviewPage{R: &list[n-1], N: n, Path: "/" + c.lang + "/statements/" + c.r.PathValue("id") + "/" + strconv.Itoa(n), Tried: tried}
	if ref, err := parley.ParseRef(western(c.r.URL.Query().Get("about"))); err == nil {
		page.About = string(ref)
	}
	var err error
	if page.claimForm, err = c.claimForm(); err != nil {
		return err
	}
	for i := range list {
		title := list[i].Title
		if title == "" {
			title = list[i].ID
		}
		page.Texts = append(page.Texts, title)
	}
	taken, err := c.takenFrom(page.R.SHA256)
	if err != nil {
		return err
	}
	page.All, page.Before, page.After = len(page.R.Claims), -1, -1
	from := min(c.form0("from"), max(page.All-1, 0)) / reviewMost * reviewMost
	if tried > 0 {
		from = (tried - 1) / reviewMost * reviewMost
	}
	to := min(from+reviewMost, page.All)
	if from > 0 {
		page.Before = from - reviewMost
	}
	if to < page.All {
		page.After = to
	}
	for i := from; i < to; i++ {
		k := &page.R.Claims[i]
		q := proposal{Claim: k, N: i + 1, Words: wordsOf(k), Doubt: "confidence." + string(k.Speaker.Confidence)}
		at := slices.IndexFunc(taken, func(o release.Claim) bool { return slices.Equal(o.Spans, spansOf(k)) })
		if at >= 0 {
			q.Taken = &taken[at]
		} else {
			page.Open++
		}
		q.Fields = c.proposed(page.R, k)
		if q.N == tried {
			for name, value := range c.typed() {
				q.Fields[name] = value
			}
		}
		if page.About != "" && q.Fields["about"] == "" {
			q.Fields["about"] = page.About
		}
		page.Claims = append(page.Claims, q)
	}
	page.Parts = marked(page.R, from, to)
	f := c.frame("statement", "statements.review", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// takenFrom returns the claims on record that were read in a text.
func (c *call) takenFrom(sum string) (list []release.Claim, err error) {
	for from := 0; from >= 0 && err == nil; {
		err = c.view(func(v *channel.Viewer) {
			var some []release.Claim
			some, from = v.Claims(from, 500)
			for _, k := range some {
				if k.Document.String() == sum {
					list = append(list, k)
				}
			}
		})
	}
	return list, err
}

// wordsOf are a claim's exact words: its stretches of the text, with what lies between left out.
func wordsOf(k *statement.Claim) string {
	var words []string
	for _, s := range k.Spans {
		words = append(words, s.Text)
	}
	return strings.Join(words, " … ")
}

func spansOf(k *statement.Claim) []parley.Span {
	var spans []parley.Span
	for _, s := range k.Spans {
		spans = append(spans, parley.Span{Start: int32(s.Start), End: int32(s.End)})
	}
	return spans
}

// speechOf is how a claim's words were reported, as claims on record name it: a sentence of a statement stands in its issuer's own words.
func speechOf(form statement.Form) parley.Speech {
	if form == statement.Issued {
		return parley.DirectSpeech
	}
	return parley.Speech(form)
}

// proposed fills the fields of a claim's form with what the reader has found.
func (c *call) proposed(r *statement.Reading, k *statement.Claim) map[string]string {
	form := map[string]string{"type": string(k.Kind), "speech": string(speechOf(k.Form)), "quotation": wordsOf(k), "language": statement.Language(r.Text), "via": strings.Join(k.Outlets(), "\n"),
		"places": strings.Join(k.Places, "\n"), "organisations": strings.Join(k.Organisations, "\n"), "link": ""}
	set := func(name string, text *string) {
		if text != nil && form[name] == "" {
			form[name] = *text
		}
	}
	set("speaker", k.Speaker.Name)
	set("speaker", k.Speaker.Mention)
	set("capacity", k.Speaker.Role)
	set("capacity", k.Speaker.Org)
	set("published", r.Published)
	if strings.HasPrefix(r.Source, "https://") || strings.HasPrefix(r.Source, "http://") {
		form["link"] = r.Source
	}
	return form
}

// reviewMost is how many proposed claims one page shows.
const reviewMost = 60

// marked parts a text into paragraphs, and each into stretches that belong to the same of some claims. Of a long text it is the part around those claims: from
// where the ones before end to where the ones behind begin.
func marked(r *statement.Reading, from, to int) [][]markedPart {
	text := []rune(r.Text)
	if to < len(r.Claims) {
		text = text[:lineEnd(text, lastOf(r.Claims[from:to]))]
	}
	start := 0
	if from > 0 {
		start = lineEnd(text, lastOf(r.Claims[from-reviewMost:from]))
	}
	covers := make([][]int, len(text)+1)
	begins := map[int][]int{}
	for i := from; i < to; i++ {
		for n, s := range r.Claims[i].Spans {
			start = min(start, s.Start) // a quotation may go on from far before
			for at := max(s.Start, 0); at < min(s.End, len(text)); at++ {
				covers[at] = append(covers[at], i+1)
			}
			if n == 0 {
				begins[s.Start] = append(begins[s.Start], i+1)
			}
		}
	}
	for start > 0 && text[start-1] != '\n' {
		start--
	}
	var out [][]markedPart
	var paragraph []markedPart
	begin := start
	end := func(at int) {
		if at > begin {
			paragraph = append(paragraph, markedPart{Text: string(text[begin:at]), Claims: covers[begin], First: begins[begin]})
		}
		begin = at
	}
	for at := start; at <= len(text); at++ {
		switch {
		case at == len(text) || text[at] == '\n':
			end(at)
			begin = at + 1
			if len(paragraph) > 0 {
				out = append(out, paragraph)
			}
			paragraph = nil
		case at > begin && (!slices.Equal(covers[at], covers[at-1]) || begins[at] != nil):
			end(at)
		}
	}
	return out
}

// lastOf returns where the last of some claims ends.
func lastOf(claims []statement.Claim) int {
	last := 0
	for i := range claims {
		for _, s := range claims[i].Spans {
			last = max(last, s.End)
		}
	}
	return last
}

// lineEnd returns the end of the line that a character stands on.
func lineEnd(text []rune, at int) int {
	for at = min(at, len(text)); at < len(text) && text[at] != '\n'; at++ {
	}
	return at
}

// LanguageOf is the tag of the language that a text is read in.
func (f *frame) LanguageOf(text string) string { return statement.Language(text) }

// Str writes a text that may be missing.
func (f *frame) Str(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// Numbers writes the numbers of claims, parted by spaces, for the browser's code.
func (f *frame) Numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " ")
}

// statementTakes records a claim that a person has read and confirmed, with the characters where it stands. Text and characters are those that the reader has
// found, whatever the form says.
func (c *call) statementTakes() error {
	list, n, ok := c.readingOf()
	if !ok {
		return c.showStatements(http.StatusNotFound, nil, true)
	}
	r := &list[n-1]
	f, d := c.form(), c.newDraft()
	number := f.number("claim", 1, max(len(r.Claims), 1), 0)
	if number == 0 || number > len(r.Claims) {
		return errMissing
	}
	claim := c.readClaim(f, d)
	if sum, err := parley.ParseHash(r.SHA256); err == nil {
		claim.Document, claim.Spans = sum, spansOf(&r.Claims[number-1])
	}
	again := func(p *problem) error {
		for i := range p.Errors {
			if p.Errors[i].Field != "" {
				p.Errors[i].Field += "_" + strconv.Itoa(number)
			}
		}
		return c.showStatement(http.StatusUnprocessableEntity, p, number)
	}
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: &parley.ClaimRecord{Claim: claim}, next: "/statements/" + c.r.PathValue("id") + "/" + strconv.Itoa(n), again: again, plain: true, field: func(path string) string { return fieldIn(claimFields, strings.TrimPrefix(path, "claim.")) }})
}
