package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/release"
)

// custodians may take evidence in and add to its chain of custody.
var custodians = []parley.Role{parley.MonitorOfficer, parley.Verifier, parley.Releaser, parley.Notifier, parley.DutyOfficer, parley.LegalAdviser}

// evidencesPage lists the evidence that the reader may see, the newest first.
type evidencesPage struct {
	About parley.Ref
	Items []evidenceRow
	More  int
	Room  room
	May   bool
}

// evidenceRow is a piece of evidence with whether its bytes lie on the node that shows it.
type evidenceRow struct {
	release.Evidence
	Here bool
}

// room is how much an account may still bring, in bytes.
type room struct{ Used, Most int64 }

func (c *call) evidences() error {
	const some = 50
	page := &evidencesPage{More: -1, May: c.member.Has(custodians...)}
	page.About, _ = parley.ParseRef(western(c.r.URL.Query().Get("about")))
	var all []release.Evidence
	for from := 0; from >= 0; {
		var list []release.Evidence
		if err := c.view(func(v *channel.Viewer) { list, from = v.Evidences(from, 500) }); err != nil {
			return err
		}
		for _, e := range list {
			if page.About == "" || slices.Contains(e.About, page.About) {
				all = append(all, e)
			}
		}
	}
	slices.Reverse(all)
	from := min(c.form0("from"), len(all))
	for _, e := range all[from:min(from+some, len(all))] {
		page.Items = append(page.Items, evidenceRow{e, c.p.node.HasFile(e.File.SHA256)})
	}
	if from+some < len(all) {
		page.More = from + some
	}
	page.Room.Used, page.Room.Most = c.p.node.EvidenceOf(c.member.Account)
	f := c.frame("evidences", "evidence.title", page)
	f.Dense = true
	return c.show(f)
}

// evidencePage is one piece of evidence: its files, where they lie, its chain of custody.
type evidencePage struct {
	E       *release.Evidence
	Files   []evidenceFile // the evidentiary copy first
	Form    map[string]string
	Path    string
	May     bool
	Actions []parley.CustodyAction
	Now     string
}

// evidenceFile is one file with where it can be had.
type evidenceFile struct {
	release.EvidenceFile
	N    int // 0: the evidentiary copy
	Here bool
	Href string
}

func (c *call) evidence() error { return c.showEvidence(http.StatusOK, nil) }

func (c *call) showEvidence(status int, p *problem) error {
	page := &evidencePage{Form: c.typed(), Now: c.local(c.p.node.Now())}
	if err := c.view(func(v *channel.Viewer) { page.E, _ = v.Evidence(c.ref("ref")) }); err != nil {
		return err
	}
	if page.E == nil {
		return errMissing
	}
	page.Path = "/" + c.lang + "/evidence/" + string(page.E.Ref)
	page.May = c.member.Has(custodians...)
	page.Actions = slices.DeleteFunc(slices.Clone(parley.CustodyActions), func(a parley.CustodyAction) bool { return a == parley.CustodyCopy }) // a copy is a file: it is brought first
	for n, file := range append([]release.EvidenceFile{page.E.File}, page.E.Copies...) {
		e := evidenceFile{EvidenceFile: file, N: n, Here: c.p.node.HasFile(file.SHA256), Href: "/v1/evidence/" + string(page.E.Ref) + "/file"}
		if n > 0 {
			e.Href += "?copy=" + strconv.Itoa(n)
		}
		page.Files = append(page.Files, e)
	}
	f := c.frame("evidence", "evidence.one", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// Bytes writes a size.
func (f *frame) Bytes(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1_000_000:
		return strconv.FormatFloat(float64(n)/1e3, 'f', 1, 64) + " kB"
	case n < 1_000_000_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	}
	return strconv.FormatFloat(float64(n)/1e9, 'f', 1, 64) + " GB"
}

// evidenceActs adds a link to the chain of custody. A working copy comes with its bytes, brought before.
func (c *call) evidenceActs() error {
	ref := c.ref("ref")
	f, d := c.form(), c.newDraft()
	b := &parley.EvidenceCustody{Evidence: ref, Action: choice(f, "action", parley.CustodyActions), At: f.moment("at", true), Person: d.Text(f.long("person")), Words: d.Text(f.long("words"))}
	again := func(p *problem) error { return c.showEvidence(http.StatusUnprocessableEntity, p) }
	if f.has("sha256") {
		file := f.file()
		b.Copy = &file
		again = func(p *problem) error { return c.showEvidenceNew(http.StatusUnprocessableEntity, p, nil) }
	}
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/evidence/" + string(ref), again: again, plain: true, field: func(path string) string {
		return fieldIn(map[string]string{"action": "action", "at": "at", "person": "person", "copy": "file"}, path)
	}})
}

