// Command notice writes the file NOTICE: whose work the parley binary contains, under which licence.
//
// It reads the modules from go list and the licences from the module cache, so the list is what is linked, not what someone remembered.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

//go:generate go run .

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "notice:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("couldn't find the module: %w", err)
	}
	top := strings.TrimSpace(string(root))
	modules, err := linked(top, "./cmd/parley")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := write(&text, modules); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(top, "NOTICE"), text.Bytes(), 0o644)
}

// module is a Go module that is linked into the binary.
type module struct {
	Path, Version string
	Dir           string // in the module cache
}

// linked returns the modules that a build of a package contains, by path. The build is Linux on amd64 without cgo, so that every machine writes the
// same list.
func linked(top, pkg string) ([]module, error) {
	list := exec.Command("go", "list", "-deps", "-json=Module", pkg)
	list.Dir = top
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("couldn't list what %s contains: %w", pkg, err)
	}
	found := map[string]module{}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			Module *struct {
				module
				Main    bool
				Replace *module
			}
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("couldn't read go list: %w", err)
		}
		if p.Module == nil || p.Module.Main {
			continue
		}
		m := p.Module.module
		if p.Module.Replace != nil {
			m.Dir = p.Module.Replace.Dir
		}
		found[m.Path] = m
	}
	var modules []module
	for _, m := range found {
		modules = append(modules, m)
	}
	sort.Slice(modules, func(i, j int) bool { return modules[i].Path < modules[j].Path })
	return modules, nil
}

const head = `parley
Copyright the parley authors

Licensed under the Apache License, Version 2.0; see the file LICENSE.

The binary contains the Go standard library (BSD-3-Clause, Copyright 2009 The Go Authors) and the modules below, as built for Linux on amd64.
Each entry gives the module, its version, its licence and the copyright lines of its licence files. This file is generated: go generate ./internal/notice
`

// write writes NOTICE. It fails when a module has no licence file or one it does not know, so that a person looks.
func write(w io.Writer, modules []module) error {
	fmt.Fprint(w, head)
	var upstream bytes.Buffer
	for _, m := range modules {
		licences, err := read(m.Dir)
		if err != nil {
			return fmt.Errorf("%s %s: %w", m.Path, m.Version, err)
		}
		fmt.Fprintf(w, "\n%s %s %s\n", m.Path, m.Version, strings.Join(licences.names, " AND "))
		for _, line := range licences.copyright {
			fmt.Fprintf(w, "    %s\n", line)
		}
		if licences.notice != "" {
			fmt.Fprintf(&upstream, "\nNOTICE of %s:\n\n%s\n", m.Path, strings.TrimSpace(licences.notice))
		}
	}
	if _, err := upstream.WriteTo(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, pages)
	return err
}

// pages names what the browser's part contains. It is kept by hand: the packages are there only where npm has built. web's tests compare it with
// what was built.
//
//go:embed web.txt
var pages string

// licences is what the licence files of a module say.
type licences struct {
	names     []string // SPDX identifiers, sorted
	copyright []string
	notice    string // of a NOTICE file, which Apache-2.0 section 4(d) asks to pass on
}

var (
	licenceFile = regexp.MustCompile(`(?i)^(un)?licen[sc]e|^copying`)
	// Terms of logos say nothing about code that is linked.
	leftOut   = regexp.MustCompile(`(?i)logo`)
	copyright = regexp.MustCompile(`(?i)^\W*(copyright\b.*\d{4}.*|copyright (\(c\)|©).*)$`)
)

func read(dir string) (licences, error) {
	var l licences
	entries, err := os.ReadDir(dir)
	if err != nil {
		return l, fmt.Errorf("couldn't read its folder in the module cache: %w", err)
	}
	names, lines := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		if e.IsDir() || leftOut.MatchString(e.Name()) {
			continue
		}
		if strings.EqualFold(strings.TrimSuffix(e.Name(), ".txt"), "NOTICE") {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return l, err
			}
			l.notice = string(text)
		}
		if !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return l, err
		}
		found := identify(string(text))
		if len(found) == 0 {
			return l, fmt.Errorf("couldn't tell which licence %s is, expected one that internal/notice knows", e.Name())
		}
		for _, name := range found {
			names[name] = true
		}
		for _, line := range strings.Split(string(text), "\n") {
			line = strings.Join(strings.Fields(line), " ")
			if m := copyright.FindStringSubmatch(line); m != nil && !strings.Contains(line, "[yyyy]") && !lines[line] {
				lines[line] = true
				l.copyright = append(l.copyright, strings.TrimSuffix(m[1], " or"))
			}
		}
	}
	if len(names) == 0 {
		return l, fmt.Errorf("no licence file in %s", dir)
	}
	for name := range names {
		l.names = append(l.names, name)
	}
	sort.Strings(l.names)
	return l, nil
}

// marks are phrases of each licence's own text. A file may hold several licences.
var marks = []struct {
	name string
	all  []string
	none []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}, nil},
	{"MIT", []string{"Permission is hereby granted, free of charge, to any person obtaining a copy"}, nil},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "endorse or promote products"}, nil},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}, []string{"endorse or promote products"}},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software for any purpose"}, nil},
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}, nil},
	{"Unlicense", []string{"free and unencumbered software released into the public domain"}, nil},
	{"CC0-1.0", []string{"CC0 1.0 Universal"}, nil},
	{"blessing", []string{"disclaims copyright to this source code"}, nil},  // SQLite
	{"blessing", []string{"dedicated to the public domain", "SQLite"}, nil}, // SQLite's page about it
}

func identify(text string) []string {
	plain := strings.Join(strings.Fields(text), " ")
	has := func(phrase string) bool { return strings.Contains(strings.ToLower(plain), strings.ToLower(phrase)) }
	var names []string
marks:
	for _, m := range marks {
		for _, phrase := range m.all {
			if !has(phrase) {
				continue marks
			}
		}
		for _, phrase := range m.none {
			if has(phrase) {
				continue marks
			}
		}
		names = append(names, m.name)
	}
	return names
}
