package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// folder is the content of a journal's files by name, and what reads back from it.
type folder struct {
	files    map[string][]byte
	blocks   [][]byte
	head     journal.Head
	payloads int // the payloads 1 to this number are stored
}

func readFolder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = data
	}
	return files
}

// closedFolder is a journal of some blocks that was closed: all is in journal.db.
func closedFolder(t *testing.T, blocks int) folder {
	t.Helper()
	dir := t.TempDir()
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var chain journal.Chain
	journaltest.Fill(t, j, &chain, blocks)
	f := folder{blocks: journaltest.Read(t, j, 1), head: chain.Head(), payloads: blocks}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	f.files = readFolder(t, dir)
	return f
}

// leftFolder is the same with its last third in a write-ahead log, as a process that ended at once leaves it.
func leftFolder(t *testing.T, blocks int) folder {
	t.Helper()
	dir, copied := t.TempDir(), t.TempDir()
	var chain journal.Chain
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	journaltest.Fill(t, j, &chain, blocks*2/3)
	if err := j.Close(); err != nil { // writes the log back
		t.Fatal(err)
	}
	if j, err = journal.OpenSQLite(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	journaltest.Fill(t, j, &chain, blocks-blocks*2/3)
	// Read through another process: closing a descriptor here would drop SQLite's locks. Every block is synced, so the files are
	// what a SIGKILL at this moment leaves.
	if err := copyByCommand(t, dir, copied); err != nil {
		t.Fatal(err)
	}
	f := folder{blocks: journaltest.Read(t, j, 1), head: chain.Head(), payloads: blocks, files: readFolder(t, copied)}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	delete(f.files, "journal.db-shm") // SQLite makes it again from the log
	if len(f.files["journal.db-wal"]) < 10_000 {
		t.Fatalf("the log holds %d bytes, expected the last blocks", len(f.files["journal.db-wal"]))
	}
	return f
}

// outcome of opening a damaged folder.
type outcome string

const (
	whole   outcome = "every block reads back identical"
	refused outcome = "damage was reported"
)

// meet writes a folder, opens and verifies it, and fails when what comes back is neither refused nor what was written.
func (f folder) meet(t *testing.T, dir string, files map[string][]byte) (outcome, error) {
	t.Helper()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	defer func() {
		for _, name := range slices.Concat(slices.Collect(maps.Keys(files)), []string{"journal.db-wal", "journal.db-shm", "head", "journal.db"}) {
			os.Remove(filepath.Join(dir, name))
		}
	}()
	j, err := journal.OpenSQLite(context.Background(), dir)
	if err != nil {
		return refused, ours(err)
	}
	defer j.Close()
	var read [][]byte
	head, err := journal.Verify(context.Background(), j, func(b *journal.Block) error {
		data, err := b.MarshalBinary()
		read = append(read, data)
		return err
	})
	if err != nil {
		return refused, ours(err)
	}
	if head != f.head || !slices.EqualFunc(read, f.blocks, bytes.Equal) {
		return whole, fmt.Errorf("opened and verified with head %+v and %d blocks, expected %+v and %d", head, len(read), f.head, len(f.blocks))
	}
	for n := 1; n <= f.payloads; n++ {
		want := journaltest.Payload(n, 60)
		plain, err := j.Payload(context.Background(), want.Commitment)
		if err != nil || !bytes.Equal(plain, want.Plain) {
			return whole, fmt.Errorf("verified, but payload %d reads %q, %v", n, plain, err)
		}
	}
	return whole, nil
}

// ours returns nil when an error is damage that names a place.
func ours(err error) error {
	d, ok := errors.AsType[*journal.Damage](err)
	if !ok {
		return fmt.Errorf("refused with an error that is no Damage: %w", err)
	}
	if d.What == "" || d.Read == "" || d.Expected == "" {
		return fmt.Errorf("refused without a place: %+v", d)
	}
	return nil
}

func TestFlippedBitsAreNoticed(t *testing.T) {
	for name, f := range map[string]folder{"closed": closedFolder(t, 120), "left": leftFolder(t, 120)} {
		for _, file := range slices.Sorted(maps.Keys(f.files)) {
			t.Run(name+"/"+file, func(t *testing.T) {
				t.Parallel()
				data := f.files[file]
				positions := rand.New(rand.NewPCG(1, uint64(len(data)))).Perm(len(data))
				damage(t, f, positions[:min(need.Times(t, 150, 250, 5000), len(positions))], func(at int) map[string][]byte {
					files := maps.Clone(f.files)
					flipped := slices.Clone(data)
					flipped[at] ^= 1 << (at % 8)
					files[file] = flipped
					return files
				})
			})
		}
	}
}

func TestTruncationIsNoticed(t *testing.T) {
	for name, f := range map[string]folder{"closed": closedFolder(t, 120), "left": leftFolder(t, 120)} {
		for _, file := range slices.Sorted(maps.Keys(f.files)) {
			t.Run(name+"/"+file, func(t *testing.T) {
				t.Parallel()
				data := f.files[file]
				lengths := rand.New(rand.NewPCG(2, uint64(len(data)))).Perm(len(data))
				lengths = append([]int{0}, lengths[:min(need.Times(t, 15, 25, 500), len(lengths))]...)
				for page := 0; page < len(data) && page < 40*4096; page += 4096 {
					lengths = append(lengths, page)
				}
				damage(t, f, lengths, func(length int) map[string][]byte {
					files := maps.Clone(f.files)
					files[file] = data[:length]
					return files
				})
			})
		}
	}
}

func TestMissingFileIsNoticed(t *testing.T) {
	for name, f := range map[string]folder{"closed": closedFolder(t, 20), "left": leftFolder(t, 120)} {
		for file := range f.files {
			files := maps.Clone(f.files)
			delete(files, file)
			how, err := f.meet(t, t.TempDir(), files)
			if err != nil {
				t.Errorf("%s, without %s: %v", name, file, err)
			} else if how == whole {
				t.Errorf("%s, without %s: %s", name, file, how)
			}
		}
	}
}

// damage meets a folder with every change, on two goroutines.
func damage(t *testing.T, f folder, changes []int, change func(int) map[string][]byte) {
	t.Helper()
	var next, noticed atomic.Int64
	var group sync.WaitGroup
	for range 2 {
		dir := t.TempDir()
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(changes)) && !t.Failed(); i = next.Add(1) - 1 {
				how, err := f.meet(t, dir, change(changes[i]))
				if err != nil {
					t.Errorf("at %d: %v", changes[i], err)
				}
				if how == refused {
					noticed.Add(1)
				}
			}
		})
	}
	group.Wait()
	t.Logf("%d changes: %d refused, the others read back identical", len(changes), noticed.Load())
}

