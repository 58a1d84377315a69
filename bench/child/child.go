// Package child runs a server in a process of its own, for programs that measure it over TCP from another.
package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"parley/api"
	"parley/journal"
	"parley/node"
)

// Serve serves a data folder until its input ends. It prints its address first, and answers each line "use" with the bytes of heap and
// stacks in use and the number of goroutines. With a database, the journal lies there. With a profile it writes the processor's profile there.
func Serve(folder, address, database, profile string) error {
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	var shared journal.Journal
	if database != "" {
		var err error
		if shared, err = journal.OpenShared(context.Background(), database, folder, slog.New(slog.DiscardHandler)); err != nil {
			return err
		}
	}
	n, err := node.Open(context.Background(), node.Config{Folder: folder, Journal: shared})
	if err != nil {
		return err
	}
	limits := api.DefaultLimits()
	limits.Rate, limits.Burst = 1e9, 1e9
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s := &http.Server{Handler: api.New(n, limits, nil), ReadHeaderTimeout: 10 * time.Second}
	fmt.Println(l.Addr())
	go func() { // the parent closes our input when it is done
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			fmt.Println(m.HeapAlloc+m.StackInuse, runtime.NumGoroutine())
		}
		_ = s.Close()
	}()
	if err := s.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return n.Close()
}

// Child is a server in another process.
type Child struct {
	URL string
	cmd *exec.Cmd
	in  *os.File
	out *bufio.Reader
}

// Start runs this program again with flags that make it call Serve.
func Start(args ...string) (*Child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, args...)
	cmd.Stderr, cmd.Stdin = os.Stderr, read
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := read.Close(); err != nil {
		return nil, err
	}
	c := &Child{cmd: cmd, in: write, out: bufio.NewReader(out)}
	address, err := c.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	c.URL = "http://" + strings.TrimSpace(address)
	return c, nil
}

// Use is what the server has in hand.
type Use struct {
	Memory     uint64 // bytes of heap and stacks after a collection
	Resident   uint64 // bytes, as the kernel counts them; 0 where there is no /proc
	Goroutines int
	Files      int // open files and sockets; 0 where there is no /proc
}

// Use collects garbage and returns what remains in use.
func (c *Child) Use() (u Use, err error) {
	if _, err := c.in.WriteString("use\n"); err != nil {
		return u, err
	}
	if _, err := fmt.Fscanln(c.out, &u.Memory, &u.Goroutines); err != nil {
		return u, err
	}
	proc := fmt.Sprintf("/proc/%d/", c.cmd.Process.Pid)
	files, err := os.ReadDir(proc + "fd")
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	u.Files = len(files)
	text, err := os.ReadFile(proc + "statm")
	if err != nil {
		return u, err
	}
	var size, resident uint64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return u, fmt.Errorf("%sstatm: read %q: %w", proc, text, err)
	}
	u.Resident = resident * uint64(os.Getpagesize())
	return u, nil
}

// Stop ends the server and returns the processor time that it took.
func (c *Child) Stop() (time.Duration, error) {
	if err := c.in.Close(); err != nil {
		return 0, err
	}
	if err := c.cmd.Wait(); err != nil {
		return 0, err
	}
	return c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime(), nil
}
