package sim

import (
	"net"
	"os"
	"syscall"

	"halfopen/netmodel"
)

// errnoTable gives package syscall's name for each of the model's errors, so that errors.Is works
// in the program under test as it does on a real network.
var errnoTable = map[netmodel.Errno]syscall.Errno{
	netmodel.ECONNREFUSED: syscall.ECONNREFUSED, netmodel.ECONNRESET: syscall.ECONNRESET,
	netmodel.ECONNABORTED: syscall.ECONNABORTED, netmodel.EPIPE: syscall.EPIPE,
	netmodel.ETIMEDOUT: syscall.ETIMEDOUT, netmodel.EHOSTUNREACH: syscall.EHOSTUNREACH,
	netmodel.ENETUNREACH: syscall.ENETUNREACH, netmodel.ENOTCONN: syscall.ENOTCONN,
	netmodel.EADDRINUSE: syscall.EADDRINUSE, netmodel.EINVAL: syscall.EINVAL,
	netmodel.EADDRNOTAVAIL: syscall.EADDRNOTAVAIL,
}

// errnoError is a system call's error as package net wraps it.
func errnoError(call string, e netmodel.Errno) error {
	return os.NewSyscallError(call, errnoTable[e])
}

func (c *conn) opError(call string, err error) error {
	return &net.OpError{Op: call, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

func tcpAddr(e netmodel.Endpoint) *net.TCPAddr {
	b := e.Addr.As4()
	return &net.TCPAddr{IP: net.IPv4(b[0], b[1], b[2], b[3]).To4(), Port: int(e.Port)}
}
