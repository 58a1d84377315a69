package lists

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/designation"
)

// FollowTheMoney, as aleph and OpenSanctions write it: an entity a line, {"id", "schema", "properties": {name: [value, …]}}. Ownership, Directorship,
// UnknownLink, Succession and the like are entities too, which join two others; Sanction carries dates and programme.

// mostLine is the length of one line: the largest entities are some hundred kilobytes.
const mostLine = 16 << 20

type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Caption    string              `json:"caption,omitempty"`
	Properties map[string][]string `json:"properties"`
	FirstSeen  string              `json:"first_seen,omitempty"`
	LastChange string              `json:"last_change,omitempty"`
}

// first returns the first value of a property.
func (f *ftmEntity) first(names ...string) string {
	for _, n := range names {
		if v := f.Properties[n]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// ftmKinds are the schemas that stand for somebody or something; others with a name are kept too, as of unknown kind.
var ftmKinds = map[string]designation.Kind{
	"Person": designation.Person, "Organization": designation.Body, "Company": designation.Body, "LegalEntity": designation.Unknown, "PublicBody": designation.Body,
	"Vessel": designation.Vessel, "Airplane": designation.Aircraft, "Asset": designation.Unknown, "Thing": designation.Unknown, "Vehicle": designation.Unknown, "Security": designation.Unknown,
}

// ftmEdge is how a schema joins two entities: the properties that name them and what it says of the first.
type ftmEdge struct{ from, to, kind string }

var ftmEdges = map[string]ftmEdge{
	"Ownership":      {"asset", "owner", "owned by"},
	"Directorship":   {"organization", "director", "directed by"},
	"UnknownLink":    {"subject", "object", "linked to"},
	"Succession":     {"successor", "predecessor", "successor of"},
	"Membership":     {"member", "organization", "member of"},
	"Representation": {"agent", "client", "acting for"},
	"Associate":      {"person", "associate", "linked to"},
	"Family":         {"person", "relative", "relative of"},
	"Employment":     {"employee", "employer", "employed by"},
}

func isFTM(f File) bool {
	line, _, _ := bytes.Cut(bytes.TrimSpace(f.Data), []byte("\n"))
	var e ftmEntity
	return json.Unmarshal(line, &e) == nil && e.ID != "" && e.Schema != "" && e.Properties != nil
}

func readFTM(files []File, e *designation.Edition) error {
	f, err := single(files)
	if err != nil {
		return err
	}
	if at := notUTF8(f.Data); at >= 0 {
		return parley.Invalid(f.Name, fmt.Sprintf("byte %#02x at byte %d, which is no UTF-8", f.Data[at], at), "JSON lines in UTF-8")
	}
	var edges, sanctions []ftmEntity
	var schemas []string
	line := 0
	for text := range bytes.Lines(f.Data) {
		line++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if len(text) > mostLine {
			return parley.Invalid(fmt.Sprintf("%s line %d", f.Name, line), "more than 16 MiB", "an entity a line")
		}
		var x ftmEntity
		d := json.NewDecoder(bytes.NewReader(text))
		if err := d.Decode(&x); err != nil {
			return parley.Invalid(fmt.Sprintf("%s line %d", f.Name, line), beginning(text), "an entity as JSON, whole: "+err.Error())
		}
		if x.ID == "" || x.Schema == "" {
			return parley.Invalid(fmt.Sprintf("%s line %d", f.Name, line), beginning(text), "an entity with id and schema")
		}
		switch {
		case x.Schema == "Sanction":
			sanctions = append(sanctions, x)
		case ftmEdges[x.Schema].from != "":
			edges = append(edges, x)
		default:
			if len(x.Properties["name"]) == 0 && x.Caption == "" {
				left(e, designation.ID("FTM:"+x.ID), fmt.Sprintf("line %d", line), x.Schema, "it has no name and joins nothing that is read: Address, Identification and the like are not used")
				continue
			}
			e.Entries = append(e.Entries, x.entry(e, line))
			schemas = append(schemas, x.Schema)
		}
	}
	at := map[designation.ID]int{}
	for i := range e.Entries {
		at[e.Entries[i].ID] = i
	}
	for _, s := range sanctions {
		i, ok := at[designation.ID("FTM:"+s.first("entity"))]
		if !ok {
			left(e, designation.ID("FTM:"+s.ID), "Sanction", s.first("entity"), "the file has no such entity")
			continue
		}
		x := &e.Entries[i]
		x.Programmes = once(x.Programmes, first(s.first("program"), s.first("authority")))
		if day, err := optionalDay(s.first("startDate", "listingDate")); err == nil && day != "" && (x.ListedOn == "" || day < x.ListedOn) {
			x.ListedOn = day
		}
		if day, err := optionalDay(s.first("endDate")); err == nil && day != "" {
			x.DelistedOn = day
		}
		if len(x.Programmes) > 0 {
			x.Regime = x.Programmes[0]
		}
	}
	for _, s := range edges {
		edge := ftmEdges[s.Schema]
		for _, from := range s.Properties[edge.from] {
			i, ok := at[designation.ID("FTM:"+from)]
			if !ok {
				left(e, designation.ID("FTM:"+s.ID), s.Schema, from, "the file has no such entity")
				continue
			}
			for _, to := range s.Properties[edge.to] {
				x := &e.Entries[i]
				r := designation.Relation{Kind: edge.kind, To: designation.ID("FTM:" + to), Raw: newNamer(x).raw(s.Schema+" "+s.ID, first(s.first("role", "relationship", "summary"), s.Schema))}
				if j, ok := at[r.To]; ok {
					r.Name = e.Entries[j].Name()
				}
				if r.From, err = optionalDay(s.first("startDate", "date")); err != nil {
					left(e, x.ID, s.Schema+" "+s.ID, s.first("startDate", "date"), "expected a date; not used")
				}
				if r.Until, err = optionalDay(s.first("endDate")); err != nil {
					left(e, x.ID, s.Schema+" "+s.ID, s.first("endDate"), "expected a date; not used")
				}
				if p := s.first("percentage", "sharesValue"); p != "" {
					v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(p), "%")), 64)
					if err != nil || !(v >= 0 && v <= 100) {
						left(e, x.ID, s.Schema+" "+s.ID, p, "expected a percentage from 0 to 100; not used")
					} else {
						r.Share = designation.Share(math.Round(v * 100))
					}
				}
				x.Relations = append(x.Relations, r)
			}
		}
	}
	return nil
}

