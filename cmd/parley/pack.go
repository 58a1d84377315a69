package main

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/api"
	"parley/exchange/pack"
	"parley/geo"
	"parley/release"
)

type packCmd struct {
	Get    packGetCmd    `cmd:"" help:"Make the pack of a level: your party's list cut to a sector and a window, signed, expiring. It stands in the read log." example:"parley pack get unit --circle '35.95, 39.01, 15km' --from now --to +48h --level 'north battery' -o north.pack --key officer.key"`
	Verify packVerifyCmd `cmd:"" help:"Verify a pack without a server." example:"parley pack verify north.pack --log-key KEY"`
	Show   packShowCmd   `cmd:"" help:"List what a pack holds, without a server." example:"parley pack show north.pack --log-key KEY"`
}

type packGetCmd struct {
	Echelon string `arg:"" enum:"headquarters,operations_room,unit" help:"The level that will use it."`
	shapeFlags
	From   *when  `required:"" placeholder:"TIME" help:"From when."`
	To     *when  `required:"" placeholder:"TIME" help:"Until when."`
	Buffer int32  `default:"1000" placeholder:"METRES" help:"How far beyond the sector: checks with a wider buffer are not answered from the pack."`
	Level  string `placeholder:"NAME" help:"The level's own name; stands on the pack."`
	Valid  string `placeholder:"DURATION" help:"How long it may be used, such as 48h; a check's shelf life without it, at most 7 days."`
	Output string `short:"o" required:"" placeholder:"FILE" help:"The file to write."`
}

func (c *packGetCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	t, err := client.theatre(a.ctx)
	if err != nil {
		return err
	}
	s := &statement{app: a, client: client, theatre: t}
	shape, err := s.shape(c.shapeFlags)
	if err != nil {
		return err
	}
	text, err := shape.GeoJSON()
	if err != nil {
		return err
	}
	q := url.Values{"shape": {string(text)}, "echelon": {c.Echelon}, "level": {c.Level}, "buffer": {fmt.Sprint(c.Buffer)}}
	for name, w := range map[string]*when{"from": c.From, "until": c.To} {
		at, err := s.time(w)
		if err != nil {
			return err
		}
		q.Set(name, parley.Stamp(at))
	}
	if c.Valid != "" {
		d, err := duration(c.Valid)
		if err != nil {
			return fmt.Errorf("--valid: %w", err)
		}
		q.Set("valid", (time.Duration(d) * time.Millisecond).String())
	}
	file, err := client.get(a.ctx, "/v1/pack?"+q.Encode())
	if err != nil {
		return err
	}
	key, err := note.NewVerifier(t.LogKey)
	if err != nil {
		return fmt.Errorf("log key: %w", err)
	}
	p, err := pack.Open(file, key) // what cannot be verified is not handed on
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Output, file, 0o600); err != nil {
		return fmt.Errorf("couldn't keep the pack: %w", err)
	}
	if a.JSON {
		return a.printJSON(p)
	}
	a.describePack(p)
	fmt.Fprintf(a.out, "  log key       %s\n                note it down for whoever uses the pack: it proves nothing without\n", t.LogKey)
	return nil
}

// packFlags say how a pack is trusted: by the log's key as it was noted before, never by one that comes with it.
type packFlags struct {
	LogKey string `env:"PARLEY_LOG_KEY" placeholder:"KEY" help:"The log's public key, as you noted it: parley theatre shows it."`
}

func (f packFlags) open(a *app, name string) (*release.Pack, error) {
	if f.LogKey == "" {
		return nil, usage("--log-key KEY, or PARLEY_LOG_KEY: the log's public key as you noted it; a pack proves nothing by itself")
	}
	key, err := note.NewVerifier(f.LogKey)
	if err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	text, err := a.input(name)
	if err != nil {
		return nil, err
	}
	return pack.Open(text, key)
}

type packVerifyCmd struct {
	File string `arg:"" help:"The pack."`
	packFlags
}

func (c *packVerifyCmd) Run(a *app) error {
	p, err := c.open(a, c.File)
	if err != nil {
		return err
	}
	expired := time.Now().UnixMilli() >= p.Expires
	if a.JSON {
		if err := a.printJSON(struct {
			Verified bool   `json:"verified"`
			ID       string `json:"id"`
			Expires  string `json:"expires"`
			Expired  bool   `json:"expired"`
		}{true, p.ID, parley.Stamp(p.Expires), expired}); err != nil {
			return err
		}
	} else {
		a.describePack(p)
		fmt.Fprintln(a.out, "  holds: the log's signature, for exactly this pack")
	}
	if expired {
		return fmt.Errorf("the pack expired at %s: ask for a new one", parley.Stamp(p.Expires))
	}
	return nil
}

type packShowCmd struct {
	File string `arg:"" help:"The pack."`
	packFlags
}

