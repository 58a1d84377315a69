package deliver

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
	"parley/release"
)

// readOnly is a real journal whose writes can be made to fail.
type readOnly struct {
	journal.Journal
	on atomic.Bool
}

func (j *readOnly) Append(ctx context.Context, b *journal.Block, p []journal.Payload) error {
	if j.on.Load() {
		return errors.New("attempt to write a readonly database (8)")
	}
	return j.Journal.Append(ctx, b, p)
}

// A stop that the journal does not have yet goes out by every channel, marked; once the journal has it the ordinary notice follows.
func TestAStopWithoutAJournalGoesOutMarked(t *testing.T) {
	s, r := enter(t), receive(t, nil)
	if err := s.node.Close(); err != nil {
		t.Fatal(err)
	}
	real, err := journal.OpenSQLite(t.Context(), s.folder)
	if err != nil {
		t.Fatal(err)
	}
	j := &readOnly{Journal: real}
	n, err := node.Open(t.Context(), node.Config{Folder: s.folder, Journal: j})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	s.node, s.Stage = n, cast.OnNode{Node: n}
	d := s.start(s.config(s.hook("north", r.URL, nil)))
	placed(t, d)
	j.on.Store(true)
	defer j.on.Store(false)
	if _, err := s.Say(s.Org, func(*draft.Draft) parley.Body { return &parley.StopRaise{Object: s.site} }); err != nil {
		t.Fatal(err)
	}
	find := func(mark string) (ref parley.Ref) {
		for _, e := range r.took() {
			if e.Notice.Kind == parley.NoticeStop && e.Notice.Mark == mark && e.Notice.Urgent {
				ref = e.Notice.Object
			}
		}
		return ref
	}
	eventually(t, "nothing goes out without a journal", func() bool { return find(release.MarkSpooled) != "" })
	j.on.Store(false)
	eventually(t, "the ordinary notice does not follow", func() bool { return find("") == find(release.MarkSpooled) })
	marked := 0
	for _, e := range r.took() {
		if e.Notice.Mark != "" {
			marked++
		}
	}
	if marked != 1 {
		t.Errorf("%d marked messages; expected one", marked)
	}
}
