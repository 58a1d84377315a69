package node_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/internal/need"
	"parley/node"
)

// The disk of a node is full: senders are told, nothing acknowledged is lost, and with room again the node goes on without a restart.
func TestAFullDiskIsSaid(t *testing.T) {
	if os.Geteuid() != 0 {
		need.Missing(t, "a small file system", "only root mounts one")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", disk).CombinedOutput(); err != nil {
		need.Missing(t, "a small file system", string(out))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.FolderAt(t, filepath.Join(disk, "data"), cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	defer func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	kept := c.NotifyHospital(cast.At(35.9528, 39.0079))
	filler := filepath.Join(disk, "filler")
	if out, err := exec.Command("dd", "if=/dev/zero", "of="+filler, "bs=4k").CombinedOutput(); err == nil {
		t.Fatalf("the disk is not full: %s", out)
	}
	say := func() error {
		d := c.Draft()
		s, err := d.Sign(&parley.SiteRevalidate{Of: cast.V(kept, 1)}, c.Org.Key)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = n.Submit(ctx, s.Envelope, s.Payloads)
		return err
	}
	refused, acknowledged := 0, 0
	for range 400 { // the log that is there already may take some
		if say() != nil {
			refused++
		} else {
			acknowledged++
		}
		if refused == 3 {
			break
		}
	}
	if refused == 0 {
		t.Fatalf("%d commands were taken on a full disk", acknowledged)
	}
	if err := n.Fault(); err != nil {
		t.Errorf("a full disk is taken for damage: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := say(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	t.Logf("%d acknowledged after the disk was filled, %d refused", acknowledged, refused)
}
