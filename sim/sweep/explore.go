package sweep

import (
	_ "embed"

	"halfopen/sim/scenario"
)

//go:embed explore.sim
var explore string

// Explore is the scenario that is swept when nobody names one: a device, a NAT, a hub, one outage.
func Explore() *scenario.Scenario {
	s, err := scenario.Parse("explore", explore)
	if err != nil {
		panic(err) // ours, and tested
	}
	return s
}
