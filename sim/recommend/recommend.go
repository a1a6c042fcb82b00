package recommend

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"halfopen/netmodel"
)

// Priority is what matters most once all wishes are met.
type Priority string

// The priorities.
const (
	Battery Priority = "battery" // as few pings as possible
	Data    Priority = "data"    // the same: pings are all the traffic that a keepalive makes
	Latency Priority = "latency" // notice as early as is reasonable
)

// Wishes are what a keepalive has to satisfy. The zero value of a field is no wish.
type Wishes struct {
	NATs      []NAT              // all of them: what is on the way, or the parts of a mix
	Places    []*netmodel.Preset // brokers, clouds and carriers with limits of their own
	Client    *netmodel.Preset   // the client library; nil: paho.mqtt.golang
	Silence   time.Duration      // the client must notice a dead line within it
	PerHour   int                // at most so many radio accesses an hour by pings
	Priority  Priority           // empty: Battery
	MayLose   bool               // messages during an outage may be lost
	KeepAlive time.Duration      // TCP keepalive of the device; 0: off, as most devices have it
}

// Bound is a wish as a limit on the keepalive in seconds.
type Bound struct {
	Wish   string // in a few words, for "give up ..."
	Least  int    // 0: none
	Most   int    // 0: none; below 0: no keepalive at all satisfies it
	Why    string // a clause with its number
	Detail string // what else there is to it; may be empty
	Source string
}

// mostKeepalive is the largest that MQTT can say (MQTT 3.1.1, 3.1.2.10).
const mostKeepalive = 65535

// leastKeepalive is the lowest that mochi does not warn of (clients.go, minimumKeepalive). paho
// looks every keepalive/4, so half of the broker's patience beyond the keepalive may be gone before
// the ping leaves: with 1 s the rest is a round-trip time of the mobile network.
const leastKeepalive = 5

// Bounds turns wishes into limits.
func (w *Wishes) Bounds(n Notice) []Bound {
	out := []Bound{{Wish: "MQTT's own range", Least: 1, Most: mostKeepalive,
		Why: "MQTT counts the keepalive in 16 bits of seconds", Source: "MQTT 3.1.1, 3.1.2.10"},
		{Wish: "a broker that keeps live clients", Least: leastKeepalive, Source: "mochi clients.go",
			Why: "brokers give 1.5 times the keepalive",
			Detail: fmt.Sprintf("below %d s a ping that is a little late, or a slow path, uses that up",
				leastKeepalive)}}
	for _, nat := range w.AllNATs() {
		if w.KeepAlive == 0 || w.KeepAlive*100 >= nat.Timeout*natMargin {
			out = append(out, nat.bound(n)) // else TCP keepalive holds the mapping by itself
		}
	}
	for _, p := range w.Places {
		out = append(out, w.placeBounds(p, n)...)
	}
	if w.Silence > 0 {
		out = append(out, Bound{Wish: fmt.Sprintf("noticing within %s", text(w.Silence)),
			Most:   largest(func(k int) bool { return n.Latest(k) <= w.Silence }),
			Source: "your wish",
			Why:    text(w.Silence) + " is the longest silence allowed"})
	}
	if w.PerHour > 0 {
		out = append(out, w.accesses(w.PerHour, n, Bound{Source: "your wish",
			Wish: fmt.Sprintf("at most %d radio accesses an hour", w.PerHour)}))
	}
	return out
}

// accesses limits how often pings may wake the radio.
func (w *Wishes) accesses(perHour int, n Notice, b Bound) Bound {
	apart := time.Hour / time.Duration(perHour)
	b.Why = fmt.Sprintf("%d radio accesses an hour are one in %s", perHour, text(apart))
	if w.KeepAlive > 0 && w.KeepAlive < apart {
		b.Most = -1
		b.Why += fmt.Sprintf(", and TCP keepalive alone is one in %s", text(w.KeepAlive))
		return b
	}
	b.Least = smallest(func(k int) bool { return n.Interval(k) >= apart })
	if b.Least == 0 {
		b.Most = -1
		b.Why += fmt.Sprintf(", and the client pings each %s whatever the keepalive",
			text(n.Interval(mostKeepalive)))
	}
	return b
}

// largest is the largest keepalive that will do; -1 if none does.
func largest(will func(k int) bool) int {
	for k := mostKeepalive; k > 0; k-- {
		if will(k) {
			return k
		}
	}
	return -1
}

// smallest is the smallest keepalive that will do; 0 if none does.
func smallest(will func(k int) bool) int {
	for k := 1; k <= mostKeepalive; k++ {
		if will(k) {
			return k
		}
	}
	return 0
}

// interval is what satisfies all bounds: empty if least > most.
func interval(bounds []Bound) (least, most int) {
	least, most = 1, mostKeepalive
	for _, b := range bounds {
		least = max(least, b.Least)
		if b.Most != 0 {
			most = min(most, b.Most)
		}
	}
	return least, most
}

// sensible is the shortest keepalive that is recommended to somebody who wants to notice early:
// with shorter ones most of the traffic of a quiet device is pings.
const sensible = 30

// choose picks from an interval: the longest, in round numbers, or for Latency the shortest
// sensible.
func choose(least, most int, p Priority) int {
	if p == Latency {
		most = min(most, max(least, sensible))
	}
	return max(least, roundDown(most))
}

// roundDown makes a number of seconds that people would say.
func roundDown(k int) int {
	step := 1
	switch {
	case k >= 7200:
		step = 600
	case k >= 600:
		step = 60
	case k >= 60:
		step = 10
	case k >= 10:
		step = 5
	}
	return k / step * step
}

// binding are the bounds that stop a better choice, the tightest first, without MQTT's own.
func binding(bounds []Bound, p Priority) []Bound {
	var out []Bound
	for _, b := range bounds[1:] {
		if p == Latency && b.Least > sensible || p != Latency && b.Most > 0 && b.Most < mostKeepalive {
			out = append(out, b)
		}
	}
	if p == Latency && len(out) == 0 { // then only what ends below the floor matters
		for _, b := range bounds[1:] {
			if b.Most > 0 && b.Most < sensible {
				out = append(out, b)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Bound) int {
		if a.Least != b.Least {
			return cmp.Compare(b.Least, a.Least)
		}
		return cmp.Compare(a.Most, b.Most)
	})
	return out
}

// text writes a duration in seconds up to ten minutes, else as Go does without zeros.
func text(d time.Duration) string {
	switch {
	case d < 10*time.Minute || d%time.Minute != 0:
		return fmt.Sprintf("%g s", d.Seconds())
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}
