package geo_test

import (
	"parley/geo"
	"parley/internal/oracle"
)

func init() { geo.OracleDistance, geo.OraclePlaces = oracle.Distance, oracle.Places }
