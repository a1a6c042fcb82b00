package sim

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// PowerOff takes the host's power: everything it knew is gone, and nobody is told. Its programs
// end. When the fault is removed the host boots: its clients and brokers that ran start anew.
// Programs of your own cannot be ended; what they ask of a host without power fails.
func (h *Host) PowerOff() *Fault { return h.powerOff(h.w.director(), "power-off "+h.name) }

func (h *Host) powerOff(p *program, text string) *Fault {
	f := &Fault{w: h.w, text: text}
	var ran []*program
	h.w.do(p, func(now netmodel.Time) {
		f.start(now, netmodel.Fault{Kind: netmodel.FaultPowerOff, Host: h.net})
		for _, p := range h.w.programs {
			if p.host == h && !p.dead {
				ran = append(ran, p)
				p.vanish()
			}
		}
	})
	for _, p := range ran {
		p.abandon()
	}
	f.restore = func() {
		for _, p := range ran {
			p.boot()
		}
	}
	return f
}

// vanish ends a program without its kernel closing anything. It is called by the driver.
func (p *program) vanish() {
	switch {
	case p.client != nil:
		p.w.record(trace.ClientStopped, p.host.id, trace.App{Actor: p.name, Text: "power"}, p.w.action)
	case p.broker != nil:
		p.w.record(trace.BrokerStopped, p.host.id, trace.App{Actor: p.name, Text: "power"}, p.w.action)
	}
	p.dead, p.frozen, p.held = true, false, nil
	for _, c := range p.conns {
		c.closed = true
		c.wake()
	}
	for _, l := range p.listeners {
		l.closed = true
		l.cond.Broadcast()
	}
	p.conns, p.listeners = nil, nil
}

// abandon lets the goroutines of a program end that has no host any more.
func (p *program) abandon() {
	switch {
	case p.client != nil:
		go p.client.MQTT().Disconnect(0)
	case p.broker != nil:
		p.broker.abandon()
	}
}

// boot starts the program anew.
func (p *program) boot() {
	switch {
	case p.client != nil:
		p.client.Start()
	case p.broker != nil:
		if err := p.broker.Start(); err != nil {
			p.w.mu.Lock()
			p.w.fail(err)
			p.w.mu.Unlock()
		}
	default:
		p.w.do(p, func(netmodel.Time) { p.dead = false })
	}
}
