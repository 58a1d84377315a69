package geo

import "fmt"

// Fault says where a shape is wrong: what was read there and what was expected.
type Fault struct {
	Path     string // as in "polygons[0][1][7]"; empty for the shape as a whole
	Read     string
	Expected string
}

// Error writes the fault as one sentence.
func (f *Fault) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("shape: read %s, expected %s", f.Read, f.Expected)
	}
	return fmt.Sprintf("%s: read %s, expected %s", f.Path, f.Read, f.Expected)
}

func fault(path string, read any, expected string) *Fault {
	return &Fault{Path: path, Read: fmt.Sprint(read), Expected: expected}
}
