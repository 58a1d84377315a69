package node_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/node"
)

// asked is one operation on one site, as a client saw it.
type asked struct {
	site    int
	kind    string // update, read, release, acknowledge, check
	version int    // update: of which; read: which was seen
}

// answered is what came of it: taken or refused, and for a check whether the site was indicated.
type answered struct {
	taken     bool
	stale     bool // a check against a list that has moved
	indicated bool
	version   int
}

// standing is all that these operations can tell of a site: its newest version, and whether its first was released and acknowledged.
type standing struct {
	version                int
	released, acknowledged bool
}

// sites is the sequential specification: one register with compare-and-set for each site, and a release that happens once, before the
// one acknowledgement; a check names the site exactly when it was released, or is refused because its list has moved.
var sites = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		by := map[int][]porcupine.Operation{}
		for _, o := range history {
			by[o.Input.(asked).site] = append(by[o.Input.(asked).site], o)
		}
		var parts [][]porcupine.Operation
		for _, part := range by {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return standing{version: 1} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(standing), input.(asked), output.(answered)
		switch in.kind {
		case "update":
			if out.taken != (in.version == s.version) {
				return false, s
			}
			if out.taken {
				s.version++
			}
		case "read":
			return out.version == s.version, s
		case "release":
			if out.taken == s.released {
				return false, s
			}
			s.released = true
		case "acknowledge":
			if out.taken != (s.released && !s.acknowledged) {
				return false, s
			}
			s.acknowledged = s.acknowledged || out.taken
		case "check":
			return out.stale || out.indicated == s.released, s
		}
		return true, s
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}

// Notices, checks and acknowledgements of many clients at once are linearizable: Porcupine finds an order, within what each client saw of
// before and after, in which every answer is right. Sites of the one kind change by update, quoting the version; sites of the other are
// released, acknowledged and checked.
func TestHistoriesAreLinearizable(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	profile := cast.Profile()
	profile.Quotas.ChecksPerHour, profile.Quotas.ChecksPerDay = 1_000_000, 1_000_000
	folder, theatre, trustees := cast.Folder(t, profile, cast.Start)
	n := open(t, folder, &clock, node.Config{})
	defer n.Close()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	const clients = 8
	operations := need.Times(t, 8_000, 20_000, 5_000_000)
	seed := rand.Uint64()
	total, refusals := 0, map[string]int{}
	began := time.Now()
	for round := 0; total < operations; round++ {
		// Sites of a round lie at least 0.3 degree apart, and those of another elsewhere.
		var refs [24]parley.Ref
		var places [24]geo.Position
		for i := range refs {
			k := (round*len(refs) + i) % (29 * 44)
			places[i] = cast.At(29.1037+0.3007*float64(k%29), 35.1053+0.3011*float64(k/29))
			refs[i] = c.NotifyHospital(places[i])
			if i >= len(refs)/2 {
				c.Verify(cast.V(refs[i], 1))
			}
		}
		var mu sync.Mutex
		var history []porcupine.Operation
		var group sync.WaitGroup
		for client := range clients {
			group.Go(func() {
				r := rand.New(rand.NewPCG(seed, uint64(round*clients+client)))
				for range 60 {
					in := asked{site: r.IntN(len(refs))}
					call := time.Since(began).Nanoseconds()
					out, code := ask(t, n, c, r, &in, refs[in.site], places[in.site])
					done := time.Since(began).Nanoseconds()
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: done})
					refusals[in.kind+" "+code]++
					mu.Unlock()
				}
			})
		}
		group.Wait()
		total += len(history)
		result, _ := porcupine.CheckOperationsVerbose(sites, history, 2*time.Minute)
		if result != porcupine.Ok {
			t.Fatalf("seed %d, round %d: a history of %d operations is %s", seed, round, len(history), result)
		}
	}
	t.Logf("seed %d: %d operations by %d clients, 0 violations; %v", seed, total, clients, refusals)
	for _, want := range []string{"update ok", "update version", "release ok", "acknowledge ok", "check ok", "check list_stale"} {
		if refusals[want] == 0 {
			t.Errorf("no operation ended with %q: the history tests too little", want)
		}
	}
}

