package metrics

import (
	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// ledger knows, for each message, every place where the trace has seen it.
type ledger struct {
	tr       *trace.Trace
	f        *flow.Flows
	subs     []*subscriber
	written  [][]*flow.Packet // by message: PUBLISH packets towards the broker
	sent     [][]*flow.Packet // by message: PUBLISH packets from the broker
	received []trace.ID       // by message: BrokerReceived
	queued   map[copyTo]trace.ID
	dropped  map[copyTo]trace.ID
	end      []netmodel.State // by socket: in which state the run left it
}

// copyTo is one message on its way to one client id.
type copyTo struct {
	m  trace.MessageID
	id string
}

const publish = 3 // MQTT control packet type; MQTT 3.1.1, 2.2.1

func newLedger(tr *trace.Trace, f *flow.Flows) *ledger {
	n := len(tr.Messages) + 1
	l := &ledger{tr: tr, f: f, written: make([][]*flow.Packet, n), sent: make([][]*flow.Packet, n),
		received: make([]trace.ID, n), queued: make(map[copyTo]trace.ID),
		dropped: make(map[copyTo]trace.ID), end: make([]netmodel.State, len(tr.Sockets)+1)}
	dialled := make(map[netmodel.SocketID]string)
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == trace.DialStarted && ev.Socket > 0 {
			dialled[ev.Socket] = ev.App.Actor
		}
	}
	byName := make(map[string]*subscriber)
	bySock := make(map[netmodel.SocketID]*subscriber)
	for _, name := range belief.Clients(tr) {
		s := &subscriber{name: name, ids: make(map[string]bool),
			got: make(map[trace.MessageID]*delivery)}
		byName[name] = s
		l.subs = append(l.subs, s)
	}
	for i := range tr.Sockets {
		id := netmodel.SocketID(i + 1)
		s := byName[dialled[id]]
		if p := tr.Sockets[i].Peer; s != nil && p > 0 {
			s.sockets = append(s.sockets, p)
			bySock[p] = s
		}
		l.packets(id, dialled[id] != "")
	}
	for i := range tr.Events {
		l.event(&tr.Events[i], trace.ID(i+1), byName, bySock)
	}
	for _, s := range l.subs {
		if len(s.asked) > 0 {
			s.lanes = belief.Of(tr, s.name)
		}
	}
	return l
}

// packets sorts the PUBLISH packets of a socket to their messages.
func (l *ledger) packets(id netmodel.SocketID, client bool) {
	ps := l.f.Packets(id)
	for i := range ps {
		p := &ps[i]
		if p.Type != publish || p.Message <= 0 || int(p.Message) >= len(l.sent) {
			continue
		}
		if client {
			l.written[p.Message] = append(l.written[p.Message], p)
		} else {
			l.sent[p.Message] = append(l.sent[p.Message], p)
		}
	}
}

func (l *ledger) event(ev *trace.Event, id trace.ID, byName map[string]*subscriber,
	bySock map[netmodel.SocketID]*subscriber) {
	switch ev.Kind {
	case netmodel.StateChanged:
		if ev.Socket > 0 && int(ev.Socket) < len(l.end) {
			l.end[ev.Socket] = ev.To
		}
	case trace.BrokerConnect:
		if s := bySock[ev.Socket]; s != nil {
			s.ids[ev.App.Client] = true
		}
	case trace.BrokerSubscribed:
		if s := bySock[ev.Socket]; s != nil && !s.wants(ev.App.Topic, ev.At) {
			s.asked = append(s.asked, asked{ev.App.Topic, ev.At, netmodel.Never})
		}
	case trace.BrokerUnsubscribed:
		if s := bySock[ev.Socket]; s != nil {
			for i := range s.asked {
				if s.asked[i].filter == ev.App.Topic && s.asked[i].till == netmodel.Never {
					s.asked[i].till = ev.At
				}
			}
		}
	case trace.BrokerReceived:
		if m := ev.App.Message; l.valid(m) && l.received[m] == 0 {
			l.received[m] = id
		}
	case trace.BrokerQueued:
		l.queued[copyTo{ev.App.Message, ev.App.Client}] = id
	case trace.BrokerDropped:
		l.dropped[copyTo{ev.App.Message, ev.App.Client}] = id
	case trace.ClientMessage:
		s := byName[ev.App.Actor]
		if s == nil || !l.valid(ev.App.Message) {
			return
		}
		d := s.got[ev.App.Message]
		if d == nil {
			d = &delivery{first: id}
			s.got[ev.App.Message] = d
		}
		d.copies++
	}
}

