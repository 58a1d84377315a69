// Package pack signs, reads and asks the offline pack of a level: the same engine and the same rules as the server's check, with no line.
//
// A file holds a signed note of the log (C2SP signed note) and the pack's JSON. The note names the JSON by its SHA-256, so that neither is
// anything without the other.
package pack

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/index"
	"parley/release"
)

// maxFile is the largest file that is read, in bytes.
const maxFile = 16 << 20

// file is a pack as it lies on a disk or a stick. The body stands as text: its bytes are what was signed.
type file struct {
	Note string `json:"note"`
	Body string `json:"body"`
}

// Sign writes a pack as a file, signed by the log.
func Sign(p *release.Pack, key note.Signer) ([]byte, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("couldn't write the pack: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: text(p, body)}, key)
	if err != nil {
		return nil, fmt.Errorf("couldn't sign the pack: %w", err)
	}
	return json.Marshal(file{string(signed), string(body)})
}

// text is what the log signs: for whom the pack is, until when, and which bytes it holds.
func text(p *release.Pack, body []byte) string {
	sum := sha256.Sum256(body)
	var b strings.Builder
	for _, line := range [][2]string{{"theatre", p.Theatre.String()}, {"party", string(p.Party)}, {"recipient", string(p.Recipient)}, {"echelon", string(p.Echelon)}, {"pack", p.ID},
		{"list", fmt.Sprintf("%d %d %s", p.Head.Position, p.Head.Count, p.Head.Root)}, {"expires", parley.Stamp(p.Expires)}, {"body", parley.Hash(sum).String()}, {"notice", parley.SentenceNotification}} {
		b.WriteString(line[0] + ": " + line[1] + "\n")
	}
	return release.PackFormat + "\n" + b.String()
}

// Open reads a file and verifies the log's signature, and that it is for these bytes. An expired pack opens too: whoever asks it is told.
func Open(raw []byte, key note.Verifier) (*release.Pack, error) {
	if len(raw) > maxFile {
		return nil, fmt.Errorf("pack: read %d bytes; expected at most %d", len(raw), maxFile)
	}
	var f file
	if err := json.Unmarshal(raw, &f, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("pack: %w", parley.Malformed("", err))
	}
	opened, err := note.Open([]byte(f.Note), note.VerifierList(key))
	if err != nil {
		return nil, fmt.Errorf("pack: the log's signature: %w", err)
	}
	p := &release.Pack{}
	if err := json.Unmarshal([]byte(f.Body), p, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("pack: %w", parley.Malformed("body", err))
	}
	if p.Format != release.PackFormat {
		return nil, fmt.Errorf("pack: %w", parley.Invalid("body.format", p.Format, release.PackFormat))
	}
	if want := text(p, []byte(f.Body)); opened.Text != want {
		return nil, fmt.Errorf("pack: what was signed is not this pack: read %q; expected %q", opened.Text, want)
	}
	for i := range p.Entries {
		for _, v := range p.Entries[i].Volumes {
			if err := v.Shape.Validate(geo.MaxVertices); err != nil {
				return nil, fmt.Errorf("pack: body.entries[%d]: %w", i, err)
			}
		}
	}
	return p, nil
}

// Answer is what a pack says of a volume. Nothing of it is recorded anywhere.
type Answer struct {
	Indications []Indication
	Expired     bool
	Sentence    string
}

// Indication is a contrary indication: a notified object that touches the volume, with the time in which both hold.
type Indication struct {
	Entry  *release.PackEntry
	Window geo.Window
}

// Check asks a pack about a volume at a moment, by the rules of the server's check. A volume that the pack does not cover wholly is
// refused: an answer about a part would look like one about the whole.
func Check(p *release.Pack, v geo.Volume, now int64) (*Answer, error) {
	v = channel.Widened(v)
	if err := covers(p, v); err != nil {
		return nil, err
	}
	x := index.New()
	entries := map[index.ID]*release.PackEntry{}
	next := index.ID(0)
	for i := range p.Entries {
		for _, part := range p.Entries[i].Volumes {
			next++
			entries[next] = &p.Entries[i]
			x.Put(next, part.Volume())
		}
	}
	a := &Answer{Expired: now >= p.Expires}
	for _, id := range x.Find(v) {
		part, _ := x.Volume(id)
		a.Indications = append(a.Indications, Indication{entries[id], geo.Window{From: max(part.Window.From, v.Window.From), To: min(part.Window.To, v.Window.To)}})
	}
	// One indication an object: of its newest version the part that begins first, as the server names it.
	slices.SortFunc(a.Indications, func(a, b Indication) int {
		return cmp.Or(cmp.Compare(a.Entry.Of.Ref, b.Entry.Of.Ref), cmp.Compare(b.Entry.Of.Version, a.Entry.Of.Version), cmp.Compare(a.Window.From, b.Window.From))
	})
	a.Indications = slices.CompactFunc(a.Indications, func(a, b Indication) bool { return a.Entry.Of.Ref == b.Entry.Of.Ref })
	a.Sentence = parley.SentenceIndications
	if len(a.Indications) == 0 {
		a.Sentence = parley.SentenceNothingFound(p.Head.Position, p.HeadAt)
	}
	return a, nil
}

// covers refuses a volume that reaches out of the pack. Within it, whatever meets the volume meets the pack's own volume too, so that the
// pack holds it: the volume's core lies in the sector, its buffer is no wider, its window no longer.
func covers(p *release.Pack, v geo.Volume) error {
	sector := p.Sector.Normalize()
	switch {
	case v.Buffer > p.Buffer:
		return parley.Invalid("buffer", fmt.Sprintf("%d m", v.Buffer), fmt.Sprintf("at most %d m, which this pack reaches beyond its sector", p.Buffer))
	case v.Window.From < p.Window.From || v.Window.To > p.Window.To:
		return parley.Invalid("window", parley.Stamp(v.Window.From)+" to "+parley.Stamp(v.Window.To), "a window within the pack's, "+parley.Stamp(p.Window.From)+" to "+parley.Stamp(p.Window.To))
	case geo.Within(border(sector), v.Shape, 0) || !starts(sector, v.Shape):
		return parley.Invalid("shape", "a shape that is not wholly inside", "a shape inside the pack's sector, not touching its border")
	}
	return nil
}

// border is the line around a sector and around its holes.
func border(sector geo.Shape) geo.Shape {
	line := geo.Shape{Kind: geo.MultiLineString}
	for _, rings := range sector.Polygons {
		for _, ring := range rings {
			line.Lines = append(line.Lines, []geo.Position(ring))
		}
	}
	return line
}

// starts reports whether every part of a shape begins inside a sector. A part that begins inside and does not touch the border lies inside.
func starts(sector, s geo.Shape) bool {
	inside := func(p geo.Position) bool {
		return geo.Within(sector, geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}, 0)
	}
	for _, p := range s.Points {
		if !inside(p) {
			return false
		}
	}
	for _, line := range s.Lines {
		if !inside(line[0]) {
			return false
		}
	}
	for _, rings := range s.Polygons {
		if !inside(rings[0][0]) {
			return false
		}
	}
	return true
}
