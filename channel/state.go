// Package channel is the state machine: it applies commands in journal order, finds what conflicts and decides who is told.
//
// It is a pure function of the journal's prefix. It reads no clock, disk, network or random source: the only time it knows is the
// log time of the entries. The same entries give the same state digest, however they were cut into blocks.
package channel

import (
	"parley"
	"parley/duty"
	"parley/geo"
	"parley/index"
	"parley/proof"
	"parley/release"
)

// Rules is the version of the rules in this package. It stands in every block.
const Rules = 1

// State is everything that the journal's prefix says. One goroutine changes it; readers hold it still meanwhile (package node has the lock).
type State struct {
	ledger

	theatre      *table[parley.TheatreRecord]
	progress     *table[parley.Progress]
	accounts     *table[parley.Account]
	members      *table[parley.Member]
	keys         *table[parley.KeyRecord]
	invitations  *table[parley.Invitation]
	rotas        *table[parley.Rota]
	objects      *table[parley.Object]
	versions     *table[parley.Version]
	queries      *table[parley.Query]
	disputes     *table[parley.Dispute]
	releases     *table[parley.Release]
	changes      *table[parley.ListChange]
	levels       *table[parley.LevelHolding] // party + echelon + level → newest attestation of its list
	areas        *table[parley.AreaRecord]
	overlaps     *table[parley.Overlap]
	forces       *table[parley.PlacedForce]
	checks       *table[parley.PrecautionCheck]
	indications  *table[parley.Indication]
	prompts      *table[parley.Prompt]
	reports      *table[parley.Reported]
	contacts     *table[parley.Contacted]
	stops        *table[parley.UrgentStop]
	harms        *table[parley.Harm]
	corrections  *table[parley.Correction]
	arrangements *table[parley.Arrangement]
	crossings    *table[parley.Crossing]
	crossed      *table[parley.Crossed]
	warnings     *table[parley.Warning]
	offers       *table[parley.Offer]
	deliveries   *table[parley.Delivery]
	results      *table[parley.OutcomeNoted]
	incidents    *table[parley.IncidentNoted]
	claims       *table[parley.ClaimNoted]
	assessments  *table[parley.Assessment]
	responses    *table[parley.PartyResponse]
	evidence     *table[parley.Evidence]
	publications *table[parley.Publication]
	holds        *table[parley.HoldEnded]
	seals        *table[parley.SealNoted]
	founds       *table[parley.Found]
	keeping      *table[parley.Kept] // site that the desk keeps → where it comes from
	screening    screenings
	behalf       *table[parley.BehalfEntry]
	relays       *table[parley.Relay]
	liaisons     *table[parley.Liaison]
	reads        *table[parley.Read]
	erased       *table[erasure]
	ended        *table[parley.RetentionEnded] // movements whose envelopes are to be erased
	stateNotes   *table[parley.StateNoted]     // height → digest of the state after it
	deadlines    *table[duty.Deadline]
	outcomes     *list[parley.Outcome]
	notices      *list[parley.Notice]

	derived
}

// erasure is a payload that was erased.
type erasure struct {
	_  struct{} `cbor:",toarray"`
	At int64
}

// derived is what follows from the records and is built again from them when a snapshot is loaded. None of it is in the digest.
type derived struct {
	names      places                      // command → its first outcome
	payloads   places                      // commitment → outcome of the command that brought it
	queue      duty.Queue                  // deadlines in order
	inboxes    map[parley.Ref][]uint64     // account → places of its notices in the list of all
	byAccount  map[parley.Ref][]parley.Ref // account → members
	keysOf     map[parley.Ref][]string     // member → keys, in order of admission
	byOwner    map[parley.Ref][]parley.Ref // organisation → objects, in order of notification
	order      []parley.Ref                // objects, in order of notification
	holders    map[parley.Ref][]string     // object → keys of its releases, in order
	held       map[parley.Ref]*holding     // party → what was released to it
	areaOf     map[parley.Ref][]parley.Ref // party → areas it declared
	forceOf    map[parley.Ref][]parley.Ref // party → forces it placed
	objectsIn  volumes                     // newest version of every open object
	harmsIn    volumes                     // reports of harm, around their places
	arrangedIn volumes                     // lines, zones, corridors and pauses that have not ended
	areasIn    volumes                     // areas that have not ended, and placed forces
	checksOf   map[parley.Ref][]parley.Ref // party → checks, in order
	openOf     map[parley.Ref][]string     // area or check → keys of its indications
	promptsOf  map[parley.Ref][]parley.Ref // movement → prompts
	clocksOf   map[string][]string         // reference → keys of its deadlines
	stopsOpen  map[parley.Ref]bool
	asked      map[parley.Ref]int  // object → questions its notifier has not answered
	taken      map[parley.Ref]bool // references in use

	entries     map[string]parley.Ref // entry of an open data set → its incident
	incidentsOn incidentDays
}

