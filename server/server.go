// Package server answers over HTTP: the planning API, vector tiles and the map page. It decides nothing about grids; it
// reads requests, asks the store and the plan, and words the answer in the reader's language.
package server

import (
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"gridwright/importers/intake"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Config is what a server needs.
type Config struct {
	Store *postgis.Store
	// Base is the path the server answers under, behind a proxy: "" or "/grids". Defaults to "".
	Base string
	// Page is the built map page. Defaults to the one embedded in the program.
	Page fs.FS
	// Version of the program, shown on the page and in reports.
	Version string
	Log     *slog.Logger
	// ShowContacts lets telephones of staff be seen whole. Defaults to masked.
	ShowContacts bool
}

// Server answers requests; make it with New and start it with Run.
type Server struct {
	Config
	rooms     *rooms
	layers    *layers
	tiles     *tileCache
	published divisions
	books     books
	addresses intake.Addresses
	hub       *hub
	metrics   *metrics
	handler   http.Handler
}

// New returns a server that is ready to answer. Run must run beside it for changes to be heard.
func New(c Config) *Server {
	if c.Page == nil {
		c.Page = builtPage()
	}
	s := &Server{Config: c, rooms: newRooms(c.Store), layers: newLayers(c.Store), tiles: newTileCache(), hub: newHub(), metrics: newMetrics()}
	s.handler = secure(s.guard(compress(s.routes())))
	return s
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// routes is the table of everything the server answers; openapi.json describes the same, and a test compares them.
func (s *Server) routes() *mux.Router {
	r := mux.NewRouter()
	on := func(path string, h handler, methods ...string) {
		r.Handle(s.Base+path, s.answer(path, h)).Methods(methods...)
	}
	get := func(path string, h handler) { on(path, h, http.MethodGet, http.MethodHead) }
	post := func(path string, h handler) { on(path, h, http.MethodPost) }

	get("/healthz", s.healthz)
	get("/readyz", s.readyz)
	get("/metrics", s.showMetrics)
	get("/api/openapi.json", s.openAPI)
	get("/api/v1/status", s.status)
	get("/api/v1/areas", s.areas)
	get("/api/v1/density", s.density)
	get("/api/v1/imports", s.imports)
	r.Handle(s.Base+"/api/v1/imports", s.answerUpTo("/api/v1/imports", maxFile, s.bringFile)).Methods(http.MethodPost)
	get("/api/v1/imports/{id:[0-9]+}", s.getImport)
	on("/api/v1/imports/{id:[0-9]+}", s.decideImport, http.MethodPatch)
	on("/api/v1/imports/{id:[0-9]+}", s.dropImport, http.MethodDelete)
	post("/api/v1/imports/{id:[0-9]+}/inspect", s.inspectImport)
	post("/api/v1/imports/{id:[0-9]+}/trial", s.tryImport)
	post("/api/v1/imports/{id:[0-9]+}/commit", s.commitImport)
	post("/api/v1/imports/{id:[0-9]+}/cancel", s.cancelImport)
	get("/api/v1/imports/{id:[0-9]+}/preview.geojson", s.previewImport)
	get("/api/v1/imports/{id:[0-9]+}/refused.csv", s.refusedRows)
	get("/api/v1/import-templates", s.importTemplates)
	get("/api/v1/import-templates/{name}", s.importTemplate)
	on("/api/v1/import-templates/{name}", s.keepImportTemplate, http.MethodPut)
	on("/api/v1/import-templates/{name}", s.dropImportTemplate, http.MethodDelete)
	get("/api/v1/ground/builds", s.builds)
	post("/api/v1/ground/builds", s.requestBuild)
	get("/api/v1/ground/builds/{id:[0-9]+}", s.build)
	post("/api/v1/ground/builds/{id:[0-9]+}/cancel", s.cancelBuild)
	get("/api/v1/ground/findings", s.groundFindings)
	on("/api/v1/ground/findings/{id:[0-9]+}/ruling", s.rule, http.MethodPut)
	on("/api/v1/ground/findings/{id:[0-9]+}/ruling", s.unrule, http.MethodDelete)
	get("/api/v1/locate", s.locateOne)
	post("/api/v1/locate", s.locateMany)
	get("/api/v1/ground/links", s.links)
	post("/api/v1/ground/links", s.link)
	on("/api/v1/ground/links/{id:[0-9]+}", s.unlink, http.MethodDelete)
	get("/api/v1/basebook", s.basebook)
	get("/api/v1/basebook/kinds", s.basebookKinds)
	get("/api/v1/basebook/changes", s.changes)
	post("/api/v1/basebook/changes", s.makeChange)
	get("/api/v1/basebook/changes/{id}", s.change)
	post("/api/v1/basebook/changes/{id}/undo", s.undoChange)
	get("/api/v1/basebook/sheets", s.fillIns)
	r.Handle(s.Base+"/api/v1/basebook/sheets", s.answerUpTo("/api/v1/basebook/sheets", maxReturned, s.returnSheets)).Methods(http.MethodPost)
	on("/api/v1/basebook/sheets.zip", s.fillInZip, http.MethodGet)
	on("/api/v1/basebook/{community}/sheet.xlsx", s.fillInSheet, http.MethodGet)
	get("/api/v1/features/{layer}", s.findFeatures)
	get("/api/v1/plans", s.plans)
	post("/api/v1/plans", s.createPlan)
	get("/api/v1/plans/{id}", s.plan)
	on("/api/v1/plans/{id}", s.changePlan, http.MethodPatch)
	on("/api/v1/plans/{id}", s.deletePlan, http.MethodDelete)
	post("/api/v1/plans/{id}/copy", s.copyPlan)
	get("/api/v1/plans/{id}/dependents", s.dependents)
	get("/api/v1/plans/{id}/compare/{other}", s.compare)
	get("/api/v1/subscriptions", s.subscriptions)
	post("/api/v1/subscriptions", s.subscribe)
	on("/api/v1/subscriptions/{id:[0-9]+}", s.unsubscribe, http.MethodDelete)
	get("/api/v1/subscriptions/{id:[0-9]+}/deliveries", s.deliveries)
	post("/api/v1/deliveries/{id:[0-9]+}/replay", s.replay)
	get("/api/v1/settings/terms", s.terms)
	on("/api/v1/settings/terms", s.putTerms, http.MethodPut)
	get("/api/v1/plans/{id}/search", s.search)
	get("/api/v1/plans/{id}/comments", s.comments)
	post("/api/v1/plans/{id}/comments", s.comment)
	on("/api/v1/plans/{id}/comments/{comment:[0-9]+}", s.resolveComment, http.MethodPatch)
	on("/api/v1/plans/{id}/comments/{comment:[0-9]+}", s.deleteComment, http.MethodDelete)
	post("/api/v1/plans/{id}/cancel", s.cancelPlan)
	post("/api/v1/plans/{id}/finish", s.finishPlan)
	get("/api/v1/plans/{id}/events", s.events)
	get("/api/v1/plans/{id}/first", s.first)
	get("/api/v1/plans/{id}/grids", s.grids)
	get("/api/v1/plans/{id}/grids.geojson", s.gridsGeoJSON)
	get("/api/v1/plans/{id}/export", s.export)
	get("/api/v1/plans/{id}/blocks", s.blocks)
	get("/api/v1/plans/{id}/assignment", s.assignment)
	get("/api/v1/plans/{id}/findings", s.findings)
	get("/api/v1/plans/{id}/edits", s.edits)
	post("/api/v1/plans/{id}/edits", s.edit)
	post("/api/v1/plans/{id}/undo", s.undo)
	post("/api/v1/plans/{id}/redo", s.redo)
	get("/api/v1/reports", s.reports)
	get("/api/v1/settings/reports", s.reportSettings)
	on("/api/v1/settings/reports", s.putReportSettings, http.MethodPut)
	get("/api/v1/plans/{id}/report", s.report)
	get("/api/v1/plans/{id}/missing", s.missing)
	get("/api/v1/plans/{id}/recode", s.recodePreview)
	get("/api/v1/plans/{id}/bounds", s.bounds)
	get("/api/v1/plans/{id}/grids/{code}/bounds", s.gridBounds)
	on("/api/v1/plans/{id}/grids/{code}/bounds", s.keepBounds, http.MethodPut)
	get("/api/v1/plans/{id}/grids/{code}/walk", s.walk)
	on("/api/v1/plans/{id}/grids/{code}/walk", s.noteWalk, http.MethodPut)
	get("/api/v1/codes/schemes", s.codeSchemes)
	on("/api/v1/codes/schemes", s.settleCodeSchemes, http.MethodPut)
	get("/api/v1/plans/{id}/check", s.check)
	post("/api/v1/plans/{id}/waivers", s.waive)
	on("/api/v1/plans/{id}/waivers/{waiver:[0-9]+}", s.unwaive, http.MethodDelete)
	get("/api/v1/plans/{id}/publish", s.outlook)
	post("/api/v1/plans/{id}/publish", s.publish)
	get("/api/v1/divisions", s.listDivisions)
	get("/api/v1/divisions/current", s.currentDivision)
	get("/api/v1/divisions/{id:[0-9]+}", s.getDivision)
	get("/api/v1/divisions/{id:current|[0-9]+}/grids.geojson", s.divisionGeoJSON)
	get("/api/v1/divisions/{id:current|[0-9]+}/export", s.exportDivision)
	get("/api/v1/divisions/{id:[0-9]+}/lineage", s.divisionLineage)
	get("/api/v1/divisions/{id:[0-9]+}/lineage.csv", s.divisionLineageCSV)
	get("/api/v1/divisions/{id:[0-9]+}/assignment.csv", s.divisionAssignment)
	get("/api/v1/divisions/{id:[0-9]+}/manifest", s.divisionManifest)
	get("/api/v1/changes", s.divisionChanges)
	get("/api/v1/plans/{id}/staff", s.planStaff)
	on("/api/v1/plans/{id}/staff/placements", s.placePosts, http.MethodPut)
	get("/api/v1/plans/{id}/staff/proposal", s.proposePlacings)
	post("/api/v1/plans/{id}/staff/carry", s.carryStaff)
	get("/api/v1/plans/{id}/contacts", s.contacts)
	get("/api/v1/plans/{id}/grids/{grid}/card", s.gridCard)
	on("/api/v1/plans/{id}/grids/{grid}/tags", s.setGridTags, http.MethodPut)
	get("/api/v1/plans/{id}/party", s.planParty)
	on("/api/v1/plans/{id}/party/{code}/grids", s.setPartyGrids, http.MethodPut)
	get("/api/v1/people", s.people)
	post("/api/v1/people", s.addPerson)
	get("/api/v1/people/rules", s.staffRules)
	on("/api/v1/people/rules", s.setStaffRules, http.MethodPut)
	get("/api/v1/people/{id:[0-9]+}", s.person)
	on("/api/v1/people/{id:[0-9]+}", s.changePerson, http.MethodPatch)
	post("/api/v1/people/{id:[0-9]+}/leave", s.leave)
	post("/api/v1/posts", s.addPost)
	on("/api/v1/posts/{id:[0-9]+}", s.changePost, http.MethodPatch)
	post("/api/v1/party/organisations", s.addPartyOrg)
	get("/api/v1/party/organisations/{code}", s.partyOrg)
	on("/api/v1/party/organisations/{code}", s.changePartyOrg, http.MethodPatch)
	post("/api/v1/party/affiliations", s.affiliate)
	on("/api/v1/party/committees", s.setCommittees, http.MethodPut)
	get("/ogc", s.ogcLanding)
	get("/ogc/", s.ogcLanding)
	get("/ogc/api", s.ogcAPI)
	get("/ogc/conformance", s.ogcConformance)
	get("/ogc/collections", s.ogcCollections)
	get("/ogc/collections/{collection}", s.ogcCollection)
	get("/ogc/collections/{collection}/schema", s.ogcSchema)
	get("/ogc/collections/{collection}/queryables", s.ogcSchema)
	get("/ogc/collections/{collection}/items", s.ogcItems)
	get("/ogc/collections/{collection}/items/{feature}", s.ogcItem)
	get("/ogc/collections/{collection}/tiles", s.ogcTilesets)
	get("/ogc/collections/{collection}/tiles/{set}", s.ogcTileset)
	get("/ogc/collections/{collection}/tiles/{set}/{z:[0-9]+}/{y:[0-9]+}/{x:[0-9]+}", s.ogcTile)
	get("/ogc/tileMatrixSets", s.ogcMatrixSets)
	get("/ogc/tileMatrixSets/{set}", s.ogcMatrixSet)
	get("/tiles/plans/{id}.json", s.planTileJSON)
	get("/tiles/plans/{id}/{rev:[0-9]+}/{z:[0-9]+}/{x:[0-9]+}/{y:[0-9]+}.mvt", s.planTileAt)
	get("/tiles/plans/{id}/{z:[0-9]+}/{x:[0-9]+}/{y:[0-9]+}.mvt", s.planTile)
	get("/tiles/plans/{id}/style.json", s.planStyle)
	get("/tiles/divisions/{id:current|[0-9]+}.json", s.divisionTileJSON)
	get("/tiles/divisions/{id:current|[0-9]+}/{z:[0-9]+}/{x:[0-9]+}/{y:[0-9]+}.mvt", s.divisionTile)
	get("/tiles/divisions/{id:current|[0-9]+}/style.json", s.divisionStyle)
	get("/tiles/{layer}.json", s.layerTileJSON)
	get("/tiles/{layer}/style.json", s.layerStyle)
	get("/tiles/{layer}/{z:[0-9]+}/{x:[0-9]+}/{y:[0-9]+}.mvt", s.layerTile)
	// What is left is no route, or the router would take it for one that fits and say 404 where 405 is true.
	r.NotFoundHandler = s.answer("/", s.page())
	r.MethodNotAllowedHandler = s.answer("/", func(w http.ResponseWriter, q *http.Request) error {
		return notAllowed(w, q, methodsOf(r, q))
	})
	return r
}

// methodsOf returns the methods in which the path of a request is served.
func methodsOf(r *mux.Router, q *http.Request) (methods []string) {
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut, http.MethodDelete} {
		var match mux.RouteMatch
		try := q.WithContext(q.Context())
		try.Method = method
		if r.Match(try, &match) && match.MatchErr == nil {
			methods = append(methods, method)
		}
	}
	return methods
}

func notAllowed(w http.ResponseWriter, r *http.Request, methods []string) error {
	allowed := strings.Join(methods, ", ")
	w.Header().Set("Allow", allowed)
	return refuse(http.StatusMethodNotAllowed, "method", words.Args{"method": r.Method, "allowed": allowed})
}

// secure sets what every answer carries: the page may load nothing from elsewhere and be framed by nobody.
func secure(next http.Handler) http.Handler {
	const policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self'; " +
		"object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// HTTPServer returns the net/http server for this handler with its limits. Answers have no time limit of their own: an
// event stream stays open.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
}

// CleanBase returns a base path as Config wants it, with a slash in front and none behind, and whether it is one.
func CleanBase(base string) (string, bool) {
	base = "/" + strings.Trim(base, "/")
	if base == "/" {
		return "", true
	}
	for _, part := range strings.Split(base[1:], "/") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~") != "" || strings.Trim(part, ".") == "" {
			return "", false
		}
	}
	return base, true
}
