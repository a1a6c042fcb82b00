package render

import (
	"slices"
	"sort"
	"sync"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Index is what pictures of a trace need, computed once in O(n log n), so that a picture costs
// O(log n) and what is visible. It is not changed afterwards but for a cache: any number of
// views may share it.
type Index struct {
	tr   *trace.Trace
	rest func() // called between pieces of the work: see Prepare

	flights []flight // by time of sending
	air     tree     // over flights: from sending to arrival or death
	lost    []int32  // flights that died, by time of death
	died    []netmodel.Time
	sentAt  []netmodel.Time // when segments were put on links, ascending
	conns   map[flow]*conn

	clients []string
	number  map[string]int // of each client, by name
	moods   []mood         // of each client
	lives   []life         // of each socket
	sockets []hostSockets  // of each host
	timers  []timer        // by begin
	ticking tree           // over timers
	world   world

	mu      sync.Mutex        // for what follows, which is worked out when first asked for
	beliefs []*beliefs        // of each client
	axes    map[axisKey]*axis // of the ladder, built when first asked for

	steps     []netmodel.Time // instants at which something visible happens, ascending
	decisions []netmodel.Time
	moments   []moment // by time
	pace      pace
}

// NewIndex computes the index of a trace. The trace must not change any more.
func NewIndex(tr *trace.Trace) *Index { return newIndex(tr, func() {}) }

func newIndex(tr *trace.Trace, rest func()) *Index {
	ix := &Index{tr: tr, rest: rest}
	for _, find := range []func(){ix.findFlights, ix.findLives, ix.findWorld, ix.findClients,
		ix.findTimers, ix.findSteps, ix.findMoments, ix.findPace} {
		find()
		rest()
	}
	return ix
}

// Trace returns what the index is about.
func (ix *Index) Trace() *trace.Trace { return ix.tr }

// Length is when the run ended.
func (ix *Index) Length() netmodel.Time { return ix.tr.Length }

// findSteps collects the instants for Player.NextEvent and NextDecision.
func (ix *Index) findSteps() {
	for _, ev := range ix.events {
		if ev.At > ix.tr.Length {
			continue
		}
		if ix.inside(ev) {
			continue
		}
		if visible(ev) {
			ix.steps = append(ix.steps, ev.At)
		}
		if decision(ev) {
			ix.decisions = append(ix.decisions, ev.At)
		}
	}
	for _, t := range ix.died { // a loss is decided as a segment is sent, and seen where it dies
		if t <= ix.tr.Length {
			ix.steps = append(ix.steps, t)
		}
	}
	ix.steps = instants(ix.steps)
	ix.decisions = instants(ix.decisions)
}

// inside reports whether an event is about a connection within one host, or of a client that runs
// beside its broker.
func (ix *Index) inside(ev *trace.Event) bool {
	if ev.Socket > 0 && int(ev.Socket) <= len(ix.tr.Sockets) && ev.Kind < trace.FirstApp {
		s := ix.tr.Socket(ev.Socket)
		return s.Remote.Addr != 0 && !ix.remote(ev.Socket)
	}
	return ix.beside(ev)
}

// instants sorts and removes what is double. Events are recorded in the order of time but for
// those of applications, which the driver writes down when an instant is over.
func instants(ts []netmodel.Time) []netmodel.Time {
	slices.Sort(ts)
	return slices.Compact(ts)
}

// visible reports whether an event changes the picture in a way worth a step.
func visible(ev *trace.Event) bool {
	switch ev.Kind {
	case netmodel.SegmentSent, netmodel.SegmentArrived, netmodel.SegmentDropped:
		return ev.Link != 0
	case netmodel.TimerFired, netmodel.FaultBegan, netmodel.FaultEnded, netmodel.SocketError,
		netmodel.MappingForgotten:
		return true
	}
	return ev.Kind > trace.Setting && ev.Kind != trace.Wrote && ev.Kind != trace.End &&
		ev.Kind != trace.ExpectationMet && ev.Kind != trace.ExpectationFailed
}

// decision reports whether somebody made up their mind: a timer fired, a belief changed, a fault
// began or ended.
func decision(ev *trace.Event) bool {
	switch ev.Kind {
	case netmodel.TimerFired:
		return ev.Timer != netmodel.TimerDelayedAck
	case netmodel.FaultBegan, netmodel.FaultEnded, netmodel.SocketError, netmodel.MappingForgotten,
		trace.ClientConnected, trace.ClientRefused, trace.ClientLost, trace.ClientReconnecting,
		trace.BrokerSession, trace.BrokerTakeover, trace.BrokerDisconnect, trace.BrokerExpired,
		trace.BrokerStopped, trace.ClientStopped, trace.DialFailed:
		return true
	}
	return false
}

// after is the first of the instants later than t, and end if there is none before it.
func after(ts []netmodel.Time, t, end netmodel.Time) netmodel.Time {
	i := sort.Search(len(ts), func(i int) bool { return ts[i] > t })
	if i == len(ts) || ts[i] > end {
		return end
	}
	return ts[i]
}

// before is the last of the instants earlier than t, and 0 if there is none.
func before(ts []netmodel.Time, t netmodel.Time) netmodel.Time {
	i := sort.Search(len(ts), func(i int) bool { return ts[i] >= t })
	if i == 0 {
		return 0
	}
	return ts[i-1]
}
