package render

import (
	"bytes"
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Op says what an Item draws.
type Op uint8

// The operations. A Stroke of 0 fills a shape, more outlines it with a line of that width.
const (
	_       Op = iota
	OpRect     // box X, Y, W, H with corner radius R
	OpDisc     // circle around X, Y with radius R
	OpArc      // part of a circle around X, Y with radius R, from turn A to turn B, Stroke wide
	OpPoly     // convex polygon through Pts, closed
	OpLine     // polyline through Pts, Stroke wide, dashed by Dash
	OpHatch    // diagonal lines in the box X, Y, W, H, R apart and Stroke wide: see HatchLines
	OpText     // Text with its baseline's left end at X, Y; W is its measured width
	OpClip     // from here on nothing outside X, Y, W, H is painted; a W of 0 ends that
)

// Dash is a pattern of a line.
type Dash uint8

// The patterns: lengths of ink and gap are in dashes.
const (
	Solid Dash = iota
	Dashed
	Dotted
)

var dashes = [...][2]float32{Solid: {0, 0}, Dashed: {6, 4}, Dotted: {1.5, 3.5}}

// Pattern returns the lengths of ink and gap in pixels; 0, 0 for a solid line.
func (d Dash) Pattern() (ink, gap float32) { return dashes[d][0], dashes[d][1] }

// Point is a place in the picture, in CSS pixels from the top left corner.
type Point struct{ X, Y float32 }

// Item is one thing to paint. Lists keep items in painting order, the first lowest.
type Item struct {
	Op         Op
	Color      Color
	Alpha      uint8 // 255 is opaque
	Dash       Dash
	Bold       bool
	X, Y, W, H float32
	R          float32 // radius, or spacing of a hatch
	Stroke     float32
	A, B       float32 // turns, clockwise from 12 o'clock
	Size       float32 // of text
	from, to   int32   // of the points or of the text
	Ref        int32   // index of its Ref plus 1; 0: decoration
}

// Role says what a Ref is, for hit tests and for assistive technology.
type Role uint8

// The roles.
const (
	_              Role = iota
	RoleHost            // Host
	RoleApp             // the application floor of Host: what it believes
	RoleKernel          // the kernel floor of Host
	RoleLink            // Link
	RolePacket          // a segment in flight or just lost: Event is its SegmentSent
	RoleArrow           // the same segment on the ladder
	RoleRing            // a countdown: Event armed it
	RoleNote            // something an application did, on the ladder: Event
	RoleFold            // a strip of silence on the ladder: Time is its begin
	RoleSpan            // a span of a belief lane: Event caused it, Time is its begin
	RoleLie             // the measured disagreement
	RoleFault           // a fault's band: Event is its FaultBegan
	RoleStage           // the panel
	RoleLadder          // the panel: a vertical time axis, see Layout.TimeAtY
	RoleLanes           // the panel: a horizontal time axis, see Layout.TimeAt
	RoleScrubber        // the panel: the same axis; Time is the playhead
	RoleMark            // a bookmark or the prediction
	RoleDifference      // where two runs part
)

// Ref ties items to what they stand for. Its label is the accessible name, in the view's language.
type Ref struct {
	Role     Role
	Event    trace.ID
	Host     netmodel.HostID
	Link     netmodel.LinkID
	Time     netmodel.Time
	Box      Rect // where it can be hit
	from, to int32
}

// List is one picture. The zero value is empty and ready; Reset keeps its memory, so that a list
// that is used again allocates nothing.
type List struct {
	W, H  float32
	Theme Theme
	Items []Item
	Refs  []Ref
	pts   []Point
	text  []byte
	label []byte

	font  Metrics
	ref   int32 // the Ref of the items being drawn
	alpha uint8
	spare scratch
}

// Reset empties the list for a new picture of that size.
func (l *List) Reset(v *View) {
	l.W, l.H, l.Theme = v.W, v.H, v.Theme
	l.Items, l.Refs = l.Items[:0], l.Refs[:0]
	l.pts, l.text, l.label = l.pts[:0], l.text[:0], l.label[:0]
	l.font, l.ref, l.alpha = v.metrics(), 0, 255
}

// Pts returns the points of an OpPoly or OpLine.
func (l *List) Pts(it *Item) []Point { return l.pts[it.from:it.to] }

// Text returns the text of an OpText. It is valid until the list is reset.
func (l *List) Text(it *Item) []byte { return l.text[it.from:it.to] }

// Label returns the accessible name of a Ref, like "PINGREQ, client to broker, lost: cut".
func (l *List) Label(r *Ref) string { return string(l.label[r.from:r.to]) }

// RefOf returns what an item stands for, or nil for decoration.
func (l *List) RefOf(it *Item) *Ref {
	if it.Ref == 0 {
		return nil
	}
	return &l.Refs[it.Ref-1]
}

// Equal reports whether two lists paint the same pixels; an unchanged frame need not be painted.
// Labels are not compared: they follow from the same facts.
func (l *List) Equal(m *List) bool {
	return l.W == m.W && l.H == m.H && l.Theme == m.Theme &&
		slices.Equal(l.Items, m.Items) && slices.Equal(l.pts, m.pts) && bytes.Equal(l.text, m.text)
}
