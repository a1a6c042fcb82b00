package explain

import (
	"halfopen/sim/belief"
	"halfopen/sim/metrics"
)

// who answers: what decided that the line was dead, on each side?
func (s *summary) who() []string {
	var out []string
	told := 0
	for side := range metrics.NumSides {
		n, ok := s.noticed(side)
		g := gaps{"side": s.line("sum.side."+side.String(), nil)}
		if !ok {
			if s.believedDead(side) {
				told++
				out = append(out, s.silent(side, g))
			}
			continue
		}
		told++
		g["t"], g["after"] = n.At.Clock(), lasting(n.After)
		g["sentence"] = s.Sentence(n.Event, s.l)
		out = append(out, s.line(noticeKey(n), g))
	}
	if told == 0 {
		out = append(out, s.line("sum.dead-never", nil))
	}
	lie := s.run.Lie
	if lie.Total > 0 {
		d := func(l belief.Lane) string { return lasting(lie.Lanes[l].Total()) }
		out = append(out, s.line("sum.believed", gaps{"app": d(belief.ClientApp),
			"tcp": d(belief.ClientTCP), "btcp": d(belief.BrokerTCP),
			"session": d(belief.BrokerSession), "total": lasting(lie.Total)}))
	}
	return out
}

// noticed is how a side found out that the lost connection was over, or, if none was lost, that any
// was.
func (s *summary) noticed(side metrics.Side) (metrics.Notice, bool) {
	if s.lost == 0 {
		return s.run.Noticed(side)
	}
	client := s.lostSocket(s.lost)
	broker := s.peer(client)
	for _, n := range s.run.Notices {
		ours := n.Socket > 0 && (n.Socket == client || n.Socket == broker)
		if n.Who == side && ours && n.Rule != metrics.OwnDecision {
			return n, true
		}
	}
	return metrics.Notice{}, false
}

// noticeKey is the sentence for a notice: after how long, or by whose word, or against the facts.
func noticeKey(n metrics.Notice) string {
	switch {
	case n.Dead:
		return "sum.dead-side"
	case n.Rule == metrics.EndOfStream:
		return "sum.dead-fin"
	case n.Rule == metrics.Reset:
		return "sum.dead-rst"
	case n.Rule == metrics.Takeover || n.Rule == metrics.Unreachable:
		return "sum.dead-plain"
	}
	return "sum.dead-open"
}

// believedDead reports whether a side that never noticed had a dead line to notice that it, too,
// was rid of in the end: a kernel whose program closed the connection has nothing more to find out.
func (s *summary) believedDead(side metrics.Side) bool {
	lane := [...]belief.Lane{belief.ClientApp, belief.ClientTCP, belief.BrokerTCP,
		belief.BrokerSession}[side]
	return s.lost > 0 && s.run.Lie.Lanes[lane].Total() > 0
}

// silent says of a side that never found out by itself why that is so.
func (s *summary) silent(side metrics.Side, g gaps) string {
	sock := s.lostSocket(s.lost)
	if side == metrics.BrokerKernel || side == metrics.BrokerProgram {
		sock = s.peer(sock)
	}
	closed := s.closedAt(sock)
	g["t"] = closed.Clock()
	switch kernel := side == metrics.ClientKernel || side == metrics.BrokerKernel; {
	case closed < 0:
		return s.line("sum.dead-silent", g)
	case kernel:
		return s.line("sum.dead-closed", g)
	}
	return s.line("sum.dead-own", g)
}
