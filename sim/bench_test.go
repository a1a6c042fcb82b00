package sim

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/netmodel"
	"halfopen/netmodel/speed"
)

// BenchmarkVirtualHour compares an hour of broker, subscriber and publisher over simulated TCP,
// with the full trace, with the same programs over net.Pipe in a bubble: what real code costs
// anyway. The budget of the first is 1.5 times the second. Both are in processor time, and those of
// the fastest round: what else runs on the machine only adds.
func BenchmarkVirtualHour(b *testing.B) {
	var pipe, tcp speed.Fastest
	for b.Loop() {
		pipe.Time(func() { hourOverPipes(b) })
		tcp.Time(func() { hourOverTCP(b) })
	}
	b.ReportMetric(pipe.Seconds()*1e3, "pipe-cpu-ms/hour")
	b.ReportMetric(tcp.Seconds()*1e3, "tcp-cpu-ms/hour")
	b.ReportMetric(tcp.Seconds()/pipe.Seconds(), "ratio")
}

// BenchmarkFleetOverPipes is what paho's and mochi's own tickers cost in a fleet: so many clients
// that do nothing but ping, for twelve minutes over net.Pipe. It is the yardstick of a fleet over
// TCP in `cmd/dev check fleet`: large fleets wait for memory most of their time, and how long that
// takes depends on the machine, and on its neighbours.
func BenchmarkFleetOverPipes(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as cmd/halfopen does
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var fleet speed.Fastest
			for b.Loop() {
				fleet.Time(func() { fleetOverPipes(b, n, time.Hour/5) })
			}
			b.ReportMetric(fleet.Seconds()*5e3/float64(n), "cpu-ms/client-hour")
		})
	}
}

func fleetOverPipes(b *testing.B, n int, d time.Duration) {
	connected := 0
	overPipes(func(l *pipeListener) {
		end := time.Now().Add(d)
		clients := make([]paho.Client, n)
		for i := range clients {
			time.Sleep(time.Minute / time.Duration(n))
			clients[i] = l.client(fmt.Sprintf("device%05d", i))
			clients[i].Connect()
		}
		time.Sleep(time.Until(end))
		for _, c := range clients {
			if c.IsConnectionOpen() {
				connected++
			}
			go c.Disconnect(250)
		}
		time.Sleep(time.Second)
	})
	if connected != n {
		b.Fatalf("%d clients are connected, want %d", connected, n)
	}
}

const messagesPerHour = 360

func hourOverTCP(b *testing.B) {
	received := 0
	err := Run(func(w *World) {
		hub := w.Broker("hub")
		client := func(id string) paho.Client {
			h := w.Host(id)
			w.Link(h, hub.Host, netmodel.Conditions{Latency: 10 * time.Millisecond})
			return paho.NewClient(h.Paho(clientOptions(id)))
		}
		received = hour(client("reader"), client("feed"))
	})
	if err != nil || received != messagesPerHour {
		b.Fatalf("%d messages, error %v", received, err)
	}
}

// hour is what the programs do, over whatever network.
func hour(reader, feed paho.Client) (received int) {
	reader.Connect().Wait()
	reader.Subscribe("t", 0, func(paho.Client, paho.Message) { received++ }).Wait()
	feed.Connect().Wait()
	for i := range messagesPerHour {
		time.Sleep(10 * time.Second)
		feed.Publish("t", 0, false, fmt.Appendf(nil, "message %d", i))
	}
	time.Sleep(time.Second)
	reader.Disconnect(250)
	feed.Disconnect(250)
	return received
}

func clientOptions(id string) *paho.ClientOptions {
	return paho.NewClientOptions().AddBroker("tcp://hub:1883").SetClientID(id).
		SetProtocolVersion(4).SetKeepAlive(time.Minute)
}

func hourOverPipes(b *testing.B) {
	received := 0
	overPipes(func(l *pipeListener) { received = hour(l.client("reader"), l.client("feed")) })
	if received != messagesPerHour {
		b.Fatalf("%d messages", received)
	}
}

// overPipes runs f in a bubble with a broker that listens at pipes.
func overPipes(f func(*pipeListener)) {
	defer pinProcs()()
	synctest.Test(new(testing.T), func(*testing.T) {
		l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
		s := mochi.New(&mochi.Options{SysTopicResendInterval: 1 << 30,
			Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		_ = s.AddHook(&openDoor{}, nil)
		_ = s.AddListener(listeners.NewNet("pipe", l))
		_ = s.Serve()
		dropSysTopics(s)
		f(l)
		_ = s.Close()
	})
}

type openDoor struct{ mochi.HookBase }

func (*openDoor) ID() string { return "open" }
func (*openDoor) Provides(b byte) bool {
	return b == mochi.OnConnectAuthenticate || b == mochi.OnACLCheck
}
func (*openDoor) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }
func (*openDoor) OnACLCheck(*mochi.Client, string, bool) bool              { return true }

// pipeListener hands out the far ends of pipes.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}
func (l *pipeListener) Close() error   { close(l.closed); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipeListener) client(id string) paho.Client {
	o := clientOptions(id)
	o.SetCustomOpenConnectionFn(func(*url.URL, paho.ClientOptions) (net.Conn, error) {
		near, far := net.Pipe()
		l.conns <- far
		return near, nil
	})
	return paho.NewClient(o)
}
