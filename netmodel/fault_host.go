package netmodel

// interfaces takes the interfaces that the fault means down (by is 1) or lets them up (by is -1).
func (a *activeFault) interfaces(now Time, by int32) {
	h := a.Host
	before := h.reach(0)
	for _, d := range h.ifaces {
		if a.Link == nil || d.link == a.Link {
			d.lowered += by
			d.back.deaf += by
		}
	}
	if by > 0 {
		h.loweredLast = a.id
	}
	h.net.topology++
	if after := h.reach(0); after != before {
		h.interfaceChanged(now, after == OK)
	}
}

// loweredBy is the fault behind a drop because of an interface or of power.
func (h *node) loweredBy(why Reason) FaultID {
	switch why {
	case DropInterface:
		return h.loweredLast
	case DropHostDown:
		return h.downBy
	}
	return 0
}

// losePower makes the host and all it knows vanish.
func (h *Host) losePower(now Time) {
	h.down = true
	h.downBy = h.net.faults[len(h.net.faults)-1].id
	if h.nat != nil {
		h.nat.forgetAll()
	}
	h.icmp = icmpLimit{}
	for _, d := range h.ifaces {
		d.forgetNeighbour()
	}
	h.powerOff(now)
}

func (h *Host) regainPower() { h.down = false }

// changeAddr gives the host another address. If somebody has it already, both do: what is sent to
// it goes to the older host, as on a network where the second comer is not heard.
func (h *Host) changeAddr(now Time, a Addr) {
	n, old := h.net, h.addr
	if a == old {
		return
	}
	if n.byAddr[old] == h {
		delete(n.byAddr, old)
	}
	h.addr = a
	if n.byAddr[a] == nil {
		n.byAddr[a] = h
	}
	h.addressChanged(now, old)
}
