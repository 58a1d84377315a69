// Package lists reads the lists of designated persons, bodies and vessels that authorities publish.
//
// Formats: the consolidated list of the United Nations (XML), OFAC's SDN list (CSV with its two companions, and Advanced XML), the lists of the
// European Union and the United Kingdom (XML), and FollowTheMoney (JSON lines). Every string that holds a name is kept with the element it stood in;
// names packed into one string are unpacked; what could not be read is reported with its place. A list that is broken, cut short or in another
// encoding than it says is refused as a whole.
package lists

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/designation"
)

// MostBytes is the size of a file that is read at all. The largest list that is published is about 120 MB.
const MostBytes = 512 << 20

// File is a file of a list, whole.
type File struct {
	Name string
	Data []byte
}

// format is a form that lists are published in.
type format struct {
	name string
	list string // list it is by default
	fits func(File) bool
	read func([]File, *designation.Edition) error
}

var formats = []format{
	{"un-xml", "UN", rooted("CONSOLIDATED_LIST"), readUN},
	{"ofac-advanced-xml", "OFAC", rooted("Sanctions"), readOFACAdvanced},
	{"ofac-csv", "OFAC", isOFAC, readOFAC},
	{"eu-xml", "EU", rooted("export"), readEU},
	{"uk-xml", "UK", rooted("Designations"), readUK},
	{"ftm-json", "FTM", isFTM, readFTM},
}

// Formats returns the names of the forms.
func Formats() []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = f.name
	}
	return out
}

// Read reads one edition from its files: one, or for OFAC's CSV up to three. What a file does not say is empty in the edition: Date, for a list that
// states none. Errors are [parley.Fault], with the file, what was read there and what was expected.
func Read(files ...File) (*designation.Edition, error) {
	if len(files) == 0 {
		return nil, parley.Invalid("files", "no file", "a file of a list")
	}
	sum := sha256.New()
	e := &designation.Edition{Report: designation.Report{Left: []designation.Left{}}}
	slices.SortStableFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	for i := range files {
		f := &files[i]
		if len(f.Data) == 0 {
			return nil, parley.Invalid(f.Name, "an empty file", "a list")
		}
		if len(f.Data) > MostBytes {
			return nil, parley.Invalid(f.Name, "more than 512 MiB", "a list of at most 512 MiB")
		}
		sum.Write(f.Data)
		e.Files = append(e.Files, f.Name)
		f.Data = bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))
	}
	e.Hash = hex.EncodeToString(sum.Sum(nil))
	for _, form := range formats {
		if form.fits(files[0]) {
			e.List, e.Format = form.list, form.name
			if err := form.read(files, e); err != nil {
				return nil, err
			}
			e.Settle()
			if len(e.Entries) == 0 {
				return nil, parley.Invalid(files[0].Name, "no entry", "a list with entries")
			}
			return e, nil
		}
	}
	return nil, parley.Invalid(files[0].Name, beginning(files[0].Data), "a list in one of the forms "+strings.Join(Formats(), ", "))
}

// beginning shows how a file begins.
func beginning(data []byte) string {
	if len(data) > 60 {
		data = data[:60]
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "a file that is no text in UTF-8"
	}
	return strings.Join(strings.Fields(string(data)), " ")
}

// single refuses several files where a list is one file.
func single(files []File) (File, error) {
	if len(files) > 1 {
		return File{}, parley.Invalid("files", files[1].Name, "one file; the list "+files[0].Name+" is whole in it")
	}
	return files[0], nil
}

// left notes a piece that was not read as the format says.
func left(e *designation.Edition, id designation.ID, element, read, why string) {
	if len(read) > 200 {
		read = strings.ToValidUTF8(read[:200], "") + "…"
	}
	e.Report.Left = append(e.Report.Left, designation.Left{Entry: id, Element: element, Read: read, Why: why})
}
