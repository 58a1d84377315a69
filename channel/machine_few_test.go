//go:build !long

package channel_test

// walks and walkSteps are how far TestStatesMoveOnlyAsTheirMachinesSay goes.
const walks, walkSteps = 2, 2400
