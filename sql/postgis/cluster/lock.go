package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockPause is how often a lock that somebody else holds is tried again. (A blocking call could not be given up.)
const lockPause = 5 * time.Millisecond

// lock takes an exclusive lock on the file, waiting for whoever has it; waiting is called once if there is somebody.
// The kernel gives the lock up when the program dies.
func lock(ctx context.Context, f *os.File, waiting func()) error {
	if got, err := tryLock(f, syscall.LOCK_EX); got || err != nil {
		return err
	}
	waiting()
	tick := time.NewTicker(lockPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is held by another program: %w", f.Name(), context.Cause(ctx))
		case <-tick.C:
			if got, err := tryLock(f, syscall.LOCK_EX); got || err != nil {
				return err
			}
		}
	}
}

// tryLock takes the lock, shared or exclusive, if it can be had now, and reports whether it was. A lock of the other kind that the file
// already has is given up for it, even in vain.
func tryLock(f *os.File, how int) (bool, error) {
	for {
		switch err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case errors.Is(err, syscall.EINTR):
		default:
			return false, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
	}
}

// unlock gives the lock up at once, even if a program just being started still shares the open file.
func unlock(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_UN); err != nil {
		return fmt.Errorf("unlock %s: %w", f.Name(), err)
	}
	return nil
}
