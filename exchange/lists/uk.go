package lists

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"

	"parley"
	"parley/designation"
)

// The UK Sanctions List, as its XML: a designation has a unique ID, names in six parts of which the sixth is the family or whole name, and the names in
// other scripts apart. Unknown parts of a date are written "dd" and "mm".

type ukEntry struct {
	ID      string `xml:"UniqueID"`
	OFSI    string `xml:"OFSIGroupID"`
	UN      string `xml:"UNReferenceNumber"`
	Updated string `xml:"LastUpdated"`
	Listed  string `xml:"DateDesignated"`
	Regime  string `xml:"RegimeName"`
	Kind    string `xml:"IndividualEntityShip"`
	Reasons string `xml:"UKStatementofReasons"`
	Other   string `xml:"OtherInformation"`
	Names   []struct {
		One   string `xml:"Name1"`
		Two   string `xml:"Name2"`
		Three string `xml:"Name3"`
		Four  string `xml:"Name4"`
		Five  string `xml:"Name5"`
		Six   string `xml:"Name6"`
		Type  string `xml:"NameType"`
		Grade string `xml:"AliasStrength"`
	} `xml:"Names>Name"`
	Original []struct {
		Name string `xml:"NameNonLatinScript"`
	} `xml:"NonLatinNames>NonLatinName"`
	Addresses []struct {
		Country string `xml:"AddressCountry"`
	} `xml:"Addresses>Address"`
	Births    []string `xml:"IndividualDetails>Individual>DOBs>DOB"`
	Nations   []string `xml:"IndividualDetails>Individual>Nationalities>Nationality"`
	Positions []string `xml:"IndividualDetails>Individual>Positions>Position"`
	Passports []string `xml:"IndividualDetails>Individual>PassportDetails>Passport>PassportNumber"`
	National  []string `xml:"IndividualDetails>Individual>NationalIdentifierDetails>NationalIdentifier>NationalIdentifierNumber"`
	IMO       []string `xml:"ShipDetails>Ship>IMONumbers>IMONumber"`
	Owners    []string `xml:"ShipDetails>Ship>CurrentOwnerOperators>CurrentOwnerOperator"`
	Flags     []string `xml:"ShipDetails>Ship>CurrentBelievedFlagOfShips>CurrentBelievedFlagOfShip"`
	Registers []string `xml:"EntityDetails>Entity>BusinessRegistrationNumbers>BusinessRegistrationNumber"`
	Parents   []string `xml:"EntityDetails>Entity>ParentCompanies>ParentCompany"`
	Daughters []string `xml:"EntityDetails>Entity>Subsidiaries>Subsidiary"`
}

func readUK(files []File, e *designation.Edition) error {
	f, err := single(files)
	if err != nil {
		return err
	}
	count := 0
	return elements(f, []string{"DateGenerated", "Designation"}, func(d *xml.Decoder, s *xml.StartElement) error {
		if s.Name.Local == "DateGenerated" {
			var text string
			if err := d.DecodeElement(&text, s); err != nil {
				return err
			}
			if e.Date, err = ukDay(text); err != nil || e.Date == "" {
				return parley.Invalid(f.Name+" DateGenerated", text, "a date as 31/12/2006")
			}
			e.Stated = true
			return nil
		}
		count++
		var u ukEntry
		if err := d.DecodeElement(&u, s); err != nil {
			return err
		}
		x, err := u.entry(e, fmt.Sprintf("Designation[%d]", count))
		if err != nil {
			return err
		}
		e.Entries = append(e.Entries, x)
		return nil
	})
}

