package fidelity

import (
	"slices"

	"halfopen/sim"
)

// course says of each write of the Go client whether it cost nothing, as far as the capture tells:
// paho looks every checkEvery seconds whether its last write, or its unanswered PINGREQ, is long
// enough ago, and a write that took no time meets the look that comes at exactly that time. Which
// look it was, the next PINGREQ or the report of the loss shows (see sim's DESIGN, "Zero-cost time
// lies").
func (r *Run) course() []sim.Cost {
	var writes []clientWrite
	for _, c := range planOf(r).conns {
		writes = append(writes, c.clientWrites(r)...)
	}
	slices.SortStableFunc(writes, func(a, b clientWrite) int { return compare(a.at, b.at) })
	var out []sim.Cost
	for i, w := range writes {
		limit, seen := r.Meta.Parameters.Keepalive, never
		if i+1 < len(writes) && writes[i+1].port == w.port && writes[i+1].ping {
			seen = writes[i+1].at
		}
		if lost := r.lostAfter(w.at); w.ping && lost < seen && (i+1 == len(writes) ||
			lost < writes[i+1].at) {
			limit, seen = pingTimeout, lost
		}
		cost := sim.CostBySeed
		if seen < never {
			cost = sim.CostSomething
			if seen-w.at < limit+r.checkEvery()/2 {
				cost = sim.CostNothing
			}
		}
		out = append(out, cost)
	}
	return out
}

// pingTimeout is paho's default, in seconds.
const pingTimeout = 10.0

// checkEvery is how often paho looks, in seconds: every quarter of the keepalive, or every 5 s if
// that is above 10 s.
func (r *Run) checkEvery() float64 {
	if k := r.Meta.Parameters.Keepalive / 4; k <= 10 {
		return k
	}
	return 5
}

// clientWrite is a packet that the client wrote, CONNECT excepted.
type clientWrite struct {
	at   float64
	port int
	ping bool
}

func (c *connPlan) clientWrites(r *Run) []clientWrite {
	var out []clientWrite
	for _, ch := range c.firsts(r, Client) {
		for _, kind := range ch.pkt.MQTT {
			if kind != "CONNECT" {
				out = append(out, clientWrite{ch.at, int(c.port), kind == "PINGREQ"})
			}
		}
	}
	return out
}

// lostAfter is when the client next reported the loss of its connection for want of a PINGRESP.
func (r *Run) lostAfter(t float64) float64 {
	for _, l := range r.by("client") {
		if l.T > t && pingLost.MatchString(l.Text) {
			return l.T
		}
	}
	return never
}