func (f *ftmEntity) entry(e *designation.Edition, line int) designation.Entry {
	x := designation.Entry{ID: designation.ID("FTM:" + f.ID), Programmes: []string{}, Countries: []string{}, Identifiers: []designation.Identifier{}, Relations: []designation.Relation{},
		Narrative: strings.Join(append(slices.Clone(f.Properties["notes"]), f.Properties["summary"]...), " "), Function: strings.Join(f.Properties["position"], "; ")}
	kind, ok := ftmKinds[f.Schema]
	if !ok {
		left(e, x.ID, fmt.Sprintf("line %d schema", line), f.Schema, "the schema is not known here; the entity is kept, its kind left open")
	}
	x.Kind = kind
	n := newNamer(&x)
	q := designation.Primary
	for _, p := range []struct {
		property string
		quality  designation.Quality
	}{{"name", designation.Primary}, {"alias", designation.Good}, {"abbreviation", designation.Good}, {"weakAlias", designation.Low}, {"previousName", designation.Former}} {
		for i, v := range f.Properties[p.property] {
			quality := p.quality
			if p.property == "name" {
				quality, q = q, designation.Good
			}
			n.add(fmt.Sprintf("line %d %s[%d]", line, p.property, i), v, quality)
		}
	}
	if len(x.Names) == 0 {
		n.add(fmt.Sprintf("line %d caption", line), f.Caption, designation.Primary)
	}
	for _, p := range []string{"country", "nationality", "jurisdiction", "flag", "citizenship"} {
		for _, v := range f.Properties[p] {
			x.Countries = once(x.Countries, v)
		}
	}
	for _, v := range f.Properties["birthDate"] {
		if day, err := dayOf(v); err == nil {
			x.Births = once(x.Births, day)
		} else {
			left(e, x.ID, fmt.Sprintf("line %d birthDate", line), v, "expected a date; not used")
		}
	}
	for property, scheme := range map[string]string{"imoNumber": "IMO", "mmsi": "MMSI", "callSign": "call sign", "passportNumber": "passport", "idNumber": "national identification number", "registrationNumber": "registration number",
		"taxNumber": "tax id", "leiCode": "LEI", "innCode": "INN", "ogrnCode": "OGRN", "swiftBic": "swift/bic"} {
		for _, v := range f.Properties[property] {
			if scheme == "IMO" {
				v = strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(v), "IMO"))
				x.Identifiers = append(x.Identifiers, imo(v))
				continue
			}
			x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: scheme, Value: v})
		}
	}
	sortIdentifiers(x.Identifiers)
	for _, v := range f.Properties["program"] {
		x.Programmes = once(x.Programmes, v)
	}
	if len(x.Programmes) > 0 {
		x.Regime = x.Programmes[0]
	}
	return x
}

