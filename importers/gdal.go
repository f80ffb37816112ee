package importers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// The rarer formats are read by GDAL's programs (https://gdal.org, MIT licence), which other people's files have many ways
// to mislead: to fetch addresses, to read other files, to compute for ever. So they run in a jail made anew for each file
// by the kernel's namespaces: no network, no files but the system's programs and the one to be read, no rights, and bounds
// of time and memory; and only the driver for the format that our own look at the first bytes has found. What comes out
// (dump.go) is judged like any other file.

// drivers are the names GDAL has for the formats it reads here.
var drivers = map[string]string{"gpkg": "GPKG", "fgb": "FlatGeobuf", "kml": "LIBKML", "tab": "MapInfo File", "mif": "MapInfo File", "dxf": "DXF"}

// The bounds of one run.
const (
	gdalTime   = 10 * time.Minute // over the rows
	gdalLook   = time.Minute      // over what is in the file
	gdalMemory = "2147483648"     // bytes
)

// jail makes the jail at $1 with the files of $2 in /in and runs the rest in it. It needs nothing but the programs of
// util-linux and coreutils, which every Debian has.
const jail = `set -e
root=$1 files=$2; shift 2
mount -t tmpfs -o size=256m,mode=755 jail "$root"
mkdir -p "$root/usr" "$root/etc/alternatives" "$root/in" "$root/tmp"
for d in bin lib lib64; do if [ -L /$d ]; then ln -s usr/$d "$root/$d"; fi; done
mount --rbind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
mount --bind /etc/alternatives "$root/etc/alternatives"
mount -o remount,bind,ro "$root/etc/alternatives"
mount --bind "$files" "$root/in"
mount -o remount,bind,ro "$root/in"
cd "$root"
exec chroot "$root" /usr/bin/setpriv --inh-caps=-all --bounding-set=-all --no-new-privs \
	/usr/bin/prlimit --as=` + gdalMemory + ` --fsize=268435456 --nofile=64 --core=0 "$@"`

// gdal is a jail with its files.
type gdal struct {
	root, files string
	driver      string
	skip        string // the drivers that must not be used
	env         []string
	time        time.Duration
}

// run runs a program in the jail and hands its output to a reader, until that is done. The fault says what the program
// complained of.
func (g *gdal) run(ctx context.Context, read func(io.Reader) error, program string, args ...string) error {
	ctx, stop := context.WithTimeout(ctx, g.time)
	defer stop()
	argv := slices.Concat([]string{"--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts", "--",
		"/bin/sh", "-c", jail, "jail", g.root, g.files, "/usr/bin/" + program}, args)
	cmd := exec.CommandContext(ctx, "unshare", argv...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", "CPL_TMPDIR=/tmp", "GDAL_SKIP=" + g.skip,
		"CPL_VSIL_CURL_ALLOWED_EXTENSIONS=none", "GDAL_VRT_ENABLE_PYTHON=NO", "GDAL_DRIVER_PATH=disable", "GDAL_PAM_ENABLED=NO",
		"SQLITE_LIST_ALL_TABLES=NO"}
	cmd.Env = append(cmd.Env, g.env...)
	var complaint tail
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return &Fault{Key: "gdal.jail", Args: words.Args{"why": Excerpt(err.Error())}}
	}
	readErr := read(out)
	if readErr != nil {
		stop()
	}
	_, _ = io.Copy(io.Discard, out)
	err = cmd.Wait()
	switch parent := context.Cause(ctx); {
	case errors.Is(parent, context.DeadlineExceeded):
		return &Fault{Key: "gdal.time", Args: words.Args{"minutes": int(g.time.Minutes())}}
	case err != nil && complaint.aboutJail():
		return &Fault{Key: "gdal.jail", Args: words.Args{"why": complaint.first()}}
	case parent == nil && (err != nil || readErr == nil && complaint.hasError()): // it goes on after many an error and says that all is well
		return &Fault{Key: "gdal.cannot", Args: words.Args{"driver": g.driver, "why": complaint.first()}}
	}
	return readErr
}

