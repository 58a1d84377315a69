package walls

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/need"
)

// The tests named TestRepository… hold the repository to its rules; the others show that each check fails on a breach.

func report(t *testing.T, faults []string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func packages(t *testing.T, top string) []Package {
	t.Helper()
	found, err := List(top)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 3 {
		t.Fatalf("%d packages in %s, expected more", len(found), top)
	}
	return found
}

func files(t *testing.T) []string {
	t.Helper()
	found, err := Files(need.Root())
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("%d files, expected more", len(found))
	}
	return found
}

func TestRepositoryImportsDownward(t *testing.T) {
	report(t, Imports(packages(t, need.Root())), nil)
}

func TestRepositoryKeepsPureRoomsPure(t *testing.T) {
	faults, err := Purity(packages(t, need.Root()))
	report(t, faults, err)
}

func TestRepositoryUsesNoBannedWord(t *testing.T) {
	faults, err := Words(need.Root(), files(t))
	report(t, faults, err)
}

func TestRepositoryPutsNothingOffWithoutReason(t *testing.T) {
	faults, err := Unfinished(need.Root(), files(t))
	report(t, faults, err)
}

func TestRepositoryNamesItsDependencies(t *testing.T) {
	faults, err := Dependencies(need.Root(), packages(t, need.Root()))
	report(t, faults, err)
}

