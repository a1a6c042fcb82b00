// Package sim runs real MQTT clients and brokers, and your own network code, in a simulated network
// with virtual time: "what happens when the tunnel eats our packets for 90 s" is a test of ten
// lines that takes some milliseconds and gives the same answer every time.
//
// # A first test
//
//	func TestNoticesDeadLine(t *testing.T) {
//		sim.Test(t, func(t *testing.T, w *sim.World) {
//			hub := w.Broker("hub")
//			phone := w.Client("phone", hub, sim.DefaultClient())
//			radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
//			phone.Connect()
//			time.Sleep(90 * time.Second) // virtual: free
//			radio.Cut().For(2 * time.Minute)
//			time.Sleep(10 * time.Minute)
//			w.Expect(t, sim.NoticedWithin(phone, 80*time.Second), sim.Reconnects(phone).Exactly(1))
//		})
//	}
//
// Everything that runs inside Test lives in a testing/synctest bubble: time stands still while any
// goroutine does something, and jumps when all of them wait. Ordinary blocking Go is all you need:
// time.Sleep, a token's Wait, contexts with deadlines, net.Conn.Read. There is no clock to inject
// and no "advance" to call. The clock begins at DefaultStart, so that certificates of today are
// valid; StartAt sets another.
//
// # The parts of a world
//
// A World has hosts, links between them, and programs on the hosts:
//
//   - World.Host makes a machine. Host.DialContext, Host.Dial and Host.Listen have the signatures
//     of package net: hand them to your own, unchanged code. What they return behaves as the
//     kernel's sockets do, down to segments, timers and errors.
//   - World.Link joins two machines. Its methods inject faults: Cut, CutFrom (one direction),
//     Reset, Unreachable, Worsen (loss, latency, rate ...), Drop ("the next PINGRESP"). Each
//     returns a handle: Remove ends the fault, For ends it after a while, Link.Heal ends all. A
//     Host has PowerOff, InterfaceDown, ChangeAddr and ForgetNAT, and Kill and Freeze for the
//     program on it. World.At does something at a time, World.When after so many MQTT packets have
//     arrived somewhere.
//   - World.Broker is a real mochi-mqtt server; World.Client a real paho.mqtt.golang client with a
//     small program around it. Clients of your own come in by Host.Paho, or, for MQTT 5, by package
//     paho5, with the URL and the TLS configuration they have; for another library there is
//     Observer.
//
// Segments, timers, the broker's hooks and the client's callbacks are recorded in one Trace, every
// event with its cause. Expectations, warnings, the failure's ladder, captures and pictures are
// functions of it.
//
// # Expectations
//
// World.Expect judges what has happened so far. NoticedWithin, BackWithin, NeverDeaf are about a
// client's line; LostWithin, DroppedWithin, ConnectedWithin, HearsWithin about one moment;
// Reconnects, Attempts, Pings, Lost, Duplicated, Late, Delivered are numbers of which Exactly,
// AtMost and AtLeast make expectations. One that could not fail, because nothing of what it is
// about ever happened, fails. Plain Go is as good: Broker.Received and Client.Received return what
// arrived.
//
// When a test fails it prints what was expected, what was found and why, a dozen rows of the
// ladder, what each side believed at that moment, the seed, and the line that repeats it. With go
// test's -artifacts it leaves a capture for Wireshark, the transcript, a picture, and a page for
// stepping through the run in a browser. Each row of the ladder has the number of a step:
// -sim.until=1234 stops there and prints what led to it; a debugger stops at Breakpoint.
//
// Some things are almost always mistakes: a client that is connected without a subscription, a
// message that vanished though its token reported success, two clients with one id, dialling
// without a pause. A test prints these Warnings; with Strict they are failures.
//
// # Chance
//
// All chance (jitter, loss, sequence numbers, the time that a write takes) follows from the seed.
// The same seed gives the same run, segment by segment, on every machine. -sim.seed=7 runs with
// another seed, -sim.seeds=1-100 with many, up to the first that fails; SIM_SEED and SIM_SEEDS do
// the same from the environment. Deterministic runs a world several times and shows the first
// difference; Golden compares a world's transcript with a file. Package chaos looks for faults that
// break your program.
//
// In time that costs nothing each comparison of clocks comes out equal: paho would always give up
// at its first look after the ping timeout, 10.0 s after its PINGREQ. On real machines the lateness
// of timers decides, and four times of five it is the next look, up to 5 s later. So the writes of
// World.Client take some microseconds, sometimes none, by the seed; IdealClock turns that off.
//
// # What to know about bubbles
//
//   - t.Parallel goes before Test; t.Run goes around Test, not into it.
//   - A goroutine that waits for a sync.Mutex keeps time from moving. If the mutex's holder waits
//     for time to pass, the world stands still; after ten seconds of real time the test fails and
//     names both. Unlock before waiting, or use a channel of capacity 1.
//   - What waits outside the bubble (a real socket, a channel made before Test) does the same. A
//     time that was read before Test is one of the real clock; a context or a timer that was made
//     before does not know virtual time, and must not be waited for inside: use the inner t's
//     Context.
//   - Goroutines must come to an end when the test is over: they have two virtual hours. t.Context
//     and t.Cleanup are the usual ways to tell them. Those that stay are named.
//   - A panic of the test's function is a failure like any other. One of another goroutine ends the
//     process, as always in Go; the goroutine's labels in the dump have the seed.
//   - synctest.Wait works in a test as always. For the race detector it is a synchronization; time
//     that passes is none: what a handler writes and the test reads later needs a mutex, as ever.
//
// # What is not modelled
//
// The speed of programs (they take no time but for the above), name resolution beyond the hosts'
// names, UDP, IPv6, and the radio below IP. Package netmodel says what its TCP does and leaves out.
package sim
