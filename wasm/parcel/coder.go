package parcel

import (
	"encoding/binary"
	"errors"

	"halfopen/netmodel"
)

// errShort means that a parcel was cut off or is not one.
var errShort = errors.New("parcel: the trace is incomplete")

// coder packs or unpacks: every description of a type calls the same methods for both.
type coder struct {
	unpack bool
	data   []byte
	bad    bool
	segs   []*netmodel.Segment
	known  map[*netmodel.Segment]int
}

// integer is any of the numbers in a trace.
type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// num carries a number as a varint: most are small or 0.
func num[T integer](c *coder, p *T) {
	if !c.unpack {
		c.data = binary.AppendVarint(c.data, int64(*p))
		return
	}
	v, n := binary.Varint(c.data)
	if n <= 0 {
		c.fail()
		return
	}
	*p, c.data = T(v), c.data[n:]
}

// size carries a length. A parcel cannot hold more things than bytes: a broken one must not make
// the reader ask for all memory.
func (c *coder) size(n int) int {
	num(c, &n)
	if c.unpack && (n < 0 || n > len(c.data)) {
		c.fail()
		return 0
	}
	return n
}

func (c *coder) fail() { c.bad, c.data = true, nil }

func (c *coder) flag(p *bool) {
	var n uint8
	if *p {
		n = 1
	}
	num(c, &n)
	*p = n == 1
}

func (c *coder) str(p *string) {
	n := c.size(len(*p))
	if !c.unpack {
		c.data = append(c.data, *p...)
		return
	}
	*p, c.data = string(c.data[:n]), c.data[n:]
}

// bytes carries a slice and tells an empty one from none.
func (c *coder) bytes(p *[]byte) {
	some := *p != nil
	c.flag(&some)
	n := c.size(len(*p))
	switch {
	case !c.unpack:
		c.data = append(c.data, *p...)
	case some:
		*p, c.data = c.data[:n:n], c.data[n:]
	}
}

// list carries a slice of things that one describes.
func list[T any](c *coder, p *[]T, one func(*coder, *T)) {
	n := c.size(len(*p))
	if c.unpack && n > 0 {
		*p = make([]T, n)
	}
	for i := range n {
		if c.bad {
			return
		}
		one(c, &(*p)[i])
	}
}

// segment carries a pointer: 0 for none, else a number; a number that is new is followed by the
// segment itself.
func (c *coder) segment(p **netmodel.Segment) {
	n := 0
	if !c.unpack && *p != nil {
		if n = c.known[*p]; n == 0 {
			n = len(c.known) + 1
		}
	}
	num(c, &n)
	switch {
	case n == 0 || c.bad:
		return
	case !c.unpack:
		if c.known[*p] == 0 {
			c.known[*p] = n
			segment(c, *p)
		}
	case n == len(c.segs)+1:
		*p = new(netmodel.Segment)
		c.segs = append(c.segs, *p)
		segment(c, *p)
	case n < 0 || n > len(c.segs):
		c.fail()
	default:
		*p = c.segs[n-1]
	}
}
