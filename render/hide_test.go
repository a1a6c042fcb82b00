package render

import (
	"strings"
	"testing"

	"halfopen/netmodel"
)

// Two runs that are the same up to 140 s and part at 150 s. While the learner is asked at 140 s, no
// panel may show a difference between them.
func TestNothingOfTheFutureShowsBeforeTheAnswer(t *testing.T) {
	a, b := NewIndex(theTunnel()), NewIndex(theTunnelUntil(ms(150_000)))
	for _, base := range []View{screen(), phone(), {W: 800, H: 600, Panels: Ladder}} {
		for _, at := range []netmodel.Time{ms(66_005), ms(125_055), ms(140_000), ms(200_000)} {
			for _, linear := range []bool{false, true} {
				v := base
				v.HideAfter, v.Linear, v.Speed = ms(140_000), linear, OneSecond
				var la, lb List
				a.At(at, &v, &la)
				b.At(at, &v, &lb)
				if !la.Equal(&lb) {
					t.Errorf("at %s (%gx%g, linear %v) the future shows:\n%s", at.Duration(), v.W, v.H,
						linear, firstLine(la.String(), lb.String()))
				}
				for i := range la.Refs {
					if ev := a.tr.Event(la.Refs[i].Event); ev != nil && ev.At > v.HideAfter {
						t.Errorf("%q is of the future", la.Label(&la.Refs[i]))
					}
				}
			}
		}
	}
}

// firstLine shows where two goldens part.
func firstLine(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "- " + x[i] + "\n+ " + y[i]
		}
	}
	return "one is longer"
}
