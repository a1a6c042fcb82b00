package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"halfopen/netmodel"
)

// Transcript writes the run as text for golden files: a line per segment that says more than how
// far its sender has received, per fault, and per conclusion of a program. Pure ACKs, TCP keepalive
// that is answered, and loopback traffic are left out; so are times below the microsecond.
//
//	  0.000123  client:1 > broker    SYN
//	 67.000000  * cut client broker
//	120.051490  client:1 > broker    PINGREQ  x the link is cut
//	130.061010  client               lost: pingresp not received, disconnecting
//
// client:1 is the first connection that the host has over a link.
func (t *Trace) Transcript(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	v := newStory(t)
	for i := range t.Events {
		if line := v.transcriptLine(ID(i+1), &t.Events[i]); line != "" {
			if _, err := fmt.Fprintf(out, "%11.6f  %s\n", t.Events[i].At.Seconds(), line); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

func (v *story) transcriptLine(id ID, ev *Event) string {
	t := v.t
	switch ev.Kind {
	case netmodel.SegmentSent:
		if !v.tells(id, ev) {
			return ""
		}
		line := fmt.Sprintf("%-20s %s", v.connName(ev)+" > "+t.targetName(ev), t.SegmentLabel(ev))
		if a := again(t.Origin(ev)); a != "" {
			line += "  (" + a + ")"
		}
		if end := v.lossOf(id); end != nil {
			line += "  x " + ReasonText(end.Reason)
		}
		return line
	case netmodel.FaultBegan:
		return "* " + t.faultText(ev.Fault)
	case netmodel.FaultEnded:
		return "* over: " + t.faultText(ev.Fault)
	case netmodel.SocketError:
		if text := v.errorText(ev); text != "" {
			return fmt.Sprintf("%-20s %s", v.connName(ev), text)
		}
		return ""
	case ClosedByApp:
		v.close(ev)
		return ""
	}
	if text := v.appText(ev); text != "" {
		return fmt.Sprintf("%-20s %s", ev.App.Actor, text)
	}
	return ""
}

// story selects what a reader of a run wants to see.
type story struct {
	t      *Trace
	fates  []ID
	conn   []int  // by socket: which connection of its host, over a link
	closed []bool // by socket: its program has closed it
	// probes are the TCP keepalive probes that arrived, and whose answers did not.
	probes map[*Event]bool
}

func newStory(t *Trace) *story {
	v := &story{t: t, fates: t.Fates(), conn: make([]int, len(t.Sockets)+1),
		closed: make([]bool, len(t.Sockets)+1), probes: make(map[*Event]bool)}
	opened := make(map[netmodel.HostID]int) // looked up, never iterated
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Link > 0 && ev.Socket > 0 &&
			int(ev.Socket) < len(v.conn) && v.conn[ev.Socket] == 0 {
			opened[ev.Host]++
			v.conn[ev.Socket] = opened[ev.Host]
		}
		if ev.Kind == netmodel.SegmentSent && ev.Reason == netmodel.SendKeepaliveAck &&
			v.lossOf(ID(i+1)) != nil {
			if asked := t.Event(ev.Cause); asked != nil {
				v.probes[t.Origin(asked)] = true
			}
		}
	}
	return v
}

// close notes that a program has closed a connection.
func (v *story) close(ev *Event) {
	if ev.Socket > 0 && int(ev.Socket) < len(v.closed) {
		v.closed[ev.Socket] = true
	}
}

// errorText is what a kernel does when a connection fails; empty for connections that stay inside
// their host.
func (v *story) errorText(ev *Event) string {
	if ev.Socket <= 0 || int(ev.Socket) >= len(v.conn) || v.conn[ev.Socket] == 0 {
		return ""
	}
	if v.closed[ev.Socket] {
		return "kernel: the old connection is over, " + ev.Errno.Error()
	}
	return "kernel: " + ev.Errno.Error()
}

// connName is the sender of a segment, with the number of its connection.
func (v *story) connName(ev *Event) string {
	name := v.t.senderName(ev)
	if ev.Socket > 0 && int(ev.Socket) < len(v.conn) && v.conn[ev.Socket] > 0 {
		name += fmt.Sprintf(":%d", v.conn[ev.Socket])
	}
	return name
}

// lossOf is the SegmentDropped of a segment, or nil: also if it died behind a router.
func (v *story) lossOf(id ID) *Event {
	if end := v.t.Event(v.fates[id]); end != nil && end.Kind == netmodel.SegmentDropped {
		return end
	}
	return nil
}

// tells reports whether a SegmentSent belongs into a story: it carries something, or it did not
// arrive, or it is one of those ACKs that mean something.
func (v *story) tells(id ID, ev *Event) bool {
	if ev.Seg == nil || ev.Link == 0 && v.lossOf(id) == nil {
		return false
	}
	if !isPureAck(ev.Seg) {
		return ev.Reason != netmodel.SendForward || v.lossOf(id) != nil
	}
	return v.lossOf(id) != nil || ev.Seg.Window == 0 || v.probes[ev]
}

// appText is what a program's event says in a story, without its actor; empty for events that the
// segments around it tell as well.
func (v *story) appText(ev *Event) string {
	a := ev.App
	if a == nil {
		return ""
	}
	switch ev.Kind {
	case ClientConnecting:
		return fmt.Sprintf("dials, attempt %d", a.Attempt)
	case ClientConnected:
		if a.SessionPresent {
			return "connected, session present"
		}
		return "connected, no session present"
	case ClientRefused:
		return "attempt failed: " + shortError(a.Text)
	case ClientLost:
		return "lost: " + shortError(a.Text)
	case ClientSubscribed:
		return "subscribed to " + a.Topic
	case ClientMessage:
		return fmt.Sprintf("got %s", payloadText(a.Payload))
	case ClientPublish:
		return fmt.Sprintf("publishes %s", payloadText(a.Payload))
	case ClientDisconnect:
		return "disconnects"
	case ClientStopped, BrokerStopped:
		if a.Text == "kill" {
			return "is killed"
		}
		return "stops"
	case BrokerTakeover:
		return "takes the session of " + a.Client + " over"
	case BrokerDisconnect:
		return "drops " + a.Client + ": " + shortError(a.Text)
	case BrokerDropped:
		return "does not pass on to " + a.Client + ": " + a.Text
	case BrokerExpired:
		return "forgets the session of " + a.Client
	case Note:
		return a.Text
	case ExpectationFailed:
		return "EXPECTED " + a.Name + ": " + a.Text
	case Tie:
		return "TIE " + a.Text
	}
	return ""
}

func payloadText(p []byte) string {
	for _, c := range string(p) {
		if c < ' ' || c == 0x7f || c == 0xfffd {
			return fmt.Sprintf("%d bytes", len(p))
		}
	}
	if textWidth(string(p)) > mostPayload {
		return fmt.Sprintf("%s (%d bytes)", cut(string(p), mostPayload), len(p))
	}
	return string(p)
}

// mostPayload is how much of a payload is shown.
const mostPayload = 60

// shortError leaves out of an error what its place says already: "dial tcp 10.0.0.2:1883: ".
func shortError(s string) string {
	switch call, _, _ := strings.Cut(s, " "); call {
	case "dial", "read", "write":
		if i := strings.LastIndex(s, ": "); i >= 0 {
			return s[i+2:]
		}
	}
	return s
}
