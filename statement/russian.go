package statement

import (
	"strings"
	"time"
)

var russian = func() *language {
	l := &language{code: "ru", cues: map[string][]cue{}, weekdays: map[string]int{}, months: map[string]time.Month{}, last: set("прошлый прошлую прошлое"), days: map[string]int{"сегодня": 0, "вчера": 1}}
	for i, names := range []string{"воскресенье воскресенья", "понедельник понедельника", "вторник вторника", "среда среду среды", "четверг четверга", "пятница пятницу пятницы", "суббота субботу субботы"} {
		for _, n := range strings.Fields(names) {
			l.weekdays[n] = i
		}
	}
	for i, n := range strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря") {
		l.months[n] = time.Month(i + 1)
	}
	past := func(f frame, neutral string, kind Kind, stems string) {
		for _, stem := range strings.Fields(stems) {
			l.add(f, neutral, kind, stem+"л,"+stem+"ла,"+stem+"ли,"+stem+"ло")
		}
	}
	past(say, "said", Fact, "заяви сказа сообщи отмети подчеркну добави указа поясни объясни уточни утвержда напомни рассказа призна предупреди писа написа подтверди сообща")
	l.add(say, "said", Fact, "заявляет,говорит,сообщает,отмечает,подчеркивает,указывает,утверждает,считает,пишет,передает,заявляют,сообщают,говорят")
	past(say, "asked", Question, "спроси")
	past(about, "denied", Denial, "отрица опровер отверг")
	l.add(about, "denied", Denial, "опроверг,опровергла,опровергли,отверг,отвергла,отвергли,отрицает")
	past(about, "said", Accusation, "обвини осуди")
	past(about, "offered", Offer, "предложи")
	past(about, "said", Fact, "потребова призва")
	return l
}()

var (
	russianBefore = map[string]bool{"словам": true, "данным": true, "мнению": true, "информации": true, "сообщению": true}
	russianStops  = set("в во на с со после перед во_время по из для при о об что как когда где который которая которые передает передаёт сообщает пишет")
	russianOutlet = set("тасс риа интерфакс рбк рейтер reuters afp ap агентство агентству агентства агентством телеканал телеканалу газета газете радио издание изданию новости")
	russianTheirs = map[string]string{"его": "он", "ее": "она", "их": "они"}
	russianThey   = map[string]gender{"он": male, "она": female, "они": many, "я": anyone, "мы": many}
)

// russian proposes the claims of a sentence in Russian.
func (r *reading) russian(p *paragraph, s *sentence) {
	items := s.items
	// По словам X, CONTENT. По её словам, CONTENT.
	for i := 0; i+1 < len(items); i++ {
		if items[i].low == "по" && i+2 < len(items) && russianTheirs[items[i+1].low] != "" && russianBefore[items[i+2].low] {
			who := items[i+1].token
			who.low = russianTheirs[who.low]
			body := items[:i]
			if i == 0 {
				body = items[3:]
			}
			r.offer(p, items, []token{who}, r.words(items, i, i+3), cue{kind: Fact, neutral: "said"}, body, "according to")
			return
		}
		if items[i].low == "по" && russianBefore[items[i+1].low] {
			to := i + 2
			for to < len(items) && items[to].word {
				to++
			}
			body := items[:i]
			if i == 0 && to < len(items) {
				body = items[to:]
			}
			r.offer(p, items, plain(items[i+2:to]), r.words(items, i, i+2), cue{kind: Fact, neutral: "said"}, body, "according to")
			return
		}
	}
	for i := range items {
		if items[i].quote != nil {
			continue
		}
		c, n, ok := r.lang.cueIn(items, i)
		if !ok {
			continue
		}
		left, right := i-1, i+n
		for left >= 0 && items[left].quote == nil && items[left].word && !russianStops[items[left].low] {
			left--
		}
		for right < len(items) && items[right].quote == nil && items[right].word && !russianStops[items[right].low] {
			right++
		}
		before, behind := plain(items[left+1:i]), plain(items[i+n:right])
		verb := r.words(items, i, i+n)
		// Circumstances: "во вторник, что".
		for j := right; j+1 < len(items) && j < right+10; j++ {
			if items[j].text == "," && items[j+1].low == "что" {
				right = j
				break
			}
			if items[j].quote != nil || items[j].text == "," {
				break
			}
		}
		quote := left >= 0 && (items[left].quote != nil || dash(items[left]) || items[left].text == ",")
		switch {
		case right < len(items) && (items[right].text == "," && right+1 < len(items) && items[right+1].low == "что" || items[right].low == "что"):
			who := before
			if len(who) == 0 {
				who = behind
			}
			from := right + 1
			if items[right].text == "," {
				from++
			}
			r.offer(p, items, who, verb, c, items[from:], "who said it, then what was said")
			return
		case items[len(items)-1].quote != nil && i < len(items)-1 && len(items)-right <= 3 && len(before)+len(behind) > 0:
			who := before
			if len(who) == 0 {
				who = behind
			}
			r.offer(p, items, who, verb, c, items[len(items)-1:], "who said it, then what was said")
			return
		case quote && words(items[:left+1]) >= 2 && len(before)+len(behind) > 0:
			who := behind
			if len(who) == 0 || len(before) > 0 {
				who = before
			}
			r.offer(p, items, who, verb, c, items[:left+1], "what was said, then who said it")
			return
		case c.frame == about && right < len(items):
			who := before
			if len(who) == 0 {
				continue
			}
			r.offer(p, items, who, verb, c, items[i+n:], "who said it, then what was said")
			return
		case c.frame == about && len(before) > 0 && len(behind) > 1:
			r.offer(p, items, before, verb, c, items[i+n:], "who said it, then what was said")
			return
		}
	}
}

