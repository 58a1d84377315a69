package shorttext_test

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/exchange/shorttext"
	"parley/geo"
	"parley/geo/notation"
)

var (
	move    = parley.MakeRef(parley.RefMovement, parley.Hash{7, 9}, 5)
	other   = parley.MakeRef(parley.RefMovement, parley.Hash{8, 9}, 5)
	long    = parley.MakeRef(parley.RefMovement, parley.Hash{9, 1, 2, 3, 4, 5}, 7) // two full groups
	ask     = parley.MakeRef(parley.RefPrompt, parley.Hash{7, 1}, 5)
	site    = parley.MakeRef(parley.RefSite, parley.Hash{7, 2}, 5)
	raqqa   = geo.Position{Lat: 359512000, Lon: 390123000}
	now     = time.Date(2017, 9, 1, 6, 40, 0, 0, time.UTC).UnixMilli()
	zone    = time.FixedZone("theatre", 3*3600)
	setting = shorttext.Setting{Now: now, Zone: zone, Contains: func(p geo.Position) bool {
		return p.Lat > 290000000 && p.Lat < 380000000 && p.Lon > 350000000 && p.Lon < 490000000
	}}
)

// hour is that time of the day in the theatre's zone.
func hour(h, m int) int64 { return time.Date(2017, 9, 1, h, m, 0, 0, zone).UnixMilli() }

// said is what a message is expected to say; the zero value of a field is nothing.
type said struct {
	of       parley.Ref
	status   parley.MovementState
	decision parley.Decision
	stop     bool
	leg      int
	at       int64
	place    bool // raqqa, within the notation's precision
	armed    parley.Answer
	words    string
}

// spaced writes a reference as it comes over a radio: in groups, without hyphens.
func spaced(r parley.Ref) string { return strings.ReplaceAll(string(r), "-", " ") }

// confused writes a reference with the letters that are taken for digits.
func confused(r parley.Ref) string {
	kind, body, _ := strings.Cut(string(r), "-")
	return kind + "-" + strings.NewReplacer("0", "o", "1", "l").Replace(body)
}

