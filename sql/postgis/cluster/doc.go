// Package cluster makes, starts, shares and stops the private PostGIS of a data directory: a real PostgreSQL server that
// belongs to one directory, listens on a unix socket only, and answers nobody but the directory's owner and root.
//
// It is not for the office's own server (that one is simply connected to), and it holds no schema: the database it hands out
// has the PostGIS extension and nothing else.
//
// A data directory looks like this:
//
//	DIR/gridwright.data   says what the directory is; whoever starts or stops the server holds a lock on it
//	DIR/members.lock      everyone who uses the server holds a shared lock on it
//	DIR/pg                the PostgreSQL cluster
//	DIR/pg.making         a cluster that is not finished; cleared away by the next one who comes
//	DIR/run               the socket, mode 0700
//	DIR/log               what the server says
//
// Several programs may be in at once. The first one in starts the server and the last one out stops it; the kernel gives up
// the locks of a program that is killed, so the count of members is never wrong. A program that dies takes nobody with
// it: the server is in a session of its own, and should everyone be killed it waits, idle, for the next one to come.
// docs/private-cluster.md tells why it is so and not otherwise.
//
// Linux only: processes are found through /proc.
package cluster
