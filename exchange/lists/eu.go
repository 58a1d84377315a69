package lists

import (
	"encoding/xml"
	"fmt"
	"strings"

	"parley"
	"parley/designation"
)

// The consolidated list of the European Union's financial sanctions, as the XML of its financial sanctions database (export, version 1.1): everything
// stands in attributes. An entry is named by euReferenceNumber, and where an old one has none by its logicalId.

type euEntry struct {
	Reference string   `xml:"euReferenceNumber,attr"`
	UN        string   `xml:"unitedNationId,attr"`
	Logical   string   `xml:"logicalId,attr"`
	Listed    string   `xml:"designationDate,attr"`
	Details   string   `xml:"designationDetails,attr"`
	Remarks   []string `xml:"remark"`
	Subject   struct {
		Code           string `xml:"code,attr"`
		Classification string `xml:"classificationCode,attr"`
	} `xml:"subjectType"`
	Regulations []struct {
		Programme string `xml:"programme,attr"`
		Published string `xml:"publicationDate,attr"`
		Title     string `xml:"numberTitle,attr"`
	} `xml:"regulation"`
	Names []struct {
		First    string   `xml:"firstName,attr"`
		Middle   string   `xml:"middleName,attr"`
		Last     string   `xml:"lastName,attr"`
		Whole    string   `xml:"wholeName,attr"`
		Function string   `xml:"function,attr"`
		Language string   `xml:"nameLanguage,attr"`
		Strong   string   `xml:"strong,attr"`
		Remarks  []string `xml:"remark"`
	} `xml:"nameAlias"`
	Citizen []struct {
		Country string `xml:"countryDescription,attr"`
		Code    string `xml:"countryIso2Code,attr"`
	} `xml:"citizenship"`
	Addresses []struct {
		Country string `xml:"countryDescription,attr"`
		Code    string `xml:"countryIso2Code,attr"`
	} `xml:"address"`
	Births []struct {
		Date string `xml:"birthdate,attr"`
		Year string `xml:"year,attr"`
	} `xml:"birthdate"`
	Numbers []struct {
		Type    string `xml:"identificationTypeCode,attr"`
		Words   string `xml:"identificationTypeDescription,attr"`
		Number  string `xml:"number,attr"`
		Country string `xml:"countryDescription,attr"`
	} `xml:"identification"`
}

func readEU(files []File, e *designation.Edition) error {
	f, err := single(files)
	if err != nil {
		return err
	}
	count := 0
	return elements(f, []string{"export", "sanctionEntity"}, func(d *xml.Decoder, s *xml.StartElement) error {
		if s.Name.Local == "export" {
			for _, a := range s.Attr {
				if a.Name.Local == "generationDate" {
					if e.Date, err = dayOf(a.Value); err != nil {
						return parley.Invalid(f.Name+" generationDate", a.Value, "a date as 2006-01-02T15:04:05Z")
					}
					e.Stated = true
				}
			}
			return errDescend
		}
		count++
		var u euEntry
		if err := d.DecodeElement(&u, s); err != nil {
			return err
		}
		x, err := u.entry(e, fmt.Sprintf("sanctionEntity[%d]", count))
		if err != nil {
			return err
		}
		e.Entries = append(e.Entries, x)
		return nil
	})
}

func (u *euEntry) entry(e *designation.Edition, element string) (designation.Entry, error) {
	ref := first(flat(u.Reference), flat(u.Logical))
	if ref == "" {
		return designation.Entry{}, parley.Invalid(element+" euReferenceNumber", "nothing", "a reference as EU.27.28, or a logicalId")
	}
	x := designation.Entry{ID: designation.ID("EU:" + ref), Narrative: flat(strings.Join(append(u.Remarks, u.Details), " ")), Programmes: []string{}, Countries: []string{}, Identifiers: []designation.Identifier{}, Relations: []designation.Relation{}}
	switch strings.ToLower(first(u.Subject.Code, u.Subject.Classification)) {
	case "person", "p":
		x.Kind = designation.Person
	case "enterprise", "entity", "e":
		x.Kind = designation.Body
	case "vessel", "ship", "v":
		x.Kind = designation.Vessel
	default:
		left(e, x.ID, element+"/subjectType", u.Subject.Code, "expected person or enterprise; the kind is left open")
	}
	for _, r := range u.Regulations {
		x.Programmes = once(x.Programmes, flat(r.Programme))
		day, err := optionalDay(r.Published)
		if err != nil {
			left(e, x.ID, element+"/regulation publicationDate", r.Published, "expected a date as 2006-01-02; not used")
			continue
		}
		x.Updated = once(x.Updated, day)
		if u.Listed == "" && day != "" && (x.ListedOn == "" || day < x.ListedOn) {
			x.ListedOn = day
		}
	}
	if len(x.Programmes) > 0 {
		x.Regime = x.Programmes[0]
	}
	if day, err := optionalDay(u.Listed); err != nil {
		left(e, x.ID, element+" designationDate", u.Listed, "expected a date as 2006-01-02; not used")
	} else if day != "" {
		x.ListedOn = day
	}
	n := newNamer(&x)
	for i, a := range u.Names {
		at := fmt.Sprintf("%s/nameAlias[%d]", element, i+1)
		whole := first(flat(a.Whole), flat(strings.Join([]string{a.First, a.Middle, a.Last}, " ")))
		q := designation.Good
		switch {
		case strings.EqualFold(a.Strong, "false"):
			q = designation.Low
		case len(x.Names) == 0:
			q = designation.Primary
		}
		before := len(x.Names)
		n.add(at, whole, remarked(strings.Join(a.Remarks, " "), q))
		if len(x.Names) > before && flat(a.First) != "" && flat(a.Last) != "" {
			for _, part := range []string{a.First, a.Middle, a.Last} {
				if part = flat(part); part != "" {
					x.Names[before].Parts = append(x.Names[before].Parts, part)
				}
			}
		}
		if whole == "" {
			left(e, x.ID, at, "an alias without a name", "expected wholeName, or firstName and lastName")
		}
		x.Function = first(x.Function, flat(a.Function))
	}
	for _, c := range u.Citizen {
		x.Countries = once(x.Countries, country(c.Country, c.Code))
	}
	for _, c := range u.Addresses {
		x.Countries = once(x.Countries, country(c.Country, c.Code))
	}
	for _, b := range u.Births {
		v := first(flat(b.Date), flat(b.Year))
		if v == "0" {
			continue
		}
		day, err := optionalDay(v)
		if err != nil {
			left(e, x.ID, element+"/birthdate", v, "expected a date or a year; not used")
			continue
		}
		x.Births = once(x.Births, day)
	}
	for _, id := range u.Numbers {
		number := flat(id.Number)
		switch {
		case number == "":
		case strings.EqualFold(id.Type, "imo"):
			x.Identifiers = append(x.Identifiers, imo(number))
		default:
			x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: strings.ToLower(first(flat(id.Words), flat(id.Type))), Value: number, Issuer: flat(id.Country)})
		}
	}
	if un := flat(u.UN); un != "" {
		x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: "UN reference", Value: un})
	}
	return x, nil
}

// country returns the name of a country, or its code where there is none; "00" and "UNKNOWN" are the list's words for none.
func country(name, code string) string {
	name, code = flat(name), flat(code)
	if strings.EqualFold(name, "unknown") {
		name = ""
	}
	if code == "00" {
		code = ""
	}
	return first(name, code)
}
