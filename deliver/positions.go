package deliver

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/release"
)

// positions keeps the other side of a CoT channel at what a party's list holds: it sends every site when it connects, then
// what changes, and takes off what left the list. The protocol has no receipt: what was sent may not have been read, so everything is said
// again after each connection, removals for a day. Its fields are its goroutine's.
type positions struct {
	s       *Service
	channel *Channel
	wake    <-chan struct{}

	failures int
}

const (
	removalsFor  = 24 * time.Hour
	positionPage = 200         // entries of the list in one hold of the state
	positionRest = time.Second // between two looks at the list
)

// cotTLS returns how a channel speaks TLS, nil for plain TCP.
func (c *Config) cotTLS(field string, ch *Channel) (*tls.Config, error) {
	rest, secure := strings.CutPrefix(ch.Address, "tls://")
	if !secure {
		return nil, nil
	}
	host, _, err := net.SplitHostPort(rest)
	if err != nil {
		return nil, err
	}
	pool, err := c.trust(field+".ca", ch.CA)
	if err != nil {
		return nil, err
	}
	t := &tls.Config{RootCAs: pool, ServerName: host, MinVersion: tls.VersionTLS12}
	if ch.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(c.path(ch.Certificate), c.path(ch.Key))
		if err != nil {
			return nil, parley.Invalid(field+".certificate", strconv.Quote(ch.Certificate), "a certificate and its key in PEM")
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}

// dialCoT connects to the other side of a channel.
func (c *Config) dialCoT(ctx context.Context, ch *Channel) (net.Conn, error) {
	secure, err := c.cotTLS("", ch)
	if err != nil {
		return nil, err
	}
	ctx, done := context.WithTimeout(ctx, c.pace.timeout)
	defer done()
	_, address, _ := strings.Cut(ch.Address, "://")
	conn, err := dialer(ch.Private).DialContext(ctx, "tcp", address)
	if err != nil || secure == nil {
		return conn, err
	}
	over := tls.Client(conn, secure)
	if err := over.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return over, nil
}

func (p *positions) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := p.connection(ctx)
		if ctx.Err() != nil {
			return
		}
		p.failures++
		why := plainly(err, p.s.cfg.hidden(p.channel)...)
		if p.failures == 1 {
			p.s.log.Warn("delivery channel fails", "channel", p.channel.Name, "why", why)
		}
		if err := p.s.queue.note(ctx, p.channel.Name, Failed, time.Now(), p.failures, why); err != nil && ctx.Err() == nil {
			p.s.log.Error("couldn't write the delivery log", "channel", p.channel.Name, "why", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(p.s.cfg.pace.after(p.failures, p.s.cfg.pace.most)):
		}
	}
}

// connection connects and stays until the connection or ctx ends. It never returns nil.
func (p *positions) connection(ctx context.Context) error {
	conn, err := p.s.cfg.dialCoT(ctx, p.channel)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	lost := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, conn) // what the other side says is not for us
		if err == nil {
			err = io.EOF
		}
		lost <- err
	}()
	link := &link{p: p, conn: conn, out: bufio.NewWriter(conn), sent: map[string]sent{}}
	for {
		if err := link.sync(ctx); err != nil {
			return err
		}
		p.failures = 0
		rest := time.NewTimer(min(positionRest, p.s.cfg.pace.renew))
		renew := time.NewTimer(p.s.cfg.pace.renew)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-lost:
			return err
		case <-p.wake:
		case <-renew.C:
		}
		renew.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-rest.C:
		}
	}
}

// sent is what one connection has said of one event.
type sent struct {
	hash string
	at   time.Time
}

// link is one connection.
type link struct {
	p      *positions
	conn   net.Conn
	out    *bufio.Writer
	sent   map[string]sent
	synced bool
}

// sites returns the sites of the party's list as the member may see them.
func (p *positions) sites() (list []release.Object, err error) {
	for from := 0; from >= 0; {
		if err := p.s.node.Read(func(st *channel.State) {
			account, known := st.AccountOfMember(p.channel.Member)
			if !known || account != p.channel.Positions {
				from = -1
				return
			}
			var entries []release.ListEntry
			_, entries, from = st.View(&parley.Member{Ref: p.channel.Member, Account: account}, p.s.node.Now(), unread).List(from, positionPage)
			for _, e := range entries {
				if e.Of.Ref.Kind() == parley.RefSite {
					list = append(list, e.Object)
				}
			}
		}); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// sync says what the other side does not have yet.
func (l *link) sync(ctx context.Context) error {
	p, now := l.p, time.Now()
	pace, name := p.s.cfg.pace, p.channel.Name
	w := cotWriter{theatre: p.s.theatre, exercise: p.s.exercise, stale: pace.stale}
	list, err := p.sites()
	if err != nil {
		return err
	}
	events, hashes := map[string]cotEvent{}, map[string]string{}
	for i := range list {
		asOf := w.site(&list[i], time.Unix(0, 0)) // the same at any time: only what is said counts
		for j, e := range w.site(&list[i], now) {
			text, err := asOf[j].encode()
			if err != nil {
				return err
			}
			sum := sha256.Sum256(text)
			events[e.UID], hashes[e.UID] = e, hex.EncodeToString(sum[:])
		}
	}
	// What goes out is noted first: it can be taken back even if this process ends before it hears of it.
	gone, err := p.s.queue.show(ctx, name, slices.Sorted(maps.Keys(events)), now)
	if err != nil {
		return err
	}
	said, removed := 0, 0
	for _, uid := range slices.Sorted(maps.Keys(events)) {
		e, had := events[uid], l.sent[uid]
		old := had.hash == hashes[uid]
		if old && (e.stale.Sub(now) > pace.stale || now.Sub(had.at) < pace.renew) {
			continue
		}
		if err := l.write(&e); err != nil {
			return err
		}
		l.sent[uid] = sent{hashes[uid], now}
		if !old {
			said++
		}
	}
	for _, uid := range gone {
		if _, here := l.sent[uid]; l.synced && !here {
			continue // said on this connection already
		}
		e := w.removal(uid, now)
		if err := l.write(&e); err != nil {
			return err
		}
		delete(l.sent, uid)
		removed++
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(pace.timeout)); err != nil {
		return err
	}
	if err := l.out.Flush(); err != nil {
		return err
	}
	if said > 0 || removed > 0 || !l.synced {
		l.synced = true
		return p.s.queue.note(ctx, name, Taken, now, 1, fmt.Sprintf("%d sent, %d removed", said, removed))
	}
	return nil
}

func (l *link) write(e *cotEvent) error {
	text, err := e.encode()
	if err != nil {
		return err
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(l.p.s.cfg.pace.timeout)); err != nil {
		return err
	}
	_, err = l.out.Write(text)
	return err
}
