package walls

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// row is a line of the table in docs/dependencies.md: | module | version | licence | what for | why this one |
var row = regexp.MustCompile(`^\|\s*([a-z0-9.-]+\.[a-z]+(?:/[^\s|]+)*)\s*\|\s*(v[^\s|]+)\s*\|([^|]+)\|([^|]+)\|([^|]+)\|\s*$`)

// Dependencies compares the modules that the packages import, and the tools of go.mod, with the table in docs/dependencies.md: each has its line with
// the version of go.mod, and each line stands for a module that go.mod requires.
func Dependencies(top string, packages []Package) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(top, "go.mod"))
	if err != nil {
		return nil, err
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, fmt.Errorf("couldn't read go.mod: %w", err)
	}
	versions := map[string]string{}
	for _, r := range mod.Require {
		versions[r.Mod.Path] = r.Mod.Version
	}
	page, err := os.ReadFile(filepath.Join(top, "docs", "dependencies.md"))
	if err != nil {
		return nil, err
	}

	var faults []string
	written := map[string]bool{}
	for _, line := range strings.Split(string(page), "\n") {
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		module, version := m[1], m[2]
		if written[module] {
			faults = append(faults, fmt.Sprintf("docs/dependencies.md: %s has two lines", module))
		}
		written[module] = true
		switch required, ok := versions[module]; {
		case !ok:
			faults = append(faults, fmt.Sprintf("docs/dependencies.md: %s is not required by go.mod", module))
		case required != version:
			faults = append(faults, fmt.Sprintf("docs/dependencies.md: %s %s, expected %s as in go.mod", module, version, required))
		}
		for i, cell := range m[3:] {
			if strings.TrimSpace(cell) == "" {
				faults = append(faults, fmt.Sprintf("docs/dependencies.md: %s leaves %s empty", module, [3]string{"the licence", "what it is for", "why this one"}[i]))
			}
		}
	}

	used := external(packages)
	for _, t := range mod.Tool {
		used[t.Path] = "the tool directive of go.mod"
	}
	for path, by := range used {
		module := owner(path, versions)
		switch {
		case module == "":
			faults = append(faults, fmt.Sprintf("go.mod: no module for %s, which %s imports", path, by))
		case !written[module]:
			faults = append(faults, fmt.Sprintf("docs/dependencies.md: no line for %s %s, which %s imports", module, versions[module], by))
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults), nil
}

// owner returns the required module that holds a package: the one with the longest path that leads to it.
func owner(path string, versions map[string]string) string {
	best := ""
	for module := range versions {
		if (path == module || strings.HasPrefix(path, module+"/")) && len(module) > len(best) {
			best = module
		}
	}
	return best
}
