// Package paho5 lets MQTT 5 clients run in a simulated world: those of
// github.com/eclipse/paho.golang/autopaho.
//
//	cfg := autopaho.ClientConfig{ServerUrls: []*url.URL{paho5.URL(hub.Addr())}, KeepAlive: 20, ...}
//	cm, err := autopaho.NewConnection(t.Context(), paho5.On(phone, cfg))
//
// On sets AttemptConnection, so that connections go over the simulated network (mqtt, tls, ws and
// wss URLs, with the configuration's own TLS settings), and puts what the library reports into the
// trace, so that expectations can be about the host.
//
// The package is apart from sim so that users of MQTT 3.1.1 do not compile a second client library.
package paho5