func TestReadsTheWordsOfTheField(t *testing.T) {
	zero := parley.MakeRef(parley.RefMovement, parley.Hash{}, 5) // MOVE-0000-0…
	for _, c := range []struct {
		text string
		want said
	}{
		{string(move) + " UNLOADING 35.9512 39.0123", said{of: move, status: "unloading", place: true}},
		{string(move) + " DEPARTED", said{of: move, status: "departed"}},
		{"departed " + string(move), said{of: move, status: "departed"}},
		{"  " + strings.ToLower(string(move)) + "   departed. ", said{of: move, status: "departed"}},
		{string(move) + "/v3 held leg 2", said{of: move, status: "held", leg: 2}},
		{string(move) + ": Held, leg 2; 09:30", said{of: move, status: "held", leg: 2, at: hour(9, 30)}},
		{string(move) + " held 06:30Z", said{of: move, status: "held", at: hour(9, 30)}},
		{string(move) + " held 06:30 UTC", said{of: move, status: "held", at: hour(9, 30)}},
		{string(move) + " held 9h30", said{of: move, status: "held", at: hour(9, 30)}},
		{string(move) + " held 23:50", said{of: move, status: "held", at: hour(23, 50) - 24*3600*1000}}, // last night: it is 09:40 there
		{spaced(move) + " turned back", said{of: move, status: "turned_back"}},
		{spaced(move) + " HELD", said{of: move, status: "held"}},
		{spaced(long) + " HELD 09:30", said{of: long, status: "held", at: hour(9, 30)}},
		{strings.ReplaceAll(string(move), "-", "") + " arrived", said{of: move, status: "arrived"}},
		{strings.Replace(string(move), "MOVE", "MOV", 1) + " arrived", said{of: move, status: "arrived"}},
		{confused(zero) + " arrived", said{of: zero, status: "arrived"}},
		{strings.Replace(string(move), "MOVE", "M0VE", 1) + " arrived", said{of: move, status: "arrived"}},
		{strings.TrimPrefix(string(move), "MOVE-") + " arrived", said{of: move, status: "arrived"}},
		{"This is " + string(move) + ", status: at checkpoint, position 37S EV 01111 78535", said{of: move, status: "checkpoint", place: true}},
		{string(move) + " AT STOP", said{of: move, status: "at_stop"}},
		{string(move) + " under attack", said{of: move, status: "under_attack"}},
		{string(move) + " under attack / small arms from the ridge", said{of: move, status: "under_attack", words: "small arms from the ridge"}},
		{string(move) + " held - told to wait for an officer", said{of: move, status: "held", words: "told to wait for an officer"}},
		{string(move) + " held\ntold to wait", said{of: move, status: "held", words: "told to wait"}},
		{string(move) + " checkpoint armed yes", said{of: move, status: "checkpoint", armed: parley.Yes}},
		{string(move) + " checkpoint escort changed: unknown", said{of: move, status: "checkpoint", armed: parley.Unknown}},
		{"HOLD " + string(ask), said{of: ask, decision: parley.Hold}},
		{"turn back " + string(move) + " / bridge is down", said{of: move, decision: parley.TurnBack, words: "bridge is down"}},
		{string(ask) + " we continue", said{of: ask, decision: parley.Continue}},
		{"STOP " + string(site), said{of: site, stop: true}},
		{"STOP " + string(move) + " shelling from the north, 3 wounded", said{of: move, stop: true, words: "shelling from the north 3 wounded"}},
		{"stop " + spaced(move) + " 10:15", said{of: move, stop: true, words: "10:15"}},
		{"SOS 35.9512 39.0123", said{stop: true, place: true}},
		{"SOS at 35.9512, 39.0123 hospital hit!", said{stop: true, place: true, words: "at hospital hit!"}},
		{"SOS " + strings.TrimPrefix(string(site), "SITE-"), said{of: site, stop: true}},

		{string(move) + " تفريغ ٣٥٫٩٥١٢ ٣٩٫٠١٢٣", said{of: move, status: "unloading", place: true}},
		{string(move) + " وصلنا الساعة ٠٩:٣٠", said{of: move, status: "arrived", at: hour(9, 30)}},
		{"غادرنا " + string(move) + " مرحلة ٢", said{of: move, status: "departed", leg: 2}},
		{string(move) + " أوقفونا / عند مدخل المدينة", said{of: move, status: "held", words: "عند مدخل المدينة"}},
		{string(move) + " اوقفونا", said{of: move, status: "held"}},                                                // without the hamza
		{string(move) + " مُحْتَجَزَة", said{of: move, status: "held"}},                                            // with its vowels
		{string(move) + " محتجزه", said{of: move, status: "held"}},                                                 // haa for taa marbuta
		{string(move) + " وصـــلت", said{of: move, status: "arrived"}},                                             // stretched
		{string(move) + " عند الحاجز، الموقع ۳۵٫۹۵۱۲، ۳۹٫۰۱۲۳", said{of: move, status: "checkpoint", place: true}}, // Persian digits
		{"تحت القصف " + string(move), said{of: move, status: "under_attack"}},
		{string(move) + " عند حاجز مسلح نعم", said{of: move, status: "checkpoint", armed: parley.Yes}},
		{"توقف " + string(ask), said{of: ask, decision: parley.Hold}},
		{"نعود " + string(move), said{of: move, decision: parley.TurnBack}},
		{"قف " + string(site) + " قصف على المشفى", said{of: site, stop: true, words: "قصف على المشفى"}},
		{"نجدة ٣٥٫٩٥١٢ ٣٩٫٠١٢٣", said{stop: true, place: true}},
	} {
		m, r := shorttext.Parse(c.text, setting)
		if r != nil {
			t.Errorf("%q was refused: %v", c.text, r)
			continue
		}
		got := said{m.Of, m.Status, m.Decision, m.Stop, m.Leg, m.At, m.Place != nil, m.Armed, m.Words}
		if got != c.want {
			t.Errorf("%q reads %+v; expected %+v", c.text, got, c.want)
		}
		if m.Place != nil && geo.DistanceMM(m.Place.Position, raqqa) > 15_000 {
			t.Errorf("%q lies at %s; expected %s", c.text, m.Place.Position, raqqa)
		}
		if m.Text != c.text {
			t.Errorf("%q is not held as it came: %q", c.text, m.Text)
		}
	}
}

