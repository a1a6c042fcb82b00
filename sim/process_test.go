package sim_test

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// ownPair is a world with a client and an echoing server of the user's own, and a connection.
func ownPair(t *testing.T, w *sim.World) (client, server *sim.Host, c net.Conn) {
	t.Helper()
	client, server = w.Host("client"), w.Host("server")
	w.Link(client, server, netmodel.Conditions{Latency: 10 * time.Millisecond})
	l, err := server.Listen("tcp", ":7")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			go func() {
				var b [10]byte
				for n, err := c.Read(b[:]); err == nil; n, err = c.Read(b[:]) {
					_, _ = c.Write(b[:n])
				}
			}()
		}
	}()
	return client, server, dialOwn(t, client)
}

func dialOwn(t *testing.T, client *sim.Host) net.Conn {
	t.Helper()
	c, err := client.DialContext(t.Context(), "tcp", "server:7")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// echoes reports how long an answer takes, or the error.
func echoes(c net.Conn) (time.Duration, error) {
	began := time.Now()
	_ = c.SetReadDeadline(began.Add(time.Minute))
	if _, err := c.Write([]byte("x")); err != nil {
		return 0, err
	}
	_, err := c.Read(make([]byte, 1))
	return time.Since(began), err
}

// A machine that had no power comes up without what it knew, and its program can dial again.
func TestOwnProgramAfterPowerOff(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		client, _, c := ownPair(t, w)
		client.PowerOff().For(time.Minute)
		if _, err := echoes(c); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a connection of before gives %v", err)
		}
		time.Sleep(2 * time.Minute)
		if _, err := echoes(dialOwn(t, client)); err != nil {
			t.Errorf("after the power has come back: %v", err)
		}
	})
}

// A killed program's connections are closed by its kernel; what dials then is a new one.
func TestOwnProgramKilled(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		client, server, c := ownPair(t, w)
		server.Kill()
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("the connection to a killed program goes on")
		}
		if _, err := client.DialContext(t.Context(), "tcp", "server:7"); err == nil {
			t.Error("a killed program still listens")
		}
		if _, err := server.Listen("tcp", ":7"); err != nil {
			t.Errorf("a new program cannot listen: %v", err)
		}
	})
}

// A frozen program answers nobody, while its kernel does; then it goes on.
func TestOwnProgramFrozen(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		_, server, c := ownPair(t, w)
		server.Freeze()
		time.AfterFunc(20*time.Second, server.Thaw)
		if took, err := echoes(c); err != nil || took < 20*time.Second || took > 21*time.Second {
			t.Errorf("the answer took %v, %v", took, err)
		}
	})
}

// With another address the old connection is dead, and a new one works; a NAT that forgets is as
// bad.
func TestConnectionsLost(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		client, _, c := ownPair(t, w)
		client.ChangeAddr(netmodel.AddrFrom4(10, 0, 9, 9))
		if _, err := echoes(c); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("from another address: %v", err)
		}
		if _, err := echoes(dialOwn(t, client)); err != nil {
			t.Errorf("a new connection: %v", err)
		}
	})
}
