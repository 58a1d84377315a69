package parley

import "fmt"

// Standing sentences (channel.md section 6). They stand on every receipt, form and answer; translations are in the catalogues.
const (
	// SentenceNotification stands on every receipt and form.
	SentenceNotification = "Notification creates no protection and its absence removes none. The duty to verify rests with the party."
	// SentencePassage stands on every corridor, pause, line and warning.
	SentencePassage = "People who stay or take another way remain protected."
	// SentencePrompt is the question to the people on the road.
	SentencePrompt = "Contact your liaison now. Hold, turn back or continue: your decision."
	// SentenceNoAck asks a movement's owner when no acknowledgement has come.
	SentenceNoAck = "No acknowledgement: your decision. Hold, turn back or continue."
	// SentenceAcknowledged stands beside every acknowledgement.
	SentenceAcknowledged = "Receipt, not agreement."
	// SentenceIncident stands on every incident.
	SentenceIncident = "Recorded from its sources. Who did it is nowhere said by this system: claims are each speaker's own."
	// SentenceClaim stands on every claim.
	SentenceClaim = "Somebody's word, attributed. That it is recorded does not say that it is so."
	// SentenceScreening stands on every screening.
	SentenceScreening = "A candidate is no finding: people decide, with reasons, and what they find can be contested. Screening is about supplies and funds. It changes no notification, and protection depends on no list of designations."
	// SentenceInquiry stands on every inquiry.
	SentenceInquiry = "What this record shows was known to the channel, as far as this reader may see it. What is not in it may have been known all the same. It is no finding about anybody."
)

// SentenceNothingFound is the answer of a check without findings, for a list version (a position of the journal) and its date.
func SentenceNothingFound(version uint64, date int64) string {
	return fmt.Sprintf("No contrary indication in list version %d of %s. Most protected people and places are on no list. "+
		"This is not clearance and does not show that precautions were taken.", version, Stamp(date))
}

// SentenceIndications stands above contrary indications: answering them grants nothing either.
const SentenceIndications = "Contrary indications: each must be answered by a person. Most protected people and places are on no list. " +
	"This is not clearance and does not show that precautions were taken."
