package main

type benchCmd struct {
	Index benchIndexCmd `cmd:"" help:"Measure the conflict index, beside PostGIS and Tile38 if they are named, on the same queries, and check that the answers agree." example:"parley bench index --volumes volumes.ndjson --queries queries.ndjson --results found.ndjson"`
}
