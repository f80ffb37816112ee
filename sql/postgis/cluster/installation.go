package cluster

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// An installation is a PostgreSQL server on this machine.
type installation struct {
	major int
	bin   string // directory of postgres and initdb
	share string // directory that has extension/postgis.control when PostGIS is installed
}

func (i installation) hasPostGIS() bool {
	_, err := os.Stat(filepath.Join(i.share, "extension", "postgis.control"))
	return err == nil
}

// A search says where installations are looked for.
type search struct {
	lib   string // has MAJOR/bin, as Debian and Ubuntu lay it out
	share string // has MAJOR/extension
	path  string // like PATH: directories that may have postgres or pg_config
}

func defaultSearch() search {
	return search{lib: "/usr/lib/postgresql", share: "/usr/share/postgresql", path: os.Getenv("PATH")}
}

// newest returns the newest installation that has PostGIS; the distribution's own come before those on the path.
func (s search) newest() (installation, error) {
	found, i := s.first(installation.hasPostGIS)
	switch {
	case i != nil:
		return *i, nil
	case len(found) == 0:
		return installation{}, &Refusal{Key: NoPostgres, Packages: []string{"postgresql", "postgresql-postgis"}}
	}
	return installation{}, &Refusal{Key: NoPostGIS, Installed: majors(found), Packages: []string{postgisPackage(found[0].major)}}
}

// ofMajor returns the installation of the given major version with PostGIS. A directory is only ever run
// by the version that made it.
func (s search) ofMajor(major int) (installation, error) {
	found, i := s.first(func(i installation) bool { return i.major == major && i.hasPostGIS() })
	packages := []string{serverPackage(major), postgisPackage(major)}
	switch {
	case i != nil:
		return *i, nil
	case len(found) == 0:
		return installation{}, &Refusal{Key: NoPostgres, Packages: packages}
	case slices.Contains(majors(found), strconv.Itoa(major)):
		return installation{}, &Refusal{Key: NoPostGIS, Installed: []string{strconv.Itoa(major)}, Packages: packages[1:]}
	}
	return installation{}, &Refusal{Key: OtherMajor, Have: strconv.Itoa(major), Installed: majors(found), Packages: packages}
}

// first returns the first installation that will do, or nil, and all that were looked at, newest first.
// The path is only searched when the distribution has none that will do: asking the programs on it takes time.
func (s search) first(willDo func(installation) bool) ([]installation, *installation) {
	found := s.packaged()
	if at := slices.IndexFunc(found, willDo); at >= 0 {
		return found, &found[at]
	}
	found = append(found, s.onPath()...)
	slices.SortStableFunc(found, newestFirst)
	if at := slices.IndexFunc(found, willDo); at >= 0 {
		return found, &found[at]
	}
	return found, nil
}

func newestFirst(a, b installation) int { return cmp.Compare(b.major, a.major) }

func serverPackage(major int) string  { return "postgresql-" + strconv.Itoa(major) }
func postgisPackage(major int) string { return "postgresql-" + strconv.Itoa(major) + "-postgis-3" }

// packaged returns the installations where Debian and Ubuntu put them, newest first.
func (s search) packaged() []installation {
	entries, err := os.ReadDir(s.lib)
	if err != nil {
		return nil // no such directory: no packages
	}
	var found []installation
	for _, e := range entries {
		major, err := strconv.Atoi(e.Name())
		bin := filepath.Join(s.lib, e.Name(), "bin")
		if err != nil || !isServer(bin) {
			continue
		}
		found = append(found, installation{major: major, bin: bin, share: filepath.Join(s.share, e.Name())})
	}
	slices.SortFunc(found, newestFirst)
	return found
}

// onPath returns the installations that have their programs, or a pg_config, on the path.
func (s search) onPath() []installation {
	var found []installation
	for _, dir := range filepath.SplitList(s.path) {
		config := filepath.Join(dir, "pg_config")
		if !filepath.IsAbs(dir) || !isProgram(config) {
			continue
		}
		bin, share := ask(config, "--bindir"), ask(config, "--sharedir")
		major, ok := parseMajor(ask(config, "--version"))
		if ok && isServer(bin) {
			found = append(found, installation{major: major, bin: bin, share: share})
		}
	}
	return found
}

// parseMajor reads the major version from words like "PostgreSQL 15.18 (Debian 15.18-0+deb12u1)" or "PostgreSQL 17beta1".
func parseMajor(version string) (major int, ok bool) {
	words := strings.Fields(version)
	if len(words) < 2 {
		return 0, false
	}
	rest := strings.TrimLeft(words[1], "0123456789")
	major, err := strconv.Atoi(strings.TrimSuffix(words[1], rest))
	return major, err == nil
}

// ask returns what the program answers, or "" when it does not.
func ask(program, question string) string {
	answer, err := exec.Command(program, question).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(answer))
}

func isServer(bin string) bool {
	return isProgram(filepath.Join(bin, "postgres")) && isProgram(filepath.Join(bin, "initdb"))
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func majors(found []installation) []string {
	var names []string
	for _, i := range found {
		if name := strconv.Itoa(i.major); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
