package mesh

import (
	"unicode/utf8"

	"halfopen/render"
)

// text sets a line of text: its baseline's left end is the item's place. Pens move by the widths
// that laid the picture out; each glyph is then put on a device pixel, which keeps stems sharp.
func (m *Mesh) text(b []byte, it *render.Item) {
	px := it.Size * m.scale
	pen, base := it.X*m.scale, snap(it.Y*m.scale)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		g := m.Atlas.glyph(glyphKey{r, quantum(px), it.Bold})
		if g.w > 0 {
			m.glyph(g, snap(pen)+float32(g.dx), base+float32(g.dy))
		}
		pen += render.DefaultMetrics.Advance(r, it.Bold) * px / 1000
	}
}

// glyph paints one bitmap of the atlas.
func (m *Mesh) glyph(g glyph, x, y float32) {
	m.room()
	white := m.tint
	w, h := float32(g.w), float32(g.h)
	at := [4]uint16{}
	for i := range at {
		dx, dy := w*float32(i&1), h*float32(i>>1)
		m.tint.U, m.tint.V = float32(g.x)+dx, float32(g.y)+dy
		at[i] = m.vertex(x+dx, y+dy, 1)
	}
	m.tint = white
	m.triangle(at[0], at[1], at[2])
	m.triangle(at[1], at[3], at[2])
}

// hatch paints the lines of a hatched box.
func (m *Mesh) hatch(it *render.Item) {
	render.HatchLines(it, func(x0, y0, x1, y1 float32) {
		m.room()
		m.path = append(m.path[:0],
			render.Point{X: x0 * m.scale, Y: y0 * m.scale},
			render.Point{X: x1 * m.scale, Y: y1 * m.scale})
		m.stroke(m.path, it.Stroke*m.scale, false)
	})
}
