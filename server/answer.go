package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gorilla/mux"
	tag "golang.org/x/text/language"

	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
)

// handler answers a request or returns why not; answer turns the error into a problem.
type handler func(w http.ResponseWriter, r *http.Request) error

// maxBody bounds what a request may send: no request of the planning API is longer.
const maxBody = 8 << 20

// answer wraps a handler: it counts, limits the body, and writes an error as a problem, logged once here.
func (s *Server) answer(route string, h handler) http.Handler { return s.answerUpTo(route, maxBody, h) }

// answerUpTo is answer for bodies of another limit, in bytes.
func (s *Server) answerUpTo(route string, limit int64, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		out := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		r.Body = http.MaxBytesReader(out, r.Body, limit)
		err := func() (err error) {
			defer func() {
				p := recover()
				if p == http.ErrAbortHandler {
					panic(p) // the answer is broken off, and whoever reads it is to see that
				}
				if p != nil {
					err = plan.Refuse(plan.Internal, "internal", nil)
					s.Log.Error("panic", "route", route, "err", p)
				}
			}()
			return h(out, r)
		}()
		if err != nil && !out.wrote && !errors.Is(err, context.Canceled) {
			p := problemOf(err, language(r), r.URL.Path)
			if p.Status >= 500 {
				s.Log.Error("request failed", "route", route, "status", p.Status, "err", err)
			}
			writeProblem(out, p)
		}
		s.metrics.request(route, r.Method, out.status, time.Since(began))
	})
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *statusWriter) WriteHeader(status int) {
	w.status, w.wrote = status, true
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.wrote = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController find Flush.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// language is the one the reader asks for: by the query, which a link can carry, or by the header, whose languages are
// put in the order of their weights first; one of weight 0 is refused, not wanted.
func language(r *http.Request) words.Lang {
	if l := r.URL.Query().Get("lang"); l != "" {
		return words.FromHeader(l)
	}
	accept := r.Header.Get("Accept-Language")
	wanted, _, err := tag.ParseAcceptLanguage(accept)
	if err != nil {
		return words.FromHeader(accept)
	}
	names := make([]string, len(wanted))
	for i, t := range wanted {
		names[i] = t.String()
	}
	return words.FromHeader(strings.Join(names, ","))
}

// problem is an RFC 9457 problem document.
type problem struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Status   int       `json:"status"`
	Detail   string    `json:"detail"`
	Instance string    `json:"instance,omitempty"`
	Code     string    `json:"code"`
	Base     *editView `json:"base,omitempty"`
	Mine     *editView `json:"mine,omitempty"`
	Theirs   *editView `json:"theirs,omitempty"`

	Refused  []refusedView  `json:"refused,omitempty"`  // all that is wrong with a correction or a returned sheet
	Findings []blockingView `json:"findings,omitempty"` // that keep a plan from being published
}

// refusedView is one thing that is wrong with what was sent.
type refusedView struct {
	Field string `json:"field"` // or the cell
	Place string `json:"place"` // the row or the file
	Value string `json:"value"`
	Words string `json:"words"`
}

// blockingView is a finding that keeps a plan from being published.
type blockingView struct {
	Rule  string `json:"rule"`
	Words string `json:"words"`
}

// kinds is the one table that turns a fault's kind into a status and a title.
var kinds = map[plan.Kind]struct {
	status int
	title  [2]string
}{
	plan.Internal:    {http.StatusInternalServerError, [2]string{"系统内部错误", "internal error"}},
	plan.Invalid:     {http.StatusUnprocessableEntity, [2]string{"请求不成立", "the request cannot be carried out"}},
	plan.NotFound:    {http.StatusNotFound, [2]string{"没有找到", "not found"}},
	plan.Stale:       {http.StatusConflict, [2]string{"方案已有变动", "the plan has moved on"}},
	plan.Wrong:       {http.StatusConflict, [2]string{"现在不能这样做", "not possible now"}},
	plan.Unavailable: {http.StatusServiceUnavailable, [2]string{"暂时不可用", "unavailable for now"}},
}

