package node_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/need"
)

// The same journal gives the same digests on another kind of processor: the golden tests of the rooms that decide, built for arm64, run
// under an emulator. Their files hold the digest after each entry, as amd64 computed it.
func TestSameDigestOnARM(t *testing.T) {
	emulator := need.Command(t, "qemu-aarch64")
	for room, tests := range map[string]string{
		"channel": "^TestGolden",
		"journal": "^TestGoldenHead$|^TestBlockLayout$",
		"proof":   "^TestLtHashKnownAnswers$|^TestStoredText$|^TestForeignProofs$",
	} {
		t.Run(room, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), room+".test")
			build := exec.Command("go", "test", "-c", "-o", program, "./"+room)
			build.Dir = need.Root()
			build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("go test -c: %v\n%s", err, out)
			}
			run := exec.Command(emulator, program, "-test.run", tests, "-test.v")
			run.Dir = filepath.Join(need.Root(), room)
			out, err := run.CombinedOutput()
			passed := strings.Count(string(out), "\n--- PASS: ")
			if err != nil || passed == 0 || strings.Contains(string(out), "--- SKIP") && os.Getenv("PARLEY_REQUIRE") == "all" {
				t.Fatalf("%v, %d tests passed\n%s", err, passed, out)
			}
			t.Logf("%d tests of %s passed on arm64", passed, room)
		})
	}
}
