package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"parley/internal/need"
)

// The other architecture, under Debian's qemu-user, gives every verdict of this one. They differ in what matters here: on arm64
// the compiler fuses products into sums where it may.
func TestVerdictsAreAlikeOnTheOtherArchitecture(t *testing.T) {
	other, emulator := "arm64", "qemu-aarch64"
	if runtime.GOARCH == "arm64" {
		other, emulator = "amd64", "qemu-x86_64"
	}
	emulate := need.Command(t, emulator)
	run := func(architecture string, before ...string) string {
		t.Helper()
		program := filepath.Join(t.TempDir(), "verdicts-"+architecture)
		build := exec.Command(need.Command(t, "go"), "build", "-o", program, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+architecture)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("couldn't build for %s: %v\n%s", architecture, err, out)
		}
		line := append(before, program, "-n", fmt.Sprint(need.Times(t, 1000, 4000, 40_000)))
		out, err := exec.Command(line[0], line[1:]...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", line, err, out)
		}
		return string(out)
	}
	here, there := run(runtime.GOARCH), run(other, emulate)
	if here != there {
		t.Errorf("%s says %s, %s says %s", runtime.GOARCH, here, other, there)
	}
	t.Logf("alike: %s", here)
}

// The digest is one of verdicts that change at the limit they were asked at, and another for other verdicts.
func TestDigestTellsVerdictsApart(t *testing.T) {
	first, c := digest(600)
	if c.within != 3*c.pairs || c.conflicts < c.pairs {
		t.Errorf("%+v: expected three within for each pair, and conflicts", c)
	}
	if second, _ := digest(601); string(first) == string(second) {
		t.Error("one pair more gives the same digest")
	}
}
