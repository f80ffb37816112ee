package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// needFont skips a test where the font was not built in.
func needFont(t testing.TB) {
	t.Helper()
	if errors.Is(Ready(), ErrNoFont) {
		t.Skip("the font is not in report/draw/font: make font brings it")
	} else if err := Ready(); err != nil {
		t.Fatal(err)
	}
}

// picture draws a page and returns its dots.
func picture(t testing.TB, p *Page, dpi float64) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := PNG(&b, p, dpi); err != nil {
		t.Fatal(err)
	}
	dots, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return dots
}

// ink returns how dark the dots of a picture are in all, 1 for a black dot.
func ink(dots image.Image) (sum float64) {
	b := dots.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := dots.At(x, y).RGBA()
			sum += 1 - float64(r+g+bl)/3/0xffff
		}
	}
	return sum
}

// difference returns how far two pictures of a size are apart, 1 for a dot that is black in one and white in the other.
func difference(a, b image.Image) (sum float64) {
	box := a.Bounds().Union(b.Bounds())
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, _, _, _ := a.At(x, y).RGBA()
			s, _, _, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(r)-float64(s)) / 0xffff
		}
	}
	return sum
}

// coarse returns a picture of a fifth of the size.
func coarse(dots image.Image) image.Image {
	const n = 5
	b := dots.Bounds()
	small := image.NewGray16(image.Rect(0, 0, b.Dx()/n, b.Dy()/n))
	for y := range b.Dy() / n {
		for x := range b.Dx() / n {
			sum := 0
			for i := range n * n {
				r, g, bl, _ := dots.At(x*n+i%n, y*n+i/n).RGBA()
				sum += int(r+g+bl) / 3
			}
			small.SetGray16(x, y, color.Gray16{Y: uint16(sum / (n * n))})
		}
	}
	return small
}

func letter(r rune) *Page {
	p := &Page{Width: 12, Height: 12}
	p.Write(Text{String: string(r), At: Point{1, 10}, Size: 28})
	return p
}

// What is drawn is looked at, not what the file says: fonts that lack a character draw a box for it, or nothing. The characters are of names
// of people and places, four of them beyond 16 bits, and what sheets are written with.
func TestRareCharactersAreDrawn(t *testing.T) {
	needFont(t)
	lacking := picture(t, letter(0x10FFFD), 96) // is nobody's character
	box := &Page{Width: 12, Height: 12}
	outline := face().load(0x10FFFD).outline // what the font itself draws for it
	low := &Path{verbs: outline.verbs}
	for _, p := range outline.points {
		low.points = append(low.points, Point{1 + p.X*28*mmPerPoint/em, 10 + p.Y*28*mmPerPoint/em})
	}
	box.Paint(low, Ink{Fill: Grey(0)})
	boxes := picture(t, box, 96)
	drawn := map[rune]image.Image{}
	for _, r := range "垚堃㛃䶮𬭎𬸣𫖯𠮷丨口田ABgy019°²—·、（“”›" {
		if missing := Missing(string(r)); missing != nil {
			t.Errorf("the font lacks %c", r)
		}
		dots := picture(t, letter(r), 96)
		if ink(dots) < 3 {
			t.Errorf("%c is not seen", r)
		}
		for other, has := range drawn {
			if difference(dots, has) < 2 {
				t.Errorf("%c looks like %c", r, other)
			}
		}
		if difference(dots, lacking) < 2 || difference(dots, boxes) < 2 {
			t.Errorf("%c looks like a character the font lacks", r)
		}
		drawn[r] = dots
	}
	if difference(lacking, picture(t, letter(geta), 96)) > 0 {
		t.Error("a character the font lacks is not drawn as 〓")
	}
	if got := Missing("网格\U0010FFFD甲\U0010FFFD"); string(got) != "\U0010FFFD" {
		t.Errorf("missing are %q", got)
	}
}

// sample is a page with everything there is; at 100 dots an inch it has 360 by 240.
func sample() *Page {
	p := &Page{Width: 91.44, Height: 60.96, Title: "样页 <1> & \"2\""}
	p.Paint(Rectangle(5, 5, 40, 20), Ink{Fill: Colour{R: 0, G: 114, B: 178, A: 90}, Line: Grey(20), Width: 0.8})
	hole := Rectangle(50, 5, 30, 20)
	hole.Ring(Point{60, 10}, Point{60, 18}, Point{72, 18}, Point{72, 10})
	p.Paint(hole, Ink{Fill: Colour{R: 230, G: 159, B: 0, A: 255}})
	p.Paint(Line(Point{5, 32}, Point{40, 36}, Point{60, 30}), Ink{Line: Colour{R: 204, G: 0, B: 122, A: 255}, Width: 1.2, Dash: []float64{4, 1.5}})
	p.Window(Circle(Point{70, 42}, 12), func() {
		p.Paint(Rectangle(60, 30, 30, 30), Ink{Fill: Grey(200)})
		p.Write(Text{String: "窗内文字", At: Point{70, 44}, Size: 16, Align: Middle, Bold: true})
	})
	p.Write(Text{String: "第一网格 垚𬭎 Grid 1 <b>&", At: Point{5, 48}, Size: 12, Halo: 0.5, Rim: Colour{R: 255, G: 230, B: 230, A: 255}})
	p.Write(Text{String: "斜 30°", At: Point{20, 58}, Size: 10, Angle: -30, Align: Right, Colour: Colour{R: 0, G: 90, B: 0, A: 255}})
	return p
}

