package web_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"

	"parley"
	"parley/channel"
	"parley/designation"
	"parley/exchange/replay"
	"parley/inquiry"
	"parley/internal/need"
	"parley/internal/walls"
	"parley/release"
	"parley/web"
)

// words is a catalogue: texts by key and plural form; the form of a text without forms is "".
type words map[string]map[string]string

func readWords(t testing.TB, lang string) words {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(need.Root(), "web", "catalog", lang+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	w := words{}
	for key, value := range raw {
		var one string
		if json.Unmarshal(value, &one) == nil {
			w[key] = map[string]string{"": one}
			continue
		}
		forms := map[string]string{}
		if err := json.Unmarshal(value, &forms); err != nil {
			t.Fatalf("%s, %s: %v", lang, key, err)
		}
		w[key] = forms
	}
	return w
}

// bothWords reads the catalogues of the repository. A control plants a breach in a copy.
func bothWords(t testing.TB) (en, ar words) { return readWords(t, "en"), readWords(t, "ar") }

// with returns the catalogue with one key more, or another text for one.
func (w words) with(key string, forms map[string]string) words {
	w = maps.Clone(w)
	w[key] = forms
	return w
}

func (w words) without(key string) words {
	w = maps.Clone(w)
	delete(w, key)
	return w
}

func sorted(w words) []string { return slices.Sorted(maps.Keys(w)) }

// expectNone fails for each fault of a check over the repository, and expectOne fails when a planted breach is not found, alone.
func expectNone(t *testing.T, faults []string) {
	t.Helper()
	for _, f := range faults {
		t.Error(f)
	}
}

func expectOne(t *testing.T, faults []string, holds string) {
	t.Helper()
	if len(faults) != 1 || !strings.Contains(faults[0], holds) {
		t.Errorf("a planted breach gave %q; expected one fault with %q", faults, holds)
	}
}

// Every language has the same keys.
func TestCatalogsHaveTheSameKeys(t *testing.T) {
	check := func(en, ar words) (faults []string) {
		for _, key := range sorted(en) {
			if ar[key] == nil {
				faults = append(faults, "ar has no words for "+key)
			}
		}
		for _, key := range sorted(ar) {
			if en[key] == nil {
				faults = append(faults, "en has no words for "+key)
			}
		}
		return faults
	}
	en, ar := bothWords(t)
	if len(en) < 300 {
		t.Fatalf("%d keys; expected a whole catalogue", len(en))
	}
	expectNone(t, check(en, ar))
	expectOne(t, check(en, ar.without("wrong.title")), "wrong.title")
	expectOne(t, check(en, ar.with("odd.one", map[string]string{"": "x"})), "odd.one")
}

// cldr are the plural forms of whole numbers in each language (CLDR).
var cldr = map[string][]string{"en": {"one", "other"}, "ar": {"few", "many", "one", "other", "two", "zero"}}

// Texts that count have exactly the plural forms of their language, and count in every language.
func TestCatalogPluralForms(t *testing.T) {
	check := func(w map[string]words) (faults []string) {
		for _, key := range sorted(w["en"]) {
			counts := 0
			for lang, forms := range cldr {
				_, plain := w[lang][key][""]
				if plain {
					continue
				}
				counts++
				if got := slices.Sorted(maps.Keys(w[lang][key])); !slices.Equal(got, forms) {
					faults = append(faults, fmt.Sprintf("%s, %s: forms %v; expected %v", lang, key, got, forms))
				}
			}
			if counts != 0 && counts != len(cldr) {
				faults = append(faults, key+": counts in one language and not in the other")
			}
		}
		return faults
	}
	en, ar := bothWords(t)
	expectNone(t, check(map[string]words{"en": en, "ar": ar}))
	two := maps.Clone(ar["list.count"])
	delete(two, "few")
	expectOne(t, check(map[string]words{"en": en, "ar": ar.with("list.count", two)}), "list.count")
	expectOne(t, check(map[string]words{"en": en, "ar": ar.with("list.count", map[string]string{"": "x"})}), "not in the other")
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// The values that a text takes are the same in every language. A form may leave one out ("once"), never add one; the last has all.
func TestCatalogPlaceholders(t *testing.T) {
	in := func(text string) []string {
		found := placeholder.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	whole := func(forms map[string]string) []string {
		if text, plain := forms[""]; plain {
			return in(text)
		}
		return in(forms["other"])
	}
	check := func(en, ar words) (faults []string) {
		for _, key := range sorted(en) {
			want := whole(en[key])
			if got := whole(ar[key]); !slices.Equal(got, want) {
				faults = append(faults, fmt.Sprintf("%s: ar takes %v, en %v", key, got, want))
				continue
			}
			for lang, w := range map[string]words{"en": en, "ar": ar} {
				for form, text := range w[key] {
					for _, p := range in(text) {
						if !slices.Contains(want, p) {
							faults = append(faults, fmt.Sprintf("%s, %s, form %s: takes %s, which the form other does not", lang, key, form, p))
						}
					}
				}
			}
		}
		return faults
	}
	en, ar := bothWords(t)
	expectNone(t, check(en, ar))
	expectOne(t, check(en, ar.with("step.of", map[string]string{"": "خطوة {n}"})), "step.of")
	odd := maps.Clone(ar["list.count"])
	odd["two"] = "{who}"
	expectOne(t, check(en, ar.with("list.count", odd)), "{who}")
}

// bannedArabic are the banned words of DESIGN section 2 as Arabic writes them, without vowel signs. Each stands with its common forms.
var bannedArabic = map[string][]string{
	"target": {"هدف", "أهداف", "اهداف", "استهداف", "مستهدف", "مستهدفة"}, "strike": {"ضربة", "ضربات"},
	"enemy": {"عدو", "أعداء", "اعداء", "معاد", "معادية"}, "terrorist": {"إرهابي", "ارهابي", "إرهابية", "إرهابيون", "إرهابيين", "إرهاب"},
	"kill": {"قتل", "يقتل", "قتلى"}, "safe": {"آمن", "آمنة", "امن", "امنة", "مأمون", "مأمونة", "سالك"},
	"approved": {"معتمد", "معتمدة", "اعتمد", "اعتماد", "موافق"}, "authorised": {"مصرح", "مرخص", "مرخصة", "مأذون", "مخول", "مخولة"},
	"cleared": {"مخلى", "مخلاة", "مسموح", "مسموحة"}, "free area": {"حرة"},
}

// bare writes an Arabic word without vowel signs and lengthening.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == 'ـ' {
			return -1
		}
		return r
	}, s)
}

