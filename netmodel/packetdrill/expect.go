package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// expect waits for the packet of the event and compares it.
func (r *runner) expect(ev *Event, from, to time.Duration) error {
	pk := ev.Packet
	if pk.ECN != "" {
		return fmt.Errorf("ECN: %w", ErrUnsupported)
	}
	c := r.conn
	if other := r.byPorts(pk.SrcPort, pk.DstPort); other != nil {
		c = other
	}
	if c == nil || c.role == roleNone || c.role == roleListen {
		return fmt.Errorf("no connection that could send this packet")
	}
	limit := to + r.slack(from) + patience
	first, err := r.nextOut(c, limit)
	if err != nil {
		return err
	}
	if first == nil {
		return &mismatch{what: fmt.Sprintf("nothing was sent until %s", stamp(limit)),
			expected: r.expectedText(ev, from, to)}
	}
	whole, length := first.seg, len(first.seg.Payload)
	pushed := whole.Flags & netmodel.PSH
	for length > 0 && length < pk.Len {
		next, err := r.nextOut(c, limit)
		if err != nil {
			return err
		}
		if next == nil {
			break
		}
		if next.seg.Seq != whole.Seq+uint32(length) || len(next.seg.Payload) == 0 {
			r.out = append([]sent{*next}, r.out...)
			break
		}
		length += len(next.seg.Payload)
		whole.Flags = next.seg.Flags
		pushed |= whole.Flags & netmodel.PSH
		whole.Ack, whole.Window, whole.Options = next.seg.Ack, next.seg.Window, next.seg.Options
	}
	// The flags are those of the last segment. PSH is there, too, if the script has it and one of the
	// others does: a kernel sets it on each piece that it gives to segmentation offload.
	whole.Flags |= pushed & pk.Flags
	c.learn(pk, &whole)
	at := first.at.Sub(bootTime)
	actual := c.toScript(whole)
	diff := r.compare(pk, &actual, length)
	if diff == "" && ev.Kind != AnyTime {
		if slack := r.slack(from); at < from-slack || at > to+slack+r.wheel(to) {
			diff = fmt.Sprintf("sent at another time (tolerance %v)", slack)
		}
	}
	text := "> " + segmentText(&actual, length)
	if diff != "" {
		return &mismatch{what: diff, expected: r.expectedText(ev, from, to),
			actual: stamp(at) + " " + text}
	}
	r.log = append(r.log, stamp(at)+" "+text)
	return nil
}

func (r *runner) expectedText(ev *Event, from, to time.Duration) string {
	switch {
	case ev.Kind == AnyTime:
		return "* " + ev.Text
	case from != to:
		return stamp(from) + "~" + stamp(to) + " " + ev.Text
	}
	return stamp(from) + " " + ev.Text
}

// nextOut takes the next segment that the connection under test sent, running the network up to
// limit if need be. Segments of other connections are dropped, as packetdrill does.
func (r *runner) nextOut(c *conn, limit time.Duration) (*sent, error) {
	until := bootTime.Add(limit)
	for {
		for len(r.out) > 0 {
			s := r.out[0]
			r.out = r.out[1:]
			if c.mine(&s.seg) {
				return &s, nil
			}
		}
		if more, err := r.step(until); !more || err != nil {
			return nil, err
		}
	}
}

// compare returns the first difference between the expected packet and what was sent, both in the
// script's numbers, or "".
func (r *runner) compare(pk *Packet, got *netmodel.Segment, length int) string {
	switch {
	case pk.Flags != got.Flags:
		return "other flags"
	case pk.Seq != got.Seq:
		return "another sequence number"
	case pk.Len != length:
		return "another length"
	case pk.Flags.Has(netmodel.ACK) && pk.Ack != got.Ack:
		return "another acknowledgement"
	case pk.HasWindow && pk.Window != got.Window:
		return "another window"
	case pk.SrcPort != 0 && (pk.SrcPort != got.Src.Port || pk.DstPort != got.Dst.Port):
		return fmt.Sprintf("other ports: %d > %d", got.Src.Port, got.Dst.Port)
	case pk.AnyOptions:
		return ""
	}
	return r.compareOptions(pk.Options, optionList(&got.Options, got.Flags.Has(netmodel.SYN)))
}

// compareOptions compares options in their order, without padding.
func (r *runner) compareOptions(want, got []TCPOption) string {
	want, got = unpadded(want), unpadded(got)
	if len(want) != len(got) {
		return "other options"
	}
	for i, w := range want {
		g := got[i]
		if w.Name != g.Name {
			return "other options"
		}
		if w.Name == "TS" {
			off := time.Duration(abs32(w.Value-g.Value)) * r.tsTick
			if r.tsTick > 0 && off > r.slackSinceStart() {
				return "another TS val"
			}
			if r.cfg.Echo && w.Ecr != g.Ecr {
				return "another TS ecr"
			}
			continue
		}
		if w.Value != g.Value || len(w.Blocks) != len(g.Blocks) {
			return "another " + w.Name
		}
		for j := range w.Blocks {
			if w.Blocks[j] != g.Blocks[j] {
				return "another SACK block"
			}
		}
	}
	return ""
}

func unpadded(l []TCPOption) []TCPOption {
	var out []TCPOption
	for _, o := range l {
		if o.Name != "nop" && o.Name != "eol" {
			out = append(out, o)
		}
	}
	return out
}

func abs32(d uint32) uint32 {
	if int32(d) < 0 {
		return -d
	}
	return d
}

// slackSinceStart is the tolerance of a timestamp value, which drifts over the whole script.
func (r *runner) slackSinceStart() time.Duration {
	dynamic := time.Duration(float64(r.now()) * tolerancePercent / 100)
	return max(r.tolerance, dynamic)
}
