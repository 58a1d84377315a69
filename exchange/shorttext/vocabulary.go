package shorttext

import (
	"slices"
	"strings"

	"parley"
)

// phrases are the words of the field for one meaning: the first of each language is the one that examples and replies use. They are
// compared after fold, so that case, spaces and the variants of Arabic letters do not matter.
type phrases struct {
	english, arabic []string
}

func (p phrases) in(lang Language) string {
	if lang == Arabic {
		return p.arabic[0]
	}
	return p.english[0]
}

// statuses are the words for what a movement does. In Arabic a convoy speaks of itself, "we arrived", or is spoken of, "it arrived".
var statuses = map[parley.MovementState]phrases{
	parley.MovementDeparted:   {[]string{"DEPARTED", "LEFT", "STARTED", "DEPARTING"}, []string{"غادرت", "غادرنا", "غادر", "مغادرة", "انطلقت", "انطلقنا", "انطلق"}},
	parley.MovementCheckpoint: {[]string{"CHECKPOINT", "AT CHECKPOINT", "PASSED CHECKPOINT", "CP"}, []string{"حاجز", "عند حاجز", "عند الحاجز", "نقطة تفتيش", "عبرنا الحاجز"}},
	parley.MovementAtStop:     {[]string{"AT STOP", "AT A STOP", "STANDING"}, []string{"في محطة", "في المحطة", "محطة"}},
	parley.MovementUnloading:  {[]string{"UNLOADING", "OFFLOADING", "UNLOAD"}, []string{"تفريغ", "نفرغ", "التفريغ", "نقوم بالتفريغ"}},
	parley.MovementWaiting:    {[]string{"WAITING", "WAIT"}, []string{"ننتظر", "تنتظر", "انتظار", "بالانتظار", "في الانتظار"}},
	parley.MovementHeld:       {[]string{"HELD", "DETAINED", "HELD UP"}, []string{"محتجزة", "محتجزون", "محتجزين", "احتجزونا", "أوقفونا"}},
	parley.MovementResumed:    {[]string{"RESUMED", "MOVING", "ON THE ROAD"}, []string{"تابعت السير", "تابعنا السير", "استأنفنا", "استأنفت", "نتحرك"}},
	parley.MovementImpeded:    {[]string{"IMPEDED", "BLOCKED", "OBSTRUCTED"}, []string{"معرقلة", "معرقلون", "عرقلة", "الطريق مغلق", "الطريق مقطوع"}},
	parley.MovementDenied:     {[]string{"DENIED", "REFUSED", "ACCESS DENIED"}, []string{"منعت من المرور", "منعنا من المرور", "منعونا", "ممنوع المرور"}},
	parley.MovementTurnedBack: {[]string{"TURNED BACK", "TURNING BACK"}, []string{"عادت أدراجها", "عدنا أدراجنا"}},
	parley.MovementAttacked:   {[]string{"UNDER ATTACK", "UNDER FIRE", "ATTACKED"}, []string{"تحت هجوم", "تحت النار", "تحت القصف", "نتعرض لهجوم", "نتعرض لقصف"}},
	parley.MovementArrived:    {[]string{"ARRIVED", "ARRIVAL"}, []string{"وصلت", "وصلنا", "وصل", "وصول"}},
	parley.MovementReturned:   {[]string{"RETURNED", "BACK AT BASE"}, []string{"رجعت", "رجعنا", "رجع"}},
	parley.MovementClosed:     {[]string{"CLOSED", "MISSION CLOSED"}, []string{"أغلقت", "انتهت الحركة", "انتهت المهمة"}},
}

// decisions are the words for an answer to the question on the road.
var decisions = map[parley.Decision]phrases{
	parley.Hold:     {[]string{"HOLD", "WE HOLD"}, []string{"توقف", "نتوقف", "التوقف"}},
	parley.TurnBack: {[]string{"TURN BACK", "WE TURN BACK"}, []string{"عودة", "العودة", "نعود"}},
	parley.Continue: {[]string{"CONTINUE", "WE CONTINUE"}, []string{"متابعة", "المتابعة", "نتابع", "نستمر"}},
}

// stopWords raise an urgent stop.
var stopWords = phrases{[]string{"STOP", "SOS", "URGENT STOP"}, []string{"قف", "قفوا", "نجدة", "استغاثة"}}

// escortWords begin the answer to the question whether anyone is armed.
var escortWords = phrases{[]string{"ARMED", "ESCORT", "ESCORT CHANGED", "ARMED ESCORT"}, []string{"مسلح", "مسلحون", "مرافقة", "حراسة", "مرافقة مسلحة", "تغيرت المرافقة"}}

// answers are the answers to it.
var answers = map[parley.Answer]phrases{
	parley.Yes:     {[]string{"YES", "Y"}, []string{"نعم"}},
	parley.No:      {[]string{"NO"}, []string{"لا"}},
	parley.Unknown: {[]string{"UNKNOWN", "NOT KNOWN"}, []string{"غير معروف", "لا نعرف"}},
}

// legWords stand before a number.
var legWords = phrases{[]string{"LEG"}, []string{"مرحلة", "المرحلة"}}

// fillers are said and mean nothing here.
var fillers = phrases{[]string{"AT", "IN", "ON", "FROM", "WE", "ARE", "IS", "THIS", "STATUS", "POSITION", "POS", "TIME", "HERE", "NOW", "CONVOY", "MOVEMENT", "HOURS", "HRS", "PLEASE", "REF", "REFERENCE"},
	[]string{"في", "عند", "نحن", "الآن", "الساعة", "الموقع", "موقعنا", "الحالة", "القافلة", "الحركة", "المرجع", "من", "هنا"}}

