package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/api"
	"parley/channel"
	"parley/node"
)

type serveCmd struct {
	Data   string `required:"" placeholder:"DIR" help:"The data folder that parley init has made."`
	Listen string `default:"127.0.0.1:7227" placeholder:"ADDRESS" help:"Address and port; port 0 takes a free one."`
	Plain  bool   `name:"insecure-plain-http" help:"Listen on an address that others reach, without TLS. Put a TLS proxy before it; TLS of its own comes with the pages."`
}

func (c *serveCmd) Run(a *app) error {
	return a.serve(c.Data, c.Listen, c.Plain, nil)
}

// serve opens the node in a folder and answers on an address until the process is asked to end. ready, if not nil, is called with
// the server's URL once it listens.
func (a *app) serve(folder, address string, plain bool, ready func(url string)) (err error) {
	if err := loopback(address, plain); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.err, nil))
	n, err := node.Open(a.ctx, node.Config{Folder: folder, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("couldn't listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if err := a.announce(n, url); err != nil {
		return errors.Join(err, listener.Close())
	}
	if ready != nil {
		ready(url)
	}
	return answer(a.ctx, listener, api.New(n, api.DefaultLimits(), log))
}

// answer serves until ctx ends; then requests in hand have a second to finish before streams are cut off.
func answer(ctx context.Context, listener net.Listener, door http.Handler) error {
	base, cut := context.WithCancel(context.Background())
	defer cut()
	server := &http.Server{Handler: door, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return base }}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
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

// loopback refuses an address that other machines reach, unless the operator says so.
func loopback(address string, plain bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return usage("--listen %s: expected an address and a port, such as 127.0.0.1:7227", address)
	}
	ip := net.ParseIP(host)
	if plain || host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return parley.Invalid("--listen", strconv.Quote(address), "an address of this machine alone, such as 127.0.0.1:7227: what is said here must not cross a network in plain HTTP. "+
		"With a TLS proxy before it, add --insecure-plain-http; TLS of its own comes with the pages")
}

// announce prints where the server answers and what it serves.
func (a *app) announce(n *node.Node, url string) error {
	var t parley.TheatreRecord
	var size uint64
	if err := n.Read(func(s *channel.State) { t, size = *s.Theatre(), s.Size() }); err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(struct {
			Address  string      `json:"address"`
			Theatre  parley.Hash `json:"theatre"`
			Title    string      `json:"title"`
			Exercise bool        `json:"exercise"`
			Position uint64      `json:"position"`
		}{url, t.Name, n.Text(t.Title), t.Profile.Exercise, size})
	}
	mark := ""
	if t.Profile.Exercise {
		mark = "EXERCISE  "
	}
	fmt.Fprintf(a.out, "%s%s\n  address   %s\n  theatre   %s\n  position  %d\n", mark, n.Text(t.Title), url, t.Name, size)
	return nil
}
