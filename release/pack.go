package release

import (
	"parley"
	"parley/geo"
)

// Pack is a party's own list, cut to a sector and a window, for one level to check against without a line. It holds what stands for the
// party there, superseded versions that still stand included, exactly as the party's checks use it.
type Pack struct {
	Format    string         `json:"format"` // PackFormat
	Theatre   parley.Hash    `json:"theatre"`
	Exercise  bool           `json:"exercise,omitzero"`
	Zone      string         `json:"zone"`
	ID        string         `json:"id"` // for whom and when it was made: stands on every print
	Party     parley.Ref     `json:"party"`
	Recipient parley.Ref     `json:"recipient"` // member
	Echelon   parley.Echelon `json:"echelon"`
	Level     string         `json:"level,omitzero"` // the level's own name, as the recipient gave it

	Made    int64           `json:"made"`
	Expires int64           `json:"expires"`
	Head    parley.ListHead `json:"head"`
	HeadAt  int64           `json:"head_at"` // when the list moved last; of a new party's empty list, when the theatre was opened
	Sector  geo.Shape       `json:"sector"`
	Buffer  int32           `json:"buffer"` // how far beyond the sector the pack reaches, metres
	Window  geo.Window      `json:"window"`

	Entries   []PackEntry `json:"entries"` // in an order of this pack's own
	Sentences []string    `json:"sentences"`
}

// PackFormat is the format of packs that this version makes.
const PackFormat = "parley pack v1"

// PackEntry is one released version with the volumes that meet the sector.
type PackEntry struct {
	Of       parley.Versioned `json:"of"`
	Volumes  []PackVolume     `json:"volumes"`
	Object   Object           `json:"object"`
	Currency string           `json:"currency"`
	State    string           `json:"state"` // of its release
}

// PackVolume is where and when an entry keeps out, with the integers that every machine decides by.
type PackVolume struct {
	Shape  geo.Shape  `json:"shape"`
	Buffer int32      `json:"buffer"`
	Band   geo.Band   `json:"band"`
	Window geo.Window `json:"window"`
}

// Volume returns v as the engine takes it.
func (v PackVolume) Volume() geo.Volume {
	return geo.Volume{Shape: v.Shape, Buffer: v.Buffer, Band: v.Band, Window: v.Window}
}
