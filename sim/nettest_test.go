package sim

import (
	"net"
	"testing"

	"golang.org/x/net/nettest"

	"halfopen/netmodel"
)

// TestConnOutsideTheBubble runs the conformance test for net.Conn of golang.org/x/net over
// simulated connections in a world whose clock is the real one. Its hosts have the real send
// buffer: the test wants writes that block.
func TestConnOutsideTheBubble(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for real deadlines")
	}
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		w := newWorld(Options{Seed: 1, NoTrace: true}, new(pulse))
		a, b := w.Host("a", WithParkingWrites()), w.Host("b", WithParkingWrites())
		w.Link(a, b, netmodel.Conditions{})
		l, err := b.Listen("tcp", ":7")
		if err != nil {
			return nil, nil, nil, err
		}
		accepted := make(chan net.Conn, 1)
		go func() {
			c, err := l.Accept()
			if err == nil {
				accepted <- c
			}
		}()
		c1, err = a.Dial("tcp", "b:7")
		if err != nil {
			return nil, nil, nil, err
		}
		c2 = <-accepted
		return c1, c2, func() { c1.Close(); c2.Close(); w.Close() }, nil
	})
}
