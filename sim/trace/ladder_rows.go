package trace

import (
	"fmt"
	"strings"

	"halfopen/netmodel"
)

// event draws the rows of one event, if it has any.
func (l *ladder) event(id ID, ev *Event) {
	l.step = id
	defer func() { l.step = 0 }() // an event without a line
	switch ev.Kind {
	case netmodel.SegmentSent:
		l.segment(id, ev)
	case netmodel.FaultBegan:
		l.fault(ev, l.t.faultText(ev.Fault))
	case netmodel.FaultEnded:
		if !l.momentary(ev) {
			l.fault(ev, "over: "+l.t.faultText(ev.Fault))
		}
	case netmodel.SocketError:
		if text := l.errorText(ev); text != "" {
			l.note(ev, text, failed)
		}
	case ClosedByApp:
		l.close(ev)
	default:
		if text := l.appText(ev); text != "" {
			l.note(ev, l.byName(ev)+text, appStyle(ev))
		}
	}
}

// momentary reports whether a fault was over as soon as it began: its end needs no row.
func (l *ladder) momentary(ev *Event) bool {
	if ev.Fault <= 0 || int(ev.Fault) > len(l.t.Faults) {
		return false
	}
	f := &l.t.Faults[ev.Fault-1]
	return f.Begin == f.End
}

// byName is the actor of an event, where the host alone does not say who it is.
func (l *ladder) byName(ev *Event) string {
	if h := l.t.Host(ev.Host); h == nil || h.Name == ev.App.Actor || ev.App.Actor == "" {
		return ""
	}
	return ev.App.Actor + " "
}

func appStyle(ev *Event) style {
	switch ev.Kind {
	case ClientLost, ClientRefused, BrokerDisconnect, BrokerDropped, ExpectationFailed, Tie:
		return failed
	case ClientConnected, ClientMessage:
		return good
	}
	return program
}

// segment draws an arrow.
func (l *ladder) segment(id ID, ev *Event) {
	if ev.Seg == nil {
		return
	}
	if !l.tells(id, ev) && !l.o.All && !(ev.Reason == netmodel.SendForward && !isPureAck(ev.Seg)) {
		if ev.Reason == netmodel.SendKeepalive && ev.Link > 0 {
			l.probes++
		}
		return
	}
	label, again, s := l.t.SegmentLabel(ev), "", plain
	if o := l.t.Origin(ev); o != nil && o.Copies > 0 && !isPureAck(ev.Seg) {
		again, s = fmt.Sprintf("↻%d", o.Copies+1), repeat
	}
	drop := l.lossOf(id)
	from, to := l.columns(ev)
	switch {
	case ev.Link > 0 && (to == 0 || from == 0):
		return // to or from a host that is not shown
	case ev.Link == 0:
		l.local(ev, strings.TrimSpace(label+" "+again), drop)
	case drop != nil && drop.Link == 0 && l.at[drop.Host] > 0:
		l.arrow(l.timed(ev), from, to, label, again, s, "", false)
		l.note(ev, "✗ "+ReasonText(drop.Reason), failed)
	case drop != nil:
		l.arrow(l.timed(ev), from, to, label, again, failed, ReasonName(drop.Reason), true)
	case !l.hold(id, ev, from, to, label, again):
		l.arrow(l.timed(ev), from, to, label, again, s, "", false)
	}
}

// columns are the columns between which a segment travels: what a fault makes on the way starts in
// the middle.
func (l *ladder) columns(ev *Event) (from, to int) {
	if ev.Link <= 0 || int(ev.Link) > len(l.t.Links) {
		return 0, 0
	}
	k := &l.t.Links[ev.Link-1]
	a, b := l.at[k.A], l.at[k.B]
	switch {
	case a == 0 || b == 0:
		return 0, 0
	case ev.Host == k.A:
		return a, b
	case ev.Host == k.B:
		return b, a
	case ev.Peer > 0:
		return (a + b) / 2, l.at[ev.Peer]
	}
	return (a + b) / 2, b
}

// local draws what never left its host: on the lifeline.
func (l *ladder) local(ev *Event, label string, drop *Event) {
	if l.at[ev.Host] == 0 {
		return
	}
	if drop != nil {
		l.note(ev, "✗ "+label+": "+ReasonText(drop.Reason), failed)
		return
	}
	l.note(ev, "loopback: "+label, faint)
}

