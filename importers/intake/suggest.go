package intake

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// Suggestion is the column a field is likely to be found in, or, with a "=" before it, the value of all rows: what Order.Map would say.
type Suggestion struct {
	Column string
	Exact  bool   // the column is called by a name known for the field, so that an import may take it where Map is silent
	Reason *Fault // why: a sentence
}

// alias is what files call a field, as plainColumn writes it.
type alias struct {
	name string
	kind plan.CountKind // whom a count under this name counts
}

// What files call the things that have codes and names, by layer.
var nouns = map[string][]string{
	"region": {"省", "自治区"}, "city": {"市", "地级市"}, "county": {"区县", "县", "县区", "区"},
	"subdistrict": {"街道", "乡镇", "镇街", "街镇", "乡镇街道"}, "community": {"社区", "村社区", "社区村", "村居", "村"},
	"large_grid": {"大网格", "网格", "单元网格"}, BlockLayer: {"地块", "图斑", "block"},
	"building": {"楼栋", "建筑物", "建筑", "楼", "building"}, "compound": {"小区", "院落", "compound"},
	"organisation": {"单位", "机构", "organisation", "organization"},
	"road":         {"道路", "road"}, "water": {"水系", "河流", "河道", "water"}, "railway": {"铁路", "railway"}, "wall": {"围墙", "wall"},
	string(plan.DepartmentGridLayer): {"专业网格", "部门网格", "网格", "单元网格", "责任网格"},
	CountsLayer:                      {"楼栋", "建筑物", "建筑", "楼", "小区", "院落", "building", "compound"},
}

// aliases are what files call fields, the most telling name first: where a file has two of them the earlier one is meant.
var aliases = map[string]string{
	"code": "编码 代码 编号 统一编码 code", "name": "名称 name", "name_en": "英文名称 英文名 englishname",
	"floors":           "层数 楼层数 总层数 地上层数 floors levels storeys buildinglevels numfloors",
	"building_no":      "楼号 楼栋号 楼幢号 幢号 栋号 号楼 buildingno buildingnumber",
	"address":          "楼栋地址 详细地址 地址 坐落 address",
	"counted_on":       "统计日期 数据日期 采集日期 计数日期 countedon",
	"no_property_mgmt": "无物业", "no_security": "无安保 无保安", "no_enclosure": "无封闭 无围墙",
	"committee": "居委会", "owners_committee": "业委会 业主委员会", "property_company": "物业公司 物业服务企业 物业企业 物业",
	"new_org": "两新组织 是否两新组织 两新",
	"bridge":  "桥梁 是否桥梁 bridge", "tunnel": "隧道 是否隧道 tunnel",
	string(plan.Households): "户数 总户数 住户数 居民户数 户数总数 户数合计 户数小计 households hh householdcount " +
		"常住户数:resident 户数常住:resident 户数其中常住:resident 入住户数:occupied 实际入住户数:occupied 户籍户数:registered",
	string(plan.Residents): "常住人口 常住人口数 居民人数 居住人口 总人口 人口数 人口 人数 人口总数 人口合计 residents population pop " +
		"人口常住:resident 户籍人口:registered 户籍人口数:registered",
	string(plan.Dwellings):    "套数 住房套数 房屋套数 总套数 户室数 住宅套数 dwellings",
	string(plan.StairUnits):   "单元数 单元个数 楼门数 门栋数 单元 stairunits entrances",
	string(plan.Buildings):    "楼栋数 栋数 幢数 楼数 楼栋个数 buildings buildingcount",
	string(plan.ResidentOrgs): "驻区单位数 驻区单位 驻区单位个数 residentorgs",
	string(plan.PartyMembers): "党员数 党员人数 党员 partymembers",
}

// divisionCodes are what files call the codes of areas, of whatever level.
const divisionCodes = "区划代码 行政区划代码 统计用区划代码 区划编码"

