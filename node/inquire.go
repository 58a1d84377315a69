package node

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"parley"
	"parley/channel"
	"parley/inquiry"
	"parley/journal"
	"parley/proof"
	"parley/release"
)

// Inquire says what was known at a time near a place, as one member may see it, in a file that verifies without this node. The journal is read and
// verified anew for it: one that was altered gives no answer. Every object of others in it is on record as read before the file is handed out.
func (n *Node) Inquire(ctx context.Context, m *parley.Member, q release.Question) ([]byte, error) {
	select { // a replay takes a processor for a while: one at a time
	case n.inquiring <- struct{}{}:
		defer func() { <-n.inquiring }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var refusal *channel.Refusal
	if err := n.Read(func(s *channel.State) { refusal = s.View(m, n.now(), n.Text).MayInquire(&q) }); err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, &Refused{refusal}
	}
	then, size, err := n.stateAt(ctx, q.At)
	if errors.Is(err, inquiry.ErrErased) {
		return nil, &Refused{&channel.Refusal{Fault: parley.Fault{Code: parley.CodeInvalid, Field: "at", Read: parley.Stamp(q.At), Expected: "a later time: " + err.Error()}}}
	}
	if err != nil {
		return nil, err
	}
	r := &inquiry.Report{Question: q, For: m.Account, Reader: m.Ref, Then: size, Missing: []string{}, Sentence: parley.SentenceInquiry}
	if size > 0 {
		r.Lines = then.View(m, q.At, n.Text).KnownAt(&q)
	}
	if err := n.Read(func(s *channel.State) {
		t := s.Theatre()
		r.Theatre, r.Exercise, r.Made, r.Now = t.Name, t.Profile.Exercise, s.Now(), s.Size()
		r.Lines = append(r.Lines, s.View(m, n.now(), n.Text).KnownLater(&q, size)...)
	}); err != nil {
		return nil, err
	}
	order(r)
	f, err := n.prove(ctx, m, r)
	if err != nil {
		return nil, err
	}
	n.missing(m, r, f)
	if err := n.recordInquiry(ctx, m, r); err != nil {
		return nil, err
	}
	if err := f.Sign(r, n.logKeys.current); err != nil {
		return nil, err
	}
	return f.Marshal()
}

// order puts the lines into the order of their sections, by reference, version and time within each.
func order(r *inquiry.Report) {
	slices.SortStableFunc(r.Lines, func(a, b release.InquiryLine) int {
		return slices.Index(release.InquirySections, a.Section) - slices.Index(release.InquirySections, b.Section)
	})
	if r.Lines == nil {
		r.Lines = []release.InquiryLine{}
	}
}

// stateAt returns the state as it was at a time, with how many entries it holds: from the newest snapshot from before, or from nothing.
func (n *Node) stateAt(ctx context.Context, at int64) (*channel.State, uint64, error) {
	names, err := filepath.Glob(filepath.Join(n.cfg.Folder, "*"+snapshotSuffix))
	if err != nil {
		return nil, 0, err
	}
	slices.SortFunc(names, func(a, b string) int { return int(heightOf(b)) - int(heightOf(a)) })
	state, from := channel.New(), uint64(1)
	for _, name := range names {
		header, _, err := journal.ReadSnapshot(name)
		if err != nil || header.Last.Time > at {
			continue // a damaged one is said so when the node starts
		}
		if s, _, err := n.load(ctx, name); err == nil {
			state, from = s, header.Last.Height+1
			break
		}
	}
	size, err := inquiry.Replay(ctx, state, n.journal.Blocks(ctx, from), at)
	return state, size, err
}

