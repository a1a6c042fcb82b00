package fidelity

import (
	"math"
	"strings"
	"testing"
)

// talk is a small exchange as both interfaces of a capture would have it.
func talk() []Packet {
	return []Packet{
		{T: 0, Dir: "c>b", Flags: "SYN", Port: 5},
		{T: 0.020, Dir: "b>c", Flags: "SYN,ACK", Port: 5},
		{T: 0.021, Dir: "c>b", Flags: "ACK", Seq: 1, Port: 5},
		{T: 0.022, Dir: "c>b", Flags: "PSH,ACK", Seq: 1, Len: 22, Port: 5},
		{T: 10.1, Dir: "c>b", Flags: "PSH,ACK", Seq: 23, Len: 2, Port: 5},
		{T: 10.33, Dir: "c>b", Flags: "PSH,ACK", Seq: 23, Len: 2, Port: 5, Retx: true},
		{T: 11.2, Dir: "c>b", Flags: "FIN,ACK", Seq: 25, Port: 5},
		{T: 11.201, Dir: "b>c", Flags: "FIN,ACK", Seq: 1, Port: 5},
	}
}

func compareTalk(model []Packet) Match { return compareSide(Client, talk(), model, 250) }

func TestEqualListsMatch(t *testing.T) {
	m := compareTalk(talk())
	if !m.OK() || m.Same != 7 || m.ACKs != [2]int{1, 1} || m.First != "" {
		t.Errorf("%+v", m)
	}
}

// Two segments that pass each other have no order, and PSH is not compared.
func TestCrossingSegmentsMayChangePlaces(t *testing.T) {
	l := talk()
	l[6], l[7] = l[7], l[6]
	l[6].T, l[7].T = 11.199, 11.2
	l[3].Flags = "ACK"
	if m := compareTalk(l); m.Part() != 1 {
		t.Errorf("%+v", m)
	}
}

func TestDifferencesAreFound(t *testing.T) {
	for name, change := range map[string]func(l []Packet) []Packet{
		"missing":  func(l []Packet) []Packet { return append(l[:5:5], l[6:]...) },
		"extra":    func(l []Packet) []Packet { return append(l, l[5]) },
		"interval": func(l []Packet) []Packet { l[5].T += 0.1; return l },
		"extra ":   func(l []Packet) []Packet { l[6].Flags = "RST"; return l },
		"missing ": func(l []Packet) []Packet { l[4].Len = 3; return l },
	} {
		m := compareTalk(change(talk()))
		if m.OK() || !strings.Contains(m.First, strings.TrimSpace(name)) &&
			!strings.Contains(m.First, "missing") {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// 5 %, 40 ms, or a granule of the timer wheel, whatever is most.
func TestTolerance(t *testing.T) {
	for _, c := range []struct {
		want, got float64
		ok        bool
	}{
		{0.010, 0.049, true}, {0.010, 0.051, false}, {1.8, 1.89, true}, {1.8, 1.70, false},
		{3.6, 3.85, true}, {3.6, 3.87, false}, {30, 31.9, true}, {30, 32.2, false},
	} {
		if within(c.want, c.got, 250) != c.ok {
			t.Errorf("%v s for %v s: %v", c.got, c.want, !c.ok)
		}
	}
	for d, g := range map[float64]float64{0.2: 0.004, 1: 0.032, 5: 0.256, 60: 2.048} {
		if got := granule(d, 250); math.Abs(got-g) > 1e-9 {
			t.Errorf("granule of %v s: %v, want %v", d, got, g)
		}
	}
}

// A second connection's first segment has an interval, too: since the one before began.
func TestSecondConnectionMustComeInTime(t *testing.T) {
	real := append(talk(), Packet{T: 20, Dir: "c>b", Flags: "SYN", Port: 6})
	late := append(talk(), Packet{T: 25, Dir: "c>b", Flags: "SYN", Port: 6})
	if m := compareSide(Client, real, late, 250); m.Same != 7 || m.First == "" {
		t.Errorf("%+v", m)
	}
}
