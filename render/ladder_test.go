package render

import (
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// tall is a view in which the whole ladder of a run is in sight.
func tall(ix *Index, linear bool) View {
	v := View{W: 900, Panels: Ladder, Linear: linear, Loopback: true}
	h := ix.axisFor(&v).height()
	if linear {
		h = ix.Length().Seconds() * 1000 * linearPerMS
	}
	v.H = float32(h) + ladderHead + ladderFoot + 100
	return v
}

// checkArrows asserts that a ladder has exactly one arrow for every segment, and that those that
// were lost end on the link.
func checkArrows(t *testing.T, tr *trace.Trace, linear bool) {
	t.Helper()
	ix := NewIndex(tr)
	v := tall(ix, linear)
	var l List
	ix.At(tr.Length, &v, &l)
	arrows := map[trace.ID]int{}
	for i := range l.Refs {
		if r := &l.Refs[i]; r.Role == RoleArrow {
			arrows[r.Event]++
		}
	}
	sent := 0
	for i := range tr.Events {
		if tr.Events[i].Kind != netmodel.SegmentSent {
			continue
		}
		sent++
		if n := arrows[trace.ID(i+1)]; n != 1 {
			t.Errorf("segment of event %d at %s has %d arrows, want one", i+1,
				tr.Events[i].At.Duration(), n)
		}
	}
	if len(arrows) != sent {
		t.Errorf("%d arrows for %d segments", len(arrows), sent)
	}
	checkLostArrows(t, ix, &l, &v)
}

// checkLostArrows looks at the last point of the first line of each lost segment's arrow.
func checkLostArrows(t *testing.T, ix *Index, l *List, v *View) {
	t.Helper()
	f := frame{ix: ix, t: ix.Length(), v: v, lo: v.Layout(), l: l}
	xs := f.lifelines()
	seen := map[int32]bool{}
	for i := range l.Items {
		it := &l.Items[i]
		r := l.RefOf(it)
		if r == nil || r.Role != RoleArrow || it.Op != OpLine || seen[it.Ref] {
			continue
		}
		seen[it.Ref] = true
		fl := ix.flightBySent(r.Event)
		pts := l.Pts(it)
		end := pts[len(pts)-1]
		if !fl.lost {
			continue
		}
		for _, x := range xs {
			if end.X > x-8 && end.X < x+8 {
				t.Errorf("lost %s at %s ends at x %.1f, on the lifeline at %.1f", fl.name,
					fl.t0.Duration(), end.X, x)
			}
		}
	}
}

func TestEverySegmentHasOneArrow(t *testing.T) {
	checkArrows(t, theTunnel(), false)
	checkArrows(t, theTunnel(), true)
}

// Folding hides nothing: strips and what is drawn make the run, to the nanosecond, and no silence
// of more than two seconds is drawn at length.
func TestStripsAndDrawnMakeTheRun(t *testing.T) {
	ix := NewIndex(theTunnel())
	checkStrips(t, ix)
	if a := ix.axisFor(&View{}); len(a.strips) < 5 {
		t.Errorf("%d strips, want the story's silences", len(a.strips))
	}
}

func checkStrips(t *testing.T, ix *Index) {
	t.Helper()
	a := ix.axisFor(&View{})
	var strips, drawn time.Duration
	n := 0
	for i := 1; i < len(a.at); i++ {
		gap := a.at[i].Sub(a.at[i-1])
		if n < len(a.strips) && a.strips[n].begin == a.at[i-1] {
			if a.strips[n].end != a.at[i] {
				t.Errorf("strip %d ends at %s, in the middle of something", n, a.strips[n].end.Duration())
			}
			strips += gap
			n++
			continue
		}
		drawn += gap
		if gap > silence && !a.aloft[i-1] {
			t.Errorf("%s of silence at %s are drawn at length", gap, a.at[i-1].Duration())
		}
	}
	if n != len(a.strips) || strips != a.folded {
		t.Errorf("%d strips of %s, want %d of %s", n, strips, len(a.strips), a.folded)
	}
	if got := strips + drawn; got != ix.Length().Duration() {
		t.Errorf("strips %s + drawn %s = %s, want the run's %s", strips, drawn, got,
			ix.Length().Duration())
	}
}

// Later is lower, everywhere, and what is clicked is what is there.
func TestLadderAxisIncreases(t *testing.T) {
	ix := NewIndex(theTunnel())
	a := ix.axisFor(&View{})
	last := -1.0
	for at := netmodel.Time(0); at <= ix.Length(); at += ms(3.7) {
		y := a.y(at)
		if y < last {
			t.Fatalf("%s lies at %.2f, above what came before it at %.2f", at.Duration(), y, last)
		}
		last = y
		back := a.time(y)
		if d := back.Sub(at); d > 5*time.Millisecond || d < -5*time.Millisecond {
			// Within a strip a pixel is many seconds; elsewhere the inverse is exact.
			i := a.index(at)
			if a.at[i+1].Sub(a.at[i]) < silence {
				t.Fatalf("a click at %s gives %s", at.Duration(), back.Duration())
			}
		}
	}
}

// A longer silence is never drawn shorter, as far as it is drawn.
func TestGapsGrowWithTime(t *testing.T) {
	last := 0.0
	for d := time.Duration(0); d <= silence; d += time.Millisecond {
		h := growth(d, 0, false)
		if h < last {
			t.Fatalf("a gap of %s is %.2f pixels, less than a shorter one", d, h)
		}
		last = h
	}
}

// The ladder as a file has everything, or as much from the beginning as was asked for.
func TestLadderSVG(t *testing.T) {
	tr := theTunnel()
	whole := string(LadderSVG(tr, View{W: 600}, 100_000))
	if n, want := strings.Count(whole, `<g class="arrow"`), len(NewIndex(tr).flights); n != want {
		t.Errorf("%d arrows, want %d", n, want)
	}
	part := string(LadderSVG(tr, View{W: 600}, 500))
	if !strings.Contains(part, `height="500"`) || !strings.Contains(part, "CONNECT") ||
		strings.Contains(part, "RST") {
		t.Error("the first 500 pixels are not the beginning of the run")
	}
}
