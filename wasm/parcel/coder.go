package parcel

import (
	"encoding/binary"
	"errors"
	"math"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// errShort means that a parcel was cut off or is not one.
var errShort = errors.New("parcel: the trace is incomplete")

// coder packs or unpacks: every description of a type calls the same methods for both.
type coder struct {
	unpack bool
	data   []byte
	at     int // in data: where unpacking has come to
	bad    bool
	zeros  int    // zeros that are still to be written, or have been read and not been taken
	rest   func() // called between pieces of the work

	segs  []*netmodel.Segment
	known map[*netmodel.Segment]int
	texts []string
	words map[string]int

	newSegs slab[netmodel.Segment]
	newApps slab[trace.App]
}

// slab hands out values that were made many at a time: one at a time the collector has to know
// tens of thousands.
type slab[T any] struct{ left []T }

func (s *slab[T]) next() *T {
	if len(s.left) == 0 {
		s.left = make([]T, 64)
	}
	p := &s.left[0]
	s.left = s.left[1:]
	return p
}

// integer is any of the numbers in a trace.
type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// num carries a number as a varint. Most are 0, in long rows: a 0 is followed by one byte that says
// how many more of them come.
func num[T integer](c *coder, p *T) {
	switch {
	case !c.unpack:
		c.put(int64(*p))
	case c.zeros > 0:
		c.zeros--
		*p = 0
	default:
		*p = T(c.get())
	}
}

func (c *coder) put(v int64) {
	if v == 0 {
		if c.zeros++; c.zeros > math.MaxUint8 {
			c.flush()
		}
		return
	}
	c.flush()
	c.data = binary.AppendVarint(c.data, v)
}

// flush writes the zeros that have been counted.
func (c *coder) flush() {
	if c.zeros > 0 {
		c.data = append(c.data, 0, byte(c.zeros-1))
		c.zeros = 0
	}
}

func (c *coder) get() int64 {
	if c.at < len(c.data) {
		if b := c.data[c.at]; 0 < b && b < 0x80 { // one byte, as nearly all are
			c.at++
			return int64(b>>1) ^ -int64(b&1)
		}
	}
	v, n := binary.Varint(c.data[c.at:])
	if v == 0 && n > 0 && c.at+n < len(c.data) {
		c.zeros = int(c.data[c.at+n])
		n++
	} else if v == 0 {
		c.fail()
		return 0
	}
	c.at += n
	return v
}

// left is how many bytes are still to be unpacked.
func (c *coder) left() int { return len(c.data) - c.at }

// size carries a length. A parcel cannot hold more things than bytes: a broken one must not make
// the reader ask for all memory.
func (c *coder) size(n int) int {
	num(c, &n)
	if c.unpack && (n < 0 || n > c.left()) {
		c.fail()
		return 0
	}
	return n
}

func (c *coder) fail() { c.bad, c.data, c.at, c.zeros = true, nil, 0, 0 }

func (c *coder) flag(p *bool) {
	var n uint8
	if *p {
		n = 1
	}
	num(c, &n)
	*p = n == 1
}

// raw takes the bytes behind a length. One that is not 0 has flushed the zeros before it.
func (c *coder) raw(n int) []byte {
	b := c.data[c.at : c.at+n : c.at+n]
	c.at += n
	return b
}

// str carries a text as a number, 0 for none; a number that is new is followed by the text itself.
// Names and topics are said thousands of times.
func (c *coder) str(p *string) {
	n := 0
	if !c.unpack && *p != "" {
		if n = c.words[*p]; n == 0 {
			n = len(c.words) + 1
		}
	}
	num(c, &n)
	switch {
	case n == 0 || c.bad:
		*p = ""
	case !c.unpack && c.words[*p] == 0:
		c.words[*p] = n
		c.size(len(*p))
		c.data = append(c.data, *p...)
	case !c.unpack:
	case n == len(c.texts)+1:
		*p = string(c.raw(c.size(0)))
		c.texts = append(c.texts, *p)
	case n < 0 || n > len(c.texts):
		c.fail()
	default:
		*p = c.texts[n-1]
	}
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
		*p = c.raw(n)
	}
}

// piece is after how many things of a list others get a turn.
const piece = 128

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
		if i%piece == 0 {
			c.rest()
		}
		one(c, &(*p)[i])
		if !c.unpack {
			c.flush() // so that each thing has bytes of its own: see size
		}
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
		*p = c.newSegs.next()
		c.segs = append(c.segs, *p)
		segment(c, *p)
	case n < 0 || n > len(c.segs):
		c.fail()
	default:
		*p = c.segs[n-1]
	}
}
