package netmodel

import (
	"testing"
	"time"
)

// What happens before NextNotable wakes no socket and sends nothing, also in an outage; and the
// bound is worth something: on a quiet connection a third of all events lies before it.
func TestEventsBeforeNextNotable(t *testing.T) {
	p := newTCPPair(t).connect()
	n, records, buf := p.net, new(tape), make([]byte, 60)
	n.sink = records
	for _, s := range []*Socket{p.c, p.s} {
		s.SetKeepAlive(true, 15*time.Second, 15*time.Second, 9)
	}
	early, all, cut := 0, 0, FaultID(0)
	for i := range 360 {
		until := Time(i+1) * Time(10*time.Second)
		for ; n.Next() <= until; all++ {
			if stepBeforeNotable(t, n, records) {
				early++
			}
			for _, s := range n.Woken() {
				s.Read(n.Now(), buf)
			}
		}
		n.AdvanceTo(until)
		p.s.Write(until, buf)
		switch i {
		case 100:
			cut = n.Begin(until, Fault{Kind: FaultCut, Link: p.link})
		case 130:
			n.EndFault(until, cut)
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
