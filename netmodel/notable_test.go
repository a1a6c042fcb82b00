package netmodel

import (
	"testing"
	"time"
)

// What happens before NextNotable wakes no socket and sends nothing, also in an outage; and the
// bound is worth something: on a quiet connection a third of all events lies before it.
func TestEventsBeforeNextNotable(t *testing.T) {
	w := newMQTTLoad(1)
	n, records := w.net, new(tape)
	n.sink = records
	for _, s := range w.conns[0] {
		s.SetKeepAlive(true, 15*time.Second, 15*time.Second, 9)
	}
	early, all := 0, 0
	for i := range 360 {
		until := Time(i+1) * Time(10*time.Second)
		for ; n.Next() <= until; all++ {
			if stepBeforeNotable(t, n, records) {
				early++
			}
			for _, s := range n.Woken() {
				s.Read(n.Now(), w.in)
			}
		}
		n.AdvanceTo(until)
		w.conns[0][1].Write(until, w.buf[:60])
		switch i {
		case 100:
			w.cuts = append(w.cuts, n.Begin(until, Fault{Kind: FaultCut, Link: w.links[0]}))
		case 130:
			n.EndFault(until, w.cuts[0])
		}
	}
	if early < all/3 {
		t.Errorf("only %d of %d events could wait", early, all)
	}
}

// stepBeforeNotable processes an event, and reports whether the bound said that it may wait.
func stepBeforeNotable(t *testing.T, n *Network, records *tape) bool {
	t.Helper()
	bound, before := n.NextNotable(), len(records.records)
	if bound < n.Next() {
		t.Fatalf("the bound %v lies before the next event, %v", bound, n.Next())
	}
	n.Step()
	if n.Now() >= bound {
		return false
	}
	for _, r := range records.records[before:] {
		if r.Timer != TimerKeepalive {
			t.Fatalf("at %v, before the notable %v: %+v", n.Now(), bound, r)
		}
	}
	if len(n.woken) > 0 {
		t.Fatalf("at %v, before the notable %v, a socket woke", n.Now(), bound)
	}
	return true
}
