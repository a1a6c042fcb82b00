package render

import (
	"math"
	"sort"
	"time"

	"halfopen/netmodel"
)

// How long Auto may take for a run, and for one silence within it.
const (
	autoLeast   = 20 * time.Second
	autoMost    = 90 * time.Second
	autoSilence = 3 * time.Second
)

// pace maps virtual time to the watcher's time for the speed Auto: piecewise linear and increasing,
// with a corner at each beat. A gap of length d before a beat takes time in proportion to log(1+d):
// a flight of 10 ms more than half a second, a minute of silence not quite three, so that neither
// is missed and the longer one still looks longer. What only repeats gets less of it: thirty SYNs
// into a cut are understood after the third.
type pace struct {
	at   []netmodel.Time // corners: 0, the events, the end
	seen []time.Duration // the watcher's time at each
}

// findPace works out the watcher's time.
func (ix *Index) findPace() { ix.pace = newPace(ix.beats(), ix.tr.Length) }

func newPace(beats []beat, length netmodel.Time) pace {
	p := pace{at: []netmodel.Time{0}}
	var news []float64
	for _, b := range beats {
		if b.at > 0 && b.at < length {
			p.at, news = append(p.at, b.at), append(news, b.news)
		}
	}
	p.at, news = append(p.at, max(length, 1)), append(news, 1)
	weights := make([]float64, len(p.at)-1)
	for i := range weights {
		ms := p.at[i+1].Sub(p.at[i]).Seconds() * 1000
		weights[i] = 0.6 * news[i] * math.Log10(1+ms)
	}
	k := scale(weights)
	p.seen = make([]time.Duration, len(p.at))
	for i, w := range weights {
		p.seen[i+1] = p.seen[i] + shown(w, k) + 1 // strictly increasing
	}
	return p
}

// shown is the watcher's time for a gap of weight w under the factor k.
func shown(w, k float64) time.Duration {
	return min(time.Duration(w*k*1e9), autoSilence-1)
}

// scale finds the factor that brings the sum of all gaps between autoLeast and autoMost: 1 if they
// are already. A run with too few events to fill 20 seconds with silences of 3 stays shorter.
func scale(weights []float64) float64 {
	sum := func(k float64) (d time.Duration) {
		for _, w := range weights {
			d += shown(w, k)
		}
		return d
	}
	var goal time.Duration
	switch total := sum(1); {
	case total < autoLeast:
		goal = autoLeast + time.Second
	case total > autoMost:
		goal = autoMost - 15*time.Second
	default:
		return 1
	}
	lo, hi := 0.0, 1000.0
	for range 60 {
		if mid := (lo + hi) / 2; sum(mid) < goal {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// total is how long Auto takes for the whole run.
func (p *pace) total() time.Duration { return p.seen[len(p.seen)-1] }

// real is the watcher's time at an instant.
func (p *pace) real(t netmodel.Time) time.Duration {
	i := p.leg(t)
	f := float64(t-p.at[i]) / float64(p.at[i+1]-p.at[i])
	return p.seen[i] + time.Duration(f*float64(p.seen[i+1]-p.seen[i]))
}

// virtual is the inverse of real.
func (p *pace) virtual(d time.Duration) netmodel.Time {
	if d >= p.total() {
		return p.at[len(p.at)-1]
	}
	i := sort.Search(len(p.seen), func(i int) bool { return p.seen[i] > d }) - 1
	i = min(max(i, 0), len(p.at)-2)
	f := float64(d-p.seen[i]) / float64(p.seen[i+1]-p.seen[i])
	return p.at[i] + netmodel.Time(math.Ceil(f*float64(p.at[i+1]-p.at[i])))
}

// rate is the virtual time per second of the watcher's, just after an instant.
func (p *pace) rate(t netmodel.Time) time.Duration {
	i := p.leg(t)
	r := float64(p.at[i+1]-p.at[i]) / float64(p.seen[i+1]-p.seen[i])
	return time.Duration(r * 1e9)
}

// leg is the index of the last corner at or before t that is not the end.
func (p *pace) leg(t netmodel.Time) int {
	i := sort.Search(len(p.at), func(i int) bool { return p.at[i] > t }) - 1
	return min(max(i, 0), len(p.at)-2)
}

// Before is the instant from which playing at the speed Auto takes a time of the watcher's to reach
// another one; 0 if the run is not that long.
func (ix *Index) Before(at netmodel.Time, real time.Duration) netmodel.Time {
	return ix.pace.virtual(max(ix.pace.real(at)-real, 0))
}
