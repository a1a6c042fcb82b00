package sim

import (
	"fmt"
	"runtime"
)

// callSites identifies where in the program a write comes from, as a hash of the callers above
// conn.Write. It is looked at only if two writes to one connection meet in one instant that no
// arrival began: two timers of the program were due together, the runtime chose which fires first,
// and it may choose otherwise next time. w.mu is held.
func (w *World) callSites(c *conn) uint64 {
	if now := w.clock(); now-w.lastWoken[c.host.id] <= 2 {
		return 0 // a segment woke this host: what it does follows from that
	}
	var pcs [6]uintptr
	n := runtime.Callers(4, pcs[:])
	var h uint64 = 14695981039346656037
	for _, pc := range pcs[:n] {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h | 1
}

// findTies reports writes of one instant on one connection that come from different places of the
// program. Their order is the runtime's choice, so the trace's hash is not portable.
func (w *World) findTies(batch []op) {
	for i := 1; i < len(batch); i++ {
		a, b := &batch[i-1], &batch[i]
		if a.kind != opWrite || b.kind != opWrite || a.conn != b.conn || a.at != b.at ||
			a.sites == 0 || b.sites == 0 || a.sites == b.sites {
			continue
		}
		w.rec.Trace.Ties++
		a.tie = fmt.Sprintf("two timers of %s were due at the same instant and both wrote to %s",
			a.conn.prog.name, a.conn.sock.Remote())
	}
}