// tail keeps the beginning of what a program complains of.
type tail struct{ bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	if room := 4096 - t.Len(); room > 0 {
		t.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// aboutJail reports whether the jail could not be made.
func (t *tail) aboutJail() bool {
	return regexp.MustCompile(`^(unshare|mount|mkdir|chroot|setpriv|prlimit|jail|ln|/bin/sh): `).Match(t.Bytes())
}

var gdalError = regexp.MustCompile(`(?m)^ERROR [0-9]+: .*`)

// hasError reports whether anything was worse than a warning.
func (t *tail) hasError() bool { return gdalError.Match(t.Bytes()) }

func (t *tail) first() string {
	if line := gdalError.Find(t.Bytes()); line != nil {
		return Excerpt(string(line))
	}
	line, _, _ := strings.Cut(strings.TrimSpace(t.String()), "\n")
	return Excerpt(line)
}

// readByGDAL reads the rows of a file of one of the rarer formats.
func readByGDAL(ctx context.Context, kind string, open parts, ending string, form Form, found *Found, each func(Row) error) error {
	for _, program := range []string{"ogr2ogr", "ogrinfo"} {
		if _, err := os.Stat("/usr/bin/" + program); err != nil {
			return &Fault{Key: "gdal.missing", Args: words.Args{"driver": drivers[kind]}}
		}
	}
	dir, err := os.MkdirTemp("", "gridwright-gdal-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	g := &gdal{root: filepath.Join(dir, "root"), files: filepath.Join(dir, "in"), driver: drivers[kind], time: gdalLook}
	for _, d := range []string{g.root, g.files} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return err
		}
	}
	endings := []string{strings.ToLower(ending)}
	if set := sets[kind]; set != nil {
		endings = set
	}
	if err := hashParts(open, endings, found); err != nil {
		return err
	}
	for _, e := range endings {
		if err := copyPart(open, e, filepath.Join(g.files, "layer"+e)); err != nil {
			return err
		}
	}
	if err := g.only(ctx); err != nil {
		return err
	}
	file := "/in/layer" + endings[0]
	if kind == "gpkg" {
		if err := g.refusePrograms(ctx, file); err != nil {
			return err
		}
	}
	if kind == "kml" && form.System == nil && !form.AsIs {
		if fault := refuseOvital(filepath.Join(g.files, "layer"+endings[0])); fault != nil {
			return fault
		}
	}
	layers, err := g.layers(ctx, file)
	if err != nil {
		return err
	}
	layer, fault := pick(layers, form.Layer)
	if fault != nil {
		return fault
	}
	system, fault := layer.system(form, found)
	if fault != nil {
		return fault
	}
	var drawing *drawn
	if kind == "dxf" {
		drawing = &drawn{form: form, found: found}
		g.env = append(g.env, "DXF_CLOSED_LINE_AS_POLYGON="+map[bool]string{true: "TRUE", false: "FALSE"}[form.wants("Polygon")])
		if form.Encoding != "" {
			g.env = append(g.env, "DXF_ENCODING="+form.Encoding)
		}
	}
	// The coordinates are asked for as they stand: a system is only claimed, so that nothing is converted.
	args := slices.Concat(dumped, []string{"-a_srs", "EPSG:4326", "/vsistdout/", file, layer.name})
	each = eachUntil(ctx, each)
	take := each
	if drawing != nil {
		take = form.limits().keep(drawing.add)
	}
	n := 0
	g.time = gdalTime
	err = g.run(ctx, func(r io.Reader) error {
		return readDump(r, system, func(row Row) error {
			n++
			return take(row)
		})
	}, "ogr2ogr", args...)
	if kind == "mif" && err == nil {
		// Its geometries are text, of which GDAL counts what is there. The columns are a file of their own and tell.
		layer.rows, err = linesOf(open, ".mid")
		layer.rows = max(layer.rows, n)
	}
	if err == nil && layer.rows >= 0 && n != layer.rows {
		return &Fault{Key: "gdal.rows", Args: words.Args{"layer": Excerpt(layer.name), "rows": layer.rows, "n": n}}
	}
	if err == nil && drawing != nil {
		err = drawing.hand(each)
	}
	return err
}

// linesOf counts the lines of a part that are not empty, 0 where there is no such part.
func linesOf(open parts, ending string) (n int, err error) {
	r, err := open(ending)
	if missing(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer r.Close()
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) > 0 {
			n++
		}
	}
	return n, lines.Err()
}

