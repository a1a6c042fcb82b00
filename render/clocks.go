package render

import (
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// clock is what the countdowns of one client follow from. paho.mqtt.golang sends a PINGREQ when it
// has sent nothing, or received nothing, for the keepalive (its ping.go), so that the older of the
// two instants counts.
type clock struct {
	name       string
	host       netmodel.HostID
	keepalive  time.Duration
	patience   time.Duration // ping-timeout
	connect    time.Duration // connect-timeout
	longest    time.Duration // max-reconnect-interval
	retry      time.Duration // connect-retry-interval, or 0
	sent, got  netmodel.Time
	online     bool
	everOnline bool
	running    map[ring]int
}

// brokerClock is the broker's patience with one connection.
type brokerClock struct {
	patience time.Duration
	running  int
}

// programEvent takes one event into the countdowns of clients and brokers.
func (f *timerFinder) programEvent(ev *trace.Event, id trace.ID) {
	switch ev.Kind {
	case netmodel.SegmentArrived:
		f.heard(ev, id)
		return
	case trace.Wrote:
		f.wrote(ev, id)
		return
	}
	if ev.App == nil {
		return
	}
	switch {
	case ev.Kind == trace.Setting:
		f.setting(ev)
	case ev.Kind >= trace.BrokerStarted && ev.Kind <= trace.BrokerStopped:
		f.brokerEvent(ev, id)
	case ev.Kind >= trace.ClientConnecting && ev.Kind <= trace.ClientStopped:
		f.clientEvent(f.clock(ev.App.Actor, ev.Host), ev, id)
	}
}

func (f *timerFinder) clock(name string, host netmodel.HostID) *clock {
	c := f.clocks[name]
	if c == nil {
		c = &clock{name: name, host: host, running: map[ring]int{}}
		f.clocks[name] = c
	}
	return c
}

// setting reads the settings that countdowns depend on: "client.keepalive", "1m".
func (f *timerFinder) setting(ev *trace.Event) {
	dot := strings.LastIndexByte(ev.App.Name, '.')
	d, err := time.ParseDuration(ev.App.Text)
	if dot < 0 || err != nil {
		return
	}
	c := f.clock(ev.App.Actor, ev.Host)
	switch ev.App.Name[dot+1:] {
	case "keepalive":
		c.keepalive = d
	case "ping-timeout":
		c.patience = d
	case "connect-timeout":
		c.connect = d
	case "max-reconnect-interval":
		c.longest = d
	case "connect-retry-interval":
		c.retry = d
	}
}

// run begins a client's countdown in place of one of the same kind.
func (f *timerFinder) run(c *clock, k ring, at, base netmodel.Time, d time.Duration, n int,
	id trace.ID) {
	f.stop(c, k, at, id, false)
	if d > 0 {
		c.running[k] = f.arm(timer{kind: k, host: c.host, actor: c.name, from: at, base: base,
			nominal: base.Add(d), attempt: int16(n), armed: id})
	}
}

func (f *timerFinder) stop(c *clock, k ring, at netmodel.Time, id trace.ID, fired bool) {
	if i, ok := c.running[k]; ok {
		f.finish(i, at, id, fired)
		delete(c.running, k)
	}
}

func (f *timerFinder) clientEvent(c *clock, ev *trace.Event, id trace.ID) {
	switch ev.Kind {
	case trace.ClientConnecting:
		f.stop(c, ringBackoff, ev.At, id, true)
		f.run(c, ringConnect, ev.At, ev.At, c.connect, ev.App.Attempt, id)
	case trace.ClientConnected:
		f.stop(c, ringConnect, ev.At, id, false)
		c.online, c.everOnline, c.sent, c.got = true, true, ev.At, ev.At
		f.run(c, ringKeepalive, ev.At, ev.At, c.keepalive, 0, id)
	case trace.ClientRefused:
		f.refused(c, ev, id)
	case trace.ClientLost, trace.ClientDisconnect, trace.ClientStopped:
		c.online = false
		gaveUp := ev.Kind == trace.ClientLost && strings.Contains(ev.App.Text, "pingresp")
		f.stop(c, ringPing, ev.At, id, gaveUp)
		for _, k := range [...]ring{ringKeepalive, ringConnect, ringBackoff} {
			f.stop(c, k, ev.At, id, false)
		}
	}
}

// refused begins the pause before the next attempt: paho doubles it from one second on (its
// client.go, reconnect); before the first connection it is constant.
func (f *timerFinder) refused(c *clock, ev *trace.Event, id trace.ID) {
	fired := false
	if i, ok := c.running[ringConnect]; ok {
		fired = ev.At >= f.timers[i].nominal
	}
	n := 1
	if i, ok := c.running[ringConnect]; ok {
		n = max(int(f.timers[i].attempt), 1)
	}
	f.stop(c, ringConnect, ev.At, id, fired)
	pause := time.Second << min(n-1, 20)
	if c.longest > 0 {
		pause = min(pause, c.longest)
	}
	if !c.everOnline {
		pause = c.retry
	}
	f.run(c, ringBackoff, ev.At, ev.At, pause, n, id)
}

// wrote notes what a client sends.
func (f *timerFinder) wrote(ev *trace.Event, id trace.ID) {
	s := f.ix.tr.Socket(ev.Socket)
	if s == nil {
		return
	}
	c := f.clocks[s.Actor]
	if c == nil || !c.online || ev.Host != c.host {
		return
	}
	c.sent = ev.At
	for i := searchEvent(s.Packets, id); i < len(s.Packets) && s.Packets[i].Event == id; i++ {
		if s.Packets[i].Type == 12 { // PINGREQ, MQTT 3.1.1, 2.2.1
			f.stop(c, ringKeepalive, ev.At, id, true)
			f.run(c, ringPing, ev.At, ev.At, c.patience, 0, id)
			return
		}
	}
	f.quiet(c, ev.At, id)
}

// quiet begins the client's keepalive again, unless it waits for a PINGRESP.
func (f *timerFinder) quiet(c *clock, at netmodel.Time, id trace.ID) {
	if _, waiting := c.running[ringPing]; !waiting {
		f.run(c, ringKeepalive, at, min(c.sent, c.got), c.keepalive, 0, id)
	}
}

// heard notes new data that reached a program over TCP.
func (f *timerFinder) heard(ev *trace.Event, id trace.ID) {
	if ev.Seg == nil || len(ev.Seg.Payload) == 0 || ev.Seg.ICMP != netmodel.NotICMP {
		return
	}
	from := f.ix.sender(ev)
	src := f.ix.tr.Socket(from)
	if src == nil || src.Peer == 0 || f.ix.tr.Socket(src.Peer).Host != ev.Host {
		return
	}
	// In order, and not only what had been received before: RFC 9293, 3.10.7.4.
	got := &f.seq[src.Peer-1]
	if *got == 0 {
		*got = src.ISS + 1
	}
	end := ev.Seg.Seq + uint32(len(ev.Seg.Payload))
	if int32(ev.Seg.Seq-*got) > 0 || int32(end-*got) <= 0 {
		return
	}
	*got = end
	if b := f.brokers[src.Peer]; b != nil {
		f.patience(b, src.Peer, ev.At, id)
	}
	c := f.clocks[f.ix.tr.Socket(src.Peer).Actor]
	if c == nil || !c.online || ev.Host != c.host {
		return
	}
	c.got = ev.At
	if answers(src, ev.Seg) {
		f.stop(c, ringPing, ev.At, id, false)
	}
	f.quiet(c, ev.At, id)
}

// answers reports whether a PINGRESP begins in the segment.
func answers(s *trace.Socket, seg *netmodel.Segment) bool {
	from := uint64(seg.Seq - s.ISS - 1)
	to := from + uint64(len(seg.Payload))
	for i := searchPackets(s.Packets, from); i < len(s.Packets) && s.Packets[i].Offset < to; i++ {
		if s.Packets[i].Type == 13 {
			return true
		}
	}
	return false
}

func (f *timerFinder) brokerEvent(ev *trace.Event, id trace.ID) {
	switch ev.Kind {
	case trace.BrokerConnect:
		if _, text, ok := strings.Cut(ev.App.Text, "keepalive="); ok && ev.Socket > 0 {
			seconds, _ := strconv.Atoi(strings.Fields(text + " ")[0])
			b := &brokerClock{patience: time.Duration(seconds+seconds/2) * time.Second, running: -1}
			f.brokers[ev.Socket] = b
			f.patience(b, ev.Socket, ev.At, id)
		}
	case trace.BrokerDisconnect, trace.BrokerTakeover:
		if b := f.brokers[ev.Socket]; b != nil {
			fired := b.running >= 0 && ev.At >= f.timers[b.running].nominal
			f.finish(b.running, ev.At, id, fired)
			delete(f.brokers, ev.Socket)
		}
	}
}

// patience begins the broker's countdown for a connection again.
func (f *timerFinder) patience(b *brokerClock, s netmodel.SocketID, at netmodel.Time, id trace.ID) {
	f.finish(b.running, at, id, false)
	b.running = -1
	if b.patience > 0 {
		b.running = f.arm(timer{kind: ringBroker, host: f.ix.tr.Socket(s).Host, socket: s, from: at,
			base: at, nominal: at.Add(b.patience), armed: id})
	}
}

// sender is the socket that a segment came from, over routers and the names that NATs gave it.
func (ix *Index) sender(ev *trace.Event) netmodel.SocketID {
	for hop := ev; hop != nil && hop.Kind == netmodel.SegmentArrived; {
		sent := ix.tr.Event(hop.Of)
		if sent == nil || sent.Socket != 0 {
			if sent == nil {
				return 0
			}
			return sent.Socket
		}
		hop = ix.tr.Event(sent.Cause)
	}
	return 0
}
