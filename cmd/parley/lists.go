package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/designation"
	"parley/exchange/lists"
	"parley/node/listfolder"
)

// listsFlags say where the lists lie. No server is asked: whom an organisation screens is its own business.
type listsFlags struct {
	Lists string `env:"PARLEY_LISTS" placeholder:"DIR" help:"Folder of designation lists; without it, parley/lists in your data folder."`
}

func (c *listsFlags) folder() (*listfolder.Folder, error) {
	if c.Lists != "" {
		return listfolder.Open(c.Lists), nil
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return listfolder.Open(filepath.Join(data, "parley", "lists")), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, usage("--lists: there is no home folder on this machine; expected a folder")
	}
	return listfolder.Open(filepath.Join(home, ".local", "share", "parley", "lists")), nil
}

type listsCmd struct {
	Load    listsLoadCmd    `cmd:"" help:"Take in an edition of a list, as its authority published it: UN XML, OFAC CSV or Advanced XML, EU XML, UK XML, FollowTheMoney. Editions stay side by side." example:"parley lists load consolidated.xml"`
	Show    listsShowCmd    `cmd:"" help:"Show the editions at hand and how old they are." example:"parley lists show"`
	Diff    listsDiffCmd    `cmd:"" help:"Compare two editions of a list: entries added, removed, amended." example:"parley lists diff UN --from 2018-10-29"`
	Asof    listsAsofCmd    `cmd:"" help:"How an entry stood on a day." example:"parley lists asof UN:QDe.137 --on 2013-06-01"`
	Lineage listsLineageCmd `cmd:"" help:"What lists and people say of renaming, merging and splitting, with their words." example:"parley lists lineage UN:QDe.137"`
	Assert  listsAssertCmd  `cmd:"" help:"Put a step of a lineage on record, with who says it and how good the word is." example:"parley lists assert delisted UN:QDe.137 --on 2026-02-27 --by 'A. Reader' --text 'removed from the list' --at 'press release of that day' --grade B2"`
	Export  listsExportCmd  `cmd:"" help:"Write an edition as FollowTheMoney." example:"parley lists export UN --out un.ftm.json"`
}

type listsLoadCmd struct {
	listsFlags
	File   []string `arg:"" help:"Files of one list or several. OFAC's three CSV files belong together; alt.csv and add.csv beside sdn.csv are found by themselves."`
	List   string   `placeholder:"NAME" help:"What the list is called, if not as its form says."`
	Date   string   `placeholder:"DAY" help:"The day it was published, for a list that does not say it."`
	Shrunk bool     `help:"Take it in although it has far fewer entries than the edition before."`
}

// Run loads each list whole or not at all; the first that does not hold ends the run and leaves what is in force.
func (c *listsLoadCmd) Run(a *app) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	groups, err := c.groups()
	if err != nil {
		return err
	}
	for _, files := range groups {
		kept, fresh, err := folder.Load(files, listfolder.Options{List: c.List, Date: designation.Day(c.Date), Shrunk: c.Shrunk, Now: time.Now()})
		if err != nil {
			return listFault(err, "The list "+files[0].Name+" is not taken in; what was there stays in force.")
		}
		if a.JSON {
			if err := a.printJSON(struct {
				*listfolder.Kept
				Fresh bool `json:"fresh"`
			}{kept, fresh}); err != nil {
				return err
			}
			continue
		}
		r := kept.Report
		stated := ""
		if !kept.Stated {
			stated = "; the list states no date"
		}
		if !fresh {
			fmt.Fprintf(a.out, "%s of %s was there already (%s)\n", kept.List, kept.Date, kept.Hash[:12])
			continue
		}
		fmt.Fprintf(a.out, "%s of %s taken in%s\n  %d entries, %d names from %d strings, %d of them in other scripts; %d identifiers, %d relations\n  SHA-256 %s\n", kept.List, kept.Date, stated, r.Entries, r.Names, r.Strings, r.Original, r.Identifiers, r.Relations, kept.Hash)
		if len(r.Left) > 0 {
			fmt.Fprintf(a.out, "  %d pieces were not read as the form says:\n", len(r.Left))
			for _, l := range r.Left {
				fmt.Fprintf(a.out, "    %s %s: read %q; %s\n", l.Entry, l.Element, l.Read, l.Why)
			}
		}
	}
	return nil
}

