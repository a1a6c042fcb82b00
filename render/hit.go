package render

// Rect is a box in CSS pixels.
type Rect struct{ X, Y, W, H float32 }

// Contains reports whether the point lies in the box grown by slop on each side.
func (r Rect) Contains(x, y, slop float32) bool {
	return x >= r.X-slop && x <= r.X+r.W+slop && y >= r.Y-slop && y <= r.Y+r.H+slop
}

// Empty reports whether the box has no area.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// inset returns the box without a margin of d.
func (r Rect) inset(d float32) Rect { return Rect{r.X + d, r.Y + d, r.W - 2*d, r.H - 2*d} }

// Hit returns the topmost Ref at a point, and nil where there is none. Small things are hard to
// hit, with a finger above all: slop widens every area (4 for a mouse, 16 for touch), but what
// really contains the point wins over what is merely near, and a small thing over a panel.
func (l *List) Hit(x, y, slop float32) *Ref {
	var near *Ref
	for i := len(l.Refs) - 1; i >= 0; i-- {
		r := &l.Refs[i]
		if r.panel() {
			continue
		}
		if r.Box.Contains(x, y, 0) {
			return r
		}
		if near == nil && r.Box.Contains(x, y, slop) {
			near = r
		}
	}
	if near != nil {
		return near
	}
	return l.Panel(x, y)
}

// Panel returns the panel at a point: where a drag or a wheel belongs.
func (l *List) Panel(x, y float32) *Ref {
	for i := range l.Refs {
		if r := &l.Refs[i]; r.panel() && r.Box.Contains(x, y, 0) {
			return r
		}
	}
	return nil
}

func (r *Ref) panel() bool { return r.Role >= RoleStage && r.Role <= RoleScrubber }
