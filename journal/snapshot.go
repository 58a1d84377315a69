package journal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"math/bits"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/klauspost/compress/zstd"

	"parley/proof"
)

// A snapshot file holds the records of the state after a block, so that a node need not replay the journal from the start:
//
//	magic and version "parleyS\x01" (8) ‖ header of that block (160) ‖ state digest after it (32) ‖ frontier hashes (32 each)
//	‖ records, zstd ‖ number of records (8, big endian) ‖ SHA-256 of all bytes before (32)
//
// The number of frontier hashes follows from the tree size in the header. Each record is its kind (1) ‖ length of its body (4,
// big endian) ‖ body.
const (
	snapshotMagic = "parleyS\x01"
	recordFixed   = 1 + 4
	snapshotEnd   = 8 + sha256.Size
	maxFrontier   = 64
	// MaxRecord is the longest body of a record in a snapshot, in bytes.
	MaxRecord = 16 << 20
	// windowLimit bounds what a damaged or foreign file can make the decoder hold.
	windowLimit = 64 << 20
)

// SnapshotHeader says which state a snapshot holds: the one after the block Last. There is none before the first block.
type SnapshotHeader struct {
	Last     Header       // the last block that is applied: height, tree size, rules
	Digest   Hash         // state digest after that block: what the next block's Digest must be
	Frontier []proof.Hash // of the tree after that block, the largest subtree first
}

// Chain returns the chain behind the snapshot's block, from which newer blocks are verified.
func (h SnapshotHeader) Chain() (*Chain, error) {
	frontier, err := proof.NewFrontier(h.Last.Size, h.Frontier)
	if err != nil {
		return nil, err
	}
	return ResumeChain(h.Last, frontier)
}

// Snapshot returns the header of a snapshot of the state after the last block of the chain, given the digest of that state.
func (c *Chain) Snapshot(digest Hash) SnapshotHeader {
	return SnapshotHeader{Last: c.last, Digest: digest, Frontier: c.frontier.Hashes()}
}

// Record is one record of a snapshot.
type Record struct {
	Kind uint8  // what it is, in the numbers of whoever writes it
	Body []byte // its canonical encoding, at most MaxRecord bytes; opaque here
}

// WriteSnapshot writes a snapshot file of mode 0600. The name appears at once with all its content, synced; on error the file that
// was there before stays.
func WriteSnapshot(path string, h SnapshotHeader, records iter.Seq[Record]) error {
	if err := writeSnapshot(path, h, records); err != nil {
		return fmt.Errorf("write snapshot %s: %w", path, err)
	}
	return nil
}

func writeSnapshot(path string, h SnapshotHeader, records iter.Seq[Record]) error {
	if _, err := h.Chain(); err != nil {
		return err
	}
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o600), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	defer file.Cleanup()
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(file, sum), 1<<20)
	head := append(h.Last.append([]byte(snapshotMagic)), h.Digest[:]...)
	for _, f := range h.Frontier {
		head = append(head, f[:]...)
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	count, err := writeRecords(out, records)
	if err != nil {
		return err
	}
	if _, err := out.Write(binary.BigEndian.AppendUint64(nil, count)); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if _, err := file.Write(sum.Sum(nil)); err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func writeRecords(out io.Writer, records iter.Seq[Record]) (count uint64, err error) {
	encoder, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return 0, err
	}
	defer encoder.Close() // ends its goroutines; what matters is the Close below
	buffered := bufio.NewWriterSize(encoder, 1<<16)
	for r := range records {
		if len(r.Body) > MaxRecord {
			return 0, fmt.Errorf("record %d: read %d bytes, expected at most %d", count, len(r.Body), MaxRecord)
		}
		var fixed [recordFixed]byte
		fixed[0] = r.Kind
		binary.BigEndian.PutUint32(fixed[1:], uint32(len(r.Body)))
		if _, err := buffered.Write(fixed[:]); err != nil {
			return 0, err
		}
		if _, err := buffered.Write(r.Body); err != nil {
			return 0, err
		}
		count++
	}
	if err := buffered.Flush(); err != nil {
		return 0, err
	}
	return count, encoder.Close()
}

// ReadSnapshot checks a snapshot file against its checksum and returns its header and its records in the order they were written.
//
// A file that is not as it was written is refused here, as a *Damage, before any record is yielded. The records can be read
// once; an error ends them. The Body of a Record is only whole until the next one is asked for: copy what is kept. The file is
// closed when the records end or are left.
func ReadSnapshot(path string) (SnapshotHeader, iter.Seq2[Record, error], error) {
	file, err := os.Open(path)
	if err != nil {
		return SnapshotHeader{}, nil, fmt.Errorf("read snapshot: %w", err)
	}
	s, err := checkSnapshot(file)
	if err != nil {
		return SnapshotHeader{}, nil, fmt.Errorf("read snapshot %s: %w", path, errors.Join(err, file.Close()))
	}
	return s.header, func(yield func(Record, error) bool) {
		defer file.Close()
		if err := s.each(file, func(r Record) bool { return yield(r, nil) }); err != nil {
			yield(Record{}, fmt.Errorf("read snapshot %s: %w", path, err))
		}
	}, nil
}

