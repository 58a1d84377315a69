package node_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"parley/internal/cast"
	"parley/node"
)

func TestOneNodeAFolder(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, _, _ := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	if _, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: clock.Load}); err == nil || !strings.Contains(err.Error(), "another node serves") {
		t.Errorf("a second node on the folder: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, folder, &clock, node.Config{}).Close(); err != nil {
		t.Error(err)
	}
}
