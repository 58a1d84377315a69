package workload

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"

	"parley/geo"
)

// Tile38 is a connection to a Tile38 server that holds volumes under a key of its own, each under its number. It knows neither buffers nor windows nor bands: shapes
// are outlines (see Item.Outline), windows and bands are fields. One goroutine uses it at a time.
type Tile38 struct {
	address Tile38Address
	conn    redis.Conn
	key     string // never another's: it ends in chance
	Version string
	count   int
}

// Tile38Address is where a server is, and the password that it asks for, if any.
type Tile38Address struct{ host, password string }

// ParseTile38 reads HOST:PORT or redis://:PASSWORD@HOST:PORT.
func ParseTile38(text string) (Tile38Address, error) {
	a := Tile38Address{host: text}
	if strings.Contains(text, "://") {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "redis" || u.User.Username() != "" || u.Path != "" || u.RawQuery != "" {
			return a, badAddress("a text of another form") // a password in it is not repeated
		}
		a.host = u.Host
		a.password, _ = u.User.Password()
	}
	if host, port, err := net.SplitHostPort(a.host); err != nil || host == "" || port == "" {
		return a, badAddress(strconv.Quote(a.host))
	}
	return a, nil
}

func badAddress(read string) error {
	return fmt.Errorf("read %s, expected HOST:PORT of a Tile38 server, such as 127.0.0.1:9851, or redis://:PASSWORD@HOST:PORT", read)
}

// patience is how long one answer may take: a query that finds half of ten million volumes takes seconds.
const patience = 2 * time.Minute

// DialTile38 connects and looks whether it is Tile38 that answers. Close takes away what Load puts there.
func DialTile38(ctx context.Context, a Tile38Address) (*Tile38, error) {
	t := &Tile38{address: a, key: "parley-bench-" + strings.ToLower(rand.Text())}
	if err := t.dial(ctx); err != nil {
		return nil, err
	}
	facts, err := t.facts(ctx)
	if err != nil {
		return nil, errors.Join(t.explain(err), t.conn.Close())
	}
	t.Version = facts["tile38_version"]
	if t.Version == "" {
		return nil, errors.Join(fmt.Errorf("read a server at %s that names no tile38_version, expected Tile38", a.host), t.conn.Close())
	}
	return t, nil
}

func (t *Tile38) dial(ctx context.Context) (err error) {
	options := []redis.DialOption{redis.DialConnectTimeout(5 * time.Second), redis.DialReadTimeout(patience), redis.DialWriteTimeout(patience)}
	if t.address.password != "" {
		options = append(options, redis.DialPassword(t.address.password))
	}
	if t.conn, err = redis.DialContext(ctx, "tcp", t.address.host, options...); err != nil {
		return t.explain(err)
	}
	return nil
}

// explain says what an error of the server or of the way to it means for whoever named the address.
func (t *Tile38) explain(err error) error {
	var said redis.Error
	switch {
	case !errors.As(err, &said):
		return fmt.Errorf("read no answer from %s, expected a Tile38 server: %w", t.address.host, err)
	case strings.Contains(string(said), "password") || strings.Contains(string(said), "authentication"):
		return fmt.Errorf("read %q from %s, expected its password in redis://:PASSWORD@HOST:PORT", said, t.address.host)
	case strings.Contains(string(said), "unknown command"):
		return fmt.Errorf("read %q from %s, expected Tile38: another kind of server answers there", said, t.address.host)
	}
	return fmt.Errorf("read %q from %s, expected an answer of Tile38", said, t.address.host)
}

// facts asks the server about itself.
func (t *Tile38) facts(ctx context.Context) (map[string]string, error) {
	return redis.StringMap(redis.DoContext(t.conn, ctx, "SERVER", "EXT"))
}

// Tile38Memory is what the server says of its memory, in bytes. It does not say how much of it the system keeps resident.
type Tile38Memory struct{ Heap, FromSystem int64 }

// Memory has the server collect its garbage and returns what it then holds.
func (t *Tile38) Memory(ctx context.Context) (m Tile38Memory, err error) {
	if _, err := redis.DoContext(t.conn, ctx, "GC"); err != nil {
		return m, t.explain(err)
	}
	select { // it reads its own figures five times a second
	case <-time.After(500 * time.Millisecond):
	case <-ctx.Done():
		return m, ctx.Err()
	}
	facts, err := t.facts(ctx)
	if err != nil {
		return m, t.explain(err)
	}
	for _, f := range []struct {
		name string
		to   *int64
	}{{"heap_alloc_bytes", &m.Heap}, {"sys_bytes", &m.FromSystem}} {
		if *f.to, err = strconv.ParseInt(facts[f.name], 10, 64); err != nil {
			return m, fmt.Errorf("%s in the answer to SERVER EXT: read %q, expected bytes", f.name, facts[f.name])
		}
	}
	return m, nil
}

// loadAtOnce is how many volumes are sent before their answers are read.
const loadAtOnce = 1000

