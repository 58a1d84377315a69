package pack_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/channel"
	"parley/exchange/pack"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

var centre = cast.At(35.9528, 39.0079)

// viewer is what a person sees.
func viewer(c *cast.Cast, b *cast.Bare, p *cast.Person) *channel.Viewer {
	c.T.Helper()
	m, ok := b.State.Session(draft.KeyOf(p.Key).ID())
	if !ok {
		c.T.Fatalf("%s has no valid key", p.Account)
	}
	return b.State.View(&m, b.At, func(parley.Commitment) string { return "text" })
}

func keys(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, "parley.test/theatre")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func request(b *cast.Bare) *channel.PackRequest {
	return &channel.PackRequest{Sector: cast.Square(centre, 0.4), Buffer: 2000, Window: geo.Window{From: b.At, To: b.At + 10*parley.Day}, Echelon: parley.Unit, Level: "north battery", Seed: parley.Bits128{1}}
}

// crowd fills A's list: sites exact and coarse, movements on the road and planned, versions that are superseded and still stand.
func crowd(t testing.TB, r *mathrand.Rand) (*cast.Cast, *cast.Bare) {
	t.Helper()
	profile := cast.Profile()
	profile.Quotas.ChecksPerHour, profile.Quotas.ChecksPerDay = 1_000_000, 1_000_000
	c, b := cast.NewBareWith(t, profile)
	spot := func() geo.Position {
		return cast.At(35.55+r.Float64()*0.8, 38.6+r.Float64()*0.8)
	}
	for i := range 30 {
		ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
			s := cast.Hospital(d, spot(), cast.Start, c.A.Ref)
			s.KeepOut = int32(100 + r.IntN(3000))
			if i%5 == 0 {
				s.Shared.Consents[0] = parley.Consent{To: c.A.Ref, Precision: parley.Coarse}
			}
			s.Findings = []parley.FindingAnswer{{Finding: parley.FindingRounded}}
			return &parley.SiteNotify{Site: s}
		}).Ref
		c.Release(cast.V(ref, 1), c.A.Ref)
		if i%4 == 0 { // v1 stands beside v2 until v2 is acknowledged
			c.Must(c.Org, func(d *draft.Draft) parley.Body {
				s := cast.Hospital(d, spot(), cast.Start, c.A.Ref)
				s.Findings = []parley.FindingAnswer{{Finding: parley.FindingRounded}}
				return &parley.SiteUpdate{Of: cast.V(ref, 1), Site: s}
			})
			c.Release(cast.V(ref, 2), c.A.Ref)
		}
	}
	for i := range 12 {
		ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
			return &parley.MovementNotify{Movement: cast.Convoy(d, b.At+int64(r.IntN(100))*parley.Hour, spot(), spot(), spot(), c.A.Ref)}
		}).Ref
		c.Release(cast.V(ref, 1), c.A.Ref)
		if i%3 == 0 {
			c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, At: b.At})
		}
	}
	return c, b
}

// The pack answers as the server does, check by check, on the same list.
func TestSameAnswerAsTheServer(t *testing.T) {
	r := mathrand.New(mathrand.NewPCG(7, 1))
	c, b := crowd(t, r)
	p, refusal := viewer(c, b, c.A.Officer).Pack(request(b))
	if refusal != nil {
		t.Fatal(refusal)
	}
	signer, verifier := keys(t)
	file, err := pack.Sign(p, signer)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = pack.Open(file, verifier); err != nil { // through the file: what a level has
		t.Fatal(err)
	}
	found, none, outside := 0, 0, 0
	for range 400 {
		at := cast.At(35.55+r.Float64()*0.8, 38.6+r.Float64()*0.8)
		shape := []geo.Shape{geo.Circle(at, int32(100+r.IntN(4000))), cast.Square(at, r.Float64()*0.05), cast.Point(at), cast.Line(at, cast.At(35.55+r.Float64()*0.8, 38.6+r.Float64()*0.8))}[r.IntN(4)]
		from := b.At + int64(r.IntN(200))*parley.Hour
		ask := &parley.CheckRecord{Shape: shape, Buffer: int32(r.IntN(2200)), Window: geo.Window{From: from, To: from + int64(1+r.IntN(30))*parley.Hour}}
		if r.IntN(5) == 0 {
			ask.Band = &geo.Band{Low: 0, High: 3000}
		}
		ask.Head, _, _ = viewer(c, b, c.A.Officer).List(0, 1)
		local, err := pack.Check(p, ask.Volume(), b.At)
		if err != nil {
			outside++
			continue
		}
		ref := c.Tell(c.A.Officer, ask).Ref
		server, ok := viewer(c, b, c.A.Officer).Check(ref)
		if !ok || server.More {
			t.Fatalf("the server's check: %v, %+v", ok, server)
		}
		var mine, theirs []string
		for _, i := range local.Indications {
			mine = append(mine, i.Entry.Of.String())
		}
		for _, i := range server.Indications {
			theirs = append(theirs, i.Object.String())
		}
		if !slices.Equal(mine, theirs) || local.Sentence != server.Sentence {
			t.Fatalf("%s, buffer %d, %v: the pack says %v, %q; the server %v, %q", shape.Kind, ask.Buffer, ask.Window, mine, local.Sentence, theirs, server.Sentence)
		}
		if len(mine) > 0 {
			found++
		} else {
			none++
		}
	}
	if found < 30 || none < 10 || outside < 20 {
		t.Errorf("%d checks with indications, %d without, %d outside the pack: the crowd says nothing", found, none, outside)
	}
	t.Logf("%d with indications, %d without, %d outside; %d entries, %d bytes", found, none, outside, len(p.Entries), len(file))
}

