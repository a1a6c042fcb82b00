package sweep

import (
	"fmt"
	"math"
	"strings"
)

// scale maps values to shades, from 0 to 1: even, or even on a log scale if they differ by more
// than logFrom.
type scale struct {
	low, high float64 // of the values above 0
	log       bool
}

const logFrom = 30

// scaleOf is the scale that maps share.
func scaleOf(maps []Heat) scale {
	s := scale{low: math.Inf(1)}
	for i := range maps {
		for _, line := range maps[i].Cells {
			for j := range line {
				if v := line[j].Band.P95.Value; line[j].Band.N > 0 && v > 0 {
					s.low, s.high = min(s.low, v), max(s.high, v)
				}
			}
		}
	}
	s.log = s.high > logFrom*s.low
	return s
}

func (s scale) at(v float64) float64 {
	switch {
	case v <= 0 || s.high <= 0:
		return 0
	case s.log:
		// A tenth for whatever is not nothing.
		return 0.1 + 0.9*math.Log(v/s.low)/math.Log(s.high/s.low)
	}
	return v / s.high
}

func (s scale) String() string {
	if s.log {
		return fmt.Sprintf("from %s to %s on a log scale", number3(s.low), number3(s.high))
	}
	return "from 0 to " + number3(s.high)
}

// shades go from nothing to the most.
const shades = " .:-=+*#%@"

// textColumns is how wide text may be: that of a terminal that nobody has widened.
const textColumns = 80

// lines prints the map as text: a number and a shade in each cell, no colour needed. What is too
// wide is folded: some columns, then the others below them.
func (h *Heat) lines(s scale) string {
	cells := make([][]string, len(h.Cells))
	left, width := len(h.corner()), make([]int, len(h.Xs))
	for y := range h.Cells {
		left = max(left, len(h.Ys[y]))
		for x := range h.Cells[y] {
			t := h.Cells[y][x].text(s)
			cells[y] = append(cells[y], t)
			width[x] = max(width[x], len(t), len(h.Xs[x])+len(" @"))
		}
	}
	var b strings.Builder
	if h.Title != "" {
		b.WriteString(h.Title + "\n")
	}
	for from := 0; from < len(h.Xs); {
		till, total := from, left
		for till < len(h.Xs) && (till == from || total+2+width[till] <= textColumns) {
			total += 2 + width[till]
			till++
		}
		fmt.Fprintf(&b, "%-*s", left, h.corner())
		for x := from; x < till; x++ {
			fmt.Fprintf(&b, "  %*s", width[x]-2, h.Xs[x])
			b.WriteString("  ")
		}
		b.WriteByte('\n')
		for y := range cells {
			fmt.Fprintf(&b, "%-*s", left, h.Ys[y])
			for x := from; x < till; x++ {
				fmt.Fprintf(&b, "  %*s", width[x], cells[y][x])
			}
			b.WriteByte('\n')
		}
		from = till
	}
	return trimLines(b.String())
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// corner names the axes where they meet.
func (h *Heat) corner() string {
	if h.Y == "" {
		return h.X
	}
	return h.Y + " \\ " + h.X
}

func (c *HeatCell) text(s scale) string {
	if c.Band.N == 0 {
		return "-  "
	}
	i := min(int(s.at(c.Band.P95.Value)*float64(len(shades))), len(shades)-1)
	return c.label() + " " + shades[i:i+1]
}

// label is the cell's number with its marks.
func (c *HeatCell) label() string {
	t := number3(c.Band.P95.Value)
	if c.Some() {
		t += "?"
	}
	if c.Dies {
		t += "!"
	}
	return t
}

// marks explains the marks that maps have; empty if they have none.
func marks(maps []Heat) []string {
	var some, dies bool
	for i := range maps {
		for _, line := range maps[i].Cells {
			for j := range line {
				some, dies = some || line[j].Some(), dies || line[j].Dies
			}
		}
	}
	var out []string
	if some {
		out = append(out, "? in more than 5 % of the runs it did not happen: of the others")
	}
	if dies {
		out = append(out, "! a NAT forgets the line, or it dies again and again")
	}
	return out
}

// TextHeats prints maps with one scale, and their legend.
func TextHeats(maps []Heat, column string) string {
	var b strings.Builder
	s := scaleOf(maps)
	for i := range maps {
		b.WriteString(maps[i].lines(s) + "\n")
	}
	fmt.Fprintf(&b, "%s\n95th percentile of the runs of a cell; shade %q\n%v\n", documented(column),
		shades, s)
	for _, m := range marks(maps) {
		b.WriteString(m + "\n")
	}
	return b.String()
}
