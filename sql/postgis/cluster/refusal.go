package cluster

import (
	"fmt"
	"strings"
)

// Key names why a data directory is refused. The words are stable: messages in other languages are chosen by them.
type Key string

// The reasons to refuse. Each is found before anything in the directory is changed, except where it says otherwise.
const (
	ForeignDirectory Key = "foreign_directory" // not empty, and gridwright did not make it: Place is a thing found there
	NotDirectory     Key = "not_a_directory"   // the path, or Place on the way to it, is something else
	Unreachable      Key = "unreachable"       // User cannot enter Place
	NotWritable      Key = "not_writable"      // User cannot write in Place
	OtherOwner       Key = "other_owner"       // it belongs to Owner, and this program runs as User
	OtherMajor       Key = "other_major"       // made by PostgreSQL Have; only Installed can be had here
	NoPostgres       Key = "no_postgres"       // no PostgreSQL server on this machine: Packages are missing
	NoPostGIS        Key = "no_postgis"        // PostgreSQL Installed are here, PostGIS for them is not: Packages are missing
	NoServerUser     Key = "no_server_user"    // root needs the system user User to run the server, and there is none
	NamelessUser     Key = "nameless_user"     // the user id User has no name on this machine; PostgreSQL needs one
	PathTooLong      Key = "path_too_long"     // more than Limit bytes
	PathUnusable     Key = "path_unusable"     // a control character in the path
	Damaged          Key = "damaged_directory" // Place is there but is no PostgreSQL cluster
)

// Refusal is the error for a data directory that cannot be used as it is and where a person has to decide something.
// Which fields are set depends on Key.
type Refusal struct {
	Key       Key
	Dir       string   // the data directory, absolute
	Place     string   // the file or directory at fault
	User      string   // the system user the server runs as, or would
	Owner     string   // the system user the directory belongs to
	Have      string   // the PostgreSQL major version that made the directory
	Installed []string // the PostgreSQL major versions on this machine, newest first
	Packages  []string // Debian packages that would help
	Limit     int      // bytes
	Cause     error    // what the operating system said, or nil
}

// Unwrap returns what the operating system said, or nil.
func (r *Refusal) Unwrap() error { return r.Cause }

// Error says in English what is refused, where, and what to do.
func (r *Refusal) Error() string {
	switch r.Key {
	case ForeignDirectory:
		return fmt.Sprintf("%s is not empty and was not made by gridwright (it has %s); choose a new or an empty directory", r.Dir, r.Place)
	case NotDirectory:
		return fmt.Sprintf("%s: %s is not a directory", r.Dir, r.Place)
	case Unreachable:
		return fmt.Sprintf("%s: user %s, who runs the database server, cannot enter %s; choose a directory under one everybody may enter, such as /var/lib/gridwright", r.Dir, r.User, r.Place)
	case NotWritable:
		return fmt.Sprintf("%s: user %s cannot write in %s", r.Dir, r.User, r.Place)
	case OtherOwner:
		return fmt.Sprintf("%s belongs to user %s and this program runs as %s; run it as %s or as root", r.Dir, r.Owner, r.User, r.Owner)
	case OtherMajor:
		return fmt.Sprintf("%s was made by PostgreSQL %s and this machine has %s; install %s, or make a backup where PostgreSQL %s runs and restore it into a new directory",
			r.Dir, r.Have, strings.Join(r.Installed, ", "), strings.Join(r.Packages, " and "), r.Have)
	case NoPostgres:
		return fmt.Sprintf("no PostgreSQL server on this machine; install the packages %s", strings.Join(r.Packages, " and "))
	case NoPostGIS:
		return fmt.Sprintf("PostgreSQL %s has no PostGIS; install the package %s", strings.Join(r.Installed, ", "), strings.Join(r.Packages, " and "))
	case NoServerUser:
		return fmt.Sprintf("root cannot run a database server and there is no system user %s to run it as; the PostgreSQL packages make one", r.User)
	case NamelessUser:
		return fmt.Sprintf("user id %s has no name on this machine, and PostgreSQL needs one; add a line to /etc/passwd", r.User)
	case PathTooLong:
		return fmt.Sprintf("%s: the path is longer than %d bytes", r.Dir, r.Limit)
	case PathUnusable:
		return fmt.Sprintf("%q: a control character in the path", r.Dir)
	case Damaged:
		return fmt.Sprintf("%s: %s is there but is no PostgreSQL cluster; restore a backup into a new directory", r.Dir, r.Place)
	}
	return fmt.Sprintf("%s: %s", r.Dir, r.Key)
}
