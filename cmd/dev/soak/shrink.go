package soak

import (
	"slices"
	"time"

	"halfopen/netmodel"
)

// Shrink takes away from a failing case whatever can go without it starting to hold, and rounds
// times.
func (f *Flow) Shrink(fails func(*Flow) bool) *Flow {
	best := f.clone()
	for progress := true; progress; {
		progress = false
		for _, smaller := range best.smaller() {
			if fails(smaller) {
				best, progress = smaller, true
				break
			}
		}
	}
	return best
}

func (f *Flow) clone() *Flow {
	g := *f
	g.Faults = slices.Clone(f.Faults)
	g.Conns = slices.Clone(f.Conns)
	for i := range g.Conns {
		for s := range g.Conns[i].Writes {
			g.Conns[i].Writes[s] = slices.Clone(f.Conns[i].Writes[s])
		}
	}
	return &g
}

// smaller lists cases that are a step simpler.
func (f *Flow) smaller() []*Flow {
	var out []*Flow
	try := func(change func(g *Flow) bool) {
		if g := f.clone(); change(g) {
			out = append(out, g)
		}
	}
	for i := range f.Conns {
		try(func(g *Flow) bool { g.Conns = slices.Delete(g.Conns, i, i+1); return len(g.Conns) > 0 })
	}
	for i := range f.Faults {
		try(func(g *Flow) bool { g.Faults = slices.Delete(g.Faults, i, i+1); return true })
	}
	for i := range f.Conns {
		for s := range f.Conns[i].Writes {
			for w := range f.Conns[i].Writes[s] {
				try(func(g *Flow) bool {
					g.Conns[i].Writes[s] = slices.Delete(g.Conns[i].Writes[s], w, w+1)
					return true
				})
				try(func(g *Flow) bool {
					n := &g.Conns[i].Writes[s][w].N
					*n /= 2
					return *n > 0
				})
			}
			try(func(g *Flow) bool {
				had := g.Conns[i].Close[s] > 0
				g.Conns[i].Close[s] = 0
				return had
			})
		}
	}
	return append(out, f.calmer()...)
}

// calmer lists cases with one condition of the link taken away, or rounder times.
func (f *Flow) calmer() []*Flow {
	var out []*Flow
	for i := -1; i < len(f.Faults); i++ {
		for _, c := range better(f.link(i)) {
			g := f.clone()
			*g.at(i) = c
			out = append(out, g)
		}
		if i < 0 {
			continue
		}
		if t := f.Faults[i].At.Round(time.Second); t != f.Faults[i].At && t+f.Faults[i].For < f.Heal {
			g := f.clone()
			g.Faults[i].At = t
			out = append(out, g)
		}
	}
	return out
}

func (f *Flow) link(i int) netmodel.Conditions { return *f.at(i) }

// at is the link's conditions (i < 0) or those of a fault.
func (f *Flow) at(i int) *netmodel.Conditions {
	if i < 0 {
		return &f.Link
	}
	return &f.Faults[i].With
}

// better lists conditions with one impairment less.
func better(c netmodel.Conditions) []netmodel.Conditions {
	var out []netmodel.Conditions
	for _, zero := range []func(*netmodel.Conditions){
		func(c *netmodel.Conditions) { c.Loss = 0 },
		func(c *netmodel.Conditions) { c.Duplicate = 0 },
		func(c *netmodel.Conditions) { c.Corrupt = 0 },
		func(c *netmodel.Conditions) { c.Jitter, c.Reorder = 0, false },
		func(c *netmodel.Conditions) { c.Rate, c.Queue = 0, 0 },
	} {
		d := c
		zero(&d)
		if d != c {
			out = append(out, d)
		}
	}
	return out
}
