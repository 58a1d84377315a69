package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"parley"
	"parley/geo"
	"parley/inquiry"
	"parley/release"
)

type inquiryInput struct {
	At       string `query:"at" required:"true" maxLength:"40" doc:"RFC 3339"`
	Near     string `query:"near" required:"true" maxLength:"60" doc:"latitude,longitude in decimal degrees"`
	Radius   int32  `query:"radius" required:"true" doc:"metres"`
	Incident string `query:"incident" maxLength:"60" doc:"on whose account it is asked; a monitor names one"`
}

// getInquiry says what was known at a time near a place, as far as the reader may see it, in a file that verifies without this server.
func (s *Server) getInquiry(ctx context.Context, in *inquiryInput) (*bodyOf[inquiry.File], error) {
	q, err := in.question()
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	file, err := s.node.Inquire(ctx, memberOf(ctx), q)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &bodyOf[inquiry.File]{}
	return out, json.Unmarshal(file, &out.Body)
}

func (in *inquiryInput) question() (q release.Question, err error) {
	q.Radius = in.Radius
	if q.At, err = stampIn("query.at", in.At); err != nil {
		return q, err
	}
	bad := parley.Invalid("query.near", strconv.Quote(in.Near), "latitude,longitude in decimal degrees")
	lat, lon, ok := strings.Cut(in.Near, ",")
	if !ok {
		return q, bad
	}
	for _, half := range []struct {
		text string
		into *int32
		most float64
	}{{lat, &q.Place.Lat, 90}, {lon, &q.Place.Lon, 180}} {
		v, err := strconv.ParseFloat(strings.TrimSpace(half.text), 64)
		if err != nil || !(math.Abs(v) <= half.most) {
			return q, bad
		}
		*half.into = int32(math.Round(v * geo.E7))
	}
	if in.Incident != "" {
		if q.Incident, err = parley.ParseRef(in.Incident); err != nil {
			return q, parley.Invalid("query.incident", fmt.Sprintf("%q", in.Incident), "the reference of an incident")
		}
	}
	return q, nil
}
