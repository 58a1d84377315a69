//go:build !long

package node_test

// simulationSeeds is how many histories are simulated for every submission.
const simulationSeeds = 20
