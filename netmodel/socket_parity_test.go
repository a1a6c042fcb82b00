//go:build linux

package netmodel

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The second half of parity: how sockets are made, bound, connected and accepted, with every call
// also where it does not belong. Four sockets, two ports.

const paritySlots, parityPorts = 4, 2

// opener is one of the two worlds.
type opener interface {
	open(slot int, op string, arg int) string
	end()
}

type realOpener struct {
	fd    [paritySlots]int
	ports [parityPorts]int
}

func newRealOpener() (*realOpener, error) {
	r := &realOpener{}
	for i := range r.ports {
		fd, err := r.socket()
		if err != nil {
			return nil, err
		}
		defer syscall.Close(fd)
		if err := syscall.Bind(fd, loopbackAt(0)); err != nil {
			return nil, err
		}
		name, err := syscall.Getsockname(fd)
		if err != nil {
			return nil, err
		}
		r.ports[i] = name.(*syscall.SockaddrInet4).Port
	}
	for i := range r.fd {
		fd, err := r.socket()
		if err != nil {
			return nil, err
		}
		r.fd[i] = fd
	}
	return r, nil
}

func (r *realOpener) socket() (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	if err == nil {
		err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	}
	return fd, err
}

func loopbackAt(port int) *syscall.SockaddrInet4 {
	return &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: port}
}

func (r *realOpener) open(slot int, op string, arg int) string {
	fd := r.fd[slot]
	var err error
	switch op {
	case "bind":
		err = syscall.Bind(fd, loopbackAt(r.ports[arg%parityPorts]))
	case "listen":
		err = syscall.Listen(fd, 0)
	case "connect":
		err = syscall.Connect(fd, loopbackAt(r.ports[arg%parityPorts]))
		if err == syscall.EINPROGRESS {
			err = nil
		}
	case "accept":
		var n int
		if n, _, err = syscall.Accept4(fd, syscall.SOCK_NONBLOCK); err == nil {
			syscall.Close(r.fd[arg])
			r.fd[arg] = n
		}
	case "new":
		syscall.Close(fd)
		r.fd[slot], err = r.socket()
	default:
		return (&kernel{fd: [2]int{fd, fd}}).do(0, op)
	}
	if err != nil {
		return parityName(err.(syscall.Errno))
	}
	return "ok"
}

func (r *realOpener) end() {
	for _, fd := range r.fd {
		syscall.Close(fd)
	}
}

type modelOpener struct {
	net   *Network
	host  *Host
	socks [paritySlots]*Socket
}

func newModelOpener() *modelOpener {
	m := &modelOpener{net: New(Config{Seed: 1})}
	m.host = m.net.AddHost(HostConfig{Name: "h"})
	for i := range m.socks {
		m.socks[i] = m.host.NewSocket()
	}
	return m
}

func (m *modelOpener) open(slot int, op string, arg int) string {
	s, now := m.socks[slot], m.net.Now()
	at := Endpoint{Loopback, uint16(1000 + arg%parityPorts)}
	var e Errno
	switch op {
	case "bind":
		e = s.BindAddr(at)
	case "listen":
		e = s.Listen(now, 0)
	case "connect":
		e = s.Connect(now, at)
	case "accept":
		var c *Socket
		if c, e = s.Accept(now); e == OK {
			m.socks[arg].Close(now)
			m.socks[arg] = c
		}
	case "new":
		s.Close(now)
		m.socks[slot] = m.host.NewSocket()
	default:
		return (&model{m.net, [2]*Socket{s, s}}).do(0, op)
	}
	m.net.Run(now.Add(time.Millisecond))
	if e != OK {
		return e.Error()
	}
	return "ok"
}

func (m *modelOpener) end() {}

func openRun(seed uint64, w opener) string {
	ops := []string{"bind", "bind", "listen", "listen", "connect", "connect", "connect", "accept",
		"accept", "new", "read", "write", "err", "select", "shut"}
	rng := rand.New(rand.NewPCG(seed, 6))
	var log strings.Builder
	bound := [paritySlots]int{-1, -1, -1, -1}
	for range 16 {
		slot, op, arg := rng.IntN(paritySlots), ops[rng.IntN(len(ops))], rng.IntN(paritySlots)
		switch {
		case op == "accept" && slot == arg, op == "connect" && bound[slot] == arg%parityPorts:
			continue // a socket that connects to itself has a test of its own
		case op == "bind":
			bound[slot] = arg % parityPorts
		case op == "accept":
			bound[arg] = -1
		}
		fmt.Fprintf(&log, "%d %s %d = %s\n", slot, op, arg, w.open(slot, op, arg))
	}
	w.end()
	return log.String()
}

func TestParityOfOpening(t *testing.T) {
	wantLinux(t)
	bad := 0
	for seed := range uint64(1000) {
		ours := openRun(seed, newModelOpener())
		real := again(ours, func() string {
			r, err := newRealOpener()
			if err != nil {
				t.Skip("no sockets here:", err)
			}
			return openRun(seed, r)
		})
		if real != ours {
			if bad++; bad <= 5 {
				t.Errorf("seed %d:\n%s", seed, sideBySide(real, ours))
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of 1000 sequences differ", bad)
	}
}

// A socket that connects to its own port meets its own SYN: a simultaneous open with itself, as on
// real hosts.
func TestConnectToSelf(t *testing.T) {
	m := newModelOpener()
	s := m.socks[0]
	s.BindAddr(Endpoint{Loopback, 1000})
	if got := m.open(0, "connect", 0); got != "ok" || s.State() != Established {
		t.Fatalf("connect: %s, %v", got, s.State())
	}
	if w, r := m.open(0, "write", 0), m.open(0, "read", 0); w != "10" || r != "7" {
		t.Errorf("wrote %s and read %s to and from itself, want 10 and 7", w, r)
	}
}

// sideBySide shows two logs up to their first difference.
func sideBySide(real, ours string) string {
	a, b := strings.Split(real, "\n"), strings.Split(ours, "\n")
	for i := range a {
		if a[i] != b[i] {
			return strings.Join(a[:i], "\n") + "\nthe kernel " + a[i] + "\nthe model  " + b[i]
		}
	}
	return ""
}
