package report

import "gridwright/plan/words"

// sentences are what reports say of themselves; measures, verdicts and findings are said by package plan.
var sentences = words.Table{
	"kind":   {"没有“{kind}”这种报表；现有：T1", "there is no report \"{kind}\"; there is: T1"},
	"format": {"报表{kind}没有“{format}”格式；现有：{formats}", "report {kind} cannot be had as \"{format}\"; as: {formats}"},

	"t1.title":          {"网格一览表", "List of grids"},
	"synthetic":         {"演示数据，纯属虚构", "demonstration data, synthetic"},
	"pages":             {"第 &P 页，共 &N 页", "page &P of &N"},
	"group.place":       {"所在区划", "Area"},
	"group.grid":        {"网格", "Grid"},
	"group.counts":      {"数量", "Counts"},
	"group.balance":     {"均衡情况", "Balance"},
	"no":                {"序号", "No."},
	"parent":            {"大网格", "Large grid"},
	"parent.code":       {"大网格编码", "Large grid code"},
	"grid.name":         {"网格名称", "Grid"},
	"grid.code":         {"网格编码", "Grid code"},
	"blocks":            {"地块数", "Blocks"},
	"area":              {"面积（m²）", "Area (m²)"},
	"deviation":         {"{measure}偏差", "{measure}: deviation"},
	"words":             {"评价", "Verdict"},
	"remarks":           {"备注", "Remarks"},
	"unassigned":        {"未划入", "unassigned"},
	"unassigned.remark": {"尚未划入任何网格的地块", "blocks that are in no grid"},
	"total":             {"合计（{grids}个网格）", "Total ({grids} grids)"},

	"stamp.plan":     {"方案", "Plan"},
	"stamp.revision": {"修订号", "Revision"},
	"stamp.data":     {"数据日期", "Data date"},
	"stamp.recipe":   {"划分条件", "Recipe"},
	"stamp.effort":   {"计算量", "Effort"},
	"stamp.base":     {"变动", "Change"},
	"stamp.seed":     {"种子", "Seed"},
	"stamp.solver":   {"求解器", "Solver"},
	"stamp.source":   {"数据来源", "Source"},
	"recipe":         {"范围：{scope}；{wanted}；均衡：{balance}；允差{tolerance}", "scope: {scope}; {wanted}; balanced: {balance}; tolerance {tolerance}"},
	"recipe.all":     {"全域", "everything"},
	"recipe.grids":   {"共{grids}个网格", "{grids} grids in all"},
	"recipe.band":    {"每格{measure}{min}-{max}", "{min}-{max} {measure} a grid"},

	"effort":           {"每个大网格{sweeps}遍", "{sweeps} sweeps for each large grid"},
	"effort.cancelled": {"改进中途停止，用的是当时最好的结果", "stopped while it was being improved: the best plan found by then"},
	"effort.time":      {"时限{seconds}秒，到时停止", "stopped after {seconds} s, the cap on the time"},
	"base":             {"以方案{plan}（修订号{revision}）为基础，最多变动{most}，实际变动{changed}", "from plan {plan}, revision {revision}: at most {most} may change grid, {changed} did"},

	"sign.office":   {"制表单位：", "Office:"},
	"sign.author":   {"制表人：", "Prepared by:"},
	"sign.reviewer": {"审核人：", "Reviewed by:"},
	"sign.date":     {"日期：", "Date:"},
}
