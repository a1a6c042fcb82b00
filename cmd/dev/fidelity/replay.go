package fidelity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"halfopen/netmodel"
)

const (
	lead = 5.0 // the model's time before the first SYN, for actions with negative times
	// quickRead and slowRead are the limits of the time from the arrival of data to the program's read
	// of it: the captures' immediate ACKs come 20 to 120 us after the data, by chance. Were it always
	// the same, segments and ACKs could keep step with each other.
	quickRead, slowRead = 20 * time.Microsecond, 120 * time.Microsecond
	wireDelay           = 30 * time.Microsecond // a veth pair
	// lateTicks: on a machine with two processors 14 % of 1,800 captured timers, of all levels of
	// the wheel, fired a tick late.
	lateTicks = 7
)

// replay carries out the plan of a run on netmodel alone.
type replay struct {
	bed
	run    *Run
	links  [2]*netmodel.Link // by Side: from the side's host to the router
	plan   *plan
	rec    *recorder
	dice   *rand.Rand // of the programs
	server *netmodel.Socket
	conns  []*live
}

// live is a connection of the plan with its sockets.
type live struct {
	*connPlan
	end [2]end
}

// end is one end of a connection: its socket and how far its program is.
type end struct {
	sock     *netmodel.Socket
	next     int   // the next op
	unit     int   // of the write in progress
	left     int   // bytes that a write in progress has still to place
	got      int64 // bytes read and readable, EOF counting as one
	up       bool  // established
	reached  map[int64]netmodel.Time
	readable netmodel.Time // when the program reads what there is; Never
	closed   bool
}

func at(t float64) netmodel.Time {
	if t >= never/2 {
		return netmodel.Never
	}
	return netmodel.Time((t + lead) * 1e9)
}

// Replay runs the plan and returns what both interfaces of the model saw.
func Replay(r *Run, seed uint64) ([2][]Packet, error) {
	p := planOf(r)
	rp := &replay{run: r, plan: p, rec: newRecorder(), dice: rand.New(rand.NewPCG(seed, 0))}
	if err := rp.build(seed); err != nil {
		return rp.rec.at, err
	}
	for _, c := range p.conns {
		l := &live{connPlan: c}
		for s := range l.end {
			l.end[s].reached = map[int64]netmodel.Time{}
			l.end[s].readable = netmodel.Never
		}
		rp.conns = append(rp.conns, l)
	}
	err := rp.loop()
	return rp.rec.at, err
}

// build makes the testbed.
func (rp *replay) build(seed uint64) error {
	n := netmodel.New(netmodel.Config{Seed: seed, Sink: rp.rec, OneMachine: true,
		Uptime: rp.run.uptime(-lead, seed), LateTicks: lateTicks})
	rp.net = n
	host := func(s Side, addr netmodel.Addr) *netmodel.Host {
		p := *netmodel.Linux()
		p.SetHZ(rp.run.Meta.HZ())
		for _, set := range rp.run.Meta.sysctls(s) {
			for _, name := range sorted(set) {
				// The testbed's routes name cubic; the sysctl says what the machine's default is.
				if short, ok := cutSysctl(name); ok && short != "tcp_congestion_control" {
					p.SetSysctl(short, set[name])
				}
			}
		}
		return n.AddHost(netmodel.HostConfig{Name: s.String(), Addr: addr, Profile: &p})
	}
	rp.client = host(Client, netmodel.AddrFrom4(10, 77, 1, 2))
	rp.router = n.AddHost(netmodel.HostConfig{Name: "router",
		Addr: netmodel.AddrFrom4(10, 77, 2, 1), Router: true, NAT: rp.run.nat()})
	rp.broker = host(Broker, netmodel.AddrFrom4(10, 77, 2, 2))
	wire := netmodel.Conditions{Latency: wireDelay}
	rp.links = [2]*netmodel.Link{n.AddLink(rp.client, rp.router, wire),
		n.AddLink(rp.router, rp.broker, wire)}
	rp.delay(Client, 0)
	rp.delay(Broker, 0)
	rp.rec.watch(rp.client, rp.broker)
	return rp.losses()
}

