package exercise

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"parley"
	"parley/exchange/replay"
)

//go:embed library/*.json
var shelf embed.FS

// Library returns the exercises that come with parley, in the order of their names. Each is invented from end to end and shows one shape of
// failure.
func Library() ([]*replay.Case, error) {
	files, err := shelf.ReadDir("library")
	if err != nil {
		return nil, err
	}
	var list []*replay.Case
	for _, f := range files {
		text, err := shelf.ReadFile(path.Join("library", f.Name()))
		if err != nil {
			return nil, err
		}
		c, err := replay.Read(text)
		if err != nil {
			return nil, fmt.Errorf("couldn't read the exercise %s: %w", f.Name(), err)
		}
		list = append(list, c)
	}
	return list, nil
}

// Find returns an exercise by its name.
func Find(name string) (*replay.Case, error) {
	list, err := Library()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range list {
		if c.ID == name {
			return c, nil
		}
		names = append(names, c.ID)
	}
	return nil, &parley.Fault{Code: parley.CodeNotFound, Field: "exercise", Read: name, Expected: "one of " + strings.Join(names, ", ")}
}