// snapshot is a file whose checksum was right.
type snapshot struct {
	header     SnapshotHeader
	start, end int64 // where the compressed records lie
	count      uint64
}

func snapshotDamage(height uint64, what string, read, expected any) error {
	return &Damage{Height: height, What: "snapshot, " + what, Read: fmt.Sprint(read), Expected: fmt.Sprint(expected),
		Do: "remove the file: a snapshot can always be made again from the journal"}
}

func checkSnapshot(file *os.File) (*snapshot, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	least := int64(len(snapshotMagic) + headerSize + sha256.Size + snapshotEnd)
	size := info.Size()
	if size < least {
		return nil, snapshotDamage(0, "file", fmt.Sprint(size, " bytes"), fmt.Sprint(least, " at least"))
	}
	sum := sha256.New()
	start, err := readSome(file, sum, size-snapshotEnd)
	if err != nil {
		return nil, err
	}
	var end [snapshotEnd]byte
	if _, err := io.ReadFull(file, end[:]); err != nil {
		return nil, err
	}
	sum.Write(end[:8])
	if read := sum.Sum(nil); !bytes.Equal(read, end[8:]) {
		return nil, snapshotDamage(0, "checksum", fmt.Sprintf("%x", read), fmt.Sprintf("%x", end[8:]))
	}
	s := &snapshot{end: size - snapshotEnd, count: binary.BigEndian.Uint64(end[:])}
	return s, s.parse(start)
}

// readSome hashes the first size bytes of a file and returns as many of them as a header can take.
func readSome(file *os.File, sum hash.Hash, size int64) ([]byte, error) {
	start := make([]byte, min(size, int64(len(snapshotMagic)+headerSize+sha256.Size+maxFrontier*sha256.Size)))
	if _, err := io.ReadFull(file, start); err != nil {
		return nil, err
	}
	sum.Write(start)
	_, err := io.CopyBuffer(struct{ io.Writer }{sum}, io.LimitReader(file, size-int64(len(start))), make([]byte, 1<<20))
	return start, err
}

func (s *snapshot) parse(start []byte) error {
	if !bytes.HasPrefix(start, []byte(snapshotMagic)) {
		return snapshotDamage(0, "magic", fmt.Sprintf("%q", start[:len(snapshotMagic)]), fmt.Sprintf("%q", snapshotMagic))
	}
	rest := start[len(snapshotMagic):]
	s.header.Last.parse(rest)
	s.header.Digest = Hash(rest[headerSize:])
	rest = rest[headerSize+sha256.Size:]
	height, hashes := s.header.Last.Height, bits.OnesCount64(s.header.Last.Size)
	if len(rest) < hashes*sha256.Size {
		return snapshotDamage(height, "frontier", fmt.Sprint(len(rest), " bytes"), fmt.Sprint(hashes*sha256.Size))
	}
	for i := range hashes {
		s.header.Frontier = append(s.header.Frontier, Hash(rest[i*sha256.Size:]))
	}
	if _, err := s.header.Chain(); err != nil {
		return snapshotDamage(height, "frontier", err, "the root in the header")
	}
	s.start = int64(len(start) - len(rest) + hashes*sha256.Size)
	return nil
}

// each hands the records over until visit returns false.
func (s *snapshot) each(file *os.File, visit func(Record) bool) error {
	height := s.header.Last.Height
	decoder, err := zstd.NewReader(io.NewSectionReader(file, s.start, s.end-s.start), zstd.WithDecoderMaxWindow(windowLimit))
	if err != nil {
		return snapshotDamage(height, "records", err, "zstd")
	}
	defer decoder.Close()
	in := bufio.NewReaderSize(decoder, 1<<20)
	var long []byte // for a body that does not fit into the reader's buffer
	for i := range s.count {
		fixed, err := in.Peek(recordFixed)
		if err != nil {
			return snapshotDamage(height, fmt.Sprint("record ", i), err, fmt.Sprint(s.count, " records"))
		}
		kind, size := fixed[0], binary.BigEndian.Uint32(fixed[1:])
		if size > MaxRecord {
			return snapshotDamage(height, fmt.Sprint("record ", i), fmt.Sprint(size, " bytes"), fmt.Sprint("at most ", MaxRecord))
		}
		in.Discard(recordFixed) // cannot fail: these bytes were peeked
		var body []byte
		if int(size) <= in.Size() {
			body, err = in.Peek(int(size))
		} else {
			if cap(long) < int(size) {
				long = make([]byte, size)
			}
			body = long[:size]
			_, err = io.ReadFull(in, body)
		}
		if err != nil {
			return snapshotDamage(height, fmt.Sprint("record ", i), err, fmt.Sprint(size, " bytes"))
		}
		if !visit(Record{kind, body[:size:size]}) {
			return nil
		}
		if int(size) <= in.Size() {
			in.Discard(int(size))
		}
	}
	if _, err := in.Peek(1); !errors.Is(err, io.EOF) {
		return snapshotDamage(height, "records", "more bytes after the last record", "none")
	}
	return nil
}
