package need

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	_ "modernc.org/sqlite" // litewitness keeps the logs it knows in SQLite
)

// Litewitness starts an independent witness for the test: litewitness of Torchwood, on a free loopback port, with a key of its own in
// an ssh agent, knowing the logs with these public keys. It returns the witness's address and public key; the witness stops with the test.
func Litewitness(t testing.TB, name string, logKeys ...string) (url, key string) {
	t.Helper()
	program := Tool(t, "filippo.io/torchwood/cmd/litewitness")
	folder, err := os.MkdirTemp("", "parley-lw-") // short: the path of a socket holds about 100 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	database := filepath.Join(folder, "witness.db")
	if err := register(database, logKeys); err != nil {
		t.Fatalf("couldn't register the log with litewitness: %v", err)
	}
	socket := filepath.Join(folder, "agent")
	public, err := sshAgent(t, socket)
	if err != nil {
		t.Fatalf("couldn't start an ssh agent: %v", err)
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	server := exec.Command(program, "-name", name, "-db", database, "-ssh-agent", socket, "-listen", address, "-key", ssh.FingerprintSHA256(public), "-obscurity")
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatalf("couldn't start litewitness: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }() // ends with the witness, which the clean-up below waits for
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGINT)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			server.Process.Signal(syscall.SIGQUIT)
			<-ended
		}
	})
	said := regexp.MustCompile(`vkey=(\S+)`)
	for deadline := time.Now().Add(time.Minute); ; {
		text, _ := os.ReadFile(log.Name())
		if r, err := http.Get("http://" + address + "/"); err == nil {
			r.Body.Close()
			if m := said.FindSubmatch(text); m != nil {
				return "http://" + address, strings.Trim(string(m[1]), `"`)
			}
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("litewitness ended: %v\n%s", err, text)
		case <-time.After(20 * time.Millisecond):
			if time.Now().After(deadline) {
				t.Fatalf("litewitness did not answer:\n%s", text)
			}
		}
	}
}

// register writes logs into the database of a witness that is not started yet, as its own tool would.
func register(path string, logKeys []string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	empty := sha256.Sum256(nil)
	statements := []string{
		"CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL)",
		"CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin))"}
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			return err
		}
	}
	for _, key := range logKeys {
		origin, _, _ := strings.Cut(key, "+")
		if _, err := db.Exec("INSERT INTO log VALUES (?, 0, ?) ON CONFLICT DO NOTHING", origin, base64.StdEncoding.EncodeToString(empty[:])); err != nil {
			return err
		}
		if _, err := db.Exec("INSERT INTO key VALUES (?, ?)", origin, key); err != nil {
			return err
		}
	}
	return nil
}

// sshAgent serves an ssh agent with one new Ed25519 key on a socket until the test ends.
func sshAgent(t testing.TB, socket string) (ssh.PublicKey, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: &private}); err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_ = agent.ServeAgent(ring, conn) // ends when litewitness hangs up
			}()
		}
	}()
	return ssh.NewPublicKey(private.Public())
}

// fsckTime is how long the auditor may take. One that finds a fault early waits for itself for ever when more is queued than its
// workers are many (version 1.0.4): that is no success either, and with 64 workers the small logs of tests never get there.
const fsckTime = time.Minute

// Fsck has an independent auditor, fsck of Tessera, check a log at an address, http:// or file://. It derives every tile and the root
// again from the leaves. It returns what the auditor wrote, and whether that holds its line of success: its exit status is 0 either way.
func Fsck(t testing.TB, program, url, logKey string) (good bool, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "log.vkey")
	if err := os.WriteFile(file, []byte(logKey), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), fsckTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "-storage_url", url, "-public_key", file, "-ui=false", "-logtostderr", "-N", "64").CombinedOutput()
	if err != nil {
		out = append(out, err.Error()...)
	}
	good = strings.Contains(string(out), "Successfully fsck'd log with size ") && !strings.Contains(string(out), "fsck failed")
	return good, string(out)
}

// FsckTool is the auditor that Fsck runs.
const FsckTool = "github.com/transparency-dev/tessera/cmd/fsck"
