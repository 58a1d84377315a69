package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/api/sms"
	"parley/channel"
	"parley/node"
	"parley/node/listfolder"
	"parley/web"
)

type serveCmd struct {
	Data    string   `required:"" placeholder:"DIR" help:"The data folder that parley init has made."`
	Listen  string   `default:"127.0.0.1:7227" placeholder:"ADDRESS" help:"Address and port; port 0 takes a free one. An address that other machines reach needs TLS."`
	TLSCert string   `name:"tls-cert" placeholder:"FILE" help:"Serve HTTPS with this certificate, in PEM, with those between it and its root."`
	TLSKey  string   `name:"tls-key" placeholder:"FILE" help:"The certificate's key, in PEM."`
	LocalCA bool     `name:"local-ca" help:"Serve HTTPS with a certificate authority of this server's own, made once in the data folder: ca.crt is to be handed out and compared by voice."`
	Name    []string `placeholder:"NAME" help:"With --local-ca: a name or an address by which others reach this server; several with commas."`

	Places      string `placeholder:"FILE" help:"Names of places for the pages, in GeoJSON; places.geojson in the data folder is taken by itself."`
	Orientation string `placeholder:"FILE" help:"Rivers and governorates for the map, in GeoJSON; orientation.geojson in the data folder is taken by itself."`
	Liaison     string `placeholder:"TEXT" help:"How to reach the desk by another way, such as a telephone number: it stands on every page and print. liaison.txt in the data folder is taken by itself."`

	SMSIn string `name:"sms-in" placeholder:"FILE" help:"Take short messages from a gateway at POST /sms/in: its token or secret, and whose numbers they are. See docs/texts.md."`

	Lists        string `placeholder:"DIR" help:"Folder of designation lists, as parley lists load fills it; lists in the data folder is taken by itself."`
	Journal      string `env:"PARLEY_JOURNAL" placeholder:"URL" help:"The journal lies in a PostgreSQL database, such as postgres://parley@db.example.org/parley, which several servers may share. The data folder keeps a full verified copy."`
	Retain       int    `placeholder:"DAYS" help:"Erase the envelopes of movements that are over, so many days after the last word about them, 30 at least, behind a witnessed snapshot. Without it nothing is erased."`
	EvidenceRoom int    `placeholder:"GIB" default:"20" help:"How many GiB of evidence one account may have on this server."`
	Deliver      string `placeholder:"FILE" help:"Outbound channels: webhooks, e-mail, SMS, CoT; deliver.json in the data folder is taken by itself. See docs/deliver.md."`
}

// Run serves until it is asked to end.
func (c *serveCmd) Run(a *app) error {
	return a.serveBy(c, nil)
}

// serve opens the node in a folder and answers on an address until the process is asked to end, with a local authority or, on this
// machine alone, in plain HTTP. ready, if not nil, is called with the server's URL once it listens.
func (a *app) serve(folder, address string, localCA bool, ready func(url string)) error {
	return a.serveBy(&serveCmd{Data: folder, Listen: address, LocalCA: localCA}, ready)
}

func (a *app) serveBy(c *serveCmd, ready func(url string)) (err error) {
	secure, authority, err := c.tls()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.err, nil))
	shared, err := openShared(a.ctx, c.Journal, c.Data, log)
	if err != nil {
		return err
	}
	n, err := node.Open(a.ctx, node.Config{Folder: c.Data, Log: log, Journal: shared, Retain: int64(c.Retain) * parley.Day, EvidenceRoom: int64(c.EvidenceRoom) << 30})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	door := api.New(n, api.DefaultLimits(), log)
	texts, err := c.shortTexts(n, door, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, texts.Close()) }()
	if err := c.pages(n, door, texts, log); err != nil {
		return err
	}
	endDelivery, err := c.delivery(a, n, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, endDelivery()) }()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("couldn't listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if secure != nil {
		url = "https://" + c.reached(listener.Addr().String())
	}
	if err := a.announce(n, url, authority); err != nil {
		return errors.Join(err, listener.Close())
	}
	if ready != nil {
		ready(url)
	}
	return serveUntil(a.ctx, listener, door, secure, log)
}

// pages mounts the screens on the door, with the names of places there are.
func (c *serveCmd) pages(n *node.Node, door *api.Server, texts *sms.Queue, log *slog.Logger) error {
	names, err := loadNames(c.Data, c.Places, c.Orientation)
	if err != nil {
		return err
	}
	if c.Liaison == "" {
		text, err := os.ReadFile(filepath.Join(c.Data, liaisonFile))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("couldn't read how to reach the desk: %w", err)
		}
		c.Liaison = strings.TrimSpace(string(text))
	}
	lists := listfolder.NewLive(listfolder.Open(cmp.Or(c.Lists, filepath.Join(c.Data, "lists"))))
	door.UseLists(lists)
	_, err = web.New(web.Config{Node: n, API: door, Lists: lists, Places: names.places, Orientation: names.orientation, Liaison: c.Liaison, Texts: texts, Log: log})
	return err
}

