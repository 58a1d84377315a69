// Package listfolder keeps editions of designation lists as they were published, side by side in a folder, with what people assert of lineages.
//
// Every edition has a folder of its own with the authority's files, byte for byte, and edition.json beside them. Nothing is overwritten and nothing is
// taken away: an edition that is loaded twice is one. An edition whose files do not have the hash they were taken in with is not used.
package listfolder

import (
	"cmp"
	_ "embed" // the assertions that come with the program
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"parley"
	"parley/designation"
	"parley/exchange/lists"
)

// Shrink is the share of its entries that a list may lose from one edition to the next, in percent, before loading it has to be insisted on: a list that
// is cut short between two lines can look whole.
const Shrink = 20

const (
	editionFile = "edition.json"
	lineageFile = "lineage.json"
)

// Folder is a folder of lists. It may be read by several processes; one at a time changes it.
type Folder struct{ path string }

// Open names a folder, which need not be there yet.
func Open(path string) *Folder { return &Folder{path} }

// Path returns the folder.
func (f *Folder) Path() string { return f.path }

// Kept is an edition in the folder, without its entries.
type Kept struct {
	designation.Edition
	Loaded string `json:"loaded"` // when, RFC 3339
	folder string
}

// Options say what a file does not.
type Options struct {
	List   string          // instead of the form's own list: "UK", "OUR LIST"
	Date   designation.Day // of an edition that states none
	Shrunk bool            // the list has lost entries, and that is so
	Now    time.Time
}

// Load takes an edition in from its files. It is parsed whole before anything is written; when it cannot be read, or has lost too much, the editions that
// are there stay as they are. Fresh is false for an edition that was there.
func (f *Folder) Load(files []lists.File, o Options) (kept *Kept, fresh bool, err error) {
	original := make([]lists.File, len(files))
	for i, file := range files {
		name := filepath.Base(file.Name)
		if name == editionFile {
			name = "list-" + name // that name is taken in the folder
		}
		if slices.ContainsFunc(original[:i], func(f lists.File) bool { return f.Name == name }) {
			return nil, false, parley.Invalid("files", name+" twice", "files of different names")
		}
		original[i] = lists.File{Name: name, Data: file.Data}
	}
	e, err := lists.Read(slices.Clone(original)...)
	if err != nil {
		return nil, false, err
	}
	if err := settle(e, o); err != nil {
		return nil, false, err
	}
	all, err := f.Editions()
	if err != nil {
		return nil, false, err
	}
	var before *Kept
	for _, k := range all {
		if k.Hash == e.Hash && k.List == e.List {
			return k, false, nil
		}
		if k.List == e.List && k.Date <= e.Date && (before == nil || k.Date >= before.Date) {
			before = k
		}
	}
	if before != nil && !o.Shrunk && len(e.Entries)*100 < before.Report.Entries*(100-Shrink) {
		return nil, false, parley.Invalid("entries", fmt.Sprintf("%d entries; the edition of %s has %d", len(e.Entries), before.Date, before.Report.Entries),
			fmt.Sprintf("not more than %d %% fewer than before, or --shrunk if the list has become that short; the edition of %s stays in force", Shrink, before.Date))
	}
	kept = &Kept{Edition: *e, Loaded: o.Now.UTC().Format(time.RFC3339)}
	return kept, true, f.write(kept, original)
}

// settle completes an edition by what the operator says of it.
func settle(e *designation.Edition, o Options) error {
	if o.List != "" {
		if strings.ContainsAny(o.List, ":/\\ \t\n.") {
			return parley.Invalid("list", o.List, "a short name without spaces, points and colons, such as UK")
		}
		for i := range e.Entries {
			e.Entries[i].ID = designation.ID(o.List + ":" + e.Entries[i].ID.Reference())
			for j := range e.Entries[i].Relations {
				if r := &e.Entries[i].Relations[j]; r.To != "" {
					r.To = designation.ID(o.List + ":" + r.To.Reference())
				}
			}
		}
		e.List = o.List
	}
	switch {
	case e.Stated: // its own word counts
	case o.Date != "":
		if _, err := designation.ParseDay(string(o.Date)); err != nil || len(o.Date) != len("2006-01-02") {
			return parley.Invalid("date", string(o.Date), "a day as 2006-01-02")
		}
		e.Date = o.Date
	default:
		e.Date = designation.Day(o.Now.UTC().Format("2006-01-02"))
	}
	if today := designation.Day(o.Now.UTC().Add(36 * time.Hour).Format("2006-01-02")); e.Date > today {
		return parley.Invalid("date", string(e.Date), "a date that is not to come")
	}
	return nil
}