// bannedIn returns the first banned word of a text, in English or Arabic, as a whole word with or without the Arabic article and particles.
func bannedIn(text string) string {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && r != 'ـ' })
	for i, word := range fields {
		fields[i] = bare(word)
	}
	line := " " + strings.Join(fields, " ") + " "
	for _, term := range walls.Banned {
		if strings.Contains(line, " "+term+" ") {
			return term
		}
	}
	for term, forms := range bannedArabic {
		for _, form := range forms {
			for _, particle := range []string{"", "ال", "لل", "و", "ف", "ب", "ل", "ك", "وال", "فال", "بال", "كال", "ولل"} {
				if strings.Contains(line, " "+particle+form+" ") {
					return form + " (" + term + ")"
				}
			}
		}
	}
	return ""
}

// No text of either language uses a banned word.
func TestCatalogsUseNoBannedWord(t *testing.T) {
	check := func(w words) (faults []string) {
		for _, key := range sorted(w) {
			for _, form := range slices.Sorted(maps.Keys(w[key])) {
				if found := bannedIn(w[key][form]); found != "" {
					faults = append(faults, fmt.Sprintf("%s: %q in %q", key, found, w[key][form]))
				}
			}
		}
		return faults
	}
	en, ar := bothWords(t)
	expectNone(t, check(en))
	expectNone(t, check(ar))
	expectOne(t, check(en.with("odd", map[string]string{"": "The " + walls.Banned[0] + "."})), walls.Banned[0])
	expectOne(t, check(ar.with("odd", map[string]string{"": "وَالهَدَف:"})), "هدف")
	expectOne(t, check(ar.with("odd", map[string]string{"one": "x", "few": "منطقة آمِنة"})), "آمنة")
	if found := bannedIn("مستشفى الفرات unsafe"); found != "" {
		t.Errorf("%q was found in a text without it", found)
	}
}

// uses is what templates and code say: keys, and groups of keys whose last part is a value.
type uses struct{ keys, groups map[string]string } // each with a place that says it

func (u *uses) key(k, place string)   { u.keys[k] = place }
func (u *uses) group(g, place string) { u.groups[strings.TrimSuffix(g, ".")] = place }

