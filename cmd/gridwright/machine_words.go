package main

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"

	"gridwright/plan"
	"gridwright/plan/words"
)

// machineWords says what the machine refused: the file or address, then the reason. It reports false for every other
// error and for reasons that are not in the table.
func machineWords(err error, l words.Lang) (string, bool) {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		return sentences.Say(l, "machine_no_host", words.Args{"host": name.Name}), true
	}
	place := ""
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Addr != nil {
		place = e.Addr.String()
	} else if e, ok := errors.AsType[*fs.PathError](err); ok {
		place = e.Path
	} else if e, ok := errors.AsType[*os.LinkError](err); ok {
		place = e.New
	}
	errno, ok := errors.AsType[syscall.Errno](err)
	key, known := errnoKeys[errno]
	if place == "" || !ok || !known {
		return "", false
	}
	return sentences.Say(l, "machine_at", words.Args{"place": place, "why": sentences.Say(l, key, nil)}), true
}

// unreachable says where nobody answered when a database the user named is unavailable; the store's own sentence is
// fit for a page, whose reader has not chosen the server.
func unreachable(err error, l words.Lang) (string, bool) {
	if plan.KindOf(err) != plan.Unavailable {
		return "", false
	}
	why, ok := machineWords(err, l)
	if !ok {
		return "", false
	}
	return sentences.Say(l, "database_unreachable", words.Args{"why": why}), true
}

// errnoKeys are the sentences of what goes wrong with files and addresses; the rest comes in the system's words.
var errnoKeys = map[syscall.Errno]string{
	syscall.ENOENT:        "errno_noent",
	syscall.EACCES:        "errno_acces",
	syscall.EPERM:         "errno_acces",
	syscall.EISDIR:        "errno_isdir",
	syscall.ENOTDIR:       "errno_notdir",
	syscall.ENOSPC:        "errno_nospc",
	syscall.EROFS:         "errno_rofs",
	syscall.ELOOP:         "errno_loop",
	syscall.ENAMETOOLONG:  "errno_nametoolong",
	syscall.EIO:           "errno_io",
	syscall.EADDRINUSE:    "errno_addrinuse",
	syscall.EADDRNOTAVAIL: "errno_addrnotavail",
	syscall.ECONNREFUSED:  "errno_connrefused",
	syscall.ETIMEDOUT:     "errno_timedout",
	syscall.ENETUNREACH:   "errno_unreach",
	syscall.EHOSTUNREACH:  "errno_unreach",
}

var machineSentences = words.Table{
	"machine_at":           {"{place}：{why}", "{place}: {why}"},
	"machine_no_host":      {"找不到主机{host}", "there is no host {host}"},
	"database_unreachable": {"连不上数据库：{why}", "the database cannot be reached: {why}"},

	"errno_noent":        {"没有这个文件或目录", "no such file or directory"},
	"errno_acces":        {"没有权限", "permission denied"},
	"errno_isdir":        {"这是目录，不是文件", "this is a directory, not a file"},
	"errno_notdir":       {"路径中有一段不是目录", "a part of the path is no directory"},
	"errno_nospc":        {"磁盘已满", "no space left on the disk"},
	"errno_rofs":         {"文件系统只读", "the file system is read-only"},
	"errno_loop":         {"符号链接绕成了圈", "the symbolic links go round in a circle"},
	"errno_nametoolong":  {"名称太长", "the name is too long"},
	"errno_io":           {"读写出错", "the disk cannot be read or written"},
	"errno_addrinuse":    {"地址已被占用", "the address is in use already"},
	"errno_addrnotavail": {"本机没有这个地址", "this machine has no such address"},
	"errno_connrefused":  {"没有程序在那里应答", "nobody listens there"},
	"errno_timedout":     {"没有回音", "no answer came in time"},
	"errno_unreach":      {"网络不通", "no way leads there"},
}