func (u *ukEntry) entry(e *designation.Edition, element string) (designation.Entry, error) {
	ref := flat(u.ID)
	if ref == "" {
		return designation.Entry{}, parley.Invalid(element+"/UniqueID", "nothing", "an ID as AFG0006")
	}
	x := designation.Entry{ID: designation.ID("UK:" + ref), Regime: flat(u.Regime), Programmes: once([]string{}, flat(u.Regime)), Narrative: flat(u.Reasons + " " + u.Other), Function: flat(strings.Join(u.Positions, "; ")),
		Countries: []string{}, Identifiers: []designation.Identifier{}, Relations: []designation.Relation{}}
	switch strings.ToLower(flat(u.Kind)) {
	case "individual":
		x.Kind = designation.Person
	case "entity":
		x.Kind = designation.Body
	case "ship":
		x.Kind = designation.Vessel
	default:
		left(e, x.ID, element+"/IndividualEntityShip", u.Kind, "expected Individual, Entity or Ship; the kind is left open")
	}
	n := newNamer(&x)
	for pass := range 2 { // the primary name first, wherever it stands
		for i, a := range u.Names {
			kind := strings.ToLower(flat(a.Type))
			if primary := strings.HasPrefix(kind, "primary name") && !strings.Contains(kind, "variation"); primary != (pass == 0) {
				continue
			}
			q := designation.Primary
			if pass > 0 {
				q = designation.Good
				if strings.Contains(strings.ToLower(a.Grade), "low") {
					q = designation.Low
				}
				if strings.Contains(kind, "formerly") {
					q = designation.Former
				}
			}
			var parts []string
			for _, p := range []string{a.One, a.Two, a.Three, a.Four, a.Five, a.Six} {
				if p = flat(p); p != "" {
					parts = append(parts, p)
				}
			}
			before := len(x.Names)
			n.add(fmt.Sprintf("%s/Names/Name[%d]", element, i+1), strings.Join(parts, " "), q)
			if x.Kind == designation.Person && len(x.Names) > before && len(parts) > 1 {
				x.Names[before].Parts = parts
			}
		}
	}
	for i, o := range u.Original {
		n.add(fmt.Sprintf("%s/NonLatinNames/NonLatinName[%d]", element, i+1), o.Name, designation.Good)
	}
	for _, b := range u.Births {
		day, err := ukDay(b)
		if err != nil {
			left(e, x.ID, element+"/DOB", b, "expected a date as 31/12/1970; not used")
			continue
		}
		x.Births = once(x.Births, day)
	}
	for _, list := range [][]string{u.Nations, u.Flags} {
		for _, c := range list {
			x.Countries = once(x.Countries, flat(c))
		}
	}
	for _, a := range u.Addresses {
		x.Countries = once(x.Countries, flat(a.Country))
	}
	for _, v := range u.IMO {
		if v = flat(v); v != "" {
			x.Identifiers = append(x.Identifiers, imo(v))
		}
	}
	for scheme, list := range map[string][]string{"passport": u.Passports, "national identification number": u.National, "registration number": u.Registers, "UN reference": {u.UN}} {
		for _, v := range list {
			if v = flat(v); v != "" {
				x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: scheme, Value: v})
			}
		}
	}
	sortIdentifiers(x.Identifiers)
	for _, r := range []struct {
		kind string
		list []string
	}{{"vessel owner or operator", u.Owners}, {"parent company", u.Parents}, {"subsidiary", u.Daughters}} {
		for _, name := range r.list {
			if name = flat(name); name != "" {
				x.Relations = append(x.Relations, designation.Relation{Kind: r.kind, Name: name, Raw: n.raw(element+" "+r.kind, name)})
			}
		}
	}
	var err error
	if x.ListedOn, err = ukDay(u.Listed); err != nil {
		left(e, x.ID, element+"/DateDesignated", u.Listed, "expected a date as 31/12/2006; not used")
	}
	if day, err := ukDay(u.Updated); err != nil {
		left(e, x.ID, element+"/LastUpdated", u.Updated, "expected a date as 31/12/2006; not used")
	} else if day != "" {
		x.Updated = []designation.Day{day}
	}
	return x, nil
}

var ukDate = regexp.MustCompile(`^(dd|\d{1,2})/(mm|\d{1,2})/(yyyy|\d{4})`)

// ukDay reads a date as the list writes it: 02/01/2006, with dd or mm for what is not known. Empty is no date.
func ukDay(s string) (designation.Day, error) {
	s = flat(s)
	m := ukDate.FindStringSubmatch(s)
	switch {
	case m == nil:
		return optionalDay(s)
	case m[3] == "yyyy":
		return "", nil
	case m[2] == "mm":
		return designation.Day(m[3]), nil
	case m[1] == "dd":
		return dayOf(fmt.Sprintf("%s-%02s", m[3], m[2]))
	}
	return dayOf(fmt.Sprintf("%s-%02s-%02s", m[3], m[2], m[1]))
}
