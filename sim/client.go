package sim

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/sim/trace"
)

// Client is a real paho.mqtt.golang client on a host of its own, and the small program around it
// that subscribes and publishes. Its methods are safe for concurrent use by goroutines of the
// world's bubble.
type Client struct {
	Host   *Host // where it runs
	w      *World
	prog   *program
	mqtt   atomic.Pointer[mqtt.Client]
	config ClientConfig
	addr   string // of the broker
	costs  *writeCosts

	filters  []subscription // what the program subscribed to, to do it again after a reconnect
	attempt  int
	online   bool
	received []Message

	published int   // how often the program asked to publish
	jitter    *dice // of reconnecting
	late      *dice // by how much it subscribes late: see settle
}

type subscription struct {
	filter string
	qos    byte
}

// Message is a message as a program got it.
type Message struct {
	At      time.Duration // since the world's start
	Topic   string
	Payload []byte // not to be changed
	QoS     byte   // 0 to 2
	Dup     bool   // it says that it may have come before
	Retain  bool   // it was kept by the broker, and is not new
}

// Client adds a client of broker b. It does not connect yet: see Connect.
func (w *World) Client(name string, b *Broker, c ClientConfig) *Client {
	h := c.Host
	if h == nil {
		h = w.Host(name, c.HostOptions...)
	}
	if c.ID == "" {
		c.ID = name
	}
	cl := &Client{Host: h, w: w, config: c, addr: b.Addr()}
	w.mu.Lock()
	cl.prog = w.newProgram(name, h)
	cl.prog.client = cl
	cl.jitter = w.newDice(name+" reconnect", 0)
	cl.late = w.newDice(name+" subscribe", 0)
	if h.id > 0 && w.rec.Trace.Hosts[h.id-1].Real == "" {
		w.rec.Trace.Hosts[h.id-1].Real = moduleVersion("github.com/eclipse/paho.mqtt.golang")
	}
	cl.costs = w.newWriteCosts(name, len(w.clients))
	w.clients = append(w.clients, cl)
	w.mu.Unlock()
	cl.writeSettings()
	cl.newLibrary()
	return cl
}

func (c *Client) newLibrary() {
	lib := mqtt.NewClient(c.options())
	c.mqtt.Store(&lib)
}

// MQTT is the paho client. It is another one after Kill and Start.
func (c *Client) MQTT() mqtt.Client { return *c.mqtt.Load() }

// Name is the client's name.
func (c *Client) Name() string { return c.prog.name }

// Connect connects for the first time, and waits until that has worked or failed. With ConnectRetry
// it waits until it has worked.
func (c *Client) Connect() error {
	t := c.MQTT().Connect()
	t.Wait()
	return t.Error()
}

// ConnectLater connects for the first time without waiting.
func (c *Client) ConnectLater() { c.MQTT().Connect() }

func (c *Client) onConnect(m mqtt.Client, store mqtt.Store) {
	c.w.mu.Lock()
	c.attempt, c.online = 0, true
	filters := append([]subscription(nil), c.filters...)
	c.w.mu.Unlock()
	c.prog.event(trace.ClientConnected, trace.App{}, func(e *trace.Event) {
		if conn := c.conn(); conn != nil {
			e.Cause, e.Socket = conn.arrival, conn.sock.ID()
			e.App.SessionPresent = conn.sessionPresent()
		}
	})
	if !c.config.Resubscribe || !c.settle(m, store) {
		return
	}
	for _, s := range filters {
		c.subscribe(s)
	}
}

// settle lets the library send first what it had not finished before the connection was lost: else
// the runtime chooses in which order that and our SUBSCRIBE go out. It reports false if the client
// has ended meanwhile.
func (c *Client) settle(m mqtt.Client, store mqtt.Store) bool {
	unfinished := func(key string) bool { return strings.HasPrefix(key, "o.") } // paho's outbound
	if !slices.ContainsFunc(store.All(), unfinished) {
		return true
	}
	time.Sleep(time.Millisecond + c.late.phase(4*time.Millisecond))
	return m.IsConnectionOpen()
}

// conn is the client's newest connection. The driver calls it.
func (c *Client) conn() *conn {
	if n := len(c.prog.conns); n > 0 {
		return c.prog.conns[n-1]
	}
	return nil
}

// onLost records that paho gave the connection up. Its cause is what broke the connection, or the
// PINGREQ that nobody answered.
func (c *Client) onLost(err error) {
	c.w.mu.Lock()
	c.online = false
	conn := c.conn() // now: by the time the event is applied the next one may be under way
	c.w.mu.Unlock()
	c.prog.event(trace.ClientLost, trace.App{Text: err.Error()}, func(e *trace.Event) {
		if conn == nil {
			return
		}
		e.Socket = conn.sock.ID()
		switch ping := conn.pinged; {
		case conn.failure != 0:
			e.Cause = conn.failure
		case conn.eof:
			e.Cause = conn.arrival
		case ping != 0:
			e.Cause, e.Of = ping, ping
		default:
			e.Cause = conn.arrival
		}
	})
}

