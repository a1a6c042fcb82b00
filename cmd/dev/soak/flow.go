package soak

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"halfopen/netmodel"
)

// Flow is a case of netmodel alone.
type Flow struct {
	Seed   uint64
	Link   netmodel.Conditions
	Faults []Trouble
	Conns  []Traffic
	Heal   time.Duration // when everything is repaired
}

// Trouble is a fault of a case.
type Trouble struct {
	At, For time.Duration
	Kind    netmodel.FaultKind
	OneWay  int // 0: both directions, 1: from the client, 2: from the server
	With    netmodel.Conditions
}

// Traffic is what the two programs of a connection do.
type Traffic struct {
	Dial   time.Duration
	Writes [2][]Write       // by side: client, server
	Close  [2]time.Duration // 0: stays open
}

// Write is one call.
type Write struct {
	At time.Duration
	N  int
}

// NewFlow draws a case from a seed.
func NewFlow(seed uint64) *Flow {
	r := rand.New(rand.NewPCG(seed, 0x50a1))
	f := &Flow{Seed: seed, Heal: time.Duration(20+r.IntN(200)) * time.Second}
	f.Link = conditions(r)
	f.Link.Latency = time.Duration(1+r.IntN(200)) * time.Millisecond
	for range r.IntN(6) {
		f.Faults = append(f.Faults, trouble(r, f.Heal))
	}
	for range 1 + r.IntN(4) {
		f.Conns = append(f.Conns, traffic(r, f.Heal))
	}
	return f
}

// conditions are good with some chance, and otherwise wildly bad: a swarm finds more than an
// average.
func conditions(r *rand.Rand) netmodel.Conditions {
	var c netmodel.Conditions
	part := func(limit int) netmodel.PPM { return netmodel.PPM(r.IntN(limit)) }
	if r.IntN(2) == 0 {
		c.Loss = part(300_000)
	}
	if r.IntN(3) == 0 {
		c.Duplicate = part(200_000)
	}
	if r.IntN(3) == 0 {
		c.Corrupt = part(50_000)
	}
	if r.IntN(3) == 0 {
		c.Jitter, c.Reorder = time.Duration(r.IntN(300))*time.Millisecond, r.IntN(2) == 0
	}
	if r.IntN(4) == 0 {
		c.Rate, c.Queue = int64(8_000+r.IntN(1_000_000)), 3000+r.IntN(100_000)
	}
	return c
}

func trouble(r *rand.Rand, heal time.Duration) Trouble {
	kinds := [...]netmodel.FaultKind{netmodel.FaultCut, netmodel.FaultCut, netmodel.FaultReset,
		netmodel.FaultUnreachable, netmodel.FaultConditions, netmodel.FaultConditions,
		netmodel.FaultInterfaceDown}
	t := Trouble{Kind: kinds[r.IntN(len(kinds))], At: time.Duration(r.Int64N(int64(heal))),
		OneWay: r.IntN(3)}
	t.For = time.Duration(r.Int64N(int64(heal-t.At)) + 1)
	if t.Kind == netmodel.FaultConditions {
		t.With = conditions(r)
		t.With.Latency = time.Duration(r.IntN(500)) * time.Millisecond
	}
	return t
}

func traffic(r *rand.Rand, heal time.Duration) Traffic {
	t := Traffic{Dial: time.Duration(r.Int64N(int64(heal) / 2))}
	for s := range t.Writes {
		at := t.Dial
		for range r.IntN(12) {
			at += time.Duration(r.Int64N(int64(heal) / 6))
			n := 1 + r.IntN(200)
			if r.IntN(6) == 0 {
				n = r.IntN(100_000) + 1
			}
			t.Writes[s] = append(t.Writes[s], Write{at, n})
		}
		if r.IntN(3) == 0 {
			t.Close[s] = at + time.Duration(r.Int64N(int64(heal)))
		}
	}
	return t
}

// String shows a case as a scenario: the network as statements, and what the two plain programs do
// as comments, because a scenario's programs speak MQTT.
func (f *Flow) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# go run ./cmd/dev soak --flow %d\nseed %d\nrun  %v\nhost client\nhost server\n",
		f.Seed, f.Seed, f.Heal)
	fmt.Fprintf(&b, "link client server%s\n", conditionText(f.Link))
	for _, t := range f.Faults {
		fmt.Fprintf(&b, "at %v %s for %v\n", t.At, t.text(), t.For)
	}
	for i, c := range f.Conns {
		fmt.Fprintf(&b, "# connection %d: dial at %v\n", i+1, c.Dial)
		for s, who := range [...]string{"client", "server"} {
			for _, w := range c.Writes[s] {
				fmt.Fprintf(&b, "#   at %v %s writes %d bytes\n", w.At, who, w.N)
			}
			if c.Close[s] > 0 {
				fmt.Fprintf(&b, "#   at %v %s closes\n", c.Close[s], who)
			}
		}
	}
	return b.String()
}

func (t Trouble) text() string {
	verb := map[netmodel.FaultKind]string{netmodel.FaultCut: "cut", netmodel.FaultReset: "reset",
		netmodel.FaultUnreachable: "unreachable", netmodel.FaultConditions: "conditions"}[t.Kind]
	if t.Kind == netmodel.FaultInterfaceDown {
		return "interface-down client"
	}
	ends := [...]string{"client server", "client > server", "server > client"}[t.OneWay]
	return verb + " " + ends + conditionText(t.With)
}

func conditionText(c netmodel.Conditions) string {
	var b strings.Builder
	percent := func(name string, p netmodel.PPM) {
		if p > 0 {
			fmt.Fprintf(&b, " %s=%d.%04d%%", name, p/10_000, p%10_000)
		}
	}
	if c.Latency > 0 {
		fmt.Fprintf(&b, " latency=%v", c.Latency)
	}
	if c.Jitter > 0 {
		fmt.Fprintf(&b, " jitter=%v", c.Jitter)
	}
	if c.Reorder {
		b.WriteString(" reorder=on")
	}
	percent("loss", c.Loss)
	percent("duplicate", c.Duplicate)
	percent("corrupt", c.Corrupt)
	if c.Rate > 0 {
		fmt.Fprintf(&b, " rate=%d queue=%d", c.Rate, c.Queue)
	}
	return b.String()
}
