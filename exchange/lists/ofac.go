package lists

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"parley"
	"parley/designation"
)

// OFAC's SDN list as three files without header lines: SDN.CSV has an entry a line, ALT.CSV an alias and ADD.CSV an address a line, by the number of the
// entry in their first column. "-0-" is an empty field. Weak aliases, dates of birth, documents, vessels' numbers and links stand in SDN.CSV's remarks.

const (
	sdnColumns = 12
	altColumns = 5
	addColumns = 6
)

var sdnLine = regexp.MustCompile(`^\d+,"`)

// isOFAC reports whether a file looks like one of the three.
func isOFAC(f File) bool {
	line, _, _ := bytes.Cut(f.Data, []byte("\n"))
	if !sdnLine.Match(line) && !regexp.MustCompile(`^\d+,\d+,"?`).Match(line) {
		return false
	}
	fields, err := csv.NewReader(bytes.NewReader(line)).Read()
	return err == nil && (len(fields) == sdnColumns || len(fields) == altColumns || len(fields) == addColumns)
}

// sheet is one of the files, by its number of columns.
type sheet struct {
	file File
	rows [][]string
}

func readOFAC(files []File, e *designation.Edition) error {
	sheets := map[int]*sheet{}
	for _, f := range files {
		s, err := readSheet(f)
		if err != nil {
			return err
		}
		columns := len(s.rows[0])
		if other := sheets[columns]; other != nil {
			return parley.Invalid("files", f.Name+" and "+other.file.Name+", two of one kind", "one file of entries, one of aliases, one of addresses")
		}
		sheets[columns] = s
	}
	sdn := sheets[sdnColumns]
	if sdn == nil {
		return parley.Invalid("files", strings.Join(e.Files, ", "), "the file of entries too (SDN.CSV, 12 columns)")
	}
	at := map[string]int{}
	byName := map[string]designation.ID{}
	for i, r := range sdn.rows {
		x := sdnEntry(e, r, i+1)
		at[r[0]] = len(e.Entries)
		byName[strings.ToUpper(flat(r[1]))] = x.ID
		e.Entries = append(e.Entries, x)
	}
	if s := sheets[altColumns]; s != nil {
		for i, r := range s.rows {
			n, ok := at[r[0]]
			if !ok {
				left(e, designation.ID("OFAC:"+r[0]), fmt.Sprintf("%s line %d", s.file.Name, i+1), r[3], "the list has no entry with that number")
				continue
			}
			q, ok := map[string]designation.Quality{"aka": designation.Good, "fka": designation.Former, "nka": designation.Good}[r[2]]
			if !ok {
				q = designation.Good
				left(e, e.Entries[n].ID, fmt.Sprintf("%s line %d", s.file.Name, i+1), r[2], "expected aka, fka or nka; the name is taken as good")
			}
			resume(&e.Entries[n]).add("ALT "+r[1], r[3], q)
		}
	}
	if s := sheets[addColumns]; s != nil {
		for i, r := range s.rows {
			n, ok := at[r[0]]
			if !ok {
				left(e, designation.ID("OFAC:"+r[0]), fmt.Sprintf("%s line %d", s.file.Name, i+1), r[4], "the list has no entry with that number")
				continue
			}
			e.Entries[n].Countries = once(e.Entries[n].Countries, flat(r[4]))
		}
	}
	for i := range e.Entries { // links are by name: where just that name is listed, by its ID too
		for j := range e.Entries[i].Relations {
			r := &e.Entries[i].Relations[j]
			r.To = byName[strings.ToUpper(r.Name)]
		}
	}
	return nil
}

// resume continues to collect names of an entry.
func resume(x *designation.Entry) *namer {
	n := newNamer(x)
	for i := range x.Names {
		n.seen[x.Names[i].Text] = true
	}
	return n
}

// readSheet reads a file of OFAC's: every line with as many columns as the first.
func readSheet(f File) (*sheet, error) {
	data := bytes.TrimRight(f.Data, "\x1a\r\n ")
	if at := notUTF8(data); at >= 0 {
		return nil, parley.Invalid(f.Name, fmt.Sprintf("byte %#02x at byte %d, which is no UTF-8", data[at], at), "CSV in ASCII or UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = 0 // as many as the first line
	s := &sheet{file: f}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var p *csv.ParseError
			if errors.As(err, &p) {
				return nil, parley.Invalid(fmt.Sprintf("%s line %d", f.Name, p.Line), p.Err.Error(), "a line of the list; the file may be cut short")
			}
			return nil, parley.Invalid(f.Name, err.Error(), "CSV")
		}
		for i := range row {
			if row[i] = strings.TrimSpace(row[i]); row[i] == "-0-" {
				row[i] = ""
			}
		}
		if strings.Trim(row[0], "0123456789") != "" || row[0] == "" {
			line, _ := r.FieldPos(0)
			return nil, parley.Invalid(fmt.Sprintf("%s line %d", f.Name, line), row[0], "the number of an entry")
		}
		s.rows = append(s.rows, row)
	}
	if len(s.rows) == 0 || len(s.rows[0]) != sdnColumns && len(s.rows[0]) != altColumns && len(s.rows[0]) != addColumns {
		return nil, parley.Invalid(f.Name, "lines of another form", "lines of 12 (entries), 5 (aliases) or 6 columns (addresses)")
	}
	return s, nil
}

