package channel

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"parley"
	"parley/geo"
	"parley/release"
)

// Bounds of a pack beside the profile's quotas: so many checks' area, entries and days.
const (
	packChecks  = 4
	packEntries = 400
	packDays    = 7 * parley.Day
)

// PackRequest says what a level's pack is to hold.
type PackRequest struct {
	Sector  geo.Shape
	Buffer  int32 // metres; checks with a wider buffer cannot be answered from the pack
	Window  geo.Window
	Echelon parley.Echelon
	Level   string
	Valid   int64          // milliseconds; 0 takes a check's shelf life
	Seed    parley.Bits128 // chance, for the pack's id and the order of its entries
}

// Pack cuts the list of the viewer's own party to a sector and a window, for one of its levels. There is no pack of everything: a sector
// has at most so many checks' area, and a window is always asked.
func (v *Viewer) Pack(req *PackRequest) (*release.Pack, *Refusal) {
	h := v.s.held[v.account]
	if h == nil || !v.member.Has(parley.DutyOfficer, parley.Planner, parley.LegalAdviser) {
		return nil, notFound("query")
	}
	profile := v.s.profile()
	sector, r := v.packBound(req, profile)
	if r != nil {
		return nil, r
	}
	valid := req.Valid
	if valid == 0 {
		valid = profile.Clocks.CheckShelfLife
	}
	a := v.s.accounts.get(string(v.account))
	p := &release.Pack{Format: release.PackFormat, Theatre: v.s.Theatre().Name, Exercise: profile.Exercise, Zone: profile.Zone, Party: v.account, Recipient: v.member.Ref, Echelon: req.Echelon, Level: req.Level,
		Made: v.at, Expires: v.at + valid, Head: a.Head, Sector: sector.Shape, Buffer: sector.Buffer, Window: sector.Window, Entries: []release.PackEntry{},
		Sentences: []string{parley.SentenceNotification, "Most protected people and places are on no list. A pack is not clearance and does not show that precautions were taken."}}
	p.HeadAt = v.s.timeOf(a.Head.Position)
	id := sha256.Sum256(fmt.Appendf(nil, "parley pack id v1\n%s\n%s\n%s\n%s\n%q\n%d\n%x", p.Theatre, p.Party, p.Recipient, p.Echelon, p.Level, p.Made, req.Seed))
	p.ID = hex.EncodeToString(id[:8])
	byKey := map[string][]geo.Volume{}
	for _, n := range h.in.index.Find(sector) {
		part, _ := h.in.index.Volume(n)
		key := h.in.keys[n]
		byKey[key] = append(byKey[key], part)
	}
	if len(byKey) > packEntries {
		return nil, refuse(parley.CodeQuota, "shape", fmt.Sprintf("%d entries", len(byKey)), fmt.Sprintf("a sector with at most %d entries: make it smaller", packEntries))
	}
	for key, parts := range byKey {
		p.Entries = append(p.Entries, v.packEntry(key, parts))
	}
	mark := func(e *release.PackEntry) []byte {
		sum := sha256.Sum256(append(id[:], e.Of.String()...))
		return sum[:]
	}
	slices.SortFunc(p.Entries, func(a, b release.PackEntry) int { return bytes.Compare(mark(&a), mark(&b)) })
	return p, nil
}

func (v *Viewer) packEntry(key string, parts []geo.Volume) release.PackEntry {
	r := v.s.releases.get(key)
	o := v.s.object(r.Of.Ref)
	slices.SortFunc(parts, func(a, b geo.Volume) int {
		return cmp.Or(cmp.Compare(a.Window.From, b.Window.From), cmp.Compare(a.Window.To, b.Window.To))
	})
	e := release.PackEntry{Of: r.Of, Object: release.Cut(v.s.version(r.Of), v.s.profile(), release.GrantOf(r), v.text), Currency: string(o.Currency), State: string(r.State)}
	for _, part := range parts {
		e.Volumes = append(e.Volumes, release.PackVolume{Shape: part.Shape, Buffer: part.Buffer, Band: part.Band, Window: part.Window})
	}
	return e
}

// packBound holds a request to its bounds and returns the volume that it asks for.
func (v *Viewer) packBound(req *PackRequest, profile *parley.Profile) (geo.Volume, *Refusal) {
	q := &profile.Quotas
	sector := geo.Volume{Shape: req.Sector.Normalize(), Buffer: max(req.Buffer, checkRadius), Band: geo.AllAltitudes, Window: req.Window}
	most := q.CheckKM2 * packChecks
	switch km2 := askedM2(sector) / 1_000_000; {
	case req.Sector.Kind != geo.Polygon && req.Sector.Kind != geo.MultiPolygon:
		return sector, refuse(parley.CodeInvalid, "shape", string(req.Sector.Kind), "a sector: a polygon")
	case req.Buffer < 0 || req.Buffer > parley.MaxKeepOut:
		return sector, refuse(parley.CodeInvalid, "buffer", fmt.Sprint(req.Buffer), fmt.Sprintf("0 to %d metres", parley.MaxKeepOut))
	case km2 > most:
		return sector, refuse(parley.CodeQuota, "shape", fmt.Sprintf("%d km², buffer included", km2), fmt.Sprintf("at most %d km² a pack", most))
	case req.Sector.Vertices() > q.CheckVertices:
		return sector, refuse(parley.CodeQuota, "shape", fmt.Sprintf("%d positions", req.Sector.Vertices()), fmt.Sprintf("at most %d positions a pack", q.CheckVertices))
	case req.Window.To <= req.Window.From || req.Window.To <= v.at:
		return sector, refuse(parley.CodeClock, "until", parley.Stamp(req.Window.To), "a window that has not ended, its end after its beginning")
	case req.Window.To > v.at+q.CheckAhead:
		return sector, refuse(parley.CodeQuota, "until", parley.Stamp(req.Window.To), "at most "+parley.Stamp(v.at+q.CheckAhead))
	case req.Valid < 0 || req.Valid > packDays:
		return sector, refuse(parley.CodeQuota, "valid", fmt.Sprintf("%d ms", req.Valid), "at most 7 days, in milliseconds")
	case !slices.Contains(echelonOrder, req.Echelon):
		return sector, refuse(parley.CodeInvalid, "echelon", string(req.Echelon), "headquarters, operations_room or unit")
	case len(req.Level) > 200:
		return sector, refuse(parley.CodeTooLarge, "level", fmt.Sprintf("%d bytes", len(req.Level)), "at most 200 bytes")
	}
	return sector, nil
}
