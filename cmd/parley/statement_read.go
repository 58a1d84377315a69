package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"parley/designation"
	"parley/exchange/news"
	"parley/gazetteer"
	reading "parley/statement"
	"parley/web"
)

type statementCmd struct {
	Read statementReadCmd `cmd:"" help:"Propose the claims in a news text: who is said to have said what, through whom. A person confirms them; nothing is sent." example:"parley statement read article.txt"`
}

type statementReadCmd struct {
	File      []string `arg:"" help:"A text, an HTML page or a feed (RSS, Atom); - for standard input."`
	Published string   `placeholder:"DATE" help:"The day it was published, as 2016-09-17, if the file does not say it. Without it a weekday in the text stays unresolved."`
	Publisher string   `placeholder:"NAME" help:"Who published it, if the file does not say it."`
	Issuer    string   `placeholder:"NAME" help:"The file is a statement of NAME: each of its sentences is a claim of theirs."`
	Encoding  string   `placeholder:"NAME" help:"The file's encoding, as windows-1256, if it is not UTF-8 and does not say it."`
	Places    string   `placeholder:"FILE" help:"Names of places in GeoJSON, as a server has them; without it those of the exercise."`
	Lists     string   `placeholder:"DIR" help:"Folder of designation lists, as parley lists load fills it: bodies that are mentioned are looked up in them. Without it none is asked."`
}

// listedMention is a body that a text mentions, with the entries that its name may stand for. A mention is no accusation.
type listedMention struct {
	Document string           `json:"document"`
	Mention  string           `json:"mention"`
	Entries  []designation.ID `json:"entries"`
}

// Run reads files without any server.
func (c *statementReadCmd) Run(a *app) error {
	reader, err := c.reader()
	if err != nil {
		return err
	}
	var published reading.Date
	if c.Published != "" {
		day, err := time.Parse(time.DateOnly, c.Published)
		if err != nil {
			return usage("--published: read %q, expected a day, as 2016-09-17", c.Published)
		}
		published = reading.DateOf(day)
	}
	out := reading.Readings{Schema: reading.Schema, Documents: []reading.Reading{}}
	for _, name := range c.File {
		docs, err := openDocuments(name, c.Encoding)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if !published.IsZero() {
				d.Published = published
			}
			if c.Publisher != "" {
				d.Publisher = c.Publisher
			}
			d.Issuer = c.Issuer
			out.Documents = append(out.Documents, reader.Read(d))
		}
	}
	mentions, err := c.mentioned(out.Documents)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(struct {
			reading.Readings
			Designations []listedMention `json:"designations,omitempty"`
		}{out, mentions})
	}
	for _, d := range out.Documents {
		c.print(a, &d)
	}
	if len(mentions) > 0 {
		fmt.Fprintln(a.out, "Mentioned bodies that stand in lists of designations; a mention is no accusation:")
		for _, m := range mentions {
			fmt.Fprintf(a.out, "  %s: %s\n", m.Mention, list(m.Entries))
		}
	}
	return nil
}

// mentioned looks up the bodies that the claims name, each once a document: the entries that agree best, as good as one another.
func (c *statementReadCmd) mentioned(docs []reading.Reading) ([]listedMention, error) {
	if c.Lists == "" {
		return nil, nil
	}
	look, err := (&screenCmd{listsFlags: listsFlags{Lists: c.Lists}}).screener()
	if err != nil {
		return nil, err
	}
	const alike = 0.02
	var out []listedMention
	for _, d := range docs {
		asked := map[string]bool{}
		for _, claim := range d.Claims {
			for _, name := range claim.Organisations {
				if asked[name] {
					continue
				}
				asked[name] = true
				m := listedMention{Document: d.ID, Mention: name}
				found := look.Screen(designation.Query{Name: name, Kind: designation.Body}, 10).Candidates
				for _, f := range found {
					if f.Level == designation.Alert && f.Score >= found[0].Score-alike {
						m.Entries = append(m.Entries, f.ID)
					}
				}
				if len(m.Entries) > 0 {
					out = append(out, m)
				}
			}
		}
	}
	return out, nil
}

func openDocuments(name, encoding string) ([]reading.Document, error) {
	var in io.Reader = os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	// One byte more than may be read tells that there is more; the size of the whole is asked of the file.
	data, err := io.ReadAll(io.LimitReader(in, news.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > news.MaxBytes {
		read := "more than that"
		if at, err := os.Stat(name); err == nil {
			read = fmt.Sprintf("%.1f MiB", float64(at.Size())/(1<<20))
		}
		return nil, fmt.Errorf("%s: %w", name, &news.Fault{Field: "size", Read: read, Expected: fmt.Sprintf("at most %d MiB: the page of one text", news.MaxBytes>>20)})
	}
	docs, err := news.Open(name, data, encoding)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return docs, nil
}

// reader knows the names of places: those of the theatre, and beside them those of GeoNames where they were built in.
func (c *statementReadCmd) reader() (*reading.Reader, error) {
	own := namesFlags{Places: c.Places}
	g, err := own.own()
	if err != nil {
		return nil, err
	}
	wide, err := web.GeoNames()
	if err != nil {
		return nil, err
	}
	return news.Reader(func() *gazetteer.Gazetteer { return g }, func() *gazetteer.Gazetteer { return wide }), nil
}

// print says the claims as a neutral reader would: who said, according to whom, that.
func (c *statementReadCmd) print(a *app, d *reading.Reading) {
	head := d.ID
	if d.Title != "" {
		head = d.Title
	}
	fmt.Fprintf(a.out, "%s: %d claims proposed; nobody has confirmed them\n", head, len(d.Claims))
	for i, claim := range d.Claims {
		who := "Somebody"
		s := claim.Speaker
		switch {
		case s.Name != nil:
			who = *s.Name
			if s.Role != nil {
				who += " (" + *s.Role + ")"
			}
		case s.Mention != nil:
			who = *s.Mention
		}
		via := ""
		if claim.Via != nil {
			via = ", according to " + *claim.Via + ","
		}
		var said []string
		for _, span := range claim.Spans {
			text := strings.Join(strings.Fields(span.Text), " ")
			if claim.Form == reading.Direct {
				text = "“" + text + "”"
			}
			said = append(said, text)
		}
		joint := ": "
		if claim.Form != reading.Direct {
			joint = " that: "
		}
		fmt.Fprintf(a.out, "\n%d. %s %s%s%s%s\n", i+1, who, claim.Neutral, via, joint, strings.Join(said, " … "))
		a.row("kind", string(claim.Kind))
		a.row("form", string(claim.Form))
		if claim.Cue != "" {
			a.row("word", claim.Cue)
		}
		a.row("speaker", string(s.Confidence))
		if claim.DateWords != nil {
			day := "unresolved"
			if claim.StatementDate != nil {
				day = *claim.StatementDate
			}
			a.row("day", *claim.DateWords+": "+day)
		}
		if len(claim.Places) > 0 {
			a.row("places", strings.Join(claim.Places, ", "))
		}
		if len(claim.Organisations) > 0 {
			a.row("mentions", strings.Join(claim.Organisations, ", "))
		}
		a.row("characters", fmt.Sprintf("%d to %d", claim.Spans[0].Start, claim.Spans[len(claim.Spans)-1].End))
	}
	for _, n := range d.NotClaims {
		fmt.Fprintf(a.out, "\nIn quotation marks, and nobody's claim: %s\n", n.Text)
	}
}
