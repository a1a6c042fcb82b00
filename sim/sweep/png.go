package sweep

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// pngScale is pixels per unit: sharp on screens of twice the density, and in print.
const pngScale = 2

// mostPixels bounds a picture; a larger one is drawn with fewer pixels per unit.
const mostPixels = 40_000_000

// PNG draws the figure as pixels.
func (f *figure) PNG() ([]byte, error) {
	scale := float64(pngScale)
	if n := f.w * f.h; n*scale*scale > mostPixels {
		scale = math.Sqrt(mostPixels / n)
	}
	img := image.NewRGBA(image.Rect(0, 0, int(f.w*scale), int(f.h*scale)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	faces := make(map[float64]font.Face)
	for i := range f.shapes {
		s := &f.shapes[i]
		if s.kind == 't' && faces[s.size] == nil {
			face, err := textFace(s.size * scale)
			if err != nil {
				return nil, err
			}
			faces[s.size] = face
		}
		s.paint(img, faces[s.size], scale)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func textFace(size float64) (font.Face, error) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
}

func (s *shape) paint(img *image.RGBA, face font.Face, scale float64) {
	r, g, b := rgb(s.color)
	src := image.NewUniform(color.RGBA{r, g, b, 255})
	switch s.kind {
	case 'r':
		at := image.Rect(int(s.x*scale), int(s.y*scale), int((s.x+s.w)*scale), int((s.y+s.h)*scale))
		draw.Draw(img, at, src, image.Point{}, draw.Src)
	case 'l':
		fill(img, src, line(s.x*scale, s.y*scale, s.w*scale, s.h*scale, scale))
	case 'c':
		fill(img, src, disc(s.x*scale, s.y*scale, s.w*scale))
	case 'o':
		fill(img, src, disc(s.x*scale, s.y*scale, (s.w+ringWidth/2)*scale))
		fill(img, image.White, disc(s.x*scale, s.y*scale, (s.w-ringWidth/2)*scale))
	case 'k':
		x, y, w := s.x*scale, s.y*scale, s.w*scale
		fill(img, src, [][2]float64{{x - w, y}, {x, y}, {x, y + w}})
	case 't':
		d := font.Drawer{Dst: img, Src: src, Face: face}
		x := fixed.I(int(s.x * scale))
		switch width := d.MeasureString(s.text); s.anchor {
		case "middle":
			x -= width / 2
		case "end":
			x -= width
		}
		d.Dot = fixed.Point26_6{X: x, Y: fixed.I(int(s.y * scale))}
		d.DrawString(s.text)
	}
}

// fill paints a closed polygon, given as x, y pairs.
func fill(img *image.RGBA, src image.Image, p [][2]float64) {
	r := vector.NewRasterizer(img.Bounds().Dx(), img.Bounds().Dy())
	for i, q := range p {
		if i == 0 {
			r.MoveTo(float32(q[0]), float32(q[1]))
		} else {
			r.LineTo(float32(q[0]), float32(q[1]))
		}
	}
	r.ClosePath()
	r.Draw(img, img.Bounds(), src, image.Point{})
}

// line is a thin rectangle around a line.
func line(x1, y1, x2, y2, width float64) [][2]float64 {
	d := math.Hypot(x2-x1, y2-y1)
	if d == 0 {
		return nil
	}
	nx, ny := (y2-y1)/d*width/2, (x1-x2)/d*width/2
	return [][2]float64{{x1 + nx, y1 + ny}, {x2 + nx, y2 + ny}, {x2 - nx, y2 - ny}, {x1 - nx, y1 - ny}}
}

func disc(x, y, r float64) [][2]float64 {
	var p [][2]float64
	for i := range 24 {
		a := 2 * math.Pi * float64(i) / 24
		p = append(p, [2]float64{x + r*math.Cos(a), y + r*math.Sin(a)})
	}
	return p
}
