//go:build !long

package journal_test

// flips is how many positions of each file are sampled: one bit each. The small files are met whole.
const flips = 250