// groups reads the files and puts those of one list together.
func (c *listsLoadCmd) groups() ([][]lists.File, error) {
	var sheets []lists.File
	var out [][]lists.File
	names := slices.Clone(c.File)
	for _, name := range c.File { // OFAC's companions, if they lie there
		base := strings.ToLower(filepath.Base(name))
		if !strings.HasSuffix(base, ".csv") || !strings.Contains(base, "sdn") {
			continue
		}
		beside, err := os.ReadDir(filepath.Dir(name))
		if err != nil {
			return nil, err
		}
		for _, f := range beside {
			low := strings.ToLower(f.Name())
			path := filepath.Join(filepath.Dir(name), f.Name())
			if (low == strings.Replace(base, "sdn", "alt", 1) || low == strings.Replace(base, "sdn", "add", 1)) && !slices.Contains(names, path) {
				names = append(names, path)
			}
		}
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if info.Size() > lists.MostBytes {
			return nil, listFault(parley.Invalid(name, fmt.Sprintf("%.1f MiB", float64(info.Size())/(1<<20)), "a list of at most 512 MiB"), "The list is not taken in; what was there stays in force.")
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file := lists.File{Name: name, Data: data}
		if strings.HasSuffix(strings.ToLower(name), ".csv") {
			sheets = append(sheets, file)
			continue
		}
		out = append(out, []lists.File{file})
	}
	if len(sheets) > 0 {
		out = append(out, sheets)
	}
	return out, nil
}

// listFault turns a fault of a list into the command line's form of an error.
func listFault(err error, title string) error {
	var fault *parley.Fault
	if errors.As(err, &fault) {
		return &api.Problem{Type: "about:blank", Title: title, Code: fault.Code, Field: fault.Field, Read: fault.Read, Expected: fault.Expected}
	}
	return err
}

type listsShowCmd struct {
	listsFlags
	Left bool `help:"Show too what was not read as the form says."`
}

// Run lists the editions, oldest first.
func (c *listsShowCmd) Run(a *app) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	kept, err := folder.Editions()
	if err != nil {
		return err
	}
	for _, k := range kept {
		if a.JSON {
			if err := a.printJSON(k); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%-5s %-10s %6d entries %6d names  %s  taken in %s\n", k.List, k.Date, k.Report.Entries, k.Report.Names, k.Hash[:12], k.Loaded)
		if c.Left {
			for _, l := range k.Report.Left {
				fmt.Fprintf(a.out, "    %s %s: read %q; %s\n", l.Entry, l.Element, l.Read, l.Why)
			}
		}
	}
	if len(kept) == 0 && !a.JSON {
		fmt.Fprintf(a.out, "No list is at hand in %s. Take one in: parley lists load FILE\n", folder.Path())
	}
	return nil
}

type listsDiffCmd struct {
	listsFlags
	What []string `arg:"" help:"A list whose editions are compared, as UN; or two files."`
	From string   `placeholder:"DAY" help:"The older edition; without it the one before the newer."`
	To   string   `placeholder:"DAY" help:"The newer edition; without it the newest."`
}

// Run compares two editions. Exit status 0 whether they differ or not.
func (c *listsDiffCmd) Run(a *app) error {
	before, after, err := c.pair()
	if err != nil {
		return err
	}
	changes := designation.Diff(before, after)
	if a.JSON {
		for _, ch := range changes {
			if err := a.printJSON(ch); err != nil {
				return err
			}
		}
		return nil
	}
	count := map[string]int{}
	for _, ch := range changes {
		count[ch.What]++
	}
	fmt.Fprintf(a.out, "%s: from %s (%d entries) to %s (%d entries): %d added, %d removed, %d amended\n", after.List, before.Date, len(before.Entries), after.Date, len(after.Entries), count["added"], count["removed"], count["amended"])
	for _, ch := range changes {
		fmt.Fprintf(a.out, "%-8s %s  %s\n", ch.What, ch.ID, ch.Name)
		for _, f := range ch.Fields {
			for _, s := range f.Gone {
				fmt.Fprintf(a.out, "    %s - %s\n", f.Field, clipped(s))
			}
			for _, s := range f.New {
				fmt.Fprintf(a.out, "    %s + %s\n", f.Field, clipped(s))
			}
		}
	}
	return nil
}

// clipped shortens what would fill the screen; --json has it whole.
func clipped(s string) string {
	if r := []rune(s); len(r) > 160 {
		return string(r[:160]) + "…"
	}
	return s
}

func (c *listsDiffCmd) pair() (before, after *designation.Edition, err error) {
	if len(c.What) == 2 {
		var two [2]*designation.Edition
		for i, name := range c.What {
			data, err := os.ReadFile(name)
			if err != nil {
				return nil, nil, err
			}
			if two[i], err = lists.Read(lists.File{Name: name, Data: data}); err != nil {
				return nil, nil, listFault(err, "The list "+name+" does not hold.")
			}
		}
		return two[0], two[1], nil
	}
	if len(c.What) != 1 {
		return nil, nil, usage("read %d words; expected the name of a list, or two files", len(c.What))
	}
	folder, err := c.folder()
	if err != nil {
		return nil, nil, err
	}
	kept, err := folder.Editions()
	if err != nil {
		return nil, nil, err
	}
	kept = slices.DeleteFunc(kept, func(k *listfolder.Kept) bool { return !strings.EqualFold(k.List, c.What[0]) })
	pick := func(day string, last int) (int, error) {
		if day == "" {
			if last < 0 {
				return 0, usage("%s: %d editions are at hand; expected two", c.What[0], len(kept))
			}
			return last, nil
		}
		i := slices.IndexFunc(kept, func(k *listfolder.Kept) bool { return string(k.Date) == day })
		if i < 0 {
			var days []string
			for _, k := range kept {
				days = append(days, string(k.Date))
			}
			return 0, usage("read %s; expected the day of an edition of %s: %s", day, c.What[0], strings.Join(days, ", "))
		}
		return i, nil
	}
	j, err := pick(c.To, len(kept)-1)
	if err != nil {
		return nil, nil, err
	}
	i, err := pick(c.From, j-1)
	if err != nil {
		return nil, nil, err
	}
	if before, err = folder.Read(kept[i]); err != nil {
		return nil, nil, err
	}
	after, err = folder.Read(kept[j])
	return before, after, err
}

type listsExportCmd struct {
	listsFlags
	List string `arg:"" help:"The list, as UN."`
	On   string `placeholder:"DAY" help:"The newest edition up to that day; without it the newest."`
	Out  string `required:"" placeholder:"FILE" help:"The file to write."`
}

// Run writes one edition.
func (c *listsExportCmd) Run(a *app) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	kept, err := folder.Editions()
	if err != nil {
		return err
	}
	var newest *listfolder.Kept
	for _, k := range kept {
		if strings.EqualFold(k.List, c.List) && (c.On == "" || string(k.Date) <= c.On) {
			newest = k
		}
	}
	if newest == nil {
		return usage("read %s; expected a list that is at hand (parley lists show)", c.List)
	}
	e, err := folder.Read(newest)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := lists.WriteFTM(&b, e); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, []byte(b.String()), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%d entries of %s of %s written to %s\n", len(e.Entries), e.List, e.Date, c.Out)
	return nil
}
