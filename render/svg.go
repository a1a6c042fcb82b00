package render

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// SVG is the picture of a trace at an instant as a file of its own. Text stays text.
func SVG(tr *trace.Trace, t netmodel.Time, v View) []byte {
	var l List
	NewIndex(tr).At(t, &v, &l)
	return l.SVG()
}

// SVG paints the list as a file.
func (l *List) SVG() []byte { return nil }
