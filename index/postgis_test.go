package index

import (
	"context"
	"slices"
	"testing"

	"parley/internal/need"
	"parley/internal/workload"
)

// postGIS is PostGIS geography that holds the items, their place in the list as id.
type postGIS struct {
	*workload.PostGIS
	most int32
}

func loadPostGIS(t testing.TB, dsn string, items []workload.Item) postGIS {
	t.Helper()
	ctx := context.Background()
	c, err := workload.DialPostGIS(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(ctx) })
	if err := workload.LoadPostGIS(ctx, c, items); err != nil {
		t.Fatal(err)
	}
	p := postGIS{}
	for i := range items {
		p.most = max(p.most, items[i].Volume.Buffer)
	}
	if p.PostGIS, err = workload.Geography(ctx, c); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p postGIS) find(t testing.TB, q *workload.Item) []ID {
	t.Helper()
	ctx := context.Background()
	asked, err := p.Ask(ctx, q, p.most)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := workload.Find[ID](ctx, p.PostGIS, asked)
	if err != nil {
		t.Fatal(err)
	}
	return ids
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
				got, want := x.Find(queries[i].Volume), p.find(t, &queries[i])
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
