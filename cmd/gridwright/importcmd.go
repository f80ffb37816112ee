package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gridwright/importers"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
)

type importCmd struct {
	dataFlags
	File   string   `arg:"" help:"${help_import_file}" placeholder:"FILE"`
	Layer  string   `help:"${help_import_layer}" placeholder:"LAYER"`
	Where  []string `help:"${help_import_where}" placeholder:"FIELD=VALUE" sep:"none"`
	Map    []string `help:"${help_import_map}" placeholder:"FIELD=COLUMN" sep:"none"`
	CRS    string   `help:"${help_import_crs}" name:"crs" placeholder:"EPSG:4523"`
	Points string   `help:"${help_import_control}" name:"control" placeholder:"FILE"`
	Limit  float64  `help:"${help_import_control_limit}" name:"control-limit" placeholder:"0.5"`
	Close  float64  `help:"${help_import_close}" placeholder:"0.1"`
	Text   string   `help:"${help_import_encoding}" name:"encoding" placeholder:"GBK"`
	Source string   `help:"${help_import_source_layer}" name:"source-layer" placeholder:"NAME"`
	Head   string   `help:"${help_import_head}" placeholder:"N[:M]"`
	Admin  []string `help:"${help_import_admin}" placeholder:"8=subdistrict,10=community"`
	Keep   bool     `help:"${help_import_keep}" name:"keep-columns"`
	Skip   bool     `help:"${help_import_skip}" name:"skip-refused"`
	Refuse string   `help:"${help_import_refused}" name:"refused" placeholder:"FILE"`
	Templ  string   `help:"${help_import_template}" name:"template" placeholder:"NAME"`
	sourceFlags
	DryRun bool `help:"${help_import_dry_run}"`
	JSON   bool `help:"${help_json}" name:"json"`
}

// sourceFlags say where the data are from. They are kept with the report.
type sourceFlags struct {
	Purpose string `help:"${help_import_purpose}" placeholder:"TEXT"`
	Basis   string `help:"${help_import_basis}" placeholder:"TEXT"`
	Dated   string `help:"${help_import_dated}" placeholder:"2020-11-01"`
	Expires string `help:"${help_import_expires}" placeholder:"2021-11-01"`
	By      string `help:"${help_import_by}" placeholder:"NAME"`
}

// Run imports a file and prints what came of it: the report as JSON to stdout, or in words to the talk.
func (c *importCmd) Run(ctx context.Context, std *streams) error {
	order := intake.Order{File: c.File, Layer: c.Layer, DryRun: c.DryRun, KeepColumns: c.Keep, Lang: std.lang}
	var err error
	if order.Where, err = pairs(std, "--where", c.Where); err != nil {
		return err
	}
	if order.Map, err = pairs(std, "--map", c.Map); err != nil {
		return err
	}
	if order.Admin, err = adminLevels(std, c.Admin); err != nil {
		return err
	}
	if order.Form, err = c.form(std); err != nil {
		return err
	}
	if c.Layer == "" && c.Templ == "" {
		return std.misuse("import_no_layer", words.Args{"layers": intake.Layers()})
	}
	if c.Layer != "" && !intake.IsLayer(c.Layer) {
		return std.misuse("import_layer", words.Args{"layer": c.Layer, "layers": intake.Layers()})
	}
	if c.Points != "" {
		if order.Form.System, order.Form.Notes, err = importers.ReadControl(ctx, c.Points, cmp.Or(c.Limit, importers.ControlLimit)); err != nil {
			return err
		}
	}
	return c.with(ctx, std, func(h *home) error {
		decisions, order, err := c.decided(ctx, h, order)
		if err != nil {
			return err
		}
		order.Then = intake.Listing(order, decisions)
		bar := std.bar()
		order.Progress = func(stage string, done, total int) { bar.show("import."+stage, done, total) }
		report, err := intake.Run(ctx, h.Store, order)
		bar.end()
		if report == nil {
			return err
		}
		if c.Refuse != "" {
			err = errors.Join(err, c.writeRefused(ctx, std, order, report))
		}
		if c.JSON {
			return errors.Join(err, std.printJSON(report))
		}
		std.tellImport(report)
		return err
	})
}

// decided returns what was decided, by the flags and below them by a template, and the import that follows.
func (c *importCmd) decided(ctx context.Context, h *home, o intake.Order) (d intake.Decisions, _ intake.Order, err error) {
	d = intake.Decisions{Layer: c.Layer, SourceLayer: c.Source, Map: o.Map, Where: o.Where, CRS: c.CRS, Encoding: c.Text, Head: c.Head, SkipRefused: c.Skip,
		KeepColumns: c.Keep, Source: intake.Source(c.sourceFlags), Admin: map[string]string{}}
	for n, level := range o.Admin {
		d.Admin[strconv.Itoa(n)] = string(level)
	}
	if c.Templ != "" {
		t, err := h.Template(ctx, c.Templ)
		if err != nil {
			return d, o, err
		}
		if d, err = d.Over(t.Decisions); err != nil {
			return d, o, err
		}
		d.Template = c.Templ
	}
	if err := d.Check(); err != nil {
		return d, o, err
	}
	order, err := d.Order(c.File)
	order.DryRun, order.Lang = o.DryRun, o.Lang
	said := order.Form
	order.Form = o.Form // with what only flags say
	order.Form.Encoding, order.Form.Layer, order.Form.Head = said.Encoding, said.Layer, said.Head
	if c.CRS == "" && order.Form.System == nil {
		order.Form.System, order.Form.AsIs = said.System, said.AsIs
	}
	return d, order, err
}

