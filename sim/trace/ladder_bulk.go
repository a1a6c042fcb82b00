package trace

import (
	"fmt"
	"strings"

	"halfopen/netmodel"
)

// bulk is a row for the segments that carry the rest of large packets: a photograph of a megabyte
// has seven hundred, and none of them tells anything by itself.
type bulk struct {
	id       ID
	ev       *Event
	from, to int
	label    string
	n        int
	last     netmodel.Time
}

// hold puts a segment into the row of those before it, if it is one of many; that row is printed
// when the next one begins. It reports false for segments that need a row of their own.
func (l *ladder) hold(id ID, ev *Event, from, to int, label, again string) bool {
	if !strings.HasPrefix(label, restOf) || again != "" || l.o.All || l.o.Only != nil {
		return false
	}
	b := &l.bulk
	if b.n > 0 && b.from == from && b.to == to && b.label == label && ev.At.Sub(b.last) < silence {
		b.n, b.last = b.n+1, ev.At
		return true
	}
	l.release()
	l.bulk = bulk{id: id, ev: ev, from: from, to: to, label: label, n: 1, last: ev.At}
	return true
}

// release prints the row that was held back.
func (l *ladder) release() {
	b := l.bulk
	if l.bulk = (bulk{}); b.n == 0 {
		return
	}
	if b.n > 1 {
		b.label += fmt.Sprintf(", %d segments", b.n)
	}
	step := l.step
	l.step = b.id
	l.arrow(l.timed(b.ev), b.from, b.to, b.label, "", plain, "", false)
	l.step, l.last = step, b.last
}
