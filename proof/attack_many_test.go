//go:build long

package proof_test

// attackRounds is how often each attack is made for every release.
const attackRounds = 1000
