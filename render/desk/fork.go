package desk

import "halfopen/render"

// Fork keeps the run on the desk to compare with those that follow, and reports true; or, when a
// run is kept already, forgets it.
func (d *Desk) Fork() bool {
	if d.kept != nil || d.Index == nil {
		d.kept, d.compare = nil, nil
		return false
	}
	d.kept = d.Index
	d.compare = render.NewCompare(d.kept, d.Index)
	return true
}

// Difference is where the run on the desk parts from the one that was kept; ok is false if none is.
func (d *Desk) Difference() (diff render.Difference, ok bool) {
	if d.compare == nil {
		return render.Difference{}, false
	}
	return d.compare.Difference(), true
}