// fitLabel shortens a segment's label to n columns: first to the names of its packets.
func fitLabel(label, again string, n int) string {
	if again != "" {
		again = " " + again
	}
	if textWidth(label+again) <= n || strings.HasPrefix(label, restOf) {
		return cut(label+again, n)
	}
	parts := strings.Split(label, " + ")
	for i, p := range parts {
		name, rest, _ := strings.Cut(p, " ")
		if strings.HasPrefix(rest, "x") { // PUBLISH x3
			name = p
		}
		parts[i] = name
	}
	return cut(strings.Join(parts, "+")+again, n)
}

// arrow draws from one column to another: ├─ label ────▶│, or, if it does not arrive, ├─ label ──✗
// why.
func (l *ladder) arrow(c *cells, from, to int, label, again string, s style, why string,
	lost bool) {
	lo, hi := min(from, to), max(from, to)
	room := hi - lo - 6
	if lost {
		if room-textWidth(why)-1 < len("PINGREQ ↻9") {
			why = "" // the fault's own row says it
		}
		room -= textWidth(why) + 1
	}
	label = " " + fitLabel(label, again, room) + " "
	c.fill(lo+1, hi, '─', s)
	for _, h := range l.order { // lines of hosts that the arrow passes by
		if x := l.at[h]; x > lo && x < hi {
			c.fill(x, x+1, '┼', s)
		}
	}
	n := textWidth(label)
	if from < to {
		c.put(from, "├", s)
		c.put(lo+2, label, s)
		c.put(hi-1, "▶", s)
		if end := max((lo+hi)/2, lo+3+n); lost {
			c.fill(end, hi, ' ', plain)
			c.put(end, "✗ "+why, s)
		}
	} else {
		c.put(from, "┤", s)
		c.put(hi-1-n, label, s)
		c.put(lo+1, "◀", s)
		if end := min((lo+hi)/2, hi-3-n); lost {
			c.fill(lo+1, end+1, ' ', plain)
			c.put(end-textWidth(why)-1, why+" ✗", s)
		}
	}
	l.print(c)
}

// fault draws what the scenario does to the network, across its link or at its host.
func (l *ladder) fault(ev *Event, text string) {
	c := l.timed(ev)
	lo, hi := l.faultSpan(ev)
	if hi == 0 {
		return
	}
	c.fill(lo+1, hi, '═', fault)
	c.fill(lo, lo+1, '╪', fault)
	c.fill(hi, hi+1, '╪', fault)
	text = " " + cut(text, l.o.Width-l.times-2) + " "
	x := lo + 1 + (hi-lo-1-textWidth(text))/2 // wider than its link: across the neighbours' lines
	c.put(max(l.times, min(x, l.o.Width-textWidth(text))), text, fault)
	l.print(c)
}

// faultSpan are the lines between which a fault is drawn.
func (l *ladder) faultSpan(ev *Event) (lo, hi int) {
	if ev.Link > 0 && int(ev.Link) <= len(l.t.Links) {
		k := &l.t.Links[ev.Link-1]
		if a, b := l.at[k.A], l.at[k.B]; a > 0 && b > 0 {
			return min(a, b), max(a, b)
		}
		return 0, 0
	}
	if len(l.order) < 2 {
		return 0, 0
	}
	return l.at[l.order[0]], l.at[l.order[len(l.order)-1]]
}

// note writes a text beside a host's line, in as many rows as it takes, three at most.
func (l *ladder) note(ev *Event, text string, s style) {
	x := 0
	if int(ev.Host) < len(l.at) && ev.Host > 0 {
		x = l.at[ev.Host]
	}
	if x == 0 {
		if ev.Host == 0 && len(l.order) > 0 { // the world's own: across all lines
			c := l.timed(ev)
			c.put(l.times, cut(text, l.o.Width-l.times), s)
			l.print(c)
		}
		return
	}
	leftmost, rightmost := ev.Host == l.order[0], ev.Host == l.order[len(l.order)-1]
	room := x - l.left - 2
	if !leftmost {
		room = l.right - x - 2
		if !rightmost {
			room = l.nextLine(x) - x - 3
		}
	}
	lines := wrap(text, room)
	if len(lines) > 3 {
		lines = append(lines[:2], cut(strings.Join(lines[2:], " "), room))
	}
	for i, line := range lines {
		c := l.row('│')
		if i == 0 {
			c = l.timed(ev)
			c.fill(x, x+1, '●', s)
		}
		if leftmost && (len(l.order) > 1 || !rightmost) {
			c.put(x-2-textWidth(line)+1, line, s)
		} else {
			c.put(x+2, line, s)
		}
		l.print(c)
	}
}

// nextLine is the column of the line to the right.
func (l *ladder) nextLine(x int) int {
	next := l.o.Width
	for _, h := range l.order {
		if l.at[h] > x {
			next = min(next, l.at[h])
		}
	}
	return next
}
