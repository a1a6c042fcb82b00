package belief

import (
	"testing"

	"halfopen/netmodel"

	"pgregory.net/rapid"
)

// Set arithmetic agrees with asking of each instant whether it is in the sets.
func TestSetArithmetic(t *testing.T) {
	draw := func(t *rapid.T, name string) Set {
		var s Set
		at := netmodel.Time(0)
		for range rapid.IntRange(0, 6).Draw(t, name) {
			b := at + netmodel.Time(rapid.IntRange(1, 4).Draw(t, "gap"))
			at = b + netmodel.Time(rapid.IntRange(1, 4).Draw(t, "length"))
			s = append(s, Interval{b, at})
		}
		return s
	}
	in := func(s Set, x netmodel.Time) bool {
		for _, i := range s {
			if i.Begin <= x && x < i.End {
				return true
			}
		}
		return false
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		for op, got := range map[string]Set{"union": a.Union(b), "minus": a.Minus(b),
			"intersect": a.Intersect(b)} {
			for x := range netmodel.Time(60) {
				want := map[string]bool{"union": in(a, x) || in(b, x), "minus": in(a, x) && !in(b, x),
					"intersect": in(a, x) && in(b, x)}[op]
				if in(got, x) != want {
					t.Fatalf("%v %s %v = %v: wrong at %d", a, op, b, got, x)
				}
			}
			for i := range got {
				if got[i].Length() <= 0 || i > 0 && got[i].Begin <= got[i-1].End {
					t.Fatalf("%v %s %v = %v is not a list of disjoint intervals", a, op, b, got)
				}
			}
		}
	})
}
