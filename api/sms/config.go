package sms

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"parley"
)

// Config says which gateway may bring messages and whose numbers they come from.
type Config struct {
	// TokenSHA256 is the SHA-256 of the token that the gateway sends as a bearer token, in hexadecimal.
	TokenSHA256 string `json:"token_sha256,omitzero"`
	// SecretFile names a file with the secret under which the gateway signs each body (HMAC-SHA-256); beside the configuration.
	SecretFile string `json:"secret_file,omitzero"`
	// Numbers binds each telephone number to the member who uses it.
	Numbers []Number `json:"numbers"`

	token  []byte
	secret []byte
}

// Number is a telephone number bound to a member of an organisation, by an administrator of that organisation.
type Number struct {
	Number  string     `json:"number"`
	Member  parley.Ref `json:"member"`
	BoundBy parley.Ref `json:"bound_by"`
}

// ReadConfig reads a configuration. Errors name the field, what was read and what was expected.
func ReadConfig(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the short messages' configuration: %w", err)
	}
	c := &Config{}
	if err := json.Unmarshal(text, c, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, parley.Malformed("", err))
	}
	if (c.TokenSHA256 == "") == (c.SecretFile == "") {
		return nil, fmt.Errorf("%s: %w", path, parley.Invalid("token_sha256", strconv.Quote(c.TokenSHA256), "either token_sha256 or secret_file: how the gateway proves itself"))
	}
	if c.TokenSHA256 != "" {
		if c.token, err = hex.DecodeString(c.TokenSHA256); err != nil || len(c.token) != 32 {
			return nil, fmt.Errorf("%s: %w", path, parley.Invalid("token_sha256", strconv.Quote(c.TokenSHA256), "64 hexadecimal digits: the SHA-256 of the token"))
		}
	} else {
		file := c.SecretFile
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(path), file)
		}
		if c.secret, err = os.ReadFile(file); err != nil {
			return nil, fmt.Errorf("couldn't read the gateway's secret: %w", err)
		}
		if c.secret = bytes.TrimSpace(c.secret); len(c.secret) < 16 {
			return nil, fmt.Errorf("%s: %w", path, parley.Invalid("secret_file", fmt.Sprintf("%d bytes", len(c.secret)), "at least 16 bytes"))
		}
	}
	seen := map[string]bool{}
	for i := range c.Numbers {
		n := &c.Numbers[i]
		field := fmt.Sprintf("numbers[%d]", i)
		written := n.Number
		n.Number = dialled(n.Number)
		switch {
		case len(n.Number) < 5 || strings.Trim(n.Number, "+0123456789") != "" || seen[n.Number]:
			return nil, fmt.Errorf("%s: %w", path, parley.Invalid(field+".number", strconv.Quote(written), "a telephone number such as +963 11 000 0001, each once"))
		case n.Member.Kind() != parley.RefMember:
			return nil, fmt.Errorf("%s: %w", path, parley.Invalid(field+".member", strconv.Quote(string(n.Member)), "the member who uses the number, MBR-…"))
		case n.BoundBy.Kind() != parley.RefMember:
			return nil, fmt.Errorf("%s: %w", path, parley.Invalid(field+".bound_by", strconv.Quote(string(n.BoundBy)), "the administrator of the member's organisation who has bound the number, MBR-…"))
		}
		seen[n.Number] = true
	}
	return c, nil
}

// of returns the binding of a number, or nil.
func (c *Config) of(number string) *Number {
	for i := range c.Numbers {
		if c.Numbers[i].Number == number {
			return &c.Numbers[i]
		}
	}
	return nil
}

// dialled writes a number as it is dialled: digits, and a plus before a country's code.
func dialled(number string) string {
	number = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == '+':
			return r
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case strings.ContainsRune(" -().\u00a0\u200e\u200f\u202a\u202c", r):
			return -1
		}
		return r
	}, number)
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		return "+" + rest
	}
	return number
}
