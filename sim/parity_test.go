package sim_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// place is where a behaviour is looked at: 127.0.0.1, or two simulated hosts.
type place struct {
	listen func(port string) (net.Listener, error)
	dial   func(ctx context.Context, address string) (net.Conn, error)
	host   string // to dial to
}

// behaviours are what programs rely on in sockets. Each runs against the kernel's own and against
// the simulated ones, with the same assertions.
var behaviours = []struct {
	name string
	run  func(t *testing.T, p place)
}{
	{"a closed connection reads EOF, again and again", parityEOF},
	{"what was written before close arrives before EOF", parityFlushOnClose},
	{"a port where nobody listens refuses", parityRefused},
	{"closing with unread data resets", parityReset},
	{"half close: the other direction goes on", parityHalfClose},
	{"writing after one's own half close is a broken pipe", parityWriteAfterCloseWrite},
	{"writing after the other side has closed works once", parityWriteAfterPeerClose},
	{"a closed connection is net.ErrClosed", parityUseAfterClose},
	{"close wakes a blocked read", parityCloseWakesRead},
	{"close wakes a blocked accept", parityCloseWakesAccept},
	{"a read deadline passes, and can be set anew", parityReadDeadline},
	{"a write deadline in the past fails the write", parityWriteDeadline},
	{"both ends agree about their addresses", parityAddresses},
	{"a port can be listened on once", parityInUse},
	{"an expired context is a timeout, a cancelled one is not", parityContext},
	{"a mebibyte arrives in order", parityBulk},
	{"empty reads and writes do nothing", parityEmpty},
}

func TestParityWithRealSockets(t *testing.T) {
	for _, b := range behaviours {
		t.Run(b.name, func(t *testing.T) {
			t.Run("kernel", func(t *testing.T) {
				if runtime.GOOS != "linux" {
					t.Skip("the model is Linux's: other kernels differ in details")
				}
				b.run(t, kernelPlace())
			})
			t.Run("simulated", func(t *testing.T) {
				sim.Test(t, func(t *testing.T, w *sim.World) { b.run(t, simulatedPlace(w)) })
			})
		})
	}
}

func kernelPlace() place {
	var d net.Dialer
	return place{host: "127.0.0.1",
		listen: func(port string) (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:"+port) },
		dial: func(ctx context.Context, a string) (net.Conn, error) {
			return d.DialContext(ctx, "tcp", a)
		}}
}

func simulatedPlace(w *sim.World) place {
	server, client := w.Host("server"), w.Host("client")
	w.Link(server, client, netmodel.Conditions{Latency: time.Millisecond})
	return place{host: "server",
		listen: func(port string) (net.Listener, error) { return server.Listen("tcp", ":"+port) },
		dial: func(ctx context.Context, a string) (net.Conn, error) {
			return client.DialContext(ctx, "tcp", a)
		}}
}

// pair connects, and returns the client's end and the server's.
func (p place) pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, address := p.server(t)
	type accepted struct {
		c   net.Conn
		err error
	}
	got := make(chan accepted, 1)
	go func() {
		c, err := l.Accept()
		got <- accepted{c, err}
	}()
	client, err := p.dial(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	a := <-got
	if a.err != nil {
		t.Fatal(a.err)
	}
	t.Cleanup(func() { client.Close(); a.c.Close() })
	return client, a.c
}

// server listens on a free port.
func (p place) server(t *testing.T) (net.Listener, string) {
	t.Helper()
	l, err := p.listen("0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return l, net.JoinHostPort(p.host, port)
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v (%T), want %v", what, got, got, want)
	}
}

func wantRead(t *testing.T, c net.Conn, want string) {
	t.Helper()
	buf := make([]byte, len(want))
	if _, err := io.ReadFull(c, buf); err != nil || string(buf) != want {
		t.Errorf("read %q, %v; want %q", buf, err, want)
	}
}

func parityEOF(t *testing.T, p place) {
	c, s := p.pair(t)
	s.Close()
	for range 3 {
		n, err := c.Read(make([]byte, 1))
		if n != 0 || err != io.EOF {
			t.Errorf("read gave %d, %v; want 0, EOF", n, err)
		}
	}
}

func parityFlushOnClose(t *testing.T, p place) {
	c, s := p.pair(t)
	if _, err := s.Write([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	s.Close()
	all, err := io.ReadAll(c)
	if string(all) != "last words" || err != nil {
		t.Errorf("read %q, %v", all, err)
	}
}

func parityRefused(t *testing.T, p place) {
	l, address := p.server(t)
	l.Close()
	_, err := p.dial(context.Background(), address)
	wantError(t, "dial", err, syscall.ECONNREFUSED)
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" || op.Net != "tcp" || op.Timeout() {
		t.Errorf("dial gave %#v, want a *net.OpError of a tcp dial that is no timeout", err)
	}
}

func parityReset(t *testing.T, p place) {
	c, s := p.pair(t)
	if _, err := c.Write([]byte("read me")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(make([]byte, 1)); err != nil { // it has arrived, and "ead me" stays unread
		t.Fatal(err)
	}
	s.Close()
	_, err := c.Read(make([]byte, 1))
	wantError(t, "read", err, syscall.ECONNRESET)
	if _, err = c.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the second read gave %v, want EOF: an error is reported once", err)
	}
	_, err = c.Write([]byte("x"))
	wantError(t, "write", err, syscall.EPIPE)
}

type closeWriter interface{ CloseWrite() error }

func parityHalfClose(t *testing.T, p place) {
	c, s := p.pair(t)
	if err := c.(closeWriter).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the other side read %v, want EOF", err)
	}
	if _, err := s.Write([]byte("still here")); err != nil {
		t.Error(err)
	}
	wantRead(t, c, "still here")
}

func parityWriteAfterCloseWrite(t *testing.T, p place) {
	c, _ := p.pair(t)
	if err := c.(closeWriter).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	_, err := c.Write([]byte("x"))
	wantError(t, "write", err, syscall.EPIPE)
}

func parityWriteAfterPeerClose(t *testing.T, p place) {
	c, s := p.pair(t)
	s.Close()
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("read gave %v, want EOF", err)
	}
	if _, err := c.Write([]byte("x")); err != nil {
		t.Errorf("the first write gave %v: the kernel cannot know yet", err)
	}
	var err error
	for i := 0; i < 5000 && err == nil; i++ { // until the RST is here
		time.Sleep(time.Millisecond)
		_, err = c.Write([]byte("x"))
	}
	wantError(t, "a later write", err, syscall.EPIPE)
}

