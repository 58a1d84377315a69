package deliver

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"parley/node"
)

// TestMain plays a server that is ended in the middle of its work, when TestAnEndInTheMiddleLosesNothing starts this program again.
func TestMain(m *testing.M) {
	if folder := os.Getenv("PARLEY_DELIVER_FOLDER"); folder != "" {
		deliverUntilEnded(folder, os.Getenv("PARLEY_DELIVER_CONFIG"))
	}
	os.Exit(m.Run())
}

func deliverUntilEnded(folder, config string) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	n, err := node.Open(context.Background(), node.Config{Folder: folder})
	if err == nil {
		var cfg *Config
		if cfg, err = Load(config); err == nil {
			_, err = Start(context.Background(), n, folder, cfg, log)
		}
	}
	if err != nil {
		log.Error("couldn't start", "why", err)
		os.Exit(1)
	}
	time.Sleep(time.Minute) // it is ended long before
	os.Exit(1)
}

// A server that is ended by SIGKILL in the middle of its work comes back to what it had not delivered: nothing is lost, and at most the one
// notice that was under way each time comes twice.
func TestAnEndInTheMiddleLosesNothing(t *testing.T) {
	s := enter(t)
	r := receive(t, func(int) int { time.Sleep(2 * time.Millisecond); return 200 })
	const notices, ends = 600, 4 // more than the feed takes in one look
	for range notices {
		s.resend()
	}
	want := len(inboxOf(s, s.A.Officer))
	if err := s.node.Close(); err != nil {
		t.Fatal(err)
	}
	cfg := s.config(s.hook("north", r.URL, fields{"from": "first"}))
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	begin := func() *exec.Cmd {
		c := exec.Command(program)
		c.Env = append(os.Environ(), "PARLEY_DELIVER_FOLDER="+s.folder, "PARLEY_DELIVER_CONFIG="+filepath.Join(cfg.folder, "deliver.json"))
		c.Stderr = s.logged
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	end := func(c *exec.Cmd) {
		_ = c.Process.Kill()
		_ = c.Wait() // it reports the signal
	}
	for i := range ends {
		c := begin()
		eventually(t, "nothing comes: "+s.logged.String(), func() bool { return len(r.took()) >= (i+1)*want/(ends+1) })
		end(c)
	}
	c := begin()
	defer end(c)
	seen := map[uint64]int{}
	eventually(t, "some notices are lost: "+s.logged.String(), func() bool {
		clear(seen)
		for _, e := range r.took() {
			seen[e.Notice.Number]++
		}
		return len(seen) == want
	})
	twice := 0
	for _, n := range seen {
		twice += n - 1
	}
	t.Logf("%d notices, %d ends, %d came twice", want, ends, twice)
	if twice > ends {
		t.Errorf("%d notices came twice after %d ends, expected at most one each", twice, ends)
	}
}
