package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"
)

// serverUser is the system user the PostgreSQL packages make, as which root runs a new cluster.
const serverUser = "postgres"

// An owner is the system user a data directory belongs to: the server runs as this user, and every file in
// the directory is made, read and removed with this user's rights, also when the program itself is run by root.
type owner struct {
	name     string
	uid, gid uint32
	groups   []uint32 // gid and the supplementary ones
	stepDown bool     // whether the program is root's and has to step down to become the owner
}

// ownerByID returns the owner with the user id. It is refused when the id has no name, because initdb and peer
// authentication both look for one.
func ownerByID(uid uint32) (owner, error) {
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return owner{}, &Refusal{Key: NamelessUser, User: strconv.FormatUint(uint64(uid), 10), Cause: err}
	}
	return ownerOf(u)
}

// ownerByName returns the owner with the user name.
func ownerByName(name string) (owner, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return owner{}, &Refusal{Key: NoServerUser, User: name, Cause: err}
	}
	return ownerOf(u)
}

func ownerOf(u *user.User) (owner, error) {
	o := owner{name: u.Username}
	var err error
	if o.uid, err = parseID(u.Uid); err != nil {
		return owner{}, err
	}
	if o.gid, err = parseID(u.Gid); err != nil {
		return owner{}, err
	}
	ids, err := u.GroupIds()
	if err != nil {
		return owner{}, fmt.Errorf("groups of user %s: %w", u.Username, err)
	}
	for _, id := range ids {
		g, err := parseID(id)
		if err != nil {
			return owner{}, err
		}
		o.groups = append(o.groups, g)
	}
	if len(o.groups) == 0 {
		o.groups = []uint32{o.gid}
	}
	o.stepDown = o.uid != uint32(os.Geteuid())
	return o, nil
}

func parseID(s string) (uint32, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err
}

// do runs f with the rights of the owner, so that the kernel itself decides what the owner may enter, read and
// write, new files belong to the owner, and no symbolic link in the directory can lead root astray.
//
// Rights belong to a thread. When the program has to step down, f runs on a thread of its own that ends with it;
// the rest of the program never notices. f must not start programs or goroutines that touch the directory.
func (o owner) do(f func() error) error {
	if !o.stepDown {
		return f()
	}
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this goroutine
		if err := o.become(); err != nil {
			done <- fmt.Errorf("step down to user %s: %w", o.name, err)
			return
		}
		done <- f()
	}()
	return <-done
}

// become gives the calling thread the owner's rights. The raw calls change one thread;
// those of package syscall would change them all.
func (o owner) become() error {
	const same = ^uintptr(0)
	if _, _, e := syscall.RawSyscall(syscall.SYS_SETGROUPS, uintptr(len(o.groups)), uintptr(unsafe.Pointer(&o.groups[0])), 0); e != 0 {
		return e
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_SETRESGID, same, uintptr(o.gid), same); e != 0 {
		return e
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_SETRESUID, same, uintptr(o.uid), same); e != 0 {
		return e
	}
	return nil
}

// session returns the attributes of a process of the owner in a session of its own, which the terminal's Ctrl-C does not reach.
func (o owner) session() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if o.stepDown {
		attr.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid, Groups: o.groups}
	}
	return attr
}

// belongsTo returns the user id a file belongs to.
func belongsTo(info os.FileInfo) uint32 { return info.Sys().(*syscall.Stat_t).Uid }

// denied reports whether err says that the rights do not suffice or the file system is read-only.
func denied(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS)
}
