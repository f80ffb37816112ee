package graphfile

import (
	"gridwright/plan/words"
)

// Fault is what is wrong with a graph file, and where: an error a user may read in either language.
type Fault struct {
	Key    string // of the sentence in Sentences
	File   string
	Line   int    // 1 is the header; 0 where the whole file is meant
	Column string // name of the column, "" where the whole line is meant
	Value  string // as it stands in the file, shortened
	Args   words.Args
	Cause  error
}

// Error returns the English sentence.
func (f *Fault) Error() string { return f.In(words.En) }

// Unwrap returns the cause, if there is one.
func (f *Fault) Unwrap() error { return f.Cause }

// In returns the sentence a user reads: the place, then what is wrong there.
func (f *Fault) In(l words.Lang) string {
	args := words.Args{"file": f.File, "line": f.Line, "column": f.Column, "value": f.Value}
	for name, v := range f.Args {
		args[name] = v
	}
	place := "place.file"
	switch {
	case f.Line > 0 && f.Column != "":
		place = "place.cell"
	case f.Line > 0:
		place = "place.line"
	}
	return Sentences.Say(l, place, args) + Sentences.Say(l, f.Key, args)
}

// shorten keeps a value fit for a message: no control characters, at most 40 characters.
func shorten(value string) string {
	const most = 40
	var out []rune
	for _, c := range value {
		if len(out) == most {
			return string(out) + "…"
		}
		if c < ' ' || c == 0x7f {
			c = '·'
		}
		out = append(out, c)
	}
	return string(out)
}

// Sentences holds what this package says of files, first in Chinese, then in English.
var Sentences = words.Table{
	"place.file": {"{file}：", "{file}: "},
	"place.line": {"{file}第{line}行：", "{file}, line {line}: "},
	"place.cell": {"{file}第{line}行{column}列：", "{file}, line {line}, column {column}: "},

	"empty":           {"文件是空的", "the file is empty"},
	"no_rows":         {"只有表头，没有一行数据", "there is a header and no row"},
	"unreadable":      {"读不下去：{cause}", "cannot be read on: {cause}"},
	"quotes":          {"引号不成对或位置不对", "a quote stands alone or in the wrong place"},
	"fields":          {"本行有{have}格，表头有{want}格", "the line has {have} fields and the header {want}"},
	"not_utf8":        {"不是UTF-8编码；请另存为UTF-8", "this is not UTF-8; save the file as UTF-8"},
	"nul":             {"编号里有NUL字符", "holds a NUL character"},
	"too_long":        {"一行超过{most}字节", "a line is longer than {most} bytes"},
	"missing_column":  {"没有“{wanted}”列；有：{have}", "there is no column \"{wanted}\"; there are: {have}"},
	"column_twice":    {"“{wanted}”列出现两次", "the column \"{wanted}\" stands there twice"},
	"no_measure":      {"没有指标“{wanted}”；可均衡的列：{have}", "there is no measure \"{wanted}\"; columns that may be balanced: {have}"},
	"blank":           {"是空的", "is blank"},
	"id_twice":        {"编号“{value}”在第{first}行已出现", "the id \"{value}\" is on line {first} already"},
	"not_a_number":    {"“{value}”不是数", "\"{value}\" is no number"},
	"negative":        {"“{value}”小于零", "\"{value}\" is less than zero"},
	"too_large":       {"“{value}”太大：至多{most}", "\"{value}\" is too large: at most {most}"},
	"unknown_node":    {"节点文件中没有“{value}”", "the nodes have no \"{value}\""},
	"no_barrier":      {"“{value}”不是阻隔；可写：{have}", "\"{value}\" is no barrier; there are: {have}"},
	"edge_twice":      {"“{a}”与“{value}”的边界在第{first}行已出现", "the border of \"{a}\" and \"{value}\" is on line {first} already"},
	"self_loop":       {"地块“{value}”与自己相邻", "the block \"{value}\" is joined to itself"},
	"too_many_blocks": {"地块超过{most}个", "there are more than {most} blocks"},
}
