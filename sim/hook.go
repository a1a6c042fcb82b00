package sim

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// hook tells the trace what mochi does, and lets everybody in. mochi calls it from the goroutines
// of its connections; events go through the driver's list in the lane of the connection.
type hook struct {
	mqtt.HookBase
	b   *Broker
	ids idTable
}

// ID implements mqtt.Hook.
func (h *hook) ID() string { return "halfopen" }

// Provides implements mqtt.Hook. mochi asks many times for each packet.
func (h *hook) Provides(b byte) bool { return hooked[b] }

var hooked = func() (set [256]bool) {
	for _, b := range []byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnConnect,
		mqtt.OnSessionEstablished, mqtt.OnDisconnect, mqtt.OnSubscribed, mqtt.OnUnsubscribed,
		mqtt.OnPublish, mqtt.OnPublishDropped, mqtt.OnQosPublish, mqtt.OnQosDropped,
		mqtt.OnClientExpired, mqtt.OnWillSent} {
		set[b] = true
	}
	return set
}()

// OnConnectAuthenticate and OnACLCheck implement mqtt.Hook: everybody may do everything.
func (h *hook) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }
func (h *hook) OnACLCheck(*mqtt.Client, string, bool) bool              { return true }

// event records an event of the broker about client cl.
func (h *hook) event(cl *mqtt.Client, kind netmodel.Kind, app trace.App, fill func(*trace.Event)) {
	w := h.b.w
	c := rawConn(cl.Net.Conn)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closing || h.b.prog.dead { // killed, or without power: the server's goroutines only end
		return
	}
	app.Actor = h.b.prog.name
	if app.Client == "" {
		app.Client = cl.ID
	}
	if c == nil {
		h.b.prog.eventLocked(kind, app, 0, fill)
		return
	}
	ev := &appEvent{Event: trace.Event{App: &app}}
	ev.Kind = kind
	ev.fill = func(e *trace.Event) {
		e.Cause = c.arrival
		if fill != nil {
			fill(e)
		}
	}
	ev.done = func(id trace.ID) { h.b.prog.lastEvent = id }
	c.push(op{kind: opEvent, class: classEvent, rank: eventRank[kind], event: ev})
}

// OnConnect implements mqtt.Hook.
func (h *hook) OnConnect(cl *mqtt.Client, pk packets.Packet) error {
	h.b.w.mu.Lock()
	cl.ID = h.ids.get(cl.ID)
	h.b.w.mu.Unlock()
	h.event(cl, trace.BrokerConnect, trace.App{Client: pk.Connect.ClientIdentifier,
		Text: fmt.Sprintf("clean=%d keepalive=%d", digit(pk.Connect.Clean), pk.Connect.Keepalive)}, nil)
	return nil
}

// OnSessionEstablished implements mqtt.Hook.
func (h *hook) OnSessionEstablished(cl *mqtt.Client, pk packets.Packet) {
	present := cl.State.Inflight.Len() > 0 || cl.State.Subscriptions.Len() > 0
	h.event(cl, trace.BrokerSession, trace.App{SessionPresent: present && !pk.Connect.Clean}, nil)
}

// OnDisconnect implements mqtt.Hook.
func (h *hook) OnDisconnect(cl *mqtt.Client, err error, expire bool) {
	if cl.Net.Inline || cl.Net.Conn == nil { // mochi ends those that it reads from a store, too
		return
	}
	kind, app := trace.BrokerDisconnect, trace.App{Text: "closed", Expired: expire}
	if err != nil {
		app.Text = err.Error()
	}
	if takenOver(cl) {
		kind = trace.BrokerTakeover
	}
	timeout := errors.Is(err, os.ErrDeadlineExceeded)
	h.event(cl, kind, app, func(e *trace.Event) { h.explainEnd(cl, e, timeout) })
}

// takenOver reports whether a newer connection took the session. mochi's own flag says so, too,
// but the goroutine of the newer connection sets it only after it has stopped this one; the reason
// for stopping is there before.
func takenOver(cl *mqtt.Client) bool {
	return errors.Is(cl.StopCause(), packets.ErrSessionTakenOver)
}

// handedOver reports whether the session lives on in a newer connection. mochi 2.4.0 does not say.
func handedOver(cl *mqtt.Client) bool {
	if t, ok := any(cl).(interface{ IsTakenOver() bool }); ok && !t.IsTakenOver() {
		return false
	}
	return !cl.Properties.Clean
}

// explainEnd names the cause of a connection's end: what broke it, or, for a keepalive, the
// client's setting from which mochi derives its own patience.
func (h *hook) explainEnd(cl *mqtt.Client, e *trace.Event, timeout bool) {
	c := rawConn(cl.Net.Conn)
	if c == nil {
		return
	}
	switch {
	case c.failure != 0:
		e.Cause = c.failure
	case timeout && e.Kind == trace.BrokerDisconnect:
		if peer := c.peer(); peer != nil {
			e.Of = c.arrival
			e.Cause = max(peer.prog.settings["keepalive"], 0)
		}
	case e.Kind == trace.BrokerTakeover, !c.eof:
		e.Cause = h.b.prog.lastEvent
	}
	if e.Cause == 0 {
		e.Cause = c.arrival
	}
}

