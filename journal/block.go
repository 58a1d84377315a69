package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// Limits of a block.
const (
	MaxBlock    = 4 << 20   // longest binary form of a block, bytes (DESIGN section 3)
	MaxEnvelope = 1<<16 - 1 // longest envelope, bytes: under 64 KiB
)

// Entry is one signed command and the log time at which it was put in order.
type Entry struct {
	Time     int64  // log time, milliseconds UTC, never below that of the entry before
	Envelope []byte // the signed command as it was received; 1 to MaxEnvelope bytes; nil when Erased is not
	Erased   *Erased
}

// Erased is what stays of an envelope that is erased: enough for the leaf, and for the block to be as long as it was.
type Erased struct {
	Sum    Hash // SHA-256 of the envelope
	Length int  // of the envelope, bytes; 32 at least
}

// LeafSize is the length of a Merkle leaf in bytes.
const LeafSize = 8 + sha256.Size

// Leaf returns the Merkle leaf of the entry: log time as 8 bytes, big endian ‖ SHA-256 of the envelope.
//
// It tells nothing of the command, whose body holds a nonce of 128 bits: any auditor may have it.
func (e Entry) Leaf() []byte {
	leaf := e.leaf()
	return leaf[:]
}

func (e Entry) leaf() (leaf [LeafSize]byte) {
	binary.BigEndian.PutUint64(leaf[:], uint64(e.Time))
	sum := e.sum()
	copy(leaf[8:], sum[:])
	return leaf
}

func (e Entry) sum() Hash {
	if e.Erased != nil {
		return e.Erased.Sum
	}
	return sha256.Sum256(e.Envelope)
}

func (e Entry) length() int {
	if e.Erased != nil {
		return e.Erased.Length
	}
	return len(e.Envelope)
}

// Header is what a block says of itself and of all before it. Its hash stands for the whole history: the entries are bound by
// Root, the blocks before by Prev.
type Header struct {
	Theatre Hash   // the conflict context; the same in every block of a journal
	Height  uint64 // 1 for the first block, then one more each
	Prev    Hash   // hash of the block before; zero at height 1
	Time    int64  // milliseconds UTC: not below the times of its entries, nor of the block before
	Count   uint32 // number of entries, at least 1
	Size    uint64 // number of leaves in the tree after this block
	Root    Hash   // RFC 6962 root of the tree after this block
	Digest  Hash   // state digest before this block, that is after block Height-1; zero at height 1
	Rules   uint32 // version of the rules that apply to this block
}

// Block is a header and its entries.
type Block struct {
	Header
	Entries []Entry
}

const (
	headerSize   = 32 + 8 + 32 + 8 + 4 + 8 + 32 + 32 + 4
	blockMagic   = "parleyB\x01" // the last byte is the version of the block's layout
	erasedMagic  = "parleyB\x02" // of a block of which an envelope at least is erased
	erasedMark   = 1 << 31       // in the length of an erased envelope, whose bytes are its SHA-256 and zeros
	headerPrefix = "parley block header v1\n"
	entryFixed   = 8 + 4 // time and length before each envelope
	entriesStart = len(blockMagic) + headerSize
)

// Hash returns SHA-256("parley block header v1\n" ‖ the 160 bytes of the header).
func (h *Header) Hash() Hash {
	var b [len(headerPrefix) + headerSize]byte
	h.append(append(b[:0], headerPrefix...))
	return sha256.Sum256(b[:])
}

// Hash returns the hash of the block, which is that of its header. The entries are bound by Root: check them with Chain.Follow.
func (b *Block) Hash() Hash { return b.Header.Hash() }

// Head returns the head of a journal that ends with this block.
func (h *Header) Head() Head {
	return Head{Height: h.Height, Hash: h.Hash(), Size: h.Size, Time: h.Time}
}

