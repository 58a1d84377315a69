package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley"
	"parley/api"
	"parley/internal/cast"
	"parley/node"
	"parley/proof"
)

// The log's key is replaced. A witness that knows the old key alone cosigns on while both sign; receipts of before and after verify
// under whichever key was noted; once the old key is retired, whoever does not know the new one is away.
func TestTheLogKeyIsReplaced(t *testing.T) {
	h, policy, folder := witnessed(t)
	old := h.node.LogKey()
	first := h.nameOf(h.NotifyHospital(cast.At(35.9528, 39.0079)))
	h.witnessedReceipt(first, h.Org, proof.Trust{LogKey: old, Policy: policy})
	reopen := func(change func()) {
		t.Helper()
		h.server.CloseClientConnections()
		h.server.Close()
		if err := h.node.Close(); err != nil {
			t.Fatal(err)
		}
		change()
		n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: h.clock.Load})
		if err != nil {
			t.Fatal(err)
		}
		limits := api.DefaultLimits()
		limits.Rate, limits.Burst = 1e6, 1e6
		h.node, h.door = n, api.New(n, limits, nil)
		h.server, h.Stage = httptest.NewServer(h.door), cast.OnNode{Node: n}
		t.Cleanup(func() { h.server.Close(); n.Close() })
	}
	reopen(func() {
		if _, err := node.RotateLogKey(t.Context(), folder, h.clock.Load()); err != nil {
			t.Fatal(err)
		}
	})
	fresh := h.node.LogKey()
	if fresh == old {
		t.Fatal("the key is the old one")
	}
	second := h.nameOf(h.NotifyHospital(cast.At(35.7528, 39.2079)))
	for _, noted := range []string{old, fresh} {
		for _, name := range []parley.Hash{first, second} {
			h.witnessedReceipt(name, h.Org, proof.Trust{LogKey: noted, Policy: policy})
		}
	}
	reopen(func() {
		retired, err := node.RetireLogKey(folder)
		if err != nil || retired != old {
			t.Fatalf("retired %s, %v", retired, err)
		}
	})
	third := h.nameOf(h.NotifyHospital(cast.At(35.6528, 39.3079)))
	eventually(t, "the witnesses to refuse a key they do not know", func() bool {
		states := h.node.Witnesses()
		return states[0].State == "away" && states[1].State == "away"
	})
	r, _ := h.receipt(third, h.Org)
	v, err := r.Verify(proof.Trust{LogKey: old, Policy: policy})
	if err != nil || v.Tree.Quorum {
		t.Fatalf("read %+v, %v; expected a receipt that is stored and not witnessed", v, err)
	}
	h.witnessedReceipt(first, h.Org, proof.Trust{LogKey: fresh, Policy: policy})
}

// What anyone may read of the log says nothing of any command: log times and hashes that nobody can guess.
func TestTilesDiscloseNothing(t *testing.T) {
	h := newHouse(t)
	h.NotifyHospital(cast.At(35.9528, 39.0079))
	var size uint64
	eventually(t, "a checkpoint", func() bool {
		signed, err := h.node.Checkpoint(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		c, err := proof.ParseCheckpoint(signed, mustVerifier(t, h.node.LogKey()))
		size = c.Size
		return err == nil && size > 10
	})
	for _, tile := range proof.TilesOf(size) {
		r, err := http.Get(h.server.URL + api.LogPath + "/" + tile.Path())
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r.Body)
		r.Body.Close()
		want := tile.Width() * 32
		if tile.Entries() {
			want = tile.Width() * (2 + proof.LeafSize)
		}
		if err != nil || r.StatusCode != http.StatusOK || len(data) != want {
			t.Fatalf("%s: %d, %d bytes, %v; expected %d", tile.Path(), r.StatusCode, len(data), err, want)
		}
	}
	for _, path := range []string{"tile/0/001", "tile/0/000", "tile/0/000.p/255", "tile/0/0", "tile/-1/000", "tile/data/000.p/3", "tile/9/000", "tile/entries/x001/000", "tile/0/000.p/0"} {
		r, err := http.Get(h.server.URL + api.LogPath + "/" + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, expected 404", path, r.StatusCode)
		}
	}
}
