package parley

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Screening looks up names of consignees, suppliers and accounts in lists of designations. It is about supplies and funds, never about protection:
// no notification, release, check or warning reads a screening (DESIGN.md, wall 5). Two people decide, with reasons; nothing is stopped by the program.

// ListLoad puts the edition of a designation list on record that an account screens with: by its hash, so that anyone may compare.
type ListLoad struct {
	List      string `json:"list"`      // "UN", "OFAC"
	Published int64  `json:"published"` // its date, milliseconds UTC
	Hash      Hash   `json:"hash"`      // SHA-256 over the files
	Entries   int32  `json:"entries"`
}

// Kind implements Body.
func (*ListLoad) Kind() CommandKind { return "list.load" }

var listName = regexp.MustCompile(`^[A-Z0-9][A-Z0-9_-]{0,15}$`)

// Validate implements Body.
func (b *ListLoad) Validate() error {
	if !listName.MatchString(b.List) {
		return Invalid("list", strconv.Quote(b.List), "a short name in capitals, such as UN")
	}
	if err := validateTime("published", b.Published); err != nil {
		return err
	}
	if b.Hash.IsZero() {
		return Invalid("hash", "zeros", "the SHA-256 of the list's files")
	}
	if b.Entries < 1 || b.Entries > 10_000_000 {
		return Invalid("entries", strconv.Itoa(int(b.Entries)), "1 to 10,000,000 entries")
	}
	return nil
}

// SubjectKind is what a name that is screened stands for.
type SubjectKind string

// SubjectKinds lists them.
var SubjectKinds = []SubjectKind{"person", "organisation", "vessel", "other"}

// ScreenedAs is what part somebody takes for whom a name is screened.
type ScreenedAs string

// ScreenedAsKinds lists the parts. An account is one that asks to be admitted: a note for the trustees, and no gate.
var ScreenedAsKinds = []ScreenedAs{"supplier", "consignee", "carrier", "donor", "staff", "bank_account", "account", "other"}

// ScreenedEntry is an entry of a list that a name may stand for.
type ScreenedEntry struct {
	_     struct{} `cbor:",toarray"`
	Entry string   `json:"entry"` // "UN:QDe.137"
	Score int32    `json:"score"` // in thousandths: for the order, never a verdict
}

var listEntry = regexp.MustCompile(`^[A-Z0-9][A-Z0-9_-]{0,15}:[A-Za-z0-9][A-Za-z0-9._/()-]{0,79}$`)

// MostCandidates is how many entries one screening may name.
const MostCandidates = 50

// ScreeningOpen puts on record that a name was looked up, in which editions, and what was found: candidates for a person to look at, or none.
type ScreeningOpen struct {
	Subject     Commitment      `json:"subject"` // the name
	SubjectKind SubjectKind     `json:"subject_kind"`
	As          ScreenedAs      `json:"as"`
	About       Ref             `json:"about,omitzero"` // the movement that it supplies, or the account
	Editions    []Hash          `json:"editions"`       // each on record by list.load
	Candidates  []ScreenedEntry `json:"candidates,omitempty"`
	Words       Commitment      `json:"words,omitzero"`
}

// Kind implements Body.
func (*ScreeningOpen) Kind() CommandKind { return "screening.open" }

// Validate implements Body.
func (b *ScreeningOpen) Validate() error {
	if err := requireText("subject", b.Subject); err != nil {
		return err
	}
	if !slices.Contains(SubjectKinds, b.SubjectKind) {
		return Invalid("subject_kind", strconv.Quote(string(b.SubjectKind)), fmt.Sprintf("one of %v", SubjectKinds))
	}
	if !slices.Contains(ScreenedAsKinds, b.As) {
		return Invalid("as", strconv.Quote(string(b.As)), fmt.Sprintf("one of %v", ScreenedAsKinds))
	}
	if b.About != "" {
		if err := requireRef("about", b.About, RefMovement, RefOrganisation, RefParty); err != nil {
			return err
		}
	}
	return first(validateEditions(b.Editions), validateCandidates(b.Candidates))
}

func validateEditions(editions []Hash) error {
	if len(editions) == 0 || len(editions) > 20 {
		return Invalid("editions", fmt.Sprintf("%d editions", len(editions)), "1 to 20 editions of lists that were looked through")
	}
	for i, h := range editions {
		if h.IsZero() || slices.Contains(editions[:i], h) {
			return Invalid(fmt.Sprintf("editions[%d]", i), h.String(), "the hash of an edition, each once")
		}
	}
	return nil
}

