package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clockAt is a clock that stands.
func clockAt(t time.Time) func() time.Time { return func() time.Time { return t } }

var noon = time.Now().Truncate(time.Hour)

// reach serves with a configuration and returns a function that asks for a page of a host there.
func reach(t *testing.T, secure *tls.Config) func(host string, roots *x509.CertPool) (*http.Response, error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- serveUntil(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }), secure, slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return func(host string, roots *x509.CertPool) (*http.Response, error) {
		way := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, listener.Addr().String())
		}}
		defer way.CloseIdleConnections()
		r, err := (&http.Client{Transport: way, Timeout: 10 * time.Second}).Get("https://" + net.JoinHostPort(host, port) + "/")
		if err != nil {
			return nil, err
		}
		defer r.Body.Close()
		_, err = io.ReadAll(r.Body)
		return r, err
	}
}

func TestLocalAuthorityServesItsNamesInTLS(t *testing.T) {
	folder := t.TempDir()
	a, err := openAuthority(folder, []string{"Field.example", "192.0.2.7", "127.0.0.1", "localhost"}, clockAt(noon))
	if err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{authorityFile: 0o644, authorityKeyFile: 0o600, serverFile: 0o644, serverKeyFile: 0o600} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; expected mode %o", name, info, err, mode)
		}
	}
	roots, err := trust(filepath.Join(folder, authorityFile))
	if err != nil {
		t.Fatal(err)
	}
	get := reach(t, a.config())
	for host, strict := range map[string]bool{"field.example": true, "192.0.2.7": true, "127.0.0.1": false, "localhost": false} {
		r, err := get(host, roots)
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		if r.ProtoMajor != 2 || (r.Header.Get("Strict-Transport-Security") != "") != strict {
			t.Errorf("%s: %s with %q; expected HTTP/2, and no other way from now on: %t", host, r.Proto, r.Header.Get("Strict-Transport-Security"), strict)
		}
	}
	if _, err := get("other.example", roots); err == nil {
		t.Error("a name that the server was not given is served")
	}
	if _, err := get("field.example", x509.NewCertPool()); err == nil {
		t.Error("a client that trusts nobody is served")
	}
	// Opened again it is the same authority with the same certificate.
	again, err := openAuthority(folder, []string{"localhost", "127.0.0.1", "field.example", "192.0.2.7"}, clockAt(noon.AddDate(0, 0, serverDays-renewDays-1)))
	if err != nil || again.fingerprint() != a.fingerprint() || !again.server.Leaf.Equal(a.server.Leaf) {
		t.Errorf("opened again (%v) it has another certificate", err)
	}
	if len(a.fingerprint()) != 95 {
		t.Errorf("fingerprint %s; expected 32 bytes in hexadecimal with colons", a.fingerprint())
	}
}

func TestServersCertificateIsRenewedWhileItRuns(t *testing.T) {
	folder := t.TempDir()
	now := noon
	a, err := openAuthority(folder, []string{"127.0.0.1"}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	first := a.server.Leaf
	now = noon.AddDate(0, 0, serverDays-renewDays-1)
	if pair, err := a.current(); err != nil || !pair.Leaf.Equal(first) {
		t.Errorf("with more than %d days left (%v) it is another certificate", renewDays, err)
	}
	now = noon.AddDate(0, 0, serverDays-renewDays)
	pair, err := a.current()
	if err != nil || pair.Leaf.Equal(first) || pair.Leaf.NotAfter.Before(now.AddDate(0, 0, serverDays-1)) {
		t.Errorf("with %d days left (%v) it is not renewed", renewDays, err)
	}
	// Damage to the server's own pair is mended; damage to the authority is not papered over.
	if err := os.WriteFile(filepath.Join(folder, serverKeyFile), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openAuthority(folder, []string{"127.0.0.1"}, clockAt(now)); err != nil {
		t.Errorf("with a broken server key: %v", err)
	}
	if err := os.Remove(filepath.Join(folder, authorityKeyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := openAuthority(folder, []string{"127.0.0.1"}, clockAt(now)); err == nil {
		t.Error("without its key the authority is opened, or made anew behind those who hold its certificate")
	}
}

// The authority is trusted on people's devices: it must vouch for this server and nothing else.
func TestLocalAuthorityVouchesForItsOwnNamesAlone(t *testing.T) {
	folder := t.TempDir()
	a, err := openAuthority(folder, []string{"field.example"}, clockAt(noon))
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range [][]string{{"bank.example"}, {"192.0.2.9"}, {"2001:db8::1"}, {"field.example", "example"}} {
		if _, err := openAuthority(folder, names, clockAt(noon)); err == nil || !strings.Contains(err.Error(), "does not vouch") {
			t.Errorf("%v: %v; expected that another authority is needed", names, err)
		}
	}
	if _, err := openAuthority(t.TempDir(), []string{"https://field.example"}, clockAt(noon)); err == nil {
		t.Error("a URL is taken for a name")
	}
	if !a.cert.IsCA || !a.cert.MaxPathLenZero || a.cert.KeyUsage != x509.KeyUsageCertSign || !a.cert.PermittedDNSDomainsCritical {
		t.Errorf("the authority's certificate allows more than to sign a server's: %+v", a.cert.KeyUsage)
	}
}

func TestServeRefusesPlainHTTPBeyondThisMachine(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	if _, err := openAuthority(folder, []string{"127.0.0.1"}, time.Now); err != nil {
		t.Fatal(err)
	}
	for words, c := range map[string]*serveCmd{
		"plain HTTP":          {Listen: "0.0.0.0:0"},
		"must not cross":      {Listen: "192.0.2.7:7227"},
		"an address and":      {Listen: "127.0.0.1"},
		"go together":         {Listen: "127.0.0.1:0", TLSCert: file(serverFile)},
		"not both":            {Listen: "127.0.0.1:0", TLSCert: file(serverFile), TLSKey: file(serverKeyFile), LocalCA: true},
		"goes with":           {Listen: "127.0.0.1:0", Name: []string{"field.example"}},
		"on every address":    {Listen: ":0", LocalCA: true},
		"read the certificat": {Listen: "0.0.0.0:0", TLSCert: file("none"), TLSKey: file(serverKeyFile)},
	} {
		if _, _, err := c.tls(); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%+v: %v; expected to hear of %q", c, err, words)
		}
	}
	for _, listen := range []string{"127.0.0.1:0", "localhost:7227", "[::1]:0"} {
		if secure, _, err := (&serveCmd{Listen: listen}).tls(); secure != nil || err != nil {
			t.Errorf("%s: %v; expected plain HTTP on this machine", listen, err)
		}
	}
	secure, _, err := (&serveCmd{Listen: "0.0.0.0:0", TLSCert: file(serverFile), TLSKey: file(serverKeyFile)}).tls()
	if err != nil {
		t.Fatal(err)
	}
	roots, err := trust(file(authorityFile))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := reach(t, secure)("127.0.0.1", roots); err != nil || r.ProtoMajor != 2 {
		t.Errorf("with a certificate from a file: %v", err)
	}
}
