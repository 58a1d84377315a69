package node

import (
	"parley"
	"parley/channel"
	"parley/journal"
)

// Refused is a refusal at the door, with what the sender needs to mend it.
type Refused struct{ *channel.Refusal }

// Error says the fault in one line.
func (r *Refused) Error() string { return r.Fault.Error() }

// Unwrap returns the fault.
func (r *Refused) Unwrap() error { return &r.Fault }

// admit checks form, signatures, role, state and payloads of a command against the head. It returns a submission, or the receipt
// of a command that is in the journal already.
func (n *Node) admit(envelope []byte, payloads []parley.Payload) (*submission, *Receipt, error) {
	if err := n.Fault(); err != nil {
		return nil, nil, err
	}
	signed, e, err := channel.Open(envelope)
	if err != nil {
		return nil, nil, err
	}
	var (
		first parley.Outcome
		known bool
		keys  = map[parley.KeyID]parley.PublicKey{}
	)
	n.mu.RLock()
	first, known = n.state.Known(signed.Name)
	for _, id := range signed.Signers {
		if key, ok := n.state.KeyOf(id); ok {
			keys[id] = key
		}
	}
	n.mu.RUnlock()
	if err := channel.Verify(e, signed.Command, func(id parley.KeyID) (parley.PublicKey, bool) { k, ok := keys[id]; return k, ok }); err != nil {
		return nil, nil, err
	}
	if known {
		return nil, &Receipt{Outcome: first, Duplicate: true}, nil
	}
	if handled, err := n.decideUrgent(signed); err != nil {
		return nil, nil, err
	} else if !handled {
		if err := n.decide(signed); err != nil {
			return nil, nil, err
		}
	}
	stored, err := n.match(signed, payloads)
	if err != nil {
		return nil, nil, err
	}
	if err := n.holds(signed.Command); err != nil {
		return nil, nil, err
	}
	written, err := e.MarshalJSON()
	if err != nil {
		return nil, nil, err
	}
	return &submission{signed: signed, envelope: written, payloads: stored, answer: make(chan result, 1)}, nil, nil
}

// decide asks the state at the head. What is refused but kept goes on into the journal.
func (n *Node) decide(signed *channel.Signed) error {
	n.mu.RLock()
	refusal := n.state.Check(n.now(), signed)
	account := n.state.AccountOf(signed.Command.Key)
	if account == "" { // a node's key: a form
		account = n.state.SpeakerOf(signed.Command)
	}
	n.mu.RUnlock()
	if refusal == nil || refusal.Kept {
		return nil
	}
	if account != "" {
		n.notes.refused(account, refusal.Code)
	}
	return &Refused{refusal}
}

func (n *Node) match(signed *channel.Signed, payloads []parley.Payload) ([]journal.Payload, error) {
	return matchPayloads(signed.Command, payloads, func(c parley.Commitment) bool {
		n.mu.RLock()
		defer n.mu.RUnlock()
		return n.state.HasPayload(n.state.SpeakerOf(signed.Command), c)
	})
}

// Try admits a command without sending it on: what would be refused now, and why. Nothing is stored or counted.
func (n *Node) Try(envelope []byte, payloads []parley.Payload) error {
	if err := n.Fault(); err != nil {
		return err
	}
	signed, e, err := channel.Open(envelope)
	if err != nil {
		return err
	}
	handled, urgentErr := n.decideUrgent(signed)
	n.mu.RLock()
	err = channel.Verify(e, signed.Command, n.state.KeyOf)
	var refusal *channel.Refusal
	if err == nil && !handled {
		refusal = n.state.Check(n.now(), signed)
	}
	n.mu.RUnlock()
	if err != nil {
		return err
	}
	if urgentErr != nil {
		return urgentErr
	}
	if refusal != nil {
		return &Refused{refusal}
	}
	if _, err = n.match(signed, payloads); err != nil {
		return err
	}
	return n.holds(signed.Command)
}

// Consider says what would be refused now if an unsigned command were signed by these keys, the author's first: Try without
// signatures and texts. A *Refused says with Kept whether the refusal would stand in the journal. Whoever calls it has made sure that
// its reader holds the author's key: an answer tells what that member may know.
func (n *Node) Consider(text []byte, signers []parley.KeyID) error {
	if err := n.Fault(); err != nil {
		return err
	}
	c, err := parley.ParseCommand(text)
	if err != nil {
		return err
	}
	signed := &channel.Signed{Name: (&parley.Envelope{Body: text}).Name(), Command: c, Signers: signers}
	if handled, err := n.decideUrgent(signed); handled {
		return err
	}
	n.mu.RLock()
	refusal := n.state.Check(n.now(), signed)
	n.mu.RUnlock()
	if refusal != nil {
		return &Refused{refusal}
	}
	return nil
}
