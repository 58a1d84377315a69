package main

import (
	"encoding/json"
	"fmt"
	"os"

	strict "github.com/go-json-experiment/json"

	"parley"
	"parley/geo/notation"
)

// readProfile reads a partial profile over the defaults. Unknown fields are refused. Durations are "24h" or milliseconds, corners
// are positions in any notation, or [longitude, latitude] in units of 1e-7 degree.
func readProfile(file string) (parley.Profile, error) {
	profile := parley.DefaultProfile()
	if file == "" {
		return profile, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return profile, fmt.Errorf("couldn't read the profile: %w", err)
	}
	var fields map[string]any
	if err := strict.Unmarshal(text, &fields); err != nil {
		return profile, fmt.Errorf("%s: %w", file, parley.Malformed("", err))
	}
	for _, corner := range []string{"south_west", "north_east"} {
		if written, ok := fields[corner].(string); ok {
			r, err := notation.Parse(written)
			if err != nil {
				return profile, fmt.Errorf("%s: %s: %w", file, corner, err)
			}
			fields[corner] = r.Position
		}
	}
	for _, group := range []string{"lead_times", "clocks", "quotas"} {
		if members, ok := fields[group].(map[string]any); ok {
			for name, value := range members {
				if members[name], err = spans(value); err != nil {
					return profile, fmt.Errorf("%s: %s.%s: %w", file, group, name, err)
				}
			}
		}
	}
	plain, err := json.Marshal(fields)
	if err != nil {
		return profile, err
	}
	if err := strict.Unmarshal(plain, &profile, strict.RejectUnknownMembers(true)); err != nil {
		return profile, fmt.Errorf("%s: %w", file, parley.Malformed("", err))
	}
	if err := profile.Validate(); err != nil {
		return profile, fmt.Errorf("%s: %w", file, err)
	}
	return profile, nil
}

// spans turns durations that are written as text into milliseconds, alone or in a list.
func spans(value any) (any, error) {
	switch v := value.(type) {
	case string:
		return duration(v)
	case []any:
		for i := range v {
			var err error
			if v[i], err = spans(v[i]); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}
