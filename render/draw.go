package render

import "unicode/utf8"

// Align says which point of a text its x is.
type align uint8

const (
	left align = iota
	center
	right
)

// scratch is memory that At uses while it builds a list and that goes with the list.
type scratch struct {
	ids    []int32
	more   []int32
	labels []Rect
	wires  []wire
	xs     []float32
	boxes  []Rect
}

func decode(b []byte) (rune, int) {
	if b[0] < utf8.RuneSelf {
		return rune(b[0]), 1
	}
	return utf8.DecodeRune(b)
}

// begin makes r the Ref of the items drawn until end. Its label is what the caller appends to
// l.label before end.
func (l *List) begin(r Ref) {
	r.from = int32(len(l.label))
	r.to = r.from
	l.Refs = append(l.Refs, r)
	l.ref = int32(len(l.Refs))
}

// say adds to the label of the current Ref.
func (l *List) say(parts ...string) {
	for _, p := range parts {
		l.label = append(l.label, p...)
	}
}

func (l *List) end() {
	if l.ref > 0 {
		l.Refs[l.ref-1].to = int32(len(l.label))
	}
	l.ref = 0
}

func (l *List) add(it Item) *Item {
	it.Ref = l.ref
	it.Alpha = l.alpha
	l.Items = append(l.Items, it)
	return &l.Items[len(l.Items)-1]
}

func (l *List) rect(r Rect, radius float32, c Color) *Item {
	return l.add(Item{Op: OpRect, X: r.X, Y: r.Y, W: r.W, H: r.H, R: radius, Color: c})
}

func (l *List) frame(r Rect, radius, stroke float32, c Color) *Item {
	it := l.rect(r, radius, c)
	it.Stroke = stroke
	return it
}

func (l *List) disc(x, y, radius float32, c Color) *Item {
	return l.add(Item{Op: OpDisc, X: x, Y: y, R: radius, Color: c})
}

func (l *List) circle(x, y, radius, stroke float32, c Color) *Item {
	it := l.disc(x, y, radius, c)
	it.Stroke = stroke
	return it
}

func (l *List) arc(x, y, radius, stroke, from, to float32, c Color) *Item {
	return l.add(Item{Op: OpArc, X: x, Y: y, R: radius, Stroke: stroke, A: from, B: to, Color: c})
}

func (l *List) hatch(r Rect, spacing, stroke float32, c Color) *Item {
	return l.add(Item{Op: OpHatch, X: r.X, Y: r.Y, W: r.W, H: r.H, R: spacing, Stroke: stroke,
		Color: c})
}

// wrong hatches what is believed and not so. On paper the hatch is ink, which needs a white edge on
// the dark fills.
func (l *List) wrong(r Rect) {
	if l.Theme == Light {
		l.hatch(r, 8, 4, Background)
		l.hatch(r, 8, 1.8, Danger)
		return
	}
	l.hatch(r, 7, 2, Danger)
}

// plate clears the ground under a label of what was drawn before.
func (l *List) plate(r Rect) {
	alpha := l.alpha
	l.alpha = 190
	l.rect(r, 2, Background)
	l.alpha = alpha
}

func (l *List) line(x0, y0, x1, y1, stroke float32, c Color) *Item {
	from := int32(len(l.pts))
	l.pts = append(l.pts, Point{x0, y0}, Point{x1, y1})
	return l.add(Item{Op: OpLine, Stroke: stroke, Color: c, from: from, to: from + 2})
}

// points starts a polygon or polyline: append to l.pts, then call poly or path with the result.
func (l *List) points() int32 { return int32(len(l.pts)) }

func (l *List) poly(from int32, stroke float32, c Color) *Item {
	return l.add(Item{Op: OpPoly, Stroke: stroke, Color: c, from: from, to: int32(len(l.pts))})
}

func (l *List) path(from int32, stroke float32, c Color) *Item {
	return l.add(Item{Op: OpLine, Stroke: stroke, Color: c, from: from, to: int32(len(l.pts))})
}

func (l *List) clip(r Rect) { l.add(Item{Op: OpClip, X: r.X, Y: r.Y, W: r.W, H: r.H}) }

func (l *List) unclip() { l.add(Item{Op: OpClip}) }

// write puts a text at its baseline.
func (l *List) write(x, y float32, s string, size float32, c Color, a align) *Item {
	from := len(l.text)
	l.text = append(l.text, s...)
	return l.written(x, y, from, size, c, a, false)
}

func (l *List) writeBold(x, y float32, s string, size float32, c Color, a align) *Item {
	from := len(l.text)
	l.text = append(l.text, s...)
	return l.written(x, y, from, size, c, a, true)
}

// written puts the text that the caller has appended to l.text since from.
func (l *List) written(x, y float32, from int, size float32, c Color, a align, bold bool) *Item {
	w := l.measureBytes(l.text[from:], size, bold)
	switch a {
	case center:
		x -= w / 2
	case right:
		x -= w
	}
	return l.put(x, y, w, from, size, c, bold)
}

// put is written for a text whose width is known.
func (l *List) put(x, y, w float32, from int, size float32, c Color, bold bool) *Item {
	return l.add(Item{Op: OpText, X: x, Y: y, W: w, Size: size, Color: c, Bold: bold,
		from: int32(from), to: int32(len(l.text))})
}

// fit cuts the text that the caller has appended since from so that it is at most room wide, with
// an ellipsis, and returns its width.
func (l *List) fit(from int, room, size float32, bold bool) float32 {
	w := l.measureBytes(l.text[from:], size, bold)
	if w <= room {
		return w
	}
	dots := l.font.Advance('…', bold) * size / 1000
	at, used := from, float32(0)
	for at < len(l.text) {
		r, n := decode(l.text[at:])
		a := l.font.Advance(r, bold) * size / 1000
		if used+a > room-dots {
			break
		}
		used += a
		at += n
	}
	l.text = append(l.text[:at], "…"...)
	return used + dots
}
