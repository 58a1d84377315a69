package main

import (
	"github.com/alecthomas/kong"
)

// globals are the flags of every command.
type globals struct {
	Server       string `env:"PARLEY_SERVER" default:"http://127.0.0.1:7227" placeholder:"URL" help:"The server."`
	CA           string `name:"ca" env:"PARLEY_CA" placeholder:"FILE" help:"Certificate of the server's local authority; it alone is trusted then."`
	Key          string `env:"PARLEY_KEY" placeholder:"FILE" help:"Your key file."`
	JSON         bool   `name:"json" help:"Print one JSON object, or one a line for lists; errors too."`
	Outbox       string `env:"PARLEY_OUTBOX" placeholder:"DIR" help:"Keep each signed command in this folder until its receipt lies there too: for bad lines. Without a line it waits; see parley outbox."`
	SaveEnvelope string `placeholder:"FILE" help:"Keep the signed command with its texts, as your own evidence."`
}

// commandLine is the whole command line: every command with its help and an example. docs/cli.md is made from it.
type commandLine struct {
	globals

	Demo  demoCmd  `cmd:"" group:"Server" help:"Start an exercise theatre with data in it, on this machine only." example:"parley demo"`
	Init  initCmd  `cmd:"" group:"Server" help:"Make a data folder and open a theatre in it." example:"parley init --data /var/lib/parley --title 'Euphrates valley' --trustee t1.key --trustee t2.key"`
	Serve serveCmd `cmd:"" group:"Server" help:"Serve a theatre." example:"parley serve --data /var/lib/parley"`

	Journal journalCmd `cmd:"" group:"Server" help:"Verify and export a journal."`
	Deliver deliverCmd `cmd:"" group:"Server" help:"Look at the outbound channels."`
	LogKey  logKeyCmd  `cmd:"" name:"log-key" group:"Server" help:"Look at the log's key, and replace it."`
	Witness witnessCmd `cmd:"" group:"Server" help:"Cosign the checkpoints of logs: what a party runs so that it need not trust the operator."`
	Bench   benchCmd   `cmd:"" group:"Server" help:"Measure this machine."`

	Keygen  keygenCmd  `cmd:"" group:"People" help:"Make a key. Whoever has the file speaks for its holder." example:"parley keygen officer.key"`
	KeyFile keyCmd     `cmd:"" name:"key" group:"People" help:"Look at your key."`
	Admit   admitCmd   `cmd:"" group:"People" help:"Give a party or an organisation an account."`
	Suspend suspendCmd `cmd:"" group:"People" help:"Let an account rest, or wake it. History stays. Two trustees sign." example:"parley suspend PARTY-7K3F-Q2 --reason 'keys lost' --key t1.key --second t2.key"`
	Invite  inviteCmd  `cmd:"" group:"People" help:"Invite a person to an account. The code is handed over by another way." example:"parley invite PARTY-7K3F-Q2 --role duty_officer --echelon headquarters --key t1.key"`
	Enrol   enrolCmd   `cmd:"" group:"People" help:"Use an invitation: your key is admitted." example:"parley enrol INV-7K3F-Q2:SECRET --name 'A. Officer' --key officer.key"`
	Revoke  revokeCmd  `cmd:"" group:"People" help:"End a member's keys at once." example:"parley revoke MBR-7K3F-Q2 --reason 'phone lost' --key admin.key"`
	Rotate  rotateCmd  `cmd:"" group:"People" help:"Replace your key. Both keys sign." example:"parley rotate new.key --key old.key"`
	Rota    rotaCmd    `cmd:"" group:"People" help:"Say who is on duty when." example:"parley rota rota.csv --key admin.key"`

	Notify     notifyCmd     `cmd:"" group:"Notify" help:"Tell the desk of protected people and places."`
	Update     updateCmd     `cmd:"" group:"Notify" help:"Give an object a new version; what the flags do not say stays as it was." example:"parley update SITE-7K3F-Q2/v1 --at '35.9527, 39.0100' --key org.key"`
	Revalidate revalidateCmd `cmd:"" group:"Notify" help:"Confirm that a site still is as its version says." example:"parley revalidate SITE-7K3F-Q2/v1 --key org.key"`
	Withdraw   withdrawCmd   `cmd:"" group:"Notify" help:"End a notification. Protection under the law does not change." example:"parley withdraw SITE-7K3F-Q2 --reason ceased_function --key org.key"`
	Report     reportCmd     `cmd:"" group:"Notify" help:"Say what a movement is doing." example:"parley report MOVE-7K3F-Q2 departed --leg 1 --key leader.key"`
	Text       textCmd       `cmd:"" group:"Notify" help:"Say one short message from the road: a status, an answer to a question, or an urgent stop." example:"parley text 'MOVE-7K3F-Q2 UNLOADING 09:30 35.9512 39.0123' --key leader.key"`
	Card       cardCmd       `cmd:"" group:"Notify" help:"Print the mission card of a movement: what its people carry, send and say." example:"parley card MOVE-7K3F-Q2 --lang ar --key leader.key"`
	Contact    contactCmd    `cmd:"" group:"Notify" help:"Put a try to reach a movement on record: its owner and the desk are told." example:"parley contact MOVE-7K3F-Q2 radio --reached --key officer.key"`
	Delivery   deliveryCmd   `cmd:"" group:"Notify" help:"Put a delivery on record, planned or done." example:"parley delivery MOVE-7K3F-Q2 --item 'food, t, planned 10, delivered 7, lost 2' --at=-1h --people 51-200 --key leader.key"`
	Outcome    outcomeCmd    `cmd:"" group:"Notify" help:"Say how a movement ended, or what came of asking for access." example:"parley outcome impeded --movement MOVE-7K3F-Q2 --delay 240 --reason inspection --key leader.key"`
	Decide     decideCmd     `cmd:"" group:"Notify" help:"Answer a question on the road: your decision." example:"parley decide ASK-7K3F-Q2 hold --key leader.key"`
	Answer     answerCmd     `cmd:"" group:"Notify" help:"Answer a question about an object." example:"parley answer QRY-7K3F-Q2 'About 80 beds since June' --key org.key"`
	Preview    previewCmd    `cmd:"" group:"Notify" help:"Show what a party would see of an object by your consent, before any release." example:"parley preview SITE-7K3F-Q2 PARTY-7K3F-Q2 --key org.key"`

	Texts       textsCmd       `cmd:"" group:"Desk" help:"Look through what came by SMS and could not be said for anyone."`
	Query       queryCmd       `cmd:"" group:"Desk" help:"Ask the notifier about an object." example:"parley query SITE-7K3F-Q2/v1 --field occupancy 'How many beds?' --key verifier.key"`
	Verify      verifyCmd      `cmd:"" group:"Desk" help:"Record that a version was checked, how, and with what; or, given a file, verify a receipt or an inquiry without any server." example:"parley verify SITE-7K3F-Q2/v1 --method second_source --source 'street map 2017' --place '35.95, 39.01' --key verifier.key"`
	Release     releaseCmd     `cmd:"" group:"Desk" help:"Send a version to a party, within the notifier's consent. The releaser is not the verifier." example:"parley release SITE-7K3F-Q2/v1 PARTY-7K3F-Q2 --key releaser.key"`
	Countersign countersignCmd `cmd:"" group:"Desk" help:"Sign under an emergency release, as the second officer." example:"parley countersign SITE-7K3F-Q2/v1 PARTY-7K3F-Q2 --key releaser.key"`
	Recall      recallCmd      `cmd:"" group:"Desk" help:"Call a released version back." example:"parley recall SITE-7K3F-Q2/v1 PARTY-7K3F-Q2 --reason 'entered in error' --key releaser.key"`
	Resend      resendCmd      `cmd:"" group:"Desk" help:"Send a released version again. Sendings are counted." example:"parley resend SITE-7K3F-Q2/v1 PARTY-7K3F-Q2 --key releaser.key"`
	Relay       relayCmd       `cmd:"" group:"Desk" help:"Record that a go-between or the desk handed something on." example:"parley relay SITE-7K3F-Q2 PARTY-7K3F-Q2 unit --delivered --key relay.key"`

	Ack           ackCmd           `cmd:"" group:"Party" help:"Acknowledge exactly one version, by reading its position back. Receipt, not agreement." example:"parley ack SITE-7K3F-Q2/v1 --read-back '37S EV 00901 78402' --key officer.key"`
	Disseminate   disseminateCmd   `cmd:"" group:"Party" help:"State to which level a version was passed on, and which list that level holds." example:"parley disseminate SITE-7K3F-Q2/v1 unit --level 'north battery' --key officer.key"`
	Attest        attestCmd        `cmd:"" group:"Party" help:"State which list a level holds, or that it holds none." example:"parley attest operations_room --key officer.key"`
	AttestEntry   attestEntryCmd   `cmd:"" group:"Party" help:"State which place a level holds for a reference." example:"parley attest-entry SITE-7K3F-Q2/v1 unit --at '35.95, 39.01' --key officer.key"`
	Dispute       disputeCmd       `cmd:"" group:"Party" help:"Contest an object's data. Both views are kept; the protection note stays." example:"parley dispute SITE-7K3F-Q2/v1 wrong_place --words 'seen 400 m further east' --key officer.key"`
	ConfirmRecall confirmRecallCmd `cmd:"" group:"Party" help:"State that a version that was called back is deleted at every level." example:"parley confirm-recall SITE-7K3F-Q2/v1 --key officer.key"`
	ConfirmEntry  confirmEntryCmd  `cmd:"" group:"Party" help:"Confirm or disown what the desk entered for you." example:"parley confirm-entry NAME --disown --key officer.key"`
	Pack          packCmd          `cmd:"" group:"Party" help:"Offline packs: your party's list, cut for one level."`
	Levels        levelsCmd        `cmd:"" group:"Party" help:"Show what each level is stated to hold, and what nobody has stated: your party's, or every party's for the desk." example:"parley levels --key officer.key"`
	Head          headCmd          `cmd:"" group:"Party" help:"Show the head of your party's list, or keep it in a file." example:"parley head --save head.json --key officer.key"`

	Found foundCmd `cmd:"" group:"Party" help:"Protected places that a party comes upon: reported to the desk, kept by it, taken over by whoever runs them."`

	Declare         declareCmd          `cmd:"" group:"Areas" help:"Tell those addressed, and only them, where and when your party will operate." example:"parley declare --circle '35.95, 39.01, 2km' --from +24h --to +30h --addressee PARTY-7K3F-Q2 --key officer.key"`
	Amend           amendCmd            `cmd:"" group:"Areas" help:"Give a declared area a new version." example:"parley amend AREA-7K3F-Q2/v1 --shape area.geojson --from +25h --to +31h --key officer.key"`
	EndArea         endAreaCmd          `cmd:"" group:"Areas" help:"End a declared area before its window does." example:"parley end-area AREA-7K3F-Q2 --key officer.key"`
	Told            toldCmd             `cmd:"" group:"Areas" help:"Record a place as it was told in words; it is compared with the geometry." example:"parley told AREA-7K3F-Q2 'nine kilometres south of the airfield' --from '35.2854, 40.1761' --distance 9000 --bearing 180 --key officer.key"`
	ReadBack        readBackCmd         `cmd:"" group:"Areas" help:"Read an area back that was declared to you: its middle, extent and window." example:"parley read-back AREA-7K3F-Q2/v1 --center '35.95, 39.01' --extent 5660 --from 2026-03-01T06:00:00Z --to 2026-03-01T12:00:00Z --key officer.key"`
	ObjectTo        objectToCmd         `cmd:"" group:"Areas" help:"Object to an area that was declared to you. It stays on the area." example:"parley object-to AREA-7K3F-Q2/v1 civilians_present --key officer.key"`
	TakeBack        takeBackCmd         `cmd:"" group:"Areas" help:"Take your objection to an area back. That it stood stays on record." example:"parley take-back AREA-7K3F-Q2 civilians_present --key officer.key"`
	DisputeArea     disputeAreaCmd      `cmd:"" group:"Areas" help:"Record that an area was told to you otherwise. Both versions stand side by side." example:"parley dispute-area AREA-7K3F-Q2/v1 --place '35.96, 39.01' --words 'told north of the bridge' --key officer.key"`
	PlaceForce      placeForceCmd       `cmd:"" group:"Areas" help:"Tell chosen parties that you have forces somewhere, for a time. No strength, no name." example:"parley place-force --circle '35.95, 39.01, 500m' --from now --to +12h --addressee PARTY-7K3F-Q2 --key officer.key"`
	WithdrawForce   withdrawForceCmd    `cmd:"" group:"Areas" help:"End a placed force." example:"parley withdraw-force FORCE-7K3F-Q2 --key officer.key"`
	Check           checkCmd            `cmd:"" group:"Areas" help:"Ask for the contrary indications in a planned area. Only you learn the answer, and it can only add caution." example:"parley check --shape area.geojson --from +24h --to +30h --key planner.key"`
	AttestCheck     attestCheckCmd      `cmd:"" group:"Areas" help:"Record that a level made a check by itself, and with which list." example:"parley attest-check unit --circle '35.95, 39.01, 500m' --on -3h --key officer.key"`
	CheckMoved      checkMovedCmd       `cmd:"" group:"Areas" help:"State that what was checked has another place now: the check is void." example:"parley check-moved CHECK-7K3F-Q2 --to '35.96, 39.02' --key planner.key"`
	AnswerIndicated answerIndicationCmd `cmd:"" name:"answer-indication" group:"Areas" help:"Answer a contrary indication, as a person, with a reason from the fixed list." example:"parley answer-indication AREA-7K3F-Q2 SITE-7K3F-Q2 mitigated area_changed --key adviser.key"`

	Line     lineCmd     `cmd:"" group:"Arrangements" help:"Lines between parties, as the named parties state them."`
	Zone     zoneCmd     `cmd:"" group:"Arrangements" help:"Zones, as the named parties state them."`
	Corridor corridorCmd `cmd:"" group:"Arrangements" help:"Humanitarian corridors: nobody has to use one, and whoever does not remains protected."`
	Pause    pauseCmd    `cmd:"" group:"Arrangements" help:"Humanitarian pauses."`
	Consent  consentCmd  `cmd:"" group:"Arrangements" help:"A party's word about one version of an arrangement."`
	Crossing crossingCmd `cmd:"" group:"Arrangements" help:"Crossings of lines and zones: announced, answered, happened."`
	Presence presenceCmd `cmd:"" group:"Arrangements" help:"Whose people were observed at a line."`
	Warning  warningCmd  `cmd:"" group:"Arrangements" help:"Put a warning on record: one step about a line, or a warning to a protected object." example:"parley warning LINE-7K3F-Q2 'Turn round' --to PARTY-7K3F-Q2 --means radio --lang ar --key officer.key"`
	Warnings warningsCmd `cmd:"" group:"Arrangements" help:"Show the warnings about an object: all for its owner, your own for a party that holds it." example:"parley warnings SITE-7K3F-Q2 --key org.key"`
	Offer    offerCmd    `cmd:"" group:"Arrangements" help:"Offers and answers between parties and the desk."`

	Liaison liaisonCmd `cmd:"" group:"Party" help:"Ordinary dialogue on record: contacts, lines, test calls."`

	Harm       harmCmd       `cmd:"" group:"Urgent stop" help:"Report harm to a protected object, or fire near one."`
	Correction correctionCmd `cmd:"" group:"Urgent stop" help:"A party's task after harm to an object that it held."`

	Incident    incidentCmd    `cmd:"" group:"What was known" help:"Incidents of harm, from their sources. Who did it is nowhere said: that is a claim of somebody's."`
	Claim       claimCmd       `cmd:"" group:"What was known" help:"What somebody said, through whom: attributed, never asserted."`
	Assess      assessCmd      `cmd:"" group:"What was known" help:"Grade an incident or a claim, apart from both." example:"parley assess INC-7K3F-Q2 B2 --as fair --words 'Two sources that do not know each other' --key monitor.key"`
	Response    responseCmd    `cmd:"" group:"What was known" help:"A party's own response to an incident."`
	Evidence    evidenceCmd    `cmd:"" group:"What was known" help:"Files with a chain of custody."`
	Inquiry     inquiryCmd     `cmd:"" group:"What was known" help:"What was known at a time near a place, as far as you may see it: signed, each line with its proof." example:"parley inquiry --at 2026-03-01T06:30:00Z --near '35.95, 39.01' --radius 2000 --out report.json --key verifier.key"`
	Publication publicationCmd `cmd:"" group:"What was known" help:"What is published of incidents and claims, and when."`
	Hold        holdCmd        `cmd:"" group:"What was known" help:"Incident holds: nothing that was said about harm is erased while one stands."`
	Seal        sealCmd        `cmd:"" group:"Areas" help:"Sealed areas: committed to, seen by nobody, opened in an inquiry."`

	Screen    screenCmd    `cmd:"" group:"Designations" help:"Look a name up in the lists of designations at hand: candidates for a person to look at, with the reasons. No server is asked." example:"parley screen 'Jabhat Fath al-Sham'"`
	Screening screeningCmd `cmd:"" group:"Designations" help:"Screenings on record: what was found of a name, what two people decided, what was contested."`
	Lists     listsCmd     `cmd:"" group:"Designations" help:"Lists of designated persons, bodies and vessels: dated facts of their authorities. No server is asked."`

	Stop stopCmd `cmd:"" group:"Urgent stop" help:"Stop fire on a protected object, within minutes."`

	Show       showCmd       `cmd:"" group:"Read" help:"Show any record that you may see." example:"parley show SITE-7K3F-Q2 --key org.key"`
	List       listCmd       `cmd:"" group:"Read" help:"List what you may see." example:"parley list sites --csv --key org.key"`
	Statistics statisticsCmd `cmd:"" group:"Read" help:"Count what you may see, each number with what it is a part of." example:"parley statistics --key org.key"`
	Inbox      inboxCmd      `cmd:"" group:"Read" help:"What your account was told, oldest first." example:"parley inbox --key officer.key"`
	Watch      watchCmd      `cmd:"" group:"Read" help:"The same as it comes; goes on where it was when the connection breaks." example:"parley watch --key officer.key"`
	Receipt    receiptCmd    `cmd:"" group:"Read" help:"Fetch the receipt of your command, and verify it here: stored, witnessed, acknowledged." example:"parley receipt NAME --key org.key"`
	Seen       witnessesCmd  `cmd:"" name:"witnesses" group:"Read" help:"Show whose cosignatures count, and how each witness stands." example:"parley witnesses --save witnesses"`
	Clock      clockCmd      `cmd:"" group:"Read" help:"Show the theatre's time; in an exercise with simulated time, set it forward." example:"parley clock --to +2m --key trustee1.key"`
	Theatre    theatreCmd    `cmd:"" group:"Read" help:"Show the theatre and its profile." example:"parley theatre"`
	Statement  statementCmd  `cmd:"" group:"Read" help:"Read a news text into claims for a person to confirm, without a server."`
	Exercise   exerciseCmd   `cmd:"" group:"Read" help:"Drills for desks and duty officers, with a score of answer times."`
	Replay     replayCmd     `cmd:"" group:"Read" help:"Timelines of documented failures."`
	Gazetteer  gazetteerCmd  `cmd:"" group:"Read" help:"Names of places, without a server: those of the exercise or of a file, and beside them those of GeoNames."`
	Position   positionCmd   `cmd:"" group:"Read" help:"Explain a position in any notation, without a server." example:"parley position 37S EV 00901 78402"`

	Erase eraseCmd  `cmd:"" group:"Anything" help:"Destroy texts: they and their keys are gone, the proofs stand." example:"parley erase COMMITMENT --key org.key"`
	Say   sayCmd    `cmd:"" group:"Anything" help:"Say any command from the JSON of its body." example:"parley say object.dispute dispute.json --key officer.key"`
	Box   outboxCmd `cmd:"" name:"outbox" group:"Anything" help:"Look after commands that wait for a line, in the folder that --outbox names."`
	Send  sendCmd   `cmd:"" group:"Anything" help:"Send a command that was signed and kept before." example:"parley send kept.json"`
}

// newParser builds the parser, with each command's example in its help.
func newParser(line *commandLine, options ...kong.Option) (*kong.Kong, error) {
	options = append([]kong.Option{kong.Name("parley"), kong.UsageOnError(),
		kong.Description("A neutral channel: where protected people and aid are, where parties will operate, and who was told what, when.\nNotification creates no protection and its absence removes none."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}), kong.PostBuild(func(k *kong.Kong) error {
			for _, leaf := range k.Model.Leaves(false) {
				if example := leaf.Tag.Get("example"); example != "" {
					leaf.Detail = "Example:\n  " + example
				}
			}
			return nil
		})}, options...)
	return kong.New(line, options...)
}
