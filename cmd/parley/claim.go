package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"parley"
	"parley/release"
	reading "parley/statement"
)

type claimCmd struct {
	Record claimRecordCmd `cmd:"" help:"Put on record what somebody said, through whom: attributed, never asserted." example:"parley claim record accusation 'It was theirs' --speaker 'A. Speaker' --capacity spokesperson --via 'an agency' --about INC-7K3F-Q2 --key monitor.key"`
	Take   claimTakeCmd   `cmd:"" help:"Take one of the claims that the reader of news texts proposes, as a person who has read it." example:"parley claim take proposed.json 3 --type accusation --about INC-7K3F-Q2 --key monitor.key"`
	Relate claimRelateCmd `cmd:"" help:"Say how a claim stands to another one, or what else it is about." example:"parley claim relate CLAIM-7K3F-Q2 CLAIM-9ZZZ-5N contradicts --key monitor.key"`
}

type claimFlags struct {
	Capacity    string   `help:"As which they spoke."`
	Party       *ref     `placeholder:"PARTY-…" help:"In whose name they are said to have spoken."`
	Via         []string `sep:"none" help:"An outlet, the first hearer first; again for the next one."`
	Published   *when    `placeholder:"TIME" help:"When it was published, if that is known."`
	Event       *when    `placeholder:"TIME" help:"When what is spoken of happened, as said."`
	Translation string   `help:"The same in another language."`
	Translator  string   `help:"Who translated it."`
	Link        string   `help:"Where it can be read."`
	Archived    *ref     `placeholder:"EVID-…" help:"A copy, as evidence."`
	SaysParty   *ref     `placeholder:"PARTY-…" help:"Which party it says did what it is about: the speaker's word."`
	SaysActor   string   `help:"Whom it names, in the speaker's words."`
	About       []ref    `placeholder:"REF" help:"Records that it is about."`
	Supports    []ref    `placeholder:"CLAIM-…" help:"Claims that it supports."`
	Contradicts []ref    `placeholder:"CLAIM-…" help:"Claims that it contradicts."`
	Restricted  bool     `help:"Never publish it."`
}

// claim fills a claim from the flags.
func (s *statement) claim(c *parley.Claim, f *claimFlags) (err error) {
	if f.Capacity != "" {
		c.Capacity = s.text(f.Capacity)
	}
	for _, v := range f.Via {
		c.Via = append(c.Via, s.text(v))
	}
	if c.Published, err = s.timeOr(f.Published, c.Published); err != nil {
		return err
	}
	if c.Event, err = s.time(f.Event); err != nil {
		return err
	}
	c.Translation, c.Translator, c.Link, c.Restricted = s.text(f.Translation), s.text(f.Translator), s.text(f.Link), f.Restricted
	c.About, c.Supports, c.Contradicts = refs(f.About), refs(f.Supports), refs(f.Contradicts)
	if f.Party != nil {
		c.Party = f.Party.Ref
	}
	if f.Archived != nil {
		c.Archived = f.Archived.Ref
	}
	if f.SaysParty != nil || f.SaysActor != "" {
		c.Attribution = &parley.Attribution{Actor: s.text(f.SaysActor)}
		if f.SaysParty != nil {
			c.Attribution.Party = f.SaysParty.Ref
		}
	}
	return nil
}

type claimRecordCmd struct {
	Type      string `arg:"" enum:"fact,denial,offer,accusation,justification,question" help:"fact, denial, offer, accusation, justification or question."`
	Quotation string `arg:"" help:"The exact words, as published."`
	Speaker   string `required:"" help:"Who said it."`
	Speech    string `enum:"direct,indirect,mixed" default:"direct" help:"direct, indirect or mixed."`
	Lang      string `default:"en" help:"The language of the words."`
	claimFlags
}

func (c *claimRecordCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	claim := parley.Claim{ClaimType: parley.ClaimType(c.Type), Speaker: s.text(c.Speaker), Speech: parley.Speech(c.Speech), Language: c.Lang, Quotation: s.text(c.Quotation)}
	if err := s.claim(&claim, &c.claimFlags); err != nil {
		return err
	}
	return s.say(&parley.ClaimRecord{Claim: claim})
}

// proposals is the file of proposed claims that the reader of news texts writes.
type proposals struct {
	Documents []struct {
		SHA256 parley.Hash
		Claims []struct {
			Speaker struct {
				Name    string
				Mention string
				Role    string
				Org     string
			}
			Type  parley.Speech
			Spans []struct {
				Start, End int32
				Text       string
			}
			Via           json.RawMessage
			Places        []string
			Organisations []string
		}
	}
}

type claimTakeCmd struct {
	File     string `arg:"" type:"existingfile" help:"The file of proposed claims."`
	Number   int    `arg:"" help:"Which one, from 1."`
	Document int    `default:"1" help:"Of which document, from 1."`
	Type     string `required:"" enum:"fact,denial,offer,accusation,justification,question" help:"What it does: a person's reading. fact, denial, offer, accusation, justification or question."`
	Lang     string `default:"en" help:"The language of the words."`
	claimFlags
}

