package duty

// Step returns when step n (from 0) of a ladder falls due after it was raised, in milliseconds UTC. Past the last step a ladder
// climbs on at the last step's distance, so that it never falls silent. steps must not be empty.
func Step(steps []int64, raised int64, n int) int64 {
	if n < len(steps) {
		return raised + steps[n]
	}
	last := steps[len(steps)-1]
	return raised + last + int64(n-len(steps)+1)*last
}
