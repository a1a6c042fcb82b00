package render

import (
	"slices"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// tale builds a trace by hand: the published story in a few lines, for tests that must know every
// number. What happens is collected first and recorded in the order of time.
type tale struct {
	rec    trace.Recorder
	deeds  []deed
	sent   map[*netmodel.Segment]trace.ID
	next   [8]uint32 // next sequence number of each socket
	lastID map[string]trace.ID
}

type deed struct {
	at netmodel.Time
	do func()
}

const (
	taleClient, taleBroker = netmodel.HostID(1), netmodel.HostID(2)
	flightTime             = 10 * time.Millisecond
)

func newTale() *tale {
	t := &tale{sent: map[*netmodel.Segment]trace.ID{}, lastID: map[string]trace.ID{}}
	t.rec.Trace = trace.Trace{Seed: 7, Length: ms(300_000),
		Hosts: []trace.Host{
			{Name: "client", Addr: netmodel.AddrFrom4(10, 0, 0, 1), Profile: "linux",
				Real: "github.com/eclipse/paho.mqtt.golang v1.5.1"},
			{Name: "broker", Addr: netmodel.AddrFrom4(10, 0, 0, 2), Profile: "linux",
				Real: "github.com/mochi-mqtt/server/v2 v2.7.9"}},
		Links: []trace.Link{{A: 1, B: 2, Latency: flightTime}}}
	return t
}

func ms(n float64) netmodel.Time { return netmodel.Time(n * 1e6) }

func (t *tale) at(at netmodel.Time, do func()) { t.deeds = append(t.deeds, deed{at, do}) }

// socket adds a pair of sockets: the client's and the broker's end of a connection.
func (t *tale) connection(port uint16) (client, broker netmodel.SocketID) {
	tr := &t.rec.Trace
	a := netmodel.Endpoint{Addr: tr.Hosts[0].Addr, Port: port}
	b := netmodel.Endpoint{Addr: tr.Hosts[1].Addr, Port: 1883}
	n := netmodel.SocketID(len(tr.Sockets))
	tr.Sockets = append(tr.Sockets,
		trace.Socket{Host: 1, Local: a, Remote: b, Peer: n + 2, ISS: 1000, Actor: "client"},
		trace.Socket{Host: 2, Local: b, Remote: a, Peer: n + 1, ISS: 5000, Actor: "broker"})
	return n + 1, n + 2
}

// send puts a segment on the wire; it arrives 10 ms later unless dropped.
func (t *tale) send(at netmodel.Time, from netmodel.SocketID, flags netmodel.Flags, n int,
	mod ...func(*netmodel.Record)) {
	t.at(at, func() {
		tr := &t.rec.Trace
		s := tr.Sockets[from-1]
		seg := netmodel.Segment{Src: s.Local, Dst: s.Remote, Flags: flags, TTL: 64,
			Payload: make([]byte, n), Seq: s.ISS + 1 + t.next[from]}
		r := netmodel.Record{At: at, Kind: netmodel.SegmentSent, Reason: netmodel.SendData,
			Host: s.Host, Peer: 3 - s.Host, Socket: from, Link: 1, Seg: &seg,
			Due: at.Add(flightTime)}
		lost := false
		for _, m := range mod {
			m(&r)
			lost = lost || r.Due == netmodel.Never
		}
		if r.Copies == 0 {
			t.next[from] += uint32(n)
		}
		id := t.rec.Record(&r)
		end := netmodel.Record{At: at.Add(flightTime), Kind: netmodel.SegmentArrived,
			Host: 3 - s.Host, Link: 1, Of: id, Seg: &seg}
		if lost {
			end.At, end.Kind, end.Reason, end.Fault = at, netmodel.SegmentDropped, netmodel.DropCut, 1
			end.Host, end.Peer = s.Host, 3-s.Host
			t.rec.Record(&end)
			return
		}
		t.at(end.At, func() { t.rec.Record(&end) })
	})
}

func lost(r *netmodel.Record) { r.Due = netmodel.Never }

func again(n uint8) func(*netmodel.Record) {
	return func(r *netmodel.Record) {
		r.Copies, r.Reason = n, netmodel.SendRTO
		r.Seg.Seq -= uint32(len(r.Seg.Payload))
	}
}

// packet says that the next n bytes of a socket are an MQTT packet.
func (t *tale) packet(s netmodel.SocketID, kind byte, n int, message trace.MessageID) {
	sock := &t.rec.Trace.Sockets[s-1]
	off := uint64(0)
	if k := len(sock.Packets); k > 0 {
		off = sock.Packets[k-1].Offset + uint64(sock.Packets[k-1].Len)
	}
	sock.Packets = append(sock.Packets, trace.Packet{Offset: off, Len: n, Type: kind,
		Message: message, Event: -1})
}

// write is an application's write of one packet, and the segment that carries it.
func (t *tale) write(at netmodel.Time, s netmodel.SocketID, kind byte, n int,
	message trace.MessageID, mod ...func(*netmodel.Record)) {
	host := t.rec.Trace.Sockets[s-1].Host
	t.at(at, func() {
		t.packet(s, kind, n, message)
		sock := &t.rec.Trace.Sockets[s-1]
		id := t.rec.App(trace.Event{Record: netmodel.Record{At: at, Kind: trace.Wrote, Host: host,
			Socket: s}, App: &trace.App{Actor: sock.Actor, N: n}})
		sock.Packets[len(sock.Packets)-1].Event = id
	})
	t.send(at, s, netmodel.PSH|netmodel.ACK, n, mod...)
}

func (t *tale) app(at netmodel.Time, kind netmodel.Kind, host netmodel.HostID,
	s netmodel.SocketID, app trace.App) {
	t.at(at, func() {
		t.rec.App(trace.Event{Record: netmodel.Record{At: at, Kind: kind, Host: host, Socket: s},
			App: &app})
	})
}

func (t *tale) state(at netmodel.Time, s netmodel.SocketID, from, to netmodel.State) {
	t.at(at, func() {
		t.rec.Record(&netmodel.Record{At: at, Kind: netmodel.StateChanged, Socket: s,
			Host: t.rec.Trace.Sockets[s-1].Host, From: from, To: to})
	})
}

// timer runs a kernel's timer from at for d; it fires unless stopped before.
func (t *tale) timer(at netmodel.Time, s netmodel.SocketID, which netmodel.Timer, d time.Duration,
	attempt, limit int16) {
	host := t.rec.Trace.Sockets[s-1].Host
	t.at(at, func() {
		id := t.rec.Record(&netmodel.Record{At: at, Kind: netmodel.TimerArmed, Host: host, Socket: s,
			Timer: which, Due: at.Add(d), Period: d, Attempt: attempt, Limit: limit})
		t.at(at.Add(d), func() {
			t.rec.Record(&netmodel.Record{At: at.Add(d), Kind: netmodel.TimerFired, Host: host,
				Socket: s, Timer: which, Of: id, Due: at.Add(d)})
		})
	})
}

// tell records everything in the order of time and gives the trace.
func (t *tale) tell() *trace.Trace {
	for len(t.deeds) > 0 {
		slices.SortStableFunc(t.deeds, func(a, b deed) int { return int(sign(a.at - b.at)) })
		d := t.deeds[0]
		t.deeds = t.deeds[1:]
		d.do()
	}
	return &t.rec.Trace
}

// message adds a published message.
func (t *tale) message(topic string) trace.MessageID {
	tr := &t.rec.Trace
	tr.Messages = append(tr.Messages, trace.Message{Publisher: "feed", Topic: topic})
	return trace.MessageID(len(tr.Messages))
}

// connect is a handshake, CONNECT, SUBSCRIBE and their answers.
func (t *tale) connect(at netmodel.Time, port uint16, attempt int) (c, b netmodel.SocketID) {
	c, b = t.connection(port)
	step := netmodel.Time(flightTime)
	t.app(at, trace.ClientConnecting, 1, 0, trace.App{Actor: "client", Attempt: attempt})
	t.state(at, c, netmodel.Closed, netmodel.SynSent)
	t.send(at, c, netmodel.SYN, 0, func(r *netmodel.Record) {
		r.Reason, r.Seg.Seq = netmodel.SendHandshake, 1000
	})
	at += step
	t.state(at, b, netmodel.Closed, netmodel.SynReceived)
	t.send(at, b, netmodel.SYN|netmodel.ACK, 0)
	at += step
	t.state(at, c, netmodel.SynSent, netmodel.Established)
	t.send(at, c, netmodel.ACK, 0, func(r *netmodel.Record) { r.Reason = netmodel.SendAck })
	t.write(at+1000, c, 1, 20, 0)
	at += step
	t.state(at, b, netmodel.SynReceived, netmodel.Established)
	t.app(at+1000, trace.BrokerConnect, 2, b, trace.App{Actor: "broker", Client: "client",
		Text: "clean=1 keepalive=60"})
	t.app(at+1000, trace.BrokerSession, 2, b, trace.App{Actor: "broker", Client: "client"})
	t.write(at+1000, b, 2, 4, 0)
	at += step
	t.app(at+1000, trace.ClientConnected, 1, c, trace.App{Actor: "client"})
	t.write(at+1000, c, 8, 15, 0)
	at += step
	t.app(at+1000, trace.BrokerSubscribed, 2, b, trace.App{Actor: "broker", Client: "client",
		Topic: "home/#"})
	t.write(at+1000, b, 9, 5, 0)
	at += step
	t.send(at+1000, c, netmodel.ACK, 0, func(r *netmodel.Record) { r.Reason = netmodel.SendAck })
	return c, b
}

// theTunnel is the story of a client with keepalive 60 that is cut off for two minutes.
func theTunnel() *trace.Trace { return theTunnelUntil(ms(183_000)) }

// theTunnelUntil is the same up to the instant at which the path heals; after it the client comes
// back sooner or later.
func theTunnelUntil(heal netmodel.Time) *trace.Trace {
	t := newTale()
	t.app(0, trace.Start, 0, 0, trace.App{Text: "seed 7"})
	for _, s := range [][2]string{{"keepalive", "1m"}, {"ping-timeout", "10s"},
		{"connect-timeout", "30s"}, {"max-reconnect-interval", "10m"}} {
		t.app(0, trace.Setting, 1, 0, trace.App{Actor: "client", Name: "client." + s[0], Text: s[1]})
	}
	t.app(0, trace.BrokerStarted, 2, 0, trace.App{Actor: "broker", Text: "broker:1883"})
	c, b := t.connect(ms(1000), 40001, 1)
	t.write(ms(61_100), c, 12, 2, 0)
	t.write(ms(61_110), b, 13, 2, 0)
	t.send(ms(61_120), c, netmodel.ACK, 0)
	t.write(ms(66_000), b, 3, 30, t.message("home/temp"))
	t.app(ms(66_010), trace.ClientMessage, 1, c, trace.App{Actor: "client", Topic: "home/temp",
		Message: 1})
	t.send(ms(66_010), c, netmodel.ACK, 0)
	t.rec.Trace.Faults = []trace.Fault{{Text: "cut client broker", Link: 1, Begin: ms(67_000),
		End: heal}}
	fault := func(at netmodel.Time, k netmodel.Kind) {
		t.at(at, func() { t.rec.Record(&netmodel.Record{At: at, Kind: k, Link: 1, Fault: 1}) })
	}
	fault(ms(67_000), netmodel.FaultBegan)
	fault(heal, netmodel.FaultEnded)
	t.write(ms(125_050), c, 12, 2, 0, lost)
	t.retries(c, 2, ms(125_278), 228, 4)
	t.write(ms(126_000), b, 3, 30, t.message("home/temp"), lost)
	t.retries(b, 30, ms(126_228), 228, 8)
	t.app(ms(135_050), trace.ClientLost, 1, c, trace.App{Actor: "client",
		Text: "pingresp not received, disconnecting"})
	t.app(ms(135_050), trace.ClientReconnecting, 1, 0, trace.App{Actor: "client"})
	t.state(ms(135_050), c, netmodel.Established, netmodel.FinWait1)
	t.state(ms(156_110), b, netmodel.Established, netmodel.FinWait1)
	t.app(ms(156_110), trace.BrokerDisconnect, 2, b, trace.App{Actor: "broker", Client: "client",
		Text: "read timeout", Expired: true})
	t.app(ms(135_051), trace.ClientConnecting, 1, 0, trace.App{Actor: "client", Attempt: 1})
	x, _ := t.connection(40002)
	t.state(ms(135_051), x, netmodel.Closed, netmodel.SynSent)
	for i := range 5 {
		t.send(ms(135_051+1024*float64(i)), x, netmodel.SYN, 0, lost, again(uint8(i)))
		t.timer(ms(135_051+1024*float64(i)), x, netmodel.TimerSyn, 1024*time.Millisecond,
			int16(i+1), 6)
	}
	t.app(ms(165_051), trace.ClientRefused, 1, 0, trace.App{Actor: "client", Text: "i/o timeout"})
	t.state(ms(165_051), x, netmodel.SynSent, netmodel.Closed)
	_, _ = t.connect(heal+ms(1_600), 40003, 2)
	t.send(ms(186_960), b, netmodel.PSH|netmodel.ACK|netmodel.FIN, 30, again(9))
	t.send(ms(186_970), c, netmodel.RST, 0, func(r *netmodel.Record) {
		r.Reason = netmodel.SendResetNoSocket
	})
	t.state(ms(186_980), b, netmodel.FinWait1, netmodel.Closed)
	t.at(ms(300_000), func() {
		t.rec.App(trace.Event{Record: netmodel.Record{At: ms(300_000), Kind: trace.End},
			App: &trace.App{}})
	})
	return t.tell()
}

// retries sends the last n bytes of a socket again and again, twice as late each time.
func (t *tale) retries(s netmodel.SocketID, n int, at netmodel.Time, step float64, times int) {
	for i := range times {
		t.send(at, s, netmodel.PSH|netmodel.ACK, n, lost, again(uint8(i+1)))
		t.timer(at, s, netmodel.TimerRTO, time.Duration(step*2)*time.Millisecond, int16(i+1), 15)
		step *= 2
		at += ms(step)
	}
}

func TestTaleIsRecordedInOrder(t *testing.T) {
	tr := theTunnel()
	for i := 1; i < len(tr.Events); i++ {
		if tr.Events[i].At < tr.Events[i-1].At {
			t.Fatalf("event %d is before event %d", i+1, i)
		}
	}
}
