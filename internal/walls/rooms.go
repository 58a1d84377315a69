// Package walls checks the repository against its own rules: who may import whom, which rooms stay pure, which words are never used, and that each
// dependency is accounted for.
//
// The rules are data in this package, the checks are functions over a folder, and the tests run them over the repository and over planted breaches.
package walls

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// Module is the import path of the repository.
const Module = "parley"

// Rooms are the packages in the order of DESIGN section 4: each imports only rooms above it. A package below a room's folder belongs to the room. The
// root package is the vocabulary and has the name ".".
var Rooms = []string{
	"geo",
	"geo/notation",
	"gazetteer",
	".",
	"index",
	"proof",
	"journal",
	"witness",
	"release",
	"duty",
	"channel",
	"passage",
	"designation",
	"statement",
	"inquiry",
	"exchange",
	"records",
	"deliver",
	"node",
	"exercise",
	"api",
	"web",
	"cmd/parley",
}

// Outside are folders that are no rooms: tools and measurements may import every room, and only internal may be imported by one.
var Outside = []string{"internal", "bench"}

// Apart says which rooms never meet, not even by way of a third: screening and inquiry never reach what notifies (wall 5).
var Apart = map[string][]string{
	"channel": {"designation", "statement", "inquiry"},
	"index":   {"designation", "statement", "inquiry"},
	"release": {"designation", "statement", "inquiry"},
	"duty":    {"designation", "statement", "inquiry"},
}

// Package is what go list says of a package of the repository.
type Package struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// List returns the packages under a folder that holds a module. Packages that do not compile are listed with the imports they have.
func List(top string) ([]Package, error) {
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	list.Dir = top
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("couldn't list the packages of %s: %w: %s", top, err, stderr.String())
	}
	var packages []Package
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p Package
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("couldn't read go list: %w", err)
		}
		packages = append(packages, p)
	}
}

// room returns the room of an import path and its place in Rooms. ok is false outside the rooms.
func room(importPath string) (name string, place int, ok bool) {
	folder, ours := folderOf(importPath)
	if !ours || slices.Contains(Outside, firstElement(folder)) {
		return "", 0, false
	}
	best := -1
	for i, r := range Rooms {
		if (r == folder || r != "." && strings.HasPrefix(folder, r+"/")) && (best < 0 || len(r) > len(Rooms[best])) {
			best = i
		}
	}
	if best < 0 {
		return "", 0, false
	}
	return Rooms[best], best, true
}

// folderOf returns the folder of a package of the repository, "." for the root.
func folderOf(importPath string) (folder string, ours bool) {
	if importPath == Module {
		return ".", true
	}
	return strings.CutPrefix(importPath, Module+"/")
}

func firstElement(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// Imports reports each package that stands in no room, and each way, direct or through others, from a room to one below it or to one that it is kept
// apart from. Test files are free: a test may ask a lower room to play its part.
func Imports(packages []Package) []string {
	direct := map[string][]string{}
	for _, p := range packages {
		for _, i := range p.Imports {
			if _, ours := folderOf(i); ours {
				direct[p.ImportPath] = append(direct[p.ImportPath], i)
			}
		}
	}
	var faults []string
	for _, p := range packages {
		from, place, ok := room(p.ImportPath)
		if !ok {
			folder, _ := folderOf(p.ImportPath)
			if !slices.Contains(Outside, firstElement(folder)) {
				faults = append(faults, fmt.Sprintf("%s: stands in no room of DESIGN section 4; a new room is a decision, and belongs into internal/walls", p.ImportPath))
			}
			continue
		}
		for _, way := range ways(direct, p.ImportPath) {
			last := way[len(way)-1]
			to, below, ok := room(last)
			route := strings.Join(way, " → ")
			switch {
			case !ok:
				if folder, _ := folderOf(last); firstElement(folder) != "internal" {
					faults = append(faults, fmt.Sprintf("%s: a room imports %s, which is none", route, last))
				}
			case slices.Contains(Apart[from], to):
				faults = append(faults, fmt.Sprintf("%s: %s must never reach %s (wall 5)", route, from, to))
			case below > place:
				faults = append(faults, fmt.Sprintf("%s: %s stands below %s", route, to, from))
			}
		}
	}
	return faults
}

// ways returns the shortest way from a package to each package of the repository that it reaches.
func ways(direct map[string][]string, from string) [][]string {
	seen := map[string]bool{from: true}
	queue := [][]string{{from}}
	var found [][]string
	for len(queue) > 0 {
		way := queue[0]
		queue = queue[1:]
		for _, next := range direct[way[len(way)-1]] {
			if seen[next] {
				continue
			}
			seen[next] = true
			longer := append(slices.Clone(way), next)
			found = append(found, longer)
			queue = append(queue, longer)
		}
	}
	return found
}

// external returns the import paths outside the repository and the standard library, each with a package that imports it.
func external(packages []Package) map[string]string {
	found := map[string]string{}
	for _, p := range packages {
		for _, i := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if strings.Contains(firstElement(i), ".") {
				found[path.Clean(i)] = p.ImportPath
			}
		}
	}
	return found
}