// What reads in no way, or in two, comes back with what was read, what was expected and an example; it is never guessed.
func TestNeverGuesses(t *testing.T) {
	wrong := []byte(move) // another last character
	if wrong[len(wrong)-1]++; wrong[len(wrong)-1] == 'I' || wrong[len(wrong)-1] == 'L' || wrong[len(wrong)-1] == ':' || wrong[len(wrong)-1] > 'Z' {
		wrong[len(wrong)-1] = '2'
	}
	for _, c := range []struct {
		text  string
		field shorttext.Field
		read  string
	}{
		{"", shorttext.FieldMeaning, "nothing"},
		{"hello", shorttext.FieldMeaning, "hello"},
		{string(move), shorttext.FieldMeaning, "nothing"},
		{string(move) + " UNLODING", shorttext.FieldMeaning, "UNLODING"},
		{"ARRIVED", shorttext.FieldReference, "nothing"},
		{string(wrong) + " ARRIVED", shorttext.FieldReference, string(wrong)},
		{string(move) + " " + string(other) + " ARRIVED", shorttext.FieldReference, string(move) + " " + string(other)},
		{string(site) + " ARRIVED", shorttext.FieldReference, string(site)},
		{string(move) + " ARRIVED UNLOADING", shorttext.FieldMeaning, "ARRIVED + UNLOADING"},
		{string(move) + " HELD HOLD", shorttext.FieldMeaning, "HELD + HOLD"},
		{string(move) + " HELD POLICE STOP", shorttext.FieldMeaning, "HELD + STOP"},                // no urgent stop, and no report either
		{string(move) + " CLOSE 35.9512 39.0123", shorttext.FieldMeaning, "CLOSE 35.9512 39.0123"}, // near a place is not closed
		{string(move) + " NOT ARRIVED", shorttext.FieldPosition, "NOT"},
		{string(move) + " ARRIVED 35.9512", shorttext.FieldPosition, "35.9512"},
		{string(move) + " ARRIVED 39.0123 35.9512", shorttext.FieldPosition, "39.0123 35.9512"}, // east before north lies outside the theatre
		{string(move) + " 35.9512 ARRIVED 39.0123", shorttext.FieldPosition, "35.9512 39.0123"}, // torn apart
		{string(move) + " HELD 25:10", shorttext.FieldTime, "25:10"},
		{string(move) + " HELD 09:10 09:20", shorttext.FieldTime, "09:20"},
		{string(move) + " HELD LEG", shorttext.FieldLeg, "nothing"},
		{string(move) + " HELD LEG 40", shorttext.FieldLeg, "40"},
		{string(move) + " HELD ARMED", shorttext.FieldEscort, "nothing"},
		{string(move) + " HELD ARMED MAYBE", shorttext.FieldEscort, "MAYBE"},
		{string(move) + " ESCORT YES", shorttext.FieldMeaning, "nothing"},
		{"HOLD " + string(site), shorttext.FieldReference, string(site)},
		{"HOLD " + string(ask) + " 35.9512 39.0123", shorttext.FieldMeaning, "HOLD"},
		{"STOP", shorttext.FieldReference, "nothing"},
		{"STOP " + string(ask), shorttext.FieldReference, string(ask)},
		{"STOP 35.9512 39.0123 or 35.9600 39.0200", shorttext.FieldPosition, "35.9512 39.0123 or 35.9600 39.0200"},
		{strings.Repeat("HELD ", 200), shorttext.FieldText, "1000 characters"},
		{string(move) + " وصلنا نفرغ", shorttext.FieldMeaning, "وصلنا + نفرغ"},
		{"وصلنا", shorttext.FieldReference, "لا شيء"},
	} {
		m, r := shorttext.Parse(c.text, setting)
		if r == nil {
			t.Errorf("%q was read as %+v; expected a refusal", c.text, m)
			continue
		}
		if r.Field != c.field || r.Read != c.read {
			t.Errorf("%q: refused for %s, having read %q; expected %s and %q", c.text, r.Field, r.Read, c.field, c.read)
		}
		if r.Text != c.text || r.Expected == "" {
			t.Errorf("%q: the refusal holds %q and expects %q", c.text, r.Text, r.Expected)
		}
		if _, again := shorttext.Parse(r.Example, setting); again != nil {
			t.Errorf("%q: the example %q is not understood: %v", c.text, r.Example, again)
		}
	}
}

func TestRepliesAreOneShortMessage(t *testing.T) {
	for _, text := range []string{string(move) + " unloading leg 12 09:30 35.9512 39.0123 armed unknown / " + strings.Repeat("x", 300), string(move) + " تفريغ مرحلة 12 ٠٩:٣٠ ٣٥٫٩٥١٢ ٣٩٫٠١٢٣", "STOP " + string(site),
		string(parley.MakeRef(parley.RefMovement, parley.Hash{9}, 12)) + " عادت أدراجها 09:30 35.9512 39.0123", "قف 35.9512 39.0123"} {
		m, r := shorttext.Parse(text, setting)
		if r != nil {
			t.Fatal(r)
		}
		for _, reply := range []string{m.Reply(123456, zone), m.Kept()} {
			if !shorttext.Fits(reply, m.Language) {
				t.Errorf("%q is answered with %q, which is no single SMS", text, reply)
			}
		}
		reply := m.Reply(123456, zone)
		if m.Of != "" && !strings.Contains(reply, string(m.Of)) || !strings.Contains(reply, "123456") || strings.Contains(reply, "xxx") {
			t.Errorf("%q is answered with %q; expected the reference, the position in the journal, and none of the free words", text, reply)
		}
	}
	for _, text := range []string{"hello", string(move) + " UNLODING", "مرحبا", string(move) + " " + strings.Repeat("كلام ", 60), "STOP", "ü€ " + string(move)} {
		_, r := shorttext.Parse(text, setting)
		if r == nil {
			t.Fatalf("%q was understood", text)
		}
		if reply := r.Reply(); !shorttext.Fits(reply, r.Language) || !strings.Contains(reply, r.Example) {
			t.Errorf("%q is answered with %q; expected one SMS with the example", text, reply)
		}
	}
}

