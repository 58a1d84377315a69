package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/renameio/v2"

	"parley"
)

// The files of a local authority, in the server's data folder.
const (
	authorityFile    = "ca.crt" // to hand out
	authorityKeyFile = "ca.key"
	serverFile       = "server.crt"
	serverKeyFile    = "server.key"
)

// How long certificates last, and when the server's is made anew.
const (
	authorityYears = 10
	serverDays     = 90
	renewDays      = 30
)

// authority is a certificate authority for one server, where no public one reaches. Its certificate is handed out by another way. It
// can vouch for this server's names alone: whoever takes its key cannot stand between its people and anything else.
type authority struct {
	folder string
	names  []string // DNS names and addresses the server is reached by, as a certificate gives them back, sorted
	now    func() time.Time
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey

	mu     sync.Mutex // guards server
	server *tls.Certificate
}

// openAuthority opens the authority in a folder, or makes it once.
func openAuthority(folder string, names []string, now func() time.Time) (*authority, error) {
	a := &authority{folder: folder, now: now}
	for _, name := range names {
		name = strings.ToLower(name)
		if ip := net.ParseIP(name); ip != nil {
			name = ip.String()
		} else if !plainName(name) {
			return nil, parley.Invalid("--name", fmt.Sprintf("%q", name), "a name such as parley.example.org, or an address such as 192.0.2.7, without a port")
		}
		a.names = append(a.names, name)
	}
	slices.Sort(a.names)
	a.names = slices.Compact(a.names)
	_, err := os.Stat(a.path(authorityFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = a.make()
	}
	if err == nil {
		a.cert, a.key, err = readPair(a.path(authorityFile), a.path(authorityKeyFile))
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't open the local authority: %w", err)
	}
	if pair, err := tls.LoadX509KeyPair(a.path(serverFile), a.path(serverKeyFile)); err == nil {
		a.server = &pair // current decides whether it still serves
	}
	_, err = a.current()
	return a, err
}

func (a *authority) path(name string) string { return filepath.Join(a.folder, name) }

// plainName reports whether a name can stand in a certificate: labels of letters, digits and hyphens.
func plainName(name string) bool {
	return name != "" && len(name) <= 253 && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") && !strings.Contains(name, "..") &&
		strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}

// split parts names from addresses.
func split(names []string) (dns []string, ips []net.IP) {
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			ips = append(ips, ip)
		} else {
			dns = append(dns, name)
		}
	}
	return dns, ips
}

// make makes the authority's key and certificate.
func (a *authority) make() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	// Both kinds of names are named, so that both are limited: a kind that is left out would be free.
	dns, ips := split(append([]string{"localhost", "127.0.0.1", "::1"}, a.names...))
	var ranges []*net.IPNet
	for _, ip := range ips {
		bits := 8 * len(ip)
		if four := ip.To4(); four != nil {
			ip, bits = four, 32
		}
		ranges = append(ranges, &net.IPNet{IP: ip, Mask: net.CIDRMask(bits, bits)})
	}
	name := pkix.Name{CommonName: "parley local authority " + rand.Text()[:6]}
	cert, err := issue(&x509.Certificate{Subject: name, IsCA: true, MaxPathLenZero: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: dns, PermittedIPRanges: ranges,
		NotBefore: a.now().Add(-time.Hour), NotAfter: a.now().AddDate(authorityYears, 0, 0)}, nil, key, key)
	if err != nil {
		return err
	}
	return savePair(cert, key, a.path(authorityFile), a.path(authorityKeyFile))
}

// issue signs a certificate for key; parent is nil for one that signs itself.
func issue(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	if parent == nil {
		parent = template
	}
	return x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
}

// current returns the server's certificate, made anew when it has under 30 days, when the names have changed or when there is none.
func (a *authority) current() (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.server != nil && a.serves(a.server) {
		return a.server, nil
	}
	pair, err := a.renew()
	if err != nil {
		return nil, fmt.Errorf("couldn't make the server's certificate: %w", err)
	}
	a.server = pair
	return pair, nil
}

// serves reports whether a certificate is by this authority, for these names, and not near its end.
func (a *authority) serves(pair *tls.Certificate) bool {
	c := pair.Leaf
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	slices.Sort(names)
	return c.CheckSignatureFrom(a.cert) == nil && slices.Equal(names, a.names) && a.now().AddDate(0, 0, renewDays).Before(c.NotAfter) && !a.now().Before(c.NotBefore)
}

func (a *authority) renew() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	dns, ips := split(a.names)
	cert, err := issue(&x509.Certificate{Subject: pkix.Name{CommonName: "parley"}, DNSNames: dns, IPAddresses: ips, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
		NotBefore: a.now().Add(-time.Hour), NotAfter: a.now().AddDate(0, 0, serverDays)}, a.cert, key, a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(cert)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: a.now()}); err != nil {
		return nil, fmt.Errorf("%s does not vouch for %s: %w; move %s and %s away to make another, and hand that out", authorityFile, strings.Join(a.names, ", "), err, authorityFile, authorityKeyFile)
	}
	if err := savePair(cert, key, a.path(serverFile), a.path(serverKeyFile)); err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{cert}, PrivateKey: key, Leaf: leaf}, nil
}

// fingerprint returns the SHA-256 of the authority's certificate as browsers show it, for comparing by voice.
func (a *authority) fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}

// config returns how the server speaks TLS.
func (a *authority) config() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.current() }}
}

// savePair writes a certificate and its key, the key first: a certificate never stands without it.
func savePair(cert []byte, key *ecdsa.PrivateKey, certFile, keyFile string) error {
	text, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}), 0o600, renameio.WithStaticPermissions(0o600)); err != nil {
		return err
	}
	return renameio.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o644, renameio.WithStaticPermissions(0o644))
}

// readPair reads what savePair wrote.
func readPair(certFile, keyFile string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("read a key of another kind in %s; expected ECDSA P-256", keyFile)
	}
	return pair.Leaf, key, nil
}

// trust returns a pool of the certificates in a file.
func trust(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(bytes.TrimSpace(text)) {
		return nil, parley.Invalid("--ca", file, "a certificate in PEM, such as the ca.crt that parley serve --local-ca writes")
	}
	return pool, nil
}
