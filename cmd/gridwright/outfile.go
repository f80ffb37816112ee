package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"gridwright/plan/words"
)

// writable refuses an --out that can name no file, before hours of work are done for it.
func (s *streams) writable(name string) error {
	if name == "" {
		return s.misuse("out_nothing", nil)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return s.misuse("out_directory", words.Args{"file": name})
	}
	return nil
}

// writeFile writes data to a file whole or not at all, or to stdout for "-". What is no regular file (a device, a fifo)
// is written into as it stands: renamed over, it would be gone for everybody else.
func (s *streams) writeFile(name string, write func(*os.File) error) error {
	if name == "-" {
		f, ok := s.out.(*os.File)
		if !ok {
			return errors.New("stdout is no file")
		}
		return write(f)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	target, err := followed(name)
	if err == nil {
		err = replace(target, write)
	}
	return naming(name, err)
}

// replace writes a file beside the target and renames it over the target when it is whole.
func replace(target string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(target), ".gridwright-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}

// followed returns the file a name leads to through symbolic links, be it there or not, so that a link stays a link
// and what it leads to is new.
func followed(name string) (string, error) {
	const most = 40 // as the kernel has it
	for range most {
		to, err := os.Readlink(name)
		switch {
		case errors.Is(err, syscall.EINVAL), errors.Is(err, fs.ErrNotExist):
			return name, nil
		case err != nil:
			return "", err
		case filepath.IsAbs(to):
			name = to
		default: // not Join: it would cut "..", which the kernel takes from where a link of a directory leads
			name = filepath.Dir(name) + "/" + to
		}
	}
	return "", syscall.ELOOP
}

// naming puts the name a user knows in the place of our temporary one.
func naming(name string, err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return &fs.PathError{Op: "write", Path: name, Err: errno}
	}
	return err
}
