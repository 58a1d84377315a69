package channel

import (
	"parley"
	"parley/release"
)

func (v *Viewer) earlierIncident(e *parley.IncidentVersion) release.IncidentVersion {
	n := &e.Incident
	out := release.IncidentVersion{Version: e.Version, At: stamp(e.At), Position: e.Position, Command: e.Name, Kind: n.IncidentKind, Title: v.words(n.Title), Narrative: v.words(n.Narrative), From: parley.Stamp(n.From), To: parley.Stamp(n.To),
		Uncertain: n.Uncertain, Precision: n.Precision, Radius: n.Radius, Category: n.Category, Tallies: n.Tallies, Damage: n.Damage, Lost: n.Lost, Means: v.words(n.Means), Sources: v.sources(n), Certainty: n.Certainty}
	if n.Place != nil {
		p := point(*n.Place)
		out.Place = &p
	}
	if m, ok := n.Metres(); ok {
		out.Radius = m
	}
	return out
}

// IncidentPreview returns an incident as everybody will see it once its newest version is published, for who sees it whole.
func (v *Viewer) IncidentPreview(ref parley.Ref) (*release.Incident, bool) {
	i := v.s.incidents.get(string(ref))
	if i == nil || v.incidentSight(i) != sightWhole || i.Incident.Restricted {
		return nil, false
	}
	published := *i
	published.Public, published.PublicSince = i.Version, i.At+v.s.publication().Delay
	if i.Public == i.Version {
		published.PublicSince = i.PublicSince
	}
	out := &release.Incident{Ref: i.Ref, Sight: sightPublic.String(), Sentence: parley.SentenceIncident}
	v.publicIncident(&published, out)
	return out, true
}
