package report

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// file returns the name of a subject's file in a zip, with its folders: subdistrict, community.
func (s *sheets) file(of subject, kind Kind) string {
	parent := of.grid.Parent
	name := of.grid.Code + " " + title(of.grid, s.lang)
	if of.grids != nil {
		parent = of.grids[0].Parent
		name = "00 " + of.area.Code + " " + of.area.Title(s.lang)
	}
	parts := []string{}
	if a, ok := s.chain(parent)[plan.Subdistrict]; ok {
		parts = append(parts, a.Title(s.lang))
	}
	parts = append(parts, s.communityOf(parent).Title(s.lang), name+" "+kind.Title(s.lang)+".pdf")
	for i := range parts {
		parts[i] = fileName(parts[i])
	}
	return strings.Join(parts, "/")
}

// fileName returns a text as a name that every system can keep.
func fileName(text string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return '_'
		}
		return r
	}, strings.TrimSpace(text))
	return cmp.Or(strings.Trim(strings.ReplaceAll(name, "..", "__"), ". "), "_")
}

// dpi is how many dots an inch pictures of sheets have.
const dpi = 200

// writeSheets writes the map sheets of a wish: all of them as one PDF or as a zip of one PDF each; a single one as a picture.
func writeSheets(ctx context.Context, w io.Writer, p *Paper, wish Wish) error {
	in, err := p.within(wish.Scope)
	if err != nil {
		return err
	}
	kind, _ := kindOf(wish.Kind)
	s, err := newSheets(&writer{Paper: p, scope: in, wish: wish, lang: wish.Lang, kind: kind})
	if err != nil {
		return err
	}
	all := s.subjects(kind.Name == "D1")
	if wish.Format == "svg" || wish.Format == "png" {
		return s.picture(w, all)
	}
	if wish.Format == "zip" {
		return s.zip(ctx, w, all)
	}
	title := kind.Title(wish.Lang)
	if in.title != nil {
		title = s.say("title.scope", words.Args{"title": title, "scope": in.title})
	}
	pdf := draw.NewPDF(w, title, wish.Lang.String())
	pages := 0
	err = s.inOrder(ctx, all, func(_ subject, laid []*draw.Encoded) error {
		for _, page := range laid {
			if err := pdf.AddEncoded(page); err != nil {
				return err
			}
			pages++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if pages == 0 {
		if err := pdf.Add(s.nothing()); err != nil {
			return err
		}
	}
	return pdf.Close()
}

// nothing is the page of a plan that has nothing to show.
func (s *sheets) nothing() *draw.Page {
	page := &draw.Page{Width: draw.A4[0], Height: draw.A4[1]}
	page.Write(draw.Text{String: s.kind.Title(s.lang), At: draw.Point{X: 20, Y: 30}, Size: 18, Bold: true})
	page.Write(draw.Text{String: s.say("nothing", nil), At: draw.Point{X: 20, Y: 42}, Size: 11})
	return page
}

// picture writes a single sheet as a picture, its pages below each other. Of a community it is the sheet of the community itself.
func (s *sheets) picture(w io.Writer, all []subject) error {
	if len(all) == 0 || len(all) > 1 && (all[0].grids == nil || len(slices.DeleteFunc(slices.Clone(all), func(o subject) bool { return o.grids == nil })) > 1) {
		return &fault{"single", words.Args{"kind": s.kind.Name, "format": s.wish.Format, "sheets": len(all)}}
	}
	page := draw.Below(s.lay(s.kind.Name, all[0])...)
	if s.wish.Format == "svg" {
		return draw.SVG(w, page, s.lang.String())
	}
	return draw.PNG(w, page, dpi)
}

// zip writes a PDF for each sheet, in folders of subdistricts and communities.
func (s *sheets) zip(ctx context.Context, w io.Writer, all []subject) error {
	z := zip.NewWriter(w)
	err := s.inOrder(ctx, all, func(of subject, laid []*draw.Encoded) error {
		if len(laid) == 0 {
			return nil
		}
		f, err := z.CreateHeader(&zip.FileHeader{Name: s.file(of, s.kind), Method: zip.Store}) // PDF is packed already
		if err != nil {
			return err
		}
		return pdfOf(f, s.kind.Title(s.lang), s.lang, laid)
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// pdfOf writes pages as a PDF.
func pdfOf(w io.Writer, title string, l words.Lang, pages []*draw.Encoded) error {
	pdf := draw.NewPDF(w, title, l.String())
	for _, page := range pages {
		if err := pdf.AddEncoded(page); err != nil {
			return err
		}
	}
	return pdf.Close()
}

// inOrder lays the sheets of subjects on all cores and hands them on in order. No more than a few are in memory at a time.
func (s *sheets) inOrder(ctx context.Context, all []subject, take func(subject, []*draw.Encoded) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type laid struct{ pages chan []*draw.Encoded }
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan laid, 2*workers)
	work := make(chan func(), 2*workers)
	for range workers {
		go func() {
			for f := range work {
				f()
			}
		}()
	}
	go func() {
		defer close(queue)
		defer close(work)
		for _, of := range all {
			one := laid{make(chan []*draw.Encoded, 1)}
			f := func() {
				var pages []*draw.Encoded
				if ctx.Err() == nil {
					for _, page := range s.lay(s.kind.Name, of) {
						pages = append(pages, draw.Encode(page))
					}
				}
				one.pages <- pages
			}
			select {
			case queue <- one:
				work <- f
			case <-ctx.Done():
				return
			}
		}
	}()
	done := 0
	for one := range queue {
		pages := <-one.pages
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := take(all[done], pages); err != nil {
			return fmt.Errorf("%s: %w", s.file(all[done], s.kind), err)
		}
		done++
		s.wish.tell(done, len(all))
	}
	return ctx.Err()
}
