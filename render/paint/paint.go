//go:build js || gui

package paint

import (
	"image"

	"github.com/hajimehoshi/ebiten/v2"

	"halfopen/render"
	"halfopen/render/paint/mesh"
)

// Painter draws display lists. The zero value is ready once ebiten runs.
type Painter struct {
	mesh  mesh.Mesh
	atlas *ebiten.Image
	verts []ebiten.Vertex
}

// Paint draws a list onto the screen, scale device pixels for each of the list's.
func (p *Painter) Paint(screen *ebiten.Image, l *render.List, scale float32) {
	p.mesh.Build(l, scale)
	p.upload()
	screen.Clear()
	op := &ebiten.DrawTrianglesOptions{ColorScaleMode: ebiten.ColorScaleModePremultipliedAlpha}
	for _, b := range p.mesh.Batches {
		dst := screen
		if !b.Clip.Empty() {
			dst = screen.SubImage(b.Clip).(*ebiten.Image)
		}
		dst.DrawTriangles(p.convert(b.Vertices), b.Indices, p.atlas, op)
	}
}

// upload hands the changed part of the texture to the graphics card.
func (p *Painter) upload() {
	a := p.mesh.Atlas
	if p.atlas == nil {
		p.atlas = ebiten.NewImageWithOptions(a.Image.Rect,
			&ebiten.NewImageOptions{Unmanaged: true})
	}
	r := a.Changed
	if r.Empty() {
		return
	}
	part := image.NewRGBA(image.Rectangle{Max: r.Size()})
	for y := range r.Dy() {
		from := a.Image.PixOffset(r.Min.X, r.Min.Y+y)
		copy(part.Pix[y*part.Stride:(y+1)*part.Stride], a.Image.Pix[from:])
	}
	p.atlas.SubImage(r).(*ebiten.Image).WritePixels(part.Pix)
	a.Uploaded()
}

// convert makes ebiten's vertices of the mesh's: the same numbers in a larger struct.
func (p *Painter) convert(vs []mesh.Vertex) []ebiten.Vertex {
	p.verts = p.verts[:0]
	for i := range vs {
		v := &vs[i]
		p.verts = append(p.verts, ebiten.Vertex{DstX: v.X, DstY: v.Y, SrcX: v.U, SrcY: v.V,
			ColorR: v.R, ColorG: v.G, ColorB: v.B, ColorA: v.A})
	}
	return p.verts
}
