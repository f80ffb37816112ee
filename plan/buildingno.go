package plan

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// BuildingNo is the number of a building within its compound as it is compared: "3" of 3号楼, 3幢, 03#, 三栋 and Ｎo.3; "A3" of A3座;
// "甲2" of 甲2号楼. It is empty for none.
type BuildingNo string

// maxRange is how many buildings one row or address may name at most: more are a slip of the pen.
const maxRange = 200

// The parts of a building's number. A suffix says that it is a building; 号 alone is said of houses along a street, too, and counts only
// where nothing but a building's number can stand.
var (
	numberSuffix = `(?:号楼|#楼|号栋|号幢|号座|幢楼|栋楼|幢|栋|座|楼|#)`
	numberWord   = `(?:[甲乙丙丁东西南北中]?[A-Z]?[0-9]{1,4}[A-Z]?|[甲乙丙丁东西南北中]?[A-Z])`
	chineseNo    = `[零〇一二三四五六七八九十百]{1,6}`
	between      = `(?:-|~|至|到)`
	beside       = `[、,，;；和及/]`

	inAddress = regexp.MustCompile(`^(.*?)(?:第|NO\.?)?((?:` + numberWord + `|` + chineseNo + `)` + numberSuffix + `?(?:(?:` + between + `|` + beside + `)` +
		`(?:第|NO\.?)?(?:` + numberWord + `|` + chineseNo + `)` + numberSuffix + `?)*)$`)
	ends      = regexp.MustCompile(`^(?:第|NO\.?)?(` + numberWord + `|` + chineseNo + `)` + `(?:` + numberSuffix + `|号)?$`)
	suffixed  = regexp.MustCompile(numberSuffix + `$`)
	lettered  = regexp.MustCompile(`^([甲乙丙丁东西南北中]?[A-Z]?)([0-9]+)([A-Z]?)$`)
	listMarks = regexp.MustCompile(beside)
	dashes    = regexp.MustCompile(between)
)

// PlainAddress returns an address as it is compared: full-width letters, digits and signs as narrow ones, capitals, every kind of dash as
// "-", no white space.
func PlainAddress(s string) string {
	s = strings.ToUpper(width.Narrow.String(s))
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u3000', '\u200b', '\ufeff':
			return -1
		case '–', '—', '‐', '‑', '−', '－', '─':
			return '-'
		case '､':
			return '、'
		case '～', '〜', '∼':
			return '~'
		case '＃', '♯':
			return '#'
		case '棟':
			return '栋'
		case '號':
			return '号'
		case '樓':
			return '楼'
		}
		return r
	}, s)
}

// SplitAddress takes an address that ends in a building's number, or in several ("1-10幢", "1#、3#"), apart: what stands before, as
// PlainAddress writes it, and the numbers in order, each once. It reports whether the address ends so; one that goes on to a stair unit or a
// room does not, nor does a mere house number.
func SplitAddress(address string) (before string, numbers []BuildingNo, ok bool) {
	plain := PlainAddress(address)
	if !suffixed.MatchString(plain) {
		return "", nil, false
	}
	m := inAddress.FindStringSubmatch(plain)
	if m == nil {
		return "", nil, false
	}
	before, rest := m[1], m[2]
	for before != "" && isLatin(before[len(before)-1]) && isLatin(rest[0]) { // GARDEN3号楼 is no building N3
		before, rest = before+rest[:1], rest[1:]
	}
	if numbers = buildingNumbers(rest); numbers == nil {
		return "", nil, false
	}
	return before, numbers, true
}

// BuildingNumbers reads a text that is nothing but a building's number, or several, as a column 楼号 has them: "3", "03号", "三号楼", "1-10幢",
// "1、2、5". A bare "3-1" may be a range or a stair unit; it is taken as neither. It returns none for what it cannot read.
func BuildingNumbers(text string) []BuildingNo {
	plain := PlainAddress(text)
	if dashes.MatchString(plain) && !suffixed.MatchString(plain) {
		return nil
	}
	return buildingNumbers(plain)
}

// buildingNumbers reads a list of numbers and ranges that is plain already.
func buildingNumbers(plain string) (numbers []BuildingNo) {
	for _, part := range listMarks.Split(plain, -1) {
		from, to, isRange := cutRange(part)
		first, firstOK := oneNumber(from)
		if !isRange {
			if !firstOK {
				return nil
			}
			numbers = append(numbers, first)
			continue
		}
		last, lastOK := oneNumber(to)
		a, errA := strconv.Atoi(string(first))
		b, errB := strconv.Atoi(string(last))
		if !firstOK || !lastOK || errA != nil || errB != nil || a >= b || b-a >= maxRange {
			return nil
		}
		for n := a; n <= b; n++ {
			numbers = append(numbers, BuildingNo(strconv.Itoa(n)))
		}
	}
	if len(numbers) > maxRange {
		return nil
	}
	slices.SortFunc(numbers, CompareBuildingNos)
	return slices.Compact(numbers)
}

func isLatin(b byte) bool { return 'A' <= b && b <= 'Z' }

func cutRange(part string) (from, to string, isRange bool) {
	at := dashes.FindStringIndex(part)
	if at == nil {
		return part, "", false
	}
	return part[:at[0]], part[at[1]:], true
}

// oneNumber reads one number with or without a suffix.
func oneNumber(plain string) (BuildingNo, bool) {
	m := ends.FindStringSubmatch(plain)
	if m == nil {
		return "", false
	}
	if n, is := fromChinese(m[1]); is {
		return BuildingNo(strconv.Itoa(n)), n > 0
	}
	parts := lettered.FindStringSubmatch(m[1])
	if parts == nil {
		return BuildingNo(m[1]), true // letters alone
	}
	digits := strings.TrimLeft(parts[2], "0")
	return BuildingNo(parts[1] + digits + parts[3]), digits != ""
}

// fromChinese reads a number from 1 to 999 written in Chinese: 十二, 二十三, 一百零五, and digit by digit 一二.
func fromChinese(s string) (n int, is bool) {
	digits := map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	last, pending, spelt := 0, false, true
	for _, r := range s {
		d, isDigit := digits[r]
		switch {
		case isDigit && pending && last != 0:
			last = 10*last + d
		case isDigit:
			last, pending = d, true
		case r == '十' || r == '百':
			unit := map[rune]int{'十': 10, '百': 100}[r]
			if !pending {
				last = 1
			}
			n, last, pending, spelt = n+last*unit, 0, false, false
		default:
			return 0, false
		}
	}
	return n + last, s != "" && (spelt || n+last < 1000)
}

// CompareBuildingNos orders numbers as people do: 2 before 10, those without letters first.
func CompareBuildingNos(a, b BuildingNo) int {
	x, y := lettered.FindStringSubmatch(string(a)), lettered.FindStringSubmatch(string(b))
	if x == nil || y == nil {
		return cmp.Or(cmp.Compare(btoi(x == nil), btoi(y == nil)), cmp.Compare(a, b))
	}
	return cmp.Or(cmp.Compare(x[1], y[1]), cmp.Compare(len(x[2]), len(y[2])), cmp.Compare(x[2], y[2]), cmp.Compare(x[3], y[3]))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
