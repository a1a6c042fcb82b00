package render

import (
	"sort"
	"time"

	"halfopen/netmodel"
)

// ringWidest is the radius of a countdown that has all the room it wants.
const ringWidest = 34

// ringFlash is how long a countdown that fired stays at zero, in the watcher's time.
const ringFlash = 600 * time.Millisecond

// ringSet says which countdowns belong to a floor.
type ringSet bool

const (
	appRings    ringSet = true
	kernelRings ringSet = false
)

// ringKeys are the catalogue keys of countdowns; those without one are too short to be shown. The
// order is that of importance where there is room for a few only.
var ringKeys = [...]struct {
	kind  ring
	key   string
	short string // of a shorter name, where there is little room; or empty
	color Color
}{
	{ringPing, "ring.ping", "ring.ping.short", Danger},
	{ringBackoff, "ring.backoff", "ring.backoff.short", Fin},
	{ringConnect, "ring.connect", "", TCP},
	{ringKeepalive, "ring.keepalive", "ring.keepalive.short", Ping},
	{ringBroker, "ring.broker", "ring.broker.short", Ping},
	{ring(netmodel.TimerNAT), "ring.nat", "", Publish},
	{ring(netmodel.TimerSyn), "ring.syn", "ring.syn.short", TCP},
	{ring(netmodel.TimerRTO), "ring.rto", "ring.rto.short", Publish},
	{ring(netmodel.TimerSynAck), "ring.synack", "", TCP},
	{ring(netmodel.TimerUser), "ring.user", "", Danger},
	{ring(netmodel.TimerPersist), "ring.persist", "", Publish},
	{ring(netmodel.TimerTLP), "ring.tlp", "", Publish},
	{ring(netmodel.TimerFinWait2), "ring.finwait2", "", Fin},
	{ring(netmodel.TimerOrphan), "ring.orphan", "", Fin},
	{ring(netmodel.TimerTimeWait), "ring.timewait", "", Fin},
	{ring(netmodel.TimerKeepalive), "ring.tcpkeepalive", "ring.tcpkeepalive.short", Ack},
}

// rank is a countdown's place in ringKeys, or -1.
func (k ring) rank() int {
	for i := range ringKeys {
		if ringKeys[i].kind == k {
			return i
		}
	}
	return -1
}

// rings draws the countdowns of a host's floor, the most important first, as many as have room.
func (f *frame) rings(h netmodel.HostID, r Rect, set ringSet) {
	if r.H < 34 {
		return
	}
	cells := int(max(r.W/72, 1))
	best := f.bestRings(h, set, cells)
	if len(best) == 0 {
		return
	}
	w := r.W / float32(len(best))
	if len(best) < 2 {
		w = r.W
	}
	for i, id := range best {
		cell := Rect{r.X + float32(i)*w, r.Y, w, min(r.H, ringTallest)}
		f.ring(&f.ix.timers[id], cell)
	}
}

// bestRings are the countdowns of a floor that run now or have just fired, one of each kind: of
// several the one that is due first.
func (f *frame) bestRings(h netmodel.HostID, set ringSet, n int) []int32 {
	ids := f.ix.ticking.touching(f.l.spare.ids[:0], f.ago(ringFlash), f.t)
	best := f.l.spare.more[:0]
	for _, id := range ids {
		t := &f.ix.timers[id]
		if t.host != h || ringSet(t.kind >= ringKeepalive) != set || t.kind.rank() < 0 ||
			t.from > f.t || !f.counts(t) || !f.concerns(t) {
			continue
		}
		best = f.insertRing(best, id)
	}
	f.l.spare.ids, f.l.spare.more = ids, best
	return best[:min(n, len(best))]
}

// counts reports whether a countdown is to be shown now.
func (f *frame) counts(t *timer) bool {
	if f.t < t.to {
		return true
	}
	return t.fired && f.age(t.to) < ringFlash
}

// concerns reports whether a countdown is about a connection that the stage shows: not one within a
// host, and of a broker's patience only that with the view's client.
func (f *frame) concerns(t *timer) bool {
	n := &f.ix.world.nodes[t.host-1]
	switch {
	case t.kind == ringBroker:
		b := f.ix.believer(f.v.Client)
		peer := f.ix.tr.Socket(f.ix.tr.Socket(t.socket).Peer)
		return b == nil || peer == nil || peer.Actor == b.lanes.Client
	case t.kind > ringBroker || t.kind < ringKeepalive:
		return t.socket == 0 || f.ix.remote(t.socket)
	}
	return !n.broker
}

