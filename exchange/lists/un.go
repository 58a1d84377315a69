package lists

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/designation"
)

// The consolidated list of the United Nations Security Council, as its schema sanctions.xsd has it. An entry is named by REFERENCE_NUMBER, which is what
// resolutions and other entries quote; DATAID is not.

type unValues struct {
	Value []string `xml:"VALUE"`
}

type unAlias struct {
	Quality string `xml:"QUALITY"`
	Name    string `xml:"ALIAS_NAME"`
	Note    string `xml:"NOTE"`
	Born    string `xml:"DATE_OF_BIRTH"`
}

type unEntry struct {
	DataID     string    `xml:"DATAID"`
	First      string    `xml:"FIRST_NAME"`
	Second     string    `xml:"SECOND_NAME"`
	Third      string    `xml:"THIRD_NAME"`
	Fourth     string    `xml:"FOURTH_NAME"`
	ListType   string    `xml:"UN_LIST_TYPE"`
	Reference  string    `xml:"REFERENCE_NUMBER"`
	ListedOn   string    `xml:"LISTED_ON"`
	DelistedOn string    `xml:"DELISTED_ON"`
	Gender     string    `xml:"GENDER"`
	Original   string    `xml:"NAME_ORIGINAL_SCRIPT"`
	Comments   string    `xml:"COMMENTS1"`
	Function   unValues  `xml:"DESIGNATION"`
	Nations    unValues  `xml:"NATIONALITY"`
	Updated    unValues  `xml:"LAST_DAY_UPDATED"`
	Aliases    []unAlias `xml:"INDIVIDUAL_ALIAS"`
	Known      []unAlias `xml:"ENTITY_ALIAS"`
	Addresses  []struct {
		Country string `xml:"COUNTRY"`
	} `xml:"INDIVIDUAL_ADDRESS"`
	Seats []struct {
		Country string `xml:"COUNTRY"`
	} `xml:"ENTITY_ADDRESS"`
	Births []struct {
		Date string `xml:"DATE"`
		Year string `xml:"YEAR"`
		From string `xml:"FROM_YEAR"`
		To   string `xml:"TO_YEAR"`
	} `xml:"INDIVIDUAL_DATE_OF_BIRTH"`
	Documents []struct {
		Type    string `xml:"TYPE_OF_DOCUMENT"`
		Type2   string `xml:"TYPE_OF_DOCUMENT2"`
		Number  string `xml:"NUMBER"`
		Country string `xml:"ISSUING_COUNTRY"`
		Issued  string `xml:"COUNTRY_OF_ISSUE"`
	} `xml:"INDIVIDUAL_DOCUMENT"`
}

func readUN(files []File, e *designation.Edition) error {
	f, err := single(files)
	if err != nil {
		return err
	}
	count := map[string]int{}
	return elements(f, []string{"CONSOLIDATED_LIST", "INDIVIDUAL", "ENTITY"}, func(d *xml.Decoder, s *xml.StartElement) error {
		if s.Name.Local == "CONSOLIDATED_LIST" {
			for _, a := range s.Attr {
				if a.Name.Local == "dateGenerated" {
					day, err := dayOf(a.Value)
					if err != nil {
						return parley.Invalid(f.Name+" dateGenerated", a.Value, "a date as 2006-01-02T15:04:05Z")
					}
					e.Date, e.Stated = day, true
				}
			}
			return errDescend
		}
		count[s.Name.Local]++
		element := fmt.Sprintf("%s[%d]", s.Name.Local, count[s.Name.Local])
		var u unEntry
		if err := d.DecodeElement(&u, s); err != nil {
			return err
		}
		entry, err := u.entry(e, element, s.Name.Local == "INDIVIDUAL")
		if err != nil {
			return err
		}
		e.Entries = append(e.Entries, entry)
		return nil
	})
}

