package exercise_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/exchange/replay"
	"parley/exercise"
	"parley/internal/need"
)

// elsewhere gives a case other names for everything, a thousand days later, and three degrees farther east.
func elsewhere(t *testing.T, text []byte) []byte {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, list := range []string{"actors", "objects", "events", "expected", "claims", "sources"} {
		for i, x := range whole[list].([]any) {
			id := x.(map[string]any)["id"].(string)
			names[id] = "q" + strings.ReplaceAll(list, "s", "z") + string(rune('a'+i%26)) + "-" + string(rune('k'+len(id)))
		}
	}
	stamp := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	var change func(key string, v any) any
	change = func(key string, v any) any {
		switch v := v.(type) {
		case string:
			if stamp.MatchString(v) {
				at, err := time.Parse(time.RFC3339, v)
				if err != nil {
					t.Fatal(err)
				}
				return at.AddDate(0, 0, 1000).Format(time.RFC3339)
			}
			if to := names[v]; to != "" && key != "what" && key != "kind" {
				return to
			}
		case float64:
			if key == "lon" {
				return v + 3
			}
		case []any:
			out := make([]any, len(v))
			for i, x := range v {
				out[i] = change(key, x)
			}
			if len(v) == 2 && (key == "points" || key == "position") {
				lat, ok1 := v[0].(float64)
				lon, ok2 := v[1].(float64)
				if ok1 && ok2 {
					return []any{lat, lon + 3}
				}
			}
			return out
		case map[string]any:
			out := map[string]any{}
			for k, x := range v {
				if to := names[k]; to != "" && key == "consent" {
					k = to
				}
				out[k] = change(k, x)
			}
			return out
		}
		return v
	}
	changed := change("", whole).(map[string]any)
	changed["id"] = "elsewhere"
	out, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Other names, a thousand days and three degrees make no difference to any verdict.
func TestNamesDaysAndPlacesMakeNoDifference(t *testing.T) {
	for file, c := range open(t) {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(need.Shared(t, "replays"), file))
			if err != nil {
				t.Fatal(err)
			}
			other, err := replay.Read(elsewhere(t, text))
			if err != nil {
				t.Fatal(err)
			}
			if other.Events[0].ID == c.Events[0].ID || other.Events[0].At == c.Events[0].At {
				t.Fatal("nothing was changed")
			}
			a, err := exercise.Play(t.Context(), c, false)
			if err != nil {
				t.Fatal(err)
			}
			b, err := exercise.Play(t.Context(), other, true)
			if err != nil {
				t.Fatal(err)
			}
			if !b.Gate.Holds {
				t.Errorf("the gate fails: %q", b.Gate.Fails)
			}
			for i, v := range a.Expectations {
				if w := b.Expectations[i]; v.Met != w.Met || v.Notice != w.Notice || len(v.To) != len(w.To) {
					t.Errorf("%s: met %v by %s to %v; elsewhere %v by %s to %v", v.What, v.Met, v.Notice, v.To, w.Met, w.Notice, w.To)
				}
			}
		})
	}
}
