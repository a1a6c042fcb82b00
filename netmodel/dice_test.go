package netmodel

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestScaleCoversItsRangeEvenly(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 999, million, 1 << 32, 1<<32 + 1, 1 << 50} {
		if scale(0, n) != 0 {
			t.Errorf("scale(0, %d) = %d", n, scale(0, n))
		}
		if top := scale(1<<32-1, n); top >= n || n <= 1<<32 && top != n-1 {
			t.Errorf("the highest draw scales to %d of %d", top, n)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	var bins [10]int
	for range 100_000 {
		bins[scale(r.Uint32(), 10)]++
	}
	for i, n := range bins {
		if n < 9_600 || n > 10_400 {
			t.Errorf("bin %d of 10 has %d of 100000 draws", i, n)
		}
	}
}

// Every bit of every word is a coin, whatever the seed looks like.
func TestDiceAreFair(t *testing.T) {
	for _, name := range []string{"", "a", "b", "broker"} {
		var d dice
		d.seed(0, name)
		const words = 40_000
		var ones, same [64]int
		before := d.next()
		for range words {
			w := d.next()
			for bit := range 64 {
				ones[bit] += int(w >> bit & 1)
				same[bit] += int(^(w ^ before) >> bit & 1)
			}
			before = w
		}
		for bit := range 64 { // five standard deviations are 500
			if n := ones[bit] - words/2; n < -500 || n > 500 {
				t.Errorf("%q: bit %d is set %d times in %d", name, bit, ones[bit], words)
			}
			if n := same[bit] - words/2; n < -500 || n > 500 {
				t.Errorf("%q: bit %d repeats %d times in %d", name, bit, same[bit], words)
			}
		}
	}
}

// A stream belongs to the seed, the hosts' names and the direction; links between the same hosts
// differ.
func TestStreamsDiffer(t *testing.T) {
	first := map[throw]string{}
	for _, seed := range []uint64{1, 2} {
		n := New(Config{Seed: seed})
		a, b := n.AddHost(HostConfig{Name: "a"}), n.AddHost(HostConfig{Name: "b"})
		n.AddLink(a, b, Conditions{})
		n.AddLink(a, b, Conditions{})
		for _, d := range []*direction{a.ifaces[0], b.ifaces[0], a.ifaces[1], b.ifaces[1], a.loop,
			b.loop} {
			c := d.dice // a copy: look at the first throw without taking it
			th := c.throw()
			if other, ok := first[th]; ok {
				t.Errorf("seed %d, %s to %s: the same stream as %s", seed, d.from.name, d.to.name, other)
			}
			first[th] = d.from.name + d.to.name
		}
	}
}

// trafficAt sends three segments a second over the link for a while and ends with a throw from its
// dice: where the stream stands then tells how many draws were taken.
func trafficAt(n *Network, l *Link, from *Host, seconds int) throw {
	to := l.from(from).to
	for i := range 3 * seconds {
		n.Run(Time(i) * Time(time.Second) / 3)
		n.transmit(from, &Segment{Src: Endpoint{from.Addr(), 1}, Dst: Endpoint{to.Addr(), 2}, Flags: RST},
			SendInjected, 0, 0, 0, 0)
	}
	n.Run(sec(seconds + 1))
	c := l.from(from).dice
	return c.throw()
}

// The number of draws is fixed: whatever happens to the segments, the dice stand at the same place
// afterwards.
func TestConditionsAndFaultsDoNotChangeTheNumberOfDraws(t *testing.T) {
	burst := &Burst{GoodToBad: 300_000, BadToGood: 300_000, LossBad: million}
	stand := func(c Conditions, faults ...Fault) throw {
		n := New(Config{Seed: 5})
		a, b := n.AddHost(HostConfig{Name: "a"}), n.AddHost(HostConfig{Name: "b"})
		l := n.AddLink(a, b, c)
		for _, f := range faults {
			f.Link = l
			n.Begin(0, f)
		}
		return trafficAt(n, l, a, 10)
	}
	want := stand(Conditions{})
	all := Conditions{Latency: time.Second, Jitter: time.Second, Reorder: true, Loss: 300_000,
		Duplicate: 300_000, Corrupt: 300_000, Burst: burst, Rate: 1000, Queue: 100}
	for name, got := range map[string]throw{
		"everything": stand(all),
		"cut":        stand(Conditions{}, Fault{Kind: FaultCut}),
		"reset":      stand(Conditions{}, Fault{Kind: FaultReset}),
		"drop one":   stand(Conditions{}, Fault{Kind: FaultMatch, Count: 1}),
		"faults": stand(all, Fault{Kind: FaultConditions, Conditions: all},
			Fault{Kind: FaultUnreachable, Skip: 3}),
	} {
		if got != want {
			t.Errorf("%s: the dice stand elsewhere than on a perfect link", name)
		}
	}
}

// What a plain link takes from its dice is the first word of a throw, and it leaves them as a throw
// does: a fault that comes and goes changes nothing.
func TestShiftIsAThrow(t *testing.T) {
	var a, b dice
	a.seed(7, "x", "y")
	b = a
	for i := range 1000 {
		if shift, whole := a.shift(), b.throw(); shift != whole.shift || a != b {
			t.Fatalf("after %d: shift %d and %+v, throw %d and %+v", i, shift, a, whole.shift, b)
		}
	}
}
