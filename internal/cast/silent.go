package cast

import (
	"fmt"
	"os"
	"testing"
)

// Silent is a testing.TB outside tests, for benchmarks in processes of their own: what would fail a test ends the program.
type Silent struct{ testing.TB }

// Helper implements testing.TB.
func (*Silent) Helper() {}

// Fatal implements testing.TB.
func (*Silent) Fatal(args ...any) {
	fmt.Fprintln(os.Stderr, args...)
	os.Exit(1)
}

// Fatalf implements testing.TB.
func (s *Silent) Fatalf(format string, args ...any) { s.Fatal(fmt.Sprintf(format, args...)) }
