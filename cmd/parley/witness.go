package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"parley/witness"
)

type witnessCmd struct {
	Init  witnessInitCmd  `cmd:"" help:"Make the folder and the key of a witness. Its public key goes to whoever runs the theatre." example:"parley witness init --data /var/lib/witness --name party-a.example/witness"`
	Know  witnessKnowCmd  `cmd:"" help:"Cosign for a log from now on." example:"parley witness know --data /var/lib/witness --log-key KEY"`
	Serve witnessServeCmd `cmd:"" help:"Cosign checkpoints: each grows out of the one before, or is refused. C2SP tlog-witness." example:"parley witness serve --data /var/lib/witness --listen 127.0.0.1:7228"`
}

type witnessFolder struct {
	Data string `required:"" placeholder:"DIR" help:"The folder of the witness."`
}

type witnessInitCmd struct {
	witnessFolder
	Name string `required:"" placeholder:"NAME" help:"Its name, such as party-a.example/witness: no spaces, no plus signs."`
}

func (c *witnessInitCmd) Run(a *app) error {
	key, err := witness.Prepare(c.Data, c.Name)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]string{"key": key})
	}
	fmt.Fprintf(a.out, "%s\n", key)
	return nil
}

type witnessKnowCmd struct {
	witnessFolder
	LogKey string `required:"" placeholder:"KEY" help:"The log's public key, from parley log-key show or parley theatre; compare it by voice."`
}

func (c *witnessKnowCmd) Run(a *app) error {
	if err := witness.Know(c.Data, c.LogKey); err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]string{"log_key": c.LogKey})
	}
	fmt.Fprintf(a.out, "the witness cosigns for %s once it is started anew\n", c.LogKey)
	return nil
}

type witnessServeCmd struct {
	witnessFolder
	Listen  string   `default:"127.0.0.1:7228" placeholder:"ADDRESS" help:"Address and port; port 0 takes a free one. An address that other machines reach needs TLS."`
	TLSCert string   `name:"tls-cert" placeholder:"FILE" help:"Serve HTTPS with this certificate, in PEM, with those between it and its root."`
	TLSKey  string   `name:"tls-key" placeholder:"FILE" help:"The certificate's key, in PEM."`
	LocalCA bool     `name:"local-ca" help:"Serve HTTPS with a certificate authority of this witness's own, made once in its folder."`
	Name    []string `placeholder:"NAME" help:"With --local-ca: a name or an address by which others reach it; several with commas."`
}

// Run cosigns until it is asked to end.
func (c *witnessServeCmd) Run(a *app) (err error) {
	listen := serveCmd{Data: c.Data, Listen: c.Listen, TLSCert: c.TLSCert, TLSKey: c.TLSKey, LocalCA: c.LocalCA, Name: c.Name}
	secure, _, err := listen.tls()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.err, nil))
	w, err := witness.Open(a.ctx, c.Data, time.Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("couldn't listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if secure != nil {
		url = "https://" + listen.reached(listener.Addr().String())
	}
	if a.JSON {
		err = a.printJSON(struct {
			Address string   `json:"address"`
			Key     string   `json:"key"`
			Logs    []string `json:"logs"`
		}{url, w.Key(), w.Logs()})
	} else {
		_, err = fmt.Fprintf(a.out, "witness\n  address   %s\n  key       %s\n  logs      %s\n", url, w.Key(), strings.Join(w.Logs(), ", "))
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return serveUntil(a.ctx, listener, w, secure, log)
}