// holding is what a party holds: its list as slots, and the volumes of what stands.
type holding struct {
	slots   release.List
	full    map[int]bool // slots that hold a release
	objects []parley.Ref // slot → object
	in      volumes
	changes int // steps of the list so far
}

// set fills a slot, or empties it.
func (h *holding) set(slot int, s *release.Slot) {
	h.slots.Set(slot, s)
	if s == nil {
		delete(h.full, slot)
	} else {
		h.full[slot] = true
	}
}

// volumes is a conflict index whose numbers stand for a key and a part of it.
type volumes struct {
	index *index.Index
	keys  map[index.ID]string
	ids   map[string][]index.ID
	next  index.ID
}

func newVolumes() volumes {
	return volumes{index: index.New(), keys: map[index.ID]string{}, ids: map[string][]index.ID{}}
}

// set replaces the volumes of a key.
func (v *volumes) set(key string, vs []geo.Volume) {
	v.remove(key)
	for _, volume := range vs {
		v.next++
		v.keys[v.next] = key
		v.ids[key] = append(v.ids[key], v.next)
		v.index.Put(v.next, volume)
	}
}

func (v *volumes) setOne(key string, volume geo.Volume) { v.set(key, []geo.Volume{volume}) }

func (v *volumes) remove(key string) {
	for _, id := range v.ids[key] {
		v.index.Remove(id)
		delete(v.keys, id)
	}
	delete(v.ids, key)
}

// Rest puts the conflict indexes in order, in the background: for a moment when nothing is to be applied. It changes nothing of what the state says.
func (s *State) Rest() {
	for _, v := range []volumes{s.objectsIn, s.harmsIn, s.arrangedIn, s.areasIn} {
		v.index.Rest()
	}
	for _, h := range s.held {
		h.in.index.Rest()
	}
}

// New returns the state of an empty journal.
func New() *State {
	s := &State{}
	l := &s.ledger
	s.theatre = newTable[parley.TheatreRecord](l, "theatre")
	s.progress = newTable[parley.Progress](l, "progress")
	s.accounts = newTable[parley.Account](l, "account")
	s.members = newTable[parley.Member](l, "member")
	s.keys = newTable[parley.KeyRecord](l, "key")
	s.invitations = newTable[parley.Invitation](l, "invitation")
	s.rotas = newTable[parley.Rota](l, "rota")
	s.objects = newTable[parley.Object](l, "object")
	s.versions = newTable[parley.Version](l, "version")
	s.queries = aboutRefs(newTable[parley.Query](l, "query"), func(q *parley.Query) []parley.Ref { return []parley.Ref{q.Of.Ref} })
	s.disputes = aboutRefs(newTable[parley.Dispute](l, "dispute"), func(q *parley.Dispute) []parley.Ref { return []parley.Ref{q.Of.Ref} })
	s.releases = newTable[parley.Release](l, "release")
	s.changes = newTable[parley.ListChange](l, "change")
	s.levels = newTable[parley.LevelHolding](l, "level")
	s.areas = newTable[parley.AreaRecord](l, "area")
	s.overlaps = aboutRefs(newTable[parley.Overlap](l, "overlap"), func(q *parley.Overlap) []parley.Ref { return []parley.Ref{q.First, q.Second} })
	s.forces = newTable[parley.PlacedForce](l, "force")
	s.checks = newTable[parley.PrecautionCheck](l, "check")
	s.indications = newTable[parley.Indication](l, "indication")
	s.prompts = newTable[parley.Prompt](l, "prompt")
	s.reports = aboutRefs(newTable[parley.Reported](l, "report"), func(r *parley.Reported) []parley.Ref { return []parley.Ref{r.Movement} })
	s.contacts = aboutRefs(newTable[parley.Contacted](l, "contact"), func(c *parley.Contacted) []parley.Ref { return []parley.Ref{c.Movement} })
	s.stops = newTable[parley.UrgentStop](l, "stop")
	s.harms = aboutRefs(newTable[parley.Harm](l, "harm"), func(h *parley.Harm) []parley.Ref { return []parley.Ref{h.Object.Ref} })
	s.corrections = aboutRefs(newTable[parley.Correction](l, "correction"), func(c *parley.Correction) []parley.Ref { return []parley.Ref{c.Object, c.Party} })
	s.arrangements = newTable[parley.Arrangement](l, "arrangement")
	s.crossings = aboutRefs(newTable[parley.Crossing](l, "crossing"), func(c *parley.Crossing) []parley.Ref { return []parley.Ref{c.Of.Ref} })
	s.crossed = aboutRefs(newTable[parley.Crossed](l, "crossed"), func(c *parley.Crossed) []parley.Ref { return []parley.Ref{c.Of.Ref} })
	s.warnings = aboutRefs(newTable[parley.Warning](l, "warning"), func(w *parley.Warning) []parley.Ref { return []parley.Ref{w.Of} })
	s.offers = aboutRefs(newTable[parley.Offer](l, "offer"), func(o *parley.Offer) []parley.Ref { return []parley.Ref{o.From, o.To} })
	s.deliveries = aboutRefs(newTable[parley.Delivery](l, "delivery"), func(d *parley.Delivery) []parley.Ref { return []parley.Ref{d.Of, d.Owner} })
	s.results = aboutRefs(newTable[parley.OutcomeNoted](l, "result"), func(o *parley.OutcomeNoted) []parley.Ref {
		if o.Movement == "" {
			return []parley.Ref{o.Owner}
		}
		return []parley.Ref{o.Movement, o.Owner}
	})
	s.incidents = newTable[parley.IncidentNoted](l, "incident")
	s.claims = aboutRefs(newTable[parley.ClaimNoted](l, "claim"), aboutClaim)
	s.assessments = aboutRefs(newTable[parley.Assessment](l, "assessment"), func(a *parley.Assessment) []parley.Ref { return []parley.Ref{a.Of} })
	s.responses = aboutRefs(newTable[parley.PartyResponse](l, "response"), func(p *parley.PartyResponse) []parley.Ref { return []parley.Ref{p.Incident} })
	s.evidence = aboutRefs(newTable[parley.Evidence](l, "evidence"), func(e *parley.Evidence) []parley.Ref { return e.Evidence.About })
	s.publications = newTable[parley.Publication](l, "publication")
	s.holds = newTable[parley.HoldEnded](l, "hold")
	s.seals = newTable[parley.SealNoted](l, "seal")
	s.founds = newTable[parley.Found](l, "found")
	s.keeping = newTable[parley.Kept](l, "kept")
	s.screening = newScreenings(l)
	s.behalf = newTable[parley.BehalfEntry](l, "behalf")
	s.relays = aboutRefs(newTable[parley.Relay](l, "relay"), func(q *parley.Relay) []parley.Ref { return []parley.Ref{q.Of} })
	s.liaisons = aboutRefs(newTable[parley.Liaison](l, "liaison"), func(q *parley.Liaison) []parley.Ref { return []parley.Ref{q.From, q.To} })
	s.reads = aboutRefs(newTable[parley.Read](l, "read"), func(q *parley.Read) []parley.Ref { return []parley.Ref{q.Object} })
	s.erased = newTable[erasure](l, "erasure")
	s.deadlines = newTable[duty.Deadline](l, "deadline")
	s.outcomes = newList[parley.Outcome](l, "outcome")
	s.notices = newList[parley.Notice](l, "notice")
	s.ended = newTable[parley.RetentionEnded](l, "ended")
	s.stateNotes = newTable[parley.StateNoted](l, "state_note")
	s.derived = newDerived()
	s.names, s.payloads = s.newPlaces(0, 0)
	return s
}

