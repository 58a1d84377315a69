//go:build !long

package journal_test

// failoverRounds is how often the primary is ended for every submission.
const failoverRounds = 3
