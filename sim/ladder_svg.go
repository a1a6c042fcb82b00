package sim

import (
	"bufio"
	"fmt"
	"html"
	"io"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// The measures of the drawing, in pixels.
const (
	svgLane   = 320 // between two hosts
	svgLeft   = 90  // for the times
	svgRow    = 16
	svgMargin = 40
	svgRows   = 5000 // a drawing longer than this is of no use to anybody
)

// ladderSVG draws the run as a sequence diagram: a line down for each host, an arrow for each
// segment that carries something, with a cross where it was lost, and what programs concluded.
func ladderSVG(w io.Writer, tr *trace.Trace) error {
	out := bufio.NewWriter(w)
	r := newRows(tr)
	var ids []trace.ID
	for i := range tr.Events {
		if id := trace.ID(i + 1); r.weight(id) > weightNone && len(ids) < svgRows {
			ids = append(ids, id)
		}
	}
	width := svgLeft + svgLane*len(tr.Hosts)
	height := svgMargin + svgRow*(len(ids)+2)
	fmt.Fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "+
		"font-family=\"monospace\" font-size=\"11\">\n<title>seed %d</title>\n"+
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n", width, height, tr.Seed)
	for i := range tr.Hosts {
		x := svgX(netmodel.HostID(i + 1))
		fmt.Fprintf(out, "<text x=\"%d\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">%s</text>"+
			"<line x1=\"%d\" y1=\"26\" x2=\"%d\" y2=\"%d\" stroke=\"#999\"/>\n", x,
			html.EscapeString(tr.Hosts[i].Name), x, x, height)
	}
	for i, id := range ids {
		r.draw(out, id, svgMargin+svgRow*(i+1))
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

func svgX(h netmodel.HostID) int { return svgLeft + svgLane*int(h) - svgLane/2 }

// draw draws one event as a row.
func (r *rows) draw(out io.Writer, id trace.ID, y int) {
	ev := r.tr.Event(id)
	_, what := r.text(id)
	what = html.EscapeString(what)
	fmt.Fprintf(out, "<text x=\"4\" y=\"%d\" fill=\"#666\">%s</text>", y, ev.At.Clock())
	switch {
	case ev.Kind == netmodel.SegmentSent && ev.Peer > 0 && ev.Host > 0:
		r.arrow(out, id, ev, y, what)
	case ev.Host > 0:
		x := svgX(ev.Host)
		fmt.Fprintf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"3\"/>"+
			"<text x=\"%d\" y=\"%d\">%s</text>\n", x, y-4, x+6, y, what)
	default:
		fmt.Fprintf(out, "<text x=\"%d\" y=\"%d\" fill=\"#a00\">%s</text>\n", svgLeft, y, what)
	}
}

// arrow draws a segment from its sender towards the next host on its way.
func (r *rows) arrow(out io.Writer, id trace.ID, ev *trace.Event, y int, what string) {
	from, to, colour := svgX(ev.Host), svgX(ev.Peer), "#06c"
	head := "&gt;"
	if to < from {
		head = "&lt;"
	}
	if r.lost(id) {
		to, colour, head = (from+to)/2, "#c00", "x"
	}
	fmt.Fprintf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>"+
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"%s\">%s</text>"+
		"<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", from, y-4, to, y-4, colour, to, y,
		colour, head,
		min(from, to)+10, y-5, colour, what)
}
