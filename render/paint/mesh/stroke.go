package mesh

import (
	"math"

	"halfopen/render"
)

// line outlines the path: stroke wide in the list's pixels, dashed or not.
func (m *Mesh) line(stroke float32, dash render.Dash, closed bool) {
	w := stroke * m.scale
	ink, gap := dash.Pattern()
	switch {
	case ink > 0:
		m.dashed(w, ink*m.scale, gap*m.scale, closed)
	case !closed && len(m.path) == 2 && m.axial(w):
	default:
		m.stroke(m.path, w, closed)
	}
}

// axial draws a horizontal or vertical line on device pixels, and reports whether it was one.
func (m *Mesh) axial(w float32) bool {
	a, b := m.path[0], m.path[1]
	w = max(1, snap(w))
	switch {
	case a.Y == b.Y:
		y := snap(a.Y - w/2)
		m.box(snap(min(a.X, b.X)), y, snap(max(a.X, b.X)), y+w)
	case a.X == b.X:
		x := snap(a.X - w/2)
		m.box(x, snap(min(a.Y, b.Y)), x+w, snap(max(a.Y, b.Y)))
	default:
		return false
	}
	return true
}

// stroke paints a line of a width in device pixels, with fringes. A line thinner than a pixel is
// painted one pixel wide and paler, as coverage would have it.
func (m *Mesh) stroke(pts []render.Point, w float32, closed bool) {
	n := len(pts)
	if n < 2 || w <= 0 {
		return
	}
	share := float32(1)
	if w < 1 {
		share, w = w, 1
	}
	core, edge := w/2-feather, w/2+feather
	var first, last uint16
	for i, p := range pts {
		nx, ny := corner(pts, i, closed)
		at := m.vertex(p.X+nx*edge, p.Y+ny*edge, 0)
		m.vertex(p.X+nx*core, p.Y+ny*core, share)
		m.vertex(p.X-nx*core, p.Y-ny*core, share)
		m.vertex(p.X-nx*edge, p.Y-ny*edge, 0)
		if i == 0 {
			first = at
		} else {
			m.strip(last, at)
		}
		last = at
	}
	if closed {
		m.strip(last, first)
	}
}

// strip joins two cross sections of four vertices each.
func (m *Mesh) strip(a, b uint16) {
	for k := range uint16(3) {
		m.triangle(a+k, a+k+1, b+k)
		m.triangle(a+k+1, b+k+1, b+k)
	}
}

// corner is the mitre at point i; an open line's ends are cut off square.
func corner(pts []render.Point, i int, closed bool) (float32, float32) {
	n := len(pts)
	switch {
	case closed:
		return mitre(pts[(i+n-1)%n], pts[i], pts[(i+1)%n])
	case i == 0:
		return normal(pts[0], pts[1])
	case i == n-1:
		return normal(pts[n-2], pts[n-1])
	}
	return mitre(pts[i-1], pts[i], pts[i+1])
}

// maxDashes bounds the pieces of one line: nobody sees more.
const maxDashes = 2000

// dashed walks along the path and strokes the inked pieces.
func (m *Mesh) dashed(w, ink, gap float32, closed bool) {
	if closed && len(m.path) > 0 {
		m.path = append(m.path, m.path[0])
	}
	on, left := true, ink
	m.dash = m.dash[:0]
	pieces := 0
	for i := 0; i+1 < len(m.path) && pieces < maxDashes; i++ {
		a, b := m.path[i], m.path[i+1]
		length := float32(math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y)))
		for at := float32(0); at < length && pieces < maxDashes; {
			if on && len(m.dash) == 0 {
				m.dash = append(m.dash, between(a, b, at/length))
			}
			step := min(left, length-at)
			at, left = at+step, left-step
			if on {
				m.dash = append(m.dash, between(a, b, at/length))
			}
			if left <= 1e-3 {
				if on {
					m.room()
					m.stroke(m.dash, w, false)
					pieces++
				}
				m.dash = m.dash[:0]
				on = !on
				left = gap
				if on {
					left = ink
				}
			}
		}
	}
	m.stroke(m.dash, w, false)
}

func between(a, b render.Point, k float32) render.Point {
	return render.Point{X: a.X + (b.X-a.X)*k, Y: a.Y + (b.Y-a.Y)*k}
}
