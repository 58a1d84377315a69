package exercise

import (
	"parley"
	"parley/exchange/replay"
)

// changes reports whether an event says of a movement what a report can carry.
func changes(t *thing, e *replay.Event) bool {
	_, armed := fact(e.Data, armedNotified)
	_, placed := placeIn(e.Data, nil)
	return armed || placed
}

// differ adds to a report what an event says of the movement itself.
func differ(b *parley.MovementReport, t *thing, e *replay.Event) {}
