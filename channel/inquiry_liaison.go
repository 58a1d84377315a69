package channel

import (
	"parley"
	"parley/release"
)

// liaised adds how each side had said that its lines stand, and the newest test call of each: whether the channel itself worked. A party's silence is a
// line of its own. Whoever is neither desk nor monitor sees its own lines alone.
func (x *inquest) liaised() {
	newest, spoke, tested := map[string]*parley.Liaison{}, map[parley.Ref]bool{}, map[parley.Ref]bool{}
	var order []string
	for _, key := range x.s.liaisons.keys() {
		l := x.s.liaisons.get(key)
		if l.Kind == "liaison.log" || !x.all() && l.From != x.account && l.To != x.account {
			continue
		}
		name := string(l.Kind) + " " + string(l.From) + " " + string(l.To)
		if newest[name] == nil {
			order = append(order, name)
		}
		newest[name] = l
	}
	for _, name := range order {
		l := newest[name]
		of := release.InquiryLine{Party: x.known(l.From)}
		if l.Kind == "testcall" {
			tested[l.From], tested[l.To] = true, true
			f := []release.Fact{fact("test_call", map[bool]string{true: "answered", false: "nobody answered"}[l.Reached]), fact("to", x.known(l.To)), when("called", l.At)}
			if l.Reached {
				f = append(f, fact("seconds", l.Seconds))
			}
			x.line("liaison", of, []uint64{l.Position}, append(f, fact("told_by", l.Told))...)
			continue
		}
		spoke[l.From] = true
		x.line("liaison", of, []uint64{l.Position}, fact("line", l.State), fact("to", x.known(l.To)), when("since", l.At), fact("told_by", l.Told))
	}
	for _, party := range x.s.parties() {
		if !x.all() && party != x.account {
			continue
		}
		if !spoke[party] {
			x.line("liaison", release.InquiryLine{Party: party}, nil, fact("line", "no word by then"))
		}
		if !tested[party] {
			x.line("liaison", release.InquiryLine{Party: party}, nil, fact("test_call", "none by then"))
		}
	}
}