// template notes the keys that a template says: what t, has and status take, the labels and hints of dict, and the groups of Word.
func (u *uses) template(name, text string) error {
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	set := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "", "", set); err != nil {
		return err
	}
	set[name] = tree
	for _, t := range set {
		if t.Root != nil {
			u.node(name, t.Root)
		}
	}
	return nil
}

func (u *uses) node(place string, n parse.Node) {
	branch := func(b *parse.BranchNode) {
		u.node(place, b.Pipe)
		u.node(place, b.List)
		if b.ElseList != nil {
			u.node(place, b.ElseList)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			u.node(place, c)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.ActionNode:
		u.node(place, n.Pipe)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			u.node(place, n.Pipe)
		}
	case *parse.PipeNode:
		if n != nil {
			for _, c := range n.Cmds {
				u.command(place, c)
			}
		}
	}
}

func (u *uses) command(place string, c *parse.CommandNode) {
	for _, a := range c.Args {
		u.node(place, a)
	}
	text := func(i int) string {
		if i < len(c.Args) {
			if s, ok := c.Args[i].(*parse.StringNode); ok {
				return s.Text
			}
		}
		return ""
	}
	say := func(i int) {
		if key := text(i); key != "" {
			u.key(key, place)
		}
		if i >= len(c.Args) {
			return
		}
		if pipe, ok := c.Args[i].(*parse.PipeNode); ok && len(pipe.Cmds) == 1 && len(pipe.Cmds[0].Args) == 3 && pipe.Cmds[0].Args[0].String() == "print" {
			if group, ok := pipe.Cmds[0].Args[1].(*parse.StringNode); ok {
				u.group(group.Text, place)
			}
		}
	}
	switch first := c.Args[0].(type) {
	case *parse.IdentifierNode:
		switch first.Ident {
		case "t", "has":
			say(1)
		case "status":
			say(2)
		case "dict":
			for i := 1; i+1 < len(c.Args); i += 2 {
				switch text(i) {
				case "label", "hint":
					say(i + 1)
				case "group":
					if group := text(i + 1); group != "number" { // numbers are their own words
						u.group(group, place)
					}
				}
			}
		}
	case *parse.VariableNode:
		u.method(place, first.Ident, text, say)
	case *parse.FieldNode:
		u.method(place, first.Ident, text, say)
	}
}

func (u *uses) method(place string, path []string, text func(int) string, say func(int)) {
	switch path[len(path)-1] {
	case "T", "Dated":
		say(1)
	case "Word":
		if group := text(1); group != "" {
			u.group(group, place)
		}
	}
}

// keyArgument says which argument of a function of the pages is a key.
var keyArgument = map[string]int{"say": 0, "T": 0, "wrong": 1, "status": 1, "frame": 1, "trouble": 1}

// code notes the keys that Go code says: what those functions take, and every text that looks like a key of a group that the
// catalogue has.
func (u *uses) code(place, text string, w words) error {
	file, err := parser.ParseFile(token.NewFileSet(), place, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	groups := map[string]bool{}
	for key := range w {
		if group, _, ok := strings.Cut(key, "."); ok {
			groups[group] = true
		}
	}
	fileName := regexp.MustCompile(`\.(css|js|json|html|svg)$`)
	literal := func(e ast.Expr) string {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			s, _ := strconv.Unquote(l.Value)
			return s
		}
		return ""
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			if name == "TrimPrefix" || name == "HasPrefix" {
				return false
			}
			if i, ok := keyArgument[name]; ok && i < len(n.Args) {
				if key := literal(n.Args[i]); key != "" {
					u.key(key, place)
				}
			}
		case *ast.BinaryExpr:
			if group := literal(n.X); n.Op == token.ADD && strings.HasSuffix(group, ".") && groups[strings.TrimSuffix(group, ".")] {
				u.group(group, place)
				return false
			}
		case *ast.BasicLit:
			group, rest, ok := strings.Cut(literal(n), ".")
			if ok && rest != "" && groups[group] && !strings.ContainsAny(rest, " /%") && !fileName.MatchString(literal(n)) {
				u.key(literal(n), place)
			}
		}
		return true
	})
	return nil
}

var tsKey = regexp.MustCompile("[\"`](js\\.[a-z0-9_.]*)(\\$\\{)?")

