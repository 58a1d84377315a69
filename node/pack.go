package node

import (
	"parley/exchange/pack"
	"parley/release"
)

// SignPack writes a level's pack as a file, signed by the log.
func (n *Node) SignPack(p *release.Pack) ([]byte, error) { return pack.Sign(p, n.logKey) }
