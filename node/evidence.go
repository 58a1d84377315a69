package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/gabriel-vasile/mimetype"

	"parley"
	"parley/channel"
)

// Files of evidence lie apart from the journal: one file each under evidence/, named by the SHA-256 of its content, sealed for the folder's own
// age key. A file is written whole before any command names it; one that no command has named for a day is taken away.
const (
	evidenceFolder  = "evidence"
	evidenceKeyFile = "evidence.key"
	evidenceSuffix  = ".age"
	evidenceWaits   = 24 * time.Hour
	sniffed         = 3072 // bytes that tell a type
)

// ErrNoFile says that this node does not hold a file.
var ErrNoFile = errors.New("node: no such file of evidence here")

// ErrFileDamaged says that a file of evidence is not what its name says any more.
var ErrFileDamaged = errors.New("node: a file of evidence is damaged")

// evidence is the store of one folder. Many goroutines may use it at once: a file's content never changes.
type evidence struct {
	folder   string
	identity *age.X25519Identity

	mu      sync.Mutex
	brought map[parley.Ref]map[parley.Hash]broughtFile // by whom, and not named by any command yet; mu guards it
}

// broughtFile is a file that somebody has brought.
type broughtFile struct {
	size int64
	at   time.Time
}

// openEvidence opens the store of a data folder, and makes it there when it is not.
func openEvidence(folder string) (*evidence, error) {
	key := filepath.Join(folder, evidenceKeyFile)
	text, err := os.ReadFile(key)
	if errors.Is(err, fs.ErrNotExist) {
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, fmt.Errorf("couldn't make the key of the evidence: %w", err)
		}
		if err := createKey(key, []byte(identity.String()+"\n")); err != nil {
			return nil, fmt.Errorf("couldn't keep the key of the evidence: %w", err)
		}
		text = []byte(identity.String())
	} else if err != nil {
		return nil, fmt.Errorf("couldn't read the key of the evidence: %w", err)
	}
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("file %s: %w; restore it from a copy: without it no file of evidence can be read", evidenceKeyFile, err)
	}
	e := &evidence{folder: filepath.Join(folder, evidenceFolder), identity: identity, brought: map[parley.Ref]map[parley.Hash]broughtFile{}}
	return e, os.MkdirAll(e.folder, 0o700)
}

// createKey writes a new file of mode 0600, synced.
func createKey(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

func (e *evidence) path(sum parley.Hash) string {
	return filepath.Join(e.folder, sum.String()+evidenceSuffix)
}

// mediaType writes a media type without parameters, in small letters; ok is false for what is none.
func mediaType(text string) (string, bool) {
	kind, _, err := mime.ParseMediaType(text)
	return kind, err == nil && strings.Contains(kind, "/")
}

// running are types whose files a reader's program may run: never taken for a text that was stated.
var running = []string{"text/html", "image/svg+xml", "text/xml", "application/javascript", "text/javascript"}

// typeOf returns the type that a file's first bytes show: the stated one where they agree with it.
func typeOf(head []byte, stated string) string {
	found := mimetype.Detect(head)
	kind, _ := mediaType(found.String())
	if found.Is(stated) {
		return stated
	}
	plain := kind == "text/plain" || found.Parent() != nil && found.Parent().Is("text/plain") && !slices.Contains(running, kind)
	if plain && (stated == "text/plain" || stated == "text/csv") {
		return stated
	}
	return kind
}

// Keep takes the bytes of a file in for an account and returns what they are. The same content again is the same file. An account has room for so much:
// what it has put on record, and what it has brought within a day and nobody has named yet.
func (n *Node) Keep(account parley.Ref, r io.Reader, stated string) (parley.File, error) {
	kind, ok := mediaType(stated)
	if !ok {
		return parley.File{}, parley.Invalid("query.type", fmt.Sprintf("%q", stated), "a media type such as image/jpeg")
	}
	n.sweep()
	used, most := n.EvidenceOf(account)
	full := func(read string) error {
		return &parley.Fault{Code: parley.CodeQuota, Field: "body", Read: read, Expected: fmt.Sprintf("at most %d bytes of evidence for one account; %d are there", most, used)}
	}
	if used >= most {
		return parley.File{}, full("one file more")
	}
	room := &within{r: r, left: most - used}
	f, err := n.files.keep(room, kind)
	if room.over {
		return parley.File{}, full(fmt.Sprintf("a file of more than %d bytes", most-used))
	}
	if err == nil {
		n.files.bring(account, f)
	}
	return f, err
}

// within reads at most so many bytes, and fails when there are more.
type within struct {
	r    io.Reader
	left int64
	over bool
}

// errOver says that an account has no room for a file.
var errOver = errors.New("node: no room for a file of evidence")

// Read implements io.Reader.
func (w *within) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if w.left -= int64(n); w.left < 0 {
		w.over = true
		return 0, errOver
	}
	return n, err
}

