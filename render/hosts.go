package render

import (
	"strconv"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/belief"
)

// detail is how much of a host there is room for.
type detail uint8

const (
	nameOnly   detail = iota
	oneChip           // a name and the belief of the application
	bothFloors        // application and kernel
)

// Heights of the parts of a host's box.
const (
	headHeight  = 24
	chipHeight  = 22
	titleHeight = 16
	ringHeight  = 54 // at least
	ringTallest = 76
	libHeight   = 14 // the name of the program or stack, at the bottom of its floor
)

// floors is how much of a host its box has room for.
func (f *frame) floors(r Rect) detail {
	switch {
	case r.H >= headHeight+2*(chipHeight+8) && r.W >= 76:
		return bothFloors
	case r.H >= 30 && r.W >= 60:
		return oneChip
	}
	return nameOnly
}

// split divides a box below its head into the application's floor and the kernel's.
func split(r Rect) (app, kernel Rect) {
	const pad = 5
	h := (r.H - headHeight - 2*pad) / 2
	app = Rect{r.X + pad, r.Y + headHeight, r.W - 2*pad, h}
	return app, Rect{app.X, app.Y + h + pad, app.W, h}
}

// host draws a host's box over the ends of its links.
func (f *frame) host(n *node, r Rect) {
	h := f.ix.tr.Host(n.id)
	f.l.begin(Ref{Role: RoleHost, Host: n.id, Time: f.t, Box: r})
	f.l.say(h.Name, " ")
	f.l.label = appendAddr(f.l.label, h.Addr)
	radius := min(8, r.H/4)
	f.l.rect(r, radius, Background)
	f.l.frame(r, radius, 1, Rule)
	if f.chosen(n) {
		f.l.frame(r, radius, 2, Accent)
	}
	down := f.hostFault(n.id)
	d := f.floors(r)
	switch {
	case d == nameOnly:
		f.dot(n, r, radius)
		f.name(h.Name, r, 10)
	case d == oneChip && !n.router:
		from := len(f.l.text)
		f.l.text = append(f.l.text, h.Name...)
		f.l.fit(from, r.W*0.42-12, 12, true)
		f.l.written(r.X+9, r.Y+r.H/2+4.5, from, 12, Ink, left, true)
	case n.router:
		f.name(h.Name, Rect{r.X, r.Y, r.W, headHeight}, 12)
	default:
		from := len(f.l.text)
		f.l.text = append(f.l.text, h.Name...)
		f.l.fit(from, r.W-16, 13, true)
		f.l.written(r.X+9, r.Y+17, from, 13, Ink, left, true)
		f.address(h.Addr, r)
	}
	if down != nil {
		f.l.say(", ", f.word("fault."+down.verb))
	}
	f.l.end()
	f.body(n, r, d)
	if down != nil {
		f.hostDown(r, down)
	}
}

// chosen reports whether a host is that of the client whose lanes are shown, where there are others.
func (f *frame) chosen(n *node) bool {
	if len(f.ix.world.nodes) < 3 || n.broker || n.client < 0 || f.ix.world.rows[n.column] < 2 {
		return false
	}
	b := f.ix.believer(f.v.Client)
	return b != nil && b.host == n.id
}

// dot tints a box that is too small for words by what its program believes. The words are in its
// label.
func (f *frame) dot(n *node, r Rect, radius float32) {
	c := f.appChip(n)
	if c.text == "" {
		return
	}
	f.l.say(": ", c.text)
	switch c.manner {
	case mannerSure:
		f.l.rect(r, radius, c.color)
	case mannerWrong:
		f.l.rect(r, radius, c.color)
		f.l.wrong(r)
	case mannerWaiting:
		f.l.hatch(r, 6, 1.5, c.color)
	case mannerKnows:
		f.l.frame(r, radius, 1.5, c.color)
	}
}

// body draws what is below a box's head.
func (f *frame) body(n *node, r Rect, d detail) {
	switch {
	case n.router:
		f.rings(n.id, Rect{r.X + 2, r.Y + headHeight, r.W - 4, r.H - headHeight - 4}, kernelRings)
	case d == bothFloors:
		app, kernel := split(r)
		f.appFloor(n, app)
		f.kernelFloor(n, kernel)
	case d == oneChip:
		c := f.appChip(n)
		f.chip(Rect{r.X + r.W*0.42, r.Y + (r.H-20)/2, r.W*0.58 - 4, 20}, c, 10.5)
	}
}

// name centres a host's name in a box, if there is room for one at all.
func (f *frame) name(s string, r Rect, size float32) {
	if r.H < size+2 {
		return
	}
	from := len(f.l.text)
	f.l.text = append(f.l.text, s...)
	f.l.fit(from, r.W-6, size, true)
	f.l.written(r.X+r.W/2, r.Y+r.H/2+size*0.36, from, size, Ink, center, true)
}

// appendAddr prints an address without allocating.
func appendAddr(b []byte, a netmodel.Addr) []byte {
	for i, n := range a.As4() {
		if i > 0 {
			b = append(b, '.')
		}
		b = appendInt(b, int64(n))
	}
	return b
}

