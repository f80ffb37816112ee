package importers

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// A table as an office keeps it has more rows than those of its data:
//
//	1  滨河街道楼栋信息表                           a title
//	2  填表单位：鼓楼社区        日期：2020-11-01   labels
//	3  楼栋编号 | 小区 | 户数              | 层数   the head, in two rows: the columns are 楼栋编号, 小区, 户数 总数, 户数 其中常住, 层数
//	4           |      | 总数 | 其中常住   |
//	5  001      | 甲园 | 36   | 30         | 6      data
//	9  合计     |      | 212  | 180        |        a total
//	10 制表人：        审核人：                     labels again
//
// One piece of code finds the head for every kind of table. Where the first line names every column it is the head, and nothing is looked
// for; else each step below must be beyond doubt, and what was passed over is told. Where it is not, the file is refused, and Form.Head says
// which rows are the head.

// Head says which rows of a table name its columns: the first and the last, counted from 1. Its zero value leaves them to be found.
type Head struct{ First, Last int }

// HeadNamed reads "3" and "3:4". It returns a *Fault for anything else.
func HeadNamed(text string) (Head, error) {
	from, to, two := strings.Cut(strings.TrimSpace(text), ":")
	if !two {
		to = from
	}
	first, errFirst := strconv.Atoi(from)
	last, errLast := strconv.Atoi(to)
	if errFirst != nil || errLast != nil || first < 1 || last < first || last-first >= maxHead {
		return Head{}, &Fault{Key: "head.text", Args: words.Args{"text": Excerpt(text), "most": maxHead}}
	}
	return Head{first, last}, nil
}

// String writes a head as HeadNamed reads it, "" for the zero value.
func (h Head) String() string {
	switch {
	case h == Head{}:
		return ""
	case h.First == h.Last:
		return strconv.Itoa(h.First)
	}
	return strconv.Itoa(h.First) + ":" + strconv.Itoa(h.Last)
}

const (
	headWindow  = 30   // lines in which the head must be
	maxHead     = 4    // rows of a head
	maxColumns  = 1000 // columns of a table
	maxTold     = 20   // total rows that are told of one by one
	joinedNames = " "  // between the names of a head in several rows
)

// line is one line of a table, before it is known what it is. Cells behind the last are blank.
type line struct {
	n     int // row number, counted from 1
	cells []Value
}

// merged is a rectangle of cells that are one: row numbers from 1, columns from 0, both ends in it.
type merged struct{ top, left, bottom, right int }

// table is where lines come from.
type table struct {
	next   func() (line, error) // the next line that is not blank, whose cells are the caller's; io.EOF behind the last
	merges []merged             // by their top rows
	even   bool                 // every row must have as many cells as the head
}

// readTable reads the rows of a table below its head and calls each with every one of them.
func readTable(t *table, form Form, found *Found, each func(Row) error) error {
	head, err := t.findHead(form.Head, found)
	if err != nil {
		return err
	}
	names := head.names(t.merges)
	columns, fault := header(names, head.first())
	if fault != nil {
		return fault
	}
	columns.system = form.System
	if form.Geometry != nil && len(form.Geometry) == 0 {
		columns.lon = -1 // the numbers are wanted, not the place
	}
	for i, name := range columns.names {
		if i != columns.geometry && name != "" {
			found.Columns = append(found.Columns, name)
		}
	}
	body := newBody(t, head, names, found)
	taken := 0
	for {
		l, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		own := l
		l = body.spread(l)
		if body.passes(own) {
			continue
		}
		place := Place{Line: l.n}
		if t.even && len(l.cells) != len(names) {
			return &Fault{Key: "csv.ragged", Place: place}
		}
		if i := unnamed(names, l); i >= 0 {
			return &Fault{Key: "csv.unnamed", Args: words.Args{"n": i + 1, "text": Excerpt(l.cells[i].Text)}, Place: place}
		}
		body.add(l)
		taken++
		if err := each(columns.row(l.cells, place)); err != nil {
			return err
		}
	}
	if taken == 0 {
		return &Fault{Key: "file.no_rows"}
	}
	body.tell()
	return nil
}

