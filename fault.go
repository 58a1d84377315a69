package parley

import (
	"errors"
	"fmt"
	"strings"
)

// Code names a kind of refusal. Codes are stable: programs may depend on them, and they stand in the journal as outcomes.
type Code string

// Fault is what is wrong with an input: the code, the field, what was read there and what was expected.
type Fault struct {
	Code     Code
	Field    string // path in the command, such as "body.legs[1].depart"; empty when it is about the whole
	Read     string
	Expected string
}

// Error says the fault in one line.
func (f *Fault) Error() string {
	if f.Field == "" {
		return fmt.Sprintf("%s: read %s; expected %s", f.Code, f.Read, f.Expected)
	}
	return fmt.Sprintf("%s: %s: read %s; expected %s", f.Code, f.Field, f.Read, f.Expected)
}

// Invalid builds the fault of a field whose value cannot be.
func Invalid(field, read, expected string) *Fault {
	return &Fault{Code: CodeInvalid, Field: field, Read: clip(read), Expected: expected}
}

// clip shortens what was read, so that a fault never repeats a whole upload.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// within puts the field of err, when it is a Fault, below a parent field.
func within(parent string, err error) error {
	var f *Fault
	if errors.As(err, &f) {
		inner := *f
		switch {
		case inner.Field == "":
			inner.Field = parent
		case inner.Field[0] == '[':
			inner.Field = parent + inner.Field
		default:
			inner.Field = parent + "." + inner.Field
		}
		return &inner
	}
	return err
}

// first returns the first error that is not nil.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Codes of refusals. The comment says what the sender can do.
const (
	CodeInvalid         Code = "invalid"            // mend the field that is named
	CodeMalformed       Code = "malformed"          // mend the JSON: duplicate keys, unknown fields, fractions and other case are refused
	CodeTooLarge        Code = "too_large"          // send less
	CodeUnknownKind     Code = "unknown_kind"       // use a command kind of this rules version
	CodeUnknownKey      Code = "unknown_key"        // enrol first
	CodeBadSignature    Code = "bad_signature"      // sign the bytes that are sent
	CodeKeyRevoked      Code = "key_revoked"        // sign anew with a valid key, or have it entered on behalf
	CodeOtherTheatre    Code = "other_theatre"      // address the command to this theatre
	CodeNotPermitted    Code = "not_permitted"      // have a member with that role sign
	CodeFourEyes        Code = "four_eyes"          // a second person has to sign
	CodeNotFound        Code = "not_found"          // nothing by that reference that the sender may see
	CodeWrongState      Code = "wrong_state"        // the record has moved on: read it again
	CodeVersion         Code = "version"            // quote the version that stands
	CodeConsent         Code = "consent"            // the notifier has not consented to that recipient or field
	CodeFindings        Code = "findings_open"      // look at the findings and answer each
	CodePayloadMissing  Code = "payload_missing"    // send the text that the commitment binds
	CodePayloadMismatch Code = "payload_mismatch"   // the text does not open the commitment
	CodeReadBack        Code = "read_back_mismatch" // read the position back again from the copy that is held; kept on record
	CodeStale           Code = "list_stale"         // look at the entries that are missing and quote the new head
	CodeUnknownHead     Code = "list_head_unknown"  // quote a head that was given to this party
	CodeQuota           Code = "quota"              // wait; only trustees change quotas
	CodeInvitation      Code = "invitation"         // ask for a new invitation
	CodeExists          Code = "exists"             // it is there already
	CodeClock           Code = "clock"              // the times do not fit each other or the theatre's clock
	CodeHold            Code = "held"               // nothing of it may be erased while an incident hold stands
	CodeOnBehalf        Code = "on_behalf"          // this kind is never entered on behalf, or not by this sender
)
