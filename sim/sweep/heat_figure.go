package sweep

import (
	"fmt"
	"math"
)

// pageWidth is how wide figures may be before maps go below each other.
const pageWidth = 1120

// The measures of maps, in pixels.
const (
	cellHeight = 22
	mapGap     = 28 // between maps
	mapTop     = 76 // of the first one
	leastCell  = 54
)

// heatFigure draws maps beside and below each other, with one scale, under a heading. A cell leads
// to the run that has its value.
func heatFigure(maps []Heat, column, heading string) *figure {
	f := &figure{title: column + ", 95th percentile", w: 520, h: mapTop}
	s := scaleOf(maps)
	f.legend(heading, s, marks(maps))
	if len(maps) == 0 {
		return f
	}
	left, cell := mapMeasures(maps)
	width := left + cell*float64(len(maps[0].Xs)) + mapGap
	height := float64(cellHeight*(len(maps[0].Ys)+2) + mapGap)
	inRow := rowOf(maps, int(pageWidth/width))
	for i := range maps {
		x, y := width*float64(i%inRow), mapTop+height*float64(i/inRow)
		f.heat(&maps[i], x+10, y, left, cell, s)
		f.w, f.h = max(f.w, x+width), y+height
	}
	return f
}

// mapMeasures are how much room the names down need, and how wide a cell is.
func mapMeasures(maps []Heat) (left, cell float64) {
	cell = leastCell
	for i := range maps {
		left = max(left, textWidth(maps[i].corner())+12)
		for _, y := range maps[i].Ys {
			left = max(left, textWidth(y)+12)
		}
		for _, x := range maps[i].Xs {
			cell = max(cell, textWidth(x)+12)
		}
	}
	return left, cell
}

// rowOf is how many maps stand beside each other: the values of the last axis, such as both TCP
// keepalives, in one row if they fit.
func rowOf(maps []Heat, fit int) int {
	fit = max(fit, 1)
	if k := maps[0].Last; k > 0 && fit >= k {
		return fit - fit%k
	}
	return fit
}

// legend says what the shades and the marks mean.
func (f *figure) legend(heading string, s scale, marks []string) {
	f.heading(10, 22, heading)
	text := fmt.Sprintf("95th percentile of the runs of a cell; shades %v", s)
	f.text(10, 42, "start", ink, text)
	const steps = 8
	x := 10 + textWidth(text) + 10
	for i := range steps {
		f.rect(x+14*float64(i), 32, 14, 12, blend(pale, strong, float64(i)/(steps-1)))
	}
	f.w = max(f.w, x+14*steps+10, 30+9*float64(len(heading)))
	x = 10
	for _, m := range marks {
		f.text(x, 60, "start", ink, m)
		x += textWidth(m) + 20
		f.w = max(f.w, x)
	}
}

// heat draws one map, its upper left corner at x, y.
func (f *figure) heat(h *Heat, x, y, left, cell float64, s scale) {
	f.text(x, y+15, "start", ink, h.Title)
	y += cellHeight
	f.text(x+left-6, y+15, "end", ink, h.corner())
	for j, name := range h.Xs {
		f.text(x+left+cell*(float64(j)+0.5), y+15, "middle", ink, name)
	}
	for r, name := range h.Ys {
		y += cellHeight
		f.text(x+left-6, y+15, "end", ink, name)
		for j := range h.Cells[r] {
			tip := fmt.Sprintf("%s %s, %s %s", h.Y, name, h.X, h.Xs[j])
			f.heatCell(math.Round(x+left+cell*float64(j)), y, cell-2, tip, &h.Cells[r][j], s)
		}
	}
}

func (f *figure) heatCell(x, y, w float64, what string, c *HeatCell, s scale) {
	const h = cellHeight - 2
	if c.Band.N == 0 {
		f.rect(x, y, w, h, blank).tip = what + ": in no run"
		f.text(x+w/2, y+15, "middle", ink, "-")
		return
	}
	color := blend(pale, strong, s.at(c.Band.P95.Value))
	r := f.rect(x, y, w, h, color)
	r.link = fmt.Sprintf("#run-%d", c.Band.P95.Run)
	r.tip = fmt.Sprintf("%s: p5 %s, p50 %s, p95 %s, max %s of %d of %d runs; run %d", what,
		number3(c.Band.P5.Value), number3(c.Band.P50.Value), number3(c.Band.P95.Value),
		number3(c.Band.Most.Value), c.Band.N, c.Band.Of, c.Band.P95.Run)
	if c.Dies {
		f.corner(x+w, y, 9, warn)
	}
	f.text(x+w/2, y+15, "middle", readable(color), c.label())
}

// documented is a column's name and what it is.
func documented(column string) string {
	if c := FindColumn(column); c != nil {
		return column + ": " + c.Doc
	}
	return column
}

// HeatSVG and HeatPNG draw the maps of a column.
func HeatSVG(maps []Heat, column string) string {
	return heatFigure(maps, column, documented(column)).SVG(false)
}

// HeatPNG is HeatSVG as pixels.
func HeatPNG(maps []Heat, column string) ([]byte, error) {
	return heatFigure(maps, column, documented(column)).PNG()
}
