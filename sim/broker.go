package sim

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Broker is a real mochi-mqtt server on a host of its own. Its methods are safe for concurrent use
// by goroutines of the world's bubble.
type Broker struct {
	Host   *Host // where it runs
	w      *World
	prog   *program
	port   uint16
	config brokerConfig
	server atomic.Pointer[mqtt.Server] // nil: stopped
	store  *store                      // survives restarts, if persist
}

type brokerConfig struct {
	host         *Host
	hostOptions  []HostOption
	port         uint16
	persist      bool
	sockets      SocketOptions
	capabilities func(*mqtt.Capabilities)
}

// A BrokerOption changes a broker from the default.
type BrokerOption func(*brokerConfig)

// OnHost puts the broker on a host that exists already.
func OnHost(h *Host) BrokerOption { return func(c *brokerConfig) { c.host = h } }

// OnPort has the broker listen on another port than 1883.
func OnPort(port uint16) BrokerOption { return func(c *brokerConfig) { c.port = port } }

// WithStore gives the broker a session store that survives Stop and Start.
func WithStore() BrokerOption { return func(c *brokerConfig) { c.persist = true } }

// BrokerHost configures the broker's own host.
func BrokerHost(o ...HostOption) BrokerOption {
	return func(c *brokerConfig) { c.hostOptions = append(c.hostOptions, o...) }
}

// BrokerSockets sets the options of the broker's TCP sockets.
func BrokerSockets(o SocketOptions) BrokerOption { return func(c *brokerConfig) { c.sockets = o } }

// Capabilities changes what mochi offers, before it starts.
func Capabilities(f func(*mqtt.Capabilities)) BrokerOption {
	return func(c *brokerConfig) { c.capabilities = f }
}

// Broker adds a broker on a host named name, and starts it.
func (w *World) Broker(name string, opts ...BrokerOption) *Broker {
	c := brokerConfig{port: 1883, sockets: GoSockets}
	for _, o := range opts {
		o(&c)
	}
	h := c.host
	if h == nil {
		h = w.Host(name, c.hostOptions...)
	}
	b := &Broker{Host: h, w: w, port: c.port, config: c}
	if c.persist {
		b.store = new(store)
	}
	w.mu.Lock()
	b.prog = w.newProgram(name, h)
	b.prog.broker = b
	w.rec.Trace.Hosts[h.id-1].Real = moduleVersion("github.com/mochi-mqtt/server/v2")
	w.brokers = append(w.brokers, b)
	w.mu.Unlock()
	if err := b.Start(); err != nil {
		w.mu.Lock()
		w.fail(err)
		w.mu.Unlock()
	}
	return b
}

// Addr is the broker's address, for clients: "hub:1883".
func (b *Broker) Addr() string { return fmt.Sprintf("%s:%d", b.Host.name, b.port) }

// Server is the mochi server that runs now, or nil. It is another one after Stop and Start.
func (b *Broker) Server() *mqtt.Server { return b.server.Load() }

// Start starts a stopped, or killed, broker. It does nothing while one runs.
func (b *Broker) Start() error {
	if b.server.Load() != nil {
		return nil
	}
	b.w.mu.Lock()
	b.prog.dead = false
	b.w.mu.Unlock()
	// mochi's default of publishing figures about itself each second costs most of a run's time, and
	// the figures are those of this process (PERF: a third of the speed): ask for it in 34 years.
	//lint:ignore SA1019 its successor is younger than mochi 2.4.0, and it is only read here
	caps := *mqtt.DefaultServerCapabilities
	if b.config.capabilities != nil {
		b.config.capabilities(&caps)
	}
	s := mqtt.New(&mqtt.Options{SysTopicResendInterval: 1 << 30,
		Capabilities: &caps, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err := s.AddHook(&hook{b: b}, nil); err != nil {
		return err
	}
	if b.store != nil {
		if err := s.AddHook(&storeHook{store: b.store}, nil); err != nil {
			return err
		}
	}
	l, err := b.Host.listen(b.prog, b.config.sockets, "tcp", fmt.Sprintf(":%d", b.port))
	if err != nil {
		return fmt.Errorf("broker %s: %w", b.prog.name, err)
	}
	if err := s.AddListener(listeners.NewNet("tcp", l)); err != nil {
		return err
	}
	b.server.Store(s)
	b.prog.event(trace.BrokerStarted, trace.App{Text: b.Addr()}, nil)
	if err := s.Serve(); err != nil {
		return err
	}
	dropSysTopics(s)
	return nil
}

// dropSysTopics deletes the retained messages about the server itself: mochi copies all retained
// messages each second to look for expired ones, and these are most of that work.
func dropSysTopics(s *mqtt.Server) {
	for topic := range s.Topics.Retained.GetAll() {
		if strings.HasPrefix(topic, "$SYS") {
			s.Topics.Retained.Delete(topic)
		}
	}
}

// Stop shuts the broker down in order: it closes its connections, and connecting is refused.
func (b *Broker) Stop() {
	s := b.server.Swap(nil)
	if s == nil {
		return
	}
	b.save(s)
	b.prog.event(trace.BrokerStopped, trace.App{Text: "stop"}, nil)
	_ = s.Close()
	b.w.do(b.prog, func(netmodel.Time) {}) // what it wrote and closed is on its way
}

// Kill ends the broker at once, as SIGKILL does: its kernel closes the connections.
func (b *Broker) Kill() {
	s := b.server.Swap(nil)
	if s == nil {
		return
	}
	b.save(s)
	b.w.do(b.prog, func(now netmodel.Time) {
		id := b.w.record(trace.BrokerStopped, b.Host.id, trace.App{Actor: b.prog.name, Text: "kill"},
			b.w.action)
		b.prog.kill(now, id)
	})
	_ = s.Close() // only its goroutines are left to end
}

// abandon is Kill for a broker whose host has lost its power.
func (b *Broker) abandon() {
	if s := b.server.Swap(nil); s != nil {
		b.save(s)
		_ = s.Close() // only its goroutines are left to end
	}
}

// save puts what the broker knows into its store, if it has one.
func (b *Broker) save(s *mqtt.Server) {
	if b.store != nil {
		b.store.save(s)
	}
}

// Freeze stops the broker's process (SIGSTOP): its kernel goes on acknowledging, nobody answers.
func (b *Broker) Freeze() { b.w.freeze(b.prog) }

// Thaw lets it go on (SIGCONT).
func (b *Broker) Thaw() { b.w.do(b.prog, b.prog.thaw) }

func (w *World) freeze(p *program) {
	w.do(p, func(netmodel.Time) { p.frozen = true })
}

// Publish publishes a message as the broker's own program does, without a connection: qos is 0 to
// 2. A broker that does not run gives net.ErrClosed.
func (b *Broker) Publish(topic string, payload []byte, qos byte, retain bool) error {
	s := b.server.Load()
	if s == nil {
		return net.ErrClosed
	}
	// mochi's own inline client would stand in the list of clients that it walks through each second.
	cl := s.NewClient(nil, "local", "inline", true)
	return s.InjectPacket(cl, packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: qos, Retain: retain},
		TopicName:   topic, Payload: payload, PacketID: uint16(qos), // QoS 1 and 2 need one
	})
}
