//go:build !long

package journal_test

// flips is how many positions of each file are sampled: one bit each. The small files are met whole.
const flips = 250

// imageStep is how many bytes lie between two crash images of the last block.
const imageStep = 11
