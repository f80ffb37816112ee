package cluster

import (
	"context"
	"syscall"
	"testing"
)

// From nothing to a database that answers: initdb, start, role, database and extension.
func BenchmarkCold(b *testing.B) {
	needServer(b)
	for b.Loop() {
		b.StopTimer()
		dir := ground(b)
		b.StartTimer()
		stay(b, dir)
	}
	inMilliseconds(b)
}

// From a directory at rest to a database that answers.
func BenchmarkWarm(b *testing.B) {
	dir := furnished(b)
	for b.Loop() {
		stay(b, dir)
	}
	inMilliseconds(b)
}

// From the remains of a power cut to a database that answers.
func BenchmarkAfterAPowerCut(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		dir := crashed(b)
		syscall.Sync() // the copy is not what is measured
		b.StartTimer()
		stay(b, dir)
	}
	inMilliseconds(b)
}

// Into a server that others use already.
func BenchmarkJoin(b *testing.B) {
	dir := furnished(b)
	c := enterForTest(b, dir)
	for b.Loop() {
		stay(b, dir)
	}
	inMilliseconds(b)
	leave(b, c)
}

// stay enters and leaves; only the entering is timed.
func stay(b *testing.B, dir string) {
	b.Helper()
	c, err := Open(context.Background(), dir, Options{})
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	leave(b, c)
	b.StartTimer()
}

func inMilliseconds(b *testing.B) {
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/op")
	b.ReportMetric(0, "ns/op") // not shown: a server's start is not measured in those
}