// insertRing keeps the list sorted by importance, with one of each kind.
func (f *frame) insertRing(best []int32, id int32) []int32 {
	t := &f.ix.timers[id]
	rank := t.kind.rank()
	for i, o := range best {
		other := &f.ix.timers[o]
		if r := other.kind.rank(); r == rank {
			if f.better(t, other) {
				best[i] = id
			}
			return best
		} else if r > rank {
			best = append(best, 0)
			copy(best[i+1:], best[i:])
			best[i] = id
			return best
		}
	}
	return append(best, id)
}

// better prefers what still runs to what has fired, and then what is due first. For the view's own
// client is better than for another.
func (f *frame) better(a, b *timer) bool {
	if ra, rb := f.t < a.to, f.t < b.to; ra != rb {
		return ra
	}
	return a.due(f.v.HideAfter) < b.due(f.v.HideAfter)
}

// remaining is what a countdown shows at t: 0 in the frame in which it fires.
func (t *timer) remaining(at, hide netmodel.Time) netmodel.Time {
	return max(t.due(hide)-at, 0)
}

// ring draws one countdown: an arc that shrinks, the seconds inside, its name below or, where the
// floor is low, beside it, and for a timer with a limit which attempt it is.
func (f *frame) ring(t *timer, cell Rect) {
	rk := &ringKeys[t.kind.rank()]
	rest := t.remaining(f.t, f.v.HideAfter)
	if f.t >= t.to {
		rest = 0
	}
	low := cell.H < ringHeight-6
	radius := min(max((cell.H-22)/2, 15), cell.W/2-5, ringWidest)
	x, y := cell.X+cell.W/2, cell.Y+radius+2
	if low && cell.W >= 84 {
		x = cell.X + radius + 4
	}
	f.l.begin(Ref{Role: RoleRing, Event: t.armed, Host: t.host, Time: t.due(f.v.HideAfter),
		Box: Rect{x - radius - 2, y - radius - 2, 2*radius + 4, cell.H}})
	f.l.say(f.word(rk.key), ": ")
	from := len(f.l.label)
	f.l.label = append(appendSeconds(f.l.label, rest), f.word("unit.s")...)
	f.l.circle(x, y, radius, 3, Rule)
	if whole := t.due(f.v.HideAfter) - t.base; rest > 0 && whole > 0 {
		part := min(float32(float64(rest)/float64(whole)), 1)
		f.l.arc(x, y, radius, 3.5, 0, part, rk.color)
	} else {
		f.l.circle(x, y, radius, 3.5, Danger)
	}
	n := len(f.l.text)
	f.l.text = append(f.l.text, f.l.label[from:len(f.l.label)-len(f.word("unit.s"))]...)
	f.l.written(x, y+radius*0.26, n, radius*0.7, Ink, center, true)
	if t.fired && f.t >= t.to {
		f.effect(t, x, y)
	}
	switch {
	case !low:
		f.ringName(t, x, y+radius+14, cell.W-2, center)
	case cell.W >= 84:
		f.ringName(t, x+radius+8, y+4, cell.X+cell.W-x-radius-10, left)
	}
	f.l.end()
}

// effect runs a line from a countdown that has just fired to the segment that it caused.
func (f *frame) effect(t *timer, x, y float32) {
	begin := f.ix.air.begin
	i := sort.Search(len(begin), func(i int) bool { return begin[i] >= t.to })
	for ; i < len(begin) && begin[i] == t.to; i++ {
		fl := &f.ix.flights[i]
		if fl.from != t.host || !f.onStage(fl) || t.socket != 0 && fl.socket != t.socket {
			continue
		}
		at := f.progress(fl)
		if fl.lost && (f.t >= fl.t1 || f.v.ReducedMotion) {
			at = fl.died
		}
		p, _ := f.place(fl, at)
		f.l.line(x, y, p.X, p.Y, 1, Danger).Dash = Dotted
		return
	}
}

// ringName writes what a countdown counts, in short where there is little room, and which attempt
// of how many.
func (f *frame) ringName(t *timer, x, y, room float32, a align) {
	rk := &ringKeys[t.kind.rank()]
	n := len(f.l.text)
	f.l.text = t.appendAttempt(append(f.l.text, f.word(rk.key)...))
	if rk.short != "" && f.l.measureBytes(f.l.text[n:], textSmall, false) > room {
		f.l.text = t.appendAttempt(append(f.l.text[:n], f.word(rk.short)...))
	}
	f.l.fit(n, room, textSmall, false)
	f.l.written(x, y, n, textSmall, Soft, a, false)
}

// appendAttempt adds which attempt of how many a countdown is.
func (t *timer) appendAttempt(b []byte) []byte {
	n := t.attempt
	if n <= 0 {
		return b
	}
	if t.limit > 0 {
		n = min(n, t.limit) // the one after the last does not send: it gives up
	}
	b = appendInt(append(b, ' '), int64(n))
	if t.limit > 0 {
		b = appendInt(append(b, '/'), int64(t.limit))
	}
	return b
}
