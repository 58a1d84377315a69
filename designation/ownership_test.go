package designation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/designation"
)

func TestOwners(t *testing.T) {
	h := func(owner, asset string, percent float64, more ...string) designation.Stake {
		x := designation.Stake{Owner: owner, Asset: asset, Share: designation.Share(percent * 100), Source: "a register"}
		if percent == 0 {
			x.Control = "controlled by"
		}
		if len(more) > 1 {
			x.From, x.Until = designation.Day(more[0]), designation.Day(more[1])
		}
		return x
	}
	listed := func(s string) bool { return strings.HasPrefix(s, "L") }
	ofac, _ := designation.RuleNamed("ofac")
	eu, _ := designation.RuleNamed("eu")
	uk, _ := designation.RuleNamed("uk")
	for _, tt := range []struct {
		what     string
		holdings []designation.Stake
		on       designation.Day
		rule     designation.OwnershipRule
		met      bool
		share    designation.Share
		paths    int
		control  int
		cycle    bool
	}{
		{"half", []designation.Stake{h("L1", "X", 50)}, "", ofac, true, 50_00, 1, 0, false},
		{"half is not more than half", []designation.Stake{h("L1", "X", 50)}, "", uk, false, 50_00, 1, 0, false},
		{"a hair less", []designation.Stake{h("L1", "X", 49.99)}, "", ofac, false, 49_99, 1, 0, false},
		{"two together", []designation.Stake{h("L1", "X", 25), h("L2", "X", 25)}, "", ofac, true, 50_00, 2, 0, false},
		{"two are not added", []designation.Stake{h("L1", "X", 30), h("L2", "X", 30)}, "", uk, false, 30_00, 2, 0, false},
		{"through one that they own", []designation.Stake{h("L1", "A", 60), h("A", "X", 50)}, "", ofac, true, 50_00, 1, 0, false},
		{"parts are not multiplied", []designation.Stake{h("L1", "A", 50), h("A", "B", 50), h("B", "X", 50)}, "", ofac, true, 50_00, 1, 0, false},
		{"through one that they do not own", []designation.Stake{h("L1", "A", 40), h("A", "X", 100)}, "", ofac, false, 0, 0, 0, false},
		{"directly and through another", []designation.Stake{h("L1", "A", 50), h("A", "X", 25), h("L1", "X", 25)}, "", ofac, true, 50_00, 2, 0, false},
		{"control counts", []designation.Stake{h("L1", "X", 0)}, "", eu, true, 0, 0, 1, false},
		{"control is shown where it does not count", []designation.Stake{h("L1", "X", 0)}, "", ofac, false, 0, 0, 1, false},
		{"sold before", []designation.Stake{h("L1", "X", 80, "2010", "2015")}, "2016", ofac, false, 0, 0, 0, false},
		{"not yet sold", []designation.Stake{h("L1", "X", 80, "2010", "2015")}, "2014-12-31", ofac, true, 80_00, 1, 0, false},
		{"a circle without a listed owner", []designation.Stake{h("A", "X", 60), h("X", "A", 60)}, "", ofac, false, 0, 0, 0, true},
		{"a circle with one", []designation.Stake{h("A", "X", 60), h("X", "A", 40), h("L1", "A", 60)}, "", ofac, true, 60_00, 1, 0, true},
		{"owns itself", []designation.Stake{h("X", "X", 100)}, "", ofac, false, 0, 0, 0, true},
		{"nobody", nil, "", ofac, false, 0, 0, 0, false},
	} {
		o := designation.NewOwnership(tt.holdings).Owners("X", tt.on, tt.rule, listed)
		if o.Met != tt.met || o.Share != tt.share || len(o.Paths) != tt.paths || len(o.Control) != tt.control || o.Cycle != tt.cycle {
			t.Errorf("%s: read met %v, share %s, paths %v, control %v, circle %v; expected %v, %s, %d, %d, %v", tt.what, o.Met, o.Share, o.Paths, o.Control, o.Cycle, tt.met, tt.share, tt.paths, tt.control, tt.cycle)
		}
		if o.Sentence == "" {
			t.Errorf("%s: nothing is said", tt.what)
		}
	}
	if o := designation.NewOwnership([]designation.Stake{h("L1", "X", 70), h("L2", "X", 70)}).Overfull(""); !slices.Equal(o, []string{"X"}) {
		t.Errorf("read %v as owned more than wholly", o)
	}
}

// Another holding of a listed owner never takes a count away, whatever circles there are.
func TestMoreHoldingsCountNoLess(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	listed := func(s string) bool { return s == "0" || s == "1" }
	for range 2000 {
		var hs []designation.Stake
		for range 3 + rng.IntN(9) {
			hs = append(hs, designation.Stake{Owner: fmt.Sprint(rng.IntN(7)), Asset: fmt.Sprint(2 + rng.IntN(5)), Share: designation.Share(rng.IntN(100_00)), Control: "c"})
		}
		for _, rule := range designation.Rules {
			before := designation.NewOwnership(hs).Owners("6", "", rule, listed)
			more := append(slices.Clone(hs), designation.Stake{Owner: "0", Asset: fmt.Sprint(2 + rng.IntN(5)), Share: 51_00})
			after := designation.NewOwnership(more).Owners("6", "", rule, listed)
			if before.Met && !after.Met || after.Share < before.Share {
				t.Fatalf("%s: with %v read %v %s, with one more %v %s", rule.Name, hs, before.Met, before.Share, after.Met, after.Share)
			}
		}
	}
}
