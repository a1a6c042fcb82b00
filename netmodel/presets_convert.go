package netmodel

import (
	"fmt"
	"time"
)

// Profile returns the stack that the preset describes. Values that are for reading only, such as
// how long it takes until the stack gives up, follow from the others and are not used.
func (p *Preset) Profile() (*Profile, error) {
	if p.Kind != PresetStack {
		return nil, p.not(PresetStack)
	}
	s := Linux()
	if base, _ := p.Get("base"); base.Value == "plain" {
		s = plainStack()
	}
	s.Name = p.ID
	for _, v := range p.used() {
		set, ok := profileSetters[v.Name]
		if ok && !set(s, v) {
			return nil, p.bad(v)
		}
	}
	s.RTOMin = min(s.RTOMin, s.RTOMax)
	return s, nil
}

// plainStack is the common ground of stacks other than Linux: RFC 9293, 6298 and 5681, no wheel, no
// tail loss probes, no RACK.
func plainStack() *Profile {
	s := Linux()
	s.Wheel, s.TLP, s.RACK, s.FRTO, s.DSACK, s.Collapse = false, false, false, false, false, false
	s.SynLinear, s.QuickAcks, s.CompressAcks = 0, 0, 0
	s.RTOBound = true
	s.Congestion = Reno
	s.Tick = 10 * time.Millisecond
	return s
}

// used returns the first value of each name.
func (p *Preset) used() []Value {
	var used []Value
	for _, v := range p.Values {
		if first, _ := p.Get(v.Name); first == v {
			used = append(used, v)
		}
	}
	return used
}

func (p *Preset) not(kind PresetKind) error {
	return fmt.Errorf("netmodel: preset %s is a %s preset, not a %s", p.ID, p.Kind, kind)
}

func (p *Preset) bad(v Value) error {
	return fmt.Errorf("netmodel: preset %s: %s is %q", p.ID, v.Name, v.Value)
}

// profileSetters is looked up by the name of a value.
var profileSetters = map[string]func(*Profile, Value) bool{
	"tick":                    duration(func(s *Profile) *time.Duration { return &s.Tick }),
	"initial-rto":             duration(func(s *Profile) *time.Duration { return &s.InitialRTO }),
	"rto-min":                 duration(func(s *Profile) *time.Duration { return &s.RTOMin }),
	"rto-max":                 duration(func(s *Profile) *time.Duration { return &s.RTOMax }),
	"keep-idle":               duration(func(s *Profile) *time.Duration { return &s.KeepIdle }),
	"keep-interval":           duration(func(s *Profile) *time.Duration { return &s.KeepInterval }),
	"fin-timeout":             duration(func(s *Profile) *time.Duration { return &s.FinTimeout }),
	"time-wait":               duration(func(s *Profile) *time.Duration { return &s.TimeWaitLen }),
	"syn-retries":             count(func(s *Profile) *int { return &s.SynRetries }),
	"syn-linear":              count(func(s *Profile) *int { return &s.SynLinear }),
	"synack-retries":          count(func(s *Profile) *int { return &s.SynAckRetries }),
	"retries":                 count(func(s *Profile) *int { return &s.Retries2 }),
	"retries1":                count(func(s *Profile) *int { return &s.Retries1 }),
	"orphan-retries":          count(func(s *Profile) *int { return &s.OrphanRetries }),
	"keep-count":              count(func(s *Profile) *int { return &s.KeepCount }),
	"initial-window":          count(func(s *Profile) *int { return &s.InitialWindow }),
	"window-scaling":          onOff(func(s *Profile) *bool { return &s.WindowScaling }),
	"sack":                    onOff(func(s *Profile) *bool { return &s.SACK }),
	"timestamps":              onOff(func(s *Profile) *bool { return &s.Timestamps }),
	"rto-slop":                duration(func(s *Profile) *time.Duration { return &s.RTOSlop }),
	"connect-timeout":         duration(func(s *Profile) *time.Duration { return &s.ConnectTimeout }),
	"count-retries":           onOff(func(s *Profile) *bool { return &s.CountRetries }),
	"close-on-interface-down": onOff(func(s *Profile) *bool { return &s.CloseOnInterfaceDown }),
	"close-on-address-change": onOff(func(s *Profile) *bool { return &s.CloseOnAddressChange }),
	"tlp":                     onOff(func(s *Profile) *bool { return &s.TLP }),
	"rack":                    onOff(func(s *Profile) *bool { return &s.RACK }),
	"delayed-ack":             setDelayedAck,
	"mss":                     setMSS,
	"rcvbuf":                  setRcvBuf,
	"sndbuf":                  setSndBuf,
	"congestion":              setCongestion,
}

