package main

import (
	"context"
	"io"
	"os"

	"gridwright/feed"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report"
)

type exportCmd struct {
	dataFlags
	Plan   string `help:"${help_plan}" required:"" placeholder:"ID"`
	Format string `help:"${help_export_format}" required:"" placeholder:"FORMAT"`
	Out    string `help:"${help_out}" required:"" placeholder:"FILE"`
}

// Run writes a plan's grids for programs.
func (c *exportCmd) Run(ctx context.Context, std *streams) error {
	write, ok := map[string]func(io.Writer, *plan.Snapshot) error{
		"assignment": feed.Assignment,
		"geojson":    func(w io.Writer, s *plan.Snapshot) error { return feed.GridsGeoJSON(w, s, s.Polygons) },
	}[c.Format]
	if !ok {
		return std.misuse("export_format", words.Args{"format": c.Format, "formats": []string{"assignment", "geojson"}})
	}
	if err := std.writable(c.Out); err != nil {
		return err
	}
	return c.with(ctx, std, func(h *home) error {
		id, err := plan.ParseID(c.Plan)
		if err != nil {
			return err
		}
		snap, err := h.Snapshot(ctx, id)
		if err != nil {
			return err
		}
		return std.writeFile(c.Out, func(f *os.File) error { return write(f, snap) })
	})
}

type reportCmd struct {
	dataFlags
	Plan   string `help:"${help_plan}" required:"" placeholder:"ID"`
	Kind   string `help:"${help_report_kind}" required:"" placeholder:"T1"`
	Format string `help:"${help_report_format}" required:"" placeholder:"xlsx|csv"`
	Out    string `help:"${help_out}" required:"" placeholder:"FILE"`
}

// Run writes a report of a plan for people.
func (c *reportCmd) Run(ctx context.Context, std *streams) error {
	if err := report.Known(c.Kind, c.Format); err != nil {
		return usageError{wording(err, std.lang)}
	}
	if err := std.writable(c.Out); err != nil {
		return err
	}
	return c.with(ctx, std, func(h *home) error {
		id, err := plan.ParseID(c.Plan)
		if err != nil {
			return err
		}
		snap, err := h.Snapshot(ctx, id)
		if err != nil {
			return err
		}
		paper, err := report.Gather(ctx, h.Store, id, snap)
		if err != nil {
			return err
		}
		return std.writeFile(c.Out, func(f *os.File) error { return report.Write(f, c.Kind, c.Format, paper, std.lang) })
	})
}