// unnamed returns the first column without a name in which a line has something, -1 for none.
func unnamed(names []string, l line) int {
	for i, cell := range l.cells {
		if blankCell(cell) {
			continue
		}
		if i >= len(names) || names[i] == "" {
			return i
		}
	}
	return -1
}

func blankCell(v Value) bool { return strings.TrimSpace(v.Text) == "" }

func (l line) filled() (n int) {
	for _, cell := range l.cells {
		if !blankCell(cell) {
			n++
		}
	}
	return n
}

// text returns the text of a cell, empty beyond the last.
func (l line) text(column int) string {
	if column >= len(l.cells) {
		return ""
	}
	return strings.TrimSpace(l.cells[column].Text)
}

// heads are the lines of a head, in order.
type heads []line

func (h heads) first() int { return h[0].n }
func (h heads) last() int  { return h[len(h)-1].n }

// findHead returns the lines of the head: those said, else those found. What stands before is passed over and told.
func (t *table) findHead(said Head, found *Found) (heads, error) {
	if said != (Head{}) {
		return t.saidHead(said)
	}
	var window []line
	var ended error
	for len(window) < headWindow && ended == nil {
		l, err := t.next()
		if ended = err; err == nil {
			window = append(window, l)
		}
	}
	rest := t.next
	t.next = func() (line, error) { // what is left of the window, then what ended it, then the rest
		switch {
		case len(window) > 0:
			l := window[0]
			window = window[1:]
			return l, nil
		case ended != nil:
			return line{}, ended
		}
		return rest()
	}
	if len(window) == 0 {
		if errors.Is(ended, io.EOF) {
			return nil, &Fault{Key: "file.empty"}
		}
		return nil, ended
	}
	first, last := headIn(window, t.merges)
	if first < 0 {
		return nil, &Fault{Key: "head.none", Args: words.Args{"rows": window[len(window)-1].n}}
	}
	head := heads(window[first : last+1])
	if first > 0 || last > first {
		args := words.Args{"head": rowNumbers(head.first(), head.last()), "before": "0", "text": ""}
		if first > 0 {
			args["before"], args["text"] = rowNumbers(window[0].n, window[first-1].n), Excerpt(firstText(window[0]))
			found.note("note.head_below", args)
		} else {
			found.note("note.head", args)
		}
	}
	window = window[last+1:]
	return head, nil
}

// saidHead returns the lines of a head whose rows are said.
func (t *table) saidHead(said Head) (head heads, err error) {
	for {
		l, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil, &Fault{Key: "head.missing", Args: words.Args{"n": said.String()}}
		}
		if err != nil {
			return nil, err
		}
		if l.n > said.Last {
			rest, held := t.next, true
			t.next = func() (line, error) {
				if held {
					held = false
					return l, nil
				}
				return rest()
			}
			if head == nil {
				return nil, &Fault{Key: "head.missing", Args: words.Args{"n": said.String()}}
			}
			return head, nil
		}
		if l.n >= said.First {
			head = append(head, l)
		}
		if l.n == said.Last {
			return head, nil
		}
	}
}

// rowNumbers writes "3" or "3–4".
func rowNumbers(first, last int) string {
	if first == last {
		return strconv.Itoa(first)
	}
	return strconv.Itoa(first) + "–" + strconv.Itoa(last)
}

func firstText(l line) string {
	for i := range l.cells {
		if s := l.text(i); s != "" {
			return s
		}
	}
	return ""
}

// headIn returns the indexes of the first and the last line of the head, -1 where there is none beyond doubt.
//
//  1. The first line is the head where it has a text in every cell and is no label.
//  2. Else lines that are a title (one text) or labels, or have texts in fewer than half of the columns, are passed over.
//  3. The next line must be texts, no numbers, or there is no head.
//  4. It goes on into the lines that its merged cells reach into, and into one below a merged group or a gap (deepen).
func headIn(window []line, merges []merged) (first, last int) {
	width := 0
	for _, l := range window {
		width = max(width, l.filled())
	}
	for i, l := range window {
		n := filledWith(l, merges)
		switch {
		case isLabel(l):
			continue
		case i == 0 && l.filled() == len(l.cells) && (len(l.cells) > 1 || width == 1):
			return 0, deepen(window, 0, merges)
		case distinctTexts(l) == 1 && width > 1, 2*n < width:
			continue
		case hasNumber(l):
			return -1, -1
		}
		return i, deepen(window, i, merges)
	}
	return -1, -1
}

