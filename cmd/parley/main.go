// Command parley runs the channel: it serves a theatre, and it is the command line of everyone who speaks in one.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // the theatre's zone, also where the system has no time zones

	"github.com/alecthomas/kong"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	taken   = 0 // said, read, verified
	refused = 1 // refused by the server, or failed
	misused = 2 // the command line cannot be read
)

// app is what every command runs with.
type app struct {
	*globals
	ctx context.Context
	in  io.Reader
	out io.Writer
	err io.Writer
}

// run runs one command line and returns its exit status.
func run(args []string, in io.Reader, out, diag io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commandLine
	a := &app{globals: &line.globals, ctx: ctx, in: in, out: out, err: diag}
	ended := -1
	parser, err := newParser(&line, kong.Writers(out, diag), kong.Exit(func(code int) { ended = code; panic(ended) }))
	if err != nil {
		fmt.Fprintln(diag, "parley:", err)
		return misused
	}
	defer func() {
		if p := recover(); p != nil && (ended < 0 || p != any(ended)) {
			panic(p)
		}
	}()
	parsed, err := parseLine(parser, args)
	if ended >= 0 {
		return ended
	}
	if err != nil {
		line.JSON = slices.Contains(args, "--json") // flags are not filled in when the line cannot be read
		a.fail(err)
		if !line.JSON {
			fmt.Fprintln(diag, "parley --help, or parley COMMAND --help, shows how it is written.")
		}
		return misused
	}
	if err := parsed.Run(a); err != nil {
		var usage *usageError
		if errors.As(err, &usage) {
			a.fail(err)
			return misused
		}
		if !errors.Is(err, errSaid) {
			a.fail(err)
		}
		return refused
	}
	return taken
}

// parseLine parses args; asking for help ends it early.
func parseLine(parser *kong.Kong, args []string) (parsed *kong.Context, err error) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(int); !ok {
				panic(p)
			}
		}
	}()
	return parser.Parse(args)
}

// usageError says that flags do not fit each other.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// errSaid ends a command with status 1 when everything was printed already.
var errSaid = errors.New("said already")
