package importers

import "gridwright/plan/words"

// Sentences holds every sentence of this package, first in Chinese, then in English. Keys are stable: reports name them.
var Sentences = words.Table{
	"place.feature": {"第{feature}个要素（第{line}行，第{byte}字节）", "feature {feature} (line {line}, byte {byte})"},
	"place.byte":    {"第{line}行（第{byte}字节）", "line {line} (byte {byte})"},
	"place.line":    {"第{line}行", "line {line}"},
	"place.and":     {"{place}：{words}", "{place}: {words}"},

	"file.empty":   {"文件是空的", "the file is empty"},
	"file.no_rows": {"文件里没有一行数据", "the file holds no rows"},
	"file.unknown": {"不认识“{ending}”文件：可导入GeoJSON和CSV", "a \"{ending}\" file is not known here: GeoJSON and CSV are"},
	"file.no_json": {"这不是JSON：文件以“{text}”开头", "this is no JSON: the file begins with \"{text}\""},
	"file.markup":  {"这是网页或XML，不是数据：下载时可能得到了登录页或出错页", "this is a web page or XML, not data: perhaps a login or error page was downloaded"},
	"file.zip":     {"这是压缩包（或XLSX）：请先解压，或另存为CSV", "this is a ZIP archive (or XLSX): unpack it first, or save it as CSV"},
	"file.gzip":    {"这是gzip压缩文件：请先解压", "this file is compressed with gzip: unpack it first"},
	"file.gpkg":    {"这是GeoPackage或SQLite文件：请先导出为GeoJSON", "this is a GeoPackage or SQLite file: export it as GeoJSON first"},
	"file.shp":     {"这是Shapefile：请先导出为GeoJSON（UTF-8，经纬度）", "this is a shapefile: export it as GeoJSON first (UTF-8, longitude and latitude)"},
	"file.pdf":     {"这是PDF，不是数据", "this is a PDF, not data"},
	"file.utf16":   {"文件是UTF-16编码：请另存为UTF-8", "the file is in UTF-16: save it as UTF-8"},
	"file.osm":     {"这是OpenStreetMap数据：请用--layer osm导入", "this is OpenStreetMap data: import it with --layer osm"},
	"not_utf8":     {"文字不是UTF-8编码（也许是GB18030或GBK）：请另存为UTF-8", "the text is not UTF-8 (GB18030 or GBK perhaps): save it as UTF-8"},

	"json.truncated":        {"文件到此中断，不完整", "the file breaks off here"},
	"json.unexpected":       {"JSON写法有误：此处不应出现“{found}”", "this is no JSON: \"{found}\" cannot stand here"},
	"json.number":           {"“{text}”不是JSON的数", "\"{text}\" is no number of JSON"},
	"json.too_deep":         {"JSON嵌套超过{depth}层", "the JSON is nested more than {depth} deep"},
	"json.string_too_long":  {"一段文字或一个数超过1 MB", "a string or number is longer than 1 MB"},
	"json.feature_too_long": {"一个要素超过{megabytes} MB", "a feature is longer than {megabytes} MB"},
	"json.twice":            {"“{name}”写了两次", "\"{name}\" stands twice"},

	"geojson.not":         {"这不是GeoJSON的FeatureCollection或Feature（type为“{type}”）", "this is neither a FeatureCollection nor a Feature of GeoJSON (its type is \"{type}\")"},
	"geojson.no_features": {"FeatureCollection没有要素数组features", "the FeatureCollection has no array of features"},
	"geojson.more":        {"结尾之后还有内容", "something follows after the end"},
	"geojson.crs":         {"坐标系是“{name}”：请先转换为经纬度（CGCS2000或WGS 84）", "the coordinates are in \"{name}\": convert them to longitude and latitude (CGCS2000 or WGS 84) first"},
	"geojson.no_feature":  {"这不是Feature", "this is no Feature"},
	"geojson.properties":  {"properties不是对象", "the properties are no object"},

	"row.column_twice": {"列“{column}”写了两次", "the column \"{column}\" stands twice"},

	"geometry.none":        {"geometry不是几何图形", "the geometry is none"},
	"geometry.kind":        {"几何类型是“{kind}”，应为{wanted}", "the geometry is a \"{kind}\", it must be a {wanted}"},
	"geometry.coordinates": {"坐标的层次与几何类型不符", "the coordinates are not nested as the geometry's type demands"},
	"geometry.projected":   {"坐标{x} {y}不是经纬度，看来是投影坐标（米）：请先转换为经纬度", "{x} {y} is no longitude and latitude, it looks projected (metres): convert it first"},
	"geometry.swapped":     {"坐标{x} {y}：纬度不会超过90度，经纬度可能颠倒了", "{x} {y}: no latitude is beyond 90 degrees; longitude and latitude look swapped"},
	"geometry.beyond":      {"坐标{x} {y}超出经度±180、纬度±90", "{x} {y} lies beyond ±180 degrees of longitude or ±90 of latitude"},
	"geometry.open":        {"有一条边界线没有闭合（{at}处）", "a ring is not closed (at {at})"},
	"geometry.short":       {"一条线至少要有两个点（{at}处）", "a line needs at least two points (at {at})"},
	"geometry.few":         {"有一条边界线不足三个角（{at}处）", "a ring has fewer than three corners (at {at})"},

	"osm.not":         {"这不是OpenStreetMap数据：应为.osm.pbf或.osm文件", "this is no extract of OpenStreetMap: it must be an .osm.pbf or .osm file"},
	"osm.truncated":   {"文件到此中断，不完整", "the file breaks off here"},
	"osm.damaged":     {"PBF文件的第{block}块已损坏", "block {block} of the PBF file is damaged"},
	"osm.compression": {"PBF文件不是用zlib压缩的：请用osmium cat -f pbf重写", "the PBF file is not compressed with zlib: rewrite it with osmium cat -f pbf"},
	"osm.plain_nodes": {"PBF文件的节点没有用DenseNodes：请用osmium cat -f pbf重写", "the nodes of the PBF file are no DenseNodes: rewrite it with osmium cat -f pbf"},
	"osm.history":     {"这是带历史版本的文件：请先用osmium time-filter取某一天的状态", "this file holds old versions, too: take the state of one day first, with osmium time-filter"},
	"osm.feature":     {"PBF文件要求读者懂得“{feature}”，这里不懂", "the PBF file asks its reader to know \"{feature}\", which this one does not"},
	"osm.xml":         {"XML写法有误", "the XML is broken"},
	"osm.value":       {"有一个属性值读不懂：{why}", "the value of an attribute cannot be read: {why}"},
	"osm.nowhere":     {"节点{node}的坐标{x} {y}不是经纬度", "the place of node {node}, {x} {y}, is no longitude and latitude"},
	"osm.too_large":   {"文件里要导入的线和面超过{most}个点：请先裁成较小的范围", "the lines and areas to be taken have more than {most} points: cut a smaller extract first"},

	"wkt.not":    {"几何列的内容不是WKT或GeoJSON：“{text}”", "the geometry column holds neither WKT nor GeoJSON: \"{text}\""},
	"wkt.short":  {"WKT没有写完：括号没有闭合", "the WKT breaks off: a parenthesis is not closed"},
	"wkt.broken": {"WKT写法有误，从“{text}”起", "the WKT is broken from \"{text}\" on"},

	"csv.unnamed":         {"表头第{n}列没有名称", "column {n} of the header has no name"},
	"csv.header_twice":    {"表头有两个“{column}”列", "the header names the column \"{column}\" twice"},
	"csv.two_geometries":  {"“{a}”和“{b}”都像是几何列，只能有一个", "both \"{a}\" and \"{b}\" look like the geometry column: there can be one"},
	"csv.ragged":          {"列数与表头不同", "the record has not as many columns as the header"},
	"csv.quote":           {"引号不成对，或出现在字段中间", "a quote is not closed, or stands within a field"},
	"csv.record_too_long": {"一行超过{megabytes} MB，可能是引号没有闭合", "a record is longer than {megabytes} MB; perhaps a quote is not closed"},
	"csv.cell_geojson":    {"几何列的GeoJSON有误：{why}", "the GeoJSON in the geometry column is wrong: {why}"},
}