func TestPackHoldsOnlyWhatMeetsItsSectorAndWindow(t *testing.T) {
	c, b := cast.NewBare(t)
	near, far, foreign := c.NotifyHospital(centre), c.NotifyHospital(cast.At(36.9012, 40.1034)), c.NotifyHospital(cast.At(35.9612, 39.0178))
	c.Release(cast.V(near, 1), c.A.Ref)
	c.Release(cast.V(far, 1), c.A.Ref)
	c.Release(cast.V(foreign, 1), c.B.Ref)
	p, refusal := viewer(c, b, c.A.Officer).Pack(request(b))
	if refusal != nil {
		t.Fatal(refusal)
	}
	if len(p.Entries) != 1 || p.Entries[0].Of != cast.V(near, 1) {
		t.Errorf("entries %+v; expected the one near by", p.Entries)
	}
	if p.Recipient != c.A.Officer.Ref || p.Level != "north battery" || p.Expires != b.At+parley.Day || p.Head.Count != 2 {
		t.Errorf("pack %+v; expected its recipient, level, a day's life and the list's head", p)
	}
	// Who may not have one: another party has its own list, an organisation and the desk none.
	if q, _ := viewer(c, b, c.B.Officer).Pack(request(b)); len(q.Entries) != 1 || q.Entries[0].Of != cast.V(foreign, 1) {
		t.Errorf("B's pack holds %+v; expected B's own entry", q.Entries)
	}
	for name, who := range map[string]*cast.Person{"an organisation": c.Org, "the desk": c.Verifier, "a monitor": c.Monitor, "a trustee": c.Trustees[0]} {
		if _, refusal := viewer(c, b, who).Pack(request(b)); refusal == nil || refusal.Code != parley.CodeNotFound {
			t.Errorf("%s: %v; expected not_found", name, refusal)
		}
	}
}

func TestNoPackOfEverything(t *testing.T) {
	c, b := cast.NewBare(t)
	for name, spoil := range map[string]struct {
		change func(*channel.PackRequest)
		code   parley.Code
		field  string
	}{
		"too wide":               {func(q *channel.PackRequest) { q.Sector = cast.Square(centre, 0.8) }, parley.CodeQuota, "shape"},
		"too wide by its buffer": {func(q *channel.PackRequest) { q.Buffer = parley.MaxKeepOut }, parley.CodeQuota, "shape"},
		"a line":                 {func(q *channel.PackRequest) { q.Sector = cast.Line(centre, cast.At(36, 39.1)) }, parley.CodeInvalid, "shape"},
		"no window":              {func(q *channel.PackRequest) { q.Window = geo.Window{} }, parley.CodeClock, "until"},
		"a past window":          {func(q *channel.PackRequest) { q.Window = geo.Window{From: 1, To: b.At} }, parley.CodeClock, "until"},
		"months ahead":           {func(q *channel.PackRequest) { q.Window.To = b.At + 40*parley.Day }, parley.CodeQuota, "until"},
		"a month's life":         {func(q *channel.PackRequest) { q.Valid = 30 * parley.Day }, parley.CodeQuota, "valid"},
		"no echelon":             {func(q *channel.PackRequest) { q.Echelon = "" }, parley.CodeInvalid, "echelon"},
		"a buffer below 0":       {func(q *channel.PackRequest) { q.Buffer = -1 }, parley.CodeInvalid, "buffer"},
		"a long name":            {func(q *channel.PackRequest) { q.Level = strings.Repeat("x", 300) }, parley.CodeTooLarge, "level"},
	} {
		q := request(b)
		spoil.change(q)
		_, refusal := viewer(c, b, c.A.Officer).Pack(q)
		if refusal == nil || refusal.Code != spoil.code || refusal.Field != spoil.field {
			t.Errorf("%s: %v; expected %s of %s", name, refusal, spoil.code, spoil.field)
		}
	}
}

