package belief

import (
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// pathTracker follows what happens on the way between the client's host and the broker's.
type pathTracker struct {
	tr             *trace.Trace
	client, broker netmodel.HostID
	links          map[netmodel.LinkID]netmodel.HostID // of the path; the end towards the client
	hosts          map[netmodel.HostID]bool
	active         map[netmodel.FaultID]effect
	shut           Set // closed for every connection
	shutSince      netmodel.Time
	isShut         bool
	own            map[netmodel.SocketID]*ownTrouble
	socks          []netmodel.SocketID // the keys of own, in order of opening
}

// ownTrouble is what ends the path for one connection only.
type ownTrouble struct {
	opened bool  // it has begun
	state  State // Forgotten or Moved, None while the path is good
	since  netmodel.Time
	shut   Set
}

// effect is what a fault does to the path.
type effect struct{ up, down, reject, dead, impaired bool }

func (p *pathTracker) init(tr *trace.Trace, ends []*end) {
	p.tr = tr
	p.active = make(map[netmodel.FaultID]effect)
	p.own = make(map[netmodel.SocketID]*ownTrouble)
	for _, e := range ends {
		if int(e.id) > len(tr.Sockets) {
			continue
		}
		if e.broker {
			p.broker = tr.Socket(e.id).Host
			continue
		}
		p.client = tr.Socket(e.id).Host
		p.own[e.id] = new(ownTrouble)
		p.socks = append(p.socks, e.id)
	}
	if p.broker == 0 {
		p.broker = p.dialled(ends)
	}
	p.route()
}

// dialled finds the broker's host by the address that the client called, for a run in which no
// connection ever came to be.
func (p *pathTracker) dialled(ends []*end) netmodel.HostID {
	for _, e := range ends {
		s := p.tr.Socket(e.id)
		for i := range p.tr.Hosts {
			if s != nil && p.tr.Hosts[i].Addr == s.Remote.Addr {
				return netmodel.HostID(i + 1)
			}
		}
	}
	return 0
}

// route finds the links of the path: the fewest hops, as the network itself chooses.
func (p *pathTracker) route() {
	p.links = make(map[netmodel.LinkID]netmodel.HostID)
	p.hosts = map[netmodel.HostID]bool{p.client: true, p.broker: true}
	if p.client == 0 || p.broker == 0 || p.client == p.broker {
		return
	}
	via := make(map[netmodel.HostID]netmodel.LinkID)
	queue := []netmodel.HostID{p.client}
	seen := map[netmodel.HostID]bool{p.client: true}
	for len(queue) > 0 && !seen[p.broker] {
		h := queue[0]
		queue = queue[1:]
		for i, l := range p.tr.Links {
			o := l.B
			if o == h {
				o = l.A
			}
			if (l.A == h || l.B == h) && !seen[o] {
				seen[o], via[o] = true, netmodel.LinkID(i+1)
				queue = append(queue, o)
			}
		}
	}
	for h := p.broker; seen[p.broker] && h != p.client; {
		l := p.tr.Links[via[h]-1]
		near := l.A
		if near == h {
			near = l.B
		}
		p.links[via[h]], p.hosts[near] = near, true
		h = near
	}
}

// event takes one event in, and reports whether the path may look different now.
func (p *pathTracker) event(ev *trace.Event) bool {
	switch ev.Kind {
	case trace.DialStarted:
		if o := p.own[ev.Socket]; o != nil {
			o.opened = true
		}
	case netmodel.FaultBegan:
		return p.began(ev)
	case netmodel.FaultEnded:
		if _, ok := p.active[ev.Fault]; !ok {
			return false
		}
		delete(p.active, ev.Fault)
		p.update(ev.At)
		return true
	case netmodel.MappingForgotten, netmodel.MappingMade:
		return p.mapping(ev)
	}
	return false
}

func (p *pathTracker) began(ev *trace.Event) bool {
	if ev.Fault <= 0 || int(ev.Fault) > len(p.tr.Faults) {
		return false
	}
	f := &p.tr.Faults[ev.Fault-1]
	verb, _, _ := strings.Cut(f.Text, " ")
	var x effect
	near, onLink := p.links[f.Link]
	both := f.From == 0
	switch {
	case verb == "address" && f.Host == p.client && p.client != 0:
		p.moved(ev.At)
		return true
	case f.Link == 0 && f.Host > 0 && p.hosts[f.Host]:
		x.dead = verb == "interface-down" || verb == "power-off"
	case !onLink || f.Link == 0:
		return false
	case verb == "cut":
		x.up, x.down = both || f.From == near, both || f.From != near
	case verb == "reset" || verb == "unreachable":
		x.reject = true
	default:
		x.impaired = true
	}
	if x == (effect{}) {
		return false
	}
	p.active[ev.Fault] = x
	p.update(ev.At)
	return true
}

// moved ends the path for the connections that the client has: those that it opens later have its
// new address.
func (p *pathTracker) moved(t netmodel.Time) {
	for _, id := range p.socks {
		if p.own[id].opened {
			p.trouble(id, Moved, t)
		}
	}
}

// mapping notes that a NAT forgot, or made, the mapping of one of the client's connections.
func (p *pathTracker) mapping(ev *trace.Event) bool {
	if ev.Seg == nil || !p.hosts[ev.Host] {
		return false
	}
	changed := false
	for _, id := range p.socks {
		local := p.tr.Socket(id).Local
		if ev.Seg.Src != local && ev.Seg.Dst != local {
			continue
		}
		if ev.Kind == netmodel.MappingForgotten {
			p.trouble(id, Forgotten, ev.At)
		} else {
			p.good(id, ev.At)
		}
		changed = true
	}
	return changed
}

func (p *pathTracker) trouble(id netmodel.SocketID, s State, t netmodel.Time) {
	if o := p.own[id]; o.state == None {
		o.state, o.since = s, t
	}
}

func (p *pathTracker) good(id netmodel.SocketID, t netmodel.Time) {
	if o := p.own[id]; o.state == Forgotten {
		o.shut = o.shut.Union(Set{{o.since, t}})
		o.state = None
	}
}

func (p *pathTracker) total() effect {
	var x effect
	for _, a := range p.active { // an or: the order does not matter
		x.up, x.down = x.up || a.up, x.down || a.down
		x.reject, x.dead, x.impaired = x.reject || a.reject, x.dead || a.dead, x.impaired || a.impaired
	}
	return x
}

func (p *pathTracker) update(t netmodel.Time) {
	x := p.total()
	shut := x.up || x.down || x.reject || x.dead
	switch {
	case shut && !p.isShut:
		p.shutSince = t
	case !shut && p.isShut:
		p.shut = p.shut.Union(Set{{p.shutSince, t}})
	}
	p.isShut = shut
}

// now is what the path's lane shows; sock is the client's present connection.
func (p *pathTracker) now(sock netmodel.SocketID) (State, bool) {
	x := p.total()
	switch {
	case x.dead:
		return HostDown, false
	case x.up && x.down:
		return Cut, false
	case x.up:
		return CutUp, false
	case x.down:
		return CutDown, false
	case x.reject:
		return Rejecting, false
	}
	if o := p.own[sock]; o != nil && o.state != None {
		return o.state, false
	}
	if x.impaired {
		return Impaired, true
	}
	return Open, true
}

// closed is when nothing could pass for one of the client's connections.
func (p *pathTracker) closed(id netmodel.SocketID, end netmodel.Time) Set {
	s := p.shut
	if p.isShut && end > p.shutSince {
		s = s.Union(Set{{p.shutSince, end}})
	}
	o := p.own[id]
	if o == nil {
		return s
	}
	s = s.Union(o.shut)
	if o.state != None && end > o.since {
		s = s.Union(Set{{o.since, end}})
	}
	return s
}

// sender is the socket whose segment arrived, found back over routers and translations.
func (p *pathTracker) sender(ev *trace.Event) netmodel.SocketID {
	for hop := ev; hop != nil && hop.Kind == netmodel.SegmentArrived; {
		sent := p.tr.Event(hop.Of)
		if sent == nil || sent.Kind != netmodel.SegmentSent {
			return 0
		}
		if sent.Socket > 0 {
			return sent.Socket
		}
		hop = p.tr.Event(sent.Cause)
	}
	return 0
}
