package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// Profile is what a theatre's trustees set: extents, zone, clocks, buffers and limits. Everything a rule of the channel
// measures with stands here or is fixed by the rules version.
type Profile struct {
	_              struct{}     `cbor:",toarray"`
	Languages      []string     `json:"languages"`  // BCP 47, first is the default
	Zone           string       `json:"zone"`       // IANA time zone, shown beside UTC
	SouthWest      geo.Position `json:"south_west"` // extents; positions outside raise a finding
	NorthEast      geo.Position `json:"north_east"`
	Exercise       bool         `json:"exercise"` // marked on every screen, print and export
	LeadTimes      LeadTimes    `json:"lead_times"`
	Clocks         Clocks       `json:"clocks"`
	Quotas         Quotas       `json:"quotas"`
	ReadBack       ReadBackRule `json:"read_back"`
	KeepOut        int32        `json:"keep_out"`        // metres around an object that names none
	FireMetres     int32        `json:"fire_metres"`     // objects so near to reported fire are told
	NearMetres     int32        `json:"near_metres"`     // objects of one category nearer than this may be the same: shown to the desk
	AdviserAnswers bool         `json:"adviser_answers"` // an indication is answered by a legal adviser only
}

// LeadTimes are how long before departure a movement should be notified. Late is accepted and marked, never refused.
type LeadTimes struct {
	_         struct{} `cbor:",toarray"`
	Standard  int64    `json:"standard"`
	Emergency int64    `json:"emergency"`
}

// Clocks are the deadlines of the channel, in milliseconds; the defaults are practice.md E.13.
type Clocks struct {
	_              struct{} `cbor:",toarray"`
	DeskStandard   int64    `json:"desk_standard"` // first touch by the desk
	DeskEmergency  int64    `json:"desk_emergency"`
	QueryAnswer    int64    `json:"query_answer"`
	Release        int64    `json:"release"` // after verification
	AckSite        int64    `json:"ack_site"`
	AckMovement    int64    `json:"ack_movement"`
	AckEmergency   int64    `json:"ack_emergency"`
	AckOverlap     int64    `json:"ack_overlap"`  // a release that meets a declared area
	AckInForce     int64    `json:"ack_in_force"` // the same, with the area in force now
	AckBefore      int64    `json:"ack_before"`   // no acknowledgement so long before departure asks the owner
	Revalidation   int64    `json:"revalidation"`
	Grace          int64    `json:"grace"` // from due to lapsed
	Attestation    int64    `json:"attestation"`
	CheckShelfLife int64    `json:"check_shelf_life"`
	SecondOfficer  int64    `json:"second_officer"` // second signature after an emergency release
	Overdue        int64    `json:"overdue"`        // after a movement's planned arrival
	Prompt         int64    `json:"prompt"`         // answer to a question on the road
	AreaNear       int64    `json:"area_near"`      // an area is "near" so long before its window
	ReadBackArea   int64    `json:"read_back_area"`
	Recall         int64    `json:"recall"`            // confirmation that a recalled version was deleted
	OnBehalf       int64    `json:"on_behalf"`         // confirm or disown what was entered for you
	KeyGrace       int64    `json:"key_grace"`         // a rotated key, for commands that quote a checkpoint from before
	HarmFresh      int64    `json:"harm_fresh"`        // harm that ended longer ago raises no stop
	HarmNear       int64    `json:"harm_near"`         // so long after harm, people who pass near it are asked
	CorrectionTake int64    `json:"correction_take"`   // a party's receipt of a task after harm
	CorrectionDue  int64    `json:"correction_answer"` // its answer
	TestCall       int64    `json:"test_call"`         // without a test of its duty line a party is reminded
	StopLadder     []int64  `json:"stop_ladder"`       // after raising: who has not taken it is climbed past
	Contact        int64    `json:"contact"`           // a departed movement that was not heard of for so long is asked about
	Standing       int64    `json:"standing"`          // a movement that stands so long past its planned leave is asked about
	AckOnRoad      int64    `json:"ack_on_road"`       // an update of a departed movement
	AckOnRoadAgain int64    `json:"ack_on_road_again"` // the second and last notice that it is not acknowledged, after the first
}

