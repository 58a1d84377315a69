package lists

import (
	"encoding/xml"
	"fmt"
	"strings"

	"parley/designation"
)

// OFAC's SDN list as Advanced XML. It alone says how good an alias is, in which script a name is, and which relation joins two parties. Kinds of things
// are numbers that the file's own ReferenceValueSets explain: nothing is keyed to a number here, save where such a set is missing.

type ofacDate struct {
	Year  string `xml:"Year"`
	Month string `xml:"Month"`
	Day   string `xml:"Day"`
}

func (d ofacDate) day() designation.Day {
	if d.Year == "" {
		return ""
	}
	day := fmt.Sprintf("%04s", d.Year)
	if d.Month != "" {
		day += fmt.Sprintf("-%02s", d.Month)
		if d.Day != "" {
			day += fmt.Sprintf("-%02s", d.Day)
		}
	}
	if out, err := dayOf(day); err == nil {
		return out
	}
	return ""
}

type ofacValue struct {
	ID    string `xml:"ID,attr"`
	Text  string `xml:",chardata"`
	Party string `xml:"PartyTypeID,attr"`
}

type ofacParty struct {
	Ref      string `xml:"FixedRef,attr"`
	Comment  string `xml:"Comment"`
	Profiles []struct {
		ID         string `xml:"ID,attr"`
		SubType    string `xml:"PartySubTypeID,attr"`
		Identities []struct {
			ID      string `xml:"ID,attr"`
			Aliases []struct {
				Type    string `xml:"AliasTypeID,attr"`
				Primary bool   `xml:"Primary,attr"`
				Low     bool   `xml:"LowQuality,attr"`
				Names   []struct {
					Parts []struct {
						Value struct {
							Group  string `xml:"NamePartGroupID,attr"`
							Script string `xml:"ScriptID,attr"`
							Text   string `xml:",chardata"`
						} `xml:"NamePartValue"`
					} `xml:"DocumentedNamePart"`
				} `xml:"DocumentedName"`
			} `xml:"Alias"`
		} `xml:"Identity"`
		Features []struct {
			Type     string `xml:"FeatureTypeID,attr"`
			Versions []struct {
				From    ofacDate `xml:"DatePeriod>Start>From"`
				Details []string `xml:"VersionDetail"`
			} `xml:"FeatureVersion"`
		} `xml:"Feature"`
	} `xml:"Profile"`
}

// advanced is a reader in the middle of a file.
type advanced struct {
	e        *designation.Edition
	words    map[string]map[string]string // set → number → words
	subTypes map[string]string            // number of a sub-type → number of a party type
	at       map[string]int               // profile → place in the entries
	identity map[string]string            // identity → profile
	pending  []func()                     // documents, which stand before the parties
}

func readOFACAdvanced(files []File, e *designation.Edition) error {
	f, err := single(files)
	if err != nil {
		return err
	}
	a := &advanced{e: e, words: map[string]map[string]string{}, subTypes: map[string]string{}, at: map[string]int{}, identity: map[string]string{}}
	names := []string{"DateOfIssue", "AliasType", "PartyType", "PartySubType", "FeatureType", "RelationType", "Script", "IDRegDocType", "DistinctParty", "IDRegDocument", "ProfileRelationship", "SanctionsEntry"}
	err = elements(f, names, a.element)
	for _, late := range a.pending {
		late()
	}
	return err
}

func (a *advanced) element(d *xml.Decoder, s *xml.StartElement) error {
	switch s.Name.Local {
	case "DateOfIssue":
		var date ofacDate
		if err := d.DecodeElement(&date, s); err != nil {
			return err
		}
		a.e.Date = date.day()
		a.e.Stated = a.e.Date != ""
	case "DistinctParty":
		var p ofacParty
		if err := d.DecodeElement(&p, s); err != nil {
			return err
		}
		a.party(&p)
	case "IDRegDocument":
		var doc struct {
			Type     string   `xml:"IDRegDocTypeID,attr"`
			Identity string   `xml:"IdentityID,attr"`
			Numbers  []string `xml:"IDRegistrationNo"`
		}
		if err := d.DecodeElement(&doc, s); err != nil {
			return err
		}
		a.pending = append(a.pending, func() {
			i, ok := a.at[a.identity[doc.Identity]]
			if !ok {
				left(a.e, "", "IDRegDocument", doc.Identity, "the list has no such identity")
				return
			}
			for _, n := range doc.Numbers {
				a.number(&a.e.Entries[i], a.word("IDRegDocType", doc.Type), n)
			}
		})
	case "ProfileRelationship":
		var r struct {
			ID      string `xml:"ID,attr"`
			From    string `xml:"From-ProfileID,attr"`
			To      string `xml:"To-ProfileID,attr"`
			Type    string `xml:"RelationTypeID,attr"`
			Former  bool   `xml:"Former,attr"`
			Comment string `xml:"Comment"`
		}
		if err := d.DecodeElement(&r, s); err != nil {
			return err
		}
		a.pending = append(a.pending, func() {
			from, ok := a.at[r.From]
			to, found := a.at[r.To]
			if !ok || !found {
				left(a.e, "", "ProfileRelationship "+r.ID, r.From+" to "+r.To, "the list does not have both profiles")
				return
			}
			x := &a.e.Entries[from]
			kind := strings.TrimRight(strings.ToLower(first(a.word("RelationType", r.Type), "linked to")), ". ")
			if r.Former {
				kind = "formerly " + kind
			}
			x.Relations = append(x.Relations, designation.Relation{Kind: kind, To: a.e.Entries[to].ID, Name: a.e.Entries[to].Name(), Raw: newNamer(x).raw("ProfileRelationship "+r.ID, first(flat(r.Comment), kind))})
		})
	case "SanctionsEntry":
		var s2 struct {
			Profile string `xml:"ProfileID,attr"`
			Events  []struct {
				Date ofacDate `xml:"Date"`
			} `xml:"EntryEvent"`
			Measures []struct {
				Comment string `xml:"Comment"`
			} `xml:"SanctionsMeasure"`
		}
		if err := d.DecodeElement(&s2, s); err != nil {
			return err
		}
		i, ok := a.at[s2.Profile]
		if !ok {
			left(a.e, "", "SanctionsEntry", s2.Profile, "the list has no such profile")
			return nil
		}
		x := &a.e.Entries[i]
		for _, ev := range s2.Events {
			if day := ev.Date.day(); day != "" && (x.ListedOn == "" || day < x.ListedOn) {
				x.ListedOn = day
			}
		}
		for _, m := range s2.Measures {
			x.Programmes = once(x.Programmes, flat(m.Comment))
		}
		if len(x.Programmes) > 0 {
			x.Regime = x.Programmes[0]
		}
	default: // a value of a reference set
		var v ofacValue
		if err := d.DecodeElement(&v, s); err != nil {
			return err
		}
		set := a.words[s.Name.Local]
		if set == nil {
			set = map[string]string{}
			a.words[s.Name.Local] = set
		}
		set[v.ID] = flat(v.Text)
		if s.Name.Local == "PartySubType" {
			a.subTypes[v.ID] = v.Party
		}
	}
	return nil
}

