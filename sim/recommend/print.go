package recommend

import (
	"fmt"
	"strings"
	"time"
)

// costs is a keepalive with what it buys and what it costs.
func (a *Answer) costs(k int) string {
	return fmt.Sprintf("%d s: a dead line is noticed within %s, at %s", k, text(a.Notice.Latest(k)),
		a.pings(k))
}

// pingBytes is what a ping and its answer are on the wire: PINGREQ and PINGRESP, two bytes each
// (MQTT 3.1.1, 3.12 and 3.13), and an acknowledgement, each behind 20 bytes of IP (RFC 791, 3.1),
// 20 of TCP (RFC 9293, 3.1) and 12 of timestamps with their padding (RFC 7323, 3.2).
const pingBytes = 2*(52+2) + 52

// pings says what a keepalive costs.
func (a *Answer) pings(k int) string {
	every := a.Notice.Interval(k)
	n := float64(Day) / float64(every)
	s := fmt.Sprintf("%.0f pings a day", n)
	if fmt.Sprintf("%.0f", n) == "1" {
		s = "1 ping a day"
	}
	if perHour := float64(time.Hour) / float64(every); perHour >= 1 {
		s += fmt.Sprintf(" (%.0f an hour)", perHour)
	}
	if a.data {
		s += fmt.Sprintf(", %.0f kB", n*pingBytes/1000)
	}
	return s
}

// limit says what a bound allows.
func (b *Bound) limit() string {
	var limits []string
	if b.Least > 1 {
		limits = append(limits, fmt.Sprintf("at least %d s", b.Least))
	}
	if b.Most > 0 {
		limits = append(limits, fmt.Sprintf("at most %d s", b.Most))
	}
	if b.Most < 0 {
		return "no keepalive does"
	}
	return strings.Join(limits, ", ")
}

// String is the answer as it is printed: every clause with its source.
func (a *Answer) String() string {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	line(a.Sentence)
	for _, w := range a.Bounds {
		why := w.Why
		if w.Detail != "" {
			why += "; " + w.Detail
		}
		line(fmt.Sprintf("  %s: %s [%s]", w.limit(), why, w.Source))
	}
	line(fmt.Sprintf("  noticing: %s [%s]", a.Notice.rule(), a.Notice.Source))
	if a.Keepalive > 0 {
		line(a.RunnerUp)
	}
	for _, c := range a.Changes {
		line(c)
	}
	if a.Keepalive == 0 {
		line(a.RunnerUp)
	}
	for _, n := range a.Notes {
		line(n)
	}
	return b.String()
}
