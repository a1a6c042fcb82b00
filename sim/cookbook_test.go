package sim_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/netmodel"
	"halfopen/sim"
)

// The recipes of COOKBOOK.md. Each doc comment is the recipe's text: the file is made of this one
// by `go test ./sim -run Cookbook -sim.update`.

// Deaf after a reconnect.
//
// The most reported surprise of MQTT clients (eclipse-paho/paho.mqtt.golang #22, #32, #156, #173,
// #238, #401, #612): after an outage the client says that it is connected, and nothing arrives.
// With a clean session the broker has forgotten the subscriptions, and it is the program that has
// to make them again, in its OnConnect handler. You need no assertion to find out: with Strict the
// warning is a failure.
func TestRecipeDeafAfterReconnect(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.Resubscribe = false // the mistake: Subscribe once, after Connect
		phone := w.Client("phone", hub, c)
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		phone.Subscribe("home/#", 1)
		time.Sleep(time.Minute)
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)

		found := sim.Warnings(w.Snapshot())
		if len(found) != 1 || found[0].Rule != "deaf" {
			t.Errorf("warnings: %+v, want that the phone is deaf", found)
		}
		if err := w.Check(sim.NeverDeaf(phone, 10*time.Second)); err == nil {
			t.Error("NeverDeaf holds for a client that is deaf")
		}
	})
}

// A message vanished, and its token reported success.
//
// While paho reconnects, IsConnected is true, and a message at QoS 0 is accepted, completed without
// an error, and dropped (PR #217, #449: 16 messages gone). At QoS 1 the same message waits in the
// store and is sent after the reconnect.
func TestRecipePublishWhileReconnecting(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		sensor := w.Client("sensor", hub, sim.DefaultClient())
		radio := w.Link(sensor.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		if err := sensor.Connect(); err != nil {
			t.Fatal(err)
		}
		radio.Cut().For(5 * time.Minute)
		time.Sleep(2 * time.Minute) // it has noticed, and reconnects

		if !sensor.MQTT().IsConnected() {
			t.Error("paho's IsConnected is false while reconnecting: then it has changed")
		}
		token := sensor.Publish("door", 0, false, []byte("open, QoS 0"))
		if token.Wait(); token.Error() != nil {
			t.Errorf("the token reports %v: then paho has changed", token.Error())
		}
		sensor.Publish("door", 1, false, []byte("open, QoS 1"))
		time.Sleep(15 * time.Minute)

		got := hub.Received("door")
		if len(got) != 1 || string(got[0].Payload) != "open, QoS 1" {
			t.Errorf("the hub received %v, want only the message at QoS 1", got)
		}
	})
}

// Power loss: the will tells the others, and how late.
//
// A machine without power says no goodbye. The broker finds out when one and a half keepalives have
// passed without a packet [MQTT-3.1.2-24]; then it publishes the will, retained, so that whoever
// comes later learns it as well.
func TestRecipeRetainedWillAfterPowerLoss(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient() // keepalive 30 s
		c.Will = &sim.Will{Topic: "pump/state", Payload: "gone", QoS: 1, Retain: true}
		pump := w.Client("pump", hub, c)
		desk := w.Client("desk", hub, sim.DefaultClient())
		w.Link(pump.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		w.Link(desk.Host, hub.Host, netmodel.Conditions{Latency: time.Millisecond})
		desk.Subscribe("pump/state", 1)
		if err := errors.Join(pump.Connect(), desk.Connect()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		off := w.Now()
		pump.Host.PowerOff()
		time.Sleep(2 * time.Minute)

		got := desk.Received()
		if len(got) != 1 || string(got[0].Payload) != "gone" {
			t.Fatalf("the desk got %v, want the will", got)
		}
		if late := got[0].At - off; late > 45*time.Second+time.Second {
			t.Errorf("the will came after %v, want at most 1.5 times the keepalive", late)
		}
		desk.Disconnect()
		desk.MQTT().Connect().Wait() // whoever comes later learns it, too
		time.Sleep(time.Second)
		if got = desk.Received(); len(got) != 2 || !got[1].Retain {
			t.Errorf("the desk got %v, want the will again, as a retained message", got)
		}
	})
}