func (l *ledger) valid(m trace.MessageID) bool { return m > 0 && int(m) < len(l.received) }

// at is when the question arose who is to get a message: at the broker, or when it was published.
func (l *ledger) at(m trace.MessageID) netmodel.Time {
	if ev := l.tr.Event(l.received[m]); ev != nil {
		return ev.At
	}
	if ev := l.tr.Event(l.tr.Messages[m-1].Published); ev != nil {
		return ev.At
	}
	return 0
}

// receivers are the subscribers that had asked for a message, and those that got it (retained).
func (l *ledger) receivers(m trace.MessageID) []*subscriber {
	topic, t := l.tr.Messages[m-1].Topic, l.at(m)
	var out []*subscriber
	for _, s := range l.subs {
		if s.got[m] != nil || s.wants(topic, t) {
			out = append(out, s)
		}
	}
	return out
}

// unheard is where a message is that nobody had asked for.
func (l *ledger) unheard(m trace.MessageID) Place {
	if place, _ := l.towardsBroker(m); place != Delivered {
		return place
	}
	return NobodySubscribed
}

// fate says what became of a message for one subscriber.
func (l *ledger) fate(m trace.MessageID, s *subscriber) Fate {
	out := Fate{Message: m, Receiver: s.name}
	published := l.tr.Event(l.tr.Messages[m-1].Published)
	if d := s.got[m]; d != nil {
		out.Copies, out.Event = d.copies, d.first
		if published != nil {
			out.Delay = l.tr.Event(d.first).At.Sub(published.At)
		}
		return out
	}
	if out.Place, out.Event = l.towardsBroker(m); out.Place != Delivered {
		return out
	}
	out.Place, out.Event = l.towardsSubscriber(m, s)
	return out
}

// towardsBroker says where a message stays before the broker has it; Delivered if it has it.
func (l *ledger) towardsBroker(m trace.MessageID) (Place, trace.ID) {
	if l.received[m] > 0 {
		return Delivered, l.received[m]
	}
	tries := l.written[m]
	if len(tries) == 0 {
		return ClientQueue, l.tr.Messages[m-1].Published
	}
	return l.stuck(tries)
}

// stuck says where the last try of sending a message stopped, and by which event that is known.
func (l *ledger) stuck(tries []*flow.Packet) (Place, trace.ID) {
	for _, p := range tries {
		if p.Arrived > 0 { // the kernel had it, the program never took it
			return SocketBuffer, p.Arrived
		}
	}
	p := tries[len(tries)-1]
	peer := l.tr.Socket(p.Socket).Peer
	if l.end[p.Socket] == netmodel.Established && peer > 0 && l.end[peer] == netmodel.Established {
		return UnderWay, max(p.Event, p.Last, p.Dropped)
	}
	if p.Sent == 0 {
		return SocketBuffer, p.Event
	}
	return Wire, max(p.Last, p.Dropped, p.Refused)
}

// towardsSubscriber says where a message stays that the broker has.
func (l *ledger) towardsSubscriber(m trace.MessageID, s *subscriber) (Place, trace.ID) {
	var tries []*flow.Packet
	for _, p := range l.sent[m] {
		for _, sock := range s.sockets {
			if p.Socket == sock {
				tries = append(tries, p)
			}
		}
	}
	got := l.received[m]
	if len(tries) > 0 {
		return l.stuck(tries)
	}
	for id := range s.ids { // a client has one id: the order does not matter
		if d := l.dropped[copyTo{m, id}]; d > 0 {
			return BrokerQueue, d
		}
		if q := l.queued[copyTo{m, id}]; q > 0 {
			if last := s.lanes.At(belief.BrokerSession, s.lanes.End-1); last != nil &&
				last.State == belief.None {
				return ForgottenSession, q
			}
			return BrokerQueue, q
		}
	}
	session := s.lanes.At(belief.BrokerSession, l.tr.Event(got).At)
	switch {
	case session == nil || session.State == belief.Session:
		return BrokerQueue, got
	case session.State == belief.Kept:
		return Offline, got
	}
	return ForgottenSession, max(got, session.Cause)
}
