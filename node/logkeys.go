package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"golang.org/x/mod/sumdb/note"

	"parley/journal"
	"parley/proof"
)

// The files of the log's keys beside log.key.
const (
	keyBeforeFile = "log.key.before"     // while a key is being rotated: the one it follows, which signs along
	keyNextFile   = "log.key.next"       // a rotation that was cut off: it is finished, or begun anew, by the next
	rotationsFile = "log.rotations.json" // every rotation, signed by both keys; public
)

// logKeys are the keys of a log: the one that signs, the one before it while whoever knows only that one still needs it, and how one
// followed another.
type logKeys struct {
	current   *proof.LogKey
	before    *proof.LogKey // nil when no rotation is under way
	rotations []string
}

func loadLogKeys(folder string) (k logKeys, err error) {
	if k.current, err = proof.LoadLogKey(filepath.Join(folder, logKeyFile)); err != nil {
		return k, fmt.Errorf("couldn't load the log key: %w", err)
	}
	if k.before, err = proof.LoadLogKey(filepath.Join(folder, keyBeforeFile)); errors.Is(err, fs.ErrNotExist) {
		k.before = nil
	} else if err != nil {
		return k, fmt.Errorf("couldn't load the log key before: %w", err)
	} else if k.before.Public() == k.current.Public() { // a rotation that was cut off: there is one key as yet
		k.before = nil
	}
	text, err := os.ReadFile(filepath.Join(folder, rotationsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &k.rotations)
	}
	if err == nil {
		_, err = proof.LogKeys(k.current.Public(), k.rotations)
	}
	if err != nil {
		return k, fmt.Errorf("couldn't read %s: %w", rotationsFile, err)
	}
	return k, nil
}

// sign signs a checkpoint with every key that is in use.
func (k *logKeys) sign(size uint64, root proof.Hash) ([]byte, error) {
	if k.before == nil {
		return proof.SignCheckpoint(size, root, k.current)
	}
	return proof.SignCheckpoint(size, root, k.current, k.before)
}

// verifiers returns the verifiers of the keys that sign checkpoints now.
func (k *logKeys) verifiers() []note.Verifier {
	v := []note.Verifier{k.current.Verifier()}
	if k.before != nil {
		v = append(v, k.before.Verifier())
	}
	return v
}

// LogKeyRotations returns which key of the log followed which, as both signed it.
func (n *Node) LogKeyRotations() []string { return n.logKeys.rotations }

// allLogKeys returns the verifiers of every key that this log has had: old checkpoints are signed by old keys.
func (n *Node) allLogKeys() []note.Verifier {
	keys, err := proof.LogKeys(n.logKeys.current.Public(), n.logKeys.rotations)
	if err != nil { // they were checked when they were loaded
		return n.logKeys.verifiers()
	}
	return keys
}

// RotateLogKey makes a new key for the log of a folder that no node serves. From then on both keys sign checkpoints, until
// RetireLogKey ends the old one: in between, witnesses and parties take the new key. Receipts under either verify with the rotation.
func RotateLogKey(ctx context.Context, folder string, at int64) (signed []byte, err error) {
	lock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	keys, err := loadLogKeys(folder)
	if err != nil {
		return nil, err
	}
	if keys.before != nil {
		return nil, fmt.Errorf("a rotation is under way: %s is to be retired first", keys.before.Public())
	}
	if signed, err := finishRotation(folder, &keys); signed != nil || err != nil {
		return signed, err
	}
	last, err := lastHeader(ctx, folder)
	if err != nil {
		return nil, err
	}
	next, err := proof.NewLogKey(keys.current.Origin())
	if err != nil {
		return nil, err
	}
	if signed, err = proof.SignRotation(keys.current, next, last.Size, last.Root, max(at, last.Time)); err != nil {
		return nil, err
	}
	// The new key lies whole in the folder before anything names it; renames come last, the name that decides at the very end.
	if err := os.Remove(filepath.Join(folder, keyNextFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := next.Save(filepath.Join(folder, keyNextFile)); err != nil {
		return nil, err
	}
	if err := writeRotations(folder, append(keys.rotations, string(signed))); err != nil {
		return nil, err
	}
	return signed, takeNext(folder)
}

// takeNext gives the keys their new names.
func takeNext(folder string) error {
	if err := os.Link(filepath.Join(folder, logKeyFile), filepath.Join(folder, keyBeforeFile)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(filepath.Join(folder, keyNextFile), filepath.Join(folder, logKeyFile))
}

// finishRotation goes on with a rotation that was signed and then cut off; nil when there is none.
func finishRotation(folder string, keys *logKeys) ([]byte, error) {
	next, err := proof.LoadLogKey(filepath.Join(folder, keyNextFile))
	if err != nil || len(keys.rotations) == 0 { // no such key, or not whole: nothing names it yet
		return nil, nil
	}
	signed := []byte(keys.rotations[len(keys.rotations)-1])
	if r, err := proof.VerifyRotation(signed); err != nil || r.To != next.Public() {
		return nil, err
	}
	return signed, takeNext(folder)
}

func writeRotations(folder string, rotations []string) error {
	text, err := json.MarshalIndent(rotations, "", "\t")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(folder, rotationsFile), append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600))
}

// RetireLogKey ends the key that a rotation has replaced: it is destroyed, and signs no more. It returns its public half.
func RetireLogKey(folder string) (public string, err error) {
	lock, err := lockFolder(folder)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	keys, err := loadLogKeys(folder)
	if err != nil {
		return "", err
	}
	if keys.before == nil {
		return "", errors.New("no rotation is under way: parley log-key rotate begins one")
	}
	path := filepath.Join(folder, keyBeforeFile)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	info, err := file.Stat()
	if err == nil {
		_, err = file.WriteAt(make([]byte, info.Size()), 0)
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", err
	}
	return keys.before.Public(), os.Remove(path)
}

// LogKeyOf returns the public key of a folder's log, the one before it while it is being rotated, and all rotations.
func LogKeyOf(folder string) (current, before string, rotations []string, err error) {
	keys, err := loadLogKeys(folder)
	if err != nil {
		return "", "", nil, err
	}
	if keys.before != nil {
		before = keys.before.Public()
	}
	return keys.current.Public(), before, keys.rotations, nil
}

// lastHeader returns the header of a journal's last block.
func lastHeader(ctx context.Context, folder string) (h journal.Header, err error) {
	j, err := journal.OpenSQLite(ctx, folder)
	if err != nil {
		return h, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	head, err := j.Head(ctx)
	if err != nil {
		return h, err
	}
	for b, err := range j.Blocks(ctx, head.Height) {
		if err != nil {
			return h, err
		}
		return b.Header, nil
	}
	return h, errors.New("the data folder has no journal yet: parley init opens a theatre")
}
