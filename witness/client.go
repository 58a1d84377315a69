package witness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// askTime is how long a witness has to answer.
const askTime = 10 * time.Second

// Conflict says that the witness last cosigned a tree of another size than the request names.
type Conflict struct{ Size uint64 }

func (c *Conflict) Error() string {
	return fmt.Sprintf("the witness has cosigned a tree of %d entries", c.Size)
}

// Refused says that the witness does not take the checkpoint.
type Refused struct {
	Status int
	Text   string
}

func (r *Refused) Error() string {
	return fmt.Sprintf("the witness refused with status %d: %s", r.Status, r.Text)
}

// Forked reports whether the witness says that the checkpoint does not grow out of the last one it cosigned.
func (r *Refused) Forked() bool { return r.Status == http.StatusUnprocessableEntity }

// Client asks one witness. It may be used by several goroutines at once.
type Client struct {
	url  string
	http *http.Client
}

// NewClient returns a client of the witness whose add-checkpoint stands below a URL.
func NewClient(url string) *Client {
	return &Client{strings.TrimSuffix(url, "/") + "/add-checkpoint", &http.Client{Timeout: askTime,
		// Whoever answers for another address is not the witness that was named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Ask has the witness cosign a checkpoint and returns the signature lines of its answer, which nobody has checked yet. Errors are
// *Conflict, *Refused, or those of a witness that is away.
func (c *Client) Ask(ctx context.Context, r Request) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(r.Text()))
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, MaxRequest))
	if err != nil {
		return nil, err
	}
	switch answer.StatusCode {
	case http.StatusOK:
		return text, nil
	case http.StatusConflict:
		size, err := strconv.ParseUint(strings.TrimSuffix(string(text), "\n"), 10, 64)
		if err != nil {
			break
		}
		return nil, &Conflict{size}
	}
	return nil, &Refused{answer.StatusCode, strings.TrimSpace(string(text[:min(len(text), 200)]))}
}