// shortTexts opens the queue of short messages, and the gateway's door where there is one.
func (c *serveCmd) shortTexts(n *node.Node, door *api.Server, log *slog.Logger) (*sms.Queue, error) {
	var config *sms.Config
	if c.SMSIn != "" {
		var err error
		if config, err = sms.ReadConfig(c.SMSIn); err != nil {
			return nil, err
		}
	}
	queue, err := sms.OpenQueue(c.Data, n.Now())
	if err != nil {
		return nil, err
	}
	door.UseTexts(queue)
	if config != nil {
		door.Handle("POST /sms/in", sms.NewDoor(n, config, queue, log))
	}
	return queue, nil
}

// liaisonFile says in a data folder how to reach the desk by another way.
const liaisonFile = "liaison.txt"

// tls returns how the server speaks TLS, nil for plain HTTP, and its local authority, if it has one. What is said here never crosses a
// network in plain HTTP.
func (c *serveCmd) tls() (*tls.Config, *authority, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, nil, usage("--listen %s: expected an address and a port, such as 127.0.0.1:7227", c.Listen)
	}
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return nil, nil, usage("--tls-cert and --tls-key go together")
	case c.TLSCert != "" && c.LocalCA:
		return nil, nil, usage("--tls-cert or --local-ca, not both")
	case len(c.Name) > 0 && !c.LocalCA:
		return nil, nil, usage("--name goes with --local-ca: a certificate from elsewhere has its names already")
	case c.TLSCert != "":
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, nil, fmt.Errorf("couldn't read the certificate: %w", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}}, nil, nil
	case c.LocalCA:
		names := slices.Clone(c.Name)
		if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
			names = append(names, host)
		}
		if len(names) == 0 {
			return nil, nil, usage("--listen %s answers on every address: say with --name by which names or addresses others reach this server", c.Listen)
		}
		a, err := openAuthority(c.Data, names, time.Now)
		if err != nil {
			return nil, nil, err
		}
		return a.config(), a, nil
	case !isLoopback(host):
		return nil, nil, parley.Invalid("--listen", strconv.Quote(c.Listen), "an address of this machine alone, such as 127.0.0.1:7227, or TLS: --tls-cert and --tls-key, or --local-ca. What is said here must not cross a network in plain HTTP")
	}
	return nil, nil, nil
}

// reached returns the host and port to show: a name that the certificate has, where there is one.
func (c *serveCmd) reached(listening string) string {
	_, port, err := net.SplitHostPort(listening)
	if err != nil || len(c.Name) == 0 {
		return listening
	}
	return net.JoinHostPort(c.Name[0], port)
}

// isLoopback reports whether a host is this machine, reached by itself.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// strictly tells browsers that come by TLS to come by nothing else: without it, whoever stands between could take a person's first step
// in plain HTTP. A name of this machine itself is left out: other programs on it may use the same one.
func strictly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if r.TLS != nil && !isLoopback(strings.Trim(host, "[]")) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// serveUntil serves until ctx ends, in TLS unless secure is nil; then requests in hand have a second to finish before streams are cut off.
func serveUntil(ctx context.Context, listener net.Listener, door http.Handler, secure *tls.Config, log *slog.Logger) error {
	base, cut := context.WithCancel(context.Background())
	defer cut()
	server := &http.Server{Handler: strictly(door), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return base }, TLSConfig: secure, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelInfo)}
	ended := make(chan error, 1)
	go func() {
		if secure == nil {
			ended <- server.Serve(listener)
		} else {
			ended <- server.ServeTLS(listener, "", "")
		}
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("the server ended: %w", err)
	case <-ctx.Done():
	}
	patient, done := context.WithTimeout(context.Background(), time.Second)
	defer done()
	if err := server.Shutdown(patient); err != nil { // streams have no end of their own
		cut()
		last, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		if err := server.Shutdown(last); err != nil {
			return errors.Join(fmt.Errorf("couldn't end every request: %w", err), server.Close())
		}
	}
	<-ended
	return nil
}

// announce prints where the server answers and what it serves, and by what its certificate is known.
func (a *app) announce(n *node.Node, url string, authority *authority) error {
	var t parley.TheatreRecord
	var size uint64
	if err := n.Read(func(s *channel.State) { t, size = *s.Theatre(), s.Size() }); err != nil {
		return err
	}
	file, print := "", ""
	if authority != nil {
		file, print = authority.path(authorityFile), authority.fingerprint()
	}
	if a.JSON {
		return a.printJSON(struct {
			Address  string      `json:"address"`
			Theatre  parley.Hash `json:"theatre"`
			Title    string      `json:"title"`
			Exercise bool        `json:"exercise"`
			Position uint64      `json:"position"`
			CA       string      `json:"ca,omitempty"`
			CAPrint  string      `json:"ca_sha256,omitempty"`
		}{url, t.Name, n.Text(t.Title), t.Profile.Exercise, size, file, print})
	}
	mark := ""
	if t.Profile.Exercise {
		mark = "EXERCISE  "
	}
	fmt.Fprintf(a.out, "%s%s\n  address   %s\n  theatre   %s\n  position  %d\n", mark, n.Text(t.Title), url, t.Name, size)
	if authority != nil {
		fmt.Fprintf(a.out, "  ca        %s\n            hand it out; compare its SHA-256 by voice:\n            %s\n            %s\n", file, print[:48], print[48:])
	}
	return nil
}
