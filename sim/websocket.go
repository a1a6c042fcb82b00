package sim

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// webSocketConn is a net.Conn over a WebSocket: MQTT packets in binary messages [MQTT-6.0.0-1]. Its
// writers and its readers exclude each other by channels, not mutexes: a goroutine that waits for a
// mutex would keep virtual time from moving.
type webSocketConn struct {
	*websocket.Conn
	rest             io.Reader // of the message under way
	reading, writing chan struct{}
	raw              *conn // the connection below, nil if that is not of a world
}

func newWebSocketConn(ws *websocket.Conn) *webSocketConn {
	c := &webSocketConn{Conn: ws, reading: make(chan struct{}, 1), writing: make(chan struct{}, 1)}
	// Its younger name, NetConn, is not there in the version that paho 1.4 asks for.
	if below, ok := any(ws).(interface{ UnderlyingConn() net.Conn }); ok {
		c.raw = rawConn(below.UnderlyingConn())
	}
	if c.raw != nil {
		c.raw.hide()
	}
	return c
}

// errNotBinary ends a connection as the standard demands [MQTT-6.0.0-1].
var errNotBinary = errors.New("websocket: a message that is not binary")

// Read implements net.Conn. A message may hold part of a packet or several [MQTT-6.0.0-2].
func (c *webSocketConn) Read(p []byte) (int, error) {
	c.reading <- struct{}{}
	defer func() { <-c.reading }()
	for {
		if c.rest == nil {
			kind, r, err := c.NextReader()
			if err != nil {
				return 0, err
			}
			if kind != websocket.BinaryMessage {
				return 0, errNotBinary
			}
			c.rest = r
		}
		n, err := c.rest.Read(p)
		if err == io.EOF {
			c.rest, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Write implements net.Conn: one message for each call.
func (c *webSocketConn) Write(p []byte) (int, error) {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	if c.raw == nil {
		return c.send(p)
	}
	return c.raw.under(p, c.send)
}

func (c *webSocketConn) send(p []byte) (int, error) {
	if err := c.WriteMessage(websocket.BinaryMessage, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// SetDeadline implements net.Conn.
func (c *webSocketConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// WebSocketListener is a net.Listener of MQTT connections over WebSocket: for a broker's further
// listener, as in
//
//	l, err := hub.Host.Listen("tcp", ":80")
//	err = hub.Serve("ws", sim.WebSocketListener(l))
//
// It serves HTTP on l, at every path, until it is closed.
func WebSocketListener(l net.Listener) net.Listener {
	s := &webSocketListener{Listener: l, ready: make(chan net.Conn), closed: make(chan struct{})}
	s.server = &http.Server{Handler: s}
	go func() { _ = s.server.Serve(l) }()
	return s
}

type webSocketListener struct {
	net.Listener
	server *http.Server
	ready  chan net.Conn
	closed chan struct{}
}

// ServeHTTP implements http.Handler: it makes a WebSocket of each request.
func (s *webSocketListener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{"mqtt"},
		CheckOrigin: func(*http.Request) bool { return true }}
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	select {
	case s.ready <- newWebSocketConn(c):
	case <-s.closed:
		_ = c.Close()
	}
}

// Accept implements net.Listener.
func (s *webSocketListener) Accept() (net.Conn, error) {
	select {
	case c := <-s.ready:
		return c, nil
	case <-s.closed:
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: s.Addr(), Err: net.ErrClosed}
	}
}

// Close implements net.Listener.
func (s *webSocketListener) Close() error {
	select {
	case <-s.closed:
		return net.ErrClosed
	default:
		close(s.closed)
	}
	return s.server.Close()
}
