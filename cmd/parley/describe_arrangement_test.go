package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/release"
)

// What is printed of an arrangement is words, and its lists are bounded: however long a line has stood, it fits a terminal.
func TestDescribeArrangementIsBoundedAndInWords(t *testing.T) {
	ar := &release.Arrangement{Ref: "CORR-7K3F-Q2", Kind: "corridor", Version: 1, State: "in_force", Agreed: 1, Of: 2, Missing: channel.MissingParts, Sentence: parley.SentencePassage,
		Consents: []release.Consent{{Party: "PARTY-7K3F-Q2", Status: parley.ConsentNoAnswer}}, Line: &release.LineTerms{Kind: "no_fire", Basis: parley.BasisCustomary}, Corridor: &release.CorridorTerms{Direction: parley.Along}}
	for i := range 50 {
		ar.Cuts = append(ar.Cuts, parley.Ref(fmt.Sprintf("SITE-%04d-Q2", i)))
		ar.Log = append(ar.Log, release.ArrangementStep{State: "in_force", At: fmt.Sprintf("2017-09-01T06:00:%02dZ", i)})
		ar.Events = append(ar.Events, release.Crossed{Ref: "XED-7K3F-Q2", Asked: []release.PresenceWord{{Answer: parley.PresenceNotOwn}}})
	}
	var out bytes.Buffer
	(&app{out: &out}).describeArrangement(ar)
	text := out.String()
	for _, want := range []string{"no fire, resting on a claim of custom", "no answer", "from its first point to its last", "not its people", "SITE-0019-Q2 and 30 more", "and 30 more, earlier; --json holds all", "06:00:49Z", parley.SentencePassage} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	for _, code := range []string{"no_fire", "no_answer", "in_force", "not_own", "customary_claim", "family_unity", "06:00:29Z", "SITE-0020"} {
		if strings.Contains(text, code) {
			t.Errorf("%q is printed", code)
		}
	}
	if n := strings.Count(text, "MISSING"); n != len(channel.MissingParts) {
		t.Errorf("%d parts are said to be missing; expected %d, each in words", n, len(channel.MissingParts))
	}
	for _, part := range channel.MissingParts {
		if missingWords[part] == "" {
			t.Errorf("no words for %s", part)
		}
	}
}