// refusal is a fault of HTTP itself, with its status: a body that is no JSON, a header that is missing.
type refusal struct {
	status int
	code   string
	args   words.Args
}

func (f *refusal) Error() string { return f.In(words.En) }

// In returns the sentence a reader gets. It may stand in the blank of another.
func (f *refusal) In(l words.Lang) string { return sentences.Say(l, f.code, f.args) }

// title is what a refusal is at large; the sentence says the rest.
func (f *refusal) title(l words.Lang) string {
	if f.status == http.StatusNotFound {
		return kinds[plan.NotFound].title[l]
	}
	return sentences.Say(l, "refused", nil)
}

func refuse(status int, code string, args words.Args) error { return &refusal{status, code, args} }

// speaking is an error that has its own sentence in both languages.
type speaking interface {
	error
	words.Speaker
}

// coded is why a file cannot be taken, in the words of the room that reads it.
type coded interface {
	speaking
	Code() string
}

// problemOf words an error for the reader. The outermost error that speaks is heard: another room's fault wraps one of
// plan for its kind and has its sentence itself. What is not a fault meant for him is said in general; the log has it whole.
func problemOf(err error, l words.Lang, path string) problem {
	if f, ok := errors.AsType[*refusal](err); ok {
		return problem{Type: "about:blank", Title: f.title(l), Status: f.status, Detail: f.In(l), Instance: path, Code: f.code}
	}
	if f, ok := errors.AsType[coded](err); ok {
		return problem{Type: "about:blank", Title: sentences.Say(l, "refused", nil), Status: http.StatusUnprocessableEntity, Detail: f.In(l), Instance: path, Code: f.Code()}
	}
	fault, ok := errors.AsType[*plan.Fault](err)
	if !ok {
		fault = plan.Refuse(plan.Internal, "internal", nil)
	}
	var said speaking = fault
	if ok {
		said, _ = errors.AsType[speaking](err)
	}
	k := kinds[fault.Kind]
	p := problem{Type: "about:blank", Title: k.title[l], Status: k.status, Detail: said.In(l), Instance: path, Code: fault.Key}
	if c, ok := errors.AsType[*plan.Conflict](err); ok {
		p.Base, p.Mine, p.Theirs = viewOf(c.Base), viewOf(c.Mine), viewOf(c.Theirs)
	}
	if u, ok := errors.AsType[*intake.Unfit](err); ok {
		for _, f := range u.Refused {
			p.Refused = append(p.Refused, refusedView{f.Field, f.Place, f.Value, f.In(l)})
		}
	}
	if b, ok := errors.AsType[*plan.Blocked](err); ok {
		for _, f := range b.Findings {
			if f.Severity == plan.Err {
				p.Findings = append(p.Findings, blockingView{f.Rule, f.In(l)})
			}
		}
	}
	switch fault.Key {
	case "plan.name_changed", "import.changed", "setting.changed", "staff.changed", "bounds.changed", "walk.changed":
		p.Status = http.StatusPreconditionFailed
	case "plan.no_if_match":
		p.Status = http.StatusPreconditionRequired
	}
	return p
}

func writeProblem(w http.ResponseWriter, p problem) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "2")
	}
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}

// writeJSON answers with a document that is fresh each time.
func writeJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeBody(w, status, body)
}

// writeKept answers with a document that a reader keeps and asks for again by its tag.
func writeKept(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := json.Marshal(v)
	if err != nil || notModified(w, r, contentTag(body)) {
		return err
	}
	return writeBody(w, http.StatusOK, body)
}

func writeBody(w http.ResponseWriter, status int, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Add("Vary", "Accept-Language")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}

// numberIn returns the number an address names its thing by; one of too many digits is 0, which nothing has.
func numberIn(r *http.Request) int64 {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// readJSON reads a request's body, refusing what is no JSON, has members nobody knows, or goes on afterwards.
func readJSON(r *http.Request, into any) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "body.type", nil)
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return refuse(http.StatusRequestEntityTooLarge, "body.size", words.Args{"limit": maxBody >> 20})
		}
		return refuse(http.StatusBadRequest, "body.json", words.Args{"why": whyNot(err)})
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refuse(http.StatusBadRequest, "body.more", nil)
	}
	return nil
}

