package packetdrill

import (
	"fmt"

	"halfopen/netmodel"
)

// passed is a packet that went over the wire, as it was.
type passed struct {
	arrow string
	at    netmodel.Time
	seg   netmodel.Segment
}

func (r *runner) passes(arrow string, at netmodel.Time, seg *netmodel.Segment) {
	if r.cfg.Packets {
		r.seen = append(r.seen, passed{arrow, at, *seg})
	}
}

// packets lists what went over the wire, each direction's numbers counted from its SYN.
func (r *runner) packets() []string {
	isn := map[netmodel.Endpoint]uint32{}
	var out []string
	for _, p := range r.seen {
		g := p.seg
		if g.Flags.Has(netmodel.SYN) {
			isn[g.Src] = g.Seq
		}
		g.Seq -= isn[g.Src]
		g.Ack -= isn[g.Dst]
		for i := range g.Options.NSACK {
			g.Options.SACK[i].Left -= isn[g.Dst]
			g.Options.SACK[i].Right -= isn[g.Dst]
		}
		out = append(out, fmt.Sprintf("%s %s %s", stamp(p.at.Sub(bootTime)), p.arrow,
			segmentText(&g, len(g.Payload))))
	}
	return out
}
