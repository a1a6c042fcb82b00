package paho5

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"

	"halfopen/sim"
)

// URL is the URL of a broker's address: mqtt://hub:1883.
func URL(address string) *url.URL { return &url.URL{Scheme: "mqtt", Host: address} }

// On returns cfg for a client that runs on host h. Callbacks of cfg are kept, and called after the
// report to the trace.
func On(h *sim.Host, cfg autopaho.ClientConfig) autopaho.ClientConfig {
	obs := h.Observe()
	obs.Setting("keepalive", time.Duration(cfg.KeepAlive)*time.Second)
	session := "kept"
	if cfg.SessionExpiryInterval == 0 {
		session = "clean" // it ends with its connection (MQTT 5, 3.1.2.11.2)
	}
	obs.Setting("session", session)
	if cfg.ConnectTimeout > 0 {
		obs.Setting("connect-timeout", cfg.ConnectTimeout)
	}
	up, refused, failed := cfg.OnConnectionUp, cfg.OnConnectError, cfg.OnClientError
	disconnected := cfg.OnServerDisconnect
	cfg.OnConnectionUp = func(m *autopaho.ConnectionManager, ack *paho.Connack) {
		obs.Connected(ack.SessionPresent)
		if up != nil {
			up(m, ack)
		}
	}
	cfg.OnConnectError = func(err error) {
		obs.Refused(err)
		if refused != nil {
			refused(err)
		}
	}
	cfg.OnClientError = func(err error) {
		obs.Lost(err)
		if failed != nil {
			failed(err)
		}
	}
	cfg.OnServerDisconnect = func(d *paho.Disconnect) {
		obs.Lost(fmt.Errorf("DISCONNECT from the server, reason code %d", d.ReasonCode))
		if disconnected != nil {
			disconnected(d)
		}
	}
	open := Attempt(h)
	cfg.AttemptConnection = func(ctx context.Context, c autopaho.ClientConfig, u *url.URL) (net.Conn,
		error) {
		obs.Connecting()
		return open(ctx, c, u)
	}
	return cfg
}

// Attempt is a function for autopaho's AttemptConnection alone, without reports to the trace.
func Attempt(h *sim.Host) func(context.Context, autopaho.ClientConfig, *url.URL) (net.Conn, error) {
	return func(ctx context.Context, cfg autopaho.ClientConfig, u *url.URL) (net.Conn, error) {
		// autopaho hands its own dialers a context with ConnectTimeout, and this function one without.
		ctx, cancel := context.WithTimeout(ctx, cfg.ConnectTimeout)
		defer cancel()
		var headers http.Header
		if w := cfg.WebSocketCfg; w != nil && w.Header != nil {
			headers = w.Header(u, cfg.TlsCfg)
		}
		c, err := h.Open(ctx, u, cfg.TlsCfg, headers)
		if err != nil {
			return nil, err
		}
		return newConn(c), nil
	}
}
