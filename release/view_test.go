package release

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
	"parley/geo"
)

// The owner reads back everything a site was notified with, so that the next version can state it again; a recipient reads none of what is private.
func TestOwnerReadsBackAllOfASite(t *testing.T) {
	texts := map[parley.Commitment]string{}
	text := func(words string) parley.Commitment {
		c := parley.CommitmentOf(parley.Bits128{byte(len(texts) + 1)}, words)
		texts[c] = words
		return c
	}
	site := &parley.Site{Category: "hospital", Names: []parley.LocalName{{Language: "en", Name: text("the name")}}, Function: text("the function"),
		Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: 390087400, Lat: 359512300}}}, KeepOut: 700,
		Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 10, On: 1500000000000, Notation: "DD", Written: text("as written")},
		Admin:    []string{"SY11", "SY1101"}, Address: text("the address"), Markings: []parley.Marking{parley.Flag}, Operator: text("the operator"),
		Supporter: text("the supporter"), Since: 1400000000000, Occupancy: "51-200", CoLocation: &parley.CoLocation{NoneWithin: 300, KnownOn: 1500000000000},
		SignedOff: []parley.Commitment{text("the officer")}, Contact: parley.Contact{Name: text("the contact"), Phone: text("the phone"), Alternate: text("the alternate")},
		From: 1500000000000, Until: 1600000000000, Shared: parley.Sharing{Sensitivity: parley.High}}
	profile := parley.DefaultProfile()
	read := func(g Grant) string {
		out := Cut(&parley.Version{Of: parley.Versioned{Ref: "SITE-7K3F-Q2", Version: 1}, Site: site}, &profile, g, func(c parley.Commitment) string { return texts[c] })
		written, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		return string(written)
	}
	full := read(Grant{Full: true})
	private := []string{"the function", "as written", "2017-07-14", "SY1101", "the operator", "the supporter", "2014-05-13", `"none_within":300`, "the officer", "the contact", "the alternate"}
	for _, want := range append(private, "the name", "the address", "the phone", "flag", "51-200", `"keep_out":700`) {
		if !strings.Contains(full, want) {
			t.Errorf("the owner reads %s; expected %q in it", full, want)
		}
	}
	given := read(Grant{Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldAddress, parley.FieldContact}})
	for _, not := range private {
		if not != "2017-07-14" && strings.Contains(given, not) { // the day of the window's beginning, too
			t.Errorf("a recipient reads %s; expected no %q in it", given, not)
		}
	}
}
