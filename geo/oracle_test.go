package geo

// The oracle of internal/oracle, which imports this package and so comes in by the outer tests alone.
var (
	OracleDistance func(a, b Shape) float64
	OraclePlaces   func(s Shape, each int) []Position
)