// script notes the keys that the browser's code says.
func (u *uses) script(place, text string) {
	for _, m := range tsKey.FindAllStringSubmatch(text, -1) {
		if m[2] != "" {
			u.group(m[1], place)
		} else {
			u.key(m[1], place)
		}
	}
}

// repositoryUses reads templates, Go code and the browser's code.
func repositoryUses(t testing.TB, w words) *uses {
	t.Helper()
	u := &uses{map[string]string{}, map[string]string{}}
	each := func(pattern string, read func(name, text string) error) {
		names, err := filepath.Glob(filepath.Join(need.Root(), filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err == nil && !strings.HasSuffix(name, "_test.go") {
				err = read(filepath.Base(name), string(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	each("web/templates/*.html", u.template)
	each("web/replay/*.html", u.template)
	each("web/*.go", func(name, text string) error { return u.code(name, text, w) })
	each("web/src/*/*.ts", func(name, text string) error {
		if name != "words.ts" { // it lists every word of the browser's code, used or not
			u.script(name, text)
		}
		return nil
	})
	u.key("sentence.other_lang", "receipt.html")
	return u
}

// constants returns the values of the constants of a type in the folder of a package.
func constants(t testing.TB, folder, kind string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(need.Root(), folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				if id, ok := v.Type.(*ast.Ident); ok && id.Name == kind {
					for _, e := range v.Values {
						if l, ok := e.(*ast.BasicLit); ok {
							text, _ := strconv.Unquote(l.Value)
							if text != "" {
								found = append(found, text)
							}
						}
					}
				}
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no constants of %s in %s", kind, folder)
	}
	return found
}

// texts writes values as strings.
func texts[T ~string](values []T) (out []string) {
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// recordKinds are the kinds of references of arrangements and of what is recorded about them, as keys.
func recordKinds() (kinds []string) {
	for _, k := range []parley.RefKind{parley.RefLine, parley.RefZone, parley.RefCorridor, parley.RefPause, parley.RefCrossing, parley.RefCrossed, parley.RefWarning, parley.RefOffer, parley.RefDelivery, parley.RefOutcome} {
		kinds = append(kinds, strings.ToLower(string(k)))
	}
	return kinds
}

// groupValues says, for each group of keys that a value completes, all its values.
func groupValues(t testing.TB) map[string][]string {
	of := func(kind string) []string { return constants(t, ".", kind) }
	states := func(m *parley.Machine) (out []string) {
		for _, s := range m.States {
			out = append(out, s.Name)
		}
		return out
	}
	return map[string][]string{
		"account_kind": append(of("PartyKind"), of("OrganisationKind")...), "answer": of("Answer"), "area_reason": of("AreaReason"), "area_state": states(parley.AreaMachine),
		"asker": {"desk", "notifier", "recipient"}, "category": texts(parley.Categories), "cause": of("PromptCause"), "cause_class": texts(parley.CauseClasses), "task_state": states(parley.CorrectionMachine), "channel": of("Channel"), "check_ended": of("CheckEnd"),
		"code": append(of("Code"), "rate", "unavailable", "internal"), "compass": {"N", "NE", "E", "SE", "S", "SW", "W", "NW"}, "currency": states(parley.CurrencyMachine), "decision": of("Decision"), "differs": of("MovementField"), "dispute_reason": of("DisputeReason"),
		"echelon": of("Echelon"), "effect": of("Effect"), "field": append(of("Field"), "place", "category", "name", "occupancy", "contact", "window", "escort", "sharing"),
		"finding": texts(parley.Findings), "indication": states(parley.IndicationMachine), "indication_reason": texts(parley.IndicationReasons),
		"kind": append(texts(parley.CommandKinds()), "site", "move", "pres"), "language": web.Languages, "line": of("LineState"), "means": of("LiaisonMeans"), "marking": of("Marking"), "method": of("Method"), "mode": texts(parley.Modes),
		"movement_kind": texts(parley.MovementKinds), "movement_state": states(parley.MovementMachine), "notice": of("NoticeKind"), "occupancy": texts(parley.Occupancies), "outcome": of("OutcomeCode"), "replay_event": texts(replay.Kinds()), "replay_page": {"arrangement", "check", "levels"},
		"phase": of("Phase"), "precision": of("Precision"), "purpose": of("Purpose"), "read_back_what": {"center", "extent", "window"}, "role": of("Role"), "sensitivity": of("Sensitivity"),
		"shape": {"polygon", "circle", "line"}, "share": {"none", "coarse", "exact"}, "state": states(parley.ObjectMachine), "stop_state": states(parley.StopMachine),
		"level_gap": constants(t, "release", "GapKind"), "text_state": constants(t, filepath.Join("api", "sms"), "State"), "text_why": constants(t, filepath.Join("api", "sms"), "Why"), "stop_step": {"raised", "raised again", "taken", "passed on", "climbed", "effect", "stood down"}, "urgency": of("Urgency"), "verify": of("VerifyMethod"), "withdraw": of("WithdrawReason"),
		"arrangement_kind": {"line", "zone", "corridor", "pause"}, "arrangement_state": states(parley.ArrangementMachine), "consent": of("ConsentStatus"), "line_kind": texts(parley.LineKinds), "basis": texts(parley.Bases), "direction": of("Direction"),
		"corridor_user": texts(parley.CorridorUsers), "water_crossing": parley.CrossingMeans, "hazard": parley.Hazards, "crossing_reply": texts(parley.CrossingReplies), "presence_reply": texts(parley.PresenceReplies), "warning_means": texts(parley.WarningMeansAll),
		"asked": texts(parley.AskedAnswers), "found_reason": texts(parley.FoundReasons), "found_state": append(states(parley.FoundMachine), "looked_at"),
		"offer_kind": texts(parley.OfferKinds), "offer_state": states(parley.OfferMachine), "offer_response": texts(parley.OfferResponses), "item": texts(parley.ItemKinds), "result": texts(parley.OutcomeKinds), "result_reason": texts(parley.OutcomeReasons),
		"arrange_new": {"line", "zone", "corridor", "pause"}, "arrange_word": {"propose", "impose"}, "consent_word": {"give", "refuse", "withdraw"}, "status_word": {"open", "suspended", "ended"}, "crossing_whose": {"own", "observed", "movement"},
		"subject_kind": texts(parley.SubjectKinds), "screened_as": texts(parley.ScreenedAsKinds), "candidate_state": states(parley.CandidateMachine), "screening_reason": append(texts(parley.ConfirmReasons), texts(parley.SetAsideReasons)...),
		"appeal_from": texts(parley.AppealFroms), "carve_out": texts(parley.CarveOuts), "carve_out_text": slices.Sorted(maps.Keys(designation.CarveOutTexts)), "screen_reason": slices.Sorted(maps.Keys(designation.Texts())),
		"designation_kind": {"person", "organisation", "vessel", "aircraft"}, "name_quality": {"primary", "good", "low", "former", "sub"}, "listing": {"listed", "listed_under_another_entry", "not_yet_listed", "delisted", "not_known"},
		"screen_turn": {"renamed", "merged", "split", "front", "sub_unit", "successor", "listed_as", "delisted", "associated"},
		"hold_reason": texts(parley.HoldReasons), "public_field": texts(parley.PublicFields), "offer_way": {"made", "received"}, "evacuation": {"voluntary", "destination", "remain", "return", "family_unity"},
		"incident_kind": texts(parley.IncidentKinds), "incident_state": states(parley.IncidentMachine), "incident_change": texts(parley.IncidentChanges), "place_precision": texts(parley.PlacePrecisions), "tally": texts(parley.TallyWhats), "tally_who": texts(parley.TallyWhos[1:]),
		"damage": texts(parley.DamageGrades[1:]), "service": parley.ServicesLost, "source_kind": texts(parley.SourceKinds), "reliability": texts(parley.Reliabilities), "credibility": {"1", "2", "3", "4", "5", "6"}, "certainty": texts(parley.Certainties), "event_grade": texts(parley.EventGrades),
		"match_reason": of("MatchReason"), "match_word": of("MatchWord"), "claim_type": texts(parley.ClaimTypes), "speech": of("Speech"), "claim_relation": of("ClaimRelation"), "response": texts(parley.ResponseKinds), "evidence_how": texts(parley.EvidenceHows), "custody": append(texts(parley.CustodyActions), string(parley.CustodyTaken)),
		"inquiry_section": release.InquirySections, "fact": inquiryFacts(t, 0), "inquiry_value": inquiryFacts(t, 1), "release_state": states(parley.ReleaseMachine), "proved": {inquiry.Signed, inquiry.Placed, inquiry.Stated},
		"statement_form": constants(t, "statement", "Form"), "confidence": constants(t, "statement", "Confidence"),
		"missing": channel.MissingParts, "record": recordKinds(),
		"notify_site.step": {"what", "where", "verified", "share", "contact", "send"}, "notify_movement.step": {"plan", "route", "share", "contact", "send"},
		"js.line": {"live", "again", "polling", "off", "out"}, "js.vertices": {"up", "down", "remove"}, "js.map": {"undo", "wipe"},
	}
}

// inquiryFacts returns the names of the facts that an inquiry states, or the values that it states in words of its own, as keys.
func inquiryFacts(t testing.TB, argument int) (found []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(need.Root(), "channel", "inquiry*.go"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files of the inquiry, %v", len(files), err)
	}
	literal := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			text, _ := strconv.Unquote(l.Value)
			if argument == 1 {
				text = strings.NewReplacer(" ", "_", ",", "", "'", "").Replace(text)
			}
			if text != "" && !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
	}
	inspect := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.Ident)
			if !ok || f.Name != "fact" && f.Name != "yes" && f.Name != "when" {
				return true
			}
			literal(n.Args[argument])
			if of, ok := n.Args[argument].(*ast.IndexExpr); ok && argument == 1 {
				if m, ok := of.X.(*ast.CompositeLit); ok {
					for _, e := range m.Elts {
						literal(e.(*ast.KeyValueExpr).Value)
					}
				}
			}
		case *ast.KeyValueExpr: // release.Fact{Name: "level"}
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Name" && argument == 0 {
				literal(n.Value)
			}
		case *ast.AssignStmt: // last := "none yet"
			if argument == 1 && len(n.Rhs) == 1 {
				if to, ok := n.Lhs[0].(*ast.Ident); ok && to.Name == "last" {
					literal(n.Rhs[0])
				}
			}
		}
		return true
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, inspect)
	}
	if len(found) < 10 {
		t.Fatalf("an inquiry states %d facts; expected more", len(found))
	}
	return found
}

// spoken are keys that code builds from more than a group and a value.
var spoken = []string{"notify_site.title", "notify_movement.title"}

// unsaidKeys returns what is said and has no words.
func (u *uses) unsaidKeys(w words, values map[string][]string) (faults []string) {
	for _, key := range slices.Sorted(maps.Keys(u.keys)) {
		if w[key] == nil {
			faults = append(faults, fmt.Sprintf("%s says %q, which has no words", u.keys[key], key))
		}
	}
	for _, group := range slices.Sorted(maps.Keys(u.groups)) {
		if values[group] == nil {
			faults = append(faults, fmt.Sprintf("%s says words of the group %q; its values are not known here", u.groups[group], group))
		}
	}
	for _, group := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[group] {
			if w[group+"."+v] == nil {
				faults = append(faults, fmt.Sprintf("the value %q of %s has no words", v, group))
			}
		}
	}
	return faults
}

