package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/geo/notation"
)

// The types below read what stands on the command line, as people write it.

// ref is a reference in any case, with or without hyphens.
type ref struct{ parley.Ref }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *ref) UnmarshalText(text []byte) (err error) {
	r.Ref, err = parley.ParseRef(string(text))
	return err
}

func refs(in []ref) []parley.Ref {
	var out []parley.Ref
	for _, r := range in {
		out = append(out, r.Ref)
	}
	return out
}

// versioned is a reference with its version, such as SITE-7K3F-Q2/v3.
type versioned struct{ parley.Versioned }

// UnmarshalText implements encoding.TextUnmarshaler.
func (v *versioned) UnmarshalText(text []byte) (err error) {
	v.Versioned, err = parley.ParseVersioned(string(text))
	return err
}

// hash is the name of a command or a commitment.
type hash struct{ parley.Hash }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *hash) UnmarshalText(text []byte) (err error) {
	h.Hash, err = parley.ParseHash(string(text))
	return err
}

// place is a position in any notation of package notation.
type place struct {
	notation.Reading
	typed string
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *place) UnmarshalText(text []byte) (err error) {
	p.typed = string(text)
	p.Reading, err = notation.Parse(p.typed)
	return err
}

// when is a time: RFC 3339, "now", so long from now ("+26h", "-90m", "+2d"), or "2026-03-01T09:00" in the theatre's zone. Now is the
// machine's, and in an exercise with simulated time that of the theatre.
type when struct {
	text  string
	at    int64  // milliseconds UTC, unless local or shift
	shift *int64 // milliseconds from now
	local time.Time
}

const localTime = "2006-01-02T15:04"

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *when) UnmarshalText(text []byte) error {
	w.text = strings.TrimSpace(string(text))
	switch {
	case w.text == "now":
		w.shift = new(int64)
		return nil
	case strings.HasPrefix(w.text, "+"), strings.HasPrefix(w.text, "-"):
		d, err := duration(w.text)
		w.shift = &d
		return err
	}
	if t, err := time.Parse(time.RFC3339, w.text); err == nil {
		w.at = t.UnixMilli()
		return nil
	}
	t, err := time.Parse(localTime, w.text)
	if err != nil {
		return parley.Invalid("", strconv.Quote(w.text), "a time such as 2026-03-01T06:00:00Z, 2026-03-01T09:00 in the theatre's zone, now, or +26h")
	}
	w.local = t
	return nil
}

// in returns the time in milliseconds UTC, reading local times in the theatre's zone. An unset time is 0.
func (w when) in(t *api.Theatre) (int64, error) {
	switch {
	case w.shift != nil:
		return now(t) + *w.shift, nil
	case w.local.IsZero():
		return w.at, nil
	}
	location, err := time.LoadLocation(t.Profile.Zone)
	if err != nil {
		return 0, fmt.Errorf("couldn't find the theatre's zone: %w; write the time with its zone, such as 2026-03-01T06:00:00Z", err)
	}
	l := w.local
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, location).UnixMilli(), nil
}

// now is the time in a theatre, in milliseconds UTC.
func now(t *api.Theatre) int64 {
	if t.Clock == parley.ClockSimulated {
		if at, err := time.Parse(time.RFC3339Nano, t.Now); err == nil {
			return at.UnixMilli()
		}
	}
	return time.Now().UnixMilli()
}

// duration reads "24h", "90m", "+2d" or "-30s" in milliseconds.
func duration(text string) (int64, error) {
	number, days := strings.CutSuffix(text, "d")
	if days {
		if n, err := strconv.ParseInt(number, 10, 32); err == nil {
			return n * parley.Day, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, parley.Invalid("", strconv.Quote(text), "a duration such as 24h, 90m or 2d")
	}
	return d.Milliseconds(), nil
}
