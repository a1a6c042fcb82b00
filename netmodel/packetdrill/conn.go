package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// sent is a segment that the stack under test has sent.
type sent struct {
	at  netmodel.Time
	seg netmodel.Segment
}

type role uint8

const (
	roleNone    role = iota // socket() only
	roleListen              // the next injected segment makes a connection
	rolePassive             // made by an injected segment
	roleActive              // connect() called
)

// conn is the connection under test, and how the script's numbers map to the live ones. In a script
// the sequence numbers of a SYN are what they are, and all others count from the sender's SYN.
type conn struct {
	role          role
	local, remote netmodel.Endpoint
	known         bool // local and localISN are those of the live connection
	opened        bool // a SYN of the stack was expected: scriptISN is known
	remoteISN     uint32
	localISN      uint32
	scriptISN     uint32 // of the stack's SYN, as the script has it

	tsKnown          bool // of a first pair of script's and live TS val
	tsScript, tsLive uint32
	tsLiveOf         map[uint32]uint32 // script's TS val to live
}

// mine reports whether a segment of the stack belongs to the connection; a first SYN towards the
// address that was connected to tells the local port.
func (c *conn) mine(seg *netmodel.Segment) bool {
	if c == nil || seg.Dst != c.remote {
		return false
	}
	if c.role == roleActive && !c.known {
		if seg.Flags&(netmodel.SYN|netmodel.ACK) != netmodel.SYN {
			return false
		}
		c.local, c.localISN, c.known = seg.Src, seg.Seq, true
	}
	return seg.Src == c.local
}

// offsets are what to add to the script's sequence and acknowledgement numbers of an injected
// segment; of a segment of the stack the two change places.
func (c *conn) offsets(syn bool) (local, remote uint32) {
	if syn {
		return c.localISN - c.scriptISN, 0
	}
	return c.localISN, c.remoteISN
}

// toScript rewrites a live segment of the stack in the script's numbers.
func (c *conn) toScript(seg netmodel.Segment) netmodel.Segment {
	local, remote := c.offsets(seg.Flags.Has(netmodel.SYN))
	seg.Seq -= local
	if seg.Flags.Has(netmodel.ACK) {
		seg.Ack -= remote
	} else {
		seg.Ack = 0
	}
	for i := range seg.Options.NSACK {
		seg.Options.SACK[i].Left -= remote
		seg.Options.SACK[i].Right -= remote
	}
	if c.tsKnown {
		seg.Options.TSVal += c.tsScript - c.tsLive
	}
	return seg
}

// learn takes from a matching pair of expected and sent packet what maps one to the other.
func (c *conn) learn(pk *Packet, live *netmodel.Segment) {
	if !c.opened && live.Flags.Has(netmodel.SYN) && pk.Flags.Has(netmodel.SYN) {
		c.opened = true
		c.scriptISN = pk.Seq
		c.localISN = live.Seq
	}
	o := pk.option("TS")
	if o == nil || !live.Options.HasTimestamps {
		return
	}
	if !c.tsKnown {
		c.tsKnown, c.tsScript, c.tsLive = true, o.Value, live.Options.TSVal
	}
	if c.tsLiveOf == nil {
		c.tsLiveOf = map[uint32]uint32{}
	}
	c.tsLiveOf[o.Value] = live.Options.TSVal
}

// echo turns the TS ecr of an injected segment into a live value: that of the packet which the
// script gave this TS val, else one as far from the first pair as the script says.
func (c *conn) echo(script uint32) uint32 {
	if v, ok := c.tsLiveOf[script]; ok {
		return v
	}
	if c.tsKnown {
		return script - c.tsScript + c.tsLive
	}
	return script
}

// option returns the option of the name, or nil.
func (pk *Packet) option(name string) *TCPOption {
	for i := range pk.Options {
		if pk.Options[i].Name == name {
			return &pk.Options[i]
		}
	}
	return nil
}

// stamp prints a script time.
func stamp(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }
