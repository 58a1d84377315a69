package main

import (
	"errors"
	"fmt"

	"parley/index"
	"parley/internal/workload"
)

// tile38Line is the name of its figures.
const tile38Line = "Tile38, outlines"

// tile38 puts the same queries to a Tile38 server and compares the answers with parley's. What it put there it takes away, however it ends.
func (b *bench) tile38(own [][]index.ID) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("--tile38: %w", err)
		}
	}()
	address, err := workload.ParseTile38(b.cmd.Tile38)
	if err != nil {
		return err
	}
	c, err := workload.DialTile38(b.ctx, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(b.ctx)) }()
	before, err := c.Memory(b.ctx)
	if err != nil {
		return err
	}
	took, err := c.Load(b.ctx, b.items)
	if err != nil {
		return err
	}
	after, err := c.Memory(b.ctx)
	if err != nil {
		return err
	}
	asked := make([]workload.Tile38Question, len(b.queries))
	for i := range b.queries {
		asked[i] = c.Ask(&b.queries[i])
	}
	found, err := b.try(tile38Line, b.cmd.Rounds, func(i int) ([]index.ID, error) { return workload.FindTile38[index.ID](b.ctx, c, asked[i]) })
	if err != nil {
		return err
	}
	b.lines[len(b.lines)-1].Bytes = float64(after.Heap-before.Heap) / float64(b.size)
	b.compare(tile38Line, own, found)
	b.note("Tile38 %s: loaded in %.1f s by pipelined SET, %.0f volumes a second; heap %d MB, %d MB of them there before; %d MB taken from the system; it tells no resident size",
		c.Version, took.Seconds(), float64(b.size)/took.Seconds(), after.Heap>>20, before.Heap>>20, after.FromSystem>>20)
	return nil
}
