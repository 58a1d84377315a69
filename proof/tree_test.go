package proof

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// leavesTo yields the leaves of a tree of size leaves and counts how many were asked for.
func leavesTo(size int, asked *int) func(uint64) iter.Seq2[[]byte, error] {
	return func(from uint64) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for n := int(from); n < size; n++ {
				*asked++
				if !yield(leafOf(n), nil) {
					return
				}
			}
		}
	}
}

func rootOf(size int) Hash {
	var f Frontier
	for n := range size {
		f.Append(leafOf(n))
	}
	return f.Root()
}

func openTree(t *testing.T, path string, size int) (tree *Tree, asked int) {
	t.Helper()
	tree, err := OpenTree(path, uint64(size), rootOf(size), leavesTo(size, &asked))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree, asked
}

func TestTreeProves(t *testing.T) {
	tree, _ := openTree(t, filepath.Join(t.TempDir(), "tree"), 0)
	const size = 70
	for n := 0; n < size; n += 7 {
		var leaves [][]byte
		for i := range 7 {
			leaves = append(leaves, leafOf(n+i))
		}
		if err := tree.Extend(leaves); err != nil {
			t.Fatal(err)
		}
	}
	for now := range size + 1 {
		root, err := tree.Root(uint64(now))
		if err != nil || root != rootOf(now) {
			t.Fatalf("root of %d: read %s, %v, expected %s", now, root, err, rootOf(now))
		}
		for index := range now {
			found, err := tree.Inclusion(uint64(index), uint64(now))
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyInclusion(found, uint64(now), root, uint64(index), leafOf(index)); err != nil {
				t.Fatal(err)
			}
			if VerifyInclusion(found, uint64(now), root, uint64(index), leafOf(index+1)) == nil {
				t.Fatalf("a proof of leaf %d holds for another leaf", index)
			}
			old := uint64(index + 1)
			consistent, err := tree.Consistency(old, uint64(now))
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyConsistency(consistent, uint64(now), root, old, rootOf(index+1)); err != nil {
				t.Fatal(err)
			}
			if VerifyConsistency(consistent, uint64(now), root, old, rootOf(index)) == nil {
				t.Fatalf("a proof of consistency with %d leaves holds for another root", old)
			}
		}
	}
	for name, ask := range map[string]func() error{
		"root beyond the tree":          func() error { _, err := tree.Root(size + 1); return err },
		"inclusion beyond the size":     func() error { _, err := tree.Inclusion(5, 5); return err },
		"inclusion beyond the tree":     func() error { _, err := tree.Inclusion(5, size+1); return err },
		"consistency with nothing":      func() error { _, err := tree.Consistency(0, 5); return err },
		"consistency with a later size": func() error { _, err := tree.Consistency(6, 5); return err },
		"verify at a negative index":    func() error { return VerifyInclusion(nil, 1<<63, Hash{}, 1<<63-1, nil) },
		"verify with a negative size":   func() error { return VerifyConsistency(nil, 1<<63, Hash{}, 1, Hash{}) },
	} {
		if ask() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTreeIsMendedWhenOpened(t *testing.T) {
	const size = 300
	path := filepath.Join(t.TempDir(), "tree")
	first, asked := openTree(t, path, size)
	first.Close()
	if asked != size {
		t.Fatalf("a new file asked for %d leaves, expected %d", asked, size)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, content []byte, most int) {
		t.Helper()
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		tree, asked := openTree(t, path, size)
		defer tree.Close()
		if asked > most {
			t.Errorf("%s: %d leaves were asked for, expected at most %d", what, asked, most)
		}
		if read, err := os.ReadFile(path); err != nil || string(read) != string(whole) {
			t.Fatalf("%s: the file is not mended: %v", what, err)
		}
		if _, err := tree.Inclusion(11, size); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	check("whole", whole, 0)
	check("longer", append(append([]byte{}, whole...), 1, 2, 3), 0)
	check("empty", nil, size)
	check("half", whole[:len(whole)/2], size/2+2)
	for at := 0; at < len(whole); at += 61 { // every hash is touched at some byte: 61 is above 32 and shares nothing with it
		flipped := append([]byte{}, whole...)
		flipped[at] ^= 0x10
		check("flipped", flipped, 2*size)
	}
	for end := len(whole) - 1; end > len(whole)-200; end -= 13 {
		check("cut", whole[:end], 10)
	}
}

func TestTreeRefusesForeignLeaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tree")
	var asked int
	if _, err := OpenTree(path, 10, rootOf(10), leavesTo(9, &asked)); err == nil {
		t.Error("too few leaves were taken")
	}
	if _, err := OpenTree(path, 10, rootOf(11), leavesTo(10, &asked)); err == nil {
		t.Error("leaves with another root were taken")
	}
	// A whole file of the other history, and its own leaves again: they are made again, and still are not the root's.
	whole, _ := openTree(t, filepath.Join(t.TempDir(), "tree"), 10)
	path = whole.file.Name()
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	if tree, err := OpenTree(path, 10, rootOf(11), leavesTo(10, &asked)); err == nil || tree != nil {
		t.Errorf("a file of another root was taken: %v", err)
	}
	if _, err := OpenTree(path, 10, rootOf(11), leavesTo(9, &asked)); err == nil || !strings.Contains(err.Error(), "read 9 leaves, expected 10") {
		t.Errorf("too few leaves when it is made again: read %v", err)
	}
	for size, want := range map[uint64]string{MaxTreeSize: "open", MaxTreeSize + 1: "expected at most 4611686018427387904"} {
		gone := func(uint64) iter.Seq2[[]byte, error] {
			return func(yield func([]byte, error) bool) { yield(nil, os.ErrNotExist) }
		}
		if _, err := OpenTree(path, size, Hash{}, gone); err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, os.ErrNotExist) != (size == MaxTreeSize) {
			t.Errorf("a tree of %d leaves: read %v, expected %q", size, err, want)
		}
	}
}

func TestVerifiersStateTheirBounds(t *testing.T) {
	root := rootOf(1)
	if err := VerifyConsistency(nil, MaxTreeSize, root, MaxTreeSize, root); err != nil {
		t.Errorf("the largest tree is no prefix of itself: %v", err)
	}
	const bounds, below = "expected 1 ≤ old ≤ new", "expected index below size"
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"consistency of a larger tree": {VerifyConsistency(nil, MaxTreeSize+1, root, MaxTreeSize+1, root), bounds},
		"consistency with nothing":     {VerifyConsistency(nil, 5, root, 0, root), bounds},
		"consistency with a later one": {VerifyConsistency(nil, 5, root, 6, root), bounds},
		"inclusion in a larger tree":   {VerifyInclusion(nil, MaxTreeSize+1, root, 1, leafOf(0)), below},
		"inclusion at the size":        {VerifyInclusion(nil, 5, root, 5, leafOf(0)), below},
		"inclusion past the size":      {VerifyInclusion(nil, 5, root, 6, leafOf(0)), below},
		"inclusion in the largest":     {VerifyInclusion(nil, MaxTreeSize, root, 1, leafOf(0)), "verify inclusion of leaf 1 in 4611686018427387904"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: read %v, expected %q", name, c.err, c.want)
		}
	}
}

func TestTreeNeverGivesAWrongProof(t *testing.T) {
	const size = 100
	path := filepath.Join(t.TempDir(), "tree")
	tree, _ := openTree(t, path, size)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for at := len(treeMagic); at < len(whole); at += HashSize {
		flipped := append([]byte{}, whole...)
		flipped[at] ^= 1
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, index := range []uint64{0, 37, 99} {
			found, err := tree.Inclusion(index, size)
			if errors.Is(err, ErrTree) {
				refused++
			} else if err != nil {
				t.Fatal(err)
			} else if err := VerifyInclusion(found, size, rootOf(size), index, leafOf(int(index))); err != nil {
				t.Fatalf("byte %d flipped: a proof that does not hold was given: %v", at, err)
			}
		}
	}
	if refused == 0 {
		t.Fatal("no damage was met")
	}
}
