package need

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a PostgreSQL primary with one standby that confirms every commit, as two server processes of the test.
type Cluster struct {
	t                testing.TB
	primary, standby *server
	flags            []string
}

// PostgresPair starts a primary and a standby. A commit on the primary returns when the standby has it too (quorum of one). Both sync
// to disk, as in service.
func PostgresPair(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{t: t, flags: []string{"-c", "shared_buffers=64MB", "-c", "jit=off", "-c", "max_connections=60", "-c", "wal_level=replica",
		"-c", "max_wal_senders=4", "-c", "hot_standby=on", "-c", "wal_keep_size=256MB", "-c", "wal_retrieve_retry_interval=100ms"}}
	c.primary = newServer(t)
	c.primary.init(c.flags...)
	c.follow()
	return c
}

// follow makes a new standby of the primary, and waits until commits wait for it.
func (c *Cluster) follow() {
	c.t.Helper()
	c.standby = newServer(c.t)
	copy := c.standby.command("pg_basebackup", "-h", "127.0.0.1", "-p", fmt.Sprint(c.primary.port), "-U", "parley", "-D", c.standby.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync")
	if out, err := copy.CombinedOutput(); err != nil {
		c.t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	c.standby.start(c.flags...)
	for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'", "SELECT pg_reload_conf()"} {
		if err := Execute(c.primary.base()+"postgres", statement); err != nil {
			c.t.Fatal(err)
		}
	}
	c.primary.answers(func() error {
		return found(c.primary.base()+"postgres", "SELECT count(*) FROM pg_stat_replication WHERE state='streaming' AND sync_state='quorum'")
	})
}

// found asks for a number and fails while it is 0.
func found(dsn, query string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var n int
	if err := conn.QueryRow(ctx, query).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%s: 0", query)
	}
	return nil
}

// DSN reaches whichever of the two takes writes.
func (c *Cluster) DSN() string {
	return fmt.Sprintf("host=127.0.0.1,127.0.0.1 port=%d,%d user=parley sslmode=disable dbname=parley target_session_attrs=read-write connect_timeout=2", c.primary.port, c.standby.port)
}

// EndPrimary ends the primary as the end of its machine does, with all its processes at once, and returns when they are gone. The postmaster is stopped first and
// ended last: a backend that waits for the standby gives up waiting when it finds the postmaster gone, and then shows for a moment a commit that no standby has.
func (c *Cluster) EndPrimary() {
	c.t.Helper()
	postmaster := c.primary.process.Process.Pid
	if err := syscall.Kill(postmaster, syscall.SIGSTOP); err != nil {
		c.t.Fatal(err)
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", postmaster, postmaster))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, text := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(text)
		if err != nil {
			c.t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			c.t.Fatal(err)
		}
	}
	if err := syscall.Kill(-postmaster, syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	c.primary.ended <- <-c.primary.ended
}

// Promote makes the standby the primary, as an operator would by hand. It was copied before the primary waited for anybody, so it
// waits for no standby itself.
func (c *Cluster) Promote() {
	c.t.Helper()
	if err := Execute(c.standby.base()+"postgres", "SELECT pg_promote()"); err != nil {
		c.t.Fatal(err)
	}
}

// Replace takes the old primary's place by a new standby of the new primary, for the next round.
func (c *Cluster) Replace() {
	c.t.Helper()
	os.RemoveAll(c.primary.data())
	c.primary = c.standby
	c.follow()
}
