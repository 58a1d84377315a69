package api_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/api"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/journal"
	"parley/node"
)

// The roles a test process can have besides running the tests.
const (
	roleVar    = "PARLEY_TEST_ROLE"
	folderVar  = "PARLEY_TEST_FOLDER"
	addressVar = "PARLEY_TEST_ADDRESS"
	keyVar     = "PARLEY_TEST_KEY"
	theatreVar = "PARLEY_TEST_THEATRE"
	ledgerVar  = "PARLEY_TEST_LEDGER"
	partyVar   = "PARLEY_TEST_PARTY"
)

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(roleVar) {
	case "server":
		err = runServer(os.Getenv(folderVar), os.Getenv(addressVar))
	case "client":
		err = runClient()
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runServer serves a folder until the process is ended from outside.
func runServer(folder, address string) error {
	n, err := node.Open(context.Background(), node.Config{Folder: folder})
	if err != nil {
		return err
	}
	limits := api.DefaultLimits()
	limits.Rate, limits.Burst = 1e6, 1e6
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return (&http.Server{Handler: api.New(n, limits, nil), ReadHeaderTimeout: 5 * time.Second}).Serve(l)
}

// runClient sends commands until its input ends. It writes what it is about to send, what was acknowledged and what stayed open to
// its ledger, and sends what stayed open again: with the same name, so that it cannot count twice.
func runClient() error {
	seed, err := hex.DecodeString(os.Getenv(keyVar))
	if err != nil {
		return err
	}
	theatre, err := parley.ParseHash(os.Getenv(theatreVar))
	if err != nil {
		return err
	}
	key, party := ed25519.NewKeyFromSeed(seed), parley.Ref(os.Getenv(partyVar))
	ledger, err := os.OpenFile(os.Getenv(ledgerVar), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	note := func(what string, name parley.Hash) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(ledger, "%s %s\n", what, name)
	}
	stop := make(chan struct{})
	go func() {
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		close(stop)
	}()
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}
			for i := 0; ; i++ {
				d := &draft.Draft{Theatre: theatre, MadeAt: time.Now().UnixMilli()}
				site := cast.Hospital(d, cast.At(34+rand.Float64(), 40+rand.Float64()), cast.Start, party)
				s, err := d.Sign(&parley.SiteNotify{Site: site}, key)
				if err != nil {
					panic(err)
				}
				for tries := 0; ; tries++ {
					select {
					case <-stop:
						return
					default:
					}
					note("sent", s.Name)
					ok, err := send(client, os.Getenv(addressVar), s)
					if ok {
						note("acknowledged", s.Name)
						break
					}
					if err == nil {
						panic("refused")
					}
					if !errors.Is(err, errRefusedConnection) {
						note("open", s.Name)
					}
					time.Sleep(time.Duration(5+worker) * time.Millisecond)
				}
			}
		}()
	}
	wait.Wait()
	return ledger.Close()
}

// errRefusedConnection says that nothing was sent: no server listened.
var errRefusedConnection = errors.New("no connection")

// send posts a submission. The error is about the connection; ok says that the command was taken, now or before.
func send(client *http.Client, address string, s *draft.Submission) (ok bool, err error) {
	body, err := json.Marshal(map[string]any{"envelope": json.RawMessage(s.Envelope), "payloads": s.Payloads})
	if err != nil {
		return false, err
	}
	r, err := client.Post("http://"+address+"/v1/commands", "application/json", bytes.NewReader(body))
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "dial" {
			return false, errRefusedConnection
		}
		return false, err
	}
	defer r.Body.Close()
	var result api.Result
	if err := json.NewDecoder(r.Body).Decode(&result); err != nil {
		return false, err
	}
	if r.StatusCode >= 500 {
		return false, fmt.Errorf("status %d", r.StatusCode)
	}
	return result.Outcome == "applied", nil
}

// role starts this test binary in another role.
func role(t *testing.T, name string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), roleVar+"="+name), env...)
	cmd.Stderr = os.Stderr
	return cmd
}

// The server's process is ended by SIGKILL again and again with requests in flight. Every acknowledged command is there, none twice.
func TestNothingAcknowledgedIsLostWhenTheProcessEnds(t *testing.T) {
	rounds := need.Times(t, 8, 20, 1000)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), time.Now().UnixMilli()-1000)
	n, err := node.Open(t.Context(), node.Config{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, func() int64 { return time.Now().UnixMilli() })
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}

	var ledgers []string
	var clients []*exec.Cmd
	for i, p := range []*cast.Person{c.Org, c.Other} {
		ledgers = append(ledgers, filepath.Join(t.TempDir(), fmt.Sprint("ledger", i)))
		cmd := role(t, "client", addressVar+"="+address, keyVar+"="+hex.EncodeToString(p.Key.Seed()), theatreVar+"="+theatre.String(), ledgerVar+"="+ledgers[i], partyVar+"="+string(c.A.Ref))
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, cmd)
		defer in.Close() // ends the client
	}
	for range rounds {
		server := role(t, "server", folderVar+"="+folder, addressVar+"="+address)
		out, err := server.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
			_ = server.Process.Kill()
			_ = server.Wait()
			t.Fatalf("the server did not start: %q, %v", line, err)
		}
		time.Sleep(time.Duration(50+rand.IntN(200)) * time.Millisecond)
		if err := server.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = server.Wait() // it was ended from outside
	}
	for _, cmd := range clients {
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was ended from outside
	}

	times := map[parley.Hash]int{}
	applied := map[parley.Hash]bool{}
	j, err := journal.OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	state := channel.New()
	if _, err := journal.Verify(t.Context(), j, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			out, _ := state.Apply(e.Time, signed)
			if out.Code == parley.Applied {
				times[signed.Name]++
				applied[signed.Name] = true
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	acknowledged, open := 0, 0
	for _, path := range ledgers {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			what, name, ok := strings.Cut(line, " ")
			if !ok || len(name) != 64 {
				continue // the line in hand when the client ended
			}
			switch hash, err := parley.ParseHash(name); {
			case err != nil:
				t.Fatal(err)
			case what == "acknowledged":
				acknowledged++
				if !applied[hash] {
					t.Errorf("%s was acknowledged and is not in the journal", name)
				}
			case what == "open":
				open++
			}
		}
	}
	for name, n := range times {
		if n > 1 {
			t.Errorf("%s took effect %d times", name, n)
		}
	}
	if acknowledged == 0 || open == 0 {
		t.Fatalf("%d acknowledged, %d in flight when a process ended: the test has shown nothing", acknowledged, open)
	}
	t.Logf("%d process ends: %d acknowledged, %d in flight, 0 lost, 0 twice", rounds, acknowledged, open)
}
