package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

//go:generate go test -run TestDocumentationIsCurrent -write .

var write = flag.Bool("write", false, "write docs/cli.md instead of comparing it")

// docs/cli.md is made from the command line's own model, so that it cannot say something else.
func TestDocumentationIsCurrent(t *testing.T) {
	var line commandLine
	parser, err := newParser(&line)
	if err != nil {
		t.Fatal(err)
	}
	want := document(parser.Model)
	file := filepath.Join("..", "..", "docs", "cli.md")
	if *write {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/cli.md is not what the command line says; go generate ./cmd/parley writes it")
	}
}

// Every command says what it is for and shows an example that the parser takes.
func TestEveryCommandHasAnExample(t *testing.T) {
	var line commandLine
	parser, err := newParser(&line)
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(true) {
		example := leaf.Tag.Get("example")
		if leaf.Help == "" || !strings.HasPrefix(example, leaf.FullPath()) && !strings.HasPrefix(example, "parley notify --csv") {
			t.Errorf("%s: help %q, example %q; expected both, the example beginning with the command", leaf.FullPath(), leaf.Help, example)
		}
		for _, flag := range leaf.Flags {
			if flag.Help == "" {
				t.Errorf("%s --%s says nothing", leaf.FullPath(), flag.Name)
			}
		}
	}
}

// document writes one section a command.
func document(app *kong.Application) []byte {
	var b bytes.Buffer
	b.WriteString("# The command line\n\n<!-- Made by go generate ./cmd/parley from the commands themselves; changes here are lost. -->\n\n")
	b.WriteString("Every command takes these flags. Exit status: 0 taken, 1 refused or failed, 2 the command line cannot be read.\n\n")
	for _, f := range app.Flags {
		describeFlag(&b, f)
	}
	b.WriteString("\nPositions are written in any notation: decimal degrees, degrees and minutes, degrees, minutes and seconds, UTM, MGRS, GARS, Plus Codes, with the digits of any script. " +
		"What was read is repeated in two notations before anything is sent. Times are RFC 3339 (`2026-03-01T06:00:00Z`), `2026-03-01T09:00` in the theatre's zone, `now`, or so long from now (`+26h`, `-90m`, `+2d`). " +
		"An error says what was read and what was expected; with `--json` it is one JSON object on the error stream.\n")
	group := ""
	for _, leaf := range app.Leaves(true) {
		if g := groupOf(leaf); g != group {
			group = g
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n```sh\n%s\n```\n\n", leaf.FullPath(), leaf.Help, leaf.Tag.Get("example"))
		for _, p := range leaf.Positional {
			fmt.Fprintf(&b, "- `%s`: %s\n", p.Summary(), p.Help)
		}
		for _, f := range leaf.Flags {
			describeFlag(&b, f)
		}
	}
	return b.Bytes()
}

func describeFlag(b *bytes.Buffer, f *kong.Flag) {
	if f.Name == "help" {
		return
	}
	name := "--" + f.Name
	if !f.IsBool() {
		name += " " + strings.ToUpper(strings.Trim(f.FormatPlaceHolder(), `"`))
		if f.PlaceHolder != "" {
			name = "--" + f.Name + " " + f.PlaceHolder
		}
	}
	required := ""
	if f.Required {
		required = " Required."
	}
	fmt.Fprintf(b, "- `%s`: %s%s\n", strings.TrimSpace(name), f.Help, required)
}

// groupOf returns the group of a command, or of the command it belongs to.
func groupOf(n *kong.Node) string {
	for ; n != nil; n = n.Parent {
		if n.Group != nil {
			return n.Group.Title
		}
	}
	return ""
}
