package trace

import (
	"fmt"
	"io"
	"strings"

	"halfopen/netmodel"
)

// Divergence is where two runs that should have been the same part.
type Divergence struct {
	Event ID            // the first that differs
	At    netmodel.Time // its virtual time, the earlier of the two
	A, B  []string      // the events around it, in each run; the one that differs begins with ">"
	Tie   string        // what probably coincided, if that can be told

	// Detail is what differs if the two events read the same: the bytes that they carry.
	Detail string
}

// aroundDiff is how many events a Divergence shows before the difference; fewer behind it.
const aroundDiff = 4

// Diff compares two traces, and returns nil if they are the same.
func Diff(a, b *Trace) *Divergence {
	x, y := &encoder{t: a}, &encoder{t: b}
	n := min(len(a.Events), len(b.Events))
	for i := range n {
		x.buf = x.event(x.buf[:0], ID(i+1), &a.Events[i])
		y.buf = y.event(y.buf[:0], ID(i+1), &b.Events[i])
		if string(x.buf) != string(y.buf) {
			return newDivergence(a, b, i)
		}
	}
	switch {
	case len(a.Events) != len(b.Events):
		return newDivergence(a, b, n)
	case a.Hash() != b.Hash():
		return &Divergence{At: a.Length, A: []string{"the same events"}, B: []string{"other tables"}}
	}
	return nil
}

func newDivergence(a, b *Trace, i int) *Divergence {
	d := &Divergence{Event: ID(i + 1), At: netmodel.Never, A: around(a, i), B: around(b, i)}
	for _, t := range []*Trace{a, b} {
		if i < len(t.Events) {
			d.At = min(d.At, t.Events[i].At)
		}
	}
	d.Tie = likelyTie(a, b, i)
	d.Detail = detail(a, b, i)
	return d
}

// detail says what differs in two events that read the same: their bytes, or else their encoding.
func detail(a, b *Trace, i int) string {
	if i >= len(a.Events) || i >= len(b.Events) {
		return ""
	}
	x, y := &a.Events[i], &b.Events[i]
	if a.Describe(x) != b.Describe(y) || x.At != y.At {
		return ""
	}
	p, q := x.bytes(), y.bytes()
	if string(p) == string(q) {
		return fmt.Sprintf("%s; and: %s", encoded(a, i), encoded(b, i))
	}
	at := 0
	for at < min(len(p), len(q)) && p[at] == q[at] {
		at++
	}
	return fmt.Sprintf("byte %d: %.40q; and: %.40q", at, p[at:], q[at:])
}

// bytes are what an event carries: of a segment, or of a program.
func (ev *Event) bytes() []byte {
	switch {
	case ev.Seg != nil:
		return ev.Seg.Payload
	case ev.App != nil:
		return ev.App.Payload
	}
	return nil
}

func encoded(t *Trace, i int) string {
	x := &encoder{t: t}
	return string(x.event(nil, ID(i+1), &t.Events[i]))
}

func around(t *Trace, i int) []string {
	var lines []string
	for j := max(0, i-aroundDiff); j < min(len(t.Events), i+aroundDiff/2+1); j++ {
		mark := " "
		if j == i {
			mark = ">"
		}
		lines = append(lines, fmt.Sprintf("%s %12.6f  %s", mark, t.Events[j].At.Seconds(),
			t.Describe(&t.Events[j])))
	}
	if i >= len(t.Events) {
		lines = append(lines, "> the run is over")
	}
	return lines
}

// likelyTie names two events of one host and one instant that happened in one order here and in the
// other order there.
func likelyTie(a, b *Trace, i int) string {
	if i >= len(a.Events) || i >= len(b.Events) {
		return ""
	}
	x, y := &a.Events[i], &b.Events[i]
	for j := i + 1; j < len(b.Events) && b.Events[j].At <= x.At; j++ {
		if z := &b.Events[j]; z.Kind == x.Kind && z.Host == x.Host && z.At == x.At &&
			b.Describe(z) == a.Describe(x) {
			return fmt.Sprintf("at %.9f on %s two things were due at the same instant: %s; and: %s",
				x.At.Seconds(), a.hostName(x.Host), a.Describe(x), b.Describe(y))
		}
	}
	if x.At == y.At && x.Host == y.Host && x.App != nil && y.App != nil {
		return fmt.Sprintf("at %.9f programs on %s did this in one run: %s; and this in the other: %s",
			x.At.Seconds(), a.hostName(x.Host), a.Describe(x), b.Describe(y))
	}
	return ""
}

// String is the divergence for people.
func (d *Divergence) String() string {
	var b strings.Builder
	d.write(&b)
	return b.String()
}

func (d *Divergence) write(w io.Writer) {
	fmt.Fprintf(w, "the runs part at %.9f s, event %d\n", d.At.Seconds(), d.Event)
	for _, side := range []struct {
		name  string
		lines []string
	}{{"one run:", d.A}, {"the other:", d.B}} {
		fmt.Fprintln(w, side.name)
		for _, l := range side.lines {
			fmt.Fprintln(w, "  "+l)
		}
	}
	if d.Detail != "" {
		fmt.Fprintln(w, "what differs: "+d.Detail)
	}
	if d.Tie != "" {
		fmt.Fprintln(w, "likely a tie: "+d.Tie)
	}
}
