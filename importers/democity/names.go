package democity

import (
	"math/rand/v2"
	"slices"
)

// name is an invented place name without the word for what it names: in Chinese and in pinyin.
type name struct{ zh, en string }

// The names are made of the desert, its plants, crops, animals and crafts, joined so that they sound like a town in the
// north-west and, as far as we know, name no subdistrict, town, community or village there is.
var regionName = name{"碛北", "Qibei"}

var districtName = name{"驼铃", "Tuoling"}

var streetNames = []name{
	{"朔钟", "Shuozhong"}, {"沙月", "Shayue"}, {"驼影", "Tuoying"}, {"星砾", "Xingli"}, {"晴碛", "Qingqi"},
	{"梭林", "Suolin"}, {"笳声", "Jiasheng"}, {"漠槐", "Mohuai"},
}

var townNames = []name{
	{"雁苇", "Yanwei"}, {"柽渠", "Chengqu"}, {"麦碛", "Maiqi"}, {"芨滩", "Jitan"}, {"苇月", "Weiyue"}, {"沙芦", "Shalu"},
	{"碱泊", "Jianbo"}, {"杞堰", "Qiyan"},
}

var communityNames = []name{
	{"驼井", "Tuojing"}, {"笳台", "Jiatai"}, {"梭坊", "Suofang"}, {"柽巷", "Chengxiang"}, {"苇亭", "Weiting"},
	{"砾园", "Liyuan"}, {"碛桥", "Qiqiao"}, {"朔灯", "Shuodeng"}, {"漠塔", "Mota"}, {"杞坊", "Qifang"},
	{"星井", "Xingjing"}, {"月碛", "Yueqi"}, {"毡坊", "Zhanfang"}, {"陶灯", "Taodeng"}, {"墨井", "Mojing"},
	{"弦桥", "Xianqiao"}, {"鼓槐", "Guhuai"}, {"铃巷", "Lingxiang"}, {"锦碛", "Jinqi"}, {"烽柳", "Fengliu"},
	{"沙鸥", "Sha'ou"}, {"银驼", "Yintuo"}, {"麦坊", "Maifang"}, {"粟园", "Suyuan"}, {"霁桥", "Jiqiao"},
	{"霞井", "Xiajing"}, {"榆笳", "Yujia"}, {"槐影", "Huaiying"}, {"棠井", "Tangjing"}, {"柠巷", "Ningxiang"},
	{"蓟台", "Jitai"}, {"鹤碛", "Heqi"}, {"鹿笳", "Lujia"}, {"羚台", "Lingtai"}, {"骆亭", "Luoting"}, {"笛园", "Diyuan"},
	{"筝巷", "Zhengxiang"}, {"瑟台", "Setai"}, {"砚桥", "Yanqiao"}, {"帛坊", "Bofang"}, {"绢巷", "Juanxiang"},
	{"瓷灯", "Cideng"}, {"釉坊", "Youfang"}, {"鞍台", "Antai"}, {"镫巷", "Dengxiang"}, {"辔园", "Peiyuan"},
	{"旌台", "Jingtai"}, {"旗影", "Qiying"},
}

var villageNames = []name{
	{"苇圈", "Weiquan"}, {"雁畦", "Yanqi"}, {"柽湾", "Chengwan"}, {"麦碾", "Mainian"}, {"芨堰", "Jiyan"},
	{"驼畦", "Tuoqi"}, {"沙畦", "Shaqi"}, {"碱垄", "Jianlong"}, {"杞垄", "Qilong"}, {"粟堰", "Suyan"}, {"瓜碛", "Guaqi"},
	{"葵渠", "Kuiqu"}, {"羊垛", "Yangduo"}, {"槐碾", "Huainian"}, {"榆垄", "Yulong"}, {"枣畦", "Zaoqi"},
	{"薯滩", "Shutan"}, {"荞畦", "Qiaoqi"}, {"麻畦", "Maqi"}, {"蒿碾", "Haonian"}, {"苜圈", "Muquan"}, {"鹭畦", "Luqi"},
	{"萤渠", "Yingqu"}, {"蒲堰", "Puyan"}, {"豌垄", "Wanlong"}, {"蜂畦", "Fengqi"}, {"椿碾", "Chunnian"},
	{"粱湾", "Liangwan"}, {"藜滩", "Litan"}, {"黍堰", "Shuyan"}, {"莜渠", "Youqu"}, {"苔圈", "Taiquan"},
	{"桦碾", "Huanian"}, {"獾湾", "Huanwan"}, {"鸢畦", "Yuanqi"}, {"鹑垄", "Chunlong"}, {"蓬碾", "Pengnian"},
	{"蘑圈", "Moquan"}, {"苋渠", "Xianqu"}, {"胡麻湾", "Humawan"},
}

