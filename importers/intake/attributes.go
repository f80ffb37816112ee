package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// maxAttributes is how many bytes a feature's attributes may have.
const maxAttributes = 16 << 10

// others returns what a row says in columns that belong to no field. Columns about persons are none of them, nor is any value that is the number
// of an identity card or of a telephone, whatever its column is called.
func (j *job) others(r importers.Row) map[string]string {
	others := map[string]string{}
	for column, v := range r.Values {
		text := strings.TrimSpace(v.Text)
		switch {
		case text == "" || v.Kind == importers.Broken || personalColumn.MatchString(column) || j.takes(column):
		case importers.IsPersonal(text):
			j.withheld++
		default:
			others[column] = text
		}
	}
	return others
}

// takes reports whether a field comes from a column.
func (j *job) takes(column string) bool {
	for _, f := range j.fields {
		if f.constant == nil && f.column == column {
			return true
		}
	}
	return false
}

// attributes returns what is kept of a row's columns that belong to no field.
func (c *checker) attributes() map[string]string {
	size := 0
	for column, text := range c.rest {
		size += len(column) + len(text)
		if strings.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError || r == 0 || unicode.IsControl(r) && !unicode.IsSpace(r) }) {
			c.refuse(column, text, "text.damaged", words.Args{"field": importers.Excerpt(column)})
		}
	}
	if size > maxAttributes {
		c.refuse("", "", "attributes.large", words.Args{"n": size, "most": maxAttributes})
	}
	return c.rest
}

// keepsColumns reports whether the order can keep columns that belong to no field: only features of the raw ground have attributes.
func (j *job) keepsColumns() bool { return plan.Layer(j.Layer).Rank() >= 0 }
