package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"parley/api"
	"parley/proof"
)

// checkpoints watches the log's checkpoint as a monitor sees it: over HTTP, each signature verified.
type checkpoints struct {
	cancel  context.CancelFunc
	done    chan error
	count   int           // how many different ones were served
	largest time.Duration // longest time in which none was new, from the first that was seen until the watch ended
}

// watch asks for the checkpoint every 5 ms until it is stopped.
func watch(url, data string) (*checkpoints, error) {
	key, err := proof.LoadLogKey(filepath.Join(data, "log.key"))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &checkpoints{cancel: cancel, done: make(chan error, 1)}
	go func() { c.done <- c.run(ctx, url+api.LogPath+"/checkpoint", key) }()
	return c, nil
}

func (c *checkpoints) run(ctx context.Context, url string, key *proof.LogKey) error {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var size uint64
	var last time.Time
	gap := func() {
		if !last.IsZero() {
			c.largest = max(c.largest, time.Since(last))
		}
	}
	for ctx.Err() == nil {
		signed, err := get(ctx, client, url)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		head, err := proof.ParseCheckpoint(signed, key.Verifier())
		if err != nil {
			return err
		}
		if head.Size < size {
			return fmt.Errorf("a checkpoint of %d entries was served after one of %d", head.Size, size)
		}
		if head.Size > size {
			gap()
			size, last, c.count = head.Size, time.Now(), c.count+1
		}
		time.Sleep(5 * time.Millisecond)
	}
	gap()
	return nil
}

// stop ends the watch; the time since the last new checkpoint counts as a gap.
func (c *checkpoints) stop() error {
	c.cancel()
	return <-c.done
}

func get(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d: %s", url, answer.StatusCode, text)
	}
	return text, err
}
