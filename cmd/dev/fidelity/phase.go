package fidelity

import (
	"math"
	"time"
)

// This file finds the phase of the kernel's ticks in a capture. The timer wheel fires a timer at
// the end of its slot (kernel/time/timer.c); slots begin at multiples of the tick counter, which
// was counting long before the run. So the times of retransmissions tell what the counter was, as
// far as the coarsest of them goes.

// phase says that slots of the length of modulus, and of all finer ones, end at instants t of the
// capture with t mod modulus = offset. A modulus of 0: unknown.
type phase struct{ offset, modulus float64 }

// firing is a retransmission by timer, with the length of the slot that its timer was in.
type firing struct{ t, slot float64 }

const (
	// A packet leaves a little after its tick; one timer in seven is a tick late; clocks drift.
	earliest, soonest, latest = -0.0015, 0.0015, 0.006
	// believable is the part of the firings that must agree.
	believable = 0.7
)

// phase finds the phase that most firings agree with.
func (r *Run) phase() phase {
	all := r.firings()
	coarsest := 0.0
	for _, f := range all {
		coarsest = max(coarsest, f.slot)
	}
	best, top := phase{}, 0.0
	tick := 1 / float64(r.Meta.HZ())
	for _, f := range all {
		if f.slot < coarsest {
			continue
		}
		for _, late := range []float64{0, tick} {
			p := phase{rest(f.t-late, coarsest), coarsest}
			if score := p.score(all); score > top {
				best, top = p, score
			}
		}
	}
	if top < believable*float64(len(all)) {
		return phase{}
	}
	return best
}

// score counts the firings that agree with the phase; those in time count a little more.
func (p phase) score(all []firing) float64 {
	score := 0.0
	for _, f := range all {
		switch d := rest(f.t-p.offset-earliest, f.slot) + earliest; {
		case d < soonest:
			score += 1.01
		case d < latest:
			score++
		}
	}
	return score
}

func rest(x, m float64) float64 { return x - m*math.Floor(x/m) }

// firings are the retransmissions that a timer of some length began.
func (r *Run) firings() []firing {
	// Timers fire late, so a nominal time was a little shorter than what was seen.
	const shortest, nominal = 0.15, 0.97
	var out []firing
	for _, s := range []Side{Client, Broker} {
		sent := map[string]float64{}
		for i := range r.At[s] {
			p := &r.At[s][i]
			if !p.out(s) || p.FromRouter || !telling(p) || p.has("RST") || p.Flags == "SYN,ACK" {
				continue
			}
			k := p.key()
			if before, ok := sent[k]; ok && p.T-before > shortest {
				out = append(out, firing{p.T, granule(nominal*(p.T-before), r.Meta.HZ())})
			}
			sent[k] = p.T
		}
	}
	return out
}

// uptime is a machine's uptime at an instant of the capture's clock that fits the phase; which of
// many, the seed says. 0 is unknown.
func (r *Run) uptime(t float64, seed uint64) time.Duration {
	p := r.phase()
	if p.modulus == 0 {
		return 0
	}
	slots := 1 + seed*2654435761%(1<<20)
	return time.Duration((rest(t-p.offset, p.modulus) + float64(slots)*p.modulus) * 1e9)
}
