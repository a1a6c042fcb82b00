package sim

import (
	"fmt"
	"runtime"

	"halfopen/netmodel"
)

// A tie is a moment at which the runtime, not the program, decides what comes first. Two kinds show
// on the wire, both as writes to one connection that come from different places of the program:
//
//   - two timers of the program are due at one instant, a ticker of its own and the MQTT library's
//     keepalive, say: the runtime wakes timers that are due together in random order;
//   - several packets wait for one writing goroutine, which takes them by select: paho does after a
//     reconnect, when it has a SUBSCRIBE, stored messages and acknowledgements to send.
//
// Ties are reported, and counted in the trace: its hash is then not portable.

// lastWrite is where a connection was last written to, and when that write was over.
type lastWrite struct {
	sites uint64
	end   netmodel.Time
}

// callSites identifies where in the program a write comes from, as a hash of the callers above
// conn.Write.
func callSites() uint64 {
	var pcs [6]uintptr
	n := runtime.Callers(3, pcs[:])
	var h uint64 = 14695981039346656037 // FNV-1a
	for _, pc := range pcs[:n] {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h | 1
}

// tied looks for a tie of the second kind: this write began when another, from another place, was
// just over. began is when the program called Write. w.mu is held.
func (c *conn) tied(sites uint64, began netmodel.Time) string {
	last := c.last
	c.last = lastWrite{sites, c.w.clock()}
	if last.end == 0 || began-last.end > 2 || last.sites == sites {
		return ""
	}
	return fmt.Sprintf("%s had several packets for %s ready at one instant: which goes first is left "+
		"to the runtime", c.prog.name, c.sock.Remote())
}

// findTies looks for ties of the first kind: writes of one instant on one connection, from
// different places, that no arrival began.
func (w *World) findTies(batch []op) {
	for i := 1; i < len(batch); i++ {
		a, b := &batch[i-1], &batch[i]
		if a.kind != opWrite || b.kind != opWrite || a.conn != b.conn || a.at != b.at ||
			a.sites == 0 || b.sites == 0 || a.sites == b.sites || a.tie != "" {
			continue
		}
		a.tie = fmt.Sprintf("two timers of %s were due at the same instant and both wrote to %s",
			a.conn.prog.name, a.conn.sock.Remote())
	}
}