// unusedKeys returns words that nobody says.
func (u *uses) unusedKeys(w words, values map[string][]string) (faults []string) {
	for _, key := range sorted(w) {
		if u.keys[key] != "" || slices.Contains(spoken, key) {
			continue
		}
		said := false
		for i := strings.IndexByte(key, '.'); i > 0 && !said; {
			said = slices.Contains(values[key[:i]], key[i+1:])
			next := strings.IndexByte(key[i+1:], '.')
			if next < 0 {
				break
			}
			i += 1 + next
		}
		if !said {
			faults = append(faults, key+": nobody says it")
		}
	}
	return faults
}

// Everything that pages say has words in both languages, every constant that pages show too, and no words stand unused.
func TestCatalogsSayWhatPagesSay(t *testing.T) {
	en, ar := bothWords(t)
	u, values := repositoryUses(t, en), groupValues(t)
	if len(u.keys) < 250 || len(u.groups) < 30 {
		t.Fatalf("%d keys and %d groups are said; expected more", len(u.keys), len(u.groups))
	}
	expectNone(t, u.unsaidKeys(en, values))
	expectNone(t, u.unsaidKeys(ar, values))
	expectNone(t, u.unusedKeys(en, values))

	expectOne(t, u.unsaidKeys(en.without("role.planner"), values), `"planner" of role`)
	expectOne(t, u.unsaidKeys(en.without("wrong.order"), values), "wrong.order")
	expectOne(t, u.unsaidKeys(en.without("volume.buffer_hint"), values), "volume.buffer_hint")
	expectOne(t, u.unusedKeys(en.with("odd.one", map[string]string{"": "x"}), values), "odd.one")
	planted := &uses{map[string]string{}, map[string]string{}}
	if err := planted.template("p", `{{define "x"}}{{if .A}}{{t "a.a"}}{{else}}{{template "y" dict "label" "a.b" "group" "g"}}{{end}}{{range .B}}{{status "look" (print "h." .)}}{{$.f.Word "i" .}}{{end}}{{end}}`); err != nil {
		t.Fatal(err)
	}
	if err := planted.code("p.go", "package p\nfunc f() { c.say(\"odd.key\"); d.trouble(404, \"odder\"); e(\"wrong.two\"); g(\"span.\" + h) }", en); err != nil {
		t.Fatal(err)
	}
	planted.script("p.ts", "word(\"js.one\"); word(`js.two.${x}`)")
	if got, want := slices.Sorted(maps.Keys(planted.keys)), []string{"a.a", "a.b", "js.one", "odd.key", "odder", "wrong.two"}; !slices.Equal(got, want) {
		t.Errorf("keys %q; expected %q", got, want)
	}
	if got, want := slices.Sorted(maps.Keys(planted.groups)), []string{"g", "h", "i", "js.two", "span"}; !slices.Equal(got, want) {
		t.Errorf("groups %q; expected %q", got, want)
	}
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// physical finds declarations that mean a side of the screen rather than of the text.
	physical = regexp.MustCompile(`(?m)(?:^|[;{\s])((?:(?:scroll-)?(?:margin|padding)-(?:left|right)|border(?:-(?:top|bottom))?-(?:left|right)(?:-[a-z]+)?|left|right)\s*:[^;}]*|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b|(?:margin|padding|inset|border-width)\s*:\s*[^;{}]*)`)
)

