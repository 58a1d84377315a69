package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ReadGuard returns the last block that a folder's head guard remembers, whatever has become of the journal.
func ReadGuard(folder string) (height uint64, hash Hash, err error) {
	m, err := readGuard(folder)
	return m.height, m.hash, err
}

// Replace puts the journal of one folder in place of that of another; neither is open. The old files go into damaged-TIME. An end of the
// process in the middle leaves a folder that refuses to open, and can be repaired again.
func Replace(folder, by string) error {
	if err := putAside(folder); err != nil {
		return err
	}
	for _, name := range []string{databaseFile, guardFile} {
		if err := os.Rename(filepath.Join(by, name), filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return syncFolder(folder)
}

// putAside moves the files of a journal into a folder of their own, and leaves its keys.
func putAside(folder string) error {
	aside := filepath.Join(folder, "damaged-"+time.Now().UTC().Format("20060102T150405.000"))
	if err := os.Mkdir(aside, 0o700); err != nil {
		return err
	}
	for _, name := range []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", guardFile, spoiltFile} {
		if err := os.Rename(filepath.Join(folder, name), filepath.Join(aside, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
