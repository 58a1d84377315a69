package proof_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/proof"
)

const noon = 1767265200000 // 2026-01-01T11:00:00Z

// file is a log of six entries of which the third is a command and the fifth its acknowledgement, with the receipt of the command.
type file struct {
	log        *proof.LogKey
	theatre    parley.Hash
	author     ed25519.PrivateKey
	made, ack  *draft.Submission
	tree       *proof.Tree
	checkpoint []byte
	receipt    proof.Receipt
}

func newFile(t *testing.T) *file {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	f := &file{theatre: sha256.Sum256([]byte("theatre")), author: draft.NewKey()}
	var err error
	f.log, err = proof.NewLogKey("parley.example/theatre")
	must(err)
	entry := func(at uint64) ([]byte, parley.Hash) {
		envelope := sha256.Sum256([]byte{byte(at)})
		return proof.NewLeaf(noon+int64(at), envelope), envelope
	}
	leaves := make([][]byte, 6)
	for at := range leaves {
		leaves[at], _ = entry(uint64(at))
	}
	var quoted proof.Frontier
	quoted.Append(leaves[0])
	quoted.Append(leaves[1])

	d := &draft.Draft{Theatre: f.theatre, MadeAt: noon, NotBefore: &parley.Checkpoint{Size: 2, Root: quoted.Root()}}
	f.made, err = d.Sign(&parley.SiteNotify{Site: cast.Hospital(d, cast.At(33, 36), noon, parley.MakeRef(parley.RefParty, f.theatre, 6))}, f.author)
	must(err)
	a := &draft.Draft{Theatre: f.theatre, MadeAt: noon}
	f.ack, err = a.Sign(&parley.ObjectAcknowledge{Of: parley.Versioned{Ref: parley.MakeRef(parley.RefSite, f.made.Name, 5), Version: 1}, ReadBack: cast.At(33, 36)}, f.author)
	must(err)
	leaves[2] = proof.NewLeaf(noon+2, sha256.Sum256(f.made.Envelope))
	leaves[4] = proof.NewLeaf(noon+4, sha256.Sum256(f.ack.Envelope))

	var whole proof.Frontier
	for _, leaf := range leaves {
		whole.Append(leaf)
	}
	f.tree, err = proof.OpenTree(filepath.Join(t.TempDir(), "tree"), 6, whole.Root(), func(from uint64) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for _, leaf := range leaves[from:] {
				if !yield(leaf, nil) {
					return
				}
			}
		}
	})
	must(err)
	t.Cleanup(func() { f.tree.Close() })
	f.checkpoint, err = proof.SignCheckpoint(6, whole.Root(), f.log)
	must(err)

	_, last := entry(1)
	before := &proof.Before{Time: noon + 1, Envelope: last}
	before.Consistency, err = f.tree.Consistency(2, 6)
	must(err)
	before.Inclusion, err = f.tree.Inclusion(1, 2)
	must(err)
	f.receipt = proof.Receipt{Format: proof.ReceiptFormat, LogKey: f.log.Public(), Before: before,
		Proven: f.proven(t, f.made, 2, f.theatre, "applied"), Acknowledged: []proof.Proven{f.proven(t, f.ack, 4, f.theatre, "applied")}}
	f.receipt.Texts = f.made.Payloads
	return f
}

// proven proves that a command stands at a position of the file's log.
func (f *file) proven(t *testing.T, s *draft.Submission, position uint64, theatre parley.Hash, outcome string) proof.Proven {
	t.Helper()
	stored, err := proof.SignStored(proof.Stored{Theatre: theatre, Name: s.Name, Position: position, Height: 1, Time: noon + int64(position), Outcome: outcome}, f.log)
	if err != nil {
		t.Fatal(err)
	}
	inclusion, err := f.tree.Inclusion(position, 6)
	if err != nil {
		t.Fatal(err)
	}
	text := proof.TlogProof{Index: position, Inclusion: inclusion, Checkpoint: f.checkpoint}.Text()
	return proof.Proven{Stored: string(stored), Proof: text, Envelope: s.Envelope, Holders: []string{f.holder(t, theatre, draft.KeyOf(f.author))}}
}

