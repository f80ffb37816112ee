package cluster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// namelessID is a user id that no machine gives a name.
const namelessID = 54321

// A trouble is a place that must be refused.
type trouble struct {
	name  string
	root  bool                                                // whether only root can stage it
	as    string                                              // the user who opens it, or "" for the one who tests
	with  func(t *testing.T) search                           // where PostgreSQL is looked for, or nil for where it is
	stage func(t *testing.T, yard string) (dir, place string) // makes the trouble below yard
	want  Key
}

// troubles are told apart by what a person would have to do about them.
var troubles = []trouble{
	{name: "somebody's letters", want: ForeignDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			write(t, filepath.Join(yard, "home", "letter.txt"), "Dear mother")
			return filepath.Join(yard, "home"), "letter.txt"
		}},
	{name: "a hidden file only", want: ForeignDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			write(t, filepath.Join(yard, "home", ".profile"), "")
			return filepath.Join(yard, "home"), ".profile"
		}},
	{name: "a PostgreSQL cluster of another program", want: ForeignDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			write(t, filepath.Join(yard, "main", "PG_VERSION"), "15\n")
			return filepath.Join(yard, "main"), "PG_VERSION"
		}},

	{name: "a file", want: NotDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			write(t, filepath.Join(yard, "file"), "")
			return filepath.Join(yard, "file"), filepath.Join(yard, "file")
		}},
	{name: "far below a file", want: NotDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			write(t, filepath.Join(yard, "file"), "")
			return filepath.Join(yard, "file", "deeper", "data"), filepath.Join(yard, "file")
		}},
	{name: "a link to nowhere", want: NotDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			link(t, filepath.Join(yard, "nowhere"), filepath.Join(yard, "link"))
			return filepath.Join(yard, "link"), filepath.Join(yard, "link")
		}},
	{name: "below a link to itself", want: NotDirectory,
		stage: func(t *testing.T, yard string) (string, string) {
			link(t, filepath.Join(yard, "link"), filepath.Join(yard, "link"))
			return filepath.Join(yard, "link", "data"), filepath.Join(yard, "link")
		}},

	{name: "below a directory that is root's alone", root: true, want: Unreachable,
		stage: func(t *testing.T, yard string) (string, string) {
			makeDir(t, filepath.Join(yard, "root"), 0o700)
			return filepath.Join(yard, "root", "some", "data"), filepath.Join(yard, "root")
		}},
	{name: "the server's own directory behind a closed door", root: true, want: Unreachable,
		stage: func(t *testing.T, yard string) (string, string) {
			makeDir(t, filepath.Join(yard, "root"), 0o700)
			makeDir(t, filepath.Join(yard, "root", "data"), 0o700)
			forServer(t, filepath.Join(yard, "root", "data"))
			return filepath.Join(yard, "root", "data"), filepath.Join(yard, "root")
		}},
	{name: "an empty directory of root's behind a closed door", root: true, want: Unreachable,
		stage: func(t *testing.T, yard string) (string, string) {
			makeDir(t, filepath.Join(yard, "root"), 0o700)
			makeDir(t, filepath.Join(yard, "root", "data"), 0o755)
			return filepath.Join(yard, "root", "data"), filepath.Join(yard, "root")
		}},
	{name: "a link through a closed door", root: true, want: Unreachable,
		stage: func(t *testing.T, yard string) (string, string) {
			makeDir(t, filepath.Join(yard, "root"), 0o700)
			link(t, filepath.Join(yard, "root"), filepath.Join(yard, "link"))
			return filepath.Join(yard, "link", "data"), filepath.Join(yard, "root")
		}},
	{name: "a user before root's door", root: true, as: "nobody", want: Unreachable,
		stage: func(t *testing.T, yard string) (string, string) {
			makeDir(t, filepath.Join(yard, "root"), 0o700)
			return filepath.Join(yard, "root", "data"), filepath.Join(yard, "root")
		}},

	{name: "an empty directory that may not be written", want: NotWritable,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := filepath.Join(yard, "data")
			makeDir(t, dir, 0o500)
			forServer(t, dir)
			return dir, dir
		}},
	{name: "begun, and then closed", want: NotWritable,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := filepath.Join(yard, "data")
			write(t, filepath.Join(dir, markerName), markerText)
			forServer(t, filepath.Join(dir, markerName))
			forServer(t, dir)
			setRights(t, dir, 0o500)
			return dir, dir
		}},
	{name: "a user in a directory of root's", root: true, as: "nobody", want: NotWritable,
		stage: func(t *testing.T, yard string) (string, string) {
			return filepath.Join(yard, "data"), yard
		}},
	{name: "a user in an empty directory of root's", root: true, as: "nobody", want: NotWritable,
		stage: func(t *testing.T, yard string) (string, string) {
			makeDir(t, filepath.Join(yard, "data"), 0o755)
			return filepath.Join(yard, "data"), filepath.Join(yard, "data")
		}},

	{name: "closed by its owner", root: true, as: "nobody", want: OtherOwner,
		stage: func(t *testing.T, yard string) (string, string) { return atRest(t, yard, "15\n"), "" }},
	{name: "of another owner, for all to read", root: true, as: "nobody", want: OtherOwner,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := atRest(t, yard, "15\n")
			setRights(t, dir, 0o755)
			return dir, ""
		}},
	{name: "of a user without a name", root: true, want: NamelessUser,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := filepath.Join(yard, "data")
			makeDir(t, dir, 0o700)
			if err := os.Chown(dir, namelessID, namelessID); err != nil {
				t.Fatal(err)
			}
			return dir, ""
		}},

	{name: "made by an older PostgreSQL", want: OtherMajor,
		stage: func(t *testing.T, yard string) (string, string) { return atRest(t, yard, "14\n"), "" }},
	{name: "made by a newer PostgreSQL", want: OtherMajor,
		stage: func(t *testing.T, yard string) (string, string) { return atRest(t, yard, "99\n"), "" }},

	{name: "no PostgreSQL, and no directory yet", with: nothing, want: NoPostgres,
		stage: func(t *testing.T, yard string) (string, string) { return filepath.Join(yard, "some", "data"), "" }},
	{name: "no PostgreSQL any more", with: nothing, want: NoPostgres,
		stage: func(t *testing.T, yard string) (string, string) { return atRest(t, yard, "15\n"), "" }},
	{name: "no PostGIS, and no directory yet", with: noPostGIS, want: NoPostGIS,
		stage: func(t *testing.T, yard string) (string, string) { return filepath.Join(yard, "some", "data"), "" }},
	{name: "no PostGIS any more", with: noPostGIS, want: NoPostGIS,
		stage: func(t *testing.T, yard string) (string, string) { return atRest(t, yard, "15\n"), "" }},

	{name: "longer than PostgreSQL can keep", want: PathTooLong,
		stage: func(t *testing.T, yard string) (string, string) {
			return filepath.Join(yard, strings.Repeat("far/", 225)), ""
		}},
	{name: "longer behind a link", want: PathTooLong,
		stage: func(t *testing.T, yard string) (string, string) {
			deep := filepath.Join(yard, strings.Repeat(strings.Repeat("e", 200)+"/", 4))
			if err := os.MkdirAll(deep, 0o755); err != nil {
				t.Fatal(err)
			}
			link(t, deep, filepath.Join(yard, "link"))
			return filepath.Join(yard, "link", strings.Repeat("f", 150)), ""
		}},
	{name: "a name longer than the file system has them", want: PathTooLong,
		stage: func(t *testing.T, yard string) (string, string) {
			return filepath.Join(yard, strings.Repeat("n", 256)), ""
		}},
	{name: "a line break in the name", want: PathUnusable,
		stage: func(t *testing.T, yard string) (string, string) { return filepath.Join(yard, "two\nlines"), "" }},

	{name: "a cluster without its version", want: Damaged,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := atRest(t, yard, "15\n")
			if err := os.Remove(filepath.Join(dir, homeName, "PG_VERSION")); err != nil {
				t.Fatal(err)
			}
			return dir, filepath.Join(dir, homeName)
		}},
	{name: "a version that is no number", want: Damaged,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := atRest(t, yard, "fifteen\n")
			return dir, filepath.Join(dir, homeName, "PG_VERSION")
		}},
	{name: "a file in the cluster's place", want: Damaged,
		stage: func(t *testing.T, yard string) (string, string) {
			dir := atRest(t, yard, "15\n")
			home := filepath.Join(dir, homeName)
			if err := os.RemoveAll(home); err != nil {
				t.Fatal(err)
			}
			write(t, home, "")
			return dir, home
		}},
}