// filledWith returns how many cells of a line have a text, with those that are merged with one that has.
func filledWith(l line, merges []merged) int {
	n := l.filled()
	for _, m := range merges {
		if m.top == l.n && l.text(m.left) != "" {
			n += m.right - m.left
		}
	}
	return n
}

func distinctTexts(l line) int {
	texts := map[string]bool{}
	for i := range l.cells {
		if s := l.text(i); s != "" {
			texts[s] = true
		}
	}
	return len(texts)
}

// looksNumber are numbers and days, which name no column.
var looksNumber = regexp.MustCompile(`^-?[0-9][0-9,.]*%?$|^[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?$`)

func hasNumber(l line) bool {
	return slices.ContainsFunc(l.cells, func(v Value) bool { return v.Kind == Number || looksNumber.MatchString(unwide(v.Text)) })
}

// label are the words before a colon that stand round a table, not in it.
var label = regexp.MustCompile(`^(填表|填报|填写|制表|制作|编制|审核|审批|复核|核对|校对|负责|联系|经办|统计|上报|报送|单位|街道|乡镇|社区|盖章|公章|日期|时间|年月|截至|截止|数据来源|来源|备注|注|说明|电话|第)[^:：]{0,8}[:：]`)

// isLabel reports whether a line is labels such as 填表单位：…
func isLabel(l line) bool { return label.MatchString(firstText(l)) }

// deepen returns the index of the last line of the head that begins with a line.
func deepen(window []line, first int, merges []merged) int {
	last := first
	for last+1 < len(window) && last+1-first < maxHead {
		reaches := slices.ContainsFunc(merges, func(m merged) bool {
			return m.top >= window[first].n && m.top <= window[last].n && m.bottom >= window[last+1].n
		})
		if !reaches && !belowGroups(window, last, merges) {
			break
		}
		last++
	}
	return last
}

// belowGroups reports whether the line below one names the parts of its groups: it has texts and no numbers, each of them under a cell merged
// sideways, or under a gap or the cell left of one; and none of its blanks is under such a gap.
func belowGroups(window []line, i int, merges []merged) bool {
	upper, lower := window[i], window[i+1]
	if hasNumber(lower) || isLabel(lower) || lower.filled() == 0 {
		return false
	}
	across := make([]bool, max(len(upper.cells), len(lower.cells))+1)
	for _, m := range merges {
		if m.top <= upper.n && upper.n <= m.bottom && m.right > m.left {
			for c := m.left; c <= m.right && c < len(across); c++ {
				across[c] = true
			}
		}
	}
	gaps := 0
	for c := range len(across) - 1 {
		gap := upper.text(c) == "" && c > 0 && !across[c]
		if gap && lower.text(c) != "" {
			across[c], gaps = true, gaps+1
			if upper.text(c-1) != "" {
				across[c-1] = true
			}
		}
	}
	for c := range len(across) - 1 {
		if text := lower.text(c); text != "" && !across[c] || text == "" && across[c] && upper.text(c) == "" && len(merges) == 0 {
			return false
		}
	}
	return gaps > 0 || slices.Contains(across, true)
}