// sides returns the declarations of a style sheet that would stand on the wrong side in a language of the other direction.
func sides(name, css string) (faults []string) {
	for _, m := range physical.FindAllStringSubmatch(cssComment.ReplaceAllString(css, ""), -1) {
		property, value, _ := strings.Cut(m[1], ":")
		switch strings.TrimSpace(property) {
		case "margin", "padding", "inset", "border-width": // four values: the second is the right, the fourth the left
			depth := 0
			four := strings.FieldsFunc(value, func(r rune) bool {
				depth += strings.Count(string(r), "(") - strings.Count(string(r), ")")
				return unicode.IsSpace(r) && depth == 0
			})
			if len(four) != 4 || four[1] == four[3] {
				continue
			}
		}
		faults = append(faults, name+": "+strings.TrimSpace(m[1]))
	}
	return faults
}

// Styles speak of beginning and end, never of left and right, so that a page in Arabic is the mirror of one in English.
func TestStylesAreLogical(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(need.Root(), "web", "css", "*.css"))
	if err != nil || len(names) < 5 {
		t.Fatalf("%d style sheets, %v", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		expectNone(t, sides(filepath.Base(name), string(text)))
	}
	for _, breach := range []string{"a{margin-left:1px}", "a { color: red; right : 0 }", "a{text-align:left}", "a{border-right-width:2px}", "a{border-top-left-radius:1px}", "a{padding:0 1px 0 2px}", "a{float:right}"} {
		if len(sides("planted", breach)) != 1 {
			t.Errorf("%s was not found", breach)
		}
	}
	for _, fine := range []string{"a{margin-inline-start:1px}", "a{padding:0 1px 0 1px}", "/* left: */ a{inset-inline-end:0}", "a{text-align:start}", "a{margin:0 0 calc(1px + 2px)}", "a{copyright:1}"} {
		if found := sides("planted", fine); found != nil {
			t.Errorf("%s was found: %v", fine, found)
		}
	}
}

// A part of a page is defined once: the template package lets a second definition of a name take the first one's place without a word.
func TestEveryPartIsDefinedOnce(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("templates", "*.html"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d templates (%v)", len(files), err)
	}
	where := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\{\{define "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			if m[1] == "main" {
				continue // each page has its own
			}
			if first, ok := where[m[1]]; ok {
				t.Errorf("%q is defined in %s and in %s", m[1], first, file)
			}
			where[m[1]] = file
		}
	}
}
