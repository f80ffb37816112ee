package importers

import (
	"regexp"
	"strings"
)

var longNumber = regexp.MustCompile(`[0-9]{17}[0-9Xx]|[0-9]{11}`)

// IsPersonal reports whether a text holds the number of a mobile telephone or, with its check digit, of an identity card (GB 11643).
func IsPersonal(s string) bool {
	for _, n := range longNumber.FindAllString(s, -1) {
		if isOfPerson(n) {
			return true
		}
	}
	return false
}

// Hidden stands in a message for what is not told.
const Hidden = "***"

// hidePersonal puts Hidden where a text has a number that IsPersonal finds.
func hidePersonal(s string) string {
	return longNumber.ReplaceAllStringFunc(s, func(n string) string {
		if isOfPerson(n) {
			return Hidden
		}
		return n
	})
}

// isOfPerson reports whether 11 or 18 digits are the number of a mobile telephone or of an identity card.
func isOfPerson(n string) bool {
	return len(n) == 11 && n[0] == '1' && n[1] >= '3' || len(n) == 18 && identityDigit(n) == strings.ToUpper(n)[17]
}

// identityDigit returns the check digit of the first 17 (ISO 7064, MOD 11-2).
func identityDigit(n string) byte {
	sum := 0
	for _, d := range n[:17] {
		sum = (sum + int(d-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}
