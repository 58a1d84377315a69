package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/channel"
)

// describe says of the two routes for commands what their types do not: bodies are read as bytes, and a new command answers 201.
func (s *Server) describe() {
	paths := s.api.OpenAPI().Paths
	one, batch := paths["/v1/commands"].Post, paths["/v1/commands/batch"].Post
	body := func(schema *huma.Schema) *huma.RequestBody {
		return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	}
	one.RequestBody = body(commandBody())
	batch.RequestBody = body(&huma.Schema{Type: "object", Required: []string{"commands"}, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{"commands": {Type: "array", Items: commandBody()}}})
	stored := *one.Responses["200"]
	stored.Description = "Stored in the journal"
	one.Responses["201"] = &stored
	spooled := *one.Responses["200"]
	spooled.Description = "An urgent stop that the journal could not take in time: told, and marked so; there is no stored receipt yet"
	one.Responses["202"] = &spooled
	one.Responses["200"].Description = "Stored before, with its first outcome; or a dry run"
}

// routes declares every path of the API.
func (s *Server) routes() {
	read := []map[string][]string{{"session": {}}, {"cookie": {}}}
	get := func(path, id, summary string) huma.Operation {
		return huma.Operation{Method: http.MethodGet, Path: path, OperationID: id, Summary: summary, Security: read, Errors: []int{401, 404, 422, 429, 503}}
	}
	post := func(path, id, summary string, limit int64) huma.Operation {
		return huma.Operation{Method: http.MethodPost, Path: path, OperationID: id, Summary: summary, MaxBodyBytes: limit, BodyReadTimeout: s.limits.BodyTime,
			Errors: []int{400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503}}
	}
	// raw is an operation whose body the strict reader of package parley reads.
	raw := func(op huma.Operation) huma.Operation {
		op.SkipValidateBody = true
		return op
	}

	huma.Register(s.api, raw(post("/v1/commands", "post-command", "Send one signed command with its payloads", s.limits.Body)), s.postCommand)
	huma.Register(s.api, raw(post("/v1/commands/batch", "post-batch", "Send many signed commands; each stands or falls by itself", s.limits.Batch)), s.postBatch)
	s.describe()
	huma.Register(s.api, get("/v1/commands/{name}", "get-command", "What became of a command of one's own account"), s.getCommand)
	huma.Register(s.api, get("/v1/commands/{name}/receipt", "get-receipt", "All that shows what became of a command, in one file: stored, witnessed, acknowledged"), s.getReceipt)

	huma.Register(s.api, post("/v1/sessions/challenge", "post-challenge", "Ask for a challenge to sign", 4096), s.challenge)
	huma.Register(s.api, post("/v1/sessions", "post-session", "Open a read session with a signed challenge", 4096), s.openSession)
	end := get("/v1/sessions", "delete-session", "End the session")
	end.Method = http.MethodDelete
	huma.Register(s.api, end, s.closeSession)

	open := func(path, id, summary string) huma.Operation {
		op := get(path, id, summary)
		op.Security = nil
		return op
	}
	huma.Register(s.api, open("/v1/theatre", "get-theatre", "The theatre and its profile"), s.theatre)
	huma.Register(s.api, open("/v1/journal/head", "get-head", "The newest head of the journal's tree, signed by the log"), s.head)
	huma.Register(s.api, open("/v1/health", "get-health", "Whether the node answers"), s.health)
	s.logRoutes(open)
	s.peerRoutes()

	advance := post("/v1/clock", "post-clock", "Set the clock of an exercise with simulated time forward: a trustee's", 4096)
	advance.Security = read
	huma.Register(s.api, advance, s.advance)

	huma.Register(s.api, get("/v1/self", "get-self", "Whose session this is"), s.self)
	huma.Register(s.api, get("/v1/objects", "list-objects", "The protected objects one's account may know"), s.objects)
	huma.Register(s.api, get("/v1/objects/{ref}", "get-object", "One protected object: versions, who has it, questions"), s.object)
	huma.Register(s.api, get("/v1/objects/{ref}/as/{party}", "preview-object", "What a party would see by the notifier's consent"), s.preview)
	huma.Register(s.api, get("/v1/list", "get-list", "One's party's list with its head"), s.list)
	huma.Register(s.api, get("/v1/pack", "get-pack", "The offline pack of a level: one's party's list cut to a sector and a window, signed by the log"), s.pack)
	huma.Register(s.api, get("/v1/areas", "list-areas", "Areas of operation one's account may know"), listing(s, (*channel.Viewer).Areas))
	huma.Register(s.api, get("/v1/areas/{ref}", "get-area", "One area of operation"), oneOf(s, (*channel.Viewer).Area))
	huma.Register(s.api, get("/v1/checks", "list-checks", "The precaution checks of one's party"), listing(s, (*channel.Viewer).Checks))
	huma.Register(s.api, get("/v1/checks/{ref}", "get-check", "One precaution check, for its asker alone"), oneOf(s, (*channel.Viewer).Check))
	huma.Register(s.api, get("/v1/prompts", "list-prompts", "Questions to the people on the road"), listing(s, (*channel.Viewer).Prompts))
	huma.Register(s.api, get("/v1/stops", "list-stops", "Urgent stops that concern one's account"), s.stops)
	huma.Register(s.api, get("/v1/stops/{ref}", "get-stop", "One urgent stop with its ladder"), s.stop)
	huma.Register(s.api, get("/v1/harms", "list-harms", "Reports of harm that one's account made, or that are about its objects"), listing(s, (*channel.Viewer).Harms))
	huma.Register(s.api, get("/v1/harms/{ref}", "get-harm", "One report of harm"), oneOf(s, (*channel.Viewer).Harm))
	huma.Register(s.api, get("/v1/corrections", "list-corrections", "Tasks after harm: one's party's, or about one's objects"), listing(s, (*channel.Viewer).Corrections))
	huma.Register(s.api, get("/v1/corrections/{ref}", "get-correction", "One task after harm"), oneOf(s, (*channel.Viewer).Correction))
	huma.Register(s.api, get("/v1/incidents", "list-incidents", "Incidents that one's account may see something of: whole, as one whom they concern, or what is published"), listing(s, (*channel.Viewer).Incidents))
	huma.Register(s.api, get("/v1/incidents/{ref}", "get-incident", "One incident, with what was said about it side by side"), oneOf(s, (*channel.Viewer).Incident))
	huma.Register(s.api, get("/v1/claims", "list-claims", "Claims, each with its speaker; none is anybody's finding"), listing(s, (*channel.Viewer).Claims))
	huma.Register(s.api, get("/v1/claims/{ref}", "get-claim", "One claim"), oneOf(s, (*channel.Viewer).Claim))
	huma.Register(s.api, get("/v1/evidence", "list-evidence", "Evidence with its chain of custody"), listing(s, (*channel.Viewer).Evidences))
	huma.Register(s.api, get("/v1/evidence/{ref}", "get-evidence", "One piece of evidence with its chain of custody"), oneOf(s, (*channel.Viewer).Evidence))
	s.fileRoutes(read, get)
	s.statementRoute(read)
	huma.Register(s.api, get("/v1/seals", "list-seals", "Sealed areas: one's party's own; that there are any, for the desk; opened ones, for monitors"), listing(s, (*channel.Viewer).Seals))
	huma.Register(s.api, get("/v1/seals/{ref}", "get-seal", "One sealed area"), oneOf(s, (*channel.Viewer).Seal))
	huma.Register(s.api, get("/v1/screenings", "list-screenings", "The screenings of one's account, for the officers who screen"), listing(s, (*channel.Viewer).Screenings))
	huma.Register(s.api, get("/v1/screenings/{ref}", "get-screening", "One screening: candidates, what people found of them, notes"), oneOf(s, (*channel.Viewer).Screening))
	huma.Register(s.api, get("/v1/list-editions", "list-list-editions", "The editions of designation lists that one's account has put on record"), listing(s, (*channel.Viewer).ListEditions))
	look := post("/v1/screen", "post-screen", "Look names up in the designation lists at hand: for the officers who screen. Nothing is put on record", 512<<10)
	look.Security = read
	huma.Register(s.api, look, s.screen)
	ask := get("/v1/inquiry", "get-inquiry", "What was known at a time near a place, as far as one's account may see it, signed, with the proof of each line")
	ask.Errors = append(ask.Errors, 403)
	huma.Register(s.api, ask, s.getInquiry)
	huma.Register(s.api, get("/v1/publication", "get-publication", "What is published of incidents and claims, and when"), s.publication)
	huma.Register(s.api, get("/v1/objects/{ref}/warnings", "list-object-warnings", "The warnings about an object: all for its owner, one's own for a party that holds it"), s.warnings)
	huma.Register(s.api, get("/v1/arrangements", "list-arrangements", "Lines, zones, corridors and pauses one's account may see, as the named parties state them"), listing(s, (*channel.Viewer).Arrangements))
	huma.Register(s.api, get("/v1/arrangements/{ref}", "get-arrangement", "One line, zone, corridor or pause: every party's word, its log, what happened at it"), oneOf(s, (*channel.Viewer).Arrangement))
	huma.Register(s.api, get("/v1/offers", "list-offers", "Offers that one's account made or got"), listing(s, (*channel.Viewer).Offers))
	huma.Register(s.api, get("/v1/offers/{ref}", "get-offer", "One offer with what became of it"), oneOf(s, (*channel.Viewer).Offer))
	huma.Register(s.api, get("/v1/found", "list-found", "Protected places that one's party has come upon and reported; all for the desk"), listing(s, (*channel.Viewer).FoundSites))
	huma.Register(s.api, get("/v1/found/{ref}", "get-found", "One report of a found place. Its finder does not learn what is notified there"), oneOf(s, (*channel.Viewer).FoundSite))
	huma.Register(s.api, get("/v1/deliveries", "list-deliveries", "Deliveries that one's organisation has put on record"), listing(s, (*channel.Viewer).Deliveries))
	huma.Register(s.api, get("/v1/outcomes", "list-outcomes", "How one's movements ended, and what came of asking for access"), listing(s, (*channel.Viewer).Results))
	huma.Register(s.api, get("/v1/statistics", "get-statistics", "Numbers of what one's account may see, each with what it is a part of"), s.statistics)
	huma.Register(s.api, get("/v1/accounts", "list-accounts", "Parties, and the organisations one may know"), listing(s, (*channel.Viewer).Accounts))
	huma.Register(s.api, get("/v1/members", "list-members", "The members of one's own account"), listing(s, (*channel.Viewer).Members))
	huma.Register(s.api, get("/v1/entries", "list-entries", "What was entered on behalf of one's account, by the desk or by form"), listing(s, (*channel.Viewer).Entries))
	huma.Register(s.api, get("/v1/levels", "list-levels", "What each level of a party is stated to hold: one's own party's board, every party's for the desk"), listing(s, (*channel.Viewer).Levels))
	huma.Register(s.api, get("/v1/liaison", "list-liaison", "Contacts, lines and test calls of one's own account, on record"), listing(s, (*channel.Viewer).Liaison))
	in := func(op huma.Operation) huma.Operation {
		op.Security = read
		return op
	}
	huma.Register(s.api, in(post("/v1/texts", "post-text", "Say a short text from the road, or have it explained", 16<<10)), s.postText)
	huma.Register(s.api, get("/v1/texts", "list-texts", "Short messages that wait for the desk"), s.listTexts)
	huma.Register(s.api, in(post("/v1/texts/{id}/handled", "handle-text", "Note that a short message that waited was dealt with", 16<<10)), s.handleText)
	huma.Register(s.api, get("/v1/counts", "get-counts", "What trustees see: numbers, never content"), s.counts)
	huma.Register(s.api, get("/v1/inbox", "get-inbox", "What one's account was told, in order"), s.inbox)
	huma.Register(s.api, get("/v1/inbox/stream", "stream-inbox", "The same as server-sent events, resumed by Last-Event-ID"), s.stream)
}

// fileRoutes declares the way of evidence in and out: bytes, not JSON.
func (s *Server) fileRoutes(read []map[string][]string, get func(path, id, summary string) huma.Operation) {
	octets := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
	in := huma.Operation{Method: http.MethodPost, Path: "/v1/evidence/files", OperationID: "post-file", Summary: "Bring the bytes of a file; evidence.add names it afterwards", Security: read, MaxBodyBytes: parley.MaxEvidence + 1,
		Errors: []int{401, 404, 408, 413, 415, 422, 429, 503}, RequestBody: &huma.RequestBody{Required: true, Content: octets}}
	huma.Register(s.api, in, s.postFile)
	out := get("/v1/evidence/{ref}/file", "get-file", "The bytes of a piece of evidence, to be saved; nothing in them runs")
	out.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: octets}}
	huma.Register(s.api, out, s.getFile)
}

func (s *Server) publication(ctx context.Context, _ *struct{}) (*bodyOf[parley.Publication], error) {
	out := &bodyOf[parley.Publication]{}
	return out, s.view(ctx, func(v *channel.Viewer) { out.Body = *v.Publication() })
}
