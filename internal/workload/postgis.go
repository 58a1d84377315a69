package workload

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// PostGIS is a connection to a PostGIS server that holds volumes in a table of its own, numbered from 0 in their order.
type PostGIS struct {
	conn  *pgx.Conn
	plan  plan
	exact bool
}

// plan is how a table is made and asked.
type plan struct{ table, fill, find string }

// Geography is PostGIS at its most exact: distances on the ellipsoid. The first ST_DWithin lets the spatial index pre-select by the widest buffer of
// the table, the second decides. Planar holds polygons that were widened by their buffer beforehand, in degrees: circles become polygons
// of 32 sides, so its answers differ from the truth by about one in a thousand.
var (
	geography = plan{
		table: "geography_volume",
		fill: `create table geography_volume as
			select id, ST_GeomFromGeoJSON(shape)::geography as shape, buffer, low, high, int8range(from_s, to_s) as span from loaded`,
		find: `select id from geography_volume
			where ST_DWithin(shape, $1::text::geography, $2::float8 + $7::float8, true) and span && int8range($5, $6)
			and low <= $4::int and high >= $3::int and ST_DWithin(shape, $1::text::geography, $2::float8 + buffer, true) order by id`,
	}
	planar = plan{
		table: "planar_volume",
		fill: `create table planar_volume as
			select id, case when buffer > 0 then ST_Buffer(ST_GeomFromGeoJSON(shape)::geography, buffer)::geometry
				else ST_GeomFromGeoJSON(shape) end as shape, low, high, int8range(from_s, to_s) as span from loaded`,
		find: `select id from planar_volume
			where ST_Intersects(shape, $1::text::geometry) and span && int8range($5, $6)
			and low <= $4::int and high >= $3::int and $2::float8 + $7::float8 >= 0 order by id`,
	}
)

// DialPostGIS connects and makes an empty table to load into.
func DialPostGIS(ctx context.Context, dsn string) (*pgx.Conn, error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("couldn't connect to PostGIS: %w", err)
	}
	for _, statement := range []string{
		"create extension if not exists postgis", "set jit = off", "set max_parallel_workers_per_gather = 0", "set maintenance_work_mem = '1GB'",
		"drop table if exists loaded", "create unlogged table loaded (id int8, shape text, buffer float8, low int, high int, from_s int8, to_s int8)",
	} {
		if _, err := c.Exec(ctx, statement); err != nil {
			c.Close(ctx)
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	return c, nil
}

// LoadPostGIS copies items into the table that the two ways of asking are made from.
func LoadPostGIS(ctx context.Context, c *pgx.Conn, items []Item) error {
	_, err := c.CopyFrom(ctx, pgx.Identifier{"loaded"}, []string{"id", "shape", "buffer", "low", "high", "from_s", "to_s"},
		pgx.CopyFromSlice(len(items), func(i int) ([]any, error) {
			v := &items[i].Volume
			return []any{int64(i), string(items[i].Geometry), float64(v.Buffer), v.Band.Low, v.Band.High, v.Window.From / 1000, v.Window.To / 1000}, nil
		}))
	if err != nil {
		return fmt.Errorf("couldn't load into PostGIS: %w", err)
	}
	return nil
}

// Geography makes the table of geographies and its index from what was loaded. Closing the connection is the caller's.
func Geography(ctx context.Context, c *pgx.Conn) (*PostGIS, error) {
	return prepare(ctx, c, geography, true)
}

// Planar makes the table of widened polygons and its index from what was loaded.
func Planar(ctx context.Context, c *pgx.Conn) (*PostGIS, error) {
	return prepare(ctx, c, planar, false)
}

func prepare(ctx context.Context, c *pgx.Conn, p plan, exact bool) (*PostGIS, error) {
	for _, statement := range []string{
		"drop table if exists " + p.table, p.fill,
		"create index on " + p.table + " using gist (shape, span)", "analyze " + p.table,
	} {
		if _, err := c.Exec(ctx, statement); err != nil {
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	return &PostGIS{conn: c, plan: p, exact: exact}, nil
}

// Question is a query made ready: its shape in the form that the table takes.
type Question struct {
	item  *Item
	shape string
	most  float64
}

// Ask makes a query ready, outside of what is measured. most is the widest buffer of the volumes in metres.
func (p *PostGIS) Ask(ctx context.Context, q *Item, most int32) (Question, error) {
	out := Question{item: q, most: float64(most)}
	statement, args := "select ST_GeomFromGeoJSON($1)::text", []any{string(q.Geometry)}
	if !p.exact && q.Volume.Buffer > 0 {
		statement, args = "select ST_Buffer(ST_GeomFromGeoJSON($1)::geography, $2)::geometry::text", append(args, float64(q.Volume.Buffer))
	}
	if err := p.conn.QueryRow(ctx, statement, args...).Scan(&out.shape); err != nil {
		return out, fmt.Errorf("%s: couldn't make ready for PostGIS: %w", q.ID, err)
	}
	return out, nil
}

// Find returns the numbers of the volumes that PostGIS finds in conflict, ascending.
func Find[ID ~uint64](ctx context.Context, p *PostGIS, q Question) ([]ID, error) {
	v := &q.item.Volume
	rows, err := p.conn.Query(ctx, p.plan.find, q.shape, float64(v.Buffer), v.Band.Low, v.Band.High, v.Window.From/1000, v.Window.To/1000, q.most)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", q.item.ID, err)
	}
	defer rows.Close()
	var out []ID
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("%s: %w", q.item.ID, err)
		}
		out = append(out, ID(id))
	}
	return out, rows.Err()
}

// Bytes returns how much the table and its index take.
func (p *PostGIS) Bytes(ctx context.Context) (n int64, err error) {
	err = p.conn.QueryRow(ctx, "select pg_total_relation_size($1::regclass)", p.plan.table).Scan(&n)
	return n, err
}
