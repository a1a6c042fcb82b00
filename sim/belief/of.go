package belief

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Clients returns the names of the MQTT clients of a run, in the order in which they first appear.
func Clients(tr *trace.Trace) []string {
	var names []string
	seen := make(map[string]bool)
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch ev.Kind {
		case trace.ClientConnecting, trace.ClientConnected, trace.ClientRefused, trace.ClientLost:
			if ev.App != nil && !seen[ev.App.Actor] {
				seen[ev.App.Actor] = true
				names = append(names, ev.App.Actor)
			}
		}
	}
	return names
}

// Main is the client that a run is about when nobody says: the first that calls over a link. A feed
// beside the broker is not it. A run in which nobody does gives its first client, or nothing.
func Main(tr *trace.Trace) string {
	names := Clients(tr)
	if far := Far(tr); len(far) > 0 {
		return far[0]
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// Far returns the clients that call over a link, in the order of their first calls.
func Far(tr *trace.Trace) []string {
	names := Clients(tr)
	var far []string
	known := make(map[string]bool)
	for _, n := range names {
		known[n] = true
	}
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind != trace.DialStarted || !known[ev.App.Actor] {
			continue
		}
		s := tr.Socket(ev.Socket)
		if h := tr.Host(ev.Host); s != nil && h != nil && s.Remote.Addr != h.Addr &&
			!s.Remote.Addr.IsLoopback() {
			far = append(far, ev.App.Actor)
			known[ev.App.Actor] = false
		}
	}
	return far
}

// Of computes the lanes of a client: its name, or empty for the run's Main client. A client
// that the run does not have gives five lanes of nothing.
func Of(tr *trace.Trace, client string) Lanes {
	if client == "" {
		client = Main(tr)
	}
	b := newBuilder(tr, client)
	for i := range tr.Events {
		b.event(&tr.Events[i], trace.ID(i+1))
	}
	return b.finish()
}

// builder walks once over the events of a run.
type builder struct {
	tr      *trace.Trace
	client  string
	ids     map[string]bool // the MQTT client ids that the client's connections used
	mine    map[netmodel.SocketID]*end
	ends    []*end // in order of opening, the client's and the broker's
	lane    [NumLanes]track
	path    pathTracker
	session sessionTracker
}

// end is one end of one of the client's connections.
type end struct {
	id, peer    netmodel.SocketID
	broker      bool
	state       netmodel.State
	retrying    bool
	acked       uint32 // everything before it is acknowledged
	live        Set    // in SYN_RECEIVED or ESTABLISHED
	liveSince   netmodel.Time
	born        netmodel.Time
	established bool
}

func newBuilder(tr *trace.Trace, client string) *builder {
	b := &builder{tr: tr, client: client, ids: make(map[string]bool),
		mine: make(map[netmodel.SocketID]*end)}
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == trace.DialStarted && ev.App.Actor == client && ev.Socket > 0 {
			b.add(ev.Socket, false)
		}
	}
	for i := range tr.Sockets {
		if tr.Sockets[i].Actor == client {
			b.add(netmodel.SocketID(i+1), false)
		}
	}
	for i := range tr.Events {
		ev := &tr.Events[i]
		if e := b.mine[ev.Socket]; ev.Kind == trace.BrokerConnect && e != nil && e.broker {
			b.ids[ev.App.Client] = true
		}
	}
	if len(b.ids) == 0 {
		b.ids[client] = true
	}
	b.path.init(tr, b.ends)
	b.lane[Path].now = Span{State: Open, Up: true}
	return b
}

func (b *builder) add(id netmodel.SocketID, broker bool) {
	if b.mine[id] != nil {
		return
	}
	e := &end{id: id, broker: broker}
	b.mine[id] = e
	b.ends = append(b.ends, e)
	if s := b.tr.Socket(id); s != nil && int(id) <= len(b.tr.Sockets) {
		e.peer, e.acked = s.Peer, s.ISS
		if s.Peer > 0 && !broker {
			b.add(s.Peer, true)
		}
	}
}

func (b *builder) event(ev *trace.Event, id trace.ID) {
	switch {
	case ev.Kind == netmodel.StateChanged:
		if e := b.mine[ev.Socket]; e != nil {
			e.change(ev.At, ev.To)
			b.kernels(ev.At, id)
		}
	case ev.Kind == netmodel.SegmentSent && ev.Reason == netmodel.SendRTO:
		if e := b.mine[ev.Socket]; e != nil && !e.retrying {
			e.retrying = true
			b.kernels(ev.At, id)
		}
	case ev.Kind == netmodel.SegmentArrived:
		b.arrived(ev, id)
	case ev.Kind == trace.Wrote:
		if e := b.mine[ev.Socket]; e != nil && !e.broker && b.wrotePing(ev, id) {
			b.app(ev.At, Waiting, true, id)
		}
	case ev.App != nil:
		if ev.App.Actor == b.client {
			b.clientEvent(ev, id)
		}
		b.sessionEvent(ev, id)
	}
	if b.path.event(ev) {
		s, up := b.path.now(b.current(ClientTCP))
		b.lane[Path].set(ev.At, s, up, id, 0)
	}
}

// wrotePing reports whether a write carried a PINGREQ.
func (b *builder) wrotePing(ev *trace.Event, id trace.ID) bool {
	return hasPacket(b.tr.Socket(ev.Socket), id, pingreq)
}

const pingreq, pingresp = 12, 13 // MQTT 3.1.1, 2.2.1

func hasPacket(s *trace.Socket, wrote trace.ID, kind byte) bool {
	for i := len(s.Packets) - 1; i >= 0 && s.Packets[i].Event >= wrote; i-- {
		if s.Packets[i].Event == wrote && s.Packets[i].Type == kind {
			return true
		}
	}
	return false
}

