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
	return n.submitFor(ctx, parley.ByForm, member, body, payloads)
}

// SubmitSMS is SubmitForm for what came from a member's number. A number can be forged: it is shown as told by sms, and its account
// confirms or disowns it as what the desk enters.
func (n *Node) SubmitSMS(ctx context.Context, member parley.Ref, body parley.Body, payloads []parley.Payload) (Receipt, error) {
	return n.submitFor(ctx, parley.BySMS, member, body, payloads)
}

func (n *Node) submitFor(ctx context.Context, by parley.Channel, member parley.Ref, body parley.Body, payloads []parley.Payload) (Receipt, error) {
	envelope, err := n.wordOf(by, member, body)
	if err != nil {
		return Receipt{}, err
	}
	return n.Submit(ctx, envelope, payloads)
}

// wordOf signs a member's word with the node's key.
func (n *Node) wordOf(by parley.Channel, member parley.Ref, body parley.Body) ([]byte, error) {
	c := &parley.Command{Kind: body.Kind(), Body: body, OnBehalf: &parley.OnBehalf{Channel: by, At: max(n.now(), 1), Member: member}}
	known := false
	if err := n.Read(func(s *channel.State) {
		c.Theatre = s.Theatre().Name
		c.OnBehalf.Of, known = s.AccountOfMember(member)
	}); err != nil {
		return nil, err
	}
	if !known || c.OnBehalf.Of.Kind() != parley.RefOrganisation {
		return nil, &parley.Fault{Code: parley.CodeNotPermitted, Field: "on_behalf.member", Read: string(member), Expected: "a member of an organisation: only organisations speak by form"}
	}
	return n.signCommand(c)
}

// TryForm says what SubmitForm would be refused for now, and stores nothing.
func (n *Node) TryForm(member parley.Ref, body parley.Body, payloads []parley.Payload) error {
	envelope, err := n.wordOf(parley.ByForm, member, body)
	if err != nil {
		return err
	}
	return n.Try(envelope, payloads)
}
