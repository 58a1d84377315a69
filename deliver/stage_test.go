package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/node"
)

// stage is a node with people, and the folder it runs in.
type stage struct {
	*cast.Cast
	t      testing.TB
	folder string
	node   *node.Node
	site   parley.Ref // released to A: version 1
	logged *record
}

// record gathers bytes from many goroutines.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

var place = cast.At(35.9528, 39.0079)

// enter opens an exercise with a hospital that is released to party A.
func enter(t testing.TB) *stage {
	t.Helper()
	profile := cast.Profile()
	profile.Exercise = true
	folder, theatre, trustees := cast.Folder(t, profile, time.Now().UnixMilli())
	s := &stage{t: t, folder: folder, logged: &record{}}
	s.open()
	s.Cast = cast.Enter(t, cast.OnNode{Node: s.node}, theatre, trustees, func() int64 { return time.Now().UnixMilli() })
	s.site = s.NotifyHospital(place)
	s.Release(cast.V(s.site, 1), s.A.Ref)
	return s
}

func (s *stage) open() {
	s.t.Helper()
	n, err := node.Open(context.Background(), node.Config{Folder: s.folder})
	if err != nil {
		s.t.Fatal(err)
	}
	s.node = n
	s.t.Cleanup(func() {
		if err := n.Close(); err != nil {
			s.t.Error(err)
		}
	})
}

// config loads a configuration from JSON. Pauses are short.
func (s *stage) config(channels ...any) *Config {
	return s.configOf(map[string]any{"channels": channels})
}

func (s *stage) configOf(all map[string]any) *Config {
	s.t.Helper()
	cfg, err := load(s.t, all)
	if err != nil {
		s.t.Fatal(err)
	}
	cfg.pace.first, cfg.pace.most, cfg.pace.urgent, cfg.pace.timeout = 5*time.Millisecond, 50*time.Millisecond, 20*time.Millisecond, 3*time.Second
	return cfg
}

const (
	hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // of the Standard Webhooks specification's own example
	smsSecret  = "gateway-password-1"
	mailSecret = "mail-password-1"
)

func load(t testing.TB, all any) (*Config, error) {
	t.Helper()
	folder := t.TempDir()
	text, ok := all.(string)
	if !ok {
		b, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	file := filepath.Join(folder, "deliver.json")
	for name, content := range map[string]string{"deliver.json": text, "hook.secret": hookSecret + "\n", "sms.secret": smsSecret, "mail.secret": mailSecret} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(file)
}

type fields = map[string]any

// hook describes a webhook to A's officer.
func (s *stage) hook(name, address string, more fields) fields {
	f := fields{"name": name, "member": s.A.Officer.Ref, "kind": "webhook", "address": address, "private": true, "secret": fields{"file": "hook.secret"}}
	for k, v := range more {
		f[k] = v
	}
	return f
}

// start starts a service that ends with the test.
func (s *stage) start(cfg *Config) *Service {
	s.t.Helper()
	d, err := Start(context.Background(), s.node, s.folder, cfg, slog.New(slog.NewTextHandler(s.logged, nil)))
	if err != nil {
		s.t.Fatal(err)
	}
	once := sync.OnceValue(d.Close)
	s.t.Cleanup(func() {
		if err := once(); err != nil {
			s.t.Error(err)
		}
	})
	return d
}

// resend has the desk send the hospital to A again, which is one notice to A.
func (s *stage) resend() {
	s.t.Helper()
	s.Tell(s.Releaser, &parley.ObjectResend{Of: cast.V(s.site, 1), To: s.A.Ref})
}

// stop raises an urgent stop about the hospital.
func (s *stage) raise() { s.t.Helper(); s.Tell(s.Org, &parley.StopRaise{Object: s.site}) }

// eventually waits until ok and returns how long that took. Its patience is no assertion about speed: the machine may be busy.
func eventually(t testing.TB, what string, ok func() bool) time.Duration {
	t.Helper()
	const limit = 2 * time.Minute
	start := time.Now()
	for !ok() {
		if time.Since(start) > limit {
			t.Fatalf("after %s: %s", limit, what)
		}
		time.Sleep(2 * time.Millisecond)
	}
	return time.Since(start)
}

// placed waits until every channel of a service has its place in the inbox, so that what is said next is news.
func placed(t testing.TB, s *Service) {
	t.Helper()
	for _, c := range s.cfg.Channels {
		if c.Kind == KindCoT {
			continue
		}
		eventually(t, "channel "+c.Name+" has no place", func() bool {
			_, _, ok, err := s.queue.cursor(t.Context(), c.Name)
			return ok && err == nil
		})
	}
}

func (s *stage) lines(channel string, dead bool) []Line {
	s.t.Helper()
	l, err := OpenLog(s.folder)
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	lines, err := l.Lines(context.Background(), channel, dead, 10_000)
	if err != nil {
		s.t.Fatal(err)
	}
	return lines
}

func outcomes(lines []Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, string(l.Outcome))
	}
	return fmt.Sprint(all)
}
