package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
	"gridwright/sql/postgis"
)

// File is a file that another room writes for a package: the plan for other programs.
type File struct {
	Name     string // with its folders
	CRS      string // EPSG:4490
	Encoding string // of text: UTF-8 or GBK
	Features int
	// Write writes it and returns what its format could not hold.
	Write func(context.Context, io.Writer) ([]words.Speaker, error)
}

// bundle is a zip being written, with its manifest.
type bundle struct {
	zip   *zip.Writer
	files []bundled
}

// bundled is an entry of the manifest.
type bundled struct {
	Name     string   `json:"name"`
	Bytes    int64    `json:"bytes"`
	SHA256   string   `json:"sha256"`
	CRS      string   `json:"crs,omitempty"`
	Encoding string   `json:"encoding,omitempty"`
	Features int      `json:"features,omitempty"`
	Rows     int      `json:"rows,omitempty"`
	Lost     []string `json:"lost,omitempty"` // what the format could not hold
}

// counter hands on what is written, and takes its length and hash.
type counter struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

// Write hands on and counts.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.sum.Write(p[:n])
	c.n += int64(n)
	return n, err
}

// add writes an entry. What is packed already is stored as it is.
func (b *bundle) add(entry bundled, packed bool, write func(io.Writer) error) error {
	method := zip.Deflate
	if packed {
		method = zip.Store
	}
	out, err := b.zip.CreateHeader(&zip.FileHeader{Name: entry.Name, Method: method}) // without a time: equal plans, equal bytes
	if err != nil {
		return err
	}
	c := &counter{to: out, sum: sha256.New()}
	if err := write(c); err != nil {
		return err
	}
	entry.Bytes, entry.SHA256 = c.n, hex.EncodeToString(c.sum.Sum(nil))
	b.files = append(b.files, entry)
	return nil
}

// manifest is what a package says of itself, for programs.
type manifest struct {
	Plan      string                 `json:"plan"`
	Name      string                 `json:"name"`
	Revision  int64                  `json:"revision"`
	Division  string                 `json:"division,omitempty"` // digest of the published division
	Effective string                 `json:"effective,omitempty"`
	DataDate  string                 `json:"data_date"`
	Synthetic bool                   `json:"synthetic"`
	Hash      string                 `json:"hash"`
	Recipe    plan.Recipe            `json:"recipe"`
	Grids     int                    `json:"grids"`
	Blocks    int                    `json:"blocks"`
	Totals    map[plan.Measure]int64 `json:"totals"`
	Files     []bundled              `json:"files"`
	Missing   []string               `json:"missing"`
}

