package web

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"slices"
	"strconv"

	"parley"
	"parley/channel"
	"parley/release"
)

// adminPage is who belongs to an account, who is on duty, and, for trustees, which accounts there are.
type adminPage struct {
	Members  []release.Member
	Accounts []release.Account
	Counts   []release.Counts
	Held     []heldDraft
	Form     map[string]string
	Roles    []parley.Role
	Invites  []parley.Ref // accounts that the reader may invite to
	Levels   []parley.Echelon
	Shifts   []shift
	Stored   string
	Rota     bool
	Home     parley.Ref
}

// shift is one line of the rota's form.
type shift struct {
	N        int
	Member   string
	From, To string
	Deputy   bool
}

func (c *call) admin() error { return c.showAdmin(http.StatusOK, nil) }

func (c *call) showAdmin(status int, p *problem) error {
	page := &adminPage{Home: c.member.Account, Form: map[string]string{}, Levels: echelons, Stored: c.r.URL.Query().Get("stored"), Roles: parley.RolesOf(c.member.Account)}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	if name, err := parley.ParseHash(page.Stored); err == nil {
		c.p.held.drop(name)
	}
	var rota []parley.Shift
	if err := c.view(func(v *channel.Viewer) {
		page.Members, _ = v.Members(0, 1000)
		page.Accounts, _ = v.Accounts(0, 1000)
		page.Counts, _ = v.Counts()
		rota = v.Rota()
	}); err != nil {
		return err
	}
	page.Held = slices.DeleteFunc(c.p.held.of(c.member.Account, c.p.node.Now()), func(d heldDraft) bool { return d.back() != "/admin" }) // each is seen where it is decided
	if c.member.Has(parley.Trustee) {
		page.Invites = []parley.Ref{parley.Board, parley.Desk}
		for _, a := range page.Accounts {
			page.Invites = append(page.Invites, a.Ref)
		}
		page.Roles = nil
		for _, account := range []parley.Ref{parley.Board, parley.Desk} {
			page.Roles = append(page.Roles, parley.RolesOf(account)...)
		}
		page.Roles = append(page.Roles, parley.DutyOfficer, parley.Planner, parley.LegalAdviser, parley.Notifier, parley.MovementLeader, parley.MonitorOfficer)
	} else {
		page.Invites = []parley.Ref{c.member.Account}
	}
	page.Rota = c.member.Has(parley.Administrator) && (c.member.Account == parley.Desk || c.member.Account.Kind() == parley.RefParty)
	page.Shifts = c.shifts(rota)
	f := c.frame("admin", "nav.admin", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// shifts fills the rota's form: what was typed, or what stands, with room for three more.
func (c *call) shifts(rota []parley.Shift) []shift {
	var rows []shift
	if c.r.PostForm.Get("act") == "rota" {
		for n := 1; n <= 60 && c.r.PostForm.Has("shift_member_"+strconv.Itoa(n)); n++ {
			s := strconv.Itoa(n)
			rows = append(rows, shift{n, c.r.PostForm.Get("shift_member_" + s), c.r.PostForm.Get("shift_from_" + s), c.r.PostForm.Get("shift_to_" + s), c.r.PostForm.Has("shift_deputy_" + s)})
		}
		return rows
	}
	for _, s := range rota {
		if s.To >= c.p.node.Now() {
			rows = append(rows, shift{len(rows) + 1, string(s.Member), c.local(s.From), c.local(s.To), s.Deputy})
		}
	}
	for range 3 {
		rows = append(rows, shift{N: len(rows) + 1})
	}
	return rows
}

// adminActs takes what an administrator or a trustee says.
func (c *call) adminActs() error {
	f, d := c.form(), c.newDraft()
	a := act{draft: d, next: "/admin", again: func(p *problem) error { return c.showAdmin(http.StatusUnprocessableEntity, p) }}
	switch f.text("act") {
	case "invite":
		secret := rand.Text()
		days := f.number("days", 1, 30, 3)
		b := &parley.MemberInvite{Account: parley.Ref(f.required("account")), Roles: several(f, "roles", allRoles), Code: sha256.Sum256([]byte(secret)), Expires: d.MadeAt + int64(days)*parley.Day}
		if f.has("echelon") {
			b.Echelon = choice(f, "echelon", echelons)
		}
		a.body, a.next = b, "/admin/invited/{ref}/"+secret
	case "revoke":
		a.body = &parley.MemberRevoke{Member: f.refOf("member"), Reason: d.Text(f.text("reason"))}
	case "revoke_key":
		a.body = &parley.KeyRevoke{Key: parley.KeyID(f.required("key"))}
	case "admit_party":
		a.body, a.two = &parley.PartyAdmit{Name: d.Text(f.required("name")), PartyKind: choice(f, "kind", partyKinds)}, true
	case "admit_organisation":
		a.body, a.two = &parley.OrganisationAdmit{Name: d.Text(f.required("name")), OrganisationKind: choice(f, "kind", []parley.OrganisationKind{parley.NotifierOrganisation, parley.MonitorOrganisation})}, true
	case "suspend":
		s := parley.AccountSuspend{Account: f.refOf("account"), Resume: f.has("resume"), Reason: d.Text(f.required("reason"))}
		if a.two = true; s.Account.Kind() == parley.RefParty {
			a.body = &parley.PartySuspend{AccountSuspend: s}
		} else {
			a.body = &parley.OrganisationSuspend{AccountSuspend: s}
		}
	case "rota":
		a.body = &parley.RotaSet{Account: c.member.Account, Shifts: c.readRota(f)}
	default:
		return errMissing
	}
	if len(f.errors) > 0 {
		return a.again(c.formProblem(f))
	}
	return c.finish(a)
}

var (
	partyKinds = []parley.PartyKind{parley.Force, parley.Authority, parley.GoBetween, parley.Affiliated}
	allRoles   = []parley.Role{parley.Trustee, parley.Verifier, parley.Releaser, parley.Administrator, parley.Notifier, parley.MovementLeader, parley.MonitorOfficer,
		parley.DutyOfficer, parley.Planner, parley.LegalAdviser}
)

// readRota reads the lines of the rota; empty ones are left out.
func (c *call) readRota(f *form) []parley.Shift {
	var shifts []parley.Shift
	for n := 1; n <= 60; n++ {
		s := strconv.Itoa(n)
		if !f.has("shift_member_" + s) {
			continue
		}
		shift := parley.Shift{Member: parley.Ref(f.text("shift_member_" + s)), From: f.moment("shift_from_"+s, true), To: f.moment("shift_to_"+s, true), Deputy: f.has("shift_deputy_" + s)}
		if shift.From != 0 && shift.To != 0 && shift.To <= shift.From {
			f.wrong("shift_to_"+s, "wrong.order")
		}
		shifts = append(shifts, shift)
	}
	return shifts
}

// invited shows a new invitation's link, once: the secret stands nowhere else.
func (c *call) invited() error {
	page := struct{ Link, Ref string }{"/" + c.lang + "/enter/" + c.r.PathValue("invitation") + "/" + c.r.PathValue("secret"), c.r.PathValue("invitation")}
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	page.Link = scheme + c.r.Host + page.Link
	return c.show(c.frame("invited", "invited.title", page))
}

// devices are the keys a person speaks with.
func (c *call) devices() error { return c.showDevices(http.StatusOK, nil) }

func (c *call) showDevices(status int, p *problem) error {
	var me release.Member
	if err := c.view(func(v *channel.Viewer) {
		members, _ := v.Members(0, 1000)
		if i := slices.IndexFunc(members, func(m release.Member) bool { return m.Ref == c.member.Ref }); i >= 0 {
			me = members[i]
		}
	}); err != nil {
		return err
	}
	f := c.frame("devices", "devices.title", me)
	f.Problem = p
	return c.showWith(status, f)
}

// deviceActs invites a further device of the person, or ends a key.
func (c *call) deviceActs() error {
	f, d := c.form(), c.newDraft()
	a := act{draft: d, next: "/devices", again: func(p *problem) error { return c.showDevices(http.StatusUnprocessableEntity, p) }}
	switch f.text("act") {
	case "invite":
		secret := rand.Text()
		a.body = &parley.MemberInvite{Account: c.member.Account, Member: c.member.Ref, Code: sha256.Sum256([]byte(secret)), Expires: d.MadeAt + parley.Day}
		a.next = "/admin/invited/{ref}/" + secret
	case "revoke_key":
		a.body = &parley.KeyRevoke{Key: parley.KeyID(f.required("key"))}
	default:
		return errMissing
	}
	if len(f.errors) > 0 {
		return a.again(c.formProblem(f))
	}
	return c.finish(a)
}

// setClock sets the clock of an exercise with simulated time forward by some minutes.
func (c *call) setClock() error {
	f := c.form()
	minutes := f.number("minutes", 1, 60*24*400, 2)
	if len(f.errors) > 0 {
		return c.showAdmin(http.StatusUnprocessableEntity, c.formProblem(f))
	}
	if err := c.p.node.Advance(c.r.Context(), c.p.node.Now()+int64(minutes)*parley.Minute); err != nil {
		return c.showAdmin(http.StatusUnprocessableEntity, &problem{Title: c.say("wrong.title"), Detail: err.Error()})
	}
	c.redirect("/admin")
	return nil
}
