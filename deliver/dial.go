package deliver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"

	"parley"
)

// apart are the addresses that no public machine has, beyond those that package netip knows: RFC 6598, RFC 6890, RFC 8215 and RFC 3056,
// whose addresses hold one of IPv4 that would pass unseen.
var apart = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
}

// isPrivate reports whether an address is not one of the public network.
func isPrivate(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return true
	}
	for _, p := range apart {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// dialer connects to machines. It decides on the address that a name has led to, so that no name leads to a private machine unless the
// configuration says so; and what is configured as private never leaves the private network.
func dialer(private bool) *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if isPrivate(to.Addr()) == private {
			return nil
		}
		if private {
			return fmt.Errorf("a public address, and the channel is configured as private")
		}
		return fmt.Errorf("a private address, and the channel is not configured as private")
	}}
}

// trust returns the authorities that a file names, nil for those of the system.
func (c *Config) trust(field, file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.path(file))
	if err != nil {
		return nil, parley.Invalid(field, strconv.Quote(file), "a file that can be read")
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, parley.Invalid(field, strconv.Quote(file), "certificates in PEM")
	}
	return pool, nil
}

// poster returns a client for one machine: it follows no redirect, uses no proxy and gives up in time.
func poster(private bool, pool *x509.CertPool, timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer(private).DialContext, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 16 << 10, MaxIdleConnsPerHost: 1, IdleConnTimeout: 90 * time.Second,
			ForceAttemptHTTP2: true, DisableCompression: true},
	}
}
