package deliver

import (
	"bufio"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// peer takes events as a server of the TAK family does, and keeps what a map would show.
type peer struct {
	t  testing.TB
	mu sync.Mutex

	conns  []net.Conn
	events []*element
	shown  map[string]*element
	raw    strings.Builder
	l      net.Listener
}

func newPeer(t testing.TB, secure *tls.Config) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	p := &peer{t: t, shown: map[string]*element{}, l: l}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns = append(p.conns, c)
			p.mu.Unlock()
			done.Go(func() { p.read(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.cut()
		done.Wait()
	})
	return p
}

func (p *peer) read(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return // an event that was cut off is none
		}
		e := parseXML(p.t, line)
		p.mu.Lock()
		p.raw.Write(line)
		p.events = append(p.events, e)
		if e.Attrs["type"] == "t-x-d-d" {
			delete(p.shown, e.child("detail").child("link").Attrs["uid"])
		} else {
			p.shown[e.Attrs["uid"]] = e
		}
		p.mu.Unlock()
	}
}

// cut ends every connection.
func (p *peer) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

func (p *peer) shows(uid string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown[uid] != nil
}

func (p *peer) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.events)
}

func (s *stage) cot(address string, more fields) fields {
	f := fields{"name": "tak", "member": s.A.Officer.Ref, "kind": "cot", "address": address, "private": true, "positions": s.A.Ref}
	for k, v := range more {
		f[k] = v
	}
	return f
}

func (s *stage) uid(ref parley.Ref) string {
	return "parley." + s.Theatre.String()[:8] + "." + string(ref)
}

func TestPositionsFollowTheList(t *testing.T) {
	s, p := enter(t), newPeer(t, nil)
	address := p.l.Addr().String()
	s.start(s.config(s.cot("tcp://"+address, nil)))
	eventually(t, "the hospital is not shown", func() bool { return p.shows(s.uid(s.site)) && p.shows(s.uid(s.site)+".keepout") })
	point := p.shown[s.uid(s.site)].child("point").Attrs
	if point["lat"] != "35.9528" || point["lon"] != "39.0079" {
		t.Errorf("point %v", point)
	}
	// A second one is released, a third only to the other party.
	second, third := s.NotifyHospital(at(35.9012, 39.1034)), s.NotifyHospital(at(35.8012, 39.2034))
	s.Release(cast.V(second, 1), s.A.Ref)
	s.Release(cast.V(third, 1), s.B.Ref)
	eventually(t, "the second is not shown", func() bool { return p.shows(s.uid(second)) })
	// The first is recalled.
	s.Must(s.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(s.site, 1), To: s.A.Ref, Reason: d.Text("entered in error")}
	})
	eventually(t, "the recalled one is still shown", func() bool { return !p.shows(s.uid(s.site)) && !p.shows(s.uid(s.site)+".keepout") })
	// The line breaks: everything is said again, removals too.
	before := p.count()
	p.cut()
	eventually(t, "nothing is said again", func() bool { return p.count() >= before+4 })
	if p.shows(s.uid(third)) || strings.Contains(p.raw.String(), string(third)) {
		t.Error("the list of the other party left")
	}
	if !p.shows(s.uid(second)) || p.shows(s.uid(s.site)) {
		t.Error("after a new connection another list is shown")
	}
	for _, content := range []string{"Invented", "مشفى", "+963", "Force A", "Test theatre", "map sheet"} {
		if strings.Contains(p.raw.String(), content) {
			t.Errorf("%q left", content)
		}
	}
	for _, e := range p.events {
		if e.Attrs["opex"] != "e" {
			t.Errorf("event without the exercise mark: %v", e.Attrs)
		}
	}
}

