package chaos_test

import (
	"fmt"
	"time"

	"halfopen/sim/chaos"
)

// What Test has found is printed as Go code: a schedule for Replay.
func ExampleSchedule() {
	fmt.Printf("%#v\n", chaos.Schedule{
		{At: 10 * time.Second, Kind: chaos.Cut, For: 2 * time.Minute},
		{Kind: chaos.DropPacket, Packet: "PUBACK", For: time.Second},
	})
	// Output:
	// chaos.Schedule{
	// 	{At: 10 * time.Second, Kind: chaos.Cut, Link: 0, For: 2 * time.Minute},
	// 	{At: 0, Kind: chaos.DropPacket, Link: 0, For: 1 * time.Second, Packet: "PUBACK"},
	// }
}
