//go:build long

package journal_test

// failoverRounds is how often the primary is ended for every release.
const failoverRounds = 200
