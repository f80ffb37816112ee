package cluster

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// The port only names the socket; nothing listens on TCP.
const (
	port       = "5432"
	socketName = ".s.PGSQL." + port
)

// socketPathLimit is how many bytes the address of a unix socket may have: sun_path less its closing zero.
const socketPathLimit = 107

// An address is the directory of the socket as a connection string can name it.
type address struct {
	host string
	open *os.File // the run directory, held open where host goes through it
}

// findAddress sets the address. The server binds the socket by a path relative to its own directory, which is always short.
// A client names it by its full path, or, if that is longer than the kernel allows or has a comma, which separates hosts in
// a connection string, by a directory this program holds open.
func (c *Cluster) findAddress() error {
	run := c.path(runName)
	if len(run)+len("/"+socketName) <= socketPathLimit && !strings.Contains(run, ",") {
		c.address = address{host: run}
		return nil
	}
	return c.owner.do(func() error {
		d, err := os.OpenFile(run, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
		if err != nil {
			return err
		}
		c.address = address{host: fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), d.Fd()), open: d}
		return nil
	})
}

func (a address) release() {
	if a.open != nil {
		a.open.Close()
	}
}

// dsn returns a connection string. It names what the environment (PGSSLMODE, PGOPTIONS and others) could spoil.
func (a address) dsn(user, database string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(a.host)
	return "host='" + quoted + "' port=" + port + " user=" + user + " dbname=" + database +
		" sslmode=disable target_session_attrs=any options=''"
}
