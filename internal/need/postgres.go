package need

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Postgres starts a PostgreSQL server of its own for the test, on a free loopback port, and returns how to reach its database
// "parley". The server stops and its files go when the test ends. PostgreSQL refuses to run as root; there it runs as "postgres" or "nobody".
func Postgres(t testing.TB) (dsn string) {
	t.Helper()
	s := newServer(t)
	s.init("-c", "fsync=off", "-c", "shared_buffers=256MB", "-c", "jit=off", "-c", "max_connections=40", "-c", "autovacuum=off")
	return s.dsn()
}

// server is one PostgreSQL server of a test.
type server struct {
	t       testing.TB
	bin     string
	folder  string
	as      *syscall.Credential
	port    int
	flags   []string
	process *exec.Cmd
	ended   chan error
}

// newServer makes a folder and a port for a server.
func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{t: t, bin: postgresBin(t), as: unprivileged(t), port: freePort(t)}
	var err error
	if s.folder, err = os.MkdirTemp("", "parley-postgres-"); err != nil { // t.TempDir lies below folders that other users may not enter
		t.Fatalf("couldn't make a folder for PostgreSQL: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(s.folder) })
	if s.as != nil {
		if err := os.Chown(s.folder, int(s.as.Uid), int(s.as.Gid)); err != nil {
			t.Fatalf("couldn't hand %s to the user of PostgreSQL: %v", s.folder, err)
		}
	}
	return s
}

func (s *server) data() string { return filepath.Join(s.folder, "data") }

// base is the address without a database.
func (s *server) base() string {
	return fmt.Sprintf("host=127.0.0.1 port=%d user=parley sslmode=disable dbname=", s.port)
}

func (s *server) dsn() string { return s.base() + "parley" }

func (s *server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Dir = s.folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	c.Env = []string{"LC_ALL=C", "HOME=" + s.folder, "PATH=" + os.Getenv("PATH")}
	return c
}

// init makes a cluster with the database "parley" and starts it with these flags.
func (s *server) init(flags ...string) {
	s.t.Helper()
	if out, err := s.command("initdb", "-D", s.data(), "-U", "parley", "-A", "trust", "-E", "UTF8", "-k", "--no-sync").CombinedOutput(); err != nil {
		s.t.Fatalf("initdb: %v\n%s", err, out)
	}
	s.start(flags...)
	s.answers(func() error { return Execute(s.base()+"postgres", "create database parley") })
}

// start starts the server; a clean-up stops it.
func (s *server) start(flags ...string) {
	s.t.Helper()
	s.flags = flags
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		s.t.Fatalf("couldn't open the log of PostgreSQL: %v", err)
	}
	defer log.Close()
	s.process = s.command("postgres", append([]string{"-D", s.data(), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-k", s.folder}, flags...)...)
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.t.Fatalf("couldn't start PostgreSQL: %v", err)
	}
	process, ended := s.process, make(chan error, 1)
	s.ended = ended
	go func() { ended <- process.Wait() }() // ends with the server, which the clean-up below waits for
	s.t.Cleanup(func() {
		process.Process.Signal(syscall.SIGINT) // "fast" shutdown: open sessions are cut off
		select {
		case err := <-ended:
			ended <- err
		case <-time.After(20 * time.Second):
			process.Process.Signal(syscall.SIGQUIT) // at once
			ended <- <-ended
		}
	})
}

// answers waits until the server does what is asked.
func (s *server) answers(ask func() error) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		err := ask()
		if err == nil {
			return
		}
		select {
		case err = <-s.ended:
			s.ended <- err
		case <-time.After(50 * time.Millisecond):
			if time.Now().Before(deadline) {
				continue
			}
		}
		text, _ := os.ReadFile(filepath.Join(s.folder, "log"))
		s.t.Fatalf("PostgreSQL did not answer: %v\n%s", err, text)
	}
}

// PostGIS is Postgres with the extension PostGIS in its database.
func PostGIS(t testing.TB) (dsn string) {
	t.Helper()
	dsn = Postgres(t)
	err := Execute(dsn, "create extension postgis")
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == featureNotSupported {
		Missing(t, "PostGIS", refused.Message)
	}
	if err != nil {
		t.Fatalf("couldn't create the extension PostGIS: %v", err)
	}
	return dsn
}

// featureNotSupported is what PostgreSQL answers when the files of an extension are not installed (PostgreSQL manual, appendix A).
const featureNotSupported = "0A000"

// postgresBin returns the folder of the newest server's programs, or ends the test when there is none.
func postgresBin(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil { // the other programs lie where the name leads
			return filepath.Dir(path)
		}
	}
	// Debian keeps them out of PATH, one folder a version.
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		Missing(t, "PostgreSQL", "no initdb on this machine")
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	return filepath.Dir(found[0])
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// unprivileged returns whom the server runs as, nil for the present user.
func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errors.Join(errUID, errGID) == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	Missing(t, "PostgreSQL", "the test runs as root and there is no user postgres or nobody to run the server as")
	return nil
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("couldn't find a free port: %v", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Execute runs one statement in a database.
func Execute(dsn, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("couldn't connect: %w", err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