// write puts an edition into a folder of its own, under its last name only when it is whole and on the disk.
func (f *Folder) write(k *Kept, files []lists.File) (err error) {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(f.path, ".loading-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	k.Files = nil
	for _, file := range files {
		k.Files = append(k.Files, file.Name)
		if err := renameio.WriteFile(filepath.Join(temp, file.Name), file.Data, 0o600); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(temp, editionFile), append(text, '\n'), 0o600); err != nil {
		return err
	}
	k.folder = filepath.Join(f.path, fmt.Sprintf("%s-%s-%s", k.List, k.Date, k.Hash[:12]))
	return os.Rename(temp, k.folder)
}

// Editions returns what is in the folder, by list and date, without entries.
func (f *Folder) Editions() ([]*Kept, error) {
	found, err := filepath.Glob(filepath.Join(f.path, "*", editionFile))
	if err != nil {
		return nil, err
	}
	var out []*Kept
	for _, path := range found {
		folder := filepath.Dir(path)
		if strings.HasPrefix(filepath.Base(folder), ".") {
			continue // a loading that did not come to its end
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		k := &Kept{folder: folder}
		if err := json.Unmarshal(text, k); err != nil {
			return nil, fmt.Errorf("couldn't read %s: %w", path, err)
		}
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b *Kept) int {
		return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Hash, b.Hash))
	})
	return out, nil
}

// Read reads the entries of an edition from its files, and checks that they are those that were taken in.
func (f *Folder) Read(k *Kept) (*designation.Edition, error) {
	var files []lists.File
	for _, name := range k.Files {
		data, err := os.ReadFile(filepath.Join(k.folder, filepath.Base(name)))
		if err != nil {
			return nil, err
		}
		files = append(files, lists.File{Name: name, Data: data})
	}
	e, err := lists.Read(files...)
	if err != nil {
		return nil, fmt.Errorf("the edition of %s of %s is damaged: %w", k.List, k.Date, err)
	}
	if e.Hash != k.Hash {
		return nil, fmt.Errorf("the edition of %s of %s is damaged: read the hash %s, expected %s as taken in; put the folder %s back from a copy, or take it away and load the list again", k.List, k.Date, e.Hash, k.Hash, filepath.Base(k.folder))
	}
	options := Options{Date: k.Date, Now: time.Now()}
	if e.List != k.List {
		options.List = k.List
	}
	if err := settle(e, options); err != nil {
		return nil, err
	}
	return e, nil
}

// All reads every edition.
func (f *Folder) All() ([]*designation.Edition, error) {
	kept, err := f.Editions()
	if err != nil {
		return nil, err
	}
	var out []*designation.Edition
	for _, k := range kept {
		e, err := f.Read(k)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// shipped are assertions that come with the program: dated facts that no edition at hand can state, each with its source and grade like anybody's.
//
//go:embed asserted.json
var shipped []byte

// Asserted returns what people assert of lineages: those of the folder, and those that come with the program.
func (f *Folder) Asserted() ([]designation.Edge, error) {
	own, err := f.own()
	if err != nil {
		return nil, err
	}
	more, err := ReadAssertions(shipped)
	return append(own, more...), err
}

func (f *Folder) own() ([]designation.Edge, error) {
	text, err := os.ReadFile(filepath.Join(f.path, lineageFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ReadAssertions(text)
}

// ReadAssertions reads edges that people assert: a JSON list, each with turn, from, to, on, by, text, at and grade.
func ReadAssertions(text []byte) ([]designation.Edge, error) {
	var out []designation.Edge
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, parley.Invalid("lineage", err.Error(), "a list of edges as parley lists lineage --json prints them")
	}
	for i := range out {
		if err := out[i].Validate(); err != nil {
			fault := *err
			fault.Field = fmt.Sprintf("[%d].%s", i, fault.Field)
			return nil, &fault
		}
	}
	return out, nil
}

// Assert adds an edge.
func (f *Folder) Assert(e designation.Edge) error {
	if err := e.Validate(); err != nil {
		return err
	}
	edges, err := f.own()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(append(edges, e), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(f.path, lineageFile), append(text, '\n'), 0o600)
}
