package render

import (
	"bytes"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Compare is two runs side by side: A as it was, B with something changed.
type Compare struct {
	A, B *Index
	diff Difference
}

// Difference is where two runs part: the first event of each that the other does not have so. An ID
// is 0 where a run has no further event.
type Difference struct {
	Found bool
	At    netmodel.Time
	A, B  trace.ID
}

// NewCompare finds where two runs part.
func NewCompare(a, b *Index) *Compare {
	return &Compare{A: a, B: b, diff: FirstDifference(a.tr, b.tr)}
}

// Difference returns where the runs part.
func (c *Compare) Difference() Difference { return c.diff }

// Length is that of the longer run.
func (c *Compare) Length() netmodel.Time { return max(c.A.Length(), c.B.Length()) }

// FirstDifference walks along two traces. Settings are not compared (what they change is), nor
// expectations, nor the numbers of events.
func FirstDifference(a, b *trace.Trace) Difference {
	i, j := nextFact(a, 0), nextFact(b, 0)
	for i < len(a.Events) && j < len(b.Events) && sameFact(&a.Events[i], &b.Events[j]) {
		i, j = nextFact(a, i+1), nextFact(b, j+1)
	}
	d := Difference{At: netmodel.Never}
	if i < len(a.Events) {
		d.Found, d.A, d.At = true, trace.ID(i+1), a.Events[i].At
	}
	if j < len(b.Events) {
		d.Found, d.B, d.At = true, trace.ID(j+1), min(d.At, b.Events[j].At)
	}
	return d
}

// nextFact is the index of the first event from i on that is compared.
func nextFact(tr *trace.Trace, i int) int {
	for ; i < len(tr.Events); i++ {
		switch tr.Events[i].Kind {
		case trace.Start, trace.Setting, trace.End, trace.ExpectationMet, trace.ExpectationFailed:
		default:
			return i
		}
	}
	return i
}

// sameFact compares what happened, not the numbers of events.
func sameFact(a, b *trace.Event) bool {
	if a.At != b.At || a.Kind != b.Kind || a.Reason != b.Reason || a.Host != b.Host ||
		a.Socket != b.Socket || a.Link != b.Link || a.Timer != b.Timer || a.Due != b.Due ||
		a.From != b.From || a.To != b.To || a.Errno != b.Errno || a.Copies != b.Copies {
		return false
	}
	return sameSegment(a.Seg, b.Seg) && sameApp(a.App, b.App)
}

func sameSegment(a, b *netmodel.Segment) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Src == b.Src && a.Dst == b.Dst && a.Seq == b.Seq && a.Ack == b.Ack &&
		a.Flags == b.Flags && a.Window == b.Window && a.ICMP == b.ICMP &&
		bytes.Equal(a.Payload, b.Payload)
}

func sameApp(a, b *trace.App) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Actor == b.Actor && a.Name == b.Name && a.Text == b.Text && a.Client == b.Client &&
		a.Topic == b.Topic && a.QoS == b.QoS && a.Dup == b.Dup && a.Message == b.Message &&
		a.SessionPresent == b.SessionPresent && a.Expired == b.Expired &&
		a.Attempt == b.Attempt && a.N == b.N && bytes.Equal(a.Payload, b.Payload)
}

// half says which of two runs a frame draws in a place that both share.
type half uint8

const (
	whole half = iota
	upper
	lower
)

// At draws both runs at an instant: two stages, B's ladder, the lanes of both, one scrubber.
func (c *Compare) At(t netmodel.Time, v *View, dst *List) {
	dst.Reset(v)
	dst.rect(Rect{0, 0, v.W, v.H}, 0, Background)
	a := c.frame(c.A, t, v, dst)
	b := c.frame(c.B, t, v, dst)
	a.half, b.half = upper, lower
	splitStage(&a.lo.Stage, &b.lo.Stage)
	a.lo.Chips = Rect{}
	a.stage()
	a.runName("A")
	b.stage()
	b.runName("B")
	b.ladder()
	a.lanes()
	b.lanes()
	b.scrubber()
	c.mark(&b)
	dst.snap(v.Scale)
}

func (c *Compare) frame(ix *Index, t netmodel.Time, v *View, l *List) frame {
	f := frame{ix: ix, t: min(max(t, 0), ix.Length()), v: v, lo: v.Layout(), l: l}
	if v.hides(f.t) {
		f.t = v.HideAfter
	}
	f.from, f.to = v.span(c.Length())
	return f
}

// splitStage gives each run half of the stage: beside each other, or above where it is narrow.
func splitStage(a, b *Rect) {
	if a.W >= 500 {
		a.W = a.W/2 - 1
		b.X, b.W = b.X+a.W+2, b.W-a.W-2
		return
	}
	a.H = a.H/2 - 1
	b.Y, b.H = b.Y+a.H+2, b.H-a.H-2
}

// runName marks a stage with the letter of its run.
func (f *frame) runName(s string) {
	r := f.lo.Stage
	if r.Empty() {
		return
	}
	f.l.rect(Rect{r.X + r.W - 32, r.Y + 8, 22, 20}, 5, Raised)
	f.l.writeBold(r.X+r.W-21, r.Y+22.5, s, 13, Ink, center)
}

// mark shows on the scrubber, and says in words, where the runs part.
func (c *Compare) mark(f *frame) {
	r := f.lo.Scrubber
	if r.Empty() || f.v.hides(c.diff.At) {
		return
	}
	if !c.diff.Found {
		f.l.write(r.X+r.W-axisMargin, r.Y+12, f.word("compare.none"), 10.5, Soft, right)
		return
	}
	x := f.lo.x(c.diff.At, f.from, f.to)
	id := c.diff.B
	f.l.begin(Ref{Role: RoleDifference, Event: id, Time: c.diff.At,
		Box: Rect{x - 8, r.Y, 16, r.H}})
	f.l.line(x, r.Y+1, x, r.Y+r.H-12, 1.5, Fin).Dash = Dashed
	from := len(f.l.text)
	f.l.text = append(append(f.l.text, f.word("compare.first")...), ' ')
	f.l.text = c.diff.At.AppendClock(f.l.text)
	f.l.label = append(f.l.label, f.l.text[from:]...)
	w := f.l.measureBytes(f.l.text[from:], 10.5, true)
	tx := min(x+6, r.X+r.W-w-6)
	f.l.rect(Rect{tx - 3, r.Y + 2, w + 6, 13}, 3, Background)
	f.l.written(tx, r.Y+12, from, 10.5, Ink, left, true)
	f.l.end()
}
