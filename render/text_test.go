package render

import (
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The table of widths says what the fonts say.
func TestMetrics(t *testing.T) {
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		var buf sfnt.Buffer
		for r := ' '; r <= '~'; r++ {
			g, err := f.GlyphIndex(&buf, r)
			if err != nil {
				t.Fatal(err)
			}
			a, err := f.GlyphAdvance(&buf, g, fixed.I(1000), font.HintingNone)
			if err != nil {
				t.Fatal(err)
			}
			want := float32(a) / 64
			if got := DefaultMetrics.Advance(r, i == 1); got < want-0.5 || got > want+0.5 {
				t.Errorf("%q is %.1f wide in font %d, want %.1f", r, got, i, want)
			}
		}
	}
}

func TestFitCutsWithAnEllipsis(t *testing.T) {
	l := List{font: DefaultMetrics}
	l.text = append(l.text, "つながっていると思っている"...)
	l.fit(0, 60, 10, false)
	if got, want := string(l.text), "つながって…"; got != want {
		t.Errorf("got %q, want %q: six squares of 10 pixels", got, want)
	}
	l.text = append(l.text[:0], "short"...)
	l.fit(0, 60, 10, false)
	if got := string(l.text); got != "short" {
		t.Errorf("got %q: what fits must stay", got)
	}
}
