package importers

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gridwright/plan/words"
)

// The bounds of an archive. What its directory says of sizes is not believed: what comes out is counted.
const (
	maxEntries  = 1000
	maxUnzipped = 2 << 30  // bytes of the files taken
	freely      = 10 << 20 // bytes that may come out of any archive, however small
	maxRatio    = 100      // bytes out for one byte in, beyond freely
)

// unzip unpacks one layer of an archive into a folder and returns the name of its file there, "layer.shp", next to those
// that belong to it, and its name in the archive. The archive's own names are only read, never used as paths. Where it holds several layers and none
// is named, the fault names them.
func unzip(archive, layer, dir string, limits Limits) (name, entry string, err error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrInsecurePath) {
			return "", "", &Fault{Key: "zip.damaged"}
		}
		return "", "", err
	}
	defer z.Close()
	if limits.Entries > 0 && len(z.File) > limits.Entries {
		return "", "", &Fault{Key: "zip.entries", Args: words.Args{"most": limits.Entries}}
	}
	entries, fault := entriesOf(&z.Reader)
	if fault != nil {
		return "", "", fault
	}
	chosen, fault := choose(entries, layer)
	if fault != nil {
		return "", "", fault
	}
	info, err := os.Stat(archive)
	if err != nil {
		return "", "", err
	}
	left := min(limits.Unzipped, max(freely, info.Size()*maxRatio))
	stem, main := cutEnding(chosen)
	for _, ending := range setOf(main) {
		entry := entries[stem+ending]
		if entry == nil {
			continue
		}
		n, err := unpack(entry, filepath.Join(dir, "layer"+ending), left)
		if err != nil {
			return "", "", err
		}
		left -= n
	}
	return "layer" + main, chosen, nil
}

// setOf returns the endings of the files that belong to one with an ending, which is the first of them.
func setOf(ending string) []string {
	if set := sets[strings.TrimPrefix(ending, ".")]; set != nil {
		return set
	}
	return []string{ending}
}

// layerEndings are the endings of files in an archive that are layers by themselves.
var layerEndings = []string{".shp", ".gpkg", ".fgb", ".kml", ".ovkml", ".tab", ".mif", ".dxf", ".geojson", ".json", ".geojsonl", ".csv", ".tsv", ".xlsx", ".xlsm"}

// cutEnding takes a name in small letters apart: "town/roads", ".shp".
func cutEnding(name string) (stem, ending string) {
	ending = path.Ext(name)
	return strings.TrimSuffix(name, ending), ending
}

// entriesOf returns an archive's files by name in small letters, and a fault for an archive no honest program writes.
func entriesOf(z *zip.Reader) (map[string]*zip.File, *Fault) {
	if len(z.File) > maxEntries {
		return nil, &Fault{Key: "zip.entries", Args: words.Args{"most": maxEntries}}
	}
	entries := map[string]*zip.File{}
	for _, f := range z.File {
		name := f.Name
		if f.NonUTF8 {
			if plain, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
				name = plain
			}
		}
		name = strings.ReplaceAll(name, `\`, "/")
		args := words.Args{"name": Excerpt(name)}
		switch mode := f.Mode(); {
		case !filepath.IsLocal(strings.TrimSuffix(name, "/")) || strings.ContainsAny(name, "\x00:"):
			return nil, &Fault{Key: "zip.path", Args: args}
		case mode.IsDir() || strings.HasSuffix(name, "/"):
			continue
		case !mode.IsRegular():
			return nil, &Fault{Key: "zip.link", Args: args}
		case f.Flags&1 != 0:
			return nil, &Fault{Key: "zip.locked", Args: args}
		case strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), "."):
			continue
		}
		name = strings.ToLower(path.Clean(name))
		if entries[name] != nil {
			return nil, &Fault{Key: "zip.twice", Args: args}
		}
		entries[name] = f
	}
	return entries, nil
}

// choose returns the name of the layer's file: the only one, or the one named by its path or its name, with or without
// ending.
func choose(entries map[string]*zip.File, layer string) (string, *Fault) {
	var layers, fit []string
	for name := range entries {
		if _, ending := cutEnding(name); !slices.Contains(layerEndings, ending) {
			continue
		}
		layers = append(layers, name)
		if callsEntry(layer, name) {
			fit = append(fit, name)
		}
	}
	slices.Sort(layers)
	switch {
	case len(layers) == 0:
		return "", &Fault{Key: "zip.nothing", Args: words.Args{"endings": layerEndings}}
	case len(layers) == 1 && (layer == "" || len(fit) == 1 || path.Ext(layers[0]) != ".shp"):
		return layers[0], nil
	case layer == "":
		return "", &Fault{Key: "layers.several", Args: words.Args{"layers": layers}}
	case len(fit) != 1:
		return "", &Fault{Key: "layers.none", Args: words.Args{"layer": Excerpt(layer), "layers": layers}}
	}
	return fit[0], nil
}

// callsEntry reports whether a layer's name is that of a file in an archive: its path or its name, with or without ending.
func callsEntry(layer, entry string) bool {
	stem, _ := cutEnding(entry)
	return slices.Contains([]string{entry, stem, path.Base(entry), path.Base(stem)}, strings.ToLower(layer))
}

// unpack writes a file of an archive out and returns its size, which must not be beyond a bound.
func unpack(entry *zip.File, into string, most int64) (int64, error) {
	r, err := entry.Open()
	if err != nil {
		return 0, &Fault{Key: "zip.damaged"}
	}
	defer r.Close()
	w, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, &io.LimitedReader{R: r, N: most + 1})
	closed := w.Close()
	switch {
	case n > most:
		return n, &Fault{Key: "zip.bomb", Args: words.Args{"megabytes": maxUnzipped >> 20, "ratio": maxRatio}}
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm):
		return n, &Fault{Key: "zip.damaged"}
	case err != nil:
		var inError interface{ Unwrap() error }
		if errors.As(err, &inError) { // an error of the file system has a cause, one of the packed bytes has none
			return n, err
		}
		return n, &Fault{Key: "zip.damaged"}
	}
	return n, closed
}