// whyNot says what is wrong with a JSON text in the words of JSON, not of the types it was to go into.
func whyNot(err error) words.Speaker {
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		wanted := &refusal{code: "json." + jsonKind(kind.Type)}
		if kind.Field == "" {
			return &refusal{code: "json.whole", args: words.Args{"wanted": wanted}}
		}
		return &refusal{code: "json.field", args: words.Args{"field": kind.Field, "wanted": wanted}}
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &refusal{code: "json.syntax", args: words.Args{"at": syntax.Offset}}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &refusal{code: "json.unknown", args: words.Args{"field": strings.Trim(name, `"`)}}
	}
	return &refusal{code: "json.cut"}
}

// jsonKind names what JSON has for a Go type.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "text"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Pointer:
		return jsonKind(t.Elem())
	default:
		return "whole_number"
	}
}

// legible refuses a text with control characters: no name has them, and the database cannot keep NUL.
func legible(name, text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return refuse(http.StatusUnprocessableEntity, "text.control", words.Args{"name": name})
	}
	return nil
}

// sentences are what the server itself has to say.
var sentences = words.Table{
	"refused":      {"请求不成立", "the request cannot be carried out"},
	"body.type":    {"请求体须为application/json", "the body must be application/json"},
	"body.size":    {"请求体超过{limit}兆字节", "the body is longer than {limit} MB"},
	"body.json":    {"请求体不是所需的JSON：{why}", "the body is not the JSON that is needed: {why}"},
	"body.more":    {"JSON之后还有多余内容", "something follows the JSON"},
	"no_route":     {"没有这个地址", "there is no such address"},
	"method":       {"此地址不接受{method}，只接受{allowed}", "this address does not take {method}, only {allowed}"},
	"host":         {"请求所写的主机名不是本机；若经本机代理转发，代理须设X-Forwarded-Host", "the request names a host that is not this machine; a proxy on this machine must set X-Forwarded-Host"},
	"origin":       {"请求来自其他网站的页面", "the request comes from a page of another site"},
	"text.control": {"{name}中有控制字符", "there are control characters in {name}"},
	"key.text":     {"Idempotency-Key不是UTF-8文本", "the Idempotency-Key is not UTF-8 text"},

	"json.field":        {"{field}应为{wanted}", "{field} must be {wanted}"},
	"json.whole":        {"整体应为{wanted}", "it must be {wanted} as a whole"},
	"json.syntax":       {"第{at}字节处有语法错误", "a mistake of syntax at byte {at}"},
	"json.unknown":      {"没有{field}这一项", "there is no member {field}"},
	"json.cut":          {"内容不完整", "it ends too early"},
	"json.bool":         {"true或false", "true or false"},
	"json.text":         {"字符串", "a string"},
	"json.list":         {"数组", "an array"},
	"json.object":       {"对象", "an object"},
	"json.number":       {"数", "a number"},
	"json.whole_number": {"整数（须在允许范围内）", "a whole number, neither too large nor too small"},

	"fill_in.gone":   {"{layer}{code}已不在底册中", "the {layer} {code} is in the base book no more"},
	"fill_in.long":   {"{area}的楼栋或小区超过{most}个，一张补录表列不下", "{area} has more than {most} buildings or compounds: more than a fill-in sheet lists"},
	"fill_in.no_row": {"底册中没有代码为{area}的社区", "there is no community {area} in the base book"},

	"query.unknown": {"没有参数“{name}”", "there is no parameter \"{name}\""},

	"change.count":      {"更正{thing}的数量", "counts of {thing}"},
	"change.add":        {"新增{thing}", "{thing} added"},
	"change.move":       {"重画{thing}", "{thing} drawn anew"},
	"change.remove":     {"删除{thing}", "{thing} removed"},
	"change.attributes": {"更正{thing}的属性", "attributes of {thing}"},
	"change.border":     {"重画{thing}与{neighbour}之间的界线", "border between {thing} and {neighbour} drawn anew"},
	"change.undo":       {"撤回更正{undone}（{thing}）", "correction {undone} taken back ({thing})"},

	"query.value":  {"参数{name}的值“{value}”不成立", "\"{value}\" is no value for the parameter {name}"},
	"tile.place":   {"没有{z}/{x}/{y}这个瓦片", "there is no tile {z}/{x}/{y}"},
	"tile.layer":   {"没有“{layer}”这个图层", "there is no layer \"{layer}\""},
	"key.long":     {"Idempotency-Key过长：至多200个字符", "the Idempotency-Key is too long: 200 characters at most"},
	"build.queued": {"排队中", "waiting"},

	"import.waiting":  {"排队中", "waiting"},
	"import.read":     {"已读{done}行", "rows read: {done}"},
	"import.cover":    {"正在核对边界：{done}/{total}", "checking borders: {done} of {total}"},
	"import.store":    {"正在比对{total}行", "comparing rows: {total}"},
	"import.empty":    {"文件是空的", "the file is empty"},
	"import.broken":   {"文件没有收全：连接中断", "the file has not come in full: the connection broke"},
	"import.template": {"模板“{template}”用到的列{columns}文件里没有", "the template \"{template}\" makes use of the columns {columns}, which the file does not have"},
	"import.refused":  {"试算中有{n}行有误，没有可以入库的：请改正，或决定跳过坏行后重新试算", "{n} rows were refused in the trial and nothing can be stored: mend them, or decide to leave them out, and try again"},

	"locate.at":      {"参数plan和at只能给一样：草案没有日期", "give plan or at, not both: drafts have no day"},
	"locate.both":    {"地址和坐标只能给一样", "give an address or a position, not both"},
	"locate.address": {"请写一个地址，至多{most}个字", "give an address of at most {most} characters"},
	"locate.no_plan": {"还没有已算好的方案", "there is no plan with a result yet"},
	"locate.many":    {"一次至多{limit}个点", "{limit} points at a time at most"},
	"locate.point":   {"第{row}个点：{lon} {lat}不是经纬度", "point {row}: {lon} {lat} is no longitude and latitude"},
	"locate.absent":  {"第{row}个点缺少lon或lat", "point {row} has no lon or no lat"},
	"locate.number":  {"第{row}个点：“{text}”不是数", "point {row}: \"{text}\" is no number"},
	"locate.csv":     {"CSV不成立，见第{line}行", "the CSV is broken, see line {line}"},
	"locate.columns": {"CSV第一行须有lon和lat两列，各一次", "the first line of the CSV must have the columns lon and lat, once each"},
	"locate.taken":   {"CSV中已有名为“{column}”的列，结果要用这个名字", "the CSV has a column \"{column}\" already, a name the answer needs"},
	"locate.text":    {"CSV不是UTF-8文本", "the CSV is no UTF-8 text"},
	"locate.type":    {"请求体须为application/json或text/csv", "the body must be application/json or text/csv"},

	"ogc.collection": {"没有“{collection}”这个集合", "there is no collection \"{collection}\""},
	"ogc.feature":    {"集合“{collection}”中没有“{feature}”", "there is no \"{feature}\" in the collection \"{collection}\""},
	"ogc.parameter":  {"没有参数“{name}”；可用：{names}", "there is no parameter \"{name}\"; there are: {names}"},
	"ogc.filter":     {"过滤条件不能用：{why}", "the filter cannot be used: {why}"},
	"ogc.matrix_set": {"没有瓦片矩阵集“{name}”；有：{names}", "there is no tile matrix set \"{name}\"; there are: {names}"},
	"ogc.twice":      {"参数“{name}”写了不止一次", "the parameter \"{name}\" is there more than once"},
	"ogc.title":      {"gridwright：区划、地块与网格", "gridwright: areas, blocks and grids"},
	"ogc.about":      {"图层和方案的要素，供地理信息系统读取（OGC API Features）", "The features of layers and plans, for geographic information systems (OGC API Features)"},
	"ogc.synthetic":  {"演示数据，纯属虚构。", "Demonstration data, synthetic. "},
	"ogc.grids":      {"方案{plan}的网格：{name}", "Grids of plan {plan}: {name}"},
	"ogc.division":   {"已公布的网格", "published grids"},
	"ogc.block":      {"地块", "blocks"},
	"ogc.border":     {"地块边界上的阻隔", "barriers along the borders of blocks"},

	"ogc.road":         {"道路", "roads"},
	"ogc.water":        {"水系", "water"},
	"ogc.railway":      {"铁路", "railways"},
	"ogc.wall":         {"围墙", "walls"},
	"ogc.building":     {"楼栋", "buildings"},
	"ogc.compound":     {"小区、院落", "compounds"},
	"ogc.organisation": {"驻区单位", "organisations"},

	"plan.copy":        {"{name}（副本）", "{name} (copy)"},
	"delete.log":       {"“{name}”连同全部修改记录将被永久删除，不能恢复。", "\"{name}\" and its whole history are deleted for good."},
	"delete.comments":  {"其中有{n}条意见，一并删除。", "Its {n} comments go with it."},
	"delete.posts":     {"有{n}个岗位安排在这个方案里，将失去所在的网格。", "{n} posts are placed in it and lose their grids."},
	"delete.plans":     {"有{n}个方案是从它做出来的，它们保留不变。", "{n} plans were made from it; they stay as they are."},
	"delete.published": {"“{name}”已公布过{n}次，公布的成果永久保留，因此不能删除；可以归档。", "\"{name}\" was published {n} times. What was published stays, so it cannot be deleted; it can be archived."},
	"delete.confirm":   {"{words}确认删除请加参数confirm=true", "{words} To delete it all the same add confirm=true"},
	"comment.gone":     {"当时所在的网格“{grid}”已不存在", "the grid it was pinned to, \"{grid}\", is gone"},
	"comment.apart":    {"网格“{grid}”与“{other}”现已不相邻", "the grids \"{grid}\" and \"{other}\" touch no more"},

	"terms.word": {"用语“{word}”改为“{said}”不成立：每个须有1至40字，不含尖括号和花括号", "\"{said}\" cannot be said for \"{word}\": both need 1 to 40 characters, without angle brackets and braces"},
	"terms.many": {"每种语言至多改{most}个用语", "{most} words of a language at most"},

	"recode.title":    {"改码对照表", "old and new codes"},
	"recode.nothing":  {"各网格都已有此规则的编码", "all grids have codes of the scheme already"},
	"recode.number":   {"序号", "No."},
	"recode.parent":   {"所属区划代码", "area"},
	"recode.old":      {"原编码", "old code"},
	"recode.new":      {"新编码", "new code"},
	"recode.old_name": {"原名称", "old name"},
	"recode.new_name": {"新名称", "new name"},

	"list.long":       {"{name}过多：至多{most}个", "{name} are too many: {most} at most"},
	"text.long":       {"{name}过长：至多{most}个字", "{name} is too long: {most} characters at most"},
	"staff.full_time": {"{post}（专职）", "{post}, full-time"},
	"staff.part_time": {"{post}（兼职）", "{post}, part-time"},
	"staff.method": {"把有人担任、尚未分配的专职网格员岗位，分给专职网格员不足的网格：网格不拆分；先让每人的第二个及以后的网格户数最少（没有人管两个网格而别人闲着），再让到网格的总距离最短。用匈牙利算法求得的最优解，超过户数上限的会标出",
		"Full-time posts of grid workers that are held and not placed go to grids that have too few: whole grids; first the households on anybody's second and later grids are made as few as can be, so that nobody has two while another has none, then the way to the grids as short as can be. This is the exact optimum, by the Hungarian method; who gets more than the limit is marked"},

	"density.none": {"没有可供统计的地块", "there are no blocks to gather"},
}
