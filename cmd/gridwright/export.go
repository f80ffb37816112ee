package main

import (
	"cmp"
	"context"
	"os"

	"gridwright/feed"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/server"
)

type exportCmd struct {
	dataFlags
	Plan     string `help:"${help_export_plan}" placeholder:"ID"`
	Layer    string `help:"${help_export_layer}" placeholder:"LAYER"`
	At       string `help:"${help_export_at}" placeholder:"2027-01-31"`
	Format   string `help:"${help_export_format}" required:"" placeholder:"FORMAT"`
	Profile  string `help:"${help_export_profile}" placeholder:"public"`
	Approval string `help:"${help_export_approval}" placeholder:"NUMBER"`
	CRS      string `help:"${help_export_crs}" name:"crs" placeholder:"CRS"`
	Encoding string `help:"${help_export_encoding}" placeholder:"utf-8|gbk"`
	Out      string `help:"${help_out}" required:"" placeholder:"FILE"`
}

// Run writes a plan's grids, its assignment or a layer for programs. What the format could not hold is said on stderr.
func (c *exportCmd) Run(ctx context.Context, std *streams) error {
	write, err := c.writing(std)
	if err != nil {
		return err
	}
	if err := std.writable(c.Out); err != nil {
		return err
	}
	return c.with(ctx, std, func(h *home) error {
		losses, err := write(ctx, h)
		for _, loss := range losses {
			std.say("export_loss", words.Args{"loss": loss})
		}
		return err
	})
}

// writing returns what the command is to do, after a look at what was said.
func (c *exportCmd) writing(std *streams) (func(context.Context, *home) ([]words.Speaker, error), error) {
	if (c.Plan == "") == (c.Layer == "") {
		return nil, std.misuse("export_what", nil)
	}
	if c.At != "" && c.Layer != feed.DivisionLayer {
		return nil, std.misuse("export_at", nil)
	}
	switch {
	case c.Profile == "" && c.Approval == "":
	case c.Profile == "" || c.Layer != feed.DivisionLayer || c.Format == "assignment" || c.Format == feed.Tiles:
		return nil, std.misuse("export_public", nil)
	case c.Profile != feed.PublicProfile:
		return nil, usageError{wording(feed.NoProfile(c.Profile), std.lang)}
	}
	if c.Format == "assignment" {
		if c.Plan == "" || c.CRS != "" || c.Encoding != "" {
			return nil, std.misuse("export_assignment", nil)
		}
		return func(ctx context.Context, h *home) ([]words.Speaker, error) {
			_, snap, err := h.divided(ctx, c.Plan)
			if err != nil {
				return nil, err
			}
			return nil, std.writeFile(c.Out, func(f *os.File) error { return feed.Assignment(f, snap) })
		}, nil
	}
	if c.Format == feed.Tiles {
		return c.writingTiles(std)
	}
	wish, err := feed.NewWish(c.Format, c.CRS, c.Encoding)
	if c.Profile != "" {
		wish, err = feed.NewPublicWish(c.Format, c.CRS, c.Encoding, c.Approval)
	}
	if err == nil && c.Layer != "" && c.Layer != feed.DivisionLayer {
		err = feed.KnownLayer(c.Layer)
	}
	if err == nil && c.At != "" {
		_, err = plan.ParseDay(c.At)
	}
	if err != nil {
		return nil, usageError{wording(err, std.lang)}
	}
	return func(ctx context.Context, h *home) (losses []words.Speaker, err error) {
		things, err := c.collection(ctx, h)
		if err != nil {
			return nil, err
		}
		err = std.writeFile(c.Out, func(f *os.File) (err error) {
			losses, err = feed.Write(ctx, f, things, wish)
			return err
		})
		return losses, err
	}, nil
}

// writingTiles returns how a plan's or a layer's tiles are written as an archive.
func (c *exportCmd) writingTiles(std *streams) (func(context.Context, *home) ([]words.Speaker, error), error) {
	err := feed.KnownLayer(c.Layer)
	if c.Layer == "" || c.Layer == feed.DivisionLayer {
		err = nil
	}
	if err == nil && c.At != "" {
		_, err = plan.ParseDay(c.At)
	}
	if c.CRS != "" || c.Encoding != "" {
		err = feed.TilesAlone()
	}
	if err != nil {
		return nil, usageError{wording(err, std.lang)}
	}
	return func(ctx context.Context, h *home) ([]words.Speaker, error) {
		bar := std.bar()
		defer bar.end()
		progress := func(done, total int) { bar.show("export.tiles", done, total) }
		if c.Layer == feed.DivisionLayer {
			return nil, std.writeFile(c.Out, func(f *os.File) error { return server.DivisionArchive(ctx, f, h.Store, c.day(h), progress) })
		}
		if c.Layer != "" {
			return nil, std.writeFile(c.Out, func(f *os.File) error { return server.LayerArchive(ctx, f, h.Store, c.Layer, progress) })
		}
		id, snap, err := h.divided(ctx, c.Plan)
		if err != nil {
			return nil, err
		}
		p, err := h.Plan(ctx, id)
		if err != nil {
			return nil, err
		}
		return nil, std.writeFile(c.Out, func(f *os.File) error { return server.PlanArchive(ctx, f, p.Name, snap, progress) })
	}, nil
}

// day is the day whose published grids are written.
func (c *exportCmd) day(h *home) plan.Day { return cmp.Or(plan.Day(c.At), h.Today()) }

func (c *exportCmd) collection(ctx context.Context, h *home) (*feed.Collection, error) {
	if c.Profile != "" {
		return server.PublicDivision(ctx, h.Store, c.day(h), c.Approval)
	}
	if c.Layer == feed.DivisionLayer {
		return feed.InForce(ctx, h.Store, c.day(h))
	}
	if c.Layer != "" {
		return feed.Layer(ctx, h.Store, c.Layer)
	}
	_, snap, err := h.divided(ctx, c.Plan)
	if err != nil {
		return nil, err
	}
	return feed.Grids(snap, snap.Polygons), nil
}