// writeRefused writes the rows that were refused into a file of their own.
func (c *importCmd) writeRefused(ctx context.Context, std *streams, o intake.Order, r *intake.Report) error {
	rows, err := r.RowsRefused(ctx, o)
	if err != nil || rows == nil {
		return err
	}
	return std.writeFile(c.Refuse, func(f *os.File) error { return rows.CSV(f, std.lang) })
}

// form reads what is said of the file.
func (c *importCmd) form(std *streams) (form importers.Form, err error) {
	form.Layer = c.Source
	if c.CRS != "" {
		err := form.SaySystem(c.CRS)
		if fault, ok := errors.AsType[*importers.Fault](err); ok {
			return form, std.misuse("import_form", words.Args{"why": fault})
		}
	}
	form.Close = c.Close
	if c.Close < 0 || c.Close > 10 || c.Limit < 0 || c.CRS != "" && c.Points != "" {
		return form, std.misuse("import_planes", nil)
	}
	if c.Head != "" {
		form.Head, err = importers.HeadNamed(c.Head)
		if fault, ok := errors.AsType[*importers.Fault](err); ok {
			return form, std.misuse("import_form", words.Args{"why": fault})
		}
	}
	if c.Text != "" {
		form.Encoding, err = importers.EncodingNamed(c.Text)
		if fault, ok := errors.AsType[*importers.Fault](err); ok {
			return form, std.misuse("import_form", words.Args{"why": fault})
		}
	}
	return form, nil
}

// tellImport says a report in words.
func (s *streams) tellImport(r *intake.Report) {
	for _, refused := range r.Refused {
		place := refused.Place
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(s.err, "  %s%s\n", place, refused.Words)
	}
	if more := r.RefusedTotal - len(r.Refused); more > 0 {
		s.say("import_more_refused", words.Args{"n": more})
	}
	for _, f := range r.Findings {
		fmt.Fprintf(s.err, "  %s\n", f.Words)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(s.err, "  %s\n", note)
	}
	args := words.Args{"file": filepath.Base(r.File), "read": counted{r.RowsRead, "row"}, "skipped": r.RowsSkipped, "taken": r.Taken, "refused": r.RefusedTotal}
	switch {
	case r.RefusedTotal > 0 && r.Taken > 0 && !r.DryRun: // the others were left out
		s.say("import_done", args)
	case r.RefusedTotal > 0 && slices.ContainsFunc(r.Refused, func(f intake.Refused) bool { return f.Place != "" }):
		s.say("import_nothing_stored", args)
		return
	case r.RefusedTotal > 0: // what was refused is no row: an order the file cannot answer, or the file itself
		s.say("import_not_taken", args)
		return
	case r.DryRun:
		s.say("import_dry", args)
	default:
		s.say("import_done", args)
	}
	for _, l := range r.Layers {
		s.say("import_layer_done", words.Args{"layer": l.Layer, "taken": l.Taken, "new": l.New, "changed": l.Changed, "unchanged": l.Unchanged, "retired": l.Retired})
	}
	for _, sum := range r.SumsInOrder() {
		s.say("import_sum", words.Args{"measure": sum.Measure, "sum": sum.Sum})
	}
}

// adminLevels reads "8=subdistrict" flags: which admin_level of OpenStreetMap is which level here.
func adminLevels(std *streams, texts []string) (map[int]plan.Level, error) {
	said, err := pairs(std, "--admin", texts)
	if err != nil {
		return nil, err
	}
	levels := make(map[int]plan.Level, len(said))
	for number, level := range said {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > 12 || plan.Level(level).Rank() < 0 {
			return nil, std.misuse("import_admin", words.Args{"text": number + "=" + level, "levels": levelNames()})
		}
		levels[n] = plan.Level(level)
	}
	return levels, nil
}

func levelNames() (names []string) {
	for _, l := range plan.Levels {
		names = append(names, string(l))
	}
	return names
}

// pairs reads "field=value" flags into a map.
func pairs(std *streams, flag string, texts []string) (map[string]string, error) {
	all := make(map[string]string, len(texts))
	for _, text := range texts {
		field, value, ok := strings.Cut(text, "=")
		if !ok || field == "" {
			return nil, std.misuse("pair", words.Args{"flag": flag, "text": text})
		}
		if _, twice := all[field]; twice {
			return nil, std.misuse("pair_twice", words.Args{"flag": flag, "field": field})
		}
		all[field] = value
	}
	return all, nil
}
