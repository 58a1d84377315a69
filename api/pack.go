package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/node"
	"parley/release"
)

type packInput struct {
	Shape   string `query:"shape" maxLength:"32000" doc:"the sector: a GeoJSON polygon; or bbox"`
	BBox    string `query:"bbox" maxLength:"100" doc:"the sector: west,south,east,north in decimal degrees"`
	From    string `query:"from" maxLength:"40" doc:"RFC 3339"`
	Until   string `query:"until" maxLength:"40" doc:"RFC 3339"`
	Buffer  int32  `query:"buffer" doc:"metres beyond the sector, for checks with a buffer; at least 565 is taken"`
	Echelon string `query:"echelon" maxLength:"40" doc:"the level's echelon: headquarters, operations_room or unit"`
	Level   string `query:"level" maxLength:"400" doc:"the level's own name"`
	Valid   string `query:"valid" maxLength:"20" doc:"how long it may be used, such as 24h or 168h; a check's shelf life without it, at most 7 days"`
}

// SignedPack is a pack as a file: the log's signed note and the pack's JSON, which the note names by its hash.
type SignedPack struct {
	Note string `json:"note" doc:"C2SP signed note"`
	Body string `json:"body" doc:"the pack's JSON, as it was signed"`
}

// pack makes the offline pack of a level of the member's party. It is a read on record: the notifiers see it in their read log.
func (s *Server) pack(ctx context.Context, in *packInput) (*bodyOf[SignedPack], error) {
	req, err := in.request()
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	_, file, err := s.PackFor(ctx, memberOf(ctx), req)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &bodyOf[SignedPack]{}
	return out, json.Unmarshal(file, &out.Body)
}

// PackFor makes a pack for a member and signs it. That every object in it was read for precaution is stored before
// the pack is handed out; a superseded version beside its newer one is two reads. A refusal is a *node.Refused.
func (s *Server) PackFor(ctx context.Context, m *parley.Member, req *channel.PackRequest) (*release.Pack, []byte, error) {
	if _, err := rand.Read(req.Seed[:]); err != nil {
		return nil, nil, err
	}
	var p *release.Pack
	var refusal *channel.Refusal
	var items []parley.Versioned
	now := s.node.Now()
	if err := s.node.Read(func(st *channel.State) {
		v := st.View(m, now, s.text)
		if p, refusal = v.Pack(req); refusal == nil {
			for _, e := range p.Entries {
				items = append(items, v.Undelivered(e.Of.Ref)...)
			}
		}
	}); err != nil {
		return nil, nil, err
	}
	if refusal != nil {
		return nil, nil, &node.Refused{Refusal: refusal}
	}
	file, err := s.node.SignPack(p)
	if err != nil {
		return nil, nil, err
	}
	var reads []parley.Read
	for _, e := range p.Entries {
		reads = append(reads, parley.Read{Object: e.Of.Ref, Member: m.Ref, Purpose: parley.ForPrecaution, At: max(now, 1)})
	}
	if err := s.node.RecordReads(ctx, reads); err != nil {
		return nil, nil, err
	}
	s.node.Delivered(m.Account, items)
	return p, file, nil
}

// request reads what the pack is to hold. Errors are *parley.Fault.
func (in *packInput) request() (*channel.PackRequest, error) {
	req := &channel.PackRequest{Buffer: in.Buffer, Echelon: parley.Echelon(in.Echelon), Level: in.Level}
	var err error
	switch {
	case (in.Shape == "") == (in.BBox == ""):
		return nil, parley.Invalid("query.shape", strconv.Quote(in.Shape), "a sector: either shape, a GeoJSON polygon, or bbox, west,south,east,north")
	case in.Shape != "":
		if req.Sector, err = geo.ParseGeoJSON([]byte(in.Shape)); err != nil {
			return nil, parley.Invalid("query.shape", in.Shape, "a GeoJSON polygon: "+err.Error())
		}
	default:
		if req.Sector, err = boxOf(in.BBox); err != nil {
			return nil, err
		}
	}
	if req.Window.From, err = stampIn("query.from", in.From); err != nil {
		return nil, err
	}
	if req.Window.To, err = stampIn("query.until", in.Until); err != nil {
		return nil, err
	}
	if in.Valid != "" {
		d, err := time.ParseDuration(in.Valid)
		if err != nil || d < time.Minute {
			return nil, parley.Invalid("query.valid", strconv.Quote(in.Valid), "a duration such as 24h, at least a minute")
		}
		req.Valid = d.Milliseconds()
	}
	return req, nil
}

func stampIn(field, text string) (int64, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, parley.Invalid(field, strconv.Quote(text), "a time such as 2026-03-01T06:00:00Z")
	}
	return at.UnixMilli(), nil
}

// boxOf reads west,south,east,north in decimal degrees.
func boxOf(text string) (geo.Shape, error) {
	parts := strings.Split(text, ",")
	bad := parley.Invalid("query.bbox", strconv.Quote(text), "west,south,east,north in decimal degrees, west before east and south before north")
	if len(parts) != 4 {
		return geo.Shape{}, bad
	}
	var d [4]float64
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !(v >= -180 && v <= 180) {
			return geo.Shape{}, bad
		}
		d[i] = v
	}
	if d[0] >= d[2] || d[1] >= d[3] || d[1] < -90 || d[3] > 90 {
		return geo.Shape{}, bad
	}
	shape, err := geo.ParseGeoJSON(fmt.Appendf(nil, `{"type":"Polygon","coordinates":[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[2]f]]]}`, d[0], d[1], d[2], d[3]))
	if err != nil {
		return shape, bad
	}
	return shape, nil
}