// ask does one operation and says what came of it.
func ask(t *testing.T, n *node.Node, c *cast.Cast, r *rand.Rand, in *asked, ref parley.Ref, place geo.Position) (out answered, code string) {
	say := func(who *cast.Person, body func(*draft.Draft) parley.Body) (node.Receipt, string) {
		d := c.Draft()
		s, err := d.Sign(body(d), who.Key)
		if err != nil {
			t.Error(err)
			return node.Receipt{}, "unsigned"
		}
		receipt, err := n.Submit(context.Background(), s.Envelope, s.Payloads)
		switch {
		case err != nil:
			return receipt, string(cast.CodeOf(err))
		case receipt.Refusal != nil:
			return receipt, string(receipt.Refusal.Code)
		case receipt.Outcome.Code != parley.Applied:
			return receipt, string(receipt.Outcome.Code)
		}
		return receipt, "ok"
	}
	newest := func() (version int) {
		if err := n.Read(func(s *channel.State) {
			if f, ok := s.View(&parley.Member{Ref: c.Org.Ref, Account: c.OrgRef}, n.Now(), n.Text).Object(ref); ok {
				for _, o := range f.Versions {
					version = max(version, o.Version)
				}
			}
		}); err != nil {
			t.Error(err)
		}
		return version
	}
	if in.site < 12 {
		if in.kind = "read"; r.IntN(3) == 0 {
			out.version = newest()
			in.version = out.version
			return out, "ok"
		}
		in.kind, in.version = "update", max(1, newest()-r.IntN(2))
		_, code = say(c.Org, func(d *draft.Draft) parley.Body {
			return &parley.SiteUpdate{Of: cast.V(ref, in.version), Site: cast.Hospital(d, place, cast.Start, c.A.Ref, c.B.Ref)}
		})
		out.taken = code == "ok"
		return out, code
	}
	switch r.IntN(5) {
	case 0:
		in.kind = "release"
		_, code = say(c.Releaser, func(*draft.Draft) parley.Body { return &parley.ObjectRelease{Of: cast.V(ref, 1), To: c.A.Ref} })
		out.taken = code == "ok"
	case 1, 2:
		in.kind = "acknowledge"
		_, code = say(c.A.Officer, func(*draft.Draft) parley.Body { return &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: place} })
		out.taken = code == "ok"
	default:
		in.kind = "check"
		var head parley.ListHead
		if err := n.Read(func(s *channel.State) {
			head, _, _ = s.View(&parley.Member{Ref: c.A.Officer.Ref, Account: c.A.Ref}, n.Now(), n.Text).List(0, 1)
		}); err != nil {
			t.Error(err)
		}
		now := n.Now()
		var receipt node.Receipt
		receipt, code = say(c.A.Officer, func(*draft.Draft) parley.Body {
			return &parley.CheckRecord{Shape: cast.Square(place, 0.01), Window: geo.Window{From: now, To: now + parley.Hour}, Head: head}
		})
		out.taken, out.stale = code == "ok", code == string(parley.CodeStale)
		if out.taken {
			if err := n.Read(func(s *channel.State) {
				if check, ok := s.View(&parley.Member{Ref: c.A.Officer.Ref, Account: c.A.Ref}, n.Now(), n.Text).Check(receipt.Outcome.Ref); ok {
					for _, i := range check.Indications {
						out.indicated = out.indicated || i.Object.Ref == ref
					}
				}
			}); err != nil {
				t.Error(err)
			}
		} else if !out.stale {
			t.Errorf("a check was refused with %q", code)
		}
	}
	return out, code
}

// The judge finds what is wrong: an answer that forgets what was answered before it, and two that cannot both be.
func TestTheJudgeFindsWrongHistories(t *testing.T) {
	at := func(call, end int64, in asked, out answered) porcupine.Operation {
		return porcupine.Operation{Input: in, Call: call, Output: out, Return: end}
	}
	for name, history := range map[string][]porcupine.Operation{
		"a read of before an update":     {at(1, 2, asked{kind: "update", version: 1}, answered{taken: true}), at(3, 4, asked{kind: "read"}, answered{version: 1})},
		"two updates of one version":     {at(1, 4, asked{kind: "update", version: 1}, answered{taken: true}), at(2, 3, asked{kind: "update", version: 1}, answered{taken: true})},
		"acknowledged before a release":  {at(1, 2, asked{kind: "acknowledge"}, answered{taken: true}), at(3, 4, asked{kind: "release"}, answered{taken: true})},
		"a check that names it no more":  {at(1, 2, asked{kind: "release"}, answered{taken: true}), at(3, 4, asked{kind: "check"}, answered{taken: true})},
		"a check that names it too soon": {at(1, 2, asked{kind: "check"}, answered{taken: true, indicated: true}), at(3, 4, asked{kind: "release"}, answered{taken: true})},
	} {
		if porcupine.CheckOperations(sites, history) {
			t.Errorf("%s: it is taken for linearizable", name)
		}
	}
}
