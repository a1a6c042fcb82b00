package netmodel

import (
	"testing"
	"time"
)

// The workloads that other simulators were measured with: mqtt (one client and one server, 10
// Mbit/s and 10 ms, 2 bytes each way each 60 s, 60 bytes each 10 s, all lost for 120 s of each
// 1200 s), bulk (100 MB over 100 Mbit/s and 10 ms) and many (200 such clients for an hour).

// benchPair is a connected pair over a link with a rate.
func benchPair(n *Network, server *Host, l *Socket, name string, c Conditions) (*Link, *Socket,
	*Socket) {
	client := n.AddHost(HostConfig{Name: name})
	link := n.AddLink(client, server, c)
	s := client.NewSocket()
	s.SetNoDelay(true)
	s.Connect(n.Now(), Endpoint{server.Addr(), 1883})
	for s.State() != Established || !l.Readable() {
		n.Step()
	}
	peer, _ := l.Accept(n.Now())
	peer.SetNoDelay(true)
	return link, s, peer
}

func benchServer(n *Network) (*Host, *Socket) {
	server := n.AddHost(HostConfig{Name: "server"})
	l := server.NewSocket()
	l.Bind(1883)
	l.Listen(0, 4096)
	return server, l
}

// delivered counts the segments that both sockets' hosts took.
func delivered(socks ...*Socket) (n int) {
	for _, s := range socks {
		n += int(s.segsIn)
	}
	return n
}

// mqttLoad writes what the workload says, and reads what comes.
type mqttLoad struct {
	net          *Network
	conns        [][2]*Socket
	links        []*Link
	buf, in      []byte
	ping, pub    Time
	cutAt, endAt Time
	cuts         []FaultID
}

func (w *mqttLoad) run(until Time) {
	for {
		next := min(w.ping, w.pub, w.cutAt, w.endAt)
		if next > until {
			return
		}
		w.drain(next)
		switch next {
		case w.ping:
			for _, c := range w.conns {
				c[0].Write(next, w.buf[:2])
			}
			w.ping = w.ping.Add(60 * time.Second)
		case w.pub:
			for _, c := range w.conns {
				c[1].Write(next, w.buf[:60])
			}
			w.pub = w.pub.Add(10 * time.Second)
		case w.cutAt:
			w.cuts = w.cuts[:0]
			for _, l := range w.links {
				w.cuts = append(w.cuts, w.net.Begin(next, Fault{Kind: FaultCut, Link: l}))
			}
			w.cutAt, w.endAt = w.cutAt.Add(1200*time.Second), next.Add(120*time.Second)
		default:
			for _, id := range w.cuts {
				w.net.EndFault(next, id)
			}
			w.endAt = Never
		}
	}
}

// drain processes events up to until; a server answers two bytes with two.
func (w *mqttLoad) drain(until Time) {
	for w.net.Next() <= until {
		w.net.Step()
		for _, s := range w.net.Woken() {
			n, _ := s.Read(w.net.Now(), w.in)
			if n == 2 && s.Local().Port == 1883 {
				s.Write(w.net.Now(), w.buf[:2])
			}
		}
	}
	w.net.AdvanceTo(until)
}

func newMQTTLoad(clients int) *mqttLoad {
	n := New(Config{Seed: 1})
	w := &mqttLoad{net: n, buf: make([]byte, 64), in: make([]byte, 4096)}
	server, l := benchServer(n)
	for i := range clients {
		link, a, b := benchPair(n, server, l, "client"+string(rune('0'+i%10))+string(rune('a'+i/10)),
			Conditions{Latency: 10 * time.Millisecond, Rate: 10e6})
		w.links = append(w.links, link)
		w.conns = append(w.conns, [2]*Socket{a, b})
	}
	start := n.Now()
	w.ping, w.pub = start.Add(60*time.Second), start.Add(10*time.Second)
	w.cutAt, w.endAt = start.Add(1080*time.Second), Never
	return w
}

func reportSegments(b *testing.B, total int, start time.Duration) {
	used := cpuTime() - start
	b.ReportMetric(float64(total)/used.Seconds()/1e6, "Msegments/cpu-s")
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
}

// BenchmarkMQTT: one client for 24 hours a round.
func BenchmarkMQTT(b *testing.B) {
	b.ReportAllocs()
	total, start := 0, cpuTime()
	for b.Loop() {
		w := newMQTTLoad(1)
		w.run(Time(24 * time.Hour))
		total += delivered(w.conns[0][0], w.conns[0][1])
	}
	reportSegments(b, total, start)
}

// BenchmarkMany: 200 clients for an hour a round.
func BenchmarkMany(b *testing.B) {
	total, start := 0, cpuTime()
	for b.Loop() {
		w := newMQTTLoad(200)
		w.run(Time(time.Hour))
		for _, c := range w.conns {
			total += delivered(c[0], c[1])
		}
	}
	reportSegments(b, total, start)
}

// BenchmarkBulk: 100 MB a round.
func BenchmarkBulk(b *testing.B) {
	b.ReportAllocs()
	total, start := 0, cpuTime()
	for b.Loop() {
		n := New(Config{Seed: 1})
		server, l := benchServer(n)
		_, c, s := benchPair(n, server, l, "client", Conditions{Latency: 10 * time.Millisecond,
			Rate: 100e6})
		transfer(n, c, s, 100e6)
		total += delivered(c, s)
	}
	reportSegments(b, total, start)
}

// transfer moves size bytes from c to s.
func transfer(n *Network, c, s *Socket, size int) {
	buf := make([]byte, 64<<10)
	in := make([]byte, 256<<10)
	left, got := size, 0
	write := func() {
		for left > 0 {
			k, e := c.Write(n.Now(), buf[:min(left, len(buf))])
			left -= k
			if e != OK || k == 0 {
				return
			}
		}
	}
	write()
	for got < size {
		n.Step()
		for _, w := range n.Woken() {
			if w == s {
				k, _ := s.Read(n.Now(), in)
				got += k
			} else {
				write()
			}
		}
	}
}

// BenchmarkHeap is the yardstick: the bare agenda, one timer that arms itself again, in the same
// run as the workloads.
func BenchmarkHeap(b *testing.B) {
	n := New(Config{})
	h := &heapTick{net: n}
	h.timer.owner = h
	n.arm(&h.timer, 1)
	start := cpuTime()
	for b.Loop() {
		n.Step()
	}
	b.ReportMetric(float64(b.N)/(cpuTime()-start).Seconds()/1e6, "Mevents/cpu-s")
}

type heapTick struct {
	net   *Network
	timer timer
}

func (h *heapTick) fire(now Time, t *timer) { h.net.arm(t, now+10) }
