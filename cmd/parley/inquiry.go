package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	strict "github.com/go-json-experiment/json"

	"parley"
	"parley/geo"
	"parley/inquiry"
	"parley/proof"
	"parley/release"
)

type inquiryCmd struct {
	At       *when  `required:"" placeholder:"TIME" help:"The moment that is asked about."`
	Near     *place `required:"" placeholder:"POSITION" help:"The place."`
	Radius   int32  `required:"" placeholder:"METRES" help:"How far round it, at most 50000 metres."`
	Incident *ref   `placeholder:"INC-…" help:"On whose account it is asked; a monitor names one."`
	Out      string `placeholder:"FILE" help:"Keep the file: parley verify FILE opens and verifies it on any machine."`
	LogKey   string `placeholder:"KEY" help:"The log's public key, as you noted it before; without it, the one the server names."`
	Policy   string `type:"existingfile" placeholder:"FILE" help:"Whose cosignatures count, as you noted it before."`
}

// Run asks what was known, and believes none of the answer: it is verified here as it would be without a server.
func (c *inquiryCmd) Run(a *app) error {
	trust, err := trustOf(c.LogKey, c.Policy)
	if err != nil {
		return err
	}
	client, err := a.client()
	if err != nil {
		return err
	}
	theatre, err := client.theatre(a.ctx)
	if err != nil {
		return err
	}
	at, err := c.At.in(theatre)
	if err != nil {
		return err
	}
	p := c.Near.Position
	query := url.Values{"at": {parley.Stamp(at)}, "near": {decimal(p.Lat) + "," + decimal(p.Lon)}, "radius": {fmt.Sprint(c.Radius)}}
	if c.Incident != nil {
		query.Set("incident", string(c.Incident.Ref))
	}
	raw, err := client.get(a.ctx, "/v1/inquiry?"+query.Encode())
	if err != nil {
		return err
	}
	f, v, err := openInquiry(raw, trust)
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := os.WriteFile(c.Out, raw, 0o600); err != nil {
			return fmt.Errorf("couldn't keep the inquiry: %w", err)
		}
	}
	return a.printInquiry(f, v, trust)
}

// decimal writes an integer of 1e-7 degree.
func decimal(v int32) string {
	sign := ""
	n := int64(v)
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%07d", sign, n/geo.E7, n%geo.E7)
}

func openInquiry(raw []byte, trust proof.Trust) (*inquiry.File, *inquiry.Verified, error) {
	f, err := inquiry.Parse(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("the inquiry cannot be read, so nothing is proved: %v", err)
	}
	v, err := f.Verify(trust)
	if err != nil {
		return nil, nil, fmt.Errorf("the inquiry does not hold, so nothing is proved: %v", err)
	}
	return f, v, nil
}

// isInquiry reports whether a file is an inquiry.
func isInquiry(text []byte) bool {
	var head struct{ Format string }
	return json.Unmarshal(text, &head) == nil && head.Format == inquiry.Format
}

// inquiryVerdict is what an inquiry prints with --json.
type inquiryVerdict struct {
	Verified bool `json:"verified"`
	*inquiry.Report
	Proved    []string `json:"proved" doc:"how far each line is: signed, placed or stated"`
	Tree      uint64   `json:"tree"`
	Witnessed bool     `json:"witnessed"`
	ExistedBy string   `json:"existed_by,omitzero"`
	NotProved []string `json:"not_proved"`
}

var sectionTitles = map[string]string{"versions": "Versions of notified objects", "findings": "Findings that were open", "releases": "Released to", "acknowledgements": "Acknowledged", "levels": "Held at levels", "liaison": "How the channel stood", "warnings": "Warnings",
	"areas": "Declared areas that reached the place", "checks": "Precaution checks", "seals": "Sealed areas", "stops": "Urgent stops and hand-overs", "prompts": "Questions on the road", "offers": "Offers and answers",
	"arrangements": "Lines, zones, corridors and pauses in force", "harms": "Harm reported by then", "later": "Said later about that time"}