func TestBodies(t *testing.T) {
	commit := func(w string) parley.Commitment {
		if w == "" {
			return parley.Commitment{}
		}
		return parley.CommitmentOf(parley.Bits128{1}, w)
	}
	read := func(text string) *shorttext.Message {
		m, r := shorttext.Parse(text, setting)
		if r != nil {
			t.Fatal(r)
		}
		return m
	}
	all, r := read("HOLD "+string(move)+" / road mined").Bodies(now, []parley.Ref{ask, parley.MakeRef(parley.RefPrompt, parley.Hash{2}, 5)}, commit)
	if r != nil || len(all) != 2 || all[0].(*parley.PromptAnswer).Decision != parley.Hold || all[0].(*parley.PromptAnswer).Reason.IsZero() {
		t.Errorf("%+v, %v; expected an answer to each open question", all, r)
	}
	if _, r := read("HOLD "+string(move)).Bodies(now, nil, commit); r == nil || r.Field != shorttext.FieldReference {
		t.Errorf("a decision without a question: %v; expected a refusal", r)
	}
	one, _ := read(string(move)+" held").Bodies(now, nil, commit)
	if b := one[0].(*parley.MovementReport); b.At != now || b.Validate() != nil {
		t.Errorf("%+v, %v; expected a valid report of this moment", b, b.Validate())
	}
	stop, _ := read("SOS 35.9512 39.0123 / fire").Bodies(now, nil, commit)
	if b := stop[0].(*parley.StopRaise); b.Validate() != nil || b.Place == nil || b.Words.IsZero() {
		t.Errorf("%+v, %v; expected a valid stop by place", b, b.Validate())
	}
}

// Whatever comes, the reader ends, holds the text, and what it understood reads the same again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", string(move) + " UNLOADING 09:30 35.9512 39.0123 / words", "HOLD " + string(ask), "قف ٣٥٫٩٥١٢ ٣٩٫٠١٢٣ قصف", "MOVE 7K3F Q2 وصلنا", "STOP " + string(site) + " - x", "MOV-\x00", "ASK-/v1 HOLD", "SOS 37S EV 01111 78535",
		string(move) + " armed yes held leg 3", strings.TrimPrefix(string(move), "MOVE-") + " held"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, r := shorttext.Parse(text, setting)
		if r != nil {
			if m != nil || r.Text != text || r.Read == "" || r.Expected == "" || r.Example == "" || !shorttext.Fits(r.Reply(), r.Language) {
				t.Fatalf("%q: refusal %+v, reply %q", text, r, r.Reply())
			}
			return
		}
		if m.Text != text || !shorttext.Fits(m.Reply(1<<40, zone), m.Language) || !shorttext.Fits(m.Kept(), m.Language) {
			t.Fatalf("%q: message %+v, reply %q", text, m, m.Reply(1<<40, zone))
		}
		bodies, refused := m.Bodies(now, []parley.Ref{ask}, func(w string) parley.Commitment {
			if w == "" {
				return parley.Commitment{}
			}
			return parley.CommitmentOf(parley.Bits128{1}, w)
		})
		if refused != nil || len(bodies) != 1 || bodies[0].Validate() != nil {
			t.Fatalf("%q says %+v, which is no valid command: %v", text, m, refused)
		}
		again, r := shorttext.Parse(m.String(), setting)
		if r != nil {
			t.Fatalf("%q is written %q, which is refused: %v", text, m.String(), r)
		}
		same := func(a, b *notation.Reading) bool {
			return (a == nil) == (b == nil) && (a == nil || a.Position == b.Position)
		}
		if again.Of != m.Of || again.Status != m.Status || again.Leg != m.Leg || again.At != m.At || again.Armed != m.Armed || again.Decision != m.Decision || again.Stop != m.Stop || !same(again.Place, m.Place) {
			t.Fatalf("%q reads %+v, and written %q reads %+v", text, m, m.String(), again)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := string(move) + " عند حاجز مرحلة ٢ ٠٩:٣٠ ٣٥٫٩٥١٢ ٣٩٫٠١٢٣ / كلام"
	for b.Loop() {
		if _, r := shorttext.Parse(text, setting); r != nil {
			b.Fatal(r)
		}
	}
}