// plant writes files into a new folder: name, text, name, text.
func plant(t *testing.T, pairs ...string) string {
	t.Helper()
	top := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		path := filepath.Join(top, filepath.FromSlash(pairs[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(pairs[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return top
}

// expect fails unless there is one fault for each text and each fault holds its text.
func expect(t *testing.T, faults []string, texts ...string) {
	t.Helper()
	if len(faults) != len(texts) {
		t.Errorf("%d faults, expected %d:\n%s", len(faults), len(texts), strings.Join(faults, "\n"))
		return
	}
	for i, text := range texts {
		if !strings.Contains(faults[i], text) {
			t.Errorf("fault %q, expected %q in it", faults[i], text)
		}
	}
}

const goMod = "module parley\n\ngo 1.26.0\n"

func TestImportsFindsBreaches(t *testing.T) {
	top := plant(t,
		"go.mod", goMod,
		"parley.go", "package parley\n\nimport _ \"parley/geo/notation\"\n",
		"geo/geo.go", "package geo\n",
		"geo/geo_test.go", "package geo\n\nimport _ \"parley/channel\"\n", // tests are free
		"geo/notation/notation.go", "package notation\n\nimport _ \"parley/geo\"\n",
		"designation/designation.go", "package designation\n",
		"statement/statement.go", "package statement\n\nimport _ \"parley/designation\"\n",
		"internal/bridge/bridge.go", "package bridge\n\nimport _ \"parley/designation\"\n",
		"channel/channel.go", "package channel\n\nimport _ \"parley/internal/bridge\"\n",
		"duty/duty.go", "package duty\n\nimport _ \"parley/channel\"\n",
		"journal/journal.go", "package journal\n\nimport _ \"parley/bench/load\"\n",
		"bench/load/load.go", "package load\n",
		"exchange/kml/kml.go", "package kml\n\nimport _ \"parley/exchange/xml\"\n",
		"exchange/xml/xml.go", "package xml\n",
		"reports/reports.go", "package reports\n",
	)
	expect(t, Imports(packages(t, top)),
		"parley/channel → parley/internal/bridge → parley/designation: channel must never reach designation (wall 5)",
		"parley/duty → parley/channel: channel stands below duty",
		"parley/duty → parley/channel → parley/internal/bridge → parley/designation: duty must never reach designation (wall 5)",
		"parley/journal → parley/bench/load: a room imports parley/bench/load, which is none",
		"parley/reports: stands in no room of DESIGN section 4",
	)
}

func TestPurityFindsBreaches(t *testing.T) {
	top := plant(t,
		"go.mod", goMod,
		"channel/channel.go", `package channel

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"net"
	"os"
	clock "time"
)

var (
	_ = rand.Reader
	_ = mathrand.Int
	_ net.IP
	_ = os.Getpid
	_ = clock.Now
	_ = clock.UnixMilli // no clock: it turns a number into a time
	_ = clock.Second
)
`,
		"channel/channel_test.go", "package channel\n\nimport _ \"os\"\n",
		"duty/duty.go", "package duty\n\nimport . \"time\"\n\nvar _ = Now\n",
		"index/indextest/load.go", "package indextest\n\nimport _ \"os\"\n",
		"node/node.go", "package node\n\nimport _ \"os\"\n", // a room at the rim
	)
	faults, err := Purity(packages(t, top))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, faults,
		"channel.go:4: imports crypto/rand", "channel.go:5: imports math/rand/v2", "channel.go:6: imports net", "channel.go:7: imports os", "channel.go:16: uses time.Now",
		"duty.go:3: imports time without its name",
	)
}

// TestWordsFindsEachWord plants every word as prose, as a part of a name, in capitals, in a Go text, in a catalogue and in a page.
func TestWordsFindsEachWord(t *testing.T) {
	for _, banned := range Banned {
		var title string
		for _, w := range strings.Fields(banned) {
			title += strings.ToUpper(w[:1]) + w[1:]
		}
		forms := map[string]string{
			"docs/page.md":       "The area was " + banned + ", they said.",
			"web/messages.json":  `{"key": "` + strings.ToUpper(banned) + `"}`,
			"api/openapi.yaml":   "name: " + strings.ReplaceAll(banned, " ", "-"),
			"web/page.html":      "<p>" + banned + "</p>",
			"web/element.ts":     "const is" + title + "Now = 1",
			"journal/names.go":   "package journal\n\nvar is" + title + "Now, " + strings.ReplaceAll(banned, " ", "_") + "_2 int\n",
			"journal/texts.go":   "package journal\n\nconst text = \"the " + banned + "\"\n",
			"journal/remarks.go": "package journal\n\n// A remark on " + title + ".\n",
			"Containerfile":      "# " + banned + "",
		}
		for name, text := range forms {
			faults, err := Words(plant(t, name, text), []string{name})
			if err != nil {
				t.Fatal(err)
			}
			if name == "Containerfile" && strings.HasPrefix(banned, "target") {
				expect(t, faults)
				continue
			}
			found := false
			for _, f := range faults {
				found = found || strings.HasPrefix(f, name+":") && strings.Contains(f, `"`+banned+`"`)
			}
			if !found {
				t.Errorf("%s: %q was not found in %q: %v", name, banned, text, faults)
			}
		}
	}
}

func TestWordsLeavesOthers(t *testing.T) {
	names := []string{
		"docs/page.md", "No state unsafe; Unauthorized is HTTP's word; a striker, killing time, the safety notice, This is not clearance.",
		"docs/reliability.md", "We end the process with kill -9 while it writes.",
		"web/tsconfig.json", `"target": "es2022"`,
		"web/page.html", `<a target="_blank" rel="noopener">`,
		"web/style.css", `padding: env(safe-area-inset-top); } section:target {`,
		"web/element.ts", `const input = event.target as HTMLInputElement`,
		"node/node_test.go", "package node\n\n// kill -9 the server, then SIGKILL.\nvar _ = cmd.Process.Kill()\n",
		"Makefile", "# The first target is the default.",
		"LICENSE", "authorized by the copyright owner",
	}
	top := plant(t, names...)
	var list []string
	for i := 0; i < len(names); i += 2 {
		list = append(list, names[i])
	}
	faults, err := Words(top, list)
	report(t, faults, err)
}

// TestExceptionsStayNarrow holds that an exception does not open its file for other words.
func TestExceptionsStayNarrow(t *testing.T) {
	names := []string{
		"web/element.ts", "const target = route",
		"docs/reliability.md", "nothing was safe",
		"web/page.html", `<p>the target</p>`,
		"node/node.go", "package node\n\nvar approvedBy = 1\n",
	}
	top := plant(t, names...)
	faults, err := Words(top, []string{"web/element.ts", "docs/reliability.md", "web/page.html", "node/node.go"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, faults, `web/element.ts:1: the word "target"`, `docs/reliability.md:1: the word "safe"`, `web/page.html:1: the word "target"`, `node/node.go:3: the word "approved"`)
	for _, e := range Exceptions {
		if e.Reason == "" {
			t.Errorf("%s %s: no reason", e.Path, e.Line)
		}
	}
}

func TestSplit(t *testing.T) {
	for line, want := range map[string]string{
		"isTargetSet":      "is target set",
		"HTTPServer":       "http server",
		"TARGET_ID":        "target id",
		"hit-list":         "hit list",
		"v2Target3":        "v target",
		"SafeHTML":         "safe html",
		"don't":            "don t",
		"منطقة free area.": "منطقة free area",
	} {
		if got := strings.Join(split(line), " "); got != want {
			t.Errorf("%q: %q, expected %q", line, got, want)
		}
	}
}

func TestUnfinishedFindsBreaches(t *testing.T) {
	top := plant(t,
		"a.go", "package a\n\n// TODO write this\n// TODO(waits for the second driver): close it\n// TODO(me): later\n",
		"b.md", "FIXME: a figure. The list of todos.",
	)
	faults, err := Unfinished(top, []string{"a.go", "b.md"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, faults, "a.go:3: TODO without a reason", "a.go:5: TODO without a reason", "b.md:1: FIXME without a reason")
}

func TestDependenciesFindsBreaches(t *testing.T) {
	top := plant(t,
		"go.mod", goMod+`
tool example.org/lint/cmd/lint

require (
	example.org/lint v1.0.0
	example.org/store/v2 v2.1.0
	example.org/silent v0.1.0
	example.org/other v0.1.0 // indirect
)
`,
		"docs/dependencies.md", `| module | version | licence | what for | why this one |
|---|---|---|---|---|
| example.org/store/v2 | v2.0.0 | MIT | keeps things | fast |
| example.org/gone | v1.0.0 | MIT | nothing | none |
| example.org/lint | v1.0.0 | MIT | | finds most |
`)
	faults, err := Dependencies(top, []Package{
		{ImportPath: "parley/journal", Imports: []string{"fmt", "parley/geo", "example.org/store/v2/driver"}, TestImports: []string{"example.org/silent"}},
		{ImportPath: "parley/node", XTestImports: []string{"example.org/nowhere"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, faults,
		"docs/dependencies.md: example.org/gone is not required by go.mod",
		"docs/dependencies.md: example.org/lint leaves what it is for empty",
		"docs/dependencies.md: example.org/store/v2 v2.0.0, expected v2.1.0 as in go.mod",
		"docs/dependencies.md: no line for example.org/silent v0.1.0, which parley/journal imports",
		"go.mod: no module for example.org/nowhere, which parley/node imports",
	)
}
