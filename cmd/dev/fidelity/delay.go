package fidelity

import (
	"slices"
	"time"

	"halfopen/netmodel"
)

// This file is the program that holds every packet of the testbed for ten milliseconds. On a busy
// machine it is late now and then, and what an endpoint takes for the round-trip time follows.

// oneWay is the delay that the captures show, or the setting: not the median, because in a bulk
// transfer most packets also wait for those before them (see rate).
func (r *Run) oneWay() time.Duration {
	var d []float64
	for _, s := range []Side{Client, Broker} {
		for i := range r.At[s] {
			if p := &r.At[s][i]; p.out(s) && p.Arr != nil {
				d = append(d, *p.Arr-p.T)
			}
		}
	}
	if len(d) == 0 {
		return time.Duration(r.Meta.OneWayUS * 1e3)
	}
	slices.Sort(d)
	return time.Duration(d[len(d)/10]*1e9) - wireDelay
}

// A segment of an Ethernet's MSS or nearly so, the packet that it makes, and how long after its
// predecessor it still belongs to the same train.
const (
	fullSegment = 1400
	fullPacket  = 1500
	train       = 200e-6
)

// rate is how fast the testbed passes packets on, in bits a second: the program that delays them
// takes a few microseconds for each, and meanwhile the receiver reads. It is the median interval
// between full segments that arrive in a train; 0, if there are none, is unlimited.
func (r *Run) rate() int64 {
	var gaps []float64
	for _, s := range []Side{Client, Broker} {
		var last *Packet
		for i := range r.At[s] {
			p := &r.At[s][i]
			if p.out(s) || p.Len < fullSegment {
				continue
			}
			if last != nil && p.T-last.T < train {
				gaps = append(gaps, p.T-last.T)
			}
			last = p
		}
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	return int64(fullPacket * 8 / max(gaps[len(gaps)/2], 1e-6))
}

// delay makes the router hold what comes from a side for the run's delay, and extra.
func (rp *replay) delay(from Side, extra time.Duration) {
	c := netmodel.Conditions{Latency: rp.run.oneWay() + extra, Rate: rp.run.rate()}
	rp.links[1-from].SetConditions(rp.net.Now(), rp.router, c)
}

// late is from when on packets from a side were held for longer than usual.
type late struct {
	at    float64
	from  Side
	extra time.Duration
}

// A packet is late if it was held noticeably longer; bulk transfers wait for their own.
const noticeable = 2 * time.Millisecond

// lateness are the changes of the delay that the captures show: from just before a packet left that
// was late, until just before the next one that was not.
func (r *Run) lateness(usual time.Duration) []late {
	var out []late
	for _, s := range []Side{Client, Broker} {
		var now time.Duration
		for i := range r.At[s] {
			p := &r.At[s][i]
			if !p.out(s) || p.Arr == nil {
				continue
			}
			extra := time.Duration((*p.Arr-p.T)*1e9) - wireDelay - usual
			if extra < noticeable {
				extra = 0
			}
			if extra != now {
				now = extra
				out = append(out, late{p.T - before, s, extra})
			}
		}
	}
	return out
}

// before is how long before a packet's own time its delay begins to count: the model is early by a
// little at times, and a change must not touch the packet in front.
const before = 0.0005
