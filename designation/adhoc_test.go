package designation_test

import (
	"os"
	"strings"
	"testing"
	"time"

	. "parley/designation"
)

func TestAdhoc(t *testing.T) {
	e := listed(t)
	n := 0
	for i := range e {
		n += len(e[i].Names)
	}
	a := time.Now()
	x := NewIndex(e)
	t.Log(len(e), n, time.Since(a))
	for _, q := range strings.Split(os.Getenv("Q"), ";") {
		a := time.Now()
		r := x.Search(Query{Name: strings.TrimSpace(q)}, 4)
		t.Log(q, time.Since(a))
		for i, c := range r {
			t.Logf("   %.3f %s %s | %s", c.Score, c.Entry.ID, c.Entry.Name(), c.Entry.Names[c.Name].Text)
			if i == 0 {
				t.Log(c.Why)
			}
		}
	}
}
