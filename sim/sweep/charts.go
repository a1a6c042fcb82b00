package sweep

import (
	"fmt"
	"math"
	"strings"
)

// heatFigure draws maps below each other, with one scale. A cell leads to the run that has its
// value.
func heatFigure(maps []Heat, column string) *figure {
	f := &figure{title: column + ", 95th percentile"}
	most := Max(maps)
	const cellW, cellH, gap = 92, 22, 16
	left := 20.0
	for _, h := range maps {
		for _, y := range h.Ys {
			left = max(left, 30+textWidth(y))
		}
	}
	y := 24.0
	f.text(10, y, "start", ink, fmt.Sprintf("%s, 95th percentile, 0 to %s", column, number3(most)))
	for i := range maps {
		h := &maps[i]
		y += gap + 8
		f.text(10, y, "start", ink, h.Title)
		y += gap
		for j, x := range h.Xs {
			f.text(left+cellW*(float64(j)+0.5), y, "middle", ink, shorten(x, 14))
		}
		y += 6
		for r, name := range h.Ys {
			f.text(left-6, y+15, "end", ink, name)
			for j := range h.Cells[r] {
				f.heatCell(left+cellW*float64(j), y, cellW-2, cellH-2, &h.Cells[r][j], most)
			}
			y += cellH
		}
		f.w = max(f.w, left+cellW*float64(len(h.Xs))+10)
		f.text(10, y+gap-2, "start", ink, h.Y+" down, "+h.X+" across")
		y += gap
	}
	f.h, f.w = y+10, max(f.w, 420)
	return f
}

func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n-2] + ".."
}

func (f *figure) heatCell(x, y, w, h float64, c *HeatCell, most float64) {
	if c.Band.N == 0 {
		f.rect(x, y, w, h, "#f2f4f6")
		f.text(x+w/2, y+15, "middle", ink, "-")
		return
	}
	share := 0.0
	if most > 0 {
		share = c.Band.P95.Value / most
	}
	r := f.rect(x, y, w, h, blend("#e8f1f8", strong, share))
	r.link = fmt.Sprintf("#run-%d", c.Band.P95.Run)
	r.tip = fmt.Sprintf("p5 %s, p50 %s, p95 %s, max %s of %d runs; run %d", number3(c.Band.P5.Value),
		number3(c.Band.P50.Value), number3(c.Band.P95.Value), number3(c.Band.Most.Value), c.Band.N,
		c.Band.P95.Run)
	color := ink
	if share > 0.55 {
		color = "#ffffff"
	}
	label := number3(c.Band.P95.Value)
	if c.Dies {
		label += " !"
		f.line(x, y+h, x+8, y+h-8, warn)
		f.line(x+w-8, y+8, x+w, y, warn)
	}
	f.text(x+w/2, y+15, "middle", color, label)
}

// curveFigure draws each cell as a point: what it costs, and how late it notices. Points that
// another beats are pale; the others are joined.
func curveFigure(points []Tradeoff, x, y string) *figure {
	f := &figure{w: 760, h: 460, title: y + " (p95) against " + x + " (median)"}
	const left, right, top, bottom = 80, 730, 40, 400
	f.text(left, 22, "start", ink, f.title)
	f.text((left+right)/2, 444, "middle", ink, x+" (log scale)")
	f.line(left, bottom, right, bottom, ink)
	f.line(left, top, left, bottom, ink)
	if len(points) == 0 {
		f.text((left+right)/2, (top+bottom)/2, "middle", ink, "no run noticed anything")
		return f
	}
	xa := newAxis(points, func(t Tradeoff) float64 { return t.X.Value }, left, right)
	ya := newAxis(points, func(t Tradeoff) float64 { return t.Y.Value }, bottom, top)
	for _, v := range xa.ticks() {
		f.line(xa.at(v), bottom, xa.at(v), bottom+4, ink)
		f.text(xa.at(v), bottom+18, "middle", ink, number3(v))
	}
	for _, v := range ya.ticks() {
		f.line(left-4, ya.at(v), left, ya.at(v), ink)
		f.text(left-8, ya.at(v)+4, "end", ink, number3(v))
	}
	var last *Tradeoff
	for i := range points {
		if t := &points[i]; !t.Dominated {
			if last != nil {
				f.line(xa.at(last.X.Value), ya.at(last.Y.Value), xa.at(t.X.Value), ya.at(t.Y.Value), strong)
			}
			last = t
		}
	}
	for _, dominated := range []bool{true, false} { // the better ones on top
		for i := range points {
			t := &points[i]
			if t.Dominated != dominated {
				continue
			}
			color, radius := faint, 3.0
			if !dominated {
				color, radius = strong, 5.0
			}
			if !dominated {
				f.text(xa.at(t.X.Value)+8, ya.at(t.Y.Value)-6, "start", ink,
					shorten(strings.Join(t.Group.Values, " "), 30))
			}
			c := f.circle(xa.at(t.X.Value), ya.at(t.Y.Value), radius, color)
			c.link = fmt.Sprintf("#run-%d", t.Y.Run)
			c.tip = fmt.Sprintf("%s: %s %s, %s %s", strings.Join(t.Group.Values, " "), x,
				number3(t.X.Value), y, number3(t.Y.Value))
		}
	}
	return f
}

// logAxis maps positive values to pixels; 0 is drawn at its low end.
type logAxis struct{ low, high, from, to float64 }

func newAxis(points []Tradeoff, of func(Tradeoff) float64, from, to float64) logAxis {
	a := logAxis{low: math.Inf(1), high: 0, from: from, to: to}
	for _, p := range points {
		if v := of(p); v > 0 {
			a.low, a.high = min(a.low, v), max(a.high, v)
		}
	}
	if a.high == 0 {
		a.low, a.high = 1, 10
	}
	a.low, a.high = a.low/1.3, a.high*1.3
	return a
}

func (a *logAxis) at(v float64) float64 {
	f := math.Log(max(v, a.low)/a.low) / math.Log(a.high/a.low)
	return a.from + (a.to-a.from)*f
}

// ticks are 1, 2, 5 times powers of ten.
func (a *logAxis) ticks() []float64 {
	var out []float64
	for e := math.Floor(math.Log10(a.low)); e <= math.Log10(a.high); e++ {
		for _, m := range []float64{1, 2, 5} {
			if v := m * math.Pow(10, e); v >= a.low && v <= a.high {
				out = append(out, v)
			}
		}
	}
	return out
}

// HeatSVG and HeatPNG draw the maps of a column.
func HeatSVG(maps []Heat, column string) string { return heatFigure(maps, column).SVG() }

// HeatPNG is HeatSVG as pixels.
func HeatPNG(maps []Heat, column string) ([]byte, error) { return heatFigure(maps, column).PNG() }

// CurveSVG draws the trade-off curve.
func CurveSVG(points []Tradeoff, x, y string) string { return curveFigure(points, x, y).SVG() }

// CurvePNG is CurveSVG as pixels.
func CurvePNG(points []Tradeoff, x, y string) ([]byte, error) {
	return curveFigure(points, x, y).PNG()
}