// Two clients with one id.
//
// A broker closes the older of two connections with the same client id [MQTT-3.1.4-2]. If both
// reconnect by themselves they do this to each other for ever; each sees only "connection lost,
// EOF".
func TestRecipeTwoClientsOneID(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.ID = "sensor" // copied with the configuration
		for _, name := range []string{"attic", "cellar"} {
			box := w.Client(name, hub, c)
			w.Link(box.Host, hub.Host, netmodel.Conditions{Latency: 5 * time.Millisecond})
			box.ConnectLater()
		}
		time.Sleep(time.Minute)

		for _, warning := range sim.Warnings(w.Snapshot()) {
			if warning.Rule == "duel" {
				return
			}
		}
		t.Error("no warning about two clients with one id")
	})
}

// A handler that blocks.
//
// With OrderMatters, paho's default, message handlers run one after the other. While one takes its
// time, further messages fill the library's channels, and then nobody reads from the network: the
// library misses its own PINGRESP and gives a healthy connection up with "pingresp not received,
// disconnecting"; and it does not reconnect before the handlers are through. Handlers must be
// quick, or start a goroutine, or OrderMatters must be off.
func TestRecipeHandlerThatBlocks(t *testing.T) {
	for _, order := range []bool{true, false} {
		t.Run(fmt.Sprintf("order=%t", order), func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub := w.Broker("hub")
				c := sim.DefaultClient()
				c.OrderMatters, c.Resubscribe = order, false
				c.Options = func(o *mqtt.ClientOptions) {
					o.SetDefaultPublishHandler(func(mqtt.Client, mqtt.Message) {
						time.Sleep(90 * time.Second) // a slow database
					})
				}
				phone := w.Client("phone", hub, c)
				w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
				if err := phone.Connect(); err != nil {
					t.Fatal(err)
				}
				phone.MQTT().Subscribe("home/#", 0, nil).Wait()
				for i := range 10 {
					if err := hub.Publish("home/temp", fmt.Append(nil, i), 0, false); err != nil {
						t.Error(err)
					}
				}
				time.Sleep(20 * time.Minute)
				if order {
					w.Expect(t, sim.Reconnects(phone).AtLeast(1))
				} else {
					w.Expect(t, sim.Reconnects(phone).Exactly(0))
				}
			})
		})
	}
}

// A keepalive that is longer than the NAT's patience.
//
// Mobile networks and load balancers forget idle connections after some minutes, and tell nobody. A
// client whose keepalive is longer is deaf between its pings: the broker's messages are dropped
// where the NAT was. The keepalive has to be shorter than the least patient box on the way.
func TestRecipeKeepAliveAndNAT(t *testing.T) {
	for _, keepalive := range []time.Duration{60 * time.Second, 600 * time.Second} {
		t.Run(keepalive.String(), func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub := w.Broker("hub", sim.BrokerSockets(sim.SocketOptions{})) // no TCP keepalive
				c := sim.DefaultClient()
				c.KeepAlive, c.Sockets = keepalive, sim.SocketOptions{}
				phone := w.Client("phone", hub, c)
				carrier := w.Host("carrier", sim.WithNAT(netmodel.NATConfig{
					Timeouts: netmodel.NATTimeouts{Established: 2 * time.Minute}}))
				w.Link(phone.Host, carrier, netmodel.Conditions{Latency: 20 * time.Millisecond})
				w.Link(carrier, hub.Host, netmodel.Conditions{Latency: 5 * time.Millisecond})
				phone.Subscribe("home/#", 0)
				if err := phone.Connect(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Minute)
				sent := w.Now()
				if err := hub.Publish("home/door", []byte("open"), 0, false); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Minute)

				got := phone.Received()
				inTime := len(got) == 1 && got[0].At-sent < time.Second
				if want := keepalive < 2*time.Minute; inTime != want {
					t.Errorf("in time: %t, want %t; received: %v", inTime, want, got)
				}
			})
		})
	}
}

