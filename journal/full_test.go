package journal_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// The disk is full: appending stops and says so, nothing that was acknowledged is lost, and with room again the journal goes on.
func TestAFullDiskStopsTheJournal(t *testing.T) {
	if os.Geteuid() != 0 {
		need.Missing(t, "a file system of a mebibyte", "only root mounts one")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", disk).CombinedOutput(); err != nil {
		need.Missing(t, "a file system of a mebibyte", string(out))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	dir := filepath.Join(disk, "data")
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var chain journal.Chain
	acknowledged := journal.Head{}
	var full error
	for full == nil && chain.Head().Height < 5000 {
		b, err := journaltest.Next(&chain, 1, 2, 3000)
		if err != nil {
			t.Fatal(err)
		}
		if full = j.Append(t.Context(), b, nil); full == nil {
			if err := chain.Follow(b); err != nil {
				t.Fatal(err)
			}
			acknowledged = chain.Head()
		}
	}
	if full == nil {
		t.Fatal("a mebibyte took everything")
	}
	if _, damaged := errors.AsType[*journal.Damage](full); damaged {
		t.Errorf("a full disk is called damage: %v", full)
	}
	for range 3 { // it stays so, and says so each time
		b, err := journaltest.Next(&chain, 2, 2, 3000)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(t.Context(), b, nil); err == nil {
			t.Fatal("appended on a full disk")
		}
	}
	if head, err := j.Head(t.Context()); err != nil || head != acknowledged {
		t.Errorf("on the full disk the head is %+v, %v; expected %+v", head, err, acknowledged)
	}
	if err := j.Close(); err != nil {
		t.Logf("closing on the full disk: %v", err)
	}
	if out, err := exec.Command("mount", "-o", "remount,size=8m", disk).CombinedOutput(); err != nil {
		t.Fatalf("remount: %s", out)
	}
	if j, err = journal.OpenSQLite(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if head, err := journal.Verify(t.Context(), j, nil); err != nil || head != acknowledged {
		t.Fatalf("with room again it verifies to %+v, %v; expected %+v", head, err, acknowledged)
	}
	journaltest.Fill(t, j, &chain, 3)
	t.Logf("full after %d blocks: %v", acknowledged.Height, full)
}
