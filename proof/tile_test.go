package proof

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func TestTilesGiveTheirHashes(t *testing.T) {
	const size = 600 // two full tiles of leaf hashes and a partial one, and a partial one above
	path := filepath.Join(t.TempDir(), "tree")
	tree, _ := openTree(t, path, size)
	want := map[string][2]int{ // by path: index of the first hash in its level, and how many
		"tile/0/000": {0, 256}, "tile/0/001": {256, 256}, "tile/0/002.p/88": {512, 88}, "tile/1/000.p/2": {0, 2},
		"tile/entries/000": {0, 256}, "tile/entries/001": {256, 256}, "tile/entries/002.p/88": {512, 88},
	}
	tiles := TilesOf(size)
	if len(tiles) != len(want) {
		t.Fatalf("read %d tiles, expected %d", len(tiles), len(want))
	}
	for _, tile := range tiles {
		at, ok := want[tile.Path()]
		if !ok || tile.First() != uint64(at[0]) || tile.Width() != at[1] || tile.Full() != (at[1] == 256) {
			t.Errorf("%s: read first %d, width %d, full %v", tile.Path(), tile.First(), tile.Width(), tile.Full())
		}
		if again, err := ParseTile(tile.Path()); err != nil || again != tile {
			t.Errorf("%s: read again %+v, %v", tile.Path(), again, err)
		}
		end := uint64(at[0] + at[1])
		if tile.tile.L == 1 {
			end *= 256
		}
		if !tile.Within(end) || tile.Within(end-1) {
			t.Errorf("%s: within %d: %v; within %d: %v", tile.Path(), end, tile.Within(end), end-1, tile.Within(end-1))
		}
		data, err := tree.Tile(tile)
		if tile.Entries() {
			if err == nil {
				t.Errorf("%s: a tile of leaves was read from the hashes", tile.Path())
			}
			continue
		}
		var hashes []byte
		for i := range at[1] {
			h := LeafHash(leafOf(at[0] + i))
			if tile.tile.L == 1 {
				stored, err := tree.readHashes([]int64{tlog.StoredHashIndex(TileHeight, int64(at[0]+i))})
				if err != nil {
					t.Fatal(err)
				}
				h = Hash(stored[0])
			}
			hashes = append(hashes, h[:]...)
		}
		if err != nil || !bytes.Equal(data, hashes) {
			t.Errorf("%s: read %d bytes, %v, expected %d", tile.Path(), len(data), err, len(hashes))
		}
	}
	beyond, err := ParseTile("tile/0/002.p/89")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.Tile(beyond); err == nil {
		t.Error("a tile beyond the tree was read")
	}
	for _, index := range []uint64{0, 599} {
		if leaf, err := tree.Leaf(index); err != nil || leaf != LeafHash(leafOf(int(index))) {
			t.Errorf("leaf %d: read %s, %v", index, leaf, err)
		}
	}
	if _, err := tree.Leaf(size); err == nil {
		t.Error("a leaf beyond the tree was read")
	}

	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte{0xff, 0xfe, 0xfd, 0xfc}, offset(tlog.StoredHashIndex(0, 300))); err != nil {
		t.Fatal(err)
	}
	for _, tile := range tiles {
		if tile.Entries() {
			continue
		}
		data, err := tree.Tile(tile)
		if damaged := tile.Path() == "tile/0/001"; damaged != errors.Is(err, ErrTree) || damaged != (data == nil) {
			t.Errorf("%s, after damage to hash 300: read %d bytes, %v", tile.Path(), len(data), err)
		}
	}
	// The file cut short under the open tree: what is no longer there is damage too, in a full tile and in a partial one.
	if err := file.Truncate(offset(tlog.StoredHashIndex(0, 10))); err != nil {
		t.Fatal(err)
	}
	for _, tile := range tiles {
		if data, err := tree.Tile(tile); !tile.Entries() && (data != nil || !errors.Is(err, ErrTree)) {
			t.Errorf("%s, of a file cut short: read %d bytes, %v, expected ErrTree", tile.Path(), len(data), err)
		}
	}
	if _, err := tree.Leaf(20); !errors.Is(err, ErrTree) {
		t.Errorf("a leaf of a file cut short: read %v, expected ErrTree", err)
	}
}

func TestTilePathsThatAreNone(t *testing.T) {
	for _, path := range []string{"", "0/000", "tile/0", "tile/data/000", "tile/x/000", "tile/8/000", "tile/0/000.p/256", "tile/0/000.p/0", "tile/8/0/000", "tile/0/1"} {
		if tile, err := ParseTile(path); err == nil {
			t.Errorf("%q: read %s, expected an error", path, tile.Path())
		}
	}
	for _, path := range []string{"tile/7/000", "tile/0/x001/x234/067.p/255", "tile/entries/x001/234"} {
		if tile, err := ParseTile(path); err != nil || tile.Path() != path {
			t.Errorf("%q: read %q, %v", path, tile.Path(), err)
		}
	}
}
