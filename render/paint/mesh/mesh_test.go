package mesh

import (
	"math"
	"testing"

	"halfopen/render"
)

// covered is the area of all triangles, each weighed by the mean opacity of its corners: what a
// graphics card would put on the screen. A fringe fades from 1 to 0 across the true edge, so the
// covered area is that of the shape.
func covered(m *Mesh) float64 {
	var sum float64
	for _, b := range m.Batches {
		for i := 0; i+2 < len(b.Indices); i += 3 {
			p, q, r := b.Vertices[b.Indices[i]], b.Vertices[b.Indices[i+1]], b.Vertices[b.Indices[i+2]]
			area := math.Abs(float64((q.X-p.X)*(r.Y-p.Y)-(r.X-p.X)*(q.Y-p.Y))) / 2
			sum += area * float64(p.A+q.A+r.A) / 3
		}
	}
	return sum
}

func built(scale float32, items ...render.Item) *Mesh {
	l := &render.List{W: 200, H: 200}
	for _, it := range items {
		it.Alpha = 255
		l.Items = append(l.Items, it)
	}
	m := new(Mesh)
	m.Build(l, scale)
	return m
}

// Shapes cover the area that geometry says, at any number of device pixels.
func TestShapesCoverTheirArea(t *testing.T) {
	for _, c := range []struct {
		name string
		item render.Item
		area float64 // in the list's pixels
	}{
		{"box", render.Item{Op: render.OpRect, X: 10, Y: 10, W: 40, H: 20}, 800},
		{"round box", render.Item{Op: render.OpRect, X: 10, Y: 10, W: 40, H: 20, R: 5},
			800 - (4-math.Pi)*25},
		{"pill", render.Item{Op: render.OpRect, X: 10, Y: 10, W: 60, H: 20, R: 10},
			40*20 + math.Pi*100},
		{"disc", render.Item{Op: render.OpDisc, X: 50, Y: 50, R: 20}, math.Pi * 400},
		{"ring", render.Item{Op: render.OpDisc, X: 50, Y: 50, R: 20, Stroke: 4},
			2 * math.Pi * 20 * 4},
		{"half a ring", render.Item{Op: render.OpArc, X: 50, Y: 50, R: 20, A: 0, B: 0.5, Stroke: 4},
			math.Pi * 20 * 4},
		{"outline", render.Item{Op: render.OpRect, X: 10, Y: 10, W: 40, H: 20, Stroke: 2},
			2 * (2*40 + 2*16)},
	} {
		for _, scale := range []float32{1, 1.5, 2, 3} {
			got := covered(built(scale, c.item)) / float64(scale*scale)
			if math.Abs(got-c.area) > 0.04*c.area {
				t.Errorf("%s at %v: covers %.1f, want %.1f", c.name, scale, got, c.area)
			}
		}
	}
}

// No vertex lies far outside its shape: a degenerate corner would grow a spike.
func TestPillHasNoSpikes(t *testing.T) {
	m := built(1, render.Item{Op: render.OpRect, X: 10, Y: 10, W: 60, H: 20, R: 10, Stroke: 2})
	for _, b := range m.Batches {
		for _, v := range b.Vertices {
			if v.X < 8 || v.X > 72 || v.Y < 8 || v.Y > 32 {
				t.Errorf("vertex at %.2f, %.2f lies outside of the pill", v.X, v.Y)
			}
		}
	}
}

// Hairlines along an axis fall on whole device pixels: anything else would be grey and two wide.
func TestAxialEdgesAreOnPixels(t *testing.T) {
	m := built(1, render.Item{Op: render.OpRect, X: 10.3, Y: 10.7, W: 40.2, H: 1})
	for _, v := range m.Batches[0].Vertices {
		if v.X != float32(math.Trunc(float64(v.X))) || v.Y != float32(math.Trunc(float64(v.Y))) {
			t.Errorf("vertex at %v, %v is between pixels", v.X, v.Y)
		}
	}
}

// A clip begins a batch of its own, and ends.
func TestClipsMakeBatches(t *testing.T) {
	box := render.Item{Op: render.OpRect, X: 1, Y: 1, W: 5, H: 5}
	m := built(2, box, render.Item{Op: render.OpClip, X: 3, Y: 4, W: 10, H: 10}, box,
		render.Item{Op: render.OpClip}, box)
	if len(m.Batches) != 3 {
		t.Fatalf("%d batches, want 3", len(m.Batches))
	}
	if c := m.Batches[1].Clip; c.Min.X != 6 || c.Max.Y != 28 {
		t.Errorf("the clip is %v in device pixels", c)
	}
	if !m.Batches[0].Clip.Empty() || !m.Batches[2].Clip.Empty() {
		t.Error("the clip holds outside of its items")
	}
}

// Indices never pass 16 bits, however much there is to draw.
func TestBatchesStayWithinSixteenBits(t *testing.T) {
	items := make([]render.Item, 5000)
	for i := range items {
		items[i] = render.Item{Op: render.OpDisc, X: float32(i % 200), Y: 50, R: 30}
	}
	m := built(2, items...)
	if len(m.Batches) < 2 {
		t.Fatalf("%d batches for %d discs", len(m.Batches), len(items))
	}
	for _, b := range m.Batches {
		if len(b.Vertices) > 1<<16 {
			t.Errorf("a batch has %d vertices", len(b.Vertices))
		}
	}
}

// A letter is rasterised once, wherever and however often it is written.
func TestGlyphsAreKept(t *testing.T) {
	a := NewAtlas()
	g := a.glyph(glyphKey{'g', quantum(14), false})
	a.Uploaded()
	if again := a.glyph(glyphKey{'g', quantum(14), false}); again != g || !a.Changed.Empty() {
		t.Error("the same letter was rasterised again")
	}
	if a.glyph(glyphKey{'g', quantum(28), false}).h < 2*g.h-2 {
		t.Error("a letter at twice the size is not twice as high")
	}
	if a.glyph(glyphKey{'切', quantum(14), false}) == a.glyph(glyphKey{'?', quantum(14), false}) {
		t.Error("a kanji of the catalogue is a question mark")
	}
}

// A full atlas is emptied and the picture built again, with all its letters.
func TestFullAtlasStartsAnew(t *testing.T) {
	m := new(Mesh)
	m.Atlas = NewAtlas()
	for size := 8; !m.Atlas.full && size < 400; size++ {
		for r := 'A'; r <= 'Z'; r++ {
			m.Atlas.glyph(glyphKey{r, quantum(float32(size)), false})
		}
	}
	if !m.Atlas.full {
		t.Fatal("the atlas never fills")
	}
	m.Build(&render.List{W: 10, H: 10}, 1)
	if m.Atlas.full {
		t.Error("the atlas stays full")
	}
}

// A frame costs no memory once its buffers have grown.
func BenchmarkBuild(b *testing.B) {
	l := &render.List{W: 1280, H: 800}
	for i := range 2000 {
		l.Items = append(l.Items, render.Item{Op: render.OpDisc, X: float32(i % 1280),
			Y: float32(i % 800), R: 6, Alpha: 255})
	}
	var m Mesh
	m.Build(l, 1)
	b.ReportAllocs()
	for b.Loop() {
		m.Build(l, 1)
	}
}
