package main

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"

	"parley"
	"parley/designation"
	"parley/exchange/lists"
	"parley/internal/draft"
	"parley/node/listfolder"
)

// The exercise's list of designations. Nobody and nothing in it exists.
const exerciseList = "EXERCISE"

// listOfExercise reads that list, as of a day.
func listOfExercise() lists.File {
	return lists.File{Name: "designations.json", Data: exerciseDesignations}
}

// listDate is the day of the list: three days before the exercise was made.
func listDate(end int64) string {
	return time.UnixMilli(end).UTC().AddDate(0, 0, -3).Format(time.DateOnly)
}

// bringList puts the list into the folder of a server. It is there but once.
func bringList(server, day string) error {
	if day == "" {
		return nil // an exercise that an older version made
	}
	if _, _, err := listfolder.Open(filepath.Join(server, "lists")).Load([]lists.File{listOfExercise()}, listfolder.Options{List: exerciseList, Date: designation.Day(day), Now: time.Now()}); err != nil {
		return fmt.Errorf("couldn't bring the exercise's list of designations: %w", err)
	}
	return nil
}

// screened has the organisation look a supplier up: one candidate waits for two people, another name has none.
func (d *day) screened() {
	edition, err := lists.Read(listOfExercise())
	if err != nil {
		d.first = err
		return
	}
	var hash parley.Hash
	if _, err := hex.Decode(hash[:], []byte(edition.Hash)); err != nil {
		d.first = err
		return
	}
	published, err := time.Parse(time.DateOnly, listDate(d.end))
	if err != nil {
		d.first = err
		return
	}
	d.ago(26*hour, func() {
		d.tell(d.relief.screener, &parley.ListLoad{List: exerciseList, Published: published.UnixMilli(), Hash: hash, Entries: int32(len(edition.Entries))})
	})
	for _, supplier := range []struct {
		name  string
		found []parley.ScreenedEntry
	}{{"Zargoun Lake Assembly, transport", []parley.ScreenedEntry{{Entry: exerciseList + ":1", Score: 890}}}, {"Euphrates Bakery", nil}} {
		d.ago(25*hour, func() {
			d.say(d.relief.screener, func(t *draft.Draft) parley.Body {
				return &parley.ScreeningOpen{Subject: t.Text(supplier.name), SubjectKind: "organisation", As: "supplier", Editions: []parley.Hash{hash}, Candidates: supplier.found, Words: t.Text("Flour for Raqqa (EXERCISE, تمرين)")}
			})
		})
	}
}
