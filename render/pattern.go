package render

import "math"

// HatchLines calls draw for each line of an OpHatch: rising at 45 degrees, R apart along the
// horizontal, clipped to the box. The lines are fixed to the picture, not to the box, so that
// neighbouring boxes fit together and nothing crawls when a box grows.
func HatchLines(it *Item, draw func(x0, y0, x1, y1 float32)) {
	if it.W <= 0 || it.H <= 0 || it.R <= 0 {
		return
	}
	right, bottom := it.X+it.W, it.Y+it.H
	// A line is the set of points with x + y = s.
	first := float32(math.Ceil(float64((it.X+it.Y)/it.R))) * it.R
	for s := first; s < right+bottom; s += it.R {
		x0, y0 := s-bottom, bottom
		if x0 < it.X {
			x0, y0 = it.X, s-it.X
		}
		x1, y1 := s-it.Y, it.Y
		if x1 > right {
			x1, y1 = right, s-right
		}
		draw(x0, y0, x1, y1)
	}
}

// DashLines calls draw for each inked piece of an OpLine, in order; pieces go around corners as two
// calls. A solid line gives one call for each of its legs.
func (l *List) DashLines(it *Item, draw func(x0, y0, x1, y1 float32)) {
	ink, gap := it.Dash.Pattern()
	pts := l.Pts(it)
	var done float32 // length so far within the pattern
	for i := 1; i < len(pts); i++ {
		p, q := pts[i-1], pts[i]
		if ink <= 0 {
			draw(p.X, p.Y, q.X, q.Y)
			continue
		}
		done = dashLeg(p, q, ink, gap, done, draw)
	}
}

// dashLeg draws one leg and returns where in the pattern it ends.
func dashLeg(p, q Point, ink, gap, done float32, draw func(x0, y0, x1, y1 float32)) float32 {
	dx, dy := float64(q.X-p.X), float64(q.Y-p.Y)
	length := float32(math.Sqrt(dx*dx + dy*dy))
	if length == 0 {
		return done
	}
	ux, uy := (q.X-p.X)/length, (q.Y-p.Y)/length
	for at := float32(0); at < length; {
		left := ink - done
		inked := left > 1e-3
		if !inked {
			left = ink + gap - done
		}
		next := min(at+left, length)
		if inked {
			draw(p.X+ux*at, p.Y+uy*at, p.X+ux*next, p.Y+uy*next)
		}
		done += next - at
		at = next
		if done >= ink+gap-1e-3 {
			done = 0
		}
	}
	return done
}
