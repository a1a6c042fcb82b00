package netmodel

import "time"

// trackState is the state of a TCP connection as somebody in the middle sees it: the states of
// Linux' connection tracking, which are those of the end that opened, roughly.
type trackState uint8

const (
	trackNone trackState = iota
	trackSynSent
	trackSynRecv
	trackEstablished
	trackFinWait
	trackCloseWait
	trackLastAck
	trackTimeWait
	trackClose
	trackSynSent2 // both sent a SYN
)

var trackNames = [...]string{"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"}

func (s trackState) String() string { return trackNames[s] }

// The directions of a flow: that of its first packet, and the other.
const (
	original = 0
	reply    = 1
)

// mapping is a flow that the NAT knows, with what connection tracking remembers about it.
//
// Not modelled: the check that sequence numbers lie within the windows; packets outside would count
// as unknown.
type mapping struct {
	nat                     *nat
	inside, outside, remote Endpoint
	place                   int // in the NAT's list

	state   trackState
	replied bool // something came back
	doomed  bool // a RST is all that ever came back: forget it at once
	ends    [2]struct {
		end     uint32 // highest sequence number sent, plus one
		known   bool   // end is set
		unacked bool   // there is data that was not acknowledged
		acked   uint32 // highest acknowledgement sent
		hasAck  bool
	}
	last struct { // the last segment that was a plain one, to count repetitions
		dir      int
		seq, ack uint32
		end      uint32
		window   uint16
	}
	retrans int

	timer timer
	armed EventID
	made  EventID
	flow  Segment // names the flow in records
}

func (m *mapping) direction(src Endpoint) int {
	if src == m.remote {
		return reply
	}
	return original
}

// over reports whether a SYN of the opener begins a new connection.
func (m *mapping) over() bool { return m.state == trackTimeWait || m.state == trackClose }

// begin takes the flow's first segment.
func (m *mapping) begin(seg *Segment, arrived EventID) {
	m.state = trackSynSent
	if !seg.Flags.Has(SYN) {
		m.state = trackEstablished
	}
	m.note(seg, original)
	m.refresh(m.timeout(seg), arrived)
}

// track takes a further segment. It reports whether the segment belongs to the flow.
func (m *mapping) track(seg *Segment, dir int, arrived EventID) bool {
	next, verdict := m.next(seg, dir)
	switch verdict {
	case trackInvalid:
		return false
	case trackIgnore:
		return true
	}
	m.note(seg, dir)
	m.state = next
	if dir == reply && !m.replied {
		m.doomed = seg.Flags.Has(RST)
		m.replied = true
	}
	m.refresh(m.timeout(seg), arrived)
	return true
}

// note remembers the sequence numbers of a segment.
func (m *mapping) note(seg *Segment, dir int) {
	from, to := &m.ends[dir], &m.ends[1-dir]
	end := seg.Seq + seg.SeqLen()
	switch {
	case !from.known:
		from.end, from.known = end, true
	case int32(end-from.end) > 0:
		from.end, from.unacked = end, true
	}
	if seg.Flags.Has(ACK) {
		if !from.hasAck || int32(seg.Ack-from.acked) > 0 {
			from.acked, from.hasAck = seg.Ack, true
		}
		if seg.Ack == to.end {
			to.unacked = false
		}
	}
	if seg.Flags&(SYN|FIN|RST) != 0 || !seg.Flags.Has(ACK) {
		return
	}
	l := &m.last
	if l.dir == dir && l.seq == seg.Seq && l.ack == seg.Ack && l.end == end && l.window == seg.Window {
		m.retrans++
		return
	}
	l.dir, l.seq, l.ack, l.end, l.window = dir, seg.Seq, seg.Ack, end, seg.Window
	m.retrans = 0
}

// timeout is how long the mapping lives from this segment on.
func (m *mapping) timeout(seg *Segment) time.Duration {
	c := &m.nat.config
	t := &c.Timeouts
	d := [...]time.Duration{trackSynSent: t.SynSent, trackSynRecv: t.SynRecv,
		trackEstablished: t.Established, trackFinWait: t.FinWait, trackCloseWait: t.CloseWait,
		trackLastAck: t.LastAck, trackTimeWait: t.TimeWait, trackClose: t.Close,
		trackSynSent2: t.SynSent}[m.state]
	switch {
	case m.retrans >= c.RetransLimit:
		d = min(d, t.MaxRetrans)
	case seg.Flags.Has(RST):
		d = t.Close
	case m.ends[0].unacked || m.ends[1].unacked:
		d = min(d, t.Unacknowledged)
	case seg.Window == 0:
		d = min(d, t.MaxRetrans)
	}
	if !m.replied && m.state == trackEstablished {
		d = min(d, t.Unacknowledged) // picked up in the middle, and nobody answered yet
	}
	return d
}

