package trace

import (
	"time"

	"halfopen/netmodel"
)

// Trace is everything that happened in one run. Nothing changes it once the run is over; every view
// (ladder, picture, capture, metrics, explanation) is a function of it.
// IDs of hosts, links, sockets and faults are the network's: index them with ID-1.
type Trace struct {
	Scenario string // the canonical text that makes this run again; empty for a test's own world
	Seed     uint64
	Epoch    time.Time     // the wall-clock time that programs read at instant 0
	Length   netmodel.Time // when the run ended
	Hosts    []Host
	Links    []Link
	Sockets  []Socket
	Faults   []Fault
	Messages []Message
	Events   []Event
	Ties     int // coincidences within one host; the hash is portable only if there are none
}

// Host is a machine of the world.
type Host struct {
	Name    string
	Addr    netmodel.Addr
	Profile string // name of its TCP stack: "linux"
	Router  bool   // it forwards, and runs no programs
	Real    string // "github.com/... v1.5.1": real code that runs here; empty: only models
}

// Link joins two hosts.
type Link struct {
	A, B    netmodel.HostID
	Latency time.Duration // one way, as configured at the start
}

// Socket is one end of a TCP connection, or a listener.
type Socket struct {
	Host          netmodel.HostID
	Local, Remote netmodel.Endpoint
	Peer          netmodel.SocketID // the other end, 0 if it never came to be
	ISS           uint32            // initial send sequence number
	Actor         string            // who opened it
	Packets       []Packet          // what it sends, by Offset; empty for streams that are not MQTT
}

// Fault is an injected fault.
type Fault struct {
	Text       string // as a scenario says it: "cut client broker"
	Link       netmodel.LinkID
	From       netmodel.HostID // direction, 0: both
	Host       netmodel.HostID // a fault of a host
	Begin, End netmodel.Time   // End is netmodel.Never if it lasts
}

// Message is one published message.
type Message struct {
	Publisher string // client or broker that published it
	Topic     string
	Payload   []byte
	QoS       byte
	Retain    bool
	Published ID // ClientPublish, or BrokerReceived for the broker's own
}

// Event returns the event with that ID, or nil for 0.
func (t *Trace) Event(id ID) *Event {
	if id <= 0 || int(id) > len(t.Events) {
		return nil
	}
	return &t.Events[id-1]
}

// Host returns a host, and nil for 0.
func (t *Trace) Host(id netmodel.HostID) *Host {
	if id <= 0 {
		return nil
	}
	return &t.Hosts[id-1]
}

// Socket returns a socket, and nil for 0.
func (t *Trace) Socket(id netmodel.SocketID) *Socket {
	if id <= 0 {
		return nil
	}
	return &t.Sockets[id-1]
}
