package packetdrill

import (
	"fmt"
	"strings"

	"halfopen/netmodel"
)

// flagText writes control bits as scripts do; none is "-".
func flagText(f netmodel.Flags) string {
	var s string
	for _, b := range []struct {
		bit  netmodel.Flags
		text string
	}{{netmodel.FIN, "F"}, {netmodel.SYN, "S"}, {netmodel.RST, "R"}, {netmodel.PSH, "P"},
		{netmodel.URG, "U"}, {netmodel.ACK, "."}} {
		if f&b.bit != 0 {
			s += b.text
		}
	}
	if s == "" {
		return "-"
	}
	return s
}

// segmentText writes a segment, already in the script's numbers, as a script would.
func segmentText(s *netmodel.Segment, length int) string {
	t := fmt.Sprintf("%s %d:%d(%d)", flagText(s.Flags), s.Seq, s.Seq+uint32(length), length)
	if s.Flags.Has(netmodel.ACK) {
		t += fmt.Sprintf(" ack %d", s.Ack)
	}
	t += fmt.Sprintf(" win %d", s.Window)
	if o := optionList(&s.Options, s.Flags.Has(netmodel.SYN)); len(o) > 0 {
		t += " <" + optionText(o) + ">"
	}
	return t
}

// optionList puts a segment's options into the order, and pads them with the nops, in which Linux
// writes them (net/ipv4/tcp_output.c, tcp_options_write).
func optionList(o *netmodel.Options, syn bool) []TCPOption {
	var l []TCPOption
	nops := func(n int) {
		for range n {
			l = append(l, TCPOption{Name: "nop"})
		}
	}
	if o.MSS != 0 {
		l = append(l, TCPOption{Name: "mss", Value: uint32(o.MSS)})
	}
	if o.HasTimestamps {
		if o.SACKPermitted && syn {
			l = append(l, TCPOption{Name: "sackOK"})
		} else {
			nops(2)
		}
		l = append(l, TCPOption{Name: "TS", Value: o.TSVal, Ecr: o.TSEcr})
	} else if o.SACKPermitted {
		nops(2)
		l = append(l, TCPOption{Name: "sackOK"})
	}
	if o.HasScale {
		nops(1)
		l = append(l, TCPOption{Name: "wscale", Value: uint32(o.WindowScale)})
	}
	if o.NSACK > 0 {
		nops(2)
		l = append(l, TCPOption{Name: "sack", Blocks: o.SACK[:o.NSACK]})
	}
	return l
}

func optionText(l []TCPOption) string {
	var parts []string
	for _, o := range l {
		t := o.Name
		switch o.Name {
		case "mss", "wscale":
			t = fmt.Sprintf("%s %d", o.Name, o.Value)
		case "TS":
			t = fmt.Sprintf("TS val %d ecr %d", o.Value, o.Ecr)
		case "sack":
			for _, b := range o.Blocks {
				t += fmt.Sprintf(" %d:%d", b.Left, b.Right)
			}
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, ",")
}
