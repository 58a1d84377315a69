package journal

import (
	"os"

	"golang.org/x/sys/windows"
)

// beyond is where the lock lies: behind all content, because a lock on Windows also keeps others from reading what it covers.
var beyond = windows.Overlapped{OffsetHigh: 1 << 30}

// lockFile waits for the one lock on an open file; it ends with unlockFile, with the file, or with the process.
func lockFile(file *os.File) error {
	at := beyond
	return windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &at)
}

func unlockFile(file *os.File) error {
	at := beyond
	return windows.UnlockFileEx(windows.Handle(file.Fd()), 0, 1, 0, &at)
}
