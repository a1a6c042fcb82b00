package netmodel

import (
	"fmt"
	"net/netip"
)

// Addr is an IPv4 address in host byte order. The zero value means "any".
// The model speaks IPv4 only: nothing it shows depends on the version.
type Addr uint32

// AddrFrom4 builds the address a.b.c.d.
func AddrFrom4(a, b, c, d byte) Addr {
	return Addr(a)<<24 | Addr(b)<<16 | Addr(c)<<8 | Addr(d)
}

// Loopback is 127.0.0.1. Segments between sockets of one host that use it, or the host's own
// address, stay inside the host and cross no link.
const Loopback Addr = 127<<24 | 1

// ParseAddr parses dotted-quad notation.
func ParseAddr(s string) (Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return 0, fmt.Errorf("netmodel: %q is not an IPv4 address like 10.0.0.1", s)
	}
	b := a.As4()
	return AddrFrom4(b[0], b[1], b[2], b[3]), nil
}

// As4 returns the address's four bytes.
func (a Addr) As4() [4]byte { return [4]byte{byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a)} }

// IsLoopback reports whether a lies in 127.0.0.0/8.
func (a Addr) IsLoopback() bool { return a>>24 == 127 }

func (a Addr) String() string { return netip.AddrFrom4(a.As4()).String() }

// Endpoint is an address and a TCP port.
type Endpoint struct {
	Addr Addr
	Port uint16
}

func (e Endpoint) String() string { return fmt.Sprintf("%s:%d", e.Addr, e.Port) }