// printInquiry prints a verified inquiry, line by line, with how far each is proved.
func (a *app) printInquiry(f *inquiry.File, v *inquiry.Verified, trust proof.Trust) error {
	witnessed := v.Policy != nil && v.Policy.Needs() && v.Tree.Quorum
	open := notProved(v, trust)
	if a.JSON {
		out := inquiryVerdict{Verified: true, Report: v.Report, Proved: v.Proved, Tree: v.Tree.Size, Witnessed: witnessed, NotProved: open}
		if witnessed {
			out.ExistedBy = instant(v.Tree.ExistedBy)
		}
		return a.printJSON(out)
	}
	mark := ""
	if v.Exercise {
		mark = "EXERCISE  "
	}
	q := v.Question
	fmt.Fprintf(a.out, "%sWhat was known at %s within %d m of %s\n", mark, parley.Stamp(q.At), q.Radius, q.Place)
	fmt.Fprintf(a.out, "  for %s, %d of %d entries of the journal by then, made at %s\n", v.For, v.Then, v.Now, parley.Stamp(v.Made))
	if q.Incident != "" {
		a.row("incident", q.Incident)
	}
	fmt.Fprintf(a.out, "  each line: = signed by its author, ~ placed in the tree at that time and said by the log, - nothing was on record\n")
	for _, section := range release.InquirySections {
		first := true
		for i := range v.Lines {
			if v.Lines[i].Section != section {
				continue
			}
			if first {
				fmt.Fprintf(a.out, "\n%s\n", sectionTitles[section])
				first = false
			}
			a.inquiryLine(&v.Lines[i], v.Proved[i])
		}
	}
	fmt.Fprintf(a.out, "\nproved: the log's signature on this report, and the place of %d entries in its tree of %d\n", len(f.Entries), v.Tree.Size)
	if witnessed {
		fmt.Fprintf(a.out, "proved: witnessed: %s; the entries existed by %s\n", cosigners(v.Tree), instant(v.Tree.ExistedBy))
	}
	for _, line := range open {
		fmt.Fprintf(a.out, "not proved: %s\n", line)
	}
	for _, line := range v.Missing {
		fmt.Fprintf(a.out, "not shown: %s\n", line)
	}
	fmt.Fprintf(a.out, "%s\n", v.Sentence)
	return nil
}

func (a *app) inquiryLine(l *release.InquiryLine, how string) {
	mark := map[string]string{inquiry.Signed: "=", inquiry.Placed: "~", inquiry.Stated: "-"}[how]
	name := string(l.Ref)
	if l.Version > 0 {
		name += fmt.Sprintf("/v%d", l.Version)
	}
	words := nonEmpty(name, string(l.Party))
	for _, f := range l.Facts {
		words = append(words, strings.ReplaceAll(f.Name, "_", " ")+" "+f.Value)
	}
	at := ""
	if len(l.Positions) > 0 {
		places := make([]string, len(l.Positions))
		for i, p := range l.Positions {
			places[i] = fmt.Sprint(p)
		}
		at = fmt.Sprintf("  (%s, position %s)", l.At, strings.Join(places, ", "))
	}
	fmt.Fprintf(a.out, "  %s %s%s\n", mark, strings.Join(words, "; "), at)
	for _, m := range l.Missing {
		if !strings.HasPrefix(m, "the signed command at") { // that the mark says already
			fmt.Fprintf(a.out, "      not shown: %s\n", m)
		}
	}
}

// notProved says what an inquiry leaves open, a sentence each.
func notProved(v *inquiry.Verified, trust proof.Trust) (open []string) {
	no := func(format string, args ...any) { open = append(open, fmt.Sprintf(format, args...)) }
	if placed := slices.Index(v.Proved, inquiry.Placed); placed >= 0 {
		no("what the lines marked ~ say: that is the log's word; that something was said then, and when, is proved")
	}
	switch {
	case v.Policy == nil || !v.Policy.Needs():
		no("witnessed: no witnesses are named, so an operator who signs two histories is not found out by this")
	case !v.Tree.Quorum:
		no("witnessed: %s", cosigners(v.Tree))
	}
	if trust.LogKey == "" {
		no("whose log it is: the log's key is the one the file names. Compare it with the one you noted, or give --log-key")
	}
	if trust.Policy == nil && v.Policy != nil && v.Policy.Needs() {
		no("who the witnesses are: they are those the file names. Compare them with those you noted, or give --policy")
	}
	no("who holds the keys, what became of each command, and that no line is left out: that is the log's word")
	return open
}

type publicationCmd struct {
	Show publicationShowCmd `cmd:"" default:"withargs" help:"Show what is published of incidents and claims, and when." example:"parley publication show --key org.key"`
	Set  publicationSetCmd  `cmd:"" help:"Set it, for every party alike. Two trustees sign." example:"parley publication set --delay 7d --threshold 5 --field date --field region --key t1.key --second t2.key"`
}

type publicationShowCmd struct{}

func (c *publicationShowCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	return showOne(a, client, "/v1/publication", func(p *parley.Publication) {
		words := make([]string, len(p.Fields))
		for i, f := range p.Fields {
			words[i] = string(f)
		}
		fmt.Fprintf(a.out, "published %s after a version was recorded: %s\n  a count below %d is published as fewer than %d\n", hoursOf(p.Delay), strings.Join(words, ", "), p.Threshold, p.Threshold)
	})
}

