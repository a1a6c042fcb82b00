package sweep

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// curve draws the choices of a plan: what each costs, and how late it notices.
type curve struct {
	*figure
	p      *Plan
	axes   []int // of the choices
	x, y   logAxis
	labels []box
}

type box struct{ x1, y1, x2, y2 float64 }

// The frame of the curve, in pixels.
const curveLeft, curveRight, curveTop, curveBottom = 70, 860, 96, 420

// curveFigure draws each choice as a point. Points that another beats are pale; the others are
// joined. Those with TCP keepalive are rings.
func curveFigure(p *Plan, rows []Row) *figure {
	axes, groups := p.Choices(rows)
	points := Tradeoffs(groups, costColumn, gainColumn)
	c := &curve{p: p, axes: axes,
		figure: &figure{w: 900, h: 480, title: "What noticing early costs"}}
	c.heading(10, 22, fmt.Sprintf("%s (95th percentile) against %s (median)", gainColumn, costColumn))
	c.text(10, 42, "start", ink, "Each point is a choice of "+c.names()+
		", over all that the world does to it. Pale: another one is better in one and no worse in the "+
		"other.")
	c.line(curveLeft, curveBottom, curveRight, curveBottom, ink)
	c.line(curveLeft, curveTop, curveLeft, curveBottom, ink)
	c.text(curveLeft, curveTop-10, "start", ink, FindColumn(gainColumn).Doc+", s")
	c.text((curveLeft+curveRight)/2, curveBottom+40, "middle", ink, FindColumn(costColumn).Doc)
	if len(points) == 0 {
		c.text((curveLeft+curveRight)/2, (curveTop+curveBottom)/2, "middle", ink,
			"no outage was long enough for it to be noticed")
		return c.figure
	}
	c.x = newAxis(points, func(t Tradeoff) float64 { return t.X.Value }, curveLeft, curveRight)
	c.y = newAxis(points, func(t Tradeoff) float64 { return t.Y.Value }, curveBottom, curveTop)
	c.ticks()
	c.front(points)
	for _, dominated := range []bool{false, true} { // labels of the better ones first
		for i := range points {
			if points[i].Dominated == dominated {
				c.point(&points[i])
			}
		}
	}
	c.silent(groups, points)
	return c.figure
}

// names are those of the choices' settings.
func (c *curve) names() string {
	var out []string
	for _, a := range c.axes {
		out = append(out, c.p.Axes[a].Name)
	}
	return strings.Join(out, " and ")
}

func (c *curve) ticks() {
	for _, v := range c.x.ticks() {
		c.line(c.x.at(v), curveBottom, c.x.at(v), curveBottom+4, ink)
		c.text(c.x.at(v), curveBottom+18, "middle", ink, number3(v))
	}
	for _, v := range c.y.ticks() {
		c.line(curveLeft-4, c.y.at(v), curveLeft, c.y.at(v), ink)
		c.text(curveLeft-8, c.y.at(v)+4, "end", ink, number3(v))
	}
}

// front joins the points that nothing beats.
func (c *curve) front(points []Tradeoff) {
	var last *Tradeoff
	for i := range points {
		if t := &points[i]; !t.Dominated {
			if last != nil {
				c.line(c.x.at(last.X.Value), c.y.at(last.Y.Value), c.x.at(t.X.Value), c.y.at(t.Y.Value),
					strong)
			}
			last = t
		}
	}
}

// point draws one, with its label if there is room for it.
func (c *curve) point(t *Tradeoff) {
	x, y := c.x.at(t.X.Value), c.y.at(t.Y.Value)
	color, radius := faint, 4.0
	if !t.Dominated {
		color, radius = strong, 5
	}
	label, ring := c.label(t)
	draw := c.circle
	if ring {
		draw = c.ring
	}
	s := draw(x, y, radius, color)
	s.link = fmt.Sprintf("#run-%d", t.Y.Run)
	s.tip = fmt.Sprintf("%s: %s %s, %s %s; run %d", strings.Join(t.Group.Values, " "), costColumn,
		number3(t.X.Value), gainColumn, number3(t.Y.Value), t.Y.Run)
	w := textWidth(label)
	for _, at := range []box{{x + 8, y - 17, x + 8 + w, y - 3}, {x - 8 - w, y + 3, x - 8, y + 17},
		{x + 8, y + 3, x + 8 + w, y + 17}, {x - 8 - w, y - 17, x - 8, y - 3}} {
		if c.free(at) {
			c.labels = append(c.labels, at)
			c.text(at.x1, at.y2-3, "start", ink, label)
			return
		}
	}
}

// label names a choice; ring says that its TCP keepalive is on, which the label leaves out.
func (c *curve) label(t *Tradeoff) (label string, ring bool) {
	var words []string
	for i, a := range c.axes {
		if v := t.Group.Values[i]; c.p.Axes[a].Name == "tcp-keepalive" {
			ring = v != "off"
		} else {
			words = append(words, v)
		}
	}
	return strings.Join(words, " "), ring
}

func (c *curve) free(b box) bool {
	if b.x1 < curveLeft || b.x2 > c.w || b.y1 < curveTop-10 {
		return false
	}
	return !slices.ContainsFunc(c.labels, func(o box) bool {
		return b.x1 < o.x2 && o.x1 < b.x2 && b.y1 < o.y2 && o.y1 < b.y2
	})
}

// silent tells which marks there are, and which choices are not in the picture, and why.
func (c *curve) silent(groups []Group, points []Tradeoff) {
	var out []string
	for _, g := range groups {
		if !slices.ContainsFunc(points, func(t Tradeoff) bool {
			return slices.Equal(t.Group.Values, g.Values)
		}) {
			out = append(out, strings.Join(g.Values, " "))
		}
	}
	text := ""
	if slices.ContainsFunc(c.axes, func(a int) bool { return c.p.Axes[a].Name == "tcp-keepalive" }) {
		text = "Rings: with TCP keepalive. "
	}
	if len(out) > 0 {
		text += "No outage was long enough to be noticed always: " + strings.Join(out, ", ")
	}
	c.text(10, 60, "start", ink, text)
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

// CurveSVG draws the trade-off curve.
func CurveSVG(p *Plan, rows []Row) string { return curveFigure(p, rows).SVG(false) }

// CurvePNG is CurveSVG as pixels.
func CurvePNG(p *Plan, rows []Row) ([]byte, error) { return curveFigure(p, rows).PNG() }
