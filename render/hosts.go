package render

import "halfopen/netmodel"

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
	ringTallest = 104
	libHeight   = 16 // the name of the program or stack, at the bottom of its floor
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
	case n.router && r.H >= headHeight+34:
		f.name(h.Name, Rect{r.X, r.Y, r.W, headHeight}, textLabel)
	case d == nameOnly:
		f.dot(n, r, radius)
		f.name(h.Name, r, textTiny)
	case d == oneChip && !n.router:
		from := len(f.l.text)
		f.l.text = append(f.l.text, h.Name...)
		f.l.fit(from, r.W*0.42-12, textLabel, true)
		f.l.written(r.X+9, r.Y+r.H/2+4.5, from, textLabel, Ink, left, true)
	default:
		from := len(f.l.text)
		f.l.text = append(f.l.text, h.Name...)
		f.l.fit(from, r.W-16, textName, true)
		f.l.written(r.X+9, r.Y+17, from, textName, Ink, left, true)
		f.address(h.Addr, r)
	}
	if down != nil {
		f.l.say(", ", f.word("fault."+down.verb))
	}
	f.l.end()
	f.body(n, r, d)
	if down != nil {
		f.veil(r, radius, f.word("fault."+down.verb))
	}
}

// chosen reports whether a host is that of the client whose lanes are shown, where there are
// others.
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
		f.chip(Rect{r.X + r.W*0.42, r.Y + (r.H-20)/2, r.W*0.58 - 4, 20}, c, textSmall)
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
	w := f.l.measureBytes(f.l.text[from:], textSmall, false)
	name := &f.l.Items[len(f.l.Items)-1]
	if name.X+name.W+w+16 > r.X+r.W {
		f.l.text = f.l.text[:from]
		return
	}
	f.l.written(r.X+r.W-9, r.Y+17, from, textSmall, Soft, right, false)
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

// veil covers a box and says why: a host without power or interface, a program that does not run.
func (f *frame) veil(r Rect, radius float32, s string) {
	f.l.alpha = 150
	f.l.rect(r, radius, Background)
	f.l.alpha = 255
	f.l.frame(r, radius, 2, Danger)
	w := f.l.measure(s, 12, true)
	m := Point{r.X + r.W/2, r.Y + r.H/2}
	f.l.rect(Rect{m.X - w/2 - 8, m.Y - 10, w + 16, 20}, 10, Danger)
	f.l.writeBold(m.X, m.Y+4, s, 12, Paper, center)
}
