package fonts

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
)

var (
	//go:embed latin.ttf
	latin []byte
	//go:embed latin-bold.ttf
	latinBold []byte
)

// latinSigns is what the Latin fonts have beside Latin-1.
const latinSigns = "–—‘’“”…•≤≥↑↓→←″′"

// Font is one of the painter's fonts.
type Font uint8

// The fonts. The Japanese one serves both weights: strokes of kanji at 12 pixels cannot get bolder.
const (
	Regular Font = iota
	Bold
	Kanji
)

// Missing stands in for a character that no font has: every font has it.
const Missing = '?'

// firstCJK is where Unicode's East Asian blocks begin (CJK Radicals Supplement). The Go fonts have
// nothing from there on.
const firstCJK = 0x2E80

// For returns the font that a character is written with.
func For(r rune, bold bool) Font {
	switch {
	case r >= firstCJK:
		return Kanji
	case bold:
		return Bold
	}
	return Regular
}

var parsed = sync.OnceValue(func() [3]*opentype.Font {
	var fs [3]*opentype.Font
	for i, b := range [][]byte{latin, latinBold, japanese} {
		f, err := opentype.Parse(b)
		if err != nil {
			panic(fmt.Sprintf("fonts: an embedded font does not parse: %v", err))
		}
		fs[i] = f
	}
	return fs
})

// Parsed returns the font's tables.
func (f Font) Parsed() *opentype.Font { return parsed()[f] }

// Face returns the font at a size in pixels. Hinting is off: it would change widths, by which the
// picture is laid out.
func (f Font) Face(px float64) font.Face {
	face, err := opentype.NewFace(f.Parsed(), &opentype.FaceOptions{Size: px, DPI: 72})
	if err != nil {
		panic(fmt.Sprintf("fonts: no face of %v pixels: %v", px, err))
	}
	return face
}
