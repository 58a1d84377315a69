package proof

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
)

// openLeaves opens leaves at path over a tree of size leaves, and returns the indexes that were asked for.
func openLeaves(t *testing.T, path string, size int) (leaves *Leaves, asked []uint64) {
	t.Helper()
	tree, _ := openTree(t, filepath.Join(t.TempDir(), "tree"), size)
	var count int
	leaves, err := OpenLeaves(path, tree, func(from uint64) iter.Seq2[[]byte, error] {
		asked = append(asked, from)
		return leavesTo(size, &count)(from)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { leaves.Close() })
	return leaves, asked
}

// leavesFile is the file of that many leaves.
func leavesFile(size int) []byte {
	file := []byte("parleyL\x01")
	for n := range size {
		file = append(file, leafOf(n)...)
	}
	return file
}

func TestLeavesAreMendedWhenOpened(t *testing.T) {
	const size = 9
	whole := leavesFile(size)
	flipped := func(at int) []byte {
		file := bytes.Clone(whole)
		file[at] ^= 1
		return file
	}
	path := filepath.Join(t.TempDir(), "leaves")
	for _, c := range []struct {
		name    string
		content []byte
		asked   []uint64 // from which index on
	}{
		{"no file yet", nil, []uint64{0}},
		{"whole", whole, nil},
		{"longer", append(bytes.Clone(whole), whole[8:]...), nil},
		{"a leaf less", whole[:len(whole)-LeafSize], []uint64{8}},
		{"a byte less", whole[:len(whole)-1], []uint64{8}},
		{"the last leaf is another", flipped(len(whole) - 1), []uint64{8}},
		{"nothing but the magic", whole[:8], []uint64{0}},
		{"a part of the magic", whole[:5], []uint64{0}},
		{"another magic", flipped(7), []uint64{0}},
		{"leaves of another journal", append([]byte("parleyL\x01"), make([]byte, 20*LeafSize)...), []uint64{0}},
	} {
		if c.content != nil {
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		leaves, asked := openLeaves(t, path, size)
		if fmt.Sprint(asked) != fmt.Sprint(c.asked) {
			t.Errorf("%s: asked from %v, expected %v", c.name, asked, c.asked)
		}
		if file, err := os.ReadFile(path); err != nil || !bytes.Equal(file, whole) {
			t.Errorf("%s: read a file of %d bytes, %v, expected the %d of its leaves", c.name, len(file), err, len(whole))
		}
		read, err := leaves.Read(0, size)
		if err != nil || len(read) != size || !bytes.Equal(read[8], leafOf(8)) {
			t.Errorf("%s: read %d leaves, %v", c.name, len(read), err)
		}
	}
	if leaves, asked := openLeaves(t, filepath.Join(t.TempDir(), "none"), 0); asked != nil || leaves.size != 0 {
		t.Errorf("an empty tree: asked from %v, read %d leaves", asked, leaves.size)
	}
}

func TestLeavesRefuse(t *testing.T) {
	tree, _ := openTree(t, filepath.Join(t.TempDir(), "tree"), 5)
	one := func(leaf []byte, err error) func(uint64) iter.Seq2[[]byte, error] {
		return func(uint64) iter.Seq2[[]byte, error] {
			return func(yield func([]byte, error) bool) { yield(leaf, err) }
		}
	}
	gone := errors.New("gone")
	var asked int
	for name, c := range map[string]struct {
		path   string
		leaves func(uint64) iter.Seq2[[]byte, error]
		want   error
	}{
		"a folder that is not there":       {filepath.Join(t.TempDir(), "none", "leaves"), leavesTo(5, &asked), os.ErrNotExist},
		"leaves that cannot be had":        {filepath.Join(t.TempDir(), "leaves"), one(nil, gone), gone},
		"another leaf":                     {filepath.Join(t.TempDir(), "leaves"), one(leafOf(1), nil), ErrTree},
		"a leaf that is too long":          {filepath.Join(t.TempDir(), "leaves"), one(append(leafOf(0), 0), nil), ErrTree},
		"fewer leaves than the tree holds": {filepath.Join(t.TempDir(), "leaves"), leavesTo(4, &asked), nil},
	} {
		leaves, err := OpenLeaves(c.path, tree, c.leaves)
		if err == nil || leaves != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: read %v, expected %v", name, err, c.want)
		}
	}
}

func TestLeavesAreReadExtendedAndMended(t *testing.T) {
	path := filepath.Join(t.TempDir(), "leaves")
	leaves, _ := openLeaves(t, path, 5)
	more := [][]byte{leafOf(5), leafOf(6)}
	if err := leaves.tree.Extend(more); err != nil {
		t.Fatal(err)
	}
	if err := leaves.Extend(more); err != nil {
		t.Fatal(err)
	}
	if file, err := os.ReadFile(path); err != nil || !bytes.Equal(file, leavesFile(7)) {
		t.Fatalf("extended: read a file of %d bytes, %v, expected %d", len(file), err, len(leavesFile(7)))
	}
	for from := range uint64(10) {
		for count := range 10 {
			read, err := leaves.Read(from, count)
			if fits := from+uint64(count) <= 7; fits != (err == nil) {
				t.Fatalf("%d leaves from %d of 7: read %v", count, from, err)
			}
			for i, leaf := range read {
				if !bytes.Equal(leaf, leafOf(int(from)+i)) {
					t.Fatalf("leaf %d: read %x", int(from)+i, leaf)
				}
			}
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte{0xff}, leafOffset(3)); err != nil {
		t.Fatal(err)
	}
	if _, err := leaves.Read(2, 3); !errors.Is(err, ErrTree) {
		t.Fatalf("a damaged leaf: read %v, expected ErrTree", err)
	}
	var asked int
	if err := leaves.Mend(3, 1, leavesTo(7, &asked)); err != nil || asked != 1 {
		t.Fatalf("mend one: %v, %d leaves were asked for", err, asked)
	}
	if err := leaves.Mend(3, 0, leavesTo(7, &asked)); err != nil || asked != 1 {
		t.Fatalf("mend none: %v, %d leaves were asked for", err, asked)
	}
	if read, err := os.ReadFile(path); err != nil || !bytes.Equal(read, leavesFile(7)) {
		t.Fatalf("the file is not mended: %v", err)
	}
}

func TestLeafAndBundle(t *testing.T) {
	envelope := Hash{0: 7, 31: 9}
	leaf := NewLeaf(1767225600123, envelope)
	if len(leaf) != LeafSize || binary.BigEndian.Uint64(leaf) != 1767225600123 || !bytes.Equal(leaf[8:], envelope[:]) {
		t.Fatalf("read %x", leaf)
	}
	if at, of := ReadLeaf(leaf); at != 1767225600123 || of != envelope {
		t.Fatalf("read %d, %s", at, of)
	}
	if got, want := Bundle([][]byte{leaf, {1, 2}}), append(append([]byte{0, LeafSize}, leaf...), 0, 2, 1, 2); !bytes.Equal(got, want) {
		t.Fatalf("read %x, expected %x", got, want)
	}
}