// A broker restarts, with and without a store.
//
// A kept session lives in the broker's memory. When the broker restarts, a client that counts on it
// (CleanSession false, subscribe once) comes back to a broker that knows nothing of it, unless the
// broker has a store. CONNACK says so (session present); few programs look.
func TestRecipeBrokerRestart(t *testing.T) {
	for _, stored := range []bool{true, false} {
		t.Run(fmt.Sprintf("store=%t", stored), func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				var opts []sim.BrokerOption
				if stored {
					opts = append(opts, sim.WithStore())
				}
				hub := w.Broker("hub", opts...)
				c := sim.DefaultClient()
				c.CleanSession, c.Resubscribe = false, false
				phone := w.Client("phone", hub, c)
				w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
				if err := phone.Connect(); err != nil {
					t.Fatal(err)
				}
				phone.Subscribe("home/#", 1)
				time.Sleep(time.Minute)
				hub.Kill()
				time.Sleep(30 * time.Second)
				if err := hub.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Minute)
				if err := hub.Publish("home/door", []byte("open"), 1, false); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Minute)
				if got := len(phone.Received()); (got == 1) != stored {
					t.Errorf("the phone received %d messages with store=%t", got, stored)
				}
			})
		})
	}
}

// The first connect comes at a bad time.
//
// paho's AutoReconnect is about connections that were lost, not about the first one: without
// ConnectRetry a program that starts during an outage stays unconnected for ever.
func TestRecipeConnectWhileCut(t *testing.T) {
	for _, retry := range []bool{false, true} {
		t.Run(fmt.Sprintf("retry=%t", retry), func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub := w.Broker("hub")
				c := sim.DefaultClient()
				c.ConnectRetry = retry
				phone := w.Client("phone", hub, c)
				radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{})
				radio.Cut().For(3 * time.Minute)
				phone.ConnectLater()
				time.Sleep(time.Hour)
				if got := phone.MQTT().IsConnectionOpen(); got != retry {
					t.Errorf("connected: %t with ConnectRetry %t", got, retry)
				}
			})
		})
	}
}

// A half-open publisher.
//
// The sensor's line is dead, and it does not know. Until it notices it goes on publishing into the
// void: at QoS 0 these messages are gone, at QoS 1 they arrive after the reconnect.
func TestRecipeHalfOpenPublisher(t *testing.T) {
	for qos := byte(0); qos <= 1; qos++ {
		t.Run(fmt.Sprintf("QoS %d", qos), func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub := w.Broker("hub")
				c := sim.DefaultClient()
				c.CleanSession = false
				sensor := w.Client("sensor", hub, c)
				radio := w.Link(sensor.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
				if err := sensor.Connect(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				radio.Cut().For(2 * time.Minute)
				sensor.Publish("door", qos, false, []byte("open"))
				time.Sleep(10 * time.Minute)
				distinct := map[string]bool{}
				for _, m := range hub.Received("door") {
					distinct[string(m.Payload)] = true
				}
				if want := int(qos); len(distinct) != want {
					t.Errorf("the hub has %d messages, want %d", len(distinct), want)
				}
			})
		})
	}
}

// The acknowledgement is lost: exactly one duplicate.
//
// QoS 1 is "at least once": if the broker has the message and PUBACK does not arrive before the
// line dies, the client sends it again. Drop takes away one packet, by its name.
func TestRecipeLostAcknowledgement(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.CleanSession = false
		sensor := w.Client("sensor", hub, c)
		radio := w.Link(sensor.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		if err := sensor.Connect(); err != nil {
			t.Fatal(err)
		}
		w.When(hub.Host, "PUBLISH", 1, func() { radio.CutFrom(hub.Host).For(2 * time.Minute) })
		sensor.Publish("door", 1, false, []byte("open"))
		time.Sleep(10 * time.Minute)
		if got := hub.Received("door"); len(got) != 2 || !got[1].Dup {
			t.Errorf("the hub received %v, want the message twice, the second marked as duplicate", got)
		}
	})
}

// A cut of a few seconds: TCP repairs it.
//
// Not every outage is a reconnect. What is lost in a short one is retransmitted; the program sees a
// delay, and nothing else.
func TestRecipeShortCut(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		phone.Subscribe("home/#", 0)
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		radio.Cut().For(4 * time.Second)
		if err := hub.Publish("home/door", []byte("open"), 0, false); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		w.Expect(t, sim.Reconnects(phone).Exactly(0), sim.Lost("home/#").Exactly(0),
			sim.Late("home/#", 4*time.Second).Exactly(1))
	})
}