// losses drops, in a run with random loss, what was lost in the captures: the n-th segment of its
// kind on its connection.
func (rp *replay) losses() error {
	if !rp.run.random() {
		return nil
	}
	lost := map[string]bool{}
	seen := map[string]int{}
	for _, s := range []Side{Client, Broker} {
		for i := range rp.run.At[s] {
			p := &rp.run.At[s][i]
			if !p.out(s) {
				continue
			}
			k := p.key()
			seen[k]++
			if p.lost {
				lost[fmt.Sprint(k, seen[k])] = true
			}
		}
	}
	again := map[string]int{}
	rp.net.Begin(0, netmodel.Fault{Kind: netmodel.FaultMatch, Host: rp.router,
		Match: func(s *netmodel.Segment) bool {
			p := rp.rec.packet(sender(s, rp.broker), s)
			k := p.key()
			again[k]++
			return lost[fmt.Sprint(k, again[k])]
		}})
	return nil
}

func sender(s *netmodel.Segment, broker *netmodel.Host) Side {
	if s.Src.Addr == broker.Addr() {
		return Broker
	}
	return Client
}

// deed is something that the testbed does at a time.
type deed struct {
	at float64
	do func() error
}

// deeds are the testbed's actions and its delays, in order of time.
func (rp *replay) deeds() []deed {
	var out []deed
	for _, a := range rp.run.Meta.Faults {
		out = append(out, deed{rp.run.effective(a), func() error {
			return rp.action(rp.net.Now(), a.Action)
		}})
	}
	for _, d := range rp.run.lateness(rp.run.oneWay()) {
		out = append(out, deed{d.at, func() error {
			rp.delay(d.from, d.extra)
			return nil
		}})
	}
	slices.SortStableFunc(out, func(a, b deed) int { return compare(a.at, b.at) })
	return out
}

// loop lets time pass from call to call and event to event.
func (rp *replay) loop() error {
	deeds := rp.deeds()
	for rp.net.Now() <= at(rp.run.last()) {
		due, do := rp.nextCall()
		if len(deeds) > 0 && at(deeds[0].at) <= due {
			due, do = at(deeds[0].at), deeds[0].do
			if rp.net.Next() > due {
				deeds = deeds[1:]
			}
		}
		if next := rp.net.Next(); next <= due {
			if next == netmodel.Never {
				return nil
			}
			rp.net.Step()
			rp.look()
			continue
		}
		rp.net.AdvanceTo(max(due, rp.net.Now()))
		if err := do(); err != nil {
			return err
		}
		rp.look()
	}
	return nil
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// look notes after every step what is established, readable and new.
func (rp *replay) look() {
	rp.net.Woken()
	rp.accept()
	now := rp.net.Now()
	for _, c := range rp.conns {
		for s := range c.end {
			e := &c.end[s]
			if e.sock == nil || e.closed {
				continue
			}
			if st := e.sock.State(); !e.up && st != netmodel.SynSent && st != netmodel.Closed &&
				st != netmodel.SynReceived {
				e.up = true
				e.reached[0] = now
			}
			if e.readable == netmodel.Never && e.sock.Readable() {
				e.readable = now.Add(quickRead + time.Duration(rp.dice.Int64N(int64(slowRead-quickRead))))
			}
			have := e.got + int64(e.sock.Buffered())
			if e.sock.Buffered() == 0 && e.readable != netmodel.Never {
				have++ // EOF
			}
			if _, ok := e.reached[have]; !ok && have > 0 {
				e.reached[have] = now
			}
		}
	}
}

// accept gives new server sockets to their connections.
func (rp *replay) accept() {
	for rp.server != nil && rp.server.Readable() {
		s, e := rp.server.Accept(rp.net.Now())
		if e != netmodel.OK {
			return
		}
		for _, c := range rp.conns {
			if c.port == s.Remote().Port {
				c.end[Broker].sock = s
				rp.setOptions(s, Broker)
			}
		}
	}
}

func (rp *replay) setOptions(s *netmodel.Socket, side Side) {
	o := rp.run.optionsOf(side)
	if o.noDelay {
		s.SetNoDelay(true)
	}
	if o.keepalive {
		s.SetKeepAlive(true, 15*time.Second, 15*time.Second, 9)
	}
}
