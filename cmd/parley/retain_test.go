package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/node"
	"parley/witness"
)

// witnessFor makes a folder's log one that the witness of a party cosigns.
func witnessFor(t *testing.T, folder string) {
	t.Helper()
	logKey, _, _, err := node.LogKeyOf(folder)
	if err != nil {
		t.Fatal(err)
	}
	memory := t.TempDir()
	key, err := witness.Prepare(memory, "party-a.example/witness")
	if err != nil {
		t.Fatal(err)
	}
	if err := witness.Know(memory, logKey); err != nil {
		t.Fatal(err)
	}
	w, err := witness.Open(t.Context(), memory, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w)
	t.Cleanup(func() {
		server.Close()
		w.Close()
	})
	text := "log " + logKey + "\nwitness a " + key + " " + server.URL + "\nquorum a\n"
	if err := os.WriteFile(filepath.Join(folder, node.PolicyFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// An operator looks what is past its retention, has it erased, verifies and exports what is left, moves it into PostgreSQL and back, and
// repairs a damaged copy of it from another folder: proof and base come along everywhere.
func TestRetainVerifyMoveAndRepair(t *testing.T) {
	config, err := pgx.ParseConfig(need.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	database := fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", config.User, config.Port, config.Database)
	past := time.Now().UnixMilli() - 90*parley.Day
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), past)
	n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: func() int64 { return past }})
	if err != nil {
		t.Fatal(err)
	}
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, func() int64 { return past })
	notify := func() parley.Ref {
		return c.Must(c.Org, func(d *draft.Draft) parley.Body {
			m := cast.Convoy(d, past+3*parley.Day, cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)
			return &parley.MovementNotify{Movement: m}
		}).Ref
	}
	goes, stays := notify(), notify()
	c.Tell(c.Org, &parley.MovementWithdraw{Withdraw: parley.Withdraw{Object: goes, Reason: parley.Cancelled}})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	parleyDoes := func(want int, words []string, args ...string) string {
		t.Helper()
		var out, diag bytes.Buffer
		if got := run(args, strings.NewReader(""), &out, &diag); got != want {
			t.Fatalf("parley %s: status %d, expected %d\n%s%s", strings.Join(args, " "), got, want, out.String(), diag.String())
		}
		for _, w := range words {
			if !strings.Contains(out.String()+diag.String(), w) {
				t.Errorf("parley %s does not say %q:\n%s%s", strings.Join(args, " "), w, out.String(), diag.String())
			}
		}
		return out.String()
	}
	parleyDoes(1, []string{"30 days or more"}, "journal", "retain", "--data", folder, "--older", "29")
	parleyDoes(1, []string{"asks for no witnesses"}, "journal", "retain", "--data", folder, "--erase")
	witnessFor(t, folder)
	parleyDoes(0, []string{string(goes), string(stays) + ", which is open", "1 movements with 2 envelopes would go", "Nothing was changed"}, "journal", "retain", "--data", folder)
	parleyDoes(0, []string{"0 movements with 0 envelopes would go"}, "journal", "retain", "--data", folder, "--older", "120")
	parleyDoes(0, nil, "journal", "verify", "--data", folder)
	parleyDoes(0, []string{"erased: the envelopes of 1 movements, 2 entries"}, "journal", "retain", "--data", folder, "--erase")
	parleyDoes(0, []string{"0 movements with 0 envelopes would go", "retention has ended"}, "journal", "retain", "--data", folder)

	verify := func(folder string) (v verified) {
		t.Helper()
		if err := json.Unmarshal([]byte(parleyDoes(0, nil, "--json", "journal", "verify", "--data", folder)), &v); err != nil {
			t.Fatal(err)
		}
		if v.Erased != 2 || v.Base == 0 {
			t.Fatalf("verified with %d erased envelopes behind %d; expected 2 behind a base", v.Erased, v.Base)
		}
		return v
	}
	before := verify(folder)
	parleyDoes(0, []string{"2 envelopes past their retention", "witnessed at position"}, "journal", "verify", "--data", folder)
	export := parleyDoes(0, nil, "journal", "export", "--data", folder)
	if got := strings.Count(export, `"erased":"`); got != 2 || strings.Count(export, "\n") != int(before.Size) {
		t.Errorf("exported %d lines, %d of them erased; expected %d and 2", strings.Count(export, "\n"), got, before.Size)
	}

	bases, _, err := node.Bases(folder)
	if err != nil || len(bases) != 1 {
		t.Fatalf("%d bases, %v", len(bases), err)
	}
	parleyDoes(0, []string{"proved: witnessed"}, "verify", bases[0].Path)

	// Into the database and back.
	parleyDoes(0, []string{"moved and verified"}, "journal", "move", "--data", folder, "--to", database)
	if there := verify(folder); there.Root != before.Root || there.Digest != before.Digest {
		t.Errorf("in the database: %+v; expected %+v", there, before)
	}
	parleyDoes(0, []string{"moved and verified"}, "journal", "move", "--data", folder, "--from", database)
	if back := verify(folder); back.Root != before.Root || back.Digest != before.Digest || back.Hash != before.Hash {
		t.Errorf("back in the folder: %+v; expected %+v", back, before)
	}

	// A copy of which the journal is damaged and the base is lost gets both from the folder.
	broken := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(broken, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(broken, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.Chmod(name, 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".snapshot") || strings.HasSuffix(name, ".base") {
			os.Remove(name)
		}
	}
	if err := os.Truncate(filepath.Join(broken, "journal.db"), 8192); err != nil {
		t.Fatal(err)
	}
	parleyDoes(1, []string{"The journal is damaged"}, "journal", "verify", "--data", broken)
	parleyDoes(2, []string{"--from", "peers"}, "journal", "repair", "--data", broken)
	parleyDoes(0, []string{"repaired from " + folder}, "journal", "repair", "--data", broken, "--from", folder)
	if mended := verify(broken); mended.Root != before.Root || mended.Hash != before.Hash {
		t.Errorf("repaired: %+v; expected %+v", mended, before)
	}
}
