//go:build unix

package journal

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile waits for the one lock on an open file; it ends with unlockFile, with the file, or with the process.
func lockFile(file *os.File) error {
	for {
		if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != unix.EINTR {
			return err
		}
	}
}

func unlockFile(file *os.File) error { return unix.Flock(int(file.Fd()), unix.LOCK_UN) }
