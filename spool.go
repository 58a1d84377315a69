package parley

import (
	"fmt"
	"strconv"
)

// StopSpooled records what was told from a node's spool while the journal could not be written: when each command of an urgent stop was
// told, and how its ladder climbed meanwhile. The commands themselves stand before it. Only nodes sign it.
type StopSpooled struct {
	Told   []SpoolTold  `json:"told"`
	Climbs []SpoolClimb `json:"climbs,omitzero"`
}

// SpoolTold is one command that was told before it was appended.
type SpoolTold struct {
	Command Hash  `json:"command"`
	At      int64 `json:"at"`            // milliseconds UTC, by the node's clock
	Lost    bool  `json:"lost,omitzero"` // the spool could not keep it either: it was told, marked "not recorded"
}

// SpoolClimb is one step that a ladder climbed in the spool.
type SpoolClimb struct {
	Stop Ref   `json:"stop"`
	Step int   `json:"step"`
	Due  int64 `json:"due"`
	At   int64 `json:"at"`
}

// Kind implements Body.
func (*StopSpooled) Kind() CommandKind { return "stop.spooled" }

// Validate implements Body.
func (b *StopSpooled) Validate() error {
	if n := len(b.Told); n > 200 || n+len(b.Climbs) == 0 {
		return Invalid("told", fmt.Sprintf("%d commands", n), "1 to 200, or steps that a ladder climbed")
	}
	for i, t := range b.Told {
		field := fmt.Sprintf("told[%d]", i)
		if t.Command.IsZero() {
			return Invalid(field+".command", "zeros", "the name of a command")
		}
		if err := validateTime(field+".at", t.At); err != nil {
			return err
		}
	}
	if n := len(b.Climbs); n > 200 {
		return Invalid("climbs", fmt.Sprintf("%d steps", n), "at most 200")
	}
	for i, c := range b.Climbs {
		field := fmt.Sprintf("climbs[%d]", i)
		if c.Step < 1 {
			return Invalid(field+".step", strconv.Itoa(c.Step), "1 or more")
		}
		if err := first(requireRef(field+".stop", c.Stop, RefStop), validateTime(field+".due", c.Due), validateTime(field+".at", c.At)); err != nil {
			return err
		}
	}
	return nil
}

var _ = register[StopSpooled]()
