package netmodel

import "time"

// FaultKind says what a fault does.
type FaultKind uint8

// The kinds of fault.
//
// Link faults act on one direction of Link (From) or on both, or, if Host is set and Link is not,
// on all links of Host; on a router they then act on what it forwards, as a rule in iptables'
// FORWARD chain does. Match, Skip and Count limit them to some segments.
const (
	_ FaultKind = iota
	// FaultCut drops silently.
	FaultCut
	// FaultMatch drops what Match chooses.
	FaultMatch
	// FaultReset drops and sends a RST to the sender, as iptables' REJECT --reject-with tcp-reset.
	FaultReset
	// FaultUnreachable drops and sends ICMP destination unreachable (Code) to the sender, within
	// Linux's rate limit, as iptables' REJECT does.
	FaultUnreachable
	// FaultConditions worsens the link by Conditions. The kinds after it are the same, and name the
	// one thing that is meant.
	FaultConditions
	FaultLoss
	FaultBurst
	FaultLatency
	FaultJitter
	FaultDuplicate
	FaultCorrupt
	FaultRate

	// FaultInterfaceDown takes Host's interface on Link, or all of them, administratively down.
	FaultInterfaceDown
	// FaultPowerOff takes the power from Host: everything it knows is gone, no segment says so. When
	// the fault ends the host is there again, and knows nothing.
	FaultPowerOff
	// FaultForgetNAT empties the table of the NAT at Host. It is over at once.
	FaultForgetNAT
	// FaultAddress gives Host the address Addr. It is over at once.
	FaultAddress
)

// Fault is something that goes wrong, as data.
//
// Several faults may act on one direction of a link. A segment that enters it meets them in this
// order: cut, match, reset, unreachable (the first that applies takes it; of several of one kind
// the one that began first); random loss (chances combine as independent ones); burst loss (that of
// the fault that began last replaces the link's own); queue and rate (the lowest rate, with its
// queue); duplication, corruption (chances combine); latency and jitter (sums). The decision falls
// at the moment the segment enters the link: what entered before the fault began still arrives, and
// what entered during the fault is not affected by its end.
type Fault struct {
	Kind       FaultKind
	Link       *Link
	From       *Host // the direction from this end; nil: both
	Host       *Host
	Conditions Conditions
	Code       Unreachable // of FaultUnreachable; 0: HostUnreachable
	Addr       Addr        // of FaultAddress

	// Match chooses segments (nil: all); of these the first Skip pass, the next Count are hit
	// (0: all that follow). When they have been, the fault ends by itself.
	Match       func(*Segment) bool
	Skip, Count int

	// For is how long the fault lasts; 0: until EndFault.
	For time.Duration
}

// activeFault is a fault that began.
type activeFault struct {
	Fault
	net   *Network
	id    FaultID
	began EventID
	ended bool
	seen  int  // segments that matched
	hits  bool // it hits the segment that is being decided about
	bad   bool // state of the burst model
	timer timer

	looked Segment // what Match is shown
}

// Begin makes a fault happen. The number ends it, and names it in records.
func (n *Network) Begin(now Time, f Fault) FaultID {
	n.check(now)
	f.mustBeWhole()
	a := &activeFault{Fault: f, net: n, id: FaultID(len(n.faults) + 1)}
	a.timer.owner = a
	n.faults = append(n.faults, a)
	a.began = n.record(a.event(FaultBegan))
	cause := n.cause
	n.cause = a.began
	a.apply(now)
	n.cause = cause
	if f.For > 0 && !a.ended {
		n.arm(&a.timer, now.Add(f.For))
	}
	return a.id
}

// mustBeWhole panics if the fault names nothing that it could act on.
func (f *Fault) mustBeWhole() {
	f.Conditions.mustMakeSense()
	switch {
	case f.Kind == 0 || f.Kind > FaultAddress:
		panic("netmodel: a fault without a kind")
	case f.Kind >= FaultInterfaceDown && f.Host == nil:
		panic("netmodel: a fault of a host without its host")
	case f.Link == nil && f.Host == nil:
		panic("netmodel: a fault without a link and without a host")
	case f.Kind < FaultInterfaceDown && f.Link != nil && f.From != nil:
		f.Link.from(f.From)
	}
}

// EndFault ends a fault. To end one that is over does nothing.
func (n *Network) EndFault(now Time, id FaultID) {
	n.check(now)
	if a := n.faults[id-1]; !a.ended {
		a.end(now)
	}
}

// Fault returns what was begun under the number.
func (n *Network) Fault(id FaultID) Fault { return n.faults[id-1].Fault }

