package intake

import "gridwright/plan/words"

// Sentences holds every sentence of this package, first in Chinese, then in English. Keys are stable: reports name them.
var Sentences = words.Table{
	"layer":           {"还不能导入图层“{layer}”；可以导入：{layers}", "the layer \"{layer}\" cannot be imported yet; these can: {layers}"},
	"refused":         {"{file}未导入，什么也没有存：有{n}处须先改正", "{file} was not imported and nothing was stored: {n} things must be put right first"},
	"file.missing":    {"没有文件{file}", "there is no file {file}"},
	"file.unreadable": {"文件{file}读不出来", "the file {file} cannot be read"},

	"map.no_field":    {"{layer}没有字段“{field}”；字段有：{fields}", "{layer} has no field \"{field}\"; its fields are: {fields}"},
	"map.no_column":   {"文件里没有列“{column}”；现有：{have}", "the file has no column \"{column}\"; there are: {have}"},
	"map.needed":      {"没有指明字段{field}取自哪一列（写--map {field}=列名）；现有：{have}", "no column for the field {field} (say --map {field}=COLUMN); there are: {have}"},
	"where.no_column": {"--where所写的列“{column}”文件里没有；现有：{have}", "--where names the column \"{column}\", which the file does not have; there are: {have}"},
	"where.nothing":   {"{n}行中没有一行符合--where", "none of the {n} rows fits --where"},
	"note.own_measure": {"“{measure}”不是系统自带的指标，按自定义指标导入",
		"{measure} is no measure known here; it was taken as one of your own"},
	"note.neighbours": {"别的上级区划中有{n}个相邻地块因边界新增拐点而换了新编号，代码与数量不变",
		"{n} neighbouring blocks of other parents got corners where new borders meet theirs, and with them new ids; codes and counts are as they were"},

	"code.empty":   {"没有代码", "the code is missing"},
	"code.twice":   {"代码{code}在文件中已经出现（{first}）", "the code {code} stands in the file already ({first})"},
	"code.taken":   {"代码{code}已是{parent}的地块，而文件没有提到{parent}", "the code {code} is a block of {parent} already, which the file does not name"},
	"text.nested":  {"字段{field}不是文字或数", "the field {field} is neither text nor a number"},
	"text.long":    {"字段{field}超过{most}字", "the field {field} is longer than {most} characters"},
	"text.damaged": {"字段{field}含有损坏的字符或控制字符：文件可能以错误的编码转存过", "the field {field} holds damaged or control characters: the file may have been converted from a wrong encoding"},

	"parent.empty":         {"没有写明所属的大网格", "its large grid is not given"},
	"parent.unknown.block": {"不属于任何大网格：没有代码为{parent}的大网格或社区", "it belongs to no large grid: there is no large grid or community with the code {parent}"},
	"parent.unknown.area":  {"上级区划{parent}还没有导入", "its parent {parent} is not there yet: import it first"},
	"parent.level.block":   {"{parent}是{levels}：地块只能属于大网格或社区", "{parent} is a {levels}: blocks lie in large grids or communities"},
	"parent.level.area":    {"{parent}是{levels}，不比本层级高", "{parent} is a {levels}, which is no higher level than this one"},
	"parent.ambiguous":     {"代码{parent}属于几个区划（{levels}），不知是哪一个", "the code {parent} belongs to several areas ({levels}): which one is meant cannot be told"},

	"shape.none":     {"没有面积：几何图形须是多边形", "it has no ground: its geometry must be a polygon"},
	"block.kind":     {"地块类别“{kind}”不认识；应为{kinds}之一或留空", "\"{kind}\" is no kind of block; leave it empty or give one of {kinds}"},
	"block.vanished": {"地块{block}（{at}处）过于细小，与相邻地块拼合后不剩面积", "block {block} (at {at}) is so small that nothing of it is left once it is fitted to its neighbours"},
	"block.overlap":  {"{blocks}互相重叠，{at}处宽{width}米、面积{area}平方米", "{blocks} overlap at {at}, {width} m wide, {area} square metres"},

	"count.empty":     {"{measure}是空的", "{measure} is empty"},
	"count.no_number": {"{measure}“{value}”不是数", "{measure}: \"{value}\" is no number"},
	"count.negative":  {"{measure}{value}是负数", "{measure}: {value} is negative"},
	"count.fraction":  {"{measure}{value}不是整数", "{measure}: {value} is no whole number"},
	"count.large":     {"{measure}{value}大得不合理", "{measure}: {value} is too large to be true"},

	"flaw.few_points":    {"有一条边界线不足三个不同的点（{at}处）", "a ring has fewer than three different points (at {at})"},
	"flaw.spike":         {"边界线有尖刺或没有面积（{at}处）", "a ring turns back on itself or has no area (at {at})"},
	"flaw.self_crossing": {"边界线自相交叉（{at}处）", "a ring crosses itself (at {at})"},
	"flaw.line_touch":    {"边界线与自身或另一条边界线重合了一段（{at}处）", "a ring runs along itself or along another ring (at {at})"},
	"flaw.hole_outside":  {"有一个洞不在外边界之内（{at}处）", "a hole does not lie in its polygon (at {at})"},
	"flaw.rings_cross":   {"洞与外边界或另一个洞相交（{at}处）", "a hole crosses its polygon's border or another hole (at {at})"},
	"flaw.parts_overlap": {"两个部分互相重叠（{at}处）", "two parts overlap (at {at})"},

	"finding.overlap_mended":  {"{blocks}略有重叠（{at}处，宽{width}米），已划给{to}", "{blocks} overlapped a little at {at} ({width} m wide); mended in favour of {to}"},
	"finding.gap_mended":      {"{blocks}之间略有缝隙（{at}处，宽{width}米），已划给{to}", "there was a small gap by {blocks} at {at} ({width} m wide); it was given to {to}"},
	"finding.gap":             {"{blocks}之间有空隙，{at}处宽{width}米、面积{area}平方米，不属于任何地块", "there is a gap by {blocks} at {at}, {width} m wide, {area} square metres, that belongs to no block"},
	"finding.multipart":       {"地块{block}分为{parts}部分（{at}处）", "block {block} is in {parts} parts (at {at})"},
	"finding.parent_mismatch": {"地块{block}多半在所属的{parent}画定的范围之外（{at}处）", "block {block} lies mostly outside the outline of its parent {parent} (at {at})"},
}
