package web

import (
	"context"
	"encoding/base32"
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"

	"parley"
	"parley/channel"
	"parley/node"
)

// receiptPage is the stored receipt of one command, for screen and paper. Stored is neither witnessed nor acknowledged.
type receiptPage struct {
	Name     parley.Hash
	Groups   string // the name in groups of four, for reading aloud
	Outcome  parley.Outcome
	Of       parley.Versioned
	Height   uint64
	Block    string
	Note     string // signed by the log
	LogKey   string
	Size     uint64
	Root     string
	OnBehalf string // how the word came, when the notifier did not sign it
	QR       template.HTML
	Link     string // the page of the record
	Object   *recordPage
}

func (c *call) receipt() error {
	name, err := parley.ParseHash(c.r.PathValue("name"))
	if err != nil {
		return errMissing
	}
	out, ok, err := c.outcome(name)
	if err != nil {
		return err
	}
	if !ok {
		return errMissing
	}
	r, err := c.p.node.ReceiptOf(c.r.Context(), out)
	if err != nil {
		return err
	}
	note, err := c.p.node.Stored(r)
	if err != nil {
		return err
	}
	head, err := c.p.node.Head()
	if err != nil {
		return err
	}
	page := &receiptPage{Name: name, Groups: groups(name.String()), Outcome: out, Height: r.Height, Block: r.Block.String(), Note: string(note), LogKey: c.p.node.LogKey(),
		Size: head.Size, Root: head.Root.String()}
	command, err := c.commandAt(c.r.Context(), r)
	if err != nil {
		return err
	}
	if command.OnBehalf != nil {
		page.OnBehalf = string(command.OnBehalf.Channel)
	}
	page.Of = parley.Versioned{Ref: out.Ref}
	_ = c.view(func(v *channel.Viewer) {
		if file, ok := v.Object(out.Ref); ok {
			for _, e := range file.Commands {
				if e.Name == name {
					page.Of.Version = e.Version
				}
			}
		}
	})
	if page.Of.Version != 0 {
		c.r.SetPathValue("ref", string(out.Ref))
		if page.Object, err = c.record(out.Ref); err != nil {
			return err
		}
	}
	page.QR = qrCode(receiptText(page))
	f := c.frame("receipt", "receipt.title", page)
	page.Link = f.HrefOf(out.Ref)
	return c.show(f)
}

// receiptText is what the QR code says: the scheme, the reference with its version, the position and the command's name. Upper case
// only, so that the code stays small; the same stands in text below it.
func receiptText(p *receiptPage) string {
	ref := string(p.Of.Ref)
	if p.Of.Version != 0 {
		ref = p.Of.String()
	}
	return strings.ToUpper(fmt.Sprintf("PARLEY:%s:%d:%s", ref, p.Outcome.Position, strings.TrimRight(base32.StdEncoding.EncodeToString(p.Name[:]), "=")))
}

// qrCode draws a text as an SVG of one path.
func qrCode(text string) template.HTML {
	code, err := qr.Encode(text, qr.M)
	if err != nil { // a text of this length always fits
		return ""
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			run := 1
			for code.Black(x+run, y) {
				run++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+4, y+4, run, run)
			x += run
		}
	}
	side := code.Size + 8
	return template.HTML(fmt.Sprintf(`<svg class="qr" role="img" aria-label="QR" viewBox="0 0 %d %d"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, side, side, side, side, path.String()))
}

// groups sets a hash in groups of four digits.
func groups(hash string) string {
	var parts []string
	for i := 0; i < len(hash); i += 4 {
		parts = append(parts, hash[i:min(i+4, len(hash))])
	}
	return strings.Join(parts, " ")
}

// commandAt reads the command of a receipt from the journal. The caller has made sure that it is the reader's own account's.
func (c *call) commandAt(ctx context.Context, r node.Receipt) (*parley.Command, error) {
	for b, err := range c.p.node.Journal().Blocks(ctx, r.Height) {
		if err != nil {
			return nil, err
		}
		first := b.Size - uint64(b.Count)
		e, err := parley.ParseEnvelope(b.Entries[r.Outcome.Position-first].Envelope)
		if err != nil {
			return nil, err
		}
		return parley.ParseCommand(e.Body)
	}
	return nil, errMissing
}
