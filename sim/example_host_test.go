package sim_test

import (
	"fmt"
	"io"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// ownProtocol is a world of two programs of your own: a server that answers, and a connection to
// it.
func ownProtocol(w *sim.World) (client, server *sim.Host, ask func() error) {
	client, server = w.Host("client"), w.Host("server")
	w.Link(client, server, netmodel.Conditions{Latency: 10 * time.Millisecond})
	l, err := server.Listen("tcp", ":7")
	if err != nil {
		fmt.Println(err)
	}
	go echo(l)
	c, err := client.Dial("tcp", "server:7")
	if err != nil {
		fmt.Println(err)
	}
	return client, server, func() error {
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		fmt.Fprint(c, "?")
		_, err := io.ReadFull(c, make([]byte, 1))
		return err
	}
}

// A program that is killed leaves its connections to its kernel, which closes them.
func ExampleHost_Kill() {
	run(func(w *sim.World) {
		_, server, ask := ownProtocol(w)
		fmt.Println(ask())
		server.Kill()
		fmt.Println(ask())
	})
	// Output:
	// <nil>
	// EOF
}

// A program that stands still answers later; its kernel acknowledges meanwhile.
func ExampleHost_Freeze() {
	run(func(w *sim.World) {
		_, server, ask := ownProtocol(w)
		server.Freeze()
		w.At(20*time.Second, server.Thaw)
		err := ask()
		fmt.Println(err, w.Now().Round(time.Second))
	})
	// Output: <nil> 20s
}

// A phone changes from Wi-Fi to the mobile network: its connection hears nothing any more.
func ExampleHost_ChangeAddr() {
	run(func(w *sim.World) {
		client, _, ask := ownProtocol(w)
		client.ChangeAddr(netmodel.AddrFrom4(10, 64, 0, 1))
		fmt.Println(ask() != nil, client.Addr())
	})
	// Output: true 10.64.0.1
}

// A carrier's NAT restarts: it passes on nothing of a connection that it does not know.
func ExampleHost_ForgetNAT() {
	run(func(w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		carrier := w.Host("carrier", sim.WithNAT(netmodel.NATConfig{}))
		w.Link(phone.Host, carrier, netmodel.Conditions{Latency: 20 * time.Millisecond})
		w.Link(carrier, hub.Host, netmodel.Conditions{Latency: 5 * time.Millisecond})
		phone.Subscribe("home/#", 0)
		_ = phone.Connect()
		time.Sleep(10 * time.Second)
		carrier.ForgetNAT()
		_ = hub.Publish("home/door", []byte("open"), 0, false)
		time.Sleep(5 * time.Second)
		fmt.Println(len(phone.Received()))
	})
	// Output: 0
}
