package plan

import "strings"

// Committee is whose committee looks after a community.
type Committee string

// The committees.
const (
	UnsaidCommittee    Committee = ""          // the code does not say
	ResidentsCommittee Committee = "residents" // 居委会
	VillagersCommittee Committee = "villagers" // 村委会
)

// codeLength is how many digits the code of an area has in the family of GB/T 2260 and the statistical codes: two each for the region,
// the city and the county, three each for the subdistrict and the community.
var codeLength = map[Level]int{Region: 2, City: 4, County: 6, Subdistrict: 9, Community: 12}

// IsStatistical reports whether an area's code is one of that family for its level, be it filled up with noughts to twelve digits.
func IsStatistical(level Level, code string) bool {
	n := codeLength[level]
	return n > 0 && (len(code) == n || len(code) == 12 && strings.Trim(code[n:], "0") == "") && strings.Trim(code, "0123456789") == ""
}

// ParentCodes returns what the code of the area above may be by an area's own code, nearest first: 640502100002 lies in 640502100, else in
// 640502, 6405 and 64. It is empty for codes of another family.
func ParentCodes(level Level, code string) (codes []string) {
	if !IsStatistical(level, code) {
		return nil
	}
	for r := level.Rank() - 1; r >= 0; r-- {
		above := code[:codeLength[Levels[r]]]
		codes = append(codes, above)
		if len(code) == 12 && len(above) < 12 {
			codes = append(codes, above+strings.Repeat("0", 12-len(above)))
		}
	}
	return codes
}

// CommitteeOf returns whose committee a community's code says it has, by its last three digits: 001-199 residents', 200-399 villagers'.
// Names are not gone by: they say both words in every combination.
func CommitteeOf(code string) Committee {
	if !IsStatistical(Community, code) {
		return UnsaidCommittee
	}
	switch last := code[9:]; {
	case last >= "001" && last <= "199":
		return ResidentsCommittee
	case last >= "200" && last <= "399":
		return VillagersCommittee
	}
	return UnsaidCommittee
}
