package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// The names in a data directory.
const (
	markerName  = "gridwright.data"
	membersName = "members.lock"
	homeName    = "pg"
	makingName  = "pg.making"
	runName     = "run"
	logName     = "log"
)

// markerText is what the marker says to a person who finds the directory.
const markerText = `This directory is a gridwright data directory. It holds a private PostgreSQL cluster (pg), its socket (run) and its log (log).
While any gridwright command uses it a server runs here. Do not copy or edit the files by hand: use gridwright backup and restore.
`

// pathLimit is the longest data directory in bytes: PostgreSQL keeps paths in 1024 bytes and needs some for its own names.
const pathLimit = 900

// A condition is what is found at the place of a data directory.
type condition int

const (
	missing condition = iota // nothing there
	vacant                   // an empty directory
	ours                     // a directory with our marker
)

// A site is the place of a data directory, looked at but not touched.
type site struct {
	dir       string // absolute, symbolic links resolved
	condition condition
	owner     owner
}

func (s site) path(name string) string { return filepath.Join(s.dir, name) }

// survey looks at the place of a data directory and refuses it when it cannot become or be one. It touches nothing.
func survey(dir string) (site, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return site{}, err
	}
	s := site{dir: abs}
	if strings.ContainsFunc(abs, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return site{}, &Refusal{Key: PathUnusable, Dir: abs}
	}
	if len(abs) > pathLimit {
		return site{}, &Refusal{Key: PathTooLong, Dir: abs, Limit: pathLimit}
	}
	standing, err := deepestStanding(abs)
	if err != nil {
		return site{}, misplaced(abs, standing, err)
	}
	resolved, err := filepath.EvalSymlinks(standing)
	if err != nil {
		return site{}, misplaced(abs, standing, err)
	}
	s.dir = filepath.Join(resolved, strings.TrimPrefix(abs, standing))
	if len(s.dir) > pathLimit {
		return site{}, &Refusal{Key: PathTooLong, Dir: s.dir, Limit: pathLimit}
	}
	if info, err := os.Stat(resolved); err != nil {
		return site{}, misplaced(abs, standing, err)
	} else if !info.IsDir() {
		return site{}, &Refusal{Key: NotDirectory, Dir: s.dir, Place: resolved}
	}
	if standing == abs {
		if s.condition, err = inspect(s.dir); err != nil {
			return site{}, err
		}
	}
	if s.owner, err = s.chooseOwner(); err != nil {
		return site{}, err
	}
	return s, s.reachable(resolved)
}

// deepestStanding returns the longest beginning of path that exists. A link that leads nowhere stands too, and is an error.
func deepestStanding(path string) (string, error) {
	for {
		_, err := os.Stat(path)
		if err == nil || !errors.Is(err, os.ErrNotExist) || path == filepath.Dir(path) {
			return path, err
		}
		if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink != 0 {
			return path, &os.PathError{Op: "follow", Path: path, Err: syscall.ENOTDIR}
		}
		path = filepath.Dir(path)
	}
}

// misplaced turns what the operating system says about a path into a refusal.
func misplaced(dir, place string, err error) error {
	switch {
	case errors.Is(err, syscall.ENAMETOOLONG):
		return &Refusal{Key: PathTooLong, Dir: dir, Limit: 255, Cause: err}
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ELOOP):
		return &Refusal{Key: NotDirectory, Dir: dir, Place: obstacle(place), Cause: err}
	case denied(err):
		barred, _ := barrier(place)
		return &Refusal{Key: Unreachable, Dir: dir, Place: barred, User: userName(uint32(os.Geteuid())), Cause: err}
	}
	return fmt.Errorf("data directory %s: %w", dir, err)
}

// obstacle returns the first thing on the way to path that is there but leads to no directory.
func obstacle(path string) string {
	for end := 1; end < len(path); end++ {
		if path[end] != '/' {
			continue
		}
		if info, err := os.Stat(path[:end]); err != nil || !info.IsDir() {
			return path[:end]
		}
	}
	return path
}

// inspect tells an empty directory from one of ours, and refuses any other.
func inspect(dir string) (condition, error) {
	entries, err := os.ReadDir(dir)
	if denied(err) {
		return 0, closed(dir, err)
	}
	if err != nil {
		return 0, fmt.Errorf("data directory %s: %w", dir, err)
	}
	found, stranger := vacant, ""
	for _, e := range entries {
		switch e.Name() {
		case markerName:
			found = ours
		case "lost+found": // every new file system has one
		default:
			stranger = e.Name()
		}
	}
	if found == vacant && stranger != "" {
		return 0, &Refusal{Key: ForeignDirectory, Dir: dir, Place: stranger}
	}
	return found, nil
}

// closed is the refusal for a directory this program's user may not look into.
func closed(dir string, cause error) error {
	me := uint32(os.Geteuid())
	if info, err := os.Stat(dir); err == nil && belongsTo(info) != me {
		return &Refusal{Key: OtherOwner, Dir: dir, Owner: userName(belongsTo(info)), User: userName(me), Cause: cause}
	}
	return &Refusal{Key: Unreachable, Dir: dir, Place: dir, User: userName(me), Cause: cause}
}