type publicationSetCmd struct {
	Delay     string   `required:"" placeholder:"DURATION" help:"From a version's entry to its publication, such as 72h or 7d."`
	Threshold int32    `required:"" help:"A count of people below it is published as fewer than it."`
	Field     []string `placeholder:"FIELD" help:"hour, date, region, kind, category, damage, lost, total, certainty or set; none publishes that there is an incident, and no more."`
	second
}

func (c *publicationSetCmd) Run(a *app) error {
	delay, err := duration(c.Delay)
	if err != nil {
		return fmt.Errorf("--delay: %w", err)
	}
	p := parley.Publication{Delay: delay, Threshold: c.Threshold, Fields: []parley.PublicField{}}
	for _, f := range c.Field {
		p.Fields = append(p.Fields, parley.PublicField(f))
	}
	return a.bySecond(c.second, func(*statement) parley.Body { return &parley.PublicationSet{Publication: p} })
}

type holdCmd struct {
	End holdEndCmd `cmd:"" help:"Desk: end the hold that a report of harm or an incident has put on texts. Two people sign." example:"parley hold end INC-7K3F-Q2 inquiry_ended 'Closed by both sides' --key verifier.key --second releaser.key"`
}

type holdEndCmd struct {
	Of     ref    `arg:"" help:"A report of harm, or an incident."`
	Reason string `arg:"" enum:"inquiry_ended,entered_in_error,data_protection,same_as_another" help:"inquiry_ended, entered_in_error, data_protection or same_as_another."`
	Words  string `arg:"" help:"Why."`
	Second string `required:"" type:"existingfile" placeholder:"KEYFILE" help:"Key file of a second person of the desk."`
}

func (c *holdEndCmd) Run(a *app) error {
	return a.bySecond(second{c.Second}, func(s *statement) parley.Body {
		return &parley.HoldEnd{Of: c.Of.Ref, Reason: parley.HoldReason(c.Reason), Words: s.text(c.Words)}
	})
}

type sealCmd struct {
	Area sealAreaCmd `cmd:"" help:"Commit to an area that nobody sees. The file that is kept opens it, and nothing else does." example:"parley seal area --circle '35.95, 39.01, 2km' --from +1h --to +6h --save seal.json --key officer.key"`
	Open sealOpenCmd `cmd:"" help:"Open a sealed area for inquiry: its content then stands in the journal." example:"parley seal open SEAL-7K3F-Q2 seal.json --key officer.key"`
}

type sealAreaCmd struct {
	volumeFlags
	Head string `placeholder:"HEAD" help:"The list that it was checked against: current, one kept in a file, or position:count:root."`
	Save string `required:"" placeholder:"FILE" help:"Keep salt and content here. Without this file the area can never be opened. A file that is there already is not replaced."`
}

// sealFile is what a party keeps.
type sealFile struct {
	Commitment parley.Hash       `json:"commitment"`
	Salt       parley.Bits128    `json:"salt"`
	Area       parley.SealedArea `json:"area"`
}

func (c *sealAreaCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	kept := sealFile{}
	if kept.Area.Shape, kept.Area.Band, kept.Area.Window, err = s.volume(c.volumeFlags); err != nil {
		return err
	}
	kept.Area.Buffer = c.Buffer
	if _, err := rand.Read(kept.Salt[:]); err != nil {
		return err
	}
	if kept.Commitment, err = kept.Area.Seal(kept.Salt); err != nil {
		return err
	}
	head, err := s.headOf(c.Head)
	if err != nil {
		return err
	}
	text, err := strict.Marshal(kept)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.Save, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // kept first: a seal that nobody can open is worth nothing
	if err == nil {
		_, err = file.Write(append(text, '\n'))
		err = errors.Join(err, file.Sync(), file.Close())
	}
	if err != nil {
		return fmt.Errorf("couldn't keep the content: %w", err)
	}
	return s.say(&parley.AreaSeal{Commitment: kept.Commitment, Head: *head})
}

type sealOpenCmd struct {
	Seal ref    `arg:"" help:"The sealed area."`
	File string `arg:"" type:"existingfile" help:"The file that was kept when it was sealed."`
}

func (c *sealOpenCmd) Run(a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("couldn't read the file: %w", err)
	}
	var kept sealFile
	if err := strict.Unmarshal(text, &kept, strict.RejectUnknownMembers(true)); err != nil {
		return parley.Invalid(c.File, "no file of a sealed area", "the file that parley seal area has kept: "+err.Error())
	}
	return a.just(&parley.AreaOpen{Seal: c.Seal.Ref, Salt: kept.Salt, Area: kept.Area})
}
