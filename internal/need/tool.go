package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Tool builds one of the Go tools of go.mod, such as filippo.io/torchwood/cmd/litewitness, and returns the path of the program. The
// tools are other people's code: what they say of our log is a judgement that ours has no part in.
func Tool(t testing.TB, path string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), filepath.Base(path))
	build := exec.Command("go", "build", "-o", program, path)
	build.Dir = Root()
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err == nil {
		return program
	}
	if strings.Contains(string(out), "module lookup disabled") || strings.Contains(string(out), "dial tcp") {
		Missing(t, path, "its modules are not in the cache and cannot be fetched: "+string(out))
	}
	t.Fatalf("go build %s: %v\n%s", path, err, out)
	return ""
}
