package walls

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
)

// Pure are the rooms that take values and return values: clock, disk, network and chance are arguments there (STYLE.md). The same journal must give
// the same state on every machine.
var Pure = []string{"geo", "geo/notation", "gazetteer", ".", "index", "release", "duty", "channel", "designation", "statement", "exchange"}

// impure are the imports that a pure room does without.
var impure = []string{
	"os", "os/exec", "os/signal", "os/user", "syscall", "net", "net/http", "net/netip", "net/url", "io/ioutil", "path/filepath",
	"math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog", "database/sql",
}

// clock are the functions of package time that read or wait for the clock of the machine, or its zone.
var clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Sleep", "Local", "LoadLocation"}

// Purity reports each place where a pure room reads the clock, the disk, the network or chance. Test files are free.
func Purity(packages []Package) ([]string, error) {
	var faults []string
	for _, p := range packages {
		name, _, ok := room(p.ImportPath)
		if !ok || !slices.Contains(Pure, name) {
			continue
		}
		// A subfolder for tests, such as indextest, serves tests only.
		if folder, _ := folderOf(p.ImportPath); folder != name && filepath.Base(folder) == filepath.Base(name)+"test" {
			continue
		}
		for _, file := range p.GoFiles {
			found, err := impurities(filepath.Join(p.Dir, file))
			if err != nil {
				return nil, err
			}
			for _, f := range found {
				faults = append(faults, fmt.Sprintf("%s/%s, in a room that takes values and returns values", p.ImportPath, f))
			}
		}
	}
	return faults, nil
}

func impurities(path string) ([]string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("couldn't parse: %w", err)
	}
	var found []string
	add := func(pos token.Pos, what string) {
		found = append(found, fmt.Sprintf("%s:%d: %s", filepath.Base(path), set.Position(pos).Line, what))
	}
	timeName := ""
	for _, i := range file.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, err
		}
		if slices.Contains(impure, name) {
			add(i.Pos(), "imports "+name)
		}
		if name == "time" {
			timeName = "time"
			if i.Name != nil {
				timeName = i.Name.Name
			}
			if timeName == "." {
				add(i.Pos(), "imports time without its name")
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && timeName != "" {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == timeName && slices.Contains(clock, s.Sel.Name) {
				add(s.Pos(), "uses time."+s.Sel.Name)
			}
		}
		return true
	})
	return found, nil
}
