// Package sms is the door for short messages from a gateway: it keeps each before anything else, says it for the member whose number it
// is, and holds for the desk what it could not say.
package sms

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"parley"
)

// File is the name of the queue's file in a data folder: one JSON object a line, each synced before anything follows from it.
const File = "texts.ndjson"

// keptFor is how long a message stays after it was said or handled, in milliseconds.
const keptFor = 30 * parley.Day

// State says what became of a message.
type State string

// The states of a message.
const (
	Received State = "received" // kept, not yet looked at
	Said     State = "said"     // it is in the journal
	Waiting  State = "waiting"  // it waits for the desk
	Handled  State = "handled"  // a member of the desk has dealt with it
)

// Why says why a message waits for the desk.
type Why string

// The reasons.
const (
	UnknownNumber Why = "unknown_number" // no member is bound to it, or no longer
	NotUnderstood Why = "not_understood"
	NotTaken      Why = "not_taken"   // the channel refused it: what it is about has moved on, or its sender may not know of it
	Interrupted   Why = "interrupted" // the server ended while it was being said: it may be in the journal
)

// Item is one message with what became of it. The sender's number can be forged.
type Item struct {
	ID      uint64        `json:"id"`
	At      int64         `json:"at"`
	From    string        `json:"from"`
	Text    string        `json:"text"`
	Gateway string        `json:"gateway,omitempty"` // the gateway's own id: what comes twice is answered as before
	Urgent  bool          `json:"urgent,omitempty"`  // it asks for an urgent stop
	Member  parley.Ref    `json:"member,omitempty"`
	State   State         `json:"state"`
	Why     Why           `json:"why,omitempty"`
	Detail  string        `json:"detail,omitempty"` // in English, for the desk
	Names   []parley.Hash `json:"names,omitempty"`  // of the commands
	Reply   string        `json:"reply,omitempty"`
	By      parley.Ref    `json:"by,omitempty"` // who handled it
	Noted   int64         `json:"noted,omitempty"`
	Note    string        `json:"note,omitempty"`
}

// Queue keeps messages in a file. Its methods may be called by many; a lock orders them.
type Queue struct {
	path string

	mu    sync.Mutex
	file  *os.File // nil until the first message
	items []*Item  // in the order of their ids
	next  uint64
	fault error // a write that failed: nothing is taken after it
}

// OpenQueue reads the messages of a data folder and drops those that were said or handled long ago. now is milliseconds UTC.
func OpenQueue(folder string, now int64) (*Queue, error) {
	q := &Queue{path: filepath.Join(folder, File), next: 1}
	text, err := os.ReadFile(q.path)
	if errors.Is(err, fs.ErrNotExist) {
		return q, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read the short messages: %w", err)
	}
	if err := q.read(text); err != nil {
		return nil, err
	}
	q.items = slices.DeleteFunc(q.items, func(i *Item) bool {
		return (i.State == Said || i.State == Handled) && max(i.At, i.Noted) < now-keptFor
	})
	for _, i := range q.items {
		if i.State == Received {
			i.State, i.Why = Waiting, Interrupted
		}
	}
	return q, q.rewrite()
}

// read takes the lines of the file: a later line about a message replaces an earlier one. A last line that was cut off was never answered.
func (q *Queue) read(text []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		item := &Item{}
		if err := json.Unmarshal(lines.Bytes(), item); err != nil {
			if !bytes.HasSuffix(text, []byte("\n")) && !lines.Scan() {
				return nil
			}
			return fmt.Errorf("%s, line %d: %w", q.path, n, err)
		}
		q.put(item)
	}
	return lines.Err()
}

func (q *Queue) put(item *Item) {
	q.next = max(q.next, item.ID+1)
	at, ok := slices.BinarySearchFunc(q.items, item.ID, func(i *Item, id uint64) int { return int(int64(i.ID) - int64(id)) })
	if ok {
		q.items[at] = item
	} else {
		q.items = slices.Insert(q.items, at, item)
	}
}

// rewrite puts a file with one line a message in the place of the old one.
func (q *Queue) rewrite() error {
	temp, err := os.OpenFile(q.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("couldn't write the short messages: %w", err)
	}
	w := bufio.NewWriter(temp)
	for _, i := range q.items {
		line, err := json.Marshal(i)
		if err != nil {
			return errors.Join(err, temp.Close())
		}
		w.Write(append(line, '\n')) // the error stays in w until Flush
	}
	if err := errors.Join(w.Flush(), temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("couldn't write the short messages: %w", err)
	}
	if err := os.Rename(q.path+".new", q.path); err != nil {
		return fmt.Errorf("couldn't write the short messages: %w", err)
	}
	return syncFolder(filepath.Dir(q.path))
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// append writes and syncs one line. The caller holds the lock.
func (q *Queue) append(item *Item) error {
	if q.fault != nil {
		return q.fault
	}
	line, err := json.Marshal(item)
	if err != nil {
		return err
	}
	if q.file == nil {
		if q.file, err = os.OpenFile(q.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
			return fmt.Errorf("couldn't open the short messages: %w", err)
		}
		if err := syncFolder(filepath.Dir(q.path)); err != nil {
			return err
		}
	}
	_, err = q.file.Write(append(line, '\n'))
	if err = errors.Join(err, q.file.Sync()); err != nil {
		q.fault = fmt.Errorf("couldn't keep a short message: %w", err)
		return q.fault
	}
	return nil
}

// Receive keeps a message. One whose gateway id was seen from the same number is the message of before: again is true then.
func (q *Queue) Receive(from, text, gateway string, at int64) (item Item, again bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if gateway != "" {
		for _, i := range q.items {
			if i.Gateway == gateway && i.From == from {
				return *i, true, nil
			}
		}
	}
	i := &Item{ID: q.next, At: at, From: from, Text: text, Gateway: gateway, State: Received}
	if err := q.append(i); err != nil {
		return Item{}, false, err
	}
	q.put(i)
	return *i, false, nil
}

// Settle notes what became of a message.
func (q *Queue) Settle(item Item) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := &item
	if err := q.append(i); err != nil {
		return err
	}
	q.put(i)
	return nil
}

// Handle notes that a member of the desk has dealt with a message that waited. ok is false when none of that id waits.
func (q *Queue) Handle(id uint64, by parley.Ref, at int64, note string) (item Item, ok bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	at0, found := slices.BinarySearchFunc(q.items, id, func(i *Item, id uint64) int { return int(int64(i.ID) - int64(id)) })
	if !found || q.items[at0].State != Waiting {
		return Item{}, false, nil
	}
	c := *q.items[at0]
	c.State, c.By, c.Noted, c.Note = Handled, by, at, note
	if err := q.append(&c); err != nil {
		return Item{}, false, err
	}
	q.items[at0] = &c
	return c, true, nil
}

// Items returns the messages that wait, urgent ones first, else oldest first; with all, every message that is kept, newest first.
func (q *Queue) Items(all bool) []Item {
	q.mu.Lock()
	defer q.mu.Unlock()
	var list []Item
	for _, i := range q.items {
		if all || i.State == Waiting {
			list = append(list, *i)
		}
	}
	if all {
		slices.Reverse(list)
		return list
	}
	slices.SortStableFunc(list, func(a, b Item) int {
		switch {
		case a.Urgent == b.Urgent:
			return 0
		case a.Urgent:
			return -1
		}
		return 1
	})
	return list
}

// Close closes the file.
func (q *Queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.file == nil {
		return nil
	}
	return q.file.Close()
}