// Two recipients have the same entries with the same geometry, in orders of their own.
func TestMarkChangesOrderAndNeverGeometry(t *testing.T) {
	c, b := crowd(t, mathrand.New(mathrand.NewPCG(3, 1)))
	one, _ := viewer(c, b, c.A.Officer).Pack(request(b))
	two, _ := viewer(c, b, c.A.Second).Pack(request(b))
	if one.ID == two.ID || one.Recipient == two.Recipient {
		t.Errorf("both packs are %s for %s", one.ID, one.Recipient)
	}
	order := func(p *release.Pack) (refs []string) {
		for _, e := range p.Entries {
			refs = append(refs, e.Of.String())
		}
		return refs
	}
	a, bb := order(one), order(two)
	if slices.Equal(a, bb) {
		t.Error("both packs have the same order")
	}
	slices.Sort(a)
	slices.Sort(bb)
	if !slices.Equal(a, bb) {
		t.Error("the packs do not hold the same entries")
	}
	at := func(p *release.Pack, of string) string {
		i := slices.IndexFunc(p.Entries, func(e release.PackEntry) bool { return e.Of.String() == of })
		text, _ := json.Marshal(p.Entries[i])
		return string(text)
	}
	for _, of := range a {
		if at(one, of) != at(two, of) {
			t.Errorf("%s differs between the packs", of)
		}
	}
}

func TestAlteredPacksDoNotOpen(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(centre)
	c.Release(cast.V(ref, 1), c.A.Ref)
	p, _ := viewer(c, b, c.A.Officer).Pack(request(b))
	signer, verifier := keys(t)
	raw, err := pack.Sign(p, signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Open(raw, verifier); err != nil {
		t.Fatal(err)
	}
	_, stranger := keys(t)
	if _, err := pack.Open(raw, stranger); err == nil {
		t.Error("it opens under another log's key")
	}
	for i := range raw { // every byte, one bit
		c := bytes.Clone(raw)
		c[i] ^= 1
		if got, err := pack.Open(c, verifier); err == nil {
			text, _ := json.Marshal(got)
			if want, _ := json.Marshal(p); !bytes.Equal(text, want) {
				t.Fatalf("with byte %d altered (%q) it opens and says something else", i, raw[max(0, i-20):min(len(raw), i+20)])
			}
		}
	}
	for _, text := range []string{"", "{}", "null", `{"note":"x","body":"y"}`, `{"note":"x","note":"y"}`, strings.Replace(string(raw), "expires", "expired", 1)} {
		if _, err := pack.Open([]byte(text), verifier); err == nil {
			t.Errorf("%.40q opens", text)
		}
	}
}

func TestAnExpiredPackSaysSoAndOutsideIsRefused(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(centre)
	c.Release(cast.V(ref, 1), c.A.Ref)
	p, _ := viewer(c, b, c.A.Officer).Pack(request(b))
	inside := geo.Volume{Shape: cast.Square(centre, 0.01), Band: geo.AllAltitudes, Window: geo.Window{From: b.At + parley.Hour, To: b.At + 2*parley.Hour}}
	for _, step := range []struct {
		at      int64
		expired bool
	}{{p.Made, false}, {p.Expires - 1, false}, {p.Expires, true}} {
		a, err := pack.Check(p, inside, step.at)
		if err != nil || a.Expired != step.expired || len(a.Indications) != 1 || a.Sentence != parley.SentenceIndications {
			t.Errorf("%+v, %v; expected one indication, expired: %v", a, err, step.expired)
		}
	}
	for name, change := range map[string]func(*geo.Volume){
		"shape":  func(v *geo.Volume) { v.Shape = cast.Square(cast.At(35.9528, 39.4079), 0.01) }, // across the border
		"hole":   func(v *geo.Volume) { v.Shape = cast.Square(centre, 0.5) },                     // around the sector
		"away":   func(v *geo.Volume) { v.Shape = cast.Square(cast.At(37, 40), 0.01) },
		"buffer": func(v *geo.Volume) { v.Buffer = 2001 },
		"window": func(v *geo.Volume) { v.Window.To = p.Window.To + 1 },
	} {
		v := inside
		change(&v)
		_, err := pack.Check(p, v, b.At)
		var fault *parley.Fault
		if !errors.As(err, &fault) {
			t.Errorf("%s: %v; expected a refusal: the pack does not cover it", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	signer, verifier := keys(f)
	raw, err := pack.Sign(&release.Pack{Format: release.PackFormat, Sector: cast.Square(centre, 0.1), Entries: []release.PackEntry{}}, signer)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"note":"parley pack v1\n\n— x y\n","body":"{}"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := pack.Open(raw, verifier)
		if err == nil && p.Format != release.PackFormat {
			t.Fatalf("%q opens as %+v", raw, p)
		}
	})
}

// BenchmarkCheck asks a pack of 50 entries, through its file: what parley check --pack does.
func BenchmarkCheck(b *testing.B) {
	c, bare := crowd(b, mathrand.New(mathrand.NewPCG(7, 1)))
	p, refusal := viewer(c, bare, c.A.Officer).Pack(request(bare))
	if refusal != nil {
		b.Fatal(refusal)
	}
	signer, verifier := keys(b)
	raw, err := pack.Sign(p, signer)
	if err != nil {
		b.Fatal(err)
	}
	v := geo.Volume{Shape: cast.Square(centre, 0.05), Band: geo.AllAltitudes, Window: geo.Window{From: bare.At, To: bare.At + parley.Day}}
	for b.Loop() {
		opened, err := pack.Open(raw, verifier)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pack.Check(opened, v, bare.At); err != nil {
			b.Fatal(err)
		}
	}
}
