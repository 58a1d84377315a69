package proof

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// MaxWitnesses is the largest number of witnesses of a policy: a signed note holds no more than 100 signatures.
const MaxWitnesses = 64

// Witness is one witness of a policy.
type Witness struct {
	Label string // what the policy calls it
	Key   *WitnessVerifier
	URL   string // where it answers; empty: it is not asked
}

// Policy says whose cosignatures make a checkpoint a witnessed one: k of n, perhaps in groups.
//
// Its text has the form that Sigsum, Torchwood and Tessera read, one statement a line, # before a remark:
//
//	log <log key>
//	witness <label> <witness key> [<URL>]
//	group <label> <k, any or all> <label> <label> …
//	quorum <label, or none>
type Policy struct {
	// Text is what was read, Public the same without remarks and addresses: what everyone may have. Where a party's witness answers is
	// the business of that party and the operator.
	Text, Public string

	Logs      []string // public keys of the log
	Witnesses []Witness

	rules   map[string]rule // by label
	grouped map[string]bool // labels that stand in a group: in one alone, as Sigsum has it, so that deciding takes no time
	quorum  string
}

// rule is a witness or a group: satisfied when need of its members are.
type rule struct {
	witness *WitnessVerifier // nil for a group
	need    int
	members []string
}

// ParsePolicy reads a policy.
func ParsePolicy(text string) (*Policy, error) {
	p := &Policy{Text: text, rules: map[string]rule{}, grouped: map[string]bool{}}
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := p.statement(words); err != nil {
			return nil, fmt.Errorf("witness policy, line %d: %w", i+1, err)
		}
		if words[0] == "witness" {
			words = words[:3]
		}
		p.Public += strings.Join(words, " ") + "\n"
	}
	if p.quorum == "" {
		return nil, errors.New("witness policy: read no quorum, expected a line such as: quorum parties")
	}
	if len(p.Witnesses) > MaxWitnesses {
		return nil, fmt.Errorf("witness policy: read %d witnesses, expected at most %d", len(p.Witnesses), MaxWitnesses)
	}
	return p, nil
}

func (p *Policy) statement(words []string) error {
	short := func(expected string) error {
		return fmt.Errorf("read %q, expected %s", strings.Join(words, " "), expected)
	}
	switch words[0] {
	case "log":
		if len(words) < 2 {
			return short("log <key>")
		}
		if _, err := note.NewVerifier(words[1]); err != nil {
			return fmt.Errorf("log key: read %q: %w", words[1], err)
		}
		p.Logs = append(p.Logs, words[1])
		return nil
	case "witness":
		if len(words) < 3 {
			return short("witness <label> <key> [<URL>]")
		}
		key, err := NewWitnessVerifier(words[2])
		if err != nil {
			return err
		}
		for _, w := range p.Witnesses {
			if w.Key.String() == key.String() {
				return fmt.Errorf("read the key of %s again, expected each witness once", w.Label)
			}
		}
		w := Witness{Label: words[1], Key: key}
		if len(words) > 3 {
			w.URL = words[3]
		}
		p.Witnesses = append(p.Witnesses, w)
		return p.add(words[1], rule{witness: key, need: 1})
	case "group":
		if len(words) < 4 {
			return short("group <label> <k, any or all> <label> …")
		}
		return p.group(words[1], words[2], words[3:])
	case "quorum":
		if len(words) < 2 {
			return short("quorum <label, or none>")
		}
		if p.quorum != "" {
			return errors.New("read a second quorum, expected one")
		}
		if _, ok := p.rules[words[1]]; !ok && words[1] != "none" {
			return fmt.Errorf("read %q, expected a witness or a group that stands above", words[1])
		}
		p.quorum = words[1]
		return nil
	}
	return short("log, witness, group or quorum")
}

func (p *Policy) group(label, count string, members []string) error {
	need := 0
	switch count {
	case "any":
		need = 1
	case "all":
		need = len(members)
	default:
		var err error
		if need, err = strconv.Atoi(count); err != nil || need < 1 || need > len(members) {
			return fmt.Errorf("read %q of %d, expected any, all or 1 to %d", count, len(members), len(members))
		}
	}
	for i, m := range members {
		if _, ok := p.rules[m]; !ok || slices.Contains(members[:i], m) || p.grouped[m] {
			return fmt.Errorf("read %q, expected a witness or a group that stands above, each in one group alone", m)
		}
	}
	for _, m := range members {
		p.grouped[m] = true
	}
	return p.add(label, rule{need: need, members: members})
}

