package netmodel

// node is a Host's part in the network: its name and address, its interfaces, and where it sends
// what. The Host embeds it and adds the stack.
type node struct {
	net    *Network
	id     HostID
	name   string
	addr   Addr
	router bool
	down   bool // no power
	ifaces []*direction
	loop   *direction
	nat    *nat
	icmp   icmpLimit

	// Faults: FaultPowerOff and FaultInterfaceDown that hold the host, rules on what it forwards.
	downBy, loweredLast FaultID
	forwardFaults       []*activeFault

	// next holds, by destination host, the interface on the shortest path, computed at the given
	// topology. Hosts with one link need no table.
	next     []*direction
	topology uint32
}

// ID returns the host's number.
func (h *node) ID() HostID { return h.id }

// Name returns the host's name.
func (h *node) Name() string { return h.name }

// Addr returns the host's present address.
func (h *node) Addr() Addr { return h.addr }

// IsRouter reports whether the host passes on what is not for itself.
func (h *node) IsRouter() bool { return h.router }

// PoweredOff reports whether a FaultPowerOff holds the host down.
func (h *node) PoweredOff() bool { return h.down }

// Links returns the host's links in the order in which they were added.
func (h *node) Links() []*Link {
	links := make([]*Link, len(h.ifaces))
	for i, d := range h.ifaces {
		links[i] = d.link
	}
	return links
}

// local reports whether the host itself is meant by the address.
func (h *node) local(a Addr) bool { return a == h.addr || a.IsLoopback() }

// reach tells what connect(2) would say at once: an interface that is down takes its routes with
// it, and a host without any has none.
func (h *node) reach(dst Addr) Errno {
	if h.local(dst) {
		return OK
	}
	for _, d := range h.ifaces {
		if !d.down() {
			return OK
		}
	}
	return ENETUNREACH
}

// route returns the interface towards dst, or nil if there is none.
func (h *node) route(dst Addr) *direction {
	if h.local(dst) {
		return h.loop
	}
	if len(h.ifaces) == 1 {
		return h.ifaces[0]
	}
	to := h.net.byAddr[dst]
	if to == nil || len(h.ifaces) == 0 {
		return nil
	}
	if d := h.direct(&to.node); d != nil {
		return d
	}
	if h.topology != h.net.topology {
		h.next, h.topology = h.net.paths(h), h.net.topology
	}
	return h.next[to.id-1]
}

// direct returns the interface of the oldest link to a neighbour that is up at both ends, or nil:
// no path is shorter. It looks at the host with fewer links: paths of a server with ten thousand
// are long to compute, and each new client makes all of them outdated.
func (h *node) direct(to *node) *direction {
	if len(to.ifaces) < len(h.ifaces) {
		for _, d := range to.ifaces {
			if &d.to.node == h && !d.back.closed() {
				return d.back
			}
		}
		return nil
	}
	for _, d := range h.ifaces {
		if &d.to.node == to && !d.closed() {
			return d
		}
	}
	return nil
}

// paths returns the first step of the shortest path, in links, from h to every host. Only routers
// are passed through. Links with an interface down are used only where there is no other way, since
// whoever is far from an interface does not know that it is down. Equal paths: the older link.
func (n *Network) paths(h *node) []*direction {
	next := make([]*direction, len(n.hosts))
	seen := make([]bool, len(n.hosts))
	for _, useDown := range [...]bool{false, true} {
		clear(seen)
		seen[h.id-1] = true
		reached := make([]*node, 0, len(n.hosts))
		reached = append(reached, h)
		for i := 0; i < len(reached); i++ {
			at := reached[i]
			if at != h && !at.router {
				continue
			}
			for _, d := range at.ifaces {
				to := &d.to.node
				if seen[to.id-1] || !useDown && d.closed() {
					continue
				}
				seen[to.id-1] = true
				reached = append(reached, to)
				first := d
				if at != h {
					first = next[at.id-1]
				}
				if next[to.id-1] == nil {
					next[to.id-1] = first
				}
			}
		}
	}
	return next
}
