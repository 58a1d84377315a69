//go:build long

package geo

// oracleCases is how many pairs of shapes the slow oracle judges.
const oracleCases = 20_000

// sketchCases is how many pairs of shapes the kernel judges beside the map.
const sketchCases = 1_000_000
