package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// createWhole makes a new file of mode 0600 in folder: its name appears at once with all its content, synced. When the name is
// taken the error is fs.ErrExist and the file there is left as it is.
func createWhole(folder, name string, content []byte) error {
	temp := filepath.Join(folder, "."+name+"-"+rand.Text())
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Link(temp, filepath.Join(folder, name)) // unlike a rename, a link never replaces
	}
	return errors.Join(err, os.Remove(temp), syncFolder(folder))
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// fileSize returns the length of a file in bytes, and -1 when there is none.
func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s: read %s, expected a file", path, info.Mode())
	}
	return info.Size(), nil
}
