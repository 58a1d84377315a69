package deliver

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"parley"
)

// authority is a certificate authority for the names of this machine, with one certificate of it.
type authority struct {
	file string // its own certificate
	pair tls.Certificate
	cert string // files of the pair
	key  string
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	make := func(parent *x509.Certificate, by *ecdsa.PrivateKey, ca bool) (*x509.Certificate, *ecdsa.PrivateKey, []byte) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
		if ca {
			c.KeyUsage |= x509.KeyUsageCertSign
			parent, by = c, key
		} else {
			c.DNSNames, c.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		read, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return read, key, der
	}
	ca, caKey, caDER := make(nil, nil, true)
	_, key, der := make(ca, caKey, false)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool: x509.NewCertPool()}
	a.pool.AddCert(ca)
	folder := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	a.file, a.cert, a.key = write("ca.pem", "CERTIFICATE", caDER), write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", keyDER)
	return a
}

// post office: a mail server that keeps what it takes.
type office struct {
	mu      sync.Mutex
	letters []string
	authed  int
	refuse  func(n int) error // of the nth letter
	tried   int
}

type mailSession struct {
	o  *office
	ok bool
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "parley" || password != mailSecret {
			return errors.New("wrong")
		}
		s.o.mu.Lock()
		defer s.o.mu.Unlock()
		s.ok, s.o.authed = true, s.o.authed+1
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if !s.ok {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *mailSession) Reset()                               {}
func (s *mailSession) Logout() error                        { return nil }
func (s *mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.tried++
	if s.o.refuse != nil {
		if err := s.o.refuse(s.o.tried); err != nil {
			return err
		}
	}
	s.o.letters = append(s.o.letters, string(text))
	return nil
}

func (o *office) took() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.letters...)
}

// openOffice starts a mail server; secure may be nil. With implicit it speaks TLS from the first byte.
func openOffice(t testing.TB, o *office, secure *tls.Config, implicit bool) string {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{o: o}, nil }))
	server.Domain, server.TLSConfig, server.ErrorLog = "localhost", secure, discard{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if implicit {
		l = tls.NewListener(l, secure)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // it ends when it is closed
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return address
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

func (s *stage) mailConfig(server, ca, way, language string) *Config {
	return s.configOf(fields{
		"mail":     fields{"server": server, "from": "parley@example.org", "user": "parley", "password": fields{"file": "mail.secret"}, "private": true, "ca": ca, "tls": way},
		"channels": []any{fields{"name": "mail", "member": s.A.Officer.Ref, "kind": "email", "address": "officer@example.org", "language": language}}})
}

// read returns a letter's subject and text.
func readLetter(t testing.TB, letter string) (*mail.Message, string, string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	body := m.Body
	if strings.EqualFold(m.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return m, subject, string(text)
}

func TestLettersGoByTLSInTheRecipientsLanguage(t *testing.T) {
	s, a := enter(t), newAuthority(t)
	secure := &tls.Config{Certificates: []tls.Certificate{a.pair}}
	for _, c := range []struct{ way, language string }{{"starttls", "en"}, {"tls", "ar"}} {
		t.Run(c.way+" "+c.language, func(t *testing.T) {
			o := &office{}
			cfg := s.mailConfig(openOffice(t, o, secure, c.way == "tls"), a.file, c.way, c.language)
			d := s.start(cfg)
			placed(t, d)
			s.resend()
			eventually(t, "no letter: "+s.logged.String(), func() bool { return len(o.took()) == 1 })
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			m, subject, text := readLetter(t, o.took()[0])
			p := words[c.language]
			if want := p.Say["exercise"] + " · " + string(s.site) + "/v1 · " + p.Notice["resent"]; subject != want {
				t.Errorf("subject %q, expected %q", subject, want)
			}
			for _, want := range []string{p.Say["exercise"], string(s.site) + "/v1", p.Notice["resent"], p.Say["sentence"], parley.SentenceNotification} {
				if !strings.Contains(text, want) {
					t.Errorf("the text lacks %q:\n%s", want, text)
				}
			}
			if kind, _, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil || kind != "text/plain" {
				t.Errorf("Content-Type %q", m.Header.Get("Content-Type"))
			}
			if m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(m.Header.Get("Message-ID"), "@example.org>") {
				t.Errorf("header %v", m.Header)
			}
			for _, content := range []string{"Invented", "مشفى", "+963", "35.95", "Force A", "Test theatre"} {
				if strings.Contains(timeOfDay.ReplaceAllString(o.took()[0]+subject+text, ""), content) {
					t.Errorf("%q left", content)
				}
			}
		})
	}
}

func TestALetterNeverGoesInPlain(t *testing.T) {
	s, a := enter(t), newAuthority(t)
	other := newAuthority(t)
	for _, c := range []struct {
		name   string
		secure *tls.Config
		why    string
	}{
		{"no STARTTLS", nil, "STARTTLS"},
		{"another's certificate", &tls.Config{Certificates: []tls.Certificate{other.pair}}, "certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := &office{}
			d := s.start(s.mailConfig(openOffice(t, o, c.secure, false), a.file, "starttls", "en"))
			placed(t, d)
			before := len(s.lines("mail", false))
			s.resend()
			eventually(t, "no failure", func() bool { return len(s.lines("mail", false)) > before+2 })
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			lines := s.lines("mail", false)
			if o.authed != 0 || len(o.took()) != 0 {
				t.Errorf("%d passwords and %d letters went out", o.authed, len(o.took()))
			}
			if why := lines[len(lines)-1].Why; !strings.Contains(why, c.why) {
				t.Errorf("why %q, expected %s in it", why, c.why)
			}
		})
	}
}

func TestAMailServersRefusalForGoodMakesADeadLetter(t *testing.T) {
	s, a := enter(t), newAuthority(t)
	for _, c := range []struct {
		code int
		log  string
	}{{552, "[failed failed failed failed dead]"}, {451, "[failed delivered]"}} {
		o := &office{refuse: func(n int) error {
			if c.code == 451 && n > 1 {
				return nil
			}
			return &smtp.SMTPError{Code: c.code, EnhancedCode: smtp.EnhancedCode{c.code / 100, 3, 4}, Message: "no room for officer@example.org"}
		}}
		d := s.start(s.mailConfig(openOffice(t, o, &tls.Config{Certificates: []tls.Certificate{a.pair}}, false), a.file, "starttls", "en"))
		placed(t, d)
		before := len(s.lines("mail", false))
		s.resend()
		eventually(t, "log", func() bool { return outcomes(s.lines("mail", false)[before:]) == c.log })
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if why := s.lines("mail", false)[before].Why; !strings.Contains(why, "no room") || strings.Contains(why, "officer@") {
			t.Errorf("why %q, expected the reason without the address", why)
		}
	}
	if bytes.Contains([]byte(s.logged.String()), []byte("officer@")) {
		t.Error("the log holds an address")
	}
}