// Quotas bind checks, never declarations (channel.md section 4).
type Quotas struct {
	_             struct{} `cbor:",toarray"`
	CheckKM2      int64    `json:"check_km2"`
	CheckVertices int      `json:"check_vertices"`
	CheckAhead    int64    `json:"check_ahead"`
	ChecksPerHour int      `json:"checks_per_hour"`
	ChecksPerDay  int      `json:"checks_per_day"`
	Indications   int      `json:"indications"` // most that one answer names
}

// ReadBackRule says how near a read-back has to be.
type ReadBackRule struct {
	_       struct{} `cbor:",toarray"`
	Metres  int32    `json:"metres"`
	Percent int32    `json:"percent"` // of an area's extent
	Wrong   int      `json:"wrong"`   // so many wrong ones call the desk
}

// DefaultProfile returns the defaults of practice.md E.13 and channel.md section 4 over the whole world. Trustees narrow the extents.
func DefaultProfile() Profile {
	return Profile{
		Languages: []string{"en", "ar"},
		Zone:      "UTC",
		SouthWest: geo.Position{Lon: -180 * geo.E7, Lat: -90 * geo.E7},
		NorthEast: geo.Position{Lon: 180 * geo.E7, Lat: 90 * geo.E7},
		LeadTimes: LeadTimes{Standard: 48 * Hour, Emergency: 24 * Hour},
		Clocks: Clocks{
			DeskStandard: 4 * Hour, DeskEmergency: 30 * Minute, QueryAnswer: 24 * Hour, Release: 2 * Hour,
			AckSite: 24 * Hour, AckMovement: 12 * Hour, AckEmergency: 2 * Hour, AckOverlap: 2 * Hour, AckInForce: 5 * Minute, AckBefore: 6 * Hour,
			Revalidation: 90 * Day, Grace: 14 * Day, Attestation: 30 * Day, CheckShelfLife: 24 * Hour, SecondOfficer: 2 * Hour,
			Overdue: 30 * Minute, Prompt: 30 * Minute, AreaNear: 6 * Hour, ReadBackArea: 2 * Hour, Recall: 24 * Hour, OnBehalf: 24 * Hour,
			KeyGrace: 14 * Day, HarmFresh: 6 * Hour, HarmNear: 24 * Hour, CorrectionTake: 48 * Hour, CorrectionDue: 30 * Day, TestCall: Day, StopLadder: []int64{2 * Minute, 5 * Minute, 10 * Minute},
			Contact: 60 * Minute, Standing: 30 * Minute, AckOnRoad: 5 * Minute, AckOnRoadAgain: 15 * Minute,
		},
		Quotas:   Quotas{CheckKM2: 2500, CheckVertices: 500, CheckAhead: 30 * Day, ChecksPerHour: 20, ChecksPerDay: 60, Indications: 100},
		ReadBack: ReadBackRule{Metres: 50, Percent: 5, Wrong: 3},
		KeepOut:  500, FireMetres: 2000, NearMetres: 250,
	}
}

// Contains reports whether p lies within the theatre's extents, which may cross the antimeridian.
func (p *Profile) Contains(pos geo.Position) bool {
	if pos.Lat < p.SouthWest.Lat || pos.Lat > p.NorthEast.Lat {
		return false
	}
	if p.SouthWest.Lon <= p.NorthEast.Lon {
		return pos.Lon >= p.SouthWest.Lon && pos.Lon <= p.NorthEast.Lon
	}
	return pos.Lon >= p.SouthWest.Lon || pos.Lon <= p.NorthEast.Lon
}

