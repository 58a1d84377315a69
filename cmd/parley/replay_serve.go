package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"parley/exchange/replay"
	drill "parley/exercise"
	"parley/web"
)

// serveReplay plays a case and shows its page on this machine alone, until it is interrupted.
func serveReplay(a *app, story *replay.Case, port int) (err error) {
	tale, err := drill.Tell(a.ctx, story)
	if err != nil {
		return fmt.Errorf("couldn't play %s: %w", story.ID, err)
	}
	page, err := web.Replay(tale)
	if err != nil {
		return err
	}
	lis, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: page, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(lis) }()
	fmt.Fprintf(a.out, "%s: http://%s/\n", story.ID, lis.Addr())
	select {
	case err = <-ended:
	case <-a.ctx.Done():
		stop, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = server.Shutdown(stop)
		err = errors.Join(err, <-ended)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
