package channel

import (
	"slices"
	"strings"

	"parley"
)

//go:generate go run ../internal/docgen

// rule says who may sign a kind of command, and decides on it.
type rule struct {
	roles    []parley.Role // any of these
	any      bool          // every member
	node     bool          // nodes, and nobody else
	own      bool          // brings its own key
	self     bool          // every member about themself
	fourEyes bool          // a second member with one of the roles signs too
	behalf   bool          // the desk may enter it for another
	form     bool          // an organisation's member may say it by a page without a key
	decide   func(*turn) (effect, *Refusal)
}

// on turns the decision about one type of body into a decision about a turn.
func on[B parley.Body](decide func(*turn, B) (effect, *Refusal)) func(*turn) (effect, *Refusal) {
	return func(t *turn) (effect, *Refusal) { return decide(t, t.cmd.Body.(B)) }
}

// rules is the table of channel.md section 1: every kind of command, who signs it, and what decides on it.
var rules map[parley.CommandKind]*rule

func init() {
	const (
		trustee, verifier, releaser, admin = parley.Trustee, parley.Verifier, parley.Releaser, parley.Administrator
		notifier, leader, monitor          = parley.Notifier, parley.MovementLeader, parley.MonitorOfficer
		officer, planner, adviser          = parley.DutyOfficer, parley.Planner, parley.LegalAdviser
	)
	by := func(roles ...parley.Role) []parley.Role { return roles }
	rules = map[parley.CommandKind]*rule{
		"theatre.open":         {own: true, decide: on((*turn).theatreOpen)},
		"profile.set":          {roles: by(trustee), fourEyes: true, decide: on((*turn).profileSet)},
		"party.admit":          {roles: by(trustee), fourEyes: true, decide: on((*turn).partyAdmit)},
		"party.suspend":        {roles: by(trustee), fourEyes: true, decide: on((*turn).partySuspend)},
		"organisation.admit":   {roles: by(trustee), fourEyes: true, decide: on((*turn).organisationAdmit)},
		"organisation.suspend": {roles: by(trustee), fourEyes: true, decide: on((*turn).organisationSuspend)},
		"member.invite":        {roles: by(trustee, admin), self: true, decide: on((*turn).memberInvite)},
		"member.enrol":         {own: true, decide: on((*turn).memberEnrol)},
		"member.revoke":        {roles: by(trustee, admin), decide: on((*turn).memberRevoke)},
		"key.revoke":           {roles: by(trustee, admin), self: true, decide: on((*turn).keyRevoke)},
		"key.rotate":           {any: true, decide: on((*turn).keyRotate)},
		"rota.set":             {roles: by(admin), decide: on((*turn).rotaSet)},

		"site.notify":       {roles: by(notifier), behalf: true, form: true, decide: on((*turn).siteNotify)},
		"site.update":       {roles: by(notifier), behalf: true, form: true, decide: on((*turn).siteUpdate)},
		"site.revalidate":   {roles: by(notifier, verifier, releaser), decide: on((*turn).siteRevalidate)},
		"site.withdraw":     {roles: by(notifier, verifier, releaser), decide: on((*turn).siteWithdraw)},
		"site.found":        {roles: by(officer), behalf: true, decide: on((*turn).siteFound)},
		"site.adopt":        {roles: by(verifier, releaser), decide: on((*turn).siteAdopt)},
		"site.hand":         {roles: by(verifier, releaser), fourEyes: true, decide: on((*turn).siteHand)},
		"found.close":       {roles: by(officer, verifier, releaser), decide: on((*turn).foundClose)},
		"movement.notify":   {roles: by(notifier), behalf: true, form: true, decide: on((*turn).movementNotify)},
		"movement.update":   {roles: by(notifier, leader), behalf: true, form: true, decide: on((*turn).movementUpdate)},
		"movement.withdraw": {roles: by(notifier), decide: on((*turn).movementWithdraw)},
		"movement.report":   {roles: by(notifier, leader), behalf: true, form: true, decide: on((*turn).movementReport)},
		"contact.try":       {roles: by(officer, verifier, releaser, notifier, leader), behalf: true, decide: on((*turn).contactTry)},
		"prompt.answer":     {roles: by(notifier, leader), behalf: true, form: true, decide: on((*turn).promptAnswer)},
		"presence.notify":   {roles: by(notifier), behalf: true, form: true, decide: on((*turn).presenceNotify)},
		"presence.withdraw": {roles: by(notifier), decide: on((*turn).presenceWithdraw)},

		"object.query":         {roles: by(verifier, releaser, officer, notifier), decide: on((*turn).objectQuery)},
		"object.answer":        {roles: by(notifier, officer, verifier, releaser), behalf: true, form: true, decide: on((*turn).objectAnswer)},
		"object.verify":        {roles: by(verifier), decide: on((*turn).objectVerify)},
		"object.release":       {roles: by(releaser, verifier), decide: on((*turn).objectRelease)},
		"release.countersign":  {roles: by(releaser, verifier), decide: on((*turn).releaseCountersign)},
		"object.recall":        {roles: by(releaser), decide: on((*turn).objectRecall)},
		"recall.confirm":       {roles: by(officer), behalf: true, decide: on((*turn).recallConfirm)},
		"object.resend":        {roles: by(notifier, verifier, releaser), decide: on((*turn).objectResend)},
		"object.acknowledge":   {roles: by(officer), behalf: true, decide: on((*turn).objectAcknowledge)},
		"object.dissemination": {roles: by(officer), decide: on((*turn).objectDissemination)},
		"list.attest":          {roles: by(officer), decide: on((*turn).listAttest)},
		"entry.attest":         {roles: by(officer), decide: on((*turn).entryAttest)},
		"object.dispute":       {roles: by(officer), decide: on((*turn).objectDispute)},
		"relay.log":            {roles: by(officer, verifier, releaser), decide: on((*turn).relayLog)},
		"behalf.confirm":       {roles: by(officer, notifier, leader, admin), decide: on((*turn).behalfConfirm)},

		"force.place":       {roles: by(officer), decide: on((*turn).forcePlace)},
		"force.withdraw":    {roles: by(officer), decide: on((*turn).forceWithdraw)},
		"area.declare":      {roles: by(officer), behalf: true, decide: on((*turn).areaDeclare)},
		"area.amend":        {roles: by(officer), behalf: true, decide: on((*turn).areaAmend)},
		"area.end":          {roles: by(officer), decide: on((*turn).areaEnd)},
		"area.told":         {roles: by(officer), decide: on((*turn).areaTold)},
		"area.readback":     {roles: by(officer), decide: on((*turn).areaReadback)},
		"area.withdraw":     {roles: by(officer), decide: on((*turn).areaWithdraw)},
		"area.dispute":      {roles: by(officer), decide: on((*turn).areaDispute)},
		"area.object":       {roles: by(officer), decide: on((*turn).areaObject)},
		"check.record":      {roles: by(officer, planner, adviser), decide: on((*turn).checkRecord)},
		"check.attest":      {roles: by(officer, planner, adviser), decide: on((*turn).checkAttest)},
		"check.moved":       {roles: by(officer, planner, adviser), decide: on((*turn).checkMoved)},
		"indication.answer": {roles: by(officer, planner, adviser), decide: on((*turn).indicationAnswer)},

		"liaison.log":    {roles: by(officer, verifier, releaser), behalf: true, decide: on((*turn).liaisonLog)},
		"channel.status": {roles: by(officer, verifier, releaser), behalf: true, decide: on((*turn).channelStatus)},
		"testcall":       {roles: by(officer, verifier, releaser), decide: on((*turn).testCall)},

		"stop.raise":     {any: true, behalf: true, form: true, decide: on((*turn).stopRaise)},
		"stop.take":      {roles: by(officer), behalf: true, decide: on((*turn).stopTake)},
		"stop.pass":      {roles: by(officer), decide: on((*turn).stopPass)},
		"stop.effect":    {roles: by(officer, notifier, leader, verifier, releaser), decide: on((*turn).stopEffect)},
		"stop.standdown": {roles: by(officer, verifier, releaser), decide: on((*turn).stopStandDown)},

		"line.propose":     {roles: by(officer), behalf: true, decide: on((*turn).linePropose)},
		"line.impose":      {roles: by(officer), behalf: true, decide: on((*turn).lineImpose)},
		"line.amend":       {roles: by(officer), behalf: true, decide: on((*turn).lineAmend)},
		"line.end":         {roles: by(officer), behalf: true, decide: on((*turn).lineEnd)},
		"zone.propose":     {roles: by(officer), behalf: true, decide: on((*turn).zonePropose)},
		"zone.impose":      {roles: by(officer), behalf: true, decide: on((*turn).zoneImpose)},
		"zone.amend":       {roles: by(officer), behalf: true, decide: on((*turn).zoneAmend)},
		"zone.end":         {roles: by(officer), behalf: true, decide: on((*turn).zoneEnd)},
		"corridor.propose": {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).corridorPropose)},
		"corridor.amend":   {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).corridorAmend)},
		"corridor.status":  {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).corridorStatus)},
		"pause.propose":    {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).pausePropose)},
		"pause.amend":      {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).pauseAmend)},
		"pause.status":     {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).pauseStatus)},
		"consent.give":     {roles: by(officer), behalf: true, decide: on((*turn).consentGive)},
		"consent.refuse":   {roles: by(officer), behalf: true, decide: on((*turn).consentRefuse)},
		"consent.withdraw": {roles: by(officer), behalf: true, decide: on((*turn).consentWithdraw)},
		"crossing.notice":  {roles: by(officer, notifier, leader), behalf: true, decide: on((*turn).crossingNotice)},
		"crossing.answer":  {roles: by(officer), behalf: true, decide: on((*turn).crossingAnswer)},
		"crossing.event":   {roles: by(officer, notifier, leader), behalf: true, decide: on((*turn).crossingEvent)},
		"presence.ask":     {roles: by(officer, verifier, releaser), decide: on((*turn).presenceAsk)},
		"presence.answer":  {roles: by(officer), behalf: true, decide: on((*turn).presenceAnswer)},
		"warning.log":      {roles: by(officer, verifier, releaser), behalf: true, decide: on((*turn).warningLog)},
		"offer.make":       {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).offerMake)},
		"offer.respond":    {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).offerRespond)},
		"offer.fulfil":     {roles: by(officer, notifier, verifier, releaser), behalf: true, decide: on((*turn).offerFulfil)},
		"delivery.record":  {roles: by(notifier, leader), behalf: true, decide: on((*turn).deliveryRecord)},
		"outcome.record":   {roles: by(notifier, leader), behalf: true, decide: on((*turn).outcomeRecord)},

		"harm.report":       {any: true, behalf: true, form: true, decide: on((*turn).harmReport)},
		"correction.open":   {roles: by(verifier, releaser), decide: on((*turn).correctionOpen)},
		"correction.answer": {roles: by(officer, adviser), behalf: true, decide: on((*turn).correctionAnswer)},
		"correction.close":  {roles: by(verifier, releaser), decide: on((*turn).correctionClose)},

		"incident.record":  {roles: by(monitor, verifier, releaser), decide: on((*turn).incidentRecord)},
		"incident.update":  {roles: by(monitor, verifier, releaser), decide: on((*turn).incidentUpdate)},
		"incident.link":    {roles: by(verifier, releaser), decide: on((*turn).incidentLink)},
		"incident.match":   {roles: by(monitor, verifier, releaser), decide: on((*turn).incidentMatch)},
		"incident.close":   {roles: by(monitor, verifier, releaser), decide: on((*turn).incidentClose)},
		"claim.record":     {roles: by(monitor, verifier, releaser), decide: on((*turn).claimRecord)},
		"claim.relate":     {roles: by(monitor, verifier, releaser), decide: on((*turn).claimRelate)},
		"assessment.make":  {roles: by(monitor, verifier, releaser), decide: on((*turn).assessmentMake)},
		"response.ask":     {roles: by(monitor, verifier, releaser), decide: on((*turn).responseAsk)},
		"response.give":    {roles: by(officer, adviser), behalf: true, decide: on((*turn).responseGive)},
		"evidence.add":     {roles: by(monitor, verifier, releaser, notifier, officer, adviser), decide: on((*turn).evidenceAdd)},
		"evidence.custody": {roles: by(monitor, verifier, releaser, notifier, officer, adviser), decide: on((*turn).evidenceCustody)},
		"publication.set":  {roles: by(trustee), fourEyes: true, decide: on((*turn).publicationSet)},
		"hold.end":         {roles: by(verifier, releaser), fourEyes: true, decide: on((*turn).holdEnd)},
		"list.load":        {roles: screeners, decide: on((*turn).listLoad)},
		"screening.open":   {roles: screeners, decide: on((*turn).screeningOpen)},
		"screening.repeat": {roles: screeners, decide: on((*turn).screeningRepeat)},
		"screening.decide": {roles: screeners, fourEyes: true, decide: on((*turn).screeningDecide)},
		"screening.appeal": {roles: screeners, decide: on((*turn).screeningAppeal)},
		"screening.note":   {roles: screeners, decide: on((*turn).screeningNote)},

		"area.seal": {roles: by(officer, planner, adviser), decide: on((*turn).areaSeal)},
		"area.open": {roles: by(officer, adviser), decide: on((*turn).areaOpen)},

		"payload.erase":  {any: true, decide: on((*turn).payloadErase)},
		"envelope.erase": {node: true, decide: on((*turn).envelopeErase)},
		"state.note":     {node: true, decide: on((*turn).stateNote)},
		"clock.advance":  {node: true, decide: on((*turn).clockAdvance)},
		"delivery.note":  {node: true, decide: on((*turn).deliveryNote)},
		"read.note":      {node: true, decide: on((*turn).readNote)},
		"stop.spooled":   {node: true, decide: on((*turn).stopSpooled)},
		"refusal.count":  {node: true, decide: on((*turn).refusalCount)},
	}
}

