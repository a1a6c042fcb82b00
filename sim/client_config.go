package sim

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/sim/trace"
)

// ClientConfig are the settings of paho.mqtt.golang that matter for reconnecting, under its own
// names, and those of the program around it. The defaults below are DefaultClient's, and paho's
// own: begin with that, because the zero value has everything off.
type ClientConfig struct {
	ID                   string        // MQTT client id; default: the client's name
	KeepAlive            time.Duration // whole seconds; 0 turns pings off; default 30 s
	PingTimeout          time.Duration // default 10 s
	ConnectTimeout       time.Duration // of the whole attempt, dial to CONNACK; default 30 s
	CleanSession         bool          // default true
	AutoReconnect        bool          // default true
	ConnectRetry         bool          // retry the first connect, too; default false
	ConnectRetryInterval time.Duration // default 30 s
	MaxReconnectInterval time.Duration // default 10 min
	ReconnectJitter      time.Duration // the program waits up to this before each attempt; default 0
	WriteTimeout         time.Duration // default 0: wait for ever
	ResumeSubs           bool          // send stored, unacknowledged SUBSCRIBEs again; default false
	OrderMatters         bool          // default true
	Resubscribe          bool          // the program subscribes in its OnConnect handler; default true
	Will                 *Will         // default none
	Sockets              SocketOptions // default GoSockets
	Ideal                bool          // writes cost no time: see DESIGN.md, "Zero-cost time lies"
	Host                 *Host         // run there; default: a host of its own, with the client's name
	HostOptions          []HostOption  // of the host of its own

	// Options is called last, for everything else.
	Options func(*mqtt.ClientOptions)
}

// Will is the message that the broker publishes when the client disappears (MQTT 3.1.1, 3.1.2.5).
type Will struct {
	Topic   string
	Payload string
	QoS     byte // 0 to 2
	Retain  bool // later subscribers get it, too
}

// DefaultClient is paho's own default configuration.
func DefaultClient() ClientConfig {
	return ClientConfig{KeepAlive: 30 * time.Second, PingTimeout: 10 * time.Second,
		ConnectTimeout: 30 * time.Second, CleanSession: true, AutoReconnect: true,
		ConnectRetryInterval: 30 * time.Second, MaxReconnectInterval: 10 * time.Minute,
		OrderMatters: true, Resubscribe: true, Sockets: GoSockets}
}

func (c *Client) options() *mqtt.ClientOptions {
	o := mqtt.NewClientOptions().AddBroker("tcp://" + c.addr).SetClientID(c.config.ID)
	o.SetProtocolVersion(4) // else each failed first connect is repeated with MQTT 3.1
	o.SetKeepAlive(c.config.KeepAlive).SetPingTimeout(c.config.PingTimeout)
	o.SetConnectTimeout(c.config.ConnectTimeout).SetCleanSession(c.config.CleanSession)
	o.SetAutoReconnect(c.config.AutoReconnect).SetConnectRetry(c.config.ConnectRetry)
	o.SetConnectRetryInterval(c.config.ConnectRetryInterval)
	o.SetMaxReconnectInterval(c.config.MaxReconnectInterval)
	o.SetWriteTimeout(c.config.WriteTimeout).SetResumeSubs(c.config.ResumeSubs)
	o.SetOrderMatters(c.config.OrderMatters)
	// paho's default store is a map: after a reconnect it repeats messages in random order.
	store := mqtt.NewOrderedMemoryStore()
	o.SetStore(store)
	if w := c.config.Will; w != nil {
		o.SetWill(w.Topic, w.Payload, w.QoS, w.Retain)
	}
	o.SetCustomOpenConnectionFn(c.open)
	o.SetConnectionAttemptHandler(func(_ *url.URL, t *tls.Config) *tls.Config {
		c.w.mu.Lock()
		c.attempt++
		n := c.attempt
		c.w.mu.Unlock()
		c.prog.event(trace.ClientConnecting, trace.App{Attempt: n}, c.connectingCause)
		return t
	})
	o.SetOnConnectHandler(func(m mqtt.Client) { c.onConnect(m, store) })
	o.SetConnectionLostHandler(func(_ mqtt.Client, err error) { c.onLost(err) })
	o.SetReconnectingHandler(func(mqtt.Client, *mqtt.ClientOptions) {
		c.prog.event(trace.ClientReconnecting, trace.App{}, func(e *trace.Event) {
			e.Cause = c.prog.lastEvent
		})
		if c.config.ReconnectJitter > 0 {
			time.Sleep(c.jitter.phase(c.config.ReconnectJitter))
		}
	})
	o.SetDefaultPublishHandler(c.onMessage)
	if c.config.Options != nil {
		c.config.Options(o)
	}
	return o
}

// open dials as paho's own dialer does: within the connect timeout.
func (c *Client) open(u *url.URL, o mqtt.ClientOptions) (net.Conn, error) {
	timeout := o.ConnectTimeout
	if c.w.oneMachine {
		timeout += min(timeout/timerSlack, 100*time.Millisecond)
	}
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
	}
	defer cancel()
	conn, err := c.Host.dial(ctx, c.prog, c.config.Sockets, "tcp", u.Host)
	if err != nil {
		c.prog.event(trace.ClientRefused, trace.App{Text: err.Error()}, func(e *trace.Event) {
			e.Cause = c.prog.lastEvent
		})
		return nil, err
	}
	if !c.config.Ideal && !c.w.ideal {
		conn.writeCost = c.costs
	}
	return conn, nil
}

// timerSlack is the part of a time by which the kernel may wake a process late that waits for it in
// epoll_wait(2): a thousandth, 100 ms at most (select_estimate_accuracy). A process wakes a little
// before that for other reasons. Of 39 dials with a limit of 30 s in captures the
// end was noticed 21.5 to 35.8 ms late, 28 in the median.
const timerSlack = 1100

func (c *Client) connectingCause(e *trace.Event) {
	e.Cause = max(c.prog.lastEvent, c.w.action)
}
