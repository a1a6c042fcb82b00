package sim

import (
	"net"

	"github.com/mochi-mqtt/server/v2/listeners"
)

// Serve has the broker accept MQTT connections on one more listener, until it stops: one with TLS,
// say, `hub.Serve("tls", tls.NewListener(l, config))` with l from hub.Host.Listen, or a
// WebSocketListener. The id tells the listeners of one broker apart. The trace names the MQTT
// packets of these connections as it does those of plain ones.
func (b *Broker) Serve(id string, l net.Listener) error {
	s := b.server.Load()
	if s == nil {
		return net.ErrClosed
	}
	if err := s.AddListener(listeners.NewNet(id, seeingListener{l})); err != nil {
		return err
	}
	s.Listeners.Serve(id, s.EstablishConnection)
	return nil
}
