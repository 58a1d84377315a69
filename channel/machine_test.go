package channel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/need"
	"parley/release"
)

// look compares the state with the one before, and the notices that are new with what their readers may know.
func (w *walk) look(what string) {
	w.t.Helper()
	now := w.bare.State.States()
	for key, to := range now {
		machine := machineOf(key)
		from, had := w.standing[key]
		switch {
		case !had && !machine.Begins(to):
			w.t.Errorf("after %s: %s begins as %s, which is no beginning of its machine", what, key, to)
		case had && from != to:
			w.seen[machine.Name+": "+from+" to "+to]++
			if !machine.May(from, to) {
				w.t.Errorf("after %s: %s went from %s to %s, which is no move of its machine", what, key, from, to)
			}
		}
	}
	for key, from := range w.standing {
		// An open indication leaves with the version of the area that met the object: nothing was answered.
		if _, ok := now[key]; !ok && !(strings.HasPrefix(key, "indication ") && from == string(parley.IndicationOpen)) {
			w.t.Errorf("after %s: %s is gone; it was %s", what, key, from)
		}
	}
	w.standing = now
	for _, n := range w.bare.State.NoticesFrom(w.notices) {
		w.notices++
		for _, ref := range []parley.Ref{n.Object, n.Other} {
			// what follows from a command without being its outcome
			if k := ref.Kind(); (k == parley.RefPrompt || k == parley.RefStop || k == parley.RefCorrection || k == parley.RefHarm) && !slices.Contains(w.known[k], ref) {
				w.known[k] = append(w.known[k], ref)
			}
		}
		for _, ref := range []parley.Ref{n.Object, n.Other} {
			if !w.mayKnow(n.To, ref) {
				w.exceptions[fmt.Sprintf("%s to %s about %s", n.Kind, kindOf(n.To), kindOf(ref))]++
			}
		}
	}
}

func machineOf(key string) *parley.Machine {
	for _, m := range parley.Machines {
		if strings.HasPrefix(key, m.Name+" ") {
			return m
		}
	}
	panic("no machine for " + key)
}

func kindOf(ref parley.Ref) string {
	if k := ref.Kind(); k != "" {
		return string(k)
	}
	return string(ref)
}

// mayKnow reports whether the views show a reference to an account.
func (w *walk) mayKnow(account, ref parley.Ref) bool {
	v := w.viewAs(account)
	inside := func(of func(*release.File) bool) bool {
		for _, o := range slices.Concat(w.known[parley.RefSite], w.known[parley.RefMovement], w.known[parley.RefPresence]) {
			if f, ok := v.Object(o); ok && of(f) {
				return true
			}
		}
		return false
	}
	switch ref.Kind() {
	case "":
		return ref == "" || ref == parley.Desk || ref == account
	case parley.RefParty:
		return true // everyone knows the parties
	case parley.RefOrganisation:
		return account == ref || account == parley.Desk || account == parley.Board
	case parley.RefSite, parley.RefMovement, parley.RefPresence:
		_, ok := v.Object(ref)
		return ok
	case parley.RefArea:
		_, ok := v.Area(ref)
		return ok
	case parley.RefCheck:
		_, ok := v.Check(ref)
		return ok
	case parley.RefStop:
		_, ok := v.Stop(ref)
		return ok
	case parley.RefHarm:
		_, ok := v.Harm(ref)
		return ok
	case parley.RefCorrection:
		_, ok := v.Correction(ref)
		return ok
	case parley.RefLine, parley.RefZone, parley.RefCorridor, parley.RefPause:
		_, ok := v.Arrangement(ref)
		return ok
	case parley.RefCrossing, parley.RefCrossed, parley.RefWarning:
		return atArrangement(w, v, ref)
	case parley.RefOffer:
		_, ok := v.Offer(ref)
		return ok
	case parley.RefIncident:
		_, ok := v.Incident(ref)
		return ok
	case parley.RefClaim:
		_, ok := v.Claim(ref)
		return ok
	case parley.RefEvidence:
		_, ok := v.Evidence(ref)
		return ok
	case parley.RefScreening:
		return false // nobody is told of one
	case parley.RefFound:
		_, ok := v.FoundSite(ref)
		return ok
	case parley.RefSeal:
		_, ok := v.Seal(ref)
		return ok
	case parley.RefDelivery:
		list, _ := v.Deliveries(0, 1e6)
		return slices.ContainsFunc(list, func(d release.Delivery) bool { return d.Ref == ref })
	case parley.RefOutcome:
		list, _ := v.Results(0, 1e6)
		return slices.ContainsFunc(list, func(o release.Result) bool { return o.Ref == ref })
	case parley.RefForce:
		return w.bare.State.ForceTold(account, ref)
	case parley.RefPrompt:
		list, _ := v.Prompts(0, 1e6)
		return slices.ContainsFunc(list, func(p release.Prompt) bool { return p.Ref == ref })
	case parley.RefQuery:
		return inside(func(f *release.File) bool {
			return slices.ContainsFunc(f.Queries, func(q release.Query) bool { return q.Ref == ref })
		})
	case parley.RefDispute:
		return inside(func(f *release.File) bool {
			return slices.ContainsFunc(f.Disputes, func(d release.Dispute) bool { return d.Ref == ref })
		})
	}
	return false
}

