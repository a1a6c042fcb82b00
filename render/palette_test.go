package render

import (
	"math"
	"testing"
)

// luminance is that of WCAG 2.2.
func luminance(t Theme, c Color) float64 {
	v := t.RGBA(c, 255)
	lin := func(b uint8) float64 {
		s := float64(b) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(v.R) + 0.7152*lin(v.G) + 0.0722*lin(v.B)
}

func contrast(t Theme, a, b Color) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text reaches 4.5 to 1 (WCAG 2.2, 1.4.3) and shapes 3 to 1 (1.4.11) on every ground they stand on.
func TestPalette(t *testing.T) {
	for _, theme := range []Theme{Dark, Light} {
		for _, ground := range []Color{Background, Panel, Raised} {
			for _, text := range []Color{Ink, Soft} {
				if c := contrast(theme, text, ground); c < 4.5 {
					t.Errorf("theme %d: %s on %s has a contrast of %.1f, want 4.5", theme, text, ground, c)
				}
			}
			for _, shape := range []Color{TCP, MQTT, Ping, Publish, Fin, Danger, Ack, Accent} {
				if c := contrast(theme, shape, ground); c < 3 {
					t.Errorf("theme %d: %s on %s has a contrast of %.1f, want 3", theme, shape, ground, c)
				}
			}
		}
		for _, fill := range []Color{TCP, MQTT, Danger} { // chips with text on them
			if c := contrast(theme, Paper, fill); c < 4.5 {
				t.Errorf("theme %d: text on %s has a contrast of %.1f, want 4.5", theme, fill, c)
			}
		}
	}
}
