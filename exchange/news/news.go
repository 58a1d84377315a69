// Package news reads files of news into documents for package statement: plain text, HTML pages, RSS and Atom feeds.
package news

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"

	"parley/statement"
)

// MaxBytes is the size of the largest file that is read: some forty times a long page of news.
const MaxBytes = 4 << 20

// Fault is what is wrong with a file: what of it, what was read, what was expected.
type Fault struct{ Field, Read, Expected string }

func (f *Fault) Error() string {
	return fmt.Sprintf("%s: read %s; expected %s", f.Field, f.Read, f.Expected)
}

// Open reads a file: plain text, an HTML page, or a feed (RSS, Atom), which holds several documents. Name is where the file comes from. An encoding is a name of the
// WHATWG's list, such as windows-1256; without one the file says it, or is UTF-8. A plain text stays as it is, so that spans count its characters; of a page the main
// part is taken, a paragraph to a line. What is no text, too long or in two encodings is a *Fault.
func Open(name string, data []byte, encodingName string) ([]statement.Document, error) {
	if len(data) > MaxBytes {
		return nil, &Fault{"size", fmt.Sprintf("%.1f MiB", float64(len(data))/(1<<20)), fmt.Sprintf("at most %d MiB: the page of one text", MaxBytes>>20)}
	}
	utf16 := bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF})
	if kind := noText(data); !utf16 && kind != "" {
		return nil, &Fault{"content", kind, "a text: plain, HTML, RSS or Atom"}
	}
	start := strings.ToLower(string(data[:min(len(data), 2048)]))
	markup := strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(start, "\ufeff"), " \t\r\n"), "<")
	text, err := decode(data, encodingName, markup)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, &Fault{"content", "nothing", "a text"}
	}
	switch {
	case markup && (strings.Contains(start, "<rss") || strings.Contains(start, "<feed") || strings.Contains(start, "<rdf:rdf")):
		return openFeed(name, text)
	case markup:
		d, err := openPage(name, text)
		if err != nil {
			return nil, err
		}
		return []statement.Document{d}, nil
	}
	return []statement.Document{{ID: name, Source: name, Text: text}}, nil
}

// noText says what a file is that is no text, or "".
func noText(data []byte) string {
	for _, each := range []struct{ start, kind string }{
		{"%PDF-", "a PDF document"}, {"PK\x03\x04", "a ZIP archive or an office document"}, {"\x89PNG", "a PNG picture"}, {"\xff\xd8\xff", "a JPEG picture"}, {"GIF8", "a GIF picture"},
		{"\x1f\x8b", "a gzip file"}, {"\xd0\xcf\x11\xe0", "an office document"}, {"\x7fELF", "a program"},
	} {
		if bytes.HasPrefix(data, []byte(each.start)) {
			return each.kind
		}
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return fmt.Sprintf("a zero byte at %d", at)
	}
	return ""
}

// decode returns a file's text in UTF-8.
func decode(data []byte, name string, markup bool) (string, error) {
	var e encoding.Encoding
	var err error
	switch {
	case name != "":
		if e, err = htmlindex.Get(name); err != nil {
			return "", &Fault{"encoding", fmt.Sprintf("%q", name), "a name of the WHATWG's list, such as utf-8, windows-1256 or koi8-r"}
		}
		name, _ = htmlindex.Name(e)
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	case markup || bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		var sure bool
		e, name, sure = charset.DetermineEncoding(data[:min(len(data), 1024)], "")
		sure = sure || strings.Contains(strings.ToLower(string(data[:min(len(data), 1024)])), name) // the page itself says so
		if name == "utf-8" || !sure {
			return "", notUTF8(data)
		}
	default:
		return "", notUTF8(data)
	}
	if name == "utf-8" {
		if !utf8.Valid(data) {
			return "", notUTF8(data)
		}
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	}
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return "", &Fault{"encoding", err.Error(), "a text in " + name}
	}
	if at := bytes.IndexRune(out, utf8.RuneError); at >= 0 {
		return "", &Fault{"encoding", fmt.Sprintf("on line %d what is not %s", 1+bytes.Count(out[:at], []byte("\n")), name), "one encoding in the whole file"}
	}
	return strings.TrimPrefix(string(out), "\ufeff"), nil
}

