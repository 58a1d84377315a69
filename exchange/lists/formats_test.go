package lists

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/designation"
)

// The samples are of fictional bodies, in the forms that the authorities publish.

const sampleEU = `<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-02-20T17:00:34.049+01:00">
  <sanctionEntity designationDetails="" unitedNationId="QDe.900" euReferenceNumber="EU.1.10" logicalId="13">
    <remark>A river league.</remark>
    <regulation publicationDate="2016-07-08" programme="TAQA"/><regulation publicationDate="2019-01-02" programme="TAQA"/>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias firstName="" lastName="" wholeName="River League (RL)" strong="true"/>
    <nameAlias wholeName="رابطة النهر" nameLanguage="AR" strong="true"/>
    <nameAlias wholeName="Water Boys" strong="false"/>
    <address countryIso2Code="SY" countryDescription="SYRIA"/><address countryIso2Code="00" countryDescription="UNKNOWN"/>
    <identification identificationTypeCode="regnumber" identificationTypeDescription="Registration Number" number="77"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.2.20" designationDate="2020-05-01">
    <subjectType code="person"/>
    <nameAlias firstName="Ilse" middleName="" lastName="Vandorp" wholeName="Ilse Vandorp" strong="true" function="Treasurer"/>
    <citizenship countryIso2Code="NL" countryDescription="NETHERLANDS"/>
    <birthdate birthdate="1970-02-03"/><birthdate year="1971"/><birthdate birthdate="in spring"/>
  </sanctionEntity>
</export>`

const sampleUK = `<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>03/02/2026</DateGenerated>
<Designation><LastUpdated>05/06/2024</LastUpdated><DateDesignated>01/02/2020</DateDesignated><UniqueID>XYZ0001</UniqueID>
 <Names><Name><Name6>Old League</Name6><NameType>Alias</NameType></Name><Name><Name1>Ilse</Name1><Name6>VANDORP</Name6><NameType>Primary Name</NameType></Name></Names>
 <NonLatinNames><NonLatinName><NameNonLatinScript>Ильзе Вандорп</NameNonLatinScript></NonLatinName></NonLatinNames>
 <RegimeName>River regime</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
 <IndividualDetails><Individual><DOBs><DOB>dd/mm/1970</DOB><DOB>03/02/1971</DOB></DOBs><Nationalities><Nationality>Netherlands</Nationality></Nationalities></Individual></IndividualDetails>
</Designation>
<Designation><UniqueID>XYZ0002</UniqueID><Names><Name><Name6>PAPER STAR</Name6><NameType>Primary Name</NameType></Name></Names>
 <IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship><IMONumbers><IMONumber>9074729</IMONumber><IMONumber>9074728</IMONumber></IMONumbers><CurrentOwnerOperators><CurrentOwnerOperator>River League</CurrentOwnerOperator></CurrentOwnerOperators></Ship></ShipDetails>
</Designation></Designations>`

const sampleAdvanced = `<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0"><DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>2</Month><Day>3</Day></DateOfIssue>
<ReferenceValueSets>
 <AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
 <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType><PartyType ID="4">Transport</PartyType></PartyTypeValues>
 <PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
 <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="26">Title</FeatureType></FeatureTypeValues>
 <RelationTypeValues><RelationType ID="15003">Owned or Controlled By</RelationType></RelationTypeValues>
 <IDRegDocTypeValues><IDRegDocType ID="1570">Passport</IDRegDocType><IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType></IDRegDocTypeValues>
</ReferenceValueSets>
<IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="1570" IdentityID="41"><IDRegistrationNo>P123</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="2" IDRegDocTypeID="1626" IdentityID="61"><IDRegistrationNo>IMO 9074729</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties>
 <DistinctParty FixedRef="400"><Comment>Treasurer.</Comment><Profile ID="400" PartySubTypeID="4"><Identity ID="41" Primary="true">
  <Alias AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName><DocumentedNamePart><NamePartValue ScriptID="215">Ilsie</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue ScriptID="215">Vandorp</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue ScriptID="215">Ilse</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  </Identity><Feature FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From><Year>1970</Year><Month>2</Month><Day>3</Day></From></Start></DatePeriod></FeatureVersion></Feature></Profile></DistinctParty>
 <DistinctParty FixedRef="500"><Profile ID="500" PartySubTypeID="3"><Identity ID="51"><Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue>RIVER LEAGUE</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  <Alias AliasTypeID="1401" Primary="false" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue>LAKE LEAGUE</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity></Profile></DistinctParty>
 <DistinctParty FixedRef="600"><Profile ID="600" PartySubTypeID="1"><Identity ID="61"><Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue>PAPER STAR</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity></Profile></DistinctParty>
</DistinctParties>
<ProfileRelationships><ProfileRelationship ID="1" From-ProfileID="600" To-ProfileID="500" RelationTypeID="15003" Former="false"/><ProfileRelationship ID="2" From-ProfileID="600" To-ProfileID="999" RelationTypeID="15003" Former="false"/></ProfileRelationships>
<SanctionsEntries><SanctionsEntry ID="9" ProfileID="500"><EntryEvent><Date><Year>2019</Year><Month>12</Month><Day>4</Day></Date></EntryEvent><SanctionsMeasure><Comment>SDGT</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries>
</Sanctions>`

