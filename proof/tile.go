package proof

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is the height of the tiles that C2SP tlog-tiles fixes: 256 hashes each.
const TileHeight = 8

// EntriesLevel is the level of a Tile that holds leaves in place of hashes.
const EntriesLevel = -1

// Tile is a coordinate of C2SP tlog-tiles: level, number within the level, and width, which is below 256 at the right edge.
type Tile struct{ tile tlog.Tile }

// ParseTile reads a tile's path as C2SP tlog-tiles writes it: tile/0/x001/234 or tile/entries/000.p/17.
func ParseTile(path string) (Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok {
		return Tile{}, fmt.Errorf("tile: read %q, expected tile/<level>/<number>", path)
	}
	if entries, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + entries
	} else if strings.HasPrefix(rest, "data/") {
		return Tile{}, fmt.Errorf("tile: read %q, expected entries or a level", path)
	}
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", TileHeight, rest))
	if err != nil {
		return Tile{}, fmt.Errorf("tile: read %q, expected tile/<level>/<number>, perhaps with .p/<width>", path)
	}
	if t.L > maxProof/TileHeight {
		return Tile{}, fmt.Errorf("tile: read level %d, expected at most %d", t.L, maxProof/TileHeight)
	}
	return Tile{t}, nil
}

// TilesOf returns the tiles, those of leaves included, that hold a tree of size leaves.
func TilesOf(size uint64) []Tile {
	var tiles []Tile
	for _, t := range tlog.NewTiles(TileHeight, 0, int64(min(size, MaxTreeSize))) {
		tiles = append(tiles, Tile{t})
		if t.L == 0 {
			t.L = EntriesLevel
			tiles = append(tiles, Tile{t})
		}
	}
	return tiles
}

// Path returns the tile's path as C2SP tlog-tiles writes it.
func (t Tile) Path() string {
	rest := strings.TrimPrefix(t.tile.Path(), fmt.Sprintf("tile/%d/", TileHeight))
	if entries, ok := strings.CutPrefix(rest, "data/"); ok {
		rest = "entries/" + entries
	}
	return "tile/" + rest
}

// Entries reports whether the tile holds leaves.
func (t Tile) Entries() bool { return t.tile.L == EntriesLevel }

// Full reports whether the tile holds all it ever will: it does not change any more.
func (t Tile) Full() bool { return t.tile.W == 1<<TileHeight }

// First returns the index of the tile's first hash in its level; for leaves, that of the first leaf.
func (t Tile) First() uint64 { return uint64(t.tile.N) << TileHeight }

// Width returns how many hashes or leaves the tile holds.
func (t Tile) Width() int { return t.tile.W }

// Within reports whether a tree of size leaves has all that the tile holds.
func (t Tile) Within(size uint64) bool {
	level := max(t.tile.L, 0) * TileHeight
	return t.tile.N < 1<<(62-TileHeight) && t.First()+uint64(t.tile.W) <= size>>level
}

// Tile returns the hashes of a tile, 32 bytes each. A full tile is held against the hash above it: damage is ErrTree.
func (t *Tree) Tile(tile Tile) ([]byte, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if size := t.frontier.Size(); tile.Entries() || !tile.Within(size) {
		return nil, fmt.Errorf("read tile %s, expected one of hashes within a tree of %d leaves", tile.Path(), size)
	}
	data, err := tlog.ReadTileData(tile.tile, tlog.HashReaderFunc(t.readHashes))
	if err != nil || !tile.Full() {
		return data, err
	}
	above := tlog.StoredHashIndex((tile.tile.L+1)*TileHeight, tile.tile.N)
	want, err := t.readHashes([]int64{above})
	if err != nil {
		return nil, err
	}
	if got := subtree(data); got != Hash(want[0]) {
		return nil, fmt.Errorf("%w: tile %s gives %s, expected %x", ErrTree, tile.Path(), got, want[0][:])
	}
	return data, nil
}

// subtree returns the root over the hashes of a full tile.
func subtree(data []byte) Hash {
	if len(data) == HashSize {
		return Hash(data)
	}
	half := len(data) / 2
	return nodeHash(subtree(data[:half]), subtree(data[half:]))
}

// Leaf returns the hash of the leaf with that index.
func (t *Tree) Leaf(index uint64) (Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if size := t.frontier.Size(); index >= size {
		return Hash{}, fmt.Errorf("read leaf %d, expected one below %d", index, size)
	}
	read, err := t.readHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
	if err != nil {
		return Hash{}, err
	}
	return Hash(read[0]), nil
}
