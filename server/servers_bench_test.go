package server

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb/encoding/mvt"
)

// BenchmarkServers asks tile servers that somebody has started for the same tiles and prints what they cost and hold, side by side. A server is
// named by BENCH_TILES, "NAME=http://127.0.0.1:PORT/.../{z}/{x}/{y}.mvt" and blanks between; the tiles are those of BENCH_BOX (degrees: west,
// south, east, north) at the zooms of BENCH_ZOOMS, "13-16". Each pass asks for every tile once, over four connections:
//
//	first   as the server comes: cold, if it was started for it
//	again   what is warm by now
//	304     with the ETag of before, where there was one
//
// CPU is that of the process that listens, and of all that are named like BENCH_ALSO, "postgres".
func BenchmarkServers(b *testing.B) {
	servers := strings.Fields(os.Getenv("BENCH_TILES"))
	if len(servers) == 0 {
		b.Skip("BENCH_TILES names no servers: docs/benchmarks.md tells how they are started")
	}
	tiles := benchTiles(b)
	for _, server := range servers {
		name, template, _ := strings.Cut(server, "=")
		var tags sync.Map
		for _, pass := range []string{"first", "again", "304"} {
			b.Run(name+"/"+pass, func(b *testing.B) {
				if b.N > 1 {
					return // one pass is what there is
				}
				askAll(b, template, tiles, &tags, pass == "304")
			})
		}
	}
}

// benchTiles lists the tiles of the box, zoom by zoom.
func benchTiles(b *testing.B) (tiles [][3]int) {
	var west, south, east, north float64
	if _, err := fmt.Sscanf(os.Getenv("BENCH_BOX"), "%g,%g,%g,%g", &west, &south, &east, &north); err != nil {
		b.Fatalf("BENCH_BOX: %v", err)
	}
	var from, to int
	if _, err := fmt.Sscanf(os.Getenv("BENCH_ZOOMS"), "%d-%d", &from, &to); err != nil {
		b.Fatalf("BENCH_ZOOMS: %v", err)
	}
	column := func(lon float64, n float64) int { return int((lon + 180) / 360 * n) }
	row := func(lat float64, n float64) int {
		s := math.Sin(lat * math.Pi / 180)
		return int((0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n)
	}
	for z := from; z <= to; z++ {
		n := math.Ldexp(1, z)
		for x := column(west, n); x <= column(east, n); x++ {
			for y := row(north, n); y <= row(south, n); y++ {
				tiles = append(tiles, [3]int{z, x, y})
			}
		}
	}
	return tiles
}

// askAll asks for every tile once and reports what that cost.
func askAll(b *testing.B, template string, tiles [][3]int, tags *sync.Map, conditional bool) {
	u, err := url.Parse(strings.NewReplacer("{z}", "0", "{x}", "0", "{y}", "0").Replace(template))
	if err != nil {
		b.Fatal(err)
	}
	pids := listeners(u.Port())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4, DisableCompression: true}}
	var mu sync.Mutex
	var bytesIn, features, unchanged int
	work := make(chan [3]int)
	var askers sync.WaitGroup
	var bodies [][]byte
	cpu, begin := cpuTicks(pids), time.Now()
	for range 4 {
		askers.Go(func() {
			for t := range work {
				address := strings.NewReplacer("{z}", strconv.Itoa(t[0]), "{x}", strconv.Itoa(t[1]), "{y}", strconv.Itoa(t[2])).Replace(template)
				r, err := http.NewRequest(http.MethodGet, address, nil)
				if err != nil {
					b.Error(err)
					continue
				}
				r.Header.Set("Accept-Encoding", "gzip")
				if tag, has := tags.Load(t); has && conditional {
					r.Header.Set("If-None-Match", tag.(string))
				}
				answer, err := client.Do(r)
				if err != nil {
					b.Error(err)
					continue
				}
				body, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				if err != nil || answer.StatusCode >= 400 && answer.StatusCode != http.StatusNotFound {
					b.Errorf("%s: %d %v", address, answer.StatusCode, err)
				}
				if tag := answer.Header.Get("ETag"); tag != "" {
					tags.Store(t, tag)
				}
				mu.Lock()
				bytesIn += len(body)
				if answer.StatusCode == http.StatusNotModified {
					unchanged++
				} else if answer.StatusCode == http.StatusOK {
					bodies = append(bodies, body)
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range tiles {
		work <- t
	}
	close(work)
	askers.Wait()
	took, used := time.Since(begin), cpuTicks(pids)-cpu
	for _, body := range bodies {
		n, err := featuresIn(body)
		if err != nil {
			b.Errorf("a tile cannot be read: %v", err)
		}
		features += n
	}
	n := float64(len(tiles))
	b.ReportMetric(float64(used)*10/n, "cpu-ms/tile") // a tick of Linux is a hundredth of a second
	b.ReportMetric(n/took.Seconds(), "tiles/s")
	b.ReportMetric(float64(bytesIn)/n, "B/tile")
	b.ReportMetric(float64(features), "features")
	b.ReportMetric(float64(unchanged), "not-modified")
	b.ReportMetric(0, "ns/op")
}

// featuresIn counts the features of a tile.
func featuresIn(body []byte) (n int, err error) {
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return 0, err
		}
		if body, err = io.ReadAll(r); err != nil {
			return 0, err
		}
	}
	layers, err := mvt.Unmarshal(body)
	for _, l := range layers {
		n += len(l.Features)
	}
	return n, err
}

// listeners returns the processes that listen on a port, their children among them, and those named like BENCH_ALSO.
func listeners(port string) (pids []string) {
	want, _ := strconv.Atoi(port)
	inodes := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, _ := os.ReadFile(table)
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) > 9 && f[3] == "0A" {
				if at, err := strconv.ParseInt(f[1][strings.LastIndexByte(f[1], ':')+1:], 16, 32); err == nil && int(at) == want {
					inodes["socket:["+f[9]+"]"] = true
				}
			}
		}
	}
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		if name, err := os.ReadFile(p + "/comm"); err == nil && os.Getenv("BENCH_ALSO") == strings.TrimSpace(string(name)) {
			pids = append(pids, p)
			continue
		}
		fds, _ := filepath.Glob(p + "/fd/*")
		for _, fd := range fds {
			if to, err := os.Readlink(fd); err == nil && inodes[to] {
				pids = append(pids, p)
				break
			}
		}
	}
	return pids
}

// cpuTicks returns the CPU that processes have used, in ticks.
func cpuTicks(pids []string) (ticks int) {
	for _, p := range pids {
		text, err := os.ReadFile(p + "/stat")
		if err != nil {
			continue
		}
		f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		for _, i := range []int{11, 12} {
			n, _ := strconv.Atoi(f[i])
			ticks += n
		}
	}
	return ticks
}
