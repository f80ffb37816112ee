package groundwork

import "gridwright/plan/words"

// Sentences holds every sentence of this package, first in Chinese, then in English. Keys are stable: reports name them.
var Sentences = words.Table{
	"no_areas":      {"{scope}之内没有社区，也没有大网格：请先导入community或large_grid", "{scope} holds no community and no large grid: import the layer community or large_grid first"},
	"no_boundaries": {"{scope}之内的区划都没有边界（{codes}）：请导入带几何图形的区划", "no area in {scope} has a boundary ({codes}): import the areas with their shapes"},
	"no_raw":        {"{scope}一带（{at}起）没有原始图层：请先导入road、water、building等图层", "there is no raw ground round {scope} (from {at} on): import layers such as road, water and building first"},
	"nothing_left":  {"{scope}之内没有生成任何地块：区划的边界互相重叠，或小得没有面积", "no block came out of {scope}: its areas lie on top of each other, or are so small that they have no ground"},
	"does_not_fit":  {"{scope}的地块与相邻区划现有的地块不相合（{n}处）：{why}。请把相邻区划一并重新生成，如--scope all。什么也没有存", "the blocks of {scope} do not fit the blocks that stand beside it, in {n} places: {why}. Build the areas beside it along, as with --scope all. Nothing was stored"},

	"stage.read":     {"正在读取原始图层", "reading the raw layers"},
	"stage.coverage": {"正在核对区划边界", "fitting the areas together"},
	"stage.sectors":  {"正在划分地块：{done}/{total}", "making blocks: {done} of {total} areas"},
	"stage.joining":  {"正在拼合并核验", "joining and checking"},
	"stage.store":    {"正在存入{total}个地块", "storing {total} blocks"},

	"refused.scope_too_large": {"{scope}跨度超过10度，{at}处的区划{codes}离其余太远：可能坐标有误，或请分开生成。什么也没有存", "{scope} reaches over more than 10 degrees: area {codes} at {at} is too far from the rest. Its coordinates may be wrong; else build in parts. Nothing was stored"},
	"refused.tangled":         {"{scope}不能生成地块：{at}处的线纠缠交叉太多，请检查那里的边界和道路。什么也没有存", "{scope} cannot be built: the lines near {at} cross too often; look at the boundaries and roads there. Nothing was stored"},

	"note.plan":  {"方案“{name}”（{plan}）所用的地块有{n}个不再存在；它仍按原来的底图保留", "{n} of the blocks of plan \"{name}\" ({plan}) end; it stays on the ground it was made on"},
	"note.kinds": {"指标{measure}有{n}种口径：每栋楼、每个小区只取一种，常住优先，其次户籍、入住、未写明口径的", "{measure} were counted in {n} kinds: of each building and compound one is taken, resident before registered, occupied and unstated"},

	"repair.gap":         {"{at}处的缝隙（{area}平方米）划给{to}", "a gap at {at} ({area} m²) was given to {to}"},
	"repair.overlap":     {"{from}在{at}处互相重叠（{area}平方米），划给{to}", "{from} overlapped at {at} ({area} m²): given to {to}"},
	"repair.crumb":       {"{from}在{at}处的零星小块（{area}平方米）划给{to}", "a scrap of {from} at {at} ({area} m²) was given to {to}"},
	"repair.conflated":   {"{at}处的边界移到旁边的道路或河流上，{area}平方米由{from}改属{to}", "the border at {at} was laid on the road or river beside it: {area} m² went from {from} to {to}"},
	"repair.grazed":      {"{at}处的边界绕过楼栋{building}，{area}平方米由{from}改属{to}", "the border at {at} now goes round building {building}: {area} m² went from {from} to {to}"},
	"repair.grazed.edge": {"{at}处的边界绕过紧贴边界的楼栋{building}，{to}增加{area}平方米，原不属于任何区划", "the border at {at} now goes round building {building}, which stands flush with it: {area} m² that nobody claimed went to {to}"},
	"repair.accepted":    {"{at}处的边界按规划人员的决定绕过楼栋{building}，{area}平方米由{from}改属{to}", "the border at {at} goes round building {building} as a planner decided: {area} m² went from {from} to {to}"},
	"repair.ruled":       {"{at}处的{area}平方米按规划人员的决定归{to}", "{area} m² at {at} are {to}'s, as a planner decided"},

	"finding.gap":              {"{codes}之间有空隙（{at}处，{area}平方米），不属于任何区划，没有地块", "there is a gap by {codes} at {at}, {area} m², that belongs to no area and has no block"},
	"finding.overlap":          {"{codes}互相重叠（{at}处，{area}平方米），暂归{first}", "{codes} overlap at {at}, {area} m²: counted to {first} until somebody decides"},
	"finding.vanished":         {"区划{first}（{at}处）没有剩下任何面积：它被别的区划盖住，或边界有误", "nothing is left of area {first} (at {at}): others cover it, or its boundary is wrong"},
	"finding.crosses_above":    {"大网格{first}主要在{second}，但跨入别的社区（{others}，{at}处，{area}平方米）：可在社区界处切开，或把这一片改属，或作为片区保留、以社区为准", "large grid {first} lies mostly in {second}, but reaches into another community ({others}) at {at}, {area} m²: cut it at the border of the communities, give the piece to another, or keep it as a district and split by communities"},
	"finding.straddler":        {"楼栋{first}（{at}处）跨在{second}与{others}的边界上，暂计入{second}", "building {first} (at {at}) stands across the border of {second} and {others}; it is counted in {second} until somebody decides"},
	"finding.straddler.edge":   {"楼栋{first}（{at}处）伸出{second}的边界，外面不属于任何区划；计入{second}", "building {first} (at {at}) stands across the border of {second}, beyond which nobody's ground lies; it is counted in {second}"},
	"finding.building_outside": {"楼栋{first}（{at}处）不在任何区划之内，没有计入", "building {first} (at {at}) lies in no area and is counted nowhere"},
	"finding.duplicate":        {"楼栋{codes}占同一块地（{at}处），可能重复", "buildings {codes} stand on one footprint at {at}: is one of them there twice?"},
	"finding.oversized":        {"{first}的地块{block}（{at}处，{area}平方米，{buildings}栋楼，{load}）过大，无法再分", "block {block} of {first} at {at} ({area} m², {buildings} buildings, {load}) is too large and could not be divided"},
	"finding.sliver":           {"{first}有一个狭小地块（{at}处，{area}平方米）无法并入相邻地块", "a sliver of {first} at {at}, {area} m², could not be merged with a neighbour"},
	"finding.apart":            {"{first}有一片（{at}处，{area}平方米，{n}个地块）与其余不相连", "a piece of {first} at {at} ({area} m², {n} blocks) does not touch the rest"},
	"finding.compound_cut":     {"小区{first}（{at}处）被分在{n}个地块", "compound {first} (at {at}) lies in {n} blocks"},
	"finding.no_lines":         {"{first}（{at}处）之内没有道路、河流等可作界线，地块按楼群或六边形划分", "there are no roads, rivers or other lines in {first} (at {at}): its blocks are groups of buildings or hexagons"},
	"finding.no_ground":        {"小区{first}（{at}处）不在任何区划之内，其计数没有计入", "compound {first} (at {at}) lies in no area and its counts are counted nowhere"},
	"finding.building_cut":     {"楼栋{first}（{at}处）略微伸出所在地块，没能完整地留在一个地块", "building {first} (at {at}) sticks out of its block by a hair: it could not be kept whole in it"},
	"finding.scope_too_large":  {"范围过大（{at}处）", "the scope is too large (at {at})"},
	"finding.tangled":          {"{at}处的线交叉太多", "the lines at {at} cross too often"},
	"finding.unknown_above":    {"{first}（{at}处）写明的上级{second}不在库中", "{second}, in which {first} (at {at}) should lie, is not there"},
	"finding.unknown_move":     {"规划人员的决定（{codes}，{at}处）对不上现在的楼栋、区划或边界，没有执行", "a planner's decision ({codes}, at {at}) fits no building, area or border that is there now, and was not carried out"},
	"finding.unknown_compound": {"楼栋{first}（{at}处）所属的小区{second}不在库中", "compound {second} of building {first} (at {at}) is not there"},

	"finding.undrawn":              {"区划{first}没有边界，没有生成地块（范围自{at}起）", "area {first} has no boundary, so it got no blocks (the scope begins at {at})"},
	"finding.counted_twice":        {"小区{first}（{at}处）及其楼栋都有{measure}，已相加；若指同一批，请去掉其一", "both compound {first} (at {at}) and its buildings have {measure}; they were added up: take one away if they are the same"},
	"finding.organisation_outside": {"驻区单位{first}（{at}处）不在任何区划之内，没有计入", "organisation {first} (at {at}) lies in no area and is counted nowhere"},
}
