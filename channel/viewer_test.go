package channel_test

import (
	"parley"
	"parley/channel"
	"parley/internal/cast"
)

// viewer reads the state as a person may.
func viewer(c *cast.Cast, b *cast.Bare, p *cast.Person) *channel.Viewer {
	c.T.Helper()
	m, ok := b.State.Session(draftKey(p))
	if !ok {
		c.T.Fatalf("%s of %s has no valid key", p.Ref, p.Account)
	}
	return b.State.View(&m, b.At, func(k parley.Commitment) string { return "text " + k.String()[:8] })
}

func draftKey(p *cast.Person) parley.KeyID {
	return parley.PublicKey(p.Key[32:]).ID()
}
