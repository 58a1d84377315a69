package lists

import (
	"fmt"
	"regexp"
	"strings"

	"parley/designation"
)

var (
	imoNumber = regexp.MustCompile(`(?i)\bIMO(?:\s*(?:number|no\.?|:))*\s*:?\s*(\d{7})\b`)
	vesselIn  = regexp.MustCompile(`(?i)\b(?:vessel|tanker|cargo ship|bulk carrier|ship|M/V|flag)\b`)
	companyIn = regexp.MustCompile(`(?i)\b(?:co|company|ltd|limited|corp|corporation|group|management|bank|trading|shipping|marine|maritime|international|lines?|services?|enterprise|agency|bureau|department|ministry|commission)\b`)
	formerly  = regexp.MustCompile(`\((?:formerly|previously) known as ([^()]{3,80})\)`)
)

// imo makes an identifier of an IMO number. Its seventh figure checks the other six: the sum of each times its weight 7 to 2 ends in it.
func imo(number string) designation.Identifier {
	id := designation.Identifier{Scheme: "IMO", Value: number}
	if len(number) != 7 || strings.Trim(number, "0123456789") != "" {
		id.Fault = "read " + number + "; expected seven figures"
		return id
	}
	sum := 0
	for i := range 6 {
		sum += int(number[i]-'0') * (7 - i)
	}
	if check := byte('0' + sum%10); check != number[6] {
		id.Fault = fmt.Sprintf("the check figure is %c; expected %c", number[6], check)
	}
	return id
}

// imoIn returns the IMO numbers that stand in a text.
func imoIn(text string) []designation.Identifier {
	out := []designation.Identifier{}
	for _, m := range imoNumber.FindAllStringSubmatch(text, -1) {
		out = append(out, imo(m[1]))
	}
	return out
}

// formerlyIn returns the names that a narrative says an entry bore before: "(formerly known as …)".
func formerlyIn(text string) []string {
	var out []string
	for _, m := range formerly.FindAllStringSubmatch(text, -1) {
		out = append(out, flat(m[1]))
	}
	return out
}
