package designation

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Edition is a list as its authority published it on one day.
type Edition struct {
	List   string   `json:"list"`   // "UN", "OFAC", "EU", "UK", or what the operator calls it
	Date   Day      `json:"date"`   // of publication
	Stated bool     `json:"stated"` // the file says the date; else it is that of loading, or the operator's word
	Format string   `json:"format"`
	Hash   string   `json:"hash"` // SHA-256 over the files, in hexadecimal
	Files  []string `json:"files"`

	Entries []Entry `json:"-"`
	Report  Report  `json:"report"`
}

// Report counts what an importer did with a list. What it could not use stands in Left: nothing is rejected silently.
type Report struct {
	Entries     int    `json:"entries"`
	Strings     int    `json:"strings"`  // strings of the list that hold names
	Names       int    `json:"names"`    // names unpacked from them
	Original    int    `json:"original"` // of these in another script than Latin
	Identifiers int    `json:"identifiers"`
	Relations   int    `json:"relations"`
	Left        []Left `json:"left"`
}

// Left is a piece of a list that was not read as the format says, and what became of it.
type Left struct {
	Entry   ID     `json:"entry,omitempty"`
	Element string `json:"element"`
	Read    string `json:"read"`
	Why     string `json:"why"`
}

// Entry returns the entry with an ID.
func (e *Edition) Entry(id ID) (*Entry, bool) {
	i, ok := slices.BinarySearchFunc(e.Entries, id, func(x Entry, id ID) int { return cmp.Compare(x.ID, id) })
	if !ok {
		return nil, false
	}
	return &e.Entries[i], true
}

// Settle puts the entries in the order of their IDs and counts them. Of two entries with one ID the later is kept, the other is left with its reason.
func (e *Edition) Settle() {
	slices.SortStableFunc(e.Entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	kept := e.Entries[:0]
	for i := range e.Entries {
		if n := len(kept); n > 0 && kept[n-1].ID == e.Entries[i].ID {
			e.Report.Left = append(e.Report.Left, Left{Entry: e.Entries[i].ID, Element: "entry", Read: kept[n-1].Name(), Why: "the list has this reference twice; the later entry is used"})
			kept[n-1] = e.Entries[i]
			continue
		}
		kept = append(kept, e.Entries[i])
	}
	e.Entries = kept
	r := &e.Report
	r.Entries, r.Strings, r.Names, r.Original, r.Identifiers, r.Relations = len(kept), 0, 0, 0, 0, 0
	for i := range kept {
		x := &kept[i]
		r.Strings += len(x.Raw)
		r.Names += len(x.Names)
		r.Identifiers += len(x.Identifiers)
		r.Relations += len(x.Relations)
		for j := range x.Names {
			if x.Names[j].Script != Latin {
				r.Original++
			}
		}
	}
}

// Change is what two editions of one list say differently of an entry.
type Change struct {
	ID     ID      `json:"id"`
	Name   string  `json:"name"`
	What   string  `json:"what"` // "added", "removed", "amended"
	Fields []Field `json:"fields,omitempty"`
}

// Field is one field that was amended: what went and what came.
type Field struct {
	Field string   `json:"field"`
	Gone  []string `json:"gone,omitempty"`
	New   []string `json:"new,omitempty"`
}

// Diff compares two editions: entries added, removed and amended, in the order of their IDs.
func Diff(before, after *Edition) []Change {
	out := []Change{}
	i, j := 0, 0
	for i < len(before.Entries) || j < len(after.Entries) {
		switch {
		case j == len(after.Entries) || i < len(before.Entries) && before.Entries[i].ID < after.Entries[j].ID:
			out = append(out, Change{ID: before.Entries[i].ID, Name: before.Entries[i].Name(), What: "removed"})
			i++
		case i == len(before.Entries) || after.Entries[j].ID < before.Entries[i].ID:
			out = append(out, Change{ID: after.Entries[j].ID, Name: after.Entries[j].Name(), What: "added"})
			j++
		default:
			if fields := amended(&before.Entries[i], &after.Entries[j]); len(fields) > 0 {
				out = append(out, Change{ID: after.Entries[j].ID, Name: after.Entries[j].Name(), What: "amended", Fields: fields})
			}
			i++
			j++
		}
	}
	return out
}

func amended(a, b *Entry) []Field {
	var out []Field
	compare := func(field string, x, y []string) {
		gone, came := without(x, y), without(y, x)
		if len(gone)+len(came) > 0 {
			out = append(out, Field{Field: field, Gone: gone, New: came})
		}
	}
	one := func(s string) []string {
		if s = strings.Join(strings.Fields(s), " "); s == "" {
			return nil
		}
		return []string{s}
	}
	each := func(e *Entry) (names, ids, relations []string) {
		for _, n := range e.Names {
			names = append(names, strings.Join(strings.Fields(n.Text), " ")+" ("+string(n.Quality)+")")
		}
		for _, x := range e.Identifiers {
			ids = append(ids, x.Scheme+" "+x.Value)
		}
		for _, r := range e.Relations {
			relations = append(relations, r.Kind+" "+string(r.To)+" "+r.Name)
		}
		return names, ids, relations
	}
	an, ai, ar := each(a)
	bn, bi, br := each(b)
	compare("names", an, bn)
	compare("listed_on", one(string(a.ListedOn)), one(string(b.ListedOn)))
	compare("delisted_on", one(string(a.DelistedOn)), one(string(b.DelistedOn)))
	compare("programmes", a.Programmes, b.Programmes)
	compare("identifiers", ai, bi)
	compare("relations", ar, br)
	compare("countries", a.Countries, b.Countries)
	compare("births", days(a.Births), days(b.Births))
	compare("updated", days(a.Updated), days(b.Updated))
	compare("narrative", one(standing(a.Narrative)), one(standing(b.Narrative)))
	return out
}

// notice is the sentence about a special notice that ends most narratives of the United Nations. Its address changes with the web site.
var notice = regexp.MustCompile(`(?i)\s*INTERPOL-UN Security Council Special Notice web link:\s*\S*`)

// standing takes off a narrative what says nothing of the entry.
func standing(s string) string { return notice.ReplaceAllString(s, "") }

func days(ds []Day) []string {
	out := make([]string, len(ds))
	for i, d := range ds {
		out[i] = string(d)
	}
	return out
}

// without returns what of a is not in b, each once, in the order of a.
func without(a, b []string) []string {
	var out []string
	for _, s := range a {
		if !slices.Contains(b, s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
