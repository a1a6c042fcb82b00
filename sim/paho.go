package sim

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/gorilla/websocket"
)

// Paho lets a paho.mqtt.golang client of your own run on the host: its connections go over the
// simulated network, whatever the scheme of its broker's URL (tcp, ssl, ws, wss ...), with its own
// TLS configuration, and what its callbacks report goes into the trace, so that expectations can be
// about the host. Encrypted packets have their names there, and faults find them by these. Call it
// last, when the options are complete, or hand it to the place where your program lets its options
// be changed. It returns o.
//
// Two settings are worth having in your own code as well: a client id (paho makes none up), and
// SetProtocolVersion(4), without which each failed first connect is repeated with MQTT 3.1.
func (h *Host) Paho(o *mqtt.ClientOptions) *mqtt.ClientOptions {
	obs := h.Observe()
	obs.pahoSettings(o)
	up, lost, again, attempt := o.OnConnect, o.OnConnectionLost, o.OnReconnecting, o.OnConnectAttempt
	o.SetOnConnectHandler(func(c mqtt.Client) {
		obs.Connected(h.sessionPresent())
		if up != nil {
			up(c)
		}
	})
	o.SetConnectionLostHandler(func(c mqtt.Client, err error) {
		obs.Lost(err)
		if lost != nil {
			lost(c, err)
		}
	})
	o.SetReconnectingHandler(func(c mqtt.Client, o *mqtt.ClientOptions) {
		obs.Reconnecting()
		if again != nil {
			again(c, o)
		}
	})
	o.SetConnectionAttemptHandler(func(u *url.URL, t *tls.Config) *tls.Config {
		obs.Connecting()
		if attempt != nil {
			t = attempt(u, t)
		}
		o.TLSConfig = t // what OpenConnection gets is a copy of the options
		return t
	})
	return o.SetCustomOpenConnectionFn(func(u *url.URL, copied mqtt.ClientOptions) (net.Conn, error) {
		c, err := h.OpenConnection(u, copied)
		if err != nil {
			obs.Refused(err)
		}
		return c, err
	})
}

// sessionPresent is what the newest CONNACK of the host's own program said.
func (h *Host) sessionPresent() bool {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	if n := len(h.prog.conns); n > 0 {
		return h.prog.conns[n-1].sessionPresent()
	}
	return false
}

// OpenConnection has the signature that paho's SetCustomOpenConnectionFn asks for. Use it alone if
// you want the simulated network without the reports: see Paho.
func (h *Host) OpenConnection(u *url.URL, o mqtt.ClientOptions) (net.Conn, error) {
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if o.ConnectTimeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, o.ConnectTimeout)
	}
	defer cancel()
	return h.Open(ctx, u, o.TLSConfig, o.HTTPHeaders)
}

// Open connects to an MQTT server's URL: tcp://hub:1883, ssl://hub:8883, ws://hub:80/mqtt and wss,
// and the other names of these four. It is what adapters of MQTT libraries need; headers are for
// the WebSocket handshake.
func (h *Host) Open(ctx context.Context, u *url.URL, config *tls.Config, headers http.Header) (
	net.Conn, error) {
	switch strings.ToLower(u.Scheme) {
	case "tcp", "mqtt", "":
		return h.DialContext(ctx, "tcp", hostPort(u, "1883"))
	case "ssl", "tls", "mqtts", "mqtt+ssl", "tcps":
		return h.dialTLS(ctx, hostPort(u, "8883"), config)
	case "ws", "wss":
		return h.dialWebSocket(ctx, u, config, headers)
	}
	return nil, fmt.Errorf("%s: halfopen does not know the scheme", u)
}

func hostPort(u *url.URL, port string) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// dialTLS is tls.DialWithDialer over the simulated network.
func (h *Host) dialTLS(ctx context.Context, address string, config *tls.Config) (net.Conn, error) {
	raw, err := h.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if config == nil {
		config = new(tls.Config)
	}
	if config.ServerName == "" {
		config = config.Clone()
		config.ServerName, _, _ = net.SplitHostPort(address)
	}
	c := tls.Client(raw, config)
	veiled := seeThrough(c) // before anything is written
	if err := c.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return veiled, nil
}

func (h *Host) dialWebSocket(ctx context.Context, u *url.URL, config *tls.Config,
	headers http.Header) (net.Conn, error) {
	plain := *u
	plain.User = nil // gorilla/websocket refuses URLs with a user
	d := websocket.Dialer{NetDialContext: h.DialContext, TLSClientConfig: config,
		Subprotocols: []string{"mqtt"}} // [MQTT-6.0.0-3]
	if at, ok := ctx.Deadline(); ok {
		d.HandshakeTimeout = time.Until(at)
	}
	ws, _, err := d.DialContext(ctx, plain.String(), headers)
	if err != nil {
		return nil, err
	}
	return newWebSocketConn(ws), nil
}
