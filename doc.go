// Package parley is the vocabulary of the channel: the parties and people who use it, the commands they sign, the records
// that follow, and the states those records pass through.
//
// It holds types and their validation only. Reading it tells what the system does; the rooms below it do it. The words are
// the field's own: a name here is the name in the API, the database, the screen and the log.
//
// # Who
//
// A Theatre is one conflict context with a Profile and a journal of its own. A Party is a force or an authority; an
// Organisation notifies; the Desk verifies and releases, by two people; the Board of trustees admits and sets the profile.
// People act as Members, with roles, an echelon and a key.
//
// # What
//
// Site, Movement and Presence are protected objects, in versions. A Release sends one version to one party; an
// Acknowledgement answers it with a read-back. An Area of operation is declared, a PrecautionCheck only asked; both meet
// ContraryIndications. A ListHead says which list a check was made against. An UrgentStop climbs until a person takes it.
//
// # How
//
// Everything happens by a Command: a strict JSON body in a DSSE Envelope, signed by a member's key. What a person wrote is
// never in the command: it is a Payload, bound by a salted Commitment, so that it can be erased while the proof stands.
//
// # What it never says
//
// Notification is not a request. No state, word or field here grants anything, and a check only ever adds caution.
package parley