func (h *Header) append(b []byte) []byte {
	b = append(b, h.Theatre[:]...)
	b = binary.BigEndian.AppendUint64(b, h.Height)
	b = append(b, h.Prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(h.Time))
	b = binary.BigEndian.AppendUint32(b, h.Count)
	b = binary.BigEndian.AppendUint64(b, h.Size)
	b = append(b, h.Root[:]...)
	b = append(b, h.Digest[:]...)
	return binary.BigEndian.AppendUint32(b, h.Rules)
}

// parse reads the headerSize bytes that append wrote.
func (h *Header) parse(b []byte) {
	h.Theatre = Hash(b[0:])
	h.Height = binary.BigEndian.Uint64(b[32:])
	h.Prev = Hash(b[40:])
	h.Time = int64(binary.BigEndian.Uint64(b[72:]))
	h.Count = binary.BigEndian.Uint32(b[80:])
	h.Size = binary.BigEndian.Uint64(b[84:])
	h.Root = Hash(b[92:])
	h.Digest = Hash(b[124:])
	h.Rules = binary.BigEndian.Uint32(b[156:])
}

// MarshalBinary returns the block's one byte form: magic and version, header, entries (docs/formats.md). It refuses what
// ParseBlock would refuse.
func (b *Block) MarshalBinary() ([]byte, error) {
	if err := b.checkEntries(); err != nil {
		return nil, fmt.Errorf("marshal block %d: %w", b.Height, err)
	}
	size := entriesStart
	for _, e := range b.Entries {
		size += entryFixed + e.length()
	}
	if size > MaxBlock {
		return nil, fmt.Errorf("marshal block %d: read %d bytes, expected at most %d", b.Height, size, MaxBlock)
	}
	magic := blockMagic
	if b.ErasedEntries() > 0 {
		magic = erasedMagic
	}
	data := b.Header.append(append(make([]byte, 0, size), magic...))
	for _, e := range b.Entries {
		data = binary.BigEndian.AppendUint64(data, uint64(e.Time))
		if e.Erased != nil {
			data = binary.BigEndian.AppendUint32(data, uint32(e.Erased.Length)|erasedMark)
			data = append(append(data, e.Erased.Sum[:]...), make([]byte, e.Erased.Length-len(Hash{}))...)
			continue
		}
		data = binary.BigEndian.AppendUint32(data, uint32(len(e.Envelope)))
		data = append(data, e.Envelope...)
	}
	return data, nil
}

func (b *Block) checkEntries() error {
	if b.Count == 0 || uint64(b.Count) != uint64(len(b.Entries)) {
		return fmt.Errorf("count: read %d, expected the number of entries, %d, and at least 1", b.Count, len(b.Entries))
	}
	for i, e := range b.Entries {
		if e.Erased != nil {
			if e.Envelope != nil || e.Erased.Length < len(Hash{}) || e.Erased.Length > MaxEnvelope {
				return fmt.Errorf("entry %d: read an erased envelope of %d bytes, expected %d to %d, and no envelope beside it", i, e.Erased.Length, len(Hash{}), MaxEnvelope)
			}
			continue
		}
		if len(e.Envelope) == 0 || len(e.Envelope) > MaxEnvelope {
			return fmt.Errorf("entry %d: read an envelope of %d bytes, expected 1 to %d", i, len(e.Envelope), MaxEnvelope)
		}
	}
	return nil
}

// ErasedEntries returns how many of the block's envelopes are erased.
func (b *Block) ErasedEntries() (n int) {
	for _, e := range b.Entries {
		if e.Erased != nil {
			n++
		}
	}
	return n
}

// erase returns the block without some envelopes, by their places in it; nil when none of them was there any more.
func (b *Block) erase(places []int) (*Block, error) {
	left, changed := &Block{b.Header, slices.Clone(b.Entries)}, false
	for _, i := range places {
		e := &left.Entries[i]
		if e.Erased != nil {
			continue
		}
		if len(e.Envelope) < len(Hash{}) {
			return nil, fmt.Errorf("erase entry %d of block %d: read an envelope of %d bytes, expected %d or more, in which its hash has room", i, b.Height, len(e.Envelope), len(Hash{}))
		}
		*e, changed = Entry{Time: e.Time, Erased: &Erased{e.sum(), len(e.Envelope)}}, true
	}
	if !changed {
		return nil, nil
	}
	return left, nil
}

