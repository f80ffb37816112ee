package mapsheet

import (
	"strings"
	"unicode"
)

// Numbers returns what a sheet calls buildings, by code: the name or number of those that have one, of the others as many of the last
// signs of their codes as tell them apart, at least three. So a register that lists codes finds them.
func Numbers(named map[string]string) map[string]string {
	numbers := make(map[string]string, len(named))
	var nameless []string
	for code, name := range named {
		if name != "" {
			numbers[code] = name
		} else {
			nameless = append(nameless, code)
		}
	}
	longest := 0
	for _, code := range nameless {
		longest = max(longest, len(code))
	}
	call := func(code string) string { return code }
	for n := 3; n <= longest; n++ {
		of := map[string]bool{}
		for _, code := range nameless {
			of[tail(code, n)] = true
		}
		if len(of) == len(nameless) {
			call = func(code string) string { return tail(code, n) }
			break
		}
	}
	for _, code := range nameless {
		numbers[code] = call(code)
	}
	return numbers
}

// tail returns the last so many signs of a code, from a letter or a digit on.
func tail(code string, n int) string {
	signs := []rune(code)
	return strings.TrimLeftFunc(string(signs[max(0, len(signs)-n):]), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
