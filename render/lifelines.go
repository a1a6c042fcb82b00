package render

import (
	"halfopen/netmodel"
)

// onLadder reports whether a host has a lifeline.
func (ix *Index) onLadder(h, only netmodel.HostID) bool {
	if h <= 0 || int(h) > len(ix.world.nodes) {
		return false
	}
	n := &ix.world.nodes[h-1]
	return only == 0 || h == only || n.router || n.broker
}

// lifelines are the x of each host, by ID - 1; hosts without a lifeline have 0.
func (f *frame) lifelines() []float32 {
	xs := f.l.spare.xs[:0]
	var only netmodel.HostID
	if len(f.ix.world.nodes) > crowd {
		if b := f.ix.believer(f.v.Client); b != nil {
			only = b.host
		}
	}
	n := 0
	for i := range f.ix.world.nodes {
		if f.ix.onLadder(netmodel.HostID(i+1), only) {
			n++
		}
		xs = append(xs, 0)
	}
	p := f.lo.Ladder
	x0, x1 := p.X+timeColumn+26, p.X+p.W-loopColumn
	if !f.v.Loopback {
		x1 = p.X + p.W - 36
	}
	at := 0
	for column := range f.ix.world.columns {
		for i := range f.ix.world.nodes {
			node := &f.ix.world.nodes[i]
			if node.column != column || !f.ix.onLadder(node.id, only) {
				continue
			}
			xs[i] = x0 + (x1-x0)*float32(at)/float32(max(n-1, 1))
			at++
		}
	}
	f.l.spare.xs = xs
	return xs
}

// lines draws the lifelines, as far as the future may be seen.
func (f *frame) lines(r *rungs, xs []float32) {
	last := f.seen(f.ix.Length())
	y1 := min(r.y(last), r.body.Y+r.body.H)
	for _, x := range xs {
		if x > 0 {
			f.l.line(x, r.body.Y, x, y1, 1.5, Rule)
		}
	}
}

// ladderHead names the lifelines.
func (f *frame) ladderHead(xs []float32) {
	p := f.lo.Ladder
	n := 0
	for _, x := range xs {
		if x > 0 {
			n++
		}
	}
	room := (p.W - timeColumn) / float32(max(n, 1))
	for i, x := range xs {
		if x == 0 {
			continue
		}
		from := len(f.l.text)
		f.l.text = append(f.l.text, f.ix.tr.Hosts[i].Name...)
		f.l.fit(from, room-6, textLabel, true)
		f.l.written(x, p.Y+17, from, textLabel, Ink, center, true)
	}
	f.l.line(p.X, p.Y+ladderHead-0.5, p.X+p.W, p.Y+ladderHead-0.5, 1, Rule)
}