// layerAliases are what files call fields of one layer. The parent of a feature of the raw ground has none: a file with one lists the layer
// there in full, and what it lacks is retired, which nobody must find out afterwards.
var layerAliases = map[string]map[string]string{
	"building": {"code": "楼栋id 建筑物id 建筑id buildingid bldgid bldid bldcode bldgcode", "compound": "小区编码 小区代码 小区编号 所属小区编码 所属小区代码 compoundcode", "class": "建筑类型 建筑类别 建筑用途 房屋用途 用途 类型 类别 class"},
	"compound": {"code": "小区id 院落id compoundid", "kind": "小区类型 小区类别 小区性质 类型 类别 性质 kind type"}, "department_grid": {"department": "部门 所属部门 部门名称 主管部门 department", "holder": "责任人 原责任人 负责人 holder"}, "organisation": {"kind": "单位类型 单位类别 单位性质 行业 类型 类别 kind type"},
	"road": {"class": "道路等级 道路类型 道路类别 等级 类型 类别 class"}, "water": {"class": "水系类型 水系类别 类型 类别 class"},
	"railway": {"class": "铁路类型 类型 类别 class"}, "wall": {"class": "围墙类型 类型 类别 class"},
	PartyLayer: {"code": "党组织编码 党组织代码 组织编码", "name": "党组织名称 党组织 支部名称 组织名称", "level": "层级", "kind": "类别 类型 党组织类别 设置 现设置", "community": "社区编码 社区代码 所属社区编码",
		"grid": "网格编码 网格代码 网格 所属网格 负责网格", "parent": "大网格 社区", "building": "楼栋编码 楼栋代码", "compound": "小区编码 小区代码", "members": "党员数 党员人数 正式党员数",
		"member_households": "党员中心户数 党员中心户", "above": "隶属 隶属于 上级党组织 隶属关系", "exception": "例外 例外说明 批准例外", "since": "成立日期 成立时间 设立日期", "plan": "方案 方案编号"},
	RosterLayer: {"post": "岗位 岗位名称 职务 岗位类型 post", "role": "角色 外部角色", "name": "姓名 人员姓名 name", "full_time": "专兼职 专职兼职 是否专职 专/兼职 用工形式",
		"source": "来源 人员来源 来源渠道", "home": "派出单位 所在单位 工作单位 单位", "phone": "联系电话 手机 手机号 手机号码 电话 联系方式 phone",
		"grid": "网格编码 网格代码 负责网格编码 所属网格编码 负责网格 所属网格 负责范围", "grid_name": "网格名称 网格", "parent": "大网格 所属大网格 社区 所属社区",
		"building": "楼栋编码 楼栋代码 楼栋编号", "building_name": "楼栋 楼栋名称 楼栋名", "compound": "小区 小区名称 所属小区", "stair_unit": "单元 单元号 楼栋单元",
		"lane": "巷 巷道 街巷 巷名", "since": "任职起 任职时间 任职日期 上岗时间 上岗日期 起", "until": "任职止 离任时间 离岗日期 止",
		"person_no": "工号 人员编号 员工编号", "post_no": "岗位编号 岗位编码", "community": "社区编码 社区代码 所属社区编码", "plan": "方案 方案编号"},
	CountsLayer: {"compound": "小区 小区名称 所属小区 小区编码 小区代码 院落 compound"},
	BlockLayer: {"parent": "大网格编码 大网格代码 所属大网格 所属大网格编码 社区编码 社区代码 所属社区编码 所属社区代码",
		"kind": "地块类型 地块类别 kind"},
	"region":      {"code": divisionCodes},
	"city":        {"code": divisionCodes, "parent": "上级编码 上级代码 上级区划 上级区划代码 省编码 省代码"},
	"county":      {"code": divisionCodes, "parent": "上级编码 上级代码 上级区划 上级区划代码 市编码 市代码"},
	"subdistrict": {"code": divisionCodes, "parent": "上级编码 上级代码 上级区划 上级区划代码 区县编码 区县代码"},
	"community":   {"code": divisionCodes, "parent": "上级编码 上级代码 上级区划 上级区划代码 街道编码 街道代码 所属街道编码 所属街道代码"},
	"large_grid":  {"parent": "上级编码 上级代码 上级区划 上级区划代码 社区编码 社区代码 所属社区编码 所属社区代码"},
}

