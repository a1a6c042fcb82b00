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
	kind       byte // 'r' rectangle, 'l' line, 'c' disc, 'o' ring, 'k' corner, 't' text
	x, y, w, h float64
	color      string // #rrggbb
	text       string
	size       float64
	anchor     string // of text: start, middle, end
	link       string // within a report; empty: none
	tip        string
}

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

func (f *figure) ring(x, y, r float64, color string) *shape {
	f.circle(x, y, r, color).kind = 'o'
	return &f.shapes[len(f.shapes)-1]
}

// corner is a triangle in the upper right corner of a rectangle.
func (f *figure) corner(x, y, size float64, color string) {
	f.shapes = append(f.shapes, shape{kind: 'k', x: x, y: y, w: size, color: color})
}

// The sizes of text, in pixels.
const textSize, titleSize = 12, 15

func (f *figure) text(x, y float64, anchor, color, s string) {
	f.shapes = append(f.shapes, shape{kind: 't', x: x, y: y, anchor: anchor, color: color, text: s,
		size: textSize})
}

// heading is text in the larger size, at the left.
func (f *figure) heading(x, y float64, s string) {
	f.text(x, y, "start", ink, s)
	f.shapes[len(f.shapes)-1].size = titleSize
}

// textWidth estimates the width of sans-serif text of textSize.
func textWidth(s string) float64 { return 6.6 * float64(len(s)) }

// SVG writes the figure as text: the same figure gives the same bytes, and it loads nothing. With
// links its shapes lead to the places of the page that it is a part of.
func (f *figure) SVG(links bool) string {
	var b strings.Builder
	role := "img"
	if links {
		role = "group" // what is inside an img is not read out
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" `+
		`viewBox="0 0 %.0f %.0f" role="%s" aria-label="%s" font-family="sans-serif" font-size="%d">`+
		"\n", f.w, f.h, f.w, f.h, role, html.EscapeString(f.title), textSize)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		html.EscapeString(f.title))
	for i := range f.shapes {
		s := &f.shapes[i]
		if links && s.link != "" {
			fmt.Fprintf(&b, `<a href="%s" aria-label="%s">`, html.EscapeString(s.link),
				html.EscapeString(s.tip))
		}
		s.svg(&b)
		if links && s.link != "" {
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
	case 'o':
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#ffffff" stroke="%s" `+
			`stroke-width="%d">%s</circle>`, s.x, s.y, s.w, s.color, ringWidth, tip)
	case 'k':
		fmt.Fprintf(b, `<path d="M%.1f %.1fh%.1fv%.1fz" fill="%s"/>`, s.x-s.w, s.y, s.w, s.w, s.color)
	case 't':
		size := ""
		if s.size != textSize {
			size = fmt.Sprintf(` font-size="%.0f"`, s.size)
		}
		// Text lets the pointer through to what it stands on, which has the tip and the link.
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s"%s pointer-events="none">%s`+
			`</text>`, s.x, s.y, s.anchor, s.color, size, html.EscapeString(s.text))
	}
}

// ringWidth is how thick a ring's line is.
const ringWidth = 2
