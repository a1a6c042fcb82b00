package netmodel

import "time"

// Config is what a Network needs to be made.
type Config struct {
	Seed uint64
	Sink Sink // nil: nothing is recorded
	// OneMachine: the hosts are network namespaces of one kernel, as in a test bed, and share its
	// timer ticks. Otherwise each host has booted at a time of its own.
	OneMachine bool
	// Uptime is how long that machine has been up at instant 0, which is what its ticks count. 0: the
	// seed says.
	Uptime time.Duration
	// LateTicks: one in so many ticks has its timers served a tick late, by chance, as happens on
	// machines with several processors. 0: none.
	LateTicks int
}

// Network is a small TCP/IP world: hosts, the links between them, and an agenda of what will happen
// next. It has no clock: its owner asks for the time of the next event, and says when to process
// it. A Network must not be used by several goroutines at once.
type Network struct {
	seed  uint64
	one   bool          // OneMachine
	up    time.Duration // Uptime
	late  uint64        // LateTicks
	sink  Sink
	now   Time
	cause EventID
	queue queue
	rec   Record // what the sink is shown; one for all, so that recording allocates nothing

	hosts    []*Host
	links    []*Link
	sockets  []*Socket
	faults   []*activeFault
	byAddr   map[Addr]*Host // looked up, never iterated
	topology uint32         // counts changes, so that routes are computed anew
	woken    []*Socket
	handed   []*Socket // the list that Woken gave out last
	flights  flightPool
	loose    []*loose // free ones
	looseOut int      // others
}

// New makes an empty network at instant 0.
func New(c Config) *Network {
	return &Network{seed: c.Seed, one: c.OneMachine, up: c.Uptime, late: uint64(max(c.LateTicks, 0)),
		sink: c.Sink, byAddr: map[Addr]*Host{}}
}

// HostConfig describes a host to be added.
type HostConfig struct {
	Name    string
	Addr    Addr     // 0: the next free one of 10.0.0.0/8, from 10.0.0.1
	Profile *Profile // nil: Linux
	Router  bool     // it passes on what is not for itself
	NAT     *NATConfig
}

// AddHost adds a host. A NAT makes it a router.
func (n *Network) AddHost(c HostConfig) *Host {
	h := newHost(c.Profile)
	h.node = node{net: n, id: HostID(len(n.hosts) + 1), name: c.Name, addr: c.Addr,
		router: c.Router || c.NAT != nil}
	if h.addr == 0 {
		h.addr = n.freeAddr()
	}
	n.hosts = append(n.hosts, h)
	if n.byAddr[h.addr] == nil {
		n.byAddr[h.addr] = h
	}
	h.loop = newLoopback(h)
	if c.NAT != nil {
		h.nat = newNAT(h, *c.NAT)
	}
	n.topology++
	h.start()
	return h
}

func (n *Network) freeAddr() Addr {
	a := AddrFrom4(10, 0, 0, 0) + Addr(len(n.hosts)) + 1
	for n.byAddr[a] != nil {
		a++
	}
	return a
}

// Now is the instant up to which the network has come.
func (n *Network) Now() Time { return n.now }

// Next is the due time of the earliest event, or Never.
func (n *Network) Next() Time { return n.queue.next() }

// Step processes the earliest event; Now becomes its due time. There must be one.
func (n *Network) Step() {
	n.now = n.queue.next()
	t := n.queue.pop()
	n.cause = 0
	t.owner.fire(n.now, t)
}

// Run processes all events up to and including those due at until, and advances to it.
func (n *Network) Run(until Time) {
	for n.Next() <= until {
		n.Step()
	}
	n.AdvanceTo(until)
}

// AdvanceTo sets Now. It panics if time would go backwards or past an event that is due.
func (n *Network) AdvanceTo(t Time) {
	if t < n.now || n.queue.next() < t {
		panic("netmodel: AdvanceTo goes back, or passes an event that is due")
	}
	n.now = t
}

// Woken returns the sockets whose readiness changed since the last call, in the order in which
// they changed, each once. The list is valid until the next call into the network.
func (n *Network) Woken() []*Socket {
	n.woken, n.handed = n.handed[:0], n.woken
	for _, s := range n.handed {
		s.woken = false
	}
	return n.handed
}

func (n *Network) wake(s *Socket) {
	if !s.woken {
		s.woken = true
		n.woken = append(n.woken, s)
	}
}

// InFlight counts the segments under way: on links, and waiting at routers for a neighbour.
func (n *Network) InFlight() int {
	sum := n.looseOut
	for _, h := range n.hosts {
		sum += h.loop.fifo.n
		for _, d := range h.ifaces {
			sum += d.fifo.n
			if d.arp != nil {
				sum += len(d.arp.waiting)
			}
		}
	}
	return sum
}

// SetCause sets what is recorded as the cause of what calls into sockets and faults do from now on,
// until the next Step.
func (n *Network) SetCause(id EventID) { n.cause = id }

// arm schedules t, or schedules it anew.
func (n *Network) arm(t *timer, due Time) {
	n.queue.arm(t, max(due, n.now), n.queue.nextSeq())
}

func (n *Network) disarm(t *timer) { n.queue.disarm(t) }

// record gives r to the sink, with the present time, and the present cause if r has none.
func (n *Network) record(r *Record) EventID {
	if n.sink == nil {
		return 0
	}
	n.rec = *r
	return n.emit()
}

// emit gives n.rec to the sink: frequent records are written there directly.
func (n *Network) emit() EventID {
	n.rec.At = n.now
	if n.rec.Cause == 0 {
		n.rec.Cause = n.cause
	}
	return n.sink.Record(&n.rec)
}

// Hosts returns the hosts in the order in which they were added.
func (n *Network) Hosts() []*Host { return n.hosts }

// Links returns the links in the order in which they were added.
func (n *Network) Links() []*Link { return n.links }

// Host returns the host with the given number, or nil.
func (n *Network) Host(id HostID) *Host {
	if id < 1 || int(id) > len(n.hosts) {
		return nil
	}
	return n.hosts[id-1]
}

// Link returns the link with the given number, or nil.
func (n *Network) Link(id LinkID) *Link {
	if id < 1 || int(id) > len(n.links) {
		return nil
	}
	return n.links[id-1]
}

// HostByAddr returns the host that has the address, or nil.
func (n *Network) HostByAddr(a Addr) *Host { return n.byAddr[a] }

// Socket returns the socket with the given number, or nil if it does not exist or was forgotten.
func (n *Network) Socket(id SocketID) *Socket {
	if id < 1 || int(id) > len(n.sockets) {
		return nil
	}
	return n.sockets[id-1]
}

// Sockets returns the sockets that their hosts have not forgotten, in the order of their numbers.
func (n *Network) Sockets() []*Socket {
	var live []*Socket
	for _, s := range n.sockets {
		if s != nil {
			live = append(live, s)
		}
	}
	return live
}

func (n *Network) addSocket(s *Socket) SocketID {
	n.sockets = append(n.sockets, s)
	return SocketID(len(n.sockets))
}

func (n *Network) dropSocket(id SocketID) { n.sockets[id-1] = nil }