func (c *packShowCmd) Run(a *app) error {
	p, err := c.open(a, c.File)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(p)
	}
	a.describePack(p)
	for _, e := range slices.SortedFunc(slices.Values(p.Entries), func(x, y release.PackEntry) int { return cmp.Compare(x.Of.String(), y.Of.String()) }) {
		fmt.Fprintf(a.out, "  %s  %s, keep-out %d m, %s\n", e.Of, e.Object.Category, e.Object.KeepOut, span(e.Object.From, e.Object.Until))
		a.row("", where(e.Object.Geometry))
		verified := "not verified"
		if v := e.Object.Verification; v != nil {
			verified = "verified on " + v.On
		}
		a.row("", verified+", "+e.Currency)
	}
	for _, s := range p.Sentences {
		fmt.Fprintf(a.out, "  %s\n", s)
	}
	return nil
}

// describePack prints for whom a pack is and how old its list is.
func (a *app) describePack(p *release.Pack) {
	mark := ""
	if p.Exercise {
		mark = "EXERCISE  "
	}
	fmt.Fprintf(a.out, "%spack %s  %s, %s for %s\n", mark, p.ID, p.Party, strings.TrimSpace(string(p.Echelon)+" "+p.Level), p.Recipient)
	a.row("list", fmt.Sprintf("version %d of %d entries, of %s", p.Head.Position, p.Head.Count, parley.Stamp(p.HeadAt)))
	a.row("sector", where(release.Geometry{Shape: p.Sector})+fmt.Sprintf(", and %d m beyond", p.Buffer))
	a.row("window", span(parley.Stamp(p.Window.From), parley.Stamp(p.Window.To)))
	a.row("entries", len(p.Entries))
	a.row("made", parley.Stamp(p.Made))
	expires := parley.Stamp(p.Expires)
	if time.Now().UnixMilli() >= p.Expires {
		expires += "  EXPIRED"
	}
	a.row("expires", expires)
}

// checkPack answers a check from a pack, in the party's own enclave: nothing is sent and nothing is recorded.
func (c *checkCmd) checkPack(a *app) error {
	p, err := c.packFlags.open(a, c.Pack)
	if err != nil {
		return err
	}
	s := &statement{app: a, theatre: &api.Theatre{Profile: parley.Profile{Zone: p.Zone}}}
	shape, band, window, err := s.volume(c.volumeFlags)
	if err != nil {
		return err
	}
	ask := parley.CheckRecord{Shape: shape, Buffer: c.Buffer, Band: band, Window: window, Head: p.Head}
	if err := ask.Validate(); err != nil {
		return err
	}
	now := time.Now().UnixMilli()
	answer, err := pack.Check(p, ask.Volume(), now)
	if err != nil {
		return err
	}
	stale := answer.Expired && len(answer.Indications) == 0
	if a.JSON {
		type found struct {
			Object parley.Versioned `json:"object"`
			Window geo.Window       `json:"window"`
		}
		out := struct {
			Pack        string          `json:"pack"`
			Head        parley.ListHead `json:"head"`
			HeadAt      string          `json:"head_at"`
			Expires     string          `json:"expires"`
			Expired     bool            `json:"expired"`
			Indications []found         `json:"indications"`
			Sentence    string          `json:"sentence,omitempty"`
		}{p.ID, p.Head, parley.Stamp(p.HeadAt), parley.Stamp(p.Expires), answer.Expired, []found{}, answer.Sentence}
		for _, i := range answer.Indications {
			out.Indications = append(out.Indications, found{i.Entry.Of, i.Window})
		}
		if stale {
			out.Sentence = ""
		}
		if err := a.printJSON(out); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "check from pack %s, list version %d of %s (%s old); not recorded\n", p.ID, p.Head.Position, parley.Stamp(p.HeadAt), (time.Duration(now-p.HeadAt) * time.Millisecond).Round(time.Minute))
		for _, i := range answer.Indications {
			fmt.Fprintf(a.out, "  CONTRARY INDICATION  %s %s, keep-out %d m, %s to %s\n", i.Entry.Of, i.Entry.Object.Category, i.Entry.Object.KeepOut, parley.Stamp(i.Window.From), stampOrOpen(i.Window.To))
			a.row("", where(i.Entry.Object.Geometry))
		}
		if answer.Expired {
			fmt.Fprintf(a.out, "  THE PACK EXPIRED at %s: its list is old\n", parley.Stamp(p.Expires))
		}
		if !stale {
			fmt.Fprintf(a.out, "  %s\n", answer.Sentence)
		}
	}
	if stale { // that an old list names nothing says nothing
		return fmt.Errorf("the pack expired at %s and answers nothing: ask for a new one", parley.Stamp(p.Expires))
	}
	return nil
}

func stampOrOpen(ms int64) string {
	if ms == geo.Forever {
		return "open end"
	}
	return parley.Stamp(ms)
}
