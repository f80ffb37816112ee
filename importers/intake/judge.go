package intake

import (
	"strconv"

	"gridwright/geo/crs"
	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// judge turns what the coverage says into refusals and findings: an overlap wider than a slip of the pen is two claims
// to one ground and refuses the file; a gap as wide may be a river; what was mended is noted. Places where no record
// takes part are old and were reported in their time, but for a stored block of which nothing would be left.
func (j *job) judge(c *coverage, found []topo.Finding) {
	for _, f := range found {
		codes := c.codes(j, f.Pieces)
		first := j.firstRecord(f.Pieces)
		if f.Kind == topo.Vanished {
			if first < 0 && j.refused() {
				continue // the overlap that covers it was told
			}
			j.refuse(j.placeOf(first), Refused{Code: codes[0], Key: "block.vanished"}, words.Args{"block": codes[0], "at": f.At.String()})
			continue
		}
		if first < 0 {
			continue
		}
		args := words.Args{"blocks": codes, "at": f.At.String(), "width": metres(f.Width), "area": squareMetres(f.Area)}
		if f.Kind == topo.Overlap && !f.Mended {
			j.refuse(j.placeOf(first), Refused{Code: j.records[first].code, Key: "block.overlap"}, args)
			continue
		}
		finding := Finding{Kind: f.Kind, Severity: plan.Warning, Blocks: codes, AreaM2: float64(f.Area), WidthM: float64(f.Width)}
		if f.Mended && f.To >= 0 {
			finding.Kind, finding.Severity = f.Kind+"_mended", plan.Note
			args["to"] = c.codes(j, []int32{f.To})[0]
		}
		j.find(finding, f.At, args)
	}
}

// firstRecord returns the first of the pieces that is a record, -1 if none is.
func (j *job) firstRecord(pieces []int32) int {
	for _, p := range pieces {
		if int(p) < len(j.records) {
			return int(p)
		}
	}
	return -1
}

// placeOf returns where a record stands, no place for -1.
func (j *job) placeOf(record int) importers.Place {
	if record < 0 {
		return importers.Place{}
	}
	return j.records[record].place
}

// codes returns the codes of pieces.
func (c *coverage) codes(j *job, pieces []int32) []string {
	codes := make([]string, len(pieces))
	for i, p := range pieces {
		if int(p) < len(j.records) {
			codes[i] = j.records[p].code
		} else {
			codes[i] = c.others[int(p)-len(j.records)].Code
		}
	}
	return codes
}

// metres writes a width to the centimetre, squareMetres an area to the tenth.
func metres(m crs.Metres) string             { return strconv.FormatFloat(float64(m), 'f', 2, 64) }
func squareMetres(a crs.SquareMetres) string { return strconv.FormatFloat(float64(a), 'f', 1, 64) }
