package main

import (
	"encoding/json"
	"fmt"
	"net/url"

	"parley"
	"parley/api"
	"parley/node"
	"parley/release"
)

type showCmd struct {
	Ref     ref    `arg:"" help:"Any reference: SITE-…, MOVE-…, PRES-…, AREA-…, CHECK-…, STOP-…, HARM-…, TASK-…, LINE-…, ZONE-…, CORR-…, PAUSE-…, OFFER-…, FOUND-…, DELIV-…, OUTC-…, INC-…, CLAIM-…, EVID-…, SEAL-…, PARTY-…, ORG-…, MBR-…, ASK-…, QRY-…, DISP-…"`
	Purpose string `enum:"acknowledgement,verification,precaution,inquiry," default:"" help:"Why you read it; stands in the read log that its owner sees."`
}

func (c *showCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	switch c.Ref.Kind() {
	case parley.RefSite, parley.RefMovement, parley.RefPresence:
		return showOne(a, client, objectPath(c.Ref.Ref, c.Purpose), a.describeObject)
	case parley.RefArea:
		return showOne(a, client, "/v1/areas/"+string(c.Ref.Ref), a.describeArea)
	case parley.RefCheck:
		return showOne(a, client, "/v1/checks/"+string(c.Ref.Ref), a.describeCheck)
	case parley.RefStop:
		return showOne(a, client, "/v1/stops/"+string(c.Ref.Ref), a.describeStop)
	case parley.RefHarm:
		return showOne(a, client, "/v1/harms/"+string(c.Ref.Ref), a.describeHarm)
	case parley.RefCorrection:
		return showOne(a, client, "/v1/corrections/"+string(c.Ref.Ref), a.describeCorrection)
	case parley.RefLine, parley.RefZone, parley.RefCorridor, parley.RefPause:
		return showOne(a, client, "/v1/arrangements/"+string(c.Ref.Ref), a.describeArrangement)
	case parley.RefOffer:
		return showOne(a, client, "/v1/offers/"+string(c.Ref.Ref), a.describeOffer)
	case parley.RefFound:
		return showOne(a, client, "/v1/found/"+string(c.Ref.Ref), a.describeFound)
	case parley.RefIncident:
		return showOne(a, client, "/v1/incidents/"+string(c.Ref.Ref), a.describeIncident)
	case parley.RefClaim:
		return showOne(a, client, "/v1/claims/"+string(c.Ref.Ref), a.describeClaim)
	case parley.RefEvidence:
		return showOne(a, client, "/v1/evidence/"+string(c.Ref.Ref), a.describeEvidence)
	case parley.RefScreening:
		return showOne(a, client, "/v1/screenings/"+string(c.Ref.Ref), a.describeScreening)
	case parley.RefSeal:
		return showIn(a, client, "/v1/seals", c.Ref.Ref)
	case parley.RefDelivery:
		return showIn(a, client, "/v1/deliveries", c.Ref.Ref)
	case parley.RefOutcome:
		return showIn(a, client, "/v1/outcomes", c.Ref.Ref)
	case parley.RefParty, parley.RefOrganisation:
		return showIn(a, client, "/v1/accounts", c.Ref.Ref)
	case parley.RefMember:
		return showIn(a, client, "/v1/members", c.Ref.Ref)
	case parley.RefPrompt:
		return showIn(a, client, "/v1/prompts", c.Ref.Ref)
	}
	object, err := client.objectOf(a, c.Ref.Ref)
	if err != nil {
		return err
	}
	return showOne(a, client, objectPath(object, c.Purpose), a.describeObject)
}

func objectPath(r parley.Ref, purpose string) string {
	path := "/v1/objects/" + string(r)
	if purpose != "" {
		path += "?purpose=" + url.QueryEscape(purpose)
	}
	return path
}

// showOne fetches a record and prints it: as the server wrote it with --json, else in words.
func showOne[T any](a *app, c *client, path string, describe func(*T)) error {
	text, err := c.get(a.ctx, path)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(json.RawMessage(text))
	}
	record := new(T)
	if err := json.Unmarshal(text, record); err != nil {
		return fmt.Errorf("couldn't read the answer to %s: %w", path, err)
	}
	describe(record)
	return nil
}

// showIn finds one record in a list, for kinds that are only listed.
func showIn(a *app, c *client, path string, want parley.Ref) error {
	var found json.RawMessage
	err := c.all(a.ctx, path, func(item json.RawMessage) error {
		var r struct{ Ref parley.Ref }
		if err := json.Unmarshal(item, &r); err != nil {
			return err
		}
		if r.Ref == want {
			found = item
		}
		return nil
	})
	if err != nil {
		return err
	}
	if found == nil {
		return notFound(want)
	}
	if a.JSON {
		return a.printJSON(found)
	}
	return a.describeFields(found)
}

func notFound(r parley.Ref) error {
	return &parley.Fault{Code: parley.CodeNotFound, Read: string(r), Expected: "a reference that stands for something you may see"}
}

// objectOf returns the object that a question or a dispute is about: notices name both.
func (c *client) objectOf(a *app, r parley.Ref) (parley.Ref, error) {
	for from := uint64(0); ; {
		var inbox api.Inbox
		if err := c.read(a.ctx, fmt.Sprintf("/v1/inbox?limit=1000&from=%d", from), &inbox); err != nil {
			return "", err
		}
		for _, n := range inbox.Notices {
			if n.Other == r && n.Object != "" {
				return n.Object, nil
			}
		}
		if len(inbox.Notices) == 0 {
			return "", notFound(r)
		}
		from = inbox.Next
	}
}

type previewCmd struct {
	Object ref `arg:"" help:"The object."`
	Party  ref `arg:"" help:"The party."`
}

func (c *previewCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	return showOne(a, client, fmt.Sprintf("/v1/objects/%s/as/%s", c.Object.Ref, c.Party.Ref), func(o *release.Object) {
		fmt.Fprintf(a.out, "what %s sees of %s by your consent:\n", c.Party.Ref, c.Object.Ref)
		a.describeVersion(o)
	})
}

type theatreCmd struct{}

func (c *theatreCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	t, err := client.theatre(a.ctx)
	if err != nil {
		return err
	}
	head, err := client.treeHead(a.ctx)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(struct {
			*api.Theatre
			Head *node.Head `json:"head"`
		}{t, head})
	}
	mark := ""
	if t.Exercise {
		mark = "EXERCISE  "
	}
	fmt.Fprintf(a.out, "%s%s\n  theatre   %s\n  position  %d at %s\n  zone      %s\n  extents   %s to %s\n  log key   %s\n  head      %d:%s\n  %s\n", mark, t.Title, t.Name, t.Size, t.Now,
		t.Profile.Zone, t.Profile.SouthWest, t.Profile.NorthEast, t.LogKey, head.Size, head.Root, t.Sentence)
	return nil
}