// Load puts volumes under their numbers and returns how long the server took; outlines are made before, outside of that time.
func (t *Tile38) Load(ctx context.Context, items []Item) (took time.Duration, err error) {
	for first := 0; first < len(items); first += loadAtOnce {
		some := items[first:min(first+loadAtOnce, len(items))]
		all := make([]redis.Args, len(some))
		for i := range some {
			all[i] = t.set(first+i, &some[i])
		}
		began := time.Now()
		for _, args := range all {
			if err := t.conn.Send("SET", args...); err != nil {
				return took, t.explain(err)
			}
		}
		if err := t.conn.Flush(); err != nil {
			return took, t.explain(err)
		}
		for i := range some {
			if _, err := redis.ReceiveContext(t.conn, ctx); err != nil {
				return took, fmt.Errorf("%s: %w", some[i].ID, t.explain(err))
			}
		}
		took += time.Since(began)
	}
	t.count += len(items)
	return took, t.counted(ctx)
}

// set returns the arguments of SET. A field that is 0 is not kept, and counts as 0 in WHERE.
func (t *Tile38) set(number int, it *Item) redis.Args {
	v := &it.Volume
	return redis.Args{t.key, number, "FIELD", "low", v.Band.Low, "FIELD", "high", v.Band.High, "FIELD", "starts", v.Window.From, "FIELD", "ends", min(v.Window.To, endless), "OBJECT", it.Outline()}
}

// endless is the end of a window without one: fields are floating point numbers, and this is the last up to which every millisecond is one.
const endless = 1 << 53

// counted holds the server's count against what was loaded: an id that was set twice would be one volume less.
func (t *Tile38) counted(ctx context.Context) error {
	all, err := redis.Values(redis.DoContext(t.conn, ctx, "STATS", t.key))
	if err != nil {
		return t.explain(err)
	}
	if len(all) != 1 || all[0] == nil {
		return fmt.Errorf("the server's STATS: read %v, expected those of one key", all)
	}
	stats, err := redis.StringMap(all[0], nil)
	if err != nil || stats["num_objects"] != strconv.Itoa(t.count) {
		return fmt.Errorf("num_objects of the server: read %q (%v), expected %d", stats["num_objects"], err, t.count)
	}
	return nil
}

// Tile38Question is a query made ready: all arguments of INTERSECTS after the cursor.
type Tile38Question struct {
	id   string
	args redis.Args
}

// Ask makes a query ready, outside of what is measured. Windows are half-open, "(" excludes a bound; bands are closed.
func (t *Tile38) Ask(q *Item) Tile38Question {
	v := &q.Volume
	before := "(" + strconv.FormatInt(v.Window.To, 10)
	if v.Window.To == geo.Forever {
		before = "+inf"
	}
	return Tile38Question{q.ID, redis.Args{"LIMIT", max(t.count, 1), "WHERE", "low", "-inf", v.Band.High, "WHERE", "high", v.Band.Low, "+inf",
		"WHERE", "starts", "-inf", before, "WHERE", "ends", "(" + strconv.FormatInt(v.Window.From, 10), "+inf", "IDS", "OBJECT", q.Outline()}}
}

// FindTile38 returns the numbers of the volumes that Tile38 finds in conflict, ascending. It asks until the server says that there is no more.
func FindTile38[ID ~uint64](ctx context.Context, t *Tile38, q Tile38Question) (found []ID, err error) {
	for cursor := uint64(0); ; {
		answer, err := redis.Values(redis.DoContext(t.conn, ctx, "INTERSECTS", append(redis.Args{t.key, "CURSOR", cursor}, q.args...)...))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.id, t.explain(err))
		}
		var next uint64
		var ids []string
		if _, err := redis.Scan(answer, &next, &ids); err != nil || len(answer) != 2 {
			return nil, fmt.Errorf("%s: read an answer of %d parts (%v), expected a cursor and ids", q.id, len(answer), err)
		}
		for _, text := range ids {
			id, err := strconv.ParseUint(text, 10, 64)
			if err != nil || id >= uint64(t.count) {
				return nil, fmt.Errorf("%s: read the id %q, expected the number of a volume, below %d", q.id, text, t.count)
			}
			found = append(found, ID(id))
		}
		if next == 0 {
			break
		}
		if next <= cursor {
			return nil, fmt.Errorf("%s: read the cursor %d after %d, expected one that goes on", q.id, next, cursor)
		}
		cursor = next
	}
	slices.Sort(found)
	if n := len(found); len(slices.Compact(found)) != n {
		return nil, fmt.Errorf("%s: the server gave a volume twice", q.id)
	}
	return found, nil
}

// Close takes the key away, over a new connection if the old one is gone, and hangs up. It works after ctx has ended, too.
func (t *Tile38) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, err := redis.DoContext(t.conn, ctx, "DROP", t.key)
	if t.conn.Err() != nil {
		t.conn.Close() // broken: that it closes badly tells nothing more
		if err = t.dial(ctx); err == nil {
			time.Sleep(250 * time.Millisecond) // what it had read of the old connection it may still be putting
			_, err = redis.DoContext(t.conn, ctx, "DROP", t.key)
		}
	}
	if err != nil {
		return fmt.Errorf("couldn't take the key %s away, DROP it by hand: %w", t.key, err)
	}
	return t.conn.Close()
}