// close writes the manifest and ends the zip.
func (b *bundle) close(p *Paper, missing []string) error {
	g := p.Snapshot.Ground
	m := manifest{Plan: p.Plan.String(), Name: p.Name, Revision: p.Snapshot.Revision, DataDate: g.DataDate, Synthetic: g.Synthetic, Hash: p.Hash(),
		Recipe: p.Snapshot.Recipe, Grids: p.Snapshot.GridCount(), Blocks: len(g.Blocks), Totals: map[plan.Measure]int64{}, Files: b.files, Missing: append([]string{}, missing...)}
	if d := p.Division; d != nil {
		m.Division, m.Effective = d.Digest, string(d.Effective)
	}
	for i, measure := range g.Measures {
		m.Totals[measure] = g.Total(i)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	err = b.add(bundled{Name: "manifest.json"}, false, func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
	return errors.Join(err, b.zip.Close())
}

// feed writes the files of other rooms into a folder. A shapefile comes as a zip and is laid out as its files. One that cannot be written
// here is said to be missing, and the rest goes on.
func (b *bundle) feed(ctx context.Context, wr *writer, folder string, files []File) (missing []string, err error) {
	for _, f := range files {
		var out bytes.Buffer
		losses, err := f.Write(ctx, &out)
		if ctx.Err() != nil {
			return missing, ctx.Err()
		}
		if err != nil {
			missing = append(missing, wr.say("missing.file", words.Args{"file": f.Name, "reason": faultIn(err, wr.lang)}))
			continue
		}
		entry := bundled{Name: folder + f.Name, CRS: f.CRS, Encoding: f.Encoding, Features: f.Features}
		for _, l := range losses {
			entry.Lost = append(entry.Lost, l.In(wr.lang))
		}
		if !strings.HasSuffix(f.Name, ".zip") {
			if err := b.add(entry, false, func(w io.Writer) error { _, err := out.WriteTo(w); return err }); err != nil {
				return missing, err
			}
			continue
		}
		parts, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			return missing, err
		}
		dir := folder + strings.TrimSuffix(strings.TrimSuffix(f.Name, ".zip"), ".shp") + "/"
		for _, part := range parts.File {
			one := entry
			one.Name = dir + part.Name
			err := b.add(one, false, func(w io.Writer) error {
				from, err := part.Open()
				if err != nil {
					return err
				}
				defer from.Close()
				_, err = io.Copy(w, from)
				return err
			})
			if err != nil {
				return missing, err
			}
		}
	}
	return missing, nil
}

// faultIn says an error to a reader.
func faultIn(err error, l words.Lang) string {
	if said, ok := err.(words.Speaker); ok {
		return said.In(l)
	}
	if said, ok := errors.AsType[*plan.Fault](err); ok {
		return said.In(l)
	}
	return err.Error()
}

// table writes a table of the paper into the bundle.
func (b *bundle) table(ctx context.Context, p *Paper, wish Wish, name string) error {
	kind, _ := kindOf(wish.Kind)
	t, err := tableOf(ctx, p, wish, kind)
	if err != nil {
		return err
	}
	rows, all := 0, t.Rows
	t.Rows = func(yield func([]any) bool) {
		rows = 0
		for row := range all {
			rows++
			if !yield(row) {
				return
			}
		}
	}
	err = b.add(bundled{Name: name + "." + wish.Format}, wish.Format != "csv", func(w io.Writer) error { return t.write(ctx, w, wish) })
	if err != nil {
		return err
	}
	b.files[len(b.files)-1].Rows = rows
	return ctx.Err()
}

// paged are the tables that a package has as PDF, too: those that are printed and signed. The rest would be hundreds of pages.
var paged = map[string]bool{"T1": true, "T2": true, "T3": true, "T4": true, "T5": true, "T9": true, "T10": true}

// needAll is what all reports together need.
const needAll = needThings | needBounds | needStaff | needParty | needLineage | needChecks | needMap | needDepartments

// ofCommunity are the tables of each community, and ofGrid those of each grid.
var (
	ofCommunity = []string{"T1", "T2", "T5", "T6", "T7"}
	ofGrid      = []string{"T7"}
)

// writePackage writes all results of a plan as one zip (一键出成果): first what is missing, then the explanation, the tables of the whole, the
// files for other programs, and by subdistrict, community and grid the sheets and tables; at the end a manifest.
func writePackage(ctx context.Context, w io.Writer, p *Paper, wish Wish) error {
	in, err := p.within(wish.Scope)
	if err != nil {
		return err
	}
	wish.Columns = nil
	kind, _ := kindOf("D1")
	wr := &writer{Paper: p, scope: in, wish: wish, lang: wish.Lang, kind: kind}
	silent := wish
	silent.Progress = nil
	b := &bundle{zip: zip.NewWriter(w)}
	wholes := []Kind{}
	for _, k := range Kinds() {
		if k.table != nil {
			wholes = append(wholes, k)
		}
	}
	sheets, err := newSheets(wr)
	if err != nil {
		return err // no sheet without its font: what a package is for
	}
	subjects := sheets.subjects(true)
	done, total := 0, len(subjects)+len(wholes)+len(wish.Files)+1
	step := func() {
		done++
		wish.tell(done, total)
	}
	missing := wr.missing()
	if err := b.text("00-"+wr.say("file.missing", nil)+".txt", wr.missingText(missing)); err != nil {
		return err
	}
	for _, format := range []string{"pdf", "docx"} {
		said := silent
		said.Kind, said.Format = "D4", format
		err := b.add(bundled{Name: "01-" + fileName(wr.say("D4.title", nil)) + "." + format}, true, func(w io.Writer) error { return writeExplanation(ctx, w, p, said) })
		if err != nil {
			return err
		}
	}
	step()
	folder := "02-" + wr.say("file.tables", nil) + "/"
	for _, k := range wholes {
		for _, format := range []string{"xlsx", "pdf"} {
			if format == "pdf" && !paged[k.Name] {
				continue
			}
			one := silent
			one.Kind, one.Format = k.Name, format
			if err := b.table(ctx, p, one, folder+k.Name+"-"+fileName(k.Title(wr.lang))); err != nil {
				return err
			}
		}
		step()
	}
	lost, err := b.feed(ctx, wr, "03-"+wr.say("file.data", nil)+"/", wish.Files)
	if err != nil {
		return err
	}
	missing = append(missing, lost...)
	done += len(wish.Files)
	wish.tell(done, total)
	sheets.wish.Progress = nil
	err = sheets.inOrder(ctx, subjects, func(of subject, pages []*draw.Encoded) error {
		defer step()
		return b.subject(ctx, p, sheets, silent, of, pages)
	})
	if err != nil {
		return err
	}
	return b.close(p, missing)
}

// text writes a text for people as a file: UTF-8 with a byte order mark, lines that every editor knows.
func (b *bundle) text(name, text string) error {
	return b.add(bundled{Name: name, Encoding: "UTF-8"}, false, func(w io.Writer) error {
		_, err := io.WriteString(w, "\uFEFF"+strings.ReplaceAll(text, "\n", "\r\n"))
		return err
	})
}

// subject writes what is of one community or grid: its sheet, its tables and, of a grid, its four bounds.
func (b *bundle) subject(ctx context.Context, p *Paper, s *sheets, wish Wish, of subject, pages []*draw.Encoded) error {
	folder, code, tables := s.folder(of), of.grid.Code, ofGrid
	if of.grids != nil {
		code, tables = of.area.Code, ofCommunity
	}
	sheetTitle := s.kind.Title(s.lang)
	if len(pages) > 0 {
		err := b.add(bundled{Name: folder + fileName(sheetTitle) + ".pdf"}, true, func(w io.Writer) error { return pdfOf(w, sheetTitle, s.lang, pages) })
		if err != nil {
			return err
		}
	}
	for _, name := range tables {
		kind, _ := kindOf(name)
		one := wish
		one.Kind, one.Format, one.Scope = name, "xlsx", code
		if err := b.table(ctx, p, one, folder+fileName(kind.Title(s.lang))); err != nil {
			return err
		}
	}
	if of.grids != nil {
		return nil
	}
	return b.text(folder+fileName(s.say("file.bounds", nil))+".txt", s.boundsText(of.grid))
}

// folder returns the folder of a subject: subdistrict, community, and of a grid its own.
func (s *sheets) folder(of subject) string {
	parent := of.grid.Parent
	if of.grids != nil {
		parent = of.grids[0].Parent
	}
	parts := []string{}
	if a, ok := s.chain(parent)[plan.Subdistrict]; ok {
		parts = append(parts, fileName(a.Code+" "+a.Title(s.lang)))
	}
	a := s.communityOf(parent)
	parts = append(parts, fileName(a.Code+" "+a.Title(s.lang)))
	if of.grids == nil {
		parts = append(parts, fileName(of.grid.Code+" "+title(of.grid, s.lang)))
	}
	return strings.Join(parts, "/") + "/"
}

// boundsText says a grid's four bounds, with what its border runs along stretch by stretch.
func (s *sheets) boundsText(g plan.Grid) string {
	var text strings.Builder
	text.WriteString(gridName(g, s.lang) + "\n\n")
	bounds := s.Bounds[g.No]
	if bounds == nil {
		return text.String()
	}
	text.WriteString(bounds.Full(s.lang) + "\n")
	if bounds.Stale() {
		text.WriteString(s.say("bounds.stale", nil) + "\n")
	}
	text.WriteString("\n")
	for i := range bounds.Segments {
		k := &bounds.Segments[i]
		text.WriteString(s.say("bounds.segment", words.Args{"n": k.Number, "side": k.Side, "along": k.In(s.lang), "metres": int64(k.Length + 0.5)}) + "\n")
	}
	return text.String()
}

// Missing returns what a package of a plan's results would lack, the gravest first.
func Missing(ctx context.Context, store *postgis.Store, id plan.ID, snap *plan.Snapshot, wish Wish) ([]string, error) {
	p, err := Gather(ctx, store, id, snap, wish)
	if err != nil {
		return nil, err
	}
	in, err := p.within(wish.Scope)
	if err != nil {
		return nil, err
	}
	if err := p.gather(ctx, store, needAll&^needMap, wish); err != nil {
		return nil, err
	}
	return (&writer{Paper: p, scope: in, wish: wish, lang: wish.Lang}).missing(), nil
}

// missing says what a package lacks, the gravest first.
func (b *writer) missing() (missing []string) {
	lacks := func(is bool, key string, args words.Args) {
		if is {
			missing = append(missing, b.say("missing."+key, args))
		}
	}
	errs, warnings, waived := 0, 0, 0
	for _, f := range b.findings() {
		switch {
		case f.Severity == plan.Err:
			errs++
		case f.why != "":
			waived++
		case f.Severity == plan.Warning:
			warnings++
		}
	}
	lacks(errs > 0, "errors", words.Args{"n": errs})
	lacks(b.Division == nil, "draft", nil)
	lacks(b.Division != nil && b.Division.Basis == "", "basis", nil)
	lacks(warnings > 0, "warnings", words.Args{"n": warnings, "waived": waived})
	grids := b.inScope()
	var free, stale, unwalked, leads, workers, branches int
	for _, g := range grids {
		if bounds := b.Bounds[g.No]; bounds != nil {
			if bounds.Length > 0 && bounds.Kinds[plan.BoundFree] > bounds.Length/2 {
				free++
			}
			if bounds.Stale() {
				stale++
			}
			if verified, _, _ := bounds.Walked(); !verified {
				unwalked++
			}
		}
		if b.Staff != nil {
			s := b.Staff.Grid(g.No)
			if held(s.Leads) == 0 {
				leads++
			}
			if held(s.FullTime)+held(s.PartTime) == 0 {
				workers++
			}
			if s.Branch == nil {
				branches++
			}
		}
	}
	all := len(grids)
	lacks(stale > 0, "stale", words.Args{"n": stale})
	lacks(free > 0, "free", words.Args{"n": free})
	lacks(unwalked > 0, "unwalked", words.Args{"n": unwalked, "all": all})
	lacks(b.Staff != nil && len(b.Staff.Posts) == 0, "roster", nil)
	if b.Staff != nil && len(b.Staff.Posts) > 0 {
		lacks(leads > 0, "leads", words.Args{"n": leads})
		lacks(workers > 0, "workers", words.Args{"n": workers})
	}
	lacks(branches > 0, "branches", words.Args{"n": branches, "all": all})
	counts := b.countThings()
	lacks(!counts.buildings, "buildings", nil)
	lacks(!counts.compounds, "compounds", nil)
	lacks(b.Snapshot.Ground.MeasureIndex(plan.Households) < 0, "households", nil)
	lacks(b.Snapshot.Ground.Synthetic, "synthetic", nil)
	return missing
}

// missingText is the first file of a package: what it lacks, and what it has.
func (b *writer) missingText(missing []string) string {
	var text strings.Builder
	text.WriteString(b.Name + "\n" + b.say("missing.title", nil) + "\n\n")
	for i, m := range missing {
		text.WriteString(words.Count(int64(i+1)) + ". " + m + "\n")
	}
	if len(missing) == 0 {
		text.WriteString(b.say("missing.nothing", nil) + "\n")
	}
	text.WriteString("\n" + b.say("missing.contents", nil) + "\n\n")
	for _, line := range b.stamp() {
		text.WriteString(cmp.Or(line.Label, line.Key) + "  " + line.Value + "\n")
	}
	return text.String()
}

// writeExchange writes D3, the plan for another platform: the files of other rooms, the list of grids as a workbook and a PDF, and a manifest.
func writeExchange(ctx context.Context, w io.Writer, p *Paper, wish Wish) error {
	in, err := p.within(wish.Scope)
	if err != nil {
		return err
	}
	b := &bundle{zip: zip.NewWriter(w)}
	missing, err := b.feed(ctx, &writer{Paper: p, scope: in, wish: wish, lang: wish.Lang}, "", wish.Files)
	if err != nil {
		return err
	}
	for i, format := range []string{"xlsx", "pdf"} {
		one := wish
		one.Kind, one.Format, one.Columns = "T1", format, nil
		if err := b.table(ctx, p, one, "T1"); err != nil {
			return err
		}
		wish.tell(i+1, 2)
	}
	return b.close(p, missing)
}
