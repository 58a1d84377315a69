//go:build long

package geo

// oracleCases is how many pairs of shapes the slow oracle judges.
const oracleCases = 20_000
