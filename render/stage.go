package render

import (
	"strconv"

	"halfopen/netmodel"
)

// Sizes on the stage.
const (
	stagePad    = 14
	clockHeight = 34
	hostWidest  = 224
	hostTallest = 380
	routerTall  = 132
	routerLow   = 92 // on a phone
	hostGap     = 10
	wireLeast   = 56 // between two boxes
	trackOffset = 22 // of each direction from the middle of its link
)

// stage draws the hosts, the links between them and what flies there.
func (f *frame) stage() {
	if f.lo.Stage.Empty() {
		return
	}
	f.panel(RoleStage, f.lo.Stage, "panel.stage")
	f.clock()
	f.placeHosts()
	f.placeWires()
	for i := range f.ix.tr.Links {
		f.link(netmodel.LinkID(i + 1))
	}
	f.segments()
	for i := range f.ix.world.nodes {
		f.host(&f.ix.world.nodes[i], f.boxes()[i])
	}
	f.chips()
}

// panel begins a part of the picture: a hit area with a name.
func (f *frame) panel(role Role, r Rect, key string) {
	f.l.begin(Ref{Role: role, Box: r, Time: f.t})
	f.l.say(f.word(key))
	f.l.rect(r, 0, Panel)
	f.l.end()
}

// clock shows the instant and the speed.
func (f *frame) clock() {
	s := f.lo.Stage
	size := float32(20)
	if f.lo.Narrow || s.W < 340 {
		size = 15
	}
	y := s.Y + stagePad + size*0.72
	from := len(f.l.text)
	f.l.text = f.t.AppendClock(f.l.text)
	clock := *f.l.written(s.X+stagePad, y, from, size, Ink, left, true)
	if f.v.Title != "" && !f.lo.Narrow {
		from = len(f.l.text)
		f.l.text = append(f.l.text, f.v.Title...)
		f.l.fit(from, s.W-2*stagePad-clock.W-100, 12, false)
		f.l.written(clock.X+clock.W+16, y, from, 12, Soft, left, false)
	}
	if f.v.SpeedLabel != "" {
		f.l.write(s.X+s.W-stagePad, y, f.v.SpeedLabel, 12, Soft, right)
	}
}

// appendSeconds prints a duration as people read countdowns: 7.3, 83, 254.
func appendSeconds(b []byte, d netmodel.Time) []byte {
	if d < 0 {
		d = 0
	}
	if d < 9950e6 {
		tenths := (int64(d) + 50e6) / 100e6
		b = strconv.AppendInt(b, tenths/10, 10)
		return append(b, '.', byte('0'+tenths%10))
	}
	return strconv.AppendInt(b, (int64(d)+500e6)/1e9, 10)
}

// boxes are the hosts' boxes, by host ID - 1. They live in the list's scratch memory.
func (f *frame) boxes() []Rect { return f.l.spare.boxes }

// placeHosts lays the grid of hosts into the stage: clients left, brokers right, routers between.
func (f *frame) placeHosts() {
	w := &f.ix.world
	area := f.lo.Stage.inset(stagePad)
	if f.lo.Narrow {
		area = f.lo.Stage.inset(8)
	}
	head := float32(clockHeight)
	if f.lo.Narrow {
		head = 22
	}
	area.Y, area.H = area.Y+head, area.H-head
	middle := float32(w.columns - 2)
	mw := min(max(area.W*0.15, 50), 100)
	share := 0.33 - 0.04*middle
	if area.W < 340 {
		share = 0.36
	}
	bw := min(area.W*share, hostWidest, (area.W-middle*mw-(middle+1)*wireLeast)/2)
	gap := (area.W - 2*bw - middle*mw) / (middle + 1)
	f.l.spare.boxes = f.l.spare.boxes[:0]
	for i := range w.nodes {
		n := &w.nodes[i]
		x, width, tall := area.X, bw, float32(hostTallest)
		if n.column > 0 {
			x += bw + gap + float32(n.column-1)*(mw+gap)
			if n.column < w.columns-1 {
				width, tall = mw, routerTall
				if f.lo.Narrow {
					tall = routerLow
				}
			}
		}
		rows := float32(w.rows[n.column])
		g := min(float32(hostGap), area.H/rows/4)
		slot := (area.H - (rows-1)*g) / rows
		h := min(slot, tall)
		y := area.Y + float32(n.row)*(slot+g) + (slot-h)/2
		f.l.spare.boxes = append(f.l.spare.boxes, Rect{x, y, width, h})
	}
	f.levelRouters(area)
}

// levelRouters puts a router that stands alone in its column to the height of its neighbours'
// wires.
func (f *frame) levelRouters(area Rect) {
	w := &f.ix.world
	boxes := f.boxes()
	for i := range w.nodes {
		n := &w.nodes[i]
		if !n.router || w.rows[n.column] > 1 {
			continue
		}
		sum, ends := float32(0), float32(0)
		for j := range w.nodes {
			if o := &w.nodes[j]; !o.router && (w.rows[o.column] == 1 || o.broker) {
				sum, ends = sum+f.wireY(o.id), ends+1
			}
		}
		if ends > 0 {
			y := sum/ends - boxes[i].H/2
			boxes[i].Y = min(max(y, area.Y), area.Y+area.H-boxes[i].H)
		}
	}
}

// portAt is where a link meets a host's box: the middle of its kernel, spread out where several
// links meet the same side.
func (f *frame) portAt(h netmodel.HostID, p port) Point {
	r := f.boxes()[h-1]
	at := Point{r.X, f.wireY(h)}
	if p.right {
		at.X += r.W
	}
	if p.n > 1 {
		room := min(r.H-24, float32(p.n)*64) / float32(p.n)
		at.Y = r.Y + r.H/2 + (float32(p.at)-float32(p.n-1)/2)*room
	}
	return at
}

// wireY is the height of a host's own end of a single link.
func (f *frame) wireY(h netmodel.HostID) float32 {
	r := f.boxes()[h-1]
	if n := &f.ix.world.nodes[h-1]; !n.router && f.floors(r) == bothFloors {
		_, kernel := split(r)
		return kernel.Y + kernel.H/2
	}
	return r.Y + r.H/2
}
