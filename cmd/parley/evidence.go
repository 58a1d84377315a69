package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/release"
)

type evidenceCmd struct {
	Add     evidenceAddCmd     `cmd:"" help:"Take a file in as evidence: its content is fixed from here on." example:"parley evidence add roof.jpg --of INC-7K3F-Q2 --obtained handed_over --from 'A doctor' --key monitor.key"`
	Get     evidenceGetCmd     `cmd:"" help:"Fetch a file of evidence, and hold it against its hash here." example:"parley evidence get EVID-7K3F-Q2 --out roof.jpg --key monitor.key"`
	Verify  evidenceVerifyCmd  `cmd:"" help:"Say whether a file that you have is the evidence on record: which copy, and through whose hands it went." example:"parley evidence verify EVID-7K3F-Q2 roof.jpg --key monitor.key"`
	Custody evidenceCustodyCmd `cmd:"" help:"Note what was done with evidence, or give it a working copy." example:"parley evidence custody EVID-7K3F-Q2 working_copy --copy roof-faces-hidden.jpg --words 'Faces hidden' --key monitor.key"`
}

// bring sends the bytes of a file to the server and holds what it found against what is here.
func (c *client) bring(ctx context.Context, path, stated string) (f parley.File, err error) {
	file, err := os.Open(path)
	if err != nil {
		return f, fmt.Errorf("couldn't read the file: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return f, err
	}
	if info.Size() < 1 || info.Size() > parley.MaxEvidence {
		return f, &parley.Fault{Code: parley.CodeTooLarge, Field: path, Read: fmt.Sprintf("%d bytes", info.Size()), Expected: fmt.Sprintf("1 to %d bytes", parley.MaxEvidence)}
	}
	if stated == "" {
		if stated, _, _ = mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(path))); stated == "" {
			stated = "application/octet-stream"
		}
	}
	if err := c.open(ctx); err != nil {
		return f, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server+"/v1/evidence/files?type="+url.QueryEscape(stated), file)
	if err != nil {
		return f, err
	}
	r.ContentLength = info.Size()
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Authorization", "Bearer "+c.token)
	text, err := c.octets(r, 1<<20)
	if err != nil {
		return f, err
	}
	var found api.FileBody
	if err := json.Unmarshal(text, &found); err != nil {
		return f, fmt.Errorf("couldn't read the answer: %w", err)
	}
	sum, err := sumOf(path)
	if err != nil {
		return f, err
	}
	if sum != found.SHA256 {
		return f, fmt.Errorf("the server took in another file: read %s, expected %s", found.SHA256, sum)
	}
	return parley.File{SHA256: found.SHA256, Size: found.Size, Stated: found.Stated, Found: found.Found}, nil
}

// octets sends a request about bytes and returns the answer's, at most so many.
func (c *client) octets(r *http.Request, most int64) ([]byte, error) {
	answer, err := (&http.Client{Timeout: 10 * time.Minute, Transport: c.way}).Do(r)
	if err != nil {
		return nil, unreachable(c.server, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, most))
	if err != nil {
		return nil, unreachable(c.server, err)
	}
	if answer.StatusCode >= 400 {
		return nil, problemIn(answer.StatusCode, text)
	}
	return text, nil
}

func sumOf(path string) (sum parley.Hash, err error) {
	file, err := os.Open(path)
	if err != nil {
		return sum, fmt.Errorf("couldn't read the file: %w", err)
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return sum, fmt.Errorf("couldn't read the file: %w", err)
	}
	return parley.Hash(h.Sum(nil)), nil
}

type evidenceAddCmd struct {
	File     string `arg:"" type:"existingfile" help:"The file, as it was obtained."`
	Of       []ref  `required:"" placeholder:"REF" help:"What it is evidence about: incidents, claims, reports of harm."`
	Type     string `placeholder:"MEDIA/TYPE" help:"Its media type; by the file's name if not said."`
	Title    string `help:"What it shows."`
	Obtained string `required:"" enum:"made,handed_over,downloaded,received,scanned" help:"made, handed_over, downloaded, received or scanned."`
	From     string `help:"From whom or where."`
	When     *when  `placeholder:"TIME" help:"When it was obtained; now if not said."`
	Made     *when  `placeholder:"TIME" help:"When it is said to have been made."`
	At       *place `placeholder:"POSITION" help:"Where it is said to have been made."`
}

func (c *evidenceAddCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	f, err := s.client.bring(a.ctx, c.File, c.Type)
	if err != nil {
		return err
	}
	if f.Lies() && !a.JSON {
		fmt.Fprintf(a.err, "its bytes are %s, not %s: it is kept, marked, and handed out as bytes of no type\n", f.Found, f.Stated)
	}
	b := &parley.EvidenceAdd{File: f, Name: s.text(filepath.Base(c.File)), Title: s.text(c.Title), About: refs(c.Of), Obtained: parley.EvidenceHow(c.Obtained), From: s.text(c.From), Place: s.placeOrNil("--at", c.At)}
	if b.At, err = s.timeOr(c.When, s.draft.MadeAt); err != nil {
		return err
	}
	if b.Made, err = s.time(c.Made); err != nil {
		return err
	}
	return s.say(b)
}

type evidenceGetCmd struct {
	Evidence ref    `arg:"" help:"The evidence."`
	Out      string `required:"" placeholder:"FILE" help:"Where to keep it. A file that is there already is not replaced."`
	Copy     int    `help:"A working copy, by its number; the evidentiary copy without it."`
}