// bring remembers who has brought a file.
func (e *evidence) bring(account parley.Ref, f parley.File) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.brought[account] == nil {
		e.brought[account] = map[parley.Hash]broughtFile{}
	}
	e.brought[account][f.SHA256] = broughtFile{f.Size, time.Now()}
}

// EvidenceOf returns how many bytes of evidence an account has here, and how many it may have. What was brought before the node started and is not named
// is not counted: it goes within a day.
func (n *Node) EvidenceOf(account parley.Ref) (used, most int64) {
	n.files.mu.Lock()
	defer n.files.mu.Unlock()
	_ = n.Read(func(s *channel.State) { // a node that does not answer takes nothing either
		used = s.EvidenceSize(account)
		for sum, f := range n.files.brought[account] {
			switch {
			case time.Since(f.at) > evidenceWaits, s.HoldsEvidence(account, sum):
				delete(n.files.brought[account], sum)
			default:
				used += f.size
			}
		}
	})
	return used, n.cfg.EvidenceRoom
}

// HasFile reports whether a file of evidence lies on this node. It lies where it was brought, and nowhere else.
func (n *Node) HasFile(sum parley.Hash) bool {
	_, err := os.Stat(n.files.path(sum))
	return err == nil
}

func (e *evidence) keep(r io.Reader, stated string) (f parley.File, err error) {
	temp := filepath.Join(e.folder, "."+rand.Text())
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return f, fmt.Errorf("couldn't keep a file of evidence: %w", err)
	}
	defer func() { err = errors.Join(err, gone(os.Remove(temp))) }()
	sum, head, size, err := e.seal(out, r)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return f, err
	}
	f = parley.File{SHA256: sum, Size: size, Stated: stated, Found: typeOf(head, stated)}
	if err := os.Link(temp, e.path(sum)); err != nil && !errors.Is(err, fs.ErrExist) { // a link never replaces what is there
		return f, fmt.Errorf("couldn't keep a file of evidence: %w", err)
	}
	now := time.Now()
	if err := os.Chtimes(e.path(sum), now, now); err != nil { // whoever brings it again has a day again
		return f, err
	}
	folder, err := os.Open(e.folder)
	if err != nil {
		return f, err
	}
	return f, errors.Join(folder.Sync(), folder.Close())
}

// seal writes r's bytes sealed, and returns their hash, the first of them, and how many they were.
func (e *evidence) seal(out io.Writer, r io.Reader) (sum parley.Hash, head []byte, size int64, err error) {
	sealed, err := age.Encrypt(out, e.identity.Recipient())
	if err != nil {
		return sum, nil, 0, fmt.Errorf("couldn't seal a file of evidence: %w", err)
	}
	digest := sha256.New()
	first := &bytes.Buffer{}
	size, err = io.Copy(io.MultiWriter(sealed, digest, &starting{first}), io.LimitReader(r, parley.MaxEvidence+1))
	switch {
	case err != nil:
		return sum, nil, 0, fmt.Errorf("couldn't read the file: %w", err)
	case size == 0 || size > parley.MaxEvidence:
		read := "no bytes"
		if size > 0 {
			read = "a longer file"
		}
		return sum, nil, 0, &parley.Fault{Code: parley.CodeTooLarge, Field: "body", Read: read, Expected: fmt.Sprintf("1 to %d bytes", parley.MaxEvidence)}
	}
	return parley.Hash(digest.Sum(nil)), first.Bytes(), size, sealed.Close()
}

// starting keeps the first bytes that are written.
type starting struct{ kept *bytes.Buffer }

