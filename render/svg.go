package render

import (
	"bytes"
	"fmt"
	"strconv"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// SVG is the picture of a trace at an instant as a file of its own. Text stays text.
func SVG(tr *trace.Trace, t netmodel.Time, v View) []byte {
	if v.Title == "" {
		v.Title = fmt.Sprintf("seed %d", tr.Seed)
	}
	var l List
	NewIndex(tr).At(t, &v, &l)
	return l.SVG()
}

// LadderSVG is the whole sequence diagram of a run as a file: as high as it has to be, up to limit
// pixels. Longer ones end there, with the run's beginning shown.
func LadderSVG(tr *trace.Trace, v View, limit float32) []byte {
	ix := NewIndex(tr)
	v.Panels, v.Reserve = Ladder, Reserve{}
	height := float32(ix.axisFor(&v).height()) + ladderHead + ladderFoot
	t := tr.Length
	if height > limit {
		height, t = limit, ix.axisFor(&v).time(float64(limit-ladderHead-ladderFoot-rowHeight))
		v.HideAfter = t
	}
	v.H = height
	var l List
	ix.At(t, &v, &l)
	return l.SVG()
}

// svgFonts are close in width to DefaultMetrics; textLength does the rest where they are missing.
const svgFonts = "Go, Arial, Helvetica, 'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', " +
	"Meiryo, sans-serif"

// SVG paints the list as a file. Items of one Ref are grouped under its label, which browsers show
// on hovering and read aloud.
func (l *List) SVG() []byte {
	p := svgPainter{l: l}
	w, h := number(l.W), number(l.H)
	fmt.Fprintf(&p.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" `+
		`viewBox="0 0 %s %s" font-family="%s">`+"\n", w, h, w, h, svgFonts)
	for i := range l.Items {
		it := &l.Items[i]
		p.group(it.Ref, it.Op == OpClip)
		p.item(it)
	}
	p.group(0, true)
	if p.clipped {
		p.b.WriteString("</g>\n")
	}
	p.b.WriteString("</svg>\n")
	return p.b.Bytes()
}

type svgPainter struct {
	l       *List
	b       bytes.Buffer
	ref     int32
	clips   int
	clipped bool
}

// group opens and closes the group of a Ref.
func (p *svgPainter) group(ref int32, always bool) {
	if ref == p.ref && !always {
		return
	}
	if p.ref != 0 {
		p.b.WriteString("</g>\n")
	}
	p.ref = ref
	if ref == 0 {
		return
	}
	r := &p.l.Refs[ref-1]
	fmt.Fprintf(&p.b, `<g class="%s"`, r.Role)
	if r.Event != 0 {
		fmt.Fprintf(&p.b, ` data-event="%d"`, r.Event)
	}
	p.b.WriteString("><title>")
	escape(&p.b, p.l.label[r.from:r.to])
	p.b.WriteString("</title>\n")
}

func (p *svgPainter) item(it *Item) {
	x, y, w, h := number(it.X), number(it.Y), number(it.W), number(it.H)
	switch it.Op {
	case OpRect:
		fmt.Fprintf(&p.b, `<rect x="%s" y="%s" width="%s" height="%s"`, x, y, w, h)
		if it.R > 0 {
			fmt.Fprintf(&p.b, ` rx="%s"`, number(it.R))
		}
		p.paint(it)
	case OpDisc:
		fmt.Fprintf(&p.b, `<circle cx="%s" cy="%s" r="%s"`, x, y, number(it.R))
		p.paint(it)
	case OpArc:
		p.b.WriteString(`<path d="`)
		p.arc(it)
		p.b.WriteString(`"`)
		p.paint(it)
	case OpPoly, OpLine:
		p.poly(it)
	case OpHatch:
		p.b.WriteString(`<path d="`)
		HatchLines(it, func(x0, y0, x1, y1 float32) {
			fmt.Fprintf(&p.b, "M%s %sL%s %s", number(x0), number(y0), number(x1), number(y1))
		})
		p.b.WriteString(`"`)
		p.paint(it)
	case OpText:
		p.text(it)
	case OpClip:
		p.clip(it)
	}
}

func (p *svgPainter) poly(it *Item) {
	name := "polyline"
	if it.Op == OpPoly {
		name = "polygon"
	}
	fmt.Fprintf(&p.b, `<%s points="`, name)
	for i, pt := range p.l.Pts(it) {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		p.b.WriteString(number(pt.X) + "," + number(pt.Y))
	}
	p.b.WriteString(`"`)
	if ink, gap := it.Dash.Pattern(); ink > 0 {
		fmt.Fprintf(&p.b, ` stroke-dasharray="%s %s"`, number(ink), number(gap))
	}
	p.paint(it)
}

// arc writes a part of a circle. A whole turn needs two arcs: one would begin where it ends.
func (p *svgPainter) arc(it *Item) {
	turn := it.B - it.A
	if turn >= 0.9999 {
		half := *it
		half.B = it.A + 0.5
		p.arc(&half)
		half.A, half.B = half.B, it.A+0.999
		p.arc(&half)
		return
	}
	a, b := Turn(it.X, it.Y, it.R, it.A), Turn(it.X, it.Y, it.R, it.B)
	large := 0
	if turn > 0.5 {
		large = 1
	}
	fmt.Fprintf(&p.b, "M%s %sA%s %s 0 %d 1 %s %s", number(a.X), number(a.Y),
		number(it.R), number(it.R), large, number(b.X), number(b.Y))
}

func (p *svgPainter) text(it *Item) {
	fmt.Fprintf(&p.b, `<text x="%s" y="%s" font-size="%s" textLength="%s"`+
		` lengthAdjust="spacingAndGlyphs"`, number(it.X), number(it.Y), number(it.Size),
		number(it.W))
	if it.Bold {
		p.b.WriteString(` font-weight="bold"`)
	}
	p.color("fill", it)
	p.b.WriteByte('>')
	escape(&p.b, p.l.Text(it))
	p.b.WriteString("</text>\n")
}

func (p *svgPainter) clip(it *Item) {
	if p.clipped {
		p.b.WriteString("</g>\n")
	}
	p.clipped = it.W > 0
	if !p.clipped {
		return
	}
	p.clips++
	fmt.Fprintf(&p.b, `<clipPath id="c%d"><rect x="%s" y="%s" width="%s" height="%s"/></clipPath>`+
		`<g clip-path="url(#c%d)">`+"\n", p.clips, number(it.X), number(it.Y), number(it.W),
		number(it.H), p.clips)
}

// paint closes an element with its fill or stroke.
func (p *svgPainter) paint(it *Item) {
	if it.Stroke > 0 {
		fmt.Fprintf(&p.b, ` fill="none" stroke-width="%s"`, number(it.Stroke))
		p.color("stroke", it)
	} else {
		p.color("fill", it)
	}
	p.b.WriteString("/>\n")
}

func (p *svgPainter) color(attr string, it *Item) {
	c := p.l.Theme.RGBA(it.Color, 255)
	fmt.Fprintf(&p.b, ` %s="#%02x%02x%02x"`, attr, c.R, c.G, c.B)
	if it.Alpha < 255 {
		fmt.Fprintf(&p.b, ` %s-opacity="%.2f"`, attr, float64(it.Alpha)/255)
	}
}

// escape writes text for XML. Characters that XML 1.0 forbids become U+FFFD.
func escape(b *bytes.Buffer, s []byte) {
	for _, r := range string(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '"':
			b.WriteString("&quot;")
		case r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
}

// number prints a coordinate with two digits at most: hundredths of a pixel are never seen, and
// differ between processors.
func number(f float32) string {
	s := strconv.FormatFloat(float64(f), 'f', 2, 32)
	s = string(bytes.TrimRight([]byte(s), "0"))
	s = string(bytes.TrimRight([]byte(s), "."))
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}