// aliasesOf returns the names of a field of a layer, the most telling first.
func aliasesOf(layer, field string) (names []alias) {
	suffixes := map[string][]string{"code": {"编码", "代码", "编号", "统一编码", "code"}, "name": {"名称", "名", "name"}}[field]
	for _, noun := range nouns[layer] {
		for _, suffix := range suffixes {
			names = append(names, alias{name: noun + suffix})
		}
	}
	for name := range strings.FieldsSeq(layerAliases[layer][field] + " " + aliases[field]) {
		name, kind, _ := strings.Cut(name, ":")
		names = append(names, alias{name, plan.CountKind(kind)})
	}
	return names
}

var (
	unitBehind = regexp.MustCompile(`[(\[【/](户|人|个|栋|幢|座|套|层|家|名|口|单元|平方米|米|m2|m)[)\]】]?$`)
	columnDirt = strings.NewReplacer(" ", "", "_", "", "-", "", ":", "", "*", "", "\u3000", "", "、", "", ".", "", "\t", "")
)

// plainColumn returns a column's name as it is compared: narrow small letters, no blanks and joints, no unit behind it.
func plainColumn(name string) string {
	name = strings.ToLower(width.Narrow.String(name))
	return columnDirt.Replace(unitBehind.ReplaceAllString(strings.TrimSpace(name), ""))
}

// Suggest returns the columns fields of a layer are likely to be found in. Fields for which no column stands out are not in it; nor is a
// column twice. A column that has the field's own name needs no suggestion and is returned as one.
func Suggest(layer string, columns []string) map[string]Suggestion {
	kind := kindOf(layer)
	fields := slices.Clone(kind.fields)
	if kind.measures != noMeasures {
		for _, m := range plan.Measures {
			fields = append(fields, string(m))
		}
	}
	columns = slices.Sorted(slices.Values(columns))
	called := map[string][]string{} // columns by their plain names
	for _, c := range columns {
		if !personalIn(layer).MatchString(c) {
			called[plainColumn(c)] = append(called[plainColumn(c)], c)
		}
	}
	found, used := map[string]Suggestion{}, map[string]bool{}
	take := func(field, column string, exact bool, key string) {
		found[field] = Suggestion{column, exact, &Fault{Key: key, Args: words.Args{"column": importers.Excerpt(column), "field": field}}}
		used[column] = true
	}
	for _, field := range fields {
		if slices.Contains(columns, field) {
			take(field, field, true, "suggest.same")
		}
	}
	for _, field := range fields {
		if _, has := found[field]; has {
			continue
		}
		if column, a, ok := bestColumn(layer, field, called, used); ok {
			take(field, column, true, "suggest.alias")
			if a.kind != "" && kind.measures == sparseMeasures && !slices.Contains(columns, field+kindSuffix) {
				found[field+kindSuffix] = Suggestion{"=" + string(a.kind), true, &Fault{Key: "suggest.kind", Args: words.Args{"column": importers.Excerpt(column), "kind": a.kind}}}
			}
		}
	}
	for _, field := range fields {
		if _, has := found[field]; has {
			continue
		}
		for _, column := range columns {
			if !used[column] && isCutName(layer, field, column) {
				take(field, column, false, "suggest.cut")
				break
			}
		}
	}
	return found
}

// bestColumn returns the column with the most telling name of a field, of columns by their plain names. Where two have it none stands out.
func bestColumn(layer, field string, called map[string][]string, used map[string]bool) (column string, best alias, ok bool) {
	for _, a := range aliasesOf(layer, field) {
		fit := slices.DeleteFunc(slices.Clone(called[a.name]), func(c string) bool { return used[c] })
		if len(fit) > 0 {
			return fit[0], a, len(fit) == 1
		}
	}
	return "", alias{}, false
}

// shpName is how many bytes of a column's name a shapefile keeps: five Chinese characters in GBK.
const shpName = 10

// isCutName reports whether a column's name is the first five characters of a longer Chinese name of a field.
func isCutName(layer, field, column string) bool {
	plain := []rune(plainColumn(column))
	if len(plain) != shpName/2 || len(string(plain)) != 3*len(plain) {
		return false
	}
	return slices.ContainsFunc(aliasesOf(layer, field), func(a alias) bool {
		return a.kind == "" && a.name != string(plain) && strings.HasPrefix(a.name, string(plain))
	})
}