func dash(it item) bool { return it.quote == nil && strings.Contains("—–-", it.text) }

// offer proposes a claim of a language whose readers find the parts by themselves. Without a subject it is the words of whoever spoke before.
func (r *reading) offer(p *paragraph, items []item, who []token, verb string, c cue, body []item, rule string) {
	for len(body) > 0 && body[len(body)-1].quote == nil && (dash(body[len(body)-1]) || !body[len(body)-1].word) {
		body = body[:len(body)-1]
	}
	for len(body) > 0 && body[0].quote == nil && !body[0].word {
		body = body[1:]
	}
	if words(body) < 2 {
		return
	}
	f := found{p: p, items: items, kind: c.kind, cue: verb, neutral: c.neutral, rule: rule, around: plain(items)}
	f.spans, f.form = r.content(p, body)
	if len(f.spans) == 0 {
		return
	}
	if len(who) > 0 && r.isOutlet(who) && r.spoke != nil {
		f.via = []string{join(who)}
		who = nil
	}
	switch {
	case len(who) > 0:
		m := r.describe(who)
		f.mention, f.coref = m.text, m.pronoun || m.name == ""
		f.who, f.confidence = r.resolve(m, r.at)
	case r.spoke != nil:
		f.who, f.confidence, f.coref = r.spoke, Carried, true
	}
	r.emit(f)
	if f.form == Direct {
		r.direct = len(r.claims) - 1
	}
}

func (r *reading) isOutlet(ts []token) bool {
	for _, t := range ts {
		if russianOutlet[t.low] || arabicOutlets[bare(t.low)] || known[t.low] {
			return true
		}
	}
	return false
}

// describe parts the words for a speaker into name and role, in languages other than English.
func (r *reading) describe(ts []token) mention {
	m := mention{text: join(ts), roles: map[string]bool{}}
	if len(ts) == 1 {
		if g, ok := russianThey[ts[0].low]; ok {
			m.pronoun, m.gender = true, g
			return m
		}
	}
	// The name comes last, behind the words for a role.
	from := len(ts)
	for from > 0 && r.inName(ts, from-1) {
		from--
	}
	for _, t := range ts[:from] {
		m.roles[bare(t.low)] = true
		m.body = m.body || among(otherBodies, t.low)
	}
	for _, t := range ts[:from] {
		if among(otherPeople, t.low) {
			m.body = false
		}
	}
	if m.body || len(ts) == 1 && acronym(ts[0].text) {
		m.body, m.name, m.org = true, m.text, m.text
		return m
	}
	m.name, m.role = join(ts[from:]), join(ts[:from])
	if m.name == "" && r.lang == arabicLanguage && len(m.roles) > 0 && !meet(m.roles, otherPeople) {
		m.name, m.role = m.text, ""
	}
	return m
}

// inName reports whether a word may be part of a name: a capital in Russian; in Arabic a word that is no role, no adjective of a country and no body.
func (r *reading) inName(ts []token, i int) bool {
	if among(otherPeople, ts[i].low) || among(otherBodies, ts[i].low) {
		return false
	}
	if r.lang == russian {
		return ts[i].capital()
	}
	if strings.HasPrefix(ts[i].low, "ال") {
		// A family name has the article too, but only behind a first name without one.
		return i > 0 && !strings.HasPrefix(ts[i-1].low, "ال") && !among(otherPeople, ts[i-1].low) && !among(otherBodies, ts[i-1].low)
	}
	return true
}

// among reports whether a word is in a list, in whatever case it stands: Russian words are compared without their endings.
func among(list map[string]bool, w string) bool {
	w = bare(w)
	if list[w] {
		return true
	}
	rs := []rune(w)
	for n := len(rs) - 1; n >= 5 && n >= len(rs)-3 && rs[0] >= 'а' && rs[0] <= 'я'; n-- {
		for _, end := range []string{"", "ь", "е", "о", "я", "а"} {
			if list[string(rs[:n])+end] {
				return true
			}
		}
	}
	return false
}

// bare is a word without the Arabic article.
func bare(w string) string {
	if cut, ok := strings.CutPrefix(w, "ال"); ok && len([]rune(cut)) > 2 {
		return cut
	}
	return w
}

var (
	otherPeople = set("дипломат министр президент глава представитель представительница командир генерал полковник директор посол врач житель жители очевидец очевидцы источник сотрудник чиновник пресс-секретарь замглавы губернатор мэр " +
		"وزير وزيره متحدث متحدثه ناطق رئيس مدير مديره مسؤول مسئول قائد عقيد عميد لواء جنرال دبلوماسي سفير مبعوث طبيب شاهد شهود سكان ناشط ناشطون مصدر مصادر نائب محافظ محلل خبير باسم")
	otherBodies = set("министерство минобороны мид армия правительство оон командование центр организация совет агентство штаб " +
		"وزارة جيش حكومة منظمة امم قوات قيادة مركز مرصد هيئة مجلس تحالف لجنة وكالة بيان")
)