// prove gathers the entries that the lines name, with their place in one tree: the newest that enough witnesses have cosigned, if it holds them all.
func (n *Node) prove(ctx context.Context, m *parley.Member, r *inquiry.Report) (*inquiry.File, error) {
	f := &inquiry.File{LogKey: n.LogKey(), Rotations: n.logKeys.rotations, Policy: n.Policy(), Entries: []inquiry.Entry{}}
	var positions []uint64
	for i := range r.Lines {
		positions = append(positions, r.Lines[i].Positions...)
	}
	slices.Sort(positions)
	positions = slices.Compact(positions)
	signed, size, err := n.checkpointOver(ctx, positions)
	if err != nil {
		return nil, err
	}
	f.Checkpoint = string(signed)
	var block *journal.Block
	for _, p := range positions {
		if block == nil || p >= block.Size || p < block.Size-uint64(block.Count) {
			if block, err = n.journal.Holding(ctx, p); err != nil {
				return nil, err
			}
		}
		e, err := n.inquiryEntry(m, block, p)
		if err != nil {
			return nil, err
		}
		if e.Inclusion, err = n.tree.Inclusion(p, size); err != nil {
			return nil, err
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

// checkpointOver returns the signed checkpoint of a tree that holds every position.
func (n *Node) checkpointOver(ctx context.Context, positions []uint64) (signed []byte, size uint64, err error) {
	last := uint64(0)
	if len(positions) > 0 {
		last = positions[len(positions)-1]
	}
	if signed, err = n.signed.covering(ctx, last); err != nil {
		return nil, 0, err
	}
	if signed != nil {
		w, err := n.policy.Open(signed, n.allLogKeys()...)
		return signed, w.Size, err
	}
	c, signed, err := n.signHead()
	return signed, c.Size, err
}

// inquiryEntry returns one entry as a reader may have it.
func (n *Node) inquiryEntry(m *parley.Member, b *journal.Block, position uint64) (inquiry.Entry, error) {
	raw := b.Entries[position-(b.Size-uint64(b.Count))]
	if raw.Erased != nil {
		return inquiry.Entry{Position: position, Time: raw.Time, Envelope: raw.Erased.Sum, Gone: true}, nil
	}
	e := inquiry.Entry{Position: position, Time: raw.Time, Envelope: proof.Hash(sha256.Sum256(raw.Envelope))}
	signed, envelope, err := channel.Open(raw.Envelope)
	if err != nil {
		return e, err
	}
	var holders []proof.Holder
	may, texts := false, false
	if err := n.Read(func(s *channel.State) {
		v := s.View(m, n.now(), n.Text)
		if may = v.MayHave(position, signed.Command.Body); !may {
			return
		}
		texts = v.MayReadTexts(position)
		for _, sig := range envelope.Signatures {
			if key, ok := s.KeyOf(sig.Key); ok {
				holders = append(holders, proof.Holder{Theatre: s.Theatre().Name, Key: key, Account: s.AccountOf(sig.Key)})
			}
		}
	}); err != nil {
		return e, err
	}
	if !may {
		return e, nil
	}
	e.Command = proof.Written(raw.Envelope)
	for _, h := range holders {
		text, err := proof.SignHolder(h, n.logKeys.current)
		if err != nil {
			return e, err
		}
		e.Holders = append(e.Holders, string(text))
	}
	for _, c := range signed.Command.Commitments() {
		if !texts {
			e.Withheld++
			continue
		}
		plain, err := n.journal.Payload(context.Background(), c.Hash)
		if err != nil {
			e.Erased++ // gone, or never there: nobody can open it
			continue
		}
		var p parley.Payload
		if err := p.UnmarshalBinary(plain); err != nil {
			return e, err
		}
		e.Texts = append(e.Texts, p)
	}
	return e, nil
}

// missing says, of each line and of the whole, what the file does not show.
func (n *Node) missing(m *parley.Member, r *inquiry.Report, f *inquiry.File) {
	entries := map[uint64]*inquiry.Entry{}
	for i := range f.Entries {
		entries[f.Entries[i].Position] = &f.Entries[i]
	}
	hidden, gone, erased, withheld := 0, 0, 0, 0
	for i := range r.Lines {
		l := &r.Lines[i]
		for _, p := range l.Positions {
			e := entries[p]
			if e.Gone {
				l.Missing = append(l.Missing, fmt.Sprintf("the signed command at position %d: erased, as its retention is over", p))
			} else if e.Command == nil {
				l.Missing = append(l.Missing, fmt.Sprintf("the signed command at position %d: this reader gets its hash alone", p))
			}
			if e.Erased > 0 {
				l.Missing = append(l.Missing, fmt.Sprintf("%d texts of the command at position %d: erased", e.Erased, p))
			}
		}
	}
	for i := range f.Entries {
		if f.Entries[i].Gone {
			gone++
		} else if f.Entries[i].Command == nil {
			hidden++
		}
		erased += f.Entries[i].Erased
		withheld += f.Entries[i].Withheld
	}
	say := func(format string, args ...any) { r.Missing = append(r.Missing, fmt.Sprintf(format, args...)) }
	if hidden > 0 {
		say("%d signed commands that this reader may not have: their place and time are proved, what they say is the log's word", hidden)
	}
	if gone > 0 {
		say("%d signed commands that are erased, as their retention is over: their place and time are proved", gone)
	}
	if erased > 0 {
		say("%d texts that were erased", erased)
	}
	if withheld > 0 {
		say("%d texts that this reader does not get", withheld)
	}
	sealed := 0
	for i := range r.Lines {
		if r.Lines[i].Section == "seals" && r.Lines[i].Fact("opened") == "" {
			sealed++
		}
	}
	if sealed > 0 {
		say("the content of %d sealed areas that were not opened: they may have been elsewhere", sealed)
	}
	if m.Account != parley.Desk {
		say("what other accounts keep to themselves: checks, answers to indications, areas that were told to others")
	}
	say("what nobody told the channel: it knows what stands in its journal, and nothing else")
	say("that nothing was left out: a log that leaves lines out is found out by those who hold receipts of them")
	if size := n.policy.Needs(); !size {
		say("witnesses: none are named, so an operator who signs two histories is not found out by this file")
	}
}

// recordInquiry writes down that objects of others were read for an inquiry.
func (n *Node) recordInquiry(ctx context.Context, m *parley.Member, r *inquiry.Report) error {
	var reads []parley.Read
	seen := map[parley.Ref]bool{}
	if err := n.Read(func(s *channel.State) {
		for i := range r.Lines {
			ref := r.Lines[i].Ref
			if r.Lines[i].Section != "versions" || seen[ref] || s.OwnerOf(ref) == m.Account {
				continue
			}
			seen[ref] = true
			reads = append(reads, parley.Read{Object: ref, Member: m.Ref, Purpose: parley.ForInquiry, At: max(n.now(), 1)})
		}
	}); err != nil {
		return err
	}
	if len(reads) == 0 {
		return nil
	}
	return n.RecordReads(ctx, reads)
}
