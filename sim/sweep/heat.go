package sweep

import (
	"slices"
	"strings"

	"halfopen/netmodel"
)

// Heat is a measure over two axes, as one map for each combination of the other axes' values.
type Heat struct {
	Title string
	Last  int    // how many values the last of the other axes has; 0: there is none
	X, Y  string // names of axes; Y is empty if the plan has one axis only
	Xs    []string
	Ys    []string
	Cells [][]HeatCell // by Y, then X
}

// HeatCell is the 95th percentile over the cell's runs, and the run that has it.
type HeatCell struct {
	Band Band
	Dies bool // in most of its runs a NAT forgets the line, or it dies again and again
}

// Some says that the value did not happen in more than a twentieth of the runs: the percentile is
// that of the others, and the whole cell has none.
func (c *HeatCell) Some() bool { return c.Band.N > 0 && c.Band.Share < 0.95 }

// mostMaps is how many maps are worth looking at; axes beyond that are merged into the cells.
const mostMaps = 16

// Heats makes the maps of a column. The nat axis, or else the second, goes along X; the keepalive,
// or else the first, along Y.
func (p *Plan) Heats(rows []Row, column string) []Heat {
	x, y := p.heatAxes()
	if x < 0 {
		return nil
	}
	others, merged := p.otherAxes(x, y)
	byMap := make(map[string][]Row)
	var order []string
	for _, r := range rows {
		var parts []string
		for _, o := range others {
			parts = append(parts, p.Axes[o].Name+" "+p.label(o, r.Values[o]))
		}
		for _, m := range merged {
			parts = append(parts, "any "+p.Axes[m].Name)
		}
		key := strings.Join(parts, ", ")
		if _, ok := byMap[key]; !ok {
			order = append(order, key)
		}
		byMap[key] = append(byMap[key], r)
	}
	last := 0
	if n := len(others); n > 0 {
		last = len(p.Axes[others[n-1]].Values)
	}
	var out []Heat
	for _, key := range order {
		h := p.heat(byMap[key], column, key, x, y)
		h.Last = last
		out = append(out, h)
	}
	return out
}

// otherAxes are those that have maps of their own, and those for which there would be too many.
// Both TCP keepalives always have: one of them hides what the other shows.
func (p *Plan) otherAxes(x, y int) (others, merged []int) {
	maps := 1
	take := func(i int) bool {
		n := len(p.Axes[i].Values)
		if i == x || i == y || maps*n > mostMaps {
			return false
		}
		maps *= n
		others = append(others, i)
		return true
	}
	tcp := slices.IndexFunc(p.Axes, func(a Axis) bool { return a.Name == "tcp-keepalive" })
	if tcp >= 0 {
		take(tcp)
	}
	for i := range p.Axes {
		if i != x && i != y && i != tcp && !take(i) {
			merged = append(merged, i)
		}
	}
	slices.Sort(others)
	return others, merged
}

// label names a value. TCP keepalive's two are what the reader must not mistake; a preset that
// nobody checked says so.
func (p *Plan) label(axis int, value string) string {
	if preset := netmodel.FindPreset(value); preset != nil && presetKind(p.Axes[axis].Name) ==
		preset.Kind && preset.Confidence == netmodel.Unverified {
		return value + " (unverified)"
	}
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

// heatAxes are the two axes of the maps: the keepalive, or else the first, and the NATs, or else
// the second. Across goes the one that makes the narrower map: names of NATs are long.
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
		return y, -1
	}
	if y >= 0 && p.mapWidth(y, x) < p.mapWidth(x, y) {
		x, y = y, x
	}
	return x, y
}

// mapWidth is about how many characters a map takes with an axis across and the other one down.
func (p *Plan) mapWidth(across, down int) int {
	longest := func(a int) int {
		n := len(p.Axes[a].Name)
		for i := range p.Axes[a].Values {
			n = max(n, len(p.Axes[a].Values[i].Text))
		}
		return n
	}
	cell := max(longest(across), len("1234.5"))
	return longest(down) + cell*len(p.Axes[across].Values)
}

func (p *Plan) heat(rows []Row, column, title string, x, y int) Heat {
	h := Heat{Title: title, X: p.Axes[x].Name, Ys: []string{"all"}}
	ys := []Value{{Text: "all"}}
	for _, v := range p.Axes[x].Values {
		h.Xs = append(h.Xs, p.label(x, v.Text))
	}
	if y >= 0 {
		h.Y, h.Ys, ys = p.Axes[y].Name, nil, p.Axes[y].Values
		for _, v := range ys {
			h.Ys = append(h.Ys, p.label(y, v.Text))
		}
	}
	in := make(map[[2]string][]Row)
	for _, r := range rows {
		k := [2]string{r.Values[x], "all"}
		if y >= 0 {
			k[1] = r.Values[y]
		}
		in[k] = append(in[k], r)
	}
	for _, yv := range ys {
		var line []HeatCell
		for _, xv := range p.Axes[x].Values {
			cell := in[[2]string{xv.Text, yv.Text}]
			again, gone := Spread(cell, "reconnects"), Spread(cell, "nat_forgotten")
			line = append(line, HeatCell{Band: Spread(cell, column),
				Dies: again.P50.Value >= 2 || gone.P50.Value >= 1})
		}
		h.Cells = append(h.Cells, line)
	}
	return h
}