// refresh counts in ticks of the router, as Linux does: a mapping lives up to a tick less than d.
func (m *mapping) refresh(d time.Duration, cause EventID) {
	h := m.nat.h
	n := h.net
	due := h.tickOf(h.jiffies(n.now) + h.ticks(d))
	n.arm(&m.timer, due)
	m.armed = n.record(&Record{Kind: TimerArmed, Host: h.id, Timer: TimerNAT, Due: due,
		Period: d,
		Cause:  cause, Of: m.made, Seg: &m.flow})
}

// fire forgets the flow: no packet came for too long.
func (m *mapping) fire(_ Time, t *timer) {
	n := m.nat.h.net
	fired := n.record(&Record{Kind: TimerFired, Host: m.nat.h.id, Timer: TimerNAT, Due: t.due,
		Cause: m.armed, Of: m.armed, Seg: &m.flow})
	m.nat.forget(m, fired)
	if m.nat.config.ResetOnTimeout {
		m.reset(fired)
	}
}

// reset tells both ends, each as if by the other, at the sequence number that each expects.
func (m *mapping) reset(cause EventID) {
	h := m.nat.h
	for dir, ends := range [2][2]Endpoint{{m.remote, m.inside}, {m.outside, m.remote}} {
		if end := &m.ends[dir]; end.hasAck {
			r := Segment{Src: ends[0], Dst: ends[1], Seq: end.acked, Flags: RST, TTL: defaultTTL}
			h.net.transmit(h, &r, SendRouterReset, cause, 0, 0, 0)
		}
	}
}

// verdict is what connection tracking thinks of a segment.
type verdict uint8

const (
	trackAccept  verdict = iota
	trackIgnore          // passes, changes nothing: the other end will sort it out
	trackInvalid         // cannot belong to the flow
)

// next is the state machine: from the state and a segment of one direction to the next state.
func (m *mapping) next(seg *Segment, dir int) (trackState, verdict) {
	switch f := seg.Flags; {
	case f.Has(RST):
		return m.afterReset(seg, dir)
	case f.Has(SYN | ACK):
		return m.afterSynAck(dir)
	case f.Has(SYN):
		return m.afterSyn(dir)
	case f.Has(FIN):
		return m.afterFin()
	case f.Has(ACK):
		return m.afterAck(dir)
	}
	return m.state, trackInvalid
}

// afterReset: a RST from before what the other end has acknowledged is an old one. One that is not
// exactly there may be answered by a challenge ACK, so the connection may live on (RFC 5961, 3.2).
func (m *mapping) afterReset(seg *Segment, dir int) (trackState, verdict) {
	other := &m.ends[1-dir]
	if !other.hasAck || seg.Seq == 0 && m.state != trackEstablished {
		return trackClose, trackAccept
	}
	behind := int32(seg.Seq - other.acked)
	switch {
	case behind < 0:
		return m.state, trackInvalid
	case behind == 0 || m.state != trackEstablished || seg.Seq == m.last.end && m.last.dir == dir:
		return trackClose, trackAccept
	}
	return m.state, trackAccept
}

func (m *mapping) afterSyn(dir int) (trackState, verdict) {
	switch {
	case m.state == trackSynSent && dir == original:
		return trackSynSent, trackAccept
	case m.state == trackSynSent || m.state == trackSynSent2:
		return trackSynSent2, trackAccept
	case m.state == trackTimeWait && dir == reply:
		return trackSynSent, trackAccept
	case dir == original:
		return m.state, trackIgnore
	}
	return m.state, trackInvalid
}

func (m *mapping) afterSynAck(dir int) (trackState, verdict) {
	switch {
	case m.state == trackSynSent2, m.state == trackSynSent && dir == reply,
		m.state == trackSynRecv && dir == original:
		return trackSynRecv, trackAccept
	case dir == reply:
		return m.state, trackIgnore
	}
	return m.state, trackInvalid
}

func (m *mapping) afterFin() (trackState, verdict) {
	switch m.state {
	case trackSynRecv, trackEstablished:
		return trackFinWait, trackAccept
	case trackFinWait, trackCloseWait, trackLastAck:
		return trackLastAck, trackAccept
	case trackTimeWait, trackClose:
		return m.state, trackAccept
	}
	return m.state, trackInvalid
}

func (m *mapping) afterAck(dir int) (trackState, verdict) {
	switch m.state {
	case trackSynSent, trackSynSent2:
		if dir == reply {
			return m.state, trackIgnore
		}
		return m.state, trackInvalid
	case trackSynRecv:
		if dir == original {
			return trackEstablished, trackAccept
		}
	case trackFinWait:
		return trackCloseWait, trackAccept
	case trackLastAck:
		return trackTimeWait, trackAccept
	}
	return m.state, trackAccept
}
