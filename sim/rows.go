package sim

import (
	"fmt"
	"slices"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// rows prints those events of a run that explain an event, a dozen at most: what a failed test
// shows. The whole ladder is in the artefacts.
type rows struct {
	tr    *trace.Trace
	flows *flow.Flows
	fate  map[trace.ID]trace.ID // SegmentSent: its SegmentArrived or SegmentDropped
}

func newRows(tr *trace.Trace) *rows {
	r := &rows{tr: tr, flows: flow.Of(tr), fate: make(map[trace.ID]trace.ID)}
	for i := range tr.Events {
		switch ev := &tr.Events[i]; ev.Kind {
		case netmodel.SegmentArrived, netmodel.SegmentDropped:
			r.fate[ev.Of] = trace.ID(i + 1)
		}
	}
	return r
}

// The weights by which rows are chosen when there are more than fit.
const (
	weightNone  = 0
	weightWire  = 1  // packets that arrived
	weightLoss  = 3  // packets that did not
	weightState = 12 // what somebody concluded
	weightCause = 20 // a link of the chain of causes
	weightFocus = 30
)

// around chooses n events for the explanation of one: it, its causes, and what matters next to it.
func (r *rows) around(focus trace.ID, n int) []trace.ID {
	if focus <= 0 {
		focus = trace.ID(len(r.tr.Events))
	}
	chosen := map[trace.ID]int{focus: weightFocus}
	for id, k := focus, 0; k < n/2; k++ {
		if id = r.tr.Event(id).Cause; id <= 0 {
			break
		}
		if r.weight(id) > weightNone {
			chosen[id] = weightCause
		}
	}
	const horizon = 4000 // events to either side: a few minutes of a client's life
	type candidate struct {
		id   trace.ID
		rank int // lower is better: weight counts more than nearness
	}
	var list []candidate
	last := trace.ID(len(r.tr.Events))
	for id := max(1, focus-horizon); id <= min(last, focus+horizon/8); id++ {
		if w := r.weight(id); w > weightNone && chosen[id] == 0 {
			list = append(list, candidate{id, int(max(id-focus, focus-id)) / w})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return a.rank - b.rank })
	for _, c := range list {
		if len(chosen) >= n {
			break
		}
		chosen[c.id] = 1
	}
	ids := make([]trace.ID, 0, len(chosen))
	for id := range chosen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// weight says how much an event matters to a reader; 0 leaves it out.
func (r *rows) weight(id trace.ID) int {
	ev := r.tr.Event(id)
	switch ev.Kind {
	case netmodel.SegmentSent:
		return r.segmentWeight(id, ev)
	case netmodel.FaultBegan, netmodel.FaultEnded, netmodel.SocketError, trace.ClientLost,
		trace.ClientConnected, trace.ClientSubscribed, trace.ClientStopped, trace.BrokerTakeover,
		trace.BrokerDisconnect, trace.BrokerExpired, trace.BrokerDropped, trace.BrokerStopped,
		trace.BrokerStarted, trace.Tie, trace.Note:
		return weightState
	case trace.ClientConnecting, trace.ClientMessage, trace.ClientPublish, trace.DialFailed:
		return weightWire
	}
	return weightNone
}

func (r *rows) segmentWeight(id trace.ID, ev *trace.Event) int {
	if ev.Reason == netmodel.SendForward || ev.Seg == nil {
		return weightNone
	}
	matters := ev.Seg.Flags&(netmodel.SYN|netmodel.FIN|netmodel.RST) != 0 ||
		len(ev.Seg.Payload) > 0 || ev.Seg.ICMP != netmodel.NotICMP
	switch {
	case !matters, ev.Copies > 0 && r.lost(id): // one more try that failed tells nothing new
		return weightNone
	case r.lost(id):
		return weightLoss
	}
	return weightWire
}

func (r *rows) lost(sent trace.ID) bool {
	ev := r.tr.Event(r.fate[sent])
	return ev != nil && ev.Kind == netmodel.SegmentDropped
}

// text is where something happened, and what.
func (r *rows) text(id trace.ID) (where, what string) {
	ev := r.tr.Event(id)
	switch ev.Kind {
	case netmodel.SegmentSent:
		return r.segmentText(id, ev)
	case netmodel.FaultBegan:
		return "", "x " + r.faultText(ev)
	case netmodel.FaultEnded:
		return "", "= over: " + r.faultText(ev)
	case netmodel.SocketError:
		return r.hostName(ev.Host) + " (kernel)", "gives the connection up: " + ev.Errno.Error()
	}
	where = r.hostName(ev.Host)
	if ev.App == nil {
		return where + " (kernel)", kernelText(ev)
	}
	if ev.App.Actor != "" {
		where = ev.App.Actor
	}
	return where, appText(ev)
}

// kernelText says what a record of the network is that is neither a segment nor a fault.
func kernelText(ev *trace.Event) string {
	switch ev.Kind {
	case netmodel.SegmentArrived:
		return "a segment arrives"
	case netmodel.SegmentDropped:
		return "a segment is lost: " + lossText[ev.Reason]
	case netmodel.StateChanged:
		return fmt.Sprintf("%v to %v", ev.From, ev.To)
	case netmodel.TimerArmed:
		return fmt.Sprintf("%v timer set to %s", ev.Timer, ev.Due.Clock())
	case netmodel.TimerFired:
		return fmt.Sprintf("%v timer fires", ev.Timer)
	case netmodel.TimerStopped:
		return fmt.Sprintf("%v timer stopped", ev.Timer)
	case netmodel.WouldBlock:
		return "send buffer full"
	case netmodel.MappingMade:
		return "NAT: new flow"
	case netmodel.MappingForgotten:
		return "NAT: flow forgotten"
	}
	return ""
}

func (r *rows) segmentText(id trace.ID, ev *trace.Event) (where, what string) {
	where = fmt.Sprintf("%s > %s", r.hostName(ev.Host), r.destination(ev))
	var words []string
	f := ev.Seg.Flags
	for _, bit := range []struct {
		is   netmodel.Flags
		name string
	}{{netmodel.SYN, "SYN"}, {netmodel.FIN, "FIN"}, {netmodel.RST, "RST"}} {
		if f.Has(bit.is) {
			words = append(words, bit.name)
		}
	}
	if ev.Seg.ICMP != netmodel.NotICMP {
		words = append(words, "ICMP unreachable")
	}
	packets := r.flows.Overlapping(id)
	for i, p := range packets {
		if i == 3 && len(packets) > 4 {
			words = append(words, fmt.Sprintf("and %d more", len(packets)-i))
			break
		}
		words = append(words, strings.TrimSpace(p.Name()+" "+p.Info))
	}
	if len(packets) == 0 && len(ev.Seg.Payload) > 0 {
		words = append(words, fmt.Sprintf("%d bytes", len(ev.Seg.Payload)))
	}
	what = strings.Join(words, ", ")
	if ev.Copies > 0 {
		why := againText[ev.Reason]
		if why != "" {
			why = ", " + why
		}
		what += " (again" + why + ")"
	}
	if fate := r.tr.Event(r.fate[id]); fate != nil && fate.Kind == netmodel.SegmentDropped {
		what += "   x lost: " + lossText[fate.Reason]
	}
	return where, what
}

// destination is the name of the host a segment is for: behind a NAT, of the next one on the way.
func (r *rows) destination(ev *trace.Event) string {
	for i := range r.tr.Hosts {
		if r.tr.Hosts[i].Addr == ev.Seg.Dst.Addr {
			return r.tr.Hosts[i].Name
		}
	}
	if name := r.hostName(ev.Peer); name != "" {
		return name
	}
	return ev.Seg.Dst.Addr.String()
}

func (r *rows) hostName(id netmodel.HostID) string {
	if h := r.tr.Host(id); h != nil {
		return h.Name
	}
	return ""
}

func (r *rows) faultText(ev *trace.Event) string {
	if n := int(ev.Fault); n > 0 && n <= len(r.tr.Faults) {
		return r.tr.Faults[n-1].Text
	}
	return "a fault"
}

// beliefs says what each side believed at an instant: the line below the rows.
func beliefs(tr *trace.Trace, client string, at netmodel.Time) string {
	l := belief.Of(tr, client)
	var parts []string
	for lane := belief.ClientApp; lane < belief.NumLanes; lane++ {
		if sp := l.At(lane, min(at, l.End-1)); sp != nil {
			parts = append(parts, fmt.Sprintf("%s: %s", lane, sp.State))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("at %s  %s", at.Clock(), strings.Join(parts, " | "))
}
