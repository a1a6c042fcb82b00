package netmodel

import (
	"bytes"
	"testing"
	"time"
)

// tcpPair is a client and a server, 10 ms apart, and what their link saw.
type tcpPair struct {
	t              *testing.T
	net            *Network
	client, server *Host
	link           *Link
	listener       *Socket
	c, s           *Socket
	segs           []sentSeg
}

type sentSeg struct {
	at     Time
	host   HostID
	why    Reason
	seg    Segment
	copies uint8
	drop   Reason
}

// Record notes what is sent and what dies.
func (p *tcpPair) Record(r *Record) EventID {
	switch r.Kind {
	case SegmentSent:
		p.segs = append(p.segs, sentSeg{r.At, r.Host, r.Reason, *r.Seg, r.Copies, 0})
	}
	return EventID(len(p.segs))
}

func newTCPPair(t *testing.T) *tcpPair {
	p := &tcpPair{t: t}
	p.net = New(Config{Seed: 1, Sink: p})
	p.client = p.net.AddHost(HostConfig{Name: "client"})
	p.server = p.net.AddHost(HostConfig{Name: "server"})
	p.link = p.net.AddLink(p.client, p.server, Conditions{Latency: 10 * time.Millisecond})
	return p
}

func (p *tcpPair) listen() *tcpPair {
	p.listener = p.server.NewSocket()
	if e := p.listener.Bind(1883); e != OK {
		p.t.Fatal("bind:", e)
	}
	if e := p.listener.Listen(p.net.Now(), 16); e != OK {
		p.t.Fatal("listen:", e)
	}
	return p
}

// connect opens a connection and accepts it.
func (p *tcpPair) connect() *tcpPair {
	p.listen()
	p.c = p.client.NewSocket()
	p.c.SetNoDelay(true)
	if e := p.c.Connect(p.net.Now(), Endpoint{p.server.Addr(), 1883}); e != OK {
		p.t.Fatal("connect:", e)
	}
	p.run(100 * time.Millisecond)
	s, e := p.listener.Accept(p.net.Now())
	if e != OK {
		p.t.Fatal("accept:", e)
	}
	p.s = s
	return p
}

func (p *tcpPair) run(d time.Duration) { p.net.Run(p.net.Now().Add(d)) }

func (p *tcpPair) write(s *Socket, text string) {
	if n, e := s.Write(p.net.Now(), []byte(text)); n != len(text) || e != OK {
		p.t.Fatalf("write: %d, %v", n, e)
	}
}

func (p *tcpPair) wantRead(s *Socket, text string) {
	p.t.Helper()
	var got bytes.Buffer
	buf := make([]byte, 4096)
	for {
		n, e := s.Read(p.net.Now(), buf)
		if n == 0 || e != OK {
			break
		}
		got.Write(buf[:n])
	}
	if got.String() != text {
		p.t.Errorf("read %q, want %q", got.String(), text)
	}
}

func (p *tcpPair) dump() {
	for _, s := range p.segs {
		p.t.Logf("%10.6f host %d why %d %-8s seq %d ack %d len %d win %d copies %d", s.at.Seconds(),
			s.host, s.why, s.seg.Flags, s.seg.Seq, s.seg.Ack, len(s.seg.Payload), s.seg.Window, s.copies)
	}
}

// A connection is opened, carries data both ways, and ends in TIME_WAIT and CLOSED.
func TestLifeOfAConnection(t *testing.T) {
	p := newTCPPair(t).connect()
	p.write(p.c, "hello")
	p.run(time.Second)
	p.wantRead(p.s, "hello")
	p.write(p.s, "world")
	p.run(time.Second)
	p.wantRead(p.c, "world")
	p.c.Close(p.net.Now())
	p.run(time.Second)
	if n, e := p.s.Read(p.net.Now(), make([]byte, 1)); n != 0 || e != OK {
		t.Errorf("want EOF, got %d %v", n, e)
	}
	p.s.Close(p.net.Now())
	p.run(time.Second)
	p.dump()
	if got := len(p.net.Sockets()); got != 2 {
		t.Errorf("%d sockets, want the listener and one in TIME_WAIT", got)
	}
	p.run(2 * time.Minute)
	if got := len(p.net.Sockets()); got != 1 {
		t.Errorf("%d sockets, want the listener", got)
	}
}