// OnSubscribed implements mqtt.Hook.
func (h *hook) OnSubscribed(cl *mqtt.Client, pk packets.Packet, _ []byte) {
	for i := range pk.Filters {
		h.event(cl, trace.BrokerSubscribed,
			trace.App{Topic: pk.Filters[i].Filter, QoS: pk.Filters[i].Qos}, nil)
	}
}

// OnUnsubscribed implements mqtt.Hook. mochi calls it for a session that ends, too, in the order of
// a map: that is no UNSUBSCRIBE, which always has an identifier [MQTT-2.3.1-1], and the session's
// end is an event of its own.
func (h *hook) OnUnsubscribed(cl *mqtt.Client, pk packets.Packet) {
	if pk.PacketID == 0 {
		return
	}
	for i := range pk.Filters {
		h.event(cl, trace.BrokerUnsubscribed, trace.App{Topic: pk.Filters[i].Filter}, nil)
	}
}

// OnPublish implements mqtt.Hook.
func (h *hook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	app := trace.App{Topic: pk.TopicName, Payload: bytes.Clone(pk.Payload), QoS: pk.FixedHeader.Qos,
		Dup: pk.FixedHeader.Dup}
	pid, retain := pk.PacketID, pk.FixedHeader.Retain // not pk: it is large, and would be kept
	c := rawConn(cl.Net.Conn)
	h.event(cl, trace.BrokerReceived, app, func(e *trace.Event) {
		m, a := &h.b.w.messages, e.App
		if c != nil {
			a.Message = m.byID[flight{c.clientID(), false, pid}]
			if pid == 0 || a.Message == 0 || !m.is(a.Message, a.Topic, a.Payload) {
				a.Message = m.at(placeReceive, c.clientID(), a.Topic, a.Payload)
			}
		}
		if a.Message == 0 {
			a.Message = m.add(trace.Message{Publisher: h.b.prog.name, Topic: a.Topic,
				Payload: a.Payload, QoS: a.QoS, Retain: retain})
			e.Cause = max(h.b.w.action, e.Cause)
		}
		m.brokerReceived(a.Message, m.w.rec.NextID())
	})
	return pk, nil
}

// OnPublishDropped implements mqtt.Hook: a subscriber's queue is full.
func (h *hook) OnPublishDropped(cl *mqtt.Client, pk packets.Packet) {
	h.about(cl, trace.BrokerDropped, pk, placeDrop, "the queue to the client is full")
}

// OnQosPublish implements mqtt.Hook: a message at QoS 1 or 2 is now in flight to a subscriber, or
// waits in its session.
func (h *hook) OnQosPublish(cl *mqtt.Client, pk packets.Packet, _ int64, _ int) {
	if pk.FixedHeader.Type == packets.Publish && !pk.FixedHeader.Dup {
		h.about(cl, trace.BrokerQueued, pk, 'q', "")
	}
}

// OnQosDropped implements mqtt.Hook. mochi calls it also when a kept session goes over to a new
// connection, for the old one's copies of messages that live on: those are not dropped.
func (h *hook) OnQosDropped(cl *mqtt.Client, pk packets.Packet) {
	if pk.FixedHeader.Type == packets.Publish && !handedOver(cl) {
		h.about(cl, trace.BrokerDropped, pk, 'Q', "its session ended")
	}
}

func (h *hook) about(cl *mqtt.Client, kind netmodel.Kind, pk packets.Packet, what byte,
	why string) {
	payload := bytes.Clone(pk.Payload)
	h.event(cl, kind, trace.App{Topic: pk.TopicName, QoS: pk.FixedHeader.Qos, Text: why},
		func(e *trace.Event) {
			e.App.Message = h.b.w.messages.at(what, e.App.Client, e.App.Topic, payload)
			if e.App.Message > 0 {
				if id := h.b.w.messages.broker[e.App.Message-1]; id > 0 {
					e.Cause = id
				}
			}
		})
}

// OnClientExpired implements mqtt.Hook.
func (h *hook) OnClientExpired(cl *mqtt.Client) {
	h.event(cl, trace.BrokerExpired, trace.App{}, nil)
}

// OnWillSent implements mqtt.Hook. The will itself is a message of the broker's from here on.
func (h *hook) OnWillSent(cl *mqtt.Client, pk packets.Packet) {
	app := trace.App{Topic: pk.TopicName, Payload: bytes.Clone(pk.Payload), QoS: pk.FixedHeader.Qos,
		Text: "will"}
	h.event(cl, trace.BrokerReceived, app, func(e *trace.Event) {
		e.App.Message = h.b.w.messages.add(trace.Message{Publisher: cl.ID, Topic: app.Topic,
			Payload: app.Payload, QoS: app.QoS, Retain: pk.FixedHeader.Retain})
		h.b.w.messages.brokerReceived(e.App.Message, h.b.w.rec.NextID())
	})
}
