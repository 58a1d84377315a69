package news

import (
	"sync"
	"time"
	"unicode/utf8"

	"parley/statement"
)

// shortest is the number of letters of the shortest name of a body that is looked for: shorter ones are words as well.
const shortest = 4

// Bodies returns what knows the names of bodies for a reader of statements: whole names, as an index of designations has them. That one is named is a mention, and
// no accusation. list returns the names and a mark that changes with them, and no names for a mark that is known; it is asked at most once in a while.
func Bodies(list func(known string) (names []string, mark string, err error), now func() time.Time) func(string) (string, bool) {
	const while = time.Minute
	var mu sync.Mutex
	var asked time.Time
	mark, known := "", map[string]string{}
	return func(name string) (string, bool) {
		mu.Lock()
		defer mu.Unlock()
		if at := now(); asked.IsZero() || at.Sub(asked) > while || at.Before(asked) {
			asked = at
			names, newest, err := list(mark)
			if err == nil && names != nil {
				mark, known = newest, map[string]string{}
				for _, n := range names {
					if utf8.RuneCountInString(n) >= shortest {
						known[statement.Fold(n)] = n
					}
				}
			}
		}
		found, ok := known[statement.Fold(name)]
		return found, ok
	}
}
