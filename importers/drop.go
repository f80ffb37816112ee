package importers

import (
	"archive/zip"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gridwright/plan/words"
)

// Piece is one layer of a drop: a folder, a ZIP archive or a workbook with several.
type Piece struct {
	Name  string // its path in the folder or archive, or the name of its sheet
	File  string // to be read with ReadFile
	Layer string // for Form.Layer: which of the file's layers it is; "" where File has one
}

// Pieces lists the layers of a drop by name: files that can be read, and the sheets of a workbook that are shown and not empty. It returns a
// *Fault for a path that is none of the three, or has no layers.
func Pieces(path string) ([]Piece, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return piecesOfFolder(path)
	}
	head, err := headOf(path)
	if err != nil {
		return nil, err
	}
	ending := strings.ToLower(filepath.Ext(path))
	if kindOf(head, ending) != "zip" || ending == ".kmz" {
		return nil, &Fault{Key: "drop.not"}
	}
	book, err := isWorkbook(path, ending)
	if err != nil {
		return nil, err
	}
	if book {
		return piecesOfBook(path, info.Size())
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, &Fault{Key: "zip.damaged"}
	}
	defer z.Close()
	entries, fault := entriesOf(&z.Reader)
	if fault != nil {
		return nil, fault
	}
	var pieces []Piece
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if _, ending := cutEnding(name); slices.Contains(layerEndings, ending) {
			pieces = append(pieces, Piece{name, path, name})
		}
	}
	return someOf(pieces)
}

func someOf(pieces []Piece) ([]Piece, error) {
	if len(pieces) == 0 {
		return nil, &Fault{Key: "zip.nothing", Args: words.Args{"endings": layerEndings}}
	}
	return pieces, nil
}

// piecesOfFolder lists the files of a folder and of those in it. Links are not followed.
func piecesOfFolder(folder string) (pieces []Piece, err error) {
	n := 0
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if n++; n > maxEntries {
			return &Fault{Key: "drop.entries", Args: words.Args{"most": maxEntries}}
		}
		if path != folder && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(folder, path)
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if slices.Contains(layerEndings, strings.ToLower(filepath.Ext(name))) {
			pieces = append(pieces, Piece{filepath.ToSlash(name), path, ""})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return someOf(pieces)
}

func piecesOfBook(path string, size int64) (pieces []Piece, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, &Fault{Key: "xlsx.damaged"}
	}
	defer z.Close()
	w, err := newWorkbook(&z.Reader, size)
	if err != nil {
		return nil, err
	}
	for _, s := range w.sheets {
		any, err := w.hasAny(s)
		if err != nil {
			return nil, err
		}
		if any && !s.hidden {
			pieces = append(pieces, Piece{s.name, path, s.name})
		}
	}
	return someOf(pieces)
}

// ReadSome reads no more than the first rows of a file.
func ReadSome(ctx context.Context, path string, form Form, most int) (rows []Row, err error) {
	enough := errors.New("enough")
	_, err = ReadFile(ctx, path, form, func(r Row) error {
		if rows = append(rows, r); len(rows) >= most {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return rows, err
}
