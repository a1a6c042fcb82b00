package sim

import (
	"fmt"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Match chooses segments by what is in them.
type Match struct {
	Packet string // an MQTT control packet type that begins in the segment ("PINGRESP"), or a TCP
	// control bit ("SYN", "FIN", "RST"); empty: any
	ID   uint16 // its packet identifier; 0: any
	Skip int    // let this many pass
	Next int    // then take this many; 0: all that follow
}

// Drop drops what m chooses of what from sends over the link; nil: both ways. A name that is not
// one of a packet is a panic.
func (l *Link) Drop(from *Host, m Match) *Fault {
	if m.Packet != "" {
		mustBePacket(m.Packet)
	}
	f := netmodel.Fault{Kind: netmodel.FaultMatch, Skip: m.Skip, Count: m.Next}
	f.Match = l.w.matcher(m)
	keys := ""
	if m.Packet != "" {
		keys += " match=" + m.Packet
	}
	for _, k := range []struct {
		name string
		n    int
	}{{"id", int(m.ID)}, {"skip", m.Skip}, {"count", m.Next}} {
		if k.n > 0 {
			keys += fmt.Sprintf(" %s=%d", k.name, k.n)
		}
	}
	return l.keep(l.faultKeys("drop", from, keys, f))
}

// mustBePacket panics if nothing on a wire has the name: a fault that never finds what it is for
// would go unnoticed.
func mustBePacket(name string) {
	if _, isFlag := tcpFlags[name]; isFlag || trace.IsPacketName(name) {
		return
	}
	text := fmt.Sprintf("sim: %q is no MQTT control packet type and no control bit of TCP", name)
	if upper := strings.ToUpper(name); trace.IsPacketName(upper) {
		text += fmt.Sprintf(": %q is", upper)
	}
	panic(text)
}

// matcher returns a function for netmodel, which knows segments only: what is MQTT in them is
// looked up in the trace's account of the sending socket. It is called by the driver.
func (w *World) matcher(m Match) func(*netmodel.Segment) bool {
	bit, isFlag := tcpFlags[m.Packet]
	return func(s *netmodel.Segment) bool {
		switch {
		case m.Packet == "":
			return true
		case isFlag:
			return s.Flags.Has(bit)
		case len(s.Payload) == 0:
			return false
		}
		sock := w.socketOf(s)
		if sock == nil {
			return false
		}
		for i := range sock.Packets {
			p := &sock.Packets[i]
			at := uint32(p.Offset) - (s.Seq - sock.ISS - 1)
			if at < uint32(len(s.Payload)) && p.Name() == m.Packet && (m.ID == 0 || m.ID == p.ID) {
				return true
			}
		}
		return false
	}
}

var tcpFlags = map[string]netmodel.Flags{"SYN": netmodel.SYN, "FIN": netmodel.FIN,
	"RST": netmodel.RST, "ACK": netmodel.ACK}

// socketOf finds the socket that sent s, newest first. Behind a NAT the addresses are not its own
// any more: such segments are matched on the link before it.
func (w *World) socketOf(s *netmodel.Segment) *trace.Socket {
	t := w.rec.Trace.Sockets
	for i := len(t) - 1; i >= 0; i-- {
		if t[i].Local == s.Src && t[i].Remote == s.Dst {
			return &t[i]
		}
	}
	return nil
}

// When has f called when n MQTT packets of a type, or segments with a control bit of TCP, have
// arrived at a host: "cut after the second PUBLISH has reached the broker". Repetitions do not
// count. It does not wait.
func (w *World) When(reached *Host, packet string, n int, f func()) {
	mustBePacket(packet)
	done := make(chan struct{})
	seen := 0
	w.mu.Lock()
	w.watchers = append(w.watchers, &watcher{host: reached.id, packet: packet, hit: func() bool {
		if seen++; seen == n {
			close(done)
			w.woke = true
		}
		return seen >= n
	}})
	w.mu.Unlock()
	go func() {
		select {
		case <-done:
			f()
		case <-w.over:
		}
	}()
}

// watcher waits for MQTT packets to arrive at a host.
type watcher struct {
	host   netmodel.HostID
	packet string
	hit    func() bool // reports whether it has seen enough
}

// watch tells the watchers what arrived with a segment. The driver calls it.
func (w *World) watch(r *netmodel.Record) {
	if len(w.watchers) == 0 {
		return
	}
	ev := w.rec.Trace.Event(r.Of)
	if ev == nil || ev.Copies > 0 {
		return
	}
	rest := w.watchers[:0]
	for _, x := range w.watchers {
		if x.host != r.Host || !w.carries(ev, x.packet) || !x.hit() {
			rest = append(rest, x)
		}
	}
	w.watchers = rest
}

func (w *World) carries(ev *trace.Event, packet string) bool {
	return w.matcher(Match{Packet: packet})(ev.Seg)
}
