package mesh

import (
	"image"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	"halfopen/render/paint/fonts"
)

// atlasSize is the side of the texture. 1024 texels hold about 3,000 glyphs of 14 pixels, and every
// WebGL2 device has textures of 2048 (OpenGL ES 3.0, table 6.29).
const atlasSize = 1024

// whiteTexel is the middle of the white patch in the atlas's corner.
const whiteTexel = 1.5

// Atlas is the texture: white texels with the glyph's coverage as opacity, premultiplied.
type Atlas struct {
	Image *image.RGBA
	// Changed is the part of Image that the graphics card has not seen. Whoever uploads it calls
	// Uploaded.
	Changed image.Rectangle

	glyphs  map[glyphKey]glyph
	faces   map[faceKey]font.Face
	x, y, h int // the shelf being filled: next free column, top, height
	full    bool
}

type glyphKey struct {
	r    rune
	size int // in quanta
	bold bool
}

type faceKey struct {
	size int
	font fonts.Font
}

// glyph is a bitmap in the atlas, and where it lies relative to the pen on the baseline.
type glyph struct{ x, y, w, h, dx, dy int }

// sizes are told apart by quarters of a pixel.
const quanta = 4

func quantum(px float32) int { return max(1, round(px*quanta)) }

// NewAtlas returns an atlas with nothing but the white patch.
func NewAtlas() *Atlas {
	a := &Atlas{faces: map[faceKey]font.Face{}}
	a.Reset()
	return a
}

// Reset forgets all glyphs.
func (a *Atlas) Reset() {
	a.Image = image.NewRGBA(image.Rect(0, 0, atlasSize, atlasSize))
	draw.Draw(a.Image, image.Rect(0, 0, 3, 3), image.White, image.Point{}, draw.Src)
	a.glyphs = map[glyphKey]glyph{}
	a.x, a.y, a.h, a.full = 4, 0, 4, false
	a.Changed = a.Image.Rect
}

// Uploaded says that the graphics card has the texture as it is.
func (a *Atlas) Uploaded() { a.Changed = image.Rectangle{} }

// glyph returns a bitmap, rasterising it first if it is new.
func (a *Atlas) glyph(k glyphKey) glyph {
	g, ok := a.glyphs[k]
	if !ok {
		g = a.raster(k)
		a.glyphs[k] = g
	}
	return g
}

func (a *Atlas) raster(k glyphKey) glyph {
	face := a.face(k)
	box, mask, at, _, ok := face.Glyph(fixed.Point26_6{}, k.r)
	if !ok {
		box, mask, at, _, ok = face.Glyph(fixed.Point26_6{}, fonts.Missing)
	}
	if !ok || box.Empty() {
		return glyph{} // a space
	}
	dst, ok := a.place(box.Dx(), box.Dy())
	if !ok {
		return glyph{}
	}
	draw.DrawMask(a.Image, dst, image.White, image.Point{}, mask, at, draw.Src)
	a.Changed = a.Changed.Union(dst)
	return glyph{dst.Min.X, dst.Min.Y, dst.Dx(), dst.Dy(), box.Min.X, box.Min.Y}
}

// place finds room on the current shelf or on a new one, a texel from its neighbours.
func (a *Atlas) place(w, h int) (image.Rectangle, bool) {
	if a.x+w+1 > atlasSize {
		a.x, a.y, a.h = 0, a.y+a.h+1, 0
	}
	if a.y+h+1 > atlasSize || w+1 > atlasSize {
		a.full = true
		return image.Rectangle{}, false
	}
	r := image.Rect(a.x, a.y, a.x+w, a.y+h)
	a.x += w + 1
	a.h = max(a.h, h)
	return r, true
}

func (a *Atlas) face(k glyphKey) font.Face {
	fk := faceKey{k.size, fonts.For(k.r, k.bold)}
	f, ok := a.faces[fk]
	if !ok {
		f = fk.font.Face(float64(k.size) / quanta)
		a.faces[fk] = f
	}
	return f
}
