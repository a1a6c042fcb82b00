package recommend

import (
	"fmt"
	"strconv"
	"time"

	"halfopen/netmodel"
)

// Notice is how a client library pings, and how late it notices a silent line at most.
type Notice struct {
	Per  float64       // times the keepalive
	Plus time.Duration // and so much
	// Check is how often it looks: a ping may be that much late, and two looks can be missed by a
	// hair, one before the ping and one before giving up. Up to a keepalive of ShortTo seconds it
	// looks every ShortX times the keepalive instead.
	Check   time.Duration
	ShortX  float64
	ShortTo int
	PingX   float64       // it pings each so many times the keepalive
	MaxIdle time.Duration // and after so much silence at the latest; 0: no such limit
	Source  string
}

// NoticeOf reads the rule of a client library from its preset.
func NoticeOf(p *netmodel.Preset) (Notice, error) {
	n := Notice{Source: p.Title + ", " + sourced(p.Source), Check: time.Second, PingX: 1}
	if _, ok := p.Get("notice-x"); !ok {
		return n, fmt.Errorf("%s: its rule for noticing a silent line is not known", p.ID)
	}
	for name, to := range map[string]*float64{"notice-x": &n.Per, "check-x": &n.ShortX,
		"ping-x": &n.PingX} { // independent of each other: the order does not matter
		if v, ok := p.Get(name); ok {
			x, err := strconv.ParseFloat(v.Value, 64)
			if err != nil {
				return n, fmt.Errorf("%s: %s=%s", p.ID, name, v.Value)
			}
			*to = x
		}
	}
	seconds := func(name string) time.Duration {
		v, _ := p.Get(name)
		d, _ := v.Duration()
		return d
	}
	n.Plus, n.MaxIdle = seconds("notice-plus"), seconds("idle-ping")
	n.ShortTo = int(seconds("check-x-to") / time.Second)
	if d := seconds("check"); d > 0 {
		n.Check = d
		n.Plus += d
	}
	return n, nil
}

// sourced names a source, and says so if it is not much to go by.
func sourced(s netmodel.Source) string {
	if s.Confidence == netmodel.Unverified || s.Confidence == netmodel.Low {
		return s.Name + " (confidence " + s.Confidence.String() + ")"
	}
	return s.Name
}

// check is how often the client looks.
func (n *Notice) check(keepalive int) time.Duration {
	if keepalive <= n.ShortTo {
		return times(n.ShortX, keepalive)
	}
	return n.Check
}

func times(x float64, keepalive int) time.Duration {
	return time.Duration(x * float64(keepalive) * float64(time.Second))
}

// Latest is the bound on noticing for a keepalive in seconds.
func (n *Notice) Latest(keepalive int) time.Duration {
	d := times(n.Per, keepalive) + n.Plus
	if keepalive <= n.ShortTo {
		d -= 2 * (n.Check - n.check(keepalive))
	}
	return d
}

// Interval is the time from ping to ping on an idle line.
func (n *Notice) Interval(keepalive int) time.Duration {
	d := times(n.PingX, keepalive)
	if n.MaxIdle > 0 {
		d = min(d, n.MaxIdle)
	}
	return d
}

// rule says it in words.
func (n *Notice) rule() string {
	s := fmt.Sprintf("within %g times the keepalive and %s", n.Per, text(n.Plus))
	if n.ShortTo > 0 {
		s += fmt.Sprintf(", sooner with keepalives up to %d s", n.ShortTo)
	}
	return s
}