// entry is one phrase with what it means.
type entry struct {
	words  []string // folded
	status parley.MovementState
	choice parley.Decision
	answer parley.Answer
	stop   bool
	escort bool
	leg    bool
	filler bool
}

// lexicon holds every phrase, the longest first, so that "turned back" is not read as anything shorter.
var lexicon = func() (all []entry) {
	add := func(p phrases, e entry) {
		for _, text := range slices.Concat(p.english, p.arabic) {
			e.words = strings.Fields(fold(text))
			all = append(all, e)
		}
	}
	for s, p := range statuses {
		add(p, entry{status: s})
	}
	for d, p := range decisions {
		add(p, entry{choice: d})
	}
	for a, p := range answers {
		add(p, entry{answer: a})
	}
	add(stopWords, entry{stop: true})
	add(escortWords, entry{escort: true})
	add(legWords, entry{leg: true})
	add(fillers, entry{filler: true})
	slices.SortStableFunc(all, func(a, b entry) int { return len(b.words) - len(a.words) })
	return all
}()

// expectations are what was expected instead, in both languages.
var expectations = map[string]phrases{
	"text":          {[]string{"one message of at most 480 characters"}, []string{"رسالة واحدة لا تزيد على 480 حرفًا"}},
	"reference":     {[]string{"the movement's reference"}, []string{"مرجع الحركة"}},
	"check":         {[]string{"the reference as it is written: its last character does not fit"}, []string{"المرجع كما هو مكتوب: حرفه الأخير لا يطابق"}},
	"one_reference": {[]string{"one reference"}, []string{"مرجعًا واحدًا"}},
	"movement_ref":  {[]string{"the reference of a movement, MOVE-..."}, []string{"مرجع حركة، MOVE-..."}},
	"prompt_ref":    {[]string{"the reference of the question, ASK-..., or of the movement"}, []string{"مرجع السؤال ASK-... أو مرجع الحركة"}},
	"object_ref":    {[]string{"the reference of what is under fire, or its position"}, []string{"مرجع ما يتعرض للنار أو موقعه"}},
	"open_question": {[]string{"a movement with an open question; to say what it does, a status"}, []string{"حركة لها سؤال مفتوح؛ ولقول ما تفعله: حالة"}},
	"meaning":       {[]string{"a status, a decision or STOP"}, []string{"حالة أو قرارًا أو: قف"}},
	"one_meaning":   {[]string{"one status or decision alone"}, []string{"حالة واحدة أو قرارًا واحدًا"}},
	"leg":           {[]string{"a number from 1 to 32 after LEG"}, []string{"رقمًا من 1 إلى 32 بعد: مرحلة"}},
	"time":          {[]string{"one time as HH:MM that has been"}, []string{"وقتًا واحدًا مضى بصيغة HH:MM"}},
	"position":      {[]string{"nothing more, or a position; other words after a slash"}, []string{"لا شيء آخر أو موقعًا؛ والكلام بعد شرطة مائلة /"}},
	"in_theatre":    {[]string{"a position in the theatre; are north and east in order?"}, []string{"موقعًا داخل المسرح؛ هل الشمال والشرق بالترتيب؟"}},
	"escort":        {[]string{"YES, NO or UNKNOWN after ARMED"}, []string{"نعم أو لا أو غير معروف بعد: مسلح"}},
	"report_only":   {[]string{"leg, time and escort with a status alone"}, []string{"المرحلة والوقت والمرافقة مع حالة فقط"}},
}

// ExampleRef is the reference in examples; its check character fits.
var ExampleRef = parley.MakeRef(parley.RefMovement, parley.Hash{0x3c, 0x9e, 0x71, 0x20}, 5)

// exampleFor writes a message that would be understood.
func exampleFor(_ Field, lang Language) string { return ExampleReport(ExampleRef, lang) }

// ExampleReport writes a report of a movement as its people would send it. In Arabic the numbers stand before the word: after it they
// would run the other way on a screen.
func ExampleReport(ref parley.Ref, lang Language) string {
	if lang == Arabic {
		return string(ref) + " 09:30 35.9512 39.0123 " + statuses[parley.MovementCheckpoint].in(lang)
	}
	return string(ref) + " " + statuses[parley.MovementCheckpoint].in(lang) + " 09:30 35.9512 39.0123"
}

// ExampleStatus writes the shortest report of a status.
func ExampleStatus(ref parley.Ref, status parley.MovementState, lang Language) string {
	return string(ref) + " " + statuses[status].in(lang)
}

// ExampleDecision writes a decision as it would be sent.
func ExampleDecision(ref parley.Ref, d parley.Decision, lang Language) string {
	return decisions[d].in(lang) + " " + string(ref)
}

// ExampleStop writes an urgent stop as it would be sent.
func ExampleStop(ref parley.Ref, lang Language) string { return stopWords.in(lang) + " " + string(ref) }

// ExampleEscort writes the answer about armed people, beside a status.
func ExampleEscort(ref parley.Ref, lang Language) string {
	return string(ref) + " " + statuses[parley.MovementCheckpoint].in(lang) + " " + escortWords.in(lang) + " " + answers[parley.Yes].in(lang)
}