func validateCandidates(list []ScreenedEntry) error {
	if len(list) > MostCandidates {
		return Invalid("candidates", fmt.Sprintf("%d entries", len(list)), fmt.Sprintf("at most %d", MostCandidates))
	}
	for i, c := range list {
		if !listEntry.MatchString(c.Entry) || slices.ContainsFunc(list[:i], func(o ScreenedEntry) bool { return o.Entry == c.Entry }) {
			return Invalid(fmt.Sprintf("candidates[%d].entry", i), strconv.Quote(c.Entry), "a list and a reference, such as UN:QDe.137, each once")
		}
		if c.Score < 0 || c.Score > 1000 {
			return Invalid(fmt.Sprintf("candidates[%d].score", i), strconv.Itoa(int(c.Score)), "0 to 1000")
		}
	}
	return nil
}

// ScreeningRepeat puts on record that the name of a screening was looked up again, in other editions. What was decided of an entry stands until
// somebody decides anew; an entry that was not there before waits for review.
type ScreeningRepeat struct {
	Screening  Ref             `json:"screening"`
	Editions   []Hash          `json:"editions"`
	Candidates []ScreenedEntry `json:"candidates,omitempty"`
}

// Kind implements Body.
func (*ScreeningRepeat) Kind() CommandKind { return "screening.repeat" }

// Validate implements Body.
func (b *ScreeningRepeat) Validate() error {
	return first(requireRef("screening", b.Screening, RefScreening), validateEditions(b.Editions), validateCandidates(b.Candidates))
}

// ScreeningReason says why a person takes an entry for the one screened, or sets it aside.
type ScreeningReason string

// The reasons to confirm and to set aside.
var (
	ConfirmReasons  = []ScreeningReason{"same_identifiers", "same_details", "own_statement", "authority_says_so"}
	SetAsideReasons = []ScreeningReason{"other_person", "other_body", "other_dates", "other_place", "other_identifiers", "common_name", "entry_delisted", "not_enough_to_tell"}
)

// ScreeningDecide says what two people find of one candidate. It changes nothing else anywhere.
type ScreeningDecide struct {
	Screening Ref             `json:"screening"`
	Entry     string          `json:"entry"`
	Confirmed bool            `json:"confirmed"` // false: set aside
	Reason    ScreeningReason `json:"reason"`
	Words     Commitment      `json:"words"`
}

// Kind implements Body.
func (*ScreeningDecide) Kind() CommandKind { return "screening.decide" }

// Validate implements Body.
func (b *ScreeningDecide) Validate() error {
	if err := first(requireRef("screening", b.Screening, RefScreening), requireText("words", b.Words)); err != nil {
		return err
	}
	if !listEntry.MatchString(b.Entry) {
		return Invalid("entry", strconv.Quote(b.Entry), "a list and a reference, such as UN:QDe.137")
	}
	reasons := SetAsideReasons
	if b.Confirmed {
		reasons = ConfirmReasons
	}
	if !slices.Contains(reasons, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", reasons))
	}
	return nil
}

// ScreeningAppeal contests what was found of one candidate. Others than those who found it decide anew.
type ScreeningAppeal struct {
	Screening Ref        `json:"screening"`
	Entry     string     `json:"entry"`
	From      AppealFrom `json:"from"`
	Words     Commitment `json:"words"`
}

// AppealFrom says who contests.
type AppealFrom string

// AppealFroms lists them. A screened person or body speaks through a member who enters it.
var AppealFroms = []AppealFrom{"subject", "member", "partner", "other"}

// Kind implements Body.
func (*ScreeningAppeal) Kind() CommandKind { return "screening.appeal" }

// Validate implements Body.
func (b *ScreeningAppeal) Validate() error {
	if err := first(requireRef("screening", b.Screening, RefScreening), requireText("words", b.Words)); err != nil {
		return err
	}
	if !listEntry.MatchString(b.Entry) {
		return Invalid("entry", strconv.Quote(b.Entry), "a list and a reference, such as UN:QDe.137")
	}
	if !slices.Contains(AppealFroms, b.From) {
		return Invalid("from", strconv.Quote(string(b.From)), fmt.Sprintf("one of %v", AppealFroms))
	}
	return nil
}

// CarveOut is the ground on which humanitarian work goes on beside a designation.
type CarveOut string

