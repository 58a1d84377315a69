package need

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// PatroniCluster is three PostgreSQL servers under Patroni, with an etcd, as processes of the test. The configuration is
// examples/patroni.yml with addresses, folders and passwords filled in.
type PatroniCluster struct {
	t       testing.TB
	members []*member
}

type member struct {
	*server
	rest    int
	manager *exec.Cmd
	gone    chan error
}

// Patroni starts the cluster and returns when it has a primary that waits for a standby.
func Patroni(t testing.TB) *PatroniCluster {
	t.Helper()
	patroni, etcd := Command(t, "patroni"), Command(t, "etcd")
	config, err := os.ReadFile(filepath.Join(Root(), "examples", "patroni.yml"))
	if err != nil {
		t.Fatal(err)
	}
	store := newServer(t) // only its folder, user and ports
	client, peer := store.port, freePort(t)
	at := func(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
	run := store.command("x")
	run.Path, run.Args = etcd, []string{"etcd", "--data-dir", store.data(), "--listen-client-urls", at(client), "--advertise-client-urls", at(client),
		"--listen-peer-urls", at(peer), "--initial-advertise-peer-urls", at(peer), "--initial-cluster", "default=" + at(peer)}
	begin(t, run, filepath.Join(store.folder, "etcd.log"))

	c := &PatroniCluster{t: t}
	for i := range 3 {
		m := &member{server: newServer(t), rest: freePort(t)}
		text := strings.NewReplacer("NAME", fmt.Sprint("node", i+1), "ADDRESS:8008", fmt.Sprint("127.0.0.1:", m.rest), "ADDRESS:5432", fmt.Sprint("127.0.0.1:", m.port),
			"ETCD", fmt.Sprint("127.0.0.1:", client), "/var/lib/postgresql/15/parley", m.data(), "/usr/lib/postgresql/15/bin", m.bin,
			"local all all peer", "local all all trust", "scram-sha-256", "trust").Replace(string(config))
		text += fmt.Sprintf("  pgpass: %s\n  parameters:\n    unix_socket_directories: %s\n", filepath.Join(m.folder, "pgpass"), m.folder)
		file := filepath.Join(m.folder, "patroni.yml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		m.manager = m.command("x")
		m.manager.Path, m.manager.Args = patroni, []string{"patroni", file}
		m.gone = begin(t, m.manager, filepath.Join(m.folder, "patroni.log"))
		c.members = append(c.members, m)
	}
	c.until("a primary that waits for a standby", func() bool {
		leader := c.leader()
		return leader != nil && found(leader.superuser("postgres"), "SELECT count(*) FROM pg_stat_replication WHERE sync_state='sync'") == nil
	})
	if err := Execute(c.leader().superuser("postgres"), "create database parley"); err != nil {
		t.Fatal(err)
	}
	// A client asks the members in turn, and a standby that lacks the database turns it away for good.
	c.until("every member to have the database", func() bool {
		return !slices.ContainsFunc(c.members, func(m *member) bool { return found(m.superuser("parley"), "SELECT 1") != nil })
	})
	return c
}

// begin starts a process in a group of its own; a clean-up ends the group.
func begin(t testing.TB, run *exec.Cmd, log string) chan error {
	t.Helper()
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	run.Stdout, run.Stderr = out, out
	if err := run.Start(); err != nil {
		t.Fatalf("couldn't start %s: %v", run.Path, err)
	}
	gone := make(chan error, 1)
	go func() { gone <- run.Wait() }() // ends with the process, which the clean-up waits for
	t.Cleanup(func() {
		run.Process.Signal(syscall.SIGTERM)
		select {
		case <-gone:
		case <-time.After(30 * time.Second):
			syscall.Kill(-run.Process.Pid, syscall.SIGQUIT)
			<-gone
		}
	})
	return gone
}

func (m *member) superuser(database string) string {
	return fmt.Sprintf("host=127.0.0.1 port=%d user=postgres sslmode=disable dbname=%s", m.port, database)
}

// leader returns the member that says it is the primary, nil when none does.
func (c *PatroniCluster) leader() *member {
	for _, m := range c.members {
		client := http.Client{Timeout: time.Second}
		r, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d/leader", m.rest))
		if err != nil {
			continue
		}
		r.Body.Close()
		if r.StatusCode == http.StatusOK {
			return m
		}
	}
	return nil
}

func (c *PatroniCluster) until(what string, done func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !done(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			for _, m := range c.members {
				text, _ := os.ReadFile(filepath.Join(m.folder, "patroni.log"))
				c.t.Logf("%s", text[max(0, len(text)-2000):])
			}
			c.t.Fatalf("waited for %s in vain", what)
		}
	}
}

// DSN reaches whichever member takes writes.
func (c *PatroniCluster) DSN() string {
	var hosts, ports []string
	for _, m := range c.members {
		hosts, ports = append(hosts, "127.0.0.1"), append(ports, fmt.Sprint(m.port))
	}
	return fmt.Sprintf("host=%s port=%s user=postgres sslmode=disable dbname=parley target_session_attrs=read-write connect_timeout=2", strings.Join(hosts, ","), strings.Join(ports, ","))
}

// EndLeader ends the machine of the primary, as far as a test can: its Patroni and every process of its PostgreSQL, at once.
func (c *PatroniCluster) EndLeader() {
	c.t.Helper()
	m := c.leader()
	if m == nil {
		c.t.Fatal("there is no primary")
	}
	text, err := os.ReadFile(filepath.Join(m.data(), "postmaster.pid"))
	if err != nil {
		c.t.Fatal(err)
	}
	var server int
	if _, err := fmt.Sscan(string(text), &server); err != nil {
		c.t.Fatal(err)
	}
	if err := syscall.Kill(-m.manager.Process.Pid, syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	m.gone <- <-m.gone
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server, server))
	for _, pid := range append(strings.Fields(string(children)), fmt.Sprint(server)) {
		var p int
		if _, err := fmt.Sscan(pid, &p); err == nil {
			syscall.Kill(p, syscall.SIGKILL) // some end by themselves when Patroni does
		}
	}
}