// Write implements io.Writer.
func (s *starting) Write(b []byte) (int, error) {
	if room := sniffed - s.kept.Len(); room > 0 {
		s.kept.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// OpenFile opens a file of evidence for reading. The reader fails before its end, with ErrFileDamaged, when the bytes are not those of its hash.
func (n *Node) OpenFile(sum parley.Hash) (io.ReadCloser, error) { return n.files.open(sum) }

func (e *evidence) open(sum parley.Hash) (io.ReadCloser, error) {
	file, err := os.Open(e.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoFile
	}
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(file, e.identity)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%w: %s does not open under this folder's key: %w", ErrFileDamaged, sum, err)
	}
	return &checked{plain: plain, file: file, sum: sum, state: sha256.New()}, nil
}

// checked reads a file and holds its bytes against the hash at the end.
type checked struct {
	plain io.Reader
	file  *os.File
	sum   parley.Hash
	state hash.Hash
}

// Read implements io.Reader.
func (c *checked) Read(b []byte) (int, error) {
	n, err := c.plain.Read(b)
	_, _ = c.state.Write(b[:n]) // a hash takes everything
	switch {
	case errors.Is(err, io.EOF):
		if got := parley.Hash(c.state.Sum(nil)); got != c.sum {
			return n, fmt.Errorf("%w: read %s, expected %s", ErrFileDamaged, got, c.sum)
		}
	case err != nil:
		err = fmt.Errorf("%w: %s: %w", ErrFileDamaged, c.sum, err)
	}
	return n, err
}

// Close implements io.Closer.
func (c *checked) Close() error { return c.file.Close() }

// holds checks that this node holds the files that a command names, whole, of the size and the type that it says.
func (n *Node) holds(c *parley.Command) error {
	var f *parley.File
	field := "body.file"
	switch b := c.Body.(type) {
	case *parley.EvidenceAdd:
		f = &b.File
	case *parley.EvidenceCustody:
		f, field = b.Copy, "body.copy"
	}
	if f == nil {
		return nil
	}
	file, err := n.files.open(f.SHA256)
	if errors.Is(err, ErrNoFile) {
		return &parley.Fault{Code: parley.CodePayloadMissing, Field: field + ".sha256", Read: "no file " + f.SHA256.String(), Expected: "a file that was brought to this node before"}
	}
	if err != nil {
		return err
	}
	defer file.Close()
	first := &bytes.Buffer{}
	size, err := io.Copy(&starting{first}, file)
	if err != nil {
		return err
	}
	if size != f.Size {
		return parley.Invalid(field+".size", fmt.Sprintf("%d bytes", f.Size), fmt.Sprintf("%d bytes, as this node holds", size))
	}
	if found := typeOf(first.Bytes(), f.Stated); found != f.Found {
		return parley.Invalid(field+".found", f.Found, found+", as its bytes show")
	}
	return nil
}

// sweep takes away files that no command has named in time. It asks the state after it has looked at the folder: a file that is named meanwhile is
// on record then.
func (n *Node) sweep() {
	entries, err := os.ReadDir(n.files.folder)
	if err != nil {
		n.log.Error("couldn't look through the evidence", "why", err)
		return
	}
	var named map[parley.Hash]bool
	if err := n.Read(func(s *channel.State) { named = s.EvidenceFiles() }); err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < evidenceWaits {
			continue
		}
		sum, isFile := strings.CutSuffix(entry.Name(), evidenceSuffix)
		if h, err := parley.ParseHash(sum); isFile && (err != nil || named[h]) {
			continue
		}
		if err := gone(os.Remove(filepath.Join(n.files.folder, entry.Name()))); err != nil {
			n.log.Error("couldn't take a file away that no command has named", "why", err)
		}
	}
}

// CheckEvidence reads every file of evidence that is on record and holds it against its hash. It returns how many hold; the error names the first
// that does not.
func (n *Node) CheckEvidence(ctx context.Context) (sound int, err error) {
	var named map[parley.Hash]bool
	if err := n.Read(func(s *channel.State) { named = s.EvidenceFiles() }); err != nil {
		return 0, err
	}
	for sum := range named {
		if err := ctx.Err(); err != nil {
			return sound, err
		}
		file, err := n.files.open(sum)
		if err == nil {
			_, err = io.Copy(io.Discard, file)
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			return sound, fmt.Errorf("file %s: %w", sum, err)
		}
		sound++
	}
	return sound, nil
}