func parityUseAfterClose(t *testing.T, p place) {
	c, _ := p.pair(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := c.Read(make([]byte, 1))
	wantError(t, "read", err, net.ErrClosed)
	_, err = c.Write([]byte("x"))
	wantError(t, "write", err, net.ErrClosed)
	wantError(t, "close", c.Close(), net.ErrClosed)
	wantError(t, "set deadline", c.SetDeadline(time.Time{}), net.ErrClosed)
}

func parityCloseWakesRead(t *testing.T, p place) {
	c, _ := p.pair(t)
	got := make(chan error)
	go func() {
		_, err := c.Read(make([]byte, 1))
		got <- err
	}()
	time.Sleep(time.Millisecond)
	c.Close()
	wantError(t, "the blocked read", <-got, net.ErrClosed)
}

func parityCloseWakesAccept(t *testing.T, p place) {
	l, _ := p.server(t)
	got := make(chan error)
	go func() {
		_, err := l.Accept()
		got <- err
	}()
	time.Sleep(time.Millisecond)
	l.Close()
	wantError(t, "the blocked accept", <-got, net.ErrClosed)
	_, err := l.Accept()
	wantError(t, "a later accept", err, net.ErrClosed)
}

func parityReadDeadline(t *testing.T, p place) {
	c, s := p.pair(t)
	if err := c.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	_, err := c.Read(make([]byte, 1))
	wantError(t, "read", err, os.ErrDeadlineExceeded)
	var ne net.Error
	if !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("%v is no net.Error with Timeout", err)
	}
	if _, err := s.Write([]byte("later")); err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(make([]byte, 1))
	wantError(t, "read after the deadline, whatever has come", err, os.ErrDeadlineExceeded)
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	wantRead(t, c, "later")
}

func parityWriteDeadline(t *testing.T, p place) {
	c, s := p.pair(t)
	if err := c.SetWriteDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	n, err := c.Write([]byte("x"))
	wantError(t, "write", err, os.ErrDeadlineExceeded)
	if n != 0 {
		t.Errorf("%d bytes were written", n)
	}
	if err := c.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("in time")); err != nil {
		t.Error(err)
	}
	wantRead(t, s, "in time")
}

func parityAddresses(t *testing.T, p place) {
	c, s := p.pair(t)
	if c.LocalAddr().String() != s.RemoteAddr().String() ||
		c.RemoteAddr().String() != s.LocalAddr().String() {
		t.Errorf("client: %v > %v, server: %v > %v", c.LocalAddr(), c.RemoteAddr(), s.LocalAddr(),
			s.RemoteAddr())
	}
	if _, ok := c.LocalAddr().(*net.TCPAddr); !ok || c.LocalAddr().Network() != "tcp" {
		t.Errorf("LocalAddr is a %T", c.LocalAddr())
	}
}

func parityInUse(t *testing.T, p place) {
	l, _ := p.server(t)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_, err := p.listen(port)
	wantError(t, "the second listen", err, syscall.EADDRINUSE)
}

func parityContext(t *testing.T, p place) {
	_, address := p.server(t)
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(1, 0))
	defer cancel()
	_, err := p.dial(ctx, address)
	wantError(t, "dial with an expired context", err, context.DeadlineExceeded)
	var ne net.Error
	if !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("%v is no timeout", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	_, err = p.dial(ctx, address)
	wantError(t, "dial with a cancelled context", err, context.Canceled)
	if errors.As(err, &ne) && ne.Timeout() {
		t.Errorf("%v is a timeout", err)
	}
}

func parityBulk(t *testing.T, p place) {
	c, s := p.pair(t)
	want := make([]byte, 1<<20)
	for i := range want {
		want[i] = byte(i * 7 >> 3)
	}
	go func() {
		_, _ = c.Write(want)
		c.Close()
	}()
	got, err := io.ReadAll(s)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes came, of %d, %v", len(got), len(want), err)
	}
}

func parityEmpty(t *testing.T, p place) {
	c, _ := p.pair(t)
	if n, err := c.Write(nil); n != 0 || err != nil {
		t.Errorf("the empty write gave %d, %v", n, err)
	}
	if n, err := c.Read(nil); n != 0 || err != nil {
		t.Errorf("the empty read gave %d, %v", n, err)
	}
}
