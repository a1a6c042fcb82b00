package story

import (
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Hosts and the link of every story.
const (
	Client netmodel.HostID = 1
	Broker netmodel.HostID = 2
	Link   netmodel.LinkID = 1
)

// Delay is the one-way latency of the link.
const Delay = 10 * time.Millisecond

// Story is a trace in the making. Times are seconds since the start.
type Story struct {
	Trace trace.Trace
	Now   netmodel.Time
	sent  map[netmodel.SocketID]uint64 // bytes written, by socket
	fault netmodel.FaultID             // the cut that is on
	cut   trace.ID
}

// New begins a story: two hosts, a link, the start, and a setting named keepalive.
func New() *Story {
	s := &Story{sent: make(map[netmodel.SocketID]uint64)}
	s.Trace.Hosts = []trace.Host{{Name: "client", Addr: netmodel.AddrFrom4(10, 0, 0, 1)},
		{Name: "broker", Addr: netmodel.AddrFrom4(10, 0, 0, 2)}}
	s.Trace.Links = []trace.Link{{A: Client, B: Broker, Latency: Delay}}
	s.App(trace.Start, 0, 0, trace.App{})
	s.App(trace.Setting, 0, 1, trace.App{Actor: "client", Name: "client.keepalive", Text: "60s"})
	return s
}

// Keepalive is the event of the setting that every story has.
const Keepalive trace.ID = 2

// At moves the story on to an instant.
func (s *Story) At(seconds float64) *Story {
	s.Now = netmodel.Time(seconds * 1e9)
	return s
}

// End finishes the story.
func (s *Story) End(seconds float64) *trace.Trace {
	s.At(seconds).App(trace.End, 0, 1, trace.App{})
	s.Trace.Length = s.Now
	return &s.Trace
}

// App adds an application event.
func (s *Story) App(kind netmodel.Kind, sock netmodel.SocketID, cause trace.ID,
	app trace.App) trace.ID {
	ev := trace.Event{App: &app}
	ev.Kind, ev.At, ev.Socket, ev.Cause = kind, s.Now, sock, cause
	if sock > 0 {
		ev.Host = s.Trace.Sockets[sock-1].Host
	}
	return s.add(ev)
}

// Net adds a record of the network.
func (s *Story) Net(r netmodel.Record) trace.ID {
	r.At = s.Now
	return s.add(trace.Event{Record: r})
}

func (s *Story) add(ev trace.Event) trace.ID {
	s.Trace.Events = append(s.Trace.Events, ev)
	return trace.ID(len(s.Trace.Events))
}

// State tells a change of state.
func (s *Story) State(sock netmodel.SocketID, to netmodel.State, cause trace.ID) trace.ID {
	return s.Net(netmodel.Record{Kind: netmodel.StateChanged, Socket: sock, To: to, Cause: cause,
		Host: s.Trace.Sockets[sock-1].Host})
}

// Connect tells a whole handshake, up to both ends being ESTABLISHED, and returns the two sockets.
func (s *Story) Connect(cause trace.ID) (client, broker netmodel.SocketID) {
	n := len(s.Trace.Sockets)
	client, broker = netmodel.SocketID(n+1), netmodel.SocketID(n+2)
	a := netmodel.Endpoint{Addr: s.Trace.Hosts[0].Addr, Port: uint16(40000 + n)}
	b := netmodel.Endpoint{Addr: s.Trace.Hosts[1].Addr, Port: 1883}
	s.Trace.Sockets = append(s.Trace.Sockets,
		trace.Socket{Host: Client, Local: a, Remote: b, Peer: broker, ISS: 1000, Actor: "client"},
		trace.Socket{Host: Broker, Local: b, Remote: a, Peer: client, ISS: 2000, Actor: "broker"})
	dial := s.App(trace.DialStarted, client, cause, trace.App{Actor: "client", Text: b.String()})
	s.State(client, netmodel.SynSent, dial)
	got := s.Pass(client, netmodel.Segment{Seq: 1000, Flags: netmodel.SYN}, netmodel.SendHandshake,
		dial)
	s.State(broker, netmodel.SynReceived, got)
	got = s.Pass(broker, netmodel.Segment{Seq: 2000, Ack: 1001, Flags: netmodel.SYN | netmodel.ACK},
		netmodel.SendHandshake, got)
	s.State(client, netmodel.Established, got)
	s.App(trace.DialDone, client, got, trace.App{Actor: "client"})
	got = s.Pass(client, netmodel.Segment{Seq: 1001, Ack: 2001, Flags: netmodel.ACK},
		netmodel.SendAck, got)
	s.State(broker, netmodel.Established, got)
	return client, broker
}

// Pass sends a segment; unless a cut is on it arrives after Delay, and the story is there then.
// It returns the arrival, or the drop.
func (s *Story) Pass(from netmodel.SocketID, seg netmodel.Segment, why netmodel.Reason,
	cause trace.ID) trace.ID {
	id := s.send(from, seg, why, cause)
	if s.fault != 0 {
		return s.drop(from, id)
	}
	return s.arrive(from, id)
}

func (s *Story) send(from netmodel.SocketID, seg netmodel.Segment, why netmodel.Reason,
	cause trace.ID) trace.ID {
	sock := &s.Trace.Sockets[from-1]
	seg.Src, seg.Dst = sock.Local, sock.Remote
	r := netmodel.Record{Kind: netmodel.SegmentSent, Reason: why, Host: sock.Host, Peer: 3 - sock.Host,
		Socket: from, Link: Link, Cause: cause, Seg: &seg, Due: s.Now.Add(Delay)}
	if s.fault != 0 {
		r.Due = netmodel.Never
	}
	if why == netmodel.SendRTO || why == netmodel.SendTLP {
		r.Copies = 1
	}
	return s.Net(r)
}

func (s *Story) drop(from netmodel.SocketID, id trace.ID) trace.ID {
	sock := &s.Trace.Sockets[from-1]
	return s.Net(netmodel.Record{Kind: netmodel.SegmentDropped, Reason: netmodel.DropCut, Of: id,
		Host: sock.Host, Peer: 3 - sock.Host, Link: Link, Fault: s.fault, Cause: s.cut,
		Seg: s.Trace.Event(id).Seg})
}

func (s *Story) arrive(from netmodel.SocketID, id trace.ID) trace.ID {
	s.Now = s.Now.Add(Delay)
	return s.Net(netmodel.Record{Kind: netmodel.SegmentArrived, Of: id, Cause: id,
		Host: 3 - s.Trace.Sockets[from-1].Host, Link: Link, Seg: s.Trace.Event(id).Seg})
}

// Write has a program write one MQTT packet of 20 bytes, and its kernel send it. It returns the
// write and the arrival or the drop.
func (s *Story) Write(from netmodel.SocketID, kind byte, m trace.MessageID, cause trace.ID) (wrote,
	fate trace.ID) {
	wrote = s.Queue(from, kind, m, cause)
	return wrote, s.Resend(from, wrote, netmodel.SendData)
}

// Queue has a program write a packet that the kernel does not send.
func (s *Story) Queue(from netmodel.SocketID, kind byte, m trace.MessageID,
	cause trace.ID) trace.ID {
	sock := &s.Trace.Sockets[from-1]
	wrote := s.App(trace.Wrote, from, cause, trace.App{Actor: sock.Actor, N: 20, Message: m})
	sock.Packets = append(sock.Packets, trace.Packet{Event: wrote, Offset: s.sent[from], Len: 20,
		Type: kind, Message: m})
	s.sent[from] += 20
	return wrote
}

// Resend sends the packet of a write, or sends it again.
func (s *Story) Resend(from netmodel.SocketID, wrote trace.ID, why netmodel.Reason) trace.ID {
	sock := &s.Trace.Sockets[from-1]
	seg := netmodel.Segment{Flags: netmodel.ACK | netmodel.PSH, Payload: make([]byte, 20)}
	for _, p := range sock.Packets {
		if p.Event == wrote {
			seg.Seq = sock.ISS + 1 + uint32(p.Offset)
		}
	}
	seg.Ack = s.Trace.Sockets[sock.Peer-1].ISS + 1 + uint32(s.sent[sock.Peer])
	return s.Pass(from, seg, why, wrote)
}

// Cut and Heal cut and restore the link.
func (s *Story) Cut() trace.ID {
	s.Trace.Faults = append(s.Trace.Faults, trace.Fault{Text: "cut client broker", Link: Link,
		Begin: s.Now, End: netmodel.Never})
	s.fault = netmodel.FaultID(len(s.Trace.Faults))
	s.cut = s.Net(netmodel.Record{Kind: netmodel.FaultBegan, Fault: s.fault, Link: Link})
	return s.cut
}

// Heal ends the cut.
func (s *Story) Heal() trace.ID {
	s.Trace.Faults[s.fault-1].End = s.Now
	id := s.Net(netmodel.Record{Kind: netmodel.FaultEnded, Fault: s.fault, Link: Link, Cause: s.cut})
	s.fault = 0
	return id
}

// Publish has the program "feed", beside the broker, publish a message that the broker reads at
// once.
func (s *Story) Publish(topic string, qos byte) trace.MessageID {
	m := trace.MessageID(len(s.Trace.Messages) + 1)
	app := trace.App{Actor: "broker", Topic: topic, Message: m, QoS: qos}
	s.Trace.Messages = append(s.Trace.Messages,
		trace.Message{Publisher: "feed", Topic: topic, QoS: qos})
	s.Trace.Messages[m-1].Published = s.App(trace.BrokerReceived, 0, 1, app)
	return m
}

// Session tells CONNECT to SUBACK on a fresh connection, with a clean session or a kept one.
func (s *Story) Session(client, broker netmodel.SocketID, clean bool) {
	text := "clean=1 keepalive=60"
	if !clean {
		text = "clean=0 keepalive=60"
	}
	dial := trace.ID(1)
	_, got := s.Write(client, 1, 0, dial)
	s.App(trace.BrokerConnect, broker, got, trace.App{Actor: "broker", Client: "client", Text: text})
	s.App(trace.BrokerSession, broker, got, trace.App{Actor: "broker", Client: "client"})
	_, got = s.Write(broker, 2, 0, got)
	con := s.App(trace.ClientConnected, client, got, trace.App{Actor: "client"})
	s.Subscribe(client, broker, con)
}

// Subscribe tells SUBSCRIBE and SUBACK for home/#.
func (s *Story) Subscribe(client, broker netmodel.SocketID, cause trace.ID) {
	_, got := s.Write(client, 8, 0, cause)
	s.App(trace.BrokerSubscribed, broker, got,
		trace.App{Actor: "broker", Client: "client", Topic: "home/#"})
	_, got = s.Write(broker, 9, 0, got)
	s.App(trace.ClientSubscribed, client, got, trace.App{Actor: "client", Topic: "home/#"})
	s.Ack(client, got)
}

// Ack has a kernel acknowledge everything that its peer wrote.
func (s *Story) Ack(from netmodel.SocketID, cause trace.ID) {
	sock := &s.Trace.Sockets[from-1]
	s.Pass(from, netmodel.Segment{Seq: sock.ISS + 1 + uint32(s.sent[from]), Flags: netmodel.ACK,
		Ack: s.Trace.Sockets[sock.Peer-1].ISS + 1 + uint32(s.sent[sock.Peer])}, netmodel.SendAck, cause)
}

// Deliver tells the broker's PUBLISH of a message to the client, and its program's getting it
// unless the cut eats it.
func (s *Story) Deliver(broker netmodel.SocketID, m trace.MessageID) trace.ID {
	wrote, got := s.Write(broker, 3, m, s.Trace.Messages[m-1].Published)
	if s.fault == 0 {
		s.App(trace.ClientMessage, s.Trace.Sockets[broker-1].Peer, got,
			trace.App{Actor: "client", Topic: "home/t", Message: m})
		s.Ack(s.Trace.Sockets[broker-1].Peer, got)
	}
	return wrote
}
