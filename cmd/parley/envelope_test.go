package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

var lock sync.Mutex // guards servers

// payloadType is written out again: these tools share no code with the product.
const payloadType = "application/vnd.parley.command+json"

// pae is the pre-authentication encoding of the DSSE specification, version 1.0.2, from its text.
func pae(body []byte) []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(payloadType), payloadType, len(body), body)
}

type dsse struct {
	Payload     []byte `json:"payload"`
	PayloadType string `json:"payloadType"`
	Signatures  []struct {
		KeyID string `json:"keyid"`
		Sig   []byte `json:"sig"`
	} `json:"signatures"`
}

// envelopeTool is a client written anew.
//
//	envelope verify FILE PUBLIC NAME   a kept submission verifies under a public key and has that name
//	envelope forge KEYFILE FILE OUT    sign the JSON in FILE as it is, with $NAMES filled in; $NONCE is random, $KEYID the key's
//	envelope spoil FILE OUT            change one bit of the signature
//	envelope secrets KEYS DIR          no file under DIR holds a seed of a key file under KEYS, in hexadecimal or as bytes
//	envelope large OUT                 a submission of 10 MB
//	envelope many OUT                  a line of 2,000 positions
func envelopeTool() {
	var err error
	switch args := os.Args[1:]; args[0] {
	case "verify":
		err = verifyEnvelope(args[1], args[2], args[3])
	case "forge":
		err = forgeEnvelope(args[1], args[2], args[3])
	case "large":
		err = os.WriteFile(args[1], append([]byte(`{"envelope":{"payload":"`), append(bytes.Repeat([]byte("A"), 10<<20), `"}}`...)...), 0o600)
	case "many":
		err = os.WriteFile(args[1], fmt.Appendf(nil, `{"type":"LineString","coordinates":[%s[39.9,35.9]]}`, strings.Repeat("[39.1,35.9],[39.2,35.9],[39.3,35.9],", 666)+"[39.1,35.9],"), 0o600)
	case "secrets":
		err = findSecrets(args[1], args[2])
	case "spoil":
		err = spoilEnvelope(args[1], args[2])
	default:
		err = errors.New("unknown: " + args[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "envelope:", err)
		os.Exit(1)
	}
}

func readEnvelope(file string) (*dsse, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var kept struct{ Envelope dsse }
	return &kept.Envelope, json.Unmarshal(text, &kept)
}

func verifyEnvelope(file, public, name string) error {
	e, err := readEnvelope(file)
	if err != nil {
		return err
	}
	key, err := hex.DecodeString(public)
	if err != nil {
		return err
	}
	if e.PayloadType != payloadType || len(e.Signatures) != 1 {
		return fmt.Errorf("payload type %s, %d signatures", e.PayloadType, len(e.Signatures))
	}
	if !ed25519.Verify(key, pae(e.Payload), e.Signatures[0].Sig) {
		return errors.New("the signature does not verify")
	}
	if sum := sha256.Sum256(pae(e.Payload)); hex.EncodeToString(sum[:]) != name {
		return fmt.Errorf("the name is %x", sum)
	}
	if id := sha256.Sum256(key); hex.EncodeToString(id[:16]) != e.Signatures[0].KeyID {
		return fmt.Errorf("the key id is %x", id[:16])
	}
	return nil
}

func forgeEnvelope(keyFile, file, out string) error {
	text, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	lines := strings.Fields(string(text))
	seed, err := hex.DecodeString(lines[len(lines)-1])
	if err != nil {
		return err
	}
	key := ed25519.NewKeyFromSeed(seed)
	id := sha256.Sum256(key[32:])
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		return err
	}
	template, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	body := []byte(strings.TrimSpace(os.Expand(string(template), func(name string) string {
		switch name {
		case "KEYID":
			return hex.EncodeToString(id[:16])
		case "NONCE":
			return hex.EncodeToString(nonce)
		}
		return os.Getenv(name)
	})))
	signed := fmt.Sprintf(`{"envelope":{"payload":%q,"payloadType":%q,"signatures":[{"keyid":"%x","sig":%q}]}}`,
		base64.StdEncoding.EncodeToString(body), payloadType, id[:16], base64.StdEncoding.EncodeToString(ed25519.Sign(key, pae(body))))
	return os.WriteFile(out, []byte(signed), 0o600)
}

func findSecrets(keys, folder string) error {
	files, err := filepath.Glob(filepath.Join(keys, "*.key"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no keys in %s: %v", keys, err)
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, file := range files {
			key, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			lines := strings.Fields(string(key))
			seed := lines[len(lines)-1]
			raw, err := hex.DecodeString(seed)
			if err != nil {
				return err
			}
			if bytes.Contains(text, []byte(seed)) || bytes.Contains(text, raw) {
				return fmt.Errorf("%s holds the key of %s", path, file)
			}
		}
		return nil
	})
}

func spoilEnvelope(file, out string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	e, err := readEnvelope(file)
	if err != nil {
		return err
	}
	old := base64.StdEncoding.EncodeToString(e.Signatures[0].Sig)
	e.Signatures[0].Sig[7] ^= 1
	return os.WriteFile(out, bytes.Replace(text, []byte(old), []byte(base64.StdEncoding.EncodeToString(e.Signatures[0].Sig)), 1), 0o600)
}

// damageTool changes one bit of a database, in the middle of a command that a kept submission names: damage KEPT DATABASE.
func damageTool() {
	err := func() error {
		e, err := readEnvelope(os.Args[1])
		if err != nil {
			return err
		}
		db, err := os.ReadFile(os.Args[2])
		if err != nil {
			return err
		}
		part := []byte(base64.StdEncoding.EncodeToString(e.Payload))[100:160]
		at := bytes.Index(db, part)
		if at < 0 {
			return errors.New("the command is not in this file")
		}
		db[at+30] ^= 1
		return os.WriteFile(os.Args[2], db, 0o600)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "damage:", err)
		os.Exit(1)
	}
}
