package news

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"parley/statement"
)

const page = `<!doctype html><html><head><title>The road is shut</title><meta property="og:site_name" content="Valley Post"><meta property="article:published_time" content="2017-09-21T08:00:00Z">
<script>var said = "the ministry said it was so";</script></head><body><nav><a href=/>Home</a> <a href=/w>World</a></nav><article><h1>The road is shut</h1>
<p>The governor, Salim Odeh, said on <b>Tuesday</b> that the road to Aleppo was shut and that nobody had been told of it before the convoy left the depot.</p>
<p>“We had given them the times of the convoy, and the places where it would stop,” he said. “Nobody called us back.”</p>
<p>The bridge has been under repair since the spring, and lorries wait at the northern end for hours on most days of the week.</p></article>
<footer>All rights reserved</footer></body></html>`

func TestOpenPage(t *testing.T) {
	docs, err := Open("page.html", []byte(page), "")
	if err != nil {
		t.Fatal(err)
	}
	d := docs[0]
	if d.Publisher != "Valley Post" || d.Published != (statement.Date{Year: 2017, Month: 9, Day: 21}) || d.Title != "The road is shut" || strings.Contains(d.Text, "var said") || strings.Contains(d.Text, "Home") {
		t.Fatalf("%+v", d)
	}
	got := (&statement.Reader{}).Read(d)
	if len(got.Claims) != 2 || got.Claims[0].Speaker.Name == nil || *got.Claims[0].Speaker.Name != "Salim Odeh" || got.Claims[0].StatementDate == nil || *got.Claims[0].StatementDate != "2017-09-19" || len(got.Claims[1].Spans) != 2 {
		t.Fatalf("%+v", got.Claims)
	}
}

func TestOpenBrokenPage(t *testing.T) {
	docs, err := Open("page.html", []byte(`<html><body><p>The <b>governor said the road was <i>shut at noon</b>.<p>"It is <div>open", said Anna`), "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(docs[0].Text, "The governor said the road was shut at noon.") {
		t.Errorf("%q", docs[0].Text)
	}
}

func TestOpenFeed(t *testing.T) {
	for name, feed := range map[string]string{
		"RSS": `<?xml version="1.0"?><rss version="2.0"><channel><title>Valley Post</title><item><title>Shut</title><link>http://a.example/1</link><guid>one</guid><pubDate>Thu, 21 Sep 2017 08:00:00 GMT</pubDate>
<description>&lt;p&gt;The governor said the road was shut on Tuesday.&lt;/p&gt;</description></item><item><title>none</title></item></channel></rss>`,
		"Atom": `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Valley Post</title><entry><title>Shut</title><id>one</id><link href="http://a.example/1"/><published>2017-09-21T08:00:00Z</published>
<content type="html">&lt;p&gt;The governor said the road was shut on Tuesday.&lt;/p&gt;</content></entry></feed>`,
	} {
		docs, err := Open("feed.xml", []byte(feed), "")
		if err != nil || len(docs) != 1 {
			t.Fatalf("%s: %d documents, %v", name, len(docs), err)
		}
		if d := docs[0]; d.ID != "one" || d.Publisher != "Valley Post" || d.Source != "http://a.example/1" || d.Published != (statement.Date{Year: 2017, Month: 9, Day: 21}) || d.Text != "The governor said the road was shut on Tuesday." {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestOpenEncodings(t *testing.T) {
	const arabic = "قال الوزير إن الطريق مغلق"
	old, err := charmap.Windows1256.NewEncoder().String(arabic)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(arabic)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ data, encoding string }{
		"UTF-8": {arabic, ""}, "with a mark": {"\ufeff" + arabic, ""}, "named": {old, "windows-1256"}, "UTF-16": {wide, ""},
		"said by the page": {`<html><head><meta charset="windows-1256"></head><body><p>` + old + `</p></body></html>`, ""},
	} {
		docs, err := Open("a", []byte(c.data), c.encoding)
		if err != nil || docs[0].Text != arabic {
			t.Errorf("%s: %v %v", name, docs, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte("text"))
	_ = z.Close()
	old, _ := charmap.Windows1251.NewEncoder().String("дорога закрыта")
	for name, c := range map[string]struct {
		data, encoding, field, read string
	}{
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", "content", "PNG"},
		"a compressed file":  {zipped.String(), "", "content", "gzip"},
		"bytes of nothing":   {"abc\x00def", "", "content", "zero byte at 3"},
		"fifty megabytes":    {strings.Repeat("<p>word</p>", 50<<20/11), "", "size", "50.0 MiB"},
		"nothing":            {" \n ", "", "content", "nothing"},
		"an empty page":      {"<html><script>1</script></html>", "", "content", "without text"},
		"another encoding":   {old, "", "encoding", "line 1"},
		"two encodings":      {"Дорога открыта\n" + old, "", "encoding", "line 2, which is not UTF-8, while other parts are"},
		"an unknown name":    {"text", "klingon", "encoding", "klingon"},
		"not what it claims": {old, "utf-8", "encoding", "not UTF-8"},
		"a broken feed":      {"<rss><channel><item>", "", "feed", ""},
	} {
		_, err := Open("a", []byte(c.data), c.encoding)
		var f *Fault
		if !errors.As(err, &f) || f.Field != c.field || !strings.Contains(f.Read, c.read) || f.Expected == "" {
			t.Errorf("%s: %v, expected a fault of %s that read %q", name, err, c.field, c.read)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(page), "")
	f.Add([]byte("<rss><channel><item><description>x</description></item></channel></rss>"), "")
	f.Add([]byte("plain"), "windows-1256")
	f.Fuzz(func(t *testing.T, data []byte, encoding string) {
		if len(data) > 1<<16 {
			return // longer texts only cost time
		}
		docs, err := Open("a", data, encoding)
		if (err == nil) != (len(docs) > 0) {
			t.Fatalf("%d documents, %v", len(docs), err)
		}
		for _, d := range docs {
			for _, c := range (&statement.Reader{}).Read(d).Claims {
				if len(c.Spans) == 0 || c.Spans[0].Text == "" {
					t.Fatalf("a claim without words: %+v", c)
				}
			}
		}
	})
}
