package sim

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// An Observer tells the world what the MQTT library of a program of your own reports, so that
// expectations can be about it. Host.Paho makes one for paho.mqtt.golang, package paho5 one for
// autopaho; for another library, call its methods from the library's callbacks.
type Observer struct {
	h       *Host
	attempt int
}

// Observe makes an observer for a program on the host. Expectations know it by the host's name, so
// that a host has one such program.
func (h *Host) Observe() *Observer {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.prog.observed = true
	return &Observer{h: h}
}

// Setting tells a setting of the program that decides how long things take, so that failures can
// name it: "keepalive", "ping-timeout", "connect-timeout" or "max-reconnect-interval", a
// time.Duration each, or "session", which is "clean" or "kept".
func (o *Observer) Setting(name string, value any) { o.h.prog.setting(name, value) }

// Connecting reports that the library begins an attempt to connect.
func (o *Observer) Connecting() {
	o.attempt++
	o.event(trace.ClientConnecting, trace.App{Attempt: o.attempt}, nil)
}

// Connected reports that the broker has accepted the connection.
func (o *Observer) Connected(sessionPresent bool) {
	o.attempt = 0
	o.event(trace.ClientConnected, trace.App{SessionPresent: sessionPresent},
		func(e *trace.Event, c *conn) { e.Cause = c.arrival })
}

// Refused reports that an attempt to connect failed.
func (o *Observer) Refused(err error) {
	o.event(trace.ClientRefused, trace.App{Text: errorText(err)}, nil)
}

// Lost reports that the library has given the connection up.
func (o *Observer) Lost(err error) {
	o.event(trace.ClientLost, trace.App{Text: errorText(err)}, explainLost)
}

// Reconnecting reports that the library begins to connect again.
func (o *Observer) Reconnecting() { o.event(trace.ClientReconnecting, trace.App{}, nil) }

// explainLost names what broke the connection, or the PINGREQ that nobody answered.
func explainLost(e *trace.Event, c *conn) {
	switch ping := c.pinged; {
	case c.failure != 0:
		e.Cause = c.failure
	case c.eof:
		e.Cause = c.arrival
	case ping != 0:
		e.Cause, e.Of = ping, ping
	default:
		e.Cause = c.arrival
	}
}

// event puts an event of the program into the trace; explain completes it with what its newest
// connection knows.
func (o *Observer) event(kind netmodel.Kind, app trace.App, explain func(*trace.Event, *conn)) {
	p := o.h.prog
	p.event(kind, app, func(e *trace.Event) {
		e.Cause = p.lastEvent
		if n := len(p.conns); n > 0 && explain != nil {
			e.Socket = p.conns[n-1].sock.ID()
			explain(e, p.conns[n-1])
		}
	})
}
