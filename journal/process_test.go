package journal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/journal"
	"parley/journal/journaltest"
)

// The test binary runs itself as another process when this variable holds a task.
const taskVariable = "PARLEY_JOURNAL_TEST_TASK"

func TestMain(m *testing.M) {
	task := os.Getenv(taskVariable)
	if task == "" {
		os.Exit(m.Run())
	}
	var err error
	switch args := os.Args[1:]; task {
	case "copy":
		err = copyFolder(args[0], args[1])
	case "append":
		err = appendForever(args[0])
	case "append one":
		err = appendOne(args[0])
	case "erase envelopes":
		err = eraseForever(args[0])
	case "search":
		err = searchFolder(args[0], args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func child(t *testing.T, task string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self, args...)
	command.Env = append(os.Environ(), taskVariable+"="+task)
	command.Stderr = os.Stderr
	return command
}

// appendForever appends blocks with payloads and writes "height hash" for each that was acknowledged.
func appendForever(dir string) error {
	ctx := context.Background()
	j, err := journal.OpenSQLite(ctx, dir)
	if err != nil {
		return err
	}
	var chain journal.Chain
	for {
		for b, err := range j.Blocks(ctx, chain.Head().Height+1) {
			if err != nil {
				return err
			}
			if err := chain.Follow(b); err != nil {
				return err
			}
		}
		height := int(chain.Head().Height + 1)
		b, err := journaltest.Next(&chain, uint64(os.Getpid()), 1+height%5, 50+height%200*40)
		if err != nil {
			return err
		}
		err = j.Append(ctx, b, []journal.Payload{journaltest.Payload(height, 60+height%9*400)})
		if errors.Is(err, journal.ErrBehind) {
			continue
		}
		if err != nil {
			return err
		}
		fmt.Printf("%d %s\n", b.Height, b.Hash())
		if err := chain.Follow(b); err != nil {
			return err
		}
	}
}

// TestEndOfProcess ends writing processes by SIGKILL at random moments, two at a time on one folder: every block that was
// acknowledged is there, with its payload, and the head guard agrees.
func TestEndOfProcess(t *testing.T) {
	const rounds = 20
	dir := t.TempDir()
	moments := rand.New(rand.NewPCG(5, 6))
	acknowledged := make(map[uint64]string)
	for round := range rounds {
		said := make(chan []string)
		var children []*exec.Cmd
		for range 1 + round%2 {
			writer := child(t, "append", dir)
			out, err := writer.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := writer.Start(); err != nil {
				t.Fatal(err)
			}
			children = append(children, writer)
			go func() {
				var lines []string
				for in := bufio.NewScanner(out); in.Scan(); {
					lines = append(lines, in.Text())
				}
				said <- lines
			}()
		}
		time.Sleep(time.Duration(80+moments.IntN(170)) * time.Millisecond)
		for _, writer := range children {
			if err := writer.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		for range children {
			for _, line := range <-said {
				number, hash, whole := strings.Cut(line, " ")
				height, err := strconv.ParseUint(number, 10, 64)
				if err != nil || !whole || len(hash) != 64 {
					continue // the line was cut short with the process
				}
				if other, twice := acknowledged[height]; twice {
					t.Fatalf("height %d was acknowledged twice: %s and %s", height, other, hash)
				}
				acknowledged[height] = hash
			}
		}
		for _, writer := range children {
			writer.Wait() // its error says how it ended, which is known
		}
		checkAcknowledged(t, dir, acknowledged)
	}
	if len(acknowledged) < rounds {
		t.Fatalf("%d blocks were acknowledged, expected at least one a round", len(acknowledged))
	}
	t.Logf("%d blocks acknowledged in %d rounds", len(acknowledged), rounds)
}

func checkAcknowledged(t *testing.T, dir string, acknowledged map[uint64]string) {
	t.Helper()
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	found := 0
	head, err := journal.Verify(t.Context(), j, func(b *journal.Block) error {
		if hash, ok := acknowledged[b.Height]; ok {
			if hash != b.Hash().String() {
				return fmt.Errorf("block %d: read %s, expected %s", b.Height, b.Hash(), hash)
			}
			found++
		}
		_, err := j.Payload(t.Context(), journaltest.Payload(int(b.Height), 60+int(b.Height)%9*400).Commitment)
		return err
	})
	if err != nil || found != len(acknowledged) {
		t.Fatalf("read %d of %d acknowledged blocks, head %d: %v", found, len(acknowledged), head.Height, err)
	}
}

// appendOne opens a folder and appends one block, however often others are first.
func appendOne(dir string) error {
	ctx := context.Background()
	j, err := journal.OpenSQLite(ctx, dir)
	if err != nil {
		return err
	}
	var chain journal.Chain
	for {
		b, err := journaltest.Next(&chain, uint64(os.Getpid()), 1, 50)
		if err != nil {
			return err
		}
		if err := j.Append(ctx, b, nil); !errors.Is(err, journal.ErrBehind) {
			return errors.Join(err, j.Close())
		}
		for b, err := range j.Blocks(ctx, chain.Head().Height+1) {
			if err == nil {
				err = chain.Follow(b)
			}
			if err != nil {
				return err
			}
		}
	}
}

// TestManyMakeOneFolder opens a folder that does not exist in four processes at once: one makes it, all write into it.
func TestManyMakeOneFolder(t *testing.T) {
	for range 5 {
		dir := t.TempDir() + "/new"
		var writers []*exec.Cmd
		for range 4 {
			writer := child(t, "append one", dir)
			if err := writer.Start(); err != nil {
				t.Fatal(err)
			}
			writers = append(writers, writer)
		}
		for _, writer := range writers {
			if err := writer.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		j, err := journal.OpenSQLite(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		head, err := journal.Verify(t.Context(), j, nil)
		if err != nil || head.Height != uint64(len(writers)) {
			t.Fatalf("read head %d, %v, expected %d", head.Height, err, len(writers))
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