// Validate checks that every clock and limit is usable.
func (p *Profile) Validate() error {
	if len(p.Languages) == 0 || len(p.Languages) > 16 {
		return Invalid("languages", fmt.Sprintf("%d languages", len(p.Languages)), "1 to 16 language tags")
	}
	for i, l := range p.Languages {
		if l == "" || len(l) > 35 || slices.Contains(p.Languages[:i], l) {
			return Invalid(fmt.Sprintf("languages[%d]", i), strconv.Quote(l), "a language tag such as ar, each once")
		}
	}
	if p.Zone == "" || len(p.Zone) > 64 {
		return Invalid("zone", strconv.Quote(p.Zone), "an IANA time zone such as Asia/Damascus")
	}
	if !p.SouthWest.Valid() || !p.NorthEast.Valid() || p.SouthWest.Lat >= p.NorthEast.Lat {
		return Invalid("south_west", p.SouthWest.String(), "a corner south of north_east")
	}
	c := &p.Clocks
	clocks := map[string]int64{"desk_standard": c.DeskStandard, "desk_emergency": c.DeskEmergency, "query_answer": c.QueryAnswer, "release": c.Release,
		"ack_site": c.AckSite, "ack_movement": c.AckMovement, "ack_emergency": c.AckEmergency, "ack_overlap": c.AckOverlap, "ack_in_force": c.AckInForce,
		"ack_before": c.AckBefore, "revalidation": c.Revalidation, "grace": c.Grace, "attestation": c.Attestation, "check_shelf_life": c.CheckShelfLife,
		"second_officer": c.SecondOfficer, "overdue": c.Overdue, "prompt": c.Prompt, "area_near": c.AreaNear, "read_back_area": c.ReadBackArea,
		"recall": c.Recall, "on_behalf": c.OnBehalf, "key_grace": c.KeyGrace, "harm_fresh": c.HarmFresh, "harm_near": c.HarmNear,
		"correction_take": c.CorrectionTake, "correction_answer": c.CorrectionDue, "test_call": c.TestCall,
		"contact": c.Contact, "standing": c.Standing, "ack_on_road": c.AckOnRoad, "ack_on_road_again": c.AckOnRoadAgain}
	names := make([]string, 0, len(clocks))
	for name := range clocks {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if d := clocks[name]; d < Second || d > 3660*Day {
			return Invalid("clocks."+name, fmt.Sprintf("%d ms", d), "1 second to 10 years, in milliseconds")
		}
	}
	if n := len(c.StopLadder); n < 1 || n > 8 {
		return Invalid("clocks.stop_ladder", fmt.Sprintf("%d durations", n), "1 to 8")
	}
	least := Second
	for _, d := range c.StopLadder {
		if d < least || d > Day {
			return Invalid("clocks.stop_ladder", fmt.Sprint(c.StopLadder), "rising durations of 1 second to 24 hours, in milliseconds")
		}
		least = d + 1
	}
	for _, l := range []struct {
		name       string
		value, max int64
	}{{"lead_times.standard", p.LeadTimes.Standard, 365 * Day}, {"lead_times.emergency", p.LeadTimes.Emergency, 365 * Day},
		{"quotas.check_km2", p.Quotas.CheckKM2, 1_000_000}, {"quotas.check_vertices", int64(p.Quotas.CheckVertices), geo.MaxVertices},
		{"quotas.check_ahead", p.Quotas.CheckAhead, 3660 * Day}, {"quotas.checks_per_hour", int64(p.Quotas.ChecksPerHour), 1_000_000},
		{"quotas.checks_per_day", int64(p.Quotas.ChecksPerDay), 10_000_000}, {"quotas.indications", int64(p.Quotas.Indications), 10_000},
		{"read_back.metres", int64(p.ReadBack.Metres), 10_000}, {"read_back.percent", int64(p.ReadBack.Percent), 100},
		{"read_back.wrong", int64(p.ReadBack.Wrong), 100}, {"keep_out", int64(p.KeepOut), MaxKeepOut}, {"near_metres", int64(p.NearMetres), 10_000}, {"fire_metres", int64(p.FireMetres), 50_000}} {
		if l.value < 1 || l.value > l.max {
			return Invalid(l.name, strconv.FormatInt(l.value, 10), fmt.Sprintf("1 to %d", l.max))
		}
	}
	return nil
}

// MaxKeepOut is the widest keep-out distance of an object or buffer of an area, in metres.
const MaxKeepOut = 50_000