func newDerived() derived {
	return derived{
		inboxes:   map[parley.Ref][]uint64{},
		byAccount: map[parley.Ref][]parley.Ref{}, keysOf: map[parley.Ref][]string{}, byOwner: map[parley.Ref][]parley.Ref{}, holders: map[parley.Ref][]string{},
		held: map[parley.Ref]*holding{}, areaOf: map[parley.Ref][]parley.Ref{}, forceOf: map[parley.Ref][]parley.Ref{},
		objectsIn: newVolumes(), harmsIn: newVolumes(), arrangedIn: newVolumes(), areasIn: newVolumes(), checksOf: map[parley.Ref][]parley.Ref{}, openOf: map[parley.Ref][]string{},
		promptsOf: map[parley.Ref][]parley.Ref{}, clocksOf: map[string][]string{}, stopsOpen: map[parley.Ref]bool{}, asked: map[parley.Ref]int{}, taken: map[parley.Ref]bool{},
		entries: map[string]parley.Ref{}, incidentsOn: incidentDays{days: map[int64][]parley.Ref{}},
	}
}

// Digest returns the state digest: the same for the same entries, on every machine.
func (s *State) Digest() proof.Hash { return s.settle() }

// Size returns how many entries have been applied.
func (s *State) Size() uint64 {
	if p := s.progress.get(""); p != nil {
		return p.Size
	}
	return 0
}

// Now returns the log time of the last entry, 0 before the first.
func (s *State) Now() int64 {
	if p := s.progress.get(""); p != nil {
		return p.Now
	}
	return 0
}

// Theatre returns the theatre's record, or nil before it is opened. It must not be changed.
func (s *State) Theatre() *parley.TheatreRecord { return s.theatre.get("") }

// Notices returns how many notices there are, of all accounts together.
func (s *State) Notices() int { return s.notices.len() }

// ToldSince returns the accounts that got one of the notices from a number on, each once.
func (s *State) ToldSince(n int) map[parley.Ref]bool {
	told := map[parley.Ref]bool{}
	for _, notice := range s.notices.from(n) {
		told[notice.To] = true
	}
	return told
}

func (s *State) profile() *parley.Profile { return &s.theatre.get("").Profile }

// NextDeadline returns when the next deadline falls due.
func (s *State) NextDeadline() (int64, bool) {
	d, ok := s.queue.Next()
	return d.Due, ok
}
