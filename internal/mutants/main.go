// Mutants changes one operator of a package at a time and runs the package's tests: a change that no test notices is printed.
//
//	go run ./internal/mutants -of 50 -seed 1 ./proof -skip Attacks
//
// What follows the package goes to go test. The files themselves are never touched: go test reads the changed one through -overlay.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// swaps is what each operator is changed into.
var swaps = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND, token.ADD: token.SUB, token.SUB: token.ADD, token.SHL: token.SHR, token.AND: token.OR,
}

// mutant is one change.
type mutant struct {
	file   string
	line   int
	offset int
	from   token.Token
	to     token.Token
}

func main() {
	most := flag.Int("of", 0, "how many mutants are drawn; 0 takes all")
	seed := flag.Uint64("seed", 1, "of the drawing")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "mutants: expected a package, such as ./proof")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Args()[1:], *most, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(folder string, args []string, most int, seed uint64) error {
	all, err := find(folder)
	if err != nil {
		return err
	}
	found := len(all)
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	if most > 0 && most < len(all) {
		all = all[:most]
	}
	var noticed, unbuilt int
	for i, m := range all {
		what, err := try(folder, args, m)
		if err != nil {
			return err
		}
		switch what {
		case "noticed":
			noticed++
		case "unbuilt":
			unbuilt++
		default:
			fmt.Printf("%s:%d: %s became %s, and no test noticed\n", m.file, m.line, m.from, m.to)
		}
		if (i+1)%10 == 0 {
			fmt.Printf("-- %d tried, %d noticed, %d do not build\n", i+1, noticed, unbuilt)
		}
	}
	fmt.Printf("%s, seed %d: %d mutants of %d, of which %d do not build: %d of %d noticed\n", folder, seed, len(all), found, unbuilt, noticed, len(all)-unbuilt)
	return nil
}

// find returns every operator of a package's own files that can be changed, in order.
func find(folder string) (all []mutant, err error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(*ast.BinaryExpr); ok && swaps[e.Op] != 0 {
				p := files.Position(e.OpPos)
				all = append(all, mutant{name, p.Line, p.Offset, e.Op, swaps[e.Op]})
			}
			return true
		})
	}
	return all, nil
}

// try says whether the tests notice a mutant: noticed, unnoticed, or unbuilt when it is no program.
func try(folder string, args []string, m mutant) (string, error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	changed := bytes.Join([][]byte{text[:m.offset], []byte(m.to.String()), text[m.offset+len(m.from.String()):]}, nil)
	dir, err := os.MkdirTemp("", "mutant-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: filepath.Join(dir, "mutant.go")}})
	if err != nil {
		return "", err
	}
	for name, data := range map[string][]byte{"mutant.go": changed, "overlay.json": overlay} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return "", err
		}
	}
	test := append([]string{"test", "-overlay", filepath.Join(dir, "overlay.json"), "-vet=off", "-count=1", "-timeout=120s", folder}, args...)
	out, err := exec.Command("go", test...).CombinedOutput()
	switch {
	case err == nil:
		return "unnoticed", nil
	case bytes.Contains(out, []byte("[build failed]")):
		return "unbuilt", nil
	}
	return "noticed", nil
}