// The syllables of made-up names of roads, estates and firms.
var (
	firstSyllables  = []string{"朔", "驼", "沙", "星", "晴", "梭", "笳", "漠", "雁", "麦", "芨", "苇", "碱", "杞", "粟", "瓜", "葵", "榆", "枣", "柽", "砾", "碛"}
	secondSyllables = []string{"兴", "安", "宁", "和", "康", "福", "顺", "昌", "裕", "丰", "华", "明", "泰", "祥", "瑞", "盛", "庆", "秀", "景", "锦"}
	trades          = []string{"粮食局", "邮电局", "水利局", "农机厂", "化肥厂", "毛纺厂", "造纸厂", "水泥厂", "机务段", "电力公司", "地质队", "畜牧局", "林业局", "供销社", "百货公司", "建筑公司", "运输公司", "食品厂", "印刷厂", "制药厂", "面粉厂", "砖瓦厂", "煤炭公司", "广播站"}
	quarters        = []string{"", "东", "西", "南", "北", "第一", "第二", "第三", "老", "新", "前", "后"}
)

// madeUp deals out made-up words, each once; when all are dealt they come again with a number.
type madeUp struct {
	words []string
	dealt int
}

func newMadeUp(rng *rand.Rand, first, second []string) *madeUp {
	m := &madeUp{}
	for _, a := range first {
		for _, b := range second {
			m.words = append(m.words, a+b)
		}
	}
	rng.Shuffle(len(m.words), func(i, j int) { m.words[i], m.words[j] = m.words[j], m.words[i] })
	return m
}

func (m *madeUp) next() string {
	word, again := m.words[m.dealt%len(m.words)], m.dealt/len(m.words)
	m.dealt++
	if again > 0 {
		word += chineseNumber(again + 1)
	}
	return word
}

// compoundNames deals out the names of compounds.
type compoundNames struct {
	yards, estates *madeUp
	villages       []name
	taken          int
}

func newCompoundNames(rng *rand.Rand) *compoundNames {
	return &compoundNames{yards: newMadeUp(rng, trades, quarters), estates: newMadeUp(rng, firstSyllables, secondSyllables), villages: villageNames}
}

func (c *compoundNames) yard() string { return c.yards.next() }

func (c *compoundNames) estate() string {
	c.taken++
	return c.estates.next() + []string{"花园", "小区", "苑", "家园"}[c.taken%4]
}

func (c *compoundNames) village() string {
	c.taken++
	n, again := c.taken%len(c.villages), c.taken/len(c.villages)
	if again > 0 {
		return c.villages[n].zh + quarters[again]
	}
	return c.villages[n].zh
}

// roadNames deals out the names of roads and alleys.
type roadNames struct{ words *madeUp }

func newRoadNames(rng *rand.Rand) *roadNames {
	return &roadNames{newMadeUp(rng, firstSyllables, secondSyllables)}
}

func (r *roadNames) road() string  { return r.words.next() + "路" }
func (r *roadNames) alley() string { return r.words.next() + "巷" }

// names are the names not given yet.
type names struct{ streets, towns, communities, villages []name }

// shuffledNames returns all names in an order of their own for each town.
func shuffledNames(rng *rand.Rand) names {
	shuffled := func(list []name) []name {
		list = slices.Clone(list)
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list
	}
	return names{shuffled(streetNames), shuffled(townNames), shuffled(communityNames), shuffled(villageNames)}
}

// take returns the first name of a list and removes it.
func take(list *[]name) name {
	first := (*list)[0]
	*list = (*list)[1:]
	return first
}

var chineseDigits = []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// chineseNumber writes a number from 1 to 99 as Chinese does: 一, 十, 十二, 二十.
func chineseNumber(n int) string {
	tens, ones := n/10, chineseDigits[n%10]
	switch tens {
	case 0:
		return ones
	case 1:
		return "十" + ones
	}
	return chineseDigits[tens] + "十" + ones
}
