package belief

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

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
	id, peer  netmodel.SocketID
	broker    bool
	state     netmodel.State
	retrying  bool
	acked     uint32 // everything before it is acknowledged
	live      Set    // in SYN_RECEIVED or ESTABLISHED
	liveSince netmodel.Time
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