// ParseBlock reads what MarshalBinary wrote, and nothing else: marshalling the block gives the same bytes. It checks the form
// alone; whether the block follows from those before is the business of Chain.Follow. The envelopes are parts of data.
func ParseBlock(data []byte) (*Block, error) {
	b, err := parseBlock(data)
	if err != nil {
		return nil, fmt.Errorf("parse block: %w", err)
	}
	return b, nil
}

func parseBlock(data []byte) (*Block, error) {
	if len(data) < entriesStart+entryFixed+1 || len(data) > MaxBlock {
		return nil, fmt.Errorf("read %d bytes, expected %d to %d", len(data), entriesStart+entryFixed+1, MaxBlock)
	}
	var erased int
	if bytes.HasPrefix(data, []byte(erasedMagic)) {
		erased = erasedMark
	} else if !bytes.HasPrefix(data, []byte(blockMagic)) {
		return nil, fmt.Errorf("magic: read %q, expected %q", data[:len(blockMagic)], blockMagic)
	}
	var b Block
	b.Header.parse(data[len(blockMagic):entriesStart])
	rest := data[entriesStart:]
	// Every entry takes 13 bytes or more: a count that cannot be true is refused before room is made for it.
	if most := len(rest) / (entryFixed + 1); b.Count == 0 || uint64(b.Count) > uint64(most) {
		return nil, fmt.Errorf("count: read %d, expected 1 to %d in %d bytes", b.Count, most, len(rest))
	}
	b.Entries = make([]Entry, b.Count)
	for i := range b.Entries {
		if len(rest) < entryFixed {
			return nil, fmt.Errorf("entry %d: read %d bytes, expected %d or more", i, len(rest), entryFixed+1)
		}
		mark := binary.BigEndian.Uint32(rest[8:])
		gone := mark&uint32(erased) != 0
		if gone {
			mark &^= erasedMark
		}
		size := uint64(mark)
		if size == 0 || size > MaxEnvelope || size > uint64(len(rest)-entryFixed) {
			return nil, fmt.Errorf("entry %d: read an envelope of %d bytes, expected 1 to %d within %d bytes", i, size, MaxEnvelope,
				len(rest)-entryFixed)
		}
		end := entryFixed + int(size)
		if b.Entries[i] = (Entry{Time: int64(binary.BigEndian.Uint64(rest)), Envelope: rest[entryFixed:end:end]}); gone {
			left, err := parseErased(b.Entries[i].Envelope)
			if err != nil {
				return nil, fmt.Errorf("entry %d: %w", i, err)
			}
			b.Entries[i].Envelope, b.Entries[i].Erased = nil, left
		}
		rest = rest[end:]
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("read %d bytes after the last entry, expected none", len(rest))
	}
	if erased != 0 && b.ErasedEntries() == 0 {
		return nil, fmt.Errorf("magic: read %q, that of erased envelopes, expected one of them at least", erasedMagic)
	}
	return &b, nil
}

// parseErased reads the bytes that lie where an envelope lay: its SHA-256 and zeros.
func parseErased(data []byte) (*Erased, error) {
	if len(data) < len(Hash{}) {
		return nil, fmt.Errorf("read an erased envelope of %d bytes, expected %d or more", len(data), len(Hash{}))
	}
	for i, c := range data[len(Hash{}):] {
		if c != 0 {
			return nil, fmt.Errorf("read byte %d of an erased envelope as %#02x, expected 0", len(Hash{})+i, c)
		}
	}
	return &Erased{Hash(data), len(data)}, nil
}
