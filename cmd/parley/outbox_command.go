package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/renameio/v2"

	"parley"
	"parley/api"
	"parley/internal/draft"
)

type outboxCmd struct {
	List   outboxListCmd   `cmd:"" default:"1" help:"Count and list what waits, what was refused, and what is stored." example:"parley outbox list --outbox field --key org.key"`
	Send   outboxSendCmd   `cmd:"" help:"Send what waits, oldest first, until the line fails." example:"parley outbox send --outbox field --key org.key"`
	Export outboxExportCmd `cmd:"" help:"Write what waits into one file, to carry it by hand." example:"parley outbox export capsule.json --outbox field"`
	Import outboxImportCmd `cmd:"" help:"Take in such a file; what is here already stays as it is." example:"parley outbox import capsule.json --outbox office"`
	Resign outboxResignCmd `cmd:"" help:"Sign a refused command anew with your key of today; the time it was made stays." example:"parley outbox resign NAME --outbox field --key new.key"`
	Drop   outboxDropCmd   `cmd:"" help:"Give up a refused command." example:"parley outbox drop NAME --outbox field"`
}

// box opens the outbox that the command line names.
func (a *app) box() (*outbox, error) {
	if a.Outbox == "" {
		return nil, usage("which outbox? --outbox DIR, or PARLEY_OUTBOX")
	}
	return openOutbox(a.Outbox)
}

type outboxListCmd struct{}

// counts is how many letters lie in each state.
type counts struct {
	Waiting int `json:"waiting"`
	Refused int `json:"refused"`
	Stored  int `json:"stored"`
}

