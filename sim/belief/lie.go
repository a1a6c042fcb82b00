package belief

import (
	"time"

	"halfopen/netmodel"
)

// Blink is how long a disagreement over an open path may last without being a lie: it is the time
// that word of an end needs to arrive, generously. Disagreements on a path that is closed count
// from their first nanosecond.
const Blink = 250 * time.Millisecond

// Lie is how long the parts of a connection believed what was not so.
type Lie struct {
	Total time.Duration
	Spans Set // when at least one of the four believers was wrong
	// Lanes holds each believer's own share; Path's is empty.
	Lanes [NumLanes]Set
}

// A connection is one pair of sockets and the times in which it was whole.
type connection struct {
	client, broker netmodel.SocketID
	whole          Set // both ends are synchronized, and segments can pass both ways
	open           Set // segments can pass both ways
}

// Lie measures it. The definition:
//
//   - A connection is whole while both its sockets are in SYN_RECEIVED or ESTABLISHED, and its path
//     passes segments in both directions: no cut, no host down, no router that rejects, no mapping
//     forgotten, no address changed under it.
//   - A believer (client app, client TCP, broker TCP, broker session) believes in a connection
//     while its span about that connection is Up.
//   - It is wrong while it believes in a connection that is not whole. So a side is wrong from the
//     cut on, not from the moment at which it could have known; and a side that holds on to a
//     connection that the other has given up is wrong even when the path is whole again.
//   - The lie is the union of the four believers' wrong times, without those pieces, of at most
//     Blink, during which the path was open from beginning to end: there word was on its way.
func (l *Lanes) Lie() Lie {
	var lie Lie
	var open Set
	for lane := range lie.Lanes {
		if Lane(lane) == Path {
			continue
		}
		for _, c := range l.conns {
			believed := l.believed(Lane(lane), c)
			lie.Lanes[lane] = lie.Lanes[lane].Union(believed.Minus(c.whole))
			open = open.Union(believed.Intersect(c.open))
		}
	}
	var all Set
	for _, s := range lie.Lanes {
		all = all.Union(s)
	}
	for _, piece := range all {
		one := Set{piece}
		if piece.Length() > Blink || one.Minus(open).Total() > 0 {
			lie.Spans = append(lie.Spans, piece)
		}
	}
	for lane := range lie.Lanes {
		lie.Lanes[lane] = lie.Lanes[lane].Intersect(lie.Spans)
	}
	lie.Total = lie.Spans.Total()
	return lie
}

// believed is when a lane believed in connection c.
func (l *Lanes) believed(lane Lane, c connection) Set {
	end := c.client
	if lane == BrokerTCP || lane == BrokerSession {
		end = c.broker
	}
	var s Set
	for _, sp := range l.Lane[lane] {
		if sp.Up && sp.Socket == end && end != 0 {
			s = append(s, Interval{sp.Begin, sp.End})
		}
	}
	return s
}