// userName returns the name of a user id, or its digits when it has none.
func userName(uid uint32) string {
	if o, err := ownerByID(uid); err == nil {
		return o.name
	}
	return fmt.Sprint(uid)
}

// chooseOwner returns whose the cluster is or will be. An ordinary user only ever owns his own. Root, who cannot run a server,
// steps down to the one who owns the cluster, else the directory, else to the user of the PostgreSQL packages.
func (s site) chooseOwner() (owner, error) {
	me := uint32(os.Geteuid())
	for _, path := range []string{s.path(homeName), s.dir} {
		info, err := os.Stat(path)
		if err != nil || belongsTo(info) == 0 {
			continue
		}
		if uid := belongsTo(info); me != 0 && uid != me {
			return owner{}, &Refusal{Key: OtherOwner, Dir: s.dir, Owner: userName(uid), User: userName(me)}
		}
		return ownerByID(belongsTo(info))
	}
	if me != 0 {
		return ownerByID(me)
	}
	return ownerByName(serverUser)
}

// reachable refuses a place the owner cannot enter. The answer is the kernel's, given to the owner.
func (s site) reachable(standing string) error {
	if s.handsOver() {
		standing = filepath.Dir(standing) // the directory itself will be given to the owner
	}
	return s.owner.do(func() error {
		if place, err := barrier(standing); err != nil {
			return &Refusal{Key: Unreachable, Dir: s.dir, Place: place, User: s.owner.name, Cause: err}
		}
		return nil
	})
}

// barrier returns the first directory on the way to path that the caller may not enter, and what the
// operating system says to that; no error means that the way is free as far as it exists.
func barrier(path string) (string, error) {
	for end := 1; end <= len(path); end++ {
		if end < len(path) && path[end] != '/' {
			continue
		}
		if _, err := os.Stat(path[:end] + "/."); denied(err) {
			return path[:end], err
		}
	}
	return "", nil
}

// handsOver reports whether the directory is an empty one of root's that take will give to the owner.
func (s site) handsOver() bool {
	if !s.owner.stepDown || s.condition != vacant {
		return false
	}
	info, err := os.Stat(s.dir)
	return err == nil && belongsTo(info) == 0
}

// take makes the directory if it is missing and puts the marker in it. Two programs may do so at the same moment.
// It returns the open marker.
func (s site) take() (*os.File, error) {
	if s.condition == missing {
		if err := s.makeParents(filepath.Dir(s.dir)); err != nil {
			return nil, err
		}
		if err := os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, s.unwritable(filepath.Dir(s.dir), err)
		}
	}
	if s.condition != ours && s.owner.stepDown {
		if err := s.handOver(); err != nil {
			return nil, err
		}
	}
	marker, err := s.openOwned(markerName)
	if err != nil {
		return nil, s.unwritable(s.dir, err)
	}
	return marker, nil
}

// handOver gives a directory that is still root's to the owner.
func (s site) handOver() error {
	d, err := os.OpenFile(s.dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return s.unwritable(s.dir, err)
	}
	defer d.Close()
	info, err := d.Stat()
	if err != nil || belongsTo(info) != 0 {
		return err
	}
	if err := d.Chown(int(s.owner.uid), int(s.owner.gid)); err != nil {
		return s.unwritable(s.dir, err)
	}
	return nil
}

// makeParents makes the directories above the data directory. Those root makes are such that the owner can pass,
// whatever root's umask.
func (s site) makeParents(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if err := s.makeParents(parent); err != nil {
		return err
	}
	switch err := os.Mkdir(dir, 0o755); {
	case errors.Is(err, os.ErrExist):
		return nil
	case err != nil:
		return s.unwritable(parent, err)
	}
	if !s.owner.stepDown {
		return nil
	}
	return os.Chmod(dir, 0o755)
}

// openOwned opens a file of the data directory for reading and writing, with the owner's rights; it is made if it is missing.
func (s site) openOwned(name string) (f *os.File, err error) {
	err = s.owner.do(func() error {
		f, err = os.OpenFile(s.path(name), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
		return err
	})
	return f, err
}

// unwritable turns an error of making something in place into a refusal if the rights are at fault.
func (s site) unwritable(place string, err error) error {
	switch {
	case denied(err):
		return &Refusal{Key: NotWritable, Dir: s.dir, Place: place, User: s.owner.name, Cause: err}
	case errors.Is(err, syscall.ENAMETOOLONG):
		return &Refusal{Key: PathTooLong, Dir: s.dir, Limit: 255, Cause: err}
	}
	return fmt.Errorf("data directory %s: %w", s.dir, err)
}

// describe writes the marker's text into it if it has none yet.
func describe(marker *os.File) error {
	info, err := marker.Stat()
	if err != nil || info.Size() > 0 {
		return err
	}
	_, err = io.WriteString(marker, markerText)
	return err
}
