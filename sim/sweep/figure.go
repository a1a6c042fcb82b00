package sweep

import (
	"fmt"
	"html"
	"strings"
)

// figure is a picture as a list of shapes, in pixels, that both painters draw: SVG and PNG.
type figure struct {
	w, h   float64
	title  string
	shapes []shape
}

type shape struct {
	kind       byte // 'r' rectangle, 'l' line, 'c' circle, 't' text
	x, y, w, h float64
	color      string // #rrggbb
	text       string
	size       float64
	anchor     string // of text: start, middle, end
	link       string
	tip        string
}

// Colours for light paper: each at least 4.5 to 1 against white, told apart without colour by place
// and shape (UX, F4).
const (
	ink    = "#1b2733"
	faint  = "#b8c2cc"
	strong = "#005a8c"
	warn   = "#9a3f73"
)

func (f *figure) rect(x, y, w, h float64, color string) *shape {
	f.shapes = append(f.shapes, shape{kind: 'r', x: x, y: y, w: w, h: h, color: color})
	return &f.shapes[len(f.shapes)-1]
}

func (f *figure) line(x1, y1, x2, y2 float64, color string) {
	f.shapes = append(f.shapes, shape{kind: 'l', x: x1, y: y1, w: x2, h: y2, color: color})
}

func (f *figure) circle(x, y, r float64, color string) *shape {
	f.shapes = append(f.shapes, shape{kind: 'c', x: x, y: y, w: r, color: color})
	return &f.shapes[len(f.shapes)-1]
}

func (f *figure) text(x, y float64, anchor, color, s string) {
	f.shapes = append(f.shapes, shape{kind: 't', x: x, y: y, anchor: anchor, color: color, text: s,
		size: 12})
}

// textWidth estimates the width of 12 pixel sans-serif text.
func textWidth(s string) float64 { return 6.6 * float64(len(s)) }

// SVG writes the figure as text: the same figure gives the same bytes, and it loads nothing.
func (f *figure) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" `+
		`viewBox="0 0 %.0f %.0f" role="img" font-family="sans-serif" font-size="12">`+"\n",
		f.w, f.h, f.w, f.h)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		html.EscapeString(f.title))
	for i := range f.shapes {
		s := &f.shapes[i]
		if s.link != "" {
			fmt.Fprintf(&b, `<a href="%s">`, html.EscapeString(s.link))
		}
		s.svg(&b)
		if s.link != "" {
			b.WriteString("</a>")
		}
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (s *shape) svg(b *strings.Builder) {
	tip := ""
	if s.tip != "" {
		tip = "<title>" + html.EscapeString(s.tip) + "</title>"
	}
	switch s.kind {
	case 'r':
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s">%s</rect>`, s.x, s.y,
			s.w, s.h, s.color, tip)
	case 'l':
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`, s.x, s.y, s.w, s.h,
			s.color)
	case 'c':
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s">%s</circle>`, s.x, s.y, s.w,
			s.color, tip)
	case 't':
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`, s.x, s.y, s.anchor,
			s.color, html.EscapeString(s.text))
	}
}

// blend mixes two colours: f from 0 (a) to 1 (b).
func blend(a, b string, f float64) string {
	ra, ga, ba := rgb(a)
	rb, gb, bb := rgb(b)
	mix := func(x, y uint8) int { return int(float64(x) + (float64(y)-float64(x))*f + 0.5) }
	return fmt.Sprintf("#%02x%02x%02x", mix(ra, rb), mix(ga, gb), mix(ba, bb))
}

func rgb(s string) (r, g, b uint8) {
	_, _ = fmt.Sscanf(s, "#%02x%02x%02x", &r, &g, &b) // our own constants
	return r, g, b
}