// whoWords names those who may sign, for a refusal.
func (r *rule) whoWords() string {
	if r.node {
		return "node"
	}
	if r.any {
		return "member"
	}
	words := make([]string, len(r.roles))
	for i, role := range r.roles {
		words[i] = string(role)
	}
	return strings.Join(words, " or ")
}

// party reports whether members of a party may say this.
func (r *rule) party() bool {
	return r.any || slices.ContainsFunc(r.roles, func(role parley.Role) bool {
		return role == parley.DutyOfficer || role == parley.Planner || role == parley.LegalAdviser
	})
}

// organisation reports whether members of an organisation may say this.
func (r *rule) organisation() bool {
	return r.any || slices.ContainsFunc(r.roles, func(role parley.Role) bool { return role == parley.Notifier || role == parley.MovementLeader })
}

// Signers says who may sign a kind of command, for documentation: roles, and whether it takes two, a node, or may be entered for another.
type Signers struct {
	Kind     parley.CommandKind
	Roles    []parley.Role
	Anyone   bool
	Node     bool
	OwnKey   bool
	Self     bool
	FourEyes bool
	OnBehalf bool
	Form     bool
}

// WhoSigns returns the table of commands and their signers, in the order of the kinds.
func WhoSigns() []Signers {
	var table []Signers
	for _, kind := range parley.CommandKinds() {
		r := rules[kind]
		table = append(table, Signers{kind, r.roles, r.any, r.node, r.own, r.self, r.fourEyes, r.behalf, r.form})
	}
	return table
}

// FormKinds returns the kinds of command that an organisation's member may say by a page without a key, in the order of the kinds.
func FormKinds() []parley.CommandKind {
	var kinds []parley.CommandKind
	for _, s := range WhoSigns() {
		if s.Form {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}
