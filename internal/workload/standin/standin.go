// Package standin answers a client of Tile38 in tests, where no Tile38 can be had.
package standin

import (
	"fmt"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/redcon"

	"parley/geo"
)

// Tile38 answers the commands that the client of Tile38 sends. It is NOT Tile38 and shows nothing of Tile38's geometry, speed or memory: no such
// server can be had where this is tested. What it shows is that our side of the protocol holds: framing, pipelines, cursors, WHERE, errors. Its WHERE,
// AUTH, cursors and words of errors follow Tile38's documentation and source (internal/server/token.go, scanner.go, stats.go); which outlines meet is decided by parley's own exact kernel.
type Tile38 struct {
	Password string
	Page     int                                // most ids in one answer, below what LIMIT allows; 0: as LIMIT says
	Refuse   func(n int, command string) string // an error in place of the n-th answer; "" for none
	CutAt    int                                // hang up in place of the n-th answer, once
	Facts    []string                           // in place of what SERVER EXT says
	Answer   []any                              // in place of what INTERSECTS says

	mu       sync.Mutex
	answered int
	Keys     map[string]map[string]Standing // what it holds, by key and id; to be read when nobody asks
	Dropped  []string                       // keys, in order
	Said     []string                       // every command, as it came
}

// Standing is one object with its fields.
type Standing struct {
	shape  geo.Shape
	fields map[string]float64
}

// Serve listens on loopback until the test ends and returns the address.
func (s *Tile38) Serve(t testing.TB) string {
	t.Helper()
	s.Keys = map[string]map[string]Standing{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	open := func(c redcon.Conn) bool { c.SetContext(s.Password == ""); return true }
	server := redcon.NewServerNetwork("tcp", l.Addr().String(), s.handle, open, nil)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		<-ended
	})
	return l.Addr().String()
}

func (s *Tile38) handle(c redcon.Conn, m redcon.Command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var args []string
	for _, a := range m.Args {
		args = append(args, string(a))
	}
	s.Said = append(s.Said, strings.Join(args, " "))
	s.answered++
	if s.answered == s.CutAt {
		c.SetContext(false) // what else this connection has sent is not taken
		c.Close()
		return
	}
	if s.Refuse != nil {
		if text := s.Refuse(s.answered, args[0]); text != "" {
			c.WriteError(text)
			return
		}
	}
	if args[0] == "AUTH" {
		if len(args) != 2 || args[1] != s.Password || s.Password == "" {
			c.WriteError("ERR invalid password")
			return
		}
		c.SetContext(true)
		c.WriteString("OK")
		return
	}
	if c.Context() != true {
		c.WriteError("ERR authentication required")
		return
	}
	switch args[0] {
	case "SERVER":
		facts := s.Facts
		if facts == nil {
			facts = []string{"heap_alloc_bytes", "12345678", "sys_bytes", "23456789", "tile38_version", "0.0.0-stand-in"}
		}
		c.WriteArray(len(facts))
		for _, f := range facts {
			c.WriteBulkString(f)
		}
	case "GC":
		c.WriteString("OK")
	case "SET":
		s.set(c, args)
	case "STATS":
		c.WriteArray(1)
		c.WriteArray(2)
		c.WriteBulkString("num_objects")
		c.WriteBulkString(strconv.Itoa(len(s.Keys[args[1]])))
	case "DROP":
		s.Dropped = append(s.Dropped, args[1])
		delete(s.Keys, args[1])
		c.WriteInt(1)
	case "INTERSECTS":
		s.intersects(c, args)
	default:
		c.WriteError(fmt.Sprintf("ERR unknown command '%s'", args[0]))
	}
}

func (s *Tile38) set(c redcon.Conn, args []string) {
	one := Standing{fields: map[string]float64{}}
	rest := args[3:]
	for len(rest) > 3 && rest[0] == "FIELD" {
		v, err := strconv.ParseFloat(rest[2], 64)
		if err != nil {
			c.WriteError("ERR invalid argument '" + rest[2] + "'")
			return
		}
		if v != 0 {
			one.fields[rest[1]] = v
		}
		rest = rest[3:]
	}
	if len(rest) != 2 || rest[0] != "OBJECT" {
		c.WriteError("ERR wrong number of arguments for 'set' command")
		return
	}
	var err error
	if one.shape, err = geo.ParseGeoJSON([]byte(rest[1])); err != nil {
		c.WriteError("ERR " + err.Error())
		return
	}
	if s.Keys[args[1]] == nil {
		s.Keys[args[1]] = map[string]Standing{}
	}
	s.Keys[args[1]][args[2]] = one
	c.WriteString("OK")
}

// bound is one end of a WHERE.
func bound(text string) (value float64, without bool) {
	text, without = strings.CutPrefix(text, "(")
	value, err := strconv.ParseFloat(text, 64) // reads -inf and +inf too
	if err != nil {
		value = math.NaN()
	}
	return value, without
}

func (s *Tile38) intersects(c redcon.Conn, args []string) {
	cursor, limit, rest := 0, 100, args[2:] // 100 is Tile38's limit when none is asked for
	var wheres []func(Standing) bool
	for len(rest) > 0 {
		switch rest[0] {
		case "CURSOR":
			cursor, _ = strconv.Atoi(rest[1])
			rest = rest[2:]
			continue
		case "LIMIT":
			limit, _ = strconv.Atoi(rest[1])
			rest = rest[2:]
			continue
		case "WHERE":
			name := rest[1]
			low, aboveLow := bound(rest[2])
			high, belowHigh := bound(rest[3])
			wheres = append(wheres, func(o Standing) bool {
				v := o.fields[name]
				return (v > low || v == low && !aboveLow) && (v < high || v == high && !belowHigh)
			})
			rest = rest[4:]
			continue
		}
		break
	}
	if s.Answer != nil {
		c.WriteAny(s.Answer)
		return
	}
	if len(rest) != 3 || rest[0] != "IDS" || rest[1] != "OBJECT" || limit < 1 {
		c.WriteError("ERR wrong number of arguments for 'intersects' command")
		return
	}
	shape, err := geo.ParseGeoJSON([]byte(rest[2]))
	if err != nil {
		c.WriteError("ERR " + err.Error())
		return
	}
	if s.Page > 0 {
		limit = min(limit, s.Page)
	}
	always := geo.Window{From: 0, To: 1}
	ask := geo.Volume{Shape: shape, Band: geo.AllAltitudes, Window: always}
	var ids []string
	for id, o := range s.Keys[args[1]] {
		if !slices.ContainsFunc(wheres, func(w func(Standing) bool) bool { return !w(o) }) && geo.Conflict(ask, geo.Volume{Shape: o.shape, Band: geo.AllAltitudes, Window: always}) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // as text: the client puts them in order
	ids = ids[min(cursor, len(ids)):]
	next := 0
	if len(ids) >= limit {
		ids, next = ids[:limit], cursor+limit
	}
	c.WriteArray(2)
	c.WriteInt(next)
	c.WriteArray(len(ids))
	for _, id := range ids {
		c.WriteBulkString(id)
	}
}
