package sweep

import (
	"cmp"
	"slices"
	"strings"

	"halfopen/sim/scenario"
)

// Tradeoff is one choice of settings as a compromise between two measures, both the less the
// better.
type Tradeoff struct {
	Group     Group
	X, Y      Quantile
	Dominated bool // another choice is better in one and no worse in the other
}

// The measures of the trade-off curve. Wake-ups would not do: a radio that is never left alone for
// its tail wakes once and never sleeps.
const costColumn, gainColumn = "awake_h_per_day", "detect_s"

// Choices sorts rows by what one can choose: the settings of clients and brokers. What the world
// does (outages, NATs, links) is left out, so a choice has the runs of all of it.
func (p *Plan) Choices(rows []Row) (axes []int, groups []Group) {
	for i := range p.Axes {
		if !p.worldly(p.Axes[i].Name) {
			axes = append(axes, i)
		}
	}
	if len(axes) == 0 { // then the worlds are compared
		for i := range p.Axes {
			axes = append(axes, i)
		}
	}
	return axes, p.group(rows, axes)
}

// worldly reports whether a setting is none that one chooses.
func (p *Plan) worldly(name string) bool {
	if known, ok := settings[name]; ok {
		return known.world
	}
	statement, _, dotted := strings.Cut(name, ".")
	if !dotted {
		return !hasKey("client", name) && !hasKey("broker", name)
	}
	for i := range p.base.Statements {
		st := &p.base.Statements[i]
		if st.Verb == statement || len(st.Args) > 0 && st.Args[0] == statement {
			return st.Verb != "client" && st.Verb != "broker"
		}
	}
	return true
}

func hasKey(verb, key string) bool {
	for i := range scenario.Verbs {
		v := &scenario.Verbs[i]
		if v.Class == scenario.Declaration && v.Name == verb && v.Key(key) != nil {
			return true
		}
	}
	return false
}

// Tradeoffs compares groups by the median of column x and the 95th percentile of column y. A cell
// in which y did not happen in more than a twentieth of the runs has no such percentile: its outage
// was over before anybody noticed, and those who did were quick by chance. Groups without any other
// cell are left out.
func Tradeoffs(groups []Group, x, y string) []Tradeoff {
	var out []Tradeoff
	for _, g := range groups {
		bx, by := Spread(g.Rows, x), Spread(complete(g.Rows, y), y)
		if bx.N > 0 && by.N > 0 {
			out = append(out, Tradeoff{Group: g, X: bx.P50, Y: by.P95})
		}
	}
	slices.SortStableFunc(out, func(a, b Tradeoff) int {
		return cmp.Or(cmp.Compare(a.X.Value, b.X.Value), cmp.Compare(a.Y.Value, b.Y.Value))
	})
	best, bestX := 0.0, 0.0 // the lowest Y so far, and its X
	for i := range out {
		t := &out[i]
		if i > 0 && (t.Y.Value > best || t.Y.Value == best && t.X.Value > bestX) {
			t.Dominated = true
		}
		if i == 0 || t.Y.Value < best {
			best, bestX = t.Y.Value, t.X.Value
		}
	}
	return out
}

// complete returns the rows of the cells that have a 95th percentile of a column.
func complete(rows []Row, column string) []Row {
	cells := make(map[string][]Row)
	for _, r := range rows {
		key := strings.Join(r.Values, "\x00")
		cells[key] = append(cells[key], r)
	}
	var out []Row
	for _, r := range rows {
		if b := Spread(cells[strings.Join(r.Values, "\x00")], column); b.N > 0 && b.Share >= 0.95 {
			out = append(out, r)
		}
	}
	return out
}
