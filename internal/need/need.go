// Package need tells tests what the machine offers: a test asks for a part, and skips with a plain reason when it is absent.
//
// With PARLEY_REQUIRE=all nothing skips: an absent part fails the test.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Missing ends the test because a part is absent: skipped by default, failed when PARLEY_REQUIRE is "all".
func Missing(t testing.TB, part, reason string) {
	t.Helper()
	if os.Getenv("PARLEY_REQUIRE") == "all" {
		t.Fatalf("%s is required (PARLEY_REQUIRE=all) and absent: %s", part, reason)
	}
	t.Skipf("needs %s: %s", part, reason)
}

// Command returns the path of a program, or ends the test when it is not installed.
func Command(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name, "no such program on this machine")
	}
	return path
}

// Root returns the folder of the module.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Shared returns the path of a file or folder of the data set that lies beside the repository, or ends the test when it is absent.
func Shared(t testing.TB, elem ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{filepath.Dir(Root()), "shared"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		Missing(t, "../shared", "no "+filepath.Join(elem...)+" beside the repository")
	}
	return path
}
