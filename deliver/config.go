package deliver

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	strict "github.com/go-json-experiment/json"

	"parley"
	"parley/release"
)

// Config says who is told by which ways. It is read once, when the server starts.
type Config struct {
	Mail     *MailServer         `json:"mail,omitzero"`
	Gateways map[string]*Gateway `json:"gateways,omitzero"`
	Channels []*Channel          `json:"channels"`
	GiveUp   Duration            `json:"give_up,omitzero"` // a notice that was not taken for so long is a dead letter; 72h unless said

	folder string // files are named from here
	pace   pace
}

// Kind says by which way a channel sends.
type Kind string

// The kinds of channels.
const (
	KindWebhook Kind = "webhook"
	KindMail    Kind = "email"
	KindSMS     Kind = "sms"
	KindCoT     Kind = "cot"
)

// Channel is one way to one member.
type Channel struct {
	Name     string     `json:"name"`
	Member   parley.Ref `json:"member"`
	Kind     Kind       `json:"kind"`
	Address  string     `json:"address"`
	Language string     `json:"language,omitzero"` // of e-mail and SMS: en or ar; en unless said

	Notices    []parley.NoticeKind `json:"notices,omitzero"` // only these kinds; all unless said
	UrgentOnly bool                `json:"urgent_only,omitzero"`
	From       From                `json:"from,omitzero"`  // where a new channel begins
	Order      int                 `json:"order,omitzero"` // 1 unless said; see Delay
	Delay      Duration            `json:"delay,omitzero"` // with an order above 1: sent only when no channel of a lower order has delivered it so long after

	Private bool    `json:"private,omitzero"` // the address is on a private network; such addresses are refused otherwise
	Secret  *Secret `json:"secret,omitzero"`  // signs webhooks
	CA      string  `json:"ca,omitzero"`      // file: this authority alone is trusted

	Gateway string `json:"gateway,omitzero"` // of SMS: a name in gateways

	// Positions names the party whose list leaves by CoT: the opt-in. It must be the member's own.
	Positions   parley.Ref `json:"positions,omitzero"`
	Certificate string     `json:"certificate,omitzero"` // file: shown to the other side of CoT over TLS
	Key         string     `json:"key,omitzero"`         // file: of the certificate

	secret  []byte
	gateway *Gateway
	earlier []string // channels of the same member with a lower order
}

// From says with which notice a new channel begins.
type From string

// Where a new channel begins.
const (
	FromNow   From = "now"
	FromFirst From = "first"
)

// MailServer is the server that takes e-mail. It is always spoken to by TLS.
type MailServer struct {
	Server   string  `json:"server"` // host:port
	From     string  `json:"from"`
	User     string  `json:"user,omitzero"`
	Password *Secret `json:"password,omitzero"`
	TLS      string  `json:"tls,omitzero"` // starttls unless said, or tls from the first byte
	Private  bool    `json:"private,omitzero"`
	CA       string  `json:"ca,omitzero"`

	password []byte
}

// Gateway is a machine of the operator's that turns an HTTP request into a short message. In every value of a form, of JSON and of
// headers, {to}, {text}, {id} and {secret} are filled in.
type Gateway struct {
	URL     string            `json:"url"`
	Form    map[string]string `json:"form,omitzero"`
	JSON    map[string]any    `json:"json,omitzero"`
	Headers map[string]string `json:"headers,omitzero"`
	Secret  *Secret           `json:"secret,omitzero"`
	Private bool              `json:"private,omitzero"`
	CA      string            `json:"ca,omitzero"`

	secret []byte
}

// Secret says where a secret is: never in the configuration itself.
type Secret struct {
	File string `json:"file,omitzero"`
	Env  string `json:"env,omitzero"`
}

// Duration is a time span that is written as 90s, 5m or 72h.
type Duration time.Duration

// UnmarshalText reads a span.
func (d *Duration) UnmarshalText(text []byte) error {
	span, err := time.ParseDuration(string(text))
	if err != nil || span < 0 {
		return parley.Invalid("", strconv.Quote(string(text)), "a time span such as 90s, 5m or 72h")
	}
	*d = Duration(span)
	return nil
}

