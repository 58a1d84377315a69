package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	designations "parley/exchange/lists"
	"parley/node/listfolder"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"parley/api"
	"parley/api/sms"
	"parley/internal/cast"
	"parley/node"
)

// house is a running server with its cast.
type house struct {
	*cast.Cast
	clock  *atomic.Int64
	node   *node.Node
	server *httptest.Server
	door   *api.Server
}

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseIn(t, func(string) {})
}

// riverList is a list of designations with one entry, of a body that does not exist.
const riverList = `<CONSOLIDATED_LIST dateGenerated="2017-08-01T00:00:00Z"><ENTITIES><ENTITY><FIRST_NAME>Zarghun River League</FIRST_NAME><REFERENCE_NUMBER>QDe.900</REFERENCE_NUMBER><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><LISTED_ON>2015-02-03</LISTED_ON></ENTITY></ENTITIES></CONSOLIDATED_LIST>`

// newHouseIn is newHouse whose folder is made ready by the test.
func newHouseIn(t testing.TB, ready func(folder string)) *house {
	t.Helper()
	h := &house{clock: &atomic.Int64{}}
	h.clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	ready(folder)
	n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: h.clock.Load})
	if err != nil {
		t.Fatal(err)
	}
	limits := api.DefaultLimits()
	limits.Rate, limits.Burst = 1e6, 1e6
	h.node, h.door = n, api.New(n, limits, nil)
	texts, err := sms.OpenQueue(folder, cast.Start)
	if err != nil {
		t.Fatal(err)
	}
	item, _, err := texts.Receive("+1 555 0100", "where are you?", "", cast.Start)
	item.State, item.Why = sms.Waiting, sms.UnknownNumber
	if err := errors.Join(err, texts.Settle(item)); err != nil {
		t.Fatal(err)
	}
	h.door.UseTexts(texts)
	lists := listfolder.Open(filepath.Join(folder, "lists"))
	if _, _, err := lists.Load([]designations.File{{Name: "list.xml", Data: []byte(riverList)}}, listfolder.Options{Now: time.UnixMilli(cast.Start)}); err != nil {
		t.Fatal(err)
	}
	h.door.UseLists(listfolder.NewLive(lists))
	h.server = httptest.NewServer(h.door)
	t.Cleanup(func() {
		h.server.CloseClientConnections()
		h.server.Close()
		if err := errors.Join(n.Close(), texts.Close()); err != nil {
			t.Error(err)
		}
	})
	h.Cast = cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, h.clock.Load)
	return h
}

// post sends JSON and returns status and body.
func (h *house) post(path string, body any) (int, []byte) {
	h.T.Helper()
	text, ok := body.([]byte)
	if !ok {
		var err error
		if text, err = json.Marshal(body); err != nil {
			h.T.Fatal(err)
		}
	}
	r, err := http.Post(h.server.URL+path, "application/json", bytes.NewReader(text))
	if err != nil {
		h.T.Fatal(err)
	}
	defer r.Body.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(r.Body); err != nil {
		h.T.Fatal(err)
	}
	return r.StatusCode, out.Bytes()
}

func TestServerDescribesItself(t *testing.T) {
	h := newHouse(t)
	r, err := http.Get(h.server.URL + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var doc struct {
		OpenAPI string         `json:"openapi"`
		Paths   map[string]any `json:"paths"`
	}
	if err := json.NewDecoder(r.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI[:3] != "3.1" || len(doc.Paths) < 20 {
		t.Errorf("OpenAPI %s with %d paths; expected 3.1 with every route", doc.OpenAPI, len(doc.Paths))
	}
}