// address shows a host's address where there is room beside its name.
func (f *frame) address(a netmodel.Addr, r Rect) {
	from := len(f.l.text)
	f.l.text = appendAddr(f.l.text, a)
	w := f.l.measureBytes(f.l.text[from:], 10.5, false)
	name := &f.l.Items[len(f.l.Items)-1]
	if name.X+name.W+w+16 > r.X+r.W {
		f.l.text = f.l.text[:from]
		return
	}
	f.l.written(r.X+r.W-9, r.Y+17, from, 10.5, Soft, right, false)
}

// floor draws a floor's ground and title. The badge says whether real code runs there.
func (f *frame) floor(r Rect, title, what string, real bool) Rect {
	f.l.rect(r, 6, Raised)
	if r.H < chipHeight+titleHeight+6 {
		return Rect{r.X + 4, r.Y + 3, r.W - 8, r.H - 6}
	}
	badge := f.word("badge.model")
	color := Soft
	if real {
		badge, color = f.word("badge.real"), MQTT
	}
	bw := f.l.measure(badge, 9.5, true) + 10
	if it := f.l.write(r.X+8, r.Y+14, title, 10.5, Soft, left); it.W+bw+18 <= r.W {
		f.l.frame(Rect{r.X + r.W - bw - 6, r.Y + 4, bw, 13}, 6.5, 1, color)
		f.l.writeBold(r.X+r.W-bw/2-6, r.Y+14, badge, 9.5, Ink, center)
	}
	inner := Rect{r.X + 6, r.Y + titleHeight + 4, r.W - 12, r.H - titleHeight - 8}
	if what != "" && inner.H >= chipHeight+ringHeight+libHeight {
		from := len(f.l.text)
		f.l.text = append(f.l.text, what...)
		f.l.fit(from, r.W-16, 10, false)
		f.l.written(r.X+8, r.Y+r.H-6, from, 10, Soft, left, false)
		inner.H -= libHeight
	}
	return inner
}

// appFloor draws the program of a host: what it believes, and its countdowns.
func (f *frame) appFloor(n *node, r Rect) {
	h := f.ix.tr.Host(n.id)
	f.l.begin(Ref{Role: RoleApp, Host: n.id, Time: f.t, Box: r})
	f.l.say(h.Name, " ", f.word("floor.app"), ": ")
	inner := f.floor(r, f.word("floor.app"), library(h.Real), h.Real != "")
	c := f.appChip(n)
	f.chip(Rect{inner.X, inner.Y, inner.W, chipHeight}, c, 11.5)
	f.l.end()
	f.rings(n.id, below(inner), appRings)
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
			i = owner // mochi-mqtt/server: the owner names it
		}
		path = path[i+1:]
	}
	if version != "" {
		path += " " + version
	}
	return path
}

// chipWords is a belief as a chip shows it.
type chipWords struct {
	text   string
	manner manner
	color  Color
	event  int32
}

// appChip is what a host's program believes. A broker's is about the view's client's session.
func (f *frame) appChip(n *node) chipWords {
	if b := f.believerAt(n); b != nil {
		lane := belief.ClientApp
		if n.broker {
			lane = belief.BrokerSession
		}
		return f.beliefChip(b, lane)
	}
	if n.client < 0 {
		return chipWords{}
	}
	s := f.ix.moods[n.client].now(f.t)
	return chipWords{text: f.word(stateWords[s.State]), manner: mannerOf(&s), color: MQTT}
}

// believerAt is the client whose belief a host shows: its own, or at a broker the view's. In a crowd
// only the view's client has one.
func (f *frame) believerAt(n *node) *beliefs {
	switch {
	case n.broker:
		return f.ix.believer(f.v.Client)
	case n.client < 0:
		return nil
	case len(f.ix.clients) <= manyClients || f.ix.clients[n.client] == f.v.Client:
		return f.ix.belief(n.client)
	}
	return nil
}

// beliefChip is what a lane says now.
func (f *frame) beliefChip(b *beliefs, lane belief.Lane) chipWords {
	s := b.lanes.At(lane, min(f.t, b.lanes.End-1))
	if s == nil {
		return chipWords{}
	}
	c := chipWords{text: f.stateText(lane, b, s), manner: mannerOf(s), color: laneColor(lane)}
	if c.manner == mannerNone && f.forgotten(lane, b, s) {
		c.manner = mannerKnows
	}
	if wrong(b.lie.Lanes[lane], f.t) {
		c.manner = mannerWrong
	}
	return c
}

// laneColor is green for programs and the path, sky for kernels.
func laneColor(lane belief.Lane) Color {
	if lane == belief.ClientTCP || lane == belief.BrokerTCP {
		return TCP
	}
	return MQTT
}