// Personal reports whether a column is about single persons: by its name, or because at least half of some of its values, those that are not
// blank, are numbers of identity cards or of mobile telephones.
func Personal(column string, values []string) bool {
	if personalColumn.MatchString(column) {
		return true
	}
	filled, personal := 0, 0
	for _, v := range values {
		if strings.TrimSpace(v) == "" {
			continue
		}
		if filled++; importers.IsPersonal(v) {
			personal++
		}
	}
	return personal > 0 && 2*personal >= filled
}

// maxSample is how many rows are looked at for values that are about persons.
const maxSample = 200

// sampled is what was seen in the first rows of a column.
type sampled struct{ filled, personal int }

// sample looks at a row for values that are about persons, which no field need take to make the file a matter of care.
func (j *job) sample(r importers.Row) {
	if j.report.RowsRead > maxSample {
		return
	}
	if j.samples == nil {
		j.samples = map[string]sampled{}
	}
	for column, v := range r.Values {
		if s := j.samples[column]; strings.TrimSpace(v.Text) != "" {
			s.filled++
			if importers.IsPersonal(v.Text) {
				s.personal++
			}
			j.samples[column] = s
		}
	}
}

// isPersonalColumn reports whether a column is about single persons, as Personal does.
func (j *job) isPersonalColumn(column string) bool {
	if j.Layer == RosterLayer {
		return identityColumn.MatchString(column)
	}
	s := j.samples[column]
	return personalColumn.MatchString(column) || s.personal > 0 && 2*s.personal >= s.filled
}

// takeNamed lets fields that --map does not speak of be taken from columns that are called by a known name of theirs, and tells it. It is
// called with the columns of the first row.
func (j *job) takeNamed(r importers.Row) {
	columns := slices.Sorted(maps.Keys(r.Values))
	j.first = columns
	var free []string
	for _, column := range columns {
		if !slices.ContainsFunc(j.fields, func(f field) bool { return f.mapped && f.column == column }) {
			free = append(free, column)
		}
	}
	suggested := Suggest(j.Layer, free)
	var told []string
	for i := range j.fields {
		f := &j.fields[i]
		s, has := suggested[f.name]
		if !has || !s.Exact || f.mapped || s.Column == f.name {
			continue
		}
		if value, is := strings.CutPrefix(s.Column, "="); is {
			if measure := suggested[strings.TrimSuffix(f.name, kindSuffix)]; j.Map[strings.TrimSuffix(f.name, kindSuffix)] != "" || !measure.Exact {
				continue
			}
			f.constant = &value
			continue
		}
		f.column = s.Column
		told = append(told, importers.Excerpt(s.Column)+" → "+f.name)
	}
	if len(told) > 0 {
		j.note("note.taken_as", words.Args{"columns": told})
	}
}

// tellColumns tells which columns nobody took, and refuses a file in which a column that could have been taken turned up late: whether it
// counts must not hang on which row comes first.
func (j *job) tellColumns() {
	used := map[string]bool{}
	for _, f := range j.fields {
		used[f.column] = true
	}
	for column := range j.Where {
		used[column] = true
	}
	var late, left []string
	for column := range j.seen {
		switch {
		case used[column] || j.isPersonalColumn(column):
		case !slices.Contains(j.first, column) && j.wanted(column):
			late = append(late, importers.Excerpt(column))
		default:
			left = append(left, importers.Excerpt(column))
		}
	}
	if slices.Sort(late); len(late) > 0 {
		j.refuse(importers.Place{}, Refused{Value: late[0], Key: "map.late"}, words.Args{"columns": late})
	}
	if slices.Sort(left); len(left) > 0 {
		j.note(map[bool]string{true: "note.kept_columns", false: "note.left_columns"}[j.KeepColumns], words.Args{"columns": fewNames(left)})
	}
	if j.withheld > 0 {
		j.note("note.withheld", words.Args{"n": j.withheld})
	}
}

// wanted reports whether a column is called by a known name of a field that has no column.
func (j *job) wanted(column string) bool {
	for field, s := range Suggest(j.Layer, []string{column}) {
		if _, said := j.Map[field]; s.Exact && !said && !j.says(field) && j.hasField(field) {
			return true
		}
	}
	return false
}

// fewNames returns the first of many names.
func fewNames(names []string) []string {
	const most = 30
	if len(names) <= most {
		return names
	}
	return append(names[:most:most], "…")
}
