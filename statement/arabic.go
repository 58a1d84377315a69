package statement

import (
	"strings"
	"time"
)

var arabicLanguage = func() *language {
	l := &language{code: "ar", cues: map[string][]cue{}, weekdays: map[string]int{}, months: map[string]time.Month{}, last: set("الماضي"), days: map[string]int{"اليوم": 0, "امس": 1}}
	for i, n := range strings.Fields("الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت") {
		l.weekdays[n] = i
	}
	for i, names := range []string{"يناير كانون_الثاني", "فبراير شباط", "مارس اذار", "ابريل نيسان", "مايو ايار", "يونيو حزيران", "يوليو تموز", "اغسطس اب", "سبتمبر ايلول", "اكتوبر", "نوفمبر", "ديسمبر"} {
		for _, n := range strings.Fields(names) {
			l.months[n] = time.Month(i + 1)
		}
	}
	// Each verb in the masculine, the feminine and the plural, with and without the "and" that is written as one with it.
	verbs := func(f frame, neutral string, kind Kind, list string) {
		for _, v := range strings.Fields(list) {
			stem := strings.TrimSuffix(fold(v), "ي")
			forms := []string{fold(v), fold(v) + "ت", stem + "ت", fold(v) + "وا"}
			seen := map[string]bool{}
			for _, form := range forms {
				for _, and := range []string{"", "و", "ف"} {
					if w := and + form; !seen[w] {
						seen[w] = true
						l.cues[w] = append(l.cues[w], cue{words: []string{w}, frame: f, neutral: neutral, kind: kind})
					}
				}
			}
		}
	}
	verbs(say, "said", Fact, "قال أضاف صرح أعلن أكد أوضح ذكر أشار شدد زعم كتب اعتبر أفاد لفت بين تابع حذر اعترف")
	verbs(say, "said", Fact, "يقول تقول يؤكد تؤكد يضيف")
	verbs(say, "asked", Question, "سأل تساءل")
	verbs(about, "denied", Denial, "نفى رفض فند أنكر")
	verbs(about, "said", Accusation, "اتهم أدان")
	verbs(about, "offered", Offer, "عرض اقترح")
	verbs(about, "said", Fact, "طالب دعا")
	return l
}()

var (
	arabicThat    = set("ان بان انه انها انهم بانه بانها")
	arabicStops   = set("في خلال عبر يوم لدى امام بعد قبل عن الى الي على علي من منذ حول وان وهو وهي")
	arabicSource  = set("بحسب حسب وفق وفقا لوفق نقلا")
	arabicOutlets = set("وكالة صحيفة قناة تلفزيون اذاعة رويترز فرانس_برس سانا الجزيرة العربية سبوتنيك")
)

// arabic proposes the claims of a sentence in Arabic: the verb comes first, then who speaks, then what is said.
func (r *reading) arabic(p *paragraph, s *sentence) {
	items := s.items
	for i := 0; i+1 < len(items); i++ {
		if items[i].quote != nil || !arabicSource[items[i].low] {
			continue
		}
		from := i + 1
		to := from
		for to < len(items) && items[to].quote == nil && items[to].word && !arabicStops[items[to].low] {
			to++
		}
		who := plain(items[from:to])
		if len(who) > 0 && (who[0].low == "عن" || who[0].low == "ل") {
			who = who[1:]
		} else if len(who) > 0 && (items[i].low == "وفقا" || items[i].low == "لوفق") {
			if cut, ok := strings.CutPrefix(who[0].text, "لل"); ok {
				who[0].text = "ال" + cut
				who[0].low = fold(who[0].text)
			} else if cut, ok := strings.CutPrefix(who[0].text, "ل"); ok {
				who[0].text, who[0].low = cut, fold(cut)
			}
		}
		body := items[:i]
		if i == 0 && to < len(items) {
			body = items[to:]
		}
		if len(who) > 0 && words(body) >= 3 {
			r.offer(p, items, who, r.words(items, i, i+1), cue{kind: Fact, neutral: "said"}, body, "according to")
		}
		return
	}
	for i := range items {
		if items[i].quote != nil {
			continue
		}
		c, n, ok := r.lang.cueIn(items, i)
		if !ok {
			continue
		}
		to := i + n
		for to < len(items) && items[to].quote == nil && items[to].word && !arabicThat[items[to].low] && !arabicStops[items[to].low] {
			to++
		}
		who := plain(items[i+n : to])
		// Circumstances, up to what is said.
		from, that := to, false
		for from < len(items) && items[from].quote == nil && items[from].text != ":" {
			if arabicThat[items[from].low] {
				that = true
				break
			}
			from++
		}
		verb := r.words(items, i, i+n)
		switch {
		case that:
			if len(who) == 0 && i > 0 && items[i-1].quote == nil && items[i-1].word && !strings.HasPrefix(items[i].low, "و") {
				left := i
				for left > 0 && items[left-1].quote == nil && items[left-1].word && !arabicStops[items[left-1].low] {
					left--
				}
				who = plain(items[left:i])
			}
			body := items[from:]
			if w := items[from].low; w == "ان" || w == "بان" {
				body = items[from+1:]
			}
			r.offer(p, items, who, verb, c, body, "who said it, then what was said")
			return
		case from < len(items):
			body := items[from:]
			if body[0].quote == nil {
				body = body[1:]
			}
			r.offer(p, items, who, verb, c, body, "who said it, then what was said")
			return
		case i > 0 && (items[i-1].quote != nil || items[i-1].text == "،" || items[i-1].text == ","):
			r.offer(p, items, who, verb, c, items[:i], "what was said, then who said it")
			return
		case c.frame == about && to < len(items) && len(who) > 0:
			r.offer(p, items, who, verb, c, items[to:], "who said it, then what was said")
			return
		}
	}
}