func TestARemovalOutlivesTheServer(t *testing.T) {
	s, p := enter(t), newPeer(t, nil)
	cfg := s.config(s.cot("tcp://"+p.l.Addr().String(), nil))
	d := s.start(cfg)
	eventually(t, "the hospital is not shown", func() bool { return p.shows(s.uid(s.site)) })
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	s.Must(s.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(s.site, 1), To: s.A.Ref, Reason: d.Text("entered in error")}
	})
	s.start(cfg)
	eventually(t, "the recalled one is still shown", func() bool { return !p.shows(s.uid(s.site)) })
}

func TestOpenPositionsAreRenewed(t *testing.T) {
	s, p := enter(t), newPeer(t, nil)
	cfg := s.config(s.cot("tcp://"+p.l.Addr().String(), nil))
	cfg.pace.renew, cfg.pace.stale = 50*time.Millisecond, 100*time.Millisecond
	s.start(cfg)
	eventually(t, "they are not renewed", func() bool { return p.count() >= 6 })
	if n := len(s.lines("tak", false)); n != 1 {
		t.Errorf("%d lines in the log, expected one: renewals are none", n)
	}
}

func TestPositionsGoByTLSWithBothCertificates(t *testing.T) {
	s, a := enter(t), newAuthority(t)
	secure := &tls.Config{Certificates: []tls.Certificate{a.pair}, ClientCAs: a.pool, ClientAuth: tls.RequireAndVerifyClientCert}
	p := newPeer(t, secure)
	address := "tls://" + p.l.Addr().String()
	d := s.start(s.config(s.cot(address, fields{"ca": newAuthority(t).file, "certificate": a.cert, "key": a.key})))
	eventually(t, "no failure", func() bool { return len(s.lines("tak", false)) > 1 })
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if p.count() != 0 {
		t.Error("positions went to a certificate that nobody trusts")
	}
	if why := s.lines("tak", false)[0].Why; !strings.Contains(why, "certificate") {
		t.Errorf("why %q", why)
	}
	s.start(s.config(s.cot(address, fields{"ca": a.file, "certificate": a.cert, "key": a.key})))
	eventually(t, "nothing came by TLS", func() bool { return p.shows(s.uid(s.site)) })
}

func TestPositionsNeedTheOptInOfTheMembersOwnParty(t *testing.T) {
	s, p := enter(t), newPeer(t, nil)
	s.start(s.config(s.cot("tcp://"+p.l.Addr().String(), fields{"positions": s.B.Ref})))
	eventually(t, "no reason is logged", func() bool { return strings.Contains(s.logged.String(), "the member belongs to another account") })
	time.Sleep(100 * time.Millisecond)
	if p.count() != 0 {
		t.Error("positions left")
	}
}

func TestRevocationEndsPositionsWithinASecond(t *testing.T) {
	s, p := enter(t), newPeer(t, nil)
	s.start(s.config(s.cot("tcp://"+p.l.Addr().String(), nil)))
	eventually(t, "the hospital is not shown", func() bool { return p.shows(s.uid(s.site)) })
	s.Tell(s.Trustees[0], &parley.MemberRevoke{Member: s.A.Officer.Ref})
	eventually(t, "the channel goes on", func() bool { return strings.Contains(s.logged.String(), "the member is revoked") })
	before := p.count()
	second := s.NotifyHospital(at(35.9012, 39.1034))
	s.Release(cast.V(second, 1), s.A.Ref)
	time.Sleep(700 * time.Millisecond)
	if p.count() != before {
		t.Error("positions left after the revocation")
	}
}

func TestTryShowsNothingOnAMap(t *testing.T) {
	s, p := enter(t), newPeer(t, nil)
	if err := Try(t.Context(), s.config(s.cot("tcp://"+p.l.Addr().String(), nil)), "tak", s.Theatre.String()[:8], true); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nothing came", func() bool { return p.count() == 1 })
	if e := p.events[0]; e.Attrs["type"] != "t-x-c-t" || !strings.Contains(e.child("detail").child("remarks").Text, "EXERCISE TEST") {
		t.Errorf("event %v", e)
	}
}
