package sweep

import (
	"fmt"
	"math"
)

// Colours for light paper: each at least 4.5 to 1 against white but faint, which is for what
// matters less; told apart without colour by place and shape (UX, F4).
const (
	ink    = "#1b2733"
	faint  = "#b8c2cc"
	strong = "#005a8c"
	warn   = "#9a3f73"
	paper  = "#ffffff"
	pale   = "#e8f1f8" // the low end of a heat map, whose high end is strong
	blank  = "#f2f4f6" // a cell without a value
)

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

// readable is ink or paper, whichever stands out more from a background.
func readable(on string) string {
	if contrast(ink, on) >= contrast(paper, on) {
		return ink
	}
	return paper
}

// contrast is the ratio of WCAG 2.2, 1.4.3.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c string) float64 {
	r, g, b := rgb(c)
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
