package main

import "gridwright/plan/words"

// partitionSentences are what `gridwright partition` has to say, first in Chinese, then in English.
var partitionSentences = words.Table{
	"help_partition_nodes":     {"地块文件：列id，可有parent，其余为指标", "blocks: a CSV with id, parent if wanted, and columns of counts"},
	"help_partition_edges":     {"邻接文件：列a,b，可有shared_perimeter（米）和barrier（阻隔）", "borders: a CSV with a, b, and shared_perimeter in metres and barrier if known"},
	"help_partition_start":     {"划分的起点：列id,grid，如以前的结果或手画的网格；从它改进，不求少变", "a division to begin with: id, grid, such as an earlier result or one drawn by hand; it is improved and may change at will"},
	"help_partition_grids":     {"一共要多少个网格；有parent列时先分给各parent", "how many grids in all; with a column parent they are given out to the parents first"},
	"help_partition_band":      {"不写个数而写每格的区间，如pop=300:500；指标须在--balance之中", "a band for each grid instead of a number, such as pop=300:500; the measure is one of --balance"},
	"help_partition_balance":   {"要均衡的指标，可带权重，如pop,units:0.5", "measures to balance, with weights if wanted: pop,units:0.5"},
	"help_partition_tolerance": {"允差：0.05为5%；在允差之内求边界最短", "tolerance: 0.05 is 5 %; within it the border is made short"},
	"help_partition_border":    {"边界按长度（perimeter，有阻隔的按阻隔折算）还是按条数（edges）计；没有长度时按条数", "measure borders by perimeter (weighed by barrier where known) or by number of edges; by edges where no lengths are known"},
	"help_partition_seed":      {"种子：文件、条件、种子都相同，结果就相同", "seed: equal files, flags and seed give equal bytes"},
	"help_partition_effort":    {"每个parent的计算量（遍数）", "how long to search each parent, in sweeps over its blocks"},
	"help_partition_time":      {"时限，如10s；因此提前结束会说明", "cap on the run time, such as 10s; a result cut short says so"},
	"help_partition_out":       {"结果文件（id,parent,grid）", "file for the assignment (id,parent,grid)"},

	"partition_grids":          {"请写明要分成多少个网格（--grids N，至少1）或每格的区间（--band）", "say into how many grids (--grids N, at least 1) or give a band (--band)"},
	"partition_grids_and_band": {"--grids与--band只能写一个", "give either --grids or --band"},
	"partition_band_measure":   {"--band的指标“{measure}”不在--balance之中：{have}", "the measure {measure} of --band is not one of --balance: {have}"},
	"partition_tolerance":      {"--tolerance须在0到10之间，如0.05", "--tolerance must be from 0 to 10, such as 0.05"},
	"partition_budget":         {"--effort与--time不能为负", "--effort and --time cannot be negative"},
	"partition_balance":        {"“{text}”应写作 指标 或 指标:权重，权重为正数，不超过1,000,000", "\"{text}\" should read measure or measure:weight, the weight above zero and at most 1,000,000"},
	"partition_balance_twice":  {"指标“{measure}”写了两次", "the measure {measure} is named twice"},
	"partition_out":            {"--out与--json不能都写到标准输出", "--out and --json cannot both go to stdout"},
	"partition_too_few":        {"{grids}个网格太少：至少要{least}个，每个parent、每一片都须有1格", "--grids {grids} is too few: at least {least}, one for each parent and for each of its pieces that do not touch"},
	"partition_too_many":       {"{grids}个网格太多：只有{most}个地块", "--grids {grids} is too many: blocks to put in them: {most}"},
	"partition_no_lengths":     {"{file}没有shared_perimeter列，不能按长度计边界；请用--border edges", "{file} has no column shared_perimeter, so borders have no length; use --border edges"},
	"partition_full":           {"  {parents}的地块太少，分不下应得的网格，多出的给了别处", "  {parents}: too few blocks for their share of grids; the others got the rest"},
	"partition_done":           {"{parents}个parent分成{grids}个网格，用时{seconds}秒", "{parents} in {grids}, {seconds} s"},
	"partition_measure":        {"  {measure}合计{total}，每格平均{ideal}，最大偏差{worst}，至少{bound}", "  {measure}: {total} in all, {ideal} a grid on average, worst deviation {worst}, no less than {bound} possible"},
	"partition_within":         {"  全部在区间{min}–{max}之内", "  all within {min} to {max}"},
	"partition_outside":        {"  {outside}个网格在区间{min}–{max}之外，共差{load}，至少差{least}", "  {outside} outside {min} to {max}, by {load} in all, no less than {least} possible"},
	"partition_border":         {"  内部边界{edges}条，{metres}米", "  {edges} inside, {metres} m"},
	"partition_border_count":   {"  内部边界{edges}条", "  {edges} inside"},
	"partition_oversized":      {"  一块就超过每格平均数与允差的地块：{blocks}", "  blocks that alone are beyond the average and the tolerance: {blocks}"},
}
