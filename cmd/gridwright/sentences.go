package main

import (
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"gridwright/importers/graphfile"
	"gridwright/plan/words"
	"gridwright/sql/postgis/cluster"
)

// speaking is an error that can be said in both languages.
type speaking interface {
	error
	words.Speaker
}

// wording says an error in the user's language; what is meant for no user comes as the program says it.
func wording(err error, l words.Lang) string {
	if refusal, ok := errors.AsType[*cluster.Refusal](err); ok {
		return refusalWords(refusal, l)
	}
	if text, ok := unreachable(err, l); ok {
		return text
	}
	if fault, ok := errors.AsType[*graphfile.Fault](err); ok && fault.Cause != nil {
		if text, ok := machineWords(fault.Cause, l); ok {
			return text
		}
	}
	if s, ok := errors.AsType[speaking](err); ok {
		return s.In(l)
	}
	if text, ok := machineWords(err, l); ok {
		return text
	}
	return err.Error()
}

// refusalWords says why a data directory is refused.
func refusalWords(r *cluster.Refusal, l words.Lang) string {
	return sentences.Say(l, "data."+string(r.Key), words.Args{"dir": r.Dir, "place": r.Place, "user": r.User, "owner": r.Owner,
		"have": r.Have, "installed": r.Installed, "packages": r.Packages, "limit": r.Limit})
}

// helps returns the help texts of a language as kong's variables.
func helps(l words.Lang) kong.Vars {
	vars := kong.Vars{}
	for key := range sentences {
		if strings.HasPrefix(key, "help_") {
			vars[key] = sentences.Say(l, key, nil)
		}
	}
	return vars
}

// sentences are what the command line has to say, first in Chinese, then in English.
var sentences = merge(commandSentences, groundSentences, partitionSentences, machineSentences, settingsSentences)

func merge(tables ...words.Table) words.Table {
	all := words.Table{}
	for _, table := range tables {
		for key, sentence := range table {
			all[key] = sentence
		}
	}
	return all
}

