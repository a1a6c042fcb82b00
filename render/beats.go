package render

import (
	"cmp"
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// beat is an instant at which Auto slows down.
type beat struct {
	at   netmodel.Time
	news float64 // 1: seen for the first time; less for what only repeats
}

// leastNews is what is left of a beat's time to what has been repeated often.
const leastNews = 0.06

// beats are those of segments with a name and of lost ones, and of what programs and faults do.
// Bare acknowledgements and probes that are answered pass quickly.
func (ix *Index) beats() []beat {
	bs := ix.flightBeats()
	tries := map[try]int{}
	for _, ev := range ix.events {
		if ev.Kind != netmodel.TimerFired && ev.Link == 0 && visible(ev) && !ix.inside(ev) ||
			ev.Kind == netmodel.FaultBegan || ev.Kind == netmodel.FaultEnded {
			bs = append(bs, beat{ev.At, news(repeated(tries, ev))})
		}
	}
	slices.SortFunc(bs, func(a, b beat) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.news, a.news))
	})
	return slices.CompactFunc(bs, func(a, b beat) bool { return a.at == b.at })
}

// try is what a client does again and again while it gets no connection.
type try struct {
	kind  netmodel.Kind
	actor string
}

// repeated counts how often a client has tried the same before, since it was last connected.
func repeated(tries map[try]int, ev *trace.Event) int {
	switch ev.Kind {
	case trace.ClientConnecting, trace.ClientReconnecting, trace.ClientRefused, trace.DialFailed:
		k := try{ev.Kind, ev.App.Actor}
		tries[k]++
		return tries[k] - 1
	case trace.ClientConnected:
		clear(tries)
	}
	return 0
}

// news is what something is worth that has been seen before.
func news(before int) float64 { return max(1/float64(1+before), leastNews) }

// airLane is one direction of a link, and what flies there.
type airLane struct {
	link  netmodel.LinkID
	from  netmodel.HostID
	shape shape
}

// flightBeats are the beats of segments. A lost one is worth less with each of its shape that has
// died there before it; what arrives is always news, and so is the loss that follows it.
func (ix *Index) flightBeats() []beat {
	var bs []beat
	deaths := map[airLane]int{}
	for i := range ix.flights {
		f := &ix.flights[i]
		if f.link == 0 {
			continue
		}
		lane := airLane{f.link, f.from, f.shape}
		n := deaths[lane]
		if f.lost {
			deaths[lane]++
		} else {
			n = 0
			clear(deaths)
		}
		if f.text != "" || f.lost {
			bs = append(bs, beat{f.t0, news(n)}, beat{f.t1, news(n)})
		}
	}
	return bs
}
