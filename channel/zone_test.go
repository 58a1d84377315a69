package channel_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
)

// A zone of 55 km around a point touches the objects that PostGIS geography finds within its radius and their keep-out, to the last one.
func TestRadiusZoneAgainstPostGIS(t *testing.T) {
	dsn := need.PostGIS(t)
	ctx := context.Background()
	db, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatalf("couldn't connect to PostGIS: %v", err)
	}
	t.Cleanup(func() { db.Close(ctx) })
	const radius, keepOut, hospitals = 55_000, 500, 400
	c, b := cast.NewBare(t)
	r := rand.New(rand.NewPCG(55, 1))
	centre := cast.At(35.9013, 39.0017)
	refs, places := make([]parley.Ref, hospitals), make([]string, hospitals)
	for i := range hospitals {
		p := geo.Destination(centre, int32(r.IntN(360)), int32(radius-3000+r.IntN(7000)))
		p.Lon, p.Lat = p.Lon|1, p.Lat|1 // no rounded place
		places[i] = fmt.Sprintf("POINT(%.7f %.7f)", float64(p.Lon)/geo.E7, float64(p.Lat)/geo.E7)
		refs[i] = c.Must(c.Org, func(d *draft.Draft) parley.Body {
			return &parley.SiteNotify{Site: cast.Hospital(d, p, cast.Start, c.A.Ref)}
		}).Ref
	}
	org := mark(c, b, c.Org)
	body := &parley.ZoneImpose{Line: lineOf(b, cast.Point(centre), c.B.Ref)}
	body.Line.LineKind, body.Line.Terms.Radius, body.Line.Terms.Published = "radius_zone", radius, true
	zone := c.Tell(c.A.Officer, body).Ref
	rows, err := db.Query(ctx, "select n from unnest($1::text[]) with ordinality as p(place, n) where ST_DWithin(ST_GeogFromText(place), ST_GeogFromText($2), $3, true)",
		places, fmt.Sprintf("POINT(%.7f %.7f)", float64(centre.Lon)/geo.E7, float64(centre.Lat)/geo.E7), radius+keepOut)
	if err != nil {
		t.Fatalf("PostGIS: %v", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatalf("PostGIS: %v", err)
	}
	var want []parley.Ref
	for _, n := range found {
		want = append(want, refs[n-1])
	}
	slices.Sort(want)
	a := arranged(c, b, c.Verifier, zone)
	if !slices.Equal(a.Cuts, want) {
		t.Errorf("it meets %d objects; PostGIS finds %d", len(a.Cuts), len(want))
	}
	if len(want) < hospitals/10 || len(want) > hospitals*9/10 {
		t.Errorf("%d of %d are within: the boundary is not tried", len(want), hospitals)
	}
	notices, _ := viewer(c, b, c.Org).Inbox(org, 1000)
	told := 0
	for _, n := range notices {
		if n.Kind == parley.NoticeLineTouches && n.Other == zone && slices.Contains(want, n.Object) {
			told++
		}
	}
	if told != len(want) {
		t.Errorf("the owner was told of %d objects; expected %d", told, len(want))
	}
	if !strings.Contains(a.Described.Words, "55000 m around it") {
		t.Errorf("described as %q", a.Described.Words)
	}
}
