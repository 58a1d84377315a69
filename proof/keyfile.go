package proof

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// readKeyFile returns the one line of a private key file. A file that others than its owner may read is refused.
func readKeyFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return "", fmt.Errorf("%s has mode %04o, expected 0600: others can read it", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, ok := strings.CutSuffix(string(text), "\n")
	if !ok {
		return "", fmt.Errorf("%s does not end with a line break: it is cut short", path)
	}
	return line, nil
}

// writeKeyFile writes a private key to a new file of mode 0600, one line, synced. A file that exists is never overwritten: the
// error is then fs.ErrExist.
func writeKeyFile(path, line string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// syncFolder makes the names in a folder durable. Systems that cannot sync a folder say so with ErrInvalid; that is no failure.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if errors.Is(err, fs.ErrInvalid) {
		err = nil
	}
	return errors.Join(err, folder.Close())
}
