package channel_test

import (
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// superseded notifies a hospital and releases two versions to A, which has acknowledged neither: both keep-outs stand.
func superseded(t *testing.T) (*cast.Cast, *cast.Bare, parley.Ref) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(ref, 1), Site: cast.Hospital(d, cast.At(35.9555, 39.0079), cast.Start, c.A.Ref)}
	})
	c.Release(cast.V(ref, 2), c.A.Ref)
	return c, b, ref
}

func held(c *cast.Cast, b *cast.Bare, ref parley.Ref) map[string]string {
	states := map[string]string{}
	for _, v := range []int{1, 2} {
		states[cast.V("", v).String()] = b.State.States()["release "+cast.V(ref, v).String()+">"+string(c.A.Ref)]
	}
	return states
}

// A superseded version that still stands can be called back, and its deletion confirmed, while the newer one stays.
func TestSupersededVersionCanBeCalledBack(t *testing.T) {
	c, b, ref := superseded(t)
	c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(ref, 1), To: c.A.Ref, Reason: d.Text("a wrong place")}
	})
	c.Tell(c.A.Officer, &parley.RecallConfirm{Of: cast.V(ref, 1)})
	if got := held(c, b, ref); got["/v1"] != string(parley.Deleted) || got["/v2"] != string(parley.Released) {
		t.Errorf("the versions stand as %v; expected the first deleted and the second released", got)
	}
	if list := headOf(c, b, c.A.Officer); list.Count != 1 {
		t.Errorf("A's list has %d entries; expected the second version in its slot", list.Count)
	}
}

// When consent ends, everything that a party still reckons with is called back: the superseded version too.
func TestConsentWithdrawnCallsBackEveryVersionThatStands(t *testing.T) {
	c, b, ref := superseded(t)
	from := mark(c, b, c.A.Officer)
	c.Tell(c.Org, &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: ref, Reason: parley.ConsentEnded}})
	if got := held(c, b, ref); got["/v1"] != string(parley.Recalled) || got["/v2"] != string(parley.Recalled) {
		t.Errorf("the versions stand as %v; expected both recalled", got)
	}
	recalled := 0
	for _, k := range kinds(c, b, c.A.Officer, from) {
		if k == parley.NoticeRecalled {
			recalled++
		}
	}
	if recalled != 2 {
		t.Errorf("A was told of %d recalls; expected 2", recalled)
	}
	if list := headOf(c, b, c.A.Officer); list.Count != 0 {
		t.Errorf("A's list has %d entries; expected none", list.Count)
	}
}
