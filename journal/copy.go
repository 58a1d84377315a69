package journal

import (
	"context"
	"errors"
	"fmt"
)

// Copy appends to one journal what another has beyond it: blocks as they are, payloads, and which are erased. Both are verified on
// the way. What to has must be the beginning of what from has; else the error is a *Damage and nothing is written. It returns the head
// of to.
func Copy(ctx context.Context, to, from Journal) (Head, error) {
	head, err := to.Head(ctx)
	if err != nil {
		return head, err
	}
	if err := begins(ctx, from, head); err != nil {
		return head, err
	}
	for b, err := range from.Blocks(ctx, head.Height+1) {
		if err != nil {
			return head, err
		}
		payloads, erased, err := PayloadsOf(ctx, from, b.Height)
		if err != nil {
			return head, err
		}
		if err := to.Erase(ctx, erased); err != nil {
			return head, err
		}
		if err := to.Append(ctx, b, payloads); err != nil {
			return head, err
		}
		head = b.Head()
	}
	return head, nil
}

// begins checks that a journal has the block that another one ends with.
func begins(ctx context.Context, j Journal, head Head) error {
	if head.Height == 0 {
		return nil
	}
	for b, err := range j.Blocks(ctx, head.Height) {
		if err != nil {
			return err
		}
		if b.Hash() != head.Hash {
			return &Damage{Height: head.Height, What: "block hash", Read: b.Hash().String(), Expected: head.Hash.String() + ", as in the copy", Do: copyDo}
		}
		return nil
	}
	known, err := j.Head(ctx)
	if err != nil {
		return err
	}
	d := shorter(known.Height, head.Height)
	d.Expected += ", as in the copy"
	d.Do = copyDo
	return d
}

const copyDo = "the copy holds what the other has lost or changed: restore the other from it"

// PayloadsOf returns the payloads that a block was written with, and those of them that are erased.
func PayloadsOf(ctx context.Context, j Journal, height uint64) (payloads []Payload, erased []Hash, err error) {
	commitments, err := j.Commitments(ctx, height)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range commitments {
		plain, err := j.Payload(ctx, c)
		switch {
		case errors.Is(err, ErrErased):
			erased = append(erased, c)
			payloads = append(payloads, Payload{c, []byte("erased")}) // the list of the block stays; the text is never written
		case errors.Is(err, ErrNoPayload):
			return nil, nil, payloadDamage(height, c, "no row")
		case err != nil:
			return nil, nil, fmt.Errorf("payload of block %d: %w", height, err)
		default:
			payloads = append(payloads, Payload{c, plain})
		}
	}
	return payloads, erased, nil
}
