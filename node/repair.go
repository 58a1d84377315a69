package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"

	"parley/journal"
	"parley/proof"
)

// Repair replaces the journal of a folder, whose node is not open, by that of a lender. What is lent is verified first, block by block, and
// against what this folder remembers apart from its journal: the head guard, and the newest checkpoint that enough witnesses have
// cosigned. What does not fit is ErrLies, with the lender's name, and nothing is changed. The old files stay beside, in damaged-TIME.
func Repair(ctx context.Context, folder string, from Lender) (head journal.Head, err error) {
	lock, err := lockFolder(folder)
	if err != nil {
		return head, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	fresh, err := os.MkdirTemp(folder, ".repair-")
	if err != nil {
		return head, err
	}
	defer os.RemoveAll(fresh)
	if err := copyKey(folder, fresh); err != nil {
		return head, err
	}
	if head, err = borrow(ctx, folder, fresh, from); err != nil {
		return head, err
	}
	return head, journal.Replace(folder, fresh)
}

func copyKey(folder, fresh string) error {
	key, err := os.ReadFile(filepath.Join(folder, "payload.key"))
	if err != nil {
		return fmt.Errorf("couldn't read the payload key, which no peer lends: %w", err)
	}
	return os.WriteFile(filepath.Join(fresh, "payload.key"), key, 0o600)
}

// borrow fills an empty folder with what a lender has, and holds it against what the node's folder remembers.
func borrow(ctx context.Context, folder, fresh string, from Lender) (head journal.Head, err error) {
	lies := func(format string, args ...any) error {
		return fmt.Errorf("%s: %w: %s", from.Name(), ErrLies, fmt.Sprintf(format, args...))
	}
	known, err := witnessedHead(ctx, folder)
	if err != nil {
		return head, err
	}
	guardHeight, guardHash, guardErr := journal.ReadGuard(folder)
	j, err := journal.OpenSQLite(ctx, fresh)
	if err != nil {
		return head, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	var tree proof.Frontier
	erasedEntries, witnessed := 0, known.Size == 0
	err = from.Blocks(ctx, func(b *journal.Block, payloads []journal.Payload, erased []journal.Hash) error {
		if err := j.Erase(ctx, erased); err != nil {
			return err
		}
		if err := j.Append(ctx, b, payloads); err != nil {
			if _, misfit := errors.AsType[*journal.Misfit](err); misfit || errors.Is(err, journal.ErrBehind) {
				return lies("%v", err)
			}
			return err
		}
		for _, e := range b.Entries {
			tree.Append(e.Leaf())
			if tree.Size() == known.Size {
				if root := tree.Root(); root != known.Root {
					return lies("its tree of %d entries has the root %s; witnesses have cosigned %s", known.Size, root, known.Root)
				}
				witnessed = true
			}
		}
		if guardErr == nil && b.Height == guardHeight && b.Hash() != guardHash {
			return lies("its block %d is %s; this node has acknowledged %s", b.Height, b.Hash(), guardHash)
		}
		erasedEntries += b.ErasedEntries()
		head = b.Head()
		return nil
	})
	switch {
	case err != nil:
		return head, err
	case !witnessed:
		return head, lies("it ends after %d entries; witnesses have cosigned %d", head.Size, known.Size)
	case guardErr == nil && head.Height < guardHeight:
		return head, lies("it ends at height %d; this node has acknowledged height %d", head.Height, guardHeight)
	}
	if _, err := journal.Verify(ctx, j, nil); err != nil {
		return head, err
	}
	if erasedEntries > 0 {
		err = borrowBase(ctx, folder, fresh, j, from)
	}
	return head, err
}

// borrowBase takes the witnessed snapshot that stands in for erased envelopes, unless the folder has one.
func borrowBase(ctx context.Context, folder, fresh string, j journal.Journal, from Lender) error {
	if _, _, _, err := FindBase(ctx, folder, j); err == nil {
		return nil
	}
	l, err := from.Base(ctx)
	if err != nil {
		return err
	}
	if l == nil {
		return fmt.Errorf("%s: %w: it has erased envelopes and lends no witnessed snapshot", from.Name(), ErrNoBase)
	}
	for _, name := range []string{logKeyFile, keyBeforeFile, rotationsFile, PolicyFile} { // the base is verified under this node's own
		if text, err := os.ReadFile(filepath.Join(folder, name)); err == nil {
			if err := os.WriteFile(filepath.Join(fresh, name), text, 0o600); err != nil {
				return err
			}
		}
	}
	files := map[string][]byte{snapshotPath("", l.Height): l.Snapshot, basePath("", l.Height): l.Receipt}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(fresh, name), data, 0o600); err != nil {
			return err
		}
	}
	if _, _, _, err := FindBase(ctx, fresh, j); err != nil {
		return fmt.Errorf("%s: %w: %w", from.Name(), ErrLies, err)
	}
	for name, data := range files {
		if err := renameio.WriteFile(filepath.Join(folder, name), data, 0o600, renameio.WithStaticPermissions(0o600)); err != nil {
			return err
		}
	}
	return nil
}

// witnessedHead returns the newest checkpoint of a folder that enough witnesses have cosigned; zero when none is known.
func witnessedHead(ctx context.Context, folder string) (c proof.Checkpoint, err error) {
	keys, err := loadLogKeys(folder)
	if err != nil {
		return c, err
	}
	policy, err := loadPolicy(folder)
	if err != nil || !policy.Needs() {
		return c, err
	}
	kept, err := openCheckpoints(ctx, folder)
	if err != nil {
		return c, err
	}
	defer kept.close()
	signed, err := kept.newest(ctx, true)
	if err != nil || signed == nil {
		return c, err
	}
	all, err := proof.LogKeys(keys.current.Public(), keys.rotations)
	if err != nil {
		return c, err
	}
	w, err := policy.Open(signed, all...)
	return w.Checkpoint, err
}

// TheatreOf returns the name of the theatre of a folder, whose journal may be damaged: as its base or a snapshot states it.
func TheatreOf(folder string) (proof.Hash, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*"+snapshotSuffix))
	if err != nil {
		return proof.Hash{}, err
	}
	for _, name := range names {
		if h, records, err := journal.ReadSnapshot(name); err == nil {
			for range records {
				break // closes the file
			}
			return h.Last.Theatre, nil
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	j, err := journal.OpenSQLite(ctx, folder)
	if err != nil {
		return proof.Hash{}, errors.New("neither a snapshot nor the journal says which theatre this is: name it with --theatre")
	}
	defer j.Close()
	b, err := j.Holding(ctx, 0)
	if err != nil {
		return proof.Hash{}, err
	}
	return b.Theatre, nil
}
