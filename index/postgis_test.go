package index

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/internal/need"
)

// postGIS is a PostGIS server that holds the items, their place in the list as id.
type postGIS struct{ *pgx.Conn }

// The first ST_DWithin lets the spatial index pre-select: no buffer of the workload exceeds 500 m. The second decides.
const findInPostGIS = `select id from volume
	where ST_DWithin(shape, ST_GeomFromGeoJSON($1)::geography, $2::float8 + 500, true)
	and low <= $4::int and high >= $3::int and from_s < $6::int8 and to_s > $5::int8
	and ST_DWithin(shape, ST_GeomFromGeoJSON($1)::geography, $2::float8 + buffer, true) order by id`

func loadPostGIS(t testing.TB, dsn string, items []item) postGIS {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatalf("couldn't connect to PostGIS: %v", err)
	}
	t.Cleanup(func() { c.Close(ctx) })
	run := func(statement string) {
		t.Helper()
		if _, err := c.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	run("drop table if exists loaded, volume")
	run("create table loaded (id int8, shape text, buffer float8, low int, high int, from_s int8, to_s int8)")
	_, err = c.CopyFrom(ctx, pgx.Identifier{"loaded"}, []string{"id", "shape", "buffer", "low", "high", "from_s", "to_s"},
		pgx.CopyFromSlice(len(items), func(i int) ([]any, error) {
			it := &items[i]
			return []any{int64(i), string(it.Geometry), float64(it.Buffer), it.Low, it.High, it.Start, it.End}, nil
		}))
	if err != nil {
		t.Fatalf("couldn't load: %v", err)
	}
	run("create table volume as select id, ST_GeomFromGeoJSON(shape)::geography as shape, buffer, low, high, from_s, to_s from loaded")
	run("create index on volume using gist (shape)")
	run("analyze volume")
	return postGIS{c}
}

func (p postGIS) find(t testing.TB, q *item) []ID {
	t.Helper()
	rows, err := p.Query(context.Background(), findInPostGIS, string(q.Geometry), float64(q.Buffer), q.Low, q.High, q.Start, q.End)
	if err != nil {
		t.Fatalf("%s: %v", q.ID, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatalf("%s: %v", q.ID, err)
	}
	out := make([]ID, len(ids))
	for i, id := range ids {
		out[i] = ID(id)
	}
	return out
}

// PostGIS geography finds the same volumes, to the last one, on the common workload and on one across the antimeridian.
func TestFindAgainstPostGIS(t *testing.T) {
	generate := generator(t)
	dsn := need.PostGIS(t)
	for _, c := range []struct {
		name    string
		volumes string
		queries string
		box     []string
		want    int // conflicts in all; reference figures of the workload's makers where they gave any
	}{
		{"Syria and Iraq", "10000", "2000", nil, 882},
		{"across the antimeridian", "10000", "500", []string{"-bbox", "170,60,190,75"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := generate(append(c.box, "-n", c.volumes)...)
			queries := generate(append(c.box, "-queries", "-n", c.queries)...)
			x := build(items)
			p := loadPostGIS(t, dsn, items)
			total := 0
			for i := range queries {
				got, want := x.Find(queries[i].volume), p.find(t, &queries[i])
				if !slices.Equal(got, want) {
					t.Fatalf("%s: found %v, PostGIS %v", queries[i].ID, got, want)
				}
				total += len(got)
			}
			if c.want > 0 && total != c.want || total == 0 {
				t.Fatalf("%d conflicts, expected %d", total, c.want)
			}
			t.Logf("%d volumes, %d queries, %d conflicts, all as in PostGIS", len(items), len(queries), total)
		})
	}
}