// Each trouble is refused by its own key, names the place at fault, and leaves everything as it was.
func TestRefusals(t *testing.T) {
	for _, trouble := range troubles {
		t.Run(trouble.name, func(t *testing.T) {
			if trouble.root {
				needRoot(t)
			}
			if trouble.with == nil {
				needServer(t)
			}
			yard := filepath.Dir(ground(t))
			dir, place := trouble.stage(t, yard)
			before := tree(t, yard)
			key, at := trouble.open(t, dir)
			if key != trouble.want || at != place {
				t.Errorf("got %s at %q, want %s at %q", key, at, trouble.want, place)
			}
			if after := tree(t, yard); after != before {
				t.Errorf("something was touched; before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

// open opens the directory as the trouble wants it and returns the refusal's key and place.
func (trouble trouble) open(t *testing.T, dir string) (Key, string) {
	t.Helper()
	if trouble.as != "" {
		key, place, _ := strings.Cut(act(t, trouble.as, "hold", dir).hear("refused"), " ")
		return Key(key), place
	}
	search := defaultSearch()
	if trouble.with != nil {
		search = trouble.with(t)
	}
	_, err := open(limited(t), dir, Options{}, search)
	r := wantRefusal(t, err, trouble.want)
	if said := r.Error(); strings.HasPrefix(said, ":") || !strings.Contains(said, r.Place) || !strings.Contains(said, r.User) {
		t.Errorf("the refusal does not say what is wrong where: %s", said)
	}
	return r.Key, r.Place
}

// What a person has to install is named by its package.
func TestRefusalsNamePackages(t *testing.T) {
	needServer(t)
	dir := furnished(t)
	if err := os.WriteFile(filepath.Join(dir, homeName, "PG_VERSION"), []byte("14\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	_, err := Open(limited(t), dir, Options{})
	if tree(t, dir) != before {
		t.Error("something was touched")
	}
	r := wantRefusal(t, err, OtherMajor)
	if got := strings.Join(r.Packages, " "); got != "postgresql-14 postgresql-14-postgis-3" || r.Have != "14" || len(r.Installed) == 0 {
		t.Errorf("got packages %q, made by %q, installed %v", got, r.Have, r.Installed)
	}
	_, err = nothing(t).newest()
	if got := strings.Join(wantRefusal(t, err, NoPostgres).Packages, " "); got != "postgresql postgresql-postgis" {
		t.Errorf("got packages %q", got)
	}
}

func TestWithoutTheServersUser(t *testing.T) {
	_, err := ownerByName("nobody-is-called-this")
	if r := wantRefusal(t, err, NoServerUser); errors.Unwrap(r) == nil {
		t.Error("the refusal has no cause")
	}
}

// nothing is a search where no PostgreSQL can be found.
func nothing(t *testing.T) search {
	t.Helper()
	empty := t.TempDir()
	return search{lib: empty, share: empty, path: empty}
}

// noPostGIS is a search that finds PostgreSQL but none of its extensions.
func noPostGIS(t *testing.T) search {
	t.Helper()
	s := defaultSearch()
	if len(s.packaged()) == 0 {
		t.Skip("no PostgreSQL from packages")
	}
	s.share, s.path = t.TempDir(), ""
	return s
}

// atRest returns a data directory below yard as a command left it, but for the thousand files of its cluster: it is refused before
// they are looked at.
func atRest(t *testing.T, yard, version string) string {
	t.Helper()
	dir := filepath.Join(yard, "data")
	write(t, filepath.Join(dir, homeName, "PG_VERSION"), version)
	write(t, filepath.Join(dir, markerName), markerText)
	write(t, filepath.Join(dir, membersName), "")
	write(t, filepath.Join(dir, logName, logFile), "database system is shut down\n")
	makeDir(t, filepath.Join(dir, runName), 0o700)
	for _, name := range []string{homeName, logName} {
		setRights(t, filepath.Join(dir, name), 0o700)
	}
	setRights(t, dir, 0o700)
	err := filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		forServer(t, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// write makes a file and the directories above it.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func makeDir(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Mkdir(path, mode); err != nil {
		t.Fatal(err)
	}
	setRights(t, path, mode)
}

// setRights sets the rights of a directory, and opens it again when the test ends so that it can be cleared away.
func setRights(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(path, 0o700) })
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Fatal(err)
	}
}
