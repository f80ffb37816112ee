package mapsheet

import "gridwright/plan/words"

// sentences are what sheets say of themselves.
var sentences = words.Table{
	"kind":       {"网格图", "Grid map"},
	"kind.whole": {"社区网格图", "Community grid map"},
	"scale":      {"比例尺 {scale}", "scale {scale}"},
	"code":       {"编码 {code}", "Code {code}"},
	"continued":  {"（续表）", "(continued)"},
	"draft":      {"草案", "DRAFT"},
	"synthetic":  {"演示数据，纯属虚构", "demonstration data, synthetic"},
	"bounds":     {"四至范围", "Four bounds (四至)"},
	"page":       {"第{page}页，共{pages}页", "page {page} of {pages}"},
	"missing":    {"字库缺字（以〓代替）：{characters}", "not in the font, shown as 〓: {characters}"},

	"legend":           {"图例", "Legend"},
	"legend.border":    {"网格界", "border of grids"},
	"legend.neighbour": {"相邻网格界", "neighbouring grids"},
	"legend.street":    {"道路", "street"},
	"legend.lane":      {"巷道", "lane"},
	"legend.railway":   {"铁路", "railway"},
	"legend.water":     {"水系", "water"},
	"legend.wall":      {"围墙", "wall"},
	"legend.green":     {"公园绿地", "park"},
	"legend.yard":      {"小区、院落", "compound"},
	"legend.house":     {"楼栋", "building"},

	"sign.office":   {"制图单位：", "Office:"},
	"sign.author":   {"制图：", "Drawn by:"},
	"sign.reviewer": {"审核：", "Reviewed by:"},
	"sign.approver": {"批准：", "Approved by:"},
	"sign.date":     {"日期：", "Date:"},

	"board.title":  {"{grid}公示牌", "{grid}: who is there for you"},
	"board.bounds": {"四至范围：", "Four bounds: "},
	"board.photo":  {"照片", "photo"},
	"vacant":       {"（空缺）", "(vacant)"},

	"kind.walk":           {"走线核实表", "Border walk"},
	"walk.how":            {"沿界线走一遍：与图一致的在方格内打勾；不一致的在备注栏写明应在何处。编号自东北角起按顺时针，短横线为分段处，孔洞排在最后。结果录入同一编号的表内。", "Walk the border: tick what is as drawn; where it is not, write in the remarks where it should run. Numbers begin at the north-east corner and go clockwise, ticks part the segments, holes come last. Results are entered under the same numbers."},
	"walk.list":           {"界线分段", "Segments of the border"},
	"walk.no":             {"编号", "No."},
	"walk.where":          {"走向与界物", "Where it runs"},
	"walk.length":         {"长度（m）", "Length (m)"},
	"walk.ok":             {"一致", "As drawn"},
	"walk.remark":         {"备注", "Remarks"},
	"walk.total":          {"合计", "Total"},
	"walk.sign.walker":    {"走线人：", "Walked by:"},
	"walk.sign.community": {"社区（盖章）：", "Community:"},
	"walk.sign.neighbour": {"相邻网格（社区）：", "Neighbouring grid:"},
	"walk.sign.day":       {"走线日期：", "Walked on:"},

	"approval":      {"审图号：{number}", "map approval no. (审图号): {number}"},
	"approval.open": {"审图号：____________________", "map approval no. (审图号): ____________________"},

	"stamp.plan":      {"方案{id}《{plan}》修订{revision}", "plan {id} ({plan}), revision {revision}"},
	"stamp.draft":     {"草案，未发布", "draft, not published"},
	"stamp.effective": {"{day}起生效", "in force from {day}"},
	"stamp.data":      {"数据日期{day}", "data of {day}"},
	"stamp.hash":      {"校验{hash}", "hash {hash}"},
	"stamp.crs":       {"2000国家大地坐标系", "CGCS2000"},
	"stamp.between":   {" · ", " · "},
}
