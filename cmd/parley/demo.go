package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley"
	"parley/geo/notation"
)

type demoCmd struct {
	Data   string `default:"demo-data" placeholder:"DIR" help:"Where the exercise lives; one that is there is used again."`
	Listen string `default:"127.0.0.1:7227" placeholder:"ADDRESS" help:"Address and port; port 0 takes a free one."`
	Build  bool   `name:"build-only" help:"Make the folder and end."`
}

// scene is what the demo's commands speak of. It lies in DIR/demo.json, written last: a folder without it is half made.
type scene struct {
	Convoy   parley.Ref `json:"convoy"`
	Question parley.Ref `json:"question"` // to the convoy's people
	Bakery   parley.Ref `json:"bakery"`   // released, waits for an acknowledgement
	BakeryAt string     `json:"bakery_at"`
	School   parley.Ref `json:"school"` // waits for the desk
	SchoolAt string     `json:"school_at"`
	Area     parley.Ref `json:"area"`
	South    parley.Ref `json:"south"`
}

// Run makes an exercise in a folder, each person's key apart from the server's data, and serves it.
func (c *demoCmd) Run(a *app) error {
	file := filepath.Join(c.Data, "demo.json")
	text, err := os.ReadFile(file)
	var made scene
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &made); err != nil {
			return fmt.Errorf("couldn't read %s: %w", file, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	default:
		if _, err := os.Stat(c.Data); err == nil {
			return fmt.Errorf("%s is there and is no whole exercise; remove it, or choose another folder with --data", c.Data)
		}
		if err := stage(a.ctx, c.Data, func(e *exercise) { made = e.play(e.enter()) }); err != nil {
			return fmt.Errorf("couldn't make the exercise: %w", err)
		}
		if text, err = json.MarshalIndent(made, "", "\t"); err != nil {
			return err
		}
		if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
			return fmt.Errorf("couldn't write %s: %w", file, err)
		}
	}
	if c.Build {
		return nil
	}
	return a.serve(filepath.Join(c.Data, "server"), c.Listen, false, func(url string) {
		if !a.JSON {
			fmt.Fprint(a.out, made.tryThis(c.Data, url))
		}
	})
}

// tryThis returns commands that show the channel at work, ready to be copied.
func (s scene) tryThis(folder, url string) string {
	server := ""
	if url != "http://127.0.0.1:7227" {
		server = " --server " + url
	}
	key := func(who string) string { return server + " --key " + filepath.Join(folder, "keys", who+".key") }
	var b strings.Builder
	say := func(why, command string) { fmt.Fprintf(&b, "\n  # %s\n  %s\n", why, command) }
	b.WriteString("\nEverything here is invented. In another terminal:\n")
	say("What an organisation has notified, and how far it has come with each party.", "parley list objects"+key("relief"))
	say("A convoy and a declared area meet: the convoy's people are asked. It is their decision.", fmt.Sprintf("parley show %s%s\n  parley decide %s hold%s", s.Convoy, key("relief"), s.Question, key("relief")))
	say("The party that declared the area sees contrary indications, never more than was released to it.", fmt.Sprintf("parley show %s%s", s.Area, key("north-officer")))
	say("A duty officer acknowledges a bakery by reading its position back.", fmt.Sprintf("parley ack %s/v1 --read-back '%s'%s", s.Bakery, s.BakeryAt, key("north-officer")))
	say("The desk verifies a school and releases it: two people.", fmt.Sprintf("parley verify %s/v1 --method second_source --source 'map sheet' --place '%s'%s\n  parley release %s/v1 %s%s",
		s.School, s.SchoolAt, key("verifier"), s.School, s.South, key("releaser")))
	b.WriteString("\nKeys of everyone in the exercise: " + filepath.Join(folder, "keys") + ". End with Ctrl-C.\n")
	return b.String()
}

// mgrs writes a position as it is read back in the demo.
func mgrs(p place) string { return notation.Echo(p.Position)[1] }