func (c *claimTakeCmd) Run(a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("couldn't read the file: %w", err)
	}
	var p proposals
	if err := json.Unmarshal(text, &p); err != nil {
		return parley.Invalid(c.File, "no file of proposed claims", "the JSON that the reader of news texts writes: "+err.Error())
	}
	if c.Document < 1 || c.Document > len(p.Documents) {
		return parley.Invalid("--document", strconv.Itoa(c.Document), fmt.Sprintf("1 to %d", len(p.Documents)))
	}
	doc := &p.Documents[c.Document-1]
	if c.Number < 1 || c.Number > len(doc.Claims) {
		return parley.Invalid("NUMBER", strconv.Itoa(c.Number), fmt.Sprintf("1 to %d", len(doc.Claims)))
	}
	from := &doc.Claims[c.Number-1]
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	claim := parley.Claim{ClaimType: parley.ClaimType(c.Type), Speaker: s.text(either(from.Speaker.Name, from.Speaker.Mention)), Capacity: s.text(either(from.Speaker.Role, from.Speaker.Org)), Speech: from.Type, Language: c.Lang, Document: doc.SHA256}
	var words []string
	for _, span := range from.Spans {
		words = append(words, span.Text)
		claim.Spans = append(claim.Spans, parley.Span{Start: span.Start, End: span.End})
	}
	claim.Quotation = s.text(strings.Join(words, " … "))
	for _, via := range outlets(from.Via) {
		claim.Via = append(claim.Via, s.text(via))
	}
	for _, name := range from.Places {
		claim.Places = append(claim.Places, s.text(name))
	}
	for _, name := range from.Organisations {
		claim.Organisations = append(claim.Organisations, s.text(name))
	}
	if err := s.claim(&claim, &c.claimFlags); err != nil {
		return err
	}
	return s.say(&parley.ClaimRecord{Claim: claim})
}

// outlets reads through whom a claim came, the first hearer first: nothing, names from the publisher's side on as the reader writes them, or names in order.
func outlets(raw json.RawMessage) []string {
	var one string
	var many []string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return (&reading.Claim{Via: &one}).Outlets()
	}
	if json.Unmarshal(raw, &many) == nil {
		return many
	}
	return nil
}

type claimRelateCmd struct {
	Claim    ref    `arg:"" help:"The claim."`
	Other    ref    `arg:"" help:"Another claim, or a record that it is about too."`
	Relation string `arg:"" optional:"" default:"" enum:",supports,contradicts,unrelated" help:"With a claim: supports, contradicts, or unrelated to take it back."`
}

func (c *claimRelateCmd) Run(a *app) error {
	return a.just(&parley.ClaimRelate{Claim: c.Claim.Ref, Other: c.Other.Ref, Relation: parley.ClaimRelation(c.Relation)})
}

type assessCmd struct {
	Of    ref    `arg:"" help:"An incident or a claim."`
	Grade string `arg:"" help:"A letter A to F for the source and a figure 1 to 6 for what it says, such as B2."`
	As    string `enum:",confirmed,fair,weak,contested,discounted" default:"" help:"An incident: confirmed, fair, weak, contested or discounted."`
	Words string `required:"" help:"Why."`
}

func (c *assessCmd) Run(a *app) error {
	grade := strings.ToUpper(western(c.Grade))
	if len(grade) != 2 || grade[1] < '0' || grade[1] > '9' {
		return parley.Invalid("GRADE", strconv.Quote(c.Grade), "a letter A to F and a figure 1 to 6, such as B2")
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.AssessmentMake{Of: c.Of.Ref, Reliability: parley.Reliability(grade[:1]), Credibility: parley.Credibility(grade[1] - '0'), Grade: parley.EventGrade(c.As), Words: s.text(c.Words)})
}

type responseCmd struct {
	Ask  responseAskCmd  `cmd:"" help:"Ask a party for its response to an incident. Being asked is no finding." example:"parley response ask INC-7K3F-Q2 PARTY-7K3F-Q2 --key monitor.key"`
	Give responseGiveCmd `cmd:"" help:"Give your party's own response to an incident." example:"parley response give INC-7K3F-Q2 under_review --key officer.key"`
}

type responseAskCmd struct {
	Incident ref `arg:"" help:"The incident."`
	Party    ref `arg:"" help:"The party: it learns of the incident by this."`
}

func (c *responseAskCmd) Run(a *app) error {
	return a.just(&parley.ResponseAsk{Incident: c.Incident.Ref, Party: c.Party.Ref})
}

type responseGiveCmd struct {
	Incident ref    `arg:"" help:"The incident."`
	Response string `arg:"" enum:"received,under_review,accepted,partly_accepted,rejected,no_comment" help:"received or under_review (the answer is to come), accepted, partly_accepted, rejected or no_comment."`
	Words    string `help:"In your own words."`
	Remedy   string `help:"What you have done, or will do."`
	behalf
}

func (c *responseGiveCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.ResponseGive{Incident: c.Incident.Ref, Response: parley.ResponseKind(c.Response), Words: s.text(c.Words), Remedy: s.text(c.Remedy)})
}

// describeClaim prints what somebody said.
func (a *app) describeClaim(c *release.Claim) {
	who := strings.Join(nonEmpty(c.Speaker, c.Capacity, string(c.Party)), ", ")
	fmt.Fprintf(a.out, "%s  %s by %s\n", c.Ref, c.Type, either(who, "somebody"))
	a.row("words", fmt.Sprintf("%q (%s, %s)", c.Quotation, c.Speech, c.Language))
	if c.Translation != "" {
		a.row("translated", strings.TrimSuffix(fmt.Sprintf("%q by %s", c.Translation, c.Translator), " by "))
	}
	a.row("via", strings.Join(c.Via, ", then "))
	a.row("published", c.Published)
	a.row("link", c.Link)
	if at := c.Attribution; at != nil {
		a.row("names", strings.Join(nonEmpty(string(at.Party), at.Actor), ", ")+": the speaker's word")
	}
	a.row("about", list(c.About))
	for _, r := range c.Relations {
		a.row(string(r.Relation), strings.TrimSuffix(fmt.Sprintf("%s, noted by %s", r.Other, r.By), ", noted by "))
	}
	a.assessments(c.Assessments)
	fmt.Fprintf(a.out, "  %s\n", c.Sentence)
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}
