package web

import (
	"encoding/base32"
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"

	"parley"
	"parley/channel"
	"parley/node"
	"parley/proof"
)

// receiptPage shows which of the three receipts there are for one command, for screen and paper: stored, witnessed, acknowledged.
type receiptPage struct {
	Name     parley.Hash
	Groups   string // the name in groups of four, for reading aloud
	Outcome  parley.Outcome
	Of       parley.Versioned
	Height   uint64
	Block    string
	Note     string // signed by the log
	LogKey   string
	Size     uint64 // entries of the tree that it is proved in
	Root     string
	OnBehalf string // how the word came, when the notifier did not sign it
	QR       template.HTML
	Link     string // the page of the record
	Object   *recordPage

	Needed       bool // witnesses are named
	Witnessed    bool // enough of them have cosigned
	ExistedBy    int64
	PromisedBy   int64 // 0: no promise
	NotBefore    int64 // 0: the command quotes no tree head
	Cosigned     []cosigned
	Acknowledged []acknowledged
}

// cosigned is one witness's cosignature, at a time of its own clock in milliseconds.
type cosigned struct {
	Witness string
	At      int64
}

// acknowledged is one receiver's own signed command, or what the desk signed when the receiver told it by another way.
type acknowledged struct {
	By   parley.Ref
	At   int64
	Told string // how; empty: the receiver signed
}

// proofs fills the page with what its receipt proves. The receipt is verified here as anyone would verify it elsewhere.
func (c *call) proofs(page *receiptPage, out parley.Outcome) error {
	var acknowledgements []uint64
	if err := c.view(func(v *channel.Viewer) { acknowledgements = node.Acknowledgements(v, out) }); err != nil {
		return err
	}
	r, err := c.p.node.Proofs(c.r.Context(), out, acknowledgements)
	if err != nil {
		return err
	}
	v, err := r.Verify(proof.Trust{LogKey: c.p.node.LogKey()})
	if err != nil {
		return err
	}
	page.Height, page.Block, page.Note, page.LogKey = v.Height, v.Block.String(), r.Stored, r.LogKey
	page.Size, page.Root = v.Tree.Size, v.Tree.Root.String()
	page.Needed = v.Policy != nil && v.Policy.Needs()
	page.Witnessed, page.ExistedBy = page.Needed && v.Tree.Quorum, v.Tree.ExistedBy*1000
	if v.Promise != nil {
		page.PromisedBy = v.Promise.By
	}
	if v.Before != nil {
		page.NotBefore = v.Before.Time
	}
	for _, by := range v.Tree.By {
		page.Cosigned = append(page.Cosigned, cosigned{by.Witness, by.Time * 1000})
	}
	for i := range v.Acknowledged {
		ack := &v.Acknowledged[i]
		line := acknowledged{By: ack.Signers[0].Account, At: ack.Time}
		if on := ack.Command.OnBehalf; on != nil {
			line.By, line.Told = on.Of, string(on.Channel)
		}
		page.Acknowledged = append(page.Acknowledged, line)
	}
	if v.Command.OnBehalf != nil {
		page.OnBehalf = string(v.Command.OnBehalf.Channel)
	}
	return nil
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
	page := &receiptPage{Name: name, Groups: groups(name.String()), Outcome: out}
	if err := c.proofs(page, out); err != nil {
		return err
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