func (b *builder) app(t netmodel.Time, s State, up bool, cause trace.ID) {
	sock := netmodel.SocketID(0)
	if up {
		sock = b.current(ClientTCP)
	}
	b.lane[ClientApp].set(t, s, up, cause, sock)
}

func (b *builder) clientEvent(ev *trace.Event, id trace.ID) {
	now := b.lane[ClientApp].now.State
	switch ev.Kind {
	case trace.ClientConnecting:
		switch {
		case now == None || now == Stopped || now == Connecting:
			b.app(ev.At, Connecting, false, id)
		default:
			b.app(ev.At, TryingAgain, false, id)
		}
	case trace.ClientReconnecting:
		b.app(ev.At, TryingAgain, false, id)
	case trace.ClientConnected:
		b.app(ev.At, Connected, true, id)
	case trace.ClientLost:
		b.app(ev.At, GaveUp, false, id)
	case trace.ClientDisconnect, trace.ClientStopped:
		b.app(ev.At, Stopped, false, id)
	}
}

// current is the connection that a kernel's lane shows: the newest that is not over.
func (b *builder) current(l Lane) netmodel.SocketID {
	for i := len(b.ends) - 1; i >= 0; i-- {
		e := b.ends[i]
		if e.broker == (l == BrokerTCP) && e.state != netmodel.Closed {
			return e.id
		}
	}
	return 0
}

// kernels brings both kernels' lanes up to date.
func (b *builder) kernels(t netmodel.Time, cause trace.ID) {
	for _, l := range [...]Lane{ClientTCP, BrokerTCP} {
		id := b.current(l)
		if id == 0 {
			b.lane[l].set(t, None, false, cause, 0)
			continue
		}
		e := b.mine[id]
		b.lane[l].set(t, e.shown(), e.state == netmodel.Established, cause, id)
	}
	s, up := b.path.now(b.current(ClientTCP))
	b.lane[Path].set(t, s, up, cause, 0)
}

var tcpStates = [...]State{netmodel.Closed: None, netmodel.Listen: None,
	netmodel.SynSent: SynSent, netmodel.SynReceived: SynReceived, netmodel.Established: Established,
	netmodel.FinWait1: FinWait1, netmodel.FinWait2: FinWait2, netmodel.CloseWait: CloseWait,
	netmodel.Closing: Closing, netmodel.LastAck: LastAck, netmodel.TimeWait: TimeWait}

func (e *end) shown() State {
	if e.state == netmodel.Established && e.retrying {
		return Retransmitting
	}
	return tcpStates[e.state]
}

func (e *end) isLive() bool {
	return e.state == netmodel.SynReceived || e.state == netmodel.Established
}

func (e *end) change(t netmodel.Time, to netmodel.State) {
	was := e.isLive()
	e.state = to
	switch is := e.isLive(); {
	case is && !was:
		e.liveSince = t
	case was && !is:
		e.retrying = false
		e.live = e.live.Union(Set{{e.liveSince, t}})
	}
}

// arrived looks at a segment that reached one of the client's ends: a new acknowledgement ends the
// retransmitting, a PINGRESP the waiting.
func (b *builder) arrived(ev *trace.Event, id trace.ID) {
	from := b.path.sender(ev)
	if from == 0 || b.mine[from] == nil || ev.Seg == nil {
		return
	}
	e := b.mine[b.mine[from].peer]
	if e == nil || b.tr.Socket(e.id).Host != ev.Host || ev.Seg.ICMP != netmodel.NotICMP {
		return
	}
	if ev.Seg.Flags.Has(netmodel.ACK) && int32(ev.Seg.Ack-e.acked) > 0 {
		e.acked = ev.Seg.Ack
		if e.retrying {
			e.retrying = false
			b.kernels(ev.At, id)
		}
	}
	app := &b.lane[ClientApp].now
	if app.State == Waiting && !e.broker && app.Socket == e.id && e.isLive() &&
		carries(b.tr.Socket(from), ev.Seg, pingresp) {
		b.app(ev.At, Connected, true, id)
	}
}

// carries reports whether the last byte of a packet of that type is in the segment.
func carries(s *trace.Socket, seg *netmodel.Segment, kind byte) bool {
	if len(seg.Payload) == 0 {
		return false
	}
	first := seg.Seq - s.ISS - 1
	for i := len(s.Packets) - 1; i >= 0; i-- {
		p := &s.Packets[i]
		last := uint32(p.Offset) + uint32(p.Len) - 1
		if int32(last-first) < 0 {
			return false
		}
		if p.Type == kind && last-first < uint32(len(seg.Payload)) {
			return true
		}
	}
	return false
}

func (b *builder) finish() Lanes {
	end := b.tr.Length
	if n := len(b.tr.Events); end == 0 && n > 0 {
		end = b.tr.Events[n-1].At
	}
	l := Lanes{Client: b.client, End: end}
	for i := range b.lane {
		b.lane[i].cut(end)
		l.Lane[i] = b.lane[i].spans
	}
	run := Set{{0, end}}
	for _, e := range b.ends {
		if e.isLive() && end > e.liveSince {
			e.live = e.live.Union(Set{{e.liveSince, end}})
		}
	}
	for _, e := range b.ends {
		if e.broker {
			continue
		}
		c := connection{client: e.id, broker: e.peer, open: run.Minus(b.path.closed(e.id, end))}
		if peer := b.mine[e.peer]; peer != nil {
			c.whole = e.live.Intersect(peer.live).Intersect(c.open)
		}
		l.conns = append(l.conns, c)
	}
	return l
}