var commandSentences = words.Table{
	"help":                      {"把城市社区划分成网格：导入、提出方案、在地图上调整、出报表。", "Divides a city's communities into grids: import, propose, adjust on a map, report."},
	"help_help":                 {"显示说明", "shows this help"},
	"help_config":               {"JSON配置文件；命令行参数优先", "JSON file with settings; flags win"},
	"help_lang":                 {"提示语言：zh或en；默认随系统", "language of messages: zh or en; by the locale if not given"},
	"help_data":                 {"数据目录：在其中建立并运行专用的PostGIS", "data directory: a private PostGIS is made and run there"},
	"help_database":             {"改用已有的PostgreSQL服务器", "use this PostgreSQL server instead"},
	"help_listen":               {"监听地址；尚无登录，只能是本机", "address to listen on; there is no sign-in yet, so loopback only"},
	"help_deliver_to":           {"可以向其推送的内部网络，如10.20.0.0/16；可重复，或用逗号分隔", "private network that changes may be delivered to, such as 10.20.0.0/16; may be repeated or listed with commas"},
	"help_show_contacts":        {"完整显示工作人员的联系电话；不写则只显示首尾几位", "show telephones of staff whole, and not masked"},
	"help_base":                 {"反向代理之后的路径前缀，如/grids", "path prefix behind a proxy, such as /grids"},
	"help_json":                 {"结果以一个JSON文档写到标准输出", "one JSON document on stdout"},
	"help_out":                  {"写到这个文件；-为标准输出", "file to write; - for stdout"},
	"help_plan":                 {"方案编号", "the plan's id"},
	"help_demo":                 {"生成演示城市（虚构），提出120拆369的方案并打开服务", "makes the demonstration city (synthetic), proposes 120 -> 369 and serves it"},
	"help_demo_seed":            {"演示城市的种子", "seed of the demonstration city"},
	"help_demo_region":          {"改为生成示例区：一则新闻报道的数字（721个网格、35000多个岗位），地点和人名均为虚构", "make the example region instead: the figures of a news report (721 grids, some 35,000 posts); places and people are made up"},
	"help_serve":                {"提供地图页面与接口", "serves the map page and the API"},
	"help_import":               {"导入一个文件", "imports a file"},
	"help_import_file":          {"GeoJSON、逐行GeoJSON、CSV、Shapefile（.shp或.zip）、GeoPackage、FlatGeobuf、KML、KMZ、TAB、MIF、DXF或OpenStreetMap文件（.osm.pbf、.osm）", "a GeoJSON, newline-delimited GeoJSON, CSV, shapefile (.shp or .zip), GeoPackage, FlatGeobuf, KML, KMZ, TAB, MIF, DXF or OpenStreetMap file (.osm.pbf, .osm)"},
	"help_import_crs":           {"文件坐标所用的坐标系：EPSG代码（4490、4491–4554、3857、326..、327..）、wgs84、cgcs2000、gcj02、bd09，或PROJ参数（\"+proj=tmerc ...\"）；后面可加,gcj02、,bd09、,swapped（横纵坐标颠倒）。as-is：就按文件所写。缺省以文件为准", "the system of the file's coordinates: an EPSG code (4490, 4491 to 4554, 3857, 326.., 327..), wgs84, cgcs2000, gcj02, bd09, or a string of PROJ (\"+proj=tmerc ...\"), with ,gcj02 ,bd09 or ,swapped (y before x) behind it; as-is: what the file says, whatever fits better; by default what the file says"},
	"help_import_control":       {"城市独立坐标系的控制点表（CSV：x、y、lon、lat，可有name），至少两点", "control points of a city's own plane: a CSV with x, y, lon, lat and perhaps name, two at least"},
	"help_import_control_limit": {"控制点残差的上限，米；缺省0.5", "how far off a control point may be, in metres; 0.5 by default"},
	"help_import_close":         {"DXF中首尾相距多少米以内的线算闭合；缺省0.1", "how far apart the ends of a line in a DXF may be to be closed, in metres; 0.1 by default"},
	"import_planes":             {"--crs与--control只能写一个；--close应在0到10米之间，--control-limit不小于0", "--crs and --control go not together; --close lies between 0 and 10 m, --control-limit is at least 0"},
	"help_import_encoding":      {"文件的文字编码：UTF-8、GB18030、GBK、GB2312、Big5、UTF-16。缺省以文件为准，再按内容辨认", "the encoding of the file's text: UTF-8, GB18030, GBK, GB2312, Big5 or UTF-16; by default what the file says, else what its text is"},
	"help_import_source_layer":  {"文件里有几个图层或工作表时取哪一个", "which layer or sheet to take of a file with several"},
	"help_import_keep":          {"没有对应字段的列作为属性保留（个人信息除外）", "keep columns that belong to no field as attributes, but for those about persons"},
	"help_import_head":          {"表头是第几行（如3，或3:4为两行）；不写则自动辨认并说明", "which rows of a table name its columns (3, or 3:4 for two); else they are found, and told"},
	"import_form":               {"{why}", "{why}"},
	"help_import_layer":         {"图层：region city county subdistrict community large_grid block building compound road water railway wall organisation counts roster party department_grid，或osm", "layer: region city county subdistrict community large_grid block building compound road water railway wall organisation counts roster party department_grid, or osm"},
	"help_import_where":         {"只取该列等于该值的行；可多次", "take only rows whose column has the value; repeatable"},
	"help_import_admin":         {"osm图层：哪一级admin_level是哪一级区划", "of an osm layer: which admin_level is which level of area"},
	"help_import_map":           {"字段取自哪一列；可多次。列与字段同名时不必写。写“字段==值”则所有行同此值", "which column a field comes from; repeatable, not needed where the names agree; FIELD==VALUE says a value for all rows"},
	"help_import_skip":          {"有误的行跳过，其余照常导入；缺省一行有误则整个文件不导入", "leave rows that are refused out and take the others; by default one bad row keeps the file out"},
	"help_import_refused":       {"把有误的行连同位置和原因写入这个CSV，改正后可单独导入", "write the refused rows with places and reasons to this CSV, to be mended and imported alone"},
	"help_import_template":      {"用所存的模板：图层、各列、坐标系等，命令行所写的优先", "take layer, columns, coordinate system and so on from a template that was kept; flags go before it"},
	"help_import_purpose":       {"数据用途，记入导入报告", "what the data are for; kept with the report"},
	"help_import_basis":         {"使用依据，记入导入报告", "on what legal ground they are held; kept with the report"},
	"help_import_dated":         {"数据日期", "the day the data are of"},
	"help_import_expires":       {"使用期限到哪一天", "the day from which they may be used no more"},
	"help_import_by":            {"提供人或单位", "who brings them: a name or an office"},
	"import_no_layer":           {"请用--layer写明图层（{layers}），或用--template写明模板", "say the layer with --layer ({layers}), or a template with --template"},
	"help_import_dry_run":       {"全部检查一遍，什么也不存", "check everything, store nothing"},
	"help_split":                {"提出划分方案", "proposes a plan"},
	"help_split_scope":          {"范围：一个区划代码，或all", "scope: the code of an area, or all"},
	"help_split_grids":          {"一共要多少个网格", "how many grids in all"},
	"help_split_band":           {"不写个数而写区间，如households=300:500", "a band instead of a number, such as households=300:500"},
	"help_split_balance":        {"要均衡的指标，可带权重，如residents,dwellings:0.5", "measures to balance, with weights if wanted: residents,dwellings:0.5"},
	"help_split_tolerance":      {"允差：0.05为5%", "tolerance: 0.05 is 5 %"},
	"help_split_seed":           {"种子：地图、条件、种子都相同，结果就相同", "seed: equal map, recipe and seed give equal plans"},
	"help_split_effort":         {"每个大网格的计算量（迭代次数）", "iterations for each parent"},
	"help_split_time":           {"时限，如10s；因此提前结束会说明", "cap on the run time, such as 10s; a result cut short says so"},
	"help_split_base":           {"以哪个方案为基础，尽量少变动", "a plan to change as little as can be"},
	"help_split_max_change":     {"每个大网格最多多少变动网格：0.05为5%（第一个指标）", "share of each large grid that may change grid, by the first measure: 0.05 is 5 %"},
	"help_split_number":         {"某个区划的网格数：代码=3，或代码=2:4；可写多次", "how many grids an area gets: CODE=3, or CODE=2:4; may be said several times"},
	"help_split_equal":          {"各大网格网格数相同", "the same number of grids for each large grid"},
	"help_split_reshare":        {"大网格做不均时把网格改分给别的大网格，最大平均数至多升高多少：0.2为20%", "where a proof says that a large grid cannot be even, give grids to others, as far as the largest average rises by no more: 0.2 is 20 %"},
	"help_split_lock":           {"原样保留的网格（--base方案中的代码）", "grids of the base that stay as they are, by code"},
	"help_split_lock_block":     {"留在原网格的地块（代码）", "blocks that stay in the grid of the base they are in"},
	"help_split_together":       {"须同在一格的地块；可写多次", "blocks that must share a grid; may be said several times"},
	"help_split_apart":          {"须分在两格的两个地块；可写多次", "two blocks that must not share a grid; may be said several times"},
	"help_split_dedicated":      {"单独成为专属网格的地块，不计入网格数；可写多次", "blocks that are a dedicated grid, which does not count; may be said several times"},
	"help_split_plans":          {"要几个明显不同的方案（至多5个）", "how many clearly different plans, up to 5"},
	"help_split_name":           {"方案名称", "the plan's name"},
	"help_partition":            {"只用求解器：从图文件到分配表，不用数据库", "the solver alone: graph files in, assignment out, no database"},
	"help_export":               {"导出方案的网格或一个图层，供程序使用", "writes a plan's grids or a layer for programs"},
	"help_export_plan":          {"方案编号：导出其网格", "the plan's id: its grids are written"},
	"help_export_layer":         {"图层：region city county subdistrict community large_grid block border road water railway wall building compound organisation division（已公布的网格）", "layer: region city county subdistrict community large_grid block border road water railway wall building compound organisation division (published grids)"},
	"help_export_format":        {"geojson csv xlsx kml shp（.shp.zip） gpkg fgb pmtiles；或assignment（id,parent,grid）", "geojson csv xlsx kml shp (.shp.zip) gpkg fgb pmtiles; or assignment (id,parent,grid)"},
	"help_export_profile":       {"public：公开版，GCJ-02、概化、不含楼栋数据，须有--approval；只用于--layer division", "public: what everybody may see, in GCJ-02, generalised, without data on buildings; needs --approval; for --layer division alone"},
	"help_export_approval":      {"公开版的审图号", "of the public profile: the number under which the map was approved"},
	"help_export_crs":           {"坐标系：wgs84、cgcs2000、EPSG:4513至4554（三度带）、gcj02、bd09", "coordinate system: wgs84, cgcs2000, EPSG:4513 to 4554 (zones of 3 degrees), gcj02, bd09"},
	"help_export_encoding":      {"shp的文字编码：utf-8或gbk", "text encoding of shp: utf-8 or gbk"},
	"help_export_at":            {"division图层：哪一天生效的网格，如2027-01-31；缺省为今天", "of the layer division: the day whose grids in force are written, such as 2027-01-31; today by default"},
	"export_at":                 {"--at只用于division图层", "--at goes with the layer division only"},
	"help_check":                {"检查方案能否公布：列出全部问题；有必须解决的，以退出码3结束", "lists every rule a plan breaks; ends with exit code 3 where one keeps it from being published"},
	"help_publish":              {"公布方案，自某日起生效；有必须解决的问题，以退出码3结束", "publishes a plan, in force from a day on; ends with exit code 3 where findings stand in the way"},
	"help_publish_effective":    {"生效日期，可在将来", "the day from which it is in force; it may lie ahead"},
	"help_publish_name":         {"成果名称；缺省为方案名称", "the division's name; the plan's by default"},
	"help_publish_by":           {"公布人或单位", "who publishes it: a name or an office"},
	"help_publish_basis":        {"所依据的文件（文号）", "the document it rests on"},
	"help_report":               {"出报表", "writes a report"},
	"help_report_kind":          {"报表：T1至T10、D1至D4或package；不同报表有不同格式", "report: T1 to T10, D1 to D4, or package; not every one in every format"},
	"help_report_format":        {"xlsx、csv、json、pdf、docx、svg、png或zip", "xlsx, csv, json, pdf, docx, svg, png or zip"},
	"help_report_scope":         {"只限一个区划或网格的代码", "only the area or grid with this code"},
	"help_report_from":          {"时段的第一天，如2026-01-01（T4）", "first day of the period, as in 2026-01-01 (T4)"},
	"help_report_to":            {"时段的最后一天", "last day of the period"},
	"help_report_approval":      {"图件的审图号；不写则留空待填", "of map sheets: the number under which the map was approved; room for it where none is given"},
	"help_report_columns":       {"要哪些列，用键名（JSON格式的报表里列出）；缺省为固定格式", "which columns, by the keys that the JSON of the report tells; those of the form where left out"},
	"help_worker":               {"只计算，不提供页面：与服务并用同一数据库", "works the queue beside servers on the same database"},
	"help_migrate":              {"把数据库结构升到当前版本", "brings the database schema up to date"},
	"help_version":              {"版本", "prints the version"},

	"misused":         {"用法不对：{why}", "misused: {why}"},
	"interrupted":     {"已中断", "interrupted"},
	"out_nothing":     {"--out没有写文件名", "--out names no file"},
	"out_directory":   {"--out写的“{file}”是目录；请写文件名", "--out says {file}, which is a directory; name a file"},
	"no_data":         {"没有说明数据在哪里：写--data DIR或--database URL", "where are the data? Give --data DIR or --database URL"},
	"data_twice":      {"--data和--database只能写一个", "give --data or --database, not both"},
	"making_data":     {"正在建立数据目录{dir}", "making the data directory {dir}"},
	"recovering_data": {"上次未正常结束，正在清理{dir}", "clearing up {dir} after a crash"},
	"waiting_data":    {"另一个程序正在启动或停止{dir}的数据库，稍候", "waiting for another program that starts or stops the database of {dir}"},
	"serving":         {"请打开{url}", "open {url}"},
	"working":         {"等待任务", "waiting for jobs"},
	"migrated":        {"数据库结构已是最新", "the schema is up to date"},
	"base_path":       {"“{base}”不能作路径前缀", "\"{base}\" is no path prefix"},
	"listen_address":  {"“{address}”不是监听地址，例：127.0.0.1:8080", "\"{address}\" is no address to listen on, such as 127.0.0.1:8080"},
	"listen_loopback": {"不在{address}上监听：目前没有登录，谁连得上谁就能改，所以只允许本机地址（127.0.0.1、::1、localhost）", "will not listen on {address}: there is no sign-in yet, so whoever reaches it may change everything; only loopback (127.0.0.1, ::1, localhost)"},

	"pair":                  {"{flag}“{text}”应写作 字段=值", "{flag} \"{text}\" should read field=value"},
	"pair_twice":            {"{flag}对“{field}”写了两次", "{flag} names \"{field}\" twice"},
	"import_layer":          {"还不能导入图层“{layer}”；可以导入：{layers}", "the layer \"{layer}\" cannot be imported yet; these can: {layers}"},
	"import_more_refused":   {"  还有{n}处，未逐一列出", "  and {n} more that are not listed"},
	"import_nothing_stored": {"{file}：读了{read}行，{refused}行被拒绝，因此什么也没有存", "{file}: {read} read, {refused} refused, so nothing was stored"},
	"import_not_taken":      {"{file}：什么也没有存", "{file}: nothing was stored"},
	"import_dry":            {"{file}：读了{read}行，跳过{skipped}行，可导入{taken}行（试运行，未存）", "{file}: {read} read, {skipped} skipped, {taken} can be taken (dry run, nothing stored)"},
	"import_done":           {"{file}：读了{read}行，跳过{skipped}行，导入{taken}行", "{file}: {read} read, {skipped} skipped, {taken} taken"},
	"import_layer_done":     {"  {layer}：{taken}个（新{new}，变更{changed}，未变{unchanged}，撤销{retired}）", "  {layer}: {taken} ({new} new, {changed} changed, {unchanged} unchanged, {retired} retired)"},
	"import_admin":          {"--admin {text}有误：应写作“数=层级”，数为1到12，层级为{levels}之一", "--admin {text} is wrong: write NUMBER=LEVEL, the number from 1 to 12, the level one of {levels}"},
	"import_sum":            {"  {measure}合计{sum}", "  {measure}: {sum} in all"},

	"balance_weight":    {"“{text}”应写作 指标 或 指标:权重", "\"{text}\" should read measure or measure:weight"},
	"split_number":      {"“{text}”应写作 代码=3 或 代码=2:4", "\"{text}\" should read CODE=3 or CODE=2:4"},
	"split_apart":       {"“{text}”应是两个地块代码，中间用逗号", "\"{text}\" should be the codes of two blocks with a comma between"},
	"band":              {"“{text}”应写作 指标=下限:上限，例：households=300:500", "\"{text}\" should read measure=min:max, such as households=300:500"},
	"splitting":         {"已完成{done}/{total}个大网格，最大偏差{worst}", "{done} of {total} large grids, worst deviation {worst}"},
	"split_grids":       {"请写明要分成多少个网格（--grids N，至少1）或每格的区间（--band）", "say into how many grids (--grids N, at least 1) or give a band (--band)"},
	"check_finding":     {"{severity}：{words}", "{severity}: {words}"},
	"check_waived":      {"{severity}（已豁免：{reason}）：{words}", "{severity} (waived: {reason}): {words}"},
	"check_done":        {"方案{plan}第{revision}号修订：必须解决{errors}项，提醒{warnings}项，说明{notes}项", "plan {plan}, revision {revision}: errors {errors}, warnings {warnings}, notes {notes}"},
	"severity.error":    {"必须解决", "error"},
	"severity.warning":  {"提醒", "warning"},
	"severity.note":     {"说明", "note"},
	"publish_done":      {"方案{plan}已公布为划分成果{division}，自{day}起生效：原网格{old}个，现网格{new}个", "plan {plan} is published as division {division}, in force from {day}: grids before {old}, after {new}"},
	"publish_kind":      {"  {kind}：{n}", "  {kind}: {n}"},
	"split_done":        {"方案{plan}（{name}）：{parents}个大网格分成{grids}个网格，用时{seconds}秒", "plan {plan} ({name}): {parents} in {grids}, {seconds} s"},
	"split_measure":     {"  {measure}合计{total}，每格平均{ideal}，最大偏差{worst}", "  {measure}: {total} in all, {ideal} a grid on average, worst deviation {worst}"},
	"split_beyond":      {"  {n}个网格超出允差{tolerance}，见地图页面的“问题”", "  beyond the tolerance of {tolerance}: {n}; the map page has them under findings"},
	"split_outside":     {"  {n}个网格不在{min}-{max}之内，见地图页面的“问题”", "  outside of {min}-{max}: {n}; the map page has them under findings"},
	"split_changed":     {"  {share}的{measure}换了网格", "  {share} of the {measure} changed grid"},
	"split_short":       {"  时限已到，结果不是算足的", "  the time was up before the search had ended; with more time the split may be better"},
	"export_what":       {"请写--plan或--layer，两者之一", "give --plan or --layer, one of the two"},
	"export_public":     {"--profile public和--approval一起用，只用于--layer division，不用于assignment和pmtiles", "--profile public and --approval go together, for --layer division and not for assignment or pmtiles"},
	"export_assignment": {"assignment只用于--plan，没有--crs和--encoding", "assignment is for --plan, without --crs and --encoding"},
	"export_loss":       {"  {loss}", "  {loss}"},

	"demo_region":    {"正在生成示例区（虚构；数字出自一则新闻报道）", "making the example region (made up; its figures are those of a news report)"},
	"demo_making":    {"正在生成演示城市（虚构）", "making the demonstration city (synthetic)"},
	"demo_city":      {"演示城市{city}：{areas}个大网格，{blocks}个地块，{households}户", "demonstration city {city}: {areas}, {blocks}, {households}"},
	"demo_seed_kept": {"{dir}里已有演示城市，仍用它；--city-seed只用于新建的演示城市", "{dir} holds a demonstration city already, which stays; --city-seed is for a new one"},
	"demo_real_data": {"{dir}里已有真实数据，演示城市不与之混放；请用--data另指目录", "{dir} holds real data, and the demonstration city is not mixed with it; give another directory with --data"},
	"demo_plan":      {"演示方案：{parents}个大网格细分为{grids}个网格", "Demonstration plan: {parents} large grids into {grids} grids"},

	"data.foreign_directory": {"{dir}不是空目录，也不是gridwright建的（里面有{place}）；请换一个新目录或空目录", "{dir} is not empty and was not made by gridwright (it has {place}); choose a new or an empty directory"},
	"data.not_a_directory":   {"{dir}：{place}不是目录", "{dir}: {place} is not a directory"},
	"data.unreachable":       {"{dir}：运行数据库的用户{user}进不了{place}；请换到人人可进的目录下，如/var/lib/gridwright", "{dir}: user {user}, who runs the database server, cannot enter {place}; choose a directory under one everybody may enter, such as /var/lib/gridwright"},
	"data.not_writable":      {"{dir}：用户{user}不能写{place}", "{dir}: user {user} cannot write in {place}"},
	"data.other_owner":       {"{dir}属于用户{owner}，而本程序以{user}运行；请以{owner}或root运行", "{dir} belongs to user {owner} and this program runs as {user}; run it as {owner} or as root"},
	"data.other_major":       {"{dir}由PostgreSQL {have}建立，本机只有{installed}；请安装{packages}，或在有PostgreSQL {have}的机器上备份后恢复到新目录", "{dir} was made by PostgreSQL {have} and this machine has {installed}; install {packages}, or make a backup where PostgreSQL {have} runs and restore it into a new directory"},
	"data.no_postgres":       {"本机没有PostgreSQL服务器；请安装软件包{packages}", "no PostgreSQL server on this machine; install the packages {packages}"},
	"data.no_postgis":        {"PostgreSQL {installed}没有PostGIS；请安装软件包{packages}", "PostgreSQL {installed} has no PostGIS; install the package {packages}"},
	"data.no_server_user":    {"root不能运行数据库服务器，而系统里没有可代它运行的用户{user}；安装PostgreSQL软件包即会建立", "root cannot run a database server and there is no system user {user} to run it as; the PostgreSQL packages make one"},
	"data.nameless_user":     {"用户号{user}在本机没有名字，PostgreSQL需要一个；请在/etc/passwd加一行", "user id {user} has no name on this machine, and PostgreSQL needs one; add a line to /etc/passwd"},
	"data.path_too_long":     {"{dir}：路径超过{limit}字节", "{dir}: the path is longer than {limit} bytes"},
	"data.path_unusable":     {"{dir}：路径里有控制字符", "{dir}: a control character in the path"},
	"data.damaged_directory": {"{dir}：{place}不是PostgreSQL数据；请把备份恢复到新目录", "{dir}: {place} is there but is no PostgreSQL cluster; restore a backup into a new directory"},

	"import.read":     {"已读{done}行", "rows read: {done}"},
	"import.cover":    {"正在核对边界：{done}/{total}", "checking borders: {done} of {total}"},
	"report.progress": {"正在出报表：{done}/{total}", "writing the report: {done} of {total}"},
	"export.tiles":    {"正在绘制瓦片：{done}/{total}", "drawing tiles: {done} of {total}"},
	"import.store":    {"正在存入{total}行", "storing rows: {total}"},
}