const sampleFTM = `{"id":"a1","schema":"Organization","properties":{"name":["River League","رابطة النهر"],"alias":["RL"],"weakAlias":["Water Boys"],"previousName":["Lake League"],"country":["sy"]}}
{"id":"a2","schema":"Person","properties":{"name":["Ilse Vandorp"],"birthDate":["1970-02-03","about 1970"]}}
{"id":"a3","schema":"Vessel","properties":{"name":["Paper Star"],"imoNumber":["IMO9074729"]}}
{"id":"a4","schema":"Ownership","properties":{"owner":["a1"],"asset":["a3"],"percentage":["62.5%"],"startDate":["2018"]}}
{"id":"a5","schema":"Sanction","properties":{"entity":["a1"],"authority":["River authority"],"startDate":["2019-12-04"]}}
{"id":"a6","schema":"Address","properties":{"full":["1 River Street"]}}
`

func sample(t testing.TB, name, text string) *designation.Edition {
	t.Helper()
	e, err := Read(File{name, []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestFormsOfOtherAuthorities(t *testing.T) {
	for _, tt := range []struct {
		file, text string
		list       string
		day        designation.Day
		left       int
		entries    []string // ID kind "name (quality)", … listed on, births
	}{
		{"eu.xml", sampleEU, "EU", "2026-02-20", 1, []string{
			`EU:EU.1.10 organisation [River League (primary) RL (good) رابطة النهر (good) Water Boys (low)] 2016-07-08 [] [SYRIA] [registration number 77 UN reference QDe.900] []`,
			`EU:EU.2.20 person [Ilse Vandorp (primary)] 2020-05-01 [1970-02-03 1971] [NETHERLANDS] [] []`}},
		{"uk.xml", sampleUK, "UK", "2026-02-03", 0, []string{
			`UK:XYZ0001 person [Ilse VANDORP (primary) Old League (good) Ильзе Вандорп (good)] 2020-02-01 [1970 1971-02-03] [Netherlands] [] []`,
			`UK:XYZ0002 vessel [PAPER STAR (primary)]  [] [] [IMO 9074728 (the check figure is 8; expected 9) IMO 9074729] [vessel owner or operator  River League]`}},
		{"sdn_advanced.xml", sampleAdvanced, "OFAC", "2026-02-03", 1, []string{
			`OFAC:400 person [Vandorp Ilse (primary) Ilsie (low)]  [1970-02-03] [] [passport P123] []`,
			`OFAC:500 organisation [RIVER LEAGUE (primary) LAKE LEAGUE (former)] 2019-12-04 [] [] [] []`,
			`OFAC:600 vessel [PAPER STAR (primary)]  [] [] [IMO 9074729] [owned or controlled by OFAC:500 RIVER LEAGUE]`}},
		{"ftm.json", sampleFTM, "FTM", "", 2, []string{
			`FTM:a1 organisation [River League (primary) رابطة النهر (good) RL (good) Water Boys (low) Lake League (former)] 2019-12-04 [] [sy] [] []`,
			`FTM:a2 person [Ilse Vandorp (primary)]  [1970-02-03] [] [] []`,
			`FTM:a3 vessel [Paper Star (primary)]  [] [] [IMO 9074729] [owned by FTM:a1 River League 62.50 %]`}},
	} {
		e := sample(t, tt.file, tt.text)
		if e.List != tt.list || e.Date != tt.day || e.Stated != (tt.day != "") || len(e.Report.Left) != tt.left {
			t.Errorf("%s: read %s of %q, left %+v", tt.file, e.List, e.Date, e.Report.Left)
		}
		var got []string
		for i := range e.Entries {
			got = append(got, said(&e.Entries[i]))
		}
		if !slices.Equal(got, tt.entries) {
			t.Errorf("%s: read\n%s\nexpected\n%s", tt.file, strings.Join(got, "\n"), strings.Join(tt.entries, "\n"))
		}
	}
}

func said(x *designation.Entry) string {
	names, ids, relations := []string{}, []string{}, []string{}
	for _, n := range x.Names {
		names = append(names, fmt.Sprintf("%s (%s)", n.Text, n.Quality))
	}
	for _, id := range x.Identifiers {
		s := id.Scheme + " " + id.Value
		if id.Fault != "" {
			s += " (" + id.Fault + ")"
		}
		ids = append(ids, s)
	}
	for _, r := range x.Relations {
		s := fmt.Sprintf("%s %s %s", r.Kind, r.To, r.Name)
		if r.Share > 0 {
			s += " " + r.Share.String()
		}
		relations = append(relations, s)
	}
	return fmt.Sprintf("%s %s %v %s %v %v %v %v", x.ID, x.Kind, names, x.ListedOn, x.Births, x.Countries, ids, relations)
}

// A list that does not hold gives one error with the place, and nothing else.
func TestListsThatDoNotHold(t *testing.T) {
	un := `<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2026-01-01T00:00:00Z"><ENTITIES><ENTITY><FIRST_NAME>River League</FIRST_NAME><REFERENCE_NUMBER>QDe.900</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>`
	sample(t, "sound.xml", un)
	sdn := "1,\"RIVER LEAGUE\",-0-,\"SDGT\",-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-\n"
	sample(t, "sdn.csv", sdn)
	for _, tt := range []struct{ what, text, expected string }{
		{"nothing", "", "an empty file"},
		{"no list", "hello", "a list in one of the forms"},
		{"binary", "\x7fELF\x00\x01", "no text in UTF-8"},
		{"another XML", "<html><body/></html>", "a list in one of the forms"},
		{"cut short", un[:len(un)-60], "cut short"},
		{"cut in a tag", un[:120], "cut short"},
		{"broken", strings.Replace(un, "</FIRST_NAME>", "</FIRST>", 1), "at line 1"},
		{"wrong encoding", strings.Replace(un, "River", "R\xedver", 1), "which is no UTF-8"},
		{"unknown encoding", strings.Replace(strings.Replace(un, "UTF-8", "x-none", 1), "River", "R\xedver", 1), "encoding"},
		{"a bomb", strings.Replace(un, "<CONSOLIDATED", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><CONSOLIDATED`, 1), "declaration of an entity"},
		{"an entity", strings.Replace(un, "River", "&river;", 1), "entity"},
		{"deep", strings.Replace(un, "<ENTITIES>", "<ENTITIES>"+strings.Repeat("<x>", 100), 1), "deep"},
		{"no reference", strings.Replace(un, "QDe.900", " ", 1), "a reference as QDe.137"},
		{"a bad date", strings.Replace(un, "2026-01-01T", "yesterday", 1), "dateGenerated"},
		{"no entries", `<CONSOLIDATED_LIST dateGenerated="2026-01-01T00:00:00Z"></CONSOLIDATED_LIST>`, "a list with entries"},
		{"a line cut short", sdn + "2,\"LAKE LEAGUE\",-0-,\"SD", "line 2"},
		{"a line too short", sdn + "2,\"LAKE LEAGUE\",-0-\n", "line 2"},
		{"a line without a number", sdn + strings.Replace(sdn, "1,", "x,", 1), "the number of an entry"},
		{"aliases alone", "1,12,\"aka\",\"RL\",-0-\n", "the file of entries"},
		{"JSON cut short", sampleFTM[:len(sampleFTM)-30], "line 6"},
	} {
		_, err := Read(File{"list", []byte(tt.text)})
		var fault *parley.Fault
		if !errors.As(err, &fault) {
			t.Errorf("%s: read %v; expected a fault", tt.what, err)
			continue
		}
		if s := fault.Field + " " + fault.Read + " " + fault.Expected; !strings.Contains(s, tt.expected) {
			t.Errorf("%s: read %q; expected to find %q", tt.what, s, tt.expected)
		}
	}
}

// An edition that is written as FollowTheMoney and read again has the same names and days.
func TestWriteFTM(t *testing.T) {
	for _, e := range []*designation.Edition{edition(t, "un_consolidated_2026-02-27.xml"), sample(t, "sdn_advanced.xml", sampleAdvanced)} {
		var b bytes.Buffer
		if err := WriteFTM(&b, e); err != nil {
			t.Fatal(err)
		}
		again := sample(t, "again.json", b.String())
		if len(again.Entries) != len(e.Entries) {
			t.Fatalf("read %d entries; expected %d", len(again.Entries), len(e.Entries))
		}
		for i := range e.Entries {
			x := &e.Entries[i]
			y, ok := again.Entry(designation.ID("FTM:" + ftmID(x.ID)))
			if !ok || y.ListedOn != x.ListedOn || y.Kind != x.Kind {
				t.Fatalf("%s: read %+v", x.ID, y)
			}
			for _, n := range x.Names {
				if !slices.Contains(names(y), tidy(n.Text)) {
					t.Errorf("%s: the name %q is gone; read %q", x.ID, n.Text, names(y))
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{sampleEU, sampleUK, sampleAdvanced, sampleFTM, "1,\"A B\",-0-,\"SDGT\",-0-,-0-,-0-,-0-,-0-,-0-,-0-,\"a.k.a. 'C D'; Linked To: A B.\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Read(File{"list", data})
		if err != nil {
			return
		}
		for i := range e.Entries {
			for _, n := range e.Entries[i].Names {
				if strings.TrimSpace(n.Text) == "" || n.Raw < 0 || n.Raw >= len(e.Entries[i].Raw) {
					t.Fatalf("the name %q has no string it was read from", n.Text)
				}
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	for _, s := range []string{"A (B; C (D)) / E", "Mohammad b) M. Javad; x", "جبهة (the Front; F) - sub-unit name", "(((", ")a)b(c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range unpack(s) {
			if strings.TrimSpace(p.text) != p.text || p.text == "" {
				t.Fatalf("%q: a name %q", s, p.text)
			}
		}
	})
}
