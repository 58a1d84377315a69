package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"

	"parley/index"
	"parley/internal/workload"
)

// bareLine is what an index behind HTTP costs at the least: a handler of the bench's own, without sessions, state, views or records.
const bareLine = "bare handler over HTTP"

// overHTTP puts the queries to a handler that reads a query as a line of the file and answers with ids, by one client that keeps its connection.
func (b *bench) overHTTP(own [][]index.ID) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("couldn't listen: %w", err)
	}
	server := &http.Server{Handler: http.HandlerFunc(b.answer)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	defer func() {
		server.Close()
		<-ended
	}()
	bodies := make([][]byte, len(b.queries))
	for i := range b.queries {
		if bodies[i], err = b.queries[i].Line(); err != nil {
			return err
		}
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	url := "http://" + l.Addr().String()
	var text bytes.Buffer
	found, err := b.try(bareLine, b.cmd.Rounds, func(i int) ([]index.ID, error) {
		answer, err := client.Post(url, "application/json", bytes.NewReader(bodies[i]))
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		text.Reset()
		if _, err := io.Copy(&text, answer.Body); err != nil {
			return nil, err
		}
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("status %d: %s", answer.StatusCode, text.Bytes())
		}
		var ids []index.ID
		return ids, json.Unmarshal(text.Bytes(), &ids)
	})
	if err != nil {
		return err
	}
	for i := range own {
		if !slices.Equal(own[i], found[i]) {
			return errors.New(b.queries[i].ID + ": over HTTP other volumes were found than in process")
		}
	}
	return nil
}

// answer serves one query.
func (b *bench) answer(w http.ResponseWriter, r *http.Request) {
	items, err := workload.All(r.Body)
	if err != nil || len(items) != 1 {
		http.Error(w, fmt.Sprintf("read %d queries (%v), expected one", len(items), err), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(b.index.Find(items[0].Volume)) // a client that went away is no concern of the server's
}
