package channel_test

import (
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// The acceptance story: notify, question, answer, verify, release, a wrong read-back that is kept, a right one, the site moves, the
// acknowledgement is stale.
func TestHospitalFromNotificationToStaleAcknowledgement(t *testing.T) {
	c, b := cast.NewBare(t)
	here := cast.At(35.9528, 39.0079)
	ref := c.NotifyHospital(here)
	v1 := cast.V(ref, 1)
	q := c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectQuery{Of: v1, Field: "markings", Question: d.Text("How is the roof marked?")}
	}).Ref
	c.Refused(parley.CodeWrongState, c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: v1, Method: parley.CheckedMap, Source: d.Text("map"), On: c.Now()}
	})
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.ObjectAnswer{Query: q, Answer: d.Text("Red crescent on the roof")}
	})
	c.Release(v1, c.A.Ref, c.B.Ref)

	wrong := cast.At(35.9528, 39.0179)
	c.Refused(parley.CodeReadBack, c.A.Officer, func(*draft.Draft) parley.Body { return &parley.ObjectAcknowledge{Of: v1, ReadBack: wrong} })
	if last := b.Entries[len(b.Entries)-1]; last.Signed.Command.Kind != "object.acknowledge" {
		t.Fatal("the wrong read-back is not on record")
	}
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: v1, ReadBack: here})

	moved := cast.At(35.9555, 39.0079) // 300 m north
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: v1, Site: cast.Hospital(d, moved, cast.Start, c.A.Ref, c.B.Ref)}
	})
	file, ok := viewer(c, b, c.Org).Object(ref)
	if !ok {
		t.Fatal("the notifier does not see its own object")
	}
	for _, h := range file.Holdings {
		if h.Party == c.A.Ref && (!h.Stale || h.WrongReads != 1 || h.Acknowledged == "") {
			t.Errorf("A's holding: %+v; expected an acknowledgement shown stale, after one wrong read-back", h)
		}
	}
	c.Release(cast.V(ref, 2), c.A.Ref)
	list, _, _ := viewer(c, b, c.A.Officer).List(0, 10)
	if list.Count != 1 {
		t.Errorf("A's list has %d entries; expected the one site, in its newest version", list.Count)
	}
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 2), ReadBack: moved})
}
