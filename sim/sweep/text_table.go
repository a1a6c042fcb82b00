package sweep

import (
	"fmt"
	"strings"
)

// textTable aligns columns: those that begin with text to the left, others to the right. Its first
// columns are fixed: they are repeated when it is folded.
type textTable struct {
	lines  [][]string
	fixed  int
	groups []textGroup
}

// textGroup is a head over some columns, which stay together.
type textGroup struct {
	head string
	from int
}

func (t *textTable) add(cells ...string) { t.lines = append(t.lines, cells) }

// fold prints the table in parts that are at most so many columns wide, if one group is not wider;
// 0: in one part.
func (t *textTable) fold(columns int) string {
	width, left := t.measure()
	total := func(from, to int) int {
		n := 0
		for i := from; i < to; i++ {
			n += width[i] + len("  ")
		}
		return n
	}
	var parts []string
	all := t.groups
	for from := 0; from < len(all); {
		till := from + 1
		for till < len(all) && (columns <= 0 ||
			total(0, t.fixed)+total(all[from].from, t.end(till)) <= columns+len("  ")) {
			till++
		}
		parts = append(parts, t.part(all[from:till], t.end(till-1), width, left))
		from = till
	}
	return trimLines(strings.Join(parts, "\n"))
}

// end is the column behind a group.
func (t *textTable) end(group int) int {
	if group+1 < len(t.groups) {
		return t.groups[group+1].from
	}
	return len(t.lines[0])
}

// measure returns the width of each column, and which ones are aligned to the left.
func (t *textTable) measure() (width []int, left []bool) {
	width, left = make([]int, len(t.lines[0])), make([]bool, len(t.lines[0]))
	for n, l := range t.lines {
		for i, c := range l {
			width[i] = max(width[i], len(c))
			left[i] = left[i] || i == 0 && t.fixed > 0 || n > 0 && !numeric(c)
		}
	}
	return width, left
}

// part prints the fixed columns, and those of some groups up to a column.
func (t *textTable) part(groups []textGroup, end int, width []int, left []bool) string {
	var columns []int
	for i := range t.fixed {
		columns = append(columns, i)
	}
	for i := groups[0].from; i < end; i++ {
		columns = append(columns, i)
	}
	var b, heads strings.Builder
	at := 0
	for _, c := range columns {
		for _, g := range groups {
			if g.from == c && at >= heads.Len() {
				fmt.Fprintf(&heads, "%*s%s ", at-heads.Len(), "", g.head)
			}
		}
		at += width[c] + len("  ")
	}
	b.WriteString(heads.String() + "\n")
	for _, l := range t.lines {
		for n, c := range columns {
			if n > 0 {
				b.WriteString("  ")
			}
			if left[c] {
				fmt.Fprintf(&b, "%-*s", width[c], l[c])
			} else {
				fmt.Fprintf(&b, "%*s", width[c], l[c])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// numeric reports whether a cell is a number, or the lack of one.
func numeric(s string) bool {
	return s == "none" || s != "" && (s[0] >= '0' && s[0] <= '9' || s[0] == '-')
}
