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
	Listen string `default:"127.0.0.1:7227" placeholder:"ADDRESS" help:"Address and port of this machine; port 0 takes a free one."`
	Build  bool   `name:"build-only" help:"Make the folder and end."`
	From   string `placeholder:"DIR" help:"A folder with open data: its communities become the names of places, instead of the hundred that come with the exercise."`
}

// scene is what the demo's commands and links speak of. It lies in DIR/demo.json, written last: a folder without it is half made.
type scene struct {
	Theatre  parley.Hash `json:"theatre"`
	Listed   string      `json:"listed"` // the day of the list of designations
	People   []*person   `json:"people"`
	Hospital parley.Ref  `json:"hospital"` // its second version waits for an acknowledgement
	Convoy   parley.Ref  `json:"convoy"`
	Question parley.Ref  `json:"question"` // to the convoy's people
	Bakery   parley.Ref  `json:"bakery"`   // released, waits for an acknowledgement
	BakeryAt string      `json:"bakery_at"`
	School   parley.Ref  `json:"school"` // waits for the desk
	SchoolAt string      `json:"school_at"`
	Area     parley.Ref  `json:"area"`
	South    parley.Ref  `json:"south"`
	Line     parley.Ref  `json:"line"`     // imposed by one force, contested by the other
	Corridor parley.Ref  `json:"corridor"` // two of three parties have agreed
	Pause    parley.Ref  `json:"pause"`    // it rests on this
	Offer    parley.Ref  `json:"offer"`    // nobody answered it
}

// Run makes an exercise in a folder, each person's key apart from the server's data, invites a device of each person, and serves it.
func (c *demoCmd) Run(a *app) error {
	names, err := c.names()
	if err != nil {
		return err
	}
	made, err := c.scene(a)
	if err != nil {
		return err
	}
	if err := c.write(names); err != nil {
		return err
	}
	if err := bringList(filepath.Join(c.Data, "server"), made.Listed); err != nil {
		return err
	}
	if c.Build {
		return nil
	}
	links, err := made.invite(a, c.Data)
	if err != nil {
		return err
	}
	return a.serve(filepath.Join(c.Data, "server"), c.Listen, false, func(url string) {
		for i, l := range links {
			links[i].URL = fmt.Sprintf("%s/en/enter/%s/%s", url, l.Invited, l.Secret)
		}
		if !a.JSON {
			fmt.Fprint(a.out, letIn(links), made.tryThis(c.Data, url))
		} else if err := a.printJSON(map[string]any{"links": links}); err != nil {
			fmt.Fprintln(a.err, err)
		}
	})
}

// scene reads the exercise in the folder, or makes it.
func (c *demoCmd) scene(a *app) (made scene, err error) {
	file := filepath.Join(c.Data, "demo.json")
	text, err := os.ReadFile(file)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &made); err != nil {
			return made, fmt.Errorf("couldn't read %s: %w", file, err)
		}
		if len(made.People) == 0 {
			return made, fmt.Errorf("%s was made by another version; remove %s, or choose another folder with --data", file, c.Data)
		}
		return made, nil
	case !errors.Is(err, fs.ErrNotExist):
		return made, err
	}
	if _, err := os.Stat(c.Data); err == nil {
		return made, fmt.Errorf("%s is there and is no whole exercise; remove it, or choose another folder with --data", c.Data)
	}
	if err := stage(a.ctx, c.Data, opened, func(e *exercise) { made = e.live(e.enter()) }); err != nil {
		return made, fmt.Errorf("couldn't make the exercise: %w", err)
	}
	if text, err = json.MarshalIndent(made, "", "\t"); err != nil {
		return made, err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return made, fmt.Errorf("couldn't write %s: %w", file, err)
	}
	return made, nil
}

// names returns the files of names: those of the open data when they are asked for, else the exercise's own. How to reach the desk is invented.
func (c *demoCmd) names() (files map[string][]byte, err error) {
	files = map[string][]byte{placesFile: exercisePlaces, orientationFile: exerciseOrientation, "liaison.txt": []byte("+963 00 000 0002 (EXERCISE, تمرين)\n")}
	if c.From != "" {
		files[placesFile], err = communities(c.From)
	}
	return files, err
}

// write puts files beside the exercise's journal. What is there stays, but for places that were asked for.
func (c *demoCmd) write(files map[string][]byte) error {
	for name, text := range files {
		file := filepath.Join(c.Data, "server", name)
		if _, err := os.Stat(file); err == nil && (c.From == "" || name != placesFile) {
			continue
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return fmt.Errorf("couldn't write the names of places: %w", err)
		}
	}
	return nil
}

// letIn lists the links, one a person.
func letIn(links []link) string {
	var b strings.Builder
	b.WriteString("\nEverything here is invented. Open a link to be that person: it works once, on a browser of this machine, for seven days.\n\n")
	for _, l := range links {
		fmt.Fprintf(&b, "  %-46s %s\n", l.Who, l.URL)
	}
	return b.String()
}

// tryThis returns commands that show the channel at work without a browser, ready to be copied.
func (s scene) tryThis(folder, url string) string {
	server := ""
	if url != "http://127.0.0.1:7227" {
		server = " --server " + url
	}
	key := func(who string) string { return server + " --key " + filepath.Join(folder, "keys", who+".key") }
	var b strings.Builder
	say := func(why, command string) { fmt.Fprintf(&b, "  # %s\n  %s\n", why, command) }
	b.WriteString("\nOr by the command line, in another terminal:\n\n")
	say("What an organisation has notified, and how far it has come with each party.", "parley list objects"+key("relief"))
	say("A convoy on the road meets a declared area: its people are asked. It is their decision.", fmt.Sprintf("parley decide %s hold%s", s.Question, key("relief-leader")))
	say("A duty officer acknowledges a bakery by reading its position back.", fmt.Sprintf("parley ack %s/v1 --read-back '%s'%s", s.Bakery, s.BakeryAt, key("north-officer")))
	say("The desk verifies a school and releases it: two people.", fmt.Sprintf("parley verify %s/v1 --method second_source --source 'map sheet' --place '%s'%s\n  parley release %s/v1 %s%s",
		s.School, s.SchoolAt, key("verifier"), s.School, s.South, key("releaser")))
	b.WriteString("\nKeys of everyone in the exercise: " + filepath.Join(folder, "keys") + ". End with Ctrl-C.\n")
	return b.String()
}

// mgrs writes a position as it is read back in the demo.
func mgrs(s *subject) string { return notation.Echo(s.at)[1] }
