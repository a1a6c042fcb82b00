package render

import (
	"fmt"
	"math"
	"strings"
)

var opNames = [...]string{OpRect: "rect", OpDisc: "disc", OpArc: "arc", OpPoly: "poly",
	OpLine: "line", OpHatch: "hatch", OpText: "text", OpClip: "clip"}

func (o Op) String() string { return opNames[o] }

var roleNames = [...]string{"", "host", "app", "kernel", "link", "packet", "arrow", "ring", "note",
	"fold", "span", "lie", "fault", "stage", "ladder", "lanes", "scrubber", "mark", "difference"}

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "widget"
}

// String is the list as text, one item a line, for goldens and for reading: coordinates are rounded
// to 0.1 pixel, because floating point may differ in the last digit between processors.
func (l *List) String() string {
	var b strings.Builder
	ref := int32(0)
	for i := range l.Items {
		it := &l.Items[i]
		if it.Ref != ref {
			if ref = it.Ref; ref != 0 {
				r := &l.Refs[ref-1]
				fmt.Fprintf(&b, "- %s %q\n", r.Role, l.Label(r))
			} else {
				b.WriteString("-\n")
			}
		}
		l.golden(&b, it)
	}
	return b.String()
}

func (l *List) golden(b *strings.Builder, it *Item) {
	b.WriteString(it.Op.String())
	switch it.Op {
	case OpText:
		fmt.Fprintf(b, " %.1f,%.1f size %.1f %q", it.X, it.Y, it.Size, l.Text(it))
	case OpPoly, OpLine:
		for _, p := range l.Pts(it) {
			fmt.Fprintf(b, " %.1f,%.1f", p.X, p.Y)
		}
	case OpDisc:
		fmt.Fprintf(b, " %.1f,%.1f r %.1f", it.X, it.Y, it.R)
	case OpArc:
		fmt.Fprintf(b, " %.1f,%.1f r %.1f turn %.2f to %.2f", it.X, it.Y, it.R, it.A, it.B)
	default:
		fmt.Fprintf(b, " %.1f,%.1f %.1fx%.1f", it.X, it.Y, it.W, it.H)
	}
	if it.Op == OpClip {
		b.WriteByte('\n')
		return
	}
	fmt.Fprintf(b, " %s", it.Color)
	if it.Stroke > 0 {
		fmt.Fprintf(b, " stroke %.1f", it.Stroke)
	}
	if it.Dash != Solid {
		b.WriteString([...]string{Dashed: " dashed", Dotted: " dotted"}[it.Dash])
	}
	if it.Bold {
		b.WriteString(" bold")
	}
	if it.Alpha < 255 {
		fmt.Fprintf(b, " alpha %d", it.Alpha)
	}
	b.WriteByte('\n')
}

// Turn is the point of a circle at a turn, clockwise from 12 o'clock: the ends of an OpArc.
func Turn(x, y, r, turn float32) Point {
	s, c := math.Sincos(2 * math.Pi * float64(turn))
	return Point{x + r*float32(s), y - r*float32(c)}
}