func (a *advanced) word(set, id string) string { return a.words[set][id] }

func (a *advanced) party(p *ofacParty) {
	for _, prof := range p.Profiles {
		x := designation.Entry{ID: designation.ID("OFAC:" + first(p.Ref, prof.ID)), Narrative: flat(p.Comment), Programmes: []string{}, Countries: []string{}, Identifiers: []designation.Identifier{}, Relations: []designation.Relation{}}
		x.Kind = a.kind(prof.SubType)
		n := newNamer(&x)
		for pass := range 2 { // the primary name first
			for _, identity := range prof.Identities {
				a.identity[identity.ID] = prof.ID
				for i, alias := range identity.Aliases {
					if alias.Primary != (pass == 0) {
						continue
					}
					kind := strings.ToLower(a.word("AliasType", alias.Type))
					q := designation.Good
					switch {
					case alias.Primary && len(x.Names) == 0:
						q = designation.Primary
					case strings.HasPrefix(kind, "f.k.a"):
						q = designation.Former
					case alias.Low:
						q = designation.Low
					}
					for j, name := range alias.Names {
						var parts []string
						for _, part := range name.Parts {
							if text := flat(part.Value.Text); text != "" {
								parts = append(parts, text)
							}
						}
						before := len(x.Names)
						n.add(fmt.Sprintf("DistinctParty %s/Alias[%d]/DocumentedName[%d]", p.Ref, i+1, j+1), strings.Join(parts, " "), q)
						if x.Kind == designation.Person && len(x.Names) > before && len(parts) > 1 {
							x.Names[before].Parts = append(parts[1:len(parts):len(parts)], parts[0]) // the list writes the family name first
						}
						if q == designation.Primary {
							q = designation.Good
						}
					}
				}
			}
		}
		for _, feature := range prof.Features {
			kind := a.word("FeatureType", feature.Type)
			low := strings.ToLower(kind)
			for _, v := range feature.Versions {
				if strings.Contains(low, "birthdate") || strings.Contains(low, "date of birth") {
					x.Births = once(x.Births, v.From.day())
				}
				for _, text := range v.Details {
					if text = flat(text); text == "" {
						continue
					}
					switch {
					case strings.Contains(low, "title"):
						x.Function = first(x.Function, text)
					case strings.Contains(low, "nationality"), strings.Contains(low, "citizenship"), strings.Contains(low, "flag"):
						x.Countries = once(x.Countries, text)
					case strings.Contains(low, "imo"), strings.Contains(low, "vessel registration"), strings.Contains(low, "mmsi"), strings.Contains(low, "call sign"), strings.Contains(low, "swift"), strings.Contains(low, "number"):
						a.number(&x, kind, text)
					}
				}
			}
		}
		a.at[prof.ID] = len(a.e.Entries)
		a.e.Entries = append(a.e.Entries, x)
	}
}

// number keeps an identifier; one that says IMO is checked.
func (a *advanced) number(x *designation.Entry, kind, text string) {
	text = flat(text)
	if text == "" {
		return
	}
	if found := imoIn(text); len(found) > 0 {
		x.Identifiers = append(x.Identifiers, found...)
		return
	}
	if digits7 := strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(text), "IMO")); strings.Contains(strings.ToUpper(kind), "IMO") && len(digits7) == 7 {
		x.Identifiers = append(x.Identifiers, imo(digits7))
		return
	}
	x.Identifiers = append(x.Identifiers, designation.Identifier{Scheme: scheme(first(flat(kind), "document")), Value: text})
}

// kind returns what a sub-type of party stands for, by the file's own words. The numbers are those that the list has used since 2015.
func (a *advanced) kind(subType string) designation.Kind {
	words := strings.ToLower(a.word("PartySubType", subType) + " " + a.word("PartyType", a.subTypes[subType]))
	switch {
	case strings.Contains(words, "vessel"):
		return designation.Vessel
	case strings.Contains(words, "aircraft"):
		return designation.Aircraft
	case strings.Contains(words, "individual"):
		return designation.Person
	case strings.Contains(words, "entity"):
		return designation.Body
	}
	return map[string]designation.Kind{"1": designation.Vessel, "2": designation.Aircraft, "3": designation.Body, "4": designation.Person}[subType]
}