// Run lists the letters. It reaches for the server, so that the theatre is known for the time without a line.
func (c *outboxListCmd) Run(a *app) error {
	box, err := a.box()
	if err != nil {
		return err
	}
	client, err := a.client()
	if err != nil {
		return err
	}
	if theatre, err := client.theatre(a.ctx); err == nil {
		head, err := client.treeHead(a.ctx)
		if err != nil {
			return err
		}
		if err := box.remember(theatre, head); err != nil {
			return err
		}
	}
	all := map[string][]*letter{}
	for _, state := range []string{letterWaiting, letterRefused, letterStored} {
		if all[state], err = box.letters(state); err != nil {
			return err
		}
	}
	n := counts{len(all[letterWaiting]), len(all[letterRefused]), len(all[letterStored])}
	if a.JSON { // the numbers first, then a line for each letter that is not yet stored
		if err := a.printJSON(n); err != nil {
			return err
		}
		for _, state := range []string{letterWaiting, letterRefused} {
			for _, l := range all[state] {
				if err := a.printJSON(struct {
					State string `json:"state"`
					*letter
				}{state, l}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	fmt.Fprintf(a.out, "waiting %d, refused %d, stored with a receipt %d\n", n.Waiting, n.Refused, n.Stored)
	for _, state := range []string{letterWaiting, letterRefused} {
		for _, l := range all[state] {
			fmt.Fprintf(a.out, "  %s  %s  made %s  tried %d times\n    command %s\n", state, l.Kind, parley.Stamp(l.MadeAt), l.Tries, l.Name)
			if l.LastError != "" {
				fmt.Fprintf(a.out, "    %s\n", l.LastError)
			}
			if l.Problem != nil {
				fmt.Fprintf(a.out, "    (%s) %s\n", l.Problem.Code, l.Problem.Error())
			}
		}
	}
	return nil
}

type outboxSendCmd struct{}

// Run sends what waits. A refusal does not hold up the letters behind it; a line that fails does.
func (c *outboxSendCmd) Run(a *app) error {
	box, err := a.box()
	if err != nil {
		return err
	}
	client, err := a.client()
	if err != nil {
		return err
	}
	list, err := box.letters(letterWaiting)
	if err != nil {
		return err
	}
	var sent struct {
		counts
		Results []*api.Result  `json:"results"`
		Refused []*api.Problem `json:"problems"`
	}
	for i, l := range list {
		result, err := box.post(a.ctx, client, l)
		var problem *api.Problem
		switch {
		case err == nil:
			sent.Stored++
			sent.Results = append(sent.Results, result)
			if !a.JSON {
				fmt.Fprintf(a.out, "%s  stored at position %d  %s\n", l.Kind, result.Position, result.Ref)
			}
		case errors.As(err, &problem) && !passes(problem.Status):
			sent.counts.Refused++
			sent.Refused = append(sent.Refused, problem)
			if !a.JSON {
				fmt.Fprintf(a.out, "%s  refused (%s): %s\n    command %s\n", l.Kind, problem.Code, problem.Error(), l.Name)
			}
		default:
			fmt.Fprintf(a.err, "%d of %d still wait: nothing is lost\n", len(list)-i, len(list))
			return err
		}
	}
	if a.JSON {
		if err := a.printJSON(sent); err != nil {
			return err
		}
	}
	if sent.counts.Refused > 0 {
		return errSaid
	}
	return nil
}

// capsule is what an export holds: signed commands, which nobody can alter on the way.
type capsule struct {
	Parley  string       `json:"parley"` // what this file is
	Letters []submission `json:"commands"`
}

const capsuleKind = "outbox capsule v1"

type outboxExportCmd struct {
	File string `arg:"" help:"The file. It holds texts in the clear: carry it as you carry a key."`
}

// Run writes the letters that wait. They stay in the outbox until a receipt comes, by whatever way.
func (c *outboxExportCmd) Run(a *app) error {
	box, err := a.box()
	if err != nil {
		return err
	}
	list, err := box.letters(letterWaiting)
	if err != nil {
		return err
	}
	out := capsule{Parley: capsuleKind, Letters: []submission{}}
	for _, l := range list {
		out.Letters = append(out.Letters, l.Signed)
	}
	text, err := json.MarshalIndent(out, "", "\t")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(c.File, append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600)); err != nil {
		return fmt.Errorf("couldn't write the file: %w", err)
	}
	if a.JSON {
		return a.printJSON(counts{Waiting: len(list)})
	}
	fmt.Fprintf(a.out, "%d commands in %s; they wait here too until their receipts come\n", len(list), c.File)
	return nil
}

type outboxImportCmd struct {
	File string `arg:"" help:"The file, - for standard input."`
}

// Run takes commands in. All of the file is read and checked before the first is kept.
func (c *outboxImportCmd) Run(a *app) error {
	box, err := a.box()
	if err != nil {
		return err
	}
	text, err := a.input(c.File)
	if err != nil {
		return err
	}
	var in capsule
	if err := json.Unmarshal(text, &in); err != nil {
		return parley.Malformed(c.File, err)
	}
	if in.Parley != capsuleKind {
		return parley.Invalid("parley", fmt.Sprintf("%q", in.Parley), fmt.Sprintf("%q: a file that parley outbox export has written", capsuleKind))
	}
	list := make([]*letter, len(in.Letters))
	for i, signed := range in.Letters {
		if list[i], err = newLetter(signed); err != nil {
			var fault *parley.Fault
			if errors.As(err, &fault) {
				return &parley.Fault{Code: fault.Code, Field: fmt.Sprintf("commands[%d].%s", i, fault.Field), Read: fault.Read, Expected: fault.Expected}
			}
			return fmt.Errorf("commands[%d]: %w", i, err)
		}
	}
	taken, there := 0, 0
	for _, l := range list {
		known, err := box.has(l.Name)
		if err != nil {
			return err
		}
		if known {
			there++
			continue
		}
		if err := box.put(letterWaiting, l); err != nil {
			return err
		}
		taken++
	}
	if a.JSON {
		return a.printJSON(map[string]int{"taken": taken, "already_here": there})
	}
	fmt.Fprintf(a.out, "%d commands taken in, %d were here already\n", taken, there)
	return nil
}

// find returns a refused letter by its command's name.
func (o *outbox) find(name parley.Hash) (*letter, error) {
	list, err := o.letters(letterRefused)
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		if l.Name == name {
			return l, nil
		}
	}
	return nil, &parley.Fault{Code: parley.CodeNotFound, Field: "NAME", Read: name.String(), Expected: "the name of a command that lies refused in this outbox"}
}

type outboxResignCmd struct {
	Name hash `arg:"" help:"The refused command's name."`
}

// Run signs a refused command anew: the same words, made when they were made, with the key of today. The old one stays on record in
// the outbox until the new one is kept.
func (c *outboxResignCmd) Run(a *app) error {
	box, err := a.box()
	if err != nil {
		return err
	}
	client, err := a.client()
	if err != nil {
		return err
	}
	if client.key == nil {
		return usage("signing anew needs your key: --key FILE, or PARLEY_KEY")
	}
	old, err := box.find(c.Name.Hash)
	if err != nil {
		return err
	}
	e, err := parley.ParseEnvelope(old.Signed.Envelope)
	if err != nil {
		return err
	}
	said, err := parley.ParseCommand(e.Body)
	if err != nil {
		return err
	}
	d := &draft.Draft{Theatre: said.Theatre, MadeAt: said.MadeAt, NotBefore: said.NotBefore, OnBehalf: said.OnBehalf}
	signed, err := d.Sign(said.Body, client.key)
	if err != nil {
		return err
	}
	fresh, err := newLetter(submission{signed.Envelope, old.Signed.Payloads})
	if err != nil {
		return err
	}
	if err := box.put(letterWaiting, fresh); err != nil {
		return err
	}
	if err := os.Remove(box.file(letterRefused, old)); err != nil {
		return fmt.Errorf("couldn't take out the old command: %w", err)
	}
	if a.JSON {
		return a.printJSON(map[string]string{"name": fresh.Name.String(), "instead_of": old.Name.String()})
	}
	fmt.Fprintf(a.out, "%s waits\n  command %s, instead of %s\n", fresh.Kind, fresh.Name, old.Name)
	return nil
}

type outboxDropCmd struct {
	Name hash `arg:"" help:"The refused command's name."`
}

func (c *outboxDropCmd) Run(a *app) error {
	box, err := a.box()
	if err != nil {
		return err
	}
	l, err := box.find(c.Name.Hash)
	if err != nil {
		return err
	}
	if err := os.Remove(box.file(letterRefused, l)); err != nil {
		return fmt.Errorf("couldn't drop the command: %w", err)
	}
	fmt.Fprintf(a.out, "dropped %s\n", l.Name)
	return nil
}

// reach asks the server for its theatre and its newest head, or, with an outbox and no line, takes what the outbox remembers.
func (s *statement) reach() (*parley.Checkpoint, error) {
	t, err := s.client.theatre(s.ctx)
	if err == nil {
		head, err := s.client.treeHead(s.ctx)
		if err != nil {
			return nil, err
		}
		s.theatre = t
		if s.box != nil {
			if err := s.box.remember(t, head); err != nil {
				return nil, err
			}
		}
		return &parley.Checkpoint{Size: head.Size, Root: head.Root}, nil
	}
	var away *unreachableError
	if s.box == nil || !errors.As(err, &away) {
		return nil, err
	}
	k, lost := s.box.recall()
	if lost != nil {
		return nil, errors.Join(err, lost)
	}
	if !s.JSON {
		fmt.Fprintf(s.err, "%v; signed against the server as it was at %s\n", err, k.At)
	}
	s.theatre = &k.Theatre
	return &parley.Checkpoint{Size: k.Head.Size, Root: k.Head.Root}, nil
}

// tellByOutbox keeps a command, then sends it. Without a line it waits: that is no failure.
func (s *statement) tellByOutbox(signed []byte) (*said, error) {
	var sub submission
	if err := json.Unmarshal(signed, &sub); err != nil {
		return nil, err
	}
	l, err := newLetter(sub)
	if err != nil {
		return nil, err
	}
	if err := s.box.put(letterWaiting, l); err != nil {
		return nil, err
	}
	result, err := s.box.post(s.ctx, s.client, l)
	if err == nil {
		return &said{Result: *result, Echo: s.echoes, Texts: s.texts}, nil
	}
	var problem *api.Problem
	if errors.As(err, &problem) && !passes(problem.Status) {
		return nil, err
	}
	waiting, counted := s.box.letters(letterWaiting)
	if counted != nil {
		return nil, counted
	}
	return &said{Result: api.Result{Name: l.Name, Outcome: letterWaiting, At: parley.Stamp(time.Now().UnixMilli()), Sentence: parley.SentenceNotification},
		Echo: s.echoes, Texts: s.texts, Waiting: len(waiting), Why: err.Error()}, nil
}
