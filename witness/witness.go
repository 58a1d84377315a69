package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"parley/proof"
)

// The files in the folder of a witness beside its memory.
const (
	keyFile  = "witness.key"
	logsFile = "logs" // public keys of the logs it cosigns for, one a line
)

// Witness cosigns the checkpoints of the logs it knows. It is an http.Handler for POST /add-checkpoint; many may call it at once.
type Witness struct {
	key    *proof.WitnessKey
	logs   map[string][]note.Verifier // by origin; several keys while one is being rotated
	memory *memory
	now    func() time.Time
	log    *slog.Logger
	mux    *http.ServeMux
}

// Prepare makes the folder of a witness with a key under a name, such as "witness.example/north". A folder that is prepared already
// keeps its key. It returns the public key.
func Prepare(folder, name string) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("couldn't make the folder of the witness: %w", err)
	}
	path := filepath.Join(folder, keyFile)
	key, err := proof.LoadWitnessKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if key, err = proof.NewWitnessKey(name); err == nil {
			err = key.Save(path)
		}
	}
	if err != nil {
		return "", err
	}
	return key.Verifier().String(), nil
}

// Know adds a log by its public key: from now on the witness cosigns for it. A key of a log that is known already, after a rotation,
// is taken beside the one before. The witness must be started anew to see it.
func Know(folder, logKey string) error {
	if _, err := note.NewVerifier(logKey); err != nil {
		return fmt.Errorf("log key: read %q, expected <origin>+<hash>+<base64>: %w", logKey, err)
	}
	known, err := readLogs(folder)
	if err != nil || slices.Contains(known, logKey) {
		return err
	}
	text := strings.Join(append(known, logKey), "\n") + "\n"
	temp := filepath.Join(folder, logsFile+".new")
	if err := os.WriteFile(temp, []byte(text), 0o600); err != nil {
		return fmt.Errorf("couldn't write the logs of the witness: %w", err)
	}
	return os.Rename(temp, filepath.Join(folder, logsFile))
}

func readLogs(folder string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(folder, logsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read the logs of the witness: %w", err)
	}
	return strings.Fields(string(text)), nil
}

// Open opens the witness in a folder.
func Open(ctx context.Context, folder string, now func() time.Time, log *slog.Logger) (*Witness, error) {
	key, err := proof.LoadWitnessKey(filepath.Join(folder, keyFile))
	if err != nil {
		return nil, fmt.Errorf("couldn't open the witness: %w", err)
	}
	w := &Witness{key: key, logs: map[string][]note.Verifier{}, now: now, log: log, mux: http.NewServeMux()}
	keys, err := readLogs(folder)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			return nil, fmt.Errorf("couldn't read the logs of the witness: %q: %w", k, err)
		}
		w.logs[v.Name()] = append(w.logs[v.Name()], v)
	}
	if w.memory, err = openMemory(ctx, folder); err != nil {
		return nil, fmt.Errorf("couldn't open the memory of the witness: %w", err)
	}
	w.mux.HandleFunc("POST /add-checkpoint", w.serve)
	return w, nil
}

// Close gives the memory back.
func (w *Witness) Close() error { return w.memory.close() }

// Key returns the public key of the witness.
func (w *Witness) Key() string { return w.key.Verifier().String() }

// Logs returns the origins of the logs it cosigns for, sorted.
func (w *Witness) Logs() []string {
	var all []string
	for origin := range w.logs {
		all = append(all, origin)
	}
	slices.Sort(all)
	return all
}

// ServeHTTP answers as C2SP tlog-witness says.
func (w *Witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(rw, r) }

func (w *Witness) serve(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, MaxRequest))
	if err != nil {
		http.Error(rw, "the request is too long, or broke off", http.StatusBadRequest)
		return
	}
	line, err := w.Cosign(r.Context(), body)
	if err == nil {
		rw.Write(line) // a log that has gone asks again
		return
	}
	if conflict, ok := errors.AsType[*Conflict](err); ok {
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		fmt.Fprintf(rw, "%d\n", conflict.Size)
		return
	}
	if refused, ok := errors.AsType[*Refused](err); ok {
		http.Error(rw, refused.Text, refused.Status)
		return
	}
	w.log.Error("couldn't cosign", "why", err)
	http.Error(rw, "the witness cannot remember", http.StatusInternalServerError)
}

// Cosign decides a request and returns the signature line. Errors are *Conflict and *Refused, or those of the memory.
func (w *Witness) Cosign(ctx context.Context, body []byte) ([]byte, error) {
	refuse := func(status int, format string, args ...any) error {
		return &Refused{status, fmt.Sprintf(format, args...)}
	}
	r, err := ParseRequest(body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "request: %v", err)
	}
	origin, _, _ := strings.Cut(string(r.Checkpoint), "\n")
	keys, ok := w.logs[origin]
	if !ok {
		return nil, refuse(http.StatusNotFound, "origin: %q is no log that this witness cosigns for", origin)
	}
	opened, err := note.Open(r.Checkpoint, note.VerifierList(keys...))
	if err != nil {
		return nil, refuse(http.StatusForbidden, "checkpoint: %v", err)
	}
	c, err := proof.ParseExtended(opened.Text)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%v", err)
	}
	if r.Old > c.Size {
		return nil, refuse(http.StatusBadRequest, "old: read %d, expected at most %d, the size of the checkpoint", r.Old, c.Size)
	}
	last, err := w.memory.last(ctx, origin)
	if err != nil {
		return nil, err
	}
	next := Tree{c.Size, c.Root}
	switch {
	case r.Old != last.Size:
		return nil, &Conflict{last.Size}
	case last.Size == 0 && len(r.Consistency) > 0:
		return nil, refuse(http.StatusBadRequest, "read %d hashes, expected none after the empty tree", len(r.Consistency))
	case last.Size == c.Size && last.Size > 0 && last.Root != c.Root:
		w.log.Error("TWO HISTORIES: a log signed two trees of one size", "origin", origin, "size", c.Size, "cosigned", last.Root, "shown", c.Root)
		return nil, &Conflict{last.Size}
	case last.Size > 0:
		if err := proof.VerifyConsistency(r.Consistency, c.Size, c.Root, last.Size, last.Root); err != nil {
			w.log.Error("a log shows a tree that did not grow out of the one that was cosigned", "origin", origin, "cosigned", last.Size, "shown", c.Size)
			return nil, refuse(http.StatusUnprocessableEntity, "%v", err)
		}
	}
	if next != last {
		moved, err := w.memory.advance(ctx, origin, last, next)
		if err != nil {
			return nil, err
		}
		if !moved { // another request was first
			last, err := w.memory.last(ctx, origin)
			if err != nil {
				return nil, err
			}
			return nil, &Conflict{last.Size}
		}
	}
	return w.key.Cosign(opened.Text, w.now().Unix())
}