// CarveOuts lists the grounds: Security Council resolution 2664 (2022) for asset freezes of the United Nations, 2761 (2024) for the regime of
// resolution 1267 and its followers, a licence of an authority, another one.
var CarveOuts = []CarveOut{"unscr_2664", "unscr_2761", "licence", "other"}

// ScreeningNote adds to a screening: the ground on which the work goes on, or words.
type ScreeningNote struct {
	Screening Ref        `json:"screening"`
	CarveOut  CarveOut   `json:"carve_out,omitzero"`
	Words     Commitment `json:"words"`
}

// Kind implements Body.
func (*ScreeningNote) Kind() CommandKind { return "screening.note" }

// Validate implements Body.
func (b *ScreeningNote) Validate() error {
	if err := first(requireRef("screening", b.Screening, RefScreening), requireText("words", b.Words)); err != nil {
		return err
	}
	if b.CarveOut != "" && !slices.Contains(CarveOuts, b.CarveOut) {
		return Invalid("carve_out", strconv.Quote(string(b.CarveOut)), fmt.Sprintf("nothing, or one of %v", CarveOuts))
	}
	return nil
}

// CandidateState is how far people have come with one candidate of a screening.
type CandidateState string

// The states of a candidate. There is none that stops anything.
const (
	CandidateToReview  CandidateState = "to_review"
	CandidateConfirmed CandidateState = "confirmed"
	CandidateSetAside  CandidateState = "set_aside"
	CandidateContested CandidateState = "contested"
)

// CandidateMachine is the machine of a candidate.
var CandidateMachine = &Machine{
	Name:  "screening",
	About: "How far people have come with one entry that a screened name may stand for. No state stops anything, and none touches a notification: protection depends on no list of designations.",
	States: []State{
		{string(CandidateToReview), "a person has to look at it", false},
		{string(CandidateConfirmed), "two people take the entry for the one screened, and say why", false},
		{string(CandidateSetAside), "two people find that the entry is another, and say why", false},
		{string(CandidateContested), "what was found is contested; two others decide anew", false},
	},
	Moves: []Move{
		{string(CandidateToReview), string(CandidateConfirmed), "screening.decide"},
		{string(CandidateToReview), string(CandidateSetAside), "screening.decide"},
		{string(CandidateConfirmed), string(CandidateContested), "screening.appeal"},
		{string(CandidateSetAside), string(CandidateContested), "screening.appeal"},
		{string(CandidateContested), string(CandidateConfirmed), "screening.decide"},
		{string(CandidateContested), string(CandidateSetAside), "screening.decide"},
	},
}

// ListNoted is an edition that an account has put on record.
type ListNoted struct {
	_        struct{} `cbor:",toarray"`
	Account  Ref
	By       Ref
	Load     ListLoad
	Position uint64
	At       int64
}

// Screening is a screening as it stands.
type Screening struct {
	_          struct{} `cbor:",toarray"`
	Ref        Ref
	Account    Ref
	By         Ref
	Open       ScreeningOpen
	Editions   []Hash // of the newest look
	Looks      []ScreeningLook
	Candidates []Candidate
	Notes      []ScreeningNoted
	Name       Hash
	Position   uint64
	At         int64
}

// ScreeningLook is one time at which the name was looked up.
type ScreeningLook struct {
	_        struct{} `cbor:",toarray"`
	Editions []Hash
	Found    []ScreenedEntry
	By       Ref
	At       int64
	Position uint64
}

// Candidate is one entry of a screening.
type Candidate struct {
	_     struct{} `cbor:",toarray"`
	Entry string
	Score int32
	State CandidateState
	Steps []CandidateStep
	Gone  bool // the newest look did not find it any more
}

// CandidateStep is something that was found or contested.
type CandidateStep struct {
	_        struct{} `cbor:",toarray"`
	To       CandidateState
	Reason   ScreeningReason
	From     AppealFrom
	Words    Commitment
	By       []Ref // two members for what was found, one for what was contested
	At       int64
	Position uint64
}

// ScreeningNoted is a note on a screening.
type ScreeningNoted struct {
	_        struct{} `cbor:",toarray"`
	CarveOut CarveOut
	Words    Commitment
	By       Ref
	At       int64
	Position uint64
}

var _ = register[ListLoad]() && register[ScreeningOpen]() && register[ScreeningRepeat]() && register[ScreeningDecide]() && register[ScreeningAppeal]() && register[ScreeningNote]()