// Only one direction is dead.
//
// The phone's packets arrive, the hub's do not: the hub sees a healthy client. Faults have a
// direction: CutFrom names the sending end.
func TestRecipeOneWay(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		phone.Subscribe("home/#", 0)
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		radio.CutFrom(hub.Host).For(3 * time.Minute)
		time.Sleep(15 * time.Minute)
		w.Expect(t, sim.NoticedWithin(phone, time.Minute), sim.BackWithin(phone, 2*time.Minute))
	})
}

// TLS: the certificates of the test, the client's own configuration.
//
// Host.Paho takes ssl:// URLs as they are. On the broker's side any net.Listener is a listener of
// mochi's. The clock of the world is a recent date, so that certificates are valid.
func TestRecipeTLS(t *testing.T) {
	serverConfig, clientConfig := certificates(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		l, err := hub.Host.Listen("tcp", ":8883")
		if err != nil {
			t.Fatal(err)
		}
		if err := hub.Serve("tls", tls.NewListener(l, serverConfig)); err != nil {
			t.Fatal(err)
		}
		phone := w.Host("phone")
		radio := w.Link(phone, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})

		o := mqtt.NewClientOptions().AddBroker("ssl://hub:8883").SetClientID("phone")
		o.SetProtocolVersion(4).SetTLSConfig(clientConfig).SetMaxReconnectInterval(time.Minute)
		c := mqtt.NewClient(phone.Paho(o))
		t.Cleanup(func() { c.Disconnect(0) })
		if token := c.Connect(); token.Wait() && token.Error() != nil {
			t.Fatal(token.Error())
		}
		time.Sleep(time.Minute)
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)
		w.Expect(t, sim.NoticedWithin(phone, time.Minute), sim.Reconnects(phone).Exactly(1))
	})
}

// WebSocket: the same over HTTP.
func TestRecipeWebSocket(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		l, err := hub.Host.Listen("tcp", ":80")
		if err != nil {
			t.Fatal(err)
		}
		if err := hub.Serve("ws", sim.WebSocketListener(l)); err != nil {
			t.Fatal(err)
		}
		page := w.Host("page")
		w.Link(page, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})

		o := mqtt.NewClientOptions().AddBroker("ws://hub:80/mqtt").SetClientID("page")
		c := mqtt.NewClient(page.Paho(o.SetProtocolVersion(4)))
		t.Cleanup(func() { c.Disconnect(0) })
		if token := c.Connect(); token.Wait() && token.Error() != nil {
			t.Fatal(token.Error())
		}
		c.Publish("seen", 1, false, "yes").Wait()
		if got := hub.Received("seen"); len(got) != 1 {
			t.Errorf("the hub received %v", got)
		}
	})
}

// What does the keepalive cost?
//
// Count it: pings for an idle hour. A radio wakes for each of them.
func TestRecipePingsPerHour(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.KeepAlive = 4 * time.Minute
		phone := w.Client("phone", hub, c)
		w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		w.Expect(t, sim.Pings(phone).AtMost(15), sim.Reconnects(phone).Exactly(0))
	})
}

// Not MQTT at all: your own protocol.
//
// Everything that dials through a function can live here.
func TestRecipeOwnProtocol(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		server, client := w.Host("server"), w.Host("client")
		w.Link(server, client, netmodel.Conditions{Latency: 50 * time.Millisecond})
		l, err := server.Listen("tcp", ":7")
		if err != nil {
			t.Fatal(err)
		}
		go echo(l)
		start := w.Now()
		c, err := client.DialContext(t.Context(), "tcp", "server:7")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, "hello")
		if got, err := io.ReadAll(io.LimitReader(c, 5)); string(got) != "hello" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		if rtt := (w.Now() - start) / 2; rtt.Round(time.Millisecond) != 100*time.Millisecond {
			t.Errorf("a round trip took %v, want 100ms", rtt)
		}
	})
}
