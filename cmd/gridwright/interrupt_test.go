package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An interrupt ends a search and keeps the best plan it has found, and the exit code says that it was not done.
func TestPartitionInterrupted(t *testing.T) {
	const side = 12
	var nodes, edges strings.Builder
	nodes.WriteString("id,pop\n")
	edges.WriteString("a,b\n")
	for b := range side * side {
		fmt.Fprintf(&nodes, "%d,%d\n", b, 1000+7919*b%997)
		if b%side > 0 {
			fmt.Fprintf(&edges, "%d,%d\n", b-1, b)
		}
		if b >= side {
			fmt.Fprintf(&edges, "%d,%d\n", b-side, b)
		}
	}
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"nodes.csv": nodes.String(), "edges.csv": edges.String()} {
		if err := os.WriteFile(file(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer time.AfterFunc(2*time.Second, cancel).Stop()
	var summary strings.Builder
	code := run(ctx, []string{"partition", "--nodes", file("nodes.csv"), "--edges", file("edges.csv"), "--grids", "9",
		"--balance", "pop", "--tolerance", "0", "--effort", "100000000", "--out", file("out.csv"), "--json"}, nil, &summary, io.Discard)
	if code != exitFailed || !strings.Contains(summary.String(), `"stopped": "cancelled"`) {
		t.Errorf("exit code %d, %s", code, summary.String())
	}
	if out, err := os.ReadFile(file("out.csv")); err != nil || strings.Count(string(out), "\n") != side*side+1 {
		t.Errorf("%d lines, %v", strings.Count(string(out), "\n"), err)
	}
}