// atArrangement reports whether a view shows a crossing or warning, at a line or at an object.
func atArrangement(w *walk, v *channel.Viewer, ref parley.Ref) bool {
	list, _ := v.Arrangements(0, 1e6)
	for _, a := range list {
		if slices.ContainsFunc(a.Notices, func(c release.Crossing) bool { return c.Ref == ref }) || slices.ContainsFunc(a.Events, func(c release.Crossed) bool { return c.Ref == ref }) ||
			slices.ContainsFunc(a.Warnings, func(c release.Warning) bool { return c.Ref == ref }) {
			return true
		}
	}
	for _, o := range slices.Concat(w.known[parley.RefSite], w.known[parley.RefMovement], w.known[parley.RefPresence]) {
		if slices.ContainsFunc(v.Warnings(o), func(c release.Warning) bool { return c.Ref == ref }) {
			return true
		}
	}
	return false
}

// mayBeTold are the notices that name what their reader's views do not show, each with its reason.
var mayBeTold = map[string]string{
	"area_ended to PARTY about AREA":        "it was addressed to the party until an amendment left the party out: what it was told no longer holds",
	"arrangement_ended to PARTY about LINE": "the same",
	"arrangement_ended to PARTY about ZONE": "the same",
	"arrangement_ended to PARTY about CORR": "the same",
}

// TestStatesMoveOnlyAsTheirMachinesSay also holds that a snapshot on the way changes nothing, that a refusal changes nothing, and that
// nobody is told of what they may not see.
func TestStatesMoveOnlyAsTheirMachinesSay(t *testing.T) {
	seen, taken := map[string]int{}, map[parley.CommandKind]int{}
	walks, walkSteps := uint64(need.Times(t, 2, 4, 40)), need.Times(t, 3600, 3600, 6000)
	for seed := range walks {
		w := newWalk(t, seed)
		for n := range walkSteps {
			w.step()
			switch w.r.IntN(12) {
			case 0, 1, 2, 3:
				w.pass(int64(w.r.IntN(300)) * parley.Second)
			case 4:
				w.quiet()
				w.pass(int64(w.r.IntN(180)) * parley.Minute)
			case 5:
				if w.r.IntN(12) == 0 {
					w.quiet()
					w.pass(int64(w.r.IntN(40)) * parley.Hour)
				}
			}
			if n%300 == 150 {
				want := w.bare.State.Digest()
				back, err := restored(w.bare.State, same)
				if err != nil {
					t.Fatalf("seed %d, step %d: %v", seed, n, err)
				}
				if got := back.Digest(); got != want {
					t.Fatalf("seed %d, step %d: the snapshot has digest %s; expected %s", seed, n, got, want)
				}
				w.bare.State = back // and the walk goes on from it
			}
		}
		if got, want := replay(channel.New(), w.bare.Entries, func(int) bool { return false }).Digest(), w.bare.State.Digest(); got != want {
			t.Errorf("seed %d: replayed from nothing the digest is %s; expected %s, which went through snapshots", seed, got, want)
		}
		for what, n := range w.exceptions {
			if mayBeTold[what] == "" {
				t.Errorf("seed %d: told %d times though its reader may not see it: %s", seed, n, what)
			}
		}
		for k, n := range w.seen {
			seen[k] += n
		}
		for k, n := range w.taken {
			taken[k] += n
		}
		t.Logf("seed %d: %d entries over %d hours, %d notices, refused %v", seed, len(w.bare.Entries), (w.bare.At-cast.Start)/parley.Hour, w.notices, w.refused)
	}
	for _, m := range parley.Machines {
		moves := 0
		for k := range seen {
			if strings.HasPrefix(k, m.Name+": ") {
				moves++
			}
		}
		if moves < min(3, len(m.Moves)) {
			t.Errorf("only %d moves of the machine of the %s were seen: the walk does not walk", moves, m.Name)
		}
	}
	if len(taken) < 38 {
		t.Errorf("commands of %d kinds were taken: the walk has become too narrow: %v", len(taken), taken)
	}
	t.Logf("%d kinds of commands, %d moves", len(taken), len(seen))
}
