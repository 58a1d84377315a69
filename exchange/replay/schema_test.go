package replay_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/pb33f/jsonschema/v6"

	"parley/exchange/replay"
	"parley/internal/need"
)

// Whatever the published schema refuses is refused here. Each value of a timeline is taken away and put another way, one at a time.
func TestWhatTheSchemaRefusesIsRefused(t *testing.T) {
	text, err := os.ReadFile(need.Shared(t, "replays", "replay.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	form, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("urn:parley:replay:1", form); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("urn:parley:replay:1")
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	judge := func(whole any, path string) {
		text, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		again, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(again) == nil {
			return
		}
		refused++
		if _, err := replay.Read(text); err == nil {
			t.Errorf("%s: refused by the schema and read here", path)
		}
	}
	var whole any
	if err := json.Unmarshal(ford(t), &whole); err != nil {
		t.Fatal(err)
	}
	others := []any{nil, true, -1.0, 400.0, "", "No Name", []any{}, map[string]any{}}
	var vary func(path string, is any, put func(any))
	vary = func(path string, is any, put func(any)) {
		for _, other := range others {
			put(other)
			judge(whole, path)
		}
		put(is)
		switch is := is.(type) {
		case map[string]any:
			is["more"] = 1.0
			judge(whole, path+".more")
			delete(is, "more")
			for _, name := range slices.Sorted(maps.Keys(is)) {
				member := is[name]
				delete(is, name)
				judge(whole, path+" without "+name)
				is[name] = member
				vary(path+"."+name, member, func(v any) { is[name] = v })
			}
		case []any:
			for i, item := range is {
				vary(path, item, func(v any) { is[i] = v })
			}
		}
	}
	vary("$", whole, func(v any) { whole = v })
	if refused < 500 {
		t.Errorf("the schema refused %d variations; expected hundreds", refused)
	}
}
