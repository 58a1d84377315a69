//go:build !long

package proof_test

// attackRounds is how often each attack is made for every submission.
const attackRounds = 3
