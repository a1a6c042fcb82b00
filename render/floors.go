package render

import (
	"strconv"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/trace"
)

// floor draws a floor's ground and title. The badge says whether real code runs there.
func (f *frame) floor(r Rect, title, what string, real, lit bool) Rect {
	f.l.rect(r, 6, Raised)
	if lit {
		f.l.frame(r, 6, 2, Accent)
	}
	if r.H < chipHeight+titleHeight+6 {
		return Rect{r.X + 4, r.Y + 3, r.W - 8, r.H - 6}
	}
	badge := f.word("badge.model")
	color := Soft
	if real {
		badge, color = f.word("badge.real"), MQTT
	}
	bw := f.l.measure(badge, textTiny, true) + 10
	if it := f.l.write(r.X+8, r.Y+14, title, textSmall, Soft, left); it.W+bw+18 <= r.W {
		f.l.frame(Rect{r.X + r.W - bw - 6, r.Y + 4, bw, 13}, 6.5, 1, color)
		f.l.writeBold(r.X+r.W-bw/2-6, r.Y+14, badge, textTiny, Ink, center)
	}
	inner := Rect{r.X + 6, r.Y + titleHeight + 4, r.W - 12, r.H - titleHeight - 8}
	if what != "" && inner.H >= chipHeight+ringHeight+libHeight {
		from := len(f.l.text)
		f.l.text = append(f.l.text, what...)
		f.l.fit(from, r.W-16, textSmall, false)
		f.l.written(r.X+8, r.Y+r.H-6, from, textSmall, Soft, left, false)
		inner.H -= libHeight
	}
	return inner
}

// appFloor draws the program of a host: what it believes, and its countdowns.
func (f *frame) appFloor(n *node, r Rect) {
	h := f.ix.tr.Host(n.id)
	f.l.begin(Ref{Role: RoleApp, Host: n.id, Time: f.t, Box: r})
	f.l.say(h.Name, " ", f.word("floor.app"), ": ")
	inner := f.floor(r, f.word("floor.app"), library(h.Real), h.Real != "",
		f.litFloor(n.id, true))
	c := f.appChip(n)
	f.chip(Rect{inner.X, inner.Y, inner.W, chipHeight}, c, textLabel)
	f.l.end()
	f.rings(n.id, below(inner), appRings)
	if b := f.band(n.id); b != nil {
		f.veil(r, 6, f.word(b.key))
	}
}

// litFloor reports whether the selected or hovered event happened on a floor: what a program did or
// saw on the application's, a timer or a change of state in the kernel.
func (f *frame) litFloor(h netmodel.HostID, app bool) bool {
	for _, id := range [...]trace.ID{f.v.Selected, f.v.Hover} {
		ev := f.ix.tr.Event(id)
		if ev == nil || ev.Host != h || f.v.hides(ev.At) {
			continue
		}
		switch ev.Kind {
		case netmodel.SegmentSent, netmodel.SegmentArrived, netmodel.SegmentDropped,
			netmodel.FaultBegan, netmodel.FaultEnded:
		default:
			if app == (ev.Kind >= trace.FirstApp) {
				return true
			}
		}
	}
	return false
}

// below is what is left of a floor under its chip.
func below(inner Rect) Rect {
	return Rect{inner.X, inner.Y + chipHeight + 4, inner.W, inner.H - chipHeight - 4}
}

// library shortens "github.com/eclipse/paho.mqtt.golang v1.5.1" to its last part and version.
func library(real string) string {
	path, version, _ := strings.Cut(real, " ")
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		if base := path[i+1:]; len(base) > 1 && base[0] == 'v' && base[1] >= '0' && base[1] <= '9' {
			path = path[:i] // a major version's folder
			i = strings.LastIndexByte(path, '/')
		}
		if owner := strings.LastIndexByte(path[:i], '/'); path[i+1:] == "server" {
			path, i = path[:i], owner // mochi-mqtt/server: the owner names it
		}
		path = path[i+1:]
	}
	if version != "" {
		path += " " + version
	}
	return path
}

// kernelFloor draws a host's kernel: the states of its connections, and their countdowns.
func (f *frame) kernelFloor(n *node, r Rect) {
	h := f.ix.tr.Host(n.id)
	f.l.begin(Ref{Role: RoleKernel, Host: n.id, Time: f.t, Box: r})
	f.l.say(h.Name, " ", f.word("floor.kernel"), ": ")
	inner := f.floor(r, f.word("floor.kernel"), h.Profile, false, f.litFloor(n.id, false))
	var all int
	f.l.spare.more, all = f.ix.open(f.l.spare.more[:0], n.id, f.t, 2)
	chip := Rect{inner.X, inner.Y, inner.W, chipHeight}
	switch {
	case all == 0:
		f.chip(chip, chipWords{text: f.word("kernel.none"), manner: mannerNone}, textLabel)
	case all > 2:
		text := strconv.Itoa(all) + " " + f.word("kernel.connections")
		f.chip(chip, chipWords{text: text, manner: mannerSure, color: TCP}, textLabel)
	default:
		inner = f.socketChips(n, inner, chip)
	}
	f.l.end()
	f.rings(n.id, below(inner), kernelRings)
}

// socketChips shows one or two connections, below each other where there is room, and returns the
// floor from the last chip on.
func (f *frame) socketChips(n *node, inner, chip Rect) Rect {
	ids := f.l.spare.more
	stacked := inner.H >= 2*chipHeight+4+ringHeight
	switch {
	case stacked || len(ids) < 2:
	case chip.W < 150: // the older one only as a number
		c := f.socketChip(n, netmodel.SocketID(ids[0]))
		c.text += " +1"
		f.chip(chip, c, textLabel)
		return inner
	default:
		chip.W = (chip.W - 4) / 2
	}
	for i, id := range ids {
		if i > 0 {
			f.l.say(", ")
			if stacked {
				chip.Y += chipHeight + 4
				inner.Y, inner.H = inner.Y+chipHeight+4, inner.H-chipHeight-4
			} else {
				chip.X += chip.W + 4
			}
		}
		f.chip(chip, f.socketChip(n, netmodel.SocketID(id)), textLabel)
	}
	return inner
}

// socketChip is what a kernel thinks of one connection.
func (f *frame) socketChip(n *node, id netmodel.SocketID) chipWords {
	st, _ := f.ix.stateAt(id, f.t)
	c := chipWords{text: st.String(), manner: mannerKnows, color: TCP}
	switch st {
	case netmodel.Established:
		c.manner = mannerSure
	case netmodel.SynSent, netmodel.SynReceived:
		c.manner = mannerWaiting
	}
	if f.ix.old(id, f.t) {
		c.text = f.word("packet.old") + ": " + c.text
	}
	lane := belief.ClientTCP
	if n.broker {
		lane = belief.BrokerTCP
	}
	b := f.believerAt(n)
	if b == nil {
		return c
	}
	s := b.lanes.At(lane, min(f.t, b.lanes.End-1))
	if s == nil || s.Socket != id {
		return c
	}
	if s.State == belief.Retransmitting {
		c.text, c.manner = f.stateText(lane, b, s), mannerWaiting
	}
	if wrong(b.lie.Lanes[lane], f.t) {
		c.manner = mannerWrong
	}
	return c
}
