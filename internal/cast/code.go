package cast

import (
	"errors"

	"parley"
)

// CodeOf returns the code of a refusal, "" for other errors.
func CodeOf(err error) parley.Code {
	var f *parley.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}
