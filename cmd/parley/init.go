package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/internal/draft"
	"parley/node"
)

type initCmd struct {
	Data      string   `required:"" placeholder:"DIR" help:"The data folder that is made."`
	Title     string   `required:"" help:"The theatre's title."`
	Trustee   []string `required:"" sep:"none" placeholder:"[NAME=]KEYFILE" help:"Key file of a founding trustee; repeat the flag, two at least. The keys are read, never copied."`
	Profile   string   `type:"existingfile" placeholder:"FILE.json" help:"What differs from the default profile: zone, extents, clocks, quotas."`
	Exercise  bool     `help:"An exercise: marked on everything, for ever."`
	Simulated bool     `name:"simulated-clock" help:"With --exercise: its clock stands still until a trustee sets it forward with parley clock. Every receipt says so."`
	Begin     *when    `placeholder:"TIME" help:"With --simulated-clock: when it begins; now if not said."`
	Origin    string   `help:"Name of the log in checkpoints and receipts, such as parley.example.org/theatre; a random one without it."`
}

func (c *initCmd) Run(a *app) error {
	profile, err := readProfile(c.Profile)
	if err != nil {
		return err
	}
	profile.Exercise = profile.Exercise || c.Exercise
	if c.Simulated && !profile.Exercise {
		return usage("only an exercise has a simulated clock: say --exercise")
	}
	if c.Begin != nil && !c.Simulated {
		return usage("--begin goes with --simulated-clock: a theatre that keeps real time begins now")
	}
	clock, begin := parley.ClockReal, time.Now().UnixMilli()
	if c.Simulated {
		clock = parley.ClockSimulated
		if c.Begin != nil {
			if begin, err = c.Begin.in(&api.Theatre{Profile: profile}); err != nil {
				return err
			}
		}
	}
	if len(c.Trustee) < 2 {
		return usage("two trustees at least: repeat --trustee KEYFILE")
	}
	var people []founder
	for i, text := range c.Trustee {
		name, file, named := strings.Cut(text, "=")
		if !named {
			name, file = fmt.Sprintf("Trustee %d", i+1), text
		}
		key, err := loadKey(file)
		if err != nil {
			return err
		}
		people = append(people, founder{name, key})
	}
	name, err := foundTheatre(a.ctx, c.Data, either(c.Origin, "parley.local/"+strings.ToLower(rand.Text()[:12])), c.Title, profile, clock, people, begin)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]any{"theatre": name, "data": c.Data, "exercise": profile.Exercise})
	}
	fmt.Fprintf(a.out, "theatre %s\n  data in %s\n  next: parley serve --data %s\n", name, c.Data, c.Data)
	return nil
}

// founder is a founding trustee.
type founder struct {
	name string
	key  ed25519.PrivateKey
}

// foundTheatre makes a data folder and opens a theatre in it at a time in milliseconds UTC, signed by all founders. It returns the theatre's name.
func foundTheatre(ctx context.Context, folder, origin, title string, profile parley.Profile, clock parley.ClockKind, people []founder, now int64) (parley.Hash, error) {
	nodeKey, err := node.Prepare(folder, origin)
	if err != nil {
		return parley.Hash{}, err
	}
	d := &draft.Draft{MadeAt: now}
	body := &parley.TheatreOpen{Title: d.Text(title), Profile: profile, Nodes: []parley.PublicKey{nodeKey}, Clock: clock}
	var keys []ed25519.PrivateKey
	for _, p := range people {
		body.Trustees = append(body.Trustees, parley.NewMember{Name: d.Text(p.name), Key: draft.KeyOf(p.key)})
		keys = append(keys, p.key)
	}
	s, err := d.Sign(body, keys[0], keys[1:]...)
	if err != nil {
		return parley.Hash{}, err
	}
	if err := node.Create(ctx, folder, s.Envelope, s.Payloads, now); err != nil {
		return parley.Hash{}, fmt.Errorf("couldn't open a theatre in %s: %w", filepath.Clean(folder), err)
	}
	return s.Name, nil
}
