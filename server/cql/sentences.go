package cql

import "gridwright/plan/words"

// Sentences are why a filter cannot be read.
var Sentences = words.Table{
	"syntax":   {"过滤条件在第{at}个字节处读不懂：“{text}”", "the filter cannot be read at byte {at}: \"{text}\""},
	"end":      {"过滤条件不完整", "the filter ends too early"},
	"json":     {"过滤条件不是CQL2 JSON：“{text}”", "the filter is no CQL2 JSON: \"{text}\""},
	"args":     {"“{op}”应有{n}个参数", "\"{op}\" takes this many arguments: {n}"},
	"op":       {"没有“{op}”这个运算", "there is no operation \"{op}\""},
	"large":    {"过滤条件太大：至多{parts}个部分，至多{depth}层", "the filter is too large: it may have {parts} parts, {depth} deep"},
	"property": {"没有“{name}”这个属性；有：{names}", "there is no property \"{name}\"; there are: {names}"},
	"text":     {"文字里有不能有的字符：“{text}”", "a text holds characters that none may have: \"{text}\""},
	"number":   {"“{text}”不是数", "\"{text}\" is no number"},
	"kind":     {"这里应是{want}，不是{is}", "here stands {is} where {want} should"},
	"order":    {"是非值只能比较相等", "true and false can be compared for equality alone"},
	"casei":    {"CASEI只能用于一个属性和一段文字的相等或不等比较，以及LIKE", "CASEI is for a property that is compared with a text for equality, and for LIKE"},
	"like":     {"LIKE比较一个文字属性和一段写明的样式", "LIKE compares a property that is a text with a pattern that is written out"},
	"pattern":  {"样式至多{most}个字节", "a pattern has {most} bytes at most"},
	"null":     {"IS NULL只能用于属性", "IS NULL is for properties"},
	"places":   {"空间关系的一边是属性“{name}”，另一边是写明的图形", "a spatial relation has the property \"{name}\" on one side and a place that is written out on the other"},
	"box":      {"BBOX应是西、南、东、北四个数", "BBOX takes west, south, east and north"},
	"geometry": {"图形读不懂：{why}", "the place cannot be read: {why}"},
	"place":    {"图形应是一个点、线或面", "a place is one point, lines or polygons"},
	"corners":  {"图形至多{most}个点", "a place has {most} points at most"},
	"crossed":  {"图形的边界有交叉或重复（{at}处）", "the outline of a place crosses or repeats itself (at {at})"},

	"kind.text":   {"文字", "a text"},
	"kind.number": {"数", "a number"},
	"kind.truth":  {"是非值", "true or false"},
}
