//go:build long

package node_test

// simulationSeeds is how many histories are simulated for every release.
const simulationSeeds = 200_000
