package node

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Hold takes the folder of a node that is not open, for whoever changes its files. Closing what it returns gives the folder back.
func Hold(folder string) (io.Closer, error) {
	if _, err := loadNodeKey(filepath.Join(folder, nodeKeyFile)); err != nil {
		return nil, err
	}
	return lockFolder(folder)
}

// lockFolder takes the folder for one node. The system gives the lock back when the process ends, however it ends.
func lockFolder(folder string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("couldn't open the data folder: %w; is this a data folder that parley init has made?", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("another node serves %s: end it first, or give this one a folder of its own (%w)", folder, err)
	}
	return file, nil
}
