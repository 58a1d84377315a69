package need

import (
	"os"
	"strconv"
	"testing"
)

// Faults says how much of the fault suite runs: nothing for make test, "submission" for .ci/run, "release" for make release-faults.
const Faults = "PARLEY_FAULTS"

// Share is the fraction of a release's repetitions that runs, such as 0.01; all of them without it.
const Share = "PARLEY_SHARE"

// Times returns how often a fault is made: in make test, for a submission, and for a release, of which PARLEY_SHARE may take a part,
// never less than a submission's.
func Times(t testing.TB, quick, submission, release int) int {
	t.Helper()
	switch level := os.Getenv(Faults); level {
	case "":
		return quick
	case "submission":
		return submission
	case "release":
		share := 1.0
		if text := os.Getenv(Share); text != "" {
			var err error
			if share, err = strconv.ParseFloat(text, 64); err != nil || !(share > 0) || share > 1 {
				t.Fatalf("%s: read %q, expected a number above 0, and 1 at most", Share, text)
			}
		}
		return max(submission, int(float64(release)*share))
	default:
		t.Fatalf("%s: read %q, expected submission, release, or nothing", Faults, level)
	}
	return 0
}
