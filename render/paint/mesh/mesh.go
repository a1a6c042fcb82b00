package mesh

import (
	"image"
	"image/color"

	"halfopen/render"
)

// Vertex is a corner of a triangle: where on the screen, where in the atlas, and its colour,
// premultiplied by its opacity. Positions are device pixels.
type Vertex struct{ X, Y, U, V, R, G, B, A float32 }

// Batch is what one draw call paints. Indices count from the first vertex of the batch.
type Batch struct {
	Clip     image.Rectangle // device pixels; empty: no clip
	Vertices []Vertex
	Indices  []uint16
}

// Mesh is a picture as triangles. The zero value is ready.
type Mesh struct {
	Atlas   *Atlas
	Batches []Batch

	verts []Vertex
	inds  []uint16
	cuts  []cut // where batches begin
	clip  image.Rectangle
	scale float32
	tint  Vertex // colour of the item at hand, and the white texel
	path  []render.Point
	dash  []render.Point
	rings [][]render.Point // by number of points
}

type cut struct {
	vert, ind int
	clip      image.Rectangle
}

// maxBatch keeps the indices of a batch within 16 bits, with room for the largest single shape.
const maxBatch = 60000

// Build makes the mesh of a list, scale device pixels per pixel of the list. A full atlas is
// emptied and the picture built once more; a picture with more glyphs than an atlas lacks some.
func (m *Mesh) Build(l *render.List, scale float32) {
	if m.Atlas == nil {
		m.Atlas = NewAtlas()
	}
	if m.build(l, scale); m.Atlas.full {
		m.Atlas.Reset()
		m.build(l, scale)
	}
}

func (m *Mesh) build(l *render.List, scale float32) {
	m.verts, m.inds, m.cuts = m.verts[:0], m.inds[:0], append(m.cuts[:0], cut{})
	m.scale, m.clip = scale, image.Rectangle{}
	for i := range l.Items {
		it := &l.Items[i]
		if it.Op == render.OpClip {
			m.setClip(it)
			continue
		}
		m.color(l.Theme.RGBA(it.Color, it.Alpha))
		m.item(l, it)
	}
	m.finish()
}

func (m *Mesh) item(l *render.List, it *render.Item) {
	m.room()
	switch it.Op {
	case render.OpRect:
		m.rect(it)
	case render.OpDisc:
		if it.Stroke == 0 {
			m.disc(it.X, it.Y, it.R)
			return
		}
		m.circle(it.X, it.Y, it.R)
		m.line(it.Stroke, it.Dash, true)
	case render.OpArc:
		m.arc(it.X, it.Y, it.R, it.A, it.B)
		m.stroke(m.path, it.Stroke*m.scale, false)
	case render.OpPoly:
		m.points(l.Pts(it))
		m.shape(it.Stroke, it.Dash)
	case render.OpLine:
		m.points(l.Pts(it))
		m.line(it.Stroke, it.Dash, false)
	case render.OpHatch:
		m.hatch(it)
	case render.OpText:
		m.text(l.Text(it), it)
	}
}

// finish divides vertices and indices among the batches.
func (m *Mesh) finish() {
	m.Batches = m.Batches[:0]
	for i, c := range m.cuts {
		end := cut{vert: len(m.verts), ind: len(m.inds)}
		if i+1 < len(m.cuts) {
			end = m.cuts[i+1]
		}
		if end.ind > c.ind {
			m.Batches = append(m.Batches,
				Batch{c.clip, m.verts[c.vert:end.vert], m.inds[c.ind:end.ind]})
		}
	}
}

func (m *Mesh) setClip(it *render.Item) {
	var r image.Rectangle
	if it.W > 0 {
		r = image.Rect(round(it.X*m.scale), round(it.Y*m.scale),
			round((it.X+it.W)*m.scale), round((it.Y+it.H)*m.scale))
	}
	if r != m.clip {
		m.clip = r
		m.cut()
	}
}

func (m *Mesh) cut() { m.cuts = append(m.cuts, cut{len(m.verts), len(m.inds), m.clip}) }

// room begins a new batch when the one at hand is nearly full.
func (m *Mesh) room() {
	if len(m.verts)-m.cuts[len(m.cuts)-1].vert > maxBatch {
		m.cut()
	}
}

// color sets the colour of what follows.
func (m *Mesh) color(c color.NRGBA) {
	a := float32(c.A) / 255
	m.tint = Vertex{U: whiteTexel, V: whiteTexel, A: a,
		R: float32(c.R) / 255 * a, G: float32(c.G) / 255 * a, B: float32(c.B) / 255 * a}
}

// vertex adds a corner with a share of the colour, and returns its index.
func (m *Mesh) vertex(x, y, share float32) uint16 {
	v := m.tint
	v.X, v.Y = x, y
	v.R, v.G, v.B, v.A = v.R*share, v.G*share, v.B*share, v.A*share
	m.verts = append(m.verts, v)
	return uint16(len(m.verts) - 1 - m.cuts[len(m.cuts)-1].vert)
}

func (m *Mesh) triangle(a, b, c uint16) { m.inds = append(m.inds, a, b, c) }

// box adds an axis-parallel box, already on device pixels.
func (m *Mesh) box(x0, y0, x1, y1 float32) {
	a, b := m.vertex(x0, y0, 1), m.vertex(x1, y0, 1)
	c, d := m.vertex(x0, y1, 1), m.vertex(x1, y1, 1)
	m.triangle(a, b, c)
	m.triangle(b, d, c)
}