func TestAcceptHead(t *testing.T) {
	f := leftFolder(t, 120)
	dir := t.TempDir()
	f.files["journal.db-wal"] = f.files["journal.db-wal"][:len(f.files["journal.db-wal"])/2]
	for name, data := range f.files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := journal.OpenSQLite(t.Context(), dir)
	if err := ours(err); err != nil {
		t.Fatalf("half a log: %v", err)
	}
	if !strings.Contains(err.Error(), "AcceptHead") {
		t.Fatalf("the error does not say what to do: %v", err)
	}
	head, err := journal.AcceptHead(t.Context(), dir)
	if err != nil || head.Height == 0 || head.Height >= f.head.Height {
		t.Fatalf("accept: read %+v, %v, expected a head below %d", head, err, f.head.Height)
	}
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if verified, err := journal.Verify(t.Context(), j, nil); err != nil || verified != head {
		t.Fatalf("after accepting: read %+v, %v, expected %+v", verified, err, head)
	}
	if blocks := journaltest.Read(t, j, 1); !slices.EqualFunc(blocks, f.blocks[:head.Height], bytes.Equal) {
		t.Fatal("the blocks that are left are not those that were written")
	}
}

// copyByCommand copies all files of a folder in another process.
func copyByCommand(t *testing.T, from, to string) error {
	t.Helper()
	out, err := child(t, "copy", from, to).Output()
	if err != nil {
		return fmt.Errorf("copy: %w: %s", err, out)
	}
	return nil
}

func copyFolder(from, to string) error {
	entries, err := os.ReadDir(from)
	for _, e := range entries {
		if err == nil {
			err = copyFile(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()))
		}
	}
	return err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