// sortIdentifiers puts identifiers that were read in no order into one.
func sortIdentifiers(ids []designation.Identifier) {
	slices.SortFunc(ids, func(a, b designation.Identifier) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value))
	})
}

// WriteFTM writes an edition as FollowTheMoney: an entity a line, a relation as an entity of its own, a Sanction for each entry. Reading it again gives
// the same names, days and relations under the list "FTM".
func WriteFTM(w io.Writer, e *designation.Edition) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for i := range e.Entries {
		x := &e.Entries[i]
		f := ftmEntity{ID: ftmID(x.ID), Schema: map[designation.Kind]string{designation.Person: "Person", designation.Body: "Organization", designation.Vessel: "Vessel", designation.Aircraft: "Airplane", designation.Unknown: "LegalEntity"}[x.Kind],
			Caption: x.Name(), Properties: map[string][]string{}}
		for _, n := range x.Names {
			property := map[designation.Quality]string{designation.Primary: "name", designation.Low: "weakAlias", designation.Former: "previousName"}[n.Quality]
			property = first(property, "alias")
			f.Properties[property] = append(f.Properties[property], n.Text)
		}
		if len(x.Countries) > 0 {
			f.Properties["country"] = slices.Clone(x.Countries)
		}
		for _, b := range x.Births {
			f.Properties["birthDate"] = append(f.Properties["birthDate"], string(b))
		}
		for _, id := range x.Identifiers {
			property := first(map[string]string{"IMO": "imoNumber", "MMSI": "mmsi", "call sign": "callSign", "passport": "passportNumber", "registration number": "registrationNumber", "LEI": "leiCode"}[id.Scheme], "idNumber")
			f.Properties[property] = append(f.Properties[property], id.Value)
		}
		if x.Narrative != "" {
			f.Properties["notes"] = []string{x.Narrative}
		}
		if err := out.Encode(f); err != nil {
			return err
		}
		s := ftmEntity{ID: f.ID + "-sanction", Schema: "Sanction", Properties: map[string][]string{"entity": {f.ID}, "authority": {e.List}}}
		if len(x.Programmes) > 0 {
			s.Properties["program"] = x.Programmes
		}
		if x.ListedOn != "" {
			s.Properties["startDate"] = []string{string(x.ListedOn)}
		}
		if x.DelistedOn != "" {
			s.Properties["endDate"] = []string{string(x.DelistedOn)}
		}
		if err := out.Encode(s); err != nil {
			return err
		}
		for j, r := range x.Relations {
			if r.To == "" {
				continue
			}
			schema, edge := "UnknownLink", ftmEdges["UnknownLink"]
			for name, candidate := range ftmEdges {
				if candidate.kind == r.Kind && name != "Associate" {
					schema, edge = name, candidate
				}
			}
			l := ftmEntity{ID: fmt.Sprintf("%s-link-%d", f.ID, j), Schema: schema, Properties: map[string][]string{edge.from: {f.ID}, edge.to: {ftmID(r.To)}, "summary": {x.Raw[r.Raw].Text}}}
			if r.Share > 0 {
				l.Properties["percentage"] = []string{strconv.FormatFloat(float64(r.Share)/100, 'f', -1, 64)}
			}
			if err := out.Encode(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// ftmID makes an identifier of FollowTheMoney, which has no colons.
func ftmID(id designation.ID) string {
	if id.List() == "FTM" {
		return id.Reference()
	}
	return strings.ReplaceAll(string(id), ":", "-")
}
