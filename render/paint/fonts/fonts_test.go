package fonts

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"

	"halfopen/render"
)

// Every character of the catalogues has a glyph in the font that will write it: the picture's in
// the page, the picture's and the explanations' in the window. A missing one would be a question
// mark on the screen.
func TestCoverage(t *testing.T) {
	const picture, reasons = "../../words/ja.json", "../../../sim/explain/ja.json"
	for file, catalogues := range map[string][]string{
		"japanese.otf": {picture}, "japanese-all.otf": {picture, reasons}} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		font, err := opentype.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		needed, missing := map[rune]bool{}, false
		for _, c := range append(catalogues, "../../words/en.json", "../../../sim/explain/en.json") {
			text, err := os.ReadFile(c)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range string(text) {
				if r < ' ' || needed[r] {
					continue
				}
				f := font
				if needed[r] = true; For(r, false) != Kanji {
					f = Regular.Parsed()
				}
				if !has(t, f, r) {
					t.Errorf("%s: no glyph for %q of %s", file, r, c)
					missing = true
				}
			}
		}
		if missing {
			var chars []string
			for r := range needed {
				if For(r, false) == Kanji {
					chars = append(chars, string(r))
				}
			}
			slices.Sort(chars)
			t.Logf("make %s again (see doc.go) from: %s", file, strings.Join(chars, ""))
		}
	}
}

func has(t *testing.T, f *sfnt.Font, r rune) bool {
	t.Helper()
	i, err := f.GlyphIndex(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	return i != 0
}

// The Latin subsets have the same characters in both weights, and the widths by which render lays
// pictures out.
func TestLatinSubsets(t *testing.T) {
	for _, f := range []Font{Regular, Bold} {
		face := f.Face(1000)
		for r := ' '; r <= '~'; r++ {
			a, ok := face.GlyphAdvance(r)
			if !ok {
				t.Errorf("font %d lacks %q", f, r)
				continue
			}
			want := render.DefaultMetrics.Advance(r, f == Bold)
			if got := float32(a) / 64; got < want-1 || got > want+1 {
				t.Errorf("font %d: %q is %.1f wide, the picture thinks %.1f", f, r, got, want)
			}
		}
		for _, r := range latinSigns {
			if !has(t, f.Parsed(), r) {
				t.Errorf("font %d lacks %q", f, r)
			}
		}
	}
}
