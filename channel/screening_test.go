package channel_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// screeners enrols four officers who screen for an organisation, and puts an edition of a list on record.
func screeners(c *cast.Cast, account parley.Ref) (officers [4]*cast.Person, edition parley.Hash) {
	for i := range officers {
		officers[i] = c.Enrol(account, parley.ScreeningOfficer)
	}
	edition = parley.Hash{1}
	c.Tell(officers[0], &parley.ListLoad{List: "UN", Published: c.Now() - 40*parley.Day, Hash: edition, Entries: 1003})
	return officers, edition
}

func TestScreeningFromLookToAppeal(t *testing.T) {
	c, b := cast.NewBare(t)
	who, first := screeners(c, c.OrgRef)
	open := func(d *draft.Draft) parley.Body {
		return &parley.ScreeningOpen{Subject: d.Text("River Trading"), SubjectKind: "organisation", As: "supplier", Editions: []parley.Hash{first}, Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.900", Score: 910}, {Entry: "UN:QDe.901", Score: 700}}}
	}
	// An edition that the account has not put on record, and an entry of another list, are refused.
	c.Refused(parley.CodeNotFound, who[0], func(d *draft.Draft) parley.Body {
		return &parley.ScreeningOpen{Subject: d.Text("x"), SubjectKind: "person", As: "donor", Editions: []parley.Hash{{9}}}
	})
	c.Refused(parley.CodeInvalid, who[0], func(d *draft.Draft) parley.Body {
		return &parley.ScreeningOpen{Subject: d.Text("x"), SubjectKind: "person", As: "donor", Editions: []parley.Hash{first}, Candidates: []parley.ScreenedEntry{{Entry: "OFAC:1", Score: 1}}}
	})
	c.Refused(parley.CodeNotPermitted, c.Org, open)
	ref := c.Must(who[0], open).Ref

	decide := func(entry string, confirmed bool) func(*draft.Draft) parley.Body {
		return func(d *draft.Draft) parley.Body {
			reason := parley.ScreeningReason("other_body")
			if confirmed {
				reason = "same_identifiers"
			}
			return &parley.ScreeningDecide{Screening: ref, Entry: entry, Confirmed: confirmed, Reason: reason, Words: d.Text("because")}
		}
	}
	c.Refused(parley.CodeFourEyes, who[0], decide("UN:QDe.900", true)) // one alone decides nothing
	c.Refused(parley.CodeNotFound, who[0], decide("UN:QDe.999", true), who[1])
	c.Must(who[0], decide("UN:QDe.900", true), who[1])
	c.Must(who[0], decide("UN:QDe.901", false), who[1])
	c.Refused(parley.CodeWrongState, who[2], decide("UN:QDe.900", false), who[3]) // not contested

	// Contested, two others decide.
	c.Must(who[1], func(d *draft.Draft) parley.Body {
		return &parley.ScreeningAppeal{Screening: ref, Entry: "UN:QDe.900", From: "subject", Words: d.Text("we are another company")}
	})
	c.Refused(parley.CodeFourEyes, who[0], decide("UN:QDe.900", false), who[2])
	c.Refused(parley.CodeFourEyes, who[2], decide("UN:QDe.900", false), who[1])
	c.Must(who[2], decide("UN:QDe.900", false), who[3])
	c.Must(who[0], func(d *draft.Draft) parley.Body {
		return &parley.ScreeningNote{Screening: ref, CarveOut: "unscr_2664", Words: d.Text("food for the town")}
	})

	// A newer edition makes the look old; the new look keeps what was decided and brings what is new.
	second := parley.Hash{2}
	c.Tell(who[0], &parley.ListLoad{List: "UN", Published: c.Now() - parley.Day, Hash: second, Entries: 1004})
	c.Refused(parley.CodeExists, who[0], func(*draft.Draft) parley.Body {
		return &parley.ListLoad{List: "UN", Published: c.Now() - parley.Day, Hash: second, Entries: 1004}
	})
	if s, _ := viewer(c, b, who[3]).Screening(ref); !slices.Equal(s.Stale, []string{"UN"}) || s.Waiting != 0 {
		t.Errorf("after a new edition: %+v", s)
	}
	c.Tell(who[0], &parley.ScreeningRepeat{Screening: ref, Editions: []parley.Hash{second}, Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.901", Score: 720}, {Entry: "UN:QDe.902", Score: 800}}})
	s, ok := viewer(c, b, who[3]).Screening(ref)
	if !ok || s.Subject == "" || len(s.Stale) != 0 || s.Waiting != 1 || len(s.Looks) != 2 || s.Looks[0].Editions[0].Age != 40 || len(s.Notes) != 1 || s.Notes[0].CarveOut != "unscr_2664" || s.Sentence == "" {
		t.Fatalf("read %+v", s)
	}
	var got []string
	for _, x := range s.Candidates {
		line := x.Entry + " " + string(x.State)
		if x.Gone {
			line += " gone"
		}
		for _, step := range x.Steps {
			line += " " + string(step.To) + "/" + string(rune('0'+len(step.By)))
		}
		got = append(got, line)
	}
	want := []string{"UN:QDe.900 set_aside gone confirmed/2 contested/1 set_aside/2", "UN:QDe.901 set_aside set_aside/2", "UN:QDe.902 to_review"}
	if !slices.Equal(got, want) {
		t.Errorf("read\n%s\nexpected\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	// Nobody else learns of it: not others of the account, not the desk, not a party, not another organisation that screens.
	others, _ := screeners(c, c.OtherRef)
	for _, p := range []*cast.Person{c.Org, c.Verifier, c.A.Officer, c.Monitor, c.Trustees[0], others[0]} {
		if _, ok := viewer(c, b, p).Screening(ref); ok {
			t.Errorf("%s sees a screening of another's", p.Account)
		}
		if list, _ := viewer(c, b, p).Screenings(0, 100); len(list) > 0 {
			t.Errorf("%s lists %d screenings", p.Account, len(list))
		}
	}
	c.Refused(parley.CodeNotFound, others[0], decide("UN:QDe.902", false), others[1])
}

// Scenario 10 of the field's practice: a hospital is run by a body that a list has. It stays notified, released and checked against, whatever is
// found of its supplier; every other reader sees just what they would see without the screening.
func TestScreeningChangesNoProtection(t *testing.T) {
	seen := func(screened bool) string {
		c, b := cast.NewBare(t)
		who, edition := screeners(c, c.OrgRef)
		site := c.NotifyHospital(cast.At(35.9528, 39.0079))
		c.Release(cast.V(site, 1), c.A.Ref)
		if screened {
			ref := c.Must(who[0], func(d *draft.Draft) parley.Body {
				return &parley.ScreeningOpen{Subject: d.Text("the body that runs the hospital"), SubjectKind: "organisation", As: "consignee", Editions: []parley.Hash{edition}, Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.900", Score: 1000}}}
			}).Ref
			c.Must(who[0], func(d *draft.Draft) parley.Body {
				return &parley.ScreeningDecide{Screening: ref, Entry: "UN:QDe.900", Confirmed: true, Reason: "same_identifiers", Words: d.Text("registered under it")}
			}, who[1])
		}
		object, ok := viewer(c, b, c.A.Officer).Object(site)
		if !ok {
			t.Fatal("the party does not have the hospital")
		}
		file, _ := viewer(c, b, c.Org).Object(site)
		var said []string
		for i, p := range []*cast.Person{c.A.Officer, c.B.Officer, c.Org, c.Verifier} {
			notices, _ := viewer(c, b, p).Inbox(0, 1000)
			for _, n := range notices {
				said = append(said, fmt.Sprint(i, " ", n.Kind))
			}
		}
		check := c.Tell(c.A.Adviser, &parley.CheckRecord{Shape: cast.Square(cast.At(35.9528, 39.0079), 0.01), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)})
		found, _ := viewer(c, b, c.A.Adviser).Check(check.Ref)
		if len(found.Indications) != 1 || found.Indications[0].Object.Ref != site {
			t.Errorf("screened %v: the check found %+v", screened, found.Indications)
		}
		return strings.Join(said, "\n") + string(object.State) + string(file.State) + string(file.Currency)
	}
	if with, without := seen(true), seen(false); with != without {
		t.Errorf("a screening changed what others see:\n%s\n\n%s", with, without)
	}
}

// Nothing but the files of screening touches its records.
func TestOnlyScreeningReadsScreenings(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	touched := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "screening" {
				return true
			}
			switch touched++; f.Name() {
			case "screening.go", "view_screening.go":
			case "state.go": // makes the tables
			default:
				t.Errorf("%s reads records of screening (wall 5)", f.Name())
			}
			return true
		})
	}
	if touched == 0 {
		t.Error("no file reads records of screening: this test looks for nothing")
	}
}