func sdnEntry(e *designation.Edition, r []string, line int) designation.Entry {
	x := designation.Entry{ID: designation.ID("OFAC:" + r[0]), Programmes: []string{}, Countries: []string{}, Identifiers: []designation.Identifier{}, Relations: []designation.Relation{}, Function: r[4]}
	switch r[2] {
	case "individual":
		x.Kind = designation.Person
	case "vessel":
		x.Kind = designation.Vessel
	case "aircraft":
		x.Kind = designation.Aircraft
	case "":
		x.Kind = designation.Body
	default:
		left(e, x.ID, fmt.Sprintf("SDN line %d", line), r[2], "expected individual, vessel, aircraft or nothing")
	}
	for p := range strings.SplitSeq(r[3], "] [") {
		x.Programmes = once(x.Programmes, strings.Trim(p, "[] "))
	}
	if len(x.Programmes) > 0 {
		x.Regime = x.Programmes[0]
	}
	n := newNamer(&x)
	n.add("SDN "+r[0], r[1], designation.Primary)
	if x.Kind == designation.Person && len(x.Names) > 0 {
		if family, given, ok := strings.Cut(x.Names[0].Text, ","); ok {
			x.Names[0].Parts = []string{flat(given), flat(family)}
		}
	}
	if r[5] != "" {
		x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: "call sign", Value: r[5]})
	}
	x.Countries = once(x.Countries, r[9])
	if r[10] != "" {
		x.Relations = append(x.Relations, designation.Relation{Kind: "vessel owner", Name: r[10], Raw: n.raw("SDN "+r[0]+" vessel owner", r[10])})
	}
	x.Narrative = r[11]
	remarks(n, r[0], r[11])
	return x
}

var (
	weakAlias  = regexp.MustCompile(`^(?:alt\. )?(a\.k\.a\.|f\.k\.a\.|n\.k\.a\.) '(.+)'$`)
	born       = regexp.MustCompile(`^(?:alt\. )?DOB (?:circa |approximately |between )?(.+)$`)
	linked     = regexp.MustCompile(`^Linked To: (.+)$`)
	nation     = regexp.MustCompile(`^(?:alt\. )?(?:nationality|citizen) (.+)$`)
	formerFlag = regexp.MustCompile(`^(?:alt\. )?Former Vessel Flag (.+)$`)
	numbered   = regexp.MustCompile(`^(?:alt\. )?(Passport|National ID No\.|SSN|Cedula No\.|NIT #|RUC #|Registration ID|Tax ID No\.|Registration Number|Business Registration (?:Document|Number) #?|Company Number|Commercial Registry Number|MMSI|D-U-N-S Number|Identification Number|C\.U\.R\.P\.|R\.F\.C\.|SWIFT/BIC|Aircraft Tail Number|RIF #|D\.N\.I\.|C\.U\.I\.T\.|Government Gazette Number|Matricula Mercantil No|Folio Mercantil No\.|Driver's License No\.|Trade License No\.|Electoral Registry No\.) ?(.+)$`)
	ofCountry  = regexp.MustCompile(`^(.*?) \(([^()]+)\)`)
)

// remarks reads the pieces between semicolons that say what there is a field for. The rest stays in the narrative.
func remarks(n *namer, number, text string) {
	x := n.e
	text = strings.TrimSuffix(strings.TrimSpace(text), ".")
	for p := range strings.SplitSeq(text, "; ") {
		p = strings.TrimSpace(p)
		switch {
		case weakAlias.MatchString(p):
			m := weakAlias.FindStringSubmatch(p)
			q := designation.Low
			if m[1] == "f.k.a." {
				q = designation.Former
			}
			n.add("SDN "+number+" remarks", m[2], q)
		case born.MatchString(p):
			for s := range strings.SplitSeq(born.FindStringSubmatch(p)[1], " to ") {
				if day, err := dayOf(s); err == nil {
					x.Births = once(x.Births, day)
				}
			}
		case linked.MatchString(p):
			name := linked.FindStringSubmatch(p)[1]
			x.Relations = append(x.Relations, designation.Relation{Kind: "linked to", Name: name, Raw: n.raw("SDN "+number+" remarks", p)})
		case nation.MatchString(p):
			x.Countries = once(x.Countries, nation.FindStringSubmatch(p)[1])
		case formerFlag.MatchString(p):
			if c := formerFlag.FindStringSubmatch(p)[1]; c != "None Identified" {
				x.Countries = once(x.Countries, c)
			}
		case strings.Contains(p, "IMO"):
			x.Identifiers = append(x.Identifiers, imoIn(p)...)
		case numbered.MatchString(p):
			m := numbered.FindStringSubmatch(p)
			id := designation.Identifier{Scheme: scheme(m[1]), Value: m[2]}
			if c := ofCountry.FindStringSubmatch(m[2]); c != nil {
				id.Value, id.Issuer = c[1], c[2]
			}
			if value, _, ok := strings.Cut(id.Value, " issued "); ok {
				id.Value = value
			}
			if value, _, ok := strings.Cut(id.Value, " expires "); ok {
				id.Value = value
			}
			x.Identifiers = append(x.Identifiers, id)
		}
	}
}

// scheme is what an identifier is called across lists.
func scheme(s string) string {
	switch s = strings.TrimRight(strings.ToLower(s), " #."); s {
	case "national id no":
		return "national identification number"
	case "mmsi":
		return "MMSI"
	}
	return s
}