func (u *unEntry) entry(e *designation.Edition, element string, person bool) (designation.Entry, error) {
	ref := flat(u.Reference)
	if ref == "" {
		return designation.Entry{}, parley.Invalid(element+"/REFERENCE_NUMBER", "nothing", "a reference as QDe.137")
	}
	x := designation.Entry{ID: designation.ID("UN:" + ref), Kind: designation.Body, Regime: flat(u.ListType), Programmes: []string{flat(u.ListType)}, Narrative: strings.TrimSpace(u.Comments),
		Function: flat(strings.Join(u.Function.Value, "; ")), Countries: []string{}, Identifiers: []designation.Identifier{}, Relations: []designation.Relation{}}
	if person {
		x.Kind = designation.Person
	}
	n := newNamer(&x)
	whole := flat(strings.Join([]string{u.First, u.Second, u.Third, u.Fourth}, " "))
	n.add(element+"/FIRST_NAME…FOURTH_NAME", whole, designation.Primary)
	if person && len(x.Names) > 0 {
		for _, part := range []string{u.First, u.Second, u.Third, u.Fourth} {
			if part = flat(part); part != "" {
				x.Names[0].Parts = append(x.Names[0].Parts, part)
			}
		}
	}
	n.add(element+"/NAME_ORIGINAL_SCRIPT", u.Original, designation.Good)
	tag := "ENTITY_ALIAS"
	aliases := u.Known
	if person {
		tag, aliases = "INDIVIDUAL_ALIAS", u.Aliases
	}
	for i, a := range aliases {
		at := fmt.Sprintf("%s/%s[%d]", element, tag, i+1)
		q, ok := map[string]designation.Quality{"good": designation.Good, "low": designation.Low, "a.k.a.": designation.Good, "f.k.a.": designation.Former, "": designation.Good}[strings.ToLower(flat(a.Quality))]
		if !ok {
			q = designation.Good
			left(e, x.ID, at+"/QUALITY", a.Quality, "expected Good, Low, a.k.a. or f.k.a.; the name is taken as good")
		}
		before := len(x.Raw)
		n.add(at+"/ALIAS_NAME", a.Name, remarked(a.Note, q))
		if flat(a.Name) != "" && len(x.Raw) == before+1 && len(unpack(a.Name)) == 0 {
			left(e, x.ID, at+"/ALIAS_NAME", a.Name, "no name was found in it; the string is kept")
		}
		n.note(at+"/NOTE", a.Note, q)
	}
	for _, m := range formerlyIn(x.Narrative) {
		n.add(element+"/COMMENTS1", m, designation.Former)
	}
	for _, c := range u.Nations.Value {
		x.Countries = once(x.Countries, flat(c))
	}
	for _, a := range u.Addresses {
		x.Countries = once(x.Countries, flat(a.Country))
	}
	for _, a := range u.Seats {
		x.Countries = once(x.Countries, flat(a.Country))
	}
	for i, b := range u.Births {
		for _, v := range []string{b.Date, b.Year, b.From, b.To} {
			if v = flat(v); v == "" {
				continue
			}
			day, err := dayOf(v)
			if err != nil {
				left(e, x.ID, fmt.Sprintf("%s/INDIVIDUAL_DATE_OF_BIRTH[%d]", element, i+1), v, "expected a date or a year; the string is not used")
				continue
			}
			x.Births = once(x.Births, day)
		}
	}
	for i, doc := range u.Documents {
		number := flat(doc.Number)
		if number == "" {
			continue
		}
		scheme := strings.ToLower(flat(doc.Type))
		if scheme == "" {
			scheme = "document"
			left(e, x.ID, fmt.Sprintf("%s/INDIVIDUAL_DOCUMENT[%d]", element, i+1), number, "no type of document is given")
		}
		x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: scheme, Value: number, Issuer: first(flat(doc.Country), flat(doc.Issued))})
	}
	if x.Kind == designation.Body {
		x.Identifiers = append(x.Identifiers, imoIn(x.Narrative)...)
		if len(x.Identifiers) > 0 && vesselIn.MatchString(x.Narrative) && strings.HasPrefix(ref, "KP") && !companyIn.MatchString(whole) {
			x.Kind = designation.Vessel
		}
	}
	var err error
	if x.ListedOn, err = optionalDay(u.ListedOn); err != nil {
		left(e, x.ID, element+"/LISTED_ON", u.ListedOn, "expected a date as 2006-01-02; not used")
	}
	if x.DelistedOn, err = optionalDay(u.DelistedOn); err != nil {
		left(e, x.ID, element+"/DELISTED_ON", u.DelistedOn, "expected a date as 2006-01-02; not used")
	}
	for _, v := range u.Updated.Value {
		if day, err := optionalDay(v); err == nil && day != "" {
			x.Updated = append(x.Updated, day)
		} else if err != nil {
			left(e, x.ID, element+"/LAST_DAY_UPDATED", v, "expected a date as 2006-01-02; not used")
		}
	}
	if len(x.Names) == 0 {
		left(e, x.ID, element, whole, "the entry has no name that can be read; it is kept and can be found by its reference")
	}
	return x, nil
}

// dayOf reads a date: a year, a year and month, a day, or a day with a time, of which the day in the file's own zone is taken.
func dayOf(s string) (designation.Day, error) {
	s = flat(s)
	for _, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return designation.Day(t.Format(layout)), nil
		}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02Z07:00", "02/01/2006", "2 Jan 2006", "02 Jan 2006", "2 January 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return designation.Day(t.Format("2006-01-02")), nil
		}
	}
	for _, layout := range []string{"Jan 2006", "January 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return designation.Day(t.Format("2006-01")), nil
		}
	}
	return "", fmt.Errorf("no date")
}

func optionalDay(s string) (designation.Day, error) {
	if flat(s) == "" {
		return "", nil
	}
	return dayOf(s)
}

// once appends a value that is not there yet.
func once[T ~string](list []T, v T) []T {
	if v == "" {
		return list
	}
	for _, x := range list {
		if x == v {
			return list
		}
	}
	return append(list, v)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
