//go:build js

package main

import (
	"bytes"
	"image"
	"image/png"

	"github.com/hajimehoshi/ebiten/v2"
)

// encodePNG reads a frame back from the graphics card. Alpha is whole everywhere: the picture's
// background covers it.
func encodePNG(screen *ebiten.Image) []byte {
	size := screen.Bounds().Size()
	img := image.NewRGBA(image.Rectangle{Max: size})
	screen.ReadPixels(img.Pix)
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil // only a writer fails, and a buffer does not
	}
	return out.Bytes()
}