func copyPart(open parts, ending, into string) error {
	r, err := open(ending)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

var driverLine = regexp.MustCompile(`(?m)^  (\S.*?) -[a-z,]+- `)

// only forbids every driver but the one for the file and the one for the answer.
func (g *gdal) only(ctx context.Context) error {
	var list []byte
	err := g.run(ctx, func(r io.Reader) (err error) { list, err = io.ReadAll(io.LimitReader(r, 1<<20)); return err }, "ogrinfo", "--formats")
	if err != nil {
		return err
	}
	var skip []string
	known := false
	for _, m := range driverLine.FindAllSubmatch(list, -1) {
		switch name := string(m[1]); name {
		case g.driver:
			known = true
		case "PGDUMP":
		default:
			skip = append(skip, name)
		}
	}
	if !known {
		return &Fault{Key: "gdal.missing", Args: words.Args{"driver": g.driver}}
	}
	g.skip = strings.Join(skip, ",")
	return nil
}

// sourceLayer is a layer of a file.
type sourceLayer struct {
	name, wkt string
	rows      int // -1 where it is not said
}

// layers lists a file's layers with their coordinate systems.
func (g *gdal) layers(ctx context.Context, file string) ([]sourceLayer, error) {
	var layers []sourceLayer
	err := g.run(ctx, func(r io.Reader) error {
		lines := bufio.NewScanner(io.LimitReader(r, 8<<20))
		lines.Buffer(nil, 1<<20)
		inWKT := false
		for lines.Scan() {
			line := lines.Text()
			name, is := strings.CutPrefix(line, "Layer name: ")
			switch {
			case is:
				layers, inWKT = append(layers, sourceLayer{name: name, rows: -1}), false
			case strings.HasPrefix(line, "Feature Count: ") && len(layers) > 0:
				if n, err := strconv.Atoi(strings.TrimPrefix(line, "Feature Count: ")); err == nil {
					layers[len(layers)-1].rows = n
				}
			case strings.HasPrefix(line, "Layer SRS WKT:"):
				inWKT = len(layers) > 0
			case inWKT && (strings.HasPrefix(line, " ") || regexp.MustCompile(`^[A-Z_]+\[`).MatchString(line)):
				layers[len(layers)-1].wkt += line + "\n"
			default:
				inWKT = false
			}
		}
		return lines.Err()
	}, "ogrinfo", "-ro", "-so", "-al", "-noextent", file)
	return layers, err
}

// pick returns the layer named, or the only one.
func pick(layers []sourceLayer, name string) (sourceLayer, *Fault) {
	var names []string
	for _, l := range layers {
		if l.name == name {
			return l, nil
		}
		names = append(names, l.name)
	}
	switch {
	case len(layers) == 0:
		return sourceLayer{}, &Fault{Key: "file.no_rows"}
	case name != "":
		return sourceLayer{}, &Fault{Key: "layers.none", Args: words.Args{"layer": Excerpt(name), "layers": names}}
	case len(layers) > 1:
		return sourceLayer{}, &Fault{Key: "layers.several", Args: words.Args{"layers": names}}
	}
	return layers[0], nil
}

// system returns the system of the layer's coordinates.
func (l sourceLayer) system(form Form, found *Found) (crs.System, *Fault) {
	text := strings.TrimSpace(l.wkt)
	if strings.HasPrefix(text, "(unknown)") {
		text = ""
	}
	return form.system(text, "note.no_system", found)
}

// refusePrograms refuses a GeoPackage with a view or a virtual table, which are programs and may run for ever as soon as their rows are
// counted, and with a trigger that no program for GeoPackages makes. The tables of the index in space are virtual, too, and known.
func (g *gdal) refusePrograms(ctx context.Context, file string) error {
	var answer []byte
	err := g.run(ctx, func(r io.Reader) (err error) { answer, err = io.ReadAll(io.LimitReader(r, 1<<20)); return err },
		"ogrinfo", "-ro", "-q", "-sql", "SELECT type, name FROM sqlite_master WHERE type = 'view'"+
			" OR type = 'table' AND sql LIKE 'CREATE VIRTUAL%' AND NOT (sql LIKE '% USING rtree(%' AND name GLOB 'rtree_*')"+
			" OR type = 'trigger' AND NOT (name GLOB 'rtree_*' OR name GLOB 'gpkg_*' OR name GLOB 'trigger_insert_feature_count_*' OR name GLOB 'trigger_delete_feature_count_*'"+
			" OR name GLOB '*_zoom_*' OR name GLOB '*_tile_*')", file)
	if err != nil {
		return err
	}
	if m := program.FindSubmatch(answer); m != nil {
		return &Fault{Key: "gpkg." + string(m[1]), Args: words.Args{"layer": Excerpt(string(m[2]))}}
	}
	return nil
}

var program = regexp.MustCompile(`type \(String\) = (view|table|trigger)\n  name \(String\) = (.*)`)

// Ovital's maps (奥维互动地图) write KML in GCJ-02 since version 9.3, though KML is to be in WGS 84. Which version wrote a file is not in it.
var ovital = regexp.MustCompile(`(?i)ovital|奥维|<ov[a-z]+[ >]`)

// refuseOvital refuses a KML of Ovital's, of which nobody has said the system.
func refuseOvital(path string) *Fault {
	file, err := os.Open(path)
	if err != nil {
		return nil // it was copied just now: GDAL will tell
	}
	defer file.Close()
	head, _ := io.ReadAll(io.LimitReader(file, 64<<10))
	if strings.HasSuffix(path, ".ovkml") || ovital.Match(head) {
		return &Fault{Key: "crs.ovital"}
	}
	return nil
}
