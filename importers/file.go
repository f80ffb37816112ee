package importers

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gridwright/plan/words"
)

// ReadFile reads the rows of a file of any kind in order and calls each with every one of them: what Read reads, in any of
// Encodings; workbooks (xlsx.go); shapefiles, loose or zipped; and, by GDAL in a jail (gdal.go), GeoPackage, FlatGeobuf, KML and KMZ, MapInfo TAB
// and MIF, and DXF. What the file is, its first bytes tell. It returns a *Fault for a file that cannot be read, an error of
// the machine, or whatever each returns. Rows handed on before an error are worth nothing.
func ReadFile(ctx context.Context, path string, form Form, each func(Row) error) (Found, error) {
	found := Found{Encoding: utf8Name, Notes: form.Notes}
	limits := form.limits()
	err := limits.weigh(path)
	if err == nil {
		err = readFile(ctx, path, form, &found, limits.keep(each))
	}
	return found, err
}

func readFile(ctx context.Context, path string, form Form, found *Found, each func(Row) error) error {
	head, err := headOf(path)
	if err != nil {
		return err
	}
	kind := kindOf(head, strings.ToLower(filepath.Ext(path)))
	if kind != "zip" {
		return readUnzipped(ctx, kind, beside(path), filepath.Base(path), form, found, each)
	}
	if found.SHA256, err = hashOf(path); err != nil {
		return err
	}
	book, err := isWorkbook(path, strings.ToLower(filepath.Ext(path)))
	if err != nil {
		return err
	}
	if book {
		return readWorkbook(ctx, path, form, found, each)
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("gridwright-import-%d-", os.Getpid())) // swept by whoever starts when it is killed
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	name, entry, err := unzip(path, form.Layer, dir, form.limits())
	if err != nil {
		return err
	}
	unzipped := filepath.Join(dir, name)
	if head, err = headOf(unzipped); err != nil {
		return err
	}
	if kind = kindOf(head, strings.ToLower(filepath.Ext(name))); kind == "zip" {
		if book, err = isWorkbook(unzipped, filepath.Ext(name)); err != nil {
			return err
		}
		if !book {
			return &Fault{Key: "zip.zip"}
		}
		if callsEntry(form.Layer, entry) {
			form.Layer = ""
		}
		return readWorkbook(ctx, unzipped, form, found, each)
	}
	sum := found.SHA256
	if !isSet(kind) || kind == "shp" || form.Layer == entry {
		form.Layer = ""
	}
	if strings.EqualFold(filepath.Ext(path), ".ovkmz") {
		name = strings.TrimSuffix(name, filepath.Ext(name)) + ".ovkml"
	}
	err = readUnzipped(ctx, kind, beside(unzipped), name, form, found, each)
	found.SHA256 = sum
	return err
}

// readUnzipped reads a file, or the files of one name that belong together, of a kind.
func readUnzipped(ctx context.Context, kind string, open parts, name string, form Form, found *Found, each func(Row) error) error {
	ending := filepath.Ext(name)
	if kind == "shp" {
		if err := hashParts(open, sets["shp"], found); err != nil {
			return err
		}
		return readShapefile(ctx, open, form, found, each)
	}
	if drivers[kind] != "" {
		return readByGDAL(ctx, kind, open, ending, form, found, each)
	}
	file, err := open(ending)
	if err != nil {
		return err
	}
	sum := sha256.New()
	is, err := testify(io.TeeReader(file, sum))
	if err == nil {
		_, err = io.Copy(sum, file)
	}
	file.Close()
	if err != nil {
		return err
	}
	found.SHA256 = hexOf(sum)
	switch {
	case form.Encoding != "":
		found.Encoding = form.Encoding
	case is == gbName, is == utf16Name:
		found.Encoding = is
		found.note("note.encoding_found", words.Args{"is": is})
	}
	if file, err = open(ending); err != nil {
		return err
	}
	defer file.Close()
	return readText(name, textReader(file, found.Encoding), form, found, eachUntil(ctx, each))
}

// kindOf tells from a file's first bytes what it is, where the ending of its name fits: "shp", "zip", a key of drivers, or
// "" for what Read judges.
func kindOf(head []byte, ending string) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("\x00\x00\x27\x0a")):
		return "shp"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return "zip"
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return "gpkg"
	case bytes.HasPrefix(head, []byte("fgb\x03fgb")):
		return "fgb"
	case bytes.HasPrefix(text, []byte("<")) && (ending == ".kml" || ending == ".ovkml") && bytes.Contains(head, []byte("<kml")):
		return "kml"
	case bytes.HasPrefix(text, []byte("!table")) && ending == ".tab":
		return "tab"
	case bytes.HasPrefix(bytes.ToLower(text), []byte("version")) && ending == ".mif":
		return "mif"
	case ending == ".dxf" && bytes.Contains(head, []byte("SECTION")):
		return "dxf"
	}
	return ""
}

// FormatOf names the format of a file by its first bytes: a kind of kindOf, "xlsx", "geojson" or "csv"; of an archive that of the first
// layer in it, "zip" for one without any.
func FormatOf(path string) string {
	head, err := headOf(path)
	if err != nil {
		return ""
	}
	ending := strings.ToLower(filepath.Ext(path))
	if kind := kindOf(head, ending); kind != "zip" {
		return cmp.Or(kind, sniff(bytes.TrimPrefix(head, []byte("\uFEFF"))), "csv")
	}
	if book, _ := isWorkbook(path, ending); book {
		return "xlsx"
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return "zip"
	}
	defer z.Close()
	for _, f := range z.File {
		if _, ending := cutEnding(strings.ToLower(f.Name)); slices.Contains(layerEndings, ending) {
			return strings.TrimPrefix(ending, ".")
		}
	}
	return "zip"
}

// sets are the endings of files that belong together, by kind; the first is the file itself.
var sets = map[string][]string{
	"shp": {".shp", ".dbf", ".prj", ".cpg"},
	"tab": {".tab", ".dat", ".map", ".id", ".ind"},
	"mif": {".mif", ".mid"},
}

func isSet(kind string) bool { return sets[kind] != nil || drivers[kind] != "" }

// beside opens the files of one name, with endings in small or capital letters.
func beside(path string) parts {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	return func(ending string) (io.ReadCloser, error) {
		if strings.EqualFold(ending, filepath.Ext(path)) {
			return os.Open(path)
		}
		file, err := os.Open(stem + ending)
		if errors.Is(err, fs.ErrNotExist) {
			return os.Open(stem + strings.ToUpper(ending))
		}
		return file, err
	}
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// headOf returns a file's first bytes.
func headOf(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return head[:n], nil
}

func hexOf(sum hash.Hash) string { return hex.EncodeToString(sum.Sum(nil)) }

// hashOf returns the SHA-256 of a file.
func hashOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hexOf(sum), err
}

// hashParts notes the SHA-256 of files one after the other; those that are not there count as empty.
func hashParts(open parts, endings []string, found *Found) error {
	sum := sha256.New()
	for _, ending := range endings {
		file, err := open(ending)
		if missing(err) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = io.Copy(sum, file)
		file.Close()
		if err != nil {
			return err
		}
	}
	found.SHA256 = hexOf(sum)
	return nil
}
