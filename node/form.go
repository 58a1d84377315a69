package node

import (
	"context"

	"parley"
	"parley/channel"
)

// FormKinds are the kinds of command that SubmitForm takes.
var FormKinds = channel.FormKinds()

// SubmitForm says something for a member of an organisation who sits before a page without a key. The node's key signs it, on behalf of
// the member's organisation, and names the member: it is shown as told by form, never as signed by the notifier. The channel decides
// whether the member's roles allow it. Whoever calls it has seen the member's session. Errors are those of Submit.
func (n *Node) SubmitForm(ctx context.Context, member parley.Ref, body parley.Body, payloads []parley.Payload) (Receipt, error) {
	c := &parley.Command{Kind: body.Kind(), Body: body, OnBehalf: &parley.OnBehalf{Channel: parley.ByForm, At: max(n.now(), 1), Member: member}}
	known := false
	if err := n.Read(func(s *channel.State) {
		c.Theatre = s.Theatre().Name
		c.OnBehalf.Of, known = s.AccountOfMember(member)
	}); err != nil {
		return Receipt{}, err
	}
	if !known || c.OnBehalf.Of.Kind() != parley.RefOrganisation {
		return Receipt{}, &parley.Fault{Code: parley.CodeNotPermitted, Field: "on_behalf.member", Read: string(member), Expected: "a member of an organisation: only organisations speak by form"}
	}
	envelope, err := n.signCommand(c)
	if err != nil {
		return Receipt{}, err
	}
	return n.Submit(ctx, envelope, payloads)
}
