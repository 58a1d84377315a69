//go:build long

package node_test

// linearOperations is how many operations Porcupine judges for every release.
const linearOperations = 5_000_000
