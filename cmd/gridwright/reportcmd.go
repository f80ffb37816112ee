package main

import (
	"context"
	"os"

	"gridwright/report"
	"gridwright/server"
)

type reportCmd struct {
	dataFlags
	Plan     string   `help:"${help_plan}" required:"" placeholder:"ID"`
	Kind     string   `help:"${help_report_kind}" required:"" placeholder:"T1"`
	Format   string   `help:"${help_report_format}" required:"" placeholder:"xlsx|csv|json|pdf|docx|svg|png|zip"`
	Scope    string   `help:"${help_report_scope}" placeholder:"CODE"`
	From     string   `help:"${help_report_from}" placeholder:"DATE"`
	To       string   `help:"${help_report_to}" placeholder:"DATE"`
	Columns  []string `help:"${help_report_columns}" placeholder:"KEY,..."`
	Approval string   `help:"${help_report_approval}" placeholder:"NUMBER"`
	Out      string   `help:"${help_out}" required:"" placeholder:"FILE"`
}

// Run writes a report of a plan for people.
func (c *reportCmd) Run(ctx context.Context, std *streams) error {
	bar := std.bar()
	defer bar.end()
	wish := report.Wish{Kind: c.Kind, Format: c.Format, Scope: c.Scope, From: c.From, To: c.To, Columns: c.Columns, Approval: c.Approval, Lang: std.lang,
		Progress: func(done, total int) { bar.show("report.progress", done, total) }}
	if err := wish.Known(); err != nil {
		return usageError{wording(err, std.lang)}
	}
	if err := std.writable(c.Out); err != nil {
		return err
	}
	return c.with(ctx, std, func(h *home) error {
		id, snap, err := h.divided(ctx, c.Plan)
		if err != nil {
			return err
		}
		if wish.Feeds() {
			wish.Files = server.FeedFiles(snap, snap.Polygons)
		}
		paper, err := report.Gather(ctx, h.Store, id, snap, wish)
		if err != nil {
			return err
		}
		return std.writeFile(c.Out, func(f *os.File) error { return report.Write(ctx, f, paper, wish) })
	})
}
