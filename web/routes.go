package web

import (
	"net/http"
	"slices"

	"parley"
)

// routes declares every page. The paths are the same in every language.
func (p *Pages) routes() {
	any := []parley.Role(nil)
	notifier := []parley.Role{parley.Notifier}
	road := []parley.Role{parley.Notifier, parley.MovementLeader}
	desk := []parley.Role{parley.Verifier, parley.Releaser}
	texters := append(slices.Clone(road), desk...)
	officer := []parley.Role{parley.DutyOfficer}
	party := []parley.Role{parley.DutyOfficer, parley.Planner, parley.LegalAdviser}
	speakers := []parley.Role{parley.DutyOfficer, parley.Notifier, parley.MovementLeader, parley.Administrator}
	tasked := []parley.Role{parley.DutyOfficer, parley.LegalAdviser, parley.Verifier, parley.Releaser}
	watchers := []parley.Role{parley.DutyOfficer, parley.Verifier, parley.Releaser}
	sealers := append(slices.Clone(party), desk...)
	finders := append(slices.Clone(party), parley.Verifier, parley.Releaser)
	offering := append(slices.Clone(party), parley.Notifier, parley.MovementLeader, parley.Verifier, parley.Releaser)
	arranging := []parley.Role{parley.DutyOfficer, parley.Notifier, parley.Verifier, parley.Releaser}
	aiding := append(slices.Clone(road), desk...)
	counting := append(slices.Clone(offering), parley.MonitorOfficer)
	admin := []parley.Role{parley.Administrator, parley.Trustee}
	screeners := []parley.Role{parley.ScreeningOfficer, parley.Trustee}
	holders := append(slices.Clone(admin), parley.ScreeningOfficer, parley.Verifier, parley.Releaser)
	for _, pg := range []page{
		{"GET /{$}", false, any, (*call).home},
		{"GET /enter/{invitation}/{secret}", true, any, (*call).enter},
		{"POST /enter/{invitation}/{secret}", true, any, (*call).entered},
		{"GET /sign-in", true, any, (*call).signIn},
		{"POST /sign-out", true, any, (*call).signOut},
		{"GET /about", true, any, (*call).about},

		{"GET /objects", false, road, (*call).objects},
		{"GET /objects/{ref}", false, road, (*call).object},
		{"POST /objects/{ref}", false, road, (*call).objectSays},
		{"GET /objects/{ref}/update", false, notifier, (*call).siteForm},
		{"POST /objects/{ref}/update", false, notifier, (*call).siteSays},
		{"GET /objects/{ref}/change", false, road, (*call).movementForm},
		{"POST /objects/{ref}/change", false, road, (*call).movementSays},
		{"GET /notify/site", false, notifier, (*call).siteForm},
		{"POST /notify/site", false, notifier, (*call).siteSays},
		{"GET /notify/movement", false, notifier, (*call).movementForm},
		{"POST /notify/movement", false, notifier, (*call).movementSays},
		{"GET /card/{ref}", false, texters, (*call).card},
		{"GET /text", false, texters, (*call).text},
		{"POST /text", false, texters, (*call).textSays},
		{"GET /texts", false, desk, (*call).texts},
		{"POST /texts", false, desk, (*call).textsSays},
		{"GET /prompts", false, road, (*call).prompts},
		{"POST /prompts", false, road, (*call).decide},

		{"GET /desk", false, desk, (*call).desk},
		{"GET /desk/{ref}", false, desk, (*call).desk},
		{"POST /desk/{ref}", false, desk, (*call).deskSays},

		{"GET /inbox", false, officer, (*call).inbox},
		{"GET /levels", false, append(slices.Clone(party), desk...), (*call).levels},
		{"POST /levels", false, officer, (*call).levelsSays},
		{"GET /pack", false, party, (*call).pack},
		{"POST /pack", false, party, (*call).packMakes},
		{"GET /list", false, party, (*call).list},
		{"GET /list/{ref}", false, party, (*call).entry},
		{"POST /list/{ref}", false, officer, (*call).entrySays},
		{"GET /areas", false, party, (*call).areas},
		{"GET /areas/new", false, officer, func(c *call) error { return c.volumeForm(true, http.StatusOK, nil) }},
		{"POST /areas/new", false, officer, (*call).areaSays},
		{"GET /areas/{ref}", false, party, (*call).area},
		{"POST /areas/{ref}", false, party, (*call).areaActs},
		{"GET /areas/{ref}/amend", false, officer, func(c *call) error { return c.volumeForm(true, http.StatusOK, nil) }},
		{"POST /areas/{ref}/amend", false, officer, (*call).areaSays},
		{"GET /seals", false, sealers, (*call).seals},
		{"POST /seals", false, party, (*call).sealSays},
		{"GET /seals/{ref}", false, sealers, (*call).seal},
		{"POST /seals/{ref}", false, party, (*call).sealOpens},
		{"GET /checks", false, party, (*call).checks},
		{"GET /checks/new", false, party, func(c *call) error { return c.volumeForm(false, http.StatusOK, nil) }},
		{"POST /checks/new", false, party, (*call).checkSays},
		{"GET /checks/{ref}", false, party, (*call).check},
		{"POST /checks/{ref}", false, party, (*call).checkActs},

		{"GET /arrangements", false, any, (*call).arrangements},
		{"GET /arrangements/{ref}", false, any, (*call).arrangement},
		{"POST /arrangements/{ref}", false, any, (*call).arrangementActs},
		{"GET /arrangements/{ref}/amend", false, arranging, (*call).arrange},
		{"POST /arrangements/{ref}/amend", false, arranging, (*call).arrangeSays},
		{"GET /arrangements/{ref}/day", false, any, (*call).corridorDay},
		{"GET /arrange/{kind}", false, arranging, (*call).arrange},
		{"POST /arrange/{kind}", false, arranging, (*call).arrangeSays},
		{"GET /offers", false, offering, (*call).offers},
		{"GET /offers/new", false, arranging, (*call).offerNew},
		{"POST /offers/new", false, arranging, (*call).offerMakes},
		{"GET /offers/{ref}", false, offering, (*call).offer},
		{"POST /offers/{ref}", false, arranging, (*call).offerSays},
		{"GET /found", false, finders, (*call).foundSites},
		{"POST /found", false, watchers, (*call).foundSays},
		{"GET /found/{ref}", false, finders, (*call).foundSite},
		{"POST /found/{ref}", false, watchers, (*call).foundActs},
		{"GET /incidents", false, any, (*call).incidents},
		{"GET /incidents/new", false, recorders, (*call).incidentNew},
		{"POST /incidents/new", false, recorders, (*call).incidentSays},
		{"GET /incidents/{ref}", false, any, (*call).incident},
		{"POST /incidents/{ref}", false, append(slices.Clone(recorders), parley.DutyOfficer, parley.LegalAdviser), (*call).incidentActs},
		{"GET /incidents/{ref}/update", false, recorders, (*call).incidentNew},
		{"POST /incidents/{ref}/update", false, recorders, (*call).incidentSays},
		{"GET /claims", false, any, (*call).claims},
		{"GET /claims/new", false, recorders, (*call).claimNew},
		{"POST /claims/new", false, recorders, (*call).claimSays},
		{"GET /claims/{ref}", false, any, (*call).claim},
		{"POST /claims/{ref}", false, recorders, (*call).claimActs},
		{"GET /statements", false, recorders, (*call).statements},
		{"POST /statements", false, recorders, (*call).statementReads},
		{"GET /statements/{id}/{n}", false, recorders, (*call).statement},
		{"POST /statements/{id}/{n}", false, recorders, (*call).statementTakes},
		{"GET /evidence", false, any, (*call).evidences},
		{"GET /evidence/new", false, custodians, (*call).evidenceNew},
		{"POST /evidence/new", false, custodians, (*call).evidenceSays},
		{"POST /evidence/files", false, custodians, (*call).evidenceBrings},
		{"GET /evidence/{ref}", false, any, (*call).evidence},
		{"POST /evidence/{ref}", false, custodians, (*call).evidenceActs},
		{"GET /evidence/{ref}/copy", false, custodians, (*call).evidenceNew},
		{"POST /evidence/{ref}/files", false, custodians, (*call).evidenceBrings},
		{"GET /inquiry", false, inquirers, (*call).inquiryForm},
		{"POST /inquiry", false, inquirers, (*call).inquire},
		{"GET /inquiry/{id}", false, inquirers, (*call).inquiry},
		{"GET /inquiry/{id}/file", false, inquirers, (*call).inquiryFile},
		{"GET /statistics", false, counting, (*call).statistics},
		{"GET /statistics.csv", false, counting, (*call).statisticsCSV},
		{"GET /aid", false, aiding, (*call).aid},
		{"GET /aid/delivery", false, aiding, (*call).deliveryForm},
		{"POST /aid/delivery", false, aiding, (*call).deliverySays},
		{"GET /aid/outcome", false, aiding, (*call).outcomeForm},
		{"POST /aid/outcome", false, aiding, (*call).outcomeSays},
		{"GET /warnings/{ref}", false, offering, (*call).warnings},
		{"POST /warnings/{ref}", false, append(slices.Clone(officer), desk...), (*call).warningsSays},

		{"GET /screenings", false, screeners, (*call).screenings},
		{"POST /screenings", false, screeners, (*call).screeningOpens},
		{"POST /screenings/look", false, screeners, (*call).screeningLook},
		{"POST /screenings/lists", false, screeners, (*call).screeningLists},
		{"GET /screenings/{ref}", false, screeners, (*call).screening},
		{"POST /screenings/{ref}", false, screeners, (*call).screeningSays},

		{"GET /publication", false, any, (*call).publication},
		{"POST /publication", false, []parley.Role{parley.Trustee}, (*call).publicationSays},

		{"GET /stops", false, any, (*call).stops},
		{"POST /stops", false, any, (*call).raise},
		{"GET /stops/{ref}", false, any, (*call).stop},
		{"POST /stops/{ref}", false, any, (*call).stopActs},
		{"GET /harms", false, any, (*call).harms},
		{"POST /harms", false, any, (*call).harmSays},
		{"GET /harms/{ref}", false, any, (*call).harm},
		{"POST /harms/{ref}", false, desk, (*call).harmActs},
		{"GET /tasks", false, any, (*call).tasks},
		{"GET /tasks/{ref}", false, any, (*call).task},
		{"POST /tasks/{ref}", false, tasked, (*call).taskActs},
		{"GET /liaison", false, watchers, (*call).liaison},
		{"POST /liaison", false, watchers, (*call).liaisonSays},
		{"GET /entries", false, speakers, (*call).entries},
		{"POST /entries", false, speakers, (*call).entriesSays},
		{"GET /watch", false, watchers, (*call).watch},
		{"GET /told", false, any, (*call).told},
		{"GET /receipt/{name}", false, any, (*call).receipt},

		{"GET /admin", false, admin, (*call).admin},
		{"POST /admin", false, admin, (*call).adminActs},
		{"GET /admin/invited/{invitation}/{secret}", false, any, (*call).invited},
		{"POST /clock", false, []parley.Role{parley.Trustee}, (*call).setClock},
		{"POST /held", false, holders, func(c *call) error { return c.hold(c.w, c.r) }},
		{"POST /held/{name}", false, holders, (*call).second},
		{"GET /devices", false, any, (*call).devices},
		{"POST /devices", false, any, (*call).deviceActs},

		{"GET /understood", false, any, (*call).understoodJSON},
		{"GET /destination", false, any, (*call).destinationJSON},
		{"GET /places.json", true, any, (*call).placesJSON},
		{"GET /orientation.json", true, any, (*call).orientationJSON},
	} {
		p.handle(pg)
	}
}

// about says which theatre this is, and what anyone may know to compare: its name, the log's key, the newest head.
func (c *call) about() error {
	head, err := c.p.node.Head()
	if err != nil {
		return err
	}
	return c.show(c.frame("about", "about.title", struct {
		Size   uint64
		Root   string
		LogKey string
		Note   string
	}{head.Size, head.Root.String(), c.p.node.LogKey(), head.Checkpoint}))
}

func (c *call) placesJSON() error {
	text := []byte(`{"type":"FeatureCollection","features":[]}`)
	if c.p.places != nil {
		text = c.p.places.GeoJSON(c.lang)
	}
	return c.sendMap(text)
}

func (c *call) orientationJSON() error {
	text := []byte(`{"type":"FeatureCollection","features":[]}`)
	if c.p.ground != nil {
		text = c.p.ground.GeoJSON(c.lang)
	}
	return c.sendMap(text)
}

func (c *call) sendMap(text []byte) error {
	h := c.w.Header()
	h.Set("Content-Type", "application/geo+json")
	h.Set("Cache-Control", "private, max-age=3600")
	_, err := c.w.Write(text)
	return err
}
