package sim_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/netmodel"
	"halfopen/sim"
)

// everyTransport has a broker listen for MQTT over TCP, TLS, WebSocket and WebSocket over TLS.
func everyTransport(t *testing.T, hub *sim.Broker, config *tls.Config) {
	t.Helper()
	for _, x := range []struct {
		port int
		tls  bool
		web  bool
	}{{8883, true, false}, {80, false, true}, {443, true, true}} {
		l, err := hub.Host.Listen("tcp", fmt.Sprint(":", x.port))
		if err != nil {
			t.Fatal(err)
		}
		if x.tls {
			l = tls.NewListener(l, config)
		}
		if x.web {
			l = sim.WebSocketListener(l)
		}
		if err := hub.Serve(fmt.Sprint(x.port), l); err != nil {
			t.Fatal(err)
		}
	}
}

// A client of the user's own is known by whatever transport it comes: its packets have their names,
// faults find them, expectations can count them.
func TestEveryTransportIsSeenThrough(t *testing.T) {
	server, client := certificates(t)
	for _, url := range []string{"tcp://hub:1883", "ssl://hub:8883", "ws://hub/mqtt", "wss://hub/mqtt"} {
		t.Run(url[:strings.Index(url, ":")], func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub, phone := w.Broker("hub"), w.Host("phone")
				radio := w.Link(phone, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
				everyTransport(t, hub, server)
				o := mqtt.NewClientOptions().AddBroker(url).SetClientID("phone").SetTLSConfig(client)
				o.SetOnConnectHandler(func(c mqtt.Client) { c.Subscribe("home/#", 1, nil) })
				c := mqtt.NewClient(phone.Paho(o.SetMaxReconnectInterval(20 * time.Second)))
				t.Cleanup(func() { c.Disconnect(0) })
				if token := c.Connect(); token.Wait() && token.Error() != nil {
					t.Fatal(token.Error())
				}
				w.When(hub.Host, "PINGREQ", 1, func() { w.Log("the first ping") })
				time.Sleep(50 * time.Second)
				w.Expect(t, sim.Pings(phone).Exactly(1))
				radio.Drop(hub.Host, sim.Match{Packet: "PINGRESP"}).For(time.Minute)
				time.Sleep(3 * time.Minute)
				radio.Cut().For(2 * time.Minute)
				time.Sleep(6 * time.Minute)
				big := strings.Repeat("x", 40_000) // several records, and frames
				for qos := range byte(3) {
					if err := hub.Publish("home/door", []byte(big), qos, false); err != nil {
						t.Error(err)
					}
				}
				c.Publish("out", 2, false, big).Wait()
				time.Sleep(time.Minute)
				w.Expect(t, sim.Reconnects(phone).Exactly(3), sim.Delivered("home/#").Exactly(3),
					sim.NoticedWithin(phone, time.Minute), sim.BackWithin(phone, time.Minute),
					sim.NeverDeaf(phone, time.Second), sim.Pings(phone).AtLeast(5))
				if got := hub.Received("out"); len(got) != 1 || string(got[0].Payload) != big {
					t.Errorf("the hub got %d messages", len(got))
				}
				checkPackets(t, w)
			})
		})
	}
}

// checkPackets looks for what the account of a connection's packets has to be: in order, apart, and
// of known messages.
func checkPackets(t *testing.T, w *sim.World) {
	t.Helper()
	tr := w.Snapshot()
	for i := range tr.Sockets {
		end := uint64(0)
		for _, p := range tr.Sockets[i].Packets {
			if p.Offset < end || p.Len < 2 {
				t.Errorf("%s %s has %d bytes from %d, and the one before ends at %d", tr.Sockets[i].Actor,
					p.Name(), p.Len, p.Offset, end)
			}
			if p.Name() == "PUBLISH" && p.Message == 0 {
				t.Errorf("nobody knows the message of PUBLISH %s", p.Info)
			}
			end = p.Offset + uint64(p.Len)
		}
	}
	noted := false
	for i := range tr.Events {
		noted = noted || tr.Events[i].App != nil && tr.Events[i].App.Text == "the first ping"
	}
	if !noted {
		t.Error("When did not see the first ping")
	}
}
