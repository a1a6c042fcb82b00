package speed

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// port is that of MQTT.
const port = 1883

// Star is a server and its clients, each on a link of its own.
type Star struct {
	Net   *netmodel.Network
	Links []*netmodel.Link
	// Conns are the clients' sockets and the server's, with Nagle's algorithm off.
	Conns [][2]*netmodel.Socket
}

// NewStar connects clients to a server over links with the given conditions. sink may be nil.
func NewStar(sink netmodel.Sink, clients int, c netmodel.Conditions) *Star {
	s := &Star{Net: netmodel.New(netmodel.Config{Seed: 1, Sink: sink})}
	n := s.Net
	server := n.AddHost(netmodel.HostConfig{Name: "server"})
	l := server.NewSocket()
	l.Bind(port)
	l.Listen(0, 4096)
	for i := range clients {
		client := n.AddHost(netmodel.HostConfig{Name: fmt.Sprintf("client%d", i)})
		s.Links = append(s.Links, n.AddLink(client, server, c))
		a := client.NewSocket()
		a.SetNoDelay(true)
		a.Connect(n.Now(), netmodel.Endpoint{Addr: server.Addr(), Port: port})
		for a.State() != netmodel.Established || !l.Readable() {
			n.Step()
		}
		b, _ := l.Accept(n.Now())
		b.SetNoDelay(true)
		s.Conns = append(s.Conns, [2]*netmodel.Socket{a, b})
	}
	return s
}

// Segments counts the segments that were delivered.
func (s *Star) Segments() (n int) {
	for _, c := range s.Conns {
		n += int(c[0].Info().SegsIn + c[1].Info().SegsIn)
	}
	return n
}

// Transfer moves size bytes from the first client to the server, as fast as the sockets take them.
func (s *Star) Transfer(size int) {
	n, c, to := s.Net, s.Conns[0][0], s.Conns[0][1]
	buf := make([]byte, 64<<10)
	in := make([]byte, 256<<10)
	left, got := size, 0
	write := func() {
		for left > 0 {
			k, e := c.Write(n.Now(), buf[:min(left, len(buf))])
			left -= k
			if e != netmodel.OK || k == 0 {
				return
			}
		}
	}
	write()
	for got < size {
		n.Step()
		for _, w := range n.Woken() {
			if w == to {
				k, _ := w.Read(n.Now(), in)
				got += k
			} else {
				write()
			}
		}
	}
}

// Bulk moves 100 MB over 100 Mbit/s and 10 ms, and returns the number of segments delivered.
func Bulk(sink netmodel.Sink) int {
	s := NewStar(sink, 1, netmodel.Conditions{Latency: 10 * time.Millisecond, Rate: 100e6})
	s.Transfer(100e6)
	return s.Segments()
}

// Idle opens connections that say nothing, for an hour, and returns the number of segments.
func Idle(sink netmodel.Sink, connections int) int {
	s := NewStar(sink, connections, netmodel.Conditions{Latency: 10 * time.Millisecond})
	s.Net.Run(s.Net.Now().Add(time.Hour))
	return s.Segments()
}