func duration(field func(*Profile) *time.Duration) func(*Profile, Value) bool {
	return func(s *Profile, v Value) bool {
		d, ok := v.Duration()
		*field(s) = d
		return ok
	}
}

func count(field func(*Profile) *int) func(*Profile, Value) bool {
	return func(s *Profile, v Value) bool {
		n, ok := v.Int()
		*field(s) = n
		return ok
	}
}

func onOff(field func(*Profile) *bool) func(*Profile, Value) bool {
	return func(s *Profile, v Value) bool {
		*field(s) = v.Value == "on"
		return v.Value == "on" || v.Value == "off"
	}
}

func setDelayedAck(s *Profile, v Value) bool {
	d, ok := v.Duration()
	s.DelayedAckMin, s.DelayedAckMax = d, d
	return ok
}

func setMSS(s *Profile, v Value) bool {
	n, ok := v.Int()
	s.MTU = n + 40
	return ok
}

// setRcvBuf sets a window as stacks with a fixed one have it: no growth, no overhead counted.
func setRcvBuf(s *Profile, v Value) bool {
	n, ok := v.Int()
	s.RcvBuf, s.MaxRcvBuf, s.AutoRcvBuf, s.SkbOverhead = [3]int{n, n, n}, n, false, 0
	return ok
}

func setSndBuf(s *Profile, v Value) bool {
	n, ok := v.Int()
	s.SndBuf = [3]int{n, n, n}
	return ok
}

func setCongestion(s *Profile, v Value) bool {
	s.Congestion = Reno
	if v.Value == "cubic" {
		s.Congestion = Cubic
	}
	return v.Value == "cubic" || v.Value == "reno"
}

// NAT returns the middlebox that the preset describes.
func (p *Preset) NAT() (NATConfig, error) {
	var c NATConfig
	if p.Kind != PresetNAT {
		return c, p.not(PresetNAT)
	}
	t := &c.Timeouts
	timeouts := map[string][]*time.Duration{
		"transitory": {&t.SynSent, &t.SynRecv, &t.FinWait, &t.CloseWait, &t.LastAck, &t.TimeWait,
			&t.Close},
		// Only Linux is known to shorten them.
		"established": {&t.Established, &t.MaxRetrans, &t.Unacknowledged},
		"syn-sent":    {&t.SynSent}, "syn-recv": {&t.SynRecv}, "fin-wait": {&t.FinWait},
		"close-wait": {&t.CloseWait}, "last-ack": {&t.LastAck}, "time-wait": {&t.TimeWait},
		"close": {&t.Close}, "max-retrans": {&t.MaxRetrans}, "unacknowledged": {&t.Unacknowledged},
	}
	for _, v := range p.used() {
		for _, field := range timeouts[v.Name] {
			d, ok := v.Duration()
			if !ok {
				return c, p.bad(v)
			}
			*field = d
		}
		if !c.set(v) {
			return c, p.bad(v)
		}
	}
	return c, nil
}

// set takes a value that is not a timeout.
func (c *NATConfig) set(v Value) (ok bool) {
	switch v.Name {
	case "retrans-limit":
		c.RetransLimit, ok = v.Int()
		return ok
	case "loose":
		c.NoLoose = v.Value == "off"
	case "keep-address":
		c.KeepAddress = v.Value == "on"
	case "on-timeout":
		c.ResetOnTimeout = v.Value == "reset"
	case "forgotten":
		c.Forgotten, ok = forgottenNamed(v.Value)
		return ok
	case "unsolicited":
		c.Unsolicited, ok = forgottenNamed(v.Value)
		return ok
	}
	return true
}

func forgottenNamed(s string) (Forgotten, bool) {
	switch s {
	case "drop":
		return ForgottenDrop, true
	case "reset":
		return ForgottenReset, true
	case "pass":
		return ForgottenPass, true
	}
	return 0, false
}

// Conditions returns the link that the preset describes, the same in both directions.
func (p *Preset) Conditions() (Conditions, error) {
	var c Conditions
	if p.Kind != PresetLink {
		return c, p.not(PresetLink)
	}
	for _, v := range p.used() {
		n, ok := v.Int()
		switch v.Name {
		case "latency":
			c.Latency, ok = v.Duration()
		case "jitter":
			c.Jitter, ok = v.Duration()
		case "rate":
			c.Rate = int64(n)
		case "queue":
			c.Queue = n
		case "loss":
			c.Loss = PPM(n)
		}
		if !ok {
			return c, p.bad(v)
		}
	}
	return c, nil
}
