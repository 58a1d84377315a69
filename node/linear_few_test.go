//go:build !long

package node_test

// linearOperations is how many operations Porcupine judges for every submission.
const linearOperations = 20_000
