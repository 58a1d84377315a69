package replay

// Role is what an actor is in the channel.
type Role string

// Level is a level of a party.
type Level string

// Type is what an object is.
type Type string

// Form is the form of a geometry.
type Form string

// Basis says whether a thing rests on a source or is made up for the replay.
type Basis string

// Precision says how exactly the time of an event is known.
type Precision string

// Kind is what an event is.
type Kind string

// Channel says whether something of the kind was really sent or done, or is entered so that there is something to check.
type Channel string

// Certainty says what an event rests on.
type Certainty string

// Weight says how much depends on an expectation.
type Weight string

// Never is what no run may show.
type Never string

// Warning is a kind of warning.
type Warning string

// The words of the form that programs ask about.
const (
	Notifier Role = "notifier"
	Desk     Role = "desk"
	Party    Role = "party"
	Other    Role = "other"

	Site     Type = "site"
	Movement Type = "movement"
	Area     Type = "area"
	Line     Type = "line"
	Pause    Type = "pause"
	List     Type = "list"

	Point      Form = "Point"
	Circle     Form = "Circle"
	Polygon    Form = "Polygon"
	LineString Form = "LineString"

	Sourced      Basis = "sourced"
	Illustrative Basis = "illustrative"

	ExactMinute  Precision = "exact_minute"
	ApproxMinute Precision = "approx_minute"
	Derived      Precision = "derived"
	Hour         Precision = "hour"
	OrderOnly    Precision = "order_only"

	Notify       Kind = "notify"
	Update       Kind = "update"
	Release      Kind = "release"
	Deliver      Kind = "deliver"
	Acknowledge  Kind = "acknowledge"
	Disseminate  Kind = "disseminate"
	DeclareArea  Kind = "declare_area"
	Check        Kind = "check"
	Depart       Kind = "depart"
	Arrive       Kind = "arrive"
	Unload       Kind = "unload"
	EscortChange Kind = "escort_change"
	PauseStart   Kind = "pause_start"
	PauseEnd     Kind = "pause_end"
	HotlineCall  Kind = "hotline_call"
	Handover     Kind = "handover"
	Harm         Kind = "harm"
	NearMiss     Kind = "near_miss"
	OtherKind    Kind = "other"

	Modelled Channel = "modelled"
	Recorded Channel = "recorded"

	Contested Certainty = "contested"

	Must   Weight = "must"
	Should Weight = "should"

	Leave    Never = "clearance_or_safe_wording"
	Approval Never = "approval_state"
	Blame    Never = "blame_attribution_by_system"
	Later    Never = "use_of_events_after_given"
)

var (
	roles       = []string{"notifier", "desk", "party", "other"}
	levels      = []string{"hq", "ops_room", "unit"}
	types       = []string{"site", "movement", "area", "line", "pause", "list"}
	forms       = []string{"Point", "Circle", "Polygon", "LineString"}
	bases       = []string{"sourced", "illustrative"}
	precisions  = []string{"exact_minute", "approx_minute", "derived", "hour", "half_day", "day", "month", "order_only"}
	kinds       = []string{"notify", "update", "release", "deliver", "acknowledge", "disseminate", "declare_area", "check", "depart", "arrive", "unload", "escort_change", "pause_start", "pause_end", "hotline_call", "handover", "harm", "near_miss", "other"}
	channels    = []string{"modelled", "recorded"}
	certainties = []string{"sourced", "contested", "illustrative"}
	weights     = []string{"must", "should"}
	nevers      = []string{"clearance_or_safe_wording", "approval_state", "blame_attribution_by_system", "use_of_events_after_given"}
)

// want is what an argument of a warning names.
type want int

const (
	anObject want = iota // an object of the case
	anEvent              // an event of the case
	anActor              // an actor of the case
	aLevel
	aNumber // at least 0
	aWord   // not empty: a phase, a field
)

// Kinds lists the kinds of events.
func Kinds() []Kind {
	list := make([]Kind, len(kinds))
	for i, k := range kinds {
		list[i] = Kind(k)
	}
	return list
}

type argument struct {
	name string
	want want
}

// arguments are the kinds of warning with what each names; the first is always said.
var arguments = map[string][]argument{
	"contrary_indication":          {{"object", anObject}, {"area", anObject}, {"buffer_m", aNumber}},
	"text_geometry_mismatch":       {{"event", anEvent}, {"area", anObject}, {"min_km", aNumber}},
	"position_mismatch":            {{"entry", anEvent}, {"object", anObject}, {"min_m", aNumber}},
	"extent_ignored":               {{"check", anEvent}, {"object", anObject}},
	"ack_missing":                  {{"object", anObject}, {"party", anActor}, {"level", aLevel}, {"message", anEvent}},
	"list_not_held":                {{"area", anObject}, {"party", anActor}, {"level", aLevel}},
	"no_answer_count":              {{"object", anObject}, {"party", anActor}, {"min", aNumber}},
	"reack_overdue":                {{"object", anObject}, {"max_days", aNumber}},
	"update_unacknowledged":        {{"event", anEvent}, {"min_min", aNumber}},
	"urgent_stop_untaken":          {{"event", anEvent}, {"min_min", aNumber}},
	"urgent_stop_without_effect":   {{"event", anEvent}, {"min_min", aNumber}},
	"urgent_stop_repeat":           {{"object", anObject}, {"count", aNumber}},
	"any_duty_officer_accept":      {{"event", anEvent}},
	"hold_prompt":                  {{"movement", anObject}},
	"movement_phase_uncovered":     {{"movement", anObject}, {"phase", aWord}},
	"stop_exceeds_window":          {{"movement", anObject}, {"min_min", aNumber}},
	"contact_lost":                 {{"movement", anObject}, {"min_min", aNumber}},
	"unnotified_change":            {{"movement", anObject}, {"field", aWord}},
	"pause_expired":                {{"pause", anObject}},
	"recent_harm_near_movement":    {{"movement", anObject}, {"area", anObject}, {"within_m", aNumber}, {"hours", aNumber}},
	"nearby_fire":                  {{"object", anObject}, {"area", anObject}, {"within_m", aNumber}},
	"reverse_conflict":             {{"area", anObject}, {"movement", anObject}, {"within_m", aNumber}},
	"stale_list":                   {{"list", anObject}, {"max_age_days", aNumber}},
	"stale_entry":                  {{"object", anObject}, {"max_age_days", aNumber}},
	"verification_conflict":        {{"object", anObject}, {"other", anObject}},
	"check_missing":                {{"area", anObject}, {"party", anActor}},
	"recheck_required":             {{"check", anEvent}, {"object", anObject}},
	"approval_not_a_substitute":    {{"area", anObject}},
	"warning_not_given":            {{"object", anObject}, {"party", anActor}},
	"line_crossing_without_notice": {{"unit", anObject}, {"line", anObject}},
	"line_not_agreed":              {{"line", anObject}, {"party", anActor}},
	"presence_contradiction":       {{"unit", anObject}, {"party", anActor}},
	"request_refused_standing":     {{"area", anObject}, {"by", anActor}},
	"version_dispute":              {{"area", anObject}, {"object", anObject}},
	"harm_at_notified_object":      {{"object", anObject}, {"event", anEvent}},
	"correction_overdue":           {{"incident", anEvent}, {"max_days", aNumber}},
	"repeat_object_alarm":          {{"object", anObject}, {"area", anObject}},
}