// The three formats are one drawing: what a reader of PDF makes of ours is what our own picture shows.
func TestPDFLooksLikeThePicture(t *testing.T) {
	needFont(t)
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm (poppler-utils) is not installed")
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "sample.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	pdf := NewPDF(f, "样页", "zh-CN")
	if err := errors.Join(pdf.Add(sample()), pdf.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftoppm", "-r", "100", "-png", "-singlefile", f.Name(), filepath.Join(dir, "sample")).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	file, err := os.Open(filepath.Join(dir, "sample.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	theirs, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	ours := picture(t, sample(), 100)
	if d, all := difference(coarse(ours), coarse(theirs)), ink(coarse(ours)); d > 0.03*all { // readers smooth edges each in its own way
		t.Errorf("the PDF is off by %.2f of %.2f", d, all)
	}
	text, err := exec.Command("pdftotext", f.Name(), "-").Output()
	if err != nil || !strings.Contains(string(text), "第一网格 垚𬭎 Grid 1 <b>&") {
		t.Errorf("what can be searched is %q (%v)", text, err)
	}
}

func TestSVGIsXMLWhateverNamesSay(t *testing.T) {
	needFont(t)
	rapid.Check(t, func(t *rapid.T) {
		p := &Page{Width: 50, Height: 20, Title: rapid.String().Draw(t, "title")}
		p.Write(Text{String: rapid.String().Draw(t, "text"), At: Point{2, 10}, Size: 9})
		var b bytes.Buffer
		if err := SVG(&b, p, "en"); err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(&b); ; {
			token, err := d.Token()
			if err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			if e, ok := token.(xml.StartElement); ok && !strings.Contains("svg title defs path g use", e.Name.Local) {
				t.Fatalf("there is a <%s>", e.Name.Local)
			}
		}
	})
}

func TestEqualPagesGiveEqualBytes(t *testing.T) {
	needFont(t)
	write := func(encode func(*Page) *Encoded) string {
		var b bytes.Buffer
		pdf := NewPDF(&b, "两页", "zh-CN")
		first, second := sample(), letter('甲')
		e2 := encode(second) // in any order
		if err := errors.Join(pdf.AddEncoded(encode(first)), pdf.AddEncoded(e2), pdf.Close(), SVG(&b, first, "zh-CN"), PNG(&b, first, 72)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	other := func(p *Page) *Encoded {
		got := make(chan *Encoded)
		go func() { got <- Encode(p) }()
		return <-got
	}
	if write(Encode) != write(other) {
		t.Error("equal pages give other bytes")
	}
}

// Lines are as wide as they may be, lose nothing but spaces where they break, and no mark begins one that must not.
func TestWrap(t *testing.T) {
	needFont(t)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"东至", "鼓楼东街", "，", "（", "）", "Gulou", " ", "East", "Street", "369", "-", "户", "…"})).Draw(t, "text"), "")
		width := rapid.Float64Range(4, 60).Draw(t, "width")
		lines := Wrap(text, 8, width)
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := bare(strings.Join(lines, "")), bare(text); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		for i, line := range lines {
			if n := len([]rune(line)); n > 1 && Width(line, 8) > width+1e-9 {
				t.Fatalf("%q is %.1f mm wide, more than %.1f", line, Width(line, 8), width)
			}
			if i == 0 || line == "" {
				continue
			}
			before := []rune(lines[i-1])
			if strings.ContainsRune("，）", []rune(line)[0]) && len(before) > 4 && strings.ContainsFunc(lines[i-1][1:], func(r rune) bool { return r > 0x4E00 && r < 0xA000 }) &&
				mayBreakSomewhere(before) {
				t.Fatalf("%q begins a line after %q", line, lines[i-1])
			}
		}
	})
}

// mayBreakSomewhere reports whether a line could have ended earlier.
func mayBreakSomewhere(line []rune) bool {
	for i := 1; i < len(line); i++ {
		if mayBreak(line[i-1], line[i]) {
			return true
		}
	}
	return false
}

func TestCleanAndCut(t *testing.T) {
	needFont(t)
	for text, want := range map[string]string{"甲\u202e乙": "甲乙", "甲\n乙": "甲 乙", "甲\ufe0f": "甲", "a\x00b\x1bc": "abc", "第一 网格": "第一 网格", "\u200b": ""} {
		if got := Clean(text); got != want {
			t.Errorf("%q is set as %q, want %q", text, got, want)
		}
	}
	if got := Cut("朔泉市驼铃区鼓楼街道东园社区", 8, 20); Width(got, 8) > 20 || !strings.HasSuffix(got, "…") || !strings.HasPrefix(got, "朔泉") {
		t.Errorf("cut to %q", got)
	}
	if size, s := Fit("第一网格", 20, 8, 500); size != 20 || s != "第一网格" {
		t.Errorf("what fits is set in %v: %q", size, s)
	}
}

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.New("the disk is full")
	}
	return len(b), nil
}

func TestWritersTellWhatFails(t *testing.T) {
	needFont(t)
	for _, room := range []int{0, 100, 2000} {
		pdf := NewPDF(&failing{room}, "x", "en")
		if err := errors.Join(pdf.Add(sample()), pdf.Close()); err == nil {
			t.Errorf("PDF: nothing is said of a disk with room for %d bytes", room)
		}
		if SVG(&failing{room}, sample(), "en") == nil {
			t.Errorf("SVG: nothing is said of a disk with room for %d bytes", room)
		}
	}
	if PNG(io.Discard, &Page{Width: 5000, Height: 5000}, 300) == nil || PNG(io.Discard, &Page{}, 300) == nil {
		t.Error("a picture without size, or without end, was drawn")
	}
}

func BenchmarkPDFPage(b *testing.B) {
	needFont(b)
	for b.Loop() {
		pdf := NewPDF(io.Discard, "x", "en")
		if err := errors.Join(pdf.Add(sample()), pdf.Close()); err != nil {
			b.Fatal(err)
		}
	}
}