// Active reports whether the fault has not ended.
func (n *Network) Active(id FaultID) bool { return !n.faults[id-1].ended }

// ChangeAddr gives h another address, as when a phone goes from Wi-Fi to the mobile network: its
// sockets keep the old one, and nothing that is sent there arrives any more.
func (n *Network) ChangeAddr(now Time, h *Host, a Addr) {
	n.Begin(now, Fault{Kind: FaultAddress, Host: h, Addr: a})
}

func (a *activeFault) event(k Kind) *Record {
	r := &Record{Kind: k, Fault: a.id}
	if a.Link != nil {
		r.Link = a.Link.id
	}
	if a.Host != nil {
		r.Host = a.Host.id
	} else if a.From != nil {
		r.Host = a.From.id
	}
	return r
}

// fire ends a fault whose time is over.
func (a *activeFault) fire(now Time, _ *timer) {
	a.net.cause = a.began
	a.end(now)
}

func (a *activeFault) end(now Time) {
	a.ended = true
	a.net.disarm(&a.timer)
	cause := a.net.cause
	a.net.cause = a.net.record(a.event(FaultEnded))
	a.revoke(now)
	a.net.cause = cause
}

// endBecause ends a fault that has hit all it was to hit.
func (a *activeFault) endBecause(cause EventID) {
	before := a.net.cause
	a.net.cause = cause
	a.end(a.net.now)
	a.net.cause = before
}

func (a *activeFault) apply(now Time) {
	switch a.Kind {
	case FaultInterfaceDown:
		a.interfaces(now, 1)
	case FaultPowerOff:
		a.Host.losePower(now)
	case FaultForgetNAT:
		if a.Host.nat != nil {
			a.Host.nat.forgetAll()
		}
		a.end(now)
	case FaultAddress:
		a.Host.changeAddr(now, a.Addr)
		a.end(now)
	default:
		for _, d := range a.directions() {
			d.faults = append(d.faults, a)
		}
		if a.onForwarding() {
			a.Host.forwardFaults = append(a.Host.forwardFaults, a)
		}
	}
}

func (a *activeFault) revoke(now Time) {
	switch a.Kind {
	case FaultInterfaceDown:
		a.interfaces(now, -1)
	case FaultPowerOff:
		a.Host.regainPower()
	case FaultForgetNAT, FaultAddress:
	default:
		for _, d := range a.directions() {
			d.faults = without(d.faults, a)
		}
		if a.onForwarding() {
			a.Host.forwardFaults = without(a.Host.forwardFaults, a)
		}
	}
}

// onForwarding reports whether the fault is a rule of a router.
func (a *activeFault) onForwarding() bool {
	return a.Link == nil && a.Host != nil && a.Host.router
}

// directions are the directions of links on which the fault acts.
func (a *activeFault) directions() []*direction {
	var all []*direction
	add := func(l *Link) {
		for i := range l.dir {
			if d := &l.dir[i]; a.From == nil || d.from == a.From {
				all = append(all, d)
			}
		}
	}
	switch {
	case a.Link != nil:
		add(a.Link)
	case a.Host != nil && !a.Host.router:
		for _, d := range a.Host.ifaces {
			add(d.link)
		}
	}
	return all
}

func without(list []*activeFault, a *activeFault) []*activeFault {
	kept := make([]*activeFault, 0, len(list))
	for _, f := range list {
		if f != a {
			kept = append(kept, f)
		}
	}
	return kept
}

// takes reports whether the fault hits the segment, and counts it.
func (a *activeFault) takes(seg *Segment) bool {
	if a.Match != nil {
		a.looked = *seg // a copy, so that a caller's segment can live on its stack
		if !a.Match(&a.looked) {
			return false
		}
	}
	if a.Skip == 0 && a.Count == 0 {
		return true
	}
	a.seen++
	return a.seen > a.Skip && (a.Count == 0 || a.seen <= a.Skip+a.Count)
}

// spent reports whether a fault with a count has hit all it was to hit.
func (a *activeFault) spent() bool { return a.Count > 0 && a.seen >= a.Skip+a.Count }

// causeOf is the beginning of the fault that made something happen, or, without one, the given
// event.
func (n *Network) causeOf(f FaultID, otherwise EventID) EventID {
	if f == 0 {
		return otherwise
	}
	return n.faults[f-1].began
}

// check accepts a call at now.
func (n *Network) check(now Time) {
	if now != n.now {
		n.AdvanceTo(now)
	}
}