// names returns the names of the columns: what stands above each other, joined; empty for none. A cell that is merged names every column it
// reaches over, a gap above a text takes the name left of it.
func (h heads) names(merges []merged) []string {
	width := 0
	for _, l := range h {
		width = max(width, len(l.cells))
	}
	for _, m := range merges {
		if m.top >= h.first() && m.top <= h.last() {
			width = max(width, min(m.right+1, maxColumns))
		}
	}
	at := make([][]string, len(h))
	for i, l := range h {
		at[i] = make([]string, width)
		for c := range width {
			at[i][c] = cleanName(l.text(c))
		}
	}
	for _, m := range merges {
		top := slices.IndexFunc(h, func(l line) bool { return l.n == m.top })
		if top < 0 || m.left >= width {
			continue
		}
		for i := top; i < len(h) && h[i].n <= m.bottom; i++ {
			for c := m.left; c <= m.right && c < width; c++ {
				at[i][c] = at[top][m.left]
			}
		}
	}
	for i := range len(h) - 1 {
		for c := 1; c < width; c++ {
			if at[i][c] == "" && at[i+1][c] != "" {
				at[i][c] = at[i][c-1]
			}
		}
	}
	names := make([]string, width)
	for c := range names {
		var parts []string
		for i := range at {
			if s := at[i][c]; s != "" && (len(parts) == 0 || parts[len(parts)-1] != s) {
				parts = append(parts, s)
			}
		}
		names[c] = strings.Join(parts, joinedNames)
	}
	return names
}

var lineBreak = regexp.MustCompile(`\s*[\r\n]+\s*`)

// cleanName takes the line breaks out of a name: a blank is left of one between two Latin words, nothing between Chinese characters.
func cleanName(s string) string {
	pieces := lineBreak.Split(s, -1)
	name := pieces[0]
	for _, piece := range pieces[1:] {
		before, _ := utf8.DecodeLastRuneInString(name)
		after, _ := utf8.DecodeRuneInString(piece)
		if name != "" && piece != "" && max(before, after) < firstWide {
			name += " "
		}
		name += piece
	}
	return name
}

// firstWide is the first of the characters that are written without blanks between them: Chinese ones and their signs.
const firstWide = '\u2e80'

// body knows what the lines below a head are.
type body struct {
	found    *Found
	head     heads
	names    []string
	merges   map[int][]merged // by top row: those that reach down
	open     map[int]reaching // by column
	sums     []sum            // by column
	rows     int              // of data so far
	since    int              // of data since the last total
	early    []total          // totals that stand above what they add up
	told     int              // totals that were told of
	merged   int              // cells merged over several rows
	labels   []int            // row numbers of labels
	headings []int            // row numbers at which the head is repeated
	totals   []int            // row numbers of totals
}

// reaching is a cell merged over rows that are still to come.
type reaching struct {
	value  Value
	bottom int
}

// sum is what the cells of a column add up to.
type sum struct {
	all, since int64
	none       bool // not everything in it is a count
}

// total is a line that says sums.
type total struct {
	name string
	line line
}

func newBody(t *table, head heads, names []string, found *Found) *body {
	b := &body{found: found, head: head, names: names, merges: map[int][]merged{}, open: map[int]reaching{}, sums: make([]sum, len(names))}
	for _, m := range t.merges {
		if m.bottom > m.top {
			b.merges[m.top] = append(b.merges[m.top], m)
		}
	}
	return b
}

// spread returns the line with the values of cells that are merged over several rows in each of them. They are Merged, in the first row, too:
// a name holds for every row, a count for all of them together.
func (b *body) spread(l line) line {
	for c, r := range b.open {
		if r.bottom < l.n {
			delete(b.open, c)
		}
	}
	for _, m := range b.merges[l.n] {
		if text := l.text(m.left); text != "" {
			b.open[m.left] = reaching{Value{Merged, text}, m.bottom}
			b.merged++
		}
	}
	if len(b.open) > 0 {
		l.cells = slices.Clone(l.cells)
	}
	for c, r := range b.open {
		for len(l.cells) <= c {
			l.cells = append(l.cells, Value{})
		}
		l.cells[c] = r.value
	}
	return l
}

// passes reports whether a line is no row of data: labels, a total, the head once more.
func (b *body) passes(l line) bool {
	switch name := totalName(l); {
	case isLabel(l):
		b.labels = append(b.labels, l.n)
	case b.isHead(l):
		b.headings = append(b.headings, l.n)
	case name != "":
		b.totals = append(b.totals, l.n)
		b.compare(total{name, l})
	default:
		return false
	}
	return true
}