func (c *evidenceGetCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	e, err := client.evidence(a, c.Evidence.Ref)
	if err != nil {
		return err
	}
	want := &e.File
	if c.Copy > 0 {
		if c.Copy > len(e.Copies) {
			return parley.Invalid("--copy", fmt.Sprint(c.Copy), fmt.Sprintf("0 to %d", len(e.Copies)))
		}
		want = &e.Copies[c.Copy-1]
	}
	r, err := client.request(a.ctx, http.MethodGet, fmt.Sprintf("/v1/evidence/%s/file?copy=%d", c.Evidence.Ref, c.Copy), nil)
	if err != nil {
		return err
	}
	text, err := client.octets(r, parley.MaxEvidence+1)
	if err != nil {
		return err
	}
	if sum := parley.Hash(sha256.Sum256(text)); sum != want.SHA256 {
		return fmt.Errorf("the file is not the one on record: read %s, expected %s; nothing was kept", sum, want.SHA256)
	}
	file, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("couldn't keep the file: %w", err)
	}
	_, err = io.Copy(file, bytes.NewReader(text))
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("couldn't keep the file: %w", err)
	}
	if a.JSON {
		return a.printJSON(want)
	}
	fmt.Fprintf(a.out, "%s  %d bytes, SHA-256 %s, as on record\n", c.Out, len(text), want.SHA256)
	if want.Lies {
		fmt.Fprintf(a.out, "  its bytes are %s, not %s as was stated: open it with care\n", want.Found, want.Stated)
	}
	return nil
}

func (c *client) evidence(a *app, r parley.Ref) (*release.Evidence, error) {
	e := &release.Evidence{}
	return e, c.read(a.ctx, "/v1/evidence/"+string(r), e)
}

type evidenceVerifyCmd struct {
	Evidence ref    `arg:"" help:"The evidence."`
	File     string `arg:"" type:"existingfile" help:"The file that you have."`
}

func (c *evidenceVerifyCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	e, err := client.evidence(a, c.Evidence.Ref)
	if err != nil {
		return err
	}
	sum, err := sumOf(c.File)
	if err != nil {
		return err
	}
	which := ""
	if sum == e.File.SHA256 {
		which = "the evidentiary copy"
	}
	for i := range e.Copies {
		if which == "" && sum == e.Copies[i].SHA256 {
			which = fmt.Sprintf("working copy %d", i+1)
		}
	}
	if which == "" {
		return fmt.Errorf("%s is no copy of %s: read SHA-256 %s, expected %s or that of a working copy", c.File, e.Ref, sum, e.File.SHA256)
	}
	if a.JSON {
		return a.printJSON(map[string]any{"ref": e.Ref, "sha256": sum, "copy": which, "custody": e.Custody})
	}
	fmt.Fprintf(a.out, "%s is %s of %s, SHA-256 %s\n", c.File, which, e.Ref, sum)
	a.custody(e)
	return nil
}

type evidenceCustodyCmd struct {
	Evidence ref    `arg:"" help:"The evidence."`
	Action   string `arg:"" enum:"working_copy,examined,handed_over,returned,verified,destroyed" help:"working_copy, examined, handed_over, returned, verified or destroyed."`
	Copy     string `type:"existingfile" placeholder:"FILE" help:"The working copy."`
	Type     string `placeholder:"MEDIA/TYPE" help:"Its media type; by the file's name if not said."`
	Person   string `help:"Who did it, or to whom it went."`
	Words    string `help:"More about it."`
	At       *when  `placeholder:"TIME" help:"When; now if not said."`
}

func (c *evidenceCustodyCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	b := &parley.EvidenceCustody{Evidence: c.Evidence.Ref, Action: parley.CustodyAction(c.Action), Person: s.text(c.Person), Words: s.text(c.Words)}
	if b.At, err = s.timeOr(c.At, s.draft.MadeAt); err != nil {
		return err
	}
	if c.Copy != "" {
		f, err := s.client.bring(a.ctx, c.Copy, c.Type)
		if err != nil {
			return err
		}
		b.Copy = &f
	}
	return s.say(b)
}

// describeEvidence prints a piece of evidence with its chain of custody.
func (a *app) describeEvidence(e *release.Evidence) {
	fmt.Fprintf(a.out, "%s  %s, %d bytes, %s\n", e.Ref, e.Name, e.File.Size, e.File.Found)
	if e.File.Lies {
		a.row("type", fmt.Sprintf("stated as %s: its bytes are %s", e.File.Stated, e.File.Found))
	}
	a.row("SHA-256", e.File.SHA256)
	a.row("shows", e.Title)
	a.row("about", list(e.About))
	a.row("obtained", strings.TrimSpace(fmt.Sprintf("%s at %s %s", e.Obtained, e.ObtainedAt, e.From)))
	a.row("made", e.Made)
	if e.Place != nil {
		a.row("place", where(*e.Place))
	}
	for i, f := range e.Copies {
		a.row(fmt.Sprintf("copy %d", i+1), fmt.Sprintf("%d bytes, %s, SHA-256 %s", f.Size, f.Found, f.SHA256))
	}
	a.custody(e)
}

func (a *app) custody(e *release.Evidence) {
	for _, c := range e.Custody {
		a.row("custody", strings.TrimSpace(fmt.Sprintf("%s at %s %s, noted by %s at position %d%s", c.Action, c.At, c.Person, c.Account, c.Position, quoted(c.Words))))
	}
}
