// Package chaos finds the faults that a program cannot stand.
//
//	func TestPhoneSurvivesAnything(t *testing.T) {
//		chaos.Test(t, func(t *chaos.T, w *sim.World) {
//			hub := w.Broker("hub")
//			phone := w.Client("phone", hub, sim.DefaultClient())
//			w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
//			phone.Subscribe("home/#", 1)
//			if err := phone.Connect(); err != nil {
//				t.Fatal(err)
//			}
//			t.Trouble()                  // faults come and go; then all is well again
//			time.Sleep(20 * time.Minute) // time to recover
//			...                          // and now it must work
//		})
//	}
//
// Test runs the function many times, each time in a world of its own and with another random
// schedule of faults (drawn by pgregory.net/rapid, whose flags -rapid.checks and -rapid.seed hold).
// If a schedule makes it fail, Test looks for the fewest, shortest, roundest faults that still do,
// and prints these as Go code that repeats them (Replay) and as a scenario file, with the failure
// of that last run.
//
// What is not varied: the order in which goroutines run within one instant, and the programs' own
// dice. The package is apart from sim so that users of sim do not compile rapid.
package chaos
