package belief

import (
	"time"

	"halfopen/netmodel"
)

// Interval is a time from Begin up to, and without, End.
type Interval struct{ Begin, End netmodel.Time }

// Length is how long it lasts.
func (i Interval) Length() time.Duration { return i.End.Sub(i.Begin) }

// Set is a set of instants: disjoint, ascending intervals, none of them empty.
type Set []Interval

// Total is the length of all its intervals.
func (s Set) Total() time.Duration {
	var d time.Duration
	for _, i := range s {
		d += i.Length()
	}
	return d
}

// Union holds what is in s, in o, or in both. Neighbours that touch become one.
func (s Set) Union(o Set) Set {
	return combine(s, o, func(inS, inO bool) bool { return inS || inO })
}

// Intersect holds what is in both.
func (s Set) Intersect(o Set) Set {
	return combine(s, o, func(inS, inO bool) bool { return inS && inO })
}

// Minus holds what is in s and not in o.
func (s Set) Minus(o Set) Set {
	return combine(s, o, func(inS, inO bool) bool { return inS && !inO })
}

// combine sweeps over the ends of both sets' intervals and keeps the stretches for which keep says
// so.
func combine(s, o Set, keep func(inS, inO bool) bool) Set {
	var out Set
	i, j := 0, 0 // index of the next end: even ones begin an interval, odd ones end it
	last := netmodel.Time(0)
	for i < 2*len(s) || j < 2*len(o) {
		t := min(s.end(i), o.end(j))
		if t > last && keep(i%2 == 1, j%2 == 1) {
			if n := len(out); n > 0 && out[n-1].End == last {
				out[n-1].End = t
			} else {
				out = append(out, Interval{last, t})
			}
		}
		last = t
		for i < 2*len(s) && s.end(i) == t {
			i++
		}
		for j < 2*len(o) && o.end(j) == t {
			j++
		}
	}
	return out
}

func (s Set) end(i int) netmodel.Time {
	switch {
	case i >= 2*len(s):
		return netmodel.Never
	case i%2 == 0:
		return s[i/2].Begin
	}
	return s[i/2].End
}
