package feed

import "gridwright/plan/words"

// sentences are what the feed has to say.
var sentences = words.Table{
	"format":      {"不能导出“{format}”；可以导出：{formats}", "cannot export \"{format}\"; these can be had: {formats}"},
	"layer":       {"没有“{layer}”这个图层；有：{layers}", "there is no layer \"{layer}\"; there are: {layers}"},
	"system":      {"不能按“{system}”导出；可用：wgs84、cgcs2000、EPSG:4513至4554（CGCS2000三度带）、gcj02、bd09", "cannot export in \"{system}\"; these can be had: wgs84, cgcs2000, EPSG:4513 to 4554 (zones of 3 degrees of CGCS2000), gcj02, bd09"},
	"degrees":     {"{format}只能是经纬度，不能是投影坐标", "{format} holds degrees only, no projected coordinates"},
	"encoding":    {"不能按“{encoding}”编码；可用：utf-8、gbk", "cannot encode in \"{encoding}\"; these can be had: utf-8, gbk"},
	"encoding_of": {"{format}总是UTF-8；gbk只用于shp", "{format} is always UTF-8; gbk is for shp alone"},
	"tiles":       {"{format}总是网络墨卡托的瓦片，没有坐标系和编码可选", "{format} holds tiles in web Mercator: there is no system and no encoding to choose"},
	"sheet":       {"一张表至多{most}行，这里有{n}项：请用其他格式", "a sheet holds {most} rows, and these are {n}: take another format"},
	"no_gdal":     {"导出{format}要用ogr2ogr，本机没有：请安装软件包gdal-bin", "ogr2ogr writes {format}, and this machine has none: install the package gdal-bin"},
	"gdal":        {"ogr2ogr没有写成{format}", "ogr2ogr could not write the {format}"},

	"public_system":        {"公开版只能是gcj02，不能是“{system}”", "the public profile is in gcj02 alone, not in \"{system}\""},
	"approval":             {"公开版要有审图号，至多{most}字，不含控制字符", "the public profile needs the number under which the map was approved, of at most {most} characters and none of them a control character"},
	"profile":              {"没有“{profile}”这种导出；有：public", "there is no profile \"{profile}\"; there is: public"},
	"receiver":             {"“{url}”不能作为接收地址：要以http://或https://开头、有主机名，且不含用户名、密码和“#”", "\"{url}\" cannot be a receiver: it must begin with http:// or https://, name a host, and hold no user, password or \"#\""},
	"private_address":      {"不向内部地址{address}推送；管理员可用--deliver-to放行", "nothing is delivered to the private address {address}; an administrator may allow it by --deliver-to"},
	"receiver_unknown":     {"找不到主机{host}", "there is no host {host}"},
	"receiver_certificate": {"接收方的证书不可信", "the receiver's certificate cannot be trusted"},
	"receiver_slow":        {"接收方{seconds}秒内没有回应", "the receiver did not answer within {seconds} seconds"},
	"receiver_closed":      {"接收方的端口没有服务", "nothing listens at the receiver's port"},
	"receiver_away":        {"没有连上接收方", "the receiver could not be reached"},
	"receiver_refused":     {"接收方以{status}回应", "the receiver answered with {status}"},

	"loss.cut":       {"{field}：{n}个值超过254字节，已截短", "{field}: values longer than 254 bytes, cut short: {n}"},
	"loss.cell":      {"{field}：{n}个值超过{most}字，已截短", "{field}: values longer than {most} characters, cut short: {n}"},
	"loss.letters":   {"{field}：{n}个值中有GBK没有的字，已写作“?”", "{field}: values with characters that GBK lacks, written as \"?\": {n}"},
	"loss.null":      {"{field}：{n}个空值；多数程序会读作0", "{field}: values that are null, which most programs read as 0: {n}"},
	"loss.system":    {"没有.prj：{system}没有标准写法，读入时请自行注明", "there is no .prj: nobody has a standard name for {system}; say it when you read the file"},
	"loss.placeless": {"没有图形的{n}项未写入：FlatGeobuf存不下", "left out, because FlatGeobuf holds nothing without a geometry: {n}"},

	"dictionary.head":      {"字段说明", "Fields"},
	"dictionary.losses":    {"格式存不下的", "What the format cannot hold"},
	"dictionary.synthetic": {"演示数据，纯属虚构", "demonstration data, synthetic"},
	"dictionary.revision":  {"方案修订号：{revision}", "revision of the plan: {revision}"},
	"dictionary.system":    {"坐标系：{system}", "coordinate system: {system}"},
}
