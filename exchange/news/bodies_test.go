package news_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"parley/exchange/news"
	"parley/statement"
)

// A body that an index names is a mention of a claim by its whole name; the index is asked again when a while has passed, and a text is read when it cannot be asked.
func TestBodiesOfAnIndexAreMentions(t *testing.T) {
	now, asked := time.Unix(1e9, 0), 0
	names, mark, fault := []string{"Zarghun River Trust", "ZRT"}, "one", error(nil)
	know := news.Bodies(func(known string) ([]string, string, error) {
		asked++
		if fault != nil || known == mark {
			return nil, mark, fault
		}
		return names, mark, nil
	}, func() time.Time { return now })
	reader := &statement.Reader{Organisation: know}
	mentions := func() []string {
		r := reader.Read(statement.Document{Text: "“We paid the Zarghun River Trust and the ZRT twice,” Ann Lee said."})
		return r.Claims[0].Organisations
	}
	if got := mentions(); !slices.Contains(got, "Zarghun River Trust") || asked != 1 {
		t.Errorf("%q after %d questions; expected the trust, after one", got, asked)
	}
	if _, ok := know("ZRT"); ok {
		t.Error("a name of three letters is known")
	}
	names, mark, now = []string{"Another Trust"}, "two", now.Add(2*time.Minute)
	if _, ok := know("zarghun river trust"); ok || asked != 2 {
		t.Errorf("a name that the index has no more is known, after %d questions", asked)
	}
	fault, now = errors.New("away"), now.Add(2*time.Minute)
	if _, ok := know("Another Trust"); !ok || asked != 3 {
		t.Error("what was known is lost when the index cannot be asked")
	}
}
