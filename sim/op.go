package sim

import (
	"cmp"
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// An op is something that a program asked of the network, or something to put into the trace. It is
// appended where it happens, stamped with the bubble's time, and applied by the driver once the
// instant is over, in an order that does not depend on which goroutine ran first.
type op struct {
	at    netmodel.Time
	host  netmodel.HostID
	lane  int32 // the socket, or the program (negative): what one program does in order
	class opClass
	rank  uint8 // orders application events of one instant: see eventRank
	kind  opKind
	prog  *program // whose it is: held back while that is frozen
	conn  *conn
	data  []byte
	n     int    // of opWrite: how much of data, at its end, is not for the wire but what that carries
	sites uint64 // where a write came from, for telling ties
	tie   string // set if this write ties with the next one: what to tell
	event *appEvent
	fn    func(now netmodel.Time)
}

// opClass orders what one host does within one instant: reads come before programs' conclusions,
// these before what they write; what follows from having written, closing and dialing come last, in
// this order. Within a class and a lane the order of arrival stays.
type opClass uint8

const (
	classRead opClass = iota
	classEvent
	classWrite
	classWritten
	classClose
	classDial
)

type opKind uint8

const (
	opCall opKind = iota
	opEvent
	opRead
	opWrite
	opShutdown
	opClose
	opAbort
)

// appEvent is an application event on its way into the trace. fill, if set, completes it when it is
// applied: causes are events whose numbers are not known earlier. done, if set, learns its number.
type appEvent struct {
	trace.Event
	fill func(*trace.Event)
	done func(trace.ID)
}

func compareOps(a, b *op) int {
	c := cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.host, b.host), cmp.Compare(a.class, b.class),
		cmp.Compare(a.rank, b.rank), cmp.Compare(a.lane, b.lane))
	if c == 0 && a.kind == opEvent && b.kind == opEvent {
		return cmp.Compare(a.n, b.n)
	}
	return c
}

// takeOps moves the ops stamped at or before horizon from w.ops to w.batch, in order. Those stamped
// later belong to an instant that is not over yet.
func (w *World) takeOps(horizon netmodel.Time) {
	n := 0
	for n < len(w.ops) && w.ops[n].at <= horizon {
		n++
	}
	if n == 0 {
		return
	}
	from := len(w.batch)
	if from == 0 && n == len(w.ops) { // nearly always: exchange them instead
		w.batch, w.ops = w.ops, w.batch
	} else {
		w.batch = append(w.batch, w.ops[:n]...)
		rest := copy(w.ops, w.ops[n:])
		clear(w.ops[rest:])
		w.ops = w.ops[:rest]
	}
	if n > 1 {
		sortOps(w.batch[from:])
		w.findTies(w.batch[from:])
	}
}

// sortOps puts ops in order; most come in order.
func sortOps(ops []op) {
	for i := 1; i < len(ops); i++ {
		if compareOps(&ops[i-1], &ops[i]) > 0 {
			slices.SortStableFunc(ops, func(a, b op) int { return compareOps(&a, &b) })
			return
		}
	}
}

// eventRank orders the events of one instant, which paho and mochi report from several goroutines.
var eventRank = [256]uint8{
	trace.ClientLost: 1, trace.ClientReconnecting: 2, trace.ClientRefused: 1,
	trace.ClientConnecting: 3, trace.ClientConnected: 4, trace.ClientSubscribed: 5,
	trace.ClientMessage: 6, trace.ClientPublished: 7, trace.ClientPublish: 8,
	trace.BrokerReceived: 1, trace.BrokerQueued: 2, trace.BrokerDropped: 2,
}
