package sim

import "halfopen/netmodel"

// fault lets something go wrong, or be right again, as a statement says.
func (s *step) fault() {
	switch s.st.Verb {
	case "heal":
		s.heal()
	case "interface-down":
		s.begin(netmodel.Fault{Kind: netmodel.FaultInterfaceDown, Host: s.host().net})
	case "power-off":
		s.powerOff()
	case "forget":
		s.begin(netmodel.Fault{Kind: netmodel.FaultForgetNAT, Host: s.host().net})
	case "address":
		addr, _ := netmodel.ParseAddr(s.st.Args[1]) // checked by the scenario
		s.begin(netmodel.Fault{Kind: netmodel.FaultAddress, Host: s.host().net, Addr: addr})
	default:
		f := s.what()
		s.where(&f)
		s.begin(f)
	}
}

func (s *step) host() *Host { return s.in.hosts[s.st.Args[0]] }

// begin starts the fault, and has it end by itself if the statement says for how long.
func (s *step) begin(f netmodel.Fault) *Fault {
	if s.st.HasFor {
		f.For = s.st.For
	}
	h := s.in.w.begin(s.prog, s.st.Phrase(), f)
	s.in.w.mu.Lock()
	defer s.in.w.mu.Unlock()
	s.in.faults = append(s.in.faults, inForce{h, f})
	return h
}

// inForce is a fault that a statement began.
type inForce struct {
	handle *Fault
	fault  netmodel.Fault
}

// heal ends the faults of a link, or of a host and its links, that are in force.
func (s *step) heal() {
	var want netmodel.Fault
	s.where(&want)
	var restore []func()
	s.in.w.do(s.prog, func(now netmodel.Time) {
		rest := s.in.faults[:0]
		for _, f := range s.in.faults {
			if !heals(want, f.fault) {
				rest = append(rest, f)
				continue
			}
			if f.handle.end(now) && f.handle.restore != nil {
				restore = append(restore, f.handle.restore)
			}
		}
		s.in.faults = rest
	})
	for _, r := range restore {
		r()
	}
}

// heals reports whether healing what want names ends fault f.
func heals(want, f netmodel.Fault) bool {
	if want.Link != nil {
		return f.Link == want.Link && (want.From == nil || f.From == want.From)
	}
	if f.Host == want.Host {
		return true
	}
	if f.Link == nil {
		return false
	}
	a, b := f.Link.Ends()
	return a == want.Host || b == want.Host
}

func (s *step) powerOff() {
	f := s.host().powerOff(s.prog, s.st.Phrase())
	s.in.w.mu.Lock()
	s.in.faults = append(s.in.faults, inForce{f, netmodel.Fault{Host: s.host().net}})
	s.in.w.mu.Unlock()
	if s.st.HasFor && s.in.w.sleepUntil(s.at+s.st.For) {
		f.Remove()
	}
}

// where says which link, direction or host a fault is about.
func (s *step) where(f *netmodel.Fault) {
	a, b, oneWay := s.st.Path()
	from := s.in.hosts[a].net
	if b == "" {
		f.Host = from
		return
	}
	f.Link = s.in.links[linkName{a, b}]
	if oneWay {
		f.From = from
	}
}

// linkName names a link by its ends, either way round.
type linkName struct{ a, b string }

// what says what a fault on a link does.
func (s *step) what() netmodel.Fault {
	st := s.st
	c := netmodel.Conditions{}
	switch st.Verb {
	case "cut":
		return netmodel.Fault{Kind: netmodel.FaultCut}
	case "reset":
		return netmodel.Fault{Kind: netmodel.FaultReset}
	case "unreachable":
		return netmodel.Fault{Kind: netmodel.FaultUnreachable, Code: unreachable[st.Text("code")]}
	case "drop":
		return s.drop()
	case "loss":
		c.Loss = st.PPM("rate")
		return netmodel.Fault{Kind: netmodel.FaultLoss, Conditions: c}
	case "burst":
		c.Burst = &netmodel.Burst{GoodToBad: st.PPM("enter"), BadToGood: st.PPM("leave"),
			LossBad: st.PPM("loss"), LossGood: st.PPM("loss-between")}
		return netmodel.Fault{Kind: netmodel.FaultBurst, Conditions: c}
	case "duplicate":
		c.Duplicate = st.PPM("rate")
		return netmodel.Fault{Kind: netmodel.FaultDuplicate, Conditions: c}
	case "corrupt":
		c.Corrupt = st.PPM("rate")
		return netmodel.Fault{Kind: netmodel.FaultCorrupt, Conditions: c}
	case "latency":
		c.Latency = st.ArgDuration("by")
		return netmodel.Fault{Kind: netmodel.FaultLatency, Conditions: c}
	case "jitter":
		c.Jitter, c.Reorder = st.ArgDuration("by"), st.Bool("reorder")
		return netmodel.Fault{Kind: netmodel.FaultJitter, Conditions: c}
	case "rate":
		c.Rate = st.ArgRate("to")
		c.Queue = int(st.Size("queue"))
		return netmodel.Fault{Kind: netmodel.FaultRate, Conditions: c}
	}
	panic("sim: no fault " + st.Verb) // the scenario was checked
}

var unreachable = map[string]netmodel.Unreachable{"net": netmodel.NetUnreachable,
	"host": netmodel.HostUnreachable, "port": netmodel.PortUnreachable,
	"admin": netmodel.AdminProhibited}

func (s *step) drop() netmodel.Fault {
	m := Match{Packet: s.st.Text("match"), ID: uint16(s.st.Int("id")), Skip: int(s.st.Int("skip")),
		Next: int(s.st.Int("count"))}
	if m.Packet == "any" {
		m.Packet = ""
	}
	return netmodel.Fault{Kind: netmodel.FaultMatch, Skip: m.Skip, Count: m.Next,
		Match: s.in.w.matcher(m)}
}