// chip draws a belief: filled if sure, striped while waiting, filled and hatched if wrong, hollow if
// it knows that the line is gone. The words are always there.
func (f *frame) chip(r Rect, c chipWords, size float32) {
	if c.text == "" || r.W < 20 {
		return
	}
	f.l.say(c.text)
	if c.manner == mannerWrong {
		f.l.say(" (", f.word("belief.wrong"), ")")
	}
	l, radius := f.l, r.H/2
	ink, plate := Ink, Raised
	switch c.manner {
	case mannerSure, mannerWrong:
		l.rect(r, radius, c.color)
		ink, plate = Paper, c.color
		if c.manner == mannerWrong {
			l.wrong(Rect{r.X + radius*0.6, r.Y + 1, r.W - radius*1.2, r.H - 2})
			l.frame(r, radius, 2, Danger)
		}
	case mannerWaiting:
		l.frame(r, radius, 1.5, c.color)
		l.alpha = 110
		l.hatch(Rect{r.X + radius*0.6, r.Y + 1, r.W - radius*1.2, r.H - 2}, 8, 2, c.color)
		l.alpha = 255
	case mannerKnows:
		l.frame(r, radius, 1.5, c.color)
	case mannerNone:
		l.frame(r, radius, 1, Rule)
	}
	f.chipText(r, c, size, ink, plate)
}

// chipText writes a chip's words: smaller, then in two lines, and cut only where even that is too
// wide.
func (f *frame) chipText(r Rect, c chipWords, size float32, ink, plate Color) {
	l, room := f.l, r.W-12
	w := l.measure(c.text, size, true)
	if w > room {
		size = max(size*room/w, 9.5)
		w = l.measure(c.text, size, true)
	}
	lines := [2]string{c.text}
	n := 1
	if w > room {
		lines[0], lines[1] = halves(c.text)
		n = 2
		w = max(l.measure(lines[0], size, true), l.measure(lines[1], size, true))
	}
	w = min(w, room)
	if c.manner == mannerWrong || c.manner == mannerWaiting {
		l.rect(Rect{r.X + r.W/2 - w/2 - 5, r.Y + 3, w + 10, r.H - 6}, 5, plate)
	}
	for i, s := range lines[:n] {
		from := len(l.text)
		l.text = append(l.text, s...)
		l.fit(from, room, size, true)
		y := r.Y + r.H/2 + size*0.36 + (float32(i)-float32(n-1)/2)*(size-0.5)
		l.written(r.X+r.W/2, y, from, size, ink, center, true)
	}
}

// halves parts words near their middle: at a space, or anywhere in a language without.
func halves(s string) (a, b string) {
	best := -1
	for i, r := range s {
		if (r == ' ' || r >= 0x3000) && i > 0 && abs(2*i-len(s)) < abs(2*best-len(s)) {
			best = i
		}
	}
	if best < 0 {
		return s, ""
	}
	return s[:best], strings.TrimPrefix(s[best:], " ")
}

func abs(n int) int { return max(n, -n) }

// kernelFloor draws a host's kernel: the states of its connections, and their countdowns.
func (f *frame) kernelFloor(n *node, r Rect) {
	h := f.ix.tr.Host(n.id)
	f.l.begin(Ref{Role: RoleKernel, Host: n.id, Time: f.t, Box: r})
	f.l.say(h.Name, " ", f.word("floor.kernel"), ": ")
	inner := f.floor(r, f.word("floor.kernel"), h.Profile, false)
	var all int
	f.l.spare.more, all = f.ix.open(f.l.spare.more[:0], n.id, f.t, 2)
	chip := Rect{inner.X, inner.Y, inner.W, chipHeight}
	switch {
	case all == 0:
		f.chip(chip, chipWords{text: f.word("kernel.none"), manner: mannerNone}, 11.5)
	case all > 2:
		text := strconv.Itoa(all) + " " + f.word("kernel.connections")
		f.chip(chip, chipWords{text: text, manner: mannerSure, color: TCP}, 11.5)
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
		f.chip(chip, c, 11.5)
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
		f.chip(chip, f.socketChip(n, netmodel.SocketID(id)), 11.5)
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

// hostFault is the fault of a host that is on, or nil.
func (f *frame) hostFault(id netmodel.HostID) *faultBand {
	for i := range f.ix.world.faults {
		if b := &f.ix.world.faults[i]; b.host == id && b.link == 0 && b.active(f.t) {
			return b
		}
	}
	return nil
}

// hostDown veils a host that has no power, or no interface, or is frozen.
func (f *frame) hostDown(r Rect, b *faultBand) {
	f.l.alpha = 150
	f.l.rect(r, 8, Background)
	f.l.alpha = 255
	f.l.frame(r, 8, 2, Danger).Dash = Dashed
	s := f.word("fault." + b.verb)
	w := f.l.measure(s, 12, true)
	m := Point{r.X + r.W/2, r.Y + r.H/2}
	f.l.rect(Rect{m.X - w/2 - 8, m.Y - 10, w + 16, 20}, 10, Danger)
	f.l.writeBold(m.X, m.Y+4, s, 12, Paper, center)
}