// file reads what the node has found of a file that was brought before.
func (f *form) file() parley.File {
	file := parley.File{Stated: f.text("stated"), Found: f.text("found")}
	sum, err := parley.ParseHash(f.text("sha256"))
	size, errSize := strconv.ParseInt(f.text("size"), 10, 64)
	if err != nil || errSize != nil {
		f.wrong("file", "wrong.missing")
	}
	file.SHA256, file.Size = sum, size
	return file
}

// evidenceNewPage takes a file in, in two steps: its bytes, and then what it is.
type evidenceNewPage struct {
	Of   parley.Ref // the evidence that a working copy is of, or none
	Form map[string]string
	Hows []parley.EvidenceHow
	Room room
	File *parley.File // brought; nil before
	Lies bool
}

func (c *call) evidenceNew() error { return c.showEvidenceNew(http.StatusOK, nil, nil) }

func (c *call) showEvidenceNew(status int, p *problem, brought map[string]string) error {
	page := &evidenceNewPage{Form: c.typed(), Hows: parley.EvidenceHows}
	for name, value := range brought {
		page.Form[name] = value
	}
	page.Of = c.ref("ref")
	if c.r.Method == http.MethodGet {
		if ref, err := parley.ParseRef(western(c.r.URL.Query().Get("about"))); err == nil {
			page.Form["about"] = string(ref)
		}
	}
	if page.Form["sha256"] != "" {
		f := &form{c: c, values: map[string][]string{}}
		for _, name := range []string{"sha256", "size", "stated", "found"} {
			f.values.Set(name, page.Form[name])
		}
		file := f.file()
		page.File, page.Lies = &file, file.Lies()
		if page.Form["at"] == "" {
			page.Form["at"] = c.local(c.p.node.Now())
		}
	}
	page.Room.Used, page.Room.Most = c.p.node.EvidenceOf(c.member.Account)
	f := c.frame("evidence_new", "evidence.new", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// evidenceTime is how long a file may take to come in.
const evidenceTime = 10 * time.Minute

// evidenceBrings takes the bytes of a file in, as they come, and asks what it is.
func (c *call) evidenceBrings() error {
	if err := http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(evidenceTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	again := func(key string, values ...any) error {
		p := &problem{Title: c.say("wrong.title"), Errors: []fieldError{{Field: "file", Text: c.say(key, values...)}}}
		return c.showEvidenceNew(http.StatusUnprocessableEntity, p, nil)
	}
	parts, err := c.r.MultipartReader()
	if err != nil {
		return again("wrong.missing")
	}
	brought := map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return again("wrong.file")
		}
		if part.FormName() != "file" {
			text, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return again("wrong.file")
			}
			brought[part.FormName()] = string(text)
			continue
		}
		if part.FileName() == "" {
			return again("wrong.missing")
		}
		stated := part.Header.Get("Content-Type")
		if stated == "" || stated == "application/octet-stream" {
			if byName := mime.TypeByExtension(strings.ToLower(path.Ext(part.FileName()))); byName != "" {
				stated = byName
			} else {
				stated = "application/octet-stream"
			}
		}
		file, err := c.p.node.Keep(c.member.Account, part, stated)
		var fault *parley.Fault
		if errors.As(err, &fault) {
			return again("code."+string(fault.Code), "")
		}
		if err != nil {
			return again("wrong.file")
		}
		brought["sha256"], brought["size"], brought["stated"], brought["found"] = file.SHA256.String(), strconv.FormatInt(file.Size, 10), file.Stated, file.Found
		brought["name"] = path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
	}
	if brought["sha256"] == "" {
		return again("wrong.missing")
	}
	return c.showEvidenceNew(http.StatusOK, nil, brought)
}

// evidenceSays names a file that was brought as evidence.
func (c *call) evidenceSays() error {
	f, d := c.form(), c.newDraft()
	b := &parley.EvidenceAdd{File: f.file(), Title: d.Text(f.long("title")), About: f.refs("about", true), Obtained: choice(f, "obtained", parley.EvidenceHows), From: d.Text(f.long("from")), At: f.moment("at", true), Made: f.moment("made", false), Restricted: f.has("restricted")}
	if f.required("name") != "" {
		b.Name = d.Text(f.long("name"))
	}
	if f.has("place") {
		if r, ok := f.position("place"); ok {
			b.Place = &r.Position
		}
	}
	again := func(p *problem) error { return c.showEvidenceNew(http.StatusUnprocessableEntity, p, nil) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/evidence/{ref}", again: again, plain: true, field: func(path string) string {
		return fieldIn(map[string]string{"file": "file", "name": "name", "about": "about", "obtained": "obtained", "at": "at", "made": "made", "place": "place"}, path)
	}})
}
