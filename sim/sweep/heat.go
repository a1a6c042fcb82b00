package sweep

import (
	"fmt"
	"slices"
	"strings"
)

// Heat is a measure over two axes, as one map for each combination of the other axes' values.
type Heat struct {
	Title string
	X, Y  string // names of axes; Y is empty if the plan has one axis only
	Xs    []string
	Ys    []string
	Cells [][]HeatCell // by Y, then X
}

// HeatCell is the 95th percentile over the cell's runs, and the run that has it.
type HeatCell struct {
	Band Band
	Dies bool // in most of its runs the line dies again and again
}

// mostMaps is how many maps are worth looking at; axes beyond that are merged into the cells.
const mostMaps = 16

// Heats makes the maps of a column. The nat axis, or else the second, goes along X; the keepalive,
// or else the first, along Y.
func (p *Plan) Heats(rows []Row, column string) []Heat {
	x, y := p.heatAxes()
	if x < 0 {
		return nil
	}
	var others []int
	maps := 1
	for i := range p.Axes {
		if n := len(p.Axes[i].Values); i != x && i != y && maps*n <= mostMaps {
			others = append(others, i)
			maps *= n
		}
	}
	byMap := make(map[string][]Row)
	var order []string
	for _, r := range rows {
		var parts []string
		for _, o := range others {
			parts = append(parts, p.Axes[o].Name+"="+p.label(o, r.Values[o]))
		}
		key := strings.Join(parts, ", ")
		if _, ok := byMap[key]; !ok {
			order = append(order, key)
		}
		byMap[key] = append(byMap[key], r)
	}
	var out []Heat
	for _, key := range order {
		out = append(out, p.heat(byMap[key], column, key, x, y))
	}
	return out
}

// label names a value; TCP keepalive's two are what the reader must not mistake.
func (p *Plan) label(axis int, value string) string {
	if p.Axes[axis].Name == "tcp-keepalive" {
		switch value {
		case "off":
			return "off (most devices)"
		case "15s":
			return "15s (Go's default)"
		}
	}
	return value
}

func (p *Plan) heatAxes() (x, y int) {
	x, y = -1, -1
	find := func(name string) int {
		return slices.IndexFunc(p.Axes, func(a Axis) bool { return a.Name == name })
	}
	y = find("keepalive")
	x = find("nat")
	for i := range p.Axes {
		if y < 0 && i != x {
			y = i
		} else if x < 0 && i != y && p.Axes[i].Name != "tcp-keepalive" {
			x = i
		}
	}
	if x < 0 {
		x, y = y, -1
	}
	return x, y
}

func (p *Plan) heat(rows []Row, column, title string, x, y int) Heat {
	h := Heat{Title: title, X: p.Axes[x].Name}
	for _, v := range p.Axes[x].Values {
		h.Xs = append(h.Xs, v.Text)
	}
	h.Ys = []string{""}
	if y >= 0 {
		h.Y, h.Ys = p.Axes[y].Name, nil
		for _, v := range p.Axes[y].Values {
			h.Ys = append(h.Ys, v.Text)
		}
	}
	in := make(map[[2]string][]Row)
	for _, r := range rows {
		k := [2]string{r.Values[x], ""}
		if y >= 0 {
			k[1] = r.Values[y]
		}
		in[k] = append(in[k], r)
	}
	for _, yv := range h.Ys {
		var line []HeatCell
		for _, xv := range h.Xs {
			cell := in[[2]string{xv, yv}]
			again := Spread(cell, "reconnects")
			line = append(line, HeatCell{Band: Spread(cell, column), Dies: again.N > 0 &&
				again.P50.Value >= 2})
		}
		h.Cells = append(h.Cells, line)
	}
	return h
}

// Max is the largest value in some maps, by which they share one scale.
func Max(maps []Heat) float64 {
	most := 0.0
	for _, h := range maps {
		for _, line := range h.Cells {
			for _, c := range line {
				if c.Band.N > 0 {
					most = max(most, c.Band.P95.Value)
				}
			}
		}
	}
	return most
}

// shades go from nothing to the most.
const shades = " .:-=+*#%@"

// String prints the map as text: a shade and a number in each cell, no colour needed.
func (h *Heat) String() string { return h.text(Max([]Heat{*h})) }

func (h *Heat) text(most float64) string {
	t := textTable{}
	t.add(append([]string{h.Y + " \\ " + h.X}, h.Xs...)...)
	for i, y := range h.Ys {
		line := []string{y}
		for _, c := range h.Cells[i] {
			if c.Band.N == 0 {
				line = append(line, "-")
				continue
			}
			shade := shades[0]
			if most > 0 {
				shade = shades[min(int(c.Band.P95.Value/most*float64(len(shades))), len(shades)-1)]
			}
			mark := ""
			if c.Dies {
				mark = "!"
			}
			line = append(line, number3(c.Band.P95.Value)+mark+" "+string(shade))
		}
		t.add(line...)
	}
	s := t.String()
	if h.Title != "" {
		s = h.Title + "\n" + s
	}
	return s
}

// TextHeats prints maps with one scale, and their legend.
func TextHeats(maps []Heat, column string) string {
	var b strings.Builder
	most := Max(maps)
	for _, h := range maps {
		b.WriteString(h.text(most) + "\n")
	}
	fmt.Fprintf(&b, "%s, 95th percentile; shade %q from 0 to %s; ! the line dies again and again\n",
		column, shades, number3(most))
	return b.String()
}
