package fidelity

import (
	"math"
	"testing"
)

// The retransmissions of a PINGREQ into a cut, with the times of seed-GO of the captures: the
// coarsest slot that a timer was in there is of 2.048 s.
func TestPhase(t *testing.T) {
	r := &Run{}
	captured := []float64{120.05149, 120.284046, 120.51541, 120.986562, 121.914597, 123.738598,
		127.546584, 134.970636, 149.566603, 179.002593}
	for _, at := range captured {
		r.At[Client] = append(r.At[Client], Packet{T: at, Dir: "c>b", Flags: "PSH,ACK", Len: 2})
	}
	p := r.phase()
	last := captured[len(captured)-1]
	if want := math.Mod(last, 2.048); p.modulus != 2.048 || math.Abs(p.offset-want) > 1e-6 {
		t.Errorf("the phase is %+v, not %v of 2.048", p, want)
	}
	// An instant of which the machine's uptime is a whole number of slots is a slot's end.
	up := r.uptime(last, 3).Seconds()
	if d := rest(up+0.001, 2.048); d > 0.002 {
		t.Errorf("the uptime at a slot's end is %v, %v behind one", up, d)
	}
	// Firings that no phase explains (ICMP errors began them) say nothing.
	for i := range r.At[Client] {
		r.At[Client][i].T += 0.17 * float64(i*i)
	}
	if p := r.phase(); p.modulus != 0 {
		t.Errorf("a phase of %+v was found in nonsense", p)
	}
}
