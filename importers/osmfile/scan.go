package osmfile

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	pm "github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
	"github.com/paulmach/osm/osmxml"

	"gridwright/geo/shape"
	"gridwright/importers"
	"gridwright/plan/words"
)

// pass is what one reading of the file asks for.
type pass struct {
	node     func(*pm.Node) error
	way      func(*pm.Way) error
	relation func(*pm.Relation) error
	bounds   func(*shape.Box) // told once, if the file says what box it was cut with
}

// scan reads the file once. It returns a *importers.Fault for a file that cannot be read, the reader's own errors, and
// whatever the pass returns.
func scan(ctx context.Context, open func() (io.ReadCloser, error), p pass) error {
	file, err := open()
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 1<<16)
	head, err := r.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case len(head) == 0:
		return broken("file.empty", nil)
	case importers.IsOSMPBF(head):
		return p.scanPBF(ctx, r)
	case importers.IsOSMXML(head):
		return p.scanXML(ctx, r)
	}
	return broken("osm.not", nil)
}

func (p pass) scanPBF(ctx context.Context, r io.Reader) error {
	s := &sieve{r: r}
	// The scanner's context is never cancelled under it: its decoder would write where it is read. take looks at ctx.
	scanner := osmpbf.New(context.WithoutCancel(ctx), s, runtime.GOMAXPROCS(0))
	scanner.SkipNodes, scanner.SkipWays, scanner.SkipRelations = p.node == nil, p.way == nil, p.relation == nil
	_, err := scanner.Header()
	if err == nil {
		if err = p.take(ctx, scanner); err == nil {
			err = scanner.Err()
		}
	}
	s.stopped.Store(true)
	scanner.Close() // nobody else touches the sieve from here on
	if p.bounds != nil && s.bounds != nil {
		p.bounds(s.bounds)
	}
	return p.fault(err, "osm.damaged", words.Args{"block": s.blocks})
}

func (p pass) scanXML(ctx context.Context, r *bufio.Reader) error {
	b := &bounded{r: r}
	scanner := osmxml.New(ctx, b)
	defer scanner.Close()
	if err := p.take(ctx, &resetting{scanner, b}); err != nil {
		return err
	}
	err := scanner.Err()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok && strings.Contains(syntax.Msg, "unexpected EOF") {
		return broken("osm.truncated", nil)
	} else if ok {
		return &importers.Fault{Key: "osm.xml", Place: importers.Place{Line: syntax.Line}}
	}
	if err != nil && (ctx.Err() != nil || errors.Is(err, b.failure)) {
		return err
	}
	return p.fault(err, "osm.value", words.Args{"why": importers.Excerpt(fmt.Sprint(err))})
}

// fault turns what a scanner says of the file into a sentence; faults and errors of the machine stay as they are.
func (p pass) fault(err error, key string, args words.Args) error {
	_, is := errors.AsType[*importers.Fault](err)
	if err == nil || is || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return broken(key, args)
}

// take hands the elements to the pass.
func (p pass) take(ctx context.Context, scanner pm.Scanner) error {
	for n := 1; scanner.Scan(); n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var err error
		switch o := scanner.Object().(type) {
		case *pm.Node:
			if p.node != nil {
				err = p.node(o)
			}
		case *pm.Way:
			if p.way != nil {
				err = p.way(o)
			}
		case *pm.Relation:
			if p.relation != nil {
				err = p.relation(o)
			}
		case *pm.Bounds:
			if box := boxOf(o.MinLon, o.MinLat, o.MaxLon, o.MaxLat); p.bounds != nil && box != nil {
				p.bounds(box)
			}
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// maxElement bounds one element of XML, in bytes. A way has at most 2,000 nodes, a relation 32,000 members.
const maxElement = 8 << 20

// bounded ends a file in which an element swallows the rest.
type bounded struct {
	r       io.Reader
	read    int   // bytes since the last element, give or take a buffer
	failure error // of r
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.read > maxElement {
		return 0, broken("json.feature_too_long", words.Args{"megabytes": maxElement >> 20})
	}
	n, err := b.r.Read(p)
	b.read += n
	if err != nil && !errors.Is(err, io.EOF) {
		b.failure = err
	}
	return n, err
}

// resetting is a scanner that begins to count anew with every element.
type resetting struct {
	*osmxml.Scanner
	b *bounded
}

func (r *resetting) Scan() bool {
	r.b.read = 0
	return r.Scanner.Scan()
}