func (p *Policy) add(label string, r rule) error {
	if _, ok := p.rules[label]; ok || label == "none" {
		return fmt.Errorf("read the label %q again, expected each once, and not none", label)
	}
	p.rules[label] = r
	return nil
}

// Needs reports whether the policy asks for any witness at all.
func (p *Policy) Needs() bool { return p.quorum != "none" }

// Satisfied reports whether these witnesses, by the names of their keys, make the quorum.
func (p *Policy) Satisfied(by func(*WitnessVerifier) bool) bool {
	return !p.Needs() || p.holds(p.quorum, by)
}

func (p *Policy) holds(label string, by func(*WitnessVerifier) bool) bool {
	r := p.rules[label]
	if r.witness != nil {
		return by(r.witness)
	}
	have := 0
	for _, m := range r.members {
		if p.holds(m, by) {
			have++
		}
	}
	return have >= r.need
}

// Quorum says in words how many are needed, such as "2 of 3", or "" when the quorum is no plain group of witnesses.
func (p *Policy) Quorum() string {
	r := p.rules[p.quorum]
	switch {
	case !p.Needs():
		return "0 of " + strconv.Itoa(len(p.Witnesses))
	case r.witness != nil:
		return "1 of 1"
	}
	for _, m := range r.members {
		if p.rules[m].witness == nil {
			return ""
		}
	}
	return fmt.Sprintf("%d of %d", r.need, len(r.members))
}

// Witnessed is what the cosignatures of one checkpoint come to.
type Witnessed struct {
	Checkpoint
	By     []Cosignature // the policy's witnesses that cosigned, earliest first
	Quorum bool
	// ExistedBy is the earliest time, in seconds, at which cosignatures that make the quorum were there: by then the tree existed,
	// if the policy's witnesses are honest. 0 without quorum, or when none is needed.
	ExistedBy int64
}

// Open checks a signed checkpoint against the log's keys, of which one must have signed, and the policy's witnesses. A signature of
// a known key that is not valid is an error; those of others are left aside.
func (p *Policy) Open(signed []byte, log ...note.Verifier) (Witnessed, error) {
	known := slices.Clone(log)
	for _, w := range p.Witnesses {
		known = append(known, w.Key)
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return Witnessed{}, fmt.Errorf("checkpoint: %w", err)
	}
	var out Witnessed
	if out.Checkpoint, err = parseCheckpoint(opened.Text); err != nil {
		return Witnessed{}, fmt.Errorf("checkpoint: %w", err)
	}
	byLog := false
	for _, s := range opened.Sigs {
		for _, v := range log {
			byLog = byLog || v.Name() == s.Name && v.KeyHash() == s.Hash && v.Name() == out.Origin
		}
	}
	if !byLog {
		return Witnessed{}, fmt.Errorf("checkpoint: read the origin %q, expected one signed by the log's own key of that name", out.Origin)
	}
	at := map[*WitnessVerifier]int64{}
	for _, s := range opened.Sigs {
		for _, w := range p.Witnesses {
			if w.Key.Name() != s.Name || w.Key.KeyHash() != s.Hash {
				continue
			}
			c, err := cosignatureOf(s)
			if err != nil {
				return Witnessed{}, err
			}
			at[w.Key], out.By = c.Time, append(out.By, c)
		}
	}
	slices.SortFunc(out.By, func(a, b Cosignature) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Witness, b.Witness))
	})
	for _, c := range out.By {
		if out.Quorum = p.Needs() && p.Satisfied(func(w *WitnessVerifier) bool { t, ok := at[w]; return ok && t <= c.Time }); out.Quorum {
			out.ExistedBy = c.Time
			break
		}
	}
	out.Quorum = out.Quorum || !p.Needs()
	return out, nil
}

// NoPolicy asks for no witness.
func NoPolicy() *Policy { return &Policy{quorum: "none"} }