// MarshalText writes the span.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Load reads a configuration and the secrets it names. Its errors name field, what was read and what was expected.
func Load(file string) (*Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the channels: %w", err)
	}
	c := &Config{folder: filepath.Dir(file)}
	if err := strict.Unmarshal(data, c, strict.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%s: %w", file, parley.Malformed("", err))
	}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// Channel returns the channel of that name, or nil.
func (c *Config) Channel(name string) *Channel {
	for _, ch := range c.Channels {
		if ch.Name == name {
			return ch
		}
	}
	return nil
}

func (c *Config) validate() (err error) {
	if c.GiveUp == 0 {
		c.GiveUp = Duration(72 * time.Hour)
	}
	if c.GiveUp < Duration(time.Minute) || c.GiveUp > Duration(30*24*time.Hour) {
		return parley.Invalid("give_up", time.Duration(c.GiveUp).String(), "1m to 720h")
	}
	c.pace = usual
	c.pace.giveUp = time.Duration(c.GiveUp)
	if c.Mail != nil {
		if err := c.validateMail(c.Mail); err != nil {
			return err
		}
	}
	for name, g := range c.Gateways {
		if err := c.validateGateway("gateways."+name, g); err != nil {
			return err
		}
	}
	if len(c.Channels) > 1000 {
		return parley.Invalid("channels", fmt.Sprintf("%d channels", len(c.Channels)), "at most 1,000")
	}
	names := map[string]bool{}
	for i, ch := range c.Channels {
		field := fmt.Sprintf("channels[%d]", i)
		if ch == nil {
			return parley.Invalid(field, "null", "a channel")
		}
		if err := c.validateChannel(field, ch); err != nil {
			return err
		}
		if names[ch.Name] {
			return parley.Invalid(field+".name", strconv.Quote(ch.Name), "each name once")
		}
		names[ch.Name] = true
	}
	for _, ch := range c.Channels {
		for _, o := range c.Channels {
			if o.Member == ch.Member && o.Order < ch.Order && o.Kind != KindCoT {
				ch.earlier = append(ch.earlier, o.Name)
			}
		}
	}
	return nil
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func (c *Config) validateChannel(field string, ch *Channel) (err error) {
	if !nameForm.MatchString(ch.Name) {
		return parley.Invalid(field+".name", strconv.Quote(ch.Name), "1 to 40 of a-z, 0-9, - and _")
	}
	if ch.Member.Kind() != parley.RefMember {
		return parley.Invalid(field+".member", strconv.Quote(string(ch.Member)), "the reference of a member, MBR-…")
	}
	if ch.Language == "" {
		ch.Language = "en"
	}
	if words[ch.Language] == nil {
		return parley.Invalid(field+".language", strconv.Quote(ch.Language), "en or ar")
	}
	for i, k := range ch.Notices {
		if words["en"].Notice[k] == "" {
			return parley.Invalid(fmt.Sprintf("%s.notices[%d]", field, i), strconv.Quote(string(k)), "a kind of notice, such as released or urgent_stop")
		}
	}
	if ch.From == "" {
		ch.From = FromNow
	}
	if ch.From != FromNow && ch.From != FromFirst {
		return parley.Invalid(field+".from", strconv.Quote(string(ch.From)), "now or first")
	}
	if ch.Order == 0 {
		ch.Order = 1
	}
	if ch.Order < 1 || ch.Order > 9 {
		return parley.Invalid(field+".order", strconv.Itoa(ch.Order), "1 to 9")
	}
	if ch.Order == 1 && ch.Delay != 0 {
		return parley.Invalid(field+".delay", time.Duration(ch.Delay).String(), "none with order 1: it goes out at once")
	}
	if ch.Delay > Duration(24*time.Hour) {
		return parley.Invalid(field+".delay", time.Duration(ch.Delay).String(), "at most 24h")
	}
	if ch.secret, err = c.read(field+".secret", ch.Secret); err != nil {
		return err
	}
	return c.validateKind(field, ch)
}

// validateKind checks the fields that belong to a kind, and that no field of another is there.
func (c *Config) validateKind(field string, ch *Channel) (err error) {
	for _, f := range []struct {
		name string
		set  bool
		of   []Kind
	}{
		{"secret", ch.Secret != nil, []Kind{KindWebhook}},
		{"gateway", ch.Gateway != "", []Kind{KindSMS}},
		{"private", ch.Private, []Kind{KindWebhook, KindCoT}},
		{"ca", ch.CA != "", []Kind{KindWebhook, KindCoT}},
		{"positions", ch.Positions != "", []Kind{KindCoT}},
		{"certificate", ch.Certificate != "", []Kind{KindCoT}},
		{"key", ch.Key != "", []Kind{KindCoT}},
		{"notices", len(ch.Notices) > 0, []Kind{KindWebhook, KindMail, KindSMS}},
		{"urgent_only", ch.UrgentOnly, []Kind{KindWebhook, KindMail, KindSMS}},
		{"delay", ch.Delay != 0, []Kind{KindWebhook, KindMail, KindSMS}},
	} {
		if f.set && !slices.Contains(f.of, ch.Kind) {
			return parley.Invalid(field+"."+f.name, "a value", fmt.Sprintf("none: it belongs to %v", f.of))
		}
	}
	switch ch.Kind {
	case KindWebhook:
		if err := validURL(field+".address", ch.Address, ch.Private); err != nil {
			return err
		}
		if ch.secret, err = webhookSecret(ch.secret); err != nil {
			return parley.Invalid(field+".secret", err.Error(), "whsec_ and the Base64 of 24 to 64 bytes")
		}
		_, err = c.trust(field+".ca", ch.CA)
		return err
	case KindMail:
		if c.Mail == nil {
			return parley.Invalid("mail", "nothing", "the server that takes e-mail, because "+field+" is of kind email")
		}
		return validMail(field+".address", ch.Address)
	case KindSMS:
		if !phoneForm.MatchString(ch.Address) {
			return parley.Invalid(field+".address", "no such number", "a telephone number with + and 7 to 15 digits")
		}
		if ch.gateway = c.Gateways[ch.Gateway]; ch.gateway == nil {
			return parley.Invalid(field+".gateway", strconv.Quote(ch.Gateway), "a name in gateways")
		}
		return nil
	case KindCoT:
		return c.validateCoT(field, ch)
	}
	return parley.Invalid(field+".kind", strconv.Quote(string(ch.Kind)), "webhook, email, sms or cot")
}

var phoneForm = regexp.MustCompile(`^\+[0-9]{7,15}$`)

func (c *Config) validateCoT(field string, ch *Channel) error {
	scheme, rest, _ := strings.Cut(ch.Address, "://")
	host, port, err := net.SplitHostPort(rest)
	if scheme != "tcp" && scheme != "tls" || err != nil || host == "" || port == "" {
		return parley.Invalid(field+".address", strconv.Quote(ch.Address), "tls://HOST:PORT, or tcp://HOST:PORT on a private network")
	}
	if scheme == "tcp" && !ch.Private {
		return parley.Invalid(field+".address", "tcp", "tls, or \"private\": true: positions never cross a public network in plain")
	}
	if ch.Positions.Kind() != parley.RefParty {
		return parley.Invalid(field+".positions", strconv.Quote(string(ch.Positions)), "the reference of the party whose list leaves by this channel: it carries places")
	}
	if scheme == "tcp" && (ch.CA != "" || ch.Certificate != "") {
		return parley.Invalid(field+".ca", "a file", "none with tcp")
	}
	if (ch.Certificate == "") != (ch.Key == "") {
		return parley.Invalid(field+".key", strconv.Quote(ch.Key), "certificate and key together, or neither")
	}
	_, err = c.cotTLS(field, ch)
	return err
}

func (c *Config) validateMail(m *MailServer) (err error) {
	host, port, err := net.SplitHostPort(m.Server)
	if n, _ := strconv.Atoi(port); err != nil || host == "" || n < 1 || n > 65535 {
		return parley.Invalid("mail.server", strconv.Quote(m.Server), "a host and a port, such as mail.example.org:587")
	}
	if err := validMail("mail.from", m.From); err != nil {
		return err
	}
	if m.TLS == "" {
		m.TLS = "starttls"
	}
	if m.TLS != "starttls" && m.TLS != "tls" {
		return parley.Invalid("mail.tls", strconv.Quote(m.TLS), "starttls or tls")
	}
	if (m.User == "") != (m.Password == nil) {
		return parley.Invalid("mail.password", "one without the other", "user and password together, or neither")
	}
	if m.password, err = c.read("mail.password", m.Password); err != nil {
		return err
	}
	_, err = c.trust("mail.ca", m.CA)
	return err
}

func (c *Config) validateGateway(field string, g *Gateway) (err error) {
	if g == nil {
		return parley.Invalid(field, "null", "a gateway")
	}
	if err := validURL(field+".url", g.URL, g.Private); err != nil {
		return err
	}
	if (g.Form == nil) == (g.JSON == nil) {
		return parley.Invalid(field, "both or neither", "form or json")
	}
	if g.secret, err = c.read(field+".secret", g.Secret); err != nil {
		return err
	}
	if body, err := g.body(&fill{to: "\x01", text: "\x02"}); err != nil {
		return parley.Invalid(field, err.Error(), "a template")
	} else if body = strings.NewReplacer("%01", "\x01", "%02", "\x02", `\u0001`, "\x01", `\u0002`, "\x02").Replace(body); !strings.Contains(body, "\x01") || !strings.Contains(body, "\x02") {
		return parley.Invalid(field, "a template without {to} or {text}", "both in it")
	}
	for name, value := range g.Headers {
		if strings.ContainsAny(name+value, "\r\n") || strings.TrimSpace(name) == "" {
			return parley.Invalid(field+".headers", strconv.Quote(name), "one line each")
		}
	}
	_, err = c.trust(field+".ca", g.CA)
	return err
}

// validURL never repeats what it read: an address may hold a secret.
func validURL(field, text string, private bool) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return parley.Invalid(field, "no such address", "https://HOST/PATH")
	case u.Scheme != "https" && u.Scheme != "http":
		return parley.Invalid(field, strconv.Quote(u.Scheme), "https://HOST/PATH")
	case u.User != nil:
		return parley.Invalid(field, "a user or password", "none in an address")
	case u.Scheme == "http" && !private:
		return parley.Invalid(field, "http", "https, or \"private\": true for a machine on a private network")
	}
	return nil
}

