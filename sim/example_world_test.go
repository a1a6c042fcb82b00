package sim_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	mochi "github.com/mochi-mqtt/server/v2"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
)

func ExampleRunScenario() {
	s, err := scenario.Parse("tunnel", `seed 7
run 5m
broker hub
client phone keepalive=60s
link phone hub latency=10ms
at 67s cut phone hub for 116s
expect phone lost within 90s of 67s
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "expect" {
			x, err := sim.ExpectationOf(st)
			fmt.Println(x, err)
		}
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	fmt.Println(tr.Length.Duration().Round(time.Second), err)
	// Output:
	// phone loses its connection within 1m30s of 1m7s <nil>
	// 5m0s <nil>
}

func ExampleWorld_Host() {
	run(func(w *sim.World) {
		at, err := netmodel.ParseAddr("10.7.0.1")
		if err != nil {
			fmt.Println(err)
			return
		}
		server := w.Host("server", sim.WithAddr(at))
		client := w.Host("client", sim.WithParkingWrites()) // a send buffer that can be full
		w.Link(server, client, netmodel.Conditions{Latency: 50 * time.Millisecond})
		l, err := server.Listen("tcp", ":7")
		if err != nil {
			fmt.Println(err)
			return
		}
		go echo(l)
		c, err := client.Dial("tcp", "server:7")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Fprint(c, "hello")
		answer, err := io.ReadAll(io.LimitReader(c, 5))
		fmt.Printf("%s %v\n", answer, err)
		c.Close()
	})
	// Output: hello <nil>
}

// What you get from DialContext fails as the real thing fails.
func ExampleHost_DialContext() {
	run(func(w *sim.World) {
		server, client := w.Host("server"), w.Host("client")
		w.Link(server, client, netmodel.Conditions{Latency: 50 * time.Millisecond})
		_, err := client.DialContext(context.Background(), "tcp", "server:7")
		fmt.Println(errors.Is(err, syscall.ECONNREFUSED))
	})
	// Output: true
}

// An HTTP client and server of your own, over a link that you can cut.
func ExampleHost_Listen() {
	run(func(w *sim.World) {
		server, client := w.Host("server"), w.Host("client")
		w.Link(server, client, netmodel.Conditions{Latency: 50 * time.Millisecond})
		l, err := server.Listen("tcp", ":80")
		if err != nil {
			fmt.Println(err)
			return
		}
		s := &http.Server{Handler: http.NotFoundHandler()}
		go func() { _ = s.Serve(l) }()
		c := http.Client{Transport: &http.Transport{DialContext: client.DialContext,
			DisableKeepAlives: true}}
		r, err := c.Get("http://server/")
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Body.Close()
		fmt.Println(r.Status)
		_ = s.Close()
	})
	// Output: 404 Not Found
}

func ExampleWorld_Broker() {
	run(func(w *sim.World) {
		box := w.Host("box")
		hub := w.Broker("hub", sim.OnHost(box), sim.OnPort(2883), sim.WithStore(),
			sim.BrokerSockets(sim.SocketOptions{}),
			sim.Capabilities(func(c *mochi.Capabilities) { c.MaximumInflight = 10 }))
		fmt.Println(hub.Addr())
		old := w.Broker("old", sim.BrokerHost(sim.AsRouter()))
		fmt.Println(old.Addr())
	})
	// Output:
	// box:2883
	// old:1883
}

func ExampleBroker_Stop() {
	run(func(w *sim.World) {
		hub, phone, _ := home(w)
		_ = phone.Connect()
		hub.Stop()
		time.Sleep(100 * time.Millisecond)
		fmt.Println(phone.MQTT().IsConnectionOpen(), hub.Start())
		time.Sleep(time.Minute)
		hub.Kill()
		fmt.Println(hub.Start())
		time.Sleep(time.Minute)
		fmt.Println(phone.MQTT().IsConnectionOpen())
	})
	// Output:
	// false <nil>
	// <nil>
	// true
}

// A frozen process: its kernel goes on acknowledging, nobody answers.
func ExampleBroker_Freeze() {
	run(func(w *sim.World) {
		hub, phone, _ := home(w)
		_ = phone.Connect()
		hub.Freeze()
		time.Sleep(2 * time.Minute)
		hub.Thaw()
		time.Sleep(2 * time.Minute)
		verdict(w.Check(sim.LostWithin(phone, time.Minute, 0)))
		phone.Freeze()
		time.Sleep(time.Second)
		phone.Thaw()
		phone.Kill()
	})
	// Output: as expected
}

func ExampleBroker_Received() {
	run(func(w *sim.World) {
		hub, phone, _ := home(w)
		_ = phone.Connect()
		phone.Publish("home/door", 1, false, []byte("open")).Wait()
		for _, m := range hub.Received("home/#") {
			fmt.Printf("%s %s\n", m.Topic, m.Payload)
		}
	})
	// Output: home/door open
}

func ExampleBroker_Serve() {
	run(func(w *sim.World) {
		hub, _, _ := home(w)
		l, err := hub.Host.Listen("tcp", ":80")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(hub.Serve("ws", sim.WebSocketListener(l)))
	})
	// Output: <nil>
}

func ExampleWorld_Client() {
	run(func(w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.KeepAlive, c.CleanSession = time.Minute, false
		phone := w.Client("phone", hub, c)
		w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		phone.Subscribe("home/#", 1)
		fmt.Println(phone.Connect())
		time.Sleep(time.Second) // for SUBACK
		_ = hub.Publish("home/door", []byte("open"), 1, false)
		time.Sleep(time.Second)
		for _, m := range phone.Received() {
			fmt.Printf("%s %s\n", m.Topic, m.Payload)
		}
		phone.Unsubscribe("home/#")
		phone.Disconnect()
		phone.ConnectLater()
		time.Sleep(time.Second)
		fmt.Println(phone.MQTT().IsConnectionOpen())
	})
	// Output:
	// <nil>
	// home/door open
	// true
}

func ExampleLink_Cut() {
	run(func(w *sim.World) {
		hub, phone, radio := home(w)
		_ = phone.Connect()
		radio.Cut().For(2 * time.Minute) // both ways
		time.Sleep(5 * time.Minute)
		oneWay := radio.CutFrom(hub.Host) // what the hub sends
		time.Sleep(time.Minute)
		oneWay.Remove()
		radio.Reset()       // a firewall that rejects
		radio.Unreachable() // a router without a path
		radio.Heal()        // and all is well
		time.Sleep(5 * time.Minute)
		verdict(w.Check(sim.Reconnects(phone).AtLeast(2)))
	})
	// Output: as expected
}

func ExampleLink_Worsen() {
	run(func(w *sim.World) {
		hub, phone, radio := home(w)
		_ = phone.Connect()
		bad := radio.Worsen(nil, netmodel.Conditions{Latency: 400 * time.Millisecond})
		start := w.Now()
		phone.Publish("door", 1, false, []byte("open")).Wait()
		fmt.Println((w.Now() - start).Round(10 * time.Millisecond))
		bad.Remove()
		radio.SetConditions(netmodel.Conditions{Latency: time.Millisecond}, nil)
		a, b := radio.Ends()
		fmt.Println(a.Name(), b.Name(), len(w.Links()), len(hub.Received("door")))
	})
	// Output:
	// 860ms
	// phone hub 1 1
}

// The acknowledgement of the next PUBLISH is lost once: TCP sends it again, and nobody notices.
func ExampleLink_Drop() {
	run(func(w *sim.World) {
		hub, phone, radio := home(w)
		_ = phone.Connect()
		radio.Drop(hub.Host, sim.Match{Packet: "PUBACK", Next: 1})
		phone.Publish("door", 1, false, []byte("open")).Wait()
		fmt.Println(len(hub.Received("door")), w.Now() > 200*time.Millisecond)
	})
	// Output: 1 true
}

func ExampleWorld_When() {
	run(func(w *sim.World) {
		hub, phone, radio := home(w)
		_ = phone.Connect()
		w.When(hub.Host, "PUBLISH", 2, func() { radio.Cut() }) // after the second has arrived
		w.At(time.Hour, radio.Heal)
		for i := range 3 {
			phone.Publish("door", 0, false, fmt.Append(nil, i))
			time.Sleep(time.Second)
		}
		fmt.Println(len(hub.Received("door")))
	})
	// Output: 2
}

func ExampleHost_PowerOff() {
	run(func(w *sim.World) {
		hub, phone, _ := home(w)
		_ = phone.Connect()
		down := phone.Host.InterfaceDown()
		time.Sleep(time.Second)
		down.Remove()
		phone.Host.PowerOff()
		time.Sleep(time.Minute)
		cl, known := hub.Server().Clients.Get("phone")
		fmt.Println(known && !cl.Closed())
	})
	// Output: false
}

// A client of your own, with your own options: Paho adds the network and the reports.
func ExampleHost_Paho() {
	run(func(w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		o := mqtt.NewClientOptions().AddBroker("tcp://hub:1883").SetClientID("phone")
		c := mqtt.NewClient(phone.Paho(o.SetProtocolVersion(4)))
		c.Connect().Wait()
		fmt.Println(c.IsConnectionOpen())
		verdict(w.Check(sim.Attempts(phone).Exactly(1)))
		c.Disconnect(0)
	})
	// Output:
	// true
	// as expected
}

func ExampleHost_Open() {
	run(func(w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{})
		u, _ := url.Parse("mqtt://hub")
		c, err := phone.Open(context.Background(), u, &tls.Config{}, nil)
		fmt.Println(c.RemoteAddr().(*net.TCPAddr).Port, err)
		c.Close()
		c, err = phone.OpenConnection(u, mqtt.ClientOptions{}) // what paho asks for
		fmt.Println(c.RemoteAddr().(*net.TCPAddr).Port, err)
		c.Close()
	})
	// Output:
	// 1883 <nil>
	// 1883 <nil>
}

// Any other MQTT library reports through an Observer.
func ExampleHost_Observe() {
	run(func(w *sim.World) {
		phone := w.Host("phone")
		o := phone.Observe()
		o.Setting("keepalive", time.Minute)
		o.Connecting()
		o.Refused(errors.New("no network yet"))
		o.Connecting()
		o.Connected(false)
		time.Sleep(time.Minute)
		o.Lost(errors.New("no answer"))
		o.Reconnecting()
		verdict(w.Check(sim.Attempts(phone).Exactly(2)))
	})
	// Output: as expected
}

func ExampleWorld_Describe() {
	run(func(w *sim.World) {
		_, phone, radio := home(w)
		_ = phone.Connect()
		radio.Cut().For(2 * time.Minute)
		time.Sleep(5*time.Minute - w.Now())
		fmt.Print(w.Describe())
	})
	// Output:
	// seed 0
	// run 5m
	// broker hub
	// client phone
	// link phone hub latency=30ms
	// at 120ms  cut phone hub for 120s
}

// What happened is a value: analyse it as you like.
func ExampleWorld_Snapshot() {
	run(func(w *sim.World) {
		_, phone, _ := home(w)
		_ = phone.Connect()
		w.Log("connected from %s", w.FindHost("phone").Addr())
		tr := w.Snapshot()
		fmt.Println(len(tr.Hosts), len(tr.Links), len(tr.Events) > 20)
	})
	// Output: 2 1 true
}

// A phone behind a NAT, on a Windows machine.
func ExampleWithNAT() {
	run(func(w *sim.World) {
		windows, err := netmodel.FindPreset("windows").Profile()
		if err != nil {
			fmt.Println(err)
			return
		}
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.HostOptions = []sim.HostOption{sim.WithProfile(windows)}
		laptop := w.Client("laptop", hub, c)
		router := w.Host("router", sim.WithNAT(netmodel.NATConfig{}))
		w.Link(laptop.Host, router, netmodel.Conditions{Latency: time.Millisecond})
		w.Link(router, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		fmt.Println(laptop.Connect())
	})
	// Output: <nil>
}
