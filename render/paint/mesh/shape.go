package mesh

import (
	"math"

	"halfopen/render"
)

// feather is half the width of the fringe that smooths an edge, in device pixels.
const feather = 0.5

func round(x float32) int { return int(math.Floor(float64(x) + 0.5)) }

func snap(x float32) float32 { return float32(round(x)) }

// rect draws a box: plain ones on device pixels, round ones as a path.
func (m *Mesh) rect(it *render.Item) {
	s := m.scale
	if it.R > 0 || it.Dash != render.Solid {
		m.roundRect(it.X, it.Y, it.W, it.H, it.R)
		m.shape(it.Stroke, it.Dash)
		return
	}
	x0, y0, x1, y1 := snap(it.X*s), snap(it.Y*s), snap((it.X+it.W)*s), snap((it.Y+it.H)*s)
	if it.Stroke == 0 {
		m.box(x0, y0, max(x1, x0+1), max(y1, y0+1)) // never thinner than a pixel
		return
	}
	w := max(1, snap(it.Stroke*s))
	m.box(x0, y0, x1, y0+w)
	m.box(x0, y1-w, x1, y1)
	m.box(x0, y0+w, x0+w, y1-w)
	m.box(x1-w, y0+w, x1, y1-w)
}

// shape fills the closed path, or outlines it.
func (m *Mesh) shape(stroke float32, dash render.Dash) {
	m.closePath()
	if stroke > 0 {
		m.line(stroke, dash, true)
		return
	}
	m.fill(m.path)
}

// points takes a list's points as the path, in device pixels.
func (m *Mesh) points(pts []render.Point) {
	m.path = m.path[:0]
	for _, p := range pts {
		m.to(p.X*m.scale, p.Y*m.scale)
	}
}

// to adds a point to the path, unless the path is there already: an edge without length has no
// normal, and its corners would stick out.
func (m *Mesh) to(x, y float32) {
	if n := len(m.path); n > 0 {
		if dx, dy := m.path[n-1].X-x, m.path[n-1].Y-y; dx*dx+dy*dy < 1e-4 {
			return
		}
	}
	m.path = append(m.path, render.Point{X: x, Y: y})
}

// closePath takes a last point away that repeats the first.
func (m *Mesh) closePath() {
	n := len(m.path)
	if n < 2 {
		return
	}
	if dx, dy := m.path[n-1].X-m.path[0].X, m.path[n-1].Y-m.path[0].Y; dx*dx+dy*dy < 1e-4 {
		m.path = m.path[:n-1]
	}
}

// steps is how many chords replace an arc of that radius in device pixels and part of a turn, so
// that none leaves the arc by more than a tenth of a pixel: a chord's sagitta is r(1-cos(a/2)).
func steps(r, turn float32) int {
	if r < 0.5 {
		r = 0.5
	}
	angle := 2 * math.Acos(1-math.Min(0.1/float64(r), 0.5))
	return max(2, int(math.Ceil(2*math.Pi*math.Abs(float64(turn))/angle)))
}

// corner adds an arc to the path; turns count clockwise from 12 o'clock.
func (m *Mesh) corner(cx, cy, r, from, to float32) {
	n := steps(r, to-from)
	for i := 0; i <= n; i++ {
		a := 2 * math.Pi * float64(from+(to-from)*float32(i)/float32(n))
		sin, cos := math.Sincos(a)
		m.to(cx+r*float32(sin), cy-r*float32(cos))
	}
}

// ring returns n directions around a circle, clockwise from 12 o'clock. They are kept: discs are
// the most frequent shape, and sines the dearest part of one.
func (m *Mesh) ring(n int) []render.Point {
	for len(m.rings) <= n {
		m.rings = append(m.rings, nil)
	}
	if m.rings[n] == nil {
		m.rings[n] = make([]render.Point, n)
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			m.rings[n][i] = render.Point{X: float32(sin), Y: -float32(cos)}
		}
	}
	return m.rings[n]
}

