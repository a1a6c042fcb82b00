package desk

import (
	"time"

	"halfopen/render"
	"halfopen/render/words"
	"halfopen/sim/trace"
)

// Act is something that a person can do to a segment: its name, and what a menu says.
type Act struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// acts are what can be done, in the order of the menu; the words are "act." and the name. The
// delays are one that TCP does not notice and one that makes it send again: the shortest
// retransmission timeout is 200 ms (Linux, TCP_RTO_MIN) and the first for a SYN 1 s
// (RFC 6298, 2.1).
var acts = []struct {
	name string
	make func(*render.Index, trace.ID) (render.Edit, bool)
}{
	{"drop", (*render.Index).DropSegment},
	{"delay", delay(100 * time.Millisecond)},
	{"delay-long", delay(3 * time.Second)},
	{"duplicate", (*render.Index).DuplicateSegment},
	{"corrupt", (*render.Index).CorruptSegment},
}

func delay(by time.Duration) func(*render.Index, trace.ID) (render.Edit, bool) {
	return func(ix *render.Index, id trace.ID) (render.Edit, bool) { return ix.DelaySegment(id, by) }
}

// Acts lists what can be done to the segment of an event: nothing if it is no SegmentSent, if the
// segment stayed inside a host, or if it never arrived anyway.
func (d *Desk) Acts(id trace.ID) []Act {
	if d.Index == nil || !d.Index.Delivered(id) || d.hidden(d.Index.Trace().Event(id).At) {
		return nil
	}
	out := make([]Act, len(acts))
	for i, a := range acts {
		out[i] = Act{a.name, words.Get(d.View.Lang, "act."+a.name)}
	}
	return out
}

// Act does one of them: an edit of the scenario, which begins before the segment is sent. The
// playhead stays, so that what becomes of the segment is seen at once.
func (d *Desk) Act(name string, id trace.ID) bool {
	for _, a := range acts {
		if a.name != name || d.Index == nil || !d.Index.Delivered(id) {
			continue
		}
		if e, ok := a.make(d.Index, id); ok {
			d.Do(e)
			return true
		}
	}
	return false
}

// Flying lists the segments that are on a link at the playhead, by time of sending.
func (d *Desk) Flying() []trace.ID {
	if d.Index == nil {
		return nil
	}
	return d.Index.Flying(d.Player.At)
}