func validMail(field, text string) error {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || strings.ContainsAny(text, "\r\n") {
		return parley.Invalid(field, "no such address", "an e-mail address alone, such as officer@example.org")
	}
	return nil
}

// read reads a secret. Nothing it returns is ever logged, and its errors do not repeat it.
func (c *Config) read(field string, s *Secret) ([]byte, error) {
	if s == nil {
		return nil, nil
	}
	if (s.File == "") == (s.Env == "") {
		return nil, parley.Invalid(field, "both or neither", "file or env")
	}
	var value string
	if s.Env != "" {
		value = os.Getenv(s.Env)
	} else {
		path := c.path(s.File)
		info, err := os.Stat(path)
		if err != nil {
			return nil, parley.Invalid(field+".file", strconv.Quote(s.File), "a file that can be read")
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			return nil, parley.Invalid(field+".file", fmt.Sprintf("mode %04o", mode), "0600: others could read the secret")
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, parley.Invalid(field+".file", strconv.Quote(s.File), "a file that can be read")
		}
		value = string(text)
	}
	if value = strings.TrimSpace(value); value == "" || len(value) > 4096 || strings.ContainsAny(value, "\r\n\x00") {
		return nil, parley.Invalid(field, fmt.Sprintf("%d characters", len(value)), "a secret on one line")
	}
	return []byte(value), nil
}

// path returns where a file of the configuration is: beside it, unless it says otherwise.
func (c *Config) path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(c.folder, file)
}

// wants reports whether a channel takes a notice.
func (ch *Channel) wants(n release.Notice) bool {
	return (!ch.UrgentOnly || n.Urgent) && (len(ch.Notices) == 0 || slices.Contains(ch.Notices, n.Kind))
}

// hidden returns what no log may hold.
func (c *Config) hidden(ch *Channel) []string {
	all := []string{ch.Address, string(ch.secret)}
	if g := ch.gateway; g != nil {
		all = append(all, g.URL, string(g.secret))
	}
	if m := c.Mail; m != nil {
		all = append(all, string(m.password), m.User)
	}
	return all
}