// disc fills a circle: what fill does, with normals that need not be computed.
func (m *Mesh) disc(x, y, r float32) {
	x, y, r = x*m.scale, y*m.scale, r*m.scale
	in, out := max(0, r-feather), r+feather
	ring := m.ring(steps(r, 1))
	middle := m.vertex(x, y, 1)
	n := uint16(len(ring))
	for i, d := range ring {
		m.vertex(x+d.X*in, y+d.Y*in, 1)
		m.vertex(x+d.X*out, y+d.Y*out, 0)
		a := middle + 1 + uint16(2*i)
		b := middle + 1 + 2*((uint16(i)+1)%n)
		m.triangle(middle, a, b)
		m.triangle(a, b, a+1)
		m.triangle(b, b+1, a+1)
	}
}

func (m *Mesh) circle(x, y, r float32) {
	m.path = m.path[:0]
	x, y, r = x*m.scale, y*m.scale, r*m.scale
	for _, d := range m.ring(steps(r, 1)) {
		m.path = append(m.path, render.Point{X: x + d.X*r, Y: y + d.Y*r})
	}
}

func (m *Mesh) arc(x, y, r, from, to float32) {
	m.path = m.path[:0]
	m.corner(x*m.scale, y*m.scale, r*m.scale, from, to)
}

func (m *Mesh) roundRect(x, y, w, h, r float32) {
	s := m.scale
	x, y, w, h = x*s, y*s, w*s, h*s
	r = min(r*s, w/2, h/2)
	m.path = m.path[:0]
	if r <= 0 {
		m.path = append(m.path, render.Point{X: x, Y: y}, render.Point{X: x + w, Y: y},
			render.Point{X: x + w, Y: y + h}, render.Point{X: x, Y: y + h})
		return
	}
	m.corner(x+w-r, y+r, r, 0, 0.25)
	m.corner(x+w-r, y+h-r, r, 0.25, 0.5)
	m.corner(x+r, y+h-r, r, 0.5, 0.75)
	m.corner(x+r, y+r, r, 0.75, 1)
}

// fill paints a convex polygon: a fan within, a fading fringe around.
func (m *Mesh) fill(pts []render.Point) {
	n := len(pts)
	if n < 3 {
		return
	}
	side := float32(1) // points run clockwise on a screen whose y grows downwards
	if area(pts) < 0 {
		side = -1
	}
	first := uint16(0)
	for i, p := range pts {
		nx, ny := mitre(pts[(i+n-1)%n], p, pts[(i+1)%n])
		nx, ny = nx*side*feather, ny*side*feather
		in := m.vertex(p.X-nx, p.Y-ny, 1)
		m.vertex(p.X+nx, p.Y+ny, 0)
		if i == 0 {
			first = in
		}
	}
	for i := range n {
		a, b := first+uint16(2*i), first+uint16(2*((i+1)%n))
		m.triangle(a, b, a+1)
		m.triangle(b, b+1, a+1)
		if i > 0 && i < n-1 {
			m.triangle(first, a, b)
		}
	}
}

// area is twice the signed area, positive for clockwise on the screen.
func area(pts []render.Point) float32 {
	var sum float32
	for i, p := range pts {
		q := pts[(i+1)%len(pts)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return sum
}

// mitre is the outward normal at b of the corner a, b, c, as long as makes both edges move by one.
// It is limited to two: sharper corners lose their tips.
func mitre(a, b, c render.Point) (float32, float32) {
	ax, ay := normal(a, b)
	cx, cy := normal(b, c)
	x, y := ax+cx, ay+cy
	d := x*x + y*y
	if d < 1e-6 { // the path turns back on itself
		return ax, ay
	}
	k := 2 / d
	if length := float32(math.Sqrt(float64(d))) * k; length > 2 {
		k *= 2 / length
	}
	return x * k, y * k
}

// normal is the unit normal of an edge, to the left of it on a screen whose y grows downwards.
func normal(a, b render.Point) (float32, float32) {
	dx, dy := b.X-a.X, b.Y-a.Y
	d := float32(math.Hypot(float64(dx), float64(dy)))
	if d == 0 {
		return 0, 0
	}
	return dy / d, -dx / d
}
