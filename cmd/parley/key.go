package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"parley"
	"parley/internal/draft"
)

// keyTitle is the first line of a key file; the second is the Ed25519 seed in hexadecimal.
const keyTitle = "parley ed25519 seed v1: whoever has this file speaks for its holder"

type keygenCmd struct {
	File string `arg:"" help:"Where the key is written, mode 0600. A file that is there is never replaced."`
}

func (c *keygenCmd) Run(a *app) error {
	key := draft.NewKey()
	if err := saveKey(c.File, key); err != nil {
		return err
	}
	return a.printKey(c.File, key)
}

type keyCmd struct {
	Show   keyShowCmd   `cmd:"" help:"Show the id and the public half of your key." example:"parley key show --key officer.key"`
	Revoke keyRevokeCmd `cmd:"" help:"End one key at once, such as that of a lost device; the member's other keys stay." example:"parley key revoke 5f0c1e2d3a4b59687786a5b4c3d2e1f0 --key officer.key"`
}

type keyRevokeCmd struct {
	ID parley.KeyID `arg:"" help:"Id of the key, one of your own or of your account's; parley show MEMBER lists them."`
}

// Run ends a key.
func (c *keyRevokeCmd) Run(a *app) error { return a.just(&parley.KeyRevoke{Key: c.ID}) }

type keyShowCmd struct{}

func (c *keyShowCmd) Run(a *app) error {
	if a.Key == "" {
		return usage("which key? --key FILE, or PARLEY_KEY")
	}
	key, err := loadKey(a.Key)
	if err != nil {
		return err
	}
	return a.printKey(a.Key, key)
}

func (a *app) printKey(file string, key ed25519.PrivateKey) error {
	public := draft.KeyOf(key)
	if a.JSON {
		return a.printJSON(struct {
			File   string           `json:"file"`
			ID     parley.KeyID     `json:"id"`
			Public parley.PublicKey `json:"public"`
		}{file, public.ID(), public})
	}
	text, err := public.MarshalText()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "key file    %s\nkey id      %s\npublic key  %s\n", file, public.ID(), text)
	return nil
}

// saveKey writes a new key file. It refuses a name that is taken, and the folder of a server: a user's key never lies there.
func saveKey(file string, key ed25519.PrivateKey) error {
	full, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	for dir := filepath.Dir(full); ; dir = filepath.Dir(dir) {
		for _, name := range []string{"node.key", "journal.db"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return parley.Invalid("FILE", file, "a place outside "+dir+", which is a server's data folder")
			}
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("couldn't write the key: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s\n%s\n", keyTitle, hex.EncodeToString(key.Seed()))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("couldn't write the key: %w", err)
	}
	return nil
}

// loadKey reads a key file that nobody else can read.
func loadKey(file string) (ed25519.PrivateKey, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the key: %w; parley keygen makes one", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("couldn't read the key: %s has mode %04o, expected 0600: others on this machine can read it; chmod 600 %s", file, mode, file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the key: %w", err)
	}
	title, rest, _ := strings.Cut(string(text), "\n")
	seed, err := hex.DecodeString(strings.TrimSpace(rest))
	if title != keyTitle || err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("couldn't read the key: %s is no key file that parley keygen wrote", file)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// printJSON writes one value on one line.
func (a *app) printJSON(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s\n", text)
	return nil
}
