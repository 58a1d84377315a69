package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/need"
)

// TestNoticeIsCurrent fails when a module came, went or changed its version and nobody ran go generate.
func TestNoticeIsCurrent(t *testing.T) {
	modules, err := linked(need.Root(), "./cmd/parley")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := write(&want, modules); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(need.Root(), "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("NOTICE differs from what is linked; run make notice\n%s", want.Bytes())
	}
}

func TestIdentify(t *testing.T) {
	licence, err := os.ReadFile(filepath.Join(need.Root(), "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	for want, text := range map[string]string{
		"Apache-2.0":   string(licence),
		"MIT":          "Permission is hereby granted, free of charge, to any\nperson obtaining a copy of this software",
		"BSD-3-Clause": "Redistribution and use in source and binary forms ... used to endorse or promote products",
		"BSD-2-Clause": "Redistribution and use in source and binary forms, with or without modification",
	} {
		if got := identify(text); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: read as %v", want, got)
		}
	}
	if got := identify("All rights reserved."); len(got) != 0 {
		t.Errorf("an unknown licence was read as %v", got)
	}
}

// TestReadRefuses holds that a module without a licence, or with one that is not known, stops the program.
func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := read(dir); err == nil || !strings.Contains(err.Error(), "no licence file") {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("Ask the author."), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(dir); err == nil || !strings.Contains(err.Error(), "couldn't tell which licence") {
		t.Errorf("an unknown licence: %v", err)
	}
}
