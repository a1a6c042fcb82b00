//go:build linux

package netmodel

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// Parity: the same calls on the sockets of the machine that runs the test, over 127.0.0.1, and on
// the model's. Every call's result must be the same. On the loopback interface a segment is
// processed before the call that sent it returns, so nothing waits.

// caller is one of the two worlds.
type caller interface {
	do(side int, op string) string
	end()
}

var parityOps = []string{"write", "read", "shut", "shutrd", "close", "abort", "err", "select",
	"select"}

// kernel is the real one.
type kernel struct {
	fd     [2]int // client, server
	listen int
}

func newKernel() (*kernel, error) {
	l, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	at := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := syscall.Bind(l, at); err != nil {
		return nil, err
	}
	if err := syscall.Listen(l, 5); err != nil {
		return nil, err
	}
	name, err := syscall.Getsockname(l)
	if err != nil {
		return nil, err
	}
	c, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.Connect(c, name); err != nil && err != syscall.EINPROGRESS {
		return nil, err
	}
	s, _, err := syscall.Accept4(l, syscall.SOCK_NONBLOCK)
	return &kernel{[2]int{c, s}, l}, err
}

func (k *kernel) do(side int, op string) string {
	fd := k.fd[side]
	var buf [100]byte
	var n int
	var err error
	switch op {
	case "select":
		return k.ready(fd)
	case "write":
		n, err = syscall.SendmsgN(fd, buf[:10], nil, nil, syscall.MSG_NOSIGNAL)
	case "read":
		n, err = syscall.Read(fd, buf[:7])
	case "shut":
		err = syscall.Shutdown(fd, syscall.SHUT_WR)
	case "shutrd":
		err = syscall.Shutdown(fd, syscall.SHUT_RD)
	case "abort":
		syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
		err = syscall.Close(fd)
	case "close":
		err = syscall.Close(fd)
	case "err":
		var e int
		e, err = syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
		if e != 0 {
			err = syscall.Errno(e)
		}
	}
	if err != nil {
		return parityName(err.(syscall.Errno))
	}
	return fmt.Sprint(n)
}

// ready is what select(2) says.
func (k *kernel) ready(fd int) string {
	var r, w syscall.FdSet
	bits := 8 * int(unsafe.Sizeof(r.Bits[0]))
	r.Bits[fd/bits] |= 1 << (fd % bits)
	w.Bits[fd/bits] |= 1 << (fd % bits)
	if _, err := syscall.Select(fd+1, &r, &w, nil, &syscall.Timeval{}); err != nil {
		return err.Error()
	}
	return fmt.Sprint(r.Bits[fd/bits] != 0, w.Bits[fd/bits] != 0)
}

func parityName(e syscall.Errno) string {
	names := map[syscall.Errno]Errno{syscall.EAGAIN: EAGAIN, syscall.ECONNRESET: ECONNRESET,
		syscall.EPIPE: EPIPE, syscall.ENOTCONN: ENOTCONN, syscall.ECONNREFUSED: ECONNREFUSED,
		syscall.EISCONN: EISCONN, syscall.EADDRINUSE: EADDRINUSE, syscall.EINVAL: EINVAL,
		syscall.EADDRNOTAVAIL: EADDRNOTAVAIL, syscall.EALREADY: EALREADY,
		syscall.ECONNABORTED: ECONNABORTED}
	if n, ok := names[e]; ok {
		return n.Error()
	}
	return e.Error()
}

func (k *kernel) end() {
	for _, fd := range append(k.fd[:], k.listen) {
		syscall.Close(fd)
	}
}

// model is ours.
type model struct {
	net   *Network
	socks [2]*Socket
}

func newModel() *model {
	n := New(Config{Seed: 1})
	h := n.AddHost(HostConfig{Name: "h"})
	l := h.NewSocket()
	l.Bind(1883)
	l.Listen(0, 5)
	c := h.NewSocket()
	c.Connect(0, Endpoint{Loopback, 1883})
	n.Run(Time(time.Millisecond))
	s, _ := l.Accept(n.Now())
	return &model{n, [2]*Socket{c, s}}
}

func (m *model) do(side int, op string) string {
	s, now := m.socks[side], m.net.Now()
	var buf [100]byte
	var n int
	var e Errno
	switch op {
	case "select":
		return fmt.Sprint(s.Readable(), s.Writable())
	case "write":
		n, e = s.Write(now, buf[:10])
	case "read":
		n, e = s.Read(now, buf[:7])
	case "shut":
		e = s.Shutdown(now)
	case "shutrd":
		e = s.ShutdownRead(now)
	case "abort":
		s.Abort(now)
	case "close":
		s.Close(now)
	case "err":
		e = s.TakeError()
	}
	m.net.Run(now.Add(time.Millisecond))
	if e != OK {
		return e.Error()
	}
	return fmt.Sprint(n)
}

func (m *model) end() {}

// parityRun makes random calls until both sides are closed.
func parityRun(seed uint64, w caller) string {
	rng := rand.New(rand.NewPCG(seed, 5))
	var log strings.Builder
	closed := [2]bool{}
	for range 12 {
		side := rng.IntN(2)
		op := parityOps[rng.IntN(len(parityOps)+4)%len(parityOps)] // more writes and reads
		if closed[side] {
			continue
		}
		closed[side] = op == "close" || op == "abort"
		fmt.Fprintf(&log, "%s %s = %s\n", [2]string{"client", "server"}[side], op, w.do(side, op))
	}
	w.end()
	return log.String()
}

// wantLinux skips the test where something else, or something old, answers in Linux' place.
func wantLinux(t *testing.T) {
	var u syscall.Utsname
	if syscall.Uname(&u) != nil || u.Release[0] < '5' || u.Release[1] != '.' {
		t.Skip("this is no Linux of today")
	}
}

// again runs f until it gives what is wanted, a few times at most: a busy kernel may leave a
// segment to a thread, so that a call returns before the segment is processed.
func again(want string, f func() string) (got string) {
	for range 5 {
		if got = f(); got == want {
			break
		}
	}
	return got
}

func TestParityWithThisKernel(t *testing.T) {
	wantLinux(t)
	bad := 0
	for seed := range uint64(1500) {
		ours := parityRun(seed, newModel())
		real := again(ours, func() string {
			k, err := newKernel()
			if err != nil {
				t.Skip("no sockets here:", err)
			}
			return parityRun(seed, k)
		})
		if real != ours {
			if bad++; bad <= 5 {
				t.Errorf("seed %d: the kernel\n%s\nthe model\n%s", seed, real, ours)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of 1500 sequences differ", bad)
	}
}
