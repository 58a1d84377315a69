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
	bin := postgresBin(t)
	folder, err := os.MkdirTemp("", "parley-postgres-") // t.TempDir lies below folders that other users may not enter
	if err != nil {
		t.Fatalf("couldn't make a folder for PostgreSQL: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	as := unprivileged(t)
	if as != nil {
		if err := os.Chown(folder, int(as.Uid), int(as.Gid)); err != nil {
			t.Fatalf("couldn't hand %s to the user of PostgreSQL: %v", folder, err)
		}
	}
	data := filepath.Join(folder, "data")
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir = folder
		c.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		c.Env = []string{"LC_ALL=C", "HOME=" + folder, "PATH=" + os.Getenv("PATH")}
		return c
	}
	if out, err := command("initdb", "-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatalf("couldn't open the log of PostgreSQL: %v", err)
	}
	defer log.Close()
	server := command("postgres", "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", folder, "-c", "fsync=off",
		"-c", "shared_buffers=256MB", "-c", "jit=off", "-c", "max_connections=40", "-c", "autovacuum=off")
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatalf("couldn't start PostgreSQL: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }() // ends with the server, which the clean-up below waits for
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGINT) // "fast" shutdown: open sessions are cut off
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			server.Process.Signal(syscall.SIGQUIT) // at once
			<-ended
		}
	})
	base := fmt.Sprintf("host=127.0.0.1 port=%d user=parley sslmode=disable dbname=", port)
	deadline := time.Now().Add(time.Minute)
	for {
		err := Execute(base+"postgres", "create database parley")
		if err == nil {
			return base + "parley"
		}
		select {
		case err = <-ended:
			ended <- err
		case <-time.After(50 * time.Millisecond):
			if time.Now().Before(deadline) {
				continue
			}
		}
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("PostgreSQL did not answer: %v\n%s", err, text)
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
		return filepath.Dir(path)
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
