package render

// shape draws a segment's figure around p: filled, or hollow if it was lost. A retransmission has a
// second outline; a segment of an old connection is hatched.
func (f *frame) shape(fl *flight, p Point, hollow bool) {
	l, c := f.l, fl.color
	stroke := float32(0)
	if hollow {
		stroke = 2
	}
	if fl.again {
		f.figure(fl.shape, p, 1.45, 1.5, c)
	}
	if !hollow && fl.shape != shapeAck {
		f.figure(fl.shape, p, 1.16, 0, Panel) // clear of the track
	}
	f.figure(fl.shape, p, 1, stroke, c)
	if hollow {
		return
	}
	f.details(fl.shape, p, c)
	if fl.stale() && fl.shape != shapeAck {
		l.hatch(Rect{p.X - 7, p.Y - 6, 14, 12}, 4, 1.5, Panel)
	}
}

// figure draws the outline or the area of a shape, scaled by k.
func (f *frame) figure(s shape, p Point, k, stroke float32, c Color) {
	l := f.l
	switch s {
	case shapeAck:
		l.disc(p.X, p.Y, 3.2*k, c).Stroke = stroke
	case shapeProbe:
		l.disc(p.X, p.Y, 3*k, c).Stroke = stroke
		l.circle(p.X, p.Y, 6*k, 1.5, c)
	case shapeSyn:
		f.polygon(p, 9.5*k, 4, 0, stroke, c)
	case shapeControl:
		l.rect(Rect{p.X - 10*k, p.Y - 7*k, 20 * k, 14 * k}, 5*k, c).Stroke = stroke
	case shapePing:
		l.disc(p.X, p.Y, 9*k, c).Stroke = stroke
	case shapePublish:
		l.rect(Rect{p.X - 10*k, p.Y - 7*k, 20 * k, 14 * k}, 1.5, c).Stroke = stroke
	case shapeData:
		l.rect(Rect{p.X - 8*k, p.Y - 6*k, 16 * k, 12 * k}, 1.5, c).Stroke = stroke
	case shapeFin:
		l.rect(Rect{p.X - 9*k, p.Y - 7*k, 18 * k, 14 * k}, 1.5, c).Stroke = max(stroke, 2)
		if stroke == 0 {
			l.rect(Rect{p.X - 9*k, p.Y - 7*k, 9 * k, 14 * k}, 1.5, c)
		}
	case shapeRst:
		f.polygon(p, 10*k, 8, 1.0/16, stroke, c)
	case shapeICMP:
		f.polygon(p, 10*k, 3, 0, stroke, c)
	}
}

// details draws what is inside a filled figure.
func (f *frame) details(s shape, p Point, c Color) {
	l := f.l
	switch s {
	case shapePing: // a pulse
		from := l.points()
		l.pts = append(l.pts, Point{p.X - 7, p.Y}, Point{p.X - 3, p.Y}, Point{p.X - 1, p.Y - 4.5},
			Point{p.X + 1.5, p.Y + 4}, Point{p.X + 3, p.Y}, Point{p.X + 7, p.Y})
		l.path(from, 1.5, Paper)
	case shapePublish: // the flap of an envelope
		from := l.points()
		l.pts = append(l.pts, Point{p.X - 9.5, p.Y - 6}, Point{p.X, p.Y + 1.5},
			Point{p.X + 9.5, p.Y - 6})
		l.path(from, 1.5, Paper)
	}
}

// polygon draws a regular polygon with its first corner at a turn.
func (f *frame) polygon(p Point, r float32, corners int, turn, stroke float32, c Color) {
	from := f.l.points()
	for i := range corners {
		f.l.pts = append(f.l.pts, Turn(p.X, p.Y, r, turn+float32(i)/float32(corners)))
	}
	f.l.poly(from, stroke, c)
}
