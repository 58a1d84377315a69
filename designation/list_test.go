package designation_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"parley/designation"
	"parley/exchange/lists"
	"parley/internal/need"
)

// listed reads the entries of the United Nations' list of 2026 and of OFAC's, once for all tests.
var listed = func() func(testing.TB) []designation.Entry {
	var once sync.Once
	var entries []designation.Entry
	return func(t testing.TB) []designation.Entry {
		t.Helper()
		folder := filepath.Join(need.Shared(t), "data", "designations")
		once.Do(func() {
			for _, names := range [][]string{{"un_consolidated_2026-02-27.xml"}, {"ofac_sdn.csv", "ofac_alt.csv", "ofac_add.csv"}} {
				var files []lists.File
				for _, n := range names {
					data, err := os.ReadFile(filepath.Join(folder, n))
					if err != nil {
						t.Fatal(err)
					}
					files = append(files, lists.File{Name: n, Data: data})
				}
				e, err := lists.Read(files...)
				if err != nil {
					t.Fatal(err)
				}
				entries = append(entries, e.Entries...)
			}
		})
		return entries
	}
}()

// indexed is the index of those entries.
var indexed = func() func(testing.TB) *designation.Index {
	var once sync.Once
	var x *designation.Index
	return func(t testing.TB) *designation.Index {
		t.Helper()
		once.Do(func() { x = designation.NewIndex(listed(t)) })
		return x
	}
}()
