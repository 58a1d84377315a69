package api_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/internal/cast"
	"parley/release"
)

// Parameters of lists and records arrive: cursor, limit, kind and reference.
func TestObjectsAreListedAndShown(t *testing.T) {
	h := newHouse(t)
	var sites []parley.Ref
	for i := range 3 {
		sites = append(sites, h.NotifyHospital(cast.At(35.9501+float64(i)/100, 39.0101)))
	}
	token := h.session(h.Org)
	var got []parley.Ref
	for path := "/v1/objects?kind=site&limit=2"; path != ""; {
		var page api.Page[release.Summary]
		if err := json.Unmarshal([]byte(h.get(path, token)), &page); err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Items {
			got = append(got, s.Ref)
		}
		if path = ""; page.Next != "" {
			path = "/v1/objects?kind=site&limit=2&cursor=" + page.Next
		}
		if len(got) > len(sites) {
			t.Fatalf("the list does not end: %v", got)
		}
	}
	if len(got) != len(sites) || got[0] != sites[0] || got[2] != sites[2] {
		t.Errorf("listed %v; expected %v", got, sites)
	}
	var file release.File
	if err := json.Unmarshal([]byte(h.get("/v1/objects/"+string(sites[1]), token)), &file); err != nil {
		t.Fatal(err)
	}
	if file.Ref != sites[1] || len(file.Versions) != 1 {
		t.Errorf("read %s with %d versions; expected %s with one", file.Ref, len(file.Versions), sites[1])
	}
	var seen release.Object
	if err := json.Unmarshal([]byte(h.get("/v1/objects/"+string(sites[1])+"/as/"+string(h.A.Ref), token)), &seen); err != nil {
		t.Fatal(err)
	}
	if seen.Ref != sites[1] || seen.Private != nil {
		t.Errorf("preview of %s with private fields %v; expected %s without any", seen.Ref, seen.Private, sites[1])
	}
}

// What the desk enters for an account is listed to that account, by the name that it confirms or disowns.
func TestEntriesOnBehalfAreListedToTheirAccount(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Load()
	d := h.Draft()
	d.OnBehalf = &parley.OnBehalf{Of: h.OrgRef, Channel: parley.ByTelephone, At: now}
	s, err := d.Sign(&parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9501, 39.0101), now)}, h.Verifier.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Stage.Play(s); err != nil {
		t.Fatal(err)
	}
	entries := func(p *cast.Person) []release.Entered {
		var page api.Page[release.Entered]
		if err := json.Unmarshal([]byte(h.get("/v1/entries", h.session(p))), &page); err != nil {
			t.Fatal(err)
		}
		return page.Items
	}
	got := entries(h.Org)
	if len(got) != 1 || got[0].Name != s.Name || got[0].Kind != "site.notify" || got[0].Due == "" || got[0].Confirmed != "" {
		t.Fatalf("read %+v; expected the notification %s, waiting", got, s.Name)
	}
	if others := entries(h.Other); len(others) != 0 {
		t.Errorf("another organisation read %+v; expected nothing", others)
	}
	h.Tell(h.Org, &parley.BehalfConfirm{Command: s.Name})
	if got = entries(h.Org); got[0].Confirmed == "" {
		t.Errorf("read %+v after the confirmation; expected its time", got)
	}
}

// A receipt comes with the command as it stands in the journal, so that its author can hold all of it against the proof.
func TestReceiptCarriesTheEnvelope(t *testing.T) {
	h := newHouse(t)
	d := h.Draft()
	s, err := d.Sign(&parley.StopRaise{Place: &geo.Position{Lon: 39 * geo.E7, Lat: 36 * geo.E7}}, h.Org.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Stage.Play(s); err != nil {
		t.Fatal(err)
	}
	var receipt struct{ Envelope json.RawMessage }
	if err := json.Unmarshal([]byte(h.get("/v1/commands/"+s.Name.String()+"/receipt", h.session(h.Org))), &receipt); err != nil {
		t.Fatal(err)
	}
	if string(receipt.Envelope) != string(s.Envelope) {
		t.Errorf("read %s\nexpected %s", receipt.Envelope, s.Envelope)
	}
}
