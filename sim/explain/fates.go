package explain

import (
	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// mostShown is how many lost messages a summary names, for each place.
const mostShown = 3

func (s *summary) messages() []string {
	b := &s.run.Balance
	if b.Sent == 0 {
		return []string{s.line("sum.msg-none", nil)}
	}
	out := []string{s.line("sum.msg-line", gaps{"sent": itoa(b.Sent), "delivered": itoa(b.Delivered),
		"late": itoa(b.Late), "duplicated": itoa(b.Duplicated), "lost": itoa(b.LostTotal()),
		"unheard":  itoa(b.Lost[metrics.NobodySubscribed]),
		"underway": itoa(b.Lost[metrics.UnderWay])})}
	for p := range metrics.NumPlaces {
		if p != metrics.Delivered && p != metrics.UnderWay && p != metrics.NobodySubscribed {
			out = append(out, s.lostAt(p)...)
		}
	}
	return append(out, s.flowAgain()...)
}

func (s *summary) lostAt(p metrics.Place) []string {
	var out []string
	place := s.line("place."+p.String(), nil)
	left := 0
	for _, f := range s.run.Balance.Fates {
		if f.Copies > 0 || f.Place != p {
			continue
		}
		if len(out) == mostShown {
			left++
			continue
		}
		m := &s.tr.Messages[f.Message-1]
		at := netmodel.Time(0)
		if ev := s.tr.Event(m.Published); ev != nil {
			at = ev.At
		}
		out = append(out, s.line("sum.msg-lost", gaps{"place": place, "t": at.Clock(),
			"payload": quote(m.Payload)}))
	}
	if left > 0 {
		out = append(out, s.line("sum.msg-more", gaps{"place": place, "n": itoa(left)}))
	}
	return out
}

// flowAgain finds the first message that reached the client's program after its return, or after
// the path had healed.
func (s *summary) flowAgain() []string {
	from := s.heal
	if s.back > 0 {
		from = s.at(s.back)
	} else if !s.healed {
		return nil
	}
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind != trace.ClientMessage || ev.App.Actor != s.run.Client || ev.At < from {
			continue
		}
		if s.healed {
			return []string{s.line("sum.msg-flow", gaps{"t": ev.At.Clock(),
				"after": lasting(ev.At.Sub(s.heal))})}
		}
		return []string{s.line("sum.msg-flow-open", gaps{"t": ev.At.Clock()})}
	}
	return nil
}
