package main

import "gridwright/plan/words"

// groundSentences are what `gridwright ground` has to say.
var groundSentences = words.Table{
	"help_ground":         {"地块", "the ground: blocks"},
	"help_ground_build":   {"由已导入的区划、道路、水系、楼栋等生成地块", "makes blocks from the areas, roads, water, buildings and so on that were imported"},
	"help_ground_target":  {"一个网格大致多少户：地块超过其22%就继续分，分不开的列为问题；0按常例400户（没有户数时1000人），-1不限", "what a grid should hold: a block of more than 22 % of it is divided, or a finding. 0 is the usual 400 households (1,000 residents where those are not counted), -1 no limit"},
	"help_ground_dry_run": {"只试算并报告，什么也不存", "work everything out and report, but store nothing"},
	"help_ground_scope":   {"范围：all（全部）或一个区划代码", "all, or an area's code"},

	"ground_more_findings": {"  还有{n}个问题，见--json", "  and {n} more findings: --json has them all"},
	"ground_done": {"{scope}：{parents}个区划，{blocks}个地块（新{new}，变更{changed}，未变{unchanged}，撤销{retired}），用时{seconds}秒",
		"{scope}: {parents} areas, {blocks} blocks ({new} new, {changed} changed, {unchanged} unchanged, {retired} retired), {seconds} s"},
	"ground_would": {"试算，什么也没有存。{scope}：{parents}个区划，{blocks}个地块（新{new}，变更{changed}，未变{unchanged}，撤销{retired}），用时{seconds}秒",
		"a trial, nothing was stored. {scope}: {parents} areas, {blocks} blocks ({new} new, {changed} changed, {unchanged} unchanged, {retired} retired), {seconds} s"},
	"ground_buildings": {"  楼栋{buildings}栋，被切开{cut}栋，跨区划边界{across}栋；边界修整{repairs}处",
		"  {buildings} buildings, {cut} cut, {across} across a border of areas; {repairs} repairs of borders"},
	"ground_outside": {"  另有{measure}{sum}不在任何区划之内", "  {measure}: {sum} more lie in no area"},
}
