package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"

	"parley"
)

// mailer sends e-mail by one server, a connection for each message: mail is for what can wait a second, and servers end idle ones.
type mailer struct {
	to, from string
	language *phrases
	host     string
	options  []mail.Option
	dialer   *net.Dialer
	secure   *tls.Config
	implicit bool // TLS from the first byte
}

func (c *Config) mailer(ch *Channel) (*mailer, error) {
	s := c.Mail
	pool, err := c.trust("mail.ca", s.CA)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(s.Server)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	m := &mailer{to: ch.Address, from: s.From, language: words[ch.Language], host: host, dialer: dialer(s.Private), secure: &tls.Config{RootCAs: pool, ServerName: host, MinVersion: tls.VersionTLS12}}
	m.options = []mail.Option{mail.WithTimeout(c.pace.timeout), mail.WithTLSConfig(m.secure)}
	if m.implicit = s.TLS == "tls"; m.implicit {
		m.options = append(m.options, mail.WithSSL()) // dial brings it
	} else {
		m.options = append(m.options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	m.options = append(m.options, mail.WithPort(number))
	if s.User != "" {
		// By choice of ours, because what the library discovers does not see that dial has brought TLS.
		m.options = append(m.options, mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlain, mail.SMTPAuthLogin), mail.WithUsername(s.User), mail.WithPassword(string(s.password)))
	}
	return m, nil
}

// dial connects for as long as ctx lives, which is that of the whole attempt: the library watches one only while it dials.
func (m *mailer) dial(ctx context.Context) mail.DialContextFunc {
	return func(dialling context.Context, network, address string) (net.Conn, error) {
		plain, err := m.dialer.DialContext(dialling, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = plain.Close() })
		if !m.implicit {
			return plain, nil
		}
		secure := tls.Client(plain, m.secure)
		if err := secure.HandshakeContext(dialling); err != nil {
			return nil, errors.Join(err, plain.Close())
		}
		return secure, nil
	}
}

// reached: a mail server has it then, not the recipient.
func (m *mailer) reached() bool { return false }

func (m *mailer) send(ctx context.Context, msg *message) error {
	letter, err := m.letter(msg)
	if err != nil {
		return &refusal{err}
	}
	client, err := mail.NewClient(m.host, append(m.options[:len(m.options):len(m.options)], mail.WithDialContextFunc(m.dial(ctx)))...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, letter)
	var failed *mail.SendError
	if errors.As(err, &failed) && !failed.IsTemp() && failed.ErrorCode() >= 500 {
		return &refusal{err}
	}
	return err
}

// letter writes a message: plain text in the recipient's language, in UTF-8.
func (m *mailer) letter(msg *message) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithNoDefaultUserAgent())
	if err := letter.From(m.from); err != nil {
		return nil, err
	}
	if err := letter.To(m.to); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(m.from, "@")
	letter.SetMessageIDWithValue(msg.ID + "@" + domain)
	letter.SetDate()
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers by machines
	if msg.Notice.Urgent {
		letter.SetImportance(mail.ImportanceUrgent)
	}
	p := m.language
	letter.Subject(joined(" · ", p.marks(msg), msg.reference(), p.phrase(msg)))
	letter.SetBodyString(mail.TypeTextPlain, p.letter(msg))
	return letter, nil
}

// letter returns the text of an e-mail.
func (p *phrases) letter(m *message) string {
	var b strings.Builder
	line := func(text string) {
		if text != "" {
			b.WriteString(text + "\r\n")
		}
	}
	line(p.marks(m))
	line(m.reference())
	line(p.phrase(m))
	if m.Notice.Due != "" {
		line(p.Say["due"] + ": " + m.Notice.Due)
	}
	if !m.Test {
		line(fmt.Sprintf("%s · #%d · %s", m.Notice.At, m.Notice.Number, m.Theatre))
		line(p.Say["look"])
	}
	b.WriteString("\r\n")
	line(p.Say["sentence"])
	line(parley.SentenceNotification)
	return b.String()
}

// joined joins what is not empty.
func joined(by string, parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}
