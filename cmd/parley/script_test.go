package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/need"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"parley":   main,
		"envelope": envelopeTool,
		"damage":   damageTool,
	})
}

// Each script runs the real binary against a real server. A script whose first line is "# exercise" begins with the demo's people in
// $WORK/cast: their keys in cast/keys, the server's data in cast/server, the parties' references in $NORTH and $SOUTH. One with the line
// "# postgres" has an empty PostgreSQL database of its own at $DATABASE; one with "# shared" has the open data at $SHARED.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
			if err != nil {
				return err
			}
			env.Setenv("EXAMPLES", examples)
			env.Setenv("HOME", env.WorkDir)
			script, err := os.ReadFile(filepath.Join("testdata", "script", strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")+".txt"))
			if err != nil {
				return err
			}
			if bytes.Contains(script, []byte("\n# postgres\n")) {
				config, err := pgx.ParseConfig(need.Postgres(t))
				if err != nil {
					return err
				}
				env.Setenv("DATABASE", fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", config.User, config.Port, config.Database))
			}
			if bytes.Contains(script, []byte("\n# shared\n")) {
				env.Setenv("SHARED", need.Shared(t))
			}
			if !bytes.HasPrefix(script, []byte("# exercise\n")) {
				return nil
			}
			return stage(t.Context(), filepath.Join(env.WorkDir, "cast"), hour, func(e *exercise) {
				p := e.enter()
				env.Setenv("NORTH", string(p.north.ref))
				env.Setenv("SOUTH", string(p.south.ref))
				for _, who := range []string{"trustee-1", "trustee-2", "verifier", "releaser", "north-officer", "north-planner", "south-officer", "relief", "medical", "water", "observer"} {
					env.Setenv(strings.ToUpper(strings.NewReplacer("-1", "1", "-2", "2", "-", "_").Replace(who)), filepath.Join(e.keys, who+".key"))
				}
			})
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve":   serveInScript,
			"witness": witnessInScript,
			"policy":  policyInScript,
			"halt":    haltInScript,
			"halts":   haltAllInScript,
			"let":     letInScript,
			"bring":   bringInScript,
		},
	})
}

type running struct {
	process *exec.Cmd
	stderr  bytes.Buffer
}

var all = map[string][]*running{} // every server of a script

var servers = map[string]*running{} // the last one, by the script's work folder; scripts of one run share the process, each its own folder

// serve DIR [ADDRESS] [FLAG…] starts a server, on a free port unless told, and sets PARLEY_SERVER and $ADDRESS, and $CA_PRINT for a local authority.
func serveInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve DIR [ADDRESS] [FLAG…]")
	}
	if len(args) == 1 || strings.HasPrefix(args[1], "-") {
		args = slices.Insert(args, 1, "127.0.0.1:0")
	}
	r := &running{process: exec.Command("parley", append([]string{"serve", "--json", "--data", ts.MkAbs(args[0]), "--listen", args[1]}, args[2:]...)...)}
	r.process.Stderr = &r.stderr
	out, err := r.process.StdoutPipe()
	ts.Check(err)
	ts.Check(r.process.Start())
	ts.Defer(func() { stop(ts, r) })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		_ = r.process.Wait()
		ts.Fatalf("the server did not start: %v: %s", err, r.stderr.String())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	var hello struct {
		Address string
		CAPrint string `json:"ca_sha256"`
	}
	ts.Check(json.Unmarshal(line, &hello))
	ts.Setenv("PARLEY_SERVER", hello.Address)
	ts.Setenv("CA_PRINT", hello.CAPrint)
	ts.Setenv("ADDRESS", strings.TrimPrefix(strings.TrimPrefix(hello.Address, "https://"), "http://"))
	lock.Lock()
	defer lock.Unlock()
	servers[ts.MkAbs(".")+ts.Name()] = r
	all[ts.MkAbs(".")+ts.Name()] = append(all[ts.MkAbs(".")+ts.Name()], r)
}

// halts asks every server of the script to end, and waits for them.
func haltAllInScript(ts *testscript.TestScript, neg bool, args []string) {
	lock.Lock()
	mine := slices.Clone(all[ts.MkAbs(".")+ts.Name()])
	lock.Unlock()
	for _, r := range mine {
		stop(ts, r)
	}
}

// witness DIR starts the witness of a folder on a free port and sets $WITNESS to its address. It stops with the script.
func witnessInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: witness DIR")
	}
	r := &running{process: exec.Command("parley", "witness", "serve", "--json", "--data", ts.MkAbs(args[0]), "--listen", "127.0.0.1:0")}
	r.process.Stderr = &r.stderr
	out, err := r.process.StdoutPipe()
	ts.Check(err)
	ts.Check(r.process.Start())
	ts.Defer(func() { stop(ts, r) })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		_ = r.process.Wait()
		ts.Fatalf("the witness did not start: %v: %s", err, r.stderr.String())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	var hello struct{ Address string }
	ts.Check(json.Unmarshal(line, &hello))
	ts.Setenv("WITNESS", hello.Address)
}

// policy FILE K LABEL KEY URL… writes a policy of witnesses of which K have to cosign.
func policyInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 5 || len(args)%3 != 2 {
		ts.Fatalf("usage: policy FILE K LABEL KEY URL…")
	}
	text, group := "# written by the test\n", "group parties "+args[1]
	for w := args[2:]; len(w) > 0; w = w[3:] {
		text += "witness " + strings.Join(w[:3], " ") + "\n"
		group += " " + w[0]
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text+group+"\nquorum parties\n"), 0o600))
}

// halt asks the server to end and waits for it.
func haltInScript(ts *testscript.TestScript, neg bool, args []string) {
	lock.Lock()
	r := servers[ts.MkAbs(".")+ts.Name()]
	lock.Unlock()
	if r == nil {
		ts.Fatalf("no server runs")
	}
	stop(ts, r)
}

func stop(ts *testscript.TestScript, r *running) {
	if r.process.ProcessState != nil {
		return
	}
	_ = r.process.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- r.process.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			ts.Logf("the server ended: %v: %s", err, r.stderr.String())
			ts.Check(err)
		}
	case <-time.After(20 * time.Second):
		_ = r.process.Process.Signal(syscall.SIGABRT)
		<-ended
		ts.Fatalf("the server did not end: %s", r.stderr.String())
	}
}

// bring FROM TEXT brings a short message as a gateway does, with the token "secret token", and prints the answer.
func bringInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bring FROM TEXT")
	}
	r, err := http.NewRequest(http.MethodPost, ts.Getenv("PARLEY_SERVER")+"/sms/in", strings.NewReader(url.Values{"from": {args[0]}, "text": {args[1]}}.Encode()))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer secret token")
	answer, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n", answer.StatusCode, text)
}

// let NAME PATH sets a variable from the last line of JSON on standard output: "a.b.0.c", or "a.-1" for the last of a list.
func letInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: let NAME PATH")
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	var value any
	ts.Check(json.Unmarshal([]byte(lines[len(lines)-1]), &value))
	for _, step := range strings.Split(args[1], ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			ts.Check(err)
			if i < 0 {
				i += len(v)
			}
			if i < 0 || i >= len(v) {
				ts.Fatalf("%s: no item %s in a list of %d", args[1], step, len(v))
			}
			value = v[i]
		}
	}
	switch v := value.(type) {
	case string:
		ts.Setenv(args[0], v)
	case float64:
		ts.Setenv(args[0], strconv.FormatFloat(v, 'f', -1, 64))
	default:
		ts.Fatalf("%s: read %v in %s", args[1], value, lines[len(lines)-1])
	}
}
