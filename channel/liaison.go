package channel

import (
	"fmt"

	"parley"
	"parley/duty"
)

// liaisonLog puts an ordinary contact on record.
func (t *turn) liaisonLog(b *parley.LiaisonLog) (effect, *Refusal) {
	return t.liaise("body.with", "body.at", b.With, parley.NoticeLiaison, &parley.Liaison{Means: b.Means, At: b.At, Reached: b.Reached, Words: b.Words})
}

// channelStatus puts a side's word about its line on record. The other side's own word about the same line is another record.
func (t *turn) channelStatus(b *parley.ChannelStatus) (effect, *Refusal) {
	return t.liaise("body.with", "body.since", b.With, parley.NoticeLine, &parley.Liaison{State: b.State, At: b.Since, Words: b.Reason})
}

// testCall puts a test of the duty line on record.
func (t *turn) testCall(b *parley.TestCall) (effect, *Refusal) {
	return t.liaise("body.to", "body.at", b.To, parley.NoticeTestCall, &parley.Liaison{Means: parley.LiaisonTelephone, At: b.At, Reached: b.Answered, Seconds: b.Seconds})
}

// liaise keeps a record between the account that speaks and another side, and tells that side and the desk. Parties know each other;
// organisations are known to the desk alone, so only the desk names one.
func (t *turn) liaise(field, when string, with parley.Ref, notice parley.NoticeKind, l *parley.Liaison) (effect, *Refusal) {
	a := t.s.accounts.get(string(with))
	if a == nil || with.Kind() == parley.RefOrganisation && t.account != parley.Desk {
		return nil, notFound(field)
	}
	if with == t.account {
		return nil, refuse(parley.CodeInvalid, field, string(with), "another side")
	}
	if l.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, when, parley.Stamp(l.At), "a time that has been")
	}
	return func() {
		t.ref = with
		l.Kind, l.By, l.From, l.To, l.Told, l.Noted, l.Position = t.cmd.Kind, t.by(), t.account, with, t.told(), t.at, t.position
		t.s.liaisons.put(fmt.Sprintf("%015d", t.position), l)
		if t.cmd.Kind == "testcall" && l.Reached {
			t.s.tested(t.account, with, t.at)
		}
		t.tell(with, notice, parley.Versioned{}, other(t.account))
		if with != parley.Desk && t.account != parley.Desk {
			t.tell(parley.Desk, notice, parley.Versioned{}, other(t.account))
		}
	}, nil
}

// tested starts the clocks of the next test call of both sides' duty lines: a person answered.
func (s *State) tested(from, to parley.Ref, at int64) {
	for _, ref := range []parley.Ref{from, to} {
		if ref.Kind() == parley.RefParty {
			s.cancel(ref, deadlineTestCall)
			s.after(at, s.profile().Clocks.TestCall, ref, deadlineTestCall, "")
		}
	}
}

// testCallDue reminds a party and the desk that nobody has tested its duty line, again and again. A party that rests is not reminded.
func (s *State) testCallDue(d duty.Deadline, at int64) {
	ref := parley.Ref(d.Ref)
	if !s.accounts.get(d.Ref).Suspended {
		s.noted(d, at, ref, parley.NoticeTestCallDue, parley.Versioned{Ref: ref})
		s.noted(d, at, parley.Desk, parley.NoticeTestCallDue, parley.Versioned{Ref: ref})
	}
	s.after(d.Due, s.profile().Clocks.TestCall, ref, deadlineTestCall, "")
}
