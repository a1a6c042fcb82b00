package sweep

import (
	"cmp"
	"slices"
	"strings"
)

// Group is the runs of one cell: equal values on the axes, different seeds, and the parts of mixes.
type Group struct {
	Values []string // of the axes by which it is one
	Rows   []Row
}

// Groups sorts rows into cells, in the plan's order.
func (p *Plan) Groups(rows []Row) []Group {
	axes := make([]int, len(p.Axes))
	for i := range axes {
		axes[i] = i
	}
	return p.group(rows, axes)
}

// group sorts rows by their values on some axes, in the order in which these appear.
func (p *Plan) group(rows []Row, axes []int) []Group {
	index := make(map[string]int)
	var out []Group
	for _, r := range rows {
		values := make([]string, len(axes))
		for i, a := range axes {
			values[i] = r.Values[a]
		}
		key := strings.Join(values, "\x00")
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, Group{Values: values})
		}
		out[i].Rows = append(out[i].Rows, r)
	}
	slices.SortFunc(out, func(a, b Group) int { return a.Rows[0].Run - b.Rows[0].Run })
	return out
}

// Quantile is a value that one run really had: the run is named.
type Quantile struct {
	Value float64
	Run   int
}

// Band is how a measure is spread over the runs of a cell. Its quantiles are by nearest rank,
// weighted by the shares of mixes: each is the value of a run, never between two.
type Band struct {
	N                  int     // runs with a value
	Of                 int     // runs
	Share              float64 // of the weight that has a value
	P5, P50, P95, Most Quantile
}

// Spread computes the band of a column over rows. Rows in which it did not happen do not count.
func Spread(rows []Row, column string) Band {
	type point struct {
		Quantile
		weight float64
	}
	var points []point
	b := Band{Of: len(rows)}
	total, all := 0.0, 0.0
	for i := range rows {
		all += rows[i].Weight
		if x, ok := rows[i].Get(column); ok {
			points = append(points, point{Quantile{x, rows[i].Run}, rows[i].Weight})
			total += rows[i].Weight
		}
	}
	if b.N = len(points); b.N == 0 {
		return b
	}
	b.Share = total / all
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Run, b.Run))
	})
	at := func(q float64) Quantile {
		sum := 0.0
		for _, p := range points {
			if sum += p.weight; sum >= q*total*(1-1e-12) {
				return p.Quantile
			}
		}
		return points[len(points)-1].Quantile
	}
	b.P5, b.P50, b.P95, b.Most = at(0.05), at(0.50), at(0.95), points[len(points)-1].Quantile
	return b
}

// Outsiders returns the rows that broke a bound, and the rows of runs that failed.
func Outsiders(rows []Row) (outside, failed []Row) {
	for _, r := range rows {
		if r.Outside != "" {
			outside = append(outside, r)
		}
		if r.Error != "" {
			failed = append(failed, r)
		}
	}
	return outside, failed
}