// isHead reports whether a line is one of the head's, or names the columns as they are called.
func (b *body) isHead(l line) bool {
	is := func(text func(int) string) bool {
		for c := range max(len(b.names), len(l.cells)) {
			if cleanName(l.text(c)) != text(c) {
				return false
			}
		}
		return true
	}
	for _, h := range b.head {
		if is(func(c int) string { return cleanName(h.text(c)) }) {
			return true
		}
	}
	return is(func(c int) string {
		if c < len(b.names) {
			return b.names[c]
		}
		return ""
	})
}

var totalWords = regexp.MustCompile(`(?i)^(.{0,20}(合计|总计|小计)|共计|总和|(grand |sub)?total|sum)[:：]?$`)

// totalName returns what a line of sums calls itself, empty for a line that is none: its first text says so.
func totalName(l line) string {
	for i := range l.cells {
		text := l.text(i)
		plain, _ := PlainNumber(text)
		if text == "" || plainDigits(plain) {
			continue
		}
		if name := strings.ReplaceAll(strings.ReplaceAll(text, "\u3000", ""), " ", ""); totalWords.MatchString(name) || totalWords.MatchString(text) {
			return name
		}
		return ""
	}
	return ""
}

// add adds up a row of data.
func (b *body) add(l line) {
	b.rows++
	b.since++
	for c := range b.sums {
		if c >= len(l.cells) || blankCell(l.cells[c]) {
			continue
		}
		n, is := wholeNumber(l.cells[c])
		if !is {
			b.sums[c].none = true
			continue
		}
		b.sums[c].all += n
		b.sums[c].since += n
	}
}

// wholeNumber returns a cell's count, if it is one that sums may be made of.
func wholeNumber(v Value) (n int64, is bool) {
	if v.Kind != Text && v.Kind != Number {
		return 0, false
	}
	plain, _ := PlainNumber(v.Text)
	n, err := strconv.ParseInt(strings.TrimSuffix(plain, ".0"), 10, 64)
	return n, err == nil && n < 1e12 && n > -1e12
}

// compare compares a line of sums with the rows above it: those since the last such line, or all. One above all rows waits for the end.
func (b *body) compare(t total) {
	if b.rows == 0 {
		b.early = append(b.early, t)
		return
	}
	b.differ(t)
	b.since = 0
	for c := range b.sums {
		b.sums[c].since = 0
	}
}

func (b *body) differ(t total) {
	for c, s := range b.sums {
		if c >= len(t.line.cells) || s.none || b.names[c] == "" {
			continue
		}
		said, is := wholeNumber(t.line.cells[c])
		if !is || said == s.all || said == s.since && b.since > 0 {
			continue
		}
		of := s.all
		if strings.Contains(t.name, "小计") && b.since > 0 {
			of = s.since
		}
		if b.told++; b.told <= maxTold {
			b.found.note("note.total_differs", words.Args{"n": strconv.Itoa(t.line.n), "total": Excerpt(t.name), "column": Excerpt(b.names[c]),
				"said": said, "sum": of, "by": said - of})
		}
	}
}

// tell notes what was passed over.
func (b *body) tell() {
	for _, t := range b.early {
		b.differ(t)
	}
	if more := b.told - maxTold; more > 0 {
		b.found.note("note.more_totals", words.Args{"n": more})
	}
	for _, passed := range []struct {
		key  string
		rows []int
	}{{"note.totals", b.totals}, {"note.labels", b.labels}, {"note.headings", b.headings}} {
		if len(passed.rows) > 0 {
			b.found.note(passed.key, words.Args{"n": len(passed.rows), "rows": someRows(passed.rows)})
		}
	}
	if b.merged > 0 {
		b.found.note("note.merged", words.Args{"n": b.merged})
	}
}

// someRows lists row numbers, the first of many.
func someRows(rows []int) []string {
	var texts []string
	for i, n := range rows {
		if i == maxTold {
			return append(texts, "…")
		}
		texts = append(texts, strconv.Itoa(n))
	}
	return texts
}

// columns are the names of a table's columns in order.
type columns struct {
	names    []string // empty for a column that has none, and nothing in it
	geometry int      // index of the geometry column, -1 for none
	lon, lat int      // indexes of the columns of a point's coordinates, -1 for none
	system   *crs.System
}
