package render

import (
	"halfopen/netmodel"
)

// ladderSum says that nothing is left out: folded and drawn time make the run.
func (f *frame) ladderSum(r *rungs) {
	p := f.lo.Ladder
	folded := netmodel.Time(r.a.folded)
	if r.lin || f.v.HideAfter > 0 {
		return
	}
	from := len(f.l.text)
	b := append(f.l.text, f.word("ladder.folded")...)
	b = f.appendLength(append(b, ' '), folded)
	b = append(append(b, " + "...), f.word("ladder.drawn")...)
	b = f.appendLength(append(b, ' '), f.ix.Length()-folded)
	b = f.appendLength(append(b, " = "...), f.ix.Length())
	f.l.text = b
	f.l.fit(from, p.W-16, textTiny, false)
	f.l.written(p.X+p.W-8, p.Y+p.H-6, from, textTiny, Soft, right, false)
}

// strips draws folded silence as torn strips with their length.
func (f *frame) strips(r *rungs) {
	if r.lin {
		return
	}
	from, to := r.visibleTimes()
	for i := range r.a.strips {
		s := &r.a.strips[i]
		end := f.seen(s.end)
		if s.end < from || s.begin > to || end.Sub(s.begin) <= silence {
			continue
		}
		y0 := r.body.Y + float32(s.y0-r.top)
		f.strip(s, Rect{r.body.X + timeColumn, y0, r.body.W - timeColumn - 8, stripHeight})
	}
}

func (f *frame) strip(s *strip, r Rect) {
	end := f.seen(s.end)
	f.l.begin(Ref{Role: RoleFold, Time: s.begin, Box: r})
	f.l.rect(r, 0, Panel)
	f.tear(r.X, r.X+r.W, r.Y)
	f.tear(r.X, r.X+r.W, r.Y+r.H)
	from := len(f.l.text)
	f.l.text = f.appendLength(f.l.text, end-s.begin)
	f.l.text = append(f.l.text, f.word("ladder.nothing")...)
	f.l.label = append(f.l.label, f.l.text[from:]...)
	color := Soft
	f.l.written(r.X+r.W/2, r.Y+r.H/2+4, from, textSmall, color, center, false)
	f.l.end()
}

// tear draws a torn edge.
func (f *frame) tear(x0, x1, y float32) {
	from := f.l.points()
	const tooth = 7
	up := float32(2)
	for x := x0; x < x1; x += tooth {
		f.l.pts = append(f.l.pts, Point{x, y + up})
		up = -up
	}
	f.l.pts = append(f.l.pts, Point{x1, y})
	f.l.path(from, 1, Rule)
}
