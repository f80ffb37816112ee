package plan

import (
	"slices"

	"gridwright/plan/words"
)

// ThingKind is a kind of compound, building or organisation that is known by name. Sources may call one by any of its words, and what
// they call it is kept; other kinds are kept in the words of their source.
type ThingKind struct {
	Layer Layer
	Name  string
	Zh    []string // the first is the usual one
	En    string
}

// ThingKinds lists the kinds that forms offer and filters know by all their words.
var ThingKinds = []ThingKind{
	{CompoundLayer, "commercial", []string{"商品房", "商品房小区", "商住小区"}, "commercial housing"},
	{CompoundLayer, "staff_yard", []string{"家属院", "家属楼", "单位大院", "单位宿舍"}, "staff housing"},
	{CompoundLayer, "resettlement", []string{"安置", "安置房", "安置小区", "安置新村", "拆迁安置", "回迁房"}, "resettlement housing"},
	{CompoundLayer, "bungalows", []string{"平房", "平房区", "平房院"}, "single-storey houses"},
	{CompoundLayer, "public_rental", []string{"保障房", "公租房", "廉租房", "经济适用房"}, "subsidised housing"},
	{CompoundLayer, "self_built", []string{"自建房", "城中村", "自建房区"}, "self-built houses"},
	{CompoundLayer, "unfinished", []string{"在建小区", "在建"}, "under construction"},
	{CompoundLayer, "park", []string{"公园", "绿地", "游园", "广场"}, "park or square"},

	{BuildingLayer, "dwelling", []string{"住宅", "住宅楼", "居民楼"}, "dwellings"},
	{BuildingLayer, "mixed", []string{"商住楼", "商住"}, "shops and dwellings"},
	{BuildingLayer, "shop", []string{"商铺", "商业用房", "商业"}, "shops"},
	{BuildingLayer, "office", []string{"办公", "办公楼", "办公用房"}, "offices"},
	{BuildingLayer, "school", []string{"教学用房", "教学楼"}, "school"},
	{BuildingLayer, "hospital", []string{"医疗用房", "门诊楼"}, "hospital"},
	{BuildingLayer, "works", []string{"厂房", "仓库"}, "works or stores"},
	{BuildingLayer, "outbuilding", []string{"附属用房"}, "outbuilding"},

	{OrganisationLayer, "authority", []string{"机关事业单位", "机关", "事业单位"}, "public body"},
	{OrganisationLayer, "private_firm", []string{"非公企业", "私营企业"}, "private firm"},
	{OrganisationLayer, "firm", []string{"企业", "国有企业"}, "firm"},
	{OrganisationLayer, "social_body", []string{"社会组织", "社会团体"}, "social organisation"},
	{OrganisationLayer, "school", []string{"学校"}, "school"},
	{OrganisationLayer, "hospital", []string{"医院"}, "hospital"},
}

// Words returns all a source may call the kind.
func (k ThingKind) Words() []string { return append([]string{k.Name}, k.Zh...) }

// In returns what a reader calls the kind.
func (k ThingKind) In(l words.Lang) string {
	if l == words.En {
		return k.En
	}
	return k.Zh[0]
}

// ThingKindOf returns the kind a word means on a layer.
func ThingKindOf(layer Layer, word string) (ThingKind, bool) {
	i := slices.IndexFunc(ThingKinds, func(k ThingKind) bool { return k.Layer == layer && slices.Contains(k.Words(), word) })
	if i < 0 {
		return ThingKind{}, false
	}
	return ThingKinds[i], true
}

// KindWords returns all that a filter for a kind or class looks for: every word of the kind or class that the word means, or the word
// itself.
func KindWords(layer Layer, word string) []string {
	if k, known := ThingKindOf(layer, word); known {
		return k.Words()
	}
	if c, known := ClassOf(layer, word); known {
		return []string{c.Name} // classes are stored by name
	}
	return []string{word}
}

// KindLabel returns what a reader calls the kind or class of a feature; a word that is not known stays what it is.
func KindLabel(layer Layer, word string, l words.Lang) string {
	if k, known := ThingKindOf(layer, word); known {
		return k.In(l)
	}
	if c, known := ClassOf(layer, word); known && l == words.Zh && len(c.Zh) > 0 {
		return c.Zh[0]
	}
	return word
}