// notUTF8 says where a file is not UTF-8, and whether other parts are.
func notUTF8(data []byte) *Fault {
	at, mixed := len(data), false
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			at = min(at, i)
		} else if n > 1 {
			mixed = true
		}
		i += n
	}
	read := fmt.Sprintf("the byte 0x%02x on line %d, which is not UTF-8", data[at], 1+bytes.Count(data[:at], []byte("\n")))
	if mixed {
		return &Fault{"encoding", read + ", while other parts are", "one encoding in the whole file"}
	}
	return &Fault{"encoding", read, "UTF-8, or the name of the encoding"}
}

// openPage takes the main part of an HTML page. Broken HTML is read as browsers read it.
func openPage(name, text string) (statement.Document, error) {
	d := statement.Document{ID: name, Source: name}
	page, err := readability.FromReader(strings.NewReader(text), nil)
	if err == nil && page.Node != nil {
		d.Text = block(page.Node)
		d.Title, d.Publisher = page.Title(), page.SiteName()
		if t, err := page.PublishedTime(); err == nil && !t.IsZero() {
			d.Published = statement.DateOf(t)
		}
	}
	if count := len(strings.Fields(d.Text)); count < 20 {
		// A page so short has no main part to tell from the rest.
		if root, err := html.Parse(strings.NewReader(text)); err == nil {
			if all := block(root); len(strings.Fields(all)) > count {
				d.Text = all
			}
		}
	}
	if strings.TrimSpace(d.Text) == "" {
		return statement.Document{}, &Fault{"content", "a page without text", "a page with text"}
	}
	return d, nil
}

// blocks are the elements that begin a paragraph.
var blocks = words("p div li ul ol blockquote h1 h2 h3 h4 h5 h6 article section header footer main table tr td th pre figure figcaption dl dt dd br hr title body aside nav form")

// unread are elements whose text is not read by a person.
var unread = words("script style noscript template head svg math iframe object select button nav form")

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// block returns the text below a node, a paragraph to a line.
func block(n *html.Node) string {
	var lines []string
	var b strings.Builder
	end := func() {
		if line := strings.Join(strings.Fields(b.String()), " "); line != "" {
			lines = append(lines, line)
		}
		b.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
			return
		case n.Type == html.ElementNode && unread[n.Data]:
			return
		}
		if n.Type == html.ElementNode && blocks[n.Data] {
			end()
			defer end()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	end()
	return strings.Join(lines, "\n")
}

// openFeed makes a document of each item of a feed.
func openFeed(name, text string) ([]statement.Document, error) {
	feed, err := gofeed.NewParser().ParseString(text)
	if err != nil {
		return nil, &Fault{"feed", err.Error(), "RSS or Atom"}
	}
	var out []statement.Document
	for i, item := range feed.Items {
		body := item.Content
		if body == "" {
			body = item.Description
		}
		root, err := html.Parse(strings.NewReader(body))
		if err != nil {
			return nil, &Fault{fmt.Sprintf("item %d", i+1), err.Error(), "text or HTML"}
		}
		d := statement.Document{ID: item.GUID, Title: item.Title, Publisher: feed.Title, Source: item.Link, Text: block(root)}
		if d.ID == "" {
			d.ID = fmt.Sprintf("%s#%d", name, i+1)
		}
		if d.Source == "" {
			d.Source = name
		}
		switch {
		case item.PublishedParsed != nil:
			d.Published = statement.DateOf(*item.PublishedParsed)
		case item.UpdatedParsed != nil:
			d.Published = statement.DateOf(*item.UpdatedParsed)
		}
		if d.Text != "" {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		return nil, &Fault{"feed", fmt.Sprintf("%d items without text", len(feed.Items)), "an item with text"}
	}
	return out, nil
}
