package web

import (
	"crypto/rand"
	"slices"
	"sync"

	"parley"
)

// How long what lies on a shelf stays, how much of it one person has at once, and how much there is in all, in bytes.
const (
	shelfTime = 12 * parley.Hour
	shelfEach = 8
	shelfMost = 256 << 20
)

// shelf keeps what a person has been shown for as long as they work with it: an inquiry's file, a text that is being read. It lies in memory, under a name
// that nobody can guess, and nobody else gets it. After a restart it is asked for again.
type shelf[T any] struct {
	mu   sync.Mutex
	list []shelved[T] // the oldest first
	size int
}

type shelved[T any] struct {
	id     string
	member parley.Ref
	at     int64
	size   int
	value  T
}

// put keeps a value of a size in bytes for a member and names it. What the member has kept longest goes when there is too much of it.
func (s *shelf[T]) put(member parley.Ref, value T, size int, now int64) (id string) {
	id = rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(func(o *shelved[T]) bool { return o.at+shelfTime < now })
	own := 0
	for i := range s.list {
		if s.list[i].member == member {
			own++
		}
	}
	s.drop(func(o *shelved[T]) bool {
		if o.member != member || own < shelfEach {
			return false
		}
		own--
		return true
	})
	for s.size+size > shelfMost && len(s.list) > 0 {
		first := s.list[0].id
		s.drop(func(o *shelved[T]) bool { return o.id == first })
	}
	s.list = append(s.list, shelved[T]{id, member, now, size, value})
	s.size += size
	return id
}

// get returns what a member has kept under a name.
func (s *shelf[T]) get(member parley.Ref, id string, now int64) (value T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.list {
		if o := &s.list[i]; o.id == id && o.member == member && o.at+shelfTime >= now {
			return o.value, true
		}
	}
	return value, false
}

// drop takes away what is named. The caller holds the lock.
func (s *shelf[T]) drop(is func(*shelved[T]) bool) {
	s.list = slices.DeleteFunc(s.list, func(o shelved[T]) bool {
		if is(&o) {
			s.size -= o.size
			return true
		}
		return false
	})
}
