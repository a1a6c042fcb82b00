package render

import (
	"slices"
	"strconv"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// What a learner does to a segment in flight. A segment has no name in a scenario, so the edit
// says what it is and how many of its kind go before it: "at 2:05.049 drop phone > hub
// match=PINGREQ count=1". The fault begins before the segment is sent, because a run is made again
// from its start; what had happened until then stays as it was.

// DropSegment loses the segment of a SegmentSent. It reports false for what never was on a link.
func (ix *Index) DropSegment(id trace.ID) (Edit, bool) {
	fl := ix.flightBySent(id)
	if fl == nil || fl.link == 0 {
		return Edit{}, false
	}
	at := before1ms(fl.t0)
	match := ix.matchName(id)
	keys := []scenario.KeyValue{{Key: "match", Value: match}}
	if n := ix.sentSince(at, fl, match); n > 0 {
		keys = append(keys, scenario.KeyValue{Key: "skip", Value: strconv.Itoa(n)})
	}
	keys = append(keys, scenario.KeyValue{Key: "count", Value: "1"})
	e := Fault("drop", path(ix.names(fl)), keys, at, 0)
	e.Key, e.Args = "edit.drop", []string{fl.name}
	return e, true
}

// DelaySegment makes the segment of a SegmentSent arrive later; what is sent within the same
// millisecond is late, too.
func (ix *Index) DelaySegment(id trace.ID, by time.Duration) (Edit, bool) {
	fl := ix.flightBySent(id)
	if fl == nil || fl.link == 0 {
		return Edit{}, false
	}
	a, b, _ := ix.names(fl)
	e := Fault("latency", []string{a, ">", b, by.String()}, nil, before1ms(fl.t0),
		2*time.Millisecond)
	e.Key, e.Args = "edit.delay", []string{fl.name}
	return e, true
}

// names are the ends of a flight's link, for path.
func (ix *Index) names(fl *flight) (from, to string, oneWay bool) {
	return ix.tr.Host(fl.from).Name, ix.tr.Host(fl.to).Name, true
}

// before1ms is the last whole millisecond before an instant.
func before1ms(t netmodel.Time) netmodel.Time {
	t = max(t-1, 0)
	return t - t%editGrain
}

// flightBySent finds the flight of a SegmentSent, or nil.
func (ix *Index) flightBySent(id trace.ID) *flight {
	lo, hi := 0, len(ix.flights)
	for lo < hi {
		if mid := (lo + hi) / 2; ix.flights[mid].sent < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(ix.flights) && ix.flights[lo].sent == id {
		return &ix.flights[lo]
	}
	return nil
}

// matchName is how a drop fault names a segment: by the MQTT packet that begins in it, a control
// bit, or not at all.
func (ix *Index) matchName(id trace.ID) string {
	ev := ix.tr.Event(id)
	if p, _ := ix.packets(ev); p != nil {
		return p.Name()
	}
	for _, f := range [...]netmodel.Flags{netmodel.SYN, netmodel.RST, netmodel.FIN} {
		if ev.Seg.Flags.Has(f) {
			return f.String()
		}
	}
	return "any"
}

// sentSince counts the segments of that name that went the same way from an instant on, before fl.
func (ix *Index) sentSince(at netmodel.Time, fl *flight, match string) int {
	n := 0
	for i := range ix.flights {
		o := &ix.flights[i]
		if o.sent >= fl.sent {
			break
		}
		if o.t0 >= at && o.link == fl.link && o.from == fl.from &&
			(match == "any" || ix.matchName(o.sent) == match) {
			n++
		}
	}
	return n
}

// DuplicateSegment delivers the segment of a SegmentSent twice; what is sent within the same
// millisecond comes twice, too.
func (ix *Index) DuplicateSegment(id trace.ID) (Edit, bool) {
	return ix.moment(id, "duplicate", "edit.duplicate")
}

// CorruptSegment damages the segment of a SegmentSent, and what is sent within the same
// millisecond: the receiver's checksum does not fit, and it says nothing.
func (ix *Index) CorruptSegment(id trace.ID) (Edit, bool) {
	return ix.moment(id, "corrupt", "edit.corrupt")
}

// moment is a fault that lasts for the millisecond in which a segment is sent.
func (ix *Index) moment(id trace.ID, verb, key string) (Edit, bool) {
	fl := ix.flightBySent(id)
	if fl == nil || fl.link == 0 {
		return Edit{}, false
	}
	e := Fault(verb, path(ix.names(fl)), nil, before1ms(fl.t0), 2*time.Millisecond)
	e.Key, e.Args = key, []string{fl.name}
	return e, true
}

// Delivered reports whether an event sent a segment over a link, and it arrived.
func (ix *Index) Delivered(id trace.ID) bool {
	fl := ix.flightBySent(id)
	return fl != nil && fl.link != 0 && !fl.lost
}

// Flying lists the SegmentSent of what is on a link at an instant, by time of sending.
func (ix *Index) Flying(t netmodel.Time) []trace.ID {
	var ids []trace.ID
	for _, i := range ix.air.touching(nil, t, t) {
		if fl := &ix.flights[i]; fl.link != 0 && fl.t0 <= t && t < fl.t1 {
			ids = append(ids, fl.sent)
		}
	}
	slices.Sort(ids)
	return ids
}