// Subscribe subscribes to a topic filter. After a reconnect the program subscribes again, if its
// configuration says so. It does not wait.
func (c *Client) Subscribe(filter string, qos byte) {
	s := subscription{filter, qos}
	c.w.mu.Lock()
	c.filters = append(c.filters, s)
	online := c.online || !c.config.Resubscribe && c.MQTT().IsConnectionOpen()
	c.w.mu.Unlock()
	if online {
		c.subscribe(s)
	}
}

func (c *Client) subscribe(s subscription) {
	t := c.MQTT().Subscribe(s.filter, s.qos, c.onMessage)
	go func() {
		if !c.w.wait(t) {
			return
		}
		app := trace.App{Topic: s.filter, QoS: s.qos, Text: errorText(t.Error())}
		c.prog.event(trace.ClientSubscribed, app, func(e *trace.Event) {
			if conn := c.conn(); conn != nil {
				e.Cause = conn.arrival
			}
		})
	}()
}

func (c *Client) onMessage(_ mqtt.Client, m mqtt.Message) {
	msg := Message{At: c.w.Now(), Topic: m.Topic(), Payload: m.Payload(), QoS: m.Qos(),
		Dup: m.Duplicate(), Retain: m.Retained()}
	c.w.mu.Lock()
	c.received = append(c.received, msg)
	c.w.mu.Unlock()
	c.prog.event(trace.ClientMessage, trace.App{Topic: msg.Topic, Payload: msg.Payload, QoS: msg.QoS,
		Dup: msg.Dup}, func(e *trace.Event) {
		e.App.Message = c.w.messages.at(placeDelivery, c.config.ID, msg.Topic, msg.Payload)
		if conn := c.conn(); conn != nil {
			e.Cause = conn.arrival
		}
	})
}

// Received returns the messages that the program got so far, of all topics, in order.
func (c *Client) Received() []Message {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return append([]Message(nil), c.received...)
}

// Publish publishes a message, and returns the library's token. It does not wait.
func (c *Client) Publish(topic string, qos byte, retain bool, payload []byte) mqtt.Token {
	var id trace.MessageID
	c.w.mu.Lock()
	c.published++
	order := c.published
	c.w.mu.Unlock()
	c.prog.event(trace.ClientPublish, trace.App{Topic: topic, Payload: payload, QoS: qos},
		func(e *trace.Event) {
			id = c.w.messages.add(trace.Message{Publisher: c.prog.name, Topic: topic, Payload: payload,
				QoS: qos, Retain: retain})
			e.App.Message = id
			e.Cause = max(c.w.action, c.w.start)
			c.w.messages.clientPublished(id, c.w.rec.NextID())
		})
	t := c.MQTT().Publish(topic, qos, retain, payload)
	go func() {
		if !c.w.wait(t) {
			return
		}
		app := trace.App{Topic: topic, QoS: qos, Text: errorText(t.Error())}
		c.w.mu.Lock()
		defer c.w.mu.Unlock()
		c.prog.eventLocked(trace.ClientPublished, app, order, func(e *trace.Event) {
			e.App.Message = id
			if conn := c.conn(); qos > 0 && conn != nil {
				e.Cause = conn.arrival
			} else {
				e.Cause = c.w.messages.asked[id-1]
			}
		})
	}()
	return t
}

// wait waits for a token, and reports false if the world ended before.
func (w *World) wait(t mqtt.Token) bool {
	select {
	case <-t.Done():
		return true
	case <-w.over:
		return false
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Disconnect ends the session in order: DISCONNECT, then FIN. It waits a quarter of a second for
// what is under way, as paho needs.
func (c *Client) Disconnect() {
	c.prog.event(trace.ClientDisconnect, trace.App{}, func(e *trace.Event) {
		e.Cause = max(c.w.action, c.w.start)
	})
	c.MQTT().Disconnect(250)
	c.w.mu.Lock()
	c.online = false
	c.w.mu.Unlock()
}

// Unsubscribe ends a subscription, for later connections too. It does not wait.
func (c *Client) Unsubscribe(filter string) {
	c.w.mu.Lock()
	c.filters = slices.DeleteFunc(c.filters, func(s subscription) bool { return s.filter == filter })
	online := c.online
	c.w.mu.Unlock()
	if online {
		c.MQTT().Unsubscribe(filter)
	}
}