func (f *file) holder(t *testing.T, theatre parley.Hash, key parley.PublicKey) string {
	t.Helper()
	signed, err := proof.SignHolder(proof.Holder{Theatre: theatre, Key: key, Account: parley.Board}, f.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

func TestReceiptProves(t *testing.T) {
	f := newFile(t)
	for name, trust := range map[string]proof.Trust{"nothing noted": {}, "the log's key noted": {LogKey: f.log.Public()}} {
		v, err := f.receipt.Verify(trust)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if v.Theatre != f.theatre || v.Policy != nil || v.Name != f.made.Name || v.Position != 2 || v.Command.Kind != "site.notify" || v.Tree.Size != 6 || len(v.Texts) != len(f.made.Payloads) {
			t.Errorf("%s: read %+v", name, v)
		}
		if want := []proof.Holder{{Theatre: f.theatre, Key: draft.KeyOf(f.author), Account: parley.Board}}; !slices.Equal(v.Signers, want) {
			t.Errorf("%s: signers: read %+v, expected %+v", name, v.Signers, want)
		}
		if v.Before == nil || v.Before.Size != 2 || v.Before.Time != noon+1 {
			t.Errorf("%s: not before: read %+v, expected size 2 at %d", name, v.Before, int64(noon+1))
		}
		if len(v.Acknowledged) != 1 || v.Acknowledged[0].Name != f.ack.Name || v.Acknowledged[0].Position != 4 {
			t.Errorf("%s: acknowledged: read %+v, expected the command at 4", name, v.Acknowledged)
		}
	}
	f.receipt.Before = nil
	if v, err := f.receipt.Verify(proof.Trust{}); err != nil || v.Before != nil {
		t.Errorf("without the proof of the head that it quotes: read %+v, %v, expected nothing proved of it", v, err)
	}
}

func TestReceiptRefuses(t *testing.T) {
	other, err := proof.NewLogKey("parley.example/theatre")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := parley.Hash(sha256.Sum256([]byte("elsewhere")))
	for _, c := range []struct {
		name   string
		change func(*file, *proof.Receipt)
		trust  proof.Trust
		want   string
	}{
		{"another log's key is noted", func(*file, *proof.Receipt) {}, proof.Trust{LogKey: other.Public()}, "which you noted"},
		{"the file names another key", func(_ *file, r *proof.Receipt) { r.LogKey = other.Public() }, proof.Trust{}, "stored receipt"},
		{"a rotation that is none", func(_ *file, r *proof.Receipt) { r.Rotations = []string{"x"} }, proof.Trust{}, "log key rotation"},
		{"a rotation that is none, key noted", func(f *file, r *proof.Receipt) { r.Rotations = []string{"x"} }, proof.Trust{LogKey: other.Public()}, "which you noted"},
		{"a policy that is none", func(_ *file, r *proof.Receipt) { r.Policy = "x" }, proof.Trust{}, "witness policy"},
		{"the acknowledgement in the command's place", func(_ *file, r *proof.Receipt) { r.Envelope = r.Acknowledged[0].Envelope }, proof.Trust{}, "envelope: it holds the command"},
		{"the acknowledgement's proof", func(_ *file, r *proof.Receipt) { r.Proof = r.Acknowledged[0].Proof }, proof.Trust{}, "proof: index: read 4, expected 2"},
		{"no holders", func(_ *file, r *proof.Receipt) { r.Holders = nil }, proof.Trust{}, "signatures[0]"},
		{"holders of another theatre", func(f *file, r *proof.Receipt) { r.Holders = []string{f.holder(t, elsewhere, draft.KeyOf(f.author))} }, proof.Trust{}, "holders[0]: theatre"},
		{"a holder that the log did not sign", func(f *file, r *proof.Receipt) { r.Holders[0] += "x" }, proof.Trust{}, "holders[0]"},
		{"a text of nothing", func(_ *file, r *proof.Receipt) { r.Texts = []parley.Payload{{Text: "invented"}} }, proof.Trust{}, "texts[0]"},
		{"stored in another theatre", func(f *file, r *proof.Receipt) { r.Proven = f.proven(t, f.made, 2, elsewhere, "applied") }, proof.Trust{}, "theatre: the command is for"},
		{"the quoted head's time altered", func(_ *file, r *proof.Receipt) { r.Before.Time++ }, proof.Trust{}, "not before: verify inclusion"},
		{"the quoted head's proof cut", func(_ *file, r *proof.Receipt) { r.Before.Consistency = nil }, proof.Trust{}, "none of this log"},
		{"acknowledged elsewhere", func(f *file, r *proof.Receipt) {
			r.Acknowledged = []proof.Proven{f.proven(t, f.ack, 4, elsewhere, "applied")}
		}, proof.Trust{}, "acknowledged[0]: it is applied in theatre"},
		{"an acknowledgement that was refused", func(f *file, r *proof.Receipt) {
			r.Acknowledged = []proof.Proven{f.proven(t, f.ack, 4, f.theatre, "refused")}
		}, proof.Trust{}, "acknowledged[0]: it is refused"},
		{"acknowledged by itself", func(_ *file, r *proof.Receipt) { r.Acknowledged = []proof.Proven{r.Proven} }, proof.Trust{}, "acknowledged[0]: read site.notify"},
		{"an acknowledgement without its proof", func(_ *file, r *proof.Receipt) { r.Acknowledged[0].Proof = "" }, proof.Trust{}, "acknowledged[0]: tlog-proof"},
	} {
		f := newFile(t)
		c.change(f, &f.receipt)
		if v, err := f.receipt.Verify(c.trust); err == nil || v != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: read %+v, %v, expected %q", c.name, v, err, c.want)
		}
	}
}

func TestReceiptIsReadStrictly(t *testing.T) {
	const text = `{"format":"parley receipt v1","log_key":"k","stored":"s","proof":"p","envelope":{},"sentence":"x"}`
	if r, err := proof.ParseReceipt([]byte(text)); err != nil || r.LogKey != "k" || string(r.Envelope) != "{}" {
		t.Fatalf("read %+v, %v", r, err)
	}
	filled := text + strings.Repeat(" ", proof.MaxReceipt-len(text))
	if _, err := proof.ParseReceipt([]byte(filled)); err != nil {
		t.Errorf("a receipt of the longest size: %v", err)
	}
	for name, bad := range map[string]string{
		"a byte too long": filled + " ",
		"another format":  strings.Replace(text, "v1", "v2", 1),
		"unknown member":  strings.Replace(text, `"proof"`, `"more":1,"proof"`, 1),
		"a member twice":  strings.Replace(text, `"proof"`, `"stored":"t","proof"`, 1),
		"no JSON":         text[1:],
	} {
		if r, err := proof.ParseReceipt([]byte(bad)); err == nil || r != nil {
			t.Errorf("%s: read %+v, expected an error", name, r)
		}
	}
}

func TestAcknowledges(t *testing.T) {
	name := parley.Hash(sha256.Sum256([]byte("command")))
	first := func(kind parley.RefKind, length int) parley.Versioned {
		return parley.Versioned{Ref: parley.MakeRef(kind, name, length), Version: 1}
	}
	site, area := first(parley.RefSite, 5), first(parley.RefArea, 5)
	second := func(v parley.Versioned) parley.Versioned { v.Version++; return v }
	acknowledge := func(of parley.Versioned) parley.Body {
		return &parley.ObjectAcknowledge{Of: of, ReadBack: geo.Position{}}
	}
	readback := func(of parley.Versioned) parley.Body { return &parley.AreaReadback{Of: of} }
	for _, c := range []struct {
		name      string
		made, ack parley.Body
		want      bool
	}{
		{"a site", &parley.SiteNotify{}, acknowledge(site), true},
		{"a site with the longest reference", &parley.SiteNotify{}, acknowledge(first(parley.RefSite, 40)), true},
		{"a movement", &parley.MovementNotify{}, acknowledge(first(parley.RefMovement, 7)), true},
		{"a presence", &parley.PresenceNotify{}, acknowledge(first(parley.RefPresence, 7)), true},
		{"an area", &parley.AreaDeclare{}, readback(area), true},
		{"a site, as a movement", &parley.SiteNotify{}, acknowledge(first(parley.RefMovement, 5)), false},
		{"a site, a version that came later", &parley.SiteNotify{}, acknowledge(second(site)), false},
		{"a reference that is too short", &parley.SiteNotify{}, acknowledge(first(parley.RefSite, 4)), false},
		{"a change of a site", &parley.SiteUpdate{Of: site}, acknowledge(second(site)), true},
		{"a change of a site, the version before", &parley.SiteUpdate{Of: site}, acknowledge(site), false},
		{"a change of a site, another one", &parley.SiteUpdate{Of: site}, acknowledge(second(first(parley.RefSite, 6))), false},
		{"a change of a movement", &parley.MovementUpdate{Of: first(parley.RefMovement, 5)}, acknowledge(second(first(parley.RefMovement, 5))), true},
		{"a change of an area", &parley.AreaAmend{Of: area}, readback(second(area)), true},
		{"what makes no record", &parley.SiteRevalidate{Of: site}, acknowledge(site), false},
		{"what acknowledges nothing", &parley.SiteUpdate{Of: site}, &parley.SiteUpdate{Of: second(site)}, false},
	} {
		if got := proof.Acknowledges(name, &parley.Command{Body: c.made}, &parley.Command{Body: c.ack}); got != c.want {
			t.Errorf("%s: read %v, expected %v", c.name, got, c.want)
		}
	}
}
