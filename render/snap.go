package render

import "math"

// snap puts the edges of boxes and upright lines on device pixels, so that a hairline is one crisp
// pixel and not two grey ones. What flies is left alone: it would tremble on its way. A scale of 0
// leaves everything where it is, as SVG wants it.
func (l *List) snap(scale float32) {
	if scale <= 0 {
		return
	}
	for i := range l.Items {
		it := &l.Items[i]
		if r := l.RefOf(it); r != nil && (r.Role == RolePacket || r.Role == RoleArrow) {
			continue
		}
		switch it.Op {
		case OpRect:
			x1, y1 := it.X+it.W, it.Y+it.H
			it.Stroke = wholePixels(it.Stroke, scale)
			it.X, it.Y = edgeAt(it.X, it.Stroke, scale), edgeAt(it.Y, it.Stroke, scale)
			it.W = max(edgeAt(x1, it.Stroke, scale)-it.X, 1/scale)
			it.H = max(edgeAt(y1, it.Stroke, scale)-it.Y, 1/scale)
		case OpLine:
			l.snapLine(it, scale)
		}
	}
}

// snapLine handles horizontal and vertical lines; others are antialiased anyway.
func (l *List) snapLine(it *Item, scale float32) {
	p := l.Pts(it)
	if len(p) != 2 || p[0].X != p[1].X && p[0].Y != p[1].Y {
		return
	}
	it.Stroke = wholePixels(it.Stroke, scale)
	if p[0].X == p[1].X {
		x := edgeAt(p[0].X, it.Stroke, scale)
		p[0].X, p[1].X = x, x
	} else {
		y := edgeAt(p[0].Y, it.Stroke, scale)
		p[0].Y, p[1].Y = y, y
	}
}

// wholePixels rounds a stroke to device pixels, at least one. A filled shape has none.
func wholePixels(stroke, scale float32) float32 {
	if stroke == 0 {
		return 0
	}
	return max(roundTo(stroke, scale), 1/scale)
}

// edgeAt is the nearest place for an edge, or for the middle of a stroke: between two device pixels
// if the stroke is an even number of them wide, else on the middle of one.
func edgeAt(x, stroke, scale float32) float32 {
	if int(stroke*scale+0.5)%2 == 1 {
		half := 0.5 / scale
		return roundTo(x-half, scale) + half
	}
	return roundTo(x, scale)
}

func roundTo(x, scale float32) float32 {
	return float32(math.Round(float64(x*scale))) / scale
}
